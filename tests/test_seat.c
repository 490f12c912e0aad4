/* test_seat.c - a caller that sits on the place of a bound thread sends the thread to the free place,
 * in a long call and where the binding was par's own choice; a caller that waits lends its core: src/seat.h. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
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

/* ---- lending ---- */

typedef struct lend_t {
    bool thief_sleeps;
    atomic_int has_begun;
    int home, away; /* where worker 1 was bound before the waiter slept, and while it did */
} lend_t;

static void pass_ms(int ms, bool by_sleeping)
{
    const struct timespec nap = {0, ms * 1000000L};
    int64_t end = now_ms() + ms;
    if (by_sleeping) nanosleep(&nap, NULL); /* in one piece: who wakes in between has run */
    while (!by_sleeping && now_ms() < end) {
    }
}

/* Its waiter spins for 50 us and sleeps then. */
static void stolen(void *ctx)
{
    lend_t *lend = ctx;
    if (par_worker_index() == 1) lend->home = bound_to();
    atomic_store(&lend->has_begun, 1);
    if (par_worker_index() != 1) return;
    pass_ms(10, lend->thief_sleeps);
    lend->away = bound_to();
}

static void waiting(void *ctx)
{
    lend_t *lend = ctx;
    int64_t end = now_ms() + 1000;
    while (atomic_load(&lend->has_begun) == 0 && now_ms() < end) {
    }
}

static void lend_once(void *ctx)
{
    lend_t *lend = ctx;
    lend->home = lend->away = NOWHERE;
    atomic_store(&lend->has_begun, 0);
    par_join(waiting, lend, stolen, lend);
}

/* In how many of `tries` calls was the worker bound elsewhere while its waiter slept? -1: there is no bound
 * worker. */
static int count_loans(par_bind_t bind, bool thief_sleeps, int tries)
{
    par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
    par_pool_t *pool;
    options.bind = bind;
    assert_int_equal(par_pool_create(&pool, &options), PAR_OK);
    bool has_worker = par_pool_num_workers(pool) > 1;
    if (has_worker) wait_for_worker(pool);
    int home = has_worker ? atomic_load(&worker_pu) : -1;
    int loans = home < 0 ? -1 : 0;
    for (int i = 0; home >= 0 && i < tries; i++) {
        lend_t lend = {.thief_sleeps = thief_sleeps};
        par_pool_run(pool, lend_once, &lend);
        if (lend.home == NOWHERE) continue; /* some other worker had it */
        /* Another place than home, if the caller had come to sit on that. */
        assert_true(lend.home >= 0);
        if (lend.away != lend.home) loans++;
    }
    par_pool_destroy(pool);
    return loans;
}

/* Asleep is as good as pushed aside: it does not run. */
static void test_core_is_lent(void **state)
{
    (void)state;
    int loans = count_loans(PAR_BIND_DEFAULT, true, 100);
    if (loans < 0) skip();
    assert_in_range(loans, 1, 100);
}

static void test_thief_that_runs_stays(void **state)
{
    (void)state;
    int loans = count_loans(PAR_BIND_DEFAULT, false, 100);
    if (loans < 0) skip();
    assert_in_range(loans, 0, 99); /* it may have been pushed aside now and then */
}

static void test_asked_for_is_not_lent(void **state)
{
    (void)state;
    int loans = count_loans(PAR_BIND_CLOSE, true, 10);
    if (loans < 0) skip();
    assert_int_equal(loans, 0);
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
        TEST(test_worker_gives_way),      TEST(test_asked_for_stays),       TEST(test_core_is_lent),
        TEST(test_thief_that_runs_stays), TEST(test_asked_for_is_not_lent),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("seat", tests, NULL, NULL);
}
