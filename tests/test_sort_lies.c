/* test_sort_lies.c - comparisons that are no order, and one that makes every pivot a bad one: each element
 * is still there, and the sorts end soon. */
#include <stdlib.h>
#include <string.h>

#include "on_pools.h"

typedef enum lie_t { ALWAYS, NEVER, NOT_GREATER, BY_PLACE, BY_HASH, BY_COUNT, N_LIES } lie_t;

static uint64_t n_answers; /* relaxed: any number will do */

static int lie(lie_t kind, const void *a, const void *b)
{
    uint32_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    switch (kind) {
    case ALWAYS:
        return 1;
    case NEVER:
        return 0;
    case NOT_GREATER:
        return x <= y;
    case BY_PLACE:
        return (uintptr_t)a < (uintptr_t)b;
    case BY_HASH:
        return (int)(par_random_u64(par_random_seed(x), y) & 1);
    case BY_COUNT:
    case N_LIES:
        break;
    }
    uint64_t count = __atomic_fetch_add(&n_answers, 1, __ATOMIC_RELAXED);
    return (int)(par_random_u64(par_random_seed(99), count) & 1);
}

static int compare_lie(const void *a, const void *b, void *ctx)
{
    return lie(*(lie_t *)ctx, a, b) ? -1 : 1;
}

PAR_DEFINE_SORT_CTX(lies_sort, uint32_t, a, b, lie_t, kind)
{
    return lie(kind, &a, &b);
}

PAR_DEFINE_SORT_UNSTABLE_CTX(lies_sort_unstable, uint32_t, a, b, lie_t, kind)
{
    return lie(kind, &a, &b);
}

/* A number below n, and bytes that follow from it. */
static void item_make(unsigned char *item, size_t size, uint32_t x)
{
    memcpy(item, &x, sizeof x);
    for (size_t b = sizeof x; b < size; b++)
        item[b] = (unsigned char)(x * 7 + b);
}

static uint32_t number_of(size_t i, size_t n)
{
    return (uint32_t)par_random_below(par_random_seed(6), i, n);
}

/* Each of the numbers is there as often as it was, in one piece. */
static void all_are_there(const unsigned char *v, size_t n, size_t size)
{
    int *missing = calloc(n, sizeof *missing);
    unsigned char whole[16];
    for (size_t i = 0; i < n; i++)
        missing[number_of(i, n)]++;
    for (size_t i = 0; i < n; i++) {
        uint32_t x;
        memcpy(&x, v + i * size, sizeof x);
        item_make(whole, size, x);
        expect(x < n && memcmp(v + i * size, whole, size) == 0);
        if (x < n) missing[x]--;
    }
    for (size_t x = 0; x < n; x++)
        expect(missing[x] == 0);
    free(missing);
}

enum { N_WAYS = 6 };

static void sort_with(lie_t kind, int way, size_t n)
{
    size_t size = way >= 4 ? 12 : 4;
    unsigned char *v = malloc(n * size);
    for (size_t i = 0; i < n; i++)
        item_make(v + i * size, size, number_of(i, n));
    if (way == 0) lies_sort((uint32_t *)(void *)v, n, kind);
    if (way == 1) lies_sort_unstable((uint32_t *)(void *)v, n, kind);
    if (way == 2 || way == 4) par_sort_r(v, n, size, compare_lie, &kind);
    if (way == 3 || way == 5) par_sort_r_unstable(v, n, size, compare_lie, &kind);
    all_are_there(v, n, size);
    free(v);
}

static void check_lies(void *ctx)
{
    (void)ctx;
    static const size_t sizes[] = {2, 3, 5, 8, 31, 64, 500, 3000, 40000};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (lie_t kind = ALWAYS; kind < N_LIES; kind++)
            for (int way = 0; way < N_WAYS; way++)
                sort_with(kind, way, sizes[s]);
}

static void lies(void **state)
{
    (void)state;
    check_lies(NULL);
    no_failures();
    on_pool_of(3, check_lies, NULL);
}

/* ---- comparisons against quicksort ---- */

/* An adversary that makes every pivot a bad one: McIlroy, Software - Practice and Experience 29(4), 1999.
 * Values are decided on while they are compared, each as late and as small as it can be. */
typedef struct adversary_t {
    uint32_t *value;
    uint32_t n_solid, gas, candidate;
    uint64_t n_compared;
} adversary_t;

static int compare_adversary(const void *a, const void *b, void *ctx)
{
    adversary_t *adversary = ctx;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b, *value = adversary->value;
    adversary->n_compared++;
    if (value[x] == adversary->gas && value[y] == adversary->gas)
        value[x == adversary->candidate ? x : y] = adversary->n_solid++;
    if (value[x] == adversary->gas)
        adversary->candidate = x;
    else if (value[y] == adversary->gas)
        adversary->candidate = y;
    return (value[x] > value[y]) - (value[x] < value[y]);
}

static void check_adversary(void *ctx)
{
    (void)ctx;
    enum { N = 100000 };
    for (int stable = 0; stable < 2; stable++) {
        uint32_t *v = malloc(N * sizeof *v);
        adversary_t adversary = {malloc(N * sizeof *v), 0, N, 0, 0};
        for (uint32_t i = 0; i < N; i++) {
            v[i] = i;
            adversary.value[i] = N;
        }
        if (stable)
            par_sort_r(v, N, sizeof *v, compare_adversary, &adversary);
        else
            par_sort_r_unstable(v, N, sizeof *v, compare_adversary, &adversary);
        expect(adversary.n_compared < (uint64_t)N * 17 * 8); /* n log2(n), a few times */
        for (size_t i = 1; i < N; i++)
            expect(adversary.value[v[i - 1]] <= adversary.value[v[i]]);
        free(adversary.value);
        free(v);
    }
}

/* Is before what is at a higher address, but for the next one: an element never is before its neighbour,
 * which so seems to equal it, and before all the others. */
static int compare_places(const void *a, const void *b, void *ctx)
{
    uintptr_t x = (uintptr_t)a, y = (uintptr_t)b;
    if (++*(uint64_t *)ctx / 100 == 1) return -1; /* so the array is no run */
    return y > x && y - x != sizeof(uint32_t) ? -1 : 1;
}

static void check_places(void *ctx)
{
    (void)ctx;
    enum { N = 20000 };
    uint32_t *v = malloc(N * sizeof *v);
    for (uint32_t i = 0; i < N; i++)
        v[i] = i;
    uint64_t n_compared = 0;
    par_sort_r_unstable(v, N, sizeof *v, compare_places, &n_compared);
    expect(n_compared > 2 * N);
    par_nth_r(v, N, sizeof *v, N - 1, compare_places, &n_compared);
    expect(n_compared < (uint64_t)N * 15 * 16); /* n log2(n), a few times */
    free(v);
}

static void adversary(void **state)
{
    (void)state;
    on_pool_of(1, check_adversary, NULL); /* it remembers: one thread */
    on_pool_of(1, check_places, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lies),
        cmocka_unit_test(adversary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
