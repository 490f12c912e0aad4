/* marks_avx2.c - 32 bytes at a time. */
#if defined(__x86_64__)
#    include <immintrin.h>

#    include "marks.h"

#    define TARGET __attribute__((target("avx2,popcnt")))

typedef struct tables_t {
    __m256i low, high; /* of the high digits 0 to 7, 8 to 15: a bit each, by the low digit */
    __m256i bit;       /* of a high digit */
} tables_t;

TARGET static tables_t tables_make(const par_byteset_t *set)
{
    unsigned char low[16] = {0}, high[16] = {0}, bit[16];
    for (unsigned h = 0; h < 16; h++) {
        bit[h] = (unsigned char)(1u << h % 8);
        for (unsigned l = 0; l < 16; l++)
            if (par_byteset_has(set, (char)(h << 4 | l))) *((h < 8 ? low : high) + l) |= bit[h];
    }
    return (tables_t){
        _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)low)),
        _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)high)),
        _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)bit))};
}

TARGET static inline uint32_t half_mark(const tables_t *t, const char *text)
{
    const __m256i digit = _mm256_set1_epi8(15);
    __m256i byte = _mm256_loadu_si256((const __m256i *)(const void *)text);
    __m256i l = _mm256_and_si256(byte, digit);
    __m256i h = _mm256_and_si256(_mm256_srli_epi16(byte, 4), digit);
    __m256i bit = _mm256_shuffle_epi8(t->bit, h);
    __m256i row =
        _mm256_blendv_epi8(_mm256_shuffle_epi8(t->low, l), _mm256_shuffle_epi8(t->high, l), byte);
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_and_si256(row, bit), bit));
}

TARGET static void
avx2_fill(const par_byteset_t *set, const char *text, size_t n_words, uint64_t *mark)
{
    const tables_t tables = tables_make(set);
    for (size_t w = 0; w < n_words; w++)
        mark[w] = half_mark(&tables, text + w * 64) |
                  (uint64_t)half_mark(&tables, text + w * 64 + 32) << 32;
}

TARGET static size_t avx2_count_edges(const uint64_t *mark, size_t n_words, uint64_t before)
{
    size_t count = 0;
    for (size_t w = 0; w < n_words; w++) {
        count += (size_t)__builtin_popcountll(mark[w] & ~(mark[w] << 1 | before));
        before = mark[w] >> 63;
    }
    return count;
}

const par__marks_t par__marks_avx2 = {"avx2", avx2_fill, avx2_count_edges};
#else
typedef int par__marks_avx2_is_off_t; /* a translation unit needs a declaration */
#endif
