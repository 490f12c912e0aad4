/* slots.h - one slot a worker: where worker-local state lies, and whose it is.
 *
 *     slots:  [data .. tail] [data .. tail] ... [data .. tail]     strides of 128 bytes
 *             worker 0       worker 1           common
 *
 * Whose is slot k? Worker k of the pool is one thread at a time for k >= 1, so the index is enough.
 * Index 0 is every thread from outside; only one of them works on a given outermost call, but
 * others can come in through other pools. So the first one claims slot 0.
 *
 * Threads that have none of these are further threads: those of other pools, those that the tasks
 * start, and workers of a default pool that was stopped and started again larger meanwhile. They get
 * slots in a list, if there is memory. A loop, which must not fail, does without: it folds into a
 * temporary and adds that to the common slot, under the lock. */
#ifndef PAR_SLOTS_H
#define PAR_SLOTS_H

#include <stdbool.h>
#include <stddef.h>

#include <par/local.h>

#include "lock.h"

enum { PAR__SLOT_ALIGN = 128, PAR__SLOTS_ON_STACK = 4096 };

typedef struct par__slot_tail_t {
    const void *owner; /* A: the thread that claimed it; index 0 and further threads */
    bool is_ready;     /* by its worker; by the caller after the call */
} par__slot_tail_t;

/* The slot of a further thread. */
typedef struct par__slot_node_t par__slot_node_t;

struct par_local_t {
    const void *alive;        /* A: itself, from open to close; for the check of misuse */
    void *acc;                /* C: what slots start as, until the end; or the only slot */
    size_t size;              /* C: of the data */
    size_t stride;            /* C: of a slot */
    unsigned n_slots;         /* C: workers of the pool */
    const void *pool;         /* C: par_pool_id */
    char *slots;              /* C: n_slots + 1; NULL = acc is the only slot */
    par__slot_tail_t only;    /* its tail */
    par_local_init_fn *init;  /* C: may be NULL */
    par_combine_fn *combine;  /* C */
    void *ctx;                /* C */
    par__lock_t lock;         /* */
    par__slot_node_t *first;  /* under lock: of further threads, as they came */
    par__slot_node_t **after; /* under lock: where the next one is linked */
};

/* Makes room for the slots of n workers: on the caller's stack if PAR__SLOTS_ON_STACK bytes are enough,
 * else on the heap. False without memory: then *acc is the only slot. local's acc, size, init, combine
 * and ctx are set, the rest is 0. */
bool par__slots_open(par_local_t *local, unsigned n, char *stack);

/* From here on the slots are those of the current pool; the caller is one of its workers. */
void par__slots_enter(par_local_t *local);

/* The slot of this worker, ready; NULL for a further thread. */
void *par__slots_own(par_local_t *local);

/* The slot of a further thread, ready; NULL without memory. */
void *par__slots_further(par_local_t *local);

/* *temp (+) into the common slot, whoever asks. */
void par__slots_add(par_local_t *local, const void *temp);

/* Combines all slots in use into *acc, in their order, and frees them. stack as above. */
void par__slots_close(par_local_t *local, const char *stack);

#endif
