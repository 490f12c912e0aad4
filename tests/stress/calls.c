/* calls.c - see calls.h. Each job raises the byte that is its own. */
#include "calls.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

typedef struct part_t {
    unsigned char *ran;
    size_t first, last;
    uint64_t sum;
} part_t;

static void tree(void *ctx)
{
    part_t *p = ctx;
    if (p->last - p->first == 1) {
        p->ran[p->first]++;
        p->sum = p->first;
        return;
    }
    size_t middle = p->first + (p->last - p->first + 1) / 2;
    part_t a = {p->ran, p->first, middle, 0}, b = {p->ran, middle, p->last, 0};
    par_join(tree, &a, tree, &b);
    p->sum = a.sum + b.sum;
}

static void call_join(work_t *work)
{
    part_t all = {work->ran, 0, work->n, 0};
    tree(&all);
    if (all.sum != (uint64_t)work->n * (work->n - 1) / 2) wrong("the sum of a join", work->n);
}

/* A comb: the first half is one job, so the stack of forks is as deep as there are jobs. */
static void comb(void *ctx)
{
    part_t *p = ctx;
    if (p->last - p->first < 2) {
        tree(p);
        return;
    }
    part_t a = {p->ran, p->first, p->first + 1, 0}, b = {p->ran, p->first + 1, p->last, 0};
    par_join(comb, &b, tree, &a);
    p->sum = a.sum + b.sum;
}

static void call_comb(work_t *work)
{
    if (work->n > 1000) work->n = 1000;
    part_t all = {work->ran, 0, work->n, 0};
    comb(&all);
    if (all.sum != (uint64_t)work->n * (work->n - 1) / 2) wrong("the sum of a comb", work->n);
}

static void mark(void *ctx)
{
    ++*(unsigned char *)ctx;
}

static void call_scope(work_t *work)
{
    PAR_SCOPE (s) {
        for (size_t i = 0; i < work->n; i++)
            par_spawn(&s, mark, work->ran + i);
    }
}

/* Tasks that are trees. */
static void call_scope_of_trees(work_t *work)
{
    enum { N_PARTS = 20 };
    part_t parts[N_PARTS];
    PAR_SCOPE (s) {
        for (size_t i = 0; i < N_PARTS; i++) {
            parts[i] = (part_t){work->ran, work->n * i / N_PARTS, work->n * (i + 1) / N_PARTS, 0};
            if (parts[i].first < parts[i].last) par_spawn(&s, tree, &parts[i]);
        }
    }
}

/* Tasks that spawn into the scope that they belong to. */
typedef struct burst_t {
    par_scope_t *scope;
    unsigned char *ran;
    size_t first, last;
} burst_t;

static void burst(void *ctx)
{
    burst_t b = *(burst_t *)ctx;
    while (b.last - b.first > 1) {
        burst_t half = {b.scope, b.ran, b.first + (b.last - b.first) / 2, b.last};
        par_spawn_copy(b.scope, burst, &half, sizeof half);
        b.last = half.first;
    }
    b.ran[b.first]++;
}

static void call_burst(work_t *work)
{
    PAR_SCOPE (s) {
        burst_t all = {&s, work->ran, 0, work->n};
        par_spawn_copy(&s, burst, &all, sizeof all);
    }
}

/* A scope inside each leaf of a tree of joins. */
static void tree_of_scopes(void *ctx)
{
    part_t *p = ctx;
    if (p->last - p->first <= 16) {
        PAR_SCOPE (s) {
            for (size_t i = p->first; i < p->last; i++)
                par_spawn(&s, mark, p->ran + i);
        }
        return;
    }
    size_t middle = p->first + (p->last - p->first) / 2;
    part_t a = {p->ran, p->first, middle, 0}, b = {p->ran, middle, p->last, 0};
    par_join(tree_of_scopes, &a, tree_of_scopes, &b);
}

static void call_tree_of_scopes(work_t *work)
{
    part_t all = {work->ran, 0, work->n, 0};
    tree_of_scopes(&all);
}

static void mark_index(size_t i, void *ctx)
{
    ((unsigned char *)ctx)[i]++;
}

static void call_for(work_t *work)
{
    par_for(0, work->n, mark_index, work->ran);
}

static void mark_range(size_t begin, size_t end, void *ctx)
{
    for (; begin < end; begin++)
        ((unsigned char *)ctx)[begin]++;
}

static void call_for_blocks(work_t *work)
{
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = 1 + random_of(&work->random) % 50;
    par_for_range(0, work->n, mark_range, work->ran, &options);
}

static void fold_mark(void *acc, size_t begin, size_t end, void *ctx)
{
    for (; begin < end; begin++) {
        ((unsigned char *)ctx)[begin]++;
        *(uint64_t *)acc += begin;
    }
}

static void combine_sum(void *left, const void *right, void *ctx)
{
    (void)ctx;
    *(uint64_t *)left += *(const uint64_t *)right;
}

static void call_reduce(work_t *work)
{
    uint64_t sum = 0;
    par_reduce(0, work->n, &sum, sizeof sum, fold_mark, combine_sum, work->ran, NULL);
    if (sum != (uint64_t)work->n * (work->n - 1) / 2) wrong("the sum of a reduction", work->n);
}

static void run_join(void *ctx)
{
    call_join(ctx);
}

static void call_other_pool(work_t *work)
{
    par_pool_run(work->other, run_join, work);
}

static void run_other_pool(void *ctx)
{
    call_other_pool(ctx);
}

static void nothing(void *ctx)
{
    (void)ctx;
}

static void call_other_pool_inside(work_t *work)
{
    par_join(run_other_pool, work, nothing, NULL);
}

/* One job each: what is slow is the start and the end. */
static void call_pool_comes_and_goes(work_t *work)
{
    par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
    par_pool_t *pool;
    if (work->n > 200) work->n = 200;
    options.threads = 1 + (unsigned)(random_of(&work->random) % 4);
    options.bind = PAR_BIND_NONE;
    if (par_pool_create(&pool, &options) != PAR_OK) wrong("par_pool_create", options.threads);
    par_pool_run(pool, run_join, work);
    par_pool_destroy(pool);
}

/* Small calls with pauses, so that everybody has just gone to sleep. */
static void call_with_naps(work_t *work)
{
    if (work->n > 64) work->n = 64;
    for (size_t i = 0; i < work->n; i++) {
        unsigned char *ran = work->ran + i;
        par_join(nothing, NULL, mark, ran);
        if (random_of(&work->random) % 4 == 0) usleep((unsigned)(random_of(&work->random) % 150));
    }
}

/* Calls that end only if others come. Whoever opens them does not help, so a wake-up that is lost leaves them
 * waiting, and is not made up for by the next one. */

typedef struct meeting_t {
    unsigned char *ran;
    atomic_uint n_here;
    unsigned n_expected;
} meeting_t;

static void wait_for_all(void *ctx)
{
    meeting_t *m = ctx;
    while (atomic_load(&m->n_here) < m->n_expected)
        sched_yield();
}

static void come(void *ctx)
{
    meeting_t *m = ctx;
    m->ran[atomic_fetch_add(&m->n_here, 1)]++;
}

static void come_and_wait(void *ctx)
{
    come(ctx);
    wait_for_all(ctx);
}

/* From just gone to sleep to fast asleep. */
static void nap(work_t *work)
{
    uint64_t r = random_of(&work->random);
    if (r % 4 != 0) usleep((unsigned)((r >> 8) % 150));
}

static void call_join_that_needs_another(work_t *work)
{
    if (!work->may_wait || par_num_workers() < 2) {
        call_join(work);
        return;
    }
    if (work->n > 30) work->n = 30;
    for (size_t i = 0; i < work->n; i++) {
        meeting_t one = {work->ran + i, 0, 1};
        nap(work);
        par_join(wait_for_all, &one, come, &one);
    }
}

/* One at a time: two of them could each have one of the threads and wait for the other's. */
static void call_scope_that_needs_all(work_t *work)
{
    static pthread_mutex_t one_meeting = PTHREAD_MUTEX_INITIALIZER;
    unsigned n_others = par_num_workers() - 1;
    if (!work->may_wait || n_others == 0) {
        call_join(work);
        return;
    }
    work->n = n_others * (1 + work->n % 6);
    pthread_mutex_lock(&one_meeting);
    for (size_t i = 0; i < work->n; i += n_others) {
        meeting_t all = {work->ran + i, 0, n_others};
        nap(work);
        PAR_SCOPE (s) {
            for (unsigned k = 0; k < n_others; k++)
                par_spawn(&s, come_and_wait, &all);
            wait_for_all(&all);
        }
    }
    pthread_mutex_unlock(&one_meeting);
}

typedef void call_fn(work_t *work);

static call_fn *const calls[] = {
    call_join,           call_join,
    call_comb,           call_scope,
    call_scope_of_trees, call_burst,
    call_tree_of_scopes, call_for,
    call_for_blocks,     call_reduce,
    call_other_pool,     call_other_pool_inside,
    call_join,           call_pool_comes_and_goes,
    call_with_naps,
};

/* Now and then: they take their time, most of which is sleep. */
static call_fn *const meetings[] = {call_join_that_needs_another, call_scope_that_needs_all};

void call_one(void *ctx)
{
    work_t *work = ctx;
    uint64_t r = random_of(&work->random);
    if (r % 64 == 0)
        meetings[(r >> 8) % (sizeof meetings / sizeof meetings[0])](work);
    else
        calls[(r >> 8) % (sizeof calls / sizeof calls[0])](work);
}
