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

#endif
