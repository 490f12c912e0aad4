/* test_deque.c - the deque of jobs: what is pushed comes out once, from the right end, and for the
 * right scope. Jobs are numbered cells of an array; nothing runs them. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "deque.h"
#include "scale.h"

enum { N_JOBS = 20000, N_THIEVES = 3 };

static par__job_t *jobs[N_JOBS];
static par_scope_t scopes[2];
static par__deque_t deque;
static atomic_uchar seen[N_JOBS];
static atomic_int owner_is_done;

/* Starts the indices somewhere else than at 0: near the end of the ring, beyond 32 bits. */
static void start_at(int64_t index)
{
    par__deque_init(&deque);
    atomic_store(&deque.top, index);
    atomic_store(&deque.bottom, index);
}

static int set_up(void **state)
{
    (void)state;
    watchdog(100);
    for (size_t i = 0; i < N_JOBS; i++) {
        jobs[i] = calloc(1, sizeof(par__job_t));
        if (!jobs[i]) return 1;
        jobs[i]->ctx = &seen[i];
        jobs[i]->scope = &scopes[0];
        seen[i] = 0;
    }
    start_at(0);
    owner_is_done = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    par__deque_destroy(&deque);
    for (size_t i = 0; i < N_JOBS; i++)
        free(jobs[i]);
    return 0;
}

static void test_take_of_an_empty_deque(void **state)
{
    (void)state;
    static const int64_t starts[] = {0, 1, 63, 64, INT32_MAX, (int64_t)1 << 40};
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        par__job_t *job = NULL;
        start_at(starts[i]);
        assert_null(par__deque_take(&deque, INT64_MIN));
        assert_null(par__deque_take(&deque, starts[i]));
        assert_int_equal(par__deque_steal(&deque, NULL, &job), PAR__STEAL_EMPTY);
        assert_null(job);
        assert_false(par__deque_has_jobs(&deque));
        assert_int_equal(par__deque_bottom(&deque), starts[i]);
    }
}

static void test_owner_takes_youngest_thief_oldest(void **state)
{
    (void)state;
    par__job_t *job = NULL;
    start_at(61); /* goes round the end of the first ring */
    for (size_t i = 0; i < 10; i++)
        assert_true(par__deque_push(&deque, jobs[i]));
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(par__deque_steal(&deque, NULL, &job), PAR__STEAL_OK);
        assert_ptr_equal(job, jobs[i]);
        assert_ptr_equal(par__deque_take(&deque, INT64_MIN), jobs[9 - i]);
    }
    assert_false(par__deque_has_jobs(&deque));
    assert_null(par__deque_take(&deque, INT64_MIN));
}

static void test_take_stops_at_the_mark(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++)
        assert_true(par__deque_push(&deque, jobs[i]));
    int64_t mark = par__deque_bottom(&deque);
    assert_null(par__deque_take(&deque, mark));
    assert_true(par__deque_push(&deque, jobs[3]));
    assert_ptr_equal(par__deque_take(&deque, mark), jobs[3]);
    assert_null(par__deque_take(&deque, mark));
    assert_ptr_equal(par__deque_take(&deque, mark - 1), jobs[2]);
    assert_ptr_equal(par__deque_take(&deque, INT64_MIN), jobs[1]);
}

static void test_thief_of_one_scope(void **state)
{
    (void)state;
    par__job_t *job = NULL;
    jobs[1]->scope = &scopes[1];
    for (size_t i = 0; i < 3; i++)
        assert_true(par__deque_push(&deque, jobs[i]));
    assert_int_equal(par__deque_steal(&deque, &scopes[1], &job), PAR__STEAL_EMPTY);
    assert_int_equal(par__deque_steal(&deque, &scopes[0], &job), PAR__STEAL_OK);
    assert_ptr_equal(job, jobs[0]);
    assert_int_equal(par__deque_steal(&deque, &scopes[0], &job), PAR__STEAL_EMPTY);
    assert_int_equal(par__deque_steal(&deque, &scopes[1], &job), PAR__STEAL_OK);
    assert_ptr_equal(job, jobs[1]);
}

static void test_full_deque_refuses(void **state)
{
    (void)state;
    par__job_t *job;
    size_t n = 0;
    while (n < N_JOBS && par__deque_push(&deque, jobs[n]))
        n++;
    assert_int_equal(n, PAR__DEQUE_MAX);
    assert_false(par__deque_push(&deque, jobs[n]));
    assert_int_equal(par__deque_steal(&deque, NULL, &job), PAR__STEAL_OK);
    assert_ptr_equal(job, jobs[0]);
    assert_true(par__deque_push(&deque, jobs[n]));
    for (size_t i = 0; i < PAR__DEQUE_MAX; i++)
        assert_ptr_equal(par__deque_take(&deque, INT64_MIN), jobs[n - i]);
    assert_null(par__deque_take(&deque, INT64_MIN));
}

/* An owner that pushes and takes against thieves: each job comes out exactly once. */

static void mark_seen(par__job_t *job)
{
    atomic_fetch_add((atomic_uchar *)job->ctx, 1);
}

static void *thief_main(void *scope)
{
    par__job_t *job;
    while (!owner_is_done || par__deque_has_jobs(&deque))
        if (par__deque_steal(&deque, scope, &job) == PAR__STEAL_OK) mark_seen(job);
    return NULL;
}

static void own(unsigned pattern)
{
    par__job_t *job;
    size_t next = 0;
    for (unsigned step = 0; next < N_JOBS; step++) {
        unsigned burst = 1 + (step * 2654435761u >> pattern) % (1u << pattern);
        for (unsigned i = 0; i < burst && next < N_JOBS; i++) {
            if (!par__deque_push(&deque, jobs[next])) mark_seen(jobs[next]);
            next++;
        }
        for (unsigned i = 0; i < burst; i++)
            if ((job = par__deque_take(&deque, INT64_MIN)) != NULL) mark_seen(job);
    }
    while ((job = par__deque_take(&deque, INT64_MIN)) != NULL)
        mark_seen(job);
}

static void test_exactly_once(void **state)
{
    (void)state;
    for (size_t round = 0; round < scaled(200); round++) {
        pthread_t thieves[N_THIEVES];
        par__deque_destroy(&deque);
        start_at(round % 2 ? 60 : ((int64_t)1 << 33) - 5);
        for (size_t i = 0; i < N_JOBS; i++)
            seen[i] = 0;
        owner_is_done = 0;
        for (size_t i = 0; i < N_THIEVES; i++)
            assert_int_equal(
                pthread_create(&thieves[i], NULL, thief_main, i == 0 ? &scopes[0] : NULL), 0);
        own((unsigned)(round % 8));
        owner_is_done = 1;
        for (size_t i = 0; i < N_THIEVES; i++)
            pthread_join(thieves[i], NULL);
        for (size_t i = 0; i < N_JOBS; i++)
            if (seen[i] != 1) fail_msg("round %zu: job %zu came out %d times", round, i, seen[i]);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_take_of_an_empty_deque), TEST(test_owner_takes_youngest_thief_oldest),
        TEST(test_take_stops_at_the_mark), TEST(test_thief_of_one_scope),
        TEST(test_full_deque_refuses),     TEST(test_exactly_once),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("deque", tests, NULL, NULL);
}
