/* wide.c - the wide fixed-point number of exact sums. */
#include "wide.h"

#include <string.h>

#define LIMB_MASK ((int64_t)0xffffffff)

/* A right shift of a negative number rounds down, in gcc and clang: that is the carry. */
static void carry(par__wide_t *w)
{
    int64_t over = 0;
    for (size_t k = 0; k + 1 < PAR__WIDE_LIMBS; k++) {
        int64_t limb = w->limb[k] + over;
        over = limb >> 32;
        w->limb[k] = limb & LIMB_MASK;
    }
    w->limb[PAR__WIDE_LIMBS - 1] += over;
    w->adds = 0;
}

static void note_not_finite(par__wide_t *w, bool is_nan, bool is_negative)
{
    if (is_nan)
        w->has_nan = true;
    else if (is_negative)
        w->has_minus_infinity = true;
    else
        w->has_infinity = true;
}

void par__wide_add(par__wide_t *w, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    uint64_t mantissa = bits & (((uint64_t)1 << 52) - 1);
    unsigned exponent = (unsigned)(bits >> 52) & 0x7ff;
    bool is_negative = bits >> 63;
    if (exponent == 0x7ff) {
        note_not_finite(w, mantissa != 0, is_negative);
        return;
    }
    /* Subnormal numbers have the place of the least normal ones. */
    if (exponent > 0)
        mantissa |= (uint64_t)1 << 52;
    else
        exponent = 1;

    unsigned place = exponent - 1, shift = place % 32;
    int64_t *limb = w->limb + place / 32;
    uint64_t low = (mantissa & (uint64_t)LIMB_MASK) << shift;
    uint64_t high = (mantissa >> 32 << shift) + (low >> 32);
    int64_t sign = is_negative ? -1 : 1;
    limb[0] += sign * ((int64_t)low & LIMB_MASK);
    limb[1] += sign * ((int64_t)high & LIMB_MASK);
    limb[2] += sign * (int64_t)(high >> 32);
    if (++w->adds == PAR__WIDE_ADDS) carry(w);
}

void par__wide_merge(par__wide_t *w, const par__wide_t *other)
{
    /* Neither has more than PAR__WIDE_ADDS pending, which leaves room for both. */
    for (size_t k = 0; k < PAR__WIDE_LIMBS; k++)
        w->limb[k] += other->limb[k];
    carry(w);
    w->has_infinity |= other->has_infinity;
    w->has_minus_infinity |= other->has_minus_infinity;
    w->has_nan |= other->has_nan;
}

/* The limbs of the magnitude, each below 2^32; returns the sign. */
static bool magnitude(par__wide_t *w, uint32_t m[PAR__WIDE_LIMBS])
{
    carry(w);
    bool is_negative = w->limb[PAR__WIDE_LIMBS - 1] < 0;
    int64_t over = 0;
    for (size_t k = 0; k < PAR__WIDE_LIMBS; k++) {
        int64_t limb = (is_negative ? -w->limb[k] : w->limb[k]) + over;
        over = limb >> 32;
        m[k] = (uint32_t)(limb & LIMB_MASK);
    }
    return is_negative;
}

static bool bit_at(const uint32_t *m, size_t place)
{
    return m[place / 32] >> place % 32 & 1;
}

static bool any_below(const uint32_t *m, size_t place)
{
    for (size_t k = 0; k < place / 32; k++)
        if (m[k] != 0) return true;
    return (m[place / 32] & (((uint32_t)1 << place % 32) - 1)) != 0;
}

/* How many bits there are below the end of the highest one. */
static size_t length(const uint32_t *m)
{
    for (size_t k = PAR__WIDE_LIMBS; k-- > 0;)
        if (m[k] != 0) return 32 * k + 32 - (size_t)__builtin_clz(m[k]);
    return 0;
}

/* A binary format: bits of precision; its least number is 2^(least - 1074); the highest bit of its
 * finite numbers lies below 2^(most - 1074). */
typedef struct format_t {
    size_t precision, least, most;
} format_t;

/* The magnitude rounded to a format, as its bits without sign. As the fields of exponent and fraction
 * adjoin, adding the whole of the kept bits puts the highest one, and a carry out of them, into the
 * exponent, up to the infinity. */
static uint64_t rounded(const uint32_t *m, format_t f)
{
    size_t n = length(m);
    if (n > f.most) return (uint64_t)(f.most - f.least - f.precision + 2) << (f.precision - 1);
    size_t drop = n > f.least + f.precision ? n - f.precision : f.least;
    uint64_t kept = 0;
    for (size_t place = n; place-- > drop;)
        kept = kept << 1 | bit_at(m, place);
    if (drop > 0 && bit_at(m, drop - 1) && ((kept & 1) || any_below(m, drop - 1))) kept++;
    return ((uint64_t)(drop - f.least) << (f.precision - 1)) + kept;
}

/* NaN, or one infinity, if that is what the sum is; else 0. */
static double not_finite(const par__wide_t *w)
{
    if (w->has_nan || (w->has_infinity && w->has_minus_infinity)) return __builtin_nan("");
    if (w->has_infinity) return __builtin_inf();
    return w->has_minus_infinity ? -__builtin_inf() : 0;
}

double par__wide_double(par__wide_t *w)
{
    double special = not_finite(w), result;
    if (special != 0) return special;
    uint32_t m[PAR__WIDE_LIMBS];
    uint64_t sign = magnitude(w, m);
    uint64_t bits = rounded(m, (format_t){53, 0, 1074 + 1024}) | sign << 63;
    memcpy(&result, &bits, sizeof result);
    return result;
}

float par__wide_float(par__wide_t *w)
{
    float special = (float)not_finite(w), result;
    if (special != 0) return special;
    uint32_t m[PAR__WIDE_LIMBS], sign = magnitude(w, m);
    uint32_t bits = (uint32_t)rounded(m, (format_t){24, 1074 - 149, 1074 + 128}) | sign << 31;
    memcpy(&result, &bits, sizeof result);
    return result;
}
