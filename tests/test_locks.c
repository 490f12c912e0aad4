/* test_locks.c - a lock held across a parallel call. Who waits for a task runs only what that task
 * forked, or tasks of the scope it waits for. So a task that wants the lock is never started on
 * the stack of the thread that holds it; if one were, that thread would wait for itself. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <sched.h>

#include <par/scope.h>

#include "pools.h"
#include "scale.h"

/* Error checking: a thread that locks what it holds is told so, which is the failure looked for. */
enum { N_LOCKS = 4 };
static pthread_mutex_t locks[N_LOCKS];
static atomic_ulong self_locks, held_runs, wrong;

static int reset(void **state)
{
    (void)state;
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
    for (size_t i = 0; i < N_LOCKS; i++)
        pthread_mutex_init(&locks[i], &attr);
    pthread_mutexattr_destroy(&attr);
    self_locks = held_runs = wrong = 0;
    watchdog(100);
    return 0;
}

static int clean(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_LOCKS; i++)
        pthread_mutex_destroy(&locks[i]);
    return 0;
}

/* 1: we have it now. 0: this thread had it already, further down its stack. */
static int take(pthread_mutex_t *lock)
{
    if (pthread_mutex_lock(lock) == 0) return 1;
    atomic_fetch_add(&self_locks, 1);
    return 0;
}

static void work(void *ctx)
{
    (void)ctx;
    if (!fib_is_right(9)) atomic_fetch_add(&wrong, 1);
    sched_yield();
}

/* What every task does: lock, a parallel call, unlock. */
static void locked_join(void *ctx)
{
    pthread_mutex_t *lock = ctx;
    if (!take(lock)) return;
    par_join(work, NULL, work, NULL);
    atomic_fetch_add(&held_runs, 1);
    pthread_mutex_unlock(lock);
}

static void locked_scope(void *ctx)
{
    pthread_mutex_t *lock = ctx;
    if (!take(lock)) return;
    PAR_SCOPE (s) {
        for (int i = 0; i < 4; i++)
            par_spawn(&s, work, NULL);
    }
    atomic_fetch_add(&held_runs, 1);
    pthread_mutex_unlock(lock);
}

static void locked_both(void *ctx)
{
    par_join(locked_join, ctx, locked_scope, ctx);
}

static void many_lockers(void *ctx)
{
    (void)ctx;
    PAR_SCOPE (s) {
        for (size_t i = 0; i < 64; i++) {
            par_spawn(&s, locked_both, &locks[i % N_LOCKS]);
            par_spawn(&s, locked_join, &locks[(i / 2) % N_LOCKS]);
            par_spawn(&s, locked_scope, &locks[(i / 3) % N_LOCKS]);
        }
    }
}

static void test_tasks_of_one_scope(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_POOL_SIZES; i++) {
        par_pool_t *pool = pool_new(pool_sizes[i]);
        size_t rounds = scaled(40);
        held_runs = 0;
        for (size_t r = 0; r < rounds; r++)
            par_pool_run(pool, many_lockers, NULL);
        par_pool_destroy(pool);
        assert_int_equal(self_locks, 0);
        assert_int_equal(held_runs, rounds * 64 * 4);
    }
    assert_int_equal(wrong, 0);
}

/* Threads from outside: some hold the locks across calls, others have tasks that want them. */

static void *holder_main(void *arg)
{
    for (size_t i = 0; i < scaled(300); i++) {
        locked_join(arg);
        locked_scope(arg);
    }
    return NULL;
}

static void *stranger_main(void *arg)
{
    (void)arg;
    for (size_t i = 0; i < scaled(60); i++)
        many_lockers(NULL);
    return NULL;
}

static void test_strangers_from_outside(void **state)
{
    (void)state;
    pthread_t threads[16];
    for (size_t i = 0; i < 16; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, i % 4 ? holder_main : stranger_main,
                                        &locks[i % N_LOCKS]),
                         0);
    for (size_t i = 0; i < 16; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(self_locks, 0);
    assert_int_equal(wrong, 0);
    assert_int_equal(held_runs, 12 * scaled(300) * 2 + 4 * scaled(60) * 64 * 4);
}

/* The sharpest form: the task that wants the lock lies in this thread's own queue, right below the
 * work it waits for. */

static void want(void *ctx)
{
    pthread_mutex_t *lock = ctx;
    if (!take(lock)) return;
    atomic_fetch_add(&held_runs, 1);
    pthread_mutex_unlock(lock);
}

static void slow(void *ctx)
{
    (void)ctx;
    for (int i = 0; i < 20; i++)
        sched_yield();
}

static void own_queue_scope(void *ctx)
{
    pthread_mutex_t *lock = ctx;
    PAR_SCOPE (outer) {
        for (int i = 0; i < 8; i++)
            par_spawn(&outer, want, lock);
        if (take(lock)) {
            PAR_SCOPE (inner) {
                for (int i = 0; i < 3; i++)
                    par_spawn(&inner, slow, NULL);
            }
            pthread_mutex_unlock(lock);
        }
    }
}

static void lock_and_join(void *ctx)
{
    if (!take(ctx)) return;
    par_join(slow, NULL, slow, NULL);
    pthread_mutex_unlock(ctx);
}

static void own_queue_join(void *ctx)
{
    pthread_mutex_t *lock = ctx;
    PAR_SCOPE (outer) {
        for (int i = 0; i < 4; i++)
            par_spawn(&outer, want, lock);
        par_join(lock_and_join, lock, want, lock);
        if (take(lock)) {
            par_join(slow, NULL, slow, NULL);
            pthread_mutex_unlock(lock);
        }
    }
}

/* Tasks of three scopes lie in the queue in mixed order. The lock is taken only after the last
 * spawn of a task that wants it, as par_spawn may run the task in place. */
static void own_queue_nested_join(void *ctx)
{
    pthread_mutex_t *lock = ctx;
    PAR_SCOPE (a) {
        par_spawn(&a, want, lock);
        PAR_SCOPE (b) {
            par_spawn(&b, want, lock);
            PAR_SCOPE (c) {
                par_spawn(&c, want, lock);
                par_spawn(&a, want, lock);
                par_spawn(&b, want, lock);
                if (take(lock)) {
                    PAR_SCOPE (d) {
                        par_spawn(&d, slow, NULL);
                        par_spawn(&d, work, NULL);
                        par_join(slow, NULL, work, NULL);
                    }
                    pthread_mutex_unlock(lock);
                }
            }
        }
    }
}

static void run_own_queue(par_task_fn *shape, unsigned wants)
{
    for (size_t i = 0; i < N_POOL_SIZES; i++) {
        par_pool_t *pool = pool_new(pool_sizes[i]);
        size_t rounds = scaled(400);
        pthread_mutex_t *lock = &locks[0];
        held_runs = 0;
        for (size_t r = 0; r < rounds; r++)
            par_pool_run(pool, shape, lock);
        par_pool_destroy(pool);
        assert_int_equal(self_locks, 0);
        assert_int_equal(held_runs, rounds * wants);
    }
}

static void test_own_queue_below_a_scope(void **state)
{
    (void)state;
    run_own_queue(own_queue_scope, 8);
}

static void test_own_queue_below_a_join(void **state)
{
    (void)state;
    run_own_queue(own_queue_join, 5);
}

static void test_own_queue_below_four_scopes(void **state)
{
    (void)state;
    run_own_queue(own_queue_nested_join, 5);
}

/* What is stolen may hold work of a stranger on top of what it forked for us: the task that we wait
 * for spawns into a scope that is not ours. */

typedef struct layers_t {
    par_scope_t *outer;
    pthread_mutex_t *lock;
} layers_t;

static void spawn_stranger(void *ctx)
{
    layers_t *l = ctx;
    for (int i = 0; i < 4; i++)
        par_spawn(l->outer, want, l->lock);
    slow(NULL);
    par_join(slow, NULL, work, NULL);
}

static void wait_beside_strangers(void *ctx)
{
    pthread_mutex_t *lock = ctx;
    PAR_SCOPE (outer) {
        layers_t l = {&outer, lock};
        PAR_SCOPE (mine) {
            for (int i = 0; i < 3; i++)
                par_spawn(&mine, spawn_stranger, &l);
        }
        if (take(lock)) {
            PAR_SCOPE (d) {
                for (int i = 0; i < 3; i++)
                    par_spawn(&d, slow, NULL);
            }
            par_join(work, NULL, slow, NULL);
            pthread_mutex_unlock(lock);
        }
    }
}

static void test_stolen_task_spawns_for_strangers(void **state)
{
    (void)state;
    run_own_queue(wait_beside_strangers, 12);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, reset, clean)
    const struct CMUnitTest tests[] = {
        TEST(test_tasks_of_one_scope),          TEST(test_strangers_from_outside),
        TEST(test_own_queue_below_a_scope),     TEST(test_own_queue_below_a_join),
        TEST(test_own_queue_below_four_scopes), TEST(test_stolen_task_spawns_for_strangers),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("locks", tests, NULL, NULL);
}
