/* injector.c - see injector.h. */
#include "injector.h"

void par__injector_init(par__injector_t *injector)
{
    pthread_mutex_init(&injector->mutex, NULL);
    injector->first = NULL;
    injector->end = &injector->first;
    store_relaxed(&injector->count, 0U); /* order: none, not shared yet */
}

void par__injector_destroy(par__injector_t *injector)
{
    pthread_mutex_destroy(&injector->mutex);
}

void par__injector_push(par__injector_t *injector, par__job_t *job)
{
    job->next = NULL;
    pthread_mutex_lock(&injector->mutex);
    *injector->end = job;
    injector->end = &job->next;
    add_seq_cst(&injector->count, 1U); /* order: I2 */
    pthread_mutex_unlock(&injector->mutex);
}

par__job_t *par__injector_take(par__injector_t *injector, const par_scope_t *scope)
{
    if (!par__injector_has_jobs(injector)) return NULL;
    pthread_mutex_lock(&injector->mutex);
    par__job_t **link = &injector->first;
    while (*link != NULL && scope != NULL && (*link)->scope != scope)
        link = &(*link)->next;
    par__job_t *job = *link;
    if (job != NULL) {
        *link = job->next;
        if (job->next == NULL) injector->end = link;
        add_seq_cst(&injector->count, -1U); /* order: I2 */
    }
    pthread_mutex_unlock(&injector->mutex);
    return job;
}

par__job_t *par__injector_clear(par__injector_t *injector)
{
    par__job_t *jobs = injector->first;
    injector->first = NULL;
    injector->end = &injector->first;
    store_relaxed(&injector->count, 0U); /* order: none, one thread */
    return jobs;
}

bool par__injector_has_jobs(par__injector_t *injector)
{
    return load_seq_cst(&injector->count) != 0; /* order: I2 */
}
