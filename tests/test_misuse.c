/* test_misuse.c - wrong calls. A debug build stops with a sentence on stderr: "par: FILE:LINE:
 * FUNCTION: what to do". A release build does not check, except where it is free. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>

#include <par/join_n.h>
#include <par/scope.h>
#include <par/stats.h>
#include <par/task.h>

#include "check.h"
#include "child.h"
#include "pools.h"
#include "scale.h"

__attribute__((visibility("default"))) const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "die_after_fork=0";
}

static void nothing(void *ctx)
{
    (void)ctx;
}

/* Each returns only when the misuse was not noticed. Hidden from the compiler, which would warn. */

static par_task_fn *volatile no_fn;
static par_scope_t *volatile no_scope;

static void spawn_null_fn(void)
{
    PAR_SCOPE (s)
        par_spawn(&s, no_fn, NULL);
}

static void spawn_copy_null_fn(void)
{
    int arg = 0;
    PAR_SCOPE (s)
        par_spawn_copy(&s, no_fn, &arg, sizeof(arg));
}

static void spawn_copy_null_arg(void)
{
    PAR_SCOPE (s)
        par_spawn_copy(&s, nothing, no_scope, 8);
}

static void spawn_null_scope(void)
{
    par_spawn(no_scope, nothing, NULL);
}

static void begin_null(void)
{
    par_scope_begin(no_scope);
}

static void end_null(void)
{
    par_scope_end(no_scope);
}

static void end_twice(void)
{
    par_scope_t scope;
    par_scope_begin(&scope);
    par_spawn(&scope, nothing, NULL);
    par_scope_end(&scope);
    par_scope_end(&scope);
}

static void end_never_begun(void)
{
    par_scope_t scope;
    memset(&scope, 0, sizeof(scope));
    par_scope_end(&scope);
}

static void *end_here(void *scope)
{
    par_scope_end(scope);
    return NULL;
}

static void end_from_another_thread(void)
{
    pthread_t thread;
    par_scope_t scope;
    par_scope_begin(&scope);
    if (pthread_create(&thread, NULL, end_here, &scope) == 0) pthread_join(thread, NULL);
}

static void spawn_after_the_end(void)
{
    par_scope_t scope;
    par_scope_begin(&scope);
    par_scope_end(&scope);
    par_spawn(&scope, nothing, NULL);
}

static void join_call_null_a(void)
{
    par_join_call(no_fn, NULL, nothing, NULL);
}

static void join_call_null_b(void)
{
    par_join_call(nothing, NULL, no_fn, NULL);
}

static void join_n_call_null(void)
{
    const par_branch_t branches[] = {{nothing, NULL}, {nothing, NULL}, {no_fn, NULL}};
    par_join_n_call(branches, 3);
}

static void join_n_call_no_branches(void)
{
    par_join_n_call(NULL, 2);
}

static void run_null_fn(void)
{
    par_pool_t *pool = pool_new(2);
    par_pool_run(pool, no_fn, NULL);
}

static void destroy_task(void *pool)
{
    par_pool_destroy(pool);
}

static void destroy_from_inside(void)
{
    par_pool_t *pool = pool_new(2);
    par_pool_run(pool, destroy_task, pool);
}

static void destroy_in_scope(void *pool)
{
    PAR_SCOPE (s)
        par_spawn(&s, destroy_task, pool);
}

static void destroy_from_a_task(void)
{
    par_pool_t *pool = pool_new(3);
    par_pool_run(pool, destroy_in_scope, pool);
}

/* Of 1: returns with a fork that is not synced. Of 2: notices that a task which it calls did so. */
PAR_TASK(long, forgets, (int, n))
{
    long x, y;
    if (n == 0) return 0;
    PAR_FORK(y, forgets, 0);
    if (n == 1) return 1;
    x = PAR_CALL(forgets, 1);
    PAR_SYNC(y, forgets);
    return x + y;
}

static void sync_forgotten_below(void)
{
    forgets(2);
}

static void forget(void *ctx)
{
    (void)ctx;
    forgets(1);
}

static void sync_forgotten_in_a_job(void)
{
    PAR_SCOPE (s)
        par_spawn(&s, forget, NULL);
}

PAR_TASK(long, syncs_nothing, (int, n))
{
    long x = n;
    PAR_SYNC(x, forgets);
    return x;
}

static void sync_without_a_fork(void)
{
    syncs_nothing(1);
}

typedef struct misuse_t {
    const char *name;
    void (*run)(void);
    const char *function; /* or macro, named in the message */
} misuse_t;

static const misuse_t misuses[] = {
    {"spawn_null_fn", spawn_null_fn, "par_spawn"},
    {"spawn_copy_null_fn", spawn_copy_null_fn, "par_spawn_copy"},
    {"spawn_copy_null_arg", spawn_copy_null_arg, "par_spawn_copy"},
    {"spawn_null_scope", spawn_null_scope, "par_spawn"},
    {"spawn_after_the_end", spawn_after_the_end, "par_spawn"},
    {"begin_null", begin_null, "par_scope_begin"},
    {"end_null", end_null, "par_scope_end"},
    {"end_twice", end_twice, "par_scope_end"},
    {"end_never_begun", end_never_begun, "par_scope_end"},
    {"end_from_another_thread", end_from_another_thread, "par_scope_end"},
    {"join_call_null_a", join_call_null_a, "par_join_call"},
    {"join_call_null_b", join_call_null_b, "par_join_call"},
    {"join_n_call_null", join_n_call_null, "par_join_n_call"},
    {"join_n_call_no_branches", join_n_call_no_branches, "par_join_n_call"},
    {"sync_forgotten_below", sync_forgotten_below, "PAR_SYNC"},
    {"sync_forgotten_in_a_job", sync_forgotten_in_a_job, "PAR_SYNC"},
    {"sync_without_a_fork", sync_without_a_fork, "PAR_SYNC"},
    {"run_null_fn", run_null_fn, "par_pool_run"},
    {"destroy_from_inside", destroy_from_inside, "par_pool_destroy"},
    {"destroy_from_a_task", destroy_from_a_task, "par_pool_destroy"},
};
#define N_MISUSES (sizeof(misuses) / sizeof(misuses[0]))

static int run_misuse(void *arg)
{
    const misuse_t *misuse = arg;
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    misuse->run();
    return 0;
}

static void test_stops(void **state)
{
    misuse_t *misuse = *state;
    child_t child;
    if (PAR_CHECKS == 0) skip();
    watchdog(60);
    assert_int_equal(child_fork(&child, run_misuse, misuse), 0);
    child_wait(&child, 30);
    if (child.timed_out || !WIFSIGNALED(child.status) || WTERMSIG(child.status) != SIGABRT)
        fail_msg("%s: status 0x%x instead of SIGABRT; printed: %s", misuse->name,
                 (unsigned)child.status, child.text);
    if (strncmp(child.text, "par: ", 5) != 0 || !strstr(child.text, misuse->function))
        fail_msg("%s: no sentence about %s: %s", misuse->name, misuse->function, child.text);
}

/* Release builds leave the pool alone. */
static void test_destroy_from_inside_is_refused(void **state)
{
    (void)state;
    if (PAR_CHECKS != 0) skip();
    par_pool_t *pool = pool_new(3);
    par_pool_run(pool, destroy_task, pool);
    par_pool_run(pool, destroy_in_scope, pool);
    assert_int_equal(par_pool_num_workers(pool), 3);
    par_pool_run(pool, destroy_in_scope, NULL); /* NULL is allowed everywhere */
    par_pool_destroy(pool);
}

int main(void)
{
    struct CMUnitTest tests[N_MISUSES + 1];
    for (size_t i = 0; i < N_MISUSES; i++) {
        static misuse_t states[N_MISUSES];
        states[i] = misuses[i];
        tests[i] = (struct CMUnitTest){misuses[i].name, test_stops, NULL, NULL, &states[i]};
    }
    tests[N_MISUSES] = (struct CMUnitTest)cmocka_unit_test(test_destroy_from_inside_is_refused);
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("misuse", tests, NULL, NULL);
}
