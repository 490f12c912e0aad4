/* test_scope.c - scopes: every task exactly once, every way to spawn and to leave. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <string.h>

#include <par/scope.h>

#include "pools.h"
#include "scale.h"

enum { N_COUNTERS = 1 << 16 };
static atomic_uchar runs[N_COUNTERS];
static atomic_ulong failures;

static void clear_runs(void)
{
    for (size_t i = 0; i < N_COUNTERS; i++)
        atomic_store_explicit(&runs[i], 0, memory_order_relaxed);
}

static void count_failure(int is_right)
{
    if (!is_right) atomic_fetch_add(&failures, 1);
}

static void expect_runs(size_t n, unsigned times)
{
    for (size_t i = 0; i < n; i++)
        count_failure(runs[i] == times);
    for (size_t i = n; i < N_COUNTERS; i++)
        count_failure(runs[i] == 0);
}

static int reset(void **state)
{
    (void)state;
    clear_runs();
    failures = 0;
    watchdog(100);
    return 0;
}

static void run_at(void *ctx)
{
    atomic_fetch_add_explicit((atomic_uchar *)ctx, 1, memory_order_relaxed);
}

/* Flat */

static void flat(void *ctx)
{
    size_t n = *(size_t *)ctx;
    clear_runs();
    PAR_SCOPE (s) {
        for (size_t i = 0; i < n; i++)
            par_spawn(&s, run_at, &runs[i]);
    }
    expect_runs(n, 1);
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
    assert_int_equal(failures, 0);
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
        expect_runs(tree_size, 1);
    }
}

static void test_spawn_from_tasks(void **state)
{
    (void)state;
    in_each_pool(tree, NULL);
    tree(NULL);
    assert_int_equal(failures, 0);
}

/* Spawning outwards: tasks of the inner scopes spawn into the outer ones. Counters: level 3 spawns
 * into all three. */

typedef struct levels_t {
    par_scope_t *scope[3];
    size_t base; /* first of 100 counters */
} levels_t;

static void level_three(void *ctx)
{
    levels_t *l = ctx;
    for (size_t i = 0; i < 30; i++)
        par_spawn(l->scope[i % 3], run_at, &runs[l->base + i]);
}

static void level_two(void *ctx)
{
    levels_t l = *(levels_t *)ctx;
    PAR_SCOPE (mine) {
        l.scope[2] = &mine;
        par_spawn(&mine, level_three, &l);
        for (size_t i = 30; i < 60; i++)
            par_spawn(l.scope[i % 3], run_at, &runs[l.base + i]);
    }
    for (size_t i = 2; i < 60; i += 3)
        if (runs[l.base + i] != 1) atomic_fetch_add(&failures, 1);
}

static void level_one(void *ctx)
{
    levels_t l = *(levels_t *)ctx;
    levels_t copies[4];
    PAR_SCOPE (mine) {
        l.scope[1] = &mine;
        for (size_t k = 0; k < 4; k++) {
            copies[k] = l;
            copies[k].base = l.base + 100 * k;
            par_spawn(&mine, level_two, &copies[k]);
        }
    }
    for (size_t k = 0; k < 4; k++)
        for (size_t i = 1; i < 60; i += 3)
            if (runs[l.base + 100 * k + i] != 1) atomic_fetch_add(&failures, 1);
}

static void outwards(void *ctx)
{
    levels_t l[8];
    (void)ctx;
    for (size_t round = 0; round < scaled(40); round++) {
        clear_runs();
        PAR_SCOPE (outer) {
            for (size_t k = 0; k < 8; k++) {
                l[k] = (levels_t){{&outer, NULL, NULL}, 400 * k};
                par_spawn(&outer, level_one, &l[k]);
            }
        }
        for (size_t i = 0; i < 3200; i++)
            count_failure(runs[i] == (i % 100 < 60));
    }
}

static void test_spawn_outwards(void **state)
{
    (void)state;
    in_each_pool(outwards, NULL);
    outwards(NULL);
    assert_int_equal(failures, 0);
}

/* Spawning from a task that has gone into another pool: that pool's worker is none of the scope's */

typedef struct abroad_t {
    par_scope_t *scope;
    par_pool_t *pool;
    size_t base;
} abroad_t;

static void spawn_abroad(void *ctx)
{
    abroad_t *a = ctx;
    for (size_t i = 0; i < 10; i++)
        par_spawn(a->scope, run_at, &runs[a->base + i]);
}

static void go_abroad(void *ctx)
{
    par_pool_run(((abroad_t *)ctx)->pool, spawn_abroad, ctx);
}

static void abroad(void *ctx)
{
    abroad_t a[20];
    for (size_t round = 0; round < scaled(50); round++) {
        clear_runs();
        PAR_SCOPE (s) {
            for (size_t i = 0; i < 20; i++) {
                a[i] = (abroad_t){&s, ctx, 10 * i};
                par_spawn(&s, go_abroad, &a[i]);
            }
        }
        expect_runs(200, 1);
    }
}

static void test_spawn_from_another_pool(void **state)
{
    (void)state;
    par_pool_t *other = pool_new(2);
    in_each_pool(abroad, other);
    abroad(other);
    par_pool_destroy(other);
    assert_int_equal(failures, 0);
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
    count_failure((uintptr_t)ctx % _Alignof(max_align_t) == 0);
    for (size_t i = sizeof(h); i < h.bytes; i++)
        count_failure(data[i] == (unsigned char)(i * 7 + h.number));
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
    expect_runs(number, 1);
}

static void test_spawn_copy(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(10); i++)
        in_each_pool(spawn_copies, NULL);
    spawn_copies(NULL);
    assert_int_equal(failures, 0);
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

/* The ways out of the block form */

static void leave_by_return(void)
{
    PAR_SCOPE (s) {
        for (size_t i = 0; i < 500; i++) {
            par_spawn(&s, run_at, &runs[i]);
            if (i == 299) return;
        }
    }
}

static void leave_by_break(void)
{
    PAR_SCOPE (s) {
        for (size_t i = 0; i < 300; i++)
            par_spawn(&s, run_at, &runs[i]);
        break;
    }
}

static void leave_by_goto(void)
{
    PAR_SCOPE (s) {
        for (size_t i = 0; i < 500; i++) {
            par_spawn(&s, run_at, &runs[i]);
            if (i == 299) goto out;
        }
    }
out:
    expect_runs(300, 1);
}

static void leave_by_continue(void)
{
    PAR_SCOPE (s) {
        for (size_t i = 0; i < 300; i++)
            par_spawn(&s, run_at, &runs[i]);
        continue;
    }
}

static void leave_by_hand(void)
{
    PAR_SCOPE (s) {
        for (size_t i = 0; i < 300; i++)
            par_spawn(&s, run_at, &runs[i]);
        par_scope_end(&s);
        expect_runs(300, 1);
    }
}

static void test_ways_out(void **state)
{
    (void)state;
    static void (*const ways[])(void) = {leave_by_return, leave_by_break, leave_by_goto,
                                         leave_by_continue, leave_by_hand};
    for (size_t round = 0; round < scaled(100); round++)
        for (size_t k = 0; k < sizeof(ways) / sizeof(ways[0]); k++) {
            clear_runs();
            ways[k]();
            expect_runs(300, 1);
        }
    assert_int_equal(failures, 0);
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
            count_failure(out[i] == (i + round) * (i + round));
    }
}

static void test_borrowed_stack_data(void **state)
{
    (void)state;
    in_each_pool(borrow, NULL);
    borrow(NULL);
    assert_int_equal(failures, 0);
}

/* Scope in scope in scope, from 16 outside threads at once */

static void nest(size_t level, size_t base);

typedef struct nest_t {
    size_t level, base;
} nest_t;

static void nest_task(void *ctx)
{
    nest_t *n = ctx;
    nest(n->level, n->base);
}

static size_t nest_width(size_t level)
{
    size_t width = 1;
    while (level-- > 0)
        width *= 4;
    return width;
}

static void nest(size_t level, size_t base)
{
    if (level == 0) {
        run_at(&runs[base]);
        return;
    }
    PAR_SCOPE (s) {
        for (size_t i = 0; i < 4; i++) {
            nest_t child = {level - 1, base + i * nest_width(level - 1)};
            par_spawn_copy(&s, nest_task, &child, sizeof(child));
        }
    }
    for (size_t i = 0; i < nest_width(level); i++)
        count_failure(runs[base + i] > 0);
}

static void *outside_main(void *arg)
{
    size_t slot = *(size_t *)arg;
    for (size_t i = 0; i < scaled(100); i++) {
        for (size_t k = 0; k < 64; k++)
            runs[64 * slot + k] = 0;
        nest(3, 64 * slot);
        for (size_t k = 0; k < 64; k++)
            count_failure(runs[64 * slot + k] == 1);
    }
    return NULL;
}

static void test_nested_from_outside_threads(void **state)
{
    (void)state;
    pthread_t threads[16];
    size_t slots[16];
    for (size_t i = 0; i < 16; i++) {
        slots[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, outside_main, &slots[i]), 0);
    }
    for (size_t i = 0; i < 16; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(failures, 0);
}

/* Two scopes open on one stack at once, ended in the order of a stack, spawned into alternately */

static void test_two_open_scopes(void **state)
{
    (void)state;
    for (size_t round = 0; round < scaled(200); round++) {
        par_scope_t a, b;
        clear_runs();
        par_scope_begin(&a);
        par_scope_begin(&b);
        for (size_t i = 0; i < 200; i++)
            par_spawn(i % 2 ? &a : &b, run_at, &runs[i]);
        par_scope_end(&b);
        for (size_t i = 0; i < 200; i += 2)
            assert_int_equal(runs[i], 1);
        par_scope_end(&a);
        expect_runs(200, 1);
    }
    assert_int_equal(failures, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(test_flat),
        TEST(test_empty_and_reused),
        TEST(test_spawn_from_tasks),
        TEST(test_spawn_outwards),
        TEST(test_spawn_from_another_pool),
        TEST(test_spawn_copy),
        TEST(test_spawn_copy_tiny),
        TEST(test_ways_out),
        TEST(test_borrowed_stack_data),
        TEST(test_nested_from_outside_threads),
        TEST(test_two_open_scopes),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("scope", tests, NULL, NULL);
}
