/* test_slots.c - the slots of worker-local state when a worker's index lies beyond the table, as when
 * the default pool was stopped and started again larger during the call. That cannot be brought about
 * on every machine, so the files under test are compiled in, with indices of our making. */
#include <stdlib.h>

#include "on_pools.h"

enum { BEYOND = 1000 };

static unsigned n_asked;
static unsigned beyond_every; /* 1: every index lies beyond; 2: every other one */

static unsigned fake_index(void)
{
    unsigned asked = __atomic_fetch_add(&n_asked, 1, __ATOMIC_RELAXED);
    return asked % beyond_every == 0 ? BEYOND : par_worker_index();
}

#define par_worker_index fake_index
#include "../par/local.c"
#include "../par/slots.c"
#undef par_worker_index

typedef struct tally_t {
    size_t n, sum;
} tally_t;

static void tally_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    tally_t *tally = acc;
    (void)ctx;
    for (size_t i = begin; i < end; i++) {
        tally->n++;
        tally->sum += i;
    }
}

static void tally_combine(void *left, const void *right, void *ctx)
{
    (void)ctx;
    ((tally_t *)left)->n += ((const tally_t *)right)->n;
    ((tally_t *)left)->sum += ((const tally_t *)right)->sum;
}

static void check_loop(void *ctx)
{
    par_options_t options = PAR_OPTIONS_INIT;
    (void)ctx;
    options.item_ns = 1000; /* some blocks at least, whatever the time they take */
    for (beyond_every = 1; beyond_every <= 2; beyond_every++) {
        tally_t tally = {0, 0};
        unsigned before = n_asked;
        par_for_local(0, 10000, &tally, sizeof tally, tally_fold, tally_combine, NULL, &options);
        expect(tally.n == 10000 && tally.sum == (size_t)10000 * 9999 / 2);
        expect(n_asked - before > 10);
    }
}

static void loops_go_on_beyond_the_table(void **state)
{
    (void)state;
    on_pools(check_loop, NULL);
}

static void tasks_body(size_t i, void *ctx)
{
    tally_t *tally = par_local_get(ctx);
    expect(tally != NULL);
    tally->n++;
    tally->sum += i;
}

static void tasks_run(par_local_t *local, void *ctx)
{
    (void)ctx;
    par_for(0, 10000, tasks_body, local);
}

static void check_tasks(void *ctx)
{
    (void)ctx;
    for (beyond_every = 1; beyond_every <= 2; beyond_every++) {
        tally_t tally = {0, 0};
        par_local_run(&tally, sizeof tally, NULL, tally_combine, tasks_run, NULL);
        expect(tally.n == 10000 && tally.sum == (size_t)10000 * 9999 / 2);
    }
}

static void tasks_have_slots_beyond_the_table(void **state)
{
    (void)state;
    on_pools(check_tasks, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loops_go_on_beyond_the_table),
        cmocka_unit_test(tasks_have_slots_beyond_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
