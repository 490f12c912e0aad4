/* bench_launch.c - the launch family: what a loop costs that has nothing to do, on a warm pool and
 * after a pause in which the runtime's threads may have gone to sleep. After a pause only the loop
 * is timed; the CPU time beside it includes the pause, so that spinning through it shows. */
#include "family.h"

#include <time.h>

typedef struct launch_spec_t {
    const char *workload;
    int kernel;
    int pause_us;
    uint64_t iterations; /* of one measurement; 0 when the harness chooses */
} launch_spec_t;

static const launch_spec_t specs[] = {
    {"empty", BENCH_LOOP_nothing, 0, 0},           {"tiny", BENCH_LOOP_fill, 0, 0},
    {"empty-20us", BENCH_LOOP_nothing, 20, 2000},  {"tiny-20us", BENCH_LOOP_fill, 20, 2000},
    {"empty-500us", BENCH_LOOP_nothing, 500, 100}, {"tiny-500us", BENCH_LOOP_fill, 500, 100},
    {"empty-5ms", BENCH_LOOP_nothing, 5000, 20},   {"tiny-5ms", BENCH_LOOP_fill, 5000, 20},
    {"empty-50ms", BENCH_LOOP_nothing, 50000, 4},  {"tiny-50ms", BENCH_LOOP_fill, 50000, 4},
};
static const size_t sizes[] = {2, 64, 1000, 10000};

static bool prepare(const bench_case_t *c)
{
    const launch_spec_t *spec = c->spec;
    return bench_loop_prepare(spec->kernel, BENCH_SHAPE_NONE, c->size);
}

static int64_t run_warm(const bench_case_t *c, uint64_t iterations)
{
    const launch_spec_t *spec = c->spec;
    bench_loop_fn *loop = c->runtime->loops[spec->kernel];
    for (uint64_t i = 0; i < iterations; i++)
        loop(bench_loop_data());
    return 0;
}

/* A sleep takes some 50 us more than it is asked for; shorter pauses are serial work of the caller. */
enum { SLEEP_MIN_US = 100 };

static void pause_for(int us)
{
    if (us >= SLEEP_MIN_US) {
        nanosleep(&(struct timespec){0, us * 1000L}, NULL);
        return;
    }
    for (int64_t end = bench_now() + us * INT64_C(1000); bench_now() < end;) {
    }
}

static int64_t run_after_pause(const bench_case_t *c, uint64_t iterations)
{
    const launch_spec_t *spec = c->spec;
    bench_loop_fn *loop = c->runtime->loops[spec->kernel];
    int64_t total = 0;
    for (uint64_t i = 0; i < iterations; i++) {
        pause_for(spec->pause_us);
        int64_t start = bench_now();
        loop(bench_loop_data());
        total += bench_now() - start;
    }
    return total;
}

static bool is_right(const bench_case_t *c)
{
    (void)c;
    return bench_loop_is_right();
}

static bool is_offered(const bench_runtime_t *runtime, const void *spec)
{
    (void)spec;
    return runtime->in_launch;
}

static void add_spec(const launch_spec_t *spec, size_t size)
{
    bench_add_for_all((bench_case_t){.family = "launch",
                                     .workload = spec->workload,
                                     .size = size,
                                     .quick = spec->kernel == BENCH_LOOP_nothing && size <= 1000 &&
                                              (spec->pause_us == 0 || size == 1000),
                                     .iterations = spec->iterations,
                                     .prepare = prepare,
                                     .run = spec->pause_us == 0 ? run_warm : run_after_pause,
                                     .is_right = is_right,
                                     .spec = spec},
                      is_offered);
}

void bench_add_launch(void)
{
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
            add_spec(&specs[s], sizes[i]);
}
