/* sort_number_radix.h - stable radix sort of keys, alone or with a payload, in a buffer of as many.
 *
 * Keys are unsigned inside: mapped by an order, the least key subtracted. The first pass spreads them over
 * 256 parts by their top 8 bits; blocks of the array count and move at the same time, each block into
 * its own stretch of every part. A part that fits into the second cache is sorted from its lowest
 * bits up, but only by as many bits as tell nearly all its keys apart: insertion, which moves the keys
 * back to the array too, does the rest. Keys that are alike in these bits would make it quadratic:
 * it gives up after a few moves a key, and the part is sorted by all its bits. */
#ifndef PAR_SORT_NUMBER_RADIX_H
#define PAR_SORT_NUMBER_RADIX_H

#include "sort_number_paths.h"

typedef uint32_t par__pay32_t __attribute__((may_alias));
typedef uint64_t par__pay64_t __attribute__((may_alias));

/* Each sorts n >= 1 keys, stably; false: there is no memory for it, and nothing was done. */
bool par__radix_32(par__key32_t *key, size_t n, const par__sort_order_t *order);
bool par__radix_64(par__key64_t *key, size_t n, const par__sort_order_t *order);

/* The same with the payload beside each key. buffer: memory for n keys and payloads, aligned as malloc
 * aligns it; NULL: it is allocated, which n * 16 bytes must not overflow. */
#define PAR__RADIX_PAIRS(X) X(32, 32) X(32, 64) X(64, 32) X(64, 64)
#define PAR__X(bits, pay_bits)                                                                     \
    bool par__radix_##bits##_##pay_bits(par__key##bits##_t *key, par__pay##pay_bits##_t *pay,      \
                                        size_t n, const par__sort_order_t *order, void *buffer);
PAR__RADIX_PAIRS(PAR__X)
#undef PAR__X

#endif
