// SPDX-License-Identifier: Apache-2.0
// The C edge towards Linux: what the Glibc module leaves out, each with the reason it is here.
#pragma once

// The Glibc module does not list these headers, so `epoll_*`, `eventfd` and `signalfd` are visible only through this one.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include <stddef.h>
#include <sys/socket.h>

// Swift has no thread-local variables: which event loop, if any, the calling thread belongs to.
extern _Thread_local const void *_Nullable clinux_owner_of_thread;

static inline const void *_Nullable clinux_thread_owner(void) { return clinux_owner_of_thread; }
static inline void clinux_set_thread_owner(const void *_Nullable owner) { clinux_owner_of_thread = owner; }

// `accept4` is declared only under `_GNU_SOURCE`, which the Glibc module is not built with.
int clinux_accept4(int listener, struct sockaddr *_Nullable address, socklen_t *_Nullable length, int flags);

// `memmem` is declared only under `_GNU_SOURCE`, which the Glibc module is not built with.
const void *_Nullable clinux_memmem(
    const void *_Nonnull haystack, size_t haystack_length, const void *_Nonnull needle, size_t needle_length);

// `pthread_setname_np` is declared only under `_GNU_SOURCE`; names the calling thread, at most 15 bytes.
void clinux_name_thread(const char *_Nonnull name);
