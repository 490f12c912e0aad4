/* partition.h - sorts items by the upper bits of a key, stably: the first step of what works on one
 * group, or one range of buckets, at a time.
 *
 * The items are cut into blocks. Each block counts its items for each part; from the counts follows
 * where each block writes its items of each part, so that they keep their order. */
#ifndef PAR_PARTITION_H
#define PAR_PARTITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Does n fit in 32 bits? Two shifts: compilers warn of a comparison that is always true. */
static inline bool par__partition_is_narrow(size_t n)
{
    return n >> 16 >> 16 == 0;
}

/* fill gets so many items at most, fewer if their records are large. */
enum { PAR__PARTITION_CHUNK = 1024, PAR__PARTITION_BYTES = 16384 };

/* Writes the key of each item begin <= i < end to key[i - begin], and its record to records, which is
 * NULL when they are not wanted. Records may not be filled up: they are zeros before. */
typedef void
par__partition_fill_fn(uint64_t *key, void *records, size_t begin, size_t end, void *ctx);

typedef struct par__partition_t {
    /* Given. */
    size_t n;
    par__partition_fill_fn *fill;
    void *ctx;
    size_t record_size; /* 1 to PAR__PARTITION_BYTES; 8, 16, 32 and 64 are written by cache lines */
    unsigned shift;     /* below 64: key >> shift is the part */
    size_t n_parts;     /* items above go to one more part, which is behind the last */

    /* Made. */
    char *records;  /* of all parts, one after the other; aligned to 64 bytes */
    size_t *starts; /* n_parts + 2 */

    void *memory; /* of records */
    size_t n_blocks, block;
    size_t *counts;          /* of each block, for each part; then where it writes */
    bool is_short_of_memory; /* written by all, atomically */
} par__partition_t;

/* False: no memory, and nothing is left behind. Otherwise par__partition_free ends it. */
bool par__partition_run(par__partition_t *p);
void par__partition_free(par__partition_t *p);

/* How many bits make parts of about 2^15 of n items; 1 to 10. */
unsigned par__partition_bits(size_t n);

#endif
