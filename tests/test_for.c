/* test_for.c - loops: every index once, on any number of workers, nested, from many threads. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "on_pools.h"

enum { GRAIN = 7 };

static const size_t sizes[] = {0, 1, 2, 3, GRAIN - 1, GRAIN, GRAIN + 1, 1000, 1000000};
enum { N_SIZES = sizeof sizes / sizeof sizes[0] };

/* ---- every index exactly once ---- */

typedef struct marks_t {
    unsigned char *count; /* of each index - begin */
    size_t begin, end, grain;
} marks_t;

static marks_t marks_new(size_t begin, size_t n, size_t grain)
{
    marks_t marks = {calloc(n + 1, 1), begin, begin + n, grain};
    expect(marks.count != NULL);
    return marks;
}

static void marks_check_and_free(marks_t *marks)
{
    for (size_t i = 0; i < marks->end - marks->begin; i++)
        expect(marks->count[i] == 1);
    free(marks->count);
}

static void mark_index(size_t i, void *ctx)
{
    marks_t *marks = ctx;
    marks->count[i - marks->begin]++;
}

static void mark_range(size_t begin, size_t end, void *ctx)
{
    marks_t *marks = ctx;
    expect(marks->begin <= begin && begin < end && end <= marks->end);
    if (marks->grain > 0) {
        expect((begin - marks->begin) % marks->grain == 0);
        expect(end == marks->end || (end - marks->begin) % marks->grain == 0);
    }
    for (size_t i = begin; i < end; i++)
        marks->count[i - marks->begin]++;
}

static void check_for(void *ctx)
{
    (void)ctx;
    for (size_t s = 0; s < N_SIZES; s++) {
        marks_t marks = marks_new(s * 3, sizes[s], 0);
        par_for(marks.begin, marks.end, mark_index, &marks);
        marks_check_and_free(&marks);
    }
}

static void check_for_range(void *ctx)
{
    const par_options_t *options = ctx;
    for (size_t s = 0; s < N_SIZES; s++) {
        marks_t marks = marks_new(s * 5, sizes[s], options == NULL ? 0 : options->grain);
        par_for_range(marks.begin, marks.end, mark_range, &marks, options);
        marks_check_and_free(&marks);
    }
}

static void every_index_once(void **state)
{
    (void)state;
    on_pools(check_for, NULL);
    on_pools(check_for_range, NULL);
}

static void every_index_once_with_options(void **state)
{
    (void)state;
    static const size_t grains[] = {0, 1, GRAIN, 1000, SIZE_MAX};
    static const double costs[] = {0, 0.001, 1e9};
    for (size_t g = 0; g < sizeof grains / sizeof grains[0]; g++) {
        par_options_t options = PAR_OPTIONS_INIT;
        options.grain = grains[g];
        options.item_ns = costs[g % 3];
        on_pools(check_for_range, &options);
        options.schedule = PAR_SCHEDULE_STATIC;
        on_pools(check_for_range, &options);
    }
}

/* ---- static: one part a worker ---- */

static void count_block(size_t begin, size_t end, void *ctx)
{
    expect(end - begin == 3 || end - begin == 4);
    __atomic_fetch_add((unsigned *)ctx, 1, __ATOMIC_RELAXED);
}

static void check_static_parts(void *ctx)
{
    unsigned blocks = 0;
    par_options_t options = PAR_OPTIONS_INIT;
    (void)ctx;
    options.schedule = PAR_SCHEDULE_STATIC;
    size_t workers = par_num_workers();
    par_for_range(0, 3 * workers + workers / 2, count_block, &blocks, &options);
    expect(blocks == workers);
}

static void static_makes_one_part_a_worker(void **state)
{
    (void)state;
    on_pools(check_static_parts, NULL);
}

/* ---- the pool of the options ---- */

static void see_workers(size_t begin, size_t end, void *ctx)
{
    (void)begin, (void)end;
    expect(par_num_workers() == *(unsigned *)ctx);
    expect(par_worker_index() < *(unsigned *)ctx);
}

static void pool_of_the_options_is_used(void **state)
{
    (void)state;
    static const size_t ns[] = {0, 1, 2, 1000};
    unsigned threads = 5;
    par_pool_options_t pool_options = PAR_POOL_OPTIONS_INIT;
    pool_options.threads = threads;
    par_options_t options = PAR_OPTIONS_INIT;
    assert_int_equal(par_pool_create(&options.pool, &pool_options), PAR_OK);
    for (size_t i = 0; i < 4; i++) {
        options.schedule = PAR_SCHEDULE_AUTO;
        par_for_range(0, ns[i], see_workers, &threads, &options);
        options.schedule = PAR_SCHEDULE_STATIC;
        par_for_range(0, ns[i], see_workers, &threads, &options);
    }
    par_pool_destroy(options.pool);
    no_failures();
}

/* ---- the ends of size_t ---- */

typedef struct cover_t {
    size_t begin, end;
    size_t n; /* indices seen, modulo SIZE_MAX + 1 */
} cover_t;

static void cover_range(size_t begin, size_t end, void *ctx)
{
    cover_t *cover = ctx;
    expect(cover->begin <= begin && begin < end && end <= cover->end);
    __atomic_fetch_add(&cover->n, end - begin, __ATOMIC_RELAXED);
}

static void check_cover(void *ctx)
{
    cover_t cover = *(cover_t *)ctx;
    static const size_t grains[] = {0, 64, SIZE_MAX / 2, SIZE_MAX - 1, SIZE_MAX};
    for (size_t g = 0; g < 5; g++) {
        /* A grain of 1 over all of size_t would be 2^64 units that cost nothing: that is fine too,
         * as blocks grow; it is what the first one tests. */
        par_options_t options = PAR_OPTIONS_INIT;
        options.grain = grains[g];
        for (int is_static = 0; is_static < 2; is_static++) {
            options.schedule = is_static ? PAR_SCHEDULE_STATIC : PAR_SCHEDULE_AUTO;
            cover.n = 0;
            par_for_range(cover.begin, cover.end, cover_range, &cover, &options);
            expect(cover.n == cover.end - cover.begin);
        }
    }
}

static void ends_of_size_t(void **state)
{
    (void)state;
    cover_t covers[] = {{0, SIZE_MAX, 0},
                        {1, SIZE_MAX, 0},
                        {SIZE_MAX - 1000, SIZE_MAX, 0},
                        {SIZE_MAX - 1, SIZE_MAX, 0},
                        {SIZE_MAX / 2, SIZE_MAX, 0}};
    for (size_t i = 0; i < sizeof covers / sizeof covers[0]; i++)
        on_pools(check_cover, &covers[i]);
}

static void never(size_t begin, size_t end, void *ctx)
{
    (void)begin, (void)end, (void)ctx;
    expect(0);
}

static void reversed_range_is_empty(void **state)
{
    (void)state;
    par_for_range(10, 9, never, NULL, NULL);
    par_for_range(SIZE_MAX, 0, never, NULL, NULL);
    par_for_range(SIZE_MAX, SIZE_MAX, never, NULL, NULL);
    no_failures();
}

/* ---- bad options are taken as the default ---- */

#ifdef NDEBUG
static void bad_options_are_defaults(void **state)
{
    (void)state;
    par_options_t options = PAR_OPTIONS_INIT;
    options.schedule = (par_schedule_t)99;
    on_pools(check_for_range, &options);
    options = (par_options_t)PAR_OPTIONS_INIT;
    options.item_ns = -1;
    on_pools(check_for_range, &options);
    memset(&options, 0x5a, sizeof options);
    options.struct_size = 3;
    marks_t marks = marks_new(0, 1000, 0);
    par_for_range(0, 1000, mark_range, &marks, &options);
    marks_check_and_free(&marks);
    no_failures();
}
#endif

static void options_of_a_newer_version_are_read(void **state)
{
    (void)state;
    struct {
        par_options_t known;
        char more[64];
    } options = {PAR_OPTIONS_INIT, {0}};
    options.known.struct_size = sizeof options;
    options.known.grain = GRAIN;
    check_for_range(&options.known);
    no_failures();
}

/* ---- irregular costs: the history of earlier calls must not lose an index either ---- */

static void burn_range(size_t begin, size_t end, void *ctx)
{
    marks_t *marks = ctx;
    for (size_t i = begin; i < end; i++) {
        size_t spins = i % 97 == 0 ? 20000 : i % 7 * 20;
        for (volatile size_t k = 0; k < spins; k++) {
        }
        marks->count[i - marks->begin]++;
    }
}

static void check_irregular(void *ctx)
{
    (void)ctx;
    for (size_t n = 1; n < 3000; n = n * 3 + 1) {
        marks_t marks = marks_new(0, n, 0);
        par_for_range(0, n, burn_range, &marks, NULL);
        marks_check_and_free(&marks);
    }
}

static void irregular_costs(void **state)
{
    (void)state;
    on_pools(check_irregular, NULL);
}

/* ---- nested: loop in loop in join ---- */

typedef struct grid_t {
    unsigned cell[24][40][56];
} grid_t;

typedef struct row_t {
    grid_t *grid;
    size_t x, y;
} row_t;

static void bump_z(size_t z, void *ctx)
{
    row_t *row = ctx;
    row->grid->cell[row->x][row->y][z]++;
}

static void bump_y(size_t y, void *ctx)
{
    row_t row = *(row_t *)ctx;
    row.y = y;
    par_for(0, 56, bump_z, &row);
}

static void bump_x(size_t x, void *ctx)
{
    row_t row = {ctx, x, 0};
    par_for(0, 40, bump_y, &row);
}

static void bump_low(void *ctx)
{
    par_for(0, 12, bump_x, ctx);
}

static void bump_high(void *ctx)
{
    par_for(12, 24, bump_x, ctx);
}

static void check_nested(void *ctx)
{
    (void)ctx;
    grid_t *grid = calloc(1, sizeof *grid);
    par_join(bump_low, grid, bump_high, grid);
    for (size_t i = 0; i < sizeof grid->cell / sizeof(unsigned); i++)
        expect(((unsigned *)grid->cell)[i] == 1);
    free(grid);
}

static void nested_in_join(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++)
        on_pools(check_nested, NULL);
}

/* ---- from many threads at once ---- */

static void *outside(void *arg)
{
    (void)arg;
    for (int i = 0; i < 5; i++) {
        check_for_range(NULL);
        check_nested(NULL);
    }
    return NULL;
}

static void sixteen_outside_threads(void **state)
{
    (void)state;
    pthread_t threads[16];
    for (int i = 0; i < 16; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, outside, NULL), 0);
    for (int i = 0; i < 16; i++)
        pthread_join(threads[i], NULL);
    no_failures();
}

/* ---- two iterations that wait for each other run at the same time ---- */

static void meet(size_t i, void *ctx)
{
    unsigned *arrived = ctx;
    (void)i;
    __atomic_fetch_add(arrived, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(arrived, __ATOMIC_SEQ_CST) < 2) {
    }
}

/* The contract forbids bodies that wait for each other; but a body that has never run before must
 * be offered before its first iteration runs, and this is how it can be seen. */
static void check_meet(void *ctx)
{
    unsigned arrived = 0;
    (void)ctx;
    par_for(0, 2, meet, &arrived);
    expect(arrived == 2);
}

static void two_long_iterations_overlap(void **state)
{
    (void)state;
    on_pool_of(2, check_meet, NULL);
}

/* ---- for_each ---- */

typedef struct item_t {
    uint32_t value, visits;
    char rest[5];
} item_t;

static void visit(void *item, void *ctx)
{
    item_t *it = item;
    it->visits++;
    it->value += *(uint32_t *)ctx;
}

static void check_for_each(void *ctx)
{
    (void)ctx;
    for (size_t s = 0; s < N_SIZES; s++) {
        size_t n = sizes[s];
        uint32_t add = 5;
        item_t *items = calloc(n + 1, sizeof *items);
        for (size_t i = 0; i < n; i++)
            items[i].value = (uint32_t)i;
        par_for_each(items, n, sizeof *items, visit, &add);
        for (size_t i = 0; i < n; i++)
            expect(items[i].visits == 1 && items[i].value == i + 5);
        expect(items[n].visits == 0);
        free(items);
    }
}

static void count_visit(void *item, void *ctx)
{
    (void)item;
    __atomic_fetch_add((unsigned *)ctx, 1, __ATOMIC_RELAXED);
}

static void each_element_once(void **state)
{
    (void)state;
    unsigned visits = 0;
    on_pools(check_for_each, NULL);
    par_for_each(NULL, 0, 8, count_visit, &visits);
    assert_int_equal(visits, 0);
    par_for_each(&visits, 100, 0, count_visit, &visits);
    assert_int_equal(visits, 100);
#ifdef NDEBUG
    par_for_each(&visits, SIZE_MAX / 2, 3, count_visit, &visits);
    assert_int_equal(visits, 100);
#endif
}

/* ---- the definer macro ---- */

struct scale_t {
    double *x;
    double factor;
};

PAR_DEFINE_FOR(scale_all, struct scale_t, s, i)
{
    if (s.x[i] < 0) return;
    s.x[i] *= s.factor;
}

PAR_DEFINE_FOR(negate_all, double *, x, i)
{
    x[i] = -x[i];
}

static void check_define_for(void *ctx)
{
    (void)ctx;
    for (size_t s = 0; s < N_SIZES; s++) {
        size_t n = sizes[s];
        double *x = malloc((n + 1) * sizeof *x);
        for (size_t i = 0; i < n; i++)
            x[i] = i % 2 ? -(double)i : (double)i;
        par_options_t options = PAR_OPTIONS_INIT;
        options.grain = GRAIN;
        scale_all(0, n, (struct scale_t){x, 3});
        negate_all_in(0, n, x, &options);
        for (size_t i = 0; i < n; i++)
            expect(x[i] == (i % 2 ? (double)i : -3.0 * (double)i));
        free(x);
    }
}

static void defined_loops(void **state)
{
    (void)state;
    on_pools(check_define_for, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_long_iterations_overlap),
        cmocka_unit_test(every_index_once),
        cmocka_unit_test(every_index_once_with_options),
        cmocka_unit_test(static_makes_one_part_a_worker),
        cmocka_unit_test(pool_of_the_options_is_used),
        cmocka_unit_test(ends_of_size_t),
        cmocka_unit_test(reversed_range_is_empty),
#ifdef NDEBUG
        cmocka_unit_test(bad_options_are_defaults),
#endif
        cmocka_unit_test(options_of_a_newer_version_are_read),
        cmocka_unit_test(irregular_costs),
        cmocka_unit_test(nested_in_join),
        cmocka_unit_test(sixteen_outside_threads),
        cmocka_unit_test(each_element_once),
        cmocka_unit_test(defined_loops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
