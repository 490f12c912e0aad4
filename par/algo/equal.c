/* equal.c - where two arrays first differ: blocks of find.c. */
#include <par/equal.h>

#include <stdbool.h>
#include <string.h>

#include "misuse.h"

/* It is compared in the time in which the others wake up. */
enum { SMALL_BYTES = 64 * 1024 };

/* Blocks are whole pages: the vectors of two workers share no cache line. */
enum { PAGE_BYTES = 4096 };

/* Compared without a way out, so that it is done in vectors; then searched. */
enum { PIECE_BYTES = 512 };

/* What a byte of one array costs, in ns, read from the caches: small arrays stay on one core. */
static const double byte_read_ns = 0.0125;

static par_options_t page_options(size_t item_bytes)
{
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = PAGE_BYTES / item_bytes;
    options.item_ns = 2 * byte_read_ns * (double)item_bytes;
    return options;
}

typedef struct pair_t {
    const void *a, *b;
} pair_t;

#define NO_ARRAY "an array is NULL; pass both arrays, or n = 0"

#define DEFINE_MISMATCH(name, type, sum_type)                                                      \
    static size_t name##_search(size_t begin, size_t end, void *ctx)                               \
    {                                                                                              \
        enum { PIECE = PIECE_BYTES / sizeof(type) };                                               \
        const type *a = ((const pair_t *)ctx)->a, *b = ((const pair_t *)ctx)->b;                   \
        size_t i = begin;                                                                          \
        for (; end - i >= PIECE; i += PIECE) {                                                     \
            unsigned differ = 0;                                                                   \
            for (size_t k = 0; k < PIECE; k++)                                                     \
                differ |= a[i + k] != b[i + k];                                                    \
            if (differ) break;                                                                     \
        }                                                                                          \
        while (i < end && a[i] == b[i])                                                            \
            i++;                                                                                   \
        return i;                                                                                  \
    }                                                                                              \
                                                                                                   \
    size_t par_mismatch_##name(const type *a, const type *b, size_t n)                             \
    {                                                                                              \
        PAR__MISUSE((a != NULL && b != NULL) || n == 0, NO_ARRAY);                                 \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        pair_t pair = {a, b};                                                                      \
        if (n <= SMALL_BYTES / sizeof(type)) return name##_search(0, n, &pair);                    \
        par_options_t options = page_options(sizeof(type));                                        \
        return par_find_first_range(0, n, name##_search, &pair, &options);                         \
    }                                                                                              \
                                                                                                   \
    int par_equal_##name(const type *a, const type *b, size_t n)                                   \
    {                                                                                              \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        return par_mismatch_##name(a, b, n) == n;                                                  \
    }

PAR_NUMBER_MAP(DEFINE_MISMATCH)

/* memcmp's speed; it does not tell where, so the last piece is compared once more. */
static size_t bytes_search(size_t begin, size_t end, void *ctx)
{
    const unsigned char *a = ((const pair_t *)ctx)->a, *b = ((const pair_t *)ctx)->b;
    size_t i = begin;
    while (end - i >= PAGE_BYTES && memcmp(a + i, b + i, PAGE_BYTES) == 0)
        i += PAGE_BYTES;
    return uchar_search(i, end, ctx);
}

size_t par_mismatch_bytes(const void *a, const void *b, size_t n)
{
    PAR__MISUSE((a != NULL && b != NULL) || n == 0, NO_ARRAY);
    PAR__LIMIT_ITEMS(n, char);
    pair_t pair = {a, b};
    if (n <= SMALL_BYTES) return bytes_search(0, n, &pair);
    par_options_t options = page_options(1);
    return par_find_first_range(0, n, bytes_search, &pair, &options);
}

int par_equal_bytes(const void *a, const void *b, size_t n)
{
    PAR__LIMIT_ITEMS(n, char);
    return par_mismatch_bytes(a, b, n) == n;
}

/* ---- by a function ---- */

typedef struct pairs_t {
    const char *a, *b;
    size_t a_size, b_size;
    par_same_fn *same;
    void *ctx;
} pairs_t;

static int pair_differs(size_t i, void *ctx)
{
    const pairs_t *p = ctx;
    return !p->same(p->a + i * p->a_size, p->b + i * p->b_size, p->ctx);
}

size_t par_mismatch_by(const void *a,
                       size_t a_size,
                       const void *b,
                       size_t b_size,
                       size_t n,
                       par_same_fn *same,
                       void *ctx)
{
    PAR__MISUSE(same != NULL, "same is NULL; pass the function that compares two elements");
    PAR__MISUSE((a != NULL && b != NULL) || n == 0, NO_ARRAY);
    bool exists = par__array_exists(n, a_size) && par__array_exists(n, b_size);
    PAR__MISUSE(exists, "n times the size is above PTRDIFF_MAX; no array has so many items");
    pairs_t pairs = {a, b, a_size, b_size, same, ctx};
    return exists ? par_find_first(0, n, pair_differs, &pairs) : n;
}
