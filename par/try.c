/* try.c - loops whose body can fail; failure.h has the rule. A unit is a grain of items, or a fixed
 * block of them. Unless the user chose a schedule, they are given out in order (frontier.h). */
#include <par/try.h>

#include "bridge.h"
#include "clock.h"
#include "failure.h"
#include "frontier.h"
#include "loop.h"
#include "misuse.h"
#include "reduction.h"

typedef struct attempt_t {
    par__op_t op; /* first: the bridge hands it back */
    union {
        par_try_index_fn *index;
        par_try_range_fn *range;
        par_try_cursor_fn *cursor;
    } body;
    void *ctx;
    size_t begin, end;
    size_t unit;    /* items */
    size_t longest; /* items a block of a cursor at most */
    par__failure_t *failure;
    par__run_fn *run; /* op.run, if that paces it */
} attempt_t;

static size_t unit_begin(const attempt_t *attempt, size_t unit)
{
    return attempt->begin + unit * attempt->unit;
}

/* Where the units up to before `last` end. */
static size_t units_end(const attempt_t *attempt, size_t last)
{
    return last == attempt->op.n_units ? attempt->end : unit_begin(attempt, last);
}

static void index_run(const par__op_t *op, void *acc, size_t first, size_t last)
{
    const attempt_t *attempt = (const attempt_t *)op;
    par__failure_t *failure = attempt->failure;
    size_t i = unit_begin(attempt, first), end = units_end(attempt, last);
    (void)acc;
    if (par__failure_stops(failure, i)) return;
    for (; i < end; i++) {
        if (par__failure_interrupts(failure, i)) break;
        int code = attempt->body.index(i, attempt->ctx);
        if (code == 0) continue;
        par__failure_note(failure, i, code);
        return;
    }
    if (i < end) par__failure_stops(failure, i); /* notes the reason of the token, if it is that */
}

/* Is it over? */
static bool cursor_block(const attempt_t *attempt, size_t begin, size_t end)
{
    size_t i = begin;
    if (par__failure_stops(attempt->failure, begin)) return true;
    int code = attempt->body.cursor(&i, end, attempt->ctx);
    if (code == 0) return false;
    PAR__MISUSE_OF("par_try_for_cursor", begin <= i && i < end,
                   "the body failed and left *i outside of its block; leave the index that failed");
    par__failure_note(attempt->failure, begin <= i && i < end ? i : begin, code);
    return true;
}

static void cursor_run(const par__op_t *op, void *acc, size_t first, size_t last)
{
    const attempt_t *attempt = (const attempt_t *)op;
    size_t begin = unit_begin(attempt, first), end = units_end(attempt, last);
    (void)acc;
    for (; end - begin > attempt->longest; begin += attempt->longest)
        if (cursor_block(attempt, begin, begin + attempt->longest)) return;
    cursor_block(attempt, begin, end);
}

/* Each unit by itself: where the bridge ends a batch depends on the time. */
static void range_run(const par__op_t *op, void *acc, size_t first, size_t last)
{
    const attempt_t *attempt = (const attempt_t *)op;
    (void)acc;
    for (size_t unit = first; unit < last; unit++) {
        size_t begin = unit_begin(attempt, unit);
        if (par__failure_stops(attempt->failure, begin)) return;
        int code = attempt->body.range(begin, units_end(attempt, unit + 1), attempt->ctx);
        if (code == 0) continue;
        par__failure_note(attempt->failure, begin, code);
        return;
    }
}

/* With a token: a part of the static schedule, and a part of a loop that was expected to be tiny, may take
 * any time. So they are divided again, into blocks after which the deadline is asked for. */
static void paced_run(const par__op_t *op, void *acc, size_t first, size_t last)
{
    const attempt_t *attempt = (const attempt_t *)op;
    par__pace_t pace = {.batch = 1};
    while (first < last && !par__failure_is_below(attempt->failure, unit_begin(attempt, first))) {
        size_t n = last - first < pace.batch ? last - first : pace.batch;
        uint64_t start = par__clock_now();
        attempt->run(op, acc, first, first + n);
        par__pace_learn(&pace, n, par__clock_since(start));
        first += n;
    }
}

/* par/try.h promises this rule: what *failed is depends on it. */
static size_t block_of(size_t n, const par_options_t *options)
{
    if (options->grain > 0) return options->grain;
    size_t block = n <= 64 * 64       ? (n + 63) / 64
                   : n <= 64 * 1024   ? 64
                   : n <= 4096 * 1024 ? (n + 1023) / 1024
                                      : 4096;
    if (options->item_ns > 0) {
        double fitting = 4000 / options->item_ns;
        block = fitting >= (double)n ? n : fitting > 1 ? (size_t)fitting : 1;
    }
    return options->max_grain == 0 || block < options->max_grain ? block : options->max_grain;
}

/* The rest of *attempt is filled in by the public functions. */
static int attempt_run(attempt_t *attempt, const par_options_t *options, size_t *failed)
{
    par__failure_t failure = PAR__FAILURE_INIT(options->cancel);
    size_t n = attempt->end - attempt->begin;
    par__op_t *op = &attempt->op;
    attempt->failure = &failure;
    op->n_units = par__loop_units(n, attempt->unit);
    op->unit_ns = options->item_ns * (double)attempt->unit;
    op->pool = options->pool;
    attempt->longest = par__loop_longest(options, attempt->unit);
    op->left_out = &failure.lowest;
    if (options->cancel != NULL) {
        attempt->run = op->run;
        op->run = paced_run;
    }
    if (options->schedule == PAR_SCHEDULE_AUTO)
        par__frontier_run(op, SIZE_MAX, false);
    else
        par__loop_schedule(op, options);
    return par__failure_result(&failure, attempt->end, failed);
}

/* The result of an empty loop. */
static int nothing_failed(size_t end, size_t *failed)
{
    if (failed != NULL) *failed = end;
    return 0;
}

int par_try_for(size_t begin,
                size_t end,
                par_try_index_fn *body,
                void *ctx,
                size_t *failed,
                const par_options_t *given)
{
    PAR__MISUSE(body != NULL, "body is NULL; pass the function to run for each index");
    if (begin >= end) return nothing_failed(end, failed);
    par_options_t options = par__options_read_stoppable(given);
    attempt_t attempt = {.op = {.run = index_run, .key = (uintptr_t)body},
                         .body.index = body,
                         .ctx = ctx,
                         .begin = begin,
                         .end = end,
                         .unit = options.grain > 0 ? options.grain : 1};
    return attempt_run(&attempt, &options, failed);
}

int par_try_for_cursor(size_t begin,
                       size_t end,
                       par_try_cursor_fn *body,
                       void *ctx,
                       size_t *failed,
                       const par_options_t *given)
{
    PAR__MISUSE(body != NULL, "body is NULL; pass the function to run for each block");
    if (begin >= end) return nothing_failed(end, failed);
    par_options_t options = par__options_read_stoppable(given);
    attempt_t attempt = {.op = {.run = cursor_run, .key = (uintptr_t)body},
                         .body.cursor = body,
                         .ctx = ctx,
                         .begin = begin,
                         .end = end,
                         .unit = options.grain > 0 ? options.grain : 1};
    return attempt_run(&attempt, &options, failed);
}

int par_try_for_range(size_t begin,
                      size_t end,
                      par_try_range_fn *body,
                      void *ctx,
                      size_t *failed,
                      const par_options_t *given)
{
    PAR__MISUSE(body != NULL, "body is NULL; pass the function to run for each block");
    if (begin >= end) return nothing_failed(end, failed);
    par_options_t options = par__options_read_stoppable(given);
    attempt_t attempt = {.op = {.run = range_run, .key = (uintptr_t)body},
                         .body.range = body,
                         .ctx = ctx,
                         .begin = begin,
                         .end = end,
                         .unit = block_of(end - begin, &options)};
    return attempt_run(&attempt, &options, failed);
}

/* ---- reductions ---- */

typedef struct folding_t {
    par_try_fold_fn *fold;
    par_combine_fn *combine;
    void *ctx;
    par__failure_t failure;
} folding_t;

static void leaf_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    folding_t *folding = ctx;
    size_t i = begin;
    if (par__failure_stops(&folding->failure, begin)) return;
    int code = folding->fold(acc, &i, end, folding->ctx);
    if (code == 0) return;
    PAR__MISUSE_OF("par_try_reduce", begin <= i && i < end,
                   "the fold failed and left *i outside of its leaf; leave the index that failed");
    par__failure_note(&folding->failure, begin <= i && i < end ? i : begin, code);
}

static void leaves_combine(void *left, const void *right, void *ctx)
{
    const folding_t *folding = ctx;
    folding->combine(left, right, folding->ctx);
}

int par_try_reduce(size_t begin,
                   size_t end,
                   void *acc,
                   size_t acc_size,
                   par_try_fold_fn *fold,
                   par_combine_fn *combine,
                   void *ctx,
                   size_t *failed,
                   const par_options_t *given)
{
    PAR__CHECK_FOLD(acc, fold, combine);
    PAR__MISUSE(acc_size <= PTRDIFF_MAX, "acc_size is too large; no object has so many bytes");
    if (begin >= end) return nothing_failed(end, failed);
    if (acc_size > PTRDIFF_MAX) {
        if (failed != NULL) *failed = begin;
        return PAR_EINVAL;
    }
    par_options_t options = par__options_read_stoppable(given);
    folding_t folding = {fold, combine, ctx, PAR__FAILURE_INIT(options.cancel)};
    const par__reduction_t reduction = {(uintptr_t)fold, &folding.failure.lowest};
    options.cancel = NULL;
    par__reduction_run(begin, end, acc, acc_size, leaf_fold, leaves_combine, &folding, &reduction,
                       &options);
    return par__failure_result(&folding.failure, end, failed);
}
