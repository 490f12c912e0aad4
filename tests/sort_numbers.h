/* sort_numbers.h - what the tests of sorts of numbers share: patterns that were made to hurt, and every number
 * type with its order, told in other words than the library's. */
#ifndef SORT_NUMBERS_H
#define SORT_NUMBERS_H

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "on_pools.h"
#include "random_next.h"
#include "scale.h"

/* ---- patterns: 8 bytes each, of which a type takes what it needs ---- */

typedef enum pattern_t {
    RANDOM,
    SORTED,
    REVERSED,
    EQUAL,
    TWO_VALUES,
    FEW_VALUES,
    MANY_OF_GREATEST,
    ORGAN_PIPE,
    SAWTOOTH,
    ALMOST_SORTED,
    SORTED_START,
    LOW_BITS,    /* narrow range */
    HIGH_BITS,   /* all differ in the top bits only */
    CLUSTERS,    /* alike in the middle bits: insertion must give up */
    EXTREMES,    /* the least and greatest values, zeros */
    EXPONENTIAL, /* the middle of the range is far from the median */
    N_PATTERNS
} pattern_t;

static inline uint64_t pattern_value(pattern_t pattern, size_t i, size_t n, uint64_t *seed)
{
    static const uint64_t extreme[] = {0,
                                       ~(uint64_t)0,
                                       (uint64_t)1 << 63,
                                       INT64_MAX,
                                       1,
                                       0x80000000u,
                                       0x7fffffff,
                                       0x8000,
                                       0x7fff,
                                       0x80,
                                       0x7f};
    uint64_t r = random_next(seed), spread = ~(uint64_t)0 / (n + 1);
    switch (pattern) {
    case SORTED:
        return i * spread;
    case REVERSED:
        return (n - i) * spread;
    case EQUAL:
        return 0x123456789abcdef0u;
    case TWO_VALUES:
        return (r & 1) * 0x8000000000000001u;
    case FEW_VALUES:
        return (r % 10) * 0x9e3779b97f4a7c15u;
    case MANY_OF_GREATEST:
        return (r & 3) ? ~(uint64_t)0 >> 1 : r >> 2;
    case ORGAN_PIPE:
        return (i < n / 2 ? i : n - i) * spread;
    case SAWTOOTH:
        return (i % 100) * (spread + 1) * (n / 100 + 1);
    case ALMOST_SORTED:
        return r % 50 ? i * spread : r;
    case SORTED_START:
        return i < n - n / 8 ? i * spread : r;
    case LOW_BITS:
        return r % 1000;
    case HIGH_BITS:
        return r << 40 ^ r << 20;
    case CLUSTERS:
        return (r % 7 << 60) | (r >> 8 & 0xffff);
    case EXTREMES:
        return extreme[r % (sizeof extreme / sizeof *extreme)];
    case EXPONENTIAL:
        return r >> (r % 64);
    case RANDOM:
    case N_PATTERNS:
    default:
        return r;
    }
}

/* The value in the high half for patterns whose order is that of 8 bytes. */
static inline void bytes_of(void *to, uint64_t value, size_t size, pattern_t pattern)
{
    bool is_top = pattern != LOW_BITS && pattern != EXTREMES;
    uint8_t b1;
    uint16_t b2;
    uint32_t b4;
    switch (size) {
    case 1:
        b1 = (uint8_t)(is_top ? value >> 56 : value);
        memcpy(to, &b1, 1);
        return;
    case 2:
        b2 = (uint16_t)(is_top ? value >> 48 : value);
        memcpy(to, &b2, 2);
        return;
    case 4:
        b4 = (uint32_t)(is_top ? value >> 32 : value);
        memcpy(to, &b4, 4);
        return;
    default:
        memcpy(to, &value, 8);
    }
}

static inline void fill(void *v, size_t n, size_t size, pattern_t pattern, uint64_t seed)
{
    for (size_t i = 0; i < n; i++)
        bytes_of((char *)v + i * size, pattern_value(pattern, i, n, &seed), size, pattern);
}

/* ---- what the order is, in other words than the library's ---- */

#define COMPARE_INTEGER(name, type)                                                                \
    static int compare_##name(const void *a, const void *b)                                        \
    {                                                                                              \
        type x = *(const type *)a, y = *(const type *)b;                                           \
        return (x > y) - (x < y);                                                                  \
    }
COMPARE_INTEGER(char, char)
COMPARE_INTEGER(schar, signed char)
COMPARE_INTEGER(uchar, unsigned char)
COMPARE_INTEGER(short, short)
COMPARE_INTEGER(ushort, unsigned short)
COMPARE_INTEGER(int, int)
COMPARE_INTEGER(uint, unsigned)
COMPARE_INTEGER(long, long)
COMPARE_INTEGER(ulong, unsigned long)
COMPARE_INTEGER(llong, long long)
COMPARE_INTEGER(ullong, unsigned long long)

/* Sign first, then magnitude by the bits, which is IEEE 754's totalOrder. */
static inline int compare_bits(uint64_t a, bool a_negative, uint64_t b, bool b_negative)
{
    if (a_negative != b_negative) return a_negative ? -1 : 1;
    int by_size = (a > b) - (a < b);
    return a_negative ? -by_size : by_size;
}

static int compare_float(const void *a, const void *b)
{
    uint32_t x, y;
    memcpy(&x, a, 4);
    memcpy(&y, b, 4);
    return compare_bits(x & 0x7fffffff, x >> 31, y & 0x7fffffff, y >> 31);
}

static int compare_double(const void *a, const void *b)
{
    uint64_t x, y;
    memcpy(&x, a, 8);
    memcpy(&y, b, 8);
    return compare_bits(x & INT64_MAX, x >> 63, y & INT64_MAX, y >> 63);
}

typedef struct type_t {
    const char *name;
    size_t size;
    unsigned kind;
    int (*compare)(const void *a, const void *b);
    void (*sort)(void *v, size_t n);
    void (*sort_pairs)(void *keys, void *payload, size_t size, size_t n);
} type_t;

#define X(name, type, sum_type)                                                                    \
    static inline void sort_##name(void *v, size_t n)                                              \
    {                                                                                              \
        type *typed = v;                                                                           \
        par_sort(typed, n);                                                                        \
    }                                                                                              \
    static inline void sort_pairs_##name(void *keys, void *payload, size_t size, size_t n)         \
    {                                                                                              \
        par_sort_pairs_##name(keys, payload, size, n);                                             \
    }
PAR_NUMBER_MAP(X)
#undef X

static const type_t types[] = {
#define X(name, type, sum_type)                                                                    \
    {#name, sizeof(type), PAR_KEY_KIND(type), compare_##name, sort_##name, sort_pairs_##name},
    PAR_NUMBER_MAP(X)
#undef X
};
enum { N_TYPES = sizeof types / sizeof types[0] };

/* Whether combination number at of this size has its turn: few of the large ones. */
static inline bool has_turn(size_t n, size_t at)
{
    size_t every = n > 300 && (TEST_ASAN || TEST_TSAN) ? 23 : n > 4000 ? 5 : 1;
    return at % every == 0;
}

#endif
