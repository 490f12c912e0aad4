/* lanes.h - folds of one leaf of numbers, once for each width of vectors; the machine decides at run
 * time which of them runs.
 *
 * Floating point: element i of a leaf goes to lane i mod L, where L lanes are 256 bytes: 32 doubles
 * or 64 floats. At the end the upper half of the lanes is combined into the lower one, again and
 * again until one is left. This order is written down in vectors of a given width and not left to
 * the compiler, which must keep it. A lane is the same chain of operations whether 2, 4 or 8 of
 * them share a register, so the bits are the same on every path and with every compiler. They would
 * not be if a product and a sum were fused into one rounding, or computed wider than their type: this
 * layer is compiled with -ffp-contract=off, and so that FLT_EVAL_METHOD is 0 (CMakeLists.txt).
 * 256 bytes are four of the widest vectors, enough to hide the latency of an addition; narrower
 * paths need more registers, 16 of 16 bytes at most.
 *
 * Integers: any order gives the same bits, so plain loops are left to the vectoriser. Sums are
 * computed unsigned, which wraps around.
 *
 * A path is a file that says how wide its vectors are and includes lanes_all.h: lanes_portable.c
 * (any machine; SSE2 on x86-64, NEON on arm64), lanes_avx2.c, lanes_avx512.c. */
#ifndef PAR_LANES_H
#define PAR_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <par/number.h>

/* Two numbers whose sum is exact, in each of 8 lanes. */
enum { PAR__EXPANSION_PARTS = 16 };

/* How each path folds the leaf x[0], ..., x[n - 1] of each type. */
typedef struct par__lanes_t {
    const char *name;
#define X(name, type, sum_type)                                                                    \
    sum_type (*sum_##name)(const type *x, size_t n);                                               \
    sum_type (*dot_##name)(const type *x, const type *y, size_t n);                                \
    size_t (*count_##name)(const type *x, size_t n, type value);                                   \
    /* Of start and the elements; NaN if one of them is. */                                        \
    type (*min_##name)(type start, const type *x, size_t n);                                       \
    type (*max_##name)(type start, const type *x, size_t n);                                       \
    void (*minmax_##name)(type * min, type * max, const type *x, size_t n);                        \
    /* Where the first element is that equals value, two NaNs being equal; n if none does. */      \
    size_t (*find_##name)(const type *x, size_t n, type value);
    PAR_NUMBER_MAP(X)
#undef X

    /* The start of an exact sum: sets part[0] to part[PAR__EXPANSION_PARTS - 1] to numbers whose exact
     * sum is that of the first elements, and returns how many: all but the last 7 at most, unless
     * exponents are too far apart or something is not finite. */
    size_t (*expand_double)(const double *x, size_t n, double *part);
    size_t (*expand_float)(const float *x, size_t n, double *part);
} par__lanes_t;

extern const par__lanes_t par__lanes_portable;
#if defined(__x86_64__)
extern const par__lanes_t par__lanes_avx2, par__lanes_avx512;
#endif

/* Ends the list below. */
enum { PAR__LANES_PATHS = 3 };

/* The paths that this machine can run, the best first, NULL behind the last. For the tests. */
void par__lanes_list(const par__lanes_t *paths[PAR__LANES_PATHS + 1]);

/* The best of them; costs about a nanosecond. */
const par__lanes_t *par__lanes(void);

#endif
