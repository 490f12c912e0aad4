/* parker.h - where one thread sleeps until somebody hands it a token.
 *
 * Only the owner parks; anybody may unpark, at any time, also when the owner is awake: the token
 * stays for the next park, which then returns at once. So a sleeper announces what it waits for,
 * looks once more, and parks; whoever makes it true afterwards unparks, and nothing is lost. A park
 * may end without a reason that concerns the caller: callers loop around their condition.
 *
 *   word: EMPTY --park--> PARKED --unpark--> TOKEN --park returns--> EMPTY
 *
 * Orders
 *  P1 token   unpark: swap TOKEN (release half)  ->  park: swap or cas (acquire half). What the waker
 *             wrote before unpark is seen after park. Both are read-modify-writes of one word, so a
 *             token that came before PARKED is found by the cas, and one that came after changes the
 *             word under the futex, which then does not sleep. */
#ifndef PAR_PARKER_H
#define PAR_PARKER_H

#include "os.h"
#include "platform.h"

typedef struct par__parker_t {
    PAR__ALIGNED(PAR__CACHELINE) _Atomic(uint32_t) word; /* A (P1) */
} par__parker_t;

/* Sleeps until a token comes, and takes it. */
void par__parker_park(par__parker_t *parker);

/* Leaves a token; returns true if the owner slept and was woken, which costs a system call. */
PAR__NEAR bool par__parker_unpark(par__parker_t *parker);

#endif
