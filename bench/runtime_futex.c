/* runtime_futex.c - the floor under every wake-up: no runtime at all, but one thread that sleeps on a
 * futex, bound to another processor than its caller's. Linux. */
#include "runtime.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOTHING, WORK };

static uint32_t mailbox; /* the futex */
static bench_pair_t *work;
static int is_done;
static pthread_t sleeper;
static int sleeper_cpu = -1;

static void futex(int operation, uint32_t value)
{
    syscall(SYS_futex, &mailbox, operation | FUTEX_PRIVATE_FLAG, value, NULL, NULL, 0);
}

static void *sleeper_main(void *arg)
{
    for (;;) {
        while (__atomic_load_n(&mailbox, __ATOMIC_ACQUIRE) == NOTHING)
            futex(FUTEX_WAIT, NOTHING);
        __atomic_store_n(&mailbox, NOTHING, __ATOMIC_RELAXED);
        bench_pair_b(work);
        __atomic_store_n(&is_done, 1, __ATOMIC_RELEASE);
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

static void futex_pair(bench_pair_t *p)
{
    sleeper_bind_apart(sched_getcpu());
    work = p;
    __atomic_store_n(&is_done, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&mailbox, WORK, __ATOMIC_RELEASE);
    futex(FUTEX_WAKE, 1);
    bench_pair_a(p);
    while (!__atomic_load_n(&is_done, __ATOMIC_ACQUIRE)) {
    }
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
    .pair = futex_pair,
    .pair_inside = futex_pair,
};
