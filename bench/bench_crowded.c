/* bench_crowded.c - the crowded family: not alone on the machine.
 *
 * callers  two threads call a map at once, each of arrays of its own; time a call
 * busy     another process keeps one core busy; serial is measured without it, so that the ratio says
 *          what is left of the speed-up. The size is that of a triangular loop */
#include "family.h"
#include "neighbour.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct crowded_spec_t {
    const char *workload;
    size_t size;
    uint64_t iterations;
    bool is_busy;
    bool quick;
} crowded_spec_t;

static const crowded_spec_t specs[] = {
    {"callers-map", 10000, 5000, false, true}, {"callers-map", 1000000, 200, false, false},
    {"busy-50us", 260, 1000, true, false},     {"busy-20ms", 5200, 5, true, true},
    {"busy-250ms", 18000, 2, true, false},
};

/* Both callers, or the loop beside the busy process, run so long before they are timed: threads
 * start, and the kernel places them. */
enum { WARM_UP_MS = 50 };

enum { CALLERS = 2 };

static int kernel_of(const crowded_spec_t *spec)
{
    return spec->is_busy ? BENCH_LOOP_triangular : BENCH_LOOP_map;
}

static bool prepare(const bench_case_t *c)
{
    const crowded_spec_t *spec = c->spec;
    size_t n = spec->is_busy ? spec->size : CALLERS * spec->size;
    return bench_loop_prepare(kernel_of(spec), BENCH_SHAPE_NONE, n);
}

/* ---- two callers ---- */

typedef struct caller_t {
    bench_loop_fn *loop;
    bench_loop_t data;
    uint64_t iterations;
    pthread_barrier_t *start;
    int64_t begin, end;
} caller_t;

static void warm_up(bench_loop_fn *loop, const bench_loop_t *data)
{
    int64_t end = bench_now() + WARM_UP_MS * INT64_C(1000000);
    do
        loop(data);
    while (bench_now() < end);
}

static void *caller_run(void *arg)
{
    caller_t *caller = arg;
    warm_up(caller->loop, &caller->data);
    pthread_barrier_wait(caller->start);
    caller->begin = bench_now();
    for (uint64_t i = 0; i < caller->iterations; i++)
        caller->loop(&caller->data);
    caller->end = bench_now();
    return NULL;
}

/* From the first one's begin to the last one's end: until both had all their answers. */
static int64_t run_callers(const bench_case_t *c, uint64_t iterations)
{
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, CALLERS);
    caller_t callers[CALLERS];
    for (size_t k = 0; k < CALLERS; k++)
        callers[k] = (caller_t){.loop = c->runtime->loops[BENCH_LOOP_map],
                                .data = bench_loop_part(bench_loop_data(), CALLERS, k),
                                .iterations = iterations,
                                .start = &start};
    pthread_t other;
    if (pthread_create(&other, NULL, caller_run, &callers[1]) != 0) {
        fputs("bench: the system refused a second caller\n", stderr);
        exit(1);
    }
    caller_run(&callers[0]);
    pthread_join(other, NULL);
    pthread_barrier_destroy(&start);
    int64_t begin = callers[0].begin < callers[1].begin ? callers[0].begin : callers[1].begin;
    int64_t end = callers[0].end > callers[1].end ? callers[0].end : callers[1].end;
    return end - begin;
}

/* ---- beside a busy process ---- */

typedef struct busy_t {
    const bench_case_t *c;
    uint64_t iterations;
    int64_t ns;
} busy_t;

static void busy_run(void *arg)
{
    busy_t *busy = arg;
    bench_loop_fn *loop = busy->c->runtime->loops[BENCH_LOOP_triangular];
    warm_up(loop, bench_loop_data());
    int64_t start = bench_now();
    for (uint64_t i = 0; i < busy->iterations; i++)
        loop(bench_loop_data());
    busy->ns = bench_now() - start;
}

static int64_t run_busy(const bench_case_t *c, uint64_t iterations)
{
    busy_t busy = {.c = c, .iterations = iterations};
    bool is_quiet = c->runtime->is_serial;
    if (!is_quiet) bench_neighbour_start();
    if (c->runtime->pinned != NULL)
        c->runtime->pinned(busy_run, &busy);
    else
        busy_run(&busy);
    if (!is_quiet) bench_neighbour_stop();
    return busy.ns;
}

static bool is_right(const bench_case_t *c)
{
    (void)c;
    return bench_loop_is_right();
}

static bool is_offered(const bench_runtime_t *runtime, const void *ctx)
{
    const crowded_spec_t *spec = ctx;
    return runtime->loops[kernel_of(spec)] != NULL && (spec->is_busy || !runtime->one_by_one);
}

void bench_add_crowded(void)
{
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++)
        bench_add_for_all((bench_case_t){.family = "crowded",
                                         .workload = specs[s].workload,
                                         .size = specs[s].size,
                                         .quick = specs[s].quick,
                                         .iterations = specs[s].iterations,
                                         .prepare = prepare,
                                         .run = specs[s].is_busy ? run_busy : run_callers,
                                         .is_right = is_right,
                                         .spec = &specs[s]},
                          is_offered);
}
