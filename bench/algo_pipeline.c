/* algo_pipeline.c - what a token costs: stages of 50 ns, 1 us and 20 us between two serial ones. */
#include "algo_pipeline.h"

#include <par/par.h>

bench_pipeline_t bench_pipeline;

typedef struct shape_t {
    size_t rounds, grain; /* grain: tokens made in a row, by par */
} shape_t;

typedef struct stream_t {
    bench_pipeline_t *d;
    size_t n_made;
    uint64_t all;
} stream_t;

static int block_make(void *item, void *ctx)
{
    stream_t *s = ctx;
    if (s->n_made == s->d->n_blocks) return PAR_PIPELINE_END;
    *(uint64_t *)item = s->n_made++;
    return 0;
}

static int block_hash(void *item, void *ctx)
{
    const stream_t *s = ctx;
    *(uint64_t *)item = bench_block_hash(*(uint64_t *)item, s->d->rounds);
    return 0;
}

static int block_join(void *item, void *ctx)
{
    stream_t *s = ctx;
    s->all = bench_block_join(s->all, *(uint64_t *)item);
    return 0;
}

static void pipeline_par(const bench_algo_t *a)
{
    uint64_t items[BENCH_PIPELINE_TOKENS];
    stream_t s = {&bench_pipeline, 0, 0};
    const par_stage_t stages[] = {{block_make, &s, PAR_STAGE_SERIAL},
                                  {block_hash, &s, PAR_STAGE_PARALLEL},
                                  {block_join, &s, PAR_STAGE_SERIAL}};
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = ((const shape_t *)a->spec)->grain;
    par_pipeline(items, BENCH_PIPELINE_TOKENS, sizeof *items, stages, 3, NULL, &options);
    bench_pipeline.answer = s.all;
}

static uint64_t serial_answer(const bench_pipeline_t *d)
{
    uint64_t all = 0;
    for (size_t i = 0; i < d->n_blocks; i++)
        all = bench_block_join(all, bench_block_hash(i, d->rounds));
    return all;
}

static void pipeline_serial(const bench_algo_t *a)
{
    (void)a;
    bench_pipeline.answer = serial_answer(&bench_pipeline);
}

static bool prepare(const bench_algo_t *a)
{
    bench_pipeline = (bench_pipeline_t){a->size, ((const shape_t *)a->spec)->rounds, 0};
    return true;
}

static bool is_right(const bench_algo_t *a)
{
    (void)a;
    return bench_pipeline.answer == serial_answer(&bench_pipeline);
}

static const bench_answer_t answers[] = {BENCH_SERIAL_ANSWER(pipeline_serial) BENCH_PAR_ANSWER(
    pipeline_par) BENCH_TBB_ANSWER(bench_pipeline_tbb)};

static const shape_t of_50ns = {25, 1}, of_50ns_by_4 = {25, 4}, of_1us = {500, 1},
                     of_1us_by_4 = {500, 4}, of_20us = {10000, 1};

#define CASE(shape, in_name, n, short)                                                             \
    {                                                                                              \
        .workload = in_name, .size = n, .quick = short, .spec = &shape, .prepare = prepare,        \
        .is_right = is_right, BENCH_ANSWERS(answers)                                               \
    }

static const bench_algo_t algos[] = {
    CASE(of_50ns, "pipeline_50ns", 20000, false),
    CASE(of_50ns_by_4, "pipeline_50ns_by_4", 20000, false),
    CASE(of_1us, "pipeline_1us", 10000, true),
    CASE(of_1us_by_4, "pipeline_1us_by_4", 10000, false),
    CASE(of_20us, "pipeline_20us", 1000, false),
};

BENCH_DEFINE_ALGO(pipeline, algos)
