/* bench_forkjoin.c - the forkjoin family: recursion that forks at every level. Most workloads have no
 * cut-off, so that their time is the cost of the fork. Runtimes that can are measured with one
 * worker as well: what a fork costs that nobody takes. */
#include "family.h"
#include "forkjoin.h"

#include <time.h>

typedef struct forkjoin_spec_t {
    const forkjoin_work_t *work;
    size_t size;
    bool quick;
    unsigned megaforks; /* about how many millions of forks */
    bool is_deep;       /* so many forks wait for each other that strangers nest to any depth */
    bool is_inside;     /* the iterations run inside the pool, not each from outside */
    bool is_one_fork;   /* one worker could tell nothing */
    int pause_ms;       /* before each iteration, not measured */
    uint64_t iterations;
} forkjoin_spec_t;

static const forkjoin_spec_t specs[] = {
    {.work = &forkjoin_fib, .size = 27, .quick = true},
    {.work = &forkjoin_fib, .size = 32, .megaforks = 3},
    {.work = &forkjoin_fib, .size = 40, .megaforks = 165},
    {.work = &forkjoin_tree, .size = 1023, .quick = true},
    {.work = &forkjoin_tree, .size = (1 << 20) - 1, .quick = true},
    {.work = &forkjoin_tree, .size = (1 << 24) - 1, .megaforks = 8, .is_deep = true},
    {.work = &forkjoin_queens, .size = 10, .quick = true},
    {.work = &forkjoin_queens, .size = 13, .megaforks = 4},
    {.work = &forkjoin_uts_geometric, .size = FORKJOIN_GEOMETRIC_SMALL, .quick = true},
    {.work = &forkjoin_uts_geometric, .size = FORKJOIN_GEOMETRIC, .megaforks = 5},
    {.work = &forkjoin_uts_binomial,
     .size = FORKJOIN_BINOMIAL_SMALL,
     .quick = true,
     .is_deep = true},
    {.work = &forkjoin_uts_binomial, .size = FORKJOIN_BINOMIAL, .megaforks = 14, .is_deep = true},
    {.work = &forkjoin_branches, .size = 1 << 15, .quick = true},
    {.work = &forkjoin_branches, .size = 1 << 21, .megaforks = 2},
    {.work = &forkjoin_branches_halved, .size = 1 << 15, .quick = true},
    {.work = &forkjoin_branches_halved, .size = 1 << 21, .megaforks = 2},
    {.work = &forkjoin_integrate, .size = 500, .quick = true},
    {.work = &forkjoin_integrate, .size = 3500, .megaforks = 4},
    {.work = &forkjoin_mergesort, .size = 1000000, .quick = true},
    {.work = &forkjoin_mergesort, .size = 10000000},
    {.work = &forkjoin_quicksort, .size = 1000000, .quick = true},
    {.work = &forkjoin_quicksort, .size = 5000000},
    {.work = &forkjoin_strassen, .size = 256, .quick = true},
    {.work = &forkjoin_strassen, .size = 1024},
    {.work = &forkjoin_pair, .size = 2, .quick = true, .is_one_fork = true},
    {.work = &forkjoin_pair_inside,
     .size = 2,
     .quick = true,
     .is_inside = true,
     .is_one_fork = true},
    {.work = &forkjoin_pair_cold,
     .size = 2,
     .quick = true,
     .is_one_fork = true,
     .pause_ms = 50,
     .iterations = 4},
    {.work = &forkjoin_meeting_cold,
     .size = 2,
     .quick = true,
     .is_one_fork = true,
     .pause_ms = 50,
     .iterations = 4},
};

/* Runtimes whose forks alone would take longer than this are left out. */
enum { PATIENCE_MS = 3000 };

static uint64_t current_forks;

static bool prepare(const bench_case_t *c)
{
    static const forkjoin_spec_t *current;
    const forkjoin_spec_t *spec = c->spec;
    if (current != spec) {
        current = NULL;
        if (!spec->work->make(spec->size, &current_forks)) return false;
        current = spec;
    }
    spec->work->spoil();
    return true;
}

typedef struct run_t {
    const bench_case_t *c;
    uint64_t iterations;
    int64_t ns;
} run_t;

static void run_through(void *ctx)
{
    const run_t *r = ctx;
    const forkjoin_spec_t *spec = r->c->spec;
    for (uint64_t i = 0; i < r->iterations; i++)
        spec->work->ask(r->c->runtime, spec->size);
}

static void run_with_pauses(void *ctx)
{
    run_t *r = ctx;
    const forkjoin_spec_t *spec = r->c->spec;
    for (uint64_t i = 0; i < r->iterations; i++) {
        nanosleep(&(struct timespec){0, spec->pause_ms * 1000000L}, NULL);
        int64_t start = bench_now();
        spec->work->ask(r->c->runtime, spec->size);
        r->ns += bench_now() - start;
    }
}

static int64_t run_around(bench_around_fn *around, const bench_case_t *c, uint64_t iterations)
{
    run_t r = {c, iterations, 0};
    const forkjoin_spec_t *spec = c->spec;
    void (*fn)(void *ctx) = spec->pause_ms != 0 ? run_with_pauses : run_through;
    if (around != NULL)
        around(fn, &r);
    else
        fn(&r);
    return r.ns;
}

static int64_t run(const bench_case_t *c, uint64_t iterations)
{
    const forkjoin_spec_t *spec = c->spec;
    bench_around_fn *inside = spec->is_inside ? c->runtime->inside : NULL;
    return run_around(c->runtime->crowd != 0 ? c->runtime->with_crowd : inside, c, iterations);
}

static int64_t run_with_one_thread(const bench_case_t *c, uint64_t iterations)
{
    return run_around(c->runtime->with_one_thread, c, iterations);
}

static bool is_right(const bench_case_t *c)
{
    return ((const forkjoin_spec_t *)c->spec)->work->is_right();
}

static uint64_t forks(const bench_case_t *c)
{
    (void)c;
    return current_forks;
}

static void add_spec(const forkjoin_spec_t *spec, const bench_runtime_t *runtime)
{
    bench_case_t c = {
        .family = "forkjoin",
        .workload = spec->work->name,
        .runtime = runtime,
        .size = spec->size,
        .threads = bench_threads_of(runtime),
        .quick = spec->quick &&
                 (!runtime->is_variant || runtime->crowd != 0 || spec->work == &forkjoin_fib),
        .iterations = spec->iterations,
        .prepare = prepare,
        .run = run,
        .is_right = is_right,
        .forks = runtime->is_serial ? NULL : forks,
        .spec = spec,
    };
    if (spec->is_one_fork)
        bench_add(&c);
    else
        bench_add_and_with_one_thread(c, run_with_one_thread);
}

void bench_add_forkjoin(void)
{
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++)
        for (size_t r = 0; bench_runtimes[r] != NULL; r++) {
            const bench_runtime_t *runtime = bench_runtimes[r];
            if (specs[s].work->is_offered(runtime) &&
                specs[s].megaforks * runtime->fork_ns <= PATIENCE_MS &&
                !(specs[s].is_deep && runtime->is_shallow))
                add_spec(&specs[s], runtime);
        }
}
