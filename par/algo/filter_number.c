/* filter_number.c - filters of the C number types: a comparison each, made as such: the next number
 * below a bound would be 0 itself where the program has subnormal numbers taken for 0. */
#include <par/filter.h>

#include "filter_lanes.h"
#include "misuse.h"

#define DEFINE_FILTERS(name, type, sum_type)                                                       \
    typedef struct name##_range_t {                                                                \
        const par__filter_lanes_t *lanes;                                                          \
        const type *in;                                                                            \
        type low, high;                                                                            \
    } name##_range_t;                                                                              \
                                                                                                   \
    static void name##_flags_less(unsigned char *flags, size_t begin, size_t end, void *ctx)       \
    {                                                                                              \
        const name##_range_t *r = ctx;                                                             \
        r->lanes->less_##name(flags, r->in + begin, end - begin, r->high);                         \
    }                                                                                              \
                                                                                                   \
    static void name##_flags_greater(unsigned char *flags, size_t begin, size_t end, void *ctx)    \
    {                                                                                              \
        const name##_range_t *r = ctx;                                                             \
        r->lanes->greater_##name(flags, r->in + begin, end - begin, r->low);                       \
    }                                                                                              \
                                                                                                   \
    static void name##_flags_within(unsigned char *flags, size_t begin, size_t end, void *ctx)     \
    {                                                                                              \
        const name##_range_t *r = ctx;                                                             \
        r->lanes->within_##name(flags, r->in + begin, end - begin, r->low, r->high);               \
    }                                                                                              \
                                                                                                   \
    static void name##_flags_other(unsigned char *flags, size_t begin, size_t end, void *ctx)      \
    {                                                                                              \
        const name##_range_t *r = ctx;                                                             \
        r->lanes->other_##name(flags, r->in + begin, end - begin, r->low);                         \
    }                                                                                              \
                                                                                                   \
    static size_t name##_filter(type *out, const type *in, size_t n, type low, type high,          \
                                par_flags_fn *flags)                                               \
    {                                                                                              \
        name##_range_t r = {par__filter_lanes(), in, low, high};                                   \
        return par_filter_by(out, in, n, sizeof(type), flags, &r);                                 \
    }                                                                                              \
                                                                                                   \
    size_t par_filter_less_##name(type *out, const type *in, size_t n, type bound)                 \
    {                                                                                              \
        PAR__MISUSE(in != NULL || n == 0, "in is NULL; pass the array, or n = 0");                 \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        return name##_filter(out, in, n, bound, bound, name##_flags_less);                         \
    }                                                                                              \
                                                                                                   \
    size_t par_filter_greater_##name(type *out, const type *in, size_t n, type bound)              \
    {                                                                                              \
        PAR__MISUSE(in != NULL || n == 0, "in is NULL; pass the array, or n = 0");                 \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        return name##_filter(out, in, n, bound, bound, name##_flags_greater);                      \
    }                                                                                              \
                                                                                                   \
    size_t par_filter_between_##name(type *out, const type *in, size_t n, type low, type high)     \
    {                                                                                              \
        PAR__MISUSE(in != NULL || n == 0, "in is NULL; pass the array, or n = 0");                 \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        return name##_filter(out, in, n, low, high, name##_flags_within);                          \
    }                                                                                              \
                                                                                                   \
    size_t par_filter_not_equal_##name(type *out, const type *in, size_t n, type value)            \
    {                                                                                              \
        PAR__MISUSE(in != NULL || n == 0, "in is NULL; pass the array, or n = 0");                 \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        return name##_filter(out, in, n, value, value, name##_flags_other);                        \
    }

PAR_NUMBER_MAP(DEFINE_FILTERS)
