/* algo_filter.c - a filter: data, the serial forms, par. Nobody guesses which half is kept: the serial loop
 * that branches pays for it. */
#include "algo_filter.h"

#include <string.h>

#include <par/filter.h>

#include "data.h"

static struct {
    int32_t *x, *out, *answer;
    size_t n, kept;
} data;

static bench_filter_t view;

bench_filter_t *bench_filter_data(void)
{
    return &view;
}

static void is_in_out(size_t kept)
{
    view.result = view.out;
    view.kept = kept;
}

static void run_serial(const bench_algo_t *a)
{
    (void)a;
    size_t kept = 0;
    for (size_t i = 0; i < view.n; i++)
        if (view.x[i] < 0) view.out[kept++] = view.x[i];
    is_in_out(kept);
}

/* Without branches. */
static void run_simd(const bench_algo_t *a)
{
    (void)a;
    size_t kept = 0;
    for (size_t i = 0; i < view.n; i++) {
        view.out[kept] = view.x[i];
        kept += view.x[i] < 0;
    }
    is_in_out(kept);
}

PAR_DEFINE_FILTER(negative, int32_t, x)
{
    return x < 0;
}

static void run_par(const bench_algo_t *a)
{
    (void)a;
    is_in_out(negative(view.out, view.x, view.n));
}

#if defined(BENCH_RAYON)
size_t bench_rayon_filter(const int32_t *x, size_t n, const int32_t **result);

static void run_rayon(const bench_algo_t *a)
{
    (void)a;
    view.kept = bench_rayon_filter(view.x, view.n, &view.result);
}
#endif

static bool make(size_t n)
{
    bench_free(data.x);
    bench_free(data.out);
    bench_free(data.answer);
    data.n = 0;
    data.x = bench_alloc((n + 1) * sizeof *data.x);
    data.out = bench_alloc((n + 1) * sizeof *data.out);
    data.answer = bench_alloc((n + 1) * sizeof *data.answer);
    if (data.x == NULL || data.out == NULL || data.answer == NULL) return false;
    for (size_t i = 0; i < n; i++)
        data.x[i] = (int32_t)(bench_work(3, i) >> 32);
    data.n = n;
    view = (bench_filter_t){.x = data.x, .out = data.answer, .n = n};
    run_serial(NULL);
    data.kept = view.kept;
    view.out = data.out;
    return true;
}

static bool prepare(const bench_algo_t *a)
{
    if (data.n != a->size && !make(a->size)) return false;
    memset(data.out, 0, data.n * sizeof *data.out);
    view.result = NULL;
    return true;
}

static bool is_right(const bench_algo_t *a)
{
    (void)a;
    return view.result != NULL && view.kept == data.kept &&
           memcmp(view.result, data.answer, data.kept * sizeof *data.answer) == 0;
}

static const bench_answer_t answers[] = {
    BENCH_SERIAL_ANSWER(run_serial) BENCH_SIMD_ANSWER(run_simd) BENCH_PAR_ANSWER(run_par)
        BENCH_STD_ANSWER(bench_filter_std) BENCH_OPENMP_ANSWER(bench_filter_openmp)
            BENCH_TBB_ANSWER(bench_filter_tbb) BENCH_PSTL_ANSWER(bench_filter_pstl)
                BENCH_RAYON_ANSWER(run_rayon)};

#define SIZE(n, is_quick)                                                                          \
    {                                                                                              \
        .workload = "filter", .size = n, .quick = is_quick, .prepare = prepare,                    \
        .is_right = is_right, BENCH_ANSWERS(answers)                                               \
    }

static const bench_algo_t algos[] = {BENCH_ALGO_SIZES(SIZE)};

BENCH_DEFINE_ALGO(filter, algos)
