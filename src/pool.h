/* pool.h - the table of a pool's workers, its start and its stop.
 *
 * own[1 .. n_own] are the pool's threads; guests are threads from outside. Records are never freed
 * while the pool lives, so whoever finds a worker in the table may look at it. The default pool
 * lives as long as the process.
 *
 *   STOPPED --start--> RUNNING --stop--> STOPPING --> STOPPED        (fork in the child: STOPPED)
 *
 * Locks, in this order: registry (list of pools), life (start and stop, held while threads are
 * joined), mutex (tables; never held across a call of the program's). fork takes registry, the
 * topology's and every mutex, not life: a child of a half stopped pool has no threads either way.
 *
 * Orders
 *  G1 table  worker, then own[i] or guests[i] (release)  ->  load (acquire). Carries the record.
 *  G2 state  start: n_own, then state RUNNING (release)  ->  load (acquire). */
#ifndef PAR_SRC_POOL_H
#define PAR_SRC_POOL_H

#include <pthread.h>

#include "injector.h"
#include "placement.h"
#include "sleep.h"
#include "spin.h"
#include "worker.h"

enum { PAR__MAX_GUESTS = 4096 };

typedef enum par__pool_state_t {
    PAR__POOL_STOPPED,
    PAR__POOL_RUNNING,
    PAR__POOL_STOPPING
} par__pool_state_t;

struct par_pool_t {
    par__sleep_t sleep;
    par__injector_t injector;
    par__job_pile_t pile;
    _Atomic(uint32_t) state;      /* A (G2): par__pool_state_t */
    _Atomic(uint32_t) n_own;      /* A (G2): threads that run */
    _Atomic(uint32_t) n_own_ever; /* A (G1): own[1 .. this] may be set */
    _Atomic(uint32_t) n_guests;   /* A (G1): guests[0 .. this - 1] are set */
    _Atomic(bool) stop;           /* A: the threads shall end; read after a token (P1) */
    _Atomic(int64_t) spin_ns;     /* A, no order: callers go on while the pool starts again */
    _Atomic(bool) is_crowded; /* A, no order: more workers than PUs: yield instead of spinning */
    _Atomic(int) free_seat;   /* A, no order: the place that is left to the caller (seat.h) */
    par__plan_t plan;         /* C while RUNNING */

    par_pool_options_t options; /* C */
    char name[10];              /* C */
    uint32_t generation;        /* under mutex: counts starts and forks */
    pthread_mutex_t life;
    pthread_mutex_t mutex;
    pthread_cond_t started; /* with mutex: n_ready, n_unbound */
    unsigned n_ready;       /* under mutex */
    unsigned n_unbound;     /* under mutex: threads whose bind was refused */
    par_pool_t *next;       /* under registry */

    /* Last, because they take pages: what a call after a pause reads of the rest lies close together. */
    PAR__ALIGNED(PAR__CACHELINE) _Atomic(par__worker_t *) own[PAR__MAX_THREADS];
    _Atomic(par__worker_t *) guests[PAR__MAX_GUESTS];
};

PAR__NEAR par_pool_t *par__pool_default(void);

/* Starts the threads if the pool is STOPPED; returns at once in any other state. Never fails: with
 * no thread the callers work alone. */
PAR__NEAR void par__pool_ensure_started(par_pool_t *pool);

/* A worker of the table by its id, NULL if there is none. */
PAR__NEAR par__worker_t *par__pool_worker(par_pool_t *pool, uint32_t id);

/* A guest record for this thread, NULL when the table is full or there is no memory. */
par__worker_t *par__pool_admit(par_pool_t *pool);
void par__pool_release(par__worker_t *guest);

/* Calls look(worker, arg) for every worker but `self`, guests last, until it answers true. */
bool par__pool_any_worker(par_pool_t *pool,
                          const par__worker_t *self,
                          bool (*look)(par__worker_t *worker, void *arg),
                          void *arg);

/* Is there anything that a thread of the pool could take? The last look before sleeping. */
bool par__pool_has_work(par_pool_t *pool);

/* A spin as long as this pool's. */
par__spin_t par__pool_spin(par_pool_t *pool);

/* Wakes one sleeping thread of the pool unless a searcher is awake; true if it woke one. */
PAR__NEAR bool par__pool_wake_one(par_pool_t *pool, uint32_t near);

/* ---- registry.c: all pools, for fork ---- */
void par__registry_add(par_pool_t *pool);
void par__registry_remove(par_pool_t *pool);

/* Is there such a pool? Only the address is looked at: it may be that of a pool that was destroyed,
 * or of no pool at all. */
bool par__registry_has(const par_pool_t *pool);

/* In front of a public function's first look at a pool that is not NULL. */
#define PAR__MISUSE_NO_POOL(pool)                                                                  \
    PAR__MISUSE(                                                                                   \
        (pool) == NULL || par__registry_has(pool),                                                 \
        "there is no such pool; pass one that par_pool_create made and that is not destroyed")

/* ---- stats.c ---- */
void par__stats_at_exit(void);

#endif
