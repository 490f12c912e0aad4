/* filter_lanes.h - flags of numbers that are compared with a bound or two, once for each width of
 * vectors.
 *
 * Plain loops, left to the vectoriser. A path is a file that says how wide its vectors are and includes
 * filter_lanes_all.h: filter_lanes_portable.c, filter_lanes_avx2.c, filter_lanes_avx512.c. */
#ifndef PAR_FILTER_LANES_H
#define PAR_FILTER_LANES_H

#include <stdbool.h>
#include <stddef.h>

#include <par/number.h>

typedef struct par__filter_lanes_t {
    const char *name;
#define X(name, type, sum_type)                                                                    \
    /* flags[i]: whether x[i] < bound, x[i] > bound, low <= x[i] <= high, x[i] != value. */        \
    void (*less_##name)(unsigned char *flags, const type *x, size_t n, type bound);                \
    void (*greater_##name)(unsigned char *flags, const type *x, size_t n, type bound);             \
    void (*within_##name)(unsigned char *flags, const type *x, size_t n, type low, type high);     \
    void (*other_##name)(unsigned char *flags, const type *x, size_t n, type value);
    PAR_NUMBER_MAP(X)
#undef X
} par__filter_lanes_t;

extern const par__filter_lanes_t par__filter_lanes_portable;
#if defined(__x86_64__)
extern const par__filter_lanes_t par__filter_lanes_avx2, par__filter_lanes_avx512;
#endif

enum { PAR__FILTER_PATHS = 3 };

/* The paths that this machine can run, the best first, NULL behind the last. For the tests. */
void par__filter_lanes_list(const par__filter_lanes_t *paths[PAR__FILTER_PATHS + 1]);

/* The best of them. */
const par__filter_lanes_t *par__filter_lanes(void);

#endif
