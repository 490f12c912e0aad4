/* pthread_forkjoin.c - the naive pool's answers to the forkjoin family. */
#include "pthread_pool.h"

typedef struct fib_t {
    bench_task_t task;
    unsigned n;
    uint64_t result;
} fib_t;

static void fib_run(bench_task_t *task)
{
    fib_t *f = (fib_t *)task;
    f->result = bench_pool_fib(f->n);
}

uint64_t bench_pool_fib(unsigned n)
{
    if (n < 2) return n;
    fib_t a = {.task.run = fib_run, .n = n - 1};
    bench_pool_fork(&a.task);
    uint64_t b = bench_pool_fib(n - 2);
    bench_pool_join(&a.task);
    return a.result + b;
}

typedef struct tree_t {
    bench_task_t task;
    const bench_node_t *node;
    uint64_t result;
} tree_t;

static void tree_run(bench_task_t *task)
{
    tree_t *t = (tree_t *)task;
    t->result = bench_pool_tree(t->node);
}

uint64_t bench_pool_tree(const bench_node_t *node)
{
    if (node->left == NULL) return node->value;
    tree_t a = {.task.run = tree_run, .node = node->left};
    bench_pool_fork(&a.task);
    uint64_t b = bench_pool_tree(node->right);
    bench_pool_join(&a.task);
    return node->value + a.result + b;
}

typedef struct queens_t {
    bench_task_t task;
    bench_board_t board;
    uint64_t result;
} queens_t;

static uint64_t place_all(bench_board_t b);

static void queens_run(bench_task_t *task)
{
    queens_t *q = (queens_t *)task;
    q->result = place_all(q->board);
}

static uint64_t place_all(bench_board_t b)
{
    if (b.columns == b.all) return 1;
    uint32_t rest = bench_board_free(b);
    if (rest == 0) return 0;
    queens_t others[32];
    int n = 0;
    for (; (rest & (rest - 1)) != 0; rest &= rest - 1, n++) {
        others[n].task.run = queens_run;
        others[n].board = bench_board_place(b, rest & (~rest + 1));
        bench_pool_fork(&others[n].task);
    }
    uint64_t solutions = place_all(bench_board_place(b, rest));
    while (n-- > 0) {
        bench_pool_join(&others[n].task);
        solutions += others[n].result;
    }
    return solutions;
}

uint64_t bench_pool_queens(unsigned n)
{
    return place_all(bench_board(n));
}

typedef struct uts_t {
    bench_task_t task;
    const bench_uts_t *tree;
    uint64_t hash, nodes;
    uint32_t depth;
} uts_t;

static uint64_t search(const bench_uts_t *t, uint64_t hash, uint32_t depth);

static void uts_run(bench_task_t *task)
{
    uts_t *u = (uts_t *)task;
    u->nodes = search(u->tree, u->hash, u->depth);
}

static uint64_t search(const bench_uts_t *t, uint64_t hash, uint32_t depth)
{
    uint32_t children = bench_uts_children(t, hash, depth);
    uint64_t nodes = 1;
    uts_t others[BENCH_UTS_BLOCK];
    for (uint32_t first = 0; first < children; first += BENCH_UTS_BLOCK) {
        uint32_t n = children - first < BENCH_UTS_BLOCK ? children - first : BENCH_UTS_BLOCK;
        for (uint32_t i = 0; i + 1 < n; i++) {
            others[i] = (uts_t){.task.run = uts_run,
                                .tree = t,
                                .hash = bench_uts_child(hash, first + i),
                                .depth = depth + 1};
            bench_pool_fork(&others[i].task);
        }
        nodes += search(t, bench_uts_child(hash, first + n - 1), depth + 1);
        for (uint32_t i = n - 1; i-- > 0;) {
            bench_pool_join(&others[i].task);
            nodes += others[i].nodes;
        }
    }
    return nodes;
}

uint64_t bench_pool_uts(const bench_uts_t *t)
{
    return search(t, t->seed, 0);
}

typedef struct integrate_t {
    bench_task_t task;
    bench_interval_t interval;
    double result;
} integrate_t;

static void integrate_run(bench_task_t *task)
{
    integrate_t *i = (integrate_t *)task;
    i->result = bench_pool_integrate(&i->interval);
}

double bench_pool_integrate(const bench_interval_t *i)
{
    integrate_t left = {.task.run = integrate_run};
    bench_interval_t right;
    if (bench_interval_halve(i, &left.interval, &right)) return left.interval.area + right.area;
    bench_pool_fork(&left.task);
    double b = bench_pool_integrate(&right);
    bench_pool_join(&left.task);
    return left.result + b;
}

typedef struct sort_t {
    bench_task_t task;
    bench_sort_t s;
} sort_t;

static void sort_run(bench_task_t *task)
{
    bench_pool_sort(&((sort_t *)task)->s);
}

void bench_pool_sort(const bench_sort_t *s)
{
    if (s->n <= BENCH_SORT_CUTOFF) {
        bench_sort_serial(s->from, s->to, s->scratch, s->n);
        return;
    }
    size_t half = s->n / 2;
    sort_t a = {.task.run = sort_run, .s = {half, s->from, s->scratch, s->to}};
    bench_sort_t b = {s->n - half, s->from + half, s->scratch + half, s->to + half};
    bench_pool_fork(&a.task);
    bench_pool_sort(&b);
    bench_pool_join(&a.task);
    bench_merge(s->scratch, half, s->scratch + half, s->n - half, s->to);
}

typedef struct quicksort_t {
    bench_task_t task;
    int32_t *x;
    size_t n;
} quicksort_t;

static void quicksort_run(bench_task_t *task)
{
    quicksort_t *q = (quicksort_t *)task;
    bench_pool_quicksort(q->x, q->n);
}

void bench_pool_quicksort(int32_t *x, size_t n)
{
    if (n <= BENCH_QUICKSORT_CUTOFF) {
        bench_quicksort_serial(x, n);
        return;
    }
    size_t k = bench_partition(x, n);
    quicksort_t low = {.task.run = quicksort_run, .x = x, .n = k};
    bench_pool_fork(&low.task);
    bench_pool_quicksort(x + k, n - k);
    bench_pool_join(&low.task);
}

typedef struct strassen_t {
    bench_task_t task;
    const bench_product_t *whole;
    bench_product_t *part;
    unsigned k;
} strassen_t;

static void strassen_run(bench_task_t *task)
{
    strassen_t *s = (strassen_t *)task;
    bench_strassen_part(s->whole, s->part, s->k);
    bench_pool_strassen(s->part);
}

void bench_pool_strassen(const bench_product_t *p)
{
    if (p->n <= BENCH_STRASSEN_CUTOFF) {
        bench_product_serial(p);
        return;
    }
    bench_product_t parts[BENCH_STRASSEN_PARTS];
    strassen_t tasks[BENCH_STRASSEN_PARTS];
    bench_strassen_begin(p, parts);
    for (unsigned k = 0; k < BENCH_STRASSEN_PARTS; k++) {
        tasks[k] = (strassen_t){{strassen_run, NULL, false}, p, &parts[k], k};
        bench_pool_fork(&tasks[k].task);
    }
    for (unsigned k = BENCH_STRASSEN_PARTS; k-- > 0;)
        bench_pool_join(&tasks[k].task);
    bench_strassen_end(p, parts);
}

typedef struct pair_t {
    bench_task_t task;
    bench_pair_t *p;
} pair_t;

static void pair_run(bench_task_t *task)
{
    bench_pair_b(((pair_t *)task)->p);
}

void bench_pool_pair(bench_pair_t *p)
{
    pair_t b = {.task.run = pair_run, .p = p};
    bench_pool_fork(&b.task);
    bench_pair_a(p);
    bench_pool_join(&b.task);
}
