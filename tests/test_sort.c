/* test_sort.c - the comparison sorts against a serial stable sort: all sizes of elements, patterns that are
 * meant to be hard, any number of workers. */
#include "on_pools.h"
#include "sort_elements.h"

static int is_ordered(const unsigned char *v, size_t n, shape_t shape)
{
    for (size_t i = 1; i < n; i++)
        if (memcmp(v + (i - 1) * shape.size, v + i * shape.size, shape.key_bytes) > 0) return 0;
    return 1;
}

static void check_one(size_t n, shape_t shape, pattern_t pattern, uint64_t seed)
{
    size_t bytes = n * shape.size,
           offset = seed % 2 == 0 ? 0 : 1; /* of elements that may lie anywhere */
    unsigned char *room = malloc(bytes + 3), *v = room + offset;
    unsigned char *in = malloc(bytes + 1), *want = malloc(bytes + 1);
    array_fill(in, n, shape, pattern, seed);
    memcpy(want, in, bytes);
    reference_sort(want, n, shape);

    memcpy(v, in, bytes);
    v[bytes] = 0xA5;
    par_sort_r(v, n, shape.size, compare_keys, &shape.key_bytes);
    expect(memcmp(v, want, bytes) == 0 && v[bytes] == 0xA5);

    memcpy(v, in, bytes);
    par_sort_r_unstable(v, n, shape.size, compare_keys, &shape.key_bytes);
    expect(is_ordered(v, n, shape) && same_elements(v, in, n, shape.size) && v[bytes] == 0xA5);
    free(room);
    free(in);
    free(want);
}

static void check_random(void *ctx)
{
    (void)ctx;
    for (uint64_t round = 0; round < 150; round++) {
        shape_t shape = shapes[random_below(1, round, N_SHAPES)];
        size_t n = random_below(2, round, round % 3 == 0 ? 5000 : round % 3 == 1 ? 300 : 20);
        if (shape.size > 1000) n = n % 200;
        check_one(n, shape, (pattern_t)random_below(3, round, N_PATTERNS), round);
    }
}

static void random_arrays(void **state)
{
    (void)state;
    on_pools(check_random, NULL);
}

/* All sizes around the limits of the networks and passes. */
static void small_arrays(void **state)
{
    (void)state;
    for (size_t s = 0; s < N_SHAPES - 1; s++)
        for (size_t n = 0; n < 70; n++)
            for (int pattern = RANDOM; pattern < N_PATTERNS; pattern += 4)
                check_one(n, shapes[s], (pattern_t)pattern, n);
    no_failures();
}

/* ---- typed sorts of large arrays: the same bits on every pool ---- */

typedef struct pair_t {
    uint64_t key, place;
} pair_t;

PAR_DEFINE_SORT(pairs_sort, pair_t, a, b)
{
    return a.key < b.key;
}

PAR_DEFINE_SORT_UNSTABLE(pairs_sort_unstable, pair_t, a, b)
{
    return a.key < b.key;
}

PAR_DEFINE_SORT_CTX(indices_sort, uint32_t, a, b, const uint64_t *, keys)
{
    return keys[a] < keys[b];
}

PAR_DEFINE_SORT_UNSTABLE_CTX(indices_sort_unstable, uint32_t, a, b, const uint64_t *, keys)
{
    return keys[a] < keys[b];
}

typedef struct large_t {
    size_t n;
    const pair_t *in;
    pair_t *stable, *unstable; /* of the first run */
} large_t;

static void check_large(void *ctx)
{
    large_t *l = ctx;
    size_t bytes = l->n * sizeof *l->in;
    pair_t *v = malloc(bytes);
    memcpy(v, l->in, bytes);
    pairs_sort(v, l->n);
    expect(memcmp(v, l->stable, bytes) == 0);
    memcpy(v, l->in, bytes);
    pairs_sort_unstable(v, l->n);
    expect(memcmp(v, l->unstable, bytes) == 0);
    free(v);
}

static void large_arrays(void **state)
{
    (void)state;
    static const unsigned workers[] = {2, 3, 7, 64};
    for (int pattern = RANDOM; pattern < N_PATTERNS; pattern++) {
        large_t l = {.n = pattern == RANDOM || pattern == FEW ? 1000000 : 100000};
        size_t bytes = l.n * sizeof *l.in;
        pair_t *in = malloc(bytes);
        for (size_t i = 0; i < l.n; i++)
            in[i] = (pair_t){key_in((pattern_t)pattern, i, l.n, 9), i};
        l.in = in;
        l.stable = malloc(bytes);
        l.unstable = malloc(bytes);
        memcpy(l.stable, in, bytes);
        memcpy(l.unstable, in, bytes);
        pairs_sort(l.stable, l.n);
        pairs_sort_unstable(l.unstable, l.n);
        uint64_t keys = 0, places = 0;
        for (size_t i = 0; i < l.n; i++) {
            const pair_t *at = l.stable + i;
            keys += random_u64(at->key, l.unstable[i].place) - random_u64(at->key, at->place);
            places += l.unstable[i].place - i;
            assert_true(in[at->place].key == at->key && l.unstable[i].key == at->key);
            assert_true(i == 0 || at[-1].key < at->key ||
                        (at[-1].key == at->key && at[-1].place < at->place));
        }
        assert_true(keys == 0 && places == 0); /* each element once, with its key */
        on_pool_of(1, check_large, &l);
        for (size_t w = 0; w < sizeof workers / sizeof *workers; w++)
            on_pool_of(workers[w], check_large, &l);
        free(in);
        free(l.stable);
        free(l.unstable);
    }
}

static void with_context(void **state)
{
    (void)state;
    enum { N = 20000 };
    uint64_t *keys = malloc(N * sizeof *keys);
    uint32_t *v = malloc(N * sizeof *v), *u = malloc(N * sizeof *u);
    for (size_t i = 0; i < N; i++) {
        keys[i] = random_below(5, i, 3000);
        v[i] = u[i] = (uint32_t)i;
    }
    indices_sort(v, N, keys);
    indices_sort_unstable(u, N, keys);
    for (size_t i = 1; i < N; i++) {
        assert_true(keys[v[i - 1]] < keys[v[i]] ||
                    (keys[v[i - 1]] == keys[v[i]] && v[i - 1] < v[i]));
        assert_true(keys[u[i - 1]] <= keys[u[i]]);
    }
    free(keys);
    free(v);
    free(u);
}

/* ---- arrays that cannot exist ---- */

static void nothing_to_sort(void **state)
{
    (void)state;
    size_t key_bytes = 1;
    par_sort_r(NULL, 0, 4, compare_keys, &key_bytes);
    par_sort_r(NULL, 0, 0, compare_keys, &key_bytes);
    par_sort_r_unstable(NULL, 0, 4, compare_keys, &key_bytes);
    pairs_sort(NULL, 0);
    pairs_sort_unstable(NULL, 0);
#ifdef NDEBUG
    unsigned char bytes[4] = {4, 3, 2, 1};
    par_sort_r(bytes, SIZE_MAX, 2, compare_keys, &key_bytes);
    par_sort_r_unstable(bytes, SIZE_MAX, 2, compare_keys, &key_bytes);
    par_sort_r(bytes, 4, 0, compare_keys, &key_bytes);
    par_sort_r_unstable(bytes, 4, 0, compare_keys, &key_bytes);
    assert_true(bytes[0] == 4 && bytes[3] == 1);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_arrays),    cmocka_unit_test(random_arrays),
        cmocka_unit_test(large_arrays),    cmocka_unit_test(with_context),
        cmocka_unit_test(nothing_to_sort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
