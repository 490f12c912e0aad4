/* random_next.h - numbers that look random, one after the other, the same in each run. */
#ifndef PAR_TEST_RANDOM_NEXT_H
#define PAR_TEST_RANDOM_NEXT_H

#include <stdint.h>

static inline uint64_t random_next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed ^ *seed >> 29;
}

#endif
