/* shake.c - see shake.h; and the oracle, which stands between the core and the futex.
 *
 * Every futex wait of the core has a time limit here. When it is over, one of these is a lost wake-up
 * (after three seconds in which no other thread could have run: waiting for a processor, or being stopped,
 * is no loss), told with the seed, and the end of the program:
 *   - the word has changed, and nobody calls the wake that belongs to the change;
 *   - a thread of a pool sleeps, there is work that it could take, and nobody searches for it.
 * Anything else that is lost leaves some call waiting for ever, which the driver notices. */
#include "shake.h"

#include <dirent.h>
#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "oracle.h"
#include "pool.h"

_Thread_local uint64_t shake_state;
uint64_t shake_mask = UINT64_MAX; /* with a state of 0 the next point seeds it */
static uint64_t shake_seed;
static atomic_uint n_threads;

static uint64_t mix(uint64_t x)
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

void shake_begin(uint64_t seed, uint32_t rarity)
{
    shake_seed = seed;
    shake_mask = rarity == 0 ? UINT64_MAX : rarity - 1;
    atomic_store(&n_threads, 0);
    shake_state = 0;
}

void shake_now(void)
{
    if (shake_state == 0) { /* a new thread */
        shake_state = mix(shake_seed + atomic_fetch_add(&n_threads, 1)) | 1;
        return;
    }
    int saved = errno;
    uint64_t r = mix(shake_state);
    if (r % 1024 < 640) {
        for (volatile unsigned i = 0; i < (r >> 32 & 511); i++)
            continue;
    } else if (r % 1024 < 960) {
        sched_yield();
    } else {
        unsigned us = r % 1024 < 1022 ? 60 : 3000;
        struct timespec nap = {0, (long)((r >> 32) % us) * 1000};
        nanosleep(&nap, NULL);
    }
    errno = saved;
}

/* ---- the oracle ---- */

enum { LIMIT_S = 1, GRACE_MS = 3000, N_CELLS = 4096 };

static atomic_ulong n_waits, n_limits;
static atomic_uint wakes[N_CELLS]; /* calls of par__os_wake, by the word */

static atomic_uint *cell_of(const void *word)
{
    return &wakes[mix((uintptr_t)word) % N_CELLS];
}

oracle_counts_t oracle_counts(void)
{
    return (oracle_counts_t){atomic_load(&n_waits), atomic_load(&n_limits)};
}

_Noreturn static void lost(const char *what)
{
    fprintf(stderr, "stress: LOST WAKE-UP: %s\n", what);
    oracle_say_where(stderr);
    abort();
}

/* The state of a thread, as the kernel calls it; '?' if it has gone. */
static char state_of(const char *id)
{
    char path[64], text[256];
    snprintf(path, sizeof path, "/proc/self/task/%.20s/stat", id);
    FILE *file = fopen(path, "r");
    if (file == NULL) return '?';
    size_t n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[n] = '\0';
    const char *name_end = strrchr(text, ')');
    return name_end != NULL && name_end[1] == ' ' ? name_end[2] : '?';
}

/* Somebody else could go on and has not got a processor, or is stopped: what is missing may come from
 * there. On a busy machine a thread waits for seconds between a change and its wake. */
static bool is_busy(void)
{
    DIR *dir = opendir("/proc/self/task");
    if (dir == NULL) return false;
    pid_t self = (pid_t)syscall(SYS_gettid);
    const struct dirent *entry;
    bool found = false;
    while (!found && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.' && atoi(entry->d_name) != self)
            found = strchr("RDTt", state_of(entry->d_name)) != NULL;
    closedir(dir);
    return found;
}

/* Threads share cells, so this may overlook a loss, for a second; it never sees one that is none. */
static void word_look(_Atomic(uint32_t) *word, uint32_t expected)
{
    unsigned before = atomic_load(cell_of(word));
    for (unsigned ms = 0; ms < GRACE_MS; ms += is_busy() ? 0 : 10) {
        if (atomic_load(word) == expected || atomic_load(cell_of(word)) != before) return;
        usleep(10000);
    }
    lost("a word has changed under a sleeper, and nobody wakes it");
}

static bool is_overlooked(par__worker_t *worker)
{
    par_pool_t *pool = worker->pool;
    return load_acquire(&pool->state) == PAR__POOL_RUNNING && !load_acquire(&pool->stop) &&
           par__sleep_n_searching(&pool->sleep) == 0 && par__pool_has_work(pool) &&
           !par__sleep_was_chosen(&pool->sleep, worker->id);
}

/* For the thread of a pool that has found nothing for a second. */
static void pool_look(par__worker_t *worker)
{
    for (unsigned ms = 0; ms < GRACE_MS; ms += is_busy() ? 0 : 10) {
        if (!is_overlooked(worker)) return;
        usleep(10000);
    }
    lost("there is work, a thread of the pool sleeps, and nobody searches");
}

void __wrap_par__os_wait(_Atomic(uint32_t) *word, uint32_t expected);
void __wrap_par__os_wake(_Atomic(uint32_t) *word);
void __real_par__os_wake(_Atomic(uint32_t) *word);

void __wrap_par__os_wait(_Atomic(uint32_t) *word, uint32_t expected)
{
    struct timespec limit = {LIMIT_S, 0};
    shake();
    atomic_fetch_add_explicit(&n_waits, 1, memory_order_relaxed);
    if (syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, &limit, NULL, 0) == 0 ||
        errno != ETIMEDOUT)
        return;
    atomic_fetch_add_explicit(&n_limits, 1, memory_order_relaxed);
    if (atomic_load(word) != expected) word_look(word, expected);
    par__worker_t *worker = par__worker_current();
    if (worker != NULL && worker->index != 0 && word == &worker->parker.word) pool_look(worker);
}

void __wrap_par__os_wake(_Atomic(uint32_t) *word)
{
    shake();
    atomic_fetch_add(cell_of(word), 1);
    __real_par__os_wake(word);
}
