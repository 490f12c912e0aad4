/* runtime_futex.c - the floor under every wake-up, and under a tree in memory: no runtime at all, but one
 * thread that sleeps on a futex, bound to another processor than its caller's. Linux. */
#include "runtime.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOTHING, WORK };     /* the mailbox */
enum { OPEN, TAKEN, DONE }; /* the second half of what is asked: taken by one of the two */

static uint32_t mailbox; /* the futex */
static void (*work)(void *ctx);
static void *work_ctx;
static int state;
static pthread_t sleeper;
static int sleeper_cpu = -1;

static void futex(int operation, uint32_t value)
{
    syscall(SYS_futex, &mailbox, operation | FUTEX_PRIVATE_FLAG, value, NULL, NULL, 0);
}

static bool work_take(void)
{
    int open = OPEN;
    return __atomic_compare_exchange_n(&state, &open, TAKEN, false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_RELAXED);
}

static void *sleeper_main(void *arg)
{
    for (;;) {
        while (__atomic_load_n(&mailbox, __ATOMIC_ACQUIRE) == NOTHING)
            futex(FUTEX_WAIT, NOTHING);
        __atomic_store_n(&mailbox, NOTHING, __ATOMIC_RELAXED);
        if (!work_take()) continue;
        work(work_ctx);
        __atomic_store_n(&state, DONE, __ATOMIC_RELEASE);
    }
    return arg;
}

/* The caller may have moved since the last time, which is rare. */
static void sleeper_bind_apart(int caller_cpu)
{
    cpu_set_t allowed, apart;
    if (caller_cpu != sleeper_cpu && sleeper_cpu != -1) return;
    if (sleeper_cpu == -1 && pthread_create(&sleeper, NULL, sleeper_main, NULL) != 0) return;
    sched_getaffinity(0, sizeof allowed, &allowed);
    for (sleeper_cpu = 0; sleeper_cpu < CPU_SETSIZE - 1; sleeper_cpu++)
        if (sleeper_cpu != caller_cpu && CPU_ISSET(sleeper_cpu, &allowed)) break;
    CPU_ZERO(&apart);
    CPU_SET(sleeper_cpu, &apart);
    pthread_setaffinity_np(sleeper, sizeof apart, &apart);
}

/* Both halves, the second one by the caller too unless the sleeper has it by then. */
static void run_both(void (*first)(void *ctx), void (*second)(void *ctx), void *ctx)
{
    sleeper_bind_apart(sched_getcpu());
    work = second;
    work_ctx = ctx;
    __atomic_store_n(&state, OPEN, __ATOMIC_RELEASE);
    __atomic_store_n(&mailbox, WORK, __ATOMIC_RELEASE);
    futex(FUTEX_WAKE, 1);
    first(ctx);
    if (work_take()) {
        second(ctx);
        return;
    }
    while (__atomic_load_n(&state, __ATOMIC_ACQUIRE) != DONE) {
    }
}

static void pair_a(void *ctx)
{
    bench_pair_a(ctx);
}

static void pair_b(void *ctx)
{
    bench_pair_b(ctx);
}

static void futex_pair(bench_pair_t *p)
{
    run_both(pair_a, pair_b, p);
}

/* The two halves of a tree, serially: what two cores can do with its memory. */
typedef struct halves_t {
    const bench_node_t *root;
    uint64_t left, right;
} halves_t;

static void tree_left(void *ctx)
{
    halves_t *h = ctx;
    h->left = bench_serial.tree(h->root->left);
}

static void tree_right(void *ctx)
{
    halves_t *h = ctx;
    h->right = bench_serial.tree(h->root->right);
}

static uint64_t futex_tree(const bench_node_t *root)
{
    halves_t h = {root, 0, 0};
    run_both(tree_left, tree_right, &h);
    return root->value + h.left + h.right;
}

static void futex_nothing(const bench_loop_t *d)
{
    (void)d;
    sleeper_bind_apart(sched_getcpu());
}

const bench_runtime_t bench_futex = {
    .name = "futex",
    .is_floor = true,
    .loops = {futex_nothing},
    .tree = futex_tree,
    .pair = futex_pair,
    .pair_inside = futex_pair,
};
