/* test_memory.c - memory stays bounded: a million spawns, thousands of guest threads, pools that
 * come and go. Peaks and sizes come from /proc/self/status; limits are generous. Each case runs in
 * a process of its own, as a peak never goes down. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <par/scope.h>

#include "child.h"
#include "pools.h"
#include "scale.h"

static size_t status_kib(const char *field)
{
    char line[256];
    size_t kib = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof(line), file))
        if (strncmp(line, field, strlen(field)) == 0) sscanf(line + strlen(field), ": %zu", &kib);
    if (file) fclose(file);
    return kib;
}

/* 0 when field grew by at most limit_kib since `before`. The sanitizers' own memory is not ours. */
static int check_growth(const char *field, size_t before, size_t limit_kib)
{
    size_t after = status_kib(field);
    fprintf(stderr, "%s: %zu KiB before, %zu KiB after, at most %zu more\n", field, before, after,
            limit_kib);
    return (TEST_TSAN || TEST_ASAN || after <= before + limit_kib) ? 0 : 1;
}

static atomic_size_t runs;

static void count(void *ctx)
{
    (void)ctx;
    atomic_fetch_add_explicit(&runs, 1, memory_order_relaxed);
}

/* 64 bytes a task would be 64 MB. */
static int flat_spawns(void *arg)
{
    size_t n = scaled(1000000), before;
    (void)arg;
    fib_is_right(10);
    before = status_kib("VmHWM");
    PAR_SCOPE (s) {
        for (size_t i = 0; i < n; i++)
            par_spawn(&s, count, NULL);
    }
    return runs == n ? check_growth("VmHWM", before, 200 << 10) : 2;
}

/* Many such scopes in turn: what the first one needed is used again. */
static int repeated_spawns(void *arg)
{
    size_t n = scaled(20000), before = 0;
    (void)arg;
    for (int round = 0; round < 100; round++) {
        char payload[200] = {0};
        runs = 0;
        PAR_SCOPE (s) {
            for (size_t i = 0; i < n; i++) {
                par_spawn(&s, count, NULL);
                par_spawn_copy(&s, count, payload, sizeof(payload));
            }
        }
        if (runs != 2 * n) return 2;
        if (round == 9) before = status_kib("VmHWM");
    }
    return check_growth("VmHWM", before, 40 << 10);
}

static void *guest_main(void *arg)
{
    (void)arg;
    PAR_SCOPE (s) {
        for (int i = 0; i < 8; i++)
            par_spawn(&s, count, NULL);
    }
    if (!fib_is_right(8)) abort();
    pthread_exit(NULL);
}

static void guests(size_t n)
{
    pthread_t threads[16];
    for (size_t i = 0; i < n; i += 16) {
        for (size_t k = 0; k < 16; k++)
            if (pthread_create(&threads[k], NULL, guest_main, NULL) != 0) abort();
        for (size_t k = 0; k < 16; k++)
            pthread_join(threads[k], NULL);
    }
}

/* A record of a guest holds a fork stack and a queue, so that 3000 lost ones show. */
static int guest_threads(void *arg)
{
    (void)arg;
    guests(160);
    size_t before = status_kib("VmRSS"), size = status_kib("VmSize");
    guests(scaled(3200));
    return check_growth("VmRSS", before, 6 << 10) + check_growth("VmSize", size, 64 << 10);
}

/* One guest is alive at any time: its record can always serve the next. */
static int guests_one_by_one(void *arg)
{
    pthread_t thread;
    size_t before = 0;
    (void)arg;
    for (size_t i = 0; i < scaled(3000) + 100; i++) {
        if (pthread_create(&thread, NULL, guest_main, NULL) != 0) return 3;
        pthread_join(thread, NULL);
        if (i == 99) before = status_kib("VmRSS");
    }
    return check_growth("VmRSS", before, 4 << 10);
}

static void use_pool(void *ctx)
{
    (void)ctx;
    if (!fib_is_right(8)) abort();
}

/* Guests of pools that do not live long */
static int pools_come_and_go(void *arg)
{
    size_t before = 0, size = 0;
    (void)arg;
    for (size_t i = 0; i < scaled(1000) + 50; i++) {
        par_pool_t *pool = pool_new(4);
        par_pool_run(pool, use_pool, NULL);
        par_pool_destroy(pool);
        if (i == 49) {
            before = status_kib("VmRSS");
            size = status_kib("VmSize");
        }
    }
    return check_growth("VmRSS", before, 6 << 10) + check_growth("VmSize", size, 64 << 10);
}

static void in_child(child_fn *body)
{
    child_t child;
    assert_int_equal(child_fork(&child, body, NULL), 0);
    child_wait(&child, 120);
    assert_true(child_exited(&child, 0));
}

static void test_flat_spawns(void **state)
{
    (void)state;
    in_child(flat_spawns);
}

static void test_repeated_spawns(void **state)
{
    (void)state;
    in_child(repeated_spawns);
}

static void test_guest_threads(void **state)
{
    (void)state;
    in_child(guest_threads);
}

static void test_guests_one_by_one(void **state)
{
    (void)state;
    in_child(guests_one_by_one);
}

static void test_pools_come_and_go(void **state)
{
    (void)state;
    in_child(pools_come_and_go);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flat_spawns),       cmocka_unit_test(test_repeated_spawns),
        cmocka_unit_test(test_guest_threads),     cmocka_unit_test(test_guests_one_by_one),
        cmocka_unit_test(test_pools_come_and_go),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
