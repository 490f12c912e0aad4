/* scope.h - what is behind par_scope_t: a count of jobs that are not done.
 *
 * The opener counts its own spawns in a plain integer; everybody else counts in `state`, whose sum
 * with it is the number of open jobs. When the opener waits it adds its count to the state, sets
 * WAITING, and from then on counts there like everybody.
 *
 *   state = 2 x jobs + WAITING          done: state == WAITING
 *
 * The scope lies on the opener's stack and is gone as soon as it sees done, so whoever counts a job
 * as done reads the opener from it first.
 *
 * Orders
 *  C1 count    spawn: state += 2 or local += 1, then the job becomes visible (F1, D1, I1).
 *  C2 result   job's writes, then state -= 2 (release)  ->  opener: state == WAITING (acquire). The
 *              subtractions in between continue the release sequence.
 *  C3 wake     last job: state -= 2 answers WAITING, then unpark(opener) (P1); opener: looks at
 *              state, then parks.
 *  C4 credit   A worker counts many jobs at once, uses them up as it spawns, and keeps those that it
 *              finishes for the next spawn: state is at least the number of open jobs, and larger by
 *              what the workers hold. One holds a credit only while it runs jobs of that scope one
 *              after the other: it settles before it runs another scope's job or somebody's fork,
 *              when its own queue is empty, and in a wait; in the child of a fork nobody holds one.
 *              So nobody sleeps or works for others on a credit, and the opener sees done when the
 *              last worker runs dry. Settling is C2. */
#ifndef PAR_SRC_SCOPE_H
#define PAR_SRC_SCOPE_H

#include "worker.h"

enum { PAR__SCOPE_WAITING = 1, PAR__SCOPE_JOB = 2 };

typedef struct __attribute__((may_alias)) par__scope_t {
    _Atomic(int64_t) state; /* A (C1, C2) */
    par__worker_t *owner;   /* C: NULL = every spawn runs in place */
    char apart[64];         /* others count above, the opener below: never on one line */
    int64_t local;          /* O */
    int64_t mark;           /* C: the bottom of the opener's deque when the scope began */
    bool is_waiting;        /* O */
    uint32_t magic;         /* O: OPEN or ENDED */
} par__scope_t;

_Static_assert(sizeof(par__scope_t) <= sizeof(par_scope_t), "par_scope_t is too small");
_Static_assert(_Alignof(par__scope_t) <= _Alignof(par_scope_t),
               "par_scope_t is aligned too little");

static inline par__scope_t *par__scope_of(par_scope_t *scope)
{
    return (par__scope_t *)scope;
}

/* A job more that the opener does not count, before it becomes visible (C1): from the worker's credit,
 * which it gets for many jobs at once (C4). */
void par__scope_count_spawn(par_scope_t *scope, par__worker_t *worker);

/* A job of the scope is done (C2), and the worker counts it, perhaps later: as a credit for what it
 * spawns into this scope next (C4). */
void par__scope_count_done(par_scope_t *scope, par__worker_t *worker);

/* After a push of a job of the scope: wakes the opener if it waits. */
void par__scope_notify(par_scope_t *scope, par__worker_t *worker);

/* Gives the credit back; the scope that it was from may be gone when this returns. */
void par__scope_settle(par__worker_t *worker);

static inline bool par__scope_is_done(par__scope_t *scope)
{
    return load_acquire(&scope->state) == PAR__SCOPE_WAITING; /* order: C2 */
}

#endif
