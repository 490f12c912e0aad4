/* failure.h - the lowest failure of a call, and who need not start because of it.
 *
 * The rule that makes the result the same on any number of workers: an index is left out only if a
 * lower one has failed. So the lowest index that fails is never left out, whatever the others do,
 * and its code is the result. An index that is left out because the call was told to stop
 * counts as one that failed with that reason; then everything below the lowest is done, too.
 *
 * `lowest` is read before each block and written rarely: it has a cache line of its own. Index and
 * code change together, under the lock, which is held for three instructions. The final look comes
 * after the join of all blocks and needs no lock. */
#ifndef PAR_FAILURE_H
#define PAR_FAILURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <par/cancel.h>

#include "lock.h"

#define PAR__NO_FAILURE SIZE_MAX /* no index: loops end at SIZE_MAX at most */

typedef struct par__failure_t {
    size_t lowest __attribute__((aligned(128))); /* A: falls only; written under the lock */
    int code;                                    /* under the lock: of the lowest */
    par__lock_t lock;                            /* */
    par_cancel_t *cancel;                        /* C: may be NULL */
} __attribute__((aligned(128))) par__failure_t;

#define PAR__FAILURE_INIT(token)                                                                   \
    {                                                                                              \
        .lowest = PAR__NO_FAILURE, .cancel = (token)                                               \
    }

/* Index i failed with this code, not 0. */
void par__failure_note(par__failure_t *failure, size_t i, int code);

/* Need the indices from i on not run? A snapshot: a lower failure may be noted at any time. */
static inline bool par__failure_is_below(const par__failure_t *failure, size_t i)
{
    return __atomic_load_n(&failure->lowest, __ATOMIC_RELAXED) < i;
}

/* The question before a block that begins at i: true if it shall not start. The clock is looked
 * at. */
static inline bool par__failure_stops(par__failure_t *failure, size_t i)
{
    if (par__failure_is_below(failure, i)) return true;
    if (failure->cancel == NULL) return false;
    par_status_t reason = par_cancel_status(failure->cancel);
    if (reason == PAR_OK) return false;
    par__failure_note(failure, i, reason);
    return true;
}

/* The question between two indices of a block: the clock is not looked at. */
static inline bool par__failure_interrupts(const par__failure_t *failure, size_t i)
{
    return par__failure_is_below(failure, i) ||
           (failure->cancel != NULL &&
            __atomic_load_n(&failure->cancel->state, __ATOMIC_RELAXED) != PAR_OK);
}

/* After the call: its result; *failed becomes the lowest index, or end if there is none. */
static inline int par__failure_result(const par__failure_t *failure, size_t end, size_t *failed)
{
    bool is_none = failure->lowest == PAR__NO_FAILURE;
    if (failed != NULL) *failed = is_none ? end : failure->lowest;
    return is_none ? 0 : failure->code;
}

#endif
