/* kernels_reduce.h - the folds of reductions over one range, and what joins two of their results.
 *
 * The compiler may not reorder additions of doubles by itself, and one vector of partial sums waits
 * for the addition before; so a user who wants the speed writes eight of them out. */
#ifndef BENCH_KERNELS_REDUCE_H
#define BENCH_KERNELS_REDUCE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { BENCH_LANES = 8 };

static inline double bench_lanes_sum(const double *lanes)
{
    double s = 0.0;
    for (int k = 0; k < BENCH_LANES; k++)
        s += lanes[k];
    return s;
}

static inline double bench_sum_range(const double *x, size_t n)
{
    double lanes[BENCH_LANES] = {0.0}, rest = 0.0;
    size_t i = 0;
    for (; i + BENCH_LANES <= n; i += BENCH_LANES)
        for (size_t k = 0; k < BENCH_LANES; k++)
            lanes[k] += x[i + k];
    for (; i < n; i++)
        rest += x[i];
    return rest + bench_lanes_sum(lanes);
}

static inline double bench_dot_range(const double *x, const double *y, size_t n)
{
    double lanes[BENCH_LANES] = {0.0}, rest = 0.0;
    size_t i = 0;
    for (; i + BENCH_LANES <= n; i += BENCH_LANES)
        for (size_t k = 0; k < BENCH_LANES; k++)
            lanes[k] += x[i + k] * y[i + k];
    for (; i < n; i++)
        rest += x[i] * y[i];
    return rest + bench_lanes_sum(lanes);
}

/* Every further reduction of doubles, in the order of bench_runtime_t.reductions: the least element;
 * the least and the greatest; the index of the first least one; sum, sum of squares, least and
 * greatest in a struct; the exact sum. What comes out is folded into one number. */
#define BENCH_REDUCTIONS(X) X(min) X(minmax) X(index) X(moments) X(exact)

enum {
#define BENCH_X(name) BENCH_REDUCE_##name,
    BENCH_REDUCTIONS(BENCH_X)
#undef BENCH_X
        BENCH_REDUCE_COUNT
};

typedef double bench_reduce_fn(const double *x, size_t n);

static inline double bench_lesser(double a, double b)
{
    return b < a ? b : a;
}

static inline double bench_greater(double a, double b)
{
    return b > a ? b : a;
}

/* n > 0 for all that follow. */
static inline double bench_min_range(const double *x, size_t n)
{
    double lanes[BENCH_LANES];
    size_t i = 0;
    for (int k = 0; k < BENCH_LANES; k++)
        lanes[k] = x[0];
    for (; i + BENCH_LANES <= n; i += BENCH_LANES)
        for (size_t k = 0; k < BENCH_LANES; k++)
            lanes[k] = bench_lesser(lanes[k], x[i + k]);
    for (; i < n; i++)
        lanes[0] = bench_lesser(lanes[0], x[i]);
    for (int k = 1; k < BENCH_LANES; k++)
        lanes[0] = bench_lesser(lanes[0], lanes[k]);
    return lanes[0];
}

typedef struct bench_minmax_t {
    double min, max;
} bench_minmax_t;

static inline bench_minmax_t bench_minmax_of(bench_minmax_t a, bench_minmax_t b)
{
    a.min = bench_lesser(a.min, b.min);
    a.max = bench_greater(a.max, b.max);
    return a;
}

static inline bench_minmax_t bench_minmax_range(const double *x, size_t n)
{
    double low[BENCH_LANES], high[BENCH_LANES];
    size_t i = 0;
    for (int k = 0; k < BENCH_LANES; k++)
        low[k] = high[k] = x[0];
    for (; i + BENCH_LANES <= n; i += BENCH_LANES)
        for (size_t k = 0; k < BENCH_LANES; k++) {
            low[k] = bench_lesser(low[k], x[i + k]);
            high[k] = bench_greater(high[k], x[i + k]);
        }
    bench_minmax_t m = {x[0], x[0]};
    for (; i < n; i++) {
        bench_minmax_t one = {x[i], x[i]};
        m = bench_minmax_of(m, one);
    }
    for (int k = 0; k < BENCH_LANES; k++) {
        bench_minmax_t lane = {low[k], high[k]};
        m = bench_minmax_of(m, lane);
    }
    return m;
}

static inline double bench_minmax_result(bench_minmax_t m)
{
    return m.max * 4096.0 + m.min;
}

typedef struct bench_place_t {
    double value;
    size_t index;
} bench_place_t;

static inline bench_place_t bench_place_of(bench_place_t a, bench_place_t b)
{
    return b.value < a.value || (b.value == a.value && b.index < a.index) ? b : a;
}

static inline bench_place_t bench_place_range(const double *x, size_t begin, size_t end)
{
    bench_place_t p = {x[begin], begin};
    for (size_t i = begin + 1; i < end; i++)
        if (x[i] < p.value) {
            p.value = x[i];
            p.index = i;
        }
    return p;
}

typedef struct bench_moments_t {
    double sum, squares, min, max;
} bench_moments_t;

static inline bench_moments_t bench_moments_none(void)
{
    bench_moments_t m = {0.0, 0.0, 1e300, -1e300};
    return m;
}

static inline bench_moments_t bench_moments_item(double x)
{
    bench_moments_t m = {x, x * x, x, x};
    return m;
}

static inline bench_moments_t bench_moments_of(bench_moments_t a, bench_moments_t b)
{
    a.sum += b.sum;
    a.squares += b.squares;
    a.min = bench_lesser(a.min, b.min);
    a.max = bench_greater(a.max, b.max);
    return a;
}

static inline bench_moments_t bench_moments_range(const double *x, size_t n)
{
    double sum[BENCH_LANES] = {0.0}, squares[BENCH_LANES] = {0.0};
    double low[BENCH_LANES], high[BENCH_LANES];
    bench_moments_t m = bench_moments_none();
    size_t i = 0;
    for (int k = 0; k < BENCH_LANES; k++) {
        low[k] = m.min;
        high[k] = m.max;
    }
    for (; i + BENCH_LANES <= n; i += BENCH_LANES)
        for (size_t k = 0; k < BENCH_LANES; k++) {
            sum[k] += x[i + k];
            squares[k] += x[i + k] * x[i + k];
            low[k] = bench_lesser(low[k], x[i + k]);
            high[k] = bench_greater(high[k], x[i + k]);
        }
    for (; i < n; i++)
        m = bench_moments_of(m, bench_moments_item(x[i]));
    for (int k = 0; k < BENCH_LANES; k++) {
        bench_moments_t lane = {sum[k], squares[k], low[k], high[k]};
        m = bench_moments_of(m, lane);
    }
    return m;
}

static inline double bench_moments_result(bench_moments_t m)
{
    return m.squares + m.sum + m.min + m.max;
}

#ifdef __cplusplus
}
#endif

#endif
