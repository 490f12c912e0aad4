/* test_sort.c - the comparison sorts against a serial stable sort: all sizes of elements, patterns that
 * are meant to be hard, comparisons that lie, no memory, any number of workers. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "on_pools.h"

static uint64_t random_u64(uint64_t seed, uint64_t i)
{
    return par_random_u64(par_random_seed(seed), i);
}

static uint64_t random_below(uint64_t seed, uint64_t i, uint64_t bound)
{
    return par_random_below(par_random_seed(seed), i, bound);
}

/* ---- elements of any size: a key and the place it had, as far as there are bytes for them ---- */

typedef struct shape_t {
    size_t size;
    size_t key_bytes; /* at the front; the rest is the place, or a part of it */
} shape_t;

static const shape_t shapes[] = {{1, 1},  {2, 1},  {3, 2},   {4, 2},   {5, 2},
                                 {7, 3},  {8, 4},  {12, 4},  {16, 8},  {17, 8},
                                 {24, 8}, {40, 8}, {100, 8}, {200, 8}, {5000, 8}};
enum { N_SHAPES = sizeof shapes / sizeof shapes[0] };

typedef enum pattern_t {
    RANDOM,
    SORTED,
    REVERSED,
    EQUAL,
    FEW,
    ORGAN_PIPE,
    SAWTOOTH,
    NEARLY_SORTED,
    TAIL,
    PUSHED_FRONT,
    DOWN_STEPS,
    MOSTLY_EQUAL,
    N_PATTERNS
} pattern_t;

static uint64_t key_in(pattern_t pattern, size_t i, size_t n, uint64_t seed)
{
    uint64_t random = random_u64(seed, i);
    switch (pattern) {
    case SORTED:
        return i;
    case REVERSED:
        return n - i;
    case EQUAL:
        return 7;
    case FEW:
        return random % 5;
    case ORGAN_PIPE:
        return i < n / 2 ? i : n - i;
    case SAWTOOTH:
        return i % 97;
    case NEARLY_SORTED:
        return random % 50 == 0 ? random % n : i;
    case TAIL:
        return i < n - n / 10 ? i : random % n;
    case PUSHED_FRONT:
        return i + 1 == n ? 0 : i + 1;
    case DOWN_STEPS:
        return (n - i) / 3;
    case MOSTLY_EQUAL:
        return random % 16 == 0 ? random % n : 3;
    case RANDOM:
    case N_PATTERNS:
        break;
    }
    return random;
}

/* Keys are written highest byte first, so memcmp orders them. */
static void array_fill(unsigned char *v, size_t n, shape_t shape, pattern_t pattern, uint64_t seed)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char *item = v + i * shape.size;
        uint64_t key = key_in(pattern, i, n, seed);
        for (size_t b = 0; b < shape.key_bytes; b++)
            item[b] = (unsigned char)(key >> 8 * (shape.key_bytes - 1 - b));
        for (size_t b = shape.key_bytes; b < shape.size; b++)
            item[b] = (unsigned char)(b < shape.key_bytes + 4 ? i >> 8 * (b - shape.key_bytes) : b);
    }
}

static int compare_keys(const void *a, const void *b, void *ctx)
{
    return memcmp(a, b, *(const size_t *)ctx);
}

/* The serial form: merges of indices, bottom up. Stable. */
static void reference_sort(unsigned char *v, size_t n, shape_t shape)
{
    size_t *order = malloc((2 * n + 1) * sizeof *order), *other = order + n;
    unsigned char *copy = malloc(n * shape.size + 1);
    memcpy(copy, v, n * shape.size);
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t at = 0; at < n; at += 2 * width) {
            size_t mid = at + width < n ? at + width : n, end = mid + width < n ? mid + width : n;
            size_t a = at, b = mid;
            for (size_t k = at; k < end; k++) {
                int take_b = a == mid ||
                             (b < end && memcmp(copy + order[b] * shape.size,
                                                copy + order[a] * shape.size, shape.key_bytes) < 0);
                other[k] = take_b ? order[b++] : order[a++];
            }
        }
        memcpy(order, other, n * sizeof *order);
    }
    for (size_t i = 0; i < n; i++)
        memcpy(v + i * shape.size, copy + order[i] * shape.size, shape.size);
    free(copy);
    free(order);
}

/* Whether both have the same elements, in any order. */
static int same_elements(const unsigned char *a, const unsigned char *b, size_t n, size_t size)
{
    shape_t whole = {size, size};
    unsigned char *x = malloc(n * size + 1), *y = malloc(n * size + 1);
    memcpy(x, a, n * size);
    memcpy(y, b, n * size);
    reference_sort(x, n, whole);
    reference_sort(y, n, whole);
    int same = memcmp(x, y, n * size) == 0;
    free(x);
    free(y);
    return same;
}

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
        uint64_t sum = 0, want = 0;
        for (size_t i = 0; i < l.n; i++) {
            const pair_t *at = l.stable + i;
            sum += random_u64(at->key, l.unstable[i].place) - random_u64(at->key, at->place);
            want += l.unstable[i].place - i;
            assert_true(in[at->place].key == at->key && l.unstable[i].key == at->key);
            assert_true(i == 0 || at[-1].key < at->key ||
                        (at[-1].key == at->key && at[-1].place < at->place));
        }
        assert_int_equal(sum, 0); /* each element once, with its key */
        assert_int_equal(want, 0);
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

/* ---- comparisons that are no order ---- */

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
        return (int)(random_u64(x, y) & 1);
    case BY_COUNT:
    case N_LIES:
        break;
    }
    uint64_t count = __atomic_fetch_add(&n_answers, 1, __ATOMIC_RELAXED);
    return (int)(random_u64(99, count) & 1);
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

static void check_lies(void *ctx)
{
    (void)ctx;
    static const size_t sizes[] = {2, 3, 5, 8, 31, 64, 500, 3000, 40000};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (lie_t kind = ALWAYS; kind < N_LIES; kind++)
            for (int way = 0; way < 6; way++) {
                size_t n = sizes[s], size = way == 4 || way == 5 ? 12 : 4;
                unsigned char *v = calloc(n, size), *in = malloc(n * size);
                for (size_t i = 0; i < n; i++) {
                    uint32_t x = (uint32_t)random_below(6, i, n);
                    memcpy(v + i * size, &x, sizeof x);
                }
                memcpy(in, v, n * size);
                if (way == 0) lies_sort((uint32_t *)(void *)v, n, kind);
                if (way == 1) lies_sort_unstable((uint32_t *)(void *)v, n, kind);
                if (way == 2 || way == 4) par_sort_r(v, n, size, compare_lie, &kind);
                if (way == 3 || way == 5) par_sort_r_unstable(v, n, size, compare_lie, &kind);
                expect(same_elements(v, in, n, size));
                free(v);
                free(in);
            }
}

static void lies(void **state)
{
    (void)state;
    check_lies(NULL);
    no_failures();
    on_pool_of(3, check_lies, NULL);
}

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

/* ---- without memory ---- */

static void check_no_memory(void *ctx)
{
    (void)ctx;
    for (size_t s = 0; s < N_SHAPES - 1; s++) {
        shape_t shape = shapes[s];
        for (int pattern = RANDOM; pattern < N_PATTERNS; pattern += 3) {
            size_t n = 3000 + s;
            unsigned char *v = malloc(n * shape.size), *want = malloc(n * shape.size);
            array_fill(v, n, shape, (pattern_t)pattern, s);
            memcpy(want, v, n * shape.size);
            reference_sort(want, n, shape);
            fault_arm(FAULT_MEMORY, 1, UINT_MAX);
            par_sort_r(v, n, shape.size, compare_keys, &shape.key_bytes);
            expect(fault_disarm().failed > 0 || n * shape.size <= 4096);
            expect(memcmp(v, want, n * shape.size) == 0);
            free(v);
            free(want);
        }
    }
}

/* One of the calls fails; the result does not tell which. */
static void check_each_failure(void *ctx)
{
    (void)ctx;
    enum { N = 60000 };
    pair_t *in = malloc(N * sizeof *in), *v = malloc(N * sizeof *v), *want = malloc(N * sizeof *v);
    for (size_t i = 0; i < N; i++)
        in[i] = (pair_t){random_below(8, i, 20000), i};
    memcpy(want, in, N * sizeof *in);
    pairs_sort(want, N);
    for (unsigned k = 1, hit = 1; hit && k < 40; k++) {
        memcpy(v, in, N * sizeof *in);
        fault_arm(FAULT_MEMORY, k, 1);
        pairs_sort(v, N);
        hit = fault_disarm().failed;
        expect(memcmp(v, want, N * sizeof *v) == 0);
    }
    memcpy(v, in, N * sizeof *in);
    fault_arm(FAULT_MEMORY, 1, UINT_MAX);
    pairs_sort_unstable(v, N);
    expect(fault_disarm().calls == 0); /* in place */
    free(in);
    free(v);
    free(want);
}

static void no_memory(void **state)
{
    (void)state;
    on_pool_of(1, check_no_memory, NULL);
    on_pool_of(3, check_no_memory, NULL);
    on_pool_of(1, check_each_failure, NULL);
    on_pool_of(3, check_each_failure, NULL);
}

/* ---- by key ---- */

static unsigned n_keys_made;

typedef struct word_t {
    uint32_t number;
    char text[12];
} word_t;

PAR_DEFINE_SORT_BY_CACHED_KEY(words_sort, word_t, word, double, a, b, a < b)
{
    __atomic_fetch_add(&n_keys_made, 1, __ATOMIC_RELAXED);
    return 1.0 / (1 + word.number % 1000);
}

static void words_check(const word_t *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned rest = v[i].number % 1000, before = i > 0 ? v[i - 1].number % 1000 : 0;
        expect(i == 0 || before > rest || (before == rest && v[i - 1].number < v[i].number));
        expect((unsigned)v[i].text[3] == v[i].number % 100);
    }
}

static void check_by_key(void *ctx)
{
    (void)ctx;
    static const size_t sizes[] = {0, 1, 2, 10, 1000, 30000};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (unsigned fault = 0; fault < 5; fault++) {
            size_t n = sizes[s];
            word_t *v = malloc((n + 1) * sizeof *v);
            for (size_t i = 0; i < n; i++)
                v[i] = (word_t){(uint32_t)i, {0, 0, 0, (char)(i % 100)}};
            n_keys_made = 0;
            if (fault > 0) fault_arm(FAULT_MEMORY, fault, fault == 1 ? UINT_MAX : 1);
            words_sort(v, n);
            if (fault > 0) fault_disarm();
            expect(fault > 0 || n < 2 || n_keys_made == n);
            words_check(v, n);
            free(v);
        }
}

static void by_key(void **state)
{
    (void)state;
    on_pool_of(1, check_by_key, NULL);
    on_pool_of(3, check_by_key, NULL);
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
        cmocka_unit_test(small_arrays),
        cmocka_unit_test(random_arrays),
        cmocka_unit_test(large_arrays),
        cmocka_unit_test(with_context),
        cmocka_unit_test(lies),
        cmocka_unit_test(adversary),
        cmocka_unit_test(no_memory),
        cmocka_unit_test(by_key),
        cmocka_unit_test(nothing_to_sort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
