/* split.h - where a range is halved, and how much runs without being offered: the pace.
 *
 * split.md has the reasons, and the bounds on overhead and tail. */
#ifndef PAR_SPLIT_H
#define PAR_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "spare.h"

/* How one worker gets on with its part of one call. It belongs to that worker alone. */
typedef struct par__pace_t {
    size_t batch;         /* units that run in one go: expected to take the target time; >= 1 */
    uint64_t spent_ticks; /* in the body so far */
    uint64_t first_ticks; /* in the first batch */
    bool is_fixed;        /* the batch was given: do not measure */
    bool is_trial;        /* expected to be tiny: offer nothing until that proves wrong */
    par__spare_t spare;   /* large temporaries of a reduction */
} par__pace_t;

/* A batch lasts at least this: 300 times what measuring and offering it costs. */
#define PAR__BATCH_MIN_US 2
/* And at most this, on average, however long the loop: it is what the others may wait for. */
#define PAR__BATCH_MAX_US 20
/* In between, this part of the time that the worker has spent so far. */
#define PAR__BATCH_PART 64
/* A loop that is done in this time is tiny: trying whether sharing pays costs more than it brings. */
#define PAR__TINY_US 2
/* The same for a loop whose cost is known, which needs no looks at the clock. */
#define PAR__KNOWN_TINY_US 1
/* A trial begins with this part of the loop, or with one unit. */
#define PAR__TRIAL_PART 128

/* Adapts the batch after `units` units took `ticks`. Shrinks at once, grows at most eightfold. */
void par__pace_learn(par__pace_t *pace, size_t units, uint64_t ticks);

/* Units to run in a row where others can take none of them meanwhile: a batch at first; later more, as
 * streams through memory begin anew with each row, up to an eighth of the time spent so far or 8 batches. */
size_t par__pace_row(const par__pace_t *pace);

/* The pace of a worker that takes a part over from another one. The part lies elsewhere in the
 * range, so the other's experience counts for less. */
par__pace_t par__pace_inherit(size_t batch, bool is_fixed);

/* The middle of [first, last), last - first >= 2. A function of the two alone: the shape of a
 * reduction's tree. Large halves end at multiples of 64, which keeps vectors of different workers
 * in different cache lines. */
static inline size_t par__split_mid(size_t first, size_t last)
{
    size_t half = (last - first) / 2;
    size_t mid = first + half;
    return half < 1024 ? mid : mid & ~(size_t)63;
}

#endif
