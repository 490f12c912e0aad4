/* fixture.h - a pool without threads for the tests: its workers are the model's threads. */
#ifndef MODEL_FIXTURE_H
#define MODEL_FIXTURE_H

#include <par/join.h>
#include <par/scope.h>

#include "latch.h"
#include "pool.h"
#include "scope.h"
#include "tests.h"

extern par_pool_t fixture_pool;

/* In the set-up: workers 1 to n in the table, all may search and be woken. */
void fixture_begin(unsigned n);

/* In thread i: it is worker i from now on. */
par__worker_t *fixture_enter(void);
par__worker_t *fixture_worker(unsigned i);

/* Tells all workers to leave par__worker_main. */
void fixture_stop(void);

/* A stack of forks without a pool around it: what par_join does, without its waiting. */
void fixture_push(par__forks_t *forks, uintptr_t what);
bool fixture_pop(par__forks_t *forks); /* false: stolen, and its thief is done */

#define BOUND(p, s, l, w, m)                                                                       \
    {                                                                                              \
        (p), (s), (l), (w), (m)                                                                    \
    }

#endif
