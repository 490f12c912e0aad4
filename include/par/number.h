/* number.h - sums, products, extremes, fills and copies of arrays of C numbers.
 *
 *     double total = par_sum(x, n);          // x: float *, double *, or any integer type but bool
 *     int least = par_min(v, n);
 *     size_t where = par_min_index(v, n);
 *     double xy = par_dot(x, y, n);
 *     par_fill(x, n, 0.5);
 *     par_copy(out, in, n);
 *
 * One name for all types: chosen by _Generic in C, by overloads in C++. Each instance is also a
 * function of its own (par_sum_double), for other languages.
 *
 * What is summed how:
 *   - signed integers (and char) in int64_t, unsigned ones in uint64_t, products alike; what does
 *     not fit wraps around, as unsigned arithmetic does, and is never undefined;
 *   - float in float, double in double: in 64 or 32 lanes over leaves of 32 KiB, along a fixed
 *     tree. The bits are the same on every run, for every number of workers, compiler, machine and
 *     vector width, and the error grows with log2(n) only. No error at all: par/exact.h.
 * Extremes of floating-point numbers: NaN if any element is a NaN. Which of two equal zeros of
 * opposite sign is the extreme is not told, but it is the same one on every run.
 *
 * The bits hold for the default floating-point environment: rounding to nearest, subnormal numbers
 * not flushed to zero. */
#ifndef PAR_NUMBER_H
#define PAR_NUMBER_H

#include <par/api.h>

/* X(name, type, type of a sum or a dot product): every type once, so all of intN_t and size_t. */
#define PAR_NUMBER_MAP(X)                                                                          \
    X(char, char, int64_t)                                                                         \
    X(schar, signed char, int64_t)                                                                 \
    X(uchar, unsigned char, uint64_t)                                                              \
    X(short, short, int64_t)                                                                       \
    X(ushort, unsigned short, uint64_t)                                                            \
    X(int, int, int64_t)                                                                           \
    X(uint, unsigned int, uint64_t)                                                                \
    X(long, long, int64_t)                                                                         \
    X(ulong, unsigned long, uint64_t)                                                              \
    X(llong, long long, int64_t)                                                                   \
    X(ullong, unsigned long long, uint64_t)                                                        \
    X(float, float, float)                                                                         \
    X(double, double, double)

PAR_BEGIN_DECLS

/** The sum of x[0] to x[n - 1]; 0 for n = 0.
 *
 * @param x  n numbers; may be NULL only if n is 0
 *
 * Errors    none. More elements than an array can have: a debug build of the library stops with a
 *           sentence, a release build takes n for 0.
 * Threads   any thread, from inside other parallel calls too
 * Order     what the caller wrote is seen; the bits of the result do not depend on the workers
 * Blocking  returns when the sum is known
 * Cost      the memory's speed; up to 64 KiB on the caller alone; bench: reduce/sum
 * Algebra   floating point: a fixed order of additions, which the number of elements alone decides
 * Source    pairwise summation: Higham, SIAM J. Sci. Comput. 14(4), 1993
 * Since     0.1
 */
#define PAR_X(name, type, sum_type) PAR_API sum_type par_sum_##name(const type *x, size_t n);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

/** The sum of x[i] * y[i]; 0 for n = 0. Products of floating-point numbers are rounded before they
 * are added, on every machine. Otherwise as par_sum.
 * Since     0.1
 */
#define PAR_X(name, type, sum_type)                                                                \
    PAR_API sum_type par_dot_##name(const type *x, const type *y, size_t n);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

/** The least element; for n = 0 the greatest value of the type, infinity for float and double: the
 * value that changes no minimum. NaN if there is one. Otherwise as par_sum.
 * Since     0.1
 */
#define PAR_X(name, type, sum_type) PAR_API type par_min_##name(const type *x, size_t n);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

/** The greatest element; for n = 0 the least value of the type, -infinity for float and double. NaN
 * if there is one. Otherwise as par_sum.
 * Since     0.1
 */
#define PAR_X(name, type, sum_type) PAR_API type par_max_##name(const type *x, size_t n);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

/** Both extremes in one pass, each as par_min and par_max tell it.
 *
 * @param min,max  out; must not be NULL
 *
 * Otherwise as par_sum; bench: reduce/minmax
 * Since     0.1
 */
#define PAR_X(name, type, sum_type)                                                                \
    PAR_API void par_minmax_##name(const type *x, size_t n, type *min, type *max);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

/** The index of the first least element, or of the first NaN if there is one; 0 for n = 0. Zeros of
 * either sign are equal. Otherwise as par_sum; bench: reduce/index
 * Since     0.1
 */
#define PAR_X(name, type, sum_type) PAR_API size_t par_min_index_##name(const type *x, size_t n);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

/** The index of the first greatest element, or of the first NaN if there is one; 0 for n = 0. Zeros
 * of either sign are equal. Otherwise as par_sum.
 * Since     0.1
 */
#define PAR_X(name, type, sum_type) PAR_API size_t par_max_index_##name(const type *x, size_t n);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

/** How many elements equal value: zeros of either sign are equal, a NaN equals nothing. Elements with
 * another property are counted by PAR_DEFINE_REDUCE_COMMUTATIVE. Otherwise as par_sum.
 * Since     0.1
 */
#define PAR_X(name, type, sum_type)                                                                \
    PAR_API size_t par_count_##name(const type *x, size_t n, type value);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

/** Sets x[0] to x[n - 1] to value.
 *
 * @param x  n numbers; may be NULL only if n is 0
 *
 * Errors, Threads, Blocking as par_sum
 * Order     what was written is seen after the return
 * Cost      the memory's speed; not benchmarked yet
 * Since     0.1
 */
#define PAR_X(name, type, sum_type) PAR_API void par_fill_##name(type *x, size_t n, type value);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

/** Copies in[0] to in[n - 1] to out.
 *
 * @param out,in  n numbers each, which share no byte; may be NULL only if n is 0
 *
 * Errors, Threads, Order, Blocking, Cost as par_fill
 * Since     0.1
 */
#define PAR_X(name, type, sum_type)                                                                \
    PAR_API void par_copy_##name(type *out, const type *in, size_t n);
PAR_NUMBER_MAP(PAR_X)
#undef PAR_X

PAR_END_DECLS

#ifdef __cplusplus

#    define PAR_X(name, type, sum_type)                                                            \
        inline sum_type par_sum(const type *x, size_t n)                                           \
        {                                                                                          \
            return par_sum_##name(x, n);                                                           \
        }                                                                                          \
        inline sum_type par_dot(const type *x, const type *y, size_t n)                            \
        {                                                                                          \
            return par_dot_##name(x, y, n);                                                        \
        }                                                                                          \
        inline type par_min(const type *x, size_t n)                                               \
        {                                                                                          \
            return par_min_##name(x, n);                                                           \
        }                                                                                          \
        inline type par_max(const type *x, size_t n)                                               \
        {                                                                                          \
            return par_max_##name(x, n);                                                           \
        }                                                                                          \
        inline void par_minmax(const type *x, size_t n, type *min, type *max)                      \
        {                                                                                          \
            par_minmax_##name(x, n, min, max);                                                     \
        }                                                                                          \
        inline size_t par_min_index(const type *x, size_t n)                                       \
        {                                                                                          \
            return par_min_index_##name(x, n);                                                     \
        }                                                                                          \
        inline size_t par_max_index(const type *x, size_t n)                                       \
        {                                                                                          \
            return par_max_index_##name(x, n);                                                     \
        }                                                                                          \
        inline size_t par_count(const type *x, size_t n, type value)                               \
        {                                                                                          \
            return par_count_##name(x, n, value);                                                  \
        }                                                                                          \
        inline void par_fill(type *x, size_t n, type value)                                        \
        {                                                                                          \
            par_fill_##name(x, n, value);                                                          \
        }                                                                                          \
        inline void par_copy(type *out, const type *in, size_t n)                                  \
        {                                                                                          \
            par_copy_##name(out, in, n);                                                           \
        }
PAR_NUMBER_MAP(PAR_X)
#    undef PAR_X

#else

/* The instance of a verb for what x points to. */
#    define PAR_NUMBER_OF(verb, x)                                                                 \
        _Generic(*(x), char                                                                        \
                 : par_##verb##_char, signed char                                                  \
                 : par_##verb##_schar, unsigned char                                               \
                 : par_##verb##_uchar, short                                                       \
                 : par_##verb##_short, unsigned short                                              \
                 : par_##verb##_ushort, int                                                        \
                 : par_##verb##_int, unsigned int                                                  \
                 : par_##verb##_uint, long                                                         \
                 : par_##verb##_long, unsigned long                                                \
                 : par_##verb##_ulong, long long                                                   \
                 : par_##verb##_llong, unsigned long long                                          \
                 : par_##verb##_ullong, float                                                      \
                 : par_##verb##_float, double                                                      \
                 : par_##verb##_double)

#    define par_sum(x, n)              PAR_NUMBER_OF(sum, x)((x), (n))
#    define par_dot(x, y, n)           PAR_NUMBER_OF(dot, x)((x), (y), (n))
#    define par_min(x, n)              PAR_NUMBER_OF(min, x)((x), (n))
#    define par_max(x, n)              PAR_NUMBER_OF(max, x)((x), (n))
#    define par_minmax(x, n, min, max) PAR_NUMBER_OF(minmax, x)((x), (n), (min), (max))
#    define par_min_index(x, n)        PAR_NUMBER_OF(min_index, x)((x), (n))
#    define par_max_index(x, n)        PAR_NUMBER_OF(max_index, x)((x), (n))
#    define par_count(x, n, value)     PAR_NUMBER_OF(count, x)((x), (n), (value))
#    define par_fill(x, n, value)      PAR_NUMBER_OF(fill, x)((x), (n), (value))
#    define par_copy(out, in, n)       PAR_NUMBER_OF(copy, out)((out), (in), (n))

#endif

#endif
