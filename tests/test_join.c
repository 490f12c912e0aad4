/* test_join.c - par_join against serial results: shapes of recursion, pool sizes, outside threads,
 * foreign callbacks. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>

#include <par/scope.h>

#include "failures.h"
#include "pools.h"
#include "scale.h"

static int reset(void **state)
{
    (void)state;
    failures = 0;
    watchdog(120);
    return 0;
}

/* fib, in every size of pool and in the default one */

static void fib_check(void *ctx)
{
    expect(fib_is_right(*(unsigned *)ctx));
}

static void test_fib_in_pools(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 12; n++)
        in_each_pool(fib_check, &n);
    unsigned n = TEST_TSAN ? 16 : 26;
    in_each_pool(fib_check, &n);
    no_failures();
}

static void test_fib_default_pool(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(50); i++)
        assert_true(fib_is_right(18));
}

static void fib_call_task(void *ctx)
{
    fib_t *f = ctx;
    if (f->n < 2) {
        f->result = f->n;
        return;
    }
    fib_t a = {f->n - 1, 0}, b = {f->n - 2, 0};
    par_join_call(fib_call_task, &a, (f->n & 1) ? fib_task : fib_call_task, &b);
    f->result = a.result + b.result;
}

static void test_call_twin(void **state)
{
    (void)state;
    fib_t f = {TEST_TSAN ? 15 : 22, 0};
    fib_call_task(&f);
    assert_int_equal(f.result, fib_serial(f.n));
}

/* A pseudo-random tree: the number of a node decides its children. */

typedef struct tree_t {
    uint64_t id;
    unsigned depth;
    uint64_t sum;
} tree_t;

static uint64_t mix(uint64_t x)
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

static int tree_is_leaf(const tree_t *t)
{
    return t->depth == 0 || mix(t->id) % 10 == 0;
}

/* One side is much deeper than the other, and which one is random. */
static void tree_split(const tree_t *t, tree_t *a, tree_t *b)
{
    int is_left = (int)(mix(t->id ^ 77) & 1);
    unsigned cut = t->depth / 3;
    *a = (tree_t){2 * t->id + 1, is_left ? t->depth - 1 : cut, 0};
    *b = (tree_t){2 * t->id + 2, is_left ? cut : t->depth - 1, 0};
}

static void tree_serial(void *ctx)
{
    tree_t *t = ctx, a, b;
    t->sum = mix(t->id);
    if (tree_is_leaf(t)) return;
    tree_split(t, &a, &b);
    tree_serial(&a);
    tree_serial(&b);
    t->sum = mix(t->sum + a.sum) ^ b.sum; /* not symmetric: a mix-up of a and b shows */
}

static void tree_task(void *ctx)
{
    tree_t *t = ctx, a, b;
    t->sum = mix(t->id);
    if (tree_is_leaf(t)) return;
    tree_split(t, &a, &b);
    par_join(tree_task, &a, tree_task, &b);
    t->sum = mix(t->sum + a.sum) ^ b.sum;
}

static void trees_check(void *ctx)
{
    (void)ctx;
    for (uint64_t id = 1; id < 1 + scaled(40); id++) {
        tree_t serial = {id * 1000003, 24, 0}, parallel = serial;
        tree_serial(&serial);
        tree_task(&parallel);
        expect(serial.sum == parallel.sum);
    }
}

static void test_unbalanced_trees(void **state)
{
    (void)state;
    in_each_pool(trees_check, NULL);
    trees_check(NULL);
    no_failures();
}

/* Exactly once: every leaf adds to a counter of its own. */

enum { N_LEAVES = 1 << 14 };
static atomic_uchar leaf_runs[N_LEAVES];

static void clear_leaves(void)
{
    for (size_t i = 0; i < N_LEAVES; i++)
        atomic_store_explicit(&leaf_runs[i], 0, memory_order_relaxed);
}

typedef struct range_t {
    size_t begin, end;
} range_t;

static void leaves_task(void *ctx)
{
    range_t *r = ctx;
    if (r->end - r->begin == 1) {
        atomic_fetch_add_explicit(&leaf_runs[r->begin], 1, memory_order_relaxed);
        return;
    }
    size_t middle = r->begin + (r->end - r->begin) / 2;
    range_t a = {r->begin, middle}, b = {middle, r->end};
    par_join(leaves_task, &a, leaves_task, &b);
}

static void leaves_check(void *ctx)
{
    (void)ctx;
    for (size_t round = 0; round < scaled(60); round++) {
        range_t all = {0, N_LEAVES};
        clear_leaves();
        leaves_task(&all);
        for (size_t i = 0; i < N_LEAVES; i++)
            expect(leaf_runs[i] == 1);
    }
}

static void test_exactly_once(void **state)
{
    (void)state;
    in_each_pool(leaves_check, NULL);
    leaves_check(NULL);
    no_failures();
}

/* The stack of a thread holds at most one frame a level of the recursion: who waits runs only
 * descendants of what it waits for. */

static _Thread_local unsigned nesting;
static atomic_uint deepest;

static void nest_task(void *ctx)
{
    fib_t *f = ctx;
    unsigned here = ++nesting, seen = atomic_load_explicit(&deepest, memory_order_relaxed);
    while (here > seen && !atomic_compare_exchange_weak(&deepest, &seen, here)) {
    }
    if (f->n < 2) {
        f->result = f->n;
    } else {
        fib_t a = {f->n - 1, 0}, b = {f->n - 2, 0};
        par_join(nest_task, &a, nest_task, &b);
        f->result = a.result + b.result;
    }
    nesting--;
}

static void test_stack_is_bounded(void **state)
{
    (void)state;
    par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
    options.threads = 8;
    options.bind = PAR_BIND_NONE;
    options.stack_bytes = TEST_TSAN || TEST_ASAN ? 1 << 20 : 64 << 10;
    par_pool_t *pool = NULL;
    assert_int_equal(par_pool_create(&pool, &options), PAR_OK);
    for (size_t i = 0; i < scaled(100); i++) {
        fib_t f = {17, 0};
        atomic_store(&deepest, 0);
        par_pool_run(pool, nest_task, &f);
        assert_int_equal(f.result, 1597);
        assert_in_range(atomic_load(&deepest), 17, 17);
    }
    par_pool_destroy(pool);
}

/* 16 threads from outside at once */

static void *outside_main(void *arg)
{
    (void)arg;
    for (size_t i = 0; i < scaled(200); i++)
        expect(fib_is_right(12 + i % 6));
    leaves_task(&(range_t){0, 100});
    return NULL;
}

static void test_outside_threads(void **state)
{
    (void)state;
    pthread_t threads[16];
    clear_leaves();
    for (size_t i = 0; i < 16; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, outside_main, NULL), 0);
    for (size_t i = 0; i < 16; i++)
        pthread_join(threads[i], NULL);
    no_failures();
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(leaf_runs[i], 16);
}

/* Foreign callbacks */

static int compare_in_parallel(const void *a, const void *b)
{
    fib_t f = {10, 0};
    fib_task(&f);
    expect(f.result == 55);
    unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
    return (x > y) - (x < y);
}

static void sort_task(void *ctx)
{
    unsigned *v = ctx;
    for (unsigned i = 0; i < 200; i++)
        v[i] = (i * 7919u) % 200;
    qsort(v, 200, sizeof(*v), compare_in_parallel);
    for (unsigned i = 0; i < 200; i++)
        expect(v[i] == i);
}

static void test_inside_qsort(void **state)
{
    (void)state;
    unsigned v[4][200];
    sort_task(v[0]);
    par_join(sort_task, v[0], sort_task, v[1]);
    PAR_SCOPE (s) {
        for (int i = 0; i < 4; i++)
            par_spawn(&s, sort_task, v[i]);
    }
    no_failures();
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static unsigned long once_result;

static void once_init(void)
{
    fib_t f = {15, 0};
    fib_task(&f);
    once_result = f.result;
}

/* The initialiser runs parallel work while other tasks block in pthread_once for its end: none of
 * them may land on its stack. */
static void once_task(void *ctx)
{
    (void)ctx;
    pthread_once(&once, once_init);
    expect(once_result == 610);
}

static void test_inside_pthread_once(void **state)
{
    (void)state;
    for (size_t round = 0; round < scaled(300); round++) {
        once = (pthread_once_t)PTHREAD_ONCE_INIT;
        once_result = 0;
        PAR_SCOPE (s) {
            for (int i = 0; i < 32; i++)
                par_spawn(&s, once_task, NULL);
        }
    }
    no_failures();
}

/* Joins in scope tasks in joins */

static void inner_join(void *ctx)
{
    expect(fib_is_right(*(unsigned *)ctx));
}

static void middle_scope(void *ctx)
{
    unsigned sizes[5] = {3, 5, 8, 10, 11};
    (void)ctx;
    PAR_SCOPE (s) {
        for (int i = 0; i < 5; i++)
            par_spawn(&s, inner_join, &sizes[i]);
    }
}

static void sandwich(void *ctx)
{
    (void)ctx;
    for (size_t i = 0; i < scaled(200); i++)
        par_join(middle_scope, NULL, middle_scope, NULL);
}

static void test_join_scope_join(void **state)
{
    (void)state;
    in_each_pool(sandwich, NULL);
    sandwich(NULL);
    no_failures();
}

static void nothing(void *ctx)
{
    (void)ctx;
}

static void test_null_contexts_and_hunger(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(100000); i++) {
        par_join(nothing, NULL, nothing, NULL);
        int hungry = par_is_hungry();
        assert_true(hungry == 0 || hungry == 1);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(test_fib_in_pools),
        TEST(test_fib_default_pool),
        TEST(test_call_twin),
        TEST(test_unbalanced_trees),
        TEST(test_exactly_once),
        TEST(test_stack_is_bounded),
        TEST(test_outside_threads),
        TEST(test_inside_qsort),
        TEST(test_inside_pthread_once),
        TEST(test_join_scope_join),
        TEST(test_null_contexts_and_hunger),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("join", tests, NULL, NULL);
}
