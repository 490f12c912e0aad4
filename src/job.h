/* job.h - one spawned task of a scope: what to run, for whom, and a copy of its argument.
 *
 * A job is owned by one thread at a time: the spawner, then the queue it lies in, then the thread
 * that took it, which frees it after it ran. Finished jobs go to a small cache of the worker that
 * ran them. */
#ifndef PAR_JOB_H
#define PAR_JOB_H

#include <stddef.h>

#include <par/scope.h>

enum { PAR__JOB_INLINE_BYTES = 64, PAR__JOB_CACHE_MAX = 256 };

typedef struct par__job_t {
    par_task_fn *fn;
    void *ctx;               /* the caller's, or copy */
    par_scope_t *scope;      /* alive until the job has been counted as done */
    struct par__job_t *next; /* in the cache, or in an injector */
    size_t copy_bytes;       /* room for the copy; more than INLINE: not for the cache */
    max_align_t copy[];      /* the copied argument */
} par__job_t;

/* Owner only. */
typedef struct par__job_cache_t {
    par__job_t *first;
    unsigned n_jobs;
} par__job_cache_t;

/* A job with room for a copy of `bytes` bytes; NULL without memory. Its ctx points to the copy. */
par__job_t *
par__job_new(par__job_cache_t *cache, par_scope_t *scope, par_task_fn *fn, size_t bytes);
void par__job_free(par__job_cache_t *cache, par__job_t *job);
void par__job_cache_clear(par__job_cache_t *cache);

#endif
