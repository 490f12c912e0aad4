/* sort_number_portable.c - radix sort where a buffer pays and is there, quick sort else, in plain C. */
#include "sort_number_paths.h"
#include "sort_number_radix.h"

#include <par/for.h>
#include <par/join.h>
#include <par/pool.h>

/* From here on the buffer of the radix sort pays. */
enum { RADIX_LEAST = 256 };

#define TARGET
#define CAT_(a, b) a##b
#define CAT(a, b)  CAT_(a, b)
#define FN(name)   CAT(name##_, KEY_BITS)

#define KEY_BITS 32
#define KEY      par__key32_t
#define UKEY     uint32_t
#define KEY_MIN  INT32_MIN
#define KEY_MAX  INT32_MAX
#include "sort_number_scalar.h"

#include "sort_number_quick.h"
#include "sort_number_runs.h"
#undef KEY_BITS
#undef KEY
#undef UKEY
#undef KEY_MIN
#undef KEY_MAX

#define KEY_BITS 64
#define KEY      par__key64_t
#define UKEY     uint64_t
#define KEY_MIN  INT64_MIN
#define KEY_MAX  INT64_MAX
#include "sort_number_scalar.h"

#include "sort_number_quick.h"
#include "sort_number_runs.h"

#define DEFINE_SORT(bits)                                                                          \
    static void sort_##bits(par__key##bits##_t *x, size_t n, const par__sort_order_t *order)       \
    {                                                                                              \
        if (n > RUN_START_##bits && sort_run_##bits(x, n, order)) return;                          \
        if (n < RADIX_LEAST || !par__radix_##bits(x, n, order)) sort_quick_##bits(x, n, order);    \
    }
DEFINE_SORT(32)
DEFINE_SORT(64)

const par__sort_path_t par__sort_path_portable = {"portable", sort_32, sort_64, sort_badly_32,
                                                  sort_badly_64};
