/* algo.c - how an algorithm's answers become benchmarks, and the runtimes that are only names. */
#include "algo.h"

#include <stdlib.h>

const bench_runtime_t bench_std = {.name = "std", .is_serial = true};
const bench_runtime_t bench_qsort = {.name = "qsort", .is_serial = true};

#if defined(BENCH_PARALLEL_MODE)
const bench_runtime_t bench_gnu = {
    .name = "gnu", .loops = {[BENCH_LOOP_nothing] = bench_openmp_nothing_by_default}};
#endif

#if defined(BENCH_TBB)
static void pstl_nothing(const bench_loop_t *d)
{
    bench_tbb.loops[BENCH_LOOP_nothing](d);
}
const bench_runtime_t bench_pstl = {.name = "pstl", .loops = {[BENCH_LOOP_nothing] = pstl_nothing}};
#endif

/* What one benchmark needs: bench_case_t.spec points to it. */
typedef struct part_t {
    const bench_algo_t *algo;
    const bench_answer_t *answer;
} part_t;

enum { MAX_PARTS = 1024 };
static part_t parts[MAX_PARTS];
static size_t n_parts;

static bool prepare(const bench_case_t *c)
{
    const part_t *part = c->spec;
    return part->algo->prepare(part->algo);
}

static int64_t run(const bench_case_t *c, uint64_t iterations)
{
    const part_t *part = c->spec;
    for (uint64_t i = 0; i < iterations; i++)
        part->answer->run(part->algo);
    return 0;
}

static int64_t run_in_place(const bench_case_t *c, uint64_t iterations)
{
    const part_t *part = c->spec;
    int64_t ns = 0;
    for (uint64_t i = 0; i < iterations; i++) {
        part->algo->restore(part->algo);
        int64_t start = bench_now();
        part->answer->run(part->algo);
        ns += bench_now() - start;
    }
    return ns;
}

static bool is_right(const bench_case_t *c)
{
    const part_t *part = c->spec;
    return part->algo->is_right(part->algo);
}

/* Enough runs for 0.1 s when an element takes 5 ns. */
static uint64_t runs_in_place(size_t size)
{
    const uint64_t enough = 20000000;
    return size >= enough ? 1 : enough / (size + 1) + 1;
}

static void add(const bench_algo_t *a, const bench_answer_t *answer)
{
    if (n_parts == MAX_PARTS) abort(); /* a longer table is needed */
    part_t *part = &parts[n_parts++];
    *part = (part_t){a, answer};
    bool in_place = a->restore != NULL;
    bench_add(&(bench_case_t){
        .family = "algo",
        .workload = a->workload,
        .runtime = answer->runtime,
        .size = a->size,
        .threads = bench_threads_of(answer->runtime),
        .quick = a->quick,
        .iterations = in_place ? runs_in_place(a->size) : 0,
        .prepare = prepare,
        .run = in_place ? run_in_place : run,
        .is_right = is_right,
        .spec = part,
    });
}

void bench_add_algo(const bench_algo_t *a)
{
    for (size_t i = 0; i < a->n_answers; i++)
        if (a->answers[i].runtime != NULL) add(a, &a->answers[i]);
}

void bench_add_algos(void)
{
#define BENCH_X(name) bench_algo_##name();
    BENCH_ALGOS(BENCH_X)
#undef BENCH_X
}
