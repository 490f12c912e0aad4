/* sleep.h - who of the pool's threads searches, who sleeps, and whom to wake. Protocol and proof:
 * sleep.md.
 *
 *   counts: bits 0-31 sleeping, 32-63 searching          mask: a bit a sleeping thread
 *   invariant: bits set = sleeping + permissions given out; a permission (a decrement of sleeping)
 *   allows to clear one bit, so whoever holds one finds a bit.
 *
 * Orders
 *  S1 announce  sleeper: counts (rmw, seq_cst), then looks at all queues (seq_cst)
 *               submitter: queue (seq_cst), then counts (seq_cst)
 *               One of the two is first in the single order: the sleeper sees the work or the
 *               submitter sees the sleeper.
 *  S2 permit    counts changes by compare-and-swap only where a value is a condition, so one
 *               submitter wakes, and a sleeper that cancels competes with it.
 *  S3 mask      or, and: read-modify-writes; set before sleeping is counted, cleared after. */
#ifndef PAR_SLEEP_H
#define PAR_SLEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "atomic.h"
#include "platform.h"

typedef struct par__sleep_t {
    PAR__ALIGNED(PAR__CACHELINE) _Atomic(uint64_t) counts;                      /* A (S1, S2) */
    PAR__ALIGNED(PAR__CACHELINE) _Atomic(uint64_t) mask[PAR__MAX_THREADS / 64]; /* A (S3) */
    _Atomic(uint32_t) max_searching; /* A, no order: more searchers than this only disturb */
    _Atomic(uint32_t) n_useful; /* A, no order: threads that can run at once: as cores, or fewer */
} par__sleep_t;

/* For a pool without threads. A pool that is stopped and started again keeps its state, as callers may
 * be in the middle of a choice: its threads leave nothing behind when they end. */
void par__sleep_init(par__sleep_t *sleep);

/* How many threads there will be, on how many cores. */
void par__sleep_limit(par__sleep_t *sleep, uint32_t n_threads, uint32_t n_cores);

/* May the caller search? It counts as searching until one of the next three. */
bool par__sleep_search(par__sleep_t *sleep);

/* The caller found work. */
void par__sleep_found(par__sleep_t *sleep);

/* Thread id announces that it will sleep; was_searching as par__sleep_search answered. The caller
 * must look at every queue after this and before it parks. */
void par__sleep_announce(par__sleep_t *sleep, uint32_t id, bool was_searching);

/* The caller has announced and found work after all. True: it is searching again. False: park and look
 * at par__sleep_was_chosen. As a rule somebody has chosen to wake it, and a token is on its way; or
 * another one that cancels held the last permission for a moment, and that one searches next. */
bool par__sleep_cancel(par__sleep_t *sleep, uint32_t id);

/* Has somebody chosen to wake thread id since it announced? Then it counts as searching. */
bool par__sleep_was_chosen(par__sleep_t *sleep, uint32_t id);

/* Somebody has submitted work: the id of the thread to unpark, -1 if none sleeps or a searcher will
 * find it. At or after id `near` first. */
PAR__NEAR int par__sleep_choose(par__sleep_t *sleep, uint32_t near);

/* Does no thread search or sleep? True once all threads of the pool have ended. */
bool par__sleep_is_empty(par__sleep_t *sleep);

/* Idle threads, a snapshot; no more than could run at once, because work laid out for 62 threads that
 * share two cores is laid out in vain. */
PAR__NEAR uint32_t par__sleep_n_idle(par__sleep_t *sleep);
uint32_t par__sleep_n_searching(par__sleep_t *sleep);

#endif
