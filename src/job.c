/* job.c - see job.h. */
#include "job.h"

#include <stdlib.h>

static par__job_t *job_alloc(size_t bytes)
{
    if (bytes > SIZE_MAX - sizeof(par__job_t)) return NULL;
    par__job_t *job = malloc(sizeof *job + bytes);
    if (job != NULL) job->copy_bytes = bytes;
    return job;
}

par__job_t *par__job_new(par__job_cache_t *cache, par_scope_t *scope, par_task_fn *fn, size_t bytes)
{
    par__job_t *job = cache->first;
    if (bytes > PAR__JOB_INLINE_BYTES) {
        job = job_alloc(bytes);
    } else if (job != NULL) {
        cache->first = job->next;
        cache->n_jobs--;
    } else {
        job = job_alloc(PAR__JOB_INLINE_BYTES);
    }
    if (job == NULL) return NULL;
    job->fn = fn;
    job->ctx = job->copy;
    job->scope = scope;
    job->next = NULL;
    return job;
}

void par__job_free(par__job_cache_t *cache, par__job_t *job)
{
    if (job->copy_bytes > PAR__JOB_INLINE_BYTES || cache->n_jobs >= PAR__JOB_CACHE_MAX) {
        free(job);
        return;
    }
    job->next = cache->first;
    cache->first = job;
    cache->n_jobs++;
}

void par__job_cache_clear(par__job_cache_t *cache)
{
    while (cache->first != NULL) {
        par__job_t *job = cache->first;
        cache->first = job->next;
        free(job);
    }
    cache->n_jobs = 0;
}
