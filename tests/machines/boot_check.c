/* boot_check.c - is each thread of a pool where the plan wants it? For the machine that it runs on.
 *
 *   boot_check [WORKERS [CPU...]]   WORKERS: what the default pool must have; CPU: which are switched
 *                                   off while a pool works (needs root)
 *
 * Prints the machine, a line for each policy, and "passed" or "FAILED" at the end. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <par/par.h>

#include "os.h"
#include "placement.h"

enum { MAX_WORKERS = 1024, N_ITEMS = 200000 };

static unsigned n_failed;

#define EXPECT(cond, ...)                                                                          \
    do {                                                                                           \
        if (cond) break;                                                                           \
        n_failed++;                                                                                \
        printf("FAILED: " __VA_ARGS__);                                                            \
        putchar('\n');                                                                             \
    } while (0)

/* ---- where the threads are ---- */

static int pinned_to[MAX_WORKERS]; /* -1: to several */

static void pin_note(unsigned index, void *ctx)
{
    cpu_set_t *set = CPU_ALLOC(MAX_WORKERS);
    size_t bytes = CPU_ALLOC_SIZE(MAX_WORKERS);
    (void)ctx;
    pinned_to[index] = -1;
    if (set == NULL || sched_getaffinity(0, bytes, set) != 0) return;
    if (CPU_COUNT_S(bytes, set) == 1)
        for (int cpu = 0; cpu < MAX_WORKERS; cpu++)
            if (CPU_ISSET_S((size_t)cpu, bytes, set)) pinned_to[index] = cpu;
    CPU_FREE(set);
}

static void work(size_t begin, size_t end, void *ctx)
{
    uint64_t sum = 0;
    for (; begin < end; begin++)
        sum += begin;
    __atomic_add_fetch((uint64_t *)ctx, sum, __ATOMIC_RELAXED);
}

static bool pool_works(par_pool_t *pool)
{
    uint64_t sum = 0;
    par_options_t options = PAR_OPTIONS_INIT;
    options.pool = pool;
    options.grain = 100;
    par_for_range(0, N_ITEMS, work, &sum, &options);
    return sum == (uint64_t)N_ITEMS * (N_ITEMS - 1) / 2;
}

/* One policy: the pool's threads must be bound as the plan that is made from the same place says. */
static void policy_check(par_bind_t bind, par_places_t places)
{
    par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
    par_pool_t *pool;
    par__plan_t plan;
    unsigned n_pinned = 0;
    options.bind = bind;
    options.places = places;
    options.on_start = pin_note;
    if (par__plan_make(&plan, 0, bind, places, par__os_current_pu()) != PAR_OK) abort();
    par_status_t status = par_pool_create(&pool, &options);
    EXPECT(status == PAR_OK, "no pool: %s", par_strerror(status));
    if (status != PAR_OK) return;
    EXPECT(par_pool_num_workers(pool) == plan.n_workers, "%u workers instead of %u",
           par_pool_num_workers(pool), plan.n_workers);
    EXPECT(pool_works(pool), "a wrong sum");
    par_pool_destroy(pool); /* every on_start has run */
    for (unsigned i = 1; i < plan.n_workers; i++) {
        EXPECT(plan.pu[i] < 0 || pinned_to[i] == plan.pu[i], "worker %u is on %d instead of %d", i,
               pinned_to[i], plan.pu[i]);
        EXPECT(plan.pu[i] < 0 || plan.pu[i] != plan.caller_place, "worker %u is on the caller's",
               i);
        for (unsigned k = 1; k < i; k++)
            EXPECT(plan.pu[i] < 0 || plan.pu[i] != plan.pu[k], "two workers on %d", plan.pu[i]);
        n_pinned += plan.pu[i] >= 0;
    }
    printf("policy %d places %d: %u workers, %u pinned: %s\n", (int)bind, (int)places,
           plan.n_workers, n_pinned, plan.why);
    par__plan_free(&plan);
}

/* ---- CPUs that go away under way ---- */

static void cpu_switch(const char *cpu, const char *to)
{
    char path[128];
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%s/online", cpu);
    FILE *file = fopen(path, "w");
    bool is_written = file != NULL && fputs(to, file) >= 0;
    if (file != NULL) is_written &= fclose(file) == 0;
    EXPECT(is_written, "%s cannot be written", path);
}

static void hot_unplug_check(int n_cpus, char **cpus)
{
    par_pool_t *pool = NULL;
    par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
    options.bind = PAR_BIND_SPREAD;
    EXPECT(par_pool_create(&pool, &options) == PAR_OK, "no pool");
    for (int i = 0; i < n_cpus; i++) {
        cpu_switch(cpus[i], "0");
        EXPECT(pool_works(pool), "a wrong sum without CPU %s", cpus[i]);
    }
    policy_check(PAR_BIND_CORES, PAR_PLACES_THREADS);
    for (int i = 0; i < n_cpus; i++)
        cpu_switch(cpus[i], "1");
    EXPECT(pool_works(pool), "a wrong sum with all CPUs back");
    par_pool_destroy(pool);
    printf("%d CPUs switched off and on while a pool worked\n", n_cpus);
}

/* ---- all of it, on a thread that stays where it is: then two plans are the same ---- */

typedef struct arguments_t {
    unsigned workers;
    int n_cpus;
    char **cpus;
} arguments_t;

static void *check_all(void *ctx)
{
    const arguments_t *arguments = ctx;
    par__os_bind_self(par__os_current_pu());
    for (int bind = PAR_BIND_DEFAULT; bind <= PAR_BIND_SPREAD; bind++)
        for (int places = PAR_PLACES_DEFAULT; places <= PAR_PLACES_THREADS; places++)
            policy_check((par_bind_t)bind, (par_places_t)places);
    unsigned workers = par_num_workers();
    EXPECT(arguments->workers == 0 || workers == arguments->workers, "%u workers instead of %u",
           workers, arguments->workers);
    EXPECT(pool_works(NULL), "a wrong sum in the default pool");
    if (arguments->n_cpus > 0) hot_unplug_check(arguments->n_cpus, arguments->cpus);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    arguments_t arguments = {.workers = argc > 1 ? (unsigned)atoi(argv[1]) : 0};
    setvbuf(stdout, NULL, _IOLBF, 0);
    par_topology_print(stdout);
    if (argc > 2) {
        arguments.n_cpus = argc - 2;
        arguments.cpus = argv + 2;
    }
    if (pthread_create(&thread, NULL, check_all, &arguments) != 0) abort();
    pthread_join(thread, NULL);
    puts(n_failed == 0 ? "passed" : "FAILED");
    return n_failed != 0;
}
