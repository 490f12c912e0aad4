/* worker.h - one thread's end of a pool: its two deques, what it waits for, what it counts.
 *
 * A pool's own threads are workers for good and run par__worker_main. A thread from outside is a
 * guest: it becomes a worker at its first parallel call and works on nothing but its own calls.
 *
 * Fields: C const while the worker is in use, O owner only, A atomic.
 *
 * Orders
 *  W1 waiter   waiter: waiter := me (seq_cst), then looks at the runner's queues (seq_cst)
 *              runner: publish (seq_cst), then reads waiter (seq_cst). Store against load, as S1: the
 *              waiter sees the work or the runner sees the waiter and unparks it.
 *  W2 tag      runner: base, then tag (release)  ->  waiter: tag (acquire), base. Read between a
 *              read of the runner's word and the swap of it; the epoch of the word (F4) changes when
 *              the tagged job ends, so a swap that succeeds took a fork of that job.
 *  W3 counts   statistics: written by the owner, read by anybody, no order. */
#ifndef PAR_WORKER_H
#define PAR_WORKER_H

#include <par/stats.h>

#include "check.h"
#include "deque.h"
#include "forks.h"
#include "parker.h"

typedef struct par__worker_t par__worker_t;

/* The statistics of one worker (W3): fields as in par_stats_t. */
typedef struct par__counters_t {
#define PAR_X(field, text) _Atomic(uint64_t) field;
    PAR_STATS_MAP(PAR_X)
#undef PAR_X
} par__counters_t;

struct par__worker_t {
    par__forks_t forks; /* first: par_worker_self points at its view */
    par__deque_t jobs;
    par__parker_t parker;

    PAR__ALIGNED(PAR__CACHELINE)
    _Atomic(uint32_t) waiter;         /* A (W1): id + 1 of a worker that waits for what I run */
    _Atomic(const par_scope_t *) tag; /* A (W2): the scope whose job I run, NULL = none */
    _Atomic(uint32_t) tag_base;       /* A (W2): where its forks begin on my stack */

    PAR__ALIGNED(PAR__CACHELINE) par_pool_t *pool; /* C */
    uint32_t id;                                   /* C: place in the pool's table */
    unsigned index;                                /* C: par_worker_index(): 0 for a guest */
    unsigned calls;                                /* O: scopes, tasks, pool runs it is in */
    unsigned rotor;                                /* O: where the next round over guests starts */
    const unsigned *victims;                       /* C: own threads: whom to rob, near to far */
    unsigned n_victims;                            /* C */
    bool took_last;                                /* O: the last robbery left no job */
    unsigned n_in_place;                           /* O: tasks that run inside par_spawn here */
    par__job_t *running;                           /* O: jobs that run on this stack, inner first */
    par__job_cache_t cache;                        /* O */
    par_scope_t *credit_scope;                     /* O: where `credit` is from, if it is not 0 */
    int64_t credit;                                /* O (C4): jobs counted that are none of mine */
    par__counters_t counters;                      /* O writes, A reads (W3) */
    const void *thread_id;                         /* C: which thread: par__worker_is_mine */
    bool in_use;                                   /* under the pool's mutex: for guests */
    par__worker_t *vanished; /* registry.c: the next record without a thread */
    uint32_t generation;     /* C: the pool's when the thread started */
    par__os_thread_t thread; /* C: own threads */

    _Atomic(int) seat;       /* A, no order: the PU that the thread is bound to (seat.h) */
    par__os_thread_t seated; /* under the pool's mutex: the thread itself, while it has a seat */
    int64_t look_ns; /* O: guests: when to look where the caller runs, 0 = not in this call yet */
};

#define par__worker_count(worker, field)                                                           \
    store_relaxed(&(worker)->counters.field,                                                       \
                  load_relaxed(&(worker)->counters.field) + 1) /* order: W3 */

/* NULL without memory. */
par__worker_t *par__worker_new(par_pool_t *pool, uint32_t id, unsigned index);
void par__worker_delete(par__worker_t *worker);

/* This thread's worker, NULL if it is none yet. */
par__worker_t *par__worker_current(void);

/* This thread is a thread of a pool, and this its worker, for good. */
void par__worker_adopt(par__worker_t *worker);

/* A thread may have several records, one a pool; which thread does this one belong to? */
void par__worker_claim(par__worker_t *worker);
bool par__worker_is_mine(const par__worker_t *worker);

/* This thread's worker, ready for a parallel call: a thread from outside becomes a guest of the
 * default pool, and a pool that is stopped starts. NULL: run everything in place. */
PAR__NEAR par__worker_t *par__worker_enter(void);

/* A stand-in whose every fork runs in place. */
par_worker_t *par__worker_serial(void);

/* A guest in no call: the pool may have been stopped since, or the process forked. */
static inline bool par__worker_is_at_rest(const par__worker_t *worker)
{
    return worker->index == 0 && worker->calls == 0 && par__forks_depth(&worker->forks) == 0;
}

/* After a task, or in front of the slow half of a join: is the stack of forks as it was before? */
#define PAR__MISUSE_UNSYNCED(is_as_before)                                                         \
    PAR__MISUSE_OF("PAR_SYNC", is_as_before,                                                       \
                   "forks and syncs do not match; in the body of a task each PAR_FORK has one "    \
                   "PAR_SYNC, the youngest first, before any return")

/* The end of a call that entered and counted itself in `calls`. */
void par__worker_leave(par__worker_t *worker);

/* After a publish or a push of work: wakes one who can take it, if anybody is idle. */
PAR__NEAR void par__worker_notify(par__worker_t *worker);

/* After a fork that was not fast: makes some forks public and wakes somebody, or, where nobody can
 * steal, makes every push fast. */
PAR__NEAR void par__worker_offer(par__worker_t *worker);

/* Some forks became public: counts that, wakes, and stays asked while thieves want more. */
PAR__NEAR void par__worker_published(par__worker_t *worker);

/* Runs one stolen slot, or one job, to its end, and tells who waits for it. */
void par__worker_run_slot(par__worker_t *worker, par__worker_t *victim, par_slot_t *slot);
void par__worker_run_job(par__worker_t *worker, par__job_t *job);

/* Puts a job, or all jobs of this worker's deque, where everybody finds them. The deque is emptied
 * from its top: its bottom, and with it the mark of each open scope, stays. */
void par__worker_hand_over(par__worker_t *worker, par__job_t *job);
void par__worker_give_up_jobs(par__worker_t *worker);

/* What a pool's own thread does until the pool stops. */
void par__worker_main(par__worker_t *worker);

/* ---- waiting (wait.c) ---- */

/* Waits for a stolen slot of this worker, running forks of that task meanwhile. Returns false if the
 * thief is gone (fork in another thread's absence), so that the caller must run the slot itself. */
bool par__wait_slot(par__worker_t *worker, par_slot_t *slot);

/* Runs the jobs of the scope that lie in this worker's own deque. */
void par__wait_own_jobs(par__worker_t *worker, par_scope_t *scope);

/* Waits until the scope is done, running its jobs, and forks of its jobs, meanwhile. */
void par__wait_scope(par__worker_t *worker, par_scope_t *scope);

#endif
