/* pack_lanes.h - moving the elements whose bit is set close together, and bits out of flags.
 *
 * Bit i % 64 of word i / 64 is that of item i; bits behind the last item are 0. Every path writes exactly
 * as many elements as bits are set. out may be in, or lie before it: an element is read before something
 * is written to its place.
 *
 * AVX-512 has an instruction for it; AVX2 permutes by a table of 256 orders of 8 lanes; the portable path
 * writes every element and goes on where its bit was set, without branches. */
#ifndef PAR_PACK_LANES_H
#define PAR_PACK_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Elements of these widths, whatever the user calls them. */
typedef uint8_t __attribute__((may_alias)) par__pack_1_t;
typedef uint16_t __attribute__((may_alias, aligned(1))) par__pack_2_t;
typedef uint32_t __attribute__((may_alias, aligned(1))) par__pack_4_t;
typedef uint64_t __attribute__((may_alias, aligned(1))) par__pack_8_t;

typedef struct par__pack_lanes_t {
    const char *name;
    /* Sets the words of n flags, not 0 being set; returns how many are. */
    size_t (*bits)(uint64_t *bits, const unsigned char *flags, size_t n);
    void (*pack_4)(par__pack_4_t *out, const par__pack_4_t *in, const uint64_t *bits, size_t n);
    void (*pack_8)(par__pack_8_t *out, const par__pack_8_t *in, const uint64_t *bits, size_t n);
} par__pack_lanes_t;

extern const par__pack_lanes_t par__pack_lanes_portable;
#if defined(__x86_64__)
extern const par__pack_lanes_t par__pack_lanes_avx2, par__pack_lanes_avx512;
#endif

enum { PAR__PACK_PATHS = 3 };

/* The paths that this machine can run, the best first, NULL behind the last. For the tests. */
void par__pack_lanes_list(const par__pack_lanes_t *paths[PAR__PACK_PATHS + 1]);

/* The best of them. */
const par__pack_lanes_t *par__pack_lanes(void);

/* Elements of any size by a path. */
void par__pack(const par__pack_lanes_t *lanes,
               void *out,
               const void *in,
               size_t size,
               const uint64_t *bits,
               size_t n);

static inline size_t par__pack_words(size_t n)
{
    return n / 64 + (n % 64 != 0);
}

/* How many bits are set in the words of n items. */
static inline size_t par__pack_count(const uint64_t *bits, size_t n)
{
    size_t count = 0;
    for (size_t w = 0; w < par__pack_words(n); w++)
        count += (size_t)__builtin_popcountll(bits[w]);
    return count;
}

#endif
