/* test_endings.c - pools end in every situation that a program can bring about: each many times, and
 * afterwards no thread of the pool is left. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <unistd.h>

#include <par/scope.h>

#include "failures.h"
#include "pools.h"
#include "scale.h"
#include "thread_count.h"

static void work(void *ctx)
{
    (void)ctx;
    expect(fib_is_right(7));
}

/* ---- the situations: what happens in one turn ---- */

typedef void situation_fn(size_t turn);

static void end_at_once(size_t turn)
{
    par_pool_destroy(pool_new(1 + (unsigned)(turn % 4)));
}

static void end_after_work(size_t turn)
{
    par_pool_t *pool = pool_new(1 + (unsigned)(turn % 4));
    par_pool_run(pool, work, NULL);
    par_pool_destroy(pool);
}

/* The threads do not spin: they sleep, or are about to. */
static void end_asleep(size_t turn)
{
    par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
    par_pool_t *pool;
    options.threads = 3;
    options.bind = PAR_BIND_NONE;
    options.spin_ns = 0;
    expect(par_pool_create(&pool, &options) == PAR_OK);
    if (turn % 2 == 0) par_pool_run(pool, work, NULL);
    if (turn % 16 == 0) usleep(200);
    par_pool_destroy(pool);
}

static void two_pools(size_t turn)
{
    par_pool_t *a = pool_new(2), *b = pool_new(3);
    par_pool_run(a, work, NULL);
    par_pool_run(b, work, NULL);
    par_pool_destroy(turn % 2 == 0 ? a : b);
    par_pool_run(turn % 2 == 0 ? b : a, work, NULL);
    par_pool_destroy(turn % 2 == 0 ? b : a);
}

static void other_pool_inside(void *ctx)
{
    par_pool_run(ctx, work, NULL);
    par_pool_destroy(ctx);
}

static void inside_another_pool(size_t turn)
{
    par_pool_t *outer = pool_new(2), *inner = pool_new(1 + (unsigned)(turn % 3));
    par_pool_run(outer, other_pool_inside, inner);
    par_pool_destroy(outer);
}

static void default_after_work(size_t turn)
{
    if (turn % 4 != 3) work(NULL);
    expect(par_shutdown() == PAR_OK);
}

static void *destroy_main(void *arg)
{
    par_pool_destroy(arg);
    return NULL;
}

static void by_another_thread(size_t turn)
{
    pthread_t thread;
    par_pool_t *pool = pool_new(2);
    if (turn % 2 == 0) par_pool_run(pool, work, NULL);
    expect(pthread_create(&thread, NULL, destroy_main, pool) == 0);
    pthread_join(thread, NULL);
}

static void *use_main(void *arg)
{
    par_pool_run(arg, work, NULL);
    return NULL;
}

/* The pool knows guests that are gone. */
static void after_its_guests(size_t turn)
{
    pthread_t threads[2];
    par_pool_t *pool = pool_new(2);
    (void)turn;
    for (int i = 0; i < 2; i++)
        expect(pthread_create(&threads[i], NULL, use_main, i == 0 ? pool : NULL) == 0);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    par_pool_destroy(pool);
}

static void *exit_main(void *arg)
{
    par_pool_run(arg, work, NULL);
    work(NULL);
    pthread_exit(NULL);
}

static void a_guest_calls_pthread_exit(size_t turn)
{
    pthread_t thread;
    par_pool_t *pool = turn % 2 == 0 ? pool_new(2) : NULL;
    expect(pthread_create(&thread, NULL, exit_main, pool) == 0);
    pthread_join(thread, NULL);
    par_pool_destroy(pool);
    if (turn % 4 == 1) expect(par_shutdown() == PAR_OK);
}

static void from_inside(void *ctx)
{
    (void)ctx;
    expect(par_shutdown() == PAR_EBUSY);
}

/* Refused from inside, and done after it. */
static void refused_inside(size_t turn)
{
    (void)turn;
    par_join(from_inside, NULL, work, NULL);
    PAR_SCOPE (s)
        par_spawn(&s, from_inside, NULL);
    expect(par_shutdown() == PAR_OK);
}

static void *call_main(void *arg)
{
    (void)arg;
    work(NULL);
    return NULL;
}

static void beside_a_call(size_t turn)
{
    pthread_t thread;
    expect(pthread_create(&thread, NULL, call_main, NULL) == 0);
    if (turn % 2 == 0) work(NULL);
    expect(par_shutdown() == PAR_OK);
    pthread_join(thread, NULL);
    expect(par_shutdown() == PAR_OK);
}

/* ---- all of them ---- */

static situation_fn *const situations[] = {
    end_at_once,       end_after_work,      end_asleep,
    two_pools,         inside_another_pool, default_after_work,
    by_another_thread, after_its_guests,    a_guest_calls_pthread_exit,
    refused_inside,    beside_a_call,
};
static const char *const names[] = {
    "end_at_once",       "end_after_work",      "end_asleep",
    "two_pools",         "inside_another_pool", "default_after_work",
    "by_another_thread", "after_its_guests",    "a_guest_calls_pthread_exit",
    "refused_inside",    "beside_a_call",
};
#define N_SITUATIONS (sizeof(situations) / sizeof(situations[0]))

static unsigned long n_endings;

static void test_situation(void **state)
{
    situation_fn *situation = *(situation_fn *const *)*state;
    /* A sanitizer may start a thread of its own with the first one. */
    par_pool_destroy(pool_new(2));
    expect(par_shutdown() == PAR_OK);
    unsigned before = threads_alive();
    for (size_t i = 0; i < scaled(60); i++) {
        watchdog(60);
        situation(i);
        n_endings++;
    }
    watchdog(0);
    expect(par_shutdown() == PAR_OK);
    /* Fewer than before: one was on its way out when they were counted first. */
    assert_true(threads_settle_at(before));
    no_failures();
}

int main(void)
{
    struct CMUnitTest tests[N_SITUATIONS];
    for (size_t i = 0; i < N_SITUATIONS; i++)
        tests[i] = (struct CMUnitTest){names[i], test_situation, NULL, NULL,
                                       (void *)(uintptr_t)&situations[i]};
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    int failed = cmocka_run_group_tests_name("endings", tests, NULL, NULL);
    printf("endings: %zu situations, %lu in all\n", N_SITUATIONS, n_endings);
    return failed;
}
