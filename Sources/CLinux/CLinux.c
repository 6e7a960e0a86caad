// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CLinux.h"

#include <pthread.h>
#include <string.h>

_Thread_local const void *clinux_owner_of_thread = NULL;

int clinux_accept4(int listener, struct sockaddr *address, socklen_t *length, int flags) {
  return accept4(listener, address, length, flags);
}

const void *clinux_memmem(const void *haystack, size_t haystack_length, const void *needle, size_t needle_length) {
  return memmem(haystack, haystack_length, needle, needle_length);
}

void clinux_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }
