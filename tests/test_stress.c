/* test_stress.c - random trees of tasks that mix joins, scopes, copies, nested pools, naps and
 * yields. Node by node, the number of a node and the seed decide what it is, so that a serial walk
 * knows what must come out. PAR_TEST_SEED=N repeats a run's decisions (the schedule is the
 * machine's). */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <par/scope.h>

#include "child.h"
#include "pools.h"
#include "scale.h"

enum { N_POOLS = 3, MAX_CHILDREN = 9, MAX_DEPTH = 9 };

/* What happened: how many nodes ran, and the sum of their hashes. Equal to the serial walk's means
 * exactly once each, up to a collision of 64 bits. */
typedef struct tally_t {
    atomic_size_t nodes;
    atomic_uint_fast64_t hashes;
} tally_t;

typedef struct node_t {
    uint64_t id;
    unsigned depth;
    tally_t *tally;
    uint64_t result; /* of the subtree; depends on the order of the children */
} node_t;

static uint64_t seed;
static par_pool_t *pools[N_POOLS];

static uint64_t mix(uint64_t x)
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

typedef enum kind_t { LEAF, JOIN, SCOPE, COPIES, POOL, SPAWN_OUT, N_KINDS } kind_t;

static kind_t kind_of(const node_t *n)
{
    uint64_t r = mix(n->id ^ seed) % 100;
    if (n->depth == 0 || r < 8) return LEAF;
    if (r < 55) return JOIN;
    if (r < 75) return SCOPE;
    if (r < 85) return COPIES;
    if (r < 93) return SPAWN_OUT;
    return POOL;
}

static unsigned children_of(const node_t *n)
{
    switch (kind_of(n)) {
    case JOIN:
        return 2;
    case SCOPE:
    case COPIES:
        return (unsigned)(mix(n->id ^ seed ^ 1) % MAX_CHILDREN);
    case SPAWN_OUT:
        return 4;
    case POOL:
        return 1;
    case LEAF:
    case N_KINDS:
        break;
    }
    return 0;
}

static node_t child_of(const node_t *n, unsigned i)
{
    return (node_t){mix(n->id * 31 + i + 1), n->depth - 1, n->tally, 0};
}

static void settle(node_t *n, const node_t *children, unsigned count)
{
    n->result = mix(n->id);
    for (unsigned i = 0; i < count; i++)
        n->result = mix(n->result + children[i].result);
}

static void tally_node(node_t *n)
{
    atomic_fetch_add_explicit(&n->tally->nodes, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&n->tally->hashes, mix(n->id), memory_order_relaxed);
}

static void run_serial(node_t *n)
{
    node_t children[MAX_CHILDREN];
    unsigned count = children_of(n);
    tally_node(n);
    for (unsigned i = 0; i < count; i++) {
        children[i] = child_of(n, i);
        run_serial(&children[i]);
    }
    settle(n, children, count);
}

static void disturb(const node_t *n)
{
    uint64_t r = mix(n->id ^ seed ^ 2) % 1000;
    if (r < 50) sched_yield();
    if (r < 3) usleep((unsigned)(r * 50));
    if (r > 950)
        for (volatile unsigned i = 0; i < r; i++)
            continue;
}

static void run_node(void *ctx);

static void run_copy(void *ctx)
{
    node_t *original = *(node_t **)ctx;
    run_node(original);
}

/* A spawned task that spawns its brother into the same scope. */
typedef struct brothers_t {
    par_scope_t *scope;
    node_t *node;
    unsigned left;
} brothers_t;

static void run_brothers(void *ctx)
{
    brothers_t b = *(brothers_t *)ctx;
    if (b.left > 1) {
        brothers_t next = {b.scope, b.node + 1, b.left - 1};
        par_spawn_copy(b.scope, run_brothers, &next, sizeof(next));
    }
    run_node(b.node);
}

static void run_children(node_t *n, node_t *c, unsigned count)
{
    switch (kind_of(n)) {
    case JOIN:
        par_join(run_node, &c[0], run_node, &c[1]);
        break;
    case SCOPE:
        PAR_SCOPE (s) {
            for (unsigned i = 0; i < count; i++)
                par_spawn(&s, run_node, &c[i]);
        }
        break;
    case COPIES:
        PAR_SCOPE (s) {
            for (unsigned i = 0; i < count; i++) {
                node_t *pointer = &c[i];
                par_spawn_copy(&s, run_copy, &pointer, sizeof(pointer));
                disturb(&c[i]);
            }
        }
        break;
    case SPAWN_OUT:
        PAR_SCOPE (s) {
            brothers_t first = {&s, c, count};
            par_spawn_copy(&s, run_brothers, &first, sizeof(first));
        }
        break;
    case POOL:
        par_pool_run(pools[mix(n->id) % N_POOLS], run_node, &c[0]);
        break;
    case LEAF:
    case N_KINDS:
        break;
    }
}

static void run_node(void *ctx)
{
    node_t *n = ctx, children[MAX_CHILDREN];
    unsigned count = children_of(n);
    tally_node(n);
    disturb(n);
    for (unsigned i = 0; i < count; i++)
        children[i] = child_of(n, i);
    run_children(n, children, count);
    settle(n, children, count);
}

static atomic_ulong failures;

static void check_tree(uint64_t id)
{
    tally_t expected = {0}, got = {0};
    node_t serial = {id, MAX_DEPTH, &expected, 0}, parallel = {id, MAX_DEPTH, &got, 0};
    run_serial(&serial);
    run_node(&parallel);
    if (serial.result == parallel.result && got.nodes == expected.nodes &&
        got.hashes == expected.hashes)
        return;
    atomic_fetch_add(&failures, 1);
    fprintf(stderr, "tree %llx of PAR_TEST_SEED=%llu: %zu nodes instead of %zu, results %s\n",
            (unsigned long long)id, (unsigned long long)seed, got.nodes, expected.nodes,
            serial.result == parallel.result ? "equal" : "differ");
}

static void check_trees(void *ctx)
{
    uint64_t first = *(uint64_t *)ctx;
    for (uint64_t i = 0; i < scaled(30); i++)
        check_tree(mix(first + i));
}

static void *outside_main(void *arg)
{
    check_trees(arg);
    return NULL;
}

static void start_pools(unsigned a, unsigned b)
{
    pools[0] = NULL; /* the default one */
    pools[1] = pool_new(a);
    pools[2] = pool_new(b);
}

static void stop_pools(void)
{
    par_pool_destroy(pools[1]);
    par_pool_destroy(pools[2]);
}

static int reset(void **state)
{
    (void)state;
    failures = 0;
    watchdog(120);
    return 0;
}

static void test_one_thread(void **state)
{
    (void)state;
    uint64_t first = 1;
    start_pools(3, 2);
    check_trees(&first);
    stop_pools();
    assert_int_equal(failures, 0);
}

static void test_pools_of_all_sizes(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_POOL_SIZES; i++) {
        uint64_t first = 1000 + i;
        start_pools(pool_sizes[i], pool_sizes[N_POOL_SIZES - 1 - i]);
        par_pool_run(pools[1], check_trees, &first);
        stop_pools();
    }
    assert_int_equal(failures, 0);
}

static void test_many_threads(void **state)
{
    (void)state;
    pthread_t threads[8];
    uint64_t first[8];
    start_pools(2, 3);
    for (size_t i = 0; i < 8; i++) {
        first[i] = 5000 + 100 * i;
        assert_int_equal(pthread_create(&threads[i], NULL, outside_main, &first[i]), 0);
    }
    for (size_t i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    stop_pools();
    assert_int_equal(failures, 0);
}

/* All of it on one CPU, in a process that was restricted before it used the library. */
static int one_cpu_main(void)
{
    cpu_set_t all, one;
    uint64_t first = 9000;
    CPU_ZERO(&one);
    if (sched_getaffinity(0, sizeof(all), &all) != 0) return 2;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &all)) {
            CPU_SET(cpu, &one);
            break;
        }
    if (sched_setaffinity(0, sizeof(one), &one) != 0) return 3;
    if (par_num_workers() != 1) return 4;
    start_pools(8, 2);
    check_trees(&first);
    par_pool_run(pools[1], check_trees, &first);
    stop_pools();
    return failures ? 1 : 0;
}

static void test_one_cpu(void **state)
{
    (void)state;
    child_t child;
    char variable[64];
    snprintf(variable, sizeof(variable), "PAR_TEST_SEED=%llu", (unsigned long long)seed);
    const char *env[] = {variable, "PAR_NUM_THREADS", NULL};
    assert_int_equal(child_exec(&child, "one_cpu", env), 0);
    child_wait(&child, 100);
    assert_true(child_exited(&child, 0));
}

int main(int argc, char **argv)
{
    const char *text = getenv("PAR_TEST_SEED");
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    seed = text ? strtoull(text, NULL, 0) : (uint64_t)now.tv_nsec;
    if (argc > 1 && strcmp(argv[1], "one_cpu") == 0) return one_cpu_main();
    printf("PAR_TEST_SEED=%llu\n", (unsigned long long)seed);
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(test_one_thread),
        TEST(test_pools_of_all_sizes),
        TEST(test_many_threads),
        TEST(test_one_cpu),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("stress", tests, NULL, NULL);
}
