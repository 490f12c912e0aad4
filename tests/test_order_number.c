/* test_order_number.c - merge, nth, the first k, unique and bounds of numbers against qsort: every type,
 * patterns that hurt, all numbers of workers, without memory. */
#include <math.h>
#include <string.h>

#include "sort_numbers.h"

#include "fault.h"

typedef struct verbs_t {
    int (*is_sorted)(const void *v, size_t n);
    void (*merge)(void *out, const void *a, size_t n_a, const void *b, size_t n_b);
    void (*nth)(void *v, size_t n, size_t k);
    void (*sort_first)(void *v, size_t n, size_t k);
    size_t (*top)(void *out, size_t k, const void *v, size_t n);
    size_t (*unique)(void *v, size_t n);
    void (*lower)(size_t *out, const void *keys, size_t n_keys, const void *v, size_t n);
    void (*upper)(size_t *out, const void *keys, size_t n_keys, const void *v, size_t n);
} verbs_t;

/* By the macros, which choose the instance. */
#define X(name, type, sum_type)                                                                    \
    static int is_sorted_##name(const void *v, size_t n)                                           \
    {                                                                                              \
        return par_is_sorted((const type *)v, n);                                                  \
    }                                                                                              \
    static void merge_##name(void *out, const void *a, size_t n_a, const void *b, size_t n_b)      \
    {                                                                                              \
        par_merge((type *)out, (const type *)a, n_a, (const type *)b, n_b);                        \
    }                                                                                              \
    static void nth_##name(void *v, size_t n, size_t k)                                            \
    {                                                                                              \
        par_nth((type *)v, n, k);                                                                  \
    }                                                                                              \
    static void sort_first_##name(void *v, size_t n, size_t k)                                     \
    {                                                                                              \
        par_sort_first((type *)v, n, k);                                                           \
    }                                                                                              \
    static size_t top_##name(void *out, size_t k, const void *v, size_t n)                         \
    {                                                                                              \
        return par_top((type *)out, k, (const type *)v, n);                                        \
    }                                                                                              \
    static size_t unique_##name(void *v, size_t n)                                                 \
    {                                                                                              \
        return par_unique((type *)v, n);                                                           \
    }                                                                                              \
    static void lower_##name(size_t *out, const void *keys, size_t n_keys, const void *v,          \
                             size_t n)                                                             \
    {                                                                                              \
        par_lower_bounds(out, (const type *)keys, n_keys, (const type *)v, n);                     \
    }                                                                                              \
    static void upper_##name(size_t *out, const void *keys, size_t n_keys, const void *v,          \
                             size_t n)                                                             \
    {                                                                                              \
        par_upper_bounds(out, (const type *)keys, n_keys, (const type *)v, n);                     \
    }
PAR_NUMBER_MAP(X)
#undef X

static const verbs_t verbs[] = {
#define X(name, type, sum_type)                                                                    \
    {is_sorted_##name, merge_##name,  nth_##name,   sort_first_##name,                             \
     top_##name,       unique_##name, lower_##name, upper_##name},
    PAR_NUMBER_MAP(X)
#undef X
};

static const size_t sizes[] = {0, 1, 2, 3, 9, 100, 1023, 5000, 20011};
enum { N_SIZES = sizeof sizes / sizeof sizes[0], MOST = 20011 };

typedef struct case_t {
    const type_t *t;
    const verbs_t *verbs;
    pattern_t pattern;
    size_t n, bytes;
    char *v, *sorted, *work; /* MOST numbers each */
    size_t *where;
    bool is_poor; /* no memory for the library */
} case_t;

static int at_is(const case_t *c, const char *v, size_t i, size_t place)
{
    return memcmp(v + i * c->t->size, c->sorted + place * c->t->size, c->t->size) == 0;
}

/* work holds the same numbers as v. */
static void same_numbers(const case_t *c)
{
    qsort(c->work, c->n, c->t->size, c->t->compare);
    expect(memcmp(c->work, c->sorted, c->bytes) == 0);
}

static void check_is_sorted(const case_t *c)
{
    expect(c->verbs->is_sorted(c->sorted, c->n));
    expect(c->verbs->is_sorted(c->v, c->n) == (memcmp(c->v, c->sorted, c->bytes) == 0));
}

static void check_nth(const case_t *c, size_t k)
{
    memcpy(c->work, c->v, c->bytes);
    c->verbs->nth(c->work, c->n, k);
    const char *kth = c->work + k * c->t->size;
    expect(at_is(c, c->work, k, k));
    for (size_t i = 0; i < c->n; i++) {
        int order = c->t->compare(c->work + i * c->t->size, kth);
        expect(i < k ? order <= 0 : order >= 0);
    }
    same_numbers(c);
}

static void check_first(const case_t *c, size_t k)
{
    size_t n_found = k < c->n ? k : c->n;
    memcpy(c->work, c->v, c->bytes);
    if (c->is_poor) fault_arm(FAULT_MEMORY, 1, UINT_MAX);
    c->verbs->sort_first(c->work, c->n, k);
    if (c->is_poor) fault_disarm();
    expect(memcmp(c->work, c->sorted, n_found * c->t->size) == 0);
    same_numbers(c);
    if (c->is_poor) fault_arm(FAULT_MEMORY, 1, UINT_MAX);
    expect(c->verbs->top(c->work, k, c->v, c->n) == n_found);
    if (c->is_poor) fault_disarm();
    expect(memcmp(c->work, c->sorted, n_found * c->t->size) == 0);
}

static void check_unique(const case_t *c, const char *v)
{
    size_t n_kept = 0, size = c->t->size;
    memcpy(c->work, v, c->bytes);
    size_t n_told = c->verbs->unique(c->work, c->n);
    for (size_t i = 0; i < c->n; i++) {
        if (i > 0 && memcmp(v + i * size, v + (i - 1) * size, size) == 0) continue;
        expect(n_kept < n_told && memcmp(c->work + n_kept * size, v + i * size, size) == 0);
        n_kept++;
    }
    expect(n_told == n_kept);
}

static void check_merge(const case_t *c)
{
    size_t n_a = c->n / 3, size = c->t->size;
    char *runs = malloc(c->bytes + 1);
    memcpy(runs, c->v, c->bytes);
    qsort(runs, n_a, size, c->t->compare);
    qsort(runs + n_a * size, c->n - n_a, size, c->t->compare);
    c->verbs->merge(c->work, runs, n_a, runs + n_a * size, c->n - n_a);
    expect(memcmp(c->work, c->sorted, c->bytes) == 0);
    free(runs);
}

/* Every number of the array, looked up in the array. */
static void check_bounds(const case_t *c)
{
    size_t first = 0;
    for (int is_upper = 0; is_upper < 2; is_upper++) {
        memset(c->where, 0x55, c->n * sizeof *c->where);
        (is_upper ? c->verbs->upper : c->verbs->lower)(c->where, c->sorted, c->n, c->sorted, c->n);
        for (size_t i = 0; i < c->n; i++) {
            if (i == 0 || !at_is(c, c->sorted, i, i - 1)) first = i;
            size_t end = i + 1;
            while (is_upper && end < c->n && at_is(c, c->sorted, end, i))
                end++;
            expect(c->where[i] == (is_upper ? end : first));
            if (is_upper) /* the others of the same value */
                for (; i + 1 < end; i++)
                    expect(c->where[i + 1] == end);
        }
    }
}

static void check(const case_t *c)
{
    check_is_sorted(c);
    if (c->n > 0) {
        check_nth(c, 0);
        check_nth(c, c->n / 2);
        check_nth(c, c->n - 1);
    }
    check_first(c, 0);
    check_first(c, 10);
    check_first(c, c->n / 2);
    check_first(c, c->n + 1);
    check_unique(c, c->v);
    check_unique(c, c->sorted);
    check_merge(c);
    check_bounds(c);
}

typedef struct turns_t {
    size_t step;
    bool is_poor;
} turns_t;

/* Of all types, patterns and sizes one in step. */
static void check_turns(void *ctx)
{
    const turns_t *turns = ctx;
    char *room[3];
    for (size_t i = 0; i < 3; i++)
        room[i] = malloc(MOST * 8);
    size_t *where = malloc(MOST * sizeof *where);
    for (size_t turn = 0; turn < N_TYPES * N_PATTERNS * N_SIZES; turn += turns->step) {
        size_t type = turn % N_TYPES;
        case_t c = {.t = &types[type],
                    .verbs = &verbs[type],
                    .pattern = (pattern_t)(turn / N_TYPES % N_PATTERNS),
                    .n = sizes[turn / (N_TYPES * N_PATTERNS)],
                    .v = room[0],
                    .sorted = room[1],
                    .work = room[2],
                    .where = where,
                    .is_poor = turns->is_poor};
        c.bytes = c.n * c.t->size;
        fill(c.v, c.n, c.t->size, c.pattern, turn + 1);
        memcpy(c.sorted, c.v, c.bytes);
        qsort(c.sorted, c.n, c.t->size, c.t->compare);
        check(&c);
    }
    for (size_t i = 0; i < 3; i++)
        free(room[i]);
    free(where);
}

static void like_qsort(void **state)
{
    turns_t turns = {TEST_TSAN || TEST_ASAN ? 7 : 1, false};
    (void)state;
    check_turns(&turns);
    no_failures();
}

static void on_every_pool(void **state)
{
    turns_t turns = {TEST_TSAN || TEST_ASAN ? 101 : 11, false};
    (void)state;
    on_pools(check_turns, &turns);
}

static void without_memory(void **state)
{
    turns_t turns = {37, true};
    (void)state;
    check_turns(&turns);
    no_failures();
}

static void zeros_and_nans_have_places(void **state)
{
    double v[] = {1, 0.0, -0.0, (double)NAN, -INFINITY, -(double)NAN, 0.0};
    (void)state;
    double least[7];
    assert_int_equal(par_top(least, 7, v, 7), 7);
    assert_true(isnan(least[0]) && signbit(least[0]));
    assert_true(isinf(least[1]) && signbit(least[2]) && least[2] == 0);
    assert_true(!signbit(least[3]) && !signbit(least[4]) && least[5] == 1 && isnan(least[6]));
    assert_int_equal(par_unique(least, 7), 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(like_qsort),
        cmocka_unit_test(on_every_pool),
        cmocka_unit_test(without_memory),
        cmocka_unit_test(zeros_and_nans_have_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
