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

/* ---- the pile ---- */

static bool pile_put(par__job_pile_t *pile, par__job_t *chain)
{
    for (unsigned i = 0; i < PAR__JOB_PILE; i++) {
        par__job_t *none = NULL;
        if (load_relaxed(&pile->chains[i]) == NULL &&    /* order: J1, the swap decides */
            cas_acq_rel(&pile->chains[i], &none, chain)) /* order: J1 */
            return true;
    }
    return false;
}

static par__job_t *pile_get(par__job_pile_t *pile)
{
    for (unsigned i = 0; i < PAR__JOB_PILE; i++) {
        if (load_relaxed(&pile->chains[i]) == NULL) continue; /* order: J1, the swap decides */
        par__job_t *chain = swap_acq_rel(&pile->chains[i], (par__job_t *)NULL); /* order: J1 */
        if (chain != NULL) return chain;
    }
    return NULL;
}

static void chain_free(par__job_t *chain)
{
    while (chain != NULL) {
        par__job_t *next = chain->next;
        free(chain);
        chain = next;
    }
}

void par__job_pile_clear(par__job_pile_t *pile)
{
    for (par__job_t *chain; (chain = pile_get(pile)) != NULL;)
        chain_free(chain);
}

/* ---- the cache ---- */

/* The cache's first chain is empty: a full one takes its place, if there is any. */
static void cache_fill(par__job_cache_t *cache)
{
    par__job_t *chain = cache->full;
    cache->full = NULL;
    if (chain == NULL) chain = pile_get(cache->pile);
    cache->first = chain;
    cache->n_jobs = chain == NULL ? 0 : PAR__JOB_CHAIN;
}

/* The cache's first chain is full: it is put aside, and the one that was aside on the pile. */
static void cache_spill(par__job_cache_t *cache)
{
    if (cache->full != NULL && !pile_put(cache->pile, cache->full)) chain_free(cache->full);
    cache->full = cache->first;
    cache->first = NULL;
    cache->n_jobs = 0;
}

static par__job_t *cache_take(par__job_cache_t *cache)
{
    if (cache->first == NULL) cache_fill(cache);
    par__job_t *job = cache->first;
    if (job == NULL) return NULL;
    cache->first = job->next;
    cache->n_jobs--;
    return job;
}

par__job_t *par__job_new(par__job_cache_t *cache, par_scope_t *scope, par_task_fn *fn, size_t bytes)
{
    bool is_small = bytes <= PAR__JOB_INLINE_BYTES;
    par__job_t *job = is_small ? cache_take(cache) : NULL;
    if (job == NULL) job = job_alloc(is_small ? PAR__JOB_INLINE_BYTES : bytes);
    if (job == NULL) return NULL;
    job->fn = fn;
    job->ctx = job->copy;
    job->scope = scope;
    job->next = NULL;
    return job;
}

void par__job_free(par__job_cache_t *cache, par__job_t *job)
{
    if (job->copy_bytes > PAR__JOB_INLINE_BYTES) {
        free(job);
        return;
    }
    if (cache->n_jobs == PAR__JOB_CHAIN) cache_spill(cache);
    job->next = cache->first;
    cache->first = job;
    cache->n_jobs++;
}

void par__job_cache_clear(par__job_cache_t *cache)
{
    chain_free(cache->first);
    chain_free(cache->full);
    cache->first = cache->full = NULL;
    cache->n_jobs = 0;
}
