// SPDX-License-Identifier: Apache-2.0
// The C edge towards OpenSSL: its headers; each macro that Swift cannot import gets an inline function below, with the reason.
#pragma once
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
