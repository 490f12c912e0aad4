/* marks.c - the path of any machine, and which one this machine runs. */
#include "marks.h"

static void
portable_fill(const par_byteset_t *set, const char *text, size_t n_words, uint64_t *mark)
{
    unsigned char is_in[256];
    for (unsigned b = 0; b < 256; b++)
        is_in[b] = (unsigned char)par_byteset_has(set, (char)b);
    for (size_t w = 0; w < n_words; w++) {
        const unsigned char *byte = (const unsigned char *)text + w * 64;
        uint64_t word = 0;
        for (unsigned i = 0; i < 64; i++)
            word |= (uint64_t)is_in[byte[i]] << i;
        mark[w] = word;
    }
}

static size_t portable_count_edges(const uint64_t *mark, size_t n_words, uint64_t before)
{
    size_t count = 0;
    for (size_t w = 0; w < n_words; w++) {
        count += (size_t)__builtin_popcountll(mark[w] & ~(mark[w] << 1 | before));
        before = mark[w] >> 63;
    }
    return count;
}

const par__marks_t par__marks_portable = {"portable", portable_fill, portable_count_edges};

#if defined(__x86_64__)
static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt");
}
#endif

const par__marks_t *par__marks(void)
{
#if defined(__x86_64__)
    if (has_avx2()) return &par__marks_avx2;
#endif
    return &par__marks_portable;
}

void par__marks_list(const par__marks_t *paths[PAR__MARKS_PATHS + 1])
{
    size_t n = 0;
#if defined(__x86_64__)
    if (has_avx2()) paths[n++] = &par__marks_avx2;
#endif
    paths[n++] = &par__marks_portable;
    paths[n] = NULL;
}
