/* lock.h - a lock for a few instructions that are hardly ever wanted by two at a time. */
#ifndef PAR_LOCK_H
#define PAR_LOCK_H

#include <threads.h>

typedef struct par__lock_t {
    char is_taken; /* A */
} par__lock_t;

/* Who holds the lock may have been preempted: then its core is of more use to it. */
static inline void par__lock_take(par__lock_t *lock)
{
    for (unsigned tries = 1; __atomic_test_and_set(&lock->is_taken, __ATOMIC_ACQUIRE); tries++)
        if (tries % 64 == 0) thrd_yield();
}

static inline void par__lock_drop(par__lock_t *lock)
{
    __atomic_clear(&lock->is_taken, __ATOMIC_RELEASE);
}

#endif
