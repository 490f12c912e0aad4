/* test_pipeline.c - what each stage sees, in which order, what is done after a failure, on every size of
 * pool and with any number of items. */
#define _GNU_SOURCE
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "on_pools.h"

enum { MOST_ITEMS = 70 };

typedef struct token_t {
    size_t number;
    uint64_t value;
    unsigned n_stages; /* that it has passed */
    bool is_under_way;
} token_t;

/* A run: what is to happen, and what the stages saw. */
typedef struct run_t {
    token_t items[MOST_ITEMS];
    size_t n_items, n_tokens;
    size_t fail_at[2], fail_stage[2]; /* tokens and stages that fail; SIZE_MAX: none */
    size_t n_read, n_middle, n_written, n_parallel;
    size_t under_way, most_under_way;
    int inside_first, inside_middle, inside_last;
    uint64_t hash, last_hash; /* each of one serial stage */
    par_cancel_t *stop;
    size_t stop_at;
    size_t grain; /* tokens that may be made in a row */
} run_t;

static uint64_t mix(uint64_t x)
{
    x *= 0x9E3779B97F4A7C15u;
    return x ^ x >> 31;
}

static void linger(uint64_t turns)
{
    for (volatile uint64_t k = 0; k < turns;)
        k++;
}

/* The code of a failure, told by token and stage. */
static int fails(const run_t *run, size_t number, size_t stage)
{
    for (unsigned k = 0; k < 2; k++)
        if (run->fail_at[k] == number && run->fail_stage[k] == stage)
            return (int)(number * 8 + stage + 1);
    return 0;
}

static int first(void *item, void *ctx)
{
    run_t *run = ctx;
    token_t *token = item;
    expect(__atomic_exchange_n(&run->inside_first, 1, __ATOMIC_RELAXED) == 0);
    expect(run->items <= token && token < run->items + run->n_items && !token->is_under_way);
    int result = PAR_PIPELINE_END;
    if (run->n_read == run->stop_at) par_cancel_request(run->stop);
    if (run->n_read < run->n_tokens) {
        *token = (token_t){run->n_read, mix(run->n_read), 1, true};
        result = fails(run, run->n_read++, 0);
        size_t n = __atomic_add_fetch(&run->under_way, 1, __ATOMIC_RELAXED);
        if (n > run->most_under_way) run->most_under_way = n;
    }
    __atomic_store_n(&run->inside_first, 0, __ATOMIC_RELAXED);
    return result;
}

static int parallel(void *item, void *ctx)
{
    run_t *run = ctx;
    token_t *token = item;
    expect(token->n_stages == 1 && token->is_under_way);
    linger(token->value % 64 == 0 ? 20000 : token->value % 200);
    token->value = mix(token->value);
    token->n_stages = 2;
    __atomic_add_fetch(&run->n_parallel, 1, __ATOMIC_RELAXED);
    return fails(run, token->number, 1);
}

static int middle(void *item, void *ctx)
{
    run_t *run = ctx;
    token_t *token = item;
    expect(__atomic_exchange_n(&run->inside_middle, 1, __ATOMIC_RELAXED) == 0);
    expect(token->n_stages == 2 && token->number == run->n_middle++);
    token->n_stages = 3;
    run->hash = mix(run->hash + token->value);
    __atomic_store_n(&run->inside_middle, 0, __ATOMIC_RELAXED);
    return fails(run, token->number, 2);
}

static int again(void *item, void *ctx)
{
    token_t *token = item;
    expect(token->n_stages == 3);
    linger(token->value % 100);
    token->n_stages = 4;
    return fails(ctx, token->number, 3);
}

static int last(void *item, void *ctx)
{
    run_t *run = ctx;
    token_t *token = item;
    expect(__atomic_exchange_n(&run->inside_last, 1, __ATOMIC_RELAXED) == 0);
    expect(token->n_stages == 4 && token->number == run->n_written++);
    token->is_under_way = false;
    run->last_hash = mix(run->last_hash ^ token->value);
    __atomic_sub_fetch(&run->under_way, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&run->inside_last, 0, __ATOMIC_RELAXED);
    return fails(run, token->number, 4);
}

static void run_begin(run_t *run, size_t n_items, size_t n_tokens)
{
    memset(run, 0, sizeof *run);
    run->n_items = n_items;
    run->n_tokens = n_tokens;
    run->fail_at[0] = run->fail_at[1] = run->stop_at = SIZE_MAX;
}

static int run_go(run_t *run, size_t *n_done, const par_options_t *options)
{
    const par_stage_t stages[] = {{first, run, PAR_STAGE_SERIAL},
                                  {parallel, run, PAR_STAGE_PARALLEL},
                                  {middle, run, PAR_STAGE_SERIAL},
                                  {again, run, PAR_STAGE_PARALLEL},
                                  {last, run, PAR_STAGE_SERIAL}};
    par_options_t with_grain = PAR_OPTIONS_INIT;
    if (options != NULL) with_grain = *options;
    with_grain.grain = run->grain;
    return par_pipeline(run->items, run->n_items, sizeof *run->items, stages, 5, n_done,
                        run->grain > 0 ? &with_grain : options);
}

static const size_t item_counts[] = {1, 2, 3, 5, 16, MOST_ITEMS};

static void check_streams(void *ctx)
{
    run_t *run = malloc(sizeof *run);
    (void)ctx;
    for (size_t k = 0; k < sizeof item_counts / sizeof *item_counts; k++) {
        for (size_t n = 0; n < 2000; n = n * 5 + 1) {
            size_t n_done = 99;
            run_begin(run, item_counts[k], n);
            run->grain = n % 7;
            expect(run_go(run, &n_done, NULL) == 0 && n_done == n);
            expect(run->n_read == n && run->n_parallel == n && run->n_middle == n);
            expect(run->n_written == n && run->under_way == 0);
            expect(run->most_under_way <= run->n_items);
        }
    }
    free(run);
}

static void every_token_passes_every_stage_in_order(void **state)
{
    (void)state;
    on_pools(check_streams, NULL);
}

/* The lowest failure is the result; what lies below it has passed all stages. */
static void check_failures(void *ctx)
{
    run_t *run = malloc(sizeof *run);
    uint64_t seed = 17;
    (void)ctx;
    for (unsigned round = 0; round < 300; round++) {
        size_t n_done = 99;
        run_begin(run, item_counts[round % 6], 300);
        run->grain = round / 6 % 6 * (round / 6 % 6);
        for (unsigned k = 0; k < 2; k++) {
            run->fail_at[k] = (seed = mix(seed + 1)) % 300;
            run->fail_stage[k] = (seed = mix(seed + 1)) % 5;
        }
        unsigned low =
            run->fail_at[1] < run->fail_at[0] ||
            (run->fail_at[1] == run->fail_at[0] && run->fail_stage[1] < run->fail_stage[0]);
        size_t number = run->fail_at[low], stage = run->fail_stage[low];
        expect(run_go(run, &n_done, NULL) == (int)(number * 8 + stage + 1));
        expect(n_done == number);
        /* behind the middle stage higher tokens may have passed it */
        expect(stage < 3 ? run->n_middle == number + (stage == 2) : run->n_middle > number);
        expect(run->n_written == number + (stage == 4));
        expect(run->n_read > number);
    }
    free(run);
}

static void the_lowest_failure_is_the_result(void **state)
{
    (void)state;
    on_pools(check_failures, NULL);
}

static void check_cancel(void *ctx)
{
    run_t *run = malloc(sizeof *run);
    (void)ctx;
    for (size_t k = 0; k < 6; k++) {
        par_cancel_t stop = PAR_CANCEL_INIT;
        par_options_t options = PAR_OPTIONS_INIT;
        size_t n_done = 0;
        options.cancel = &stop;
        run_begin(run, item_counts[k], 100000);
        run->grain = k * 2;
        run->stop = &stop;
        run->stop_at = 50 * k;
        expect(run_go(run, &n_done, &options) == PAR_ECANCELED);
        /* it was asked for in the call that read token 50 k */
        expect(n_done == 50 * k + 1 && run->n_read == n_done && run->n_written == n_done);
        run_begin(run, item_counts[k], 100000);
        expect(run_go(run, &n_done, &options) == PAR_ECANCELED && n_done == 0 && run->n_read == 0);
        par_cancel_init(&stop, NULL, 1);
        expect(run_go(run, NULL, &options) == PAR_ETIMEDOUT);
    }
    free(run);
}

static void what_was_read_when_it_was_stopped_is_written(void **state)
{
    (void)state;
    on_pools(check_cancel, NULL);
}

/* ---- other shapes ---- */

static int count_down(void *item, void *ctx)
{
    size_t *left = ctx;
    (void)item;
    return (*left)-- > 0 ? 0 : PAR_PIPELINE_END;
}

static int count_up(void *item, void *ctx)
{
    (void)item;
    __atomic_add_fetch((size_t *)ctx, 1, __ATOMIC_RELAXED);
    return 0;
}

static void check_shapes(void *ctx)
{
    char items[40];
    (void)ctx;
    for (size_t n = 1; n <= 40; n += 13) {
        for (unsigned modes = 0; modes < 16; modes++) {
            size_t left = 500, counts[4] = {0}, n_done;
            par_stage_t stages[5] = {
                {count_down, &left, PAR_STAGE_PARALLEL}}; /* serial all the same */
            for (unsigned k = 0; k < 4; k++)
                stages[k + 1] = (par_stage_t){
                    count_up, &counts[k], modes >> k & 1 ? PAR_STAGE_SERIAL : PAR_STAGE_PARALLEL};
            for (size_t n_stages = 1; n_stages <= 5; n_stages++) {
                left = 500;
                memset(counts, 0, sizeof counts);
                expect(par_pipeline(items, n, 1, stages, n_stages, &n_done, NULL) == 0);
                expect(n_done == 500);
                for (size_t k = 0; k + 1 < n_stages; k++)
                    expect(counts[k] == 500);
            }
        }
    }
    par_stage_t many[300];
    size_t left = 50, count = 0;
    for (size_t k = 0; k < 300; k++)
        many[k] = (par_stage_t){count_up, &count, k % 2 ? PAR_STAGE_SERIAL : PAR_STAGE_PARALLEL};
    many[0] = (par_stage_t){count_down, &left, PAR_STAGE_SERIAL};
    expect(par_pipeline(items, 40, 0, many, 300, NULL, NULL) == 0 && count == 50 * 299);
}

static void any_number_of_stages_of_any_mode(void **state)
{
    (void)state;
    on_pools(check_shapes, NULL);
}

static void more_items_than_are_used(void **state)
{
    (void)state;
    size_t left = 100000, count = 0, n_done = 0;
    const par_stage_t stages[] = {{count_down, &left, PAR_STAGE_SERIAL},
                                  {count_up, &count, PAR_STAGE_PARALLEL}};
    char *items = malloc(5000);
    assert_int_equal(par_pipeline(items, 5000, 1, stages, 2, &n_done, NULL), 0);
    assert_true(n_done == 100000 && count == 100000);
    free(items);
}

/* A pipeline in a stage of a pipeline, and a loop in it. */
static void index_add(size_t i, void *ctx)
{
    (void)i;
    count_up(NULL, ctx);
}

static int inner_run(void *item, void *ctx)
{
    char items[8];
    size_t left = 20;
    const par_stage_t stages[] = {{count_down, &left, PAR_STAGE_SERIAL},
                                  {count_up, ctx, PAR_STAGE_PARALLEL},
                                  {count_up, ctx, PAR_STAGE_SERIAL}};
    (void)item;
    expect(par_pipeline(items, 8, 1, stages, 3, NULL, NULL) == 0);
    par_for(0, 50, index_add, ctx);
    return 0;
}

static void check_nested(void *ctx)
{
    char items[8];
    size_t left = 100, count = 0;
    const par_stage_t stages[] = {{count_down, &left, PAR_STAGE_SERIAL},
                                  {inner_run, &count, PAR_STAGE_PARALLEL},
                                  {inner_run, &count, PAR_STAGE_SERIAL}};
    (void)ctx;
    expect(par_pipeline(items, 8, 1, stages, 3, NULL, NULL) == 0);
    expect(count == 100 * 2 * (20 * 2 + 50));
}

static void stages_make_parallel_calls(void **state)
{
    (void)state;
    on_pools(check_nested, NULL);
}

static int in_given_pool(void *item, void *ctx)
{
    (void)item, (void)ctx;
    expect(par_num_workers() == 5);
    return 0;
}

static void a_given_pool_runs_the_stages(void **state)
{
    (void)state;
    par_options_t options = PAR_OPTIONS_INIT;
    par_pool_options_t pool_options = PAR_POOL_OPTIONS_INIT;
    pool_options.threads = 5;
    assert_int_equal(par_pool_create(&options.pool, &pool_options), PAR_OK);
    char items[9];
    size_t left = 3000, n_done = 0;
    const par_stage_t stages[] = {{count_down, &left, PAR_STAGE_SERIAL},
                                  {in_given_pool, NULL, PAR_STAGE_PARALLEL},
                                  {in_given_pool, NULL, PAR_STAGE_SERIAL}};
    assert_int_equal(par_pipeline(items, 9, 1, stages, 3, &n_done, &options), 0);
    assert_true(n_done == 3000);
    no_failures();
    par_pool_destroy(options.pool);
}

/* ---- memory ---- */

static void without_memory_it_runs_all_the_same(void **state)
{
    (void)state;
    run_t *run = malloc(sizeof *run);
    run_begin(run, MOST_ITEMS, 2000);
    run_go(run, NULL, NULL); /* the pool is there */
    uint64_t hash = run->hash, last_hash = run->last_hash;
    for (unsigned has_many = 0; has_many < 2; has_many++) {
        size_t n_done = 0;
        run_begin(run, has_many ? MOST_ITEMS : 5, 2000);
        fault_arm(FAULT_MEMORY, 1, UINT_MAX);
        int code = run_go(run, &n_done, NULL);
        unsigned refused = fault_disarm().failed;
        assert_true(code == 0 && n_done == 2000 && (refused > 0 || !has_many));
        assert_true(run->hash == hash && run->last_hash == last_hash);
        no_failures();
    }
    free(run);
}

static void tokens_need_no_memory_of_their_own(void **state)
{
    (void)state;
    run_t *run = malloc(sizeof *run);
    run_begin(run, MOST_ITEMS, 20000);
    fault_arm(FAULT_MEMORY, 0, 0);
    assert_int_equal(run_go(run, NULL, NULL), 0);
    assert_true(fault_disarm().calls < 2000);
    no_failures();
    free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_token_passes_every_stage_in_order),
        cmocka_unit_test(the_lowest_failure_is_the_result),
        cmocka_unit_test(what_was_read_when_it_was_stopped_is_written),
        cmocka_unit_test(any_number_of_stages_of_any_mode),
        cmocka_unit_test(more_items_than_are_used),
        cmocka_unit_test(stages_make_parallel_calls),
        cmocka_unit_test(a_given_pool_runs_the_stages),
        cmocka_unit_test(without_memory_it_runs_all_the_same),
        cmocka_unit_test(tokens_need_no_memory_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
