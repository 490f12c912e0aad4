/* bench_loop.c - the loop family: even, uneven and tiny iterations, sparse rows and a grid, one
 * parallel loop each. */
#include "family.h"

typedef struct loop_spec_t {
    const char *workload;
    int kernel;
    bench_shape_t shape;
    size_t size;
    bool quick;
} loop_spec_t;

static const loop_spec_t specs[] = {
    {"map", BENCH_LOOP_map, BENCH_SHAPE_NONE, 10000, true},
    {"map", BENCH_LOOP_map, BENCH_SHAPE_NONE, 1000000, true},
    {"map", BENCH_LOOP_map, BENCH_SHAPE_NONE, 100000000, false},
    {"triad", BENCH_LOOP_triad, BENCH_SHAPE_NONE, 1000000, true},
    {"triad", BENCH_LOOP_triad, BENCH_SHAPE_NONE, 100000000, false},
    {"triangular", BENCH_LOOP_triangular, BENCH_SHAPE_NONE, 10000, true},
    {"heavy-tailed", BENCH_LOOP_costs, BENCH_SHAPE_HEAVY, 100000, true},
    {"spike", BENCH_LOOP_costs, BENCH_SHAPE_SPIKE, 100000, true},
    {"mandelbrot", BENCH_LOOP_mandelbrot, BENCH_SHAPE_NONE, 512, true},
    {"tiny", BENCH_LOOP_tiny, BENCH_SHAPE_NONE, 10000000, true},
    {"spmv-hubs-first", BENCH_LOOP_spmv, BENCH_SHAPE_HUBS_FIRST, 100000, true},
    {"spmv-shuffled", BENCH_LOOP_spmv, BENCH_SHAPE_HUBS_SHUFFLED, 100000, true},
    {"stencil", BENCH_LOOP_stencil, BENCH_SHAPE_NONE, 1024, true},
};

static bool prepare(const bench_case_t *c)
{
    const loop_spec_t *spec = c->spec;
    return bench_loop_prepare(spec->kernel, spec->shape, spec->size);
}

static int64_t run(const bench_case_t *c, uint64_t iterations)
{
    const loop_spec_t *spec = c->spec;
    bench_loop_fn *loop = c->runtime->loops[spec->kernel];
    for (uint64_t i = 0; i < iterations; i++)
        loop(bench_loop_data());
    return 0;
}

static bool is_right(const bench_case_t *c)
{
    (void)c;
    return bench_loop_is_right();
}

static bool is_offered(const bench_runtime_t *runtime, const void *ctx)
{
    const loop_spec_t *spec = ctx;
    return runtime->loops[spec->kernel] != NULL && runtime->pinned == NULL &&
           !(runtime->one_by_one && spec->size > 10000000);
}

void bench_add_loop(void)
{
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++)
        bench_add_for_all((bench_case_t){.family = "loop",
                                         .workload = specs[s].workload,
                                         .size = specs[s].size,
                                         .quick = specs[s].quick,
                                         .prepare = prepare,
                                         .run = run,
                                         .is_right = is_right,
                                         .spec = &specs[s]},
                          is_offered);
}
