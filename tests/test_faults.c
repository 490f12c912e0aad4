/* test_faults.c - every allocation, mapping, thread and binding fails in turn, and then all of them
 * from the k-th on. A parallel call completes with the right answer whatever fails; creating a
 * pool gives a status and leaves nothing behind. */
#define _GNU_SOURCE
#include "fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <par/for.h>
#include <par/reduce.h>
#include <par/scope.h>
#include <par/stats.h>
#include <par/topology.h>

#include "failures.h"
#include "pools.h"
#include "scale.h"
#include "thread_count.h"

static int reset(void **state)
{
    (void)state;
    failures = 0;
    watchdog(200);
    return 0;
}

/* The calls under test */

static void count(void *ctx)
{
    atomic_fetch_add((atomic_uint *)ctx, 1);
}

typedef struct copied_t {
    atomic_uint *runs;
    char filler[300];
} copied_t;

static void count_copied(void *ctx)
{
    copied_t *c = ctx;
    expect(c->filler[299] == 7 && c->filler[0] == 0);
    c->filler[0] = 1; /* its own copy: nobody else sees it */
    count(c->runs);
}

static void join_call(void *ctx)
{
    (void)ctx;
    expect(fib_is_right(11));
}

static void scope_call(void *ctx)
{
    atomic_uint runs = 0;
    (void)ctx;
    PAR_SCOPE (s) {
        for (int i = 0; i < 80; i++)
            par_spawn(&s, count, &runs);
    }
    expect(runs == 80);
}

static void copy_call(void *ctx)
{
    atomic_uint runs = 0;
    copied_t c = {&runs, {0}};
    (void)ctx;
    c.filler[299] = 7;
    PAR_SCOPE (s) {
        for (int i = 0; i < 8; i++)
            par_spawn_copy(&s, count_copied, &c, sizeof(c));
    }
    expect(runs == 8 && c.filler[0] == 0);
}

/* Without memory for the copy the task gets arg itself: 32 MB fit on no stack. */
static void big_task(void *ctx)
{
    unsigned char *bytes = ctx;
    expect(bytes[0] == 1 && bytes[(32 << 20) - 1] == 2);
}

static void big_copy_call(void)
{
    static unsigned char big[32 << 20];
    big[0] = 1;
    big[sizeof(big) - 1] = 2;
    PAR_SCOPE (s)
        par_spawn_copy(&s, big_task, big, sizeof(big));
}

static void test_big_copy(void **state)
{
    (void)state;
    big_copy_call();
    for (unsigned k = 1; k <= 4; k++) {
        fault_arm(FAULT_MALLOC, k, UINT_MAX);
        big_copy_call();
        fault_disarm();
    }
    no_failures();
}

/* An accumulator that lies on no stack. */
typedef struct sums_t {
    uint64_t sum;
    char filler[1000];
} sums_t;

static void fold_sums(void *acc, size_t begin, size_t end, void *ctx)
{
    (void)ctx;
    for (; begin < end; begin++)
        ((sums_t *)acc)->sum += begin;
}

static void combine_sums(void *left, const void *right, void *ctx)
{
    (void)ctx;
    ((sums_t *)left)->sum += ((const sums_t *)right)->sum;
}

static void count_index(size_t i, void *ctx)
{
    (void)i;
    count(ctx);
}

static void loop_call(void *ctx)
{
    sums_t sums = {0};
    atomic_uint runs = 0;
    (void)ctx;
    par_reduce(0, 3000, &sums, sizeof sums, fold_sums, combine_sums, NULL, NULL);
    par_for(0, 200, count_index, &runs);
    expect(sums.sum == 2999 * 3000 / 2 && runs == 200);
}

static void all_calls(void *ctx)
{
    loop_call(ctx);
    join_call(ctx);
    scope_call(ctx);
    copy_call(ctx);
    par_join(scope_call, ctx, copy_call, ctx);
    expect(par_num_workers() >= 1);
    expect(par_worker_index() < par_num_workers());
}

/* A round lets calls k .. k + n - 1 of these kinds fail and returns how many did. */
typedef unsigned fault_round_fn(unsigned kinds, unsigned k, unsigned n);

static unsigned points_survived; /* of all tests */

/* Every k up to 40, then in steps of 5 %, where the calls are all alike: spawns. */
static void fail_each(unsigned kinds, fault_round_fn *round)
{
    static const unsigned lengths[] = {1, 2, UINT_MAX};
    unsigned points = 0;
    for (size_t i = 0; i < 3; i++) {
        unsigned failed = 1;
        for (unsigned k = 1; failed; k += k < 40 ? 1 : k / (TEST_TSAN || TEST_ASAN ? 8 : 20)) {
            failed = round(kinds, k, lengths[i]);
            points += failed > 0;
            if (failures) fail_msg("wrong with call %u of kinds 0x%x failing", k, kinds);
        }
    }
    points_survived += points;
}

static void fail_each_kind(fault_round_fn *round)
{
    for (unsigned kind = 1; kind < FAULT_ALL; kind *= 2)
        fail_each(kind, round);
    fail_each(FAULT_ALL, round);
}

/* The default pool is started, used and stopped. */
static unsigned default_pool_round(unsigned kinds, unsigned k, unsigned n)
{
    expect(par_shutdown() == PAR_OK);
    fault_arm(kinds, k, n);
    all_calls(NULL);
    par_status_t status = par_shutdown();
    all_calls(NULL);
    expect(par_shutdown() == PAR_OK && status == PAR_OK);
    fault_report_t report = fault_disarm();
    all_calls(NULL);
    return report.failed;
}

static void test_default_pool(void **state)
{
    (void)state;
    fail_each_kind(default_pool_round);
}

/* A new guest of a pool, on a thread of its own */

static par_pool_t *guest_pool;
static unsigned guest_kinds, guest_k, guest_n;

/* Armed here, as the failures are for the guest and not for the pthread_create of the test. */
static void *guest_main(void *arg)
{
    fault_report_t *report = arg;
    fault_arm(guest_kinds, guest_k, guest_n);
    par_pool_run(guest_pool, all_calls, NULL);
    *report = fault_disarm();
    par_pool_run(guest_pool, all_calls, NULL);
    return NULL;
}

/* While the caller is a guest of the pool: the new one needs a record of its own. */
static void second_guest(void *report)
{
    pthread_t thread;
    expect(pthread_create(&thread, NULL, guest_main, report) == 0);
    pthread_join(thread, NULL);
}

static unsigned guest_round(unsigned kinds, unsigned k, unsigned n)
{
    fault_report_t report = {0, 0};
    guest_pool = pool_new(1);
    guest_kinds = kinds;
    guest_k = k;
    guest_n = n;
    par_pool_run(guest_pool, second_guest, &report);
    par_pool_destroy(guest_pool);
    return report.failed;
}

static void test_guests(void **state)
{
    (void)state;
    fail_each_kind(guest_round);
}

/* Creating a pool */

static unsigned entries_of(const char *path)
{
    unsigned n = 0;
    DIR *dir = opendir(path);
    while (dir && readdir(dir))
        n++;
    if (dir) closedir(dir);
    return n;
}

static par_pool_options_t create_options;

static unsigned create_round(unsigned kinds, unsigned k, unsigned n)
{
    unsigned threads = threads_alive(), files = entries_of("/proc/self/fd");
    par_pool_t *pool = (par_pool_t *)&threads;
    fault_arm(kinds, k, n);
    par_status_t status = par_pool_create(&pool, &create_options);
    fault_report_t report = fault_disarm();
    if (status == PAR_OK) {
        expect(pool != NULL && pool != (par_pool_t *)&threads);
        expect(par_pool_num_workers(pool) <= create_options.threads);
        par_pool_run(pool, all_calls, NULL);
        par_pool_destroy(pool);
    } else {
        expect(pool == NULL);
        expect(report.failed > 0);
        expect(status == PAR_ENOMEM || status == PAR_EAGAIN || status == PAR_ETOPOLOGY ||
               (status == PAR_EBIND && create_options.bind_strict));
    }
    expect(threads_settle_at(threads));
    expect(entries_of("/proc/self/fd") == files);
    return report.failed;
}

static void test_create(void **state)
{
    (void)state;
    static const unsigned sizes[] = {1, 2, 5};
    for (size_t i = TEST_TSAN || TEST_ASAN ? 2 : 0; i < 3; i++)
        for (int strict = 0; strict < (i == 2 ? 2 : 1); strict++) {
            create_options = (par_pool_options_t)PAR_POOL_OPTIONS_INIT;
            create_options.threads = sizes[i];
            create_options.bind_strict = strict;
            create_options.stack_bytes = i == 1 ? 1 << 20 : 0;
            fail_each_kind(create_round);
        }
}

/* Looking at the machine: an answer or a status, and nothing is kept. */
static unsigned topology_round(unsigned kinds, unsigned k, unsigned n)
{
    par_topology_info_t info = PAR_TOPOLOGY_INFO_INIT;
    FILE *file = tmpfile();
    fault_arm(kinds, k, n);
    par_status_t status = par_topology_query(&info);
    if (file != NULL) par_topology_print(file);
    fault_report_t report = fault_disarm();
    if (file != NULL) fclose(file);
    expect(status == PAR_OK
               ? info.workers >= 1 && info.usable_pus >= 1
               : report.failed > 0 && (status == PAR_ENOMEM || status == PAR_ETOPOLOGY));
    return report.failed;
}

static void test_topology(void **state)
{
    (void)state;
    fail_each_kind(topology_round);
}

/* A pool that gets some of its threads is a success; one that gets none is not. */
static void test_thread_failures(void **state)
{
    (void)state;
    for (unsigned k = 1; k <= 7; k++) {
        par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
        par_pool_t *pool = NULL;
        options.threads = 8;
        options.bind = PAR_BIND_NONE;
        fault_arm(FAULT_PTHREAD_CREATE, k, UINT_MAX);
        par_status_t status = par_pool_create(&pool, &options);
        fault_report_t report = fault_disarm();
        assert_true(report.failed > 0);
        assert_int_equal(status, k == 1 ? PAR_EAGAIN : PAR_OK);
        if (k == 1) {
            assert_null(pool);
            continue;
        }
        assert_int_equal(par_pool_num_workers(pool), k);
        par_pool_run(pool, all_calls, NULL);
        par_pool_destroy(pool);
    }
    no_failures();
}

static void test_strict_binding_fails(void **state)
{
    (void)state;
    par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
    par_pool_t *pool = NULL;
    options.threads = 2;
    options.bind = PAR_BIND_CORES;
    fault_arm(FAULT_SCHED_SETAFFINITY, 1, UINT_MAX);
    par_status_t lenient = par_pool_create(&pool, &options);
    unsigned refused = fault_disarm().failed;
    assert_int_equal(lenient, PAR_OK);
    par_pool_run(pool, all_calls, NULL);
    par_pool_destroy(pool);
    if (refused == 0) skip(); /* one core: nothing is bound */
    options.bind_strict = 1;
    fault_arm(FAULT_SCHED_SETAFFINITY, 1, UINT_MAX);
    par_status_t strict = par_pool_create(&pool, &options);
    fault_disarm();
    assert_int_equal(strict, PAR_EBIND);
    assert_null(pool);
    no_failures();
}

/* Destroying, and printing counters, cannot fail. */
static void test_destroy(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers < 5; workers++) {
        par_pool_t *pool = pool_new(workers);
        par_stats_t stats;
        par_pool_run(pool, all_calls, NULL);
        fault_arm(FAULT_ALL, 1, UINT_MAX);
        par_status_t status = par_stats_total(pool, &stats);
        par_pool_destroy(pool);
        fault_disarm();
        assert_int_equal(status, PAR_OK);
    }
    no_failures();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(test_default_pool),
        TEST(test_guests),
        TEST(test_big_copy),
        TEST(test_create),
        TEST(test_thread_failures),
        TEST(test_destroy),
        TEST(test_strict_binding_fails),
        TEST(test_topology),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    int failed = cmocka_run_group_tests_name("faults", tests, NULL, NULL);
    printf("fault points survived: %u\n", points_survived);
    return failed;
}
