/* test_find.c - searches by index, by element and by block against plain loops: the place of a hit, who is
 * asked, on every size of pool. */
#include <stdlib.h>
#include <string.h>

#include "on_pools.h"
#include "random_next.h"
#include "scale.h"

/* ---- by index, inlined and not ---- */

typedef struct marks_t {
    const unsigned char *is_marked;
    size_t n;
} marks_t;

PAR_DEFINE_FIND(marked, const unsigned char *, is_marked, i)
{
    return is_marked[i];
}

static int index_is_marked(size_t i, void *ctx)
{
    return ((const unsigned char *)ctx)[i];
}

static int item_is_marked(const void *item, void *ctx)
{
    return *(const unsigned char *)item == *(int *)ctx ? 7 : 0;
}

static void check_marks(const unsigned char *is_marked, size_t begin, size_t end)
{
    size_t first = end, last = end, count = 0;
    for (size_t i = begin; i < end; i++) {
        if (!is_marked[i]) continue;
        if (first == end) first = i;
        last = i;
        count++;
    }
    void *ctx = (void *)(uintptr_t)is_marked;
    expect(marked_find_first(begin, end, is_marked) == first);
    expect(marked_find_last(begin, end, is_marked) == last);
    expect(par_find_first(begin, end, index_is_marked, ctx) == first);
    expect(par_find_last(begin, end, index_is_marked, ctx) == last);
    size_t any = marked_find_any(begin, end, is_marked);
    expect(count == 0 ? any == end : begin <= any && any < end && is_marked[any]);
    any = par_find_any(begin, end, index_is_marked, ctx);
    expect(count == 0 ? any == end : begin <= any && any < end && is_marked[any]);
    expect(marked_any(begin, end, is_marked) == (count > 0));
    expect(par_any(begin, end, index_is_marked, ctx) == (count > 0));
    expect(marked_none(begin, end, is_marked) == (count == 0));
    expect(par_none(begin, end, index_is_marked, ctx) == (count == 0));
    expect(marked_all(begin, end, is_marked) == (count == end - begin));
    expect(par_all(begin, end, index_is_marked, ctx) == (count == end - begin));
    expect(marked_count_if(begin, end, is_marked) == count);
    expect(par_count_if(begin, end, index_is_marked, ctx) == count);
    int one = 1;
    size_t n = end - begin;
    const unsigned char *at = is_marked + begin;
    expect(par_find_first_each(at, n, 1, item_is_marked, &one) == (count ? first - begin : n));
    expect(par_find_last_each(at, n, 1, item_is_marked, &one) == (count ? last - begin : n));
    expect(par_any_each(at, n, 1, item_is_marked, &one) == (count > 0));
    expect(par_none_each(at, n, 1, item_is_marked, &one) == (count == 0));
    expect(par_all_each(at, n, 1, item_is_marked, &one) == (count == n));
    expect(par_count_if_each(at, n, 1, item_is_marked, &one) == count);
    any = par_find_any_each(at, n, 1, item_is_marked, &one);
    expect(count == 0 ? any == n : any < n && at[any]);
}

static void check_patterns(void *ctx)
{
    static const size_t sizes[] = {0, 1, 2, 3, 63, 64, 65, 127, 128, 129, 1000, 4999, 300000};
    unsigned char *is_marked = malloc(300000 + 10);
    uint64_t seed = 5;
    (void)ctx;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        size_t n = sizes[s], begin = s % 3;
        if (TEST_TSAN && n > 5000) n = 30000;
        for (unsigned pattern = 0; pattern < 8; pattern++) {
            memset(is_marked, pattern == 1, n + 3);
            if (pattern == 2 && n > 0) is_marked[begin] = 1;
            if (pattern == 3 && n > 0) is_marked[begin + n - 1] = 1;
            if (pattern == 4 && n > 0) is_marked[begin + random_next(&seed) % n] = 1;
            for (size_t i = 0; i < n && pattern >= 5; i++)
                is_marked[begin + i] = random_next(&seed) % 1000 < (pattern == 5   ? 500u
                                                                    : pattern == 6 ? 1u
                                                                                   : 999u);
            is_marked[begin + n] = 1; /* behind the end, and before: never to be found */
            if (begin > 0) is_marked[begin - 1] = 1;
            check_marks(is_marked, begin, begin + n);
        }
    }
    free(is_marked);
}

static void searches_find_what_a_loop_finds(void **state)
{
    (void)state;
    on_pools(check_patterns, NULL);
}

/* ---- who is asked ---- */

typedef struct asked_t {
    size_t hit, n_asked, n_below;
    unsigned char *was_asked;
} asked_t;

static int asks(size_t i, void *ctx)
{
    asked_t *asked = ctx;
    __atomic_add_fetch(&asked->n_asked, 1, __ATOMIC_RELAXED);
    if (i < asked->hit) __atomic_add_fetch(&asked->n_below, 1, __ATOMIC_RELAXED);
    if (asked->was_asked != NULL) asked->was_asked[i]++;
    return i >= asked->hit;
}

static void check_asked(void *ctx)
{
    enum { N = 20000000 };
    (void)ctx;
    asked_t early = {.hit = 3};
    expect(par_find_first(0, N, asks, &early) == 3 && early.n_below == 3);
    expect(early.n_asked < N / 2); /* the rest is left out */
    asked_t last = {.hit = N - 5};
    expect(par_find_last(0, N, asks, &last) == N - 1);
    expect(last.n_asked < N / 2);
    asked_t any = {.hit = 1000};
    expect(par_find_any(0, N, asks, &any) >= 1000 && any.n_asked < N / 2);
}

static void what_lies_behind_a_hit_is_left_out(void **state)
{
    (void)state;
    on_pools(check_asked, NULL);
}

static size_t block_counted(size_t begin, size_t end, void *ctx)
{
    (void)end;
    __atomic_add_fetch((size_t *)ctx, 1, __ATOMIC_RELAXED);
    return begin;
}

/* Long searches begin on the caller alone. */
static void check_first_block(void *ctx)
{
    size_t n_blocks = 0;
    (void)ctx;
    expect(par_find_first_range(1000, SIZE_MAX, block_counted, &n_blocks, NULL) == 1000);
    expect(n_blocks == 1);
}

static void nothing_is_given_out_behind_a_hit(void **state)
{
    (void)state;
    on_pools(check_first_block, NULL);
}

static void check_each_index_once(void *ctx)
{
    enum { N = TEST_TSAN ? 50000 : 500000 };
    asked_t asked = {.hit = N, .was_asked = calloc(N, 1)};
    (void)ctx;
    expect(par_find_first(0, N, asks, &asked) == N);
    for (size_t i = 0; i < N; i++)
        expect(asked.was_asked[i] == 1);
    memset(asked.was_asked, 0, N);
    expect(par_find_last(0, N, asks, &asked) == N);
    for (size_t i = 0; i < N; i++)
        expect(asked.was_asked[i] == 1);
    free(asked.was_asked);
}

static void without_a_hit_every_index_is_asked_once(void **state)
{
    (void)state;
    on_pools(check_each_index_once, NULL);
}

/* Few dear items, whose order of ending is not that of their indices. */
static int slow_odd(size_t i, void *ctx)
{
    (void)ctx;
    for (volatile unsigned k = 0; k < (i % 3 == 0 ? 30000u : 300u);)
        k++;
    return i % 2 == 1 && i > 20;
}

static void check_dear(void *ctx)
{
    (void)ctx;
    for (unsigned round = 0; round < 20; round++) {
        expect(par_find_first(0, 50, slow_odd, NULL) == 21);
        expect(par_find_last(0, 50, slow_odd, NULL) == 49);
        expect(par_find_first(0, 2, slow_odd, NULL) == 2);
    }
}

static void dear_tests_give_the_same_place(void **state)
{
    (void)state;
    on_pools(check_dear, NULL);
}

/* ---- block searches ---- */

typedef struct blocks_t {
    size_t begin, end, grain, longest, hit;
} blocks_t;

static size_t block_check(size_t begin, size_t end, void *ctx)
{
    const blocks_t *b = ctx;
    expect(b->begin <= begin && begin < end && end <= b->end);
    expect(end - begin <= b->longest);
    expect(end - begin >= b->grain || end == b->end || begin == b->begin);
    return begin <= b->hit && b->hit < end ? b->hit : end;
}

static void check_blocks(void *ctx)
{
    par_options_t options = PAR_OPTIONS_INIT;
    (void)ctx;
    for (size_t grain = 1; grain < 400; grain = grain * 3 + 1) {
        for (size_t hit = 10; hit <= 10010; hit += 2500) {
            blocks_t b = {10, 10010, grain, grain * 2, hit};
            options.grain = grain;
            options.max_grain = grain * 2;
            options.item_ns = hit % 3 == 0 ? 3000 : 0;
            expect(par_find_first_range(10, 10010, block_check, &b, &options) == hit);
            expect(par_find_last_range(10, 10010, block_check, &b, &options) == hit);
            expect(par_find_any_range(10, 10010, block_check, &b, &options) == hit);
        }
    }
    blocks_t none = {5, 5, 1, 1, 5};
    expect(par_find_first_range(5, 5, block_check, &none, NULL) == 5);
    expect(par_find_first_range(7, 5, block_check, &none, NULL) == 5);
    blocks_t top = {SIZE_MAX - 100, SIZE_MAX, 1, SIZE_MAX, SIZE_MAX - 1};
    expect(par_find_first_range(SIZE_MAX - 100, SIZE_MAX, block_check, &top, NULL) == SIZE_MAX - 1);
    expect(par_find_last_range(SIZE_MAX - 100, SIZE_MAX, block_check, &top, NULL) == SIZE_MAX - 1);
}

static void blocks_obey_the_options(void **state)
{
    (void)state;
    on_pools(check_blocks, NULL);
}

/* All of size_t, with a hit: what is searched is little. */
static size_t block_hit(size_t begin, size_t end, void *ctx)
{
    size_t hit = *(size_t *)ctx;
    return begin <= hit && hit < end ? hit : end;
}

static void the_whole_range_of_indices_is_searched(void **state)
{
    (void)state;
    for (size_t hit = 0; hit < 3; hit++)
        assert_true(par_find_first_range(0, SIZE_MAX, block_hit, &hit, NULL) == hit);
    size_t hit = SIZE_MAX - 1;
    assert_true(par_find_last_range(0, SIZE_MAX, block_hit, &hit, NULL) == hit);
    assert_true(par_find_first_range(0, SIZE_MAX, block_hit, &hit, NULL) == hit);
}

static size_t block_in_given_pool(size_t begin, size_t end, void *ctx)
{
    expect(par_num_workers() == 5);
    return block_hit(begin, end, ctx);
}

static void given_pools_search(void **state)
{
    (void)state;
    par_options_t options = PAR_OPTIONS_INIT;
    par_pool_options_t pool_options = PAR_POOL_OPTIONS_INIT;
    pool_options.threads = 5;
    assert_int_equal(par_pool_create(&options.pool, &pool_options), PAR_OK);
    options.item_ns = 5000;
    options.max_grain = 1000000;
    size_t hit = 12345678;
    assert_true(par_find_first_range(0, 20000000, block_in_given_pool, &hit, &options) == hit);
    par_pool_destroy(options.pool);
    no_failures();
}

/* Searches inside of searches. */
static int row_has(size_t row, void *ctx)
{
    const unsigned char *is_marked = ctx;
    return marked_find_first(row * 1000, row * 1000 + 1000, is_marked) != row * 1000 + 1000;
}

static void check_nested(void *ctx)
{
    unsigned char *is_marked = calloc(300000, 1);
    (void)ctx;
    is_marked[123456] = is_marked[234567] = 1;
    for (unsigned round = 0; round < 10; round++) {
        expect(par_find_first(0, 300, row_has, is_marked) == 123);
        expect(par_find_last(0, 300, row_has, is_marked) == 234);
    }
    free(is_marked);
}

static void searches_nest(void **state)
{
    (void)state;
    on_pools(check_nested, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(searches_find_what_a_loop_finds),
        cmocka_unit_test(what_lies_behind_a_hit_is_left_out),
        cmocka_unit_test(nothing_is_given_out_behind_a_hit),
        cmocka_unit_test(without_a_hit_every_index_is_asked_once),
        cmocka_unit_test(dear_tests_give_the_same_place),
        cmocka_unit_test(blocks_obey_the_options),
        cmocka_unit_test(the_whole_range_of_indices_is_searched),
        cmocka_unit_test(given_pools_search),
        cmocka_unit_test(searches_nest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
