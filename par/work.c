/* work.c - loops over work that grows.
 *
 * Each worker that takes part has a stack of items: the youngest is run next; the oldest are given
 * away, many as one task of the call's scope. A task runs until its stack is empty and returns before
 * the next one starts, so stacks of threads do not nest.
 *
 * Given away is before somebody asks, for the reasons in split.md: while a long item runs nobody could
 * be answered. Cheap items: about one piece a worker lies ready, and a worker gives at most one each
 * GIVE_US. Dear ones: half of what there is, half of the rest, ... until one is left in hand or enough
 * lies ready, as a loop's halves are offered. Items count as dear until some were run.
 *
 *     par_work_t, in the frame of work_run:   first .. last   items of the caller's array
 *                                             frame           the oldest that were added, 1 KiB
 *                                             bottom .. top   blocks from the heap, younger ones
 *
 * Without memory for another block an item runs inside par_work_add, on a new frame, which has room
 * again for what that item adds. So the memory for what waits comes from the stack then, a frame for
 * each KiB; no item is lost and nothing fails. */
#include <par/work.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <par/scope.h>

#include "bridge.h"
#include "clock.h"
#include "history.h"
#include "misuse.h"

enum { FRAME_BYTES = 1024, BLOCK_BYTES = 4096, CURRENT_BYTES = 128 };

/* Items that take so long on average are dear: giving one away costs about 150 ns. */
#define DEAR_US 10
/* What an item is believed to take before the first was run: four cheap ones prove that wrong. */
#define UNKNOWN_US 80
/* The same where the history expects little. */
#define TRIAL_US 1
/* Cheap items: the clock is read about once in this time, and after so many at the latest. */
#define LOOK_US    2
#define LOOK_ITEMS 32
/* So many pieces of dear items a worker may lie ready. */
#define READY_DEAR 8
/* The time between two gifts of cheap items by the same worker. */
#define GIVE_US 4

typedef struct call_t {
    par_scope_t scope;
    par_work_fn *body; /* C, as all but the last two */
    void *ctx;
    size_t size;
    size_t grain;
    size_t block_items;
    unsigned n_workers;
    bool was_trial;      /* expected to be tiny: give nothing away in the first microsecond */
    uint64_t start;      /* the clock */
    unsigned n_waiting;  /* A, no order: pieces that were given away and not begun */
    uint64_t item_ticks; /* A, no order: what an item takes, as the last worker saw it */
} call_t;

typedef struct block_t {
    call_t *call;
    struct block_t *older, *newer;
    size_t n;
    max_align_t items[];
} block_t;

/* A piece of the caller's array, given away. */
typedef struct piece_t {
    call_t *call;
    const char *first;
    size_t n;
} piece_t;

struct par_work_t {
    const void *alive; /* A: itself while it is in use; for the check of misuse */
    call_t *call;
    const void *owner; /* the thread */
    const char *first; /* the caller's array: items not begun */
    size_t n_first;
    size_t n_added; /* items in frame and blocks */
    block_t *bottom, *top, *spare;
    size_t n_frame, frame_items;
    bool may_give;
    bool is_trial;        /* the first microsecond of a call that is expected to be tiny */
    unsigned n_blind;     /* items since the last look at the clock */
    unsigned n_until;     /* and how many until the next */
    uint64_t item_ticks;  /* what an item takes: a mean in which the last look counts for half */
    uint64_t last;        /* the clock at the last look */
    uint64_t last_gift;   /* the clock; 0 = none yet */
    uint64_t given_ticks; /* spent in giving */
    uint64_t first_ticks; /* in the first body */
    _Alignas(max_align_t) unsigned char frame[FRAME_BYTES];
};

/* Its address tells threads apart. */
static __thread char here __attribute__((tls_model("initial-exec")));

/* This thread is inside par_spawn in order to give a piece away: a piece that starts now found no
 * queue, and gives nothing away in turn, or it would nest. */
static __thread bool is_giving __attribute__((tls_model("initial-exec")));

static void block_task(void *ctx);
static void piece_task(void *ctx);

/* ---- the stack of items ---- */

static char *item_of(void *items, size_t i, size_t size)
{
    return (char *)items + i * size;
}

/* The usual sizes without a call. */
static void item_copy(void *to, const void *from, size_t size)
{
    if (size == 8)
        memcpy(to, from, 8);
    else if (size == 4)
        memcpy(to, from, 4);
    else if (size == 16)
        memcpy(to, from, 16);
    else
        memcpy(to, from, size);
}

static block_t *block_new(call_t *call)
{
    block_t *block = malloc(sizeof *block + call->block_items * call->size);
    if (block == NULL) return NULL;
    block->call = call;
    block->older = block->newer = NULL;
    block->n = 0;
    return block;
}

/* A block with room at the top, NULL without memory. */
static block_t *stack_grow(par_work_t *work)
{
    block_t *block = work->spare != NULL ? work->spare : block_new(work->call);
    work->spare = NULL;
    if (block == NULL) return NULL;
    block->older = work->top;
    block->newer = NULL;
    if (work->top != NULL)
        work->top->newer = block;
    else
        work->bottom = block;
    work->top = block;
    return block;
}

/* The top block is empty: kept for the next one. */
static void stack_shrink(par_work_t *work)
{
    block_t *block = work->top;
    work->top = block->older;
    if (work->top != NULL)
        work->top->newer = NULL;
    else
        work->bottom = NULL;
    free(work->spare);
    work->spare = block;
}

static bool stack_push(par_work_t *work, const void *item)
{
    size_t size = work->call->size;
    block_t *top = work->top;
    if (top == NULL && work->n_frame < work->frame_items) {
        item_copy(item_of(work->frame, work->n_frame++, size), item, size);
    } else {
        if (top == NULL || top->n == work->call->block_items) top = stack_grow(work);
        if (top == NULL) return false;
        item_copy(item_of(top->items, top->n++, size), item, size);
    }
    work->n_added++;
    return true;
}

static void stack_pop(par_work_t *work, void *out)
{
    size_t size = work->call->size;
    block_t *top = work->top;
    work->n_added--;
    if (top == NULL) {
        item_copy(out, item_of(work->frame, --work->n_frame, size), size);
        return;
    }
    item_copy(out, item_of(top->items, --top->n, size), size);
    if (top->n == 0) stack_shrink(work);
}

/* ---- giving away ---- */

static void give_task(par_work_t *work, block_t *block)
{
    __atomic_fetch_add(&work->call->n_waiting, 1, __ATOMIC_RELAXED);
    is_giving = true;
    par_spawn(&work->call->scope, block_task, block);
    is_giving = false;
}

/* The upper half of what is left of the caller's array. */
static void give_first(par_work_t *work)
{
    size_t n = work->n_first / 2;
    work->n_first -= n;
    piece_t piece = {work->call, work->first + work->n_first * work->call->size, n};
    __atomic_fetch_add(&work->call->n_waiting, 1, __ATOMIC_RELAXED);
    is_giving = true;
    par_spawn_copy(&work->call->scope, piece_task, &piece, sizeof piece);
    is_giving = false;
}

/* The n oldest of *n_items items, in a block of their own; NULL without memory. */
static block_t *oldest_cut(call_t *call, void *items, size_t *n_items, size_t n)
{
    if (n > call->block_items) n = call->block_items;
    block_t *block = block_new(call);
    if (block == NULL) return NULL;
    memcpy(block->items, items, n * call->size);
    block->n = n;
    *n_items -= n;
    memmove(items, item_of(items, n, call->size), *n_items * call->size);
    return block;
}

/* The oldest block, or half of it if there is no other; NULL without memory. */
static block_t *oldest_take(par_work_t *work)
{
    block_t *bottom = work->bottom, *block;
    if (work->n_frame > 0) {
        size_t n = bottom != NULL ? work->n_frame : (work->n_frame + 1) / 2;
        block = oldest_cut(work->call, work->frame, &work->n_frame, n);
    } else if (bottom != work->top || bottom->n == 1) { /* no block stays that is empty */
        block = bottom;
        work->bottom = bottom->newer;
        if (work->bottom != NULL)
            work->bottom->older = NULL;
        else
            work->top = NULL;
    } else {
        block = oldest_cut(work->call, bottom->items, &bottom->n, (bottom->n + 1) / 2);
    }
    if (block != NULL) work->n_added -= block->n;
    return block;
}

/* False: what there is stays here. */
static bool give(par_work_t *work)
{
    if (work->n_first >= 2 && work->n_first / 2 >= work->call->grain) {
        give_first(work);
    } else {
        bool is_last = work->n_added + (work->n_first > 0) < 2;
        block_t *block = work->n_added == 0 || is_last ? NULL : oldest_take(work);
        if (block == NULL) return false;
        give_task(work, block);
    }
    return true;
}

static unsigned n_waiting(const call_t *call)
{
    return __atomic_load_n(&call->n_waiting, __ATOMIC_RELAXED);
}

/* Gives one piece, and more until `ready` lie ready or one item is left. */
static __attribute__((noinline)) void give_some(par_work_t *work, unsigned ready)
{
    uint64_t start = par__clock_now();
    while (give(work) && n_waiting(work->call) < ready) {
    }
    __atomic_store_n(&work->call->item_ticks, work->item_ticks, __ATOMIC_RELAXED);
    uint64_t ticks = par__clock_since(start);
    work->last_gift = start + ticks;
    work->last += ticks; /* giving is no part of an item */
    work->given_ticks += ticks;
}

static bool is_dear(const par_work_t *work)
{
    return work->item_ticks >= DEAR_US * par__clock_us();
}

/* Where a worker may give: before the first item, between two, and when one was added. */
static void give_if_due(par_work_t *work, uint64_t now)
{
    const call_t *call = work->call;
    if (work->n_added + work->n_first < 2 || !work->may_give || work->is_trial) return;
    if (n_waiting(call) >= call->n_workers * (is_dear(work) ? READY_DEAR : 1)) return;
    if (is_dear(work))
        give_some(work, call->n_workers * READY_DEAR);
    else if (now - work->last_gift >= GIVE_US * par__clock_us())
        give_some(work, 0);
}

/* ---- running ---- */

static bool next_take(par_work_t *work, void *current)
{
    if (work->n_added > 0) {
        stack_pop(work, current);
        return true;
    }
    if (work->n_first == 0) return false;
    item_copy(current, work->first, work->call->size);
    work->first += work->call->size;
    work->n_first--;
    return true;
}

static unsigned items_until_look(const par_work_t *work)
{
    uint64_t fitting = LOOK_US * par__clock_us() / (work->item_ticks + 1);
    return fitting < 1 ? 1 : fitting < LOOK_ITEMS ? (unsigned)fitting : LOOK_ITEMS;
}

/* The call is no longer tiny when it has lasted. */
static void trial_end_if_due(par_work_t *work, uint64_t now)
{
    if (work->is_trial) work->is_trial = now - work->call->start < PAR__TINY_US * par__clock_us();
}

/* Looks at the clock: what did the last items take? */
static __attribute__((noinline)) void look(par_work_t *work)
{
    uint64_t ticks = par__clock_since(work->last);
    work->last += ticks;
    work->item_ticks = (work->item_ticks + ticks / work->n_blind) / 2;
    if (work->first_ticks == 0) work->first_ticks = ticks + 1;
    trial_end_if_due(work, work->last);
    give_if_due(work, work->last);
    work->n_blind = 0;
    work->n_until = items_until_look(work);
}

/* The same in the middle of an item, which may go on for long. */
static __attribute__((noinline)) void look_inside(par_work_t *work)
{
    uint64_t now = par__clock_now();
    trial_end_if_due(work, now);
    give_if_due(work, now);
}

static void run_all(par_work_t *work, void *current)
{
    const call_t *call = work->call;
    give_if_due(work, work->last);
    while (next_take(work, current)) {
        call->body(current, work, call->ctx);
        if (++work->n_blind >= work->n_until) look(work);
    }
    free(work->spare);
}

static __attribute__((noinline)) void run_large(par_work_t *work)
{
    void *heap = malloc(work->call->size);
    run_all(work, heap != NULL ? heap : __builtin_alloca(work->call->size));
    free(heap);
}

static void run_small(par_work_t *work)
{
    _Alignas(max_align_t) unsigned char current[CURRENT_BYTES];
    run_all(work, current);
}

/* Runs n items and all that they add. block: where the items are, begun by nobody; freed. */
static void work_run(call_t *call, const void *first, size_t n, block_t *block, par__pace_t *pace)
{
    par_work_t work;
    memset(&work, 0, offsetof(par_work_t, frame));
    __atomic_store_n(&work.alive, &work, __ATOMIC_RELAXED);
    work.call = call;
    work.owner = &here;
    work.first = first;
    work.n_first = n;
    work.bottom = work.top = block;
    work.n_added = block != NULL ? block->n : 0;
    work.frame_items = FRAME_BYTES / call->size;
    work.may_give = !is_giving && call->n_workers > 1;
    work.is_trial = call->was_trial;
    is_giving = false;
    work.item_ticks = __atomic_load_n(&call->item_ticks, __ATOMIC_RELAXED);
    uint64_t start = par__clock_now();
    work.last = start;
    work.n_until = items_until_look(&work);
    if (call->size <= CURRENT_BYTES)
        run_small(&work);
    else
        run_large(&work);
    __atomic_store_n(&call->item_ticks, work.item_ticks, __ATOMIC_RELAXED);
    __atomic_store_n(&work.alive, NULL, __ATOMIC_RELAXED);
    if (pace == NULL) return;
    uint64_t ticks = par__clock_since(start);
    pace->spent_ticks = ticks > work.given_ticks ? ticks - work.given_ticks : 1;
    pace->first_ticks = work.first_ticks;
}

static void block_task(void *ctx)
{
    block_t *block = ctx;
    __atomic_fetch_sub(&block->call->n_waiting, 1, __ATOMIC_RELAXED);
    work_run(block->call, NULL, 0, block, NULL);
}

static void piece_task(void *ctx)
{
    const piece_t piece = *(const piece_t *)ctx;
    __atomic_fetch_sub(&piece.call->n_waiting, 1, __ATOMIC_RELAXED);
    work_run(piece.call, piece.first, piece.n, NULL, NULL);
}

/* From another thread, which runs a part of the body: the item becomes a task. */
static void add_elsewhere(par_work_t *work, const void *item)
{
    call_t *call = work->call;
    block_t *block = block_new(call);
    if (block == NULL) {
        work_run(call, item, 1, NULL, NULL);
        return;
    }
    memcpy(block->items, item, call->size);
    block->n = 1;
    __atomic_fetch_add(&call->n_waiting, 1, __ATOMIC_RELAXED);
    par_spawn(&call->scope, block_task, block);
}

void par_work_add(par_work_t *work, const void *item)
{
    PAR__MISUSE(work != NULL, "work is NULL; pass what the body was given");
    PAR__MISUSE(item != NULL, "item is NULL; pass the item to add");
    PAR__MISUSE(__atomic_load_n(&work->alive, __ATOMIC_RELAXED) == work,
                "work is over; add items only while the body runs that was given it");
    if (work->owner != &here)
        add_elsewhere(work, item);
    else if (!stack_push(work, item))
        work_run(work->call, item, 1, NULL, NULL);
    else if (is_dear(work) || work->n_added % LOOK_ITEMS == 0)
        look_inside(work);
}

typedef struct start_t {
    call_t *call;
    const void *items;
    size_t n;
    double item_ns;
} start_t;

static void call_run(void *ctx)
{
    const start_t *start = ctx;
    call_t *call = start->call;
    uintptr_t key = (uintptr_t)call->body;
    par__pace_t pace = {.batch = 1};
    call->n_workers = par_num_workers();
    call->was_trial = start->item_ns > 0 ? start->item_ns < PAR__TINY_US * 1000.0
                                         : par__history_is_tiny(key, start->n);
    double us = start->item_ns > 0 ? start->item_ns / 1000
                : call->was_trial  ? TRIAL_US
                                   : UNKNOWN_US;
    call->item_ticks = (uint64_t)(us < 1e6 ? us : 1e6) * par__clock_us();
    call->start = par__clock_now();
    par_scope_begin(&call->scope);
    work_run(call, start->items, start->n, NULL, &pace);
    par_scope_end(&call->scope);
    par__history_learn(key, start->n, call->was_trial, &pace, par__clock_since(call->start));
}

void par_for_work(const void *items,
                  size_t n,
                  size_t size,
                  par_work_fn *body,
                  void *ctx,
                  const par_options_t *given)
{
    bool fits = par__array_exists(n, size);
    PAR__MISUSE(body != NULL, "body is NULL; pass the function to run for each item");
    PAR__MISUSE(items != NULL || n == 0, "items is NULL; pass the first items, or n = 0");
    PAR__MISUSE(size > 0, "size is 0; pass the bytes of an item");
    PAR__MISUSE(fits, "n * size is above PTRDIFF_MAX; no array is that large");
    const par_options_t options = par__options_read(given);
    if (n == 0 || size == 0 || !fits) return;
    call_t call = {.body = body, .ctx = ctx, .size = size, .grain = options.grain};
    call.block_items = size < BLOCK_BYTES ? BLOCK_BYTES / size : 1;
    start_t start = {&call, items, n, options.item_ns};
    if (options.pool != NULL)
        par_pool_run(options.pool, call_run, &start);
    else
        call_run(&start);
}
