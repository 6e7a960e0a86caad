// SPDX-License-Identifier: Apache-2.0
// The C edge towards PostgreSQL: libpq as it is.
#pragma once
#include <libpq-fe.h>
