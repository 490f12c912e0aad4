/* count.c - one fib for an instruction counter: par_count RUNTIME N, with one worker.
 *
 * scripts/bench --instructions runs it under callgrind, which counts only while counted() runs: the
 * start of the program and of the pool are not in the number. Prints how many forks there were. */
#include "runtime.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct count_t {
    const bench_runtime_t *runtime;
    unsigned n;
    uint64_t result;
} count_t;

void counted(void *ctx);

__attribute__((noinline)) void counted(void *ctx)
{
    count_t *c = ctx;
    c->result = c->runtime->fib(c->n);
}

/* Calls that fork: fib(n + 1) - 1. */
static uint64_t forks_of(unsigned n)
{
    return bench_serial.fib(n + 1) - 1;
}

int main(int argc, char **argv)
{
    static const bench_runtime_t *const runtimes[] = {&bench_serial, &bench_par, &bench_par_task,
                                                      &bench_par_call};
    enum { COUNT = sizeof runtimes / sizeof *runtimes };
    char *end = NULL;
    long n = argc == 3 ? strtol(argv[2], &end, 10) : 0;
    size_t r = 0;
    while (argc == 3 && r < COUNT && strcmp(runtimes[r]->name, argv[1]) != 0)
        r++;
    if (argc != 3 || r == COUNT || *end != '\0' || n < 2 || n > 40) {
        fprintf(stderr, "usage: par_count RUNTIME N\n"
                        "  RUNTIME  serial, par, par-task or par-call\n"
                        "  N        which Fibonacci number, 2 to 40\n");
        return 2;
    }
    count_t c = {runtimes[r], (unsigned)n, 0};
    if (c.runtime->with_one_thread != NULL)
        c.runtime->with_one_thread(counted, &c);
    else
        counted(&c);
    if (c.result != bench_serial.fib(c.n)) {
        fprintf(stderr, "par_count: %s answers %" PRIu64 " for fib(%u)\n", argv[1], c.result, c.n);
        return 1;
    }
    printf("%" PRIu64 "\n", forks_of(c.n));
    return 0;
}
