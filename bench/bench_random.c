/* bench_random.c - random numbers into memory. Every runtime has a serial generator for each block, par's
 * loop too; par_random, for which each number is a function of its index, is measured beside them. */
#include "family.h"

#include <par/random.h>

enum { BLOCKS = 256 };

static bool prepare(const bench_case_t *c)
{
    return bench_loop_prepare(BENCH_LOOP_random, BENCH_SHAPE_NONE, c->size);
}

static int64_t run(const bench_case_t *c, uint64_t iterations)
{
    for (uint64_t i = 0; i < iterations; i++)
        c->runtime->loops[BENCH_LOOP_random](bench_loop_data());
    return 0;
}

static bool is_right(const bench_case_t *c)
{
    if (!c->runtime->is_by_index) return bench_loop_is_right();
    const double *z = bench_loop_data()->z;
    for (size_t i = 0; i < c->size * BENCH_RANDOM_BLOCK; i++)
        if (z[i] != par_random_double(par_random_seed(BENCH_RANDOM_SEED), i)) return false;
    return true;
}

static bool is_offered(const bench_runtime_t *runtime, const void *spec)
{
    (void)spec;
    return runtime->loops[BENCH_LOOP_random] != NULL;
}

void bench_add_random(void)
{
    bench_add_for_all((bench_case_t){.family = "loop",
                                     .workload = "random",
                                     .size = BLOCKS,
                                     .quick = true,
                                     .prepare = prepare,
                                     .run = run,
                                     .is_right = is_right},
                      is_offered);
}
