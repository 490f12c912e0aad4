/* test_task.c - typed tasks: results, several forks a body, full stack, mixing with par_join. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <pthread.h>
#include <string.h>

#include <par/pool.h>
#include <par/task.h>

static long fib_serial(long n)
{
    return n < 2 ? n : fib_serial(n - 1) + fib_serial(n - 2);
}

PAR_TASK(long, fib, (long, n))
{
    long x, y;
    if (n < 2) return n;
    PAR_FORK(y, fib, n - 2);
    x = PAR_CALL(fib, n - 1);
    PAR_SYNC(y, fib);
    return x + y;
}

/* Six arguments of different types; several forks open at once. */
typedef struct pair_t {
    short a, b;
} pair_t;

PAR_TASK(
    double, six, (char, a), (pair_t, b), (float, c), (double, d), (const int *, e), (int, depth))
{
    double part[4];
    double sum = 0;
    if (depth == 0) return a + b.a + b.b + (double)c + d + *e;
    for (int i = 0; i < 4; i++)
        PAR_FORK(part[i], six, a, b, c, d + i, e, depth - 1);
    for (int i = 4; i-- > 0;) {
        PAR_SYNC(part[i], six);
        sum += part[i];
    }
    return sum;
}

static double six_serial(double base, double d, int depth)
{
    double sum = 0;
    if (depth == 0) return base + d;
    for (int i = 4; i-- > 0;)
        sum += six_serial(base, d + i, depth - 1);
    return sum;
}

PAR_TASK_VOID(fill, (unsigned char *, bytes), (size_t, n))
{
    if (n == 1) {
        bytes[0]++;
        return;
    }
    PAR_FORK_VOID(fill, bytes + n / 2, n - n / 2);
    PAR_CALL(fill, bytes, n / 2);
    PAR_SYNC_VOID(fill);
}

/* A typed body that calls plain joins, which call typed tasks. */
typedef struct arg_t {
    long n, result;
} arg_t;

static long mixed_call(long n);

static void mixed_task(void *ctx)
{
    arg_t *arg = ctx;
    arg->result = mixed_call(arg->n);
}

PAR_TASK(long, mixed, (long, n))
{
    long y;
    if (n < 2) return n;
    PAR_FORK(y, mixed, n - 2);
    arg_t a = {n - 1, 0};
    arg_t b = {0, 0};
    par_join(mixed_task, &a, mixed_task, &b);
    PAR_SYNC(y, mixed);
    return a.result + y;
}

static long mixed_call(long n)
{
    return mixed(n);
}

/* Forks without end and syncs only then: more than the stack of forks has room for. */
enum { MANY = 70000 };

PAR_TASK(long, twice, (long, n))
{
    (void)par_head;
    return 2 * n;
}

static long results[MANY];

/* Arguments and results have side effects, which happen once whether there is room or not. */
PAR_TASK(int64_t, flat, (long, n))
{
    int64_t sum = 0;
    long i = 0, k = 0;
    while (i < n)
        PAR_FORK(results[k++], twice, i++);
    while (k > 0)
        PAR_SYNC(results[--k], twice);
    for (i = 0; i < n; i++)
        sum += results[i];
    return sum;
}

/* Tasks that run in place above the end of the stack fork, call and join there, and their results are
 * larger than a register. */
typedef struct triple_t {
    long fib, joined, n;
} triple_t;

PAR_TASK(triple_t, inner, (long, n))
{
    triple_t a, b;
    if (n < 2) return (triple_t){n, n, 1};
    PAR_FORK(b, inner, n - 2);
    arg_t left = {n % 4, 0}, right = {n % 3, 0};
    par_join(mixed_task, &left, mixed_task, &right);
    a = PAR_CALL(inner, n - 1);
    PAR_SYNC(b, inner);
    return (triple_t){a.fib + b.fib, left.result + right.result, a.n + b.n + 1};
}

static triple_t triples[MANY];

PAR_TASK_VOID(brimful, (long, n))
{
    for (long i = 0; i < n; i++)
        PAR_FORK(triples[i], inner, i % 8);
    for (long i = n; i-- > 0;)
        PAR_SYNC(triples[i], inner);
}

static void brimful_run(void)
{
    const long n = MANY, fib_of[] = {0, 1, 1, 2, 3, 5, 8, 13},
               nodes[] = {1, 1, 3, 5, 9, 15, 25, 41};
    brimful(n);
    for (long i = 0; i < n; i++) {
        long k = i % 8;
        long joined = k < 2 ? k : fib_of[k % 4] + fib_of[k % 3];
        triple_t *t = &triples[i];
        if (t->fib != fib_of[k] || t->n != nodes[k] || t->joined != joined)
            fail_msg("fork %ld of %ld: %ld %ld %ld", i, n, t->fib, t->joined, t->n);
        *t = (triple_t){0, 0, 0};
    }
}

typedef struct family_t {
    long n;
    unsigned char *bytes;
} family_t;

static void family_run(void *ctx)
{
    family_t *f = ctx;
    const int e = 7;
    const pair_t b = {2, 3};
    const long n_flat = MANY;
    assert_int_equal(fib(20), fib_serial(20));
    assert_true(six(1, b, 0.5F, 0.25, &e, 5) == six_serial(13.5, 0.25, 5));
    memset(f->bytes, 0, (size_t)f->n);
    fill(f->bytes, (size_t)f->n);
    for (long i = 0; i < f->n; i++)
        assert_int_equal(f->bytes[i], 1);
    assert_int_equal(mixed(16), fib_serial(16));
    assert_int_equal(flat(n_flat), (int64_t)n_flat * (n_flat - 1));
    brimful_run();
    assert_int_equal(fib(20), fib_serial(20)); /* the stack is whole again */
}

static void test_every_pool(void **state)
{
    static unsigned char bytes[10007];
    const unsigned sizes[] = {1, 2, 3, 8, 64};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
        par_pool_t *pool;
        family_t family = {sizeof bytes, bytes};
        options.threads = sizes[i];
        assert_int_equal(par_pool_create(&pool, &options), PAR_OK);
        par_pool_run(pool, family_run, &family);
        par_pool_destroy(pool);
    }
}

static void *outside(void *arg)
{
    *(long *)arg = fib(18);
    return NULL;
}

static void test_from_many_threads(void **state)
{
    pthread_t threads[16];
    long out[16];
    (void)state;
    for (int i = 0; i < 16; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, outside, &out[i]), 0);
    for (int i = 0; i < 16; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(out[i], fib_serial(18));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_pool),
        cmocka_unit_test(test_from_many_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
