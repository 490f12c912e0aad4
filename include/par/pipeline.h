/* pipeline.h - a stream of items through stages: what does not fit in memory, read and written in
 * order, worked on by all.
 *
 *     static int block_read(void *item, void *ctx)  { ... return got > 0 ? 0 : PAR_PIPELINE_END; }
 *     static int block_pack(void *item, void *ctx)  { ... return 0; }
 *     static int block_write(void *item, void *ctx) { ... return 0; }
 *
 *     const par_stage_t stages[] = {{block_read, in, PAR_STAGE_SERIAL},
 *                                   {block_pack, NULL, PAR_STAGE_PARALLEL},
 *                                   {block_write, out, PAR_STAGE_SERIAL}};
 *     block_t blocks[16];
 *     int error = par_pipeline(blocks, 16, sizeof *blocks, stages, 3, NULL, NULL);
 *
 * The items are the caller's: par_pipeline hands each of them to the first stage, which fills it, then
 * to the others, and then to the first one again. So no more are under way than there are, what they
 * own (buffers) is made once, and nothing is allocated on the way.
 *
 * A filled item is a token; tokens are numbered as the first stage makes them. A serial stage runs for
 * one token at a time, in the order of their numbers, so its state needs no lock and its output is the
 * same on any number of workers. A token that has to wait for its turn lies aside while its worker does
 * something else; nobody waits. (Serial stages that take tokens in any order do not exist: they would
 * give another output on every run, and save nothing but the lying aside.)
 *
 * What happens when a stage fails is as in par/try.h: the tokens below the one that failed pass all
 * stages, it itself goes no further, and those above have passed some stages and not others. */
#ifndef PAR_PIPELINE_H
#define PAR_PIPELINE_H

#include <par/api.h>
#include <par/cancel.h>
#include <par/options.h>

PAR_BEGIN_DECLS

/* What the first stage returns when there is nothing left: the item that it was given is no token. */
#define PAR_PIPELINE_END (-0x7fffffff - 1)

/* Works on the item; 0 = success. The first stage fills it: it comes as its last token left it. */
typedef int par_stage_fn(void *item, void *ctx);

typedef enum par_stage_mode_t {
    PAR_STAGE_SERIAL = 0,  /* one token at a time, in order */
    PAR_STAGE_PARALLEL = 1 /* any tokens at the same time */
} par_stage_mode_t;

/* Frozen: fields will not be added. */
typedef struct par_stage_t {
    par_stage_fn *run; /* must not be NULL */
    void *ctx;         /* passed through; may be NULL */
    par_stage_mode_t mode;
} par_stage_t;

/** Sends tokens through the stages until the first stage says that there are no more, or one fails.
 *
 * @param items      n_items elements of item_size bytes: as many tokens as may be under way. Two or
 *                   three a worker do where tokens take equally long. More than 1024 are not used. On
 *                   one worker, and without memory, only the first one is.
 * @param stages     n_stages of them, at least one; the first is serial, whatever its mode says
 * @param n_done     receives how many tokens have passed all stages: all there were, or the number of
 *                   the lowest that failed. May be NULL
 * @param options    NULL means all defaults. pool. cancel: asked before each call of the first stage;
 *                   what has been read by then passes all stages. grain: the first stage may make so
 *                   many tokens in a row, which then pass each stage together; for tokens of less than
 *                   some microseconds, with several times as many items. By default a token goes on
 *                   before the next one is made. Not for a first stage that blocks: the tokens that it
 *                   has made wait until their row is full, or no item lies ready. The rest does not
 *                   count.
 *
 * @return 0; what a stage returned for the lowest token that failed; PAR_ECANCELED or PAR_ETIMEDOUT by
 *         the token of the options; PAR_EINVAL without items or stages, before any stage has run;
 *         PAR_EOVERFLOW if the first stage has made SIZE_MAX - 1024 tokens (with 32 bits some 4e9) and
 *         not said that these were all: it is not called again, and they pass all stages. To tell these
 *         apart let stages return positive numbers.
 *
 * Errors    A debug build of the library stops with a sentence when items, stages or a stage's function
 *           is NULL, there are none, a mode is unknown, or n_items * item_size is above PTRDIFF_MAX; a
 *           release build returns PAR_EINVAL.
 * Threads   any thread, from inside other parallel calls too. A stage may make parallel calls.
 * Order     what one stage wrote for a token is seen by the next; what a serial stage wrote is seen by
 *           its call for the next token; all of it after the return.
 * Blocking  returns when no token is under way. A first stage may block, to read: its worker waits, the
 *           others go on with the tokens there are, and come to a rest when none is left. No stage may
 *           wait for another token.
 * Cost      about 0.5 us a token, a part of it with grain; one allocation at the start when items and
 *           stages need more than 4 KiB: 64 bytes an item, for up to 8 stages; bench: algo/pipeline_1us
 * Since     0.1
 */
PAR_API int par_pipeline(void *items,
                         size_t n_items,
                         size_t item_size,
                         const par_stage_t *stages,
                         size_t n_stages,
                         size_t *n_done,
                         const par_options_t *options);

PAR_END_DECLS

#endif
