/* fault.c - the wrappers that the linker puts before the real functions (ld --wrap). */
#define _GNU_SOURCE
#include "fault.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>

#include <hwloc.h>

static unsigned armed_kinds; /* 0 = not armed */
static unsigned first_failure;
static unsigned failure_limit;
static unsigned n_calls;
static unsigned n_failed;
static unsigned n_calls_of[FAULT_N_KINDS];

static __thread unsigned delayed_kinds;
static __thread struct timespec delay;
static unsigned n_delayed;

void fault_arm(unsigned kinds, unsigned first, unsigned n_failures)
{
    first_failure = first;
    failure_limit = n_failures;
    n_calls = 0;
    n_failed = 0;
    for (unsigned i = 0; i < FAULT_N_KINDS; i++)
        n_calls_of[i] = 0;
    __atomic_store_n(&armed_kinds, kinds, __ATOMIC_SEQ_CST);
}

fault_report_t fault_disarm(void)
{
    __atomic_store_n(&armed_kinds, 0, __ATOMIC_SEQ_CST);
    return (fault_report_t){.calls = __atomic_load_n(&n_calls, __ATOMIC_SEQ_CST),
                            .failed = __atomic_load_n(&n_failed, __ATOMIC_SEQ_CST)};
}

unsigned fault_calls_of(unsigned kind)
{
    for (unsigned i = 0; i < FAULT_N_KINDS; i++)
        if (kind == 1u << i) return __atomic_load_n(&n_calls_of[i], __ATOMIC_SEQ_CST);
    return 0;
}

void fault_delay(unsigned kinds, unsigned milliseconds)
{
    delayed_kinds = kinds;
    delay = (struct timespec){milliseconds / 1000, milliseconds % 1000 * 1000000};
}

unsigned fault_n_delayed(void)
{
    return __atomic_load_n(&n_delayed, __ATOMIC_SEQ_CST);
}

static void call_delay(enum fault_number number)
{
    if (!(delayed_kinds & (1u << number))) return;
    __atomic_add_fetch(&n_delayed, 1, __ATOMIC_SEQ_CST);
    nanosleep(&delay, NULL);
    __atomic_sub_fetch(&n_delayed, 1, __ATOMIC_SEQ_CST);
}

/* Counts a call and tells whether it is to fail. */
static bool call_fails(enum fault_number number)
{
    call_delay(number);
    if (!(__atomic_load_n(&armed_kinds, __ATOMIC_SEQ_CST) & (1u << number))) return false;
    __atomic_add_fetch(&n_calls_of[number], 1, __ATOMIC_SEQ_CST);
    unsigned call = __atomic_add_fetch(&n_calls, 1, __ATOMIC_SEQ_CST);
    if (first_failure == 0 || call < first_failure || call - first_failure >= failure_limit)
        return false;
    __atomic_add_fetch(&n_failed, 1, __ATOMIC_SEQ_CST);
    return true;
}

/* The linker resolves __real_X to X and every other file's X to __wrap_X. */
#define WRAP(result, function, parameters, arguments, number, on_failure)                          \
    result __real_##function parameters;                                                           \
    result __wrap_##function parameters;                                                           \
    result __wrap_##function parameters                                                            \
    {                                                                                              \
        if (!call_fails(FAULT_NUMBER_##number)) return __real_##function arguments;                \
        on_failure                                                                                 \
    }
#define NO_MEMORY(value)                                                                           \
    errno = ENOMEM;                                                                                \
    return value;

WRAP(void *, malloc, (size_t bytes), (bytes), MALLOC, NO_MEMORY(NULL))
WRAP(void *, calloc, (size_t n, size_t bytes), (n, bytes), CALLOC, NO_MEMORY(NULL))
WRAP(void *, realloc, (void *old, size_t bytes), (old, bytes), REALLOC, NO_MEMORY(NULL))
WRAP(void *,
     aligned_alloc,
     (size_t alignment, size_t bytes),
     (alignment, bytes),
     ALIGNED_ALLOC,
     NO_MEMORY(NULL))
WRAP(int,
     posix_memalign,
     (void **out, size_t alignment, size_t bytes),
     (out, alignment, bytes),
     POSIX_MEMALIGN,
     return ENOMEM;)
WRAP(void *,
     mmap,
     (void *address, size_t bytes, int protection, int flags, int file, off_t offset),
     (address, bytes, protection, flags, file, offset),
     MMAP,
     NO_MEMORY(MAP_FAILED))
WRAP(int,
     pthread_create,
     (pthread_t * out, const pthread_attr_t *attributes, void *(*fn)(void *), void *arg),
     (out, attributes, fn, arg),
     PTHREAD_CREATE,
     return EAGAIN;)
WRAP(int,
     sched_setaffinity,
     (pid_t thread, size_t bytes, const cpu_set_t *cpus),
     (thread, bytes, cpus),
     SCHED_SETAFFINITY,
     errno = EINVAL;
     return -1;)
WRAP(int, pthread_attr_init, (pthread_attr_t * out), (out), PTHREAD_ATTR_INIT, return ENOMEM;)
WRAP(int,
     pthread_key_create,
     (pthread_key_t * out, void (*destructor)(void *)),
     (out, destructor),
     PTHREAD_KEY_CREATE,
     return EAGAIN;)
WRAP(int,
     sched_getaffinity,
     (pid_t thread, size_t bytes, cpu_set_t *cpus),
     (thread, bytes, cpus),
     SCHED_GETAFFINITY,
     errno = EINVAL;
     return -1;)
WRAP(FILE *, fopen, (const char *path, const char *mode), (path, mode), FOPEN, errno = EMFILE;
     return NULL;)
WRAP(int, hwloc_topology_init, (hwloc_topology_t * out), (out), HWLOC_TOPOLOGY_INIT, errno = ENOMEM;
     return -1;)
WRAP(int,
     hwloc_topology_set_flags,
     (hwloc_topology_t tree, unsigned long flags),
     (tree, flags),
     HWLOC_TOPOLOGY_SET_FLAGS,
     errno = ENOMEM;
     return -1;)
WRAP(int, hwloc_topology_load, (hwloc_topology_t tree), (tree), HWLOC_TOPOLOGY_LOAD, errno = ENOMEM;
     return -1;)
