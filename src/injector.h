/* injector.h - jobs that lie in no worker's deque.
 *
 * A worker that goes to sleep while it waits gives up its jobs here, a wait that finds a job of
 * another scope above its own puts it here, and so does a spawn from another pool. All are rare, so
 * it is a list under a mutex; a counter keeps those who only look away from the mutex.
 *
 * Orders
 *  I1 list   the mutex.
 *  I2 idle   push: count (seq_cst), read idle counts (seq_cst); sleeper: change counts, read count
 *            (seq_cst): src/sleep.md. */
#ifndef PAR_INJECTOR_H
#define PAR_INJECTOR_H

#include <stdbool.h>

#include <pthread.h>

#include "atomic.h"
#include "job.h"

typedef struct par__injector_t {
    pthread_mutex_t mutex;
    par__job_t *first;       /* under mutex */
    par__job_t **end;        /* under mutex: where the next job is linked */
    _Atomic(unsigned) count; /* A (I2); written under mutex */
} par__injector_t;

/* For a static injector. */
#define PAR__INJECTOR_INIT(self)                                                                   \
    {                                                                                              \
        .mutex = PTHREAD_MUTEX_INITIALIZER, .end = &(self).first                                   \
    }

void par__injector_init(par__injector_t *injector);
void par__injector_destroy(par__injector_t *injector);
void par__injector_push(par__injector_t *injector, par__job_t *job);

/* The oldest job, with scope not NULL the oldest of that scope; NULL if there is none. */
par__job_t *par__injector_take(par__injector_t *injector, const par_scope_t *scope);

/* Empties it and returns the list of what was in it. Where no other thread runs. */
par__job_t *par__injector_clear(par__injector_t *injector);

bool par__injector_has_jobs(par__injector_t *injector);

#endif
