/* test_blocks.c - max_grain bounds the blocks of folds and cursors, on every schedule: a static one hands
 * out parts that are longer. */
#include "on_pools.h"

enum { N = 10000, MOST = 64 };

typedef struct blocks_t {
    size_t n_items, n_blocks;
} blocks_t;

static void fold(void *acc, size_t begin, size_t end, void *ctx)
{
    blocks_t *blocks = acc;
    (void)ctx;
    expect(begin < end && end - begin <= MOST);
    blocks->n_items += end - begin;
    blocks->n_blocks++;
}

static void combine(void *left, const void *right, void *ctx)
{
    blocks_t *into = left;
    const blocks_t *from = right;
    (void)ctx;
    into->n_items += from->n_items;
    into->n_blocks += from->n_blocks;
}

static int cursor(size_t *i, size_t end, void *ctx)
{
    blocks_t *blocks = ctx;
    expect(*i < end && end - *i <= MOST);
    __atomic_fetch_add(&blocks->n_items, end - *i, __ATOMIC_RELAXED);
    __atomic_fetch_add(&blocks->n_blocks, 1, __ATOMIC_RELAXED);
    *i = end;
    return 0;
}

/* Fails in its first block that begins behind *ctx. */
static int cursor_fails(size_t *i, size_t end, void *ctx)
{
    const size_t *from = ctx;
    expect(end - *i <= MOST);
    if (*i >= *from) return 7;
    *i = end;
    return 0;
}

static void check_blocks(void *ctx)
{
    (void)ctx;
    for (int s = 0; s < 3; s++) {
        par_affinity_t affinity = {0};
        par_options_t options = PAR_OPTIONS_INIT;
        options.schedule = (par_schedule_t)s;
        options.affinity = &affinity;
        options.max_grain = MOST;
        blocks_t folded = {0, 0}, walked = {0, 0};
        par_for_local(5, 5 + N, &folded, sizeof folded, fold, combine, NULL, &options);
        expect(folded.n_items == N && folded.n_blocks >= N / MOST);
        expect(par_try_for_cursor(5, 5 + N, cursor, &walked, NULL, &options) == 0);
        expect(walked.n_items == N && walked.n_blocks >= N / MOST);
        size_t from = N / 3, failed = 0;
        options.max_grain = MOST;
        options.grain = 16;
        expect(par_try_for_cursor(0, N, cursor_fails, &from, &failed, &options) == 7);
        expect(failed >= from && failed < from + MOST);
    }
}

static void blocks_are_bounded(void **state)
{
    (void)state;
    on_pools(check_blocks, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(blocks_are_bounded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
