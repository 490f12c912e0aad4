/* loop.h - a loop over indices whose body is a wrapper of this layer, and its schedules.
 *
 * A unit of such a loop is a grain of items. */
#ifndef PAR_LOOP_H
#define PAR_LOOP_H

#include <par/for.h>

#include "bridge.h"

/* par_for_range with the user's own function as key, by which the history knows the loop. */
void par__loop_run(size_t begin,
                   size_t end,
                   par_range_fn *body,
                   void *ctx,
                   uintptr_t key,
                   const par_options_t *options);

/* How many units of so many items, >= 1, there are; the last may have fewer. */
static inline size_t par__loop_units(size_t n, size_t grain)
{
    return n / grain + (n % grain != 0);
}

/* The items that a block has at most: a multiple of grain, or SIZE_MAX. */
size_t par__loop_longest(const par_options_t *options, size_t grain);

/* Runs a loop by the schedule of the options; op has no accumulators. */
void par__loop_schedule(par__op_t *op, const par_options_t *options);

/* parts.c: every part to the worker with its number. */
void par__parts_static(const par__op_t *op);

/* parts.c: every part to the worker that had it last; memory may be NULL. */
void par__parts_affinity(const par__op_t *op, par_affinity_t *memory);

#endif
