// The same from C++.
#include <cstdio>
#include <cstdlib>

#include <par/par.h>

struct Fib {
    int n;
    long result;
};

static void fib(void *ctx)
{
    Fib *f = static_cast<Fib *>(ctx);
    if (f->n < 2) {
        f->result = f->n;
        return;
    }
    Fib a = {f->n - 1, 0}, b = {f->n - 2, 0};
    par_join(fib, &a, fib, &b);
    f->result = a.result + b.result;
}

static void square(size_t i, void *ctx)
{
    static_cast<long *>(ctx)[i] = (long)(i * i);
}

static int run_fib(void *ctx)
{
    fib(ctx);
    return 0;
}

// An exception that leaves the block waits for the thread, too.
static bool waits_for_threads_when_it_throws()
{
    Fib borrowed = {20, 0};
    try {
        PAR_THREAD_SCOPE (t) {
            if (par_thread_spawn(&t, nullptr, run_fib, &borrowed, nullptr) != PAR_OK) return false;
            throw 1;
        }
    } catch (int) {
        return borrowed.result == 6765;
    }
    return false;
}

int main()
{
    Fib joined = {20, 0}, spawned = {15, 0}, threaded = {10, 0};
    long squares[1000];
    fib(&joined);
    par_for(0, 1000, square, squares);
    PAR_SCOPE (s) {
        par_spawn(&s, fib, &spawned);
    }
    PAR_THREAD_SCOPE (t) {
        if (par_thread_spawn(&t, nullptr, run_fib, &threaded, nullptr) != PAR_OK)
            run_fib(&threaded);
    }
    std::printf("%d: %ld %ld %ld\n", par_version(), joined.result, spawned.result, threaded.result);
    return par_version() == PAR_VERSION_NUMBER && par_sum(squares, 1000) == 332833500 &&
                   joined.result == 6765 && spawned.result == 610 && threaded.result == 55 &&
                   waits_for_threads_when_it_throws()
               ? EXIT_SUCCESS
               : EXIT_FAILURE;
}
