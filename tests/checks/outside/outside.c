/* A program outside the tree: fork-join, a scope, a thread and loops, with checked answers. */
#include <stdio.h>
#include <stdlib.h>

#include <par/par.h>

typedef struct fib_t {
    int n;
    long result;
} fib_t;

static void fib(void *ctx)
{
    fib_t *f = ctx;
    if (f->n < 2) {
        f->result = f->n;
        return;
    }
    fib_t a = {f->n - 1, 0}, b = {f->n - 2, 0};
    par_join(fib, &a, fib, &b);
    f->result = a.result + b.result;
}

static void square(size_t i, void *ctx)
{
    ((long *)ctx)[i] = (long)(i * i);
}

static int run_fib(void *ctx)
{
    fib(ctx);
    return 0;
}

int main(void)
{
    fib_t joined = {20, 0}, spawned = {15, 0}, threaded = {10, 0};
    long squares[1000];
    fib(&joined);
    par_for(0, 1000, square, squares);
    PAR_SCOPE (s) {
        par_spawn(&s, fib, &spawned);
    }
    PAR_THREAD_SCOPE (t) {
        if (par_thread_spawn(&t, NULL, run_fib, &threaded, NULL) != PAR_OK) run_fib(&threaded);
    }
    printf("%d: %ld %ld %ld\n", par_version(), joined.result, spawned.result, threaded.result);
    return par_version() == PAR_VERSION_NUMBER && par_sum(squares, 1000) == 332833500 &&
                   joined.result == 6765 && spawned.result == 610 && threaded.result == 55
               ? EXIT_SUCCESS
               : EXIT_FAILURE;
}
