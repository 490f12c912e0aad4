/* test_pipeline_end.c - the tokens that have a number: with a limit that can be reached. */
#define PAR__PIPELINE_TOKENS 3000
#include "../par/algo/pipeline.c"

#include "on_pools.h"

typedef struct count_t {
    size_t most; /* that the first stage makes */
    size_t n_made, n_passed, n_written;
} count_t;

static int make(void *item, void *ctx)
{
    count_t *count = ctx;
    if (count->n_made == count->most) return PAR_PIPELINE_END;
    *(size_t *)item = count->n_made++;
    return 0;
}

static int pass(void *item, void *ctx)
{
    (void)item;
    __atomic_add_fetch(&((count_t *)ctx)->n_passed, 1, __ATOMIC_RELAXED);
    return 0;
}

static int write_in_order(void *item, void *ctx)
{
    count_t *count = ctx;
    expect(*(size_t *)item == count->n_written++);
    return 0;
}

static void stream(size_t most, size_t n_items, size_t grain, int answer)
{
    size_t items[7], n_done = 99;
    count_t count = {most, 0, 0, 0};
    const par_stage_t stages[] = {{make, &count, PAR_STAGE_SERIAL},
                                  {pass, &count, PAR_STAGE_PARALLEL},
                                  {write_in_order, &count, PAR_STAGE_SERIAL}};
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = grain;
    expect(par_pipeline(items, n_items, sizeof *items, stages, 3, &n_done, &options) == answer);
    size_t n = most < PAR__PIPELINE_TOKENS ? most : PAR__PIPELINE_TOKENS;
    expect(n_done == n && count.n_made == n && count.n_passed == n && count.n_written == n);
}

static void check_end(void *ctx)
{
    (void)ctx;
    for (size_t n_items = 1; n_items <= 7; n_items += 2)
        for (size_t grain = 0; grain <= 4; grain += 2) {
            stream(PAR__PIPELINE_TOKENS - 1, n_items, grain, 0);
            stream(PAR__PIPELINE_TOKENS, n_items, grain, PAR_EOVERFLOW);
            stream(SIZE_MAX, n_items, grain, PAR_EOVERFLOW);
        }
}

static void tokens_without_a_number_are_refused(void **state)
{
    (void)state;
    on_pools(check_end, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tokens_without_a_number_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
