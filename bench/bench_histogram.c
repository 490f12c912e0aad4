/* bench_histogram.c - the counts of each byte: a loop whose iterations write to few places, so that
 * every runtime folds into tables of its own and adds them at the end. */
#include "data.h"

#include <string.h>

static const struct {
    size_t n;
    bool quick;
} sizes[] = {{10000, false}, {1000000, true}, {100000000, false}};

static struct {
    uint8_t *x;
    size_t n;
    uint64_t answer[BENCH_BINS], result[BENCH_BINS];
} data;

static bool prepare(const bench_case_t *c)
{
    if (data.n != c->size) {
        bench_free(data.x);
        data.n = 0;
        data.x = bench_alloc(c->size);
        if (data.x == NULL) return false;
        for (size_t i = 0; i < c->size; i++)
            data.x[i] = (uint8_t)(bench_work(2, i) >> 56);
        data.n = c->size;
        memset(data.answer, 0, sizeof data.answer);
        bench_serial.histogram(data.x, data.n, data.answer);
    }
    memset(data.result, 0xa5, sizeof data.result);
    return true;
}

static int64_t run(const bench_case_t *c, uint64_t iterations)
{
    for (uint64_t i = 0; i < iterations; i++) {
        memset(data.result, 0, sizeof data.result);
        c->runtime->histogram(data.x, data.n, data.result);
    }
    return 0;
}

static bool is_right(const bench_case_t *c)
{
    (void)c;
    return memcmp(data.result, data.answer, sizeof data.answer) == 0;
}

void bench_add_histogram(void)
{
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t r = 0; bench_runtimes[r] != NULL; r++) {
            const bench_runtime_t *runtime = bench_runtimes[r];
            if (runtime->histogram == NULL) continue;
            bench_add(&(bench_case_t){
                .family = "loop",
                .workload = "histogram",
                .runtime = runtime,
                .size = sizes[i].n,
                .threads = runtime->is_serial ? 1 : bench_threads(),
                .quick = sizes[i].quick,
                .prepare = prepare,
                .run = run,
                .is_right = is_right,
            });
        }
}
