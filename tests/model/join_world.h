/* join_world.h - what tests of joins share: workers, of which thread 1 is the program, and tasks that count
 * themselves. What a task writes is plain, so a missing order is a race. */
#ifndef MODEL_JOIN_WORLD_H
#define MODEL_JOIN_WORLD_H

#include "fixture.h"

static uint32_t left, right, deep;
static par_scope_t *storage[2];
static unsigned n_scopes;

static inline void begin(unsigned n)
{
    fixture_begin(n);
    left = right = deep = 0;
    n_scopes = 0;
    for (unsigned i = 0; i < 2; i++)
        storage[i] = model_aligned_alloc(64, sizeof *storage[i]);
    for (unsigned i = 1; i <= n; i++) {
        static const char *const words[] = {"", "word1", "word2", "word3"};
        static const char *const parkers[] = {"", "parker1", "parker2", "parker3"};
        static const char *const waiters[] = {"", "waiter1", "waiter2", "waiter3"};
        model_name(&fixture_worker(i)->forks.word, words[i]);
        model_name(&fixture_worker(i)->parker.word, parkers[i]);
        model_name(&fixture_worker(i)->waiter, waiters[i]);
        model_name(&fixture_worker(i)->forks.base[0].state, "slot0");
    }
}

static inline void begin_2(void)
{
    begin(2);
}

static inline void begin_3(void)
{
    begin(3);
}

static inline void pool_thread(void)
{
    par__worker_main(fixture_enter());
}

static inline void add_left(void *ctx)
{
    (void)ctx;
    left++;
}

static inline void add_right(void *ctx)
{
    (void)ctx;
    right++;
}

static inline void add_deep(void *ctx)
{
    (void)ctx;
    deep++;
}

static inline void fork_right_deep(void *ctx)
{
    par_join(add_right, ctx, add_deep, ctx);
}

#endif
