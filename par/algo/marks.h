/* marks.h - which bytes of a text are separators: a bit a byte, 64 bytes at a time; once for each
 * width of vectors, the machine decides at run time.
 *
 * A vector looks 32 bytes up in a set at once: of a byte hl, the table of the low digit l tells for
 * each high digit h whether hl is in the set, as a bit; tables for h < 8 and for h >= 8. */
#ifndef PAR_MARKS_H
#define PAR_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <par/text.h>

typedef struct par__marks_t {
    const char *name;
    /* Bit i % 64 of mark[i / 64]: is text[i] in the set? n_words * 64 bytes of text. */
    void (*fill)(const par_byteset_t *set, const char *text, size_t n_words, uint64_t *mark);
    /* How many of the bits are 1 with a 0 before them; before the first one is `before`, 0 or 1. */
    size_t (*count_edges)(const uint64_t *mark, size_t n_words, uint64_t before);
} par__marks_t;

extern const par__marks_t par__marks_portable;
#if defined(__x86_64__)
extern const par__marks_t par__marks_avx2;
#endif

/* Ends the list below. */
enum { PAR__MARKS_PATHS = 2 };

/* The paths that this machine can run, the best first, NULL behind the last. For the tests. */
void par__marks_list(const par__marks_t *paths[PAR__MARKS_PATHS + 1]);

/* The best of them. */
const par__marks_t *par__marks(void);

#endif
