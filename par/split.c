/* split.c - the pace of a loop. */
#include "split.h"

#include "clock.h"

static uint64_t target_ticks(const par__pace_t *pace)
{
    uint64_t us = par__clock_us();
    uint64_t part = pace->spent_ticks / PAR__BATCH_PART;
    if (part < PAR__BATCH_MIN_US * us) return PAR__BATCH_MIN_US * us;
    return part < PAR__BATCH_MAX_US * us ? part : PAR__BATCH_MAX_US * us;
}

static size_t times_at_most(size_t value, size_t factor)
{
    return value <= SIZE_MAX / factor ? value * factor : SIZE_MAX;
}

void par__pace_learn(par__pace_t *pace, size_t units, uint64_t ticks)
{
    if (pace->spent_ticks == 0) pace->first_ticks = ticks;
    pace->spent_ticks += ticks + 1;
    if (pace->spent_ticks > PAR__TINY_US * par__clock_us()) pace->is_trial = false;
    if (pace->is_fixed) return;

    uint64_t target = target_ticks(pace);
    size_t most = times_at_most(units > pace->batch ? units : pace->batch, 8);
    if (units >= pace->batch && 8 * (ticks + 1) <= target) { /* the same without a division */
        pace->batch = most;
        return;
    }
    double fitting = (double)units * (double)target / (double)(ticks + 1);
    if (fitting >= (double)most)
        pace->batch = most;
    else
        pace->batch = fitting > 1 ? (size_t)fitting : 1;
}

size_t par__pace_row(const par__pace_t *pace)
{
    uint64_t batches = pace->spent_ticks / (8 * target_ticks(pace));
    if (batches <= 1) return pace->batch;
    return times_at_most(pace->batch, batches < 8 ? (size_t)batches : 8);
}

par__pace_t par__pace_inherit(size_t batch, bool is_fixed)
{
    size_t start = is_fixed || batch < 4 ? batch : batch / 4;
    return (par__pace_t){.batch = start, .is_fixed = is_fixed};
}
