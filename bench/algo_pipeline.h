/* algo_pipeline.h - a stream of n blocks: made in order, hashed by all, joined in order. */
#ifndef BENCH_ALGO_PIPELINE_H
#define BENCH_ALGO_PIPELINE_H

#include <stddef.h>
#include <stdint.h>

#include "algo.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The tokens that may be under way. */
enum { BENCH_PIPELINE_TOKENS = 16 };

typedef struct bench_pipeline_t {
    size_t n_blocks;
    size_t rounds;   /* of hashing a block: about 1 ns each */
    uint64_t answer; /* out */
} bench_pipeline_t;

extern bench_pipeline_t bench_pipeline;

/* What a stage does for a block: the same for all answers. */
static inline uint64_t bench_block_hash(uint64_t block, size_t rounds)
{
    for (size_t i = 0; i < rounds; i++)
        block = (block ^ block >> 29) * 0x9E3779B97F4A7C15u;
    return block;
}

static inline uint64_t bench_block_join(uint64_t all, uint64_t hash)
{
    return (all ^ hash) * 0xD6E8FEB86659FD93u;
}

bench_answer_fn bench_pipeline_tbb;

#ifdef __cplusplus
}
#endif

#endif
