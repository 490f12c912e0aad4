/* number.c - the instances for the C number types: the leaf folds of lanes.h along the tree of
 * par_reduce. The size of a leaf is part of the bits of a floating-point sum. */
#include <par/number.h>

#include <limits.h>
#include <string.h>

#include <par/for.h>
#include <par/reduce.h>

#include "lanes.h"
#include "misuse.h"

/* A leaf stays in the first or second cache; it takes 0.4 to 3 us. */
enum { LEAF_BYTES = 32 * 1024 };

/* Where an extreme lies is noted to this many bytes, which are searched at the end. */
enum { BLOCK_BYTES = 8 * 1024 };

/* Blocks of fills and copies end at pages of the array. */
enum { PAGE_BYTES = 4096 };

/* What a byte costs, in ns: one core reads 80 GB/s from its caches, 12 from memory. The former is
 * assumed, because it is what small arrays come from, and those are what should stay on one core. */
static const double byte_read_ns = 0.0125;
/* To write it, mostly to memory. */
static const double byte_write_ns = 0.04;

typedef struct arrays_t {
    const par__lanes_t *lanes;
    const void *x, *y; /* y: of dot products only */
} arrays_t;

static void run(size_t n,
                size_t item_bytes,
                void *acc,
                size_t acc_size,
                par_fold_fn *fold,
                par_combine_fn *combine,
                arrays_t *arrays)
{
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = LEAF_BYTES / item_bytes;
    options.item_ns = byte_read_ns * (double)item_bytes * (arrays->y != NULL ? 2 : 1);
    par_reduce(0, n, acc, acc_size, fold, combine, arrays, &options);
}

/* A single leaf needs no tree. */
#define IS_ONE_LEAF(n, type) ((n) <= LEAF_BYTES / sizeof(type))

#define DEFINE_SUM(name, type, sum_type, part_type, RESULT)                                        \
    static void name##_sum_fold(void *acc, size_t begin, size_t end, void *ctx)                    \
    {                                                                                              \
        const arrays_t *a = ctx;                                                                   \
        *(part_type *)acc +=                                                                       \
            (part_type)a->lanes->sum_##name((const type *)a->x + begin, end - begin);              \
    }                                                                                              \
                                                                                                   \
    static void name##_sum_combine(void *left, const void *right, void *ctx)                       \
    {                                                                                              \
        (void)ctx;                                                                                 \
        *(part_type *)left += *(const part_type *)right;                                           \
    }                                                                                              \
                                                                                                   \
    sum_type par_sum_##name(const type *x, size_t n)                                               \
    {                                                                                              \
        PAR__MISUSE(x != NULL || n == 0, "x is NULL; pass the array, or n = 0");                   \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        arrays_t a = {par__lanes(), x, NULL};                                                      \
        if (IS_ONE_LEAF(n, type)) return RESULT(a.lanes->sum_##name(x, n));                        \
        part_type sum = 0;                                                                         \
        run(n, sizeof(type), &sum, sizeof sum, name##_sum_fold, name##_sum_combine, &a);           \
        return RESULT((sum_type)sum);                                                              \
    }

#define DEFINE_DOT(name, type, sum_type, part_type, RESULT)                                        \
    static void name##_dot_fold(void *acc, size_t begin, size_t end, void *ctx)                    \
    {                                                                                              \
        const arrays_t *a = ctx;                                                                   \
        *(part_type *)acc += (part_type)a->lanes->dot_##name(                                      \
            (const type *)a->x + begin, (const type *)a->y + begin, end - begin);                  \
    }                                                                                              \
                                                                                                   \
    sum_type par_dot_##name(const type *x, const type *y, size_t n)                                \
    {                                                                                              \
        PAR__MISUSE((x != NULL && y != NULL) || n == 0, "an array is NULL; pass it, or n = 0");    \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        arrays_t a = {par__lanes(), x, y};                                                         \
        if (IS_ONE_LEAF(n, type)) return RESULT(a.lanes->dot_##name(x, y, n));                     \
        part_type sum = 0;                                                                         \
        run(n, sizeof(type), &sum, sizeof sum, name##_dot_fold, name##_sum_combine, &a);           \
        return RESULT((sum_type)sum);                                                              \
    }

#define DEFINE_COUNT(name, type)                                                                   \
    typedef struct name##_count_t {                                                                \
        arrays_t a; /* first */                                                                    \
        type value;                                                                                \
    } name##_count_t;                                                                              \
                                                                                                   \
    static void name##_count_fold(void *acc, size_t begin, size_t end, void *ctx)                  \
    {                                                                                              \
        const name##_count_t *c = ctx;                                                             \
        *(size_t *)acc +=                                                                          \
            c->a.lanes->count_##name((const type *)c->a.x + begin, end - begin, c->value);         \
    }                                                                                              \
                                                                                                   \
    size_t par_count_##name(const type *x, size_t n, type value)                                   \
    {                                                                                              \
        PAR__MISUSE(x != NULL || n == 0, "x is NULL; pass the array, or n = 0");                   \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        name##_count_t c = {{par__lanes(), x, NULL}, value};                                       \
        if (IS_ONE_LEAF(n, type)) return c.a.lanes->count_##name(x, n, value);                     \
        size_t count = 0;                                                                          \
        run(n, sizeof(type), &count, sizeof count, name##_count_fold, count_combine, &c.a);        \
        return count;                                                                              \
    }

static void count_combine(void *left, const void *right, void *ctx)
{
    (void)ctx;
    *(size_t *)left += *(const size_t *)right;
}

#define DEFINE_EXTREME(name, type, verb, beyond, identity, IS_NAN)                                 \
    static inline bool name##_##verb##_takes(type b, type a)                                       \
    {                                                                                              \
        return !IS_NAN(a) && (b beyond a || IS_NAN(b));                                            \
    }                                                                                              \
                                                                                                   \
    static void name##_##verb##_fold(void *acc, size_t begin, size_t end, void *ctx)               \
    {                                                                                              \
        const arrays_t *a = ctx;                                                                   \
        type *result = acc;                                                                        \
        *result = a->lanes->verb##_##name(*result, (const type *)a->x + begin, end - begin);       \
    }                                                                                              \
                                                                                                   \
    static void name##_##verb##_combine(void *left, const void *right, void *ctx)                  \
    {                                                                                              \
        (void)ctx;                                                                                 \
        type a = *(type *)left, b = *(const type *)right;                                          \
        *(type *)left = name##_##verb##_takes(b, a) ? b : a;                                       \
    }                                                                                              \
                                                                                                   \
    type par_##verb##_##name(const type *x, size_t n)                                              \
    {                                                                                              \
        PAR__MISUSE(x != NULL || n == 0, "x is NULL; pass the array, or n = 0");                   \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        arrays_t a = {par__lanes(), x, NULL};                                                      \
        type result = identity;                                                                    \
        if (IS_ONE_LEAF(n, type)) return a.lanes->verb##_##name(result, x, n);                     \
        run(n, sizeof(type), &result, sizeof result, name##_##verb##_fold,                         \
            name##_##verb##_combine, &a);                                                          \
        return result;                                                                             \
    }

#define DEFINE_MINMAX(name, type, least, greatest)                                                 \
    typedef struct name##_minmax_t {                                                               \
        type min, max;                                                                             \
    } name##_minmax_t;                                                                             \
                                                                                                   \
    static void name##_minmax_fold(void *acc, size_t begin, size_t end, void *ctx)                 \
    {                                                                                              \
        const arrays_t *a = ctx;                                                                   \
        name##_minmax_t *m = acc;                                                                  \
        a->lanes->minmax_##name(&m->min, &m->max, (const type *)a->x + begin, end - begin);        \
    }                                                                                              \
                                                                                                   \
    static void name##_minmax_combine(void *left, const void *right, void *ctx)                    \
    {                                                                                              \
        name##_minmax_t *a = left;                                                                 \
        const name##_minmax_t *b = right;                                                          \
        name##_min_combine(&a->min, &b->min, ctx);                                                 \
        name##_max_combine(&a->max, &b->max, ctx);                                                 \
    }                                                                                              \
                                                                                                   \
    void par_minmax_##name(const type *x, size_t n, type *min, type *max)                          \
    {                                                                                              \
        PAR__MISUSE(x != NULL || n == 0, "x is NULL; pass the array, or n = 0");                   \
        PAR__MISUSE(min != NULL && max != NULL, "min or max is NULL; pass where the results go");  \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        arrays_t a = {par__lanes(), x, NULL};                                                      \
        name##_minmax_t m = {greatest, least};                                                     \
        if (IS_ONE_LEAF(n, type))                                                                  \
            a.lanes->minmax_##name(&m.min, &m.max, x, n);                                          \
        else                                                                                       \
            run(n, sizeof(type), &m, sizeof m, name##_minmax_fold, name##_minmax_combine, &a);     \
        *min = m.min;                                                                              \
        *max = m.max;                                                                              \
    }

/* The block with the first extreme; it is searched for the element at the end. */
#define DEFINE_INDEX(name, type, verb, identity)                                                   \
    typedef struct name##_##verb##_place_t {                                                       \
        type value;                                                                                \
        size_t block; /* its first index; NOWHERE: none yet */                                     \
    } name##_##verb##_place_t;                                                                     \
                                                                                                   \
    static void name##_##verb##_place_combine(void *left, const void *right, void *ctx)            \
    {                                                                                              \
        name##_##verb##_place_t *a = left;                                                         \
        const name##_##verb##_place_t *b = right;                                                  \
        (void)ctx;                                                                                 \
        if (a->block == NOWHERE || name##_##verb##_takes(b->value, a->value)) *a = *b;             \
    }                                                                                              \
                                                                                                   \
    static void name##_##verb##_place_fold(void *acc, size_t begin, size_t end, void *ctx)         \
    {                                                                                              \
        const arrays_t *a = ctx;                                                                   \
        size_t step = BLOCK_BYTES / sizeof(type);                                                  \
        for (size_t i = begin; i < end; i += step) {                                               \
            size_t length = end - i < step ? end - i : step;                                       \
            name##_##verb##_place_t place = {identity, i};                                         \
            place.value = a->lanes->verb##_##name(place.value, (const type *)a->x + i, length);    \
            name##_##verb##_place_combine(acc, &place, NULL);                                      \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    size_t par_##verb##_index_##name(const type *x, size_t n)                                      \
    {                                                                                              \
        PAR__MISUSE(x != NULL || n == 0, "x is NULL; pass the array, or n = 0");                   \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        if (n == 0) return 0;                                                                      \
        arrays_t a = {par__lanes(), x, NULL};                                                      \
        name##_##verb##_place_t place = {identity, NOWHERE};                                       \
        if (IS_ONE_LEAF(n, type))                                                                  \
            name##_##verb##_place_fold(&place, 0, n, &a);                                          \
        else                                                                                       \
            run(n, sizeof(type), &place, sizeof place, name##_##verb##_place_fold,                 \
                name##_##verb##_place_combine, &a);                                                \
        return place.block + a.lanes->find_##name(x + place.block, n - place.block, place.value);  \
    }

#define NOWHERE SIZE_MAX

static par_options_t page_options(size_t item_bytes, unsigned n_arrays)
{
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = PAGE_BYTES / item_bytes;
    options.item_ns = byte_write_ns * (double)item_bytes * n_arrays;
    return options;
}

#define DEFINE_FILL(name, type)                                                                    \
    typedef struct name##_fill_t {                                                                 \
        type *x;                                                                                   \
        type value;                                                                                \
    } name##_fill_t;                                                                               \
                                                                                                   \
    static void name##_fill_range(size_t begin, size_t end, void *ctx)                             \
    {                                                                                              \
        const name##_fill_t fill = *(name##_fill_t *)ctx;                                          \
        for (size_t i = begin; i < end; i++)                                                       \
            fill.x[i] = fill.value;                                                                \
    }                                                                                              \
                                                                                                   \
    void par_fill_##name(type *x, size_t n, type value)                                            \
    {                                                                                              \
        PAR__MISUSE(x != NULL || n == 0, "x is NULL; pass the array, or n = 0");                   \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        name##_fill_t fill = {x, value};                                                           \
        par_options_t options = page_options(sizeof(type), 1);                                     \
        par_for_range(0, n, name##_fill_range, &fill, &options);                                   \
    }                                                                                              \
                                                                                                   \
    void par_copy_##name(type *out, const type *in, size_t n)                                      \
    {                                                                                              \
        PAR__MISUSE((out != NULL && in != NULL) || n == 0, "an array is NULL; pass it, or n = 0"); \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        copy_items(out, in, n, sizeof(type));                                                      \
    }

typedef struct copy_t {
    char *out;
    const char *in;
    size_t size;
} copy_t;

static void copy_range(size_t begin, size_t end, void *ctx)
{
    const copy_t *copy = ctx;
    size_t at = begin * copy->size;
    memcpy(copy->out + at, copy->in + at, (end - begin) * copy->size);
}

static void copy_items(void *out, const void *in, size_t n, size_t size)
{
    copy_t copy = {out, in, size};
    par_options_t options = page_options(size, 2);
    par_for_range(0, n, copy_range, &copy, &options);
}

#define DEFINE_ALL(name, type, least, greatest, IS_NAN)                                            \
    DEFINE_COUNT(name, type)                                                                       \
    DEFINE_EXTREME(name, type, min, <, greatest, IS_NAN)                                           \
    DEFINE_EXTREME(name, type, max, >, least, IS_NAN)                                              \
    DEFINE_MINMAX(name, type, least, greatest)                                                     \
    DEFINE_INDEX(name, type, min, greatest)                                                        \
    DEFINE_INDEX(name, type, max, least)                                                           \
    DEFINE_FILL(name, type)

/* Which NaN comes out differs between machines and compilers: one for all. */
#define IS_NAN(a)         ((a) != (a))
#define OF_FLOAT(result)  float_result(result)
#define OF_DOUBLE(result) double_result(result)

static float float_result(float x)
{
    return x == x ? x : __builtin_nanf("");
}

static double double_result(double x)
{
    return x == x ? x : __builtin_nan("");
}

#define DEFINE_FLOAT(name, type, RESULT)                                                           \
    DEFINE_SUM(name, type, type, type, RESULT)                                                     \
    DEFINE_DOT(name, type, type, type, RESULT)                                                     \
    DEFINE_ALL(name, type, (type)-__builtin_inf(), (type)__builtin_inf(), IS_NAN)

/* Added unsigned, which wraps around. */
#define NEVER(a)         false
#define OF_WHOLE(result) (result)

#define DEFINE_INTEGER(name, type, sum_type, least, greatest)                                      \
    DEFINE_SUM(name, type, sum_type, uint64_t, OF_WHOLE)                                           \
    DEFINE_DOT(name, type, sum_type, uint64_t, OF_WHOLE)                                           \
    DEFINE_ALL(name, type, least, greatest, NEVER)

DEFINE_INTEGER(char, char, int64_t, CHAR_MIN, CHAR_MAX)
DEFINE_INTEGER(schar, signed char, int64_t, SCHAR_MIN, SCHAR_MAX)
DEFINE_INTEGER(uchar, unsigned char, uint64_t, 0, UCHAR_MAX)
DEFINE_INTEGER(short, short, int64_t, SHRT_MIN, SHRT_MAX)
DEFINE_INTEGER(ushort, unsigned short, uint64_t, 0, USHRT_MAX)
DEFINE_INTEGER(int, int, int64_t, INT_MIN, INT_MAX)
DEFINE_INTEGER(uint, unsigned int, uint64_t, 0, UINT_MAX)
DEFINE_INTEGER(long, long, int64_t, LONG_MIN, LONG_MAX)
DEFINE_INTEGER(ulong, unsigned long, uint64_t, 0, ULONG_MAX)
DEFINE_INTEGER(llong, long long, int64_t, LLONG_MIN, LLONG_MAX)
DEFINE_INTEGER(ullong, unsigned long long, uint64_t, 0, ULLONG_MAX)
DEFINE_FLOAT(float, float, OF_FLOAT)
DEFINE_FLOAT(double, double, OF_DOUBLE)
