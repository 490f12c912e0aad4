/* bench.h - the C face of Google Benchmark: one benchmark is one bench_case_t.
 *
 * The harness is C++ and lives in bench_google.cc alone. It hands the iteration count to a C
 * function that loops itself, because a call across the language border in each iteration would
 * be measured with it. Around each measurement the harness does, in this order:
 *
 *     prepare   data and the serial answer are there, outputs are spoilt
 *     settle    if another runtime ran before: let its threads stop spinning and start this one's
 *     run       measured: real time, and the CPU time of the whole process
 *     is_right  the outputs equal the serial answer, or the benchmark fails */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct bench_runtime_t;

typedef struct bench_case_t bench_case_t;
typedef int64_t bench_run_fn(const bench_case_t *c, uint64_t iterations);

/* The name is "family/workload/runtime/size/threads", by which scripts find it. */
struct bench_case_t {
    const char *family;
    const char *workload;
    const struct bench_runtime_t *runtime;
    size_t size;
    unsigned threads;
    bool quick; /* part of the short selection */

    /* Not 0: run is called once, for exactly so many iterations, and returns the nanoseconds that
     * count. 0: the harness chooses the iterations and takes the time; what run returns is
     * ignored. */
    uint64_t iterations;

    bool (*prepare)(const bench_case_t *c); /* false: there is no memory for it */
    bench_run_fn *run;
    bool (*is_right)(const bench_case_t *c);
    uint64_t (*forks)(const bench_case_t *c); /* in one iteration; NULL: does not fork */
    const void *spec;                         /* the family's own */
};

/* Registers a copy of the case. Strings and spec must live until the program ends. */
void bench_add(const bench_case_t *c);

/* How many threads every runtime uses: as many as par has workers, the caller included. */
unsigned bench_threads(void);

/* Another number for the rivals, before anything else asks. The default pool of par never has more
 * workers than cores, so par-64 alone stands for par then. */
void bench_set_threads(unsigned n);

/* Each family registers its cases for every runtime that has an answer. */
void bench_add_launch(void);
void bench_add_forkjoin(void);
void bench_add_scope(void);
void bench_add_designs(void);
void bench_add_loop(void);
void bench_add_histogram(void);
void bench_add_random(void);
void bench_add_try(void);
void bench_add_nested(void);
void bench_add_crowded(void);
void bench_add_reduce(void);
void bench_add_algos(void);

#ifdef __cplusplus
}
#endif

#endif
