/* bench_try.c - loops that can fail: a map that asks each of its numbers whether it is negative. When none is,
 * what is paid is the asking; when one is, the rest of the loop is to stop. That there is but one makes
 * the answer the same for all: par alone promises the lowest failure, and all that is below it. */
#include "family.h"

typedef struct try_spec_t {
    const char *workload;
    size_t n, block;
    size_t bad; /* which number is negative; n: none */
    bool quick;
} try_spec_t;

enum { N = 1000000 };

static const try_spec_t specs[] = {
    {"try", N, 0, N, true},
    {"try-tenth", N, 0, N / 10, true},
    {"try-blocks-of-64", N, 64, N, false},
};

static struct {
    double *x, *z;
    bench_try_t loop;
    size_t failed;
} data;

static bool make(size_t n)
{
    if (data.loop.n == n) return true;
    bench_free(data.x);
    bench_free(data.z);
    data.loop.n = 0;
    data.x = bench_alloc(n * sizeof *data.x);
    data.z = bench_alloc(n * sizeof *data.z);
    if (data.x == NULL || data.z == NULL) return false;
    data.loop = (bench_try_t){.n = n, .x = data.x, .z = data.z};
    return true;
}

static bool prepare(const bench_case_t *c)
{
    const try_spec_t *spec = c->spec;
    if (!make(spec->n)) return false;
    for (size_t i = 0; i < spec->n; i++) {
        data.x[i] = i == spec->bad ? -1.0 : (double)(i % 1000);
        data.z[i] = -1.0;
    }
    data.loop.block = spec->block;
    data.failed = SIZE_MAX;
    return true;
}

static int64_t run(const bench_case_t *c, uint64_t iterations)
{
    for (uint64_t i = 0; i < iterations; i++)
        data.failed = c->runtime->try_loop(&data.loop);
    return 0;
}

/* What was left out is what it was, and what was not is right. */
static bool is_right(const bench_case_t *c)
{
    const try_spec_t *spec = c->spec;
    size_t sure = spec->bad == spec->n || c->runtime->is_par ? spec->bad : 0;
    if (data.failed != spec->bad) return false;
    for (size_t i = 0; i < spec->n; i++)
        if (data.z[i] != 2.0 * data.x[i] + 1.0 && (i < sure || data.z[i] != -1.0)) return false;
    return true;
}

static bool is_offered(const bench_runtime_t *runtime, const void *spec)
{
    (void)spec;
    return runtime->try_loop != NULL;
}

void bench_add_try(void)
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
