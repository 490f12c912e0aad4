/* exact.h - sums of floating-point numbers without rounding errors.
 *
 *     double total = par_sum_exact(x, n);    // x: float * or double *
 *
 * The result is what infinitely precise arithmetic gives, rounded once. It does not depend on the
 * order of the elements, so it is the same for a permutation of them, and nothing cancels: 1e308,
 * 1, -1e308 is 1. It takes about half a nanosecond a number and core, some five times as long as
 * par_sum on arrays in the caches. */
#ifndef PAR_EXACT_H
#define PAR_EXACT_H

#include <par/api.h>

PAR_BEGIN_DECLS

/** The exact sum of x[0] to x[n - 1], rounded to nearest, ties to even.
 *
 * An infinity makes the sum infinite, both of them or a NaN make it NaN, a sum that is too large
 * becomes infinite; nothing in between overflows. A sum of nothing, and one that is exactly 0, is +0.
 *
 * @param x  n numbers; may be NULL only if n is 0
 *
 * Errors    none; a debug build of the library stops with a sentence when x is NULL
 * Threads   any thread, from inside other parallel calls too
 * Order     what the caller wrote is seen; the bits of the result do not depend on the workers
 * Blocking  returns when the sum is known
 * Cost      about 0.5 ns a number and core, several times that where neighbours differ by many orders
 *           of magnitude; up to 8192 numbers on the caller alone; bench: reduce/exact
 * Algebra   the exact sum is associative and commutative: only the set of elements counts. Needs
 *           the default floating-point environment: rounding to nearest, subnormal numbers kept
 * Source    a wide fixed-point accumulator: Kulisch, Computer Arithmetic and Validity, 2008; before it
 *           two numbers a lane: Collange, Defour, Graillat, Iakymchuk, Parallel Computing 49, 2015
 * Since     0.1
 */
PAR_API double par_sum_exact_double(const double *x, size_t n);
PAR_API float par_sum_exact_float(const float *x, size_t n);

PAR_END_DECLS

#ifdef __cplusplus

inline double par_sum_exact(const double *x, size_t n)
{
    return par_sum_exact_double(x, n);
}
inline float par_sum_exact(const float *x, size_t n)
{
    return par_sum_exact_float(x, n);
}

#else

#    define par_sum_exact(x, n)                                                                    \
        _Generic(*(x), float : par_sum_exact_float, double : par_sum_exact_double)((x), (n))

#endif

#endif
