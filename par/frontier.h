/* frontier.h - a loop that may end before its range does, so that its units are given out in order.
 *
 * Halving the range, as other loops do, would let half of the workers run what lies behind the end. So
 * whoever is idle takes the next block: all that is given out lies before all that is not, the
 * frontier. When an item says that nothing behind it need run, nothing is given out any more, as all
 * that is not lies behind it; what was given out runs.
 *
 * Blocks are as long as the pace of the worker says; split.md has the reasons. */
#ifndef PAR_FRONTIER_H
#define PAR_FRONTIER_H

#include <stdbool.h>
#include <stddef.h>

#include "bridge.h"

/* Runs the units of a loop, all of them unless *op->left_out, which is not NULL here, falls: an item that
 * was given out says that what lies behind it need not run. A block has at most so many units, >= 1.
 * may_be_near: the end; the caller goes alone for 2 us then, if there are many units. op->batch is not
 * heeded. */
void par__frontier_run(const par__op_t *op, size_t most, bool may_be_near);

#endif
