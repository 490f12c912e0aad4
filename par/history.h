/* history.h - what the loops of this program cost last time: does it pay to offer this one at once?
 *
 * A loop of two iterations that take a second each must be offered before it runs; a loop of two
 * that take a nanosecond must not be offered at all. Nothing tells them apart but their past.
 * split.md, "Tiny or huge", has the argument. */
#ifndef PAR_HISTORY_H
#define PAR_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "split.h"

/* Is a loop with this body and about this many units expected to be tiny? */
bool par__history_is_tiny(uintptr_t key, size_t n_units);

/* It took `ticks` in all, waiting included; pace is the caller's at the end. */
void par__history_learn(
    uintptr_t key, size_t n_units, bool was_trial, const par__pace_t *pace, uint64_t ticks);

#endif
