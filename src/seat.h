/* seat.h - a bound thread gives way to a caller that sits on its place.
 *
 * Each own thread of a pool is bound to a place of its own and one place is left to the caller, which
 * nobody binds. While the thread of a place sleeps the system may put the caller there, and beside a
 * busy neighbour it does so as a rule. With the next call both take turns on one core. The system
 * cannot part them: it may not move the thread, and the caller would have to go to a core that is no
 * less busy. So the caller, which sees where it runs, sends the thread to the place that was left free.
 *
 * Only a call that has lasted PATIENCE does so: a thread on a core that a neighbour uses too is robbed of
 * time slices of some milliseconds with a piece of the call in its hands, which a short call would
 * wait for. And only where the plan was par's own: who asks for a policy by name gets it.
 *
 * Lending. Where a neighbour has the core of a bound thread, a call that waits for what the thread has
 * in hand would wait for the neighbour's time slices, while its own core goes idle: the system may not
 * bring the two together. So a waiter that gives up spinning looks at how long its thief has run, and
 * once more a little later; a thief that has not run meanwhile gets the waiter's core for as long as
 * the waiter sleeps. One that sleeps itself, in the middle of a task, is sent too, which does no harm.
 *
 * Fields: worker.seat and pool.free_seat are written under pool.mutex and read by anybody as hints.
 * A thread clears its seat, under the mutex, before it ends: whoever holds the mutex and sees a
 * seat has a thread to bind. */
#ifndef PAR_SEAT_H
#define PAR_SEAT_H

#include "worker.h"

enum { PAR__SEAT_NONE = -1 };

/* Before the pool's threads start, under life: which place is free, or _NONE when nobody may move. */
void par__seat_open(par_pool_t *pool);

/* The calling thread, an own thread of the pool, is bound to pu; it will end. Under the pool's mutex. */
void par__seat_take(par__worker_t *worker, int pu);
void par__seat_leave(par__worker_t *worker);

/* A guest begins an outermost call; it has made work public: the place where a long call looks. */
PAR__NEAR void par__seat_begin(par__worker_t *guest);
PAR__NEAR void par__seat_watch(par__worker_t *guest);

/* What a waiter knows about its thief, and has lent it. At first {0}. */
typedef struct par__loan_t {
    par__worker_t *thief; /* NULL: nobody was looked at */
    int64_t ran_ns;       /* the thief, until that look */
    bool is_lent;
    bool was_lent; /* to this thief, which will need it again */
} par__loan_t;

/* So long a waiter goes on spinning between the two looks. */
enum { PAR__LOAN_LOOK_NS = 5 * 1000 };

/* The first look. False: there is none to take, as the thief was looked at already or cannot be moved. */
bool par__seat_look(par__loan_t *loan, par__worker_t *thief);

/* The waiter is about to sleep. If its thief has not run since the look it gets the waiter's place. */
void par__seat_lend(par__loan_t *loan);

/* The waiter is awake again: the thief goes back to its seat. */
void par__seat_return(par__loan_t *loan);

/* The waiter has done some of the thief's work: the next look is a first one. */
void par__seat_forget(par__loan_t *loan);

#endif
