/* bench_scope.c - the scope family: what it costs to spawn a task that is only waited for with all
 * others of its scope. The tasks do next to nothing: each adds one to a byte of its own. */
#include "family.h"

#include <string.h>

typedef struct scope_spec_t {
    const char *workload;
    int scope;
    size_t size;
    bool quick;
} scope_spec_t;

static const scope_spec_t specs[] = {
    {"flat", BENCH_SCOPE_FLAT, 1000, true},      {"flat", BENCH_SCOPE_FLAT, 1000000, true},
    {"flat", BENCH_SCOPE_FLAT, 10000000, false}, {"spread", BENCH_SCOPE_SPREAD, 1000000, true},
    {"items", BENCH_SCOPE_ITEMS, 100000, true},
};

static uint8_t *marks;
static uint8_t marks_due; /* how often each task must have run */

static bool prepare(const bench_case_t *c)
{
    static size_t size;
    if (size != c->size) {
        bench_free(marks);
        marks = bench_alloc(c->size);
        size = marks == NULL ? 0 : c->size;
    }
    if (marks == NULL) return false;
    memset(marks, 0, size);
    marks_due = 0;
    return true;
}

typedef struct run_t {
    const bench_case_t *c;
    uint64_t iterations;
} run_t;

static void run_through(void *ctx)
{
    const run_t *r = ctx;
    const scope_spec_t *spec = r->c->spec;
    for (uint64_t i = 0; i < r->iterations; i++)
        r->c->runtime->scopes[spec->scope](marks, spec->size);
    marks_due = (uint8_t)(marks_due + r->iterations);
}

static int64_t run(const bench_case_t *c, uint64_t iterations)
{
    run_through(&(run_t){c, iterations});
    return 0;
}

static int64_t run_with_one_thread(const bench_case_t *c, uint64_t iterations)
{
    run_t r = {c, iterations};
    c->runtime->with_one_thread(run_through, &r);
    return 0;
}

static bool is_right(const bench_case_t *c)
{
    for (size_t i = 0; i < c->size; i++)
        if (marks[i] != marks_due) return false;
    return true;
}

static uint64_t forks(const bench_case_t *c)
{
    return c->size;
}

static void add_spec(const scope_spec_t *spec, const bench_runtime_t *runtime)
{
    bench_case_t c = {.family = "scope",
                      .workload = spec->workload,
                      .runtime = runtime,
                      .size = spec->size,
                      .threads = bench_threads_of(runtime),
                      .quick = spec->quick,
                      .prepare = prepare,
                      .run = run,
                      .is_right = is_right,
                      .forks = runtime->is_serial ? NULL : forks,
                      .spec = spec};
    bench_add_and_with_one_thread(c, run_with_one_thread);
}

void bench_add_scope(void)
{
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++)
        for (size_t r = 0; bench_runtimes[r] != NULL; r++)
            if (bench_runtimes[r]->scopes[specs[s].scope] != NULL)
                add_spec(&specs[s], bench_runtimes[r]);
}
