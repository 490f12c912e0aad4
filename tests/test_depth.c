/* test_depth.c - what a worker stacks up while it waits: only descendants of what it waits for. So the
 * tasks that are open on one stack lie on one path of the tree of calls, and a task at depth d finds
 * at most d others below it, however much was stolen: no stack is deeper than the serial one by more
 * than the frames of the waits. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include <par/scope.h>
#include <par/task.h>

#include "failures.h"
#include "pools.h"
#include "scale.h"

static atomic_ulong nodes_run;
static __thread uint32_t n_open; /* tasks on this stack */

static int reset(void **state)
{
    (void)state;
    failures = 0;
    nodes_run = 0;
    watchdog(120);
    return 0;
}

typedef struct node_t {
    uint32_t seed;
    uint32_t depth;
    uint32_t left; /* levels below this one */
} node_t;

static uint32_t mix(uint32_t x)
{
    x = (x ^ x >> 16) * 0x7feb352du;
    x = (x ^ x >> 15) * 0x846ca68bu;
    return x ^ x >> 16;
}

/* A long spine of which small trees hang; the spine goes on now left, now right. */
static void children_of(const node_t *node, node_t *a, node_t *b)
{
    uint32_t seed = mix(node->seed + node->depth);
    uint32_t bush = seed % 7 < node->left ? seed % 7 : node->left - 1;
    node_t spine = {seed ^ 1, node->depth + 1, node->left - 1};
    node_t side = {seed ^ 2, node->depth + 1, bush};
    *a = seed & 64 ? spine : side;
    *b = seed & 64 ? side : spine;
}

/* `spare` others may be open besides the ancestors. */
static void enter(const node_t *node, uint32_t spare)
{
    atomic_fetch_add_explicit(&nodes_run, 1, memory_order_relaxed);
    n_open++;
    expect(n_open <= node->depth + 1 + spare);
}

static size_t count_serially(const node_t *node)
{
    node_t a, b;
    if (node->left == 0) return 1;
    children_of(node, &a, &b);
    return 1 + count_serially(&a) + count_serially(&b);
}

enum { DEPTH = TEST_TSAN || TEST_ASAN ? 500 : 2000 };

static void run_tree(par_task_fn *fn)
{
    node_t root = {1, 0, DEPTH};
    size_t nodes = count_serially(&root);
    for (uint32_t round = 0; round < 5; round++) {
        atomic_store(&nodes_run, 0);
        fn(&root);
        expect(nodes_run == nodes);
    }
}

static void by_joins(void *ctx)
{
    const node_t *node = ctx;
    node_t a, b;
    enter(node, 0);
    if (node->left != 0) {
        children_of(node, &a, &b);
        par_join(by_joins, &a, by_joins, &b);
    }
    n_open--;
}

PAR_TASK_VOID(typed, (node_t, node))
{
    node_t a, b;
    enter(&node, 0);
    if (node.left != 0) {
        children_of(&node, &a, &b);
        PAR_FORK_VOID(typed, b);
        PAR_CALL(typed, a);
        PAR_SYNC_VOID(typed);
    }
    n_open--;
}

static void by_typed_tasks(void *ctx)
{
    typed(*(node_t *)ctx);
}

static void by_scopes(void *ctx)
{
    const node_t *node = ctx;
    node_t a, b;
    enter(node, 0);
    if (node->left != 0) {
        children_of(node, &a, &b);
        PAR_SCOPE (s) {
            par_spawn(&s, by_scopes, &a);
            par_spawn(&s, by_scopes, &b);
        }
    }
    n_open--;
}

/* All into one scope: nothing is below a task but the root, and what runs in place when a queue is
 * full, which nests at most so deep. */
enum { MAX_IN_PLACE = 16 };

static par_scope_t *one_scope;

static void into_one_scope(void *ctx)
{
    node_t node = *(node_t *)ctx, a, b;
    enter(&(node_t){.depth = 1}, MAX_IN_PLACE);
    if (node.left != 0) {
        children_of(&node, &a, &b);
        par_spawn_copy(one_scope, into_one_scope, &a, sizeof a);
        par_spawn_copy(one_scope, into_one_scope, &b, sizeof b);
    }
    n_open--;
}

static void by_one_scope(void *ctx)
{
    PAR_SCOPE (s) {
        one_scope = &s;
        into_one_scope(ctx);
    }
}

static void in_pool(void *ctx)
{
    run_tree(*(par_task_fn **)ctx);
}

static void in_pools(par_task_fn *fn)
{
    in_each_pool(in_pool, &fn);
    run_tree(fn);
    no_failures();
}

static void test_joins(void **state)
{
    (void)state;
    in_pools(by_joins);
}

static void test_typed_tasks(void **state)
{
    (void)state;
    in_pools(by_typed_tasks);
}

static void test_scopes(void **state)
{
    (void)state;
    in_pools(by_scopes);
}

static void test_one_scope(void **state)
{
    (void)state;
    in_pools(by_one_scope);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(test_joins),
        TEST(test_typed_tasks),
        TEST(test_scopes),
        TEST(test_one_scope),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("depth", tests, NULL, NULL);
}
