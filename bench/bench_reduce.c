/* bench_reduce.c - the reduce family: sums, dot products, extremes and more of doubles, in cache and out
 * of it. The values are whole numbers, so that every order of the additions gives the same answer. */
#include "family.h"

/* From OP_FIRST on: bench_runtime_t.reductions. */
typedef enum reduce_op_t { OP_SUM, OP_DOT, OP_FIRST } reduce_op_t;

typedef struct reduce_spec_t {
    const char *workload;
    int op;
} reduce_spec_t;

#define SPEC(name) {#name, OP_FIRST + BENCH_REDUCE_##name},
static const reduce_spec_t specs[] = {{"sum", OP_SUM}, {"dot", OP_DOT}, BENCH_REDUCTIONS(SPEC)};

static const struct {
    size_t n;
    bool quick;
} sizes[] = {{1000, true},     {10000, false},   {100000, true},
             {1000000, false}, {10000000, true}, {100000000, false}};

static struct {
    double *x, *y;
    size_t n;
    int op;
    double answer, result;
} data;

static bool is_offered(const bench_runtime_t *runtime, const void *spec)
{
    int op = ((const reduce_spec_t *)spec)->op;
    if (op == OP_SUM) return runtime->sum != NULL;
    if (op == OP_DOT) return runtime->dot != NULL;
    return runtime->reductions[op - OP_FIRST] != NULL;
}

static double ask(const bench_runtime_t *runtime)
{
    if (data.op == OP_SUM) return runtime->sum(data.x, data.n);
    if (data.op == OP_DOT) return runtime->dot(data.x, data.y, data.n);
    return runtime->reductions[data.op - OP_FIRST](data.x, data.n);
}

static bool make(int op, size_t n)
{
    bench_free(data.x);
    bench_free(data.y);
    data.n = 0;
    data.x = bench_alloc(n * sizeof *data.x);
    data.y = op == OP_DOT ? bench_alloc(n * sizeof *data.y) : NULL;
    if (data.x == NULL || (op == OP_DOT && data.y == NULL)) return false;
    for (size_t i = 0; i < n; i++) {
        data.x[i] = (double)(bench_work(1, i) >> 54);
        if (data.y != NULL) data.y[i] = (double)(bench_work(2, i) >> 54);
    }
    data.n = n;
    data.op = op;
    data.answer = ask(&bench_serial);
    return true;
}

static bool prepare(const bench_case_t *c)
{
    const reduce_spec_t *spec = c->spec;
    if ((data.n != c->size || data.op != spec->op) && !make(spec->op, c->size)) return false;
    data.result = -1.0;
    return true;
}

static int64_t run(const bench_case_t *c, uint64_t iterations)
{
    for (uint64_t i = 0; i < iterations; i++)
        data.result = ask(c->runtime);
    return 0;
}

static bool is_right(const bench_case_t *c)
{
    (void)c;
    return data.result == data.answer;
}

void bench_add_reduce(void)
{
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
            bench_add_for_all((bench_case_t){.family = "reduce",
                                             .workload = specs[s].workload,
                                             .size = sizes[i].n,
                                             .quick = sizes[i].quick,
                                             .prepare = prepare,
                                             .run = run,
                                             .is_right = is_right,
                                             .spec = &specs[s]},
                              is_offered);
}
