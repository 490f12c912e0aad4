/* test_disturbed.c - work while somebody disturbs it: signals at 10 kHz to every thread, wake-ups for no
 * reason, the affinity mask that shrinks and grows, a worker that hardly ever gets to run. The results are
 * right, and every call returns. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <par/for.h>
#include <par/scope.h>

#include "failures.h"
#include "pool.h"
#include "pools.h"
#include "scale.h"

static int reset(void **state)
{
    (void)state;
    failures = 0;
    watchdog(150);
    return 0;
}

/* ---- the work ---- */

static void count(void *ctx)
{
    atomic_fetch_add((atomic_uint *)ctx, 1);
}

static void count_index(size_t i, void *ctx)
{
    (void)i;
    count(ctx);
}

static void work(void *ctx)
{
    atomic_uint runs = 0;
    (void)ctx;
    expect(fib_is_right(13));
    PAR_SCOPE (s) {
        for (int i = 0; i < 50; i++)
            par_spawn(&s, count, &runs);
    }
    par_for(0, 500, count_index, &runs);
    expect(runs == 550);
}

static void nap(void)
{
    struct timespec some = {0, 100 * 1000};
    nanosleep(&some, NULL);
}

/* With naps in between, so that the threads of the pool go to sleep and are woken again. */
static void work_for(par_pool_t *pool, unsigned ms)
{
    int64_t end = par__os_now_ns() + (int64_t)ms * 1000000;
    unsigned n = 0;
    do {
        par_pool_run(pool, work, NULL);
        if (n++ % 4 == 0) nap();
    } while (par__os_now_ns() < end);
}

/* ---- somebody who disturbs ---- */

typedef struct trouble_t {
    pthread_t thread;
    void (*make)(struct trouble_t *trouble);
    par_pool_t *pool;
    atomic_bool is_over;
    unsigned long n; /* how often it disturbed */
} trouble_t;

static void *trouble_main(void *arg)
{
    trouble_t *t = arg;
    while (!atomic_load(&t->is_over))
        t->make(t);
    return NULL;
}

static void work_in_trouble(par_pool_t *pool, void (*make)(trouble_t *trouble), unsigned ms)
{
    trouble_t trouble = {.make = make, .pool = pool};
    assert_int_equal(pthread_create(&trouble.thread, NULL, trouble_main, &trouble), 0);
    work_for(pool, ms);
    atomic_store(&trouble.is_over, true);
    pthread_join(trouble.thread, NULL);
    assert_true(trouble.n > 0);
    no_failures();
    print_message("disturbed %lu times\n", trouble.n);
}

/* Calls f with the number of every other thread of this process. */
static void for_each_thread(void (*f)(pid_t thread, trouble_t *trouble), trouble_t *trouble)
{
    DIR *dir = opendir("/proc/self/task");
    pid_t self = (pid_t)syscall(SYS_gettid);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        pid_t thread = atoi(entry->d_name);
        if (thread > 0 && thread != self) f(thread, trouble);
    }
    if (dir) closedir(dir);
}

/* ---- signals ---- */

static atomic_ulong n_handled;

static void handle(int number)
{
    (void)number;
    atomic_fetch_add(&n_handled, 1);
}

/* The threads of a pool block all signals; here they do not. */
static void unblock(unsigned index, void *ctx)
{
    sigset_t set;
    (void)index, (void)ctx;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static void send_signal(pid_t thread, trouble_t *trouble)
{
    syscall(SYS_tgkill, getpid(), thread, SIGUSR1);
    trouble->n++;
}

static void storm(trouble_t *trouble)
{
    for_each_thread(send_signal, trouble);
    nap();
}

static par_pool_t *pool_with(unsigned threads, par_worker_hook_fn *on_start)
{
    par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
    par_pool_t *pool = NULL;
    options.threads = threads;
    options.bind = PAR_BIND_NONE;
    options.on_start = on_start;
    options.spin_ns = 2000;
    assert_int_equal(par_pool_create(&pool, &options), PAR_OK);
    return pool;
}

static void test_signals(void **state)
{
    struct sigaction action = {.sa_handler = handle}, old;
    (void)state;
    sigaction(SIGUSR1, &action, &old); /* without SA_RESTART */
    par_pool_t *pool = pool_with(4, unblock);
    work_in_trouble(pool, storm, (unsigned)scaled(2000));
    par_pool_destroy(pool);
    sigaction(SIGUSR1, &old, NULL);
    assert_true(n_handled > 0);
}

/* ---- wake-ups for no reason ---- */

static void wake_parker(par__worker_t *worker, trouble_t *trouble)
{
    if (worker == NULL) return;
    if (trouble->n++ % 2 == 0)
        syscall(SYS_futex, &worker->parker.word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    else
        par__parker_unpark(&worker->parker); /* a token that was meant for something else */
}

static void wake_all(trouble_t *trouble)
{
    par_pool_t *pool = trouble->pool;
    for (uint32_t i = 1; i <= atomic_load(&pool->n_own); i++)
        wake_parker(par__pool_worker(pool, i), trouble);
    for (uint32_t i = 0; i < atomic_load(&pool->n_guests); i++)
        wake_parker(par__pool_worker(pool, PAR__MAX_THREADS + i), trouble);
}

static void test_wakes_without_reason(void **state)
{
    (void)state;
    par_pool_t *pool = pool_with(4, NULL);
    work_in_trouble(pool, wake_all, (unsigned)scaled(1500));
    par_pool_destroy(pool);
}

/* ---- the mask ---- */

static cpu_set_t whole_mask;

/* Of the CPUs of the whole mask: all, every other one, the first one. */
static bool mask_keeps(unsigned long turn, unsigned nth)
{
    return turn % 3 == 0 || (turn % 3 == 1 ? nth % 2 == 1 : nth == 0);
}

static void set_mask(pid_t thread, trouble_t *trouble)
{
    cpu_set_t mask;
    unsigned nth = 0;
    CPU_ZERO(&mask);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &whole_mask) && mask_keeps(trouble->n, nth++)) CPU_SET(cpu, &mask);
    sched_setaffinity(thread, sizeof mask, CPU_COUNT(&mask) > 0 ? &mask : &whole_mask);
}

static void change_masks(trouble_t *trouble)
{
    for_each_thread(set_mask, trouble);
    trouble->n++;
    nap();
    if (trouble->n % 32 == 0) { /* pools that start under a mask as it is just now */
        par_pool_t *pool = pool_new(3);
        par_pool_run(pool, work, NULL);
        par_pool_destroy(pool);
    }
}

static void test_mask_changes(void **state)
{
    (void)state;
    assert_int_equal(sched_getaffinity(0, sizeof whole_mask, &whole_mask), 0);
    par_pool_t *pool = pool_with(3, NULL);
    work_in_trouble(pool, change_masks, (unsigned)scaled(1500));
    par_pool_destroy(pool);
    assert_int_equal(sched_setaffinity(0, sizeof whole_mask, &whole_mask), 0);
}

/* ---- a worker that hardly runs ---- */

static void starve(unsigned index, void *ctx)
{
    struct sched_param parameter = {0};
    (void)ctx;
    if (index != 1) return;
    sched_setscheduler(0, SCHED_IDLE, &parameter);
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 19);
}

static void burn(trouble_t *trouble)
{
    for (volatile unsigned i = 0; i < 100000; i++)
        continue;
    trouble->n++;
}

/* Others take all the time that there is, so what that one has taken is late. */
static void test_starved_worker(void **state)
{
    trouble_t burners[4];
    unsigned n = par__os_n_pus() < 4 ? par__os_n_pus() : 4;
    (void)state;
    for (unsigned i = 0; i < n; i++) {
        burners[i] = (trouble_t){.make = burn};
        assert_int_equal(pthread_create(&burners[i].thread, NULL, trouble_main, &burners[i]), 0);
    }
    par_pool_t *pool = pool_with(3, starve);
    work_in_trouble(pool, burn, (unsigned)scaled(1500));
    par_pool_destroy(pool);
    for (unsigned i = 0; i < n; i++) {
        atomic_store(&burners[i].is_over, true);
        pthread_join(burners[i].thread, NULL);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(test_signals),
        TEST(test_wakes_without_reason),
        TEST(test_mask_changes),
        TEST(test_starved_worker),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("disturbed", tests, NULL, NULL);
}
