/* random.h - random numbers by index: the i-th number of a stream is a function of the seed and i.
 *
 *     struct job { double *x; par_random_t r; };
 *     PAR_DEFINE_FOR(shake, struct job, j, i)
 *     {
 *         j.x[i] += par_random_double(j.r, i);
 *     }
 *     shake(0, n, (struct job){x, par_random_seed(42)});
 *
 * There is no state to share, to lock or to give to each worker: the same numbers come out on any
 * number of workers, in any order, and any of them can be asked for again. The functions are inlined
 * and have no branches (par_random_below excepted), so that loops over the index vectorise.
 *
 * All the functions make their number of the same bits of an index: par_random_double(r, i) and
 * par_random_below(r, i, 6) are not independent. Take another index for each number, another stream
 * (par_random_stream), or par_random_pair.
 *
 * Each index has its own 128 bits, and more where a number needs more; the generator is Philox4x32
 * with 10 rounds, counter = (index, draw), key = stream. Not for secrets. */
#ifndef PAR_RANDOM_H
#define PAR_RANDOM_H

#include <par/api.h>

PAR_BEGIN_DECLS

/* A stream of 2^64 indices. A value: copy it, pass it, keep it in a struct. */
typedef struct par_random_t {
    uint64_t key;
} par_random_t;

/* The 128 random bits of one draw. */
typedef struct par_random_bits_t {
    uint32_t word[4];
} par_random_bits_t;

typedef struct par_random_pair_t {
    double x, y;
} par_random_pair_t;

/* The draw that par_random_stream uses: no number is made of it. */
#define PAR_RANDOM_STREAM_DRAW UINT64_MAX

/** The stream of a seed. Every seed is as good as any other, 0 and small numbers included.
 *
 * Errors, Threads, Cost: as all functions of this header: none; any; no memory is touched
 * Since     0.1
 */
PAR_INLINE par_random_t par_random_seed(uint64_t seed)
{
    par_random_t random = {seed};
    return random;
}

/** 128 bits: what all the numbers are made of.
 *
 * @param random  the stream
 * @param i       the index, any
 * @param draw    0, 1, 2, ...: further bits for the same index; UINT64_MAX is taken (see above)
 *
 * Cost      about 30 simple instructions and 20 multiplications: 8 ns, 5 where it is vectorised
 * Source    Salmon, Moraes, Dror and Shaw, Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011
 * Since     0.1
 */
PAR_INLINE par_random_bits_t par_random_bits(par_random_t random, uint64_t i, uint64_t draw)
{
    uint32_t key0 = (uint32_t)random.key, key1 = (uint32_t)(random.key >> 32);
    uint32_t a = (uint32_t)i, b = (uint32_t)(i >> 32);
    uint32_t c = (uint32_t)draw, d = (uint32_t)(draw >> 32);
#pragma GCC unroll 10
    for (int round = 0; round < 10; round++) {
        uint64_t p = (uint64_t)a * 0xD2511F53u, q = (uint64_t)c * 0xCD9E8D57u;
        a = (uint32_t)(q >> 32) ^ b ^ key0;
        b = (uint32_t)q;
        c = (uint32_t)(p >> 32) ^ d ^ key1;
        d = (uint32_t)p;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    par_random_bits_t bits = {{a, b, c, d}};
    return bits;
}

/** The k-th stream below this one, for example one an outer index: independent of it, of its other
 * streams and of theirs, as far as 64-bit keys that are themselves random tell (among 2^20 streams
 * two are the same with a probability of 2^-25).
 * Since     0.1
 */
PAR_INLINE par_random_t par_random_stream(par_random_t random, uint64_t k)
{
    par_random_bits_t bits = par_random_bits(random, k, PAR_RANDOM_STREAM_DRAW);
    par_random_t stream = {(uint64_t)bits.word[1] << 32 | bits.word[0]};
    return stream;
}

/** The i-th number of the stream as 64 random bits.
 * Since     0.1
 */
PAR_INLINE uint64_t par_random_u64(par_random_t random, uint64_t i)
{
    par_random_bits_t bits = par_random_bits(random, i, 0);
    return (uint64_t)bits.word[1] << 32 | bits.word[0];
}

/* (high * 2^32 + low) / 2^64, cut to 53 bits. Exact, and by conversions that every vector unit has:
 * 32 bits with a sign. */
PAR_INLINE double par_random_unit(uint32_t high, uint32_t low)
{
    double top = (double)(int32_t)(high ^ 0x80000000u) + 2147483648.0;
    return top * (1.0 / 4294967296.0) + (double)(int32_t)(low >> 11) * (1.0 / 9007199254740992.0);
}

/** The i-th number of the stream, uniform in [0, 1): a multiple of 2^-53, never 1.
 * Since     0.1
 */
PAR_INLINE double par_random_double(par_random_t random, uint64_t i)
{
    par_random_bits_t bits = par_random_bits(random, i, 0);
    return par_random_unit(bits.word[1], bits.word[0]);
}

/** The same as a float: a multiple of 2^-24 in [0, 1), never 1.
 * Since     0.1
 */
PAR_INLINE float par_random_float(par_random_t random, uint64_t i)
{
    return (float)(int32_t)(par_random_bits(random, i, 0).word[1] >> 8) * (1.0f / 16777216.0f);
}

/** Two numbers, uniform in [0, 1), for one index at the price of one; x is par_random_double.
 * Since     0.1
 */
PAR_INLINE par_random_pair_t par_random_pair(par_random_t random, uint64_t i)
{
    par_random_bits_t bits = par_random_bits(random, i, 0);
    par_random_pair_t pair = {par_random_unit(bits.word[1], bits.word[0]),
                              par_random_unit(bits.word[3], bits.word[2])};
    return pair;
}

/* The high and the low half of a product of 128 bits. */
PAR_INLINE uint64_t par_random_product(uint64_t a, uint64_t b, uint64_t *low)
{
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
    uint64_t carry = a0 * b1 + (uint32_t)middle;
    *low = a * b;
    return a1 * b1 + (middle >> 32) + (carry >> 32);
}

/** The i-th number of the stream as a whole number, 0 <= number < bound, each with exactly the same
 * probability (bits that would favour some are thrown away, and others drawn). A bound of 0 stands
 * for 2^64.
 *
 * Source    Lemire, Fast Random Integer Generation in an Interval, 2019
 * Since     0.1
 */
PAR_INLINE uint64_t par_random_below(par_random_t random, uint64_t i, uint64_t bound)
{
    uint64_t low, number;
    par_random_bits_t bits = par_random_bits(random, i, 0);
    uint64_t first = (uint64_t)bits.word[1] << 32 | bits.word[0];
    if (bound == 0) return first;
    number = par_random_product(first, bound, &low);
    if (PAR_LIKELY(low >= bound)) return number;
    uint64_t least = (0 - bound) % bound; /* below it a number would come up once too often */
    for (uint64_t draw = 1; low < least; draw++) {
        bits = par_random_bits(random, i, draw);
        number = par_random_product((uint64_t)bits.word[1] << 32 | bits.word[0], bound, &low);
    }
    return number;
}

/** The i-th number of the stream, normally distributed: mean 0, standard deviation 1, |x| < 8.6.
 *
 * Logarithm and cosine are the library's own and use only operations that IEEE 754 defines to the
 * last bit: the bits are the same on every machine, whatever its mathematical library.
 *
 * Cost      about three times par_random_double; a call
 * Source    Box and Muller, 1958
 * Since     0.1
 */
PAR_API double par_random_normal(par_random_t random, uint64_t i);

PAR_END_DECLS

#endif
