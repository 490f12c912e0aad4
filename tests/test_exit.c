/* test_exit.c - a process may end at any moment: each mode below is a program of its own, run as
 * a child many times, that has to end with the right code and without a hang. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <par/scope.h>

#include "child.h"
#include "pools.h"
#include "scale.h"

enum { WANTED_CODE = 42 };

static void exit_task(void *ctx)
{
    (void)ctx;
    exit(WANTED_CODE);
}

static void busy_task(void *ctx)
{
    (void)ctx;
    for (int i = 0; i < 100; i++)
        if (!fib_is_right(10)) abort();
}

static atomic_int busy_threads;

static void *busy_main(void *arg)
{
    (void)arg;
    atomic_fetch_add(&busy_threads, 1);
    for (;;) {
        PAR_SCOPE (s) {
            for (int i = 0; i < 20; i++)
                par_spawn(&s, busy_task, NULL);
        }
    }
    return NULL;
}

static void start_busy_threads(int n)
{
    pthread_t thread;
    for (int i = 0; i < n; i++) {
        if (pthread_create(&thread, NULL, busy_main, NULL) != 0) abort();
        pthread_detach(thread);
    }
    while (busy_threads < n)
        usleep(100);
}

static void use_at_exit(void)
{
    if (!fib_is_right(12)) _exit(1);
}

static void scope_at_exit(void)
{
    PAR_SCOPE (s) {
        for (int i = 0; i < 10; i++)
            par_spawn(&s, busy_task, NULL);
    }
}

static int destructor_uses_par;

__attribute__((destructor)) static void destroy_with_par(void)
{
    if (!destructor_uses_par) return;
    if (!fib_is_right(12)) _exit(2);
    scope_at_exit();
}

/* The modes */

static int exit_in_join_a(void)
{
    par_join(exit_task, NULL, busy_task, NULL);
    return 1;
}

static int exit_in_join_b(void)
{
    par_join(busy_task, NULL, exit_task, NULL);
    return 1;
}

static int exit_in_scope_task(void)
{
    PAR_SCOPE (s) {
        for (int i = 0; i < 20; i++)
            par_spawn(&s, i == 10 ? exit_task : busy_task, NULL);
    }
    return 1;
}

static void exit_in_this_pool(void *ctx)
{
    (void)ctx;
    exit_in_scope_task();
}

static int exit_in_pool(void)
{
    par_pool_run(pool_new(4), exit_in_this_pool, NULL);
    return 1;
}

static int return_while_busy(void)
{
    start_busy_threads(4);
    return WANTED_CODE;
}

static int return_at_once(void)
{
    busy_task(NULL);
    return WANTED_CODE;
}

static int return_with_pool_alive(void)
{
    par_pool_t *pool = pool_new(5);
    par_pool_run(pool, busy_task, NULL);
    return WANTED_CODE;
}

static int use_in_atexit_registered_first(void)
{
    atexit(use_at_exit);
    atexit(scope_at_exit);
    return return_at_once();
}

static int use_in_atexit_registered_last(void)
{
    busy_task(NULL);
    return use_in_atexit_registered_first();
}

static int first_use_in_atexit(void)
{
    atexit(use_at_exit);
    return WANTED_CODE;
}

static int use_in_destructor(void)
{
    destructor_uses_par = 1;
    return return_at_once();
}

static int first_use_in_destructor(void)
{
    destructor_uses_par = 1;
    return WANTED_CODE;
}

static int atexit_while_busy(void)
{
    destructor_uses_par = 1;
    atexit(scope_at_exit);
    start_busy_threads(3);
    return WANTED_CODE;
}

static void *late_exit_main(void *arg)
{
    usleep(20000);
    exit(*(int *)arg);
}

/* The main thread ends first, while workers go on. */
static int pthread_exit_in_main(void)
{
    static int code = WANTED_CODE;
    pthread_t thread;
    busy_task(NULL);
    if (pthread_create(&thread, NULL, late_exit_main, &code) != 0) return 1;
    pthread_exit(NULL);
}

static int shutdown_then_exit(void)
{
    busy_task(NULL);
    if (par_shutdown() != PAR_OK) return 1;
    atexit(use_at_exit);
    return WANTED_CODE;
}

static int quick(void)
{
    start_busy_threads(2);
    quick_exit(WANTED_CODE);
}

typedef struct exit_mode_t {
    const char *name;
    int (*run)(void);
} exit_mode_t;

#define MODE(name)                                                                                 \
    {                                                                                              \
#        name, name                                                                                \
    }
static const exit_mode_t modes[] = {
    MODE(exit_in_join_a),
    MODE(exit_in_join_b),
    MODE(exit_in_scope_task),
    MODE(exit_in_pool),
    MODE(return_while_busy),
    MODE(return_at_once),
    MODE(return_with_pool_alive),
    MODE(use_in_atexit_registered_first),
    MODE(use_in_atexit_registered_last),
    MODE(first_use_in_atexit),
    MODE(use_in_destructor),
    MODE(first_use_in_destructor),
    MODE(atexit_while_busy),
    MODE(pthread_exit_in_main),
    MODE(shutdown_then_exit),
    MODE(quick),
};
#define N_MODES (sizeof(modes) / sizeof(modes[0]))

static void test_mode(void **state)
{
    const exit_mode_t *mode = *state;
    watchdog(250);
    for (size_t i = 0; i < scaled(40); i++) {
        child_t child;
        static const char *const env[] = {"TSAN_OPTIONS=report_thread_leaks=0", NULL};
        assert_int_equal(child_exec(&child, mode->name, TEST_TSAN ? env : NULL), 0);
        child_wait(&child, 30);
        if (!child_exited(&child, WANTED_CODE)) fail_msg("mode %s, run %zu", mode->name, i);
        if (child.text[0]) fail_msg("mode %s printed: %s", mode->name, child.text);
    }
}

int main(int argc, char **argv)
{
    static exit_mode_t states[N_MODES];
    struct CMUnitTest tests[N_MODES];
    for (size_t i = 0; i < N_MODES; i++) {
        if (argc > 1 && strcmp(argv[1], modes[i].name) == 0) return modes[i].run();
        states[i] = modes[i];
        tests[i] = (struct CMUnitTest){modes[i].name, test_mode, NULL, NULL, &states[i]};
    }
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("exit", tests, NULL, NULL);
}
