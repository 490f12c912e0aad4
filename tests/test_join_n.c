/* test_join_n.c - joins of many branches: each runs once, in order where nobody takes any, whatever
 * the number of branches, workers and free slots. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>

#include <par/join_n.h>

#include "failures.h"
#include "pools.h"
#include "scale.h"

static int reset(void **state)
{
    (void)state;
    watchdog(120);
    return 0;
}

/* Order */

enum { N_MAX = 20 };
static size_t order[N_MAX], n_run;

static void note(void *ctx)
{
    order[n_run++] = *(size_t *)ctx;
}

typedef void join_fn(const par_branch_t *branches, size_t n);

static void join_inline(const par_branch_t *branches, size_t n)
{
    par_join_n(branches, n);
}

static void in_order(void *ctx)
{
    join_fn *join = *(join_fn **)ctx;
    size_t numbers[N_MAX];
    par_branch_t branches[N_MAX];
    for (size_t i = 0; i < N_MAX; i++) {
        numbers[i] = i;
        branches[i] = (par_branch_t){note, &numbers[i]};
    }
    for (size_t n = 0; n <= N_MAX; n++) {
        n_run = 0;
        join(n == 0 ? NULL : branches, n);
        expect(n_run == n);
        for (size_t i = 0; i < n; i++)
            expect(order[i] == i);
    }
}

static void test_order_of_one_worker(void **state)
{
    (void)state;
    join_fn *joins[] = {join_inline, par_join_n_call};
    for (size_t j = 0; j < 2; j++) {
        par_pool_t *pool = pool_new(1);
        par_pool_run(pool, in_order, &joins[j]);
        par_pool_destroy(pool);
    }
    no_failures();
}

/* A tree whose nodes have 0 to 8 children; plain memory, so that ThreadSanitizer checks the order. */

typedef struct node_t {
    uint32_t seed, height;
    size_t nodes; /* result */
} node_t;

static uint32_t mix(uint32_t x)
{
    x = (x ^ x >> 16) * 0x7feb352du;
    x = (x ^ x >> 15) * 0x846ca68bu;
    return x ^ x >> 16;
}

static size_t n_children(const node_t *node)
{
    return node->height == 0 ? 0 : mix(node->seed) % 9;
}

static node_t child_of(const node_t *node, size_t i)
{
    return (node_t){mix(node->seed + (uint32_t)i + 1), node->height - 1, 0};
}

static size_t count_serially(const node_t *node)
{
    size_t nodes = 1;
    for (size_t i = 0; i < n_children(node); i++) {
        node_t child = child_of(node, i);
        nodes += count_serially(&child);
    }
    return nodes;
}

static void count_nodes(void *ctx)
{
    node_t *node = ctx, children[8];
    par_branch_t branches[8];
    size_t n = n_children(node);
    for (size_t i = 0; i < n; i++) {
        children[i] = child_of(node, i);
        branches[i] = (par_branch_t){count_nodes, &children[i]};
    }
    par_join_n(branches, n);
    node->nodes = 1;
    for (size_t i = 0; i < n; i++)
        node->nodes += children[i].nodes;
}

static void tree(void *ctx)
{
    (void)ctx;
    for (uint32_t seed = 1; seed <= 20; seed++) {
        node_t root = {seed, TEST_TSAN ? 5 : 7, 0};
        count_nodes(&root);
        expect(root.nodes == count_serially(&root));
    }
}

static void test_trees(void **state)
{
    (void)state;
    in_each_pool(tree, NULL);
    tree(NULL);
    no_failures();
}

/* Deeper than the fork stack: the branches for which there is no slot run in place, in between */

typedef struct deep_t {
    size_t left;
    size_t done; /* result */
} deep_t;

static void one(void *ctx)
{
    *(size_t *)ctx = 1;
}

static void deep(void *ctx)
{
    deep_t *d = ctx;
    size_t others[4] = {0};
    deep_t next = {d->left - 1, 0};
    if (d->left == 0) return;
    PAR_JOIN_N({deep, &next}, {one, &others[0]}, {one, &others[1]}, {one, &others[2]},
               {one, &others[3]});
    d->done = next.done + others[0] + others[1] + others[2] + others[3];
}

static void *deep_main(void *ctx)
{
    deep(ctx);
    return NULL;
}

static void test_no_room(void **state)
{
    (void)state;
    pthread_t thread;
    pthread_attr_t attr;
    deep_t d = {30000, 0};
    pthread_attr_init(&attr);
    assert_int_equal(pthread_attr_setstacksize(&attr, (size_t)256 << 20), 0);
    assert_int_equal(pthread_create(&thread, &attr, deep_main, &d), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attr);
    assert_int_equal(d.done, 4 * 30000);
}

/* The macro */

static void add_seven(void *ctx)
{
    *(int *)ctx += 7;
}

static void test_macro(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(2000); i++) {
        int x = 0, y = 1, z = 2, calls[3] = {0};
        int *places[] = {&x, &y, &z};
        PAR_JOIN_N({add_seven, &x});
        PAR_JOIN_N({add_seven, places[calls[0]++]}, {add_seven, places[++calls[1]]},
                   {add_seven, places[2 * ++calls[2]]});
        assert_true(calls[0] == 1 && calls[1] == 1 && calls[2] == 1); /* evaluated once */
        assert_int_equal(x, 14);
        assert_int_equal(y, 8);
        assert_int_equal(z, 9);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(test_order_of_one_worker),
        TEST(test_trees),
        TEST(test_no_room),
        TEST(test_macro),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("join_n", tests, NULL, NULL);
}
