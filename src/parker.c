/* parker.c - see parker.h. */
#include "parker.h"

enum { EMPTY, PARKED, TOKEN };

void par__parker_park(par__parker_t *parker)
{
    uint32_t seen = EMPTY;
    if (!cas_acq_rel(&parker->word, &seen, (uint32_t)PARKED)) { /* order: P1, a token was left */
        /* order: P1; a swap, not a store: a second token may come just now, and what its waker wrote
         * must be seen by the look that follows, because this swap takes that token too. */
        swap_acq_rel(&parker->word, (uint32_t)EMPTY);
        return;
    }
    for (;;) {
        par__os_wait(&parker->word, PARKED);
        seen = TOKEN;
        if (cas_acq_rel(&parker->word, &seen, (uint32_t)EMPTY)) return; /* order: P1 */
    }
}

bool par__parker_unpark(par__parker_t *parker)
{
    if (swap_acq_rel(&parker->word, (uint32_t)TOKEN) != PARKED) return false; /* order: P1 */
    par__os_wake(&parker->word);
    return true;
}
