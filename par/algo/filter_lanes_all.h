/* filter_lanes_all.h - one path: the body of a file that defines PATH and TARGET as the paths of lanes.h
 * do. */
#include "filter_lanes.h"

#define CAT_(a, b) a##b
#define CAT(a, b)  CAT_(a, b)
#define STRING_(a) #a
#define STRING(a)  STRING_(a)

#define X(name, type, sum_type)                                                                    \
    TARGET static void name##_less(unsigned char *flags, const type *x, size_t n, type bound)      \
    {                                                                                              \
        for (size_t i = 0; i < n; i++)                                                             \
            flags[i] = x[i] < bound;                                                               \
    }                                                                                              \
                                                                                                   \
    TARGET static void name##_greater(unsigned char *flags, const type *x, size_t n, type bound)   \
    {                                                                                              \
        for (size_t i = 0; i < n; i++)                                                             \
            flags[i] = x[i] > bound;                                                               \
    }                                                                                              \
                                                                                                   \
    TARGET static void name##_within(unsigned char *flags, const type *x, size_t n, type low,      \
                                     type high)                                                    \
    {                                                                                              \
        for (size_t i = 0; i < n; i++)                                                             \
            flags[i] = (unsigned char)((x[i] >= low) & (x[i] <= high));                            \
    }                                                                                              \
                                                                                                   \
    TARGET static void name##_other(unsigned char *flags, const type *x, size_t n, type value)     \
    {                                                                                              \
        for (size_t i = 0; i < n; i++)                                                             \
            flags[i] = x[i] != value;                                                              \
    }
PAR_NUMBER_MAP(X)
#undef X

const par__filter_lanes_t CAT(par__filter_lanes_, PATH) = {.name = STRING(PATH),
#define X(name, type, sum_type)                                                                    \
    .less_##name = name##_less, .greater_##name = name##_greater, .within_##name = name##_within,  \
    .other_##name = name##_other,
                                                           PAR_NUMBER_MAP(X)
#undef X
};
