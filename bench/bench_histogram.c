/* bench_histogram.c - the counts of each byte, and of each number of 16 bits: a loop whose iterations
 * write to few places, so that every runtime counts into tables of its own and adds them at the end.
 * The tables of 16 bits are so large, 512 KiB, that there should be no more of them than threads. */
#include "family.h"

#include <string.h>

typedef struct histogram_spec_t {
    const char *workload;
    size_t n_bins, n;
    bool quick;
} histogram_spec_t;

static const histogram_spec_t specs[] = {
    {"histogram", BENCH_BINS, 10000, false},
    {"histogram", BENCH_BINS, 1000000, true},
    {"histogram", BENCH_BINS, 100000000, false},
    {"histogram-wide", BENCH_BINS_WIDE, 1000000, true},
    {"histogram-wide", BENCH_BINS_WIDE, 10000000, false},
};

static struct {
    const histogram_spec_t *spec;
    uint8_t *bytes;
    uint16_t *wide;
    uint64_t answer[BENCH_BINS_WIDE], result[BENCH_BINS_WIDE];
} data;

static void count(const bench_runtime_t *runtime, uint64_t *counts)
{
    memset(counts, 0, data.spec->n_bins * sizeof *counts);
    if (data.spec->n_bins == BENCH_BINS)
        runtime->histogram(data.bytes, data.spec->n, counts);
    else
        runtime->histogram_wide(data.wide, data.spec->n, counts);
}

static bool make(const histogram_spec_t *spec)
{
    bool is_wide = spec->n_bins != BENCH_BINS;
    bench_free(data.bytes);
    bench_free(data.wide);
    data.spec = NULL;
    data.bytes = is_wide ? NULL : bench_alloc(spec->n * sizeof *data.bytes);
    data.wide = is_wide ? bench_alloc(spec->n * sizeof *data.wide) : NULL;
    if (data.bytes == NULL && data.wide == NULL) return false;
    for (size_t i = 0; i < spec->n; i++) {
        uint64_t random = bench_work(2, i);
        if (is_wide)
            data.wide[i] = (uint16_t)(random >> 48);
        else
            data.bytes[i] = (uint8_t)(random >> 56);
    }
    data.spec = spec;
    count(&bench_serial, data.answer);
    return true;
}

static bool prepare(const bench_case_t *c)
{
    if (data.spec != c->spec && !make(c->spec)) return false;
    memset(data.result, 0xa5, sizeof data.result);
    return true;
}

static int64_t run(const bench_case_t *c, uint64_t iterations)
{
    for (uint64_t i = 0; i < iterations; i++)
        count(c->runtime, data.result);
    return 0;
}

static bool is_right(const bench_case_t *c)
{
    (void)c;
    return memcmp(data.result, data.answer, data.spec->n_bins * sizeof *data.answer) == 0;
}

static bool is_offered(const bench_runtime_t *runtime, const void *spec)
{
    return ((const histogram_spec_t *)spec)->n_bins == BENCH_BINS ? runtime->histogram != NULL
                                                                  : runtime->histogram_wide != NULL;
}

void bench_add_histogram(void)
{
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++)
        bench_add_for_all((bench_case_t){.family = "loop",
                                         .workload = specs[s].workload,
                                         .size = specs[s].n,
                                         .quick = specs[s].quick,
                                         .prepare = prepare,
                                         .run = run,
                                         .is_right = is_right,
                                         .spec = &specs[s]},
                          is_offered);
}
