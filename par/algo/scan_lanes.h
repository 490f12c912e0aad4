/* scan_lanes.h - running sums of integers in vectors: a vector is scanned within itself in log2 of its
 * lanes steps, beside the chain of sums from vector to vector, which takes one addition each.
 *
 * The widths that gain by it; bytes and shorts are left to the plain loop. All orders of additions give
 * the same bits. A path is a file that says how wide its vectors are and includes scan_lanes_all.h; the
 * portable one is the plain loop in scan_lanes.c. */
#ifndef PAR_SCAN_LANES_H
#define PAR_SCAN_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Integers of these widths, whatever the user calls them. */
typedef uint32_t __attribute__((may_alias)) par__scan_u32_t;
typedef uint64_t __attribute__((may_alias)) par__scan_u64_t;

typedef struct par__scan_lanes_t {
    const char *name;
    /* Scans x[0] to x[n - 1] behind a sum so far; returns the sum. out is x, or shares no byte. */
    uint32_t (*sum_32)(par__scan_u32_t *out,
                       const par__scan_u32_t *x,
                       size_t n,
                       uint32_t before,
                       bool is_exclusive);
    uint64_t (*sum_64)(par__scan_u64_t *out,
                       const par__scan_u64_t *x,
                       size_t n,
                       uint64_t before,
                       bool is_exclusive);

    /* The same past the caches (stream.h): out begins a cache line and shares no byte with x, and n is a
     * multiple of a line's items. */
    uint32_t (*stream_32)(par__scan_u32_t *out,
                          const par__scan_u32_t *x,
                          size_t n,
                          uint32_t before,
                          bool is_exclusive);
    uint64_t (*stream_64)(par__scan_u64_t *out,
                          const par__scan_u64_t *x,
                          size_t n,
                          uint64_t before,
                          bool is_exclusive);
} par__scan_lanes_t;

extern const par__scan_lanes_t par__scan_lanes_portable;
#if defined(__x86_64__)
extern const par__scan_lanes_t par__scan_lanes_avx2, par__scan_lanes_avx512;
#endif

enum { PAR__SCAN_PATHS = 3 };

/* The paths that this machine can run, the best first, NULL behind the last. For the tests. */
void par__scan_lanes_list(const par__scan_lanes_t *paths[PAR__SCAN_PATHS + 1]);

/* The best of them. */
const par__scan_lanes_t *par__scan_lanes(void);

#endif
