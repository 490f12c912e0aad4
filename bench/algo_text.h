/* algo_text.h - the lines and the words of a text of n bytes. */
#ifndef BENCH_ALGO_TEXT_H
#define BENCH_ALGO_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "algo.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bench_slice_t {
    const char *at;
    size_t n;
} bench_slice_t;

typedef struct bench_text_t {
    size_t n;
    const char *text;
    size_t room; /* as many as there are */
    bench_slice_t *slices;
    size_t n_slices;            /* out */
    const bench_slice_t *found; /* out: slices, or where else the answer put them */
} bench_text_t;

extern bench_text_t bench_text;

void bench_rayon_lines(bench_text_t *d);
void bench_rayon_tokens(bench_text_t *d);

#ifdef __cplusplus
}
#endif

#endif
