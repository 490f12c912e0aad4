/* text.c - lines and tokens: blocks count theirs, the counts are summed up, the blocks find them.
 *
 * A piece of text belongs to the block in which the separator behind it lies; what is behind the last
 * separator belongs to nobody and comes at the end. A block knows where its first piece begins, perhaps
 * many blocks before it: each one notes where its last separator lies. Lines are the pieces between
 * newlines, tokens those that are not empty. There are so few blocks that what they note lies in the
 * frame. */
#include <par/text.h>

#include <stdlib.h>

#include <par/for.h>

#include "lanes.h"
#include "loop.h"
#include "marks.h"
#include "misuse.h"

/* A block that is large enough to be shared; up to two of them are not. */
enum { BLOCK_BYTES = 32 * 1024, MAX_BLOCKS = 512 };

/* Marked at a time. */
enum { PIECE_WORDS = 32, PIECE_BYTES = 64 * PIECE_WORDS };

/* What finding costs, in ns a byte. */
static const double byte_ns = 0.1;

typedef struct block_t {
    size_t count; /* pieces that end in it; then the number of the first one */
    size_t start; /* behind its last separator, 0 without one; then where its first piece begins */
} block_t;

typedef struct split_t {
    const char *text;
    size_t n;
    bool are_lines;
    par_byteset_t separators;
    const par__marks_t *marks;
    size_t block_bytes, n_blocks;
    block_t blocks[MAX_BLOCKS];
    par_slice_t *out;
    size_t room;
} split_t;

static const par_byteset_t white_space = {{UINT64_C(0x100003e00), 0, 0, 0}};
static const par_byteset_t newline = {{UINT64_C(1) << '\n', 0, 0, 0}};

static size_t block_end(const split_t *s, size_t begin)
{
    return s->n - begin < s->block_bytes ? s->n : begin + s->block_bytes;
}

/* Marks text[at], ... in PIECE_WORDS words; what is at or behind `end` is no separator. Returns how many
 * words there are. */
static size_t piece_mark(const split_t *s, size_t at, size_t end, uint64_t *mark)
{
    size_t n = end - at < PIECE_BYTES ? end - at : PIECE_BYTES;
    size_t words = n / 64;
    s->marks->fill(&s->separators, s->text + at, words, mark);
    if (n % 64 != 0) {
        char last[64] = {0};
        memcpy(last, s->text + at + words * 64, n % 64);
        s->marks->fill(&s->separators, last, 1, mark + words);
        mark[words++] &= (UINT64_C(1) << n % 64) - 1;
    }
    return words;
}

/* ---- counting ---- */

/* Tokens end at separators with something else before them. */
static size_t token_ends_count(const split_t *s, size_t begin, size_t end)
{
    uint64_t mark[PIECE_WORDS];
    size_t count = 0;
    for (size_t at = begin; at < end; at += PIECE_BYTES) {
        uint64_t before = at == 0 || par_byteset_has(&s->separators, s->text[at - 1]);
        size_t words = piece_mark(s, at, end, mark);
        count += s->marks->count_edges(mark, words, before);
    }
    return count;
}

static void block_count(split_t *s, size_t k)
{
    size_t begin = k * s->block_bytes, end = block_end(s, begin), last = end;
    block_t *block = &s->blocks[k];
    block->count = s->are_lines ? par__lanes()->count_char(s->text + begin, end - begin, '\n')
                                : token_ends_count(s, begin, end);
    while (last > begin && !par_byteset_has(&s->separators, s->text[last - 1]))
        last--;
    block->start = last > begin ? last : 0;
}

/* From what the blocks noted to where and with which number each begins. Returns the number of all, with
 * the piece behind the last separator. */
static size_t blocks_sum(split_t *s, size_t *last_start)
{
    size_t count = 0, start = 0;
    for (size_t k = 0; k < s->n_blocks; k++) {
        block_t was = s->blocks[k];
        s->blocks[k] = (block_t){count, start};
        count += was.count;
        start = was.start > start ? was.start : start;
    }
    *last_start = start;
    return count + (start < s->n);
}

/* ---- finding ---- */

static inline par_slice_t slice_make(const split_t *s, size_t start, size_t end, bool are_lines)
{
    if (are_lines && end > start && s->text[end - 1] == '\r') end--;
    return (par_slice_t){s->text + start, end - start};
}

/* Takes the pieces that end at the separators of one word. */
PAR_INLINE void
word_take(const split_t *s, uint64_t word, size_t at, size_t *start, size_t *number, bool are_lines)
{
    for (; word != 0; word &= word - 1) {
        size_t end = at + (size_t)__builtin_ctzll(word);
        if (are_lines || end > *start) {
            if (*number < s->room) s->out[*number] = slice_make(s, *start, end, are_lines);
            ++*number;
        }
        *start = end + 1;
    }
}

PAR_INLINE void
pieces_find(const split_t *s, size_t begin, size_t end, block_t block, bool are_lines)
{
    uint64_t mark[PIECE_WORDS];
    size_t start = block.start, number = block.count;
    for (size_t at = begin; at < end && number < s->room; at += PIECE_BYTES) {
        size_t words = piece_mark(s, at, end, mark);
        for (size_t w = 0; w < words; w++)
            word_take(s, mark[w], at + w * 64, &start, &number, are_lines);
    }
}

static void block_find(split_t *s, size_t k)
{
    size_t begin = k * s->block_bytes, end = block_end(s, begin);
    if (s->are_lines)
        pieces_find(s, begin, end, s->blocks[k], true);
    else
        pieces_find(s, begin, end, s->blocks[k], false);
}

static void count_range(size_t begin, size_t end, void *ctx)
{
    for (size_t k = begin; k < end; k++)
        block_count(ctx, k);
}

static void find_range(size_t begin, size_t end, void *ctx)
{
    for (size_t k = begin; k < end; k++)
        block_find(ctx, k);
}

static void blocks_run(split_t *s, par_range_fn *range)
{
    par_options_t options = PAR_OPTIONS_INIT;
    options.item_ns = byte_ns * (double)s->block_bytes;
    if (s->n_blocks <= 2)
        range(0, s->n_blocks, s);
    else
        par_for_range(0, s->n_blocks, range, s, &options);
}

/* separators NULL: the pieces are lines. The blocks are left as they are: they may be 8 KiB. */
static void split_begin(split_t *s, const char *text, size_t n, const par_byteset_t *separators)
{
    s->are_lines = separators == NULL;
    s->text = text;
    s->n = n;
    s->separators = separators != NULL ? *separators : newline;
    s->marks = par__marks();
    s->room = 0;
    s->out = NULL;
    s->block_bytes = BLOCK_BYTES;
    if (n / BLOCK_BYTES >= MAX_BLOCKS)
        s->block_bytes = (n / MAX_BLOCKS / PIECE_BYTES + 1) * PIECE_BYTES;
    s->n_blocks = n / s->block_bytes + (n % s->block_bytes != 0);
}

/* The pieces of a text for which split_begin was called and whose blocks have been summed up. */
static void split_find(split_t *s, size_t count, size_t last_start)
{
    blocks_run(s, find_range);
    if (last_start < s->n &&
        count <= s->room) /* a '\r' at the end of the text is not before a '\n' */
        s->out[count - 1] = slice_make(s, last_start, s->n, false);
}

#define NO_TEXT "text is NULL; pass the text, or n_bytes = 0"
#define NO_OUT  "out is NULL; pass an array, or room = 0 to count only"

static size_t text_split(split_t *s, par_slice_t *out, size_t room)
{
    size_t last_start;
    blocks_run(s, count_range);
    size_t count = blocks_sum(s, &last_start);
    s->out = out;
    s->room = out != NULL ? room : 0;
    if (s->room > 0) split_find(s, count, last_start);
    return count;
}

size_t par_lines(const char *text, size_t n, par_slice_t *out, size_t room)
{
    PAR__MISUSE(text != NULL || n == 0, NO_TEXT);
    PAR__MISUSE(out != NULL || room == 0, NO_OUT);
    PAR__LIMIT_ITEMS(n, char);
    if (text == NULL || n == 0) return 0;
    split_t split;
    split_begin(&split, text, n, NULL);
    return text_split(&split, out, room);
}

size_t par_tokens(
    const char *text, size_t n, const par_byteset_t *separators, par_slice_t *out, size_t room)
{
    PAR__MISUSE(text != NULL || n == 0, NO_TEXT);
    PAR__MISUSE(out != NULL || room == 0, NO_OUT);
    PAR__LIMIT_ITEMS(n, char);
    if (text == NULL || n == 0) return 0;
    split_t split;
    split_begin(&split, text, n, separators != NULL ? separators : &white_space);
    return text_split(&split, out, room);
}

/* ---- in an array of their own ---- */

static par_status_t split_new(split_t *s, par_slice_t **out, size_t *n_out)
{
    size_t last_start = 0, count = 0;
    if (s->n > 0) {
        blocks_run(s, count_range);
        count = blocks_sum(s, &last_start);
    }
    if (count > SIZE_MAX / sizeof **out) return PAR_ENOMEM;
    *out = malloc(count > 0 ? count * sizeof **out : 1);
    if (*out == NULL) return PAR_ENOMEM;
    *n_out = count;
    s->out = *out;
    s->room = count;
    if (count > 0) split_find(s, count, last_start);
    return PAR_OK;
}

#define NEW_CHECK(text, n, out, n_out)                                                             \
    PAR__MISUSE(text != NULL || n == 0, NO_TEXT);                                                  \
    PAR__MISUSE(n <= PTRDIFF_MAX, "n is too large; no array has so many items");                   \
    PAR__MISUSE(out != NULL && n_out != NULL, "a place for a result is NULL; pass where it goes"); \
    if (out != NULL) *out = NULL;                                                                  \
    if (n_out != NULL) *n_out = 0;                                                                 \
    if ((text == NULL && n > 0) || n > PTRDIFF_MAX || out == NULL || n_out == NULL)                \
    return PAR_EINVAL

par_status_t par_lines_new(const char *text, size_t n, par_slice_t **lines, size_t *n_lines)
{
    NEW_CHECK(text, n, lines, n_lines);
    split_t split;
    split_begin(&split, text, n, NULL);
    return split_new(&split, lines, n_lines);
}

par_status_t par_tokens_new(const char *text,
                            size_t n,
                            const par_byteset_t *separators,
                            par_slice_t **tokens,
                            size_t *n_tokens)
{
    NEW_CHECK(text, n, tokens, n_tokens);
    split_t split;
    split_begin(&split, text, n, separators != NULL ? separators : &white_space);
    return split_new(&split, tokens, n_tokens);
}

/* ---- blocks of text ---- */

typedef struct pass_t {
    const char *text;
    size_t n;
    const par_byteset_t *separators;
    par_text_fn *body;
    void *ctx;
} pass_t;

/* Behind the first separator at or after `at`; end if there is none before it. */
static size_t separator_skip(const pass_t *pass, size_t at, size_t end)
{
    while (at < end && !par_byteset_has(pass->separators, pass->text[at]))
        at++;
    return at < end ? at + 1 : end;
}

/* From the first piece that begins in [begin, end) to the end of the last one. A block in which none
 * begins, in the middle of a long line, is left at once: whoever has its beginning has all of it. */
static void pass_range(size_t begin, size_t end, void *ctx)
{
    const pass_t *pass = ctx;
    if (begin > 0) begin = separator_skip(pass, begin - 1, end);
    if (begin >= end) return;
    end = separator_skip(pass, end - 1, pass->n);
    pass->body(pass->text + begin, end - begin, pass->ctx);
}

void par_for_text(const char *text,
                  size_t n,
                  const par_byteset_t *separators,
                  par_text_fn *body,
                  void *ctx,
                  const par_options_t *given)
{
    PAR__MISUSE(body != NULL, "body is NULL; pass the function to run for each block");
    PAR__MISUSE(text != NULL || n == 0, NO_TEXT);
    PAR__LIMIT_ITEMS(n, char);
    if (text == NULL || n == 0) return;
    par_options_t options = par__options_read(given);
    pass_t pass = {text, n, separators != NULL ? separators : &white_space, body, ctx};
    if (options.grain == 0) options.grain = 4096;
    par__loop_run(0, n, pass_range, &pass, (uintptr_t)body, &options);
}
