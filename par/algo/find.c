/* find.c - searches that end at the first, the last or any hit.
 *
 * The items are given out in order, from the end that is searched from (frontier.h). When there is a
 * hit, what was given out before it is searched to its end; the nearest hit of all is the result: which
 * one that is does not depend on who took what. */
#include <par/find.h>

#include <stdbool.h>

#include "frontier.h"
#include "lanes.h"
#include "loop.h"
#include "misuse.h"

/* Items are counted from the end that is searched from: place 0 is begin, or end - 1 backward. */
typedef struct hunt_t {
    par__op_t op; /* first: the frontier hands it back */
    par_find_range_fn *find;
    void *ctx;
    size_t begin, end;
    size_t grain;
    bool is_backward, is_any;
    size_t nearest __attribute__((aligned(128))); /* A: falls only; the place of the nearest hit */
} hunt_t;

#define NO_HIT SIZE_MAX

static void hit_note(hunt_t *hunt, size_t place)
{
    size_t nearest = __atomic_load_n(&hunt->nearest, __ATOMIC_RELAXED);
    while (place < nearest)
        if (__atomic_compare_exchange_n(&hunt->nearest, &nearest, place, 1, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED))
            return;
}

static void block_search(const par__op_t *op, void *acc, size_t first, size_t last)
{
    hunt_t *hunt = (hunt_t *)(uintptr_t)op;
    size_t n = hunt->end - hunt->begin, place = first * hunt->grain;
    size_t length = (last == op->n_units ? n : last * hunt->grain) - place;
    size_t begin = hunt->is_backward ? hunt->end - place - length : hunt->begin + place;
    size_t at = hunt->find(begin, begin + length, hunt->ctx);
    (void)acc;
    PAR__MISUSE_OF("par_find_*_range", at - begin <= length,
                   "find answered an index outside of its block; answer the end "
                   "of the block when nothing is found in it");
    if (at - begin < length)
        hit_note(hunt, hunt->is_backward ? hunt->end - 1 - at : at - hunt->begin);
}

/* What begins as *hunt, with find, ctx and the direction set. */
static size_t
hunt_begin(hunt_t *hunt, size_t begin, size_t end, uintptr_t key, const par_options_t *given)
{
    par_options_t options = par__options_read(given);
    if (begin >= end) return end;
    size_t n = end - begin, grain = options.grain > 0 ? options.grain : 1;
    const size_t longest = par__loop_longest(&options, grain);
    hunt->begin = begin;
    hunt->end = end;
    hunt->grain = grain;
    hunt->nearest = NO_HIT;
    hunt->op.run = block_search;
    hunt->op.n_units = par__loop_units(n, grain);
    hunt->op.key = key;
    hunt->op.unit_ns = options.item_ns * (double)grain;
    hunt->op.pool = options.pool;
    hunt->op.left_out = &hunt->nearest;
    par__frontier_run(&hunt->op, longest / grain, true);
    if (hunt->nearest == NO_HIT) return end;
    return hunt->is_backward ? end - 1 - hunt->nearest : begin + hunt->nearest;
}

#define NO_FIND "find is NULL; pass the function that searches a block"
#define NO_TEST "test is NULL; pass the function that tells whether an item has the property"

size_t par_find_first_range(
    size_t begin, size_t end, par_find_range_fn *find, void *ctx, const par_options_t *options)
{
    PAR__MISUSE(find != NULL, NO_FIND);
    hunt_t hunt = {.find = find, .ctx = ctx};
    return hunt_begin(&hunt, begin, end, (uintptr_t)find, options);
}

size_t par_find_last_range(
    size_t begin, size_t end, par_find_range_fn *find, void *ctx, const par_options_t *options)
{
    PAR__MISUSE(find != NULL, NO_FIND);
    hunt_t hunt = {.find = find, .ctx = ctx, .is_backward = true};
    return hunt_begin(&hunt, begin, end, (uintptr_t)find, options);
}

size_t par_find_any_range(
    size_t begin, size_t end, par_find_range_fn *find, void *ctx, const par_options_t *options)
{
    PAR__MISUSE(find != NULL, NO_FIND);
    hunt_t hunt = {.find = find, .ctx = ctx, .is_any = true};
    return hunt_begin(&hunt, begin, end, (uintptr_t)find, options);
}

/* ---- by index ---- */

/* A search whose test is called for each item: what the hunt's ctx is. */
typedef struct quest_t {
    hunt_t hunt;
    par_test_index_fn *index; /* NULL: each */
    par_test_each_fn *each;
    const char *base;
    size_t size;
    void *ctx;
    bool wanted; /* what the test shall answer */
} quest_t;

static bool is_hit(const quest_t *quest, size_t i)
{
    int answer = quest->index != NULL ? quest->index(i, quest->ctx)
                                      : quest->each(quest->base + i * quest->size, quest->ctx);
    return (answer != 0) == quest->wanted;
}

/* Dear tests: others may have found something meanwhile. */
static bool is_needless(const quest_t *quest, size_t place)
{
    size_t nearest = __atomic_load_n(&quest->hunt.nearest, __ATOMIC_RELAXED);
    return nearest < place || (quest->hunt.is_any && nearest != NO_HIT);
}

static size_t ahead_search(size_t begin, size_t end, void *ctx)
{
    const quest_t *quest = ctx;
    for (size_t i = begin; i < end && !is_needless(quest, i - quest->hunt.begin); i++)
        if (is_hit(quest, i)) return i;
    return end;
}

static size_t back_search(size_t begin, size_t end, void *ctx)
{
    const quest_t *quest = ctx;
    for (size_t i = end; i > begin && !is_needless(quest, quest->hunt.end - i); i--)
        if (is_hit(quest, i - 1)) return i - 1;
    return end;
}

typedef enum { FIRST, LAST, ANY } which_t;

static size_t quest_begin(quest_t *quest, size_t begin, size_t end, which_t which)
{
    hunt_t *hunt = &quest->hunt;
    hunt->find = which == LAST ? back_search : ahead_search;
    hunt->ctx = quest;
    hunt->is_backward = which == LAST;
    hunt->is_any = which == ANY;
    uintptr_t key = quest->index != NULL ? (uintptr_t)quest->index : (uintptr_t)quest->each;
    return hunt_begin(hunt, begin, end, key, NULL);
}

static size_t
index_find(size_t begin, size_t end, par_test_index_fn *test, void *ctx, which_t which, bool wanted)
{
    quest_t quest = {.index = test, .ctx = ctx, .wanted = wanted};
    return quest_begin(&quest, begin, end, which);
}

size_t par_find_first(size_t begin, size_t end, par_test_index_fn *test, void *ctx)
{
    PAR__MISUSE(test != NULL, NO_TEST);
    return index_find(begin, end, test, ctx, FIRST, true);
}

size_t par_find_last(size_t begin, size_t end, par_test_index_fn *test, void *ctx)
{
    PAR__MISUSE(test != NULL, NO_TEST);
    return index_find(begin, end, test, ctx, LAST, true);
}

size_t par_find_any(size_t begin, size_t end, par_test_index_fn *test, void *ctx)
{
    PAR__MISUSE(test != NULL, NO_TEST);
    return index_find(begin, end, test, ctx, ANY, true);
}

int par_any(size_t begin, size_t end, par_test_index_fn *test, void *ctx)
{
    PAR__MISUSE(test != NULL, NO_TEST);
    return begin < end && index_find(begin, end, test, ctx, ANY, true) != end;
}

int par_all(size_t begin, size_t end, par_test_index_fn *test, void *ctx)
{
    PAR__MISUSE(test != NULL, NO_TEST);
    return begin >= end || index_find(begin, end, test, ctx, ANY, false) == end;
}

int par_none(size_t begin, size_t end, par_test_index_fn *test, void *ctx)
{
    PAR__MISUSE(test != NULL, NO_TEST);
    return begin >= end || index_find(begin, end, test, ctx, ANY, true) == end;
}

/* ---- by element ---- */

#define EACH_CHECK(base, n, size, test)                                                            \
    PAR__MISUSE(test != NULL, NO_TEST);                                                            \
    PAR__MISUSE(base != NULL || n == 0, "base is NULL; pass the array, or n = 0");                 \
    PAR__MISUSE(par__array_exists(n, size),                                                        \
                "n * size is above PTRDIFF_MAX; no array has so many items")

/* n, not 0, if there is none: of an array that cannot exist too. */
static size_t each_find(const void *base,
                        size_t n,
                        size_t size,
                        par_test_each_fn *test,
                        void *ctx,
                        which_t which,
                        bool wanted)
{
    size_t items = par__array_exists(n, size) ? n : 0;
    quest_t quest = {.each = test, .ctx = ctx, .wanted = wanted, .base = base, .size = size};
    size_t at = quest_begin(&quest, 0, items, which);
    return at < items ? at : n;
}

size_t
par_find_first_each(const void *base, size_t n, size_t size, par_test_each_fn *test, void *ctx)
{
    EACH_CHECK(base, n, size, test);
    return each_find(base, n, size, test, ctx, FIRST, true);
}

size_t
par_find_last_each(const void *base, size_t n, size_t size, par_test_each_fn *test, void *ctx)
{
    EACH_CHECK(base, n, size, test);
    return each_find(base, n, size, test, ctx, LAST, true);
}

size_t par_find_any_each(const void *base, size_t n, size_t size, par_test_each_fn *test, void *ctx)
{
    EACH_CHECK(base, n, size, test);
    return each_find(base, n, size, test, ctx, ANY, true);
}

int par_any_each(const void *base, size_t n, size_t size, par_test_each_fn *test, void *ctx)
{
    EACH_CHECK(base, n, size, test);
    return each_find(base, n, size, test, ctx, ANY, true) != n;
}

int par_all_each(const void *base, size_t n, size_t size, par_test_each_fn *test, void *ctx)
{
    EACH_CHECK(base, n, size, test);
    return each_find(base, n, size, test, ctx, ANY, false) == n;
}

int par_none_each(const void *base, size_t n, size_t size, par_test_each_fn *test, void *ctx)
{
    EACH_CHECK(base, n, size, test);
    return each_find(base, n, size, test, ctx, ANY, true) == n;
}

/* ---- counting ---- */

static void hits_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    const quest_t *quest = ctx;
    size_t count = 0;
    for (size_t i = begin; i < end; i++)
        count += is_hit(quest, i);
    *(size_t *)acc += count;
}

static void hits_combine(void *left, const void *right, void *ctx)
{
    (void)ctx;
    *(size_t *)left += *(const size_t *)right;
}

static size_t hits_count(quest_t *quest, size_t begin, size_t end)
{
    size_t count = 0;
    par_reduce(begin, end, &count, sizeof count, hits_fold, hits_combine, quest, NULL);
    return count;
}

size_t par_count_if(size_t begin, size_t end, par_test_index_fn *test, void *ctx)
{
    PAR__MISUSE(test != NULL, NO_TEST);
    quest_t quest = {.index = test, .ctx = ctx, .wanted = true};
    return hits_count(&quest, begin, end);
}

size_t par_count_if_each(const void *base, size_t n, size_t size, par_test_each_fn *test, void *ctx)
{
    EACH_CHECK(base, n, size, test);
    quest_t quest = {.each = test, .ctx = ctx, .wanted = true, .base = base, .size = size};
    return hits_count(&quest, 0, par__array_exists(n, size) ? n : 0);
}
