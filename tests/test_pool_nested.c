/* test_pool_nested.c - who runs what where: worker indices, pools inside pools, pools that cross. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <sched.h>

#include <par/scope.h>

#include "failures.h"
#include "pools.h"
#include "scale.h"

static int reset(void **state)
{
    (void)state;
    failures = 0;
    watchdog(100);
    return 0;
}

static void small_work(void *ctx)
{
    (void)ctx;
    expect(fib_is_right(8));
}

/* One outermost call has an array of par_num_workers() slots. The first thread that shows up with
 * an index owns the slot; nobody else may show up with it during that call. */

typedef struct owners_t {
    unsigned n;
    unsigned levels;
    _Atomic(uintptr_t) owner[64];
} owners_t;

static _Thread_local char identity; /* its address is the thread */

static void claim(owners_t *o)
{
    unsigned index = par_worker_index();
    uintptr_t nobody = 0;
    expect(par_num_workers() == o->n);
    expect(index < o->n);
    if (index < o->n &&
        !atomic_compare_exchange_strong(&o->owner[index], &nobody, (uintptr_t)&identity))
        expect(nobody == (uintptr_t)&identity);
}

static void claim_task(void *ctx)
{
    claim(ctx);
}

typedef struct claim_tree_t {
    owners_t *owners;
    unsigned level;
} claim_tree_t;

static void claim_tree(void *ctx)
{
    claim_tree_t *t = ctx, child = {t->owners, t->level - 1};
    claim(t->owners);
    if (t->level == 0) {
        sched_yield();
    } else if (t->level % 3 == 0) {
        PAR_SCOPE (s) {
            for (int i = 0; i < 3; i++)
                par_spawn(&s, claim_tree, &child);
            par_spawn(&s, claim_task, t->owners);
        }
    } else {
        par_join(claim_tree, &child, claim_tree, &child);
    }
    claim(t->owners);
}

static void claim_all(void *ctx)
{
    owners_t *o = ctx;
    expect(par_worker_index() == 0);
    for (unsigned i = 0; i < o->n; i++)
        atomic_store(&o->owner[i], 0);
    claim_tree_t tree = {o, 7};
    claim_tree(&tree);
    expect(par_worker_index() == 0);
    expect(o->owner[0] == (uintptr_t)&identity);
}

static void test_index_in_pools(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_POOL_SIZES; i++) {
        par_pool_t *pool = pool_new(pool_sizes[i]);
        owners_t owners = {.n = pool_sizes[i]};
        for (size_t round = 0; round < scaled(40); round++)
            par_pool_run(pool, claim_all, &owners);
        par_pool_destroy(pool);
    }
    no_failures();
    assert_int_equal(par_worker_index(), 0);
}

static par_pool_t *shared_pool;

/* Each thread has a call of its own: in none of them may a guest of another call show up, as both
 * have the index 0. */
static void *index_main(void *arg)
{
    owners_t owners = {.n = par_pool_num_workers(shared_pool)};
    (void)arg;
    for (size_t i = 0; i < scaled(40); i++)
        par_pool_run(shared_pool, claim_all, &owners);
    return NULL;
}

static void test_index_of_16_guests(void **state)
{
    (void)state;
    static const unsigned sizes[] = {1, 2, 5};
    for (size_t k = 0; k < 3; k++) {
        pthread_t threads[16];
        shared_pool = pool_new(sizes[k]);
        for (size_t i = 0; i < 16; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, index_main, NULL), 0);
        for (size_t i = 0; i < 16; i++)
            pthread_join(threads[i], NULL);
        par_pool_destroy(shared_pool);
    }
    no_failures();
}

/* A in B in A */

static par_pool_t *pool_a, *pool_b;
enum { SIZE_A = 3, SIZE_B = 5 };
static _Thread_local unsigned index_in_a;

static void innermost(void *ctx)
{
    (void)ctx;
    expect(par_num_workers() == SIZE_A);
    expect(par_worker_index() == index_in_a); /* still the same worker of A */
    par_join(small_work, NULL, small_work, NULL);
}

static void middle_body(void *ctx)
{
    (void)ctx;
    expect(par_num_workers() == SIZE_B);
    expect(par_worker_index() == 0); /* it came into B from outside */
    par_join(small_work, NULL, small_work, NULL);
    par_pool_run(pool_a, innermost, NULL);
    expect(par_num_workers() == SIZE_B);
    expect(par_worker_index() == 0);
}

static void outer_task(void *ctx)
{
    (void)ctx;
    unsigned index = par_worker_index();
    unsigned saved = index_in_a;
    expect(par_num_workers() == SIZE_A);
    index_in_a = index;
    par_pool_run(pool_b, middle_body, NULL);
    expect(par_num_workers() == SIZE_A);
    expect(par_worker_index() == index);
    index_in_a = saved;
}

static void outer_body(void *ctx)
{
    (void)ctx;
    PAR_SCOPE (s) {
        for (int i = 0; i < 12; i++)
            par_spawn(&s, outer_task, NULL);
    }
    par_join(outer_task, NULL, outer_task, NULL);
}

static void test_a_b_a(void **state)
{
    (void)state;
    pool_a = pool_new(SIZE_A);
    pool_b = pool_new(SIZE_B);
    for (size_t i = 0; i < scaled(300); i++)
        par_pool_run(pool_a, outer_body, NULL);
    par_pool_destroy(pool_a);
    par_pool_destroy(pool_b);
    no_failures();
}

/* Tasks of A wait for B while tasks of B wait for A. */

static void cross_to(void *ctx);

typedef struct cross_t {
    par_pool_t *here, *there;
    unsigned left;
} cross_t;

static void cross_fan(void *ctx)
{
    cross_t *c = ctx;
    cross_t next = {c->there, c->here, c->left - 1};
    if (c->left == 0) {
        small_work(NULL);
        return;
    }
    PAR_SCOPE (s) {
        for (int i = 0; i < 3; i++)
            par_spawn(&s, cross_to, &next);
    }
}

static void cross_to(void *ctx)
{
    cross_t *c = ctx;
    par_pool_run(c->here, cross_fan, c);
}

static void *cross_main(void *arg)
{
    for (size_t i = 0; i < scaled(30); i++)
        cross_to(arg);
    return NULL;
}

static void test_two_pools_cross(void **state)
{
    (void)state;
    static const unsigned sizes[] = {1, 2, 3};
    for (size_t k = 0; k < 3; k++) {
        pthread_t threads[4];
        par_pool_t *a = pool_new(sizes[k]), *b = pool_new(2);
        cross_t ab = {a, b, 5}, ba = {b, a, 5};
        for (size_t i = 0; i < 4; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, cross_main, i % 2 ? &ab : &ba), 0);
        for (size_t i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);
        par_pool_destroy(a);
        par_pool_destroy(b);
    }
    no_failures();
}

/* A pool that a task makes for itself */

static void make_a_pool(void *ctx)
{
    par_pool_t *pool = pool_new(2);
    (void)ctx;
    par_pool_run(pool, small_work, NULL);
    par_pool_destroy(pool);
}

static void test_pools_made_in_tasks(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(40); i++) {
        PAR_SCOPE (s) {
            for (int k = 0; k < 8; k++)
                par_spawn(&s, make_a_pool, NULL);
        }
    }
    no_failures();
}

/* Forks of the outer pool are open while the inner one is entered and left in every order. */

static void reenter(void *ctx);

static void run_reenter(void *ctx)
{
    unsigned level = *(unsigned *)ctx;
    par_pool_run(level % 2 ? pool_a : pool_b, reenter, ctx);
}

static void reenter(void *ctx)
{
    unsigned level = *(unsigned *)ctx, next = level - 1;
    if (level == 0) {
        small_work(NULL);
        return;
    }
    switch (level % 3) {
    case 0:
        par_join(run_reenter, &next, small_work, NULL);
        break;
    case 1:
        par_join(small_work, NULL, run_reenter, &next);
        break;
    default:
        par_join(run_reenter, &next, run_reenter, &next);
    }
}

static void test_forks_across_pools(void **state)
{
    (void)state;
    pool_a = pool_new(SIZE_A);
    pool_b = pool_new(SIZE_B);
    for (size_t i = 0; i < scaled(60); i++) {
        unsigned level = 20;
        run_reenter(&level);
        reenter(&level);
    }
    par_pool_destroy(pool_a);
    par_pool_destroy(pool_b);
    no_failures();
}

/* A task of A spawns into a scope of A while it is inside B: the spawn goes to the scope. */

static atomic_uint spawned_runs;

static void count_run(void *ctx)
{
    (void)ctx;
    atomic_fetch_add(&spawned_runs, 1);
}

static void spawn_from_b(void *ctx)
{
    for (int i = 0; i < 10; i++)
        par_spawn(ctx, count_run, NULL);
    par_join(small_work, NULL, small_work, NULL);
}

static void enter_b_and_spawn(void *ctx)
{
    par_pool_run(pool_b, spawn_from_b, ctx);
}

static void spawn_across(void *ctx)
{
    (void)ctx;
    spawned_runs = 0;
    PAR_SCOPE (s) {
        for (int i = 0; i < 6; i++)
            par_spawn(&s, enter_b_and_spawn, &s);
        enter_b_and_spawn(&s);
    }
    expect(spawned_runs == 70);
}

static void test_spawn_across_pools(void **state)
{
    (void)state;
    pool_a = pool_new(SIZE_A);
    pool_b = pool_new(SIZE_B);
    for (size_t i = 0; i < scaled(200); i++)
        par_pool_run(pool_a, spawn_across, NULL);
    par_pool_destroy(pool_a);
    par_pool_destroy(pool_b);
    no_failures();
}

/* A task belongs to the pool of its scope: its threads run it while the spawner, in another pool that has no
 * thread to spare, is busy. */

typedef struct errand_t {
    par_scope_t *scope;
    par_pool_t *other;
    atomic_int is_done;
} errand_t;

static void do_errand(void *ctx)
{
    atomic_store(&((errand_t *)ctx)->is_done, 1);
}

static void send_and_wait(void *ctx)
{
    errand_t *errand = ctx;
    par_spawn(errand->scope, do_errand, errand);
    while (!atomic_load(&errand->is_done))
        sched_yield();
}

static void send_from_another_pool(void *ctx)
{
    errand_t *errand = ctx;
    PAR_SCOPE (s) {
        errand->scope = &s;
        par_pool_run(errand->other, send_and_wait, errand);
    }
}

static void test_spawned_from_a_pool_without_threads(void **state)
{
    (void)state;
    par_pool_t *pool = pool_new(3);
    errand_t errand = {.other = pool_new(1)};
    for (size_t i = 0; i < scaled(100); i++) {
        errand.is_done = 0;
        par_pool_run(pool, send_from_another_pool, &errand);
    }
    par_pool_destroy(errand.other);
    par_pool_destroy(pool);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(test_index_in_pools),
        TEST(test_index_of_16_guests),
        TEST(test_a_b_a),
        TEST(test_two_pools_cross),
        TEST(test_pools_made_in_tasks),
        TEST(test_forks_across_pools),
        TEST(test_spawn_across_pools),
        TEST(test_spawned_from_a_pool_without_threads),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("pool_nested", tests, NULL, NULL);
}
