/* test_seat.c - a caller that sits on the place of a bound thread sends the thread to the free place,
 * in a long call and where the binding was par's own choice: src/seat.h. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sched.h>
#include <time.h>

#include "pools.h"
#include "scale.h"

/* The only PU that this thread may use, -1 if there are more. */
static int bound_to(void)
{
    cpu_set_t set;
    int only = -1;
    if (sched_getaffinity(0, sizeof set, &set) != 0 || CPU_COUNT(&set) != 1) return -1;
    for (int pu = 0; pu < CPU_SETSIZE; pu++)
        if (CPU_ISSET(pu, &set)) only = pu;
    return only;
}

enum { NOWHERE = -2 };

static atomic_int worker_pu; /* where worker 1 was bound when it ran a task the last time */

static void leaf(void *ctx)
{
    (void)ctx;
    if (par_worker_index() == 1) atomic_store(&worker_pu, bound_to());
}

static void branch(void *ctx)
{
    uintptr_t depth = (uintptr_t)ctx;
    if (depth == 0)
        leaf(NULL);
    else
        par_join(branch, (void *)(depth - 1), branch, (void *)(depth - 1));
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* One outermost call of this many milliseconds: the first halves last, the second ones are there to be
 * taken. */
static void long_call(void *ctx)
{
    int64_t end = now_ms() + (intptr_t)ctx;
    while (now_ms() < end)
        par_join(branch, (void *)(uintptr_t)10, branch, (void *)(uintptr_t)10);
}

typedef struct visit_t {
    par_bind_t bind;
    int before; /* where worker 1 was bound, -1: it is not, or does not exist */
    int after;
} visit_t;

static void wait_for_worker(par_pool_t *pool)
{
    atomic_store(&worker_pu, NOWHERE);
    while (atomic_load(&worker_pu) == NOWHERE)
        par_pool_run(pool, long_call, (void *)(intptr_t)1);
}

/* The caller goes where worker 1 is, makes calls of that length, and comes back. */
static void visit_worker(visit_t *visit, int call_ms, int calls)
{
    par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
    par_pool_t *pool;
    cpu_set_t mine, there;
    options.bind = visit->bind;
    assert_int_equal(par_pool_create(&pool, &options), PAR_OK);
    visit->before = visit->after = -1;
    if (par_pool_num_workers(pool) > 1) {
        wait_for_worker(pool);
        visit->before = atomic_load(&worker_pu);
    }
    if (visit->before >= 0) {
        assert_int_equal(sched_getaffinity(0, sizeof mine, &mine), 0);
        CPU_ZERO(&there);
        CPU_SET(visit->before, &there);
        assert_int_equal(sched_setaffinity(0, sizeof there, &there), 0);
        visit->after = visit->before;
        for (int i = 0; i < calls && visit->after == visit->before; i++) {
            par_pool_run(pool, long_call, (void *)(intptr_t)call_ms);
            visit->after = atomic_load(&worker_pu);
        }
        assert_int_equal(sched_setaffinity(0, sizeof mine, &mine), 0);
    }
    par_pool_destroy(pool);
}

static void test_worker_gives_way(void **state)
{
    (void)state;
    visit_t visit = {.bind = PAR_BIND_DEFAULT};
    visit_worker(&visit, 20, 3000);
    if (visit.before < 0) skip(); /* one core, or the machine is shared by quota */
    assert_int_not_equal(visit.after, visit.before);
    assert_true(visit.after >= 0); /* to one place: it is bound again */
}

static void test_asked_for_stays(void **state)
{
    (void)state;
    visit_t visit = {.bind = PAR_BIND_CLOSE};
    visit_worker(&visit, 20, 10);
    if (visit.before < 0) skip();
    assert_int_equal(visit.after, visit.before);
}

static int reset(void **state)
{
    (void)state;
    watchdog(100);
    return 0;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(test_worker_gives_way),
        TEST(test_asked_for_stays),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("seat", tests, NULL, NULL);
}
