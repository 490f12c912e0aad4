/* test_scope.c - scopes: every task exactly once, with its argument or a copy of it. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include <par/scope.h>

#include "pools.h"
#include "scale.h"
#include "scope_runs.h"

/* Flat */

static void flat(void *ctx)
{
    size_t n = *(size_t *)ctx;
    clear_runs();
    PAR_SCOPE (s) {
        for (size_t i = 0; i < n; i++)
            par_spawn(&s, run_at, &runs[i]);
    }
    expect_runs(n);
}

static void test_flat(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 3, 7, 100, 1000, 5000, N_COUNTERS};
    for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
        size_t n = sizes[k];
        in_each_pool(flat, &n);
        flat(&n);
    }
    no_failures();
}

static void test_empty_and_reused(void **state)
{
    (void)state;
    par_scope_t scope;
    for (size_t i = 0; i < scaled(100000); i++) {
        par_scope_begin(&scope);
        par_scope_end(&scope);
    }
    for (size_t i = 0; i < scaled(20000); i++) {
        par_scope_begin(&scope);
        par_spawn(&scope, run_at, &runs[i % N_COUNTERS]);
        par_scope_end(&scope);
        assert_int_equal(runs[i % N_COUNTERS], 1);
        runs[i % N_COUNTERS] = 0;
    }
}

/* Spawning from tasks: a binary tree into one scope; task i spawns 2i + 1 and 2i + 2 */

static par_scope_t *tree_scope;
static size_t tree_size;

static void tree_task(void *ctx)
{
    size_t i = (size_t)((atomic_uchar *)ctx - runs);
    run_at(ctx);
    for (size_t child = 2 * i + 1; child <= 2 * i + 2; child++)
        if (child < tree_size) par_spawn(tree_scope, tree_task, &runs[child]);
}

static void tree(void *ctx)
{
    (void)ctx;
    for (size_t round = 0; round < scaled(10); round++) {
        par_scope_t scope;
        clear_runs();
        tree_scope = &scope;
        tree_size = 20000;
        par_scope_begin(&scope);
        par_spawn(&scope, tree_task, &runs[0]);
        par_scope_end(&scope);
        expect_runs(tree_size);
    }
}

static void test_spawn_from_tasks(void **state)
{
    (void)state;
    in_each_pool(tree, NULL);
    tree(NULL);
    no_failures();
}

/* Copies */

typedef struct header_t {
    size_t bytes;
    size_t number;
} header_t;

static void check_copy(void *ctx)
{
    header_t h;
    unsigned char *data = ctx;
    memcpy(&h, data, sizeof(h));
    expect((uintptr_t)ctx % _Alignof(max_align_t) == 0);
    for (size_t i = sizeof(h); i < h.bytes; i++)
        expect(data[i] == (unsigned char)(i * 7 + h.number));
    memset(data, 0xEE, h.bytes); /* the copy is the task's own */
    atomic_fetch_add(&runs[h.number], 1);
}

/* The argument is overwritten at once after the spawn. */
static void spawn_copies(void *ctx)
{
    unsigned char arg[5000];
    size_t number = 0;
    (void)ctx;
    clear_runs();
    PAR_SCOPE (s) {
        for (size_t bytes = sizeof(header_t); bytes <= sizeof(arg); bytes += 1 + bytes / 40) {
            for (int twice = 0; twice < 2; twice++, number++) {
                header_t h = {bytes, number};
                memcpy(arg, &h, sizeof(h));
                for (size_t i = sizeof(h); i < bytes; i++)
                    arg[i] = (unsigned char)(i * 7 + number);
                par_spawn_copy(&s, check_copy, arg, bytes);
                memset(arg, 0xAA, sizeof(arg));
            }
        }
    }
    expect_runs(number);
}

static void test_spawn_copy(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(10); i++)
        in_each_pool(spawn_copies, NULL);
    spawn_copies(NULL);
    no_failures();
}

static atomic_uint null_args, small_sum;

static void expect_null(void *ctx)
{
    if (ctx == NULL) atomic_fetch_add(&null_args, 1);
}

static void add_byte(void *ctx)
{
    atomic_fetch_add(&small_sum, *(unsigned char *)ctx);
}

static void test_spawn_copy_tiny(void **state)
{
    (void)state;
    null_args = small_sum = 0;
    PAR_SCOPE (s) {
        for (int i = 0; i < 100; i++) {
            unsigned char one = 1;
            par_spawn_copy(&s, expect_null, NULL, 0);
            par_spawn_copy(&s, add_byte, &one, 1);
            one = 200;
        }
        par_spawn(&s, expect_null, NULL);
    }
    assert_int_equal(null_args, 101);
    assert_int_equal(small_sum, 100);
}

/* Borrowed stack data and what is seen after the end: all accesses are plain, so that
 * ThreadSanitizer checks the order. */

typedef struct square_t {
    const size_t *in;
    size_t *out;
} square_t;

static void square(void *ctx)
{
    square_t *q = ctx;
    *q->out = *q->in * *q->in;
}

static void borrow(void *ctx)
{
    size_t in[64], out[64];
    square_t tasks[64];
    (void)ctx;
    for (size_t round = 0; round < scaled(300); round++) {
        PAR_SCOPE (s) {
            for (size_t i = 0; i < 64; i++) {
                in[i] = i + round;
                tasks[i] = (square_t){&in[i], &out[i]};
                par_spawn(&s, square, &tasks[i]);
            }
        }
        for (size_t i = 0; i < 64; i++)
            expect(out[i] == (i + round) * (i + round));
    }
}

static void test_borrowed_stack_data(void **state)
{
    (void)state;
    in_each_pool(borrow, NULL);
    borrow(NULL);
    no_failures();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(test_flat),       TEST(test_empty_and_reused), TEST(test_spawn_from_tasks),
        TEST(test_spawn_copy), TEST(test_spawn_copy_tiny),  TEST(test_borrowed_stack_data),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("scope", tests, NULL, NULL);
}
