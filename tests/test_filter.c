/* test_filter.c - filters, packs and partitions against plain loops: element sizes, in place, densities from
 * none to all, tests that lie, on pools, without memory. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "filter_flags.h"
#include "on_pools.h"

/* ---- arrays ---- */

static const size_t sizes[] = {0, 1, 2, 63, 64, 65, 1000, 4095, 4096, 4097, 33333, 200001};
static const size_t widths[] = {1, 2, 3, 4, 8, 12, 200};
enum { MOST = 200001, WIDEST = 200 };

/* An element begins with as much of its index as it has room for. */
static void elements_fill(unsigned char *in, size_t n, size_t size)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < size; j++)
            in[i * size + j] = (unsigned char)(j < 4 ? i >> 8 * j : i + j);
}

typedef struct given_t {
    const unsigned char *in, *flags;
    size_t size;
    unsigned n_calls; /* A */
} given_t;

static int test_given(const void *item, void *ctx)
{
    given_t *given = ctx;
    __atomic_fetch_add(&given->n_calls, 1, __ATOMIC_RELAXED);
    return given->flags[(size_t)((const unsigned char *)item - given->in) / given->size];
}

typedef struct arrays_t {
    unsigned char *in, *flags, *out, *yes, *no;
    size_t *index, *place;
} arrays_t;

static size_t split_plainly(arrays_t *a, size_t n, size_t size)
{
    size_t kept = 0, left = 0;
    for (size_t i = 0; i < n; i++) {
        if (a->flags[i]) {
            a->index[kept] = i;
            memcpy(a->yes + kept++ * size, a->in + i * size, size);
        } else {
            memcpy(a->no + left++ * size, a->in + i * size, size);
        }
    }
    return kept;
}

static void check_arrays(arrays_t *a, size_t n, size_t size)
{
    given_t given = {a->in, a->flags, size, 0};
    size_t kept = split_plainly(a, n, size), rest = (n - kept) * size;
    unsigned char *end = a->out + kept * size, *all = a->out + n * size;
    *end = 0xaa;
    expect(par_filter(a->out, a->in, n, size, test_given, &given) == kept && given.n_calls == n);
    expect(memcmp(a->out, a->yes, kept * size) == 0 && *end == 0xaa);
    memset(a->out, 0, n * size);
    *end = 0xaa;
    expect(par_pack(a->out, a->in, n, size, a->flags) == kept);
    expect(memcmp(a->out, a->yes, kept * size) == 0 && *end == 0xaa);

    *all = 0xaa;
    given.n_calls = 0;
    memset(a->out, 0, n * size);
    expect(par_partition(a->out, NULL, a->in, n, size, test_given, &given) == kept);
    expect(given.n_calls == n && *all == 0xaa);
    expect(memcmp(a->out, a->yes, kept * size) == 0 && memcmp(end, a->no, rest) == 0);
    memset(a->out, 0, n * size);
    expect(par_partition(a->out, end, a->in, n, size, test_given, &given) == kept);
    expect(memcmp(a->out, a->yes, kept * size) == 0 && memcmp(end, a->no, rest) == 0);

    a->place[kept] = 123;
    expect(par_pack_index(a->place, a->flags, n) == kept && a->place[kept] == 123);
    expect(memcmp(a->place, a->index, kept * sizeof *a->place) == 0);

    expect(par_pack(a->in, a->in, n, size, a->flags) == kept);
    expect(memcmp(a->in, a->yes, kept * size) == 0);
}

static void check_all_arrays(void *ctx)
{
    arrays_t a = {malloc(MOST * WIDEST + 1),          malloc(MOST + 1),
                  malloc(MOST * WIDEST + 1),          malloc(MOST * WIDEST + 1),
                  malloc(MOST * WIDEST + 1),          malloc((MOST + 1) * sizeof(size_t)),
                  malloc((MOST + 1) * sizeof(size_t))};
    const size_t *width = ctx;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (unsigned pattern = 0; pattern < N_PATTERNS; pattern++) {
            if (sizes[s] * *width > 10000000 && pattern > 2) continue;
            elements_fill(a.in, sizes[s], *width);
            flags_fill(a.flags, sizes[s], pattern);
            check_arrays(&a, sizes[s], *width);
        }
    }
    free(a.in);
    free(a.flags);
    free(a.out);
    free(a.yes);
    free(a.no);
    free(a.index);
    free(a.place);
}

static void arrays_of_all_widths(void **state)
{
    (void)state;
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
        size_t width = widths[w];
        if (width == 4)
            on_pools(check_all_arrays, &width);
        else
            on_pool_of(3, check_all_arrays, &width);
    }
}

/* ---- macros ---- */

PAR_DEFINE_FILTER(negative, int, x)
{
    return x < 0;
}

typedef struct point_t {
    double x, y, z;
} point_t;

PAR_DEFINE_FILTER_CTX(inside, point_t, p, double, radius)
{
    return p.x * p.x + p.y * p.y + p.z * p.z < radius * radius;
}

PAR_DEFINE_FILTER_MAP(roots, double, int, x, result)
{
    if (x < 0) return 0;
    *result = sqrt(x);
    return 1;
}

static void check_macros(void *ctx)
{
    (void)ctx;
    enum { N = 150000 };
    uint64_t seed = 1;
    int *x = malloc(N * sizeof *x), *out = malloc(N * sizeof *out);
    point_t *points = malloc(N * sizeof *points), *in = malloc(N * sizeof *in);
    double *root = malloc(N * sizeof *root);
    size_t *index = malloc(N * sizeof *index), k = 0, n_in = 0;
    for (size_t i = 0; i < N; i++) {
        x[i] = (int)(random_next(&seed) >> 20);
        points[i] = (point_t){(double)(i % 7), (double)(i % 11), 1};
    }
    size_t below = negative(out, x, N), n_roots = roots(root, x, N);
    expect(negative_index(index, x, N) == below && below + n_roots == N);
    for (size_t i = 0, r = 0; i < N; i++) {
        if (x[i] < 0) {
            expect(k < below && out[k] == x[i] && index[k] == i);
            k++;
        } else {
            expect(r < n_roots && root[r] == sqrt(x[i]));
            r++;
        }
    }
    expect(negative_partition(out, NULL, x, N) == below && out[below - 1] < 0 && out[below] >= 0);
    n_in = inside(in, points, N, 5);
    expect(inside_index(index, points, N, 5) == n_in);
    for (size_t i = 0; i < n_in; i++)
        expect(in[i].x == points[index[i]].x && in[i].y == points[index[i]].y &&
               inside_item(in[i], 5));
    expect(inside_partition(in, in + n_in, points, N, 5) == n_in && !inside_item(in[N - 1], 5));
    expect(inside(points, points, N, 5) == n_in && memcmp(points, in, n_in * sizeof *in) == 0);
    free(x);
    free(out);
    free(points);
    free(in);
    free(root);
    free(index);
}

static void macros(void **state)
{
    (void)state;
    on_pools(check_macros, NULL);
}

/* A test that says something else each time: what comes out is anything, but nothing else is written. */
static int test_liar(const void *item, void *ctx)
{
    (void)item;
    return (int)(random_next(ctx) >> 60);
}

PAR_DEFINE_FILTER_MAP(lies, int, int, x, result)
{
    static unsigned n_calls;
    *result = x;
    return __atomic_fetch_add(&n_calls, 1, __ATOMIC_RELAXED) % 3 == 0;
}

static void check_liars(void *ctx)
{
    (void)ctx;
    enum { N = 300000 };
    int *x = calloc(N, sizeof *x), *out = malloc((N + 1) * sizeof *out);
    uint64_t *seed = calloc(1, sizeof *seed);
    out[N] = 55;
    expect(par_filter(out, x, N, sizeof *x, test_liar, seed) <= N && lies(out, x, N) <= N);
    expect(par_partition(out, NULL, x, N, sizeof *x, test_liar, seed) <= N && out[N] == 55);
    free(x);
    free(out);
    free(seed);
}

static void liars(void **state)
{
    (void)state;
    on_pool_of(1, check_liars, NULL);
}

/* A dear test: few items are shared. */
static int test_slowly(const void *item, void *ctx)
{
    (void)ctx;
    uint64_t seed = 1;
    for (int i = 0; i < 3000; i++)
        random_next(&seed);
    return (*(const uint16_t *)item ^ (seed == 0)) % 2;
}

static void check_dear(void *ctx)
{
    (void)ctx;
    uint16_t x[3000];
    for (size_t i = 0; i < 3000; i++)
        x[i] = (uint16_t)i;
    expect(par_filter(x, x, 3000, sizeof *x, test_slowly, NULL) == 1500);
    for (size_t i = 0; i < 1500; i++)
        expect(x[i] == 2 * i + 1);
}

static void dear_tests(void **state)
{
    (void)state;
    on_pools(check_dear, NULL);
}

/* ---- without memory ---- */

static void check_faults(void *ctx)
{
    (void)ctx;
    enum { N = 100000 };
    int *x = malloc(N * sizeof *x), *out = malloc(N * sizeof *out);
    for (unsigned k = 1, hit = 1; hit; k++) {
        for (size_t i = 0; i < N; i++)
            x[i] = (int)(i % 3) - 1;
        fault_arm(FAULT_MEMORY, k, k % 2 == 0 ? 1 : UINT_MAX);
        size_t split = negative_partition(out, NULL, x, N);
        expect(split == 33334 && out[33333] == -1 && out[33334] == 0 && out[33335] == 1);
        size_t other = negative_partition(out, out + split, x, N);
        expect(other == split && out[split - 1] == -1 && out[split] == 0 && out[N - 1] == 1);
        size_t kept = negative(x, x, N);
        hit = fault_disarm().failed;
        expect(kept == 33334 && x[0] == -1 && x[33333] == -1);
    }
    free(x);
    free(out);
}

static void memory_is_missing(void **state)
{
    (void)state;
    on_pool_of(1, check_faults, NULL);
    on_pool_of(4, check_faults, NULL);
}

/* ---- nothing, and arrays that cannot exist ---- */

static void nothing_to_filter(void **state)
{
    (void)state;
    assert_int_equal(par_filter(NULL, NULL, 0, 4, test_slowly, NULL), 0);
    assert_int_equal(par_partition(NULL, NULL, NULL, 0, 4, test_slowly, NULL), 0);
    assert_int_equal(par_pack(NULL, NULL, 0, 4, NULL), 0);
    assert_int_equal(par_pack_index(NULL, NULL, 0), 0);
    assert_int_equal(negative(NULL, NULL, 0), 0);
    assert_int_equal(par_filter_less_int(NULL, NULL, 0, 3), 0);
    const int x[3] = {1, 2, 3};
    assert_int_equal(negative(NULL, x, 3), 0); /* nothing is kept */
#ifdef NDEBUG
    int y[3] = {1, 2, 3};
    assert_int_equal(par_filter(y, x, SIZE_MAX / 2, 4, test_slowly, NULL), 0);
    assert_int_equal(par_filter(y, x, 3, 0, test_slowly, NULL), 0);
    assert_int_equal(par_partition(y, NULL, y, 3, 4, test_slowly, NULL), 0);
    assert_int_equal(par_filter_less_int(y, x, SIZE_MAX / 2, 3), 0);
    assert_memory_equal(x, y, sizeof x);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_of_all_widths),
        cmocka_unit_test(macros),
        cmocka_unit_test(liars),
        cmocka_unit_test(dear_tests),
        cmocka_unit_test(memory_is_missing),
        cmocka_unit_test(nothing_to_filter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
