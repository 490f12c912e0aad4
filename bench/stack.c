/* stack.c - how deep the stacks of all threads get in a merge sort, beside the serial one's. Each leaf
 * notes where its frame lies; a thread's depth counts from where its stack begins, the caller's from
 * the frame that calls the sort. */
#include "kernels_forkjoin.h"

#include <par/par.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS_MAX = 1024, ROUNDS = 5 };

typedef struct depth_t {
    uintptr_t top;
    uintptr_t lowest; /* written by its thread, read after the sort */
} depth_t;

static depth_t depths[THREADS_MAX];
static atomic_uint n_depths;
static _Thread_local depth_t *mine;

static depth_t *depth_new(void)
{
    unsigned i = atomic_fetch_add(&n_depths, 1);
    if (i < THREADS_MAX) return &depths[i];
    fputs("par_stack: more threads than it has room for\n", stderr);
    exit(1);
}

/* Of a thread that the pool started: from the end of its stack. */
static depth_t *depth_of_worker(void)
{
    pthread_attr_t attr;
    void *lowest;
    size_t bytes;
    depth_t *depth = depth_new();
    if (pthread_getattr_np(pthread_self(), &attr) != 0 ||
        pthread_attr_getstack(&attr, &lowest, &bytes) != 0) {
        fputs("par_stack: the system does not tell where a stack begins\n", stderr);
        exit(1);
    }
    pthread_attr_destroy(&attr);
    depth->top = depth->lowest = (uintptr_t)lowest + bytes;
    return depth;
}

static void note_depth(void)
{
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    if (mine == NULL) mine = depth_of_worker();
    if (here < mine->lowest) mine->lowest = here;
}

/* The sort of forkjoin/mergesort, with either join. */
static void join_serially(par_task_fn *a, void *a_ctx, par_task_fn *b, void *b_ctx)
{
    a(a_ctx);
    b(b_ctx);
}

#define SORT(name, join)                                                                           \
    static void name(void *ctx)                                                                    \
    {                                                                                              \
        const bench_sort_t *s = ctx;                                                               \
        if (s->n <= BENCH_SORT_CUTOFF) {                                                           \
            note_depth();                                                                          \
            bench_sort_serial(s->from, s->to, s->scratch, s->n);                                   \
            return;                                                                                \
        }                                                                                          \
        size_t half = s->n / 2;                                                                    \
        bench_sort_t a = {half, s->from, s->scratch, s->to};                                       \
        bench_sort_t b = {s->n - half, s->from + half, s->scratch + half, s->to + half};           \
        join(name, &a, name, &b);                                                                  \
        bench_merge(s->scratch, half, s->scratch + half, s->n - half, s->to);                      \
    }
SORT(sort_serially, join_serially)
SORT(sort_in_parallel, par_join)

/* The caller's depth in one sort. */
static size_t sort_and_measure(par_task_fn *sort, bench_sort_t *s)
{
    if (mine == NULL) mine = depth_new();
    mine->top = mine->lowest = (uintptr_t)__builtin_frame_address(0);
    sort(s);
    for (size_t i = 1; i < s->n; i++)
        if (s->to[i - 1] > s->to[i]) {
            fputs("par_stack: WRONG ANSWER: not sorted\n", stderr);
            exit(1);
        }
    return mine->top - mine->lowest;
}

static void measure(size_t n, bench_sort_t *s)
{
    size_t serial = sort_and_measure(sort_serially, s), caller = 0, worker = 0;
    for (int round = 0; round < ROUNDS; round++) {
        size_t depth = sort_and_measure(sort_in_parallel, s);
        if (depth > caller) caller = depth;
    }
    unsigned threads = atomic_load(&n_depths);
    for (unsigned i = 0; i < threads; i++)
        if (&depths[i] != mine && depths[i].top - depths[i].lowest > worker)
            worker = depths[i].top - depths[i].lowest;
    printf("deepest stack in bytes, merge sort of %zu integers, %u workers, %d runs\n", n,
           par_num_workers(), ROUNDS);
    printf("  %-28s %8zu\n", "serial", serial);
    printf("  %-28s %8zu\n", "caller", caller);
    if (worker == 0)
        printf("  %-28s %8s\n", "other workers", "idle");
    else
        printf("  %-28s %8zu\n", "other workers, from the top", worker);
}

int main(int argc, char **argv)
{
    char *end;
    unsigned long n = argc == 2 ? strtoul(argv[1], &end, 10) : 0;
    if (argc != 2 || *end != '\0' || n == 0 || n > 2000000000) {
        fputs("usage: par_stack N, how many integers are sorted, 1 to 2000000000\n", stderr);
        return 2;
    }
    int32_t *from = malloc(n * sizeof *from), *to = malloc(n * sizeof *to),
            *scratch = malloc(n * sizeof *scratch);
    if (from == NULL || to == NULL || scratch == NULL) {
        fprintf(stderr, "par_stack: no memory for three arrays of %lu integers\n", n);
        return 1;
    }
    uint32_t x = 1;
    for (size_t i = 0; i < n; i++) {
        x = x * 1664525u + 1013904223u;
        from[i] = (int32_t)(x >> 1);
    }
    measure(n, &(bench_sort_t){n, from, to, scratch});
    free(from);
    free(to);
    free(scratch);
    return 0;
}
