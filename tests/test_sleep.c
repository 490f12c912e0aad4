/* test_sleep.c - parking and the counts of sleepers: no token is lost, no sleeper stays asleep with
 * work about, and the counts end as they began. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "parker.h"
#include "scale.h"
#include "sleep.h"

enum { N_SLEEPERS = 6, N_SUBMITTERS = 3 };

static par__parker_t parkers[N_SLEEPERS];
static par__sleep_t sleep_state;

static int reset(void **state)
{
    (void)state;
    watchdog(100);
    for (size_t i = 0; i < N_SLEEPERS; i++)
        atomic_store(&parkers[i].word, 0);
    par__sleep_init(&sleep_state);
    par__sleep_limit(&sleep_state, N_SLEEPERS, 4);
    return 0;
}

static void test_token_before_park(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        assert_false(par__parker_unpark(&parkers[0]));            /* nobody slept */
        if (i % 2) assert_false(par__parker_unpark(&parkers[0])); /* two are one */
        par__parker_park(&parkers[0]);                            /* returns at once */
    }
}

/* Ping pong: each side waits for the other's count, and parks in between. */

static atomic_size_t turns;

static void play(unsigned side, size_t n)
{
    for (size_t i = side; i < n; i += 2) {
        while (atomic_load(&turns) != i)
            par__parker_park(&parkers[side]);
        atomic_store(&turns, i + 1);
        par__parker_unpark(&parkers[!side]);
    }
}

static void *play_main(void *arg)
{
    play(1, *(size_t *)arg);
    return NULL;
}

static void test_ping_pong(void **state)
{
    (void)state;
    pthread_t thread;
    size_t n = scaled(100000);
    turns = 0;
    assert_int_equal(pthread_create(&thread, NULL, play_main, &n), 0);
    play(0, n);
    pthread_join(thread, NULL);
    assert_int_equal(turns, n);
}

static void ignore(int number)
{
    (void)number;
}

static atomic_int storm_is_over;

static void *storm_main(void *target)
{
    while (!storm_is_over) {
        pthread_kill(*(pthread_t *)target, SIGUSR1);
        usleep(50);
    }
    return NULL;
}

/* Signals without SA_RESTART interrupt the system call; the sleeper must neither fail nor stay. */
static void test_signals(void **state)
{
    (void)state;
    struct sigaction action = {.sa_handler = ignore};
    pthread_t self = pthread_self(), storm;
    storm_is_over = 0;
    sigaction(SIGUSR1, &action, NULL);
    assert_int_equal(pthread_create(&storm, NULL, storm_main, &self), 0);
    test_ping_pong(state);
    storm_is_over = 1;
    pthread_join(storm, NULL);
}

static void test_counts_one_by_one(void **state)
{
    (void)state;
    assert_int_equal(par__sleep_choose(&sleep_state, 0), -1); /* nobody sleeps */
    assert_true(par__sleep_search(&sleep_state));
    par__sleep_announce(&sleep_state, 3, true);
    assert_int_equal(par__sleep_n_idle(&sleep_state), 1);
    assert_int_equal(par__sleep_n_searching(&sleep_state), 0);
    assert_false(par__sleep_was_chosen(&sleep_state, 3));
    par__sleep_announce(&sleep_state, 5, false);
    assert_int_equal(par__sleep_choose(&sleep_state, 4), 5); /* at or after `near` first */
    assert_true(par__sleep_was_chosen(&sleep_state, 5));
    assert_int_equal(par__sleep_choose(&sleep_state, 0), -1); /* 5 searches */
    par__sleep_found(&sleep_state);
    assert_int_equal(par__sleep_choose(&sleep_state, 4), 3);
    par__sleep_found(&sleep_state);
    par__sleep_announce(&sleep_state, 2, false);
    assert_true(par__sleep_cancel(&sleep_state, 2));
    assert_true(par__sleep_was_chosen(&sleep_state, 2));
    assert_int_equal(par__sleep_n_searching(&sleep_state), 1);
    par__sleep_found(&sleep_state);
    assert_true(par__sleep_is_empty(&sleep_state));
}

static void test_idle_threads_without_a_core(void **state)
{
    (void)state;
    for (uint32_t id = 0; id < N_SLEEPERS; id++) {
        par__sleep_announce(&sleep_state, id, false);
        assert_int_equal(par__sleep_n_idle(&sleep_state), id < 4 ? id + 1 : 4); /* 4 cores */
    }
    for (uint32_t id = 0; id < N_SLEEPERS; id++) {
        assert_true(par__sleep_cancel(&sleep_state, id));
        par__sleep_found(&sleep_state);
    }
}

static void test_searchers_are_limited(void **state)
{
    (void)state;
    unsigned n = 0;
    while (n < N_SLEEPERS && par__sleep_search(&sleep_state))
        n++;
    assert_in_range(n, 1, 2); /* half of 4 cores */
    assert_false(par__sleep_search(&sleep_state));
    for (unsigned i = 0; i < n; i++)
        par__sleep_found(&sleep_state);
    assert_true(par__sleep_is_empty(&sleep_state));
}

/* The whole protocol over a counter of work. After each submission the submitter waits, without
 * helping, until the work is gone: a wake-up that is lost shows as the watchdog's bark. */

static atomic_int work, stop;

static int take_work(void)
{
    int have = atomic_load(&work);
    while (have > 0)
        if (atomic_compare_exchange_weak(&work, &have, have - 1)) return 1;
    return 0;
}

static void wake_one(unsigned near)
{
    int id = par__sleep_choose(&sleep_state, near);
    if (id >= 0) par__parker_unpark(&parkers[id]);
}

static void sleeper_leaves(uint32_t id)
{
    while (!par__sleep_was_chosen(&sleep_state, id) && !par__sleep_cancel(&sleep_state, id))
        sched_yield();
}

static void *sleeper_main(void *arg)
{
    uint32_t id = (uint32_t)((par__parker_t *)arg - parkers);
    int searching = par__sleep_search(&sleep_state);
    while (!stop) {
        if (searching && take_work()) {
            par__sleep_found(&sleep_state);
            wake_one(id);
            searching = par__sleep_search(&sleep_state);
            continue;
        }
        par__sleep_announce(&sleep_state, id, searching);
        searching = 1;
        if (atomic_load(&work) > 0 && par__sleep_cancel(&sleep_state, id)) continue;
        while (!stop && !par__sleep_was_chosen(&sleep_state, id))
            par__parker_park(&parkers[id]);
        sleeper_leaves(id);
    }
    if (searching) par__sleep_found(&sleep_state);
    return NULL;
}

static void *submit_main(void *arg)
{
    (void)arg;
    for (size_t i = 0; i < scaled(20000); i++) {
        atomic_fetch_add(&work, 1);
        wake_one((unsigned)i % N_SLEEPERS);
        while (i % 3 == 0 && atomic_load(&work) > 0)
            sched_yield();
    }
    return NULL;
}

static void test_no_lost_wake_up(void **state)
{
    (void)state;
    pthread_t sleepers[N_SLEEPERS], submitters[N_SUBMITTERS];
    work = stop = 0;
    for (size_t i = 0; i < N_SLEEPERS; i++)
        assert_int_equal(pthread_create(&sleepers[i], NULL, sleeper_main, &parkers[i]), 0);
    for (size_t i = 0; i < N_SUBMITTERS; i++)
        assert_int_equal(pthread_create(&submitters[i], NULL, submit_main, NULL), 0);
    for (size_t i = 0; i < N_SUBMITTERS; i++)
        pthread_join(submitters[i], NULL);
    while (atomic_load(&work) > 0)
        usleep(1000);
    stop = 1;
    for (size_t i = 0; i < N_SLEEPERS; i++)
        par__parker_unpark(&parkers[i]);
    for (size_t i = 0; i < N_SLEEPERS; i++)
        pthread_join(sleepers[i], NULL);
    assert_true(par__sleep_is_empty(&sleep_state));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(test_token_before_park),
        TEST(test_ping_pong),
        TEST(test_signals),
        TEST(test_counts_one_by_one),
        TEST(test_idle_threads_without_a_core),
        TEST(test_searchers_are_limited),
        TEST(test_no_lost_wake_up),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("sleep", tests, NULL, NULL);
}
