/* test_resources.c - real limits of the system, each in a process of its own: address space, threads of a
 * user, file descriptors, stack. A pool gets what there is, or a status; a parallel call completes. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <par/for.h>
#include <par/scope.h>

#include "child.h"
#include "pools.h"
#include "scale.h"

static int reset(void **state)
{
    (void)state;
    watchdog(150);
    return 0;
}

static atomic_uint wrong;

static void count(void *ctx)
{
    atomic_fetch_add((atomic_uint *)ctx, 1);
}

static void count_index(size_t i, void *ctx)
{
    (void)i;
    count(ctx);
}

static void work(void *ctx)
{
    atomic_uint runs = 0;
    (void)ctx;
    if (!fib_is_right(12)) wrong++;
    PAR_SCOPE (s) {
        for (int i = 0; i < 300; i++)
            par_spawn(&s, count, &runs);
    }
    par_for(0, 300, count_index, &runs);
    if (runs != 600) wrong++;
}

/* 0: all as it must be. n_pools: those that could be had. */
static int use_pools(unsigned *n_pools)
{
    static const unsigned sizes[] = {2, 8, 64, 500};
    *n_pools = 0;
    work(NULL);
    for (size_t i = 0; i < 4; i++) {
        par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
        par_pool_t *pool = NULL;
        options.threads = sizes[i];
        options.bind = PAR_BIND_NONE;
        par_status_t status = par_pool_create(&pool, &options);
        if (status == PAR_OK) {
            ++*n_pools;
            if (par_pool_num_workers(pool) > sizes[i]) return 10;
            par_pool_run(pool, work, NULL);
        } else if (pool != NULL ||
                   (status != PAR_EAGAIN && status != PAR_ENOMEM && status != PAR_ETOPOLOGY)) {
            return 11;
        }
        work(NULL);
        par_pool_destroy(pool);
        if (par_shutdown() != PAR_OK) return 12;
    }
    return wrong ? 13 : 0;
}

static int limit(int resource, rlim_t value)
{
    struct rlimit r = {value, value};
    return setrlimit(resource, &r);
}

static size_t address_space(void)
{
    size_t pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%zu", &pages) != 1) abort();
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* The rest of the address space in MB; the first call needs some of it. */
static int with_address_space(size_t megabytes)
{
    unsigned n_pools;
    if (limit(RLIMIT_AS, address_space() + (megabytes << 20)) != 0) return 20;
    return use_pools(&n_pools);
}

enum { CANNOT = 77 }; /* this system does not let the test set its limit */

/* Limits of threads do not hold for root, so a root becomes a user of whom there is nobody else. */
static int with_threads(size_t n)
{
    unsigned n_pools;
    if (geteuid() == 0 && setresuid(54321, 54321, 54321) != 0) return CANNOT;
    if (limit(RLIMIT_NPROC, n) != 0) return 20;
    int code = use_pools(&n_pools);
    /* The process itself is one. */
    return code == 0 && n == 1 && n_pools != 0 ? 22 : code;
}

static int with_files(size_t n)
{
    unsigned n_pools;
    if (limit(RLIMIT_NOFILE, n) != 0) return 20;
    int code = use_pools(&n_pools);
    return code == 0 && n_pools != 4 ? 23 : code;
}

/* New threads get stacks of this size unless the pool's options say otherwise. */
static int with_stack(size_t kilobytes)
{
    unsigned n_pools;
    if (limit(RLIMIT_STACK, kilobytes << 10) != 0) return 20;
    int code = use_pools(&n_pools);
    return code == 0 && n_pools != 4 ? 23 : code;
}

typedef struct limit_mode_t {
    const char *name;
    int (*run)(size_t amount);
    size_t amounts[14]; /* 0 ends them */
} limit_mode_t;

static const limit_mode_t modes[] = {
    {"address_space", with_address_space, {1, 2, 4, 6, 8, 10, 12, 16, 24, 40, 80, 200, 1000}},
    {"threads", with_threads, {1, 2, 3, 4, 5, 8, 9, 10, 20, 64, 65, 100}},
    {"files", with_files, {3, 4, 5, 6, 8}},
    {"stack", with_stack, {128, 256, 1024}},
};
#define N_MODES (sizeof(modes) / sizeof(modes[0]))

static void test_limit(void **state)
{
    const limit_mode_t *mode = *state;
    /* Sanitizers need an address space without limits, and more stack. */
    if ((TEST_TSAN || TEST_ASAN) && mode->run != with_files) skip();
    for (size_t i = 0; mode->amounts[i] != 0; i++) {
        char amount[64];
        child_t child;
        snprintf(amount, sizeof amount, "PAR_TEST_AMOUNT=%zu", mode->amounts[i]);
        const char *env[] = {amount, NULL};
        assert_int_equal(child_exec(&child, mode->name, env), 0);
        child_wait(&child, 60);
        if (WIFEXITED(child.status) && WEXITSTATUS(child.status) == CANNOT) skip();
        if (!child_exited(&child, 0)) fail_msg("%s, %zu", mode->name, mode->amounts[i]);
    }
}

int main(int argc, char **argv)
{
    struct CMUnitTest tests[N_MODES];
    for (size_t i = 0; i < N_MODES; i++) {
        if (argc > 1 && strcmp(argv[1], modes[i].name) == 0)
            return modes[i].run(strtoul(getenv("PAR_TEST_AMOUNT"), NULL, 10));
        tests[i] = (struct CMUnitTest){modes[i].name, test_limit, reset, NULL,
                                       (void *)(uintptr_t)&modes[i]};
    }
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("resources", tests, NULL, NULL);
}
