/* system.c - the operating system of the model: futex, mutex, pages, yield (src/os.h). */
#include <pthread.h>
#include <string.h>

#include "engine.h"
#include "os.h"

/* ---- futex ---- */

void model_futex_wait(const uint32_t *word, uint32_t expected)
{
    if (run.self == 0) return;
    model__point();
    thread_t *t = &run.threads[run.self];
    if (*word != expected) { /* the kernel looks under a lock that the waker takes too */
        model__trace("futex wait %s: changed already", model__location_name(word));
        model__note(1);
        return;
    }
    if (!features.no_spurious && run.used.spurious < run.test->bounds.spurious &&
        model__choose(2) == 1) {
        run.used.spurious++;
        model__note(2);
        model__trace("futex wait %s: SPURIOUS", model__location_name(word));
    } else {
        model__trace("futex wait %s: sleeps", model__location_name(word));
        t->state = ON_FUTEX;
        model__note(3);
        t->blocked_on = word;
    }
    model__reschedule();
}

void model_futex_wake(const uint32_t *word)
{
    if (run.self == 0) return;
    model__point();
    unsigned waiters[ALL_THREADS];
    unsigned n = 0;
    for (unsigned i = 1; i <= run.n_threads; i++)
        if (run.threads[i].state == ON_FUTEX && run.threads[i].blocked_on == word) waiters[n++] = i;
    unsigned victim = n == 0 ? 0 : waiters[features.no_victim ? 0 : model__choose(n)];
    model__note(victim);
    if (n == 0) return;
    run.threads[victim].state = READY;
    model__trace("futex wake %s: thread %u", model__location_name(word), victim);
}

/* ---- mutex ---- */

enum { MAX_MUTEXES = 8 };

static struct {
    void *mutex;
    unsigned owner;
    uint64_t history; /* of who unlocked last */
    view_t view;      /* of the last unlock */
} mutexes[MAX_MUTEXES];
static unsigned n_mutexes;

void model__system_reset(void)
{
    n_mutexes = 0;
}

static unsigned mutex_find(void *mutex)
{
    unsigned i = 0;
    while (i < n_mutexes && mutexes[i].mutex != mutex)
        i++;
    if (i == MAX_MUTEXES) model_fail("the model has no room for another mutex");
    if (i == n_mutexes) {
        memset(&mutexes[i], 0, sizeof mutexes[i]);
        mutexes[i].mutex = mutex;
        n_mutexes++;
    }
    return i;
}

int model_mutex_init(void *mutex)
{
    (void)mutex;
    return 0;
}

int model_mutex_lock(void *mutex)
{
    if (run.self == 0) return 0;
    model__point();
    unsigned i = mutex_find(mutex);
    thread_t *t = &run.threads[run.self];
    while (mutexes[i].owner != 0) {
        t->state = ON_MUTEX;
        t->blocked_on = mutex;
        model__reschedule();
    }
    mutexes[i].owner = run.self;
    model__note(mutexes[i].history);
    model__view_join(&t->now, &mutexes[i].view);
    return 0;
}

int model_mutex_unlock(void *mutex)
{
    if (run.self == 0) return 0;
    unsigned i = mutex_find(mutex);
    thread_t *t = &run.threads[run.self];
    if (mutexes[i].owner != run.self) model_fail("unlock of a mutex that is not ours");
    mutexes[i].owner = 0;
    mutexes[i].view = t->now;
    model__note(1);
    mutexes[i].history = t->history;
    t->now.clock[run.self]++;
    run.writes++;
    for (unsigned k = 1; k <= run.n_threads; k++)
        if (run.threads[k].state == ON_MUTEX && run.threads[k].blocked_on == mutex)
            run.threads[k].state = READY;
    return 0;
}

/* ---- os.h ---- */

void par__os_wait(_Atomic(uint32_t) *word, uint32_t expected)
{
    model_futex_wait(word, expected);
}

void par__os_wake(_Atomic(uint32_t) *word)
{
    model_futex_wake(word);
}

void par__os_yield(void)
{
    model_yield();
}

int64_t par__os_now_ns(void)
{
    return 0; /* pools of the tests do not spin */
}

enum { SMALLEST_STACK = 256 * 64 };

void *par__os_map(size_t bytes)
{
    return bytes > SMALLEST_STACK ? NULL : model_aligned_alloc(128, bytes);
}

void par__os_unmap(void *pages, size_t bytes)
{
    (void)bytes;
    model_free(pages);
}

/* ---- check.h ---- */

__attribute__((noreturn)) void
par__check_failed(const char *file, int line, const char *function, const char *message);

void par__check_failed(const char *file, int line, const char *function, const char *message)
{
    model_fail("%s:%d: %s: %s", file, line, function, message);
}
