/* openmp_tasks.c - OpenMP's answers to the families forkjoin and scope: tasks as the specification's
 * examples write them. */
#include "openmp.h"

static uint64_t fib(unsigned n)
{
    if (n < 2) return n;
    uint64_t a, b;
#pragma omp task shared(a) firstprivate(n)
    a = fib(n - 1);
    b = fib(n - 2);
#pragma omp taskwait
    return a + b;
}

uint64_t bench_openmp_fib(unsigned n)
{
    uint64_t result = 0;
#pragma omp parallel num_threads(bench_openmp_team())
#pragma omp single
    result = fib(n);
    return result;
}

static uint64_t tree(const bench_node_t *node)
{
    if (node->left == NULL) return node->value;
    uint64_t a, b;
#pragma omp task shared(a) firstprivate(node)
    a = tree(node->left);
    b = tree(node->right);
#pragma omp taskwait
    return node->value + a + b;
}

uint64_t bench_openmp_tree(const bench_node_t *root)
{
    uint64_t result = 0;
#pragma omp parallel num_threads(bench_openmp_team())
#pragma omp single
    result = tree(root);
    return result;
}

static uint64_t place_all(bench_board_t b)
{
    if (b.columns == b.all) return 1;
    uint64_t found[32];
    int n = 0;
    for (uint32_t rest = bench_board_free(b); rest != 0; rest &= rest - 1, n++) {
        bench_board_t next = bench_board_place(b, rest & (~rest + 1));
        uint64_t *slot = &found[n];
        if ((rest & (rest - 1)) == 0) {
            *slot = place_all(next);
            continue;
        }
#pragma omp task firstprivate(next, slot)
        *slot = place_all(next);
    }
#pragma omp taskwait
    uint64_t solutions = 0;
    for (int i = 0; i < n; i++)
        solutions += found[i];
    return solutions;
}

uint64_t bench_openmp_queens(unsigned n)
{
    uint64_t result = 0;
#pragma omp parallel num_threads(bench_openmp_team())
#pragma omp single
    result = place_all(bench_board(n));
    return result;
}

static uint64_t search(const bench_uts_t *t, uint64_t hash, uint32_t depth)
{
    uint32_t children = bench_uts_children(t, hash, depth);
    uint64_t nodes = 1, found[BENCH_UTS_BLOCK];
    for (uint32_t first = 0; first < children; first += BENCH_UTS_BLOCK) {
        uint32_t n = children - first < BENCH_UTS_BLOCK ? children - first : BENCH_UTS_BLOCK;
        for (uint32_t i = 0; i < n; i++) {
            uint64_t child = bench_uts_child(hash, first + i), *slot = &found[i];
            if (first + i + 1 == children) {
                *slot = search(t, child, depth + 1);
                continue;
            }
#pragma omp task firstprivate(t, child, depth, slot)
            *slot = search(t, child, depth + 1);
        }
#pragma omp taskwait
        for (uint32_t i = 0; i < n; i++)
            nodes += found[i];
    }
    return nodes;
}

uint64_t bench_openmp_uts(const bench_uts_t *t)
{
    uint64_t result = 0;
#pragma omp parallel num_threads(bench_openmp_team())
#pragma omp single
    result = search(t, t->seed, 0);
    return result;
}

static double integrate(const bench_interval_t *i)
{
    bench_interval_t left, right;
    if (bench_interval_halve(i, &left, &right)) return left.area + right.area;
    double a, b;
#pragma omp task shared(a, left)
    a = integrate(&left);
    b = integrate(&right);
#pragma omp taskwait
    return a + b;
}

double bench_openmp_integrate(const bench_interval_t *i)
{
    double result = 0.0;
#pragma omp parallel num_threads(bench_openmp_team())
#pragma omp single
    result = integrate(i);
    return result;
}

static void sort(const int32_t *from, int32_t *to, int32_t *scratch, size_t n)
{
    if (n <= BENCH_SORT_CUTOFF) {
        bench_sort_serial(from, to, scratch, n);
        return;
    }
    size_t half = n / 2;
#pragma omp task
    sort(from, scratch, to, half);
    sort(from + half, scratch + half, to + half, n - half);
#pragma omp taskwait
    bench_merge(scratch, half, scratch + half, n - half, to);
}

void bench_openmp_sort(const bench_sort_t *s)
{
#pragma omp parallel num_threads(bench_openmp_team())
#pragma omp single
    sort(s->from, s->to, s->scratch, s->n);
}

static void quicksort(int32_t *x, size_t n)
{
    if (n <= BENCH_QUICKSORT_CUTOFF) {
        bench_quicksort_serial(x, n);
        return;
    }
    size_t k = bench_partition(x, n);
#pragma omp task
    quicksort(x, k);
    quicksort(x + k, n - k);
#pragma omp taskwait
}

void bench_openmp_quicksort(int32_t *x, size_t n)
{
#pragma omp parallel num_threads(bench_openmp_team())
#pragma omp single
    quicksort(x, n);
}

static void strassen(const bench_product_t *p)
{
    if (p->n <= BENCH_STRASSEN_CUTOFF) {
        bench_product_serial(p);
        return;
    }
    bench_product_t parts[BENCH_STRASSEN_PARTS];
    bench_strassen_begin(p, parts);
    for (unsigned k = 0; k < BENCH_STRASSEN_PARTS; k++) {
#pragma omp task shared(parts)
        {
            bench_strassen_part(p, &parts[k], k);
            strassen(&parts[k]);
        }
    }
#pragma omp taskwait
    bench_strassen_end(p, parts);
}

void bench_openmp_strassen(const bench_product_t *p)
{
#pragma omp parallel num_threads(bench_openmp_team())
#pragma omp single
    strassen(p);
}

void bench_openmp_pair_inside(bench_pair_t *p)
{
#pragma omp task
    bench_pair_b(p);
    bench_pair_a(p);
#pragma omp taskwait
}

void bench_openmp_pair(bench_pair_t *p)
{
#pragma omp parallel sections num_threads(bench_openmp_team())
    {
#pragma omp section
        bench_pair_a(p);
#pragma omp section
        bench_pair_b(p);
    }
}

void bench_openmp_inside(void (*fn)(void *ctx), void *ctx)
{
#pragma omp parallel num_threads(bench_openmp_team())
#pragma omp single
    fn(ctx);
}

static void mark_all(uint8_t *marks, size_t n)
{
#pragma omp taskgroup
    for (size_t i = 0; i < n; i++) {
#pragma omp task firstprivate(i)
        bench_mark(&marks[i]);
    }
}

void bench_openmp_flat(uint8_t *marks, size_t n)
{
#pragma omp parallel num_threads(bench_openmp_team())
#pragma omp single
    mark_all(marks, n);
}

static void spread(uint8_t *marks, size_t n, size_t i)
{
    for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < n; child++) {
#pragma omp task firstprivate(child)
        spread(marks, n, child);
    }
    bench_mark(&marks[i]);
}

/* The barrier at the end of the region waits for all of them. */
void bench_openmp_spread(uint8_t *marks, size_t n)
{
#pragma omp parallel num_threads(bench_openmp_team())
#pragma omp single
    spread(marks, n, 0);
}

void bench_openmp_items(uint8_t *marks, size_t n)
{
#pragma omp parallel num_threads(bench_openmp_team())
#pragma omp single
    for (size_t i = 0; i + BENCH_SCOPE_PER_ITEM <= n; i += BENCH_SCOPE_PER_ITEM)
        mark_all(marks + i, BENCH_SCOPE_PER_ITEM);
}

unsigned bench_openmp_only;

void bench_openmp_with_one_thread(void (*fn)(void *ctx), void *ctx)
{
    bench_openmp_only = 1;
    fn(ctx);
    bench_openmp_only = 0;
}
