/* test_scope_nested.c - scopes in scopes: tasks that spawn outwards and from other pools, several open at
 * once. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#include <par/scope.h>

#include "pools.h"
#include "scale.h"
#include "scope_runs.h"

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
        expect(runs[l.base + i] == 1);
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
            expect(runs[l.base + 100 * k + i] == 1);
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
            expect(runs[i] == (i % 100 < 60));
    }
}

static void test_spawn_outwards(void **state)
{
    (void)state;
    in_each_pool(outwards, NULL);
    outwards(NULL);
    no_failures();
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
        expect_runs(200);
    }
}

static void test_spawn_from_another_pool(void **state)
{
    (void)state;
    par_pool_t *other = pool_new(2);
    in_each_pool(abroad, other);
    abroad(other);
    par_pool_destroy(other);
    no_failures();
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
        expect(runs[base + i] > 0);
}

static void *outside_main(void *arg)
{
    size_t slot = *(size_t *)arg;
    for (size_t i = 0; i < scaled(100); i++) {
        for (size_t k = 0; k < 64; k++)
            runs[64 * slot + k] = 0;
        nest(3, 64 * slot);
        for (size_t k = 0; k < 64; k++)
            expect(runs[64 * slot + k] == 1);
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
    no_failures();
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
        expect_runs(200);
    }
    no_failures();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(test_spawn_outwards),
        TEST(test_spawn_from_another_pool),
        TEST(test_nested_from_outside_threads),
        TEST(test_two_open_scopes),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("scope_nested", tests, NULL, NULL);
}
