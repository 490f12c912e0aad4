/* forkjoin_arrays.c - divide and conquer with a cut-off, as real programs have one; and the smallest
 * parallel call there is, one join of two tasks of a microsecond. */
#include "forkjoin.h"

#include <string.h>

/* Both sorts: quicksort sorts to, after it was copied from from. */
static bench_sort_t sorting;

static bool make_sort(size_t size, uint64_t *forks)
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
    *forks = 0;
    return true;
}

static void ask_mergesort(const bench_runtime_t *runtime, size_t size)
{
    (void)size;
    runtime->sort(&sorting);
}

static bool offers_mergesort(const bench_runtime_t *runtime)
{
    return runtime->sort != NULL;
}

/* The copy is measured too, about a hundredth of the whole. */
static void ask_quicksort(const bench_runtime_t *runtime, size_t size)
{
    memcpy(sorting.to, sorting.from, size * sizeof *sorting.to);
    runtime->quicksort(sorting.to, size);
}

static bool offers_quicksort(const bench_runtime_t *runtime)
{
    return runtime->quicksort != NULL;
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

static bench_product_t product;

/* Small whole numbers: all sums are exact, in any order. */
static bool make_strassen(size_t size, uint64_t *forks)
{
    static double *a, *b, *c;
    bench_free(a);
    bench_free(b);
    bench_free(c);
    a = bench_alloc(size * size * sizeof *a);
    b = bench_alloc(size * size * sizeof *b);
    c = bench_alloc(size * size * sizeof *c);
    if (a == NULL || b == NULL || c == NULL) return false;
    for (size_t i = 0; i < size * size; i++) {
        a[i] = (double)(bench_work(3, i) >> 60) - 8.0;
        b[i] = (double)(bench_work(3, ~i) >> 60) - 8.0;
    }
    product = (bench_product_t){size, a, b, c, size, size, size};
    *forks = 0;
    return true;
}

static void ask_strassen(const bench_runtime_t *runtime, size_t size)
{
    (void)size;
    runtime->strassen(&product);
}

static bool offers_strassen(const bench_runtime_t *runtime)
{
    return runtime->strassen != NULL;
}

static void spoil_strassen(void)
{
    for (size_t i = 0; i < product.n * product.n; i++)
        product.c[i] = 0.5;
}

/* y = m x */
static void apply(const double *m, const double *x, double *y)
{
    size_t n = product.n;
    for (size_t i = 0; i < n; i++) {
        y[i] = 0.0;
        for (size_t j = 0; j < n; j++)
            y[i] += m[i * n + j] * x[j];
    }
}

/* A (B x) = C x for a vector without zeros finds any single wrong element, without the cost of a
 * second product. */
static bool is_strassen_right(void)
{
    size_t n = product.n;
    double *x = bench_alloc(4 * n * sizeof *x), *bx = x + n, *abx = bx + n, *cx = abx + n;
    if (x == NULL) return false;
    for (size_t i = 0; i < n; i++)
        x[i] = (double)(bench_work(3, i) >> 60) + 1.0;
    apply(product.b, x, bx);
    apply(product.a, bx, abx);
    apply(product.c, x, cx);
    bool right = memcmp(abx, cx, n * sizeof *cx) == 0;
    bench_free(x);
    return right;
}

static bench_pair_t pair;

static bool make_pair(size_t size, uint64_t *forks)
{
    (void)size;
    *forks = 0;
    return true;
}

static void ask_pair(const bench_runtime_t *runtime, size_t size)
{
    (void)size;
    pair.seed++;
    runtime->pair(&pair);
}

static void ask_pair_inside(const bench_runtime_t *runtime, size_t size)
{
    (void)size;
    pair.seed++;
    runtime->pair_inside(&pair);
}

static void ask_meeting(const bench_runtime_t *runtime, size_t size)
{
    (void)size;
    pair.seed++;
    pair.has_met = false;
    pair.must_meet = true;
    runtime->pair(&pair);
    pair.must_meet = false;
}

static bool offers_meeting(const bench_runtime_t *runtime)
{
    return runtime->pair != NULL && !runtime->is_serial;
}

static bool offers_pair(const bench_runtime_t *runtime)
{
    return runtime->pair != NULL;
}

static void spoil_pair(void)
{
    pair.a = pair.b = 0;
}

static bool is_pair_right(void)
{
    bench_pair_t expected = {.seed = pair.seed};
    bench_pair_a(&expected);
    bench_pair_b(&expected);
    return pair.a == expected.a && pair.b == expected.b;
}

#define WORK(name, kind, question, check)                                                          \
    {                                                                                              \
        name, make_##kind, ask_##question, offers_##check, spoil_##kind, is_##kind##_right         \
    }

const forkjoin_work_t forkjoin_mergesort = WORK("mergesort", sort, mergesort, mergesort);
const forkjoin_work_t forkjoin_quicksort = WORK("quicksort", sort, quicksort, quicksort);
const forkjoin_work_t forkjoin_strassen = WORK("strassen", strassen, strassen, strassen);
const forkjoin_work_t forkjoin_pair = WORK("pair", pair, pair, pair);
const forkjoin_work_t forkjoin_pair_inside = WORK("pair-inside", pair, pair_inside, pair);
const forkjoin_work_t forkjoin_pair_cold = WORK("pair-50ms", pair, pair, pair);
const forkjoin_work_t forkjoin_meeting_cold = WORK("meeting-50ms", pair, meeting, meeting);
