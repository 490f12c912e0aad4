/* text.h - lines and tokens of a text in memory, of any length: a mapped file, say.
 *
 *     size_t n_lines;
 *     par_slice_t *line;
 *     if (par_lines_new(text, n_bytes, &line, &n_lines) == PAR_OK) ... free(line);
 *
 * or without a table, line by line, in parallel:
 *
 *     PAR_DEFINE_FOR_LINES(count_errors, size_t *, n_errors, line)
 *     {
 *         if (line.n >= 5 && memcmp(line.at, "error", 5) == 0)
 *             __atomic_fetch_add(n_errors, 1, __ATOMIC_RELAXED);
 *     }
 *     count_errors(text, n_bytes, &n);
 *
 * Lines end at "\n" or "\r\n", which do not belong to them; a '\r' elsewhere does. A last line without an
 * end is a line, unless it is empty. Tokens are what lies between separators, never empty. Nothing is
 * copied or changed: slices point into the text, and no byte behind it is read. The bytes mean
 * nothing else, so UTF-8 is as good as any; '\0' is a byte like others. */
#ifndef PAR_TEXT_H
#define PAR_TEXT_H

#include <string.h>

#include <par/api.h>
#include <par/error.h>
#include <par/options.h>
#include <par/slice.h>

PAR_BEGIN_DECLS

/* A set of bytes: bit b % 64 of bits[b / 64] is byte b. Frozen. */
typedef struct par_byteset_t {
    uint64_t bits[4];
} par_byteset_t;

/** The set of the bytes of a string; the '\0' at its end is not one of them.
 *
 * @param bytes  must not be NULL
 *
 * Errors, Threads, Cost: as for the next two: none; any; a few ns a byte
 * Since     0.1
 */
PAR_INLINE par_byteset_t par_byteset_of(const char *bytes)
{
    par_byteset_t set = {{0, 0, 0, 0}};
    for (; *bytes != '\0'; bytes++)
        set.bits[(unsigned char)*bytes / 64] |= UINT64_C(1) << (unsigned char)*bytes % 64;
    return set;
}

/** All bytes that are not in the set.
 * Since     0.1
 */
PAR_INLINE par_byteset_t par_byteset_not(par_byteset_t set)
{
    for (int k = 0; k < 4; k++)
        set.bits[k] = ~set.bits[k];
    return set;
}

/** Is the byte in the set? 0 or 1.
 * Since     0.1
 */
PAR_INLINE int par_byteset_has(const par_byteset_t *set, char byte)
{
    return (int)(set->bits[(unsigned char)byte / 64] >> (unsigned char)byte % 64 & 1);
}

/** Finds the lines of a text and counts them.
 *
 * @param text     may be NULL only if n_bytes is 0
 * @param n_bytes  of the text
 * @param out      receives the first lines, in order; may be NULL only if room is 0
 * @param room     how many lines out has room for; with 0 they are counted, no more
 *
 * @return how many lines the text has, be it more than there was room for
 *
 * Errors    none. NULL where it must not be, or no array has n_bytes bytes: a debug build of the library
 *           stops with a sentence; a release build takes n_bytes for 0, or room if out is what is NULL.
 * Threads   any thread, from inside other parallel calls too
 * Order     what the caller wrote is seen; what was written is seen after the return
 * Blocking  returns when all lines are found
 * Cost      one pass to count at the memory's speed, one to find; up to 64 KiB on the caller alone;
 *           no memory; bench: algo/lines
 * Since     0.1
 */
PAR_API size_t par_lines(const char *text, size_t n_bytes, par_slice_t *out, size_t room);

/** The same for tokens: the longest runs of bytes that are no separators.
 *
 * @param separators  NULL is white space: ' ', '\t', '\n', '\v', '\f' and '\r'
 *
 * Otherwise as par_lines; bench: algo/tokens
 * Since     0.1
 */
PAR_API size_t par_tokens(const char *text,
                          size_t n_bytes,
                          const par_byteset_t *separators,
                          par_slice_t *out,
                          size_t room);

/** All lines of a text, in an array that the caller frees with free().
 *
 * @param text   may be NULL only if n_bytes is 0
 * @param lines  out: the array, not NULL even if there are no lines; NULL on error; must not be NULL
 * @param n      out: how many; 0 on error; must not be NULL
 *
 * @return PAR_OK; PAR_ENOMEM: there is no memory for the slices; PAR_EINVAL: an argument is NULL that
 *         must not be, or no array has n_bytes bytes (a debug build stops with a sentence)
 *
 * Errors    as told
 * Threads, Order, Blocking as par_lines
 * Cost      as par_lines, but counted once; 16 bytes a line
 * Since     0.1
 */
PAR_API par_status_t par_lines_new(const char *text,
                                   size_t n_bytes,
                                   par_slice_t **lines,
                                   size_t *n);

/** The same for tokens.
 *
 * @param separators  as par_tokens
 *
 * Otherwise as par_lines_new
 * Since     0.1
 */
PAR_API par_status_t par_tokens_new(const char *text,
                                    size_t n_bytes,
                                    const par_byteset_t *separators,
                                    par_slice_t **tokens,
                                    size_t *n);

/* The body for a block of text: it begins where the text begins or behind a separator, and ends behind
 * a separator or where the text ends. */
typedef void par_text_fn(const char *text, size_t n_bytes, void *ctx);

/** Covers a text by calls body(block, n, ctx) of disjoint, non-empty blocks, possibly at the same time,
 * that are cut behind separators only: no token lies across two of them.
 *
 * @param text        may be NULL only if n_bytes is 0
 * @param n_bytes     of the text
 * @param separators  NULL is white space, as in par_tokens
 * @param body        must not be NULL
 * @param ctx         passed through; may be NULL
 * @param options     NULL means all defaults. Items are bytes. grain and max_grain hold for blocks
 *                    before they are moved to separators; without grain it is 4096.
 *
 * Errors    none. text is NULL and n_bytes is not 0, or no array has n_bytes bytes: a debug build of the
 *           library stops with a sentence, a release build does nothing.
 * Threads   any thread, from inside other parallel calls too
 * Order     none between blocks. What the caller wrote is seen by every body; what the bodies wrote is
 *           seen after the return.
 * Blocking  returns when all blocks are done
 * Cost      par_for_range, plus a search for a separator at both ends of a block; no memory
 * Since     0.1
 */
PAR_API void par_for_text(const char *text,
                          size_t n_bytes,
                          const par_byteset_t *separators,
                          par_text_fn *body,
                          void *ctx,
                          const par_options_t *options);

PAR_END_DECLS

/** The next line of a text: takes it from the front of *rest, as the head of this file defines lines.
 * 0: there is none left.
 * Since     0.1
 */
PAR_INLINE int par_line_next(par_slice_t *rest, par_slice_t *line)
{
    if (rest->n == 0) return 0;
    const char *end = (const char *)memchr(rest->at, '\n', rest->n);
    size_t n = end != NULL ? (size_t)(end - rest->at) : rest->n;
    line->at = rest->at;
    line->n = end != NULL && n > 0 && end[-1] == '\r' ? n - 1 : n;
    rest->at += n + (end != NULL);
    rest->n -= n + (end != NULL);
    return 1;
}

/** Defines a parallel loop over the lines of a text: a static function
 * `void name(const char *text, size_t n_bytes, ctx_type ctx)` that runs the body, which follows in
 * braces, for every line. It is inlined.
 *
 * @param name          of the function; name_line, name_block and name_in are defined besides. The last
 *                      takes a `const par_options_t *` as fourth argument, as par_for_text.
 * @param ctx_type,ctx  passed by value, as in PAR_DEFINE_FOR
 * @param line          the name of the par_slice_t
 * Since 0.1
 */
#define PAR_DEFINE_FOR_LINES(name, ctx_type, ctx, line)                                            \
    PAR_INLINE void name##_line(ctx_type ctx, par_slice_t line);                                   \
    static inline void name##_block(const char *par_text, size_t par_n, void *par_ctx)             \
    {                                                                                              \
        ctx_type const par_copy_of_ctx = *(ctx_type *)par_ctx;                                     \
        par_slice_t par_rest = {par_text, par_n}, par_line;                                        \
        while (par_line_next(&par_rest, &par_line))                                                \
            name##_line(par_copy_of_ctx, par_line);                                                \
    }                                                                                              \
    __attribute__((unused)) static inline void name##_in(                                          \
        const char *par_text, size_t par_n, ctx_type par_ctx, const par_options_t *par_options)    \
    {                                                                                              \
        par_byteset_t const par_ends = par_byteset_of("\n");                                       \
        par_for_text(par_text, par_n, &par_ends, name##_block, (void *)&par_ctx, par_options);     \
    }                                                                                              \
    __attribute__((unused)) static inline void name(const char *par_text, size_t par_n,            \
                                                    ctx_type par_ctx)                              \
    {                                                                                              \
        name##_in(par_text, par_n, par_ctx, NULL);                                                 \
    }                                                                                              \
    PAR_INLINE void name##_line(ctx_type ctx, par_slice_t line)

#endif
