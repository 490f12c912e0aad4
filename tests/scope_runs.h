/* scope_runs.h - what the tests of scopes share: how often each task has run. */
#ifndef PAR_TEST_SCOPE_RUNS_H
#define PAR_TEST_SCOPE_RUNS_H

#include <stdatomic.h>
#include <stddef.h>

#include "failures.h"
#include "scale.h"

enum { N_COUNTERS = 1 << 16 };
static atomic_uchar runs[N_COUNTERS];

static inline void clear_runs(void)
{
    for (size_t i = 0; i < N_COUNTERS; i++)
        atomic_store_explicit(&runs[i], 0, memory_order_relaxed);
}

/* The first n tasks have run once, the others not. */
static inline void expect_runs(size_t n)
{
    for (size_t i = 0; i < N_COUNTERS; i++)
        expect(runs[i] == (i < n));
}

/* The setup of each test */
static inline int reset(void **state)
{
    (void)state;
    clear_runs();
    failures = 0;
    watchdog(100);
    return 0;
}

/* A task; ctx: its counter */
static inline void run_at(void *ctx)
{
    atomic_fetch_add_explicit((atomic_uchar *)ctx, 1, memory_order_relaxed);
}

#endif
