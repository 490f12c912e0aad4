/* sort_elements.h - what the tests of the comparison sorts share: elements of any size, patterns that are
 * meant to be hard, and a serial stable sort. */
#ifndef SORT_ELEMENTS_H
#define SORT_ELEMENTS_H

#include <stdlib.h>
#include <string.h>

#include <par/random.h>

static inline uint64_t random_u64(uint64_t seed, uint64_t i)
{
    return par_random_u64(par_random_seed(seed), i);
}

static inline uint64_t random_below(uint64_t seed, uint64_t i, uint64_t bound)
{
    return par_random_below(par_random_seed(seed), i, bound);
}

/* ---- elements: a key and the place it had, as far as there are bytes for them ---- */

typedef struct shape_t {
    size_t size;
    size_t key_bytes; /* at the front; the rest is the place, or a part of it */
} shape_t;

static const shape_t shapes[] = {{1, 1},  {2, 1},  {3, 2},   {4, 2},   {5, 2},
                                 {7, 3},  {8, 4},  {12, 4},  {16, 8},  {17, 8},
                                 {24, 8}, {40, 8}, {100, 8}, {200, 8}, {5000, 8}};
enum { N_SHAPES = sizeof shapes / sizeof shapes[0] };

typedef enum pattern_t {
    RANDOM,
    SORTED,
    REVERSED,
    EQUAL,
    FEW,
    ORGAN_PIPE,
    SAWTOOTH,
    NEARLY_SORTED,
    TAIL,
    PUSHED_FRONT,
    DOWN_STEPS,
    MOSTLY_EQUAL,
    N_PATTERNS
} pattern_t;

static inline uint64_t key_in(pattern_t pattern, size_t i, size_t n, uint64_t seed)
{
    uint64_t random = random_u64(seed, i);
    switch (pattern) {
    case SORTED:
        return i;
    case REVERSED:
        return n - i;
    case EQUAL:
        return 7;
    case FEW:
        return random % 5;
    case ORGAN_PIPE:
        return i < n / 2 ? i : n - i;
    case SAWTOOTH:
        return i % 97;
    case NEARLY_SORTED:
        return random % 50 == 0 ? random % n : i;
    case TAIL:
        return i < n - n / 10 ? i : random % n;
    case PUSHED_FRONT:
        return i + 1 == n ? 0 : i + 1;
    case DOWN_STEPS:
        return (n - i) / 3;
    case MOSTLY_EQUAL:
        return random % 16 == 0 ? random % n : 3;
    case RANDOM:
    case N_PATTERNS:
        break;
    }
    return random;
}

/* Keys are written highest byte first, so memcmp orders them. */
static inline void
array_fill(unsigned char *v, size_t n, shape_t shape, pattern_t pattern, uint64_t seed)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char *item = v + i * shape.size;
        uint64_t key = key_in(pattern, i, n, seed);
        for (size_t b = 0; b < shape.key_bytes; b++)
            item[b] = (unsigned char)(key >> 8 * (shape.key_bytes - 1 - b));
        for (size_t b = shape.key_bytes; b < shape.size; b++)
            item[b] = (unsigned char)(b < shape.key_bytes + 4 ? i >> 8 * (b - shape.key_bytes) : b);
    }
}

static inline int compare_keys(const void *a, const void *b, void *ctx)
{
    return memcmp(a, b, *(const size_t *)ctx);
}

/* The serial form: merges of indices, bottom up. Stable. */
static inline void reference_sort(unsigned char *v, size_t n, shape_t shape)
{
    size_t *order = malloc((2 * n + 1) * sizeof *order), *other = order + n;
    unsigned char *copy = malloc(n * shape.size + 1);
    memcpy(copy, v, n * shape.size);
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t at = 0; at < n; at += 2 * width) {
            size_t mid = at + width < n ? at + width : n, end = mid + width < n ? mid + width : n;
            size_t a = at, b = mid;
            for (size_t k = at; k < end; k++) {
                int take_b = a == mid ||
                             (b < end && memcmp(copy + order[b] * shape.size,
                                                copy + order[a] * shape.size, shape.key_bytes) < 0);
                other[k] = take_b ? order[b++] : order[a++];
            }
        }
        memcpy(order, other, n * sizeof *order);
    }
    for (size_t i = 0; i < n; i++)
        memcpy(v + i * shape.size, copy + order[i] * shape.size, shape.size);
    free(copy);
    free(order);
}

/* Whether both have the same elements, in any order. */
static inline int
same_elements(const unsigned char *a, const unsigned char *b, size_t n, size_t size)
{
    shape_t whole = {size, size};
    unsigned char *x = malloc(n * size + 1), *y = malloc(n * size + 1);
    memcpy(x, a, n * size);
    memcpy(y, b, n * size);
    reference_sort(x, n, whole);
    reference_sort(y, n, whole);
    int same = memcmp(x, y, n * size) == 0;
    free(x);
    free(y);
    return same;
}

#endif
