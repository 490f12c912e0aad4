/* wide.h - a fixed-point number that holds any sum of doubles exactly.
 *
 *     value = sum of limb[k] * 2^(32 k - 1074)
 *
 * A double is 53 bits at one of 2046 places above 2^-1074, so it touches three limbs of 32 bits. A limb
 * has 64: adding a double changes it by less than 2^32, so carries can wait for PAR__WIDE_ADDS of them.
 * After par__wide_carry all limbs but the last are in [0, 2^32); the last one has the sign. 64 bits
 * above the greatest double hold the sum of as many of them as there can be. */
#ifndef PAR_WIDE_H
#define PAR_WIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PAR__WIDE_LIMBS = (1074 + 1024 + 64 + 31) / 32 + 1, PAR__WIDE_ADDS = 1 << 28 };

typedef struct par__wide_t {
    int64_t limb[PAR__WIDE_LIMBS];
    uint32_t adds; /* since the last carry */
    /* What is not finite is noted instead of added. */
    bool has_infinity, has_minus_infinity, has_nan;
} par__wide_t;

/* All zeros is the number 0. */
void par__wide_add(par__wide_t *w, double x);
void par__wide_merge(par__wide_t *w, const par__wide_t *other);

/* Rounded to nearest, ties to even, once. Changes w's form, not its value. */
double par__wide_double(par__wide_t *w);
float par__wide_float(par__wide_t *w);

#endif
