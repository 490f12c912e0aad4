/* frontier.h - a loop that may end before its range does, so that its units are given out in order.
 *
 * Halving the range, as other loops do, would let half of the workers run what lies behind the end. So
 * whoever is idle takes the next block: all that is given out lies before all that is not, the
 * frontier. When it is known that nothing behind some item need run, nothing behind it is given out
 * any more, and what was given out runs.
 *
 * Blocks are as long as the pace of the worker says (split.md). */
#ifndef PAR_FRONTIER_H
#define PAR_FRONTIER_H

#include <stdbool.h>
#include <stddef.h>

#include "bridge.h"

typedef struct par__frontier_t {
    const size_t *stop; /* A: falls only; items behind this one need not run; SIZE_MAX: all must */
    size_t origin;      /* what *stop calls the first item of the loop */
    size_t unit;        /* items a unit, >= 1 */
    size_t most;        /* units a block, >= 1 */
    bool
        may_be_near; /* its end: the caller goes alone for 2 us, unless few units may be dear ones */
} par__frontier_t;

/* Runs the units of a loop, all of them unless *stop falls. Of op->batch and op->left_out nothing is
 * heeded. */
void par__frontier_run(const par__op_t *op, const par__frontier_t *frontier);

#endif
