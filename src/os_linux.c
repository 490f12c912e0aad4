/* os_linux.c - os.h for Linux with glibc or musl. */
#define _GNU_SOURCE
#include "os.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static par_status_t status_of(int error)
{
    switch (error) {
    case 0:
        return PAR_OK;
    case ENOMEM:
        return PAR_ENOMEM;
    case EINVAL:
        return PAR_EINVAL;
    default:
        return PAR_EAGAIN;
    }
}

/* pthread_attr_setstacksize refuses less than PTHREAD_STACK_MIN and, in some libraries, what is no
 * multiple of a page. The least that the library accepts holds its own data; binding takes a mask of
 * 8 KiB, and there must be something left to run a task. */
enum { STACK_FOR_US = 64 * 1024 };

static size_t stack_round(size_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t least = (size_t)PTHREAD_STACK_MIN + STACK_FOR_US;
    if (bytes < least) bytes = least;
    if (bytes > SIZE_MAX - page) return bytes;
    return (bytes + page - 1) / page * page;
}

par_status_t par__os_thread_start_inheriting(par__os_thread_t *out,
                                             par__os_thread_fn *fn,
                                             void *arg,
                                             size_t stack_bytes)
{
    pthread_attr_t attr;
    int error = pthread_attr_init(&attr);
    if (error != 0) return status_of(error);
    if (stack_bytes != 0) error = pthread_attr_setstacksize(&attr, stack_round(stack_bytes));
    if (error == 0) error = pthread_create(&out->handle, &attr, fn, arg);
    pthread_attr_destroy(&attr);
    return status_of(error);
}

par_status_t
par__os_thread_start(par__os_thread_t *out, par__os_thread_fn *fn, void *arg, size_t stack_bytes)
{
    sigset_t all;
    sigset_t old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    par_status_t status = par__os_thread_start_inheriting(out, fn, arg, stack_bytes);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return status;
}

void par__os_thread_self(par__os_thread_t *out)
{
    out->handle = pthread_self();
}

void par__os_thread_join(par__os_thread_t *thread)
{
    pthread_join(thread->handle, NULL);
}

void par__os_name_self(const char *name)
{
    char cut[16];
    snprintf(cut, sizeof cut, "%s", name);
    pthread_setname_np(pthread_self(), cut);
}

/* A mask for 64 Ki PUs: more than any kernel is built for, so its size is never an error. */
typedef struct mask_t {
    unsigned long words[(1 << 16) / (CHAR_BIT * sizeof(unsigned long))];
} mask_t;

enum { WORD_BITS = CHAR_BIT * sizeof(unsigned long) };

par_status_t par__os_bind_self_to(const unsigned *pus, size_t n)
{
    mask_t mask = {{0}};
    for (size_t i = 0; i < n; i++)
        if (pus[i] < sizeof mask * CHAR_BIT)
            mask.words[pus[i] / WORD_BITS] |= 1UL << pus[i] % WORD_BITS;
    return sched_setaffinity(0, sizeof mask, (cpu_set_t *)&mask) == 0 ? PAR_OK : PAR_EBIND;
}

par_status_t par__os_bind_self(int pu)
{
    unsigned only = (unsigned)pu;
    return pu < 0 ? PAR_EBIND : par__os_bind_self_to(&only, 1);
}

par_status_t par__os_bind(const par__os_thread_t *thread, int pu)
{
    mask_t mask = {{0}};
    if (pu < 0 || (size_t)pu >= sizeof mask * CHAR_BIT) return PAR_EBIND;
    mask.words[pu / WORD_BITS] |= 1UL << pu % WORD_BITS;
    int error = pthread_setaffinity_np(thread->handle, sizeof mask, (cpu_set_t *)&mask);
    return error == 0 ? PAR_OK : PAR_EBIND;
}

int64_t par__os_ran_ns(const par__os_thread_t *thread)
{
    clockid_t clock;
    struct timespec ran;
    if (pthread_getcpuclockid(thread->handle, &clock) != 0 || clock_gettime(clock, &ran) != 0)
        return -1;
    return (int64_t)ran.tv_sec * 1000000000 + ran.tv_nsec;
}

unsigned par__os_n_pus(void)
{
    mask_t mask = {{0}};
    unsigned n = 0;
    if (sched_getaffinity(0, sizeof mask, (cpu_set_t *)&mask) != 0) return 1;
    for (size_t i = 0; i < sizeof mask.words / sizeof mask.words[0]; i++)
        n += (unsigned)__builtin_popcountl(mask.words[i]);
    return n == 0 ? 1 : n;
}

int par__os_current_pu(void)
{
    return sched_getcpu();
}

void par__os_yield(void)
{
    sched_yield();
}

void par__os_wait(_Atomic(uint32_t) *word, uint32_t expected)
{
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
}

void par__os_wake(_Atomic(uint32_t) *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

int64_t par__os_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void *par__os_map(size_t bytes)
{
    void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return pages == MAP_FAILED ? NULL : pages;
}

void par__os_unmap(void *pages, size_t bytes)
{
    munmap(pages, bytes);
}

void par__os_keep_loaded(void)
{
    static const char here; /* any address of this object */
    Dl_info info;
    if (dladdr(&here, &info) != 0 && info.dli_fname != NULL) {
        /* NOLOAD: only the mark on an object that is loaded already; the main program has none. */
        void *object = dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
        if (object != NULL) dlclose(object);
    }
}
