/* pool_options [WORKERS] - a pool of one's own beside the default one: how many workers, their
 * names, where they run, what they do when they start and end, and what they did.
 *
 * Most programs need none of this: the first parallel call starts the default pool, and PAR_*
 * environment variables change it. A library that must not take all cores, or a program with two
 * kinds of work, makes a pool. */
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <par/par.h>

typedef struct hooks_t {
    atomic_uint started, ended;
} hooks_t;

/* Runs on each thread of the pool: the place for floating point modes, signal masks, a device. */
static void worker_start(unsigned index, void *ctx)
{
    (void)index;
    atomic_fetch_add(&((hooks_t *)ctx)->started, 1);
}

static void worker_end(unsigned index, void *ctx)
{
    (void)index;
    atomic_fetch_add(&((hooks_t *)ctx)->ended, 1);
}

typedef struct job_t {
    uint32_t limit;
    uint32_t n_primes;
    unsigned n_workers;
} job_t;

static int is_prime(uint32_t n)
{
    for (uint32_t d = 2; (uint64_t)d * d <= n; d++)
        if (n % d == 0) return 0;
    return n >= 2;
}

PAR_DEFINE_REDUCE(primes_sum, uint32_t, 0, a, b, a + b, const void *, unused, i)
{
    (void)unused;
    return (uint32_t)is_prime((uint32_t)i);
}

/* Knows nothing of pools: its parallel calls use the pool that it runs in. */
static void primes_count(void *ctx)
{
    job_t *job = ctx;
    job->n_workers = par_num_workers();
    job->n_primes = primes_sum(0, job->limit, NULL);
}

static int workers_parse(const char *text, unsigned *n)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || value > 1024) {
        fprintf(stderr,
                "pool_options: WORKERS is \"%s\": it must be a number from 0 (one a core) "
                "to 1024\n",
                text);
        return -1;
    }
    *n = (unsigned)value;
    return 0;
}

int main(int argc, char **argv)
{
    hooks_t hooks = {0, 0};
    par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
    options.threads = 3;             /* the caller is one of them */
    options.bind = PAR_BIND_NONE;    /* leave the cores to the default pool */
    options.spin_ns = 0;             /* sleep at once when there is no work */
    options.stack_bytes = 256 << 10; /* of each thread */
    options.name = "primes";         /* seen by top -H, ps -L and gdb as primes-w01, ... */
    options.on_start = worker_start;
    options.on_exit = worker_end;
    options.hook_ctx = &hooks;
    if (argc > 2 || (argc == 2 && workers_parse(argv[1], &options.threads) != 0)) {
        fputs("usage: pool_options [WORKERS]\n", stderr);
        return 1;
    }
    par_pool_t *pool;
    par_status_t status = par_pool_create(&pool, &options);
    if (status != PAR_OK) {
        fprintf(stderr, "pool_options: no pool: %s\n", par_strerror(status));
        return 1;
    }
    job_t here = {1000000, 0, 0}, there = here;
    primes_count(&here);                      /* in the default pool */
    par_pool_run(pool, primes_count, &there); /* in ours */
    printf("%u primes below %u by %u workers of the default pool\n", here.n_primes, here.limit,
           here.n_workers);
    printf("%u primes below %u by %u workers of our pool\n\n", there.n_primes, there.limit,
           there.n_workers);
    par_stats_print(pool, stdout);
    par_pool_destroy(pool);
    printf("\nhooks: %u threads started, %u ended\n", hooks.started, hooks.ended);
    return here.n_primes == there.n_primes && hooks.started == hooks.ended ? 0 : 1;
}
