/* pack_lanes_avx512.c - packing in vectors of 64 bytes. */
#if defined(__x86_64__)
#    include "pack_lanes.h"

#    include <immintrin.h>

#    define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,popcnt")))

TARGET static size_t bits(uint64_t *to, const unsigned char *flags, size_t n)
{
    size_t i = 0, count = 0;
    for (; n - i >= 64; i += 64) {
        __m512i v = _mm512_loadu_si512((const void *)(flags + i));
        uint64_t word = _mm512_test_epi8_mask(v, v);
        to[i / 64] = word;
        count += (size_t)__builtin_popcountll(word);
    }
    return count + par__pack_lanes_portable.bits(to + i / 64, flags + i, n - i);
}

/* A whole vector is stored as long as that stays within what will be written: the instruction that
 * stores what it compresses is slow on some machines. */
TARGET static void
pack_4(par__pack_4_t *out, const par__pack_4_t *in, const uint64_t *set, size_t n)
{
    const par__pack_4_t *end = out + par__pack_count(set, n);
    size_t i = 0;
    for (; n - i >= 64 && end - out >= 64 + 16; i += 64) {
        uint64_t word = set[i / 64];
        for (size_t j = 0; j < 64; j += 16) {
            __mmask16 some = (__mmask16)(word >> j);
            __m512i v = _mm512_loadu_si512((const void *)(in + i + j));
            _mm512_storeu_si512((void *)out, _mm512_maskz_compress_epi32(some, v));
            out += __builtin_popcount(some);
        }
    }
    for (; n - i >= 16 && out < end; i += 16) {
        __mmask16 some = (__mmask16)(set[i / 64] >> i % 64);
        unsigned count = (unsigned)__builtin_popcount(some);
        __m512i v = _mm512_loadu_si512((const void *)(in + i));
        _mm512_mask_storeu_epi32((void *)out, (__mmask16)((1u << count) - 1),
                                 _mm512_maskz_compress_epi32(some, v));
        out += count;
    }
    for (; i < n; i++)
        if (set[i / 64] >> i % 64 & 1) *out++ = in[i];
}

TARGET static void
pack_8(par__pack_8_t *out, const par__pack_8_t *in, const uint64_t *set, size_t n)
{
    const par__pack_8_t *end = out + par__pack_count(set, n);
    size_t i = 0;
    for (; n - i >= 64 && end - out >= 64 + 8; i += 64) {
        uint64_t word = set[i / 64];
        for (size_t j = 0; j < 64; j += 8) {
            __mmask8 some = (__mmask8)(word >> j);
            __m512i v = _mm512_loadu_si512((const void *)(in + i + j));
            _mm512_storeu_si512((void *)out, _mm512_maskz_compress_epi64(some, v));
            out += __builtin_popcount(some);
        }
    }
    for (; n - i >= 8 && out < end; i += 8) {
        __mmask8 some = (__mmask8)(set[i / 64] >> i % 64);
        unsigned count = (unsigned)__builtin_popcount(some);
        __m512i v = _mm512_loadu_si512((const void *)(in + i));
        _mm512_mask_storeu_epi64((void *)out, (__mmask8)((1u << count) - 1),
                                 _mm512_maskz_compress_epi64(some, v));
        out += count;
    }
    for (; i < n; i++)
        if (set[i / 64] >> i % 64 & 1) *out++ = in[i];
}

const par__pack_lanes_t par__pack_lanes_avx512 = {"avx512", bits, pack_4, pack_8};
#else
typedef int par__pack_lanes_avx512_is_off_t; /* a translation unit needs a declaration */
#endif
