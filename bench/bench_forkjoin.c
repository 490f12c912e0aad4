/* bench_forkjoin.c - the forkjoin family: recursion that forks at every level. fib, tree and
 * queens have no cut-off, so that their time is the cost of the fork; sort has one, as real
 * programs do. par is also measured with one worker: what a fork costs that nobody takes. */
#include "data.h"

typedef struct forkjoin_spec_t {
    const char *workload;
    size_t size;
    bool quick;
    bool (*make)(size_t size); /* false: no memory */
    void (*ask)(const bench_runtime_t *runtime, size_t size);
    bool (*is_offered)(const bench_runtime_t *runtime);
    uint64_t (*forks)(size_t size); /* NULL: the work between forks is not negligible */
    void (*spoil)(void);
    bool (*is_right)(void);
} forkjoin_spec_t;

/* fib, tree and queens answer with a number. */
static uint64_t result, answer;

static void spoil_number(void)
{
    result = ~answer;
}

static bool is_number_right(void)
{
    return result == answer;
}

static void ask_fib(const bench_runtime_t *runtime, size_t size)
{
    result = runtime->fib((unsigned)size);
}

static bool make_fib(size_t size)
{
    answer = bench_serial.fib((unsigned)size);
    return true;
}

static bool offers_fib(const bench_runtime_t *runtime)
{
    return runtime->fib != NULL;
}

/* fib(n) makes fib(n + 1) - 1 calls that fork. */
static uint64_t forks_of_fib(size_t size)
{
    uint64_t a = 0, b = 1;
    for (size_t i = 0; i <= size; i++) {
        uint64_t next = a + b;
        a = b;
        b = next;
    }
    return a - 1;
}

/* A complete tree, its nodes in the order of a search that goes left first. */
static bench_node_t *nodes;

static const bench_node_t *tree_grow(bench_node_t **next, size_t size)
{
    bench_node_t *node = (*next)++;
    *node = (bench_node_t){NULL, NULL, (uint64_t)(node - nodes) + 1};
    if (size > 1) {
        node->left = tree_grow(next, size / 2);
        node->right = tree_grow(next, size / 2);
    }
    return node;
}

static bool make_tree(size_t size)
{
    bench_free(nodes);
    nodes = bench_alloc(size * sizeof *nodes);
    if (nodes == NULL) return false;
    bench_node_t *next = nodes;
    tree_grow(&next, size);
    answer = bench_serial.tree(nodes);
    return true;
}

static void ask_tree(const bench_runtime_t *runtime, size_t size)
{
    (void)size;
    result = runtime->tree(nodes);
}

static bool offers_tree(const bench_runtime_t *runtime)
{
    return runtime->tree != NULL;
}

static uint64_t forks_of_tree(size_t size)
{
    return size / 2;
}

static bool make_queens(size_t size)
{
    answer = bench_serial.queens((unsigned)size);
    return true;
}

static void ask_queens(const bench_runtime_t *runtime, size_t size)
{
    result = runtime->queens((unsigned)size);
}

static bool offers_queens(const bench_runtime_t *runtime)
{
    return runtime->queens != NULL;
}

/* A fork for each placement that has a sibling. */
static uint64_t forks_below(bench_board_t b)
{
    uint32_t rest = bench_board_free(b);
    uint64_t forks = 0;
    for (; rest != 0; rest &= rest - 1) {
        forks += (rest & (rest - 1)) != 0;
        forks += forks_below(bench_board_place(b, rest & (~rest + 1)));
    }
    return forks;
}

static uint64_t forks_of_queens(size_t size)
{
    return forks_below(bench_board((unsigned)size));
}

static bench_sort_t sorting;

static bool make_sort(size_t size)
{
    static int32_t *from, *to, *scratch;
    bench_free(from);
    bench_free(to);
    bench_free(scratch);
    from = bench_alloc(size * sizeof *from);
    to = bench_alloc(size * sizeof *to);
    scratch = bench_alloc(size * sizeof *scratch);
    if (from == NULL || to == NULL || scratch == NULL) return false;
    for (size_t i = 0; i < size; i++)
        from[i] = (int32_t)(bench_work(3, i) >> 33);
    sorting = (bench_sort_t){size, from, to, scratch};
    return true;
}

static void ask_sort(const bench_runtime_t *runtime, size_t size)
{
    (void)size;
    runtime->sort(&sorting);
}

static bool offers_sort(const bench_runtime_t *runtime)
{
    return runtime->sort != NULL;
}

static void spoil_sort(void)
{
    for (size_t i = 0; i < sorting.n; i++)
        sorting.to[i] = -1;
}

/* The same elements in order; that they are the same is seen by a sum of hashes. */
static bool is_sort_right(void)
{
    uint64_t before = 0, after = 0;
    for (size_t i = 0; i < sorting.n; i++) {
        if (i > 0 && sorting.to[i - 1] > sorting.to[i]) return false;
        before += bench_work(1, (uint64_t)sorting.from[i]);
        after += bench_work(1, (uint64_t)sorting.to[i]);
    }
    return before == after;
}

#define NUMBER(name)                                                                               \
    make_##name, ask_##name, offers_##name, forks_of_##name, spoil_number, is_number_right

static const forkjoin_spec_t specs[] = {
    {"fib", 27, true, NUMBER(fib)},
    {"fib", 32, false, NUMBER(fib)},
    {"tree", 1023, true, NUMBER(tree)},
    {"tree", (1 << 20) - 1, true, NUMBER(tree)},
    {"queens", 10, true, NUMBER(queens)},
    {"queens", 12, false, NUMBER(queens)},
    {"sort", 1000000, true, make_sort, ask_sort, offers_sort, NULL, spoil_sort, is_sort_right},
};

static bool prepare(const bench_case_t *c)
{
    static const forkjoin_spec_t *current;
    const forkjoin_spec_t *spec = c->spec;
    if (current != spec) {
        current = NULL;
        if (!spec->make(spec->size)) return false;
        current = spec;
    }
    spec->spoil();
    return true;
}

typedef struct run_t {
    const bench_case_t *c;
    uint64_t iterations;
} run_t;

static void run_here(void *ctx)
{
    const run_t *r = ctx;
    const forkjoin_spec_t *spec = r->c->spec;
    for (uint64_t i = 0; i < r->iterations; i++)
        spec->ask(r->c->runtime, spec->size);
}

static int64_t run(const bench_case_t *c, uint64_t iterations)
{
    run_t r = {c, iterations};
    run_here(&r);
    return 0;
}

static int64_t run_with_one_thread(const bench_case_t *c, uint64_t iterations)
{
    run_t r = {c, iterations};
    c->runtime->with_one_thread(run_here, &r);
    return 0;
}

static bool is_right(const bench_case_t *c)
{
    return ((const forkjoin_spec_t *)c->spec)->is_right();
}

static uint64_t forks(const bench_case_t *c)
{
    const forkjoin_spec_t *spec = c->spec;
    return spec->forks(spec->size);
}

static void add_spec(const forkjoin_spec_t *spec, const bench_runtime_t *runtime)
{
    bench_case_t c = {
        .family = "forkjoin",
        .workload = spec->workload,
        .runtime = runtime,
        .size = spec->size,
        .threads = runtime->is_serial ? 1 : bench_threads(),
        .quick = spec->quick,
        .prepare = prepare,
        .run = run,
        .is_right = is_right,
        .forks = runtime->is_serial || spec->forks == NULL ? NULL : forks,
        .spec = spec,
    };
    bench_add(&c);
    if (runtime->with_one_thread == NULL || c.threads == 1) return;
    c.threads = 1;
    c.run = run_with_one_thread;
    bench_add(&c);
}

void bench_add_forkjoin(void)
{
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++)
        for (size_t r = 0; bench_runtimes[r] != NULL; r++)
            if (specs[s].is_offered(bench_runtimes[r])) add_spec(&specs[s], bench_runtimes[r]);
}
