/* marks.c - the path of any machine, and which one this machine runs. */
#include "marks.h"

#include "paths.h"

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

static const par__marks_t *const paths[] =
    PAR__PATHS(&par__marks_portable, &par__marks_avx2, &par__marks_avx2);

const par__marks_t *par__marks(void)
{
    return paths[par__paths_best()];
}

void par__marks_list(const par__marks_t *list[PAR__MARKS_PATHS + 1])
{
    PAR__PATHS_LIST(list, paths);
}
