/* lanes_integer.h - the folds of an integer type: plain loops, left to the vectoriser. Included by
 * lanes_all.h for each, as NAME, TYPE, MASK and SUM, the type of a sum. */
#define IS_SAME(a, b)    ((a) == (b))
#define EQUALS_ITSELF(a) true
#include "lanes_common.h"

TARGET static SUM FN(sum)(const TYPE *x, size_t n)
{
    uint64_t total = 0;
    for (size_t i = 0; i < n; i++)
        total += (uint64_t)x[i];
    return (SUM)total;
}

TARGET static SUM FN(dot)(const TYPE *x, const TYPE *y, size_t n)
{
    uint64_t total = 0;
    for (size_t i = 0; i < n; i++)
        total += (uint64_t)x[i] * (uint64_t)y[i];
    return (SUM)total;
}

TARGET static TYPE FN(min)(TYPE result, const TYPE *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        result = x[i] < result ? x[i] : result;
    return result;
}

TARGET static TYPE FN(max)(TYPE result, const TYPE *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        result = x[i] > result ? x[i] : result;
    return result;
}

TARGET static void FN(minmax)(TYPE *min, TYPE *max, const TYPE *x, size_t n)
{
    TYPE low = *min, high = *max;
    for (size_t i = 0; i < n; i++) {
        low = x[i] < low ? x[i] : low;
        high = x[i] > high ? x[i] : high;
    }
    *min = low;
    *max = high;
}

#undef IS_SAME
#undef EQUALS_ITSELF
#undef NAME
#undef TYPE
#undef MASK
#undef SUM
