/* lanes_exact.h - the start of an exact sum, for double and float. Included by lanes_all.h.
 *
 * Each of 8 lanes holds high + low, exactly the sum of its elements so far. A new element is added to
 * high, the error of that addition, which is a number again, to low. If that addition has an error
 * too, the three of them do not fit: the row is left to the caller. So are infinities, NaNs and sums
 * beyond the greatest number, whose error is a NaN: it counts as one that is not 0.
 *
 * Source: Knuth, TAOCP 2, 4.2.2, theorem B: the error of an addition without a test. */

#define NAME       double
#define TYPE       double
#define VEC_SUFFIX pd

/* Lanes of this sum; vectors. */
enum { EXACT_LANES = PAR__EXPANSION_PARTS / 2, EXACT_VECS = EXACT_LANES * 8 / VEC_BYTES };

/* *sum += x; returns the error, exactly. */
TARGET static inline vec_t two_sum(vec_t *sum, vec_t x)
{
    vec_t a = *sum, s = a + x, x_part = s - a;
    *sum = s;
    return (a - (s - x_part)) + (x - x_part);
}

typedef float half_t __attribute__((vector_size(VEC_BYTES / 2), aligned(sizeof(float)), may_alias));

TARGET static inline vec_t float_widen(const float *x)
{
    return __builtin_convertvector(*(const half_t *)(const void *)x, vec_t);
}

#define DEFINE_EXPAND(name, type, LOAD)                                                            \
    TARGET static size_t name##_expand(const type *x, size_t n, double *part)                      \
    {                                                                                              \
        vec_t high[EXACT_VECS] = {{0}}, low[EXACT_VECS] = {{0}};                                   \
        size_t i = 0;                                                                              \
        for (; n - i >= EXACT_LANES; i += EXACT_LANES) {                                           \
            note_t has_rest = {0};                                                                 \
            vec_t next_high[EXACT_VECS], next_low[EXACT_VECS];                                     \
            UNROLL for (size_t k = 0; k < EXACT_VECS; k++)                                         \
            {                                                                                      \
                next_high[k] = high[k];                                                            \
                next_low[k] = low[k];                                                              \
                vec_t error = two_sum(&next_high[k], LOAD(x + i + k * WIDTH));                     \
                vec_t rest = two_sum(&next_low[k], error);                                         \
                NOTE_NONZERO(has_rest, rest);                                                      \
            }                                                                                      \
            if (IS_NOTED(has_rest)) break;                                                         \
            UNROLL for (size_t k = 0; k < EXACT_VECS; k++)                                         \
            {                                                                                      \
                high[k] = next_high[k];                                                            \
                low[k] = next_low[k];                                                              \
            }                                                                                      \
        }                                                                                          \
        for (size_t k = 0; k < EXACT_VECS; k++) {                                                  \
            *(mem_t *)(void *)(part + k * WIDTH) = high[k];                                        \
            *(mem_t *)(void *)(part + EXACT_LANES + k * WIDTH) = low[k];                           \
        }                                                                                          \
        return i;                                                                                  \
    }
DEFINE_EXPAND(double, double, double_load)
DEFINE_EXPAND(float, float, float_widen)
#undef DEFINE_EXPAND

#undef NAME
#undef TYPE
#undef VEC_SUFFIX
