/* pack_lanes_avx2.c - packing in vectors of 32 bytes. */
#if defined(__x86_64__)
#    include "pack_lanes.h"

#    include <immintrin.h>

#    include "pack_orders.h"

#    define TARGET __attribute__((target("avx2,popcnt")))

TARGET static size_t bits(uint64_t *to, const unsigned char *flags, size_t n)
{
    size_t i = 0, count = 0;
    for (; n - i >= 64; i += 64) {
        __m256i low = _mm256_loadu_si256((const void *)(flags + i));
        __m256i high = _mm256_loadu_si256((const void *)(flags + i + 32));
        __m256i zero = _mm256_setzero_si256();
        uint64_t unset = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, zero));
        unset |= (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, zero)) << 32;
        to[i / 64] = ~unset;
        count += (size_t)__builtin_popcountll(~unset);
    }
    return count + par__pack_lanes_portable.bits(to + i / 64, flags + i, n - i);
}

/* The 32-bit lanes of v in the order of an entry of the table. */
TARGET static inline __m256i lanes_order(__m256i v, uint64_t order)
{
    return _mm256_permutevar8x32_epi32(v,
                                       _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)order)));
}

/* A whole vector is stored as long as that stays within what will be written. */
TARGET static void
pack_4(par__pack_4_t *out, const par__pack_4_t *in, const uint64_t *set, size_t n)
{
    const par__pack_4_t *end = out + par__pack_count(set, n);
    size_t i = 0;
    for (; n - i >= 64 && end - out >= 64 + 8; i += 64) {
        uint64_t word = set[i / 64];
        for (size_t j = 0; j < 64; j += 8) {
            unsigned some = (unsigned)(word >> j) & 0xff;
            __m256i v = _mm256_loadu_si256((const void *)(in + i + j));
            _mm256_storeu_si256((void *)out, lanes_order(v, pack_orders[some]));
            out += __builtin_popcount(some);
        }
    }
    par__pack_lanes_portable.pack_4(out, in + i, set + i / 64, n - i);
}

/* Lane l of 64 bits is the lanes 2 l and 2 l + 1 of 32. */
TARGET static void
pack_8(par__pack_8_t *out, const par__pack_8_t *in, const uint64_t *set, size_t n)
{
    static const unsigned char doubled[16] = {0x00, 0x03, 0x0c, 0x0f, 0x30, 0x33, 0x3c, 0x3f,
                                              0xc0, 0xc3, 0xcc, 0xcf, 0xf0, 0xf3, 0xfc, 0xff};
    const par__pack_8_t *end = out + par__pack_count(set, n);
    size_t i = 0;
    for (; n - i >= 64 && end - out >= 64 + 4; i += 64) {
        uint64_t word = set[i / 64];
        for (size_t j = 0; j < 64; j += 4) {
            unsigned some = (unsigned)(word >> j) & 0xf;
            __m256i v = _mm256_loadu_si256((const void *)(in + i + j));
            _mm256_storeu_si256((void *)out, lanes_order(v, pack_orders[doubled[some]]));
            out += __builtin_popcount(some);
        }
    }
    par__pack_lanes_portable.pack_8(out, in + i, set + i / 64, n - i);
}

const par__pack_lanes_t par__pack_lanes_avx2 = {"avx2", bits, pack_4, pack_8};
#else
typedef int par__pack_lanes_avx2_is_off_t; /* a translation unit needs a declaration */
#endif
