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
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"
#include "oracle.h"
#include "shake.h"

enum { MAX_OUTSIDE = 4, HANG_S = 90 };

static uint64_t seed;
static atomic_uint_fast64_t round_now;
static atomic_uint_fast64_t n_jobs;
static atomic_uint_fast64_t n_calls;

void oracle_say_where(FILE *out)
{
    fprintf(out, "stress: repeat with --seed %" PRIu64 " --first %" PRIuFAST64 " --rounds 1\n",
            seed, atomic_load(&round_now));
}

_Noreturn void wrong(const char *what, size_t n)
{
    fprintf(stderr, "stress: WRONG: %s, %zu jobs\n", what, n);
    oracle_say_where(stderr);
    abort();
}

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

static void *outside_main(void *arg)
{
    outside_t *o = arg;
    for (unsigned i = 0; i < o->n_calls; i++) {
        uint64_t r = random_of(&o->work.random);
        o->work.n = 2 + (r >> 8) % (r % 8 == 0 ? MAX_JOBS - 2 : 1000);
        o->work.may_wait = o->pool != NULL && r % 16 != 1;
        if (!o->work.may_wait)
            call_one(&o->work);
        else
            par_pool_run(o->pool, call_one, &o->work);
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
        o->n_calls = rarity == 1 << 8 ? 20 : rarity == 1 << 11 ? 60 : rarity != 0 ? 200 : 500;
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
