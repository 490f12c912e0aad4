/* filter_number.c - filters of the C number types: all are numbers from low to high, or all others. */
#include <par/filter.h>

#include <limits.h>
#include <string.h>

#include "filter_lanes.h"
#include "misuse.h"

/* The next number below, which is not -infinity or NaN: floats are ordered as their bits are. */
#define DEFINE_BELOW(name, type, bits_t)                                                           \
    static type name##_below(type x)                                                               \
    {                                                                                              \
        bits_t bits;                                                                               \
        memcpy(&bits, &x, sizeof bits);                                                            \
        if (x == 0)                                                                                \
            bits = ((bits_t)1 << (sizeof bits * 8 - 1)) | 1;                                       \
        else                                                                                       \
            bits = x > 0 ? bits - 1 : bits + 1;                                                    \
        memcpy(&x, &bits, sizeof x);                                                               \
        return x;                                                                                  \
    }
DEFINE_BELOW(float, float, uint32_t)
DEFINE_BELOW(double, double, uint64_t)

#define FLOAT_ABOVE(x)  (-float_below(-(x)))
#define DOUBLE_ABOVE(x) (-double_below(-(x)))

/* least and greatest: of the type. BELOW and ABOVE are asked for what has such a neighbour only. */
#define DEFINE_FILTERS(name, type, least, greatest, BELOW, ABOVE)                                  \
    typedef struct name##_range_t {                                                                \
        const par__filter_lanes_t *lanes;                                                          \
        const type *in;                                                                            \
        type low, high;                                                                            \
        bool is_outside;                                                                           \
    } name##_range_t;                                                                              \
                                                                                                   \
    static void name##_flags(unsigned char *flags, size_t begin, size_t end, void *ctx)            \
    {                                                                                              \
        const name##_range_t *r = ctx;                                                             \
        r->lanes->within_##name(flags, r->in + begin, end - begin, r->low, r->high,                \
                                r->is_outside);                                                    \
    }                                                                                              \
                                                                                                   \
    static size_t name##_filter(type *out, const type *in, size_t n, type low, type high,          \
                                bool is_outside)                                                   \
    {                                                                                              \
        name##_range_t r = {par__filter_lanes(), in, low, high, is_outside};                       \
        return par_filter_by(out, in, n, sizeof(type), name##_flags, &r);                          \
    }                                                                                              \
                                                                                                   \
    size_t par_filter_less_##name(type *out, const type *in, size_t n, type bound)                 \
    {                                                                                              \
        PAR__MISUSE(in != NULL || n == 0, "in is NULL; pass the array, or n = 0");                 \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        if (!(bound > (least))) return 0;                                                          \
        return name##_filter(out, in, n, least, BELOW(bound), false);                              \
    }                                                                                              \
                                                                                                   \
    size_t par_filter_greater_##name(type *out, const type *in, size_t n, type bound)              \
    {                                                                                              \
        PAR__MISUSE(in != NULL || n == 0, "in is NULL; pass the array, or n = 0");                 \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        if (!(bound < (greatest))) return 0;                                                       \
        return name##_filter(out, in, n, ABOVE(bound), greatest, false);                           \
    }                                                                                              \
                                                                                                   \
    size_t par_filter_between_##name(type *out, const type *in, size_t n, type low, type high)     \
    {                                                                                              \
        PAR__MISUSE(in != NULL || n == 0, "in is NULL; pass the array, or n = 0");                 \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        return name##_filter(out, in, n, low, high, false);                                        \
    }                                                                                              \
                                                                                                   \
    size_t par_filter_not_equal_##name(type *out, const type *in, size_t n, type value)            \
    {                                                                                              \
        PAR__MISUSE(in != NULL || n == 0, "in is NULL; pass the array, or n = 0");                 \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        return name##_filter(out, in, n, value, value, true);                                      \
    }

#define DEFINE_INTEGER(name, type, least, greatest)                                                \
    static type name##_below(type x)                                                               \
    {                                                                                              \
        return (type)(x - 1);                                                                      \
    }                                                                                              \
                                                                                                   \
    static type name##_above(type x)                                                               \
    {                                                                                              \
        return (type)(x + 1);                                                                      \
    }                                                                                              \
    DEFINE_FILTERS(name, type, least, greatest, name##_below, name##_above)

DEFINE_INTEGER(char, char, CHAR_MIN, CHAR_MAX)
DEFINE_INTEGER(schar, signed char, SCHAR_MIN, SCHAR_MAX)
DEFINE_INTEGER(uchar, unsigned char, 0, UCHAR_MAX)
DEFINE_INTEGER(short, short, SHRT_MIN, SHRT_MAX)
DEFINE_INTEGER(ushort, unsigned short, 0, USHRT_MAX)
DEFINE_INTEGER(int, int, INT_MIN, INT_MAX)
DEFINE_INTEGER(uint, unsigned int, 0, UINT_MAX)
DEFINE_INTEGER(long, long, LONG_MIN, LONG_MAX)
DEFINE_INTEGER(ulong, unsigned long, 0, ULONG_MAX)
DEFINE_INTEGER(llong, long long, LLONG_MIN, LLONG_MAX)
DEFINE_INTEGER(ullong, unsigned long long, 0, ULLONG_MAX)
DEFINE_FILTERS(float, float, -__builtin_inff(), __builtin_inff(), float_below, FLOAT_ABOVE)
DEFINE_FILTERS(double, double, -__builtin_inf(), __builtin_inf(), double_below, DOUBLE_ABOVE)
