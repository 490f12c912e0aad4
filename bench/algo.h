/* algo.h - the algo family: a parallel algorithm beside what other libraries offer for the same.
 *
 * One algorithm NAME is the files algo_NAME.c (data, check, the serial form, par), and, where there
 * are such rivals, algo_NAME_std.cc (libstdc++, serial and its parallel mode), algo_NAME_tbb.cc
 * (TBB, and the standard's parallel algorithms, which run on it), algo_NAME_openmp.c (compiled for
 * libgomp and for libomp) and rayon/algo_NAME.rs. Each declares what it needs of the others in
 * algo_NAME.h; the two sorts share algo_sort_data.[ch] and their rivals. An answer is listed with
 * the runtime under whose name it appears. */
#ifndef BENCH_ALGO_H
#define BENCH_ALGO_H

#include "runtime.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Names of answers that are not runtimes of the other families. std and qsort use one thread. */
extern const bench_runtime_t bench_std, bench_qsort;
#if defined(BENCH_PARALLEL_MODE)
extern const bench_runtime_t bench_gnu; /* libstdc++'s parallel mode, on libgomp */
#endif
#if defined(BENCH_TBB)
extern const bench_runtime_t bench_pstl; /* std::execution::par_unseq, on TBB */
#endif

typedef struct bench_algo_t bench_algo_t;
typedef void bench_answer_fn(const bench_algo_t *a);

typedef struct bench_answer_t {
    const bench_runtime_t *runtime; /* NULL: this program does not have it */
    bench_answer_fn *run;
} bench_answer_t;

struct bench_algo_t {
    const char *workload;
    size_t size;
    bool quick;
    const void *spec; /* the file's own */

    /* Data and serial answer are there, outputs are spoilt. false: no memory. */
    bool (*prepare)(const bench_algo_t *a);
    /* Before every run, not measured: what works in place needs its input again. NULL: nothing to
     * restore. */
    void (*restore)(const bench_algo_t *a);
    bool (*is_right)(const bench_algo_t *a);
    const bench_answer_t *answers;
    size_t n_answers;
};

/* The last two fields. */
#define BENCH_ANSWERS(list) .answers = list, .n_answers = sizeof list / sizeof *list

/* Registers every answer. a must live until the program ends. */
void bench_add_algo(const bench_algo_t *a);

/* Every NAME: algo_NAME.c ends with BENCH_DEFINE_ALGO(NAME, the array of its bench_algo_t). The program for
 * libomp has those with an algo_NAME_openmp.c. */
#define BENCH_ALGOS_OF_OPENMP(X) X(filter) X(histogram) X(move) X(scan)
#if defined(BENCH_LIBOMP)
#    define BENCH_ALGOS(X) BENCH_ALGOS_OF_OPENMP(X)
#else
#    define BENCH_ALGOS(X)                                                                         \
        BENCH_ALGOS_OF_OPENMP(X)                                                                   \
        X(find) X(group) X(order) X(pipeline) X(sort) X(sort_number) X(text)
#endif

#define BENCH_X(name) void bench_algo_##name(void);
BENCH_ALGOS(BENCH_X)
#undef BENCH_X

#define BENCH_DEFINE_ALGO(name, algos)                                                             \
    void bench_algo_##name(void)                                                                   \
    {                                                                                              \
        for (size_t i = 0; i < sizeof algos / sizeof *algos; i++)                                  \
            bench_add_algo(&algos[i]);                                                             \
    }

void bench_add_algos(void);

/* X(size, quick): the sizes of what is bound by memory */
#define BENCH_ALGO_SIZES(X)                                                                        \
    X(1000, false), X(10000, false), X(100000, true), X(1000000, false), X(10000000, true),        \
        X(100000000, false)

/* The lists of answers say BENCH_PAR_ANSWER(run), BENCH_TBB_ANSWER(run) and so on: an entry, or
 * nothing where this program lacks the runtime. The program for libomp has OpenMP's answer alone. */
#if defined(BENCH_LIBOMP)
#    define BENCH_PAR_ANSWER(run)    {NULL, run},
#    define BENCH_SERIAL_ANSWER(run) {NULL, run},
#    define BENCH_SIMD_ANSWER(run)   {NULL, run},
#    define BENCH_STD_ANSWER(run)
#else
#    define BENCH_PAR_ANSWER(run)    {&bench_par, run},
#    define BENCH_SERIAL_ANSWER(run) {&bench_serial, run},
#    define BENCH_SIMD_ANSWER(run)   {&bench_simd, run},
#    define BENCH_STD_ANSWER(run)    {&bench_std, run}, /* its functions are in algo_NAME_std.cc */
#endif
#if defined(BENCH_OPENMP) || defined(BENCH_LIBOMP)
#    define BENCH_OPENMP_ANSWER(run)        {&bench_openmp, run},
#    define BENCH_OPENMP_STATIC_ANSWER(run) {&bench_openmp_static, run},
#else
#    define BENCH_OPENMP_ANSWER(run)
#    define BENCH_OPENMP_STATIC_ANSWER(run)
#endif
#if defined(BENCH_PARALLEL_MODE)
#    define BENCH_GNU_ANSWER(run) {&bench_gnu, run},
#else
#    define BENCH_GNU_ANSWER(run)
#endif
#if defined(BENCH_TBB)
#    define BENCH_TBB_ANSWER(run)  {&bench_tbb, run},
#    define BENCH_PSTL_ANSWER(run) {&bench_pstl, run},
#else
#    define BENCH_TBB_ANSWER(run)
#    define BENCH_PSTL_ANSWER(run)
#endif
#if defined(BENCH_RAYON)
#    define BENCH_RAYON_ANSWER(run) {&bench_rayon, run},
#else
#    define BENCH_RAYON_ANSWER(run)
#endif

#ifdef __cplusplus
}
#endif

#endif
