/* test_filter.c - filters, packs, partitions and flattening against plain loops: every path of the
 * kernels, element sizes, in place, densities from none to all, on pools, without memory. */
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "on_pools.h"
#include "random_next.h"

#include "../par/algo/filter_lanes.h"
#include "../par/algo/pack_lanes.h"

/* How flags are spread: none, all, a random part, runs, the first or the second half. */
enum { N_PATTERNS = 8 };

static int flag_of(unsigned pattern, size_t i, size_t n, uint64_t *seed)
{
    switch (pattern) {
    case 0:
        return 0;
    case 1:
        return 1;
    case 2:
        return random_next(seed) >> 63 != 0;
    case 3:
        return random_next(seed) % 100 == 0;
    case 4:
        return random_next(seed) % 100 != 0;
    case 5:
        return i / 100 % 2 != 0;
    case 6:
        return i < n / 2;
    default:
        return i >= n / 2;
    }
}

static void flags_fill(unsigned char *flags, size_t n, unsigned pattern)
{
    uint64_t seed = pattern + 77;
    for (size_t i = 0; i < n; i++)
        flags[i] = (unsigned char)(flag_of(pattern, i, n, &seed) * (1 + (int)(i % 255)));
}

/* ---- the kernels ---- */

enum { KERNEL_MOST = 450, KERNEL_BYTES = 40 };
static const size_t kernel_sizes[] = {1, 2, 3, 4, 8, 16, KERNEL_BYTES};

/* Exactly what is kept is written; the arrays have the size of what is read, so that a sanitizer sees
 * more. */
static void check_pack(const par__pack_lanes_t *path, size_t size, size_t n, unsigned pattern)
{
    unsigned char *flags = malloc(n + 1), *in = malloc(n * size + 1), *want = malloc(n * size + 1);
    uint64_t bits[KERNEL_MOST / 64 + 1], seed = n + size;
    memset(bits, 0x55, sizeof bits);
    flags_fill(flags, n, pattern);
    for (size_t i = 0; i < n * size; i++)
        in[i] = (unsigned char)(random_next(&seed) >> 50);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (flags[i]) memcpy(want + kept++ * size, in + i * size, size);
    assert_int_equal(path->bits(bits, flags, n), kept);
    assert_int_equal(par__pack_count(bits, n), kept);
    for (size_t i = 0; i < par__pack_words(n) * 64; i++)
        assert_int_equal(bits[i / 64] >> i % 64 & 1, i < n && flags[i] != 0);
    unsigned char *out = malloc(kept * size + 1);
    out[kept * size] = 0xaa;
    par__pack(path, out, in, size, bits, n);
    assert_memory_equal(out, want, kept * size);
    assert_int_equal(out[kept * size], 0xaa);
    par__pack(path, in, in, size, bits, n);
    assert_memory_equal(in, want, kept * size);
    free(flags);
    free(in);
    free(want);
    free(out);
}

static void kernels_pack(void **state)
{
    (void)state;
    const par__pack_lanes_t *paths[PAR__PACK_PATHS + 1];
    par__pack_lanes_list(paths);
    assert_ptr_equal(paths[0], par__pack_lanes());
    for (size_t p = 0; paths[p] != NULL; p++)
        for (size_t s = 0; s < sizeof kernel_sizes / sizeof *kernel_sizes; s++)
            for (size_t n = 0; n < KERNEL_MOST; n += n < 150 ? 1 : 37)
                for (unsigned pattern = 0; pattern < N_PATTERNS; pattern++)
                    check_pack(paths[p], kernel_sizes[s], n, pattern);
}

#define DEFINE_WITHIN(name, type, sum_type)                                                        \
    static void within_##name(void **state)                                                        \
    {                                                                                              \
        (void)state;                                                                               \
        enum { N = 300 };                                                                          \
        const par__filter_lanes_t *paths[PAR__FILTER_PATHS + 1];                                   \
        par__filter_lanes_list(paths);                                                             \
        assert_ptr_equal(paths[0], par__filter_lanes());                                           \
        type x[N];                                                                                 \
        uint64_t seed = 6;                                                                         \
        for (size_t i = 0; i < N; i++)                                                             \
            x[i] = (type)(int)(random_next(&seed) % 100);                                          \
        for (size_t p = 0; paths[p] != NULL; p++) {                                                \
            for (size_t n = 0; n < N; n++) {                                                       \
                unsigned char flags[N + 1];                                                        \
                flags[n] = 7;                                                                      \
                paths[p]->within_##name(flags, x, n, 10, 60);                                      \
                for (size_t i = 0; i < n; i++)                                                     \
                    assert_int_equal(flags[i], x[i] >= 10 && x[i] <= 60);                          \
                paths[p]->other_##name(flags, x, n, 60);                                           \
                for (size_t i = 0; i < n; i++)                                                     \
                    assert_int_equal(flags[i], x[i] != 60);                                        \
                paths[p]->less_##name(flags, x, n, 60);                                            \
                for (size_t i = 0; i < n; i++)                                                     \
                    assert_int_equal(flags[i], x[i] < 60);                                         \
                paths[p]->greater_##name(flags, x, n, 60);                                         \
                for (size_t i = 0; i < n; i++)                                                     \
                    assert_int_equal(flags[i], x[i] > 60);                                         \
                assert_int_equal(flags[n], 7);                                                     \
            }                                                                                      \
        }                                                                                          \
    }
PAR_NUMBER_MAP(DEFINE_WITHIN)

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

/* ---- numbers ---- */

#define IS_LESS      x[i] < b
#define IS_GREATER   x[i] > b
#define IS_BETWEEN   x[i] >= b &&x[i] <= c
#define IS_NOT_EQUAL x[i] != b
#define PLAIN(condition)                                                                           \
    kept = 0;                                                                                      \
    for (size_t i = 0; i < n; i++)                                                                 \
        if (condition) want[kept++] = x[i];
#define EXPECT_SAME(call) expect((call) == kept && memcmp(out, want, kept * sizeof *out) == 0)

#define DEFINE_NUMBERS(name, type, sum_type)                                                       \
    static void check_##name(const type *edge, size_t n_edges, size_t n)                           \
    {                                                                                              \
        type *x = malloc(n * sizeof *x), *out = malloc(n * sizeof *x),                             \
             *want = malloc(n * sizeof *x);                                                        \
        uint64_t seed = n;                                                                         \
        size_t kept;                                                                               \
        for (size_t i = 0; i < n; i++)                                                             \
            x[i] = i % 3 == 0 ? edge[i / 3 % n_edges] : (type)(int)(random_next(&seed) >> 40);     \
        for (size_t e = 0; e < n_edges * n_edges; e++) {                                           \
            type b = edge[e / n_edges], c = edge[e % n_edges];                                     \
            PLAIN(IS_BETWEEN)                                                                      \
            EXPECT_SAME(par_filter_between(out, x, n, b, c));                                      \
            if (e % n_edges > 0) continue;                                                         \
            PLAIN(IS_LESS)                                                                         \
            EXPECT_SAME(par_filter_less(out, x, n, b));                                            \
            PLAIN(IS_GREATER)                                                                      \
            EXPECT_SAME(par_filter_greater(out, x, n, b));                                         \
            PLAIN(IS_NOT_EQUAL)                                                                    \
            EXPECT_SAME(par_filter_not_equal(out, x, n, b));                                       \
        }                                                                                          \
        free(x);                                                                                   \
        free(out);                                                                                 \
        free(want);                                                                                \
    }
PAR_NUMBER_MAP(DEFINE_NUMBERS)

#define EDGES(name, type, least, greatest)                                                         \
    {                                                                                              \
        const type edge[] = {least, greatest, 0, 1, (type)-1, 100, least + 1, greatest - 1};       \
        check_##name(edge, 8, 1000);                                                               \
        check_##name(edge, 8, 100000);                                                             \
    }
#define EDGES_REAL(name, type, INF, NOT, MIN, MAX)                                                 \
    {                                                                                              \
        const type edge[] = {-INF, INF, NOT, 0, -(type)0.0, MIN, -MIN, MAX, -MAX, 1, -1};          \
        check_##name(edge, 11, 1000);                                                              \
        check_##name(edge, 11, 100000);                                                            \
    }

static void check_numbers(void *ctx)
{
    (void)ctx;
    EDGES(char, char, CHAR_MIN, CHAR_MAX)
    EDGES(schar, signed char, SCHAR_MIN, SCHAR_MAX)
    EDGES(uchar, unsigned char, 0, UCHAR_MAX)
    EDGES(short, short, SHRT_MIN, SHRT_MAX)
    EDGES(ushort, unsigned short, 0, USHRT_MAX)
    EDGES(int, int, INT_MIN, INT_MAX)
    EDGES(uint, unsigned int, 0, UINT_MAX)
    EDGES(long, long, LONG_MIN, LONG_MAX)
    EDGES(ulong, unsigned long, 0, ULONG_MAX)
    EDGES(llong, long long, LLONG_MIN, LLONG_MAX)
    EDGES(ullong, unsigned long long, 0, ULLONG_MAX)
    EDGES_REAL(float, float, INFINITY, NAN, FLT_TRUE_MIN, FLT_MAX)
    EDGES_REAL(double, double, HUGE_VAL, (double)NAN, DBL_TRUE_MIN, DBL_MAX)
}

static void numbers(void **state)
{
    (void)state;
    on_pool_of(1, check_numbers, NULL);
    on_pool_of(3, check_numbers, NULL);
}

/* Several chunks a worker, whatever part is kept. */
static void check_large(void *ctx)
{
    (void)ctx;
    size_t n = (size_t)9 * 1024 * 1024;
    uint32_t *x = malloc(n * sizeof *x), *out = malloc((n + 2) * sizeof *out);
    uint64_t seed = 2;
    for (size_t i = 0; i < n; i++)
        x[i] = (uint32_t)(random_next(&seed) >> 16);
    for (uint32_t bound = 0x40000000; bound >= 0x40000000; bound += 0x40000000) {
        size_t kept = par_filter_less(out + 1, x, n, bound), k = 0;
        for (size_t i = 0; i < n; i++)
            if (x[i] < bound) expect(out[++k] == x[i]);
        expect(k == kept);
    }
    free(x);
    free(out);
}

static void large_results(void **state)
{
    (void)state;
    on_pool_of(1, check_large, NULL);
    on_pool_of(3, check_large, NULL);
}

/* ---- flatten ---- */

static void check_flatten(void *ctx)
{
    (void)ctx;
    enum { N = 3000 };
    uint64_t seed = 12;
    par_array_t slices[N];
    size_t all = 0;
    uint32_t *source = malloc(400000 * sizeof *source);
    for (size_t i = 0; i < 400000; i++)
        source[i] = (uint32_t)random_next(&seed);
    for (size_t k = 0; k < N; k++) {
        size_t length = k == 1000 ? 400000 : k % 3 == 0 ? 0 : random_next(&seed) % 300;
        slices[k] = (par_array_t){length > 0 ? source + k % 100 * (length < 1000) : NULL, length};
        all += length;
    }
    uint32_t *out = malloc((all + 1) * sizeof *out);
    for (size_t n = 0; n <= N; n += n < 4 ? 1 : 749) {
        size_t total = par_flatten_count(slices, n), at = 0;
        out[total] = 77;
        expect(par_flatten(out, slices, n, sizeof *out) == total && out[total] == 77);
        for (size_t k = 0; k < n; k++) {
            expect(slices[k].n == 0 ||
                   memcmp(out + at, slices[k].data, slices[k].n * sizeof *out) == 0);
            at += slices[k].n;
        }
        expect(at == total);
    }
    free(source);
    free(out);
}

static void flattening(void **state)
{
    (void)state;
    on_pools(check_flatten, NULL);
    const par_array_t huge[2] = {{"x", SIZE_MAX}, {"x", 2}};
    assert_true(par_flatten_count(huge, 2) == SIZE_MAX);
    assert_int_equal(par_flatten(NULL, NULL, 0, 4), 0);
#ifdef NDEBUG
    char byte = 1;
    assert_int_equal(par_flatten(&byte, huge, 2, 1), 0);
    assert_int_equal(byte, 1);
#endif
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
        const par_array_t slices[2] = {{x, N / 4}, {x + N / 2, N / 4}};
        fault_arm(FAULT_MEMORY, k, k % 2 == 0 ? 1 : UINT_MAX);
        size_t flat = par_flatten(out, slices, 2, sizeof *x);
        expect(flat == N / 2 && out[N / 4] == x[N / 2]);
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

/* As in a program that is linked with -ffast-math: 0 is neither below nor above itself. */
static void subnormals_taken_for_zero(void **state)
{
    (void)state;
#if defined(__x86_64__)
    enum { FLUSH_TO_ZERO = 0x8000, DENORMALS_ARE_ZERO = 0x40 };
    const double x[4] = {0.0, -0.0, 1, -1};
    double out[4];
    unsigned before = __builtin_ia32_stmxcsr();
    __builtin_ia32_ldmxcsr(before | FLUSH_TO_ZERO | DENORMALS_ARE_ZERO);
    size_t less = par_filter_less(out, x, 4, 0.0), greater = par_filter_greater(out, x, 4, 0.0);
    __builtin_ia32_ldmxcsr(before);
    assert_int_equal(less, 1);
    assert_int_equal(greater, 1);
#else
    skip();
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels_pack),
#define X(name, type, sum_type) cmocka_unit_test(within_##name),
        PAR_NUMBER_MAP(X)
#undef X
            cmocka_unit_test(arrays_of_all_widths),
        cmocka_unit_test(macros),
        cmocka_unit_test(liars),
        cmocka_unit_test(dear_tests),
        cmocka_unit_test(numbers),
        cmocka_unit_test(subnormals_taken_for_zero),
        cmocka_unit_test(large_results),
        cmocka_unit_test(flattening),
        cmocka_unit_test(memory_is_missing),
        cmocka_unit_test(nothing_to_filter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
