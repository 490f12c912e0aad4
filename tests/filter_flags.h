/* filter_flags.h - what the tests of filters share: flags that say which elements are kept. */
#ifndef FILTER_FLAGS_H
#define FILTER_FLAGS_H

#include <stddef.h>

#include "random_next.h"

/* How flags are spread: none, all, a random part, runs, the first or the second half. */
enum { N_PATTERNS = 8 };

static inline int flag_of(unsigned pattern, size_t i, size_t n, uint64_t *seed)
{
    switch (pattern) {
    case 0:
        return 0;
    case 1:
        return 1;
    case 2:
        return random_next(seed) >> 63 != 0;
    case 3:
        return random_next(seed) % 100 == 0;
    case 4:
        return random_next(seed) % 100 != 0;
    case 5:
        return i / 100 % 2 != 0;
    case 6:
        return i < n / 2;
    default:
        return i >= n / 2;
    }
}

/* What is kept has any byte but 0. */
static inline void flags_fill(unsigned char *flags, size_t n, unsigned pattern)
{
    uint64_t seed = pattern + 77;
    for (size_t i = 0; i < n; i++)
        flags[i] = (unsigned char)(flag_of(pattern, i, n, &seed) * (1 + (int)(i % 255)));
}

#endif
