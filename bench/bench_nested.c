/* bench_nested.c - the nested family: a loop of a few iterations, each of which is a map of its own
 * arrays. The workload says how many, the size how long each is. */
#include "family.h"

typedef struct nested_spec_t {
    const char *workload;
    size_t parts, size;
    bool quick;
} nested_spec_t;

static const nested_spec_t specs[] = {
    {"map-8x", 8, 100000, true},
    {"map-3x", 3, 100000, false},
    {"map-3x", 3, 10000, true},
};

static bool prepare(const bench_case_t *c)
{
    const nested_spec_t *spec = c->spec;
    return bench_loop_prepare(BENCH_LOOP_map, BENCH_SHAPE_NONE, spec->parts * spec->size);
}

static int64_t run(const bench_case_t *c, uint64_t iterations)
{
    const nested_spec_t *spec = c->spec;
    for (uint64_t i = 0; i < iterations; i++)
        c->runtime->nested(bench_loop_data(), spec->parts);
    return 0;
}

static bool is_right(const bench_case_t *c)
{
    (void)c;
    return bench_loop_is_right();
}

static bool is_offered(const bench_runtime_t *runtime, const void *spec)
{
    (void)spec;
    return runtime->nested != NULL;
}

void bench_add_nested(void)
{
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++)
        bench_add_for_all((bench_case_t){.family = "nested",
                                         .workload = specs[s].workload,
                                         .size = specs[s].size,
                                         .quick = specs[s].quick,
                                         .prepare = prepare,
                                         .run = run,
                                         .is_right = is_right,
                                         .spec = &specs[s]},
                          is_offered);
}
