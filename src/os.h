/* os.h - what the core needs from the operating system. One port a file: os_linux.c.
 *
 * Preconditions hold for every function: pointers are not NULL, sizes are not 0. Functions that can
 * fail return a par_status_t; the others cannot fail. */
#ifndef PAR_OS_H
#define PAR_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pthread.h>

#include <par/error.h>

#include "atomic.h"
#include "platform.h"

/* ---- threads ---- */

typedef struct par__os_thread_t {
    pthread_t handle;
} par__os_thread_t;

typedef void *par__os_thread_fn(void *arg);

/* Starts fn(arg) with all signals blocked, so that handlers of the program run on its own threads.
 * stack_bytes 0 = the system's default. Errors: PAR_EAGAIN, PAR_ENOMEM, PAR_EINVAL (stack_bytes). */
par_status_t
par__os_thread_start(par__os_thread_t *out, par__os_thread_fn *fn, void *arg, size_t stack_bytes);

/* The same with the caller's signal mask: for threads that run the program's own code. */
par_status_t par__os_thread_start_inheriting(par__os_thread_t *out,
                                             par__os_thread_fn *fn,
                                             void *arg,
                                             size_t stack_bytes);
/* The calling thread. */
void par__os_thread_self(par__os_thread_t *out);

void par__os_thread_join(par__os_thread_t *thread);

/* Names the calling thread; longer than 15 bytes is cut. */
void par__os_name_self(const char *name);

/* Binds the calling thread to one PU, by its operating system index. Errors: PAR_EBIND. */
par_status_t par__os_bind_self(int pu);

/* The same for a thread that has not ended. Errors: PAR_EBIND. */
par_status_t par__os_bind(const par__os_thread_t *thread, int pu);

/* How long a thread that has not ended has run so far, on any PU, in nanoseconds; -1 if unknown. */
int64_t par__os_ran_ns(const par__os_thread_t *thread);

/* Lets the calling thread run on those of the n PUs that exist. Errors: PAR_EBIND: none does. */
par_status_t par__os_bind_self_to(const unsigned *pus, size_t n);

/* The PU that the calling thread runs on, -1 if unknown. A snapshot. */
PAR__NEAR int par__os_current_pu(void);

/* How many PUs this process may use now, at least 1. */
unsigned par__os_n_pus(void);

void par__os_yield(void);

/* ---- waiting on a word ---- */

/* Sleeps while *word == expected; may return at any time for no reason (a signal, a late wake). */
void par__os_wait(_Atomic(uint32_t) *word, uint32_t expected);

/* Wakes one thread that sleeps on word. The word may belong to freed memory by now: the call does
 * not look at it. */
PAR__NEAR void par__os_wake(_Atomic(uint32_t) *word);

/* ---- time, memory, loader ---- */

/* Monotonic, in nanoseconds. */
int64_t par__os_now_ns(void);

/* Zeroed pages that cost nothing until they are touched; NULL without memory. */
void *par__os_map(size_t bytes);
void par__os_unmap(void *pages, size_t bytes);

/* Keeps the object that contains this code mapped for the life of the process: threads run it. */
void par__os_keep_loaded(void);

#endif
