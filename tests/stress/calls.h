/* calls.h - the parallel calls that a round of the stress test is made of. */
#ifndef PAR_STRESS_CALLS_H
#define PAR_STRESS_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <par/par.h>

enum { MAX_JOBS = 1 << 15 };

/* What one thread from outside works on. */
typedef struct work_t {
    unsigned char *ran; /* a byte a job */
    uint64_t random;
    par_pool_t *other; /* a pool beside the one in use */
    size_t n;
    bool may_wait; /* nobody stops the pool meanwhile */
} work_t;

/* Makes one call, by work->random, of at most work->n jobs; n is how many there were. */
void call_one(void *ctx);

/* The driver's: says what and where, and ends the program. */
_Noreturn void wrong(const char *what, size_t n);

static inline uint64_t random_of(uint64_t *state)
{
    uint64_t x = *state += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

#endif
