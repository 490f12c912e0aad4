/* wordcount [FILE...] - counts words by par, OpenMP, a naive thread pool and serially, and shows
 * that the answers are the same and what each took. No file or "-": standard input. */
#define _POSIX_C_SOURCE 200809L
#include "wordcount.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <par/par.h>

enum { N_TOP = 20, MAX_ROUNDS = 7, MAX_SECONDS = 10 };

typedef struct runtime_t {
    const char *name;
    count_fn *count;
    double seconds[MAX_ROUNDS];
    double cpu_seconds; /* of the process, sum of all rounds */
    table_t table;      /* of the last round */
} runtime_t;

static double clock_now(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Threads of some runtimes spin on for a while after their work: let them come to rest, so that
 * nobody pays for his predecessor. */
static void pause_before_run(void)
{
    nanosleep(&(struct timespec){0, 10 * 1000 * 1000}, NULL);
}

static void runtime_run(runtime_t *runtime, const text_t *text, unsigned n_workers, int round)
{
    table_free(&runtime->table);
    pause_before_run();
    double cpu = clock_now(CLOCK_PROCESS_CPUTIME_ID), start = clock_now(CLOCK_MONOTONIC);
    runtime->count(text, n_workers, &runtime->table);
    runtime->seconds[round] = clock_now(CLOCK_MONOTONIC) - start;
    runtime->cpu_seconds += clock_now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
}

static int double_compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double runtime_median(runtime_t *runtime, int n_rounds)
{
    qsort(runtime->seconds, (size_t)n_rounds, sizeof(double), double_compare);
    return runtime->seconds[n_rounds / 2];
}

/* Serial code that did not get a core of its own tells that others were using the machine. */
static void busy_print(const runtime_t *serial, int n_rounds)
{
    double seconds = 0;
    for (int i = 0; i < n_rounds; i++)
        seconds += serial->seconds[i];
    if (serial->cpu_seconds < 0.9 * seconds)
        printf("the machine was busy (serial code got %.0f %% of a core): do not trust the times\n",
               100 * serial->cpu_seconds / seconds);
}

static void top_print(const table_t *table)
{
    entry_t top[N_TOP];
    size_t n = table_top(table, N_TOP, top);
    if (n > 0) printf("\n%10s  word\n", "count");
    for (size_t i = 0; i < n; i++) {
        printf("%10llu  ", (unsigned long long)top[i].count);
        for (size_t k = 0; k < top[i].length; k++)
            putchar((int)letter_fold(top[i].word[k]));
        putchar('\n');
    }
}

/* 0 when all runtimes counted the same. */
static int result_print(runtime_t *runtimes, size_t n, int n_rounds, const text_t *text)
{
    const table_t *expected = &runtimes[0].table;
    printf("%llu words, %zu distinct, %zu bytes in %zu file%s\n",
           (unsigned long long)table_sum(expected), table_distinct(expected), text->n_bytes,
           text->n_files, text->n_files == 1 ? "" : "s");
    top_print(expected);

    int n_wrong = 0;
    double serial = runtime_median(&runtimes[0], n_rounds);
    printf("\n%-10s %10s %10s %10s  answer\n", "runtime", "ms", "MB/s", "speed-up");
    for (size_t i = 0; i < n; i++) {
        double seconds = runtime_median(&runtimes[i], n_rounds);
        bool is_equal = table_equal(expected, &runtimes[i].table);
        n_wrong += !is_equal;
        printf("%-10s %10.2f %10.1f %10.2f  %s\n", runtimes[i].name, 1e3 * seconds,
               1e-6 * (double)text->n_bytes / seconds, serial / seconds,
               i == 0     ? "reference"
               : is_equal ? "the same"
                          : "DIFFERENT");
    }
#ifndef _OPENMP
    puts("openmp     not built: the compiler that made this program was used without OpenMP");
#endif
    return n_wrong;
}

static int count_all(const text_t *text)
{
    static runtime_t runtimes[] = {
        {.name = "serial", .count = count_serial},
        {.name = "par", .count = count_par},
#ifdef _OPENMP
        {.name = "openmp", .count = count_openmp},
#endif
        {.name = "pthread", .count = count_pthread},
    };
    const size_t n = sizeof runtimes / sizeof *runtimes;

    /* In turns, so that a disturbance of the machine hits all of them. */
    unsigned n_workers = par_num_workers();
    int n_rounds = 0;
    double start = clock_now(CLOCK_MONOTONIC);
    while (n_rounds < MAX_ROUNDS && clock_now(CLOCK_MONOTONIC) - start < MAX_SECONDS) {
        for (size_t i = 0; i < n; i++)
            runtime_run(&runtimes[i], text, n_workers, n_rounds);
        n_rounds++;
    }
    int n_wrong = result_print(runtimes, n, n_rounds, text);
    printf("%u worker%s, %zu parts, median of %d round%s in turns\n", n_workers,
           n_workers == 1 ? "" : "s", text->n_parts, n_rounds, n_rounds == 1 ? "" : "s");
    busy_print(&runtimes[0], n_rounds);
    for (size_t i = 0; i < n; i++)
        table_free(&runtimes[i].table);
    count_pthread_stop();
    return n_wrong;
}

int main(int argc, char **argv)
{
    if (argc == 2 && (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0)) {
        puts("usage: wordcount [FILE...]   (\"-\" or no file: standard input)");
        return 0;
    }
    text_t text = {0};
    int n_failed = argc == 1 ? text_add_file(&text, "-") != 0 : 0;
    for (int i = 1; i < argc; i++)
        n_failed += text_add_file(&text, argv[i]) != 0;
    if (n_failed == 0) {
        text_split(&text);
        n_failed = count_all(&text);
    }
    text_free(&text);
    return n_failed == 0 ? 0 : 1;
}
