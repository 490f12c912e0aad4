/* scan_lanes_all.h - one path: the body of a file that defines PATH, TARGET and VEC_BYTES as the paths of
 * lanes.h do, and for lanes of 32 and 64 bits I_32(s), I_64(s): the numbers from s on, as many as a
 * vector has lanes, and S_32(s), S_64(s): as many times s. STREAM(p, v) stores a vector past
 * the caches. */
#include "scan_lanes.h"

#define CAT_(a, b)  a##b
#define CAT(a, b)   CAT_(a, b)
#define STRING_(a)  #a
#define STRING(a)   STRING_(a)
#define LANES(bits) (VEC_BYTES * 8 / (bits))

typedef uint32_t vec_32_t __attribute__((vector_size(VEC_BYTES)));
typedef uint64_t vec_64_t __attribute__((vector_size(VEC_BYTES)));
typedef uint32_t mem_32_t __attribute__((vector_size(VEC_BYTES), aligned(4), may_alias));
typedef uint64_t mem_64_t __attribute__((vector_size(VEC_BYTES), aligned(8), may_alias));

/* v with its lanes k places further up, zeros coming in; its last lane in all. */
#define UP(bits, v, k)                                                                             \
    __builtin_shufflevector((vec_##bits##_t){0}, v, CAT(I_, bits)(LANES(bits) - (k)))
#define LAST(bits, v) __builtin_shufflevector(v, v, CAT(S_, bits)(LANES(bits) - 1))

#define DEFINE_SUM(bits)                                                                           \
    TARGET static inline vec_##bits##_t scan_##bits(vec_##bits##_t v)                              \
    {                                                                                              \
        v += UP(bits, v, 1);                                                                       \
        v += UP(bits, v, 2);                                                                       \
        if (LANES(bits) > 4) v += UP(bits, v, LANES(bits) > 4 ? 4 : 0);                            \
        if (LANES(bits) > 8) v += UP(bits, v, LANES(bits) > 8 ? 8 : 0);                            \
        return v;                                                                                  \
    }                                                                                              \
                                                                                                   \
    TARGET static inline __attribute__((always_inline)) uint##bits##_t vectors_##bits(             \
        par__scan_u##bits##_t *out, const par__scan_u##bits##_t *x, size_t n,                      \
        uint##bits##_t before, bool is_exclusive, bool is_stream)                                  \
    {                                                                                              \
        vec_##bits##_t sum = (vec_##bits##_t){0} + before;                                         \
        for (size_t i = 0; i < n; i += LANES(bits)) {                                              \
            vec_##bits##_t item = *(const mem_##bits##_t *)(const void *)(x + i);                  \
            vec_##bits##_t v = scan_##bits(item), result = v + sum;                                \
            if (is_exclusive) result -= item;                                                      \
            if (is_stream)                                                                         \
                STREAM(out + i, result);                                                           \
            else                                                                                   \
                *(mem_##bits##_t *)(void *)(out + i) = result;                                     \
            sum += LAST(bits, v);                                                                  \
        }                                                                                          \
        return sum[0];                                                                             \
    }                                                                                              \
                                                                                                   \
    TARGET static uint##bits##_t sum_##bits(par__scan_u##bits##_t *out,                            \
                                            const par__scan_u##bits##_t *x, size_t n,              \
                                            uint##bits##_t before, bool is_exclusive)              \
    {                                                                                              \
        size_t whole = n - n % LANES(bits);                                                        \
        before = vectors_##bits(out, x, whole, before, is_exclusive, false);                       \
        return par__scan_lanes_portable.sum_##bits(out + whole, x + whole, n - whole, before,      \
                                                   is_exclusive);                                  \
    }                                                                                              \
                                                                                                   \
    TARGET static uint##bits##_t stream_##bits(par__scan_u##bits##_t *out,                         \
                                               const par__scan_u##bits##_t *x, size_t n,           \
                                               uint##bits##_t before, bool is_exclusive)           \
    {                                                                                              \
        return vectors_##bits(out, x, n, before, is_exclusive, true);                              \
    }
DEFINE_SUM(32)
DEFINE_SUM(64)

const par__scan_lanes_t CAT(par__scan_lanes_, PATH) = {STRING(PATH), sum_32, sum_64, stream_32,
                                                       stream_64};
