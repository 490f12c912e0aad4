/* order_number.c - the verbs of order.h for numbers: a kernel for each size and kind, the number types by
 * their kind. */
#include <par/order_number.h>

#include <par/order.h>
#include <par/sort_number.h>

#include "misuse.h"

/* ---- kernels ---- */

/* An array of long long may be read as one of int64_t, which is another type; floating-point numbers as
 * the integers that their bits are. */
#define DEFINE_INTEGERS(bits)                                                                      \
    typedef int##bits##_t __attribute__((may_alias)) signed##bits##_t;                             \
    typedef uint##bits##_t __attribute__((may_alias)) unsigned##bits##_t;                          \
    PAR_DEFINE_ORDER(signed##bits, signed##bits##_t, a, b)                                         \
    {                                                                                              \
        return a < b;                                                                              \
    }                                                                                              \
    PAR_DEFINE_ORDER(unsigned##bits, unsigned##bits##_t, a, b)                                     \
    {                                                                                              \
        return a < b;                                                                              \
    }                                                                                              \
    PAR_DEFINE_UNIQUE(unique##bits, unsigned##bits##_t, a, b)                                      \
    {                                                                                              \
        return a == b;                                                                             \
    }

DEFINE_INTEGERS(8)
DEFINE_INTEGERS(16)
DEFINE_INTEGERS(32)
DEFINE_INTEGERS(64)

/* The bits are sign and magnitude: of negative numbers all but the sign are turned round. */
#define DEFINE_FLOATING(bits)                                                                      \
    static inline int##bits##_t float##bits##_rank(int##bits##_t x)                                \
    {                                                                                              \
        return x < 0 ? x ^ INT##bits##_MAX : x;                                                    \
    }                                                                                              \
    PAR_DEFINE_ORDER(float##bits, signed##bits##_t, a, b)                                          \
    {                                                                                              \
        return float##bits##_rank(a) < float##bits##_rank(b);                                      \
    }

DEFINE_FLOATING(32)
DEFINE_FLOATING(64)

/* By PAR_KEY_KIND. */
static const par_sort_kernel_t *kernel_of(unsigned kind)
{
    enum { SIGNED = 16, FLOATING = 48 };
    switch (kind) {
    case 1 + SIGNED:
        return &signed8_kernel;
    case 1:
        return &unsigned8_kernel;
    case 2 + SIGNED:
        return &signed16_kernel;
    case 2:
        return &unsigned16_kernel;
    case 4 + SIGNED:
        return &signed32_kernel;
    case 4:
        return &unsigned32_kernel;
    case 4 + FLOATING:
        return &float32_kernel;
    case 8 + FLOATING:
        return &float64_kernel;
    case 8 + SIGNED:
        return &signed64_kernel;
    default:
        return &unsigned64_kernel;
    }
}

static par_unique_fn *unique_of(size_t size)
{
    switch (size) {
    case 1:
        return unique8_remove;
    case 2:
        return unique16_remove;
    case 4:
        return unique32_remove;
    default:
        return unique64_remove;
    }
}

/* ---- the verbs ---- */

#define KERNEL(type) kernel_of(PAR_KEY_KIND(type)), &no_context
static char no_context; /* the kernels' context, which they do not read */

#define LIMIT(v, n, type)                                                                          \
    PAR__MISUSE((v) != NULL || (n) == 0, #v " is NULL; pass the array, or " #n " = 0");            \
    PAR__LIMIT_ITEMS(n, type);                                                                     \
    if ((v) == NULL) (n) = 0

#define LIMIT_OUT(out, n)                                                                          \
    PAR__MISUSE((out) != NULL || (n) == 0, "out is NULL; pass room for the result");               \
    if ((out) == NULL) (n) = 0

#define DEFINE_IN_ORDER(name, type, sum_type)                                                      \
    int par_is_sorted_##name(const type *v, size_t n)                                              \
    {                                                                                              \
        LIMIT(v, n, type);                                                                         \
        return par_is_sorted_with(v, n, KERNEL(type));                                             \
    }                                                                                              \
                                                                                                   \
    void par_merge_##name(type *out, const type *a, size_t n_a, const type *b, size_t n_b)         \
    {                                                                                              \
        LIMIT(a, n_a, type);                                                                       \
        LIMIT(b, n_b, type);                                                                       \
        PAR__MISUSE(out != NULL || (n_a == 0 && n_b == 0),                                         \
                    "out is NULL; pass room for n_a + n_b elements");                              \
        if (out != NULL) par_merge_with(out, a, n_a, b, n_b, KERNEL(type));                        \
    }                                                                                              \
                                                                                                   \
    size_t par_unique_##name(type *v, size_t n)                                                    \
    {                                                                                              \
        LIMIT(v, n, type);                                                                         \
        return par_unique_with(v, n, sizeof(type), unique_of(sizeof(type)), NULL);                 \
    }
PAR_NUMBER_MAP(DEFINE_IN_ORDER)

#define DEFINE_SELECT(name, type, sum_type)                                                        \
    void par_nth_##name(type *v, size_t n, size_t k)                                               \
    {                                                                                              \
        LIMIT(v, n, type);                                                                         \
        PAR__MISUSE(n == 0 || k < n, "k is not less than n; there is no such element");            \
        if (k < n) par_nth_with(v, n, k, KERNEL(type));                                            \
    }                                                                                              \
                                                                                                   \
    void par_sort_first_##name(type *v, size_t n, size_t k)                                        \
    {                                                                                              \
        LIMIT(v, n, type);                                                                         \
        if (0 < k && k < n) par_nth_with(v, n, k - 1, KERNEL(type));                               \
        par_sort_##name(v, k < n ? k : n);                                                         \
    }                                                                                              \
                                                                                                   \
    size_t par_top_##name(type *out, size_t k, const type *v, size_t n)                            \
    {                                                                                              \
        LIMIT(v, n, type);                                                                         \
        LIMIT_OUT(out, k);                                                                         \
        return par_top_with(out, k, v, n, KERNEL(type));                                           \
    }
PAR_NUMBER_MAP(DEFINE_SELECT)

#define DEFINE_BOUNDS(name, type, sum_type)                                                        \
    void par_lower_bounds_##name(size_t *out, const type *keys, size_t n_keys, const type *v,      \
                                 size_t n)                                                         \
    {                                                                                              \
        LIMIT(keys, n_keys, type);                                                                 \
        LIMIT_OUT(out, n_keys);                                                                    \
        LIMIT(v, n, type);                                                                         \
        par_bounds_with(out, keys, n_keys, v, n, 0, KERNEL(type));                                 \
    }                                                                                              \
                                                                                                   \
    void par_upper_bounds_##name(size_t *out, const type *keys, size_t n_keys, const type *v,      \
                                 size_t n)                                                         \
    {                                                                                              \
        LIMIT(keys, n_keys, type);                                                                 \
        LIMIT_OUT(out, n_keys);                                                                    \
        LIMIT(v, n, type);                                                                         \
        par_bounds_with(out, keys, n_keys, v, n, 1, KERNEL(type));                                 \
    }
PAR_NUMBER_MAP(DEFINE_BOUNDS)
