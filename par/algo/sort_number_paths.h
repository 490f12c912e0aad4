/* sort_number_paths.h - how numbers are sorted in place: once for each kind of machine.
 *
 * All number types of 4 bytes are sorted as int32_t, those of 8 bytes as int64_t. What maps the bits
 * of a type to the integer that has its place in the order is the order's two masks:
 *
 *     ordered = x ^ (x < 0 ? negative : 0) ^ all
 *
 * and the same once more gives x back: signed integers have no mask, unsigned ones the top bit in
 * `all`, floating point everything but the top bit in `negative` (which is IEEE 754's totalOrder).
 * Keys are mapped by the first partition that reads them, and mapped back where they are written
 * for the last time, so that no pass is spent on it. */
#ifndef PAR_SORT_NUMBER_PATHS_H
#define PAR_SORT_NUMBER_PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The arrays are those of the user's types. */
typedef int32_t par__key32_t __attribute__((may_alias));
typedef int64_t par__key64_t __attribute__((may_alias));

typedef struct par__sort_order_t {
    int64_t negative, all; /* of a key of 8 bytes; one of 4 bytes has them in the low half */
} par__sort_order_t;

typedef struct par__sort_path_t {
    const char *name;
    void (*sort_32)(par__key32_t *v, size_t n, const par__sort_order_t *order);
    void (*sort_64)(par__key64_t *v, size_t n, const par__sort_order_t *order);

    /* What the quick sort does with an input whose pivots are all bad: for the tests. */
    void (*sort_badly_32)(par__key32_t *v, size_t n, const par__sort_order_t *order);
    void (*sort_badly_64)(par__key64_t *v, size_t n, const par__sort_order_t *order);
} par__sort_path_t;

extern const par__sort_path_t par__sort_path_portable;
#if defined(__x86_64__)
extern const par__sort_path_t par__sort_path_avx512;
#endif

enum { PAR__SORT_PATHS = 2 };

/* The paths that this machine can run, the best first, NULL behind the last. For the tests. */
void par__sort_path_list(const par__sort_path_t *paths[PAR__SORT_PATHS + 1]);

/* The best of them. */
const par__sort_path_t *par__sort_path(void);

#endif
