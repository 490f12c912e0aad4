/* number.c - the instances for the C number types: the leaf folds of lanes.h along the tree of
 * par_reduce. The size of a leaf is part of the bits of a floating-point sum. */
#include <par/number.h>

#include <limits.h>
#include <string.h>

#include <par/for.h>
#include <par/reduce.h>

#include "lanes.h"
#include "misuse.h"

/* A leaf stays in the first or second cache; it takes 1 to 3 us. */
enum { LEAF_BYTES = 64 * 1024 };

/* Blocks of fills and copies end at pages of the array. */
enum { PAGE_BYTES = 4096 };

/* What a byte costs, in ns: one core streams 10 to 40 GB/s. */
static const double byte_ns = 0.04;

static par_options_t leaf_options(size_t item_bytes, unsigned n_arrays)
{
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = LEAF_BYTES / item_bytes;
    options.item_ns = byte_ns * (double)item_bytes * n_arrays;
    return options;
}

static par_options_t page_options(size_t item_bytes, unsigned n_arrays)
{
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = PAGE_BYTES / item_bytes;
    options.item_ns = byte_ns * (double)item_bytes * n_arrays;
    return options;
}

/* No array is larger than PTRDIFF_MAX bytes: n is a mistake, for example -1 made unsigned. */
#define LIMIT_ITEMS(n, type)                                                                       \
    PAR__MISUSE((n) <= PTRDIFF_MAX / sizeof(type), "n is too large; no array has so many items");  \
    if ((n) > PTRDIFF_MAX / sizeof(type)) (n) = 0

#define PLUS(a, b) ((a) + (b))

/* A reduction of x (and y) with a given leaf fold; a single leaf needs no tree. */
#define DEFINE_SUM(name, type, sum_type, part_type)                                                \
    static void name##_sum_fold(void *acc, size_t begin, size_t end, void *ctx)                    \
    {                                                                                              \
        const type *x = ctx;                                                                       \
        *(part_type *)acc = PLUS(*(part_type *)acc, name##_leaf_sum(x + begin, end - begin));      \
    }                                                                                              \
                                                                                                   \
    static void name##_sum_combine(void *left, const void *right, void *ctx)                       \
    {                                                                                              \
        (void)ctx;                                                                                 \
        *(part_type *)left = PLUS(*(part_type *)left, *(const part_type *)right);                  \
    }                                                                                              \
                                                                                                   \
    sum_type par_sum_##name(const type *x, size_t n)                                               \
    {                                                                                              \
        PAR__MISUSE(x != NULL || n == 0, "x is NULL; pass the array, or n = 0");                   \
        LIMIT_ITEMS(n, type);                                                                      \
        if (n <= LEAF_BYTES / sizeof(type)) return (sum_type)name##_leaf_sum(x, n);                \
        part_type sum = 0;                                                                         \
        par_options_t options = leaf_options(sizeof(type), 1);                                     \
        par_reduce(0, n, &sum, sizeof sum, name##_sum_fold, name##_sum_combine,                    \
                   (void *)(uintptr_t)x, &options);                                                \
        return (sum_type)sum;                                                                      \
    }

#define DEFINE_DOT(name, type, sum_type, part_type)                                                \
    typedef struct name##_pair_t {                                                                 \
        const type *x, *y;                                                                         \
    } name##_pair_t;                                                                               \
                                                                                                   \
    static void name##_dot_fold(void *acc, size_t begin, size_t end, void *ctx)                    \
    {                                                                                              \
        const name##_pair_t *p = ctx;                                                              \
        part_type part = name##_leaf_dot(p->x + begin, p->y + begin, end - begin);                 \
        *(part_type *)acc = PLUS(*(part_type *)acc, part);                                         \
    }                                                                                              \
                                                                                                   \
    sum_type par_dot_##name(const type *x, const type *y, size_t n)                                \
    {                                                                                              \
        PAR__MISUSE((x != NULL && y != NULL) || n == 0, "an array is NULL; pass it, or n = 0");    \
        LIMIT_ITEMS(n, type);                                                                      \
        if (n <= LEAF_BYTES / sizeof(type)) return (sum_type)name##_leaf_dot(x, y, n);             \
        part_type sum = 0;                                                                         \
        name##_pair_t pair = {x, y};                                                               \
        par_options_t options = leaf_options(sizeof(type), 2);                                     \
        par_reduce(0, n, &sum, sizeof sum, name##_dot_fold, name##_sum_combine, &pair, &options);  \
        return (sum_type)sum;                                                                      \
    }

#define DEFINE_EXTREME(name, type, verb, identity)                                                 \
    static void name##_##verb##_fold(void *acc, size_t begin, size_t end, void *ctx)               \
    {                                                                                              \
        const type *x = ctx;                                                                       \
        *(type *)acc = name##_leaf_##verb(*(type *)acc, x + begin, end - begin);                   \
    }                                                                                              \
                                                                                                   \
    static void name##_##verb##_combine(void *left, const void *right, void *ctx)                  \
    {                                                                                              \
        (void)ctx;                                                                                 \
        *(type *)left = name##_##verb(*(type *)left, *(const type *)right);                        \
    }                                                                                              \
                                                                                                   \
    type par_##verb##_##name(const type *x, size_t n)                                              \
    {                                                                                              \
        PAR__MISUSE(x != NULL || n == 0, "x is NULL; pass the array, or n = 0");                   \
        LIMIT_ITEMS(n, type);                                                                      \
        type result = identity;                                                                    \
        if (n <= LEAF_BYTES / sizeof(type)) return name##_leaf_##verb(result, x, n);               \
        par_options_t options = leaf_options(sizeof(type), 1);                                     \
        par_reduce(0, n, &result, sizeof result, name##_##verb##_fold, name##_##verb##_combine,    \
                   (void *)(uintptr_t)x, &options);                                                \
        return result;                                                                             \
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
        LIMIT_ITEMS(n, type);                                                                      \
        name##_fill_t fill = {x, value};                                                           \
        par_options_t options = page_options(sizeof(type), 1);                                     \
        par_for_range(0, n, name##_fill_range, &fill, &options);                                   \
    }                                                                                              \
                                                                                                   \
    void par_copy_##name(type *out, const type *in, size_t n)                                      \
    {                                                                                              \
        PAR__MISUSE((out != NULL && in != NULL) || n == 0, "an array is NULL; pass it, or n = 0"); \
        LIMIT_ITEMS(n, type);                                                                      \
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

#define DEFINE_ALL(name, type, sum_type, part_type, least, greatest)                               \
    DEFINE_SUM(name, type, sum_type, part_type)                                                    \
    DEFINE_DOT(name, type, sum_type, part_type)                                                    \
    DEFINE_EXTREME(name, type, min, greatest)                                                      \
    DEFINE_EXTREME(name, type, max, least)                                                         \
    DEFINE_FILL(name, type)

#define DEFINE_FLOAT(name, type, mask_type)                                                        \
    PAR__LANES_FLOAT(name, type, mask_type)                                                        \
    DEFINE_ALL(name, type, type, type, (type)-__builtin_inf(), (type)__builtin_inf())

#define DEFINE_INTEGER(name, type, sum_type, least, greatest)                                      \
    PAR__LANES_INTEGER(name, type)                                                                 \
    DEFINE_ALL(name, type, sum_type, uint64_t, least, greatest)

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
DEFINE_FLOAT(float, float, int32_t)
DEFINE_FLOAT(double, double, int64_t)
