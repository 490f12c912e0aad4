/* tables.h - a histogram by hand: each thread counts its part of the items into a table of its own. */
#ifndef BENCH_TABLES_H
#define BENCH_TABLES_H

#include "kernels.h"

#include <stdio.h>
#include <stdlib.h>

/* What is counted: bytes, or numbers of 16 bits. */
typedef struct bench_counted_t {
    const uint8_t *bytes;
    const uint16_t *wide; /* NULL: bytes */
} bench_counted_t;

typedef struct bench_table_t {
    bench_counted_t counted;
    size_t begin, end;
    uint64_t *bins;
} bench_table_t;

static inline size_t bench_table_bins(const bench_table_t *t)
{
    return t->counted.wide != NULL ? BENCH_BINS_WIDE : BENCH_BINS;
}

/* So many equal parts of n items, and zeros. */
static inline void bench_tables_make(bench_table_t *t, size_t n_tables, bench_counted_t c, size_t n)
{
    for (size_t i = 0; i < n_tables; i++) {
        t[i] = (bench_table_t){c, i * n / n_tables, (i + 1) * n / n_tables, NULL};
        t[i].bins = calloc(bench_table_bins(&t[i]), sizeof *t[i].bins);
        if (t[i].bins == NULL) {
            fputs("bench: no memory for the tables of histograms\n", stderr);
            exit(1);
        }
    }
}

static inline void bench_table_count(bench_table_t *t)
{
    if (t->counted.wide != NULL)
        bench_histogram_wide_range(t->counted.wide + t->begin, t->end - t->begin, t->bins);
    else
        bench_histogram_range(t->counted.bytes + t->begin, t->end - t->begin, t->bins);
}

/* Adds the tables up and frees them. */
static inline void bench_tables_add(const bench_table_t *t, size_t n_tables, uint64_t *counts)
{
    for (size_t i = 0; i < n_tables; i++) {
        for (size_t b = 0; b < bench_table_bins(&t[i]); b++)
            counts[b] += t[i].bins[b];
        free(t[i].bins);
    }
}

#endif
