/* job.h - one spawned task of a scope: what to run, for whom, and a copy of its argument.
 *
 * A job is owned by one thread at a time: the spawner, then the queue it lies in, then the thread
 * that took it, which frees it after it ran. Finished jobs go to a small cache of the worker that
 * ran them. A thief finishes what it never made, so whole chains of finished jobs go back through a
 * pile that the pool's workers share; malloc would take a lock for each job on both sides.
 *
 * Orders
 *  J1 chain  put: the chain, then pile[i] := its first (a swap against NULL, release)  ->
 *            get: pile[i] := NULL (a swap, acquire). The pile changes by read-modify-writes only,
 *            and a whole chain leaves at once: nobody follows a link that another one may change. */
#ifndef PAR_JOB_H
#define PAR_JOB_H

#include <stdbool.h>
#include <stddef.h>

#include <par/scope.h>

#include "atomic.h"

enum { PAR__JOB_INLINE_BYTES = 64, PAR__JOB_CHAIN = 64, PAR__JOB_PILE = 32 };

typedef struct par__job_t {
    par_task_fn *fn;
    void *ctx;               /* the caller's, or copy */
    par_scope_t *scope;      /* alive until the job has been counted as done */
    struct par__job_t *next; /* in the cache, or in an injector */
    size_t copy_bytes;       /* room for the copy; more than INLINE: not for the cache */
    max_align_t copy[];      /* the copied argument */
} par__job_t;

/* Chains of CHAIN finished jobs each, for the workers of a pool. */
typedef struct par__job_pile_t {
    _Atomic(par__job_t *) chains[PAR__JOB_PILE]; /* A (J1): NULL = a free place */
} par__job_pile_t;

/* Owner only. */
typedef struct par__job_cache_t {
    par__job_t *first;
    unsigned n_jobs;       /* of first: at most CHAIN */
    par__job_t *full;      /* a second chain of CHAIN jobs, or NULL */
    par__job_pile_t *pile; /* C */
} par__job_cache_t;

/* A job with room for a copy of `bytes` bytes; NULL without memory. Its ctx points to the copy. */
par__job_t *
par__job_new(par__job_cache_t *cache, par_scope_t *scope, par_task_fn *fn, size_t bytes);
void par__job_free(par__job_cache_t *cache, par__job_t *job);

/* Gives all that the cache, or the pile, holds back to the heap. */
void par__job_cache_clear(par__job_cache_t *cache);
void par__job_pile_clear(par__job_pile_t *pile);

#endif
