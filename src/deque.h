/* deque.h - the deque of spawned jobs: Chase and Lev's, with seq_cst accesses in place of fences.
 *
 * The owner pushes and takes at the bottom, thieves steal at the top. Indices are 64-bit, signed,
 * and top never goes back, so a compare-and-swap on it cannot succeed for the wrong turn. The array
 * is circular and grows up to MAX entries; a full deque refuses the push and the job runs in place.
 * Old arrays are kept until the deque dies, so a slow thief reads what is stale, never what is
 * freed; their sizes double, so together they are smaller than the last one.
 *
 * An entry is a job and the scope it belongs to: a thief that may only take jobs of one scope reads
 * the scope before the swap, when the job may already be somebody else's to free.
 *
 * Fields: C const after init, O owner only, A atomic.
 *
 * Orders
 *  D0 owner     Only the owner writes bottom and ring: it needs no order to read them.
 *  D1 publish   push: entry, then bottom := b + 1 (seq_cst, its release half)  ->  steal: read
 *               bottom (acquire half), read entry. Carries the entry and the job.
 *  D2 last one  take:  bottom := b (seq_cst), read top (seq_cst)
 *               steal: read top (seq_cst), read bottom (seq_cst)
 *               In the single order of these four, if the thief's read of bottom is before the
 *               owner's write, its read of top is before the owner's read of top as well, and so
 *               the owner sees every swap that made that top: it keeps away from index top, or
 *               swaps for it. Both swap top from t to t + 1: one wins. The owner's write of bottom
 *               must itself be seq_cst: a relaxed one would end the release sequence of D1.
 *  D3 regrow    grow: entries, then ring := new (release)  ->  steal: read ring (acquire) after
 *               bottom. Entries are initialised before the ring is visible.
 *  D4 idle      push: bottom (seq_cst), read idle counts (seq_cst); sleeper: change counts, read
 *               bottom (seq_cst): src/sleep.md.
 * Source: Chase and Lev, SPAA 2005; Le, Pop, Cohen, Zappa Nardelli, PPoPP 2013. */
#ifndef PAR_DEQUE_H
#define PAR_DEQUE_H

#include <stdbool.h>
#include <stdint.h>

#include "atomic.h"
#include "forks.h"
#include "job.h"

enum { PAR__DEQUE_MIN = 64, PAR__DEQUE_MAX = 8192 };

typedef struct par__deque_entry_t {
    _Atomic(par__job_t *) job;    /* A (D1): a thief may read it while it is overwritten */
    _Atomic(par_scope_t *) scope; /* A (D1) */
} par__deque_entry_t;

typedef struct par__ring_t {
    int64_t size;              /* C, a power of two */
    struct par__ring_t *older; /* O */
    par__deque_entry_t entries[];
} par__ring_t;

typedef struct par__deque_t {
    PAR__ALIGNED(PAR__CACHELINE) _Atomic(int64_t) top;    /* A: only swapped upwards (D2) */
    PAR__ALIGNED(PAR__CACHELINE) _Atomic(int64_t) bottom; /* O writes, A reads (D1, D2) */
    _Atomic(par__ring_t *) ring; /* O writes, A reads (D3); NULL = none yet */
} par__deque_t;

void par__deque_init(par__deque_t *deque);
void par__deque_destroy(par__deque_t *deque);

/* Owner. False: full, or no memory to grow. */
bool par__deque_push(par__deque_t *deque, par__job_t *job);

/* Owner: the youngest job, NULL if there is none at or above index `mark`. */
par__job_t *par__deque_take(par__deque_t *deque, int64_t mark);

/* Owner: where the next push goes. */
int64_t par__deque_bottom(par__deque_t *deque);

/* Thief: the oldest job; with scope not NULL only if it belongs to that scope. */
par__steal_t par__deque_steal(par__deque_t *deque, const par_scope_t *scope, par__job_t **out);

/* How many jobs there were a moment ago: a hint. */
int64_t par__deque_n_jobs(par__deque_t *deque);

/* Is there anything to steal? For the last look before sleeping. */
bool par__deque_has_jobs(par__deque_t *deque);

#endif
