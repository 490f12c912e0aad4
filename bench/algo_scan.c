/* algo_scan.c - running sums: data, the serial form, par. */
#include "algo_scan.h"

#include <string.h>

#include <par/scan.h>

#include "data.h"

static struct {
    int64_t *x, *out;
    size_t n;
    uint64_t answer;
} data;

static bench_scan_t view;

const bench_scan_t *bench_scan_data(void)
{
    return &view;
}

static void run_serial(const bench_algo_t *a)
{
    (void)a;
    int64_t sum = 0;
    for (size_t i = 0; i < view.n; i++) {
        sum += view.x[i];
        view.out[i] = sum;
    }
}

static void run_par(const bench_algo_t *a)
{
    (void)a;
    par_scan_sum(view.out, view.x, view.n);
}

/* Of all results. */
static uint64_t hash(void)
{
    uint64_t h = 0;
    for (size_t i = 0; i < data.n; i++)
        h = h * 6364136223846793005u + (uint64_t)data.out[i];
    return h;
}

static bool make(size_t n)
{
    bench_free(data.x);
    bench_free(data.out);
    data.n = 0;
    data.x = bench_alloc(n * sizeof *data.x);
    data.out = bench_alloc(n * sizeof *data.out);
    if (data.x == NULL || data.out == NULL) return false;
    for (size_t i = 0; i < n; i++)
        data.x[i] = (int64_t)(bench_work(1, i) >> 50) - 5000;
    data.n = n;
    view = (bench_scan_t){data.x, data.out, n};
    run_serial(NULL);
    data.answer = hash();
    return true;
}

static bool prepare(const bench_algo_t *a)
{
    if (data.n != a->size && !make(a->size)) return false;
    memset(data.out, 0xa5, data.n * sizeof *data.out);
    return true;
}

static bool is_right(const bench_algo_t *a)
{
    (void)a;
    return hash() == data.answer;
}

/* OpenMP's own scan, and under the name of its static schedule a block a thread in two passes. clang's
 * own one keeps a sum for each element on the caller's stack, which is too small for it. */
#if defined(BENCH_LIBOMP)
#    define OWN_SCAN_ANSWER(run)
#else
#    define OWN_SCAN_ANSWER(run) BENCH_OPENMP_ANSWER(run)
#endif

static const bench_answer_t answers[] = {
    BENCH_SERIAL_ANSWER(run_serial) BENCH_PAR_ANSWER(run_par) BENCH_STD_ANSWER(bench_scan_std)
        OWN_SCAN_ANSWER(bench_scan_openmp) BENCH_OPENMP_STATIC_ANSWER(bench_scan_openmp_blocks)
            BENCH_GNU_ANSWER(bench_scan_gnu) BENCH_TBB_ANSWER(bench_scan_tbb)
                BENCH_PSTL_ANSWER(bench_scan_pstl)};

#define SIZE(n, is_quick)                                                                          \
    {                                                                                              \
        .workload = "scan", .size = n, .quick = is_quick, .prepare = prepare,                      \
        .is_right = is_right, BENCH_ANSWERS(answers)                                               \
    }

static const bench_algo_t algos[] = {BENCH_ALGO_SIZES(SIZE)};

BENCH_DEFINE_ALGO(scan, algos)
