/* lanes.h - folds of one leaf of numbers.
 *
 * Floating point: the elements go in turn to 8 vectors of 16 bytes, which are added at the end in a
 * fixed order, the remaining elements after them. Vectors of 16 bytes are what every 64-bit machine
 * has; 8 of them hide the latency of the addition. The order is written down here and not left to
 * the compiler, which must keep it: so the bits are the same everywhere. They would not be if a
 * product and a sum were fused into one rounding, or computed wider than their type: this layer is
 * compiled with -ffp-contract=off, and so that FLT_EVAL_METHOD is 0 (CMakeLists.txt).
 *
 * Integers: any order gives the same bits, so a plain loop is left to the vectoriser. Sums are
 * computed unsigned, which wraps around. */
#ifndef PAR_LANES_H
#define PAR_LANES_H

#include <float.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

_Static_assert(FLT_EVAL_METHOD == 0, "float and double are computed in their own precision");

#define PAR__LANES_UNROLL _Pragma("GCC unroll 8")

/* mask_type: the signed integer as wide as type. */
#define PAR__LANES_FLOAT(name, type, mask_type)                                                    \
    typedef type name##_vec_t __attribute__((vector_size(16)));                                    \
    typedef type name##_mem_t __attribute__((vector_size(16), aligned(sizeof(type)), may_alias));  \
    typedef mask_type name##_mask_t __attribute__((vector_size(16)));                              \
    enum { name##_width = 16 / sizeof(type), name##_step = 8 * name##_width };                     \
                                                                                                   \
    static inline name##_vec_t name##_load(const type *x)                                          \
    {                                                                                              \
        return *(const name##_mem_t *)(const void *)x;                                             \
    }                                                                                              \
                                                                                                   \
    /* Adds the 8 vectors and their elements, neighbours first. */                                 \
    static inline type name##_total(name##_vec_t *v)                                               \
    {                                                                                              \
        for (int width = 4; width > 0; width /= 2)                                                 \
            for (int k = 0; k < width; k++)                                                        \
                v[k] += v[k + width];                                                              \
        type total = v[0][0];                                                                      \
        for (int k = 1; k < name##_width; k++)                                                     \
            total += v[0][k];                                                                      \
        return total;                                                                              \
    }                                                                                              \
                                                                                                   \
    static type name##_leaf_sum(const type *x, size_t n)                                           \
    {                                                                                              \
        name##_vec_t v[8] = {{0}};                                                                 \
        size_t i = 0;                                                                              \
        for (; n - i >= name##_step; i += name##_step) {                                           \
            PAR__LANES_UNROLL for (int k = 0; k < 8; k++) v[k] +=                                  \
                name##_load(x + i + k * name##_width);                                             \
        }                                                                                          \
        type total = name##_total(v);                                                              \
        for (; i < n; i++)                                                                         \
            total += x[i];                                                                         \
        return total;                                                                              \
    }                                                                                              \
                                                                                                   \
    static type name##_leaf_dot(const type *x, const type *y, size_t n)                            \
    {                                                                                              \
        name##_vec_t v[8] = {{0}};                                                                 \
        size_t i = 0;                                                                              \
        for (; n - i >= name##_step; i += name##_step) {                                           \
            PAR__LANES_UNROLL for (int k = 0; k < 8; k++) v[k] +=                                  \
                name##_load(x + i + k * name##_width) * name##_load(y + i + k * name##_width);     \
        }                                                                                          \
        type total = name##_total(v);                                                              \
        for (; i < n; i++)                                                                         \
            total += x[i] * y[i];                                                                  \
        return total;                                                                              \
    }                                                                                              \
                                                                                                   \
    PAR__LANES_EXTREME(name, type, min, <)                                                         \
    PAR__LANES_EXTREME(name, type, max, >)

/* A lane keeps its element unless the new one is beyond it; NaNs are noted aside. */
#define PAR__LANES_EXTREME(name, type, verb, beyond)                                               \
    static inline type name##_##verb(type a, type b)                                               \
    {                                                                                              \
        if (a != a || b != b) return (type)__builtin_nan("");                                      \
        return b beyond a ? b : a;                                                                 \
    }                                                                                              \
                                                                                                   \
    static inline name##_vec_t name##_vec_##verb(name##_vec_t a, name##_vec_t b)                   \
    {                                                                                              \
        name##_mask_t take = b beyond a;                                                           \
        return (name##_vec_t)(((name##_mask_t)b & take) | ((name##_mask_t)a & ~take));             \
    }                                                                                              \
                                                                                                   \
    static type name##_leaf_##verb(type start, const type *x, size_t n)                            \
    {                                                                                              \
        name##_vec_t v[8];                                                                         \
        name##_mask_t has_nan = {0};                                                               \
        for (int k = 0; k < 8 * name##_width; k++)                                                 \
            v[k / name##_width][k % name##_width] = start;                                         \
        size_t i = 0;                                                                              \
        for (; n - i >= name##_step; i += name##_step) {                                           \
            PAR__LANES_UNROLL for (int k = 0; k < 8; k++)                                          \
            {                                                                                      \
                name##_vec_t next = name##_load(x + i + k * name##_width);                         \
                has_nan |= next != next;                                                           \
                v[k] = name##_vec_##verb(v[k], next);                                              \
            }                                                                                      \
        }                                                                                          \
        type result = start;                                                                       \
        for (int k = 0; k < 8 * name##_width; k++) {                                               \
            if (has_nan[k % name##_width] != 0) return (type)__builtin_nan("");                    \
            result = name##_##verb(result, v[k / name##_width][k % name##_width]);                 \
        }                                                                                          \
        for (; i < n; i++)                                                                         \
            result = name##_##verb(result, x[i]);                                                  \
        return result;                                                                             \
    }

#define PAR__LANES_INTEGER(name, type)                                                             \
    static inline type name##_min(type a, type b)                                                  \
    {                                                                                              \
        return b < a ? b : a;                                                                      \
    }                                                                                              \
                                                                                                   \
    static inline type name##_max(type a, type b)                                                  \
    {                                                                                              \
        return b > a ? b : a;                                                                      \
    }                                                                                              \
                                                                                                   \
    static uint64_t name##_leaf_sum(const type *x, size_t n)                                       \
    {                                                                                              \
        uint64_t total = 0;                                                                        \
        for (size_t i = 0; i < n; i++)                                                             \
            total += (uint64_t)x[i];                                                               \
        return total;                                                                              \
    }                                                                                              \
                                                                                                   \
    static uint64_t name##_leaf_dot(const type *x, const type *y, size_t n)                        \
    {                                                                                              \
        uint64_t total = 0;                                                                        \
        for (size_t i = 0; i < n; i++)                                                             \
            total += (uint64_t)x[i] * (uint64_t)y[i];                                              \
        return total;                                                                              \
    }                                                                                              \
                                                                                                   \
    static type name##_leaf_min(type result, const type *x, size_t n)                              \
    {                                                                                              \
        for (size_t i = 0; i < n; i++)                                                             \
            result = name##_min(result, x[i]);                                                     \
        return result;                                                                             \
    }                                                                                              \
                                                                                                   \
    static type name##_leaf_max(type result, const type *x, size_t n)                              \
    {                                                                                              \
        for (size_t i = 0; i < n; i++)                                                             \
            result = name##_max(result, x[i]);                                                     \
        return result;                                                                             \
    }

#endif
