/* test_thread.c - scoped threads: what they run, hand over and leave behind, and every refusal. */
#define _GNU_SOURCE
#include <par/join.h>
#include <par/pool.h>
#include <par/thread.h>

#include "fault.h"
#include "misuse.h"

#include <dirent.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { MANY = 20 }; /* more than a scope holds without allocation */

static void sleep_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

/* Threads of this process. */
static int count_threads(void)
{
    int n = 0;
    DIR *tasks = opendir("/proc/self/task");
    for (struct dirent *entry; tasks != NULL && (entry = readdir(tasks)) != NULL;)
        n += entry->d_name[0] != '.';
    if (tasks != NULL) closedir(tasks);
    return n;
}

/* A joined thread leaves the kernel's list a moment after its join. */
static void assert_no_more_threads_than(int n)
{
    for (int tries = 0; tries < 2000 && count_threads() > n; tries++)
        sleep_ms(1);
    assert_true(count_threads() <= n);
}

static int add_one(void *ctx)
{
    __atomic_add_fetch((int *)ctx, 1, __ATOMIC_RELAXED);
    return 0;
}

static int square(void *ctx)
{
    long *number = ctx;
    *number *= *number;
    return 0;
}

static int return_number(void *ctx)
{
    return *(int *)ctx;
}

/* ---- running and joining ---- */

static void end_waits_for_all_and_shows_what_they_wrote(void **state)
{
    (void)state;
    for (int n = 0; n <= MANY; n++) {
        long numbers[MANY];
        par_thread_scope_t scope;
        assert_int_equal(par_thread_scope_begin(&scope), PAR_OK);
        for (int i = 0; i < n; i++) {
            numbers[i] = i;
            assert_int_equal(par_thread_spawn(&scope, NULL, square, &numbers[i], NULL), PAR_OK);
        }
        int failure = -1;
        assert_int_equal(par_thread_scope_end(&scope, &failure), PAR_OK);
        assert_int_equal(failure, 0);
        for (int i = 0; i < n; i++)
            assert_int_equal(numbers[i], i * i);
    }
}

static void join_hands_over_each_result(void **state)
{
    (void)state;
    par_thread_scope_t scope;
    par_thread_t *threads[MANY];
    int numbers[MANY];
    par_thread_scope_begin(&scope);
    for (int i = 0; i < MANY; i++) {
        numbers[i] = i - MANY / 2;
        assert_int_equal(par_thread_spawn(&scope, &threads[i], return_number, &numbers[i], NULL),
                         PAR_OK);
        assert_non_null(threads[i]);
    }
    for (int i = MANY; i-- > 0;) {
        int result = INT_MAX;
        assert_int_equal(par_thread_join(threads[i], i == 3 ? NULL : &result), PAR_OK);
        assert_int_equal(result, i == 3 ? INT_MAX : numbers[i]);
    }
    int failure = -1;
    assert_int_equal(par_thread_scope_end(&scope, &failure), PAR_OK);
    assert_int_equal(failure, 0); /* all were joined by hand */
}

struct turn {
    int *now;
    int mine;
    int result;
};

/* Ends after the threads with a lower turn. */
static int wait_for_turn(void *ctx)
{
    struct turn *turn = ctx;
    while (__atomic_load_n(turn->now, __ATOMIC_ACQUIRE) != turn->mine)
        sched_yield();
    __atomic_add_fetch(turn->now, 1, __ATOMIC_ACQ_REL);
    return turn->result;
}

static void end_reports_the_first_failure_by_spawn_order(void **state)
{
    (void)state;
    int now = 0;
    /* They end in the opposite order; the second is joined by hand. */
    struct turn turns[] = {{&now, 4, 0}, {&now, 3, 11}, {&now, 2, 22}, {&now, 1, 33}, {&now, 0, 0}};
    par_thread_t *threads[5];
    par_thread_scope_t scope;
    par_thread_scope_begin(&scope);
    for (int i = 0; i < 5; i++)
        assert_int_equal(par_thread_spawn(&scope, &threads[i], wait_for_turn, &turns[i], NULL),
                         PAR_OK);
    int result = 0;
    par_thread_join(threads[1], &result);
    int failure = 0;
    assert_int_equal(par_thread_scope_end(&scope, &failure), PAR_OK);
    assert_int_equal(result, 11);
    assert_int_equal(failure, 22);
}

static void a_scope_can_be_opened_again(void **state)
{
    (void)state;
    par_thread_scope_t scope;
    int n = 0;
    for (int round = 0; round < 50; round++) {
        assert_int_equal(par_thread_scope_begin(&scope), PAR_OK);
        assert_int_equal(par_thread_spawn(&scope, NULL, add_one, &n, NULL), PAR_OK);
        assert_int_equal(par_thread_scope_end(&scope, NULL), PAR_OK);
        assert_int_equal(n, round + 1);
    }
}

/* ---- the block form ---- */

static int leave_by_return(int *n)
{
    PAR_THREAD_SCOPE (s) {
        par_thread_spawn(&s, NULL, add_one, n, NULL);
        return 7;
    }
    return 0;
}

static void block_waits_whatever_way_it_is_left(void **state)
{
    int n = 0;
    PAR_THREAD_SCOPE (s) {
        par_thread_spawn(&s, NULL, add_one, &n, NULL);
    }
    assert_int_equal(n, 1);
    PAR_THREAD_SCOPE (s) {
        par_thread_spawn(&s, NULL, add_one, &n, NULL);
        if (*state == NULL) break;
        fail();
    }
    assert_int_equal(n, 2);
    PAR_THREAD_SCOPE (s) {
        par_thread_spawn(&s, NULL, add_one, &n, NULL);
        goto out;
    }
out:
    assert_int_equal(n, 3);
    assert_int_equal(leave_by_return(&n), 7);
    assert_int_equal(n, 4);
}

static void block_may_be_ended_by_hand(void **state)
{
    (void)state;
    int number = 5, failure = 0;
    PAR_THREAD_SCOPE (s) {
        par_thread_spawn(&s, NULL, return_number, &number, NULL);
        assert_int_equal(par_thread_scope_end(&s, &failure), PAR_OK);
    }
    assert_int_equal(failure, 5);
}

static int open_own_scope(void *ctx)
{
    PAR_THREAD_SCOPE (inner) {
        for (int i = 0; i < 3; i++)
            if (par_thread_spawn(&inner, NULL, add_one, ctx, NULL) != PAR_OK) return 1;
    }
    return 0;
}

static void scopes_nest_and_run_in_many_threads_at_once(void **state)
{
    (void)state;
    int n = 0, failure = -1;
    PAR_THREAD_SCOPE (outer) {
        for (int i = 0; i < 16; i++)
            assert_int_equal(par_thread_spawn(&outer, NULL, open_own_scope, &n, NULL), PAR_OK);
        par_thread_scope_end(&outer, &failure);
    }
    assert_int_equal(failure, 0);
    assert_int_equal(n, 48);
}

struct fib {
    int n;
    long result;
};

static void fib(void *ctx)
{
    struct fib *f = ctx;
    if (f->n < 2) {
        f->result = f->n;
        return;
    }
    struct fib a = {f->n - 1, 0}, b = {f->n - 2, 0};
    par_join(fib, &a, fib, &b);
    f->result = a.result + b.result;
}

static int run_fib(void *ctx)
{
    fib(ctx);
    return 0;
}

static void threads_make_parallel_calls(void **state)
{
    (void)state;
    struct fib fibs[16];
    PAR_THREAD_SCOPE (s) {
        for (int i = 0; i < 16; i++) {
            fibs[i] = (struct fib){15, 0};
            assert_int_equal(par_thread_spawn(&s, NULL, run_fib, &fibs[i], NULL), PAR_OK);
        }
    }
    for (int i = 0; i < 16; i++)
        assert_int_equal(fibs[i].result, 610);
    assert_int_equal(par_shutdown(), PAR_OK); /* other tests count threads, and fork */
}

/* ---- options ---- */

static int read_name(void *ctx)
{
    return pthread_getname_np(pthread_self(), ctx, 16);
}

static void thread_has_its_name_cut_to_15_bytes(void **state)
{
    (void)state;
    const char *const names[][2] = {{"reader", "reader"},
                                    {"a-name-of-22-characters", "a-name-of-22-ch"},
                                    {"", NULL},
                                    {NULL, NULL}};
    char mine[16];
    pthread_getname_np(pthread_self(), mine, sizeof mine);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char name[16] = "?";
        par_thread_options_t options = PAR_THREAD_OPTIONS_INIT;
        options.name = names[i][0];
        PAR_THREAD_SCOPE (s)
            assert_int_equal(par_thread_spawn(&s, NULL, read_name, name, &options), PAR_OK);
        assert_string_equal(name, names[i][1] != NULL ? names[i][1] : mine);
    }
}

static int read_cpus(void *ctx)
{
    return sched_getaffinity(0, sizeof(cpu_set_t), ctx);
}

static void thread_runs_on_the_given_cpus_only(void **state)
{
    (void)state;
    cpu_set_t mine;
    assert_int_equal(sched_getaffinity(0, sizeof mine, &mine), 0);
    unsigned cpus[2];
    size_t n = 0;
    for (unsigned i = 0; i < CPU_SETSIZE && n < 2; i++)
        if (CPU_ISSET(i, &mine)) cpus[n++] = i;
    for (par_thread_options_t options = PAR_THREAD_OPTIONS_INIT; options.n_cpus <= n;
         options.n_cpus++) {
        cpu_set_t got;
        options.cpus = cpus;
        options.bind_strict = 1;
        PAR_THREAD_SCOPE (s)
            assert_int_equal(par_thread_spawn(&s, NULL, read_cpus, &got, &options), PAR_OK);
        if (options.n_cpus == 0) {
            assert_true(CPU_EQUAL(&got, &mine));
            continue;
        }
        assert_int_equal(CPU_COUNT(&got), options.n_cpus);
        for (size_t i = 0; i < options.n_cpus; i++)
            assert_true(CPU_ISSET(cpus[i], &got));
    }
}

static void cpus_that_do_not_exist_are_refused_if_strict(void **state)
{
    (void)state;
    const unsigned absent[] = {65535, UINT_MAX};
    int before = count_threads();
    for (size_t i = 0; i < 2; i++) {
        int n = 0;
        par_thread_options_t options = PAR_THREAD_OPTIONS_INIT;
        options.cpus = &absent[i];
        options.n_cpus = 1;
        options.bind_strict = 1;
        PAR_THREAD_SCOPE (s) {
            par_thread_t *thread = (par_thread_t *)&n;
            assert_int_equal(par_thread_spawn(&s, &thread, add_one, &n, &options), PAR_EBIND);
            assert_null(thread);
            assert_int_equal(n, 0);
            options.bind_strict = 0;
            assert_int_equal(par_thread_spawn(&s, &thread, add_one, &n, &options), PAR_OK);
            assert_non_null(thread);
        }
        assert_int_equal(n, 1);
    }
    assert_no_more_threads_than(before);
}

static int read_stack_bytes(void *ctx)
{
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return 1;
    int error = pthread_attr_getstacksize(&attributes, ctx);
    pthread_attr_destroy(&attributes);
    return error;
}

static void stack_is_as_large_as_asked_for(void **state)
{
    (void)state;
    const size_t sizes[] = {1, 256 << 10, 3 << 20};
    for (size_t i = 0; i < 3; i++) {
        size_t got = 0;
        int failure = -1;
        par_thread_options_t options = PAR_THREAD_OPTIONS_INIT;
        options.stack_bytes = sizes[i];
        PAR_THREAD_SCOPE (s) {
            assert_int_equal(par_thread_spawn(&s, NULL, read_stack_bytes, &got, &options), PAR_OK);
            par_thread_scope_end(&s, &failure);
        }
        assert_int_equal(failure, 0);
        assert_true(got >= sizes[i]);
    }
}

static void stack_that_no_machine_has_is_refused(void **state)
{
    (void)state;
    int n = 0;
    par_thread_options_t options = PAR_THREAD_OPTIONS_INIT;
    options.stack_bytes = SIZE_MAX / 8 * 7;
    PAR_THREAD_SCOPE (s)
        assert_int_equal(par_thread_spawn(&s, NULL, add_one, &n, &options), PAR_EAGAIN);
    assert_int_equal(n, 0);
}

static void bad_options_are_refused(void **state)
{
    (void)state;
    int n = 0;
    PAR_THREAD_SCOPE (s) {
        par_thread_options_t options = PAR_THREAD_OPTIONS_INIT;
        options.struct_size = 0;
        assert_int_equal(par_thread_spawn(&s, NULL, add_one, &n, &options), PAR_EINVAL);
        options.struct_size = sizeof options - 1;
        assert_int_equal(par_thread_spawn(&s, NULL, add_one, &n, &options), PAR_EINVAL);
        options.struct_size = sizeof options + 64; /* of a later version */
        assert_int_equal(par_thread_spawn(&s, NULL, add_one, &n, &options), PAR_OK);
        options.n_cpus = 1;
        assert_int_equal(par_thread_spawn(&s, NULL, add_one, &n, &options), PAR_EINVAL);
    }
    assert_int_equal(n, 1);
}

static int read_signal_mask(void *ctx)
{
    return pthread_sigmask(SIG_SETMASK, NULL, ctx);
}

static void thread_inherits_the_signal_mask(void **state)
{
    (void)state;
    sigset_t usr1, before, got;
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &usr1, &before);
    PAR_THREAD_SCOPE (s)
        assert_int_equal(par_thread_spawn(&s, NULL, read_signal_mask, &got, NULL), PAR_OK);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    assert_int_equal(sigismember(&got, SIGUSR1), 1);
    assert_int_equal(sigismember(&got, SIGUSR2), sigismember(&before, SIGUSR2));
}

/* ---- refusals ---- */

/* Spawns MANY threads, joins every third by hand; returns how many were refused, all with status. */
static int spawn_many(par_status_t status, int *n_ran)
{
    int n_refused = 0;
    PAR_THREAD_SCOPE (s) {
        for (int i = 0; i < MANY; i++) {
            par_thread_t *thread = NULL;
            par_status_t got = par_thread_spawn(&s, &thread, add_one, n_ran, NULL);
            n_refused += got != PAR_OK;
            assert_true(got == PAR_OK || got == status);
            assert_true((got == PAR_OK) == (thread != NULL));
            if (thread != NULL && i % 3 == 0)
                assert_int_equal(par_thread_join(thread, NULL), PAR_OK);
        }
    }
    return n_refused;
}

/* Fails each call of the kind in turn, then all from each on; returns how many calls there are. */
static unsigned fail_in_turn(unsigned kind, par_status_t status)
{
    int before = count_threads();
    unsigned n_calls = 0;
    for (unsigned n_failures = 1; n_failures != 0; n_failures = n_failures == 1 ? UINT_MAX : 0) {
        n_calls = 0;
        for (unsigned k = 1, hit = 1; hit; k++) {
            int n_ran = 0;
            fault_arm(kind, k, n_failures);
            int n_refused = spawn_many(status, &n_ran);
            hit = fault_disarm().failed;
            assert_int_equal(n_refused, hit);
            assert_int_equal(n_ran, MANY - n_refused);
            n_calls += hit != 0;
        }
    }
    assert_no_more_threads_than(before);
    return n_calls;
}

static void each_refused_thread_is_reported(void **state)
{
    (void)state;
    assert_int_equal(fail_in_turn(FAULT_PTHREAD_CREATE, PAR_EAGAIN), MANY);
}

static void each_failed_allocation_is_reported(void **state)
{
    (void)state;
    unsigned n_calls = fail_in_turn(FAULT_MEMORY, PAR_ENOMEM);
    assert_true(n_calls > 0 && n_calls < MANY); /* the first threads need none */
}

static void each_refused_binding_is_reported_if_strict(void **state)
{
    (void)state;
    cpu_set_t mine;
    assert_int_equal(sched_getaffinity(0, sizeof mine, &mine), 0);
    unsigned cpu = 0;
    while (!CPU_ISSET(cpu, &mine))
        cpu++;
    int before = count_threads();
    for (int strict = 0; strict <= 1; strict++) {
        int n_ran = 0, n_refused = 0;
        par_thread_options_t options = PAR_THREAD_OPTIONS_INIT;
        options.cpus = &cpu;
        options.n_cpus = 1;
        options.bind_strict = strict;
        fault_arm(FAULT_SCHED_SETAFFINITY, MANY / 2, MANY);
        PAR_THREAD_SCOPE (s) {
            for (int i = 0; i < MANY; i++) {
                par_status_t status = par_thread_spawn(&s, NULL, add_one, &n_ran, &options);
                assert_int_equal(status, strict && i >= MANY / 2 - 1 ? PAR_EBIND : PAR_OK);
                n_refused += status != PAR_OK;
            }
        }
        assert_int_equal(fault_disarm().calls, MANY);
        assert_int_equal(n_ran, MANY - n_refused);
    }
    assert_no_more_threads_than(before);
}

/* ---- misuse: stops a debug build, is refused by a release build ---- */

static void spawn_before_begin(void *ctx)
{
    par_thread_scope_t scope;
    memset(&scope, 0, sizeof scope);
    assert_int_equal(par_thread_spawn(&scope, NULL, add_one, ctx, NULL), PAR_EINVAL);
}

static void spawn_after_end(void *ctx)
{
    par_thread_scope_t scope;
    par_thread_scope_begin(&scope);
    par_thread_scope_end(&scope, NULL);
    par_thread_t *thread = ctx;
    assert_int_equal(par_thread_spawn(&scope, &thread, add_one, ctx, NULL), PAR_EINVAL);
    assert_null(thread);
}

static void spawn_nothing(void *ctx)
{
    PAR_THREAD_SCOPE (s)
        assert_int_equal(par_thread_spawn(&s, NULL, NULL, ctx, NULL), PAR_EINVAL);
}

static void spawn_into_nothing(void *ctx)
{
    assert_int_equal(par_thread_spawn(NULL, NULL, add_one, ctx, NULL), PAR_EINVAL);
}

static void begin_nothing(void *ctx)
{
    (void)ctx;
    assert_int_equal(par_thread_scope_begin(NULL), PAR_EINVAL);
}

static void end_nothing(void *ctx)
{
    (void)ctx;
    assert_int_equal(par_thread_scope_end(NULL, NULL), PAR_EINVAL);
}

static void join_nothing(void *ctx)
{
    (void)ctx;
    assert_int_equal(par_thread_join(NULL, NULL), PAR_EINVAL);
}

static void end_twice(void *ctx)
{
    (void)ctx;
    par_thread_scope_t scope;
    int failure = 77;
    par_thread_scope_begin(&scope);
    par_thread_scope_end(&scope, NULL);
    assert_int_equal(par_thread_scope_end(&scope, &failure), PAR_EINVAL);
    assert_int_equal(failure, 77);
}

static void join_twice(void *ctx)
{
    int number = 3, result = 0;
    (void)ctx;
    PAR_THREAD_SCOPE (s) {
        par_thread_t *thread;
        par_thread_spawn(&s, &thread, return_number, &number, NULL);
        assert_int_equal(par_thread_join(thread, &result), PAR_OK);
        result = 77;
        assert_int_equal(par_thread_join(thread, &result), PAR_EINVAL);
    }
    assert_int_equal(result, 77);
}

static void join_after_end(void *ctx)
{
    int n = 0;
    (void)ctx;
    par_thread_scope_t scope;
    par_thread_t *thread;
    par_thread_scope_begin(&scope);
    par_thread_spawn(&scope, &thread, add_one, &n, NULL);
    par_thread_scope_end(&scope, NULL);
    assert_int_equal(par_thread_join(thread, NULL), PAR_EINVAL);
}

static int call_end(void *ctx)
{
    return par_thread_scope_end(ctx, NULL);
}

static int call_spawn(void *ctx)
{
    int n = 0;
    return par_thread_spawn(ctx, NULL, add_one, &n, NULL);
}

struct to_join {
    par_thread_t *thread;
};

static int call_join(void *ctx)
{
    return par_thread_join(((struct to_join *)ctx)->thread, NULL);
}

static int run_in_thread(par_thread_fn *fn, void *ctx)
{
    int result = PAR_OK;
    PAR_THREAD_SCOPE (s) {
        par_thread_t *thread;
        assert_int_equal(par_thread_spawn(&s, &thread, fn, ctx, NULL), PAR_OK);
        par_thread_join(thread, &result);
    }
    return result;
}

static void end_by_another_thread(void *ctx)
{
    (void)ctx;
    PAR_THREAD_SCOPE (s)
        assert_int_equal(run_in_thread(call_end, &s), PAR_EINVAL);
}

static void spawn_by_another_thread(void *ctx)
{
    (void)ctx;
    PAR_THREAD_SCOPE (s)
        assert_int_equal(run_in_thread(call_spawn, &s), PAR_EINVAL);
}

static void join_by_another_thread(void *ctx)
{
    PAR_THREAD_SCOPE (s) {
        struct to_join other;
        assert_int_equal(par_thread_spawn(&s, &other.thread, add_one, ctx, NULL), PAR_OK);
        assert_int_equal(run_in_thread(call_join, &other), PAR_EINVAL);
    }
}

static void misuse_is_seen(void **state)
{
    (void)state;
    static const struct {
        misuse_fn *misuse;
        const char *sentence;
    } cases[] = {
        {spawn_before_begin, "spawn between par_thread_scope_begin and _end"},
        {spawn_after_end, "spawn between par_thread_scope_begin and _end"},
        {spawn_nothing, "fn is NULL"},
        {spawn_into_nothing, "scope is NULL"},
        {begin_nothing, "scope is NULL"},
        {end_nothing, "scope is NULL"},
        {join_nothing, "thread is NULL"},
        {end_twice, "end a scope once"},
        {join_twice, "join each thread once"},
        {join_after_end, "join before the end"},
        {end_by_another_thread, "end it in the thread that began it"},
        {spawn_by_another_thread, "open one of your own"},
        {join_by_another_thread, "join where it was spawned"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int n = 0;
        char said[2000] = "";
        if (!misuse_is_checked())
            cases[i].misuse(&n);
        else if (!misuse_stops(cases[i].misuse, &n, cases[i].sentence, said, sizeof said))
            fail_msg("case %zu: no stop with \"%s\", but: %s", i, cases[i].sentence, said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(end_waits_for_all_and_shows_what_they_wrote),
        cmocka_unit_test(join_hands_over_each_result),
        cmocka_unit_test(end_reports_the_first_failure_by_spawn_order),
        cmocka_unit_test(a_scope_can_be_opened_again),
        cmocka_unit_test(block_waits_whatever_way_it_is_left),
        cmocka_unit_test(block_may_be_ended_by_hand),
        cmocka_unit_test(scopes_nest_and_run_in_many_threads_at_once),
        cmocka_unit_test(threads_make_parallel_calls),
        cmocka_unit_test(thread_has_its_name_cut_to_15_bytes),
        cmocka_unit_test(thread_runs_on_the_given_cpus_only),
        cmocka_unit_test(cpus_that_do_not_exist_are_refused_if_strict),
        cmocka_unit_test(stack_is_as_large_as_asked_for),
        cmocka_unit_test(stack_that_no_machine_has_is_refused),
        cmocka_unit_test(bad_options_are_refused),
        cmocka_unit_test(thread_inherits_the_signal_mask),
        cmocka_unit_test(each_refused_thread_is_reported),
        cmocka_unit_test(each_failed_allocation_is_reported),
        cmocka_unit_test(each_refused_binding_is_reported_if_strict),
        cmocka_unit_test(misuse_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
