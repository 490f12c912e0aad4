/* forkjoin_numbers.c - recursion without cut-off that answers with a number: its time is the cost of
 * the fork, next to nothing else. */
#include "forkjoin.h"

#include <string.h>

static uint64_t result, answer;

static void spoil_number(void)
{
    result = ~answer;
}

static bool is_number_right(void)
{
    return result == answer;
}

/* fib(n) makes fib(n + 1) - 1 calls that fork. */
static bool make_fib(size_t size, uint64_t *forks)
{
    uint64_t a = 0, b = 1;
    for (size_t i = 0; i < size; i++) {
        uint64_t next = a + b;
        a = b;
        b = next;
    }
    answer = a;
    *forks = b - 1;
    return true;
}

static void ask_fib(const bench_runtime_t *runtime, size_t size)
{
    result = runtime->fib((unsigned)size);
}

static bool offers_fib(const bench_runtime_t *runtime)
{
    return runtime->fib != NULL;
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

static bool make_tree(size_t size, uint64_t *forks)
{
    bench_free(nodes);
    nodes = bench_alloc(size * sizeof *nodes);
    if (nodes == NULL) return false;
    bench_node_t *next = nodes;
    tree_grow(&next, size);
    answer = bench_serial.tree(nodes);
    *forks = size / 2;
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

static bool make_queens(size_t size, uint64_t *forks)
{
    answer = bench_serial.queens((unsigned)size);
    *forks = forks_below(bench_board((unsigned)size));
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

/* The geometric trees are wide and no deeper than their limit, four children a node on average; the
 * binomial ones are a few long threads: eight children or none, just below one on average. */
static const struct {
    uint64_t nodes;
    bench_uts_t tree;
} forest[] = {
    {FORKJOIN_GEOMETRIC_SMALL, {0x362259904816818c, 3435973836, 8, 0, 0}},
    {FORKJOIN_GEOMETRIC, {0x88712be8a582fca, 3435973836, 10, 0, 0}},
    {FORKJOIN_BINOMIAL_SMALL, {3, 534723428, 0, 8, 200}},
    {FORKJOIN_BINOMIAL, {0x40a2076f607ff23, 536334041, 0, 8, 2000}},
};

static bench_uts_t uts;

static uint64_t uts_forks(uint64_t hash, uint32_t depth)
{
    uint32_t children = bench_uts_children(&uts, hash, depth);
    uint64_t forks = children > 0 ? children - 1 : 0;
    for (uint32_t i = 0; i < children; i++)
        forks += uts_forks(bench_uts_child(hash, i), depth + 1);
    return forks;
}

/* The answer is the number written down above, so that the serial code is checked as well. */
static bool make_uts(size_t size, uint64_t *forks)
{
    size_t i = 0;
    while (forest[i].nodes != size)
        i++;
    uts = forest[i].tree;
    answer = size;
    *forks = uts_forks(uts.seed, 0);
    return true;
}

static void ask_uts(const bench_runtime_t *runtime, size_t size)
{
    (void)size;
    result = runtime->uts(&uts);
}

static bool offers_uts(const bench_runtime_t *runtime)
{
    return runtime->uts != NULL;
}

static bench_interval_t interval;

static uint64_t integrate_forks(const bench_interval_t *i)
{
    bench_interval_t left, right;
    if (bench_interval_halve(i, &left, &right)) return 0;
    return 1 + integrate_forks(&left) + integrate_forks(&right);
}

/* The sum is taken in the same order by everybody: equal to the last bit. */
static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static bool make_integrate(size_t size, uint64_t *forks)
{
    double end = (double)size;
    interval = bench_interval(0.0, bench_cubic(0.0), end, bench_cubic(end));
    answer = bits_of(bench_serial.integrate(&interval));
    *forks = integrate_forks(&interval);
    return true;
}

static void ask_integrate(const bench_runtime_t *runtime, size_t size)
{
    (void)size;
    result = bits_of(runtime->integrate(&interval));
}

static bool offers_integrate(const bench_runtime_t *runtime)
{
    return runtime->integrate != NULL;
}

static unsigned branches_depth(size_t leaves)
{
    unsigned depth = 0;
    for (; leaves > 1; leaves /= BENCH_BRANCHES)
        depth++;
    return depth;
}

/* One fork for each branch of a node but the first. */
static bool make_branches(size_t size, uint64_t *forks)
{
    answer = size;
    *forks = size - 1;
    return true;
}

static void ask_branches(const bench_runtime_t *runtime, size_t size)
{
    result = runtime->branches(branches_depth(size));
}

static bool offers_branches(const bench_runtime_t *runtime)
{
    return runtime->branches != NULL;
}

static void ask_branches_halved(const bench_runtime_t *runtime, size_t size)
{
    result = runtime->branches_halved(branches_depth(size));
}

static bool offers_branches_halved(const bench_runtime_t *runtime)
{
    return runtime->branches_halved != NULL;
}

#define NUMBER(name, kind)                                                                         \
    {                                                                                              \
        name, make_##kind, ask_##kind, offers_##kind, spoil_number, is_number_right                \
    }

const forkjoin_work_t forkjoin_fib = NUMBER("fib", fib);
const forkjoin_work_t forkjoin_tree = NUMBER("tree", tree);
const forkjoin_work_t forkjoin_queens = NUMBER("queens", queens);
const forkjoin_work_t forkjoin_uts_geometric = NUMBER("uts-geometric", uts);
const forkjoin_work_t forkjoin_uts_binomial = NUMBER("uts-binomial", uts);
const forkjoin_work_t forkjoin_integrate = NUMBER("integrate", integrate);
const forkjoin_work_t forkjoin_branches = NUMBER("branches", branches);
const forkjoin_work_t forkjoin_branches_halved = {"branches-halved",   make_branches,
                                                  ask_branches_halved, offers_branches_halved,
                                                  spoil_number,        is_number_right};
