/* stress.c - rounds of random parallel work, in which every job is counted exactly once.
 *
 *   par_stress [--seconds S] [--seed N] [--first ROUND] [--rounds R] [--results FILE]
 *
 * A round has a pool size, one to four threads from outside, a rarity of the pauses that shake.c puts into
 * the core, and for each thread a list of calls: all of them follow from the seed and the round's number
 * (what the machine's scheduler adds does not). Each job raises the byte that is its own: 1 is right. A
 * failure prints the options that repeat its round. */
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <par/par.h>

#include "oracle.h"
#include "shake.h"

enum { MAX_JOBS = 1 << 15, MAX_OUTSIDE = 4, HANG_S = 90 };

static uint64_t seed;
static atomic_uint_fast64_t round_now;
static atomic_uint_fast64_t n_jobs;
static atomic_uint_fast64_t n_calls;

static uint64_t random_of(uint64_t *state)
{
    uint64_t x = *state += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

void oracle_say_where(FILE *out)
{
    fprintf(out, "stress: repeat with --seed %" PRIu64 " --first %" PRIuFAST64 " --rounds 1\n",
            seed, atomic_load(&round_now));
}

_Noreturn static void wrong(const char *what, size_t n)
{
    fprintf(stderr, "stress: WRONG: %s, %zu jobs\n", what, n);
    oracle_say_where(stderr);
    abort();
}

/* ---- the calls ---- */

/* What one thread from outside works on. */
typedef struct work_t {
    unsigned char *ran; /* a byte a job */
    uint64_t random;
    par_pool_t *other; /* a pool beside the one in use */
    size_t n;
    bool may_wait; /* nobody stops the pool meanwhile */
} work_t;

typedef void call_fn(work_t *work);

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
    if (work->n > 200) work->n = 200;
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
    work->n = (work->n > 200 ? 200 : work->n) / n_others * n_others;
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

static call_fn *const calls[] = {
    call_join,
    call_join,
    call_comb,
    call_scope,
    call_scope_of_trees,
    call_burst,
    call_tree_of_scopes,
    call_for,
    call_for_blocks,
    call_reduce,
    call_other_pool,
    call_other_pool_inside,
    call_join,
    call_pool_comes_and_goes,
    call_with_naps,
    call_join_that_needs_another,
    call_scope_that_needs_all,
};

/* ---- a round ---- */

typedef struct outside_t {
    pthread_t thread;
    work_t work;
    par_pool_t *pool; /* NULL: the default one */
    unsigned n_calls;
    bool is_last; /* it stops the default pool now and then */
} outside_t;

static void expect_each_once(work_t *work)
{
    for (size_t i = 0; i < work->n; i++)
        if (work->ran[i] != 1) {
            fprintf(stderr, "stress: job %zu ran %u times\n", i, work->ran[i]);
            wrong("a job did not run once", work->n);
        }
    memset(work->ran, 0, work->n);
    atomic_fetch_add(&n_jobs, work->n);
    atomic_fetch_add(&n_calls, 1);
}

static void run_call(void *ctx)
{
    work_t *work = ctx;
    calls[random_of(&work->random) % (sizeof calls / sizeof calls[0])](work);
}

static void *outside_main(void *arg)
{
    outside_t *o = arg;
    for (unsigned i = 0; i < o->n_calls; i++) {
        uint64_t r = random_of(&o->work.random);
        o->work.n = 2 + (r >> 8) % (r % 8 == 0 ? MAX_JOBS - 2 : 1000);
        o->work.may_wait = o->pool != NULL && r % 16 != 1;
        if (!o->work.may_wait)
            run_call(&o->work);
        else
            par_pool_run(o->pool, run_call, &o->work);
        expect_each_once(&o->work);
        if (o->is_last && r % 64 == 2 && par_shutdown() != PAR_OK) wrong("par_shutdown", 0);
    }
    return NULL;
}

static par_pool_t *pool_of(unsigned threads)
{
    par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
    par_pool_t *pool;
    options.threads = threads;
    options.bind = PAR_BIND_NONE;
    if (par_pool_create(&pool, &options) != PAR_OK) wrong("par_pool_create", threads);
    return pool;
}

static void round_run(uint64_t number)
{
    static const uint32_t rarities[] = {0, 1 << 14, 1 << 11, 1 << 8};
    static const unsigned sizes[] = {1, 2, 2, 3, 4, 4, 8, 16};
    static outside_t outside[MAX_OUTSIDE];
    uint64_t random = seed ^ number * 0x9E3779B97F4A7C15u;
    uint32_t rarity = rarities[random_of(&random) % 4];
    unsigned n_outside = 1 + (unsigned)(random_of(&random) % MAX_OUTSIDE);
    if (par_shutdown() != PAR_OK) wrong("par_shutdown", 0); /* nobody is in the core now */
    shake_begin(random_of(&random), rarity);
    atomic_store(&round_now, number);
    par_pool_t *a = pool_of(sizes[random_of(&random) % 8]);
    par_pool_t *b = pool_of(sizes[random_of(&random) % 8]);
    for (unsigned i = 0; i < n_outside; i++) {
        outside_t *o = &outside[i];
        if (o->work.ran == NULL) o->work.ran = calloc(MAX_JOBS, 1);
        if (o->work.ran == NULL) wrong("no memory", MAX_JOBS);
        o->work.random = random_of(&random);
        o->work.other = b;
        o->pool = random_of(&random) % 3 == 0 ? NULL : a;
        o->n_calls = rarity == 1 << 8 ? 20 : rarity == 1 << 11 ? 60 : 200;
        o->is_last = i == n_outside - 1;
        if (pthread_create(&o->thread, NULL, outside_main, o) != 0) wrong("pthread_create", i);
    }
    for (unsigned i = 0; i < n_outside; i++)
        pthread_join(outside[i].thread, NULL);
    par_pool_destroy(a);
    par_pool_destroy(b);
}

/* ---- the program ---- */

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* A call that waits for ever leaves the number of calls as it is. */
static void *watch_main(void *arg)
{
    uint64_t last = UINT64_MAX;
    (void)arg;
    for (unsigned idle_s = 0;; sleep(1)) {
        uint64_t now = atomic_load(&n_calls);
        idle_s = now == last ? idle_s + 1 : 0;
        last = now;
        if (idle_s < HANG_S) continue;
        fprintf(stderr, "stress: LOST: no call has ended for %d s\n", HANG_S);
        oracle_say_where(stderr);
        abort();
    }
}

_Noreturn static void usage(const char *given)
{
    fprintf(stderr,
            "par_stress: \"%s\" is no option; accepted are --seconds S, --seed N, --first ROUND, "
            "--rounds R, --results FILE\n",
            given);
    exit(2);
}

static void results_write(const char *path, double seconds)
{
    FILE *file = path == NULL ? NULL : fopen(path, "a");
    if (file == NULL) return;
    fprintf(file, "stress: jobs, each counted once\t%" PRIuFAST64 " in %.0f s\t>= 1e9 in one run\n",
            atomic_load(&n_jobs), seconds);
    fprintf(file, "stress: futex waits under the oracle, lost\t%lu, 0\t0 lost\n",
            oracle_counts().waits);
    fclose(file);
}

int main(int argc, char **argv)
{
    double seconds = 20;
    uint64_t first = 0, rounds = UINT64_MAX;
    const char *results = NULL;
    struct timespec clock;
    clock_gettime(CLOCK_REALTIME, &clock);
    seed = (uint64_t)clock.tv_nsec;
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 == argc) usage(argv[i]);
        const char *value = argv[i + 1];
        if (strcmp(argv[i], "--seconds") == 0)
            seconds = strtod(value, NULL);
        else if (strcmp(argv[i], "--seed") == 0)
            seed = strtoull(value, NULL, 0);
        else if (strcmp(argv[i], "--first") == 0)
            first = strtoull(value, NULL, 0);
        else if (strcmp(argv[i], "--rounds") == 0)
            rounds = strtoull(value, NULL, 0);
        else if (strcmp(argv[i], "--results") == 0)
            results = value;
        else
            usage(argv[i]);
    }
    printf("stress: --seed %" PRIu64 "\n", seed);
    fflush(stdout);
    pthread_t watch;
    if (pthread_create(&watch, NULL, watch_main, NULL) != 0) wrong("pthread_create", 0);
    pthread_detach(watch);
    double start = now_s();
    uint64_t done = 0;
    while (done < rounds && now_s() - start < seconds)
        round_run(first + done++);
    oracle_counts_t counts = oracle_counts();
    printf(
        "stress: %" PRIu64 " rounds, %" PRIuFAST64 " calls, %" PRIuFAST64
        " jobs once each, %lu futex waits under a time limit (%lu reached it), none lost, %.0f s\n",
        done, atomic_load(&n_calls), atomic_load(&n_jobs), counts.waits, counts.limits,
        now_s() - start);
    results_write(results, now_s() - start);
    return 0;
}
