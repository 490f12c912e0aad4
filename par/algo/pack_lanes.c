/* pack_lanes.c - the portable path, elements of other sizes, and which path this machine runs. */
#include "pack_lanes.h"

#include <string.h>

#include "paths.h"

/* Eight bytes in the order of memory. */
static uint64_t bytes_load(const unsigned char *p)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    x = __builtin_bswap64(x);
#endif
    return x;
}

/* Adding to the low seven bits of a byte sets the high one unless they are 0; the product gathers the
 * eight lowest bits in the highest byte. */
static uint64_t bits_of_eight(uint64_t x)
{
    const uint64_t low = 0x7f7f7f7f7f7f7f7f;
    uint64_t high = (((x & low) + low) | x) & ~low;
    return (high >> 7) * 0x0102040810204080 >> 56;
}

static size_t bits(uint64_t *to, const unsigned char *flags, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i += 64) {
        uint64_t word = 0;
        size_t items = n - i < 64 ? n - i : 64, j = 0;
        for (; j + 8 <= items; j += 8)
            word |= bits_of_eight(bytes_load(flags + i + j)) << j;
        for (; j < items; j++)
            word |= (uint64_t)(flags[i + j] != 0) << j;
        to[i / 64] = word;
        count += (size_t)__builtin_popcountll(word);
    }
    return count;
}

/* While a bit is left, so is an element that belongs where this one is written. */
#define DEFINE_PACK(bytes)                                                                         \
    static void pack_##bytes(par__pack_##bytes##_t *out, const par__pack_##bytes##_t *in,          \
                             const uint64_t *set, size_t n)                                        \
    {                                                                                              \
        for (size_t i = 0; i < n; i += 64, set++) {                                                \
            if (*set == UINT64_MAX) {                                                              \
                memmove(out, in + i, 64 * sizeof *out);                                            \
                out += 64;                                                                         \
                continue;                                                                          \
            }                                                                                      \
            const par__pack_##bytes##_t *item = in + i;                                            \
            for (uint64_t word = *set; word != 0; word >>= 1, item++) {                            \
                *out = *item;                                                                      \
                out += word & 1;                                                                   \
            }                                                                                      \
        }                                                                                          \
    }
DEFINE_PACK(1)
DEFINE_PACK(2)
DEFINE_PACK(4)
DEFINE_PACK(8)

const par__pack_lanes_t par__pack_lanes_portable = {"portable", bits, pack_4, pack_8};

/* Runs of elements that are all moved. */
static void pack_runs(char *out, const char *in, size_t size, const uint64_t *set, size_t n)
{
    for (size_t i = 0; i < n; i += 64, set++) {
        uint64_t word = *set;
        while (word != 0) {
            size_t first = (size_t)__builtin_ctzll(word);
            uint64_t behind = ~(word >> first);
            size_t run = behind != 0 ? (size_t)__builtin_ctzll(behind) : 64;
            if (run > 64 - first) run = 64 - first;
            memmove(out, in + (i + first) * size, run * size);
            out += run * size;
            word = first + run < 64 ? word >> (first + run) << (first + run) : 0;
        }
    }
}

void par__pack(const par__pack_lanes_t *lanes,
               void *out,
               const void *in,
               size_t size,
               const uint64_t *set,
               size_t n)
{
    switch (size) {
    case 1:
        pack_1(out, in, set, n);
        break;
    case 2:
        pack_2(out, in, set, n);
        break;
    case 4:
        lanes->pack_4(out, in, set, n);
        break;
    case 8:
        lanes->pack_8(out, in, set, n);
        break;
    default:
        pack_runs(out, in, size, set, n);
        break;
    }
}

static const par__pack_lanes_t *const paths[] =
    PAR__PATHS(&par__pack_lanes_portable, &par__pack_lanes_avx2, &par__pack_lanes_avx512);

const par__pack_lanes_t *par__pack_lanes(void)
{
    return paths[par__paths_best()];
}

void par__pack_lanes_list(const par__pack_lanes_t *list[PAR__PACK_PATHS + 1])
{
    PAR__PATHS_LIST(list, paths);
}
