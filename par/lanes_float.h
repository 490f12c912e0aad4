/* lanes_float.h - sums, dot products and extremes of a floating-point type, lane by lane in the order
 * that lanes.h describes. Included by lanes_all.h for each, as NAME, TYPE, MASK and VEC_SUFFIX. */
#define IS_SAME(a, b)    (((a) == (b)) | (((a) != (a)) & ((b) != (b))))
#define EQUALS_ITSELF(a) ((a) == (a))
#include "lanes_common.h"

/* The first n of WIDTH elements, rest in place of the others. */
TARGET static inline vec_t FN(load_part)(const TYPE *x, size_t n, TYPE rest)
{
    TYPE part[WIDTH];
    for (size_t l = 0; l < WIDTH; l++)
        part[l] = l < n ? x[l] : rest;
    return FN(load)(part);
}

TARGET static inline vec_t FN(fill)(TYPE value)
{
    return value - (vec_t){0};
}

/* Portable: how others choose by an instruction. */
__attribute__((unused)) TARGET static inline vec_t FN(choose)(mask_t take_a, vec_t a, vec_t b)
{
    return (vec_t)(((mask_t)a & take_a) | ((mask_t)b & ~take_a));
}

__attribute__((unused)) TARGET static inline bool FN(any)(mask_t mask)
{
    MASK any = 0;
    for (size_t l = 0; l < WIDTH; l++)
        any |= mask[l];
    return any != 0;
}

/* ---- sums: a lane is never -0, so that adding 0 for an element that is not there changes nothing */

TARGET static inline TYPE FN(total)(vec_t v[VECS])
{
    TYPE lane[WIDTH];
    for (size_t width = VECS / 2; width > 0; width /= 2)
        UNROLL for (size_t k = 0; k < width; k++) v[k] += v[k + width];
    *(mem_t *)(void *)lane = v[0];
    for (size_t width = WIDTH / 2; width > 0; width /= 2)
        for (size_t l = 0; l < width; l++)
            lane[l] += lane[l + width];
    return lane[0];
}

TARGET static TYPE FN(sum)(const TYPE *x, size_t n)
{
    vec_t v[VECS] = {{0}};
    size_t i = 0;
    for (; n - i >= LANES; i += LANES)
        UNROLL for (size_t k = 0; k < VECS; k++) v[k] += FN(load)(x + i + k * WIDTH);
    UNROLL for (size_t k = 0; k < VECS; k++, i += WIDTH)
    {
        if (i == n) break;
        if (n - i >= WIDTH) {
            v[k] += FN(load)(x + i);
            continue;
        }
        v[k] += FN(load_part)(x + i, n - i, 0);
        break;
    }
    return FN(total)(v);
}

TARGET static TYPE FN(dot)(const TYPE *x, const TYPE *y, size_t n)
{
    vec_t v[VECS] = {{0}};
    size_t i = 0;
    for (; n - i >= LANES; i += LANES)
        UNROLL for (size_t k = 0; k < VECS; k++) v[k] +=
            FN(load)(x + i + k * WIDTH) * FN(load)(y + i + k * WIDTH);
    UNROLL for (size_t k = 0; k < VECS; k++, i += WIDTH)
    {
        if (i == n) break;
        if (n - i >= WIDTH) {
            v[k] += FN(load)(x + i) * FN(load)(y + i);
            continue;
        }
        v[k] += FN(load_part)(x + i, n - i, 0) * FN(load_part)(y + i, n - i, 0);
        break;
    }
    return FN(total)(v);
}

/* ---- extremes: a lane keeps its element unless the new one is beyond it; NaNs are noted aside ---- */

/* Of the lanes, the upper half into the lower one. */
#define DEFINE_LAST(verb, OF, beyond)                                                              \
    TARGET static inline TYPE FN(last_##verb)(vec_t v[VECS])                                       \
    {                                                                                              \
        TYPE lane[WIDTH];                                                                          \
        for (size_t width = VECS / 2; width > 0; width /= 2)                                       \
            UNROLL for (size_t k = 0; k < width; k++) v[k] = OF(v[k + width], v[k]);               \
        *(mem_t *)(void *)lane = v[0];                                                             \
        for (size_t width = WIDTH / 2; width > 0; width /= 2)                                      \
            for (size_t l = 0; l < width; l++)                                                     \
                lane[l] = lane[l + width] beyond lane[l] ? lane[l + width] : lane[l];              \
        return lane[0];                                                                            \
    }
DEFINE_LAST(min, MIN_OF, <)
DEFINE_LAST(max, MAX_OF, >)
#undef DEFINE_LAST

/* Calls STEP(k, next) for all elements, in rows of VECS vectors; `other` fills up the last one. */
#define FOR_ROWS(STEP, other)                                                                      \
    size_t i = 0;                                                                                  \
    for (; n - i >= LANES; i += LANES) {                                                           \
        UNROLL for (size_t k = 0; k < VECS; k += 2)                                                \
        {                                                                                          \
            vec_t a = FN(load)(x + i + k * WIDTH), b = FN(load)(x + i + (k + 1) * WIDTH);          \
            NOTE_NAN(has_nan, a, b);                                                               \
            STEP(k, a);                                                                            \
            STEP(k + 1, b);                                                                        \
        }                                                                                          \
    }                                                                                              \
    UNROLL for (size_t k = 0; k < VECS; k++, i += WIDTH)                                           \
    {                                                                                              \
        if (i == n) break;                                                                         \
        bool is_whole = n - i >= WIDTH;                                                            \
        vec_t a = is_whole ? FN(load)(x + i) : FN(load_part)(x + i, n - i, other);                 \
        NOTE_NAN(has_nan, a, a);                                                                   \
        STEP(k, a);                                                                                \
        if (!is_whole) break;                                                                      \
    }

#define STEP_MIN(k, next)  (low[k] = MIN_OF(next, low[k]))
#define STEP_MAX(k, next)  (high[k] = MAX_OF(next, high[k]))
#define STEP_BOTH(k, next) (STEP_MIN(k, next), STEP_MAX(k, next))

/* A start that is a NaN stays in its lanes, as nothing is beyond it. */
TARGET static TYPE FN(min)(TYPE start, const TYPE *x, size_t n)
{
    note_t has_nan = {0};
    vec_t low[VECS];
    for (size_t k = 0; k < VECS; k++)
        low[k] = FN(fill)(start);
    FOR_ROWS(STEP_MIN, start)
    return IS_NOTED(has_nan) ? (TYPE)__builtin_nan("") : FN(last_min)(low);
}

TARGET static TYPE FN(max)(TYPE start, const TYPE *x, size_t n)
{
    note_t has_nan = {0};
    vec_t high[VECS];
    for (size_t k = 0; k < VECS; k++)
        high[k] = FN(fill)(start);
    FOR_ROWS(STEP_MAX, start)
    return IS_NOTED(has_nan) ? (TYPE)__builtin_nan("") : FN(last_max)(high);
}

TARGET static void FN(minmax)(TYPE *min, TYPE *max, const TYPE *x, size_t n)
{
    if (n == 0) return;
    note_t has_nan = {0};
    vec_t low[VECS], high[VECS];
    for (size_t k = 0; k < VECS; k++) {
        low[k] = FN(fill)(*min);
        high[k] = FN(fill)(*max);
    }
    FOR_ROWS(STEP_BOTH, x[0])
    bool is_nan = IS_NOTED(has_nan);
    *min = is_nan ? (TYPE)__builtin_nan("") : FN(last_min)(low);
    *max = is_nan ? (TYPE)__builtin_nan("") : FN(last_max)(high);
}
#undef FOR_ROWS
#undef STEP_MIN
#undef STEP_MAX
#undef STEP_BOTH
#undef IS_SAME
#undef EQUALS_ITSELF
#undef NAME
#undef TYPE
#undef MASK
#undef VEC_SUFFIX
