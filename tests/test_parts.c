/* test_parts.c - the schedules that tie parts to workers. Bodies that wait for each other, which the
 * contract forbids, force the cases: who waits in a part cannot take another one. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "on_pools.h"
#include "scale.h"

enum { MAX_WORKERS = 64, PARTS = 16, NOBODY = 1000 }; /* parts a worker of PAR_SCHEDULE_AFFINITY */

static const unsigned sizes[] = {1, 2, 3, 7, 64};

/* A fork is public for as many workers as can run at once. Beyond that nobody is promised to come
 * while a body waits. */
static unsigned workers_that_come(void)
{
    cpu_set_t mine;
    return sched_getaffinity(0, sizeof mine, &mine) == 0 ? (unsigned)CPU_COUNT(&mine) + 1 : 2;
}

static void on_all_sizes(par_task_fn *check, void *ctx)
{
    watchdog(200);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        if (sizes[i] <= workers_that_come()) on_pool_of(sizes[i], check, ctx);
    watchdog(0);
}

static void wait_until(const size_t *value, size_t least)
{
    while (__atomic_load_n(value, __ATOMIC_SEQ_CST) < least)
        sched_yield();
}

/* ---- static: part k to worker k ---- */

typedef struct tie_t {
    size_t n_parts, length;
    size_t n_begun;
    unsigned worker[MAX_WORKERS]; /* of each part */
} tie_t;

/* No worker comes out of its part before all have begun: so each has got one, and its own one
 * was still there when it came. */
static void tie_body(size_t begin, size_t end, void *ctx)
{
    tie_t *tie = ctx;
    expect(begin % tie->length == 0 && end - begin == tie->length);
    tie->worker[begin / tie->length] = par_worker_index();
    __atomic_fetch_add(&tie->n_begun, 1, __ATOMIC_SEQ_CST);
    wait_until(&tie->n_begun, tie->n_parts);
}

static void check_tie(void *ctx)
{
    (void)ctx;
    for (size_t round = 0; round < 10; round++) {
        tie_t tie = {.n_parts = par_num_workers(), .length = round + 1};
        par_options_t options = PAR_OPTIONS_INIT;
        options.schedule = PAR_SCHEDULE_STATIC;
        par_for_range(0, tie.n_parts * tie.length, tie_body, &tie, &options);
        for (size_t part = 0; part < tie.n_parts; part++)
            expect(tie.worker[part] == part);
    }
}

static void static_part_k_goes_to_worker_k(void **state)
{
    (void)state;
    on_all_sizes(check_tie, NULL);
}

typedef struct absent_t {
    size_t is_busy, is_over;
    size_t n_by_caller;
} absent_t;

static void keep_busy(void *ctx)
{
    absent_t *absent = ctx;
    __atomic_store_n(&absent->is_busy, 1, __ATOMIC_SEQ_CST);
    wait_until(&absent->is_over, 1);
}

static void count_caller(size_t begin, size_t end, void *ctx)
{
    absent_t *absent = ctx;
    expect(par_worker_index() == 0);
    absent->n_by_caller += end - begin;
}

/* The other worker is in a task that ends after the loop: the caller does its part too. */
static void check_absent(void *ctx)
{
    absent_t absent = {0};
    par_options_t options = PAR_OPTIONS_INIT;
    options.schedule = *(par_schedule_t *)ctx;
    PAR_SCOPE (s) {
        par_spawn(&s, keep_busy, &absent);
        wait_until(&absent.is_busy, 1);
        par_for_range(0, 100, count_caller, &absent, &options);
        expect(absent.n_by_caller == 100);
        __atomic_store_n(&absent.is_over, 1, __ATOMIC_SEQ_CST);
    }
}

static void parts_of_who_does_not_come_are_taken_over(void **state)
{
    (void)state;
    par_schedule_t schedules[] = {PAR_SCHEDULE_STATIC, PAR_SCHEDULE_AFFINITY};
    watchdog(100);
    for (int s = 0; s < 2; s++)
        on_pool_of(2, check_absent, &schedules[s]);
    watchdog(0);
}

/* ---- affinity: to the worker that had it last ---- */

typedef struct run_t {
    size_t n_workers, n_parts;
    size_t n_present, n_done;
    unsigned slow;             /* this worker stays in its first part until all others are done */
    size_t first[MAX_WORKERS]; /* the part that each worker began with; SIZE_MAX = none yet */
    unsigned owner[MAX_WORKERS * PARTS];
} run_t;

/* All are present before anyone ends its first part, so nobody has taken over another's. */
static void affinity_body(size_t begin, size_t end, void *ctx)
{
    run_t *run = ctx;
    unsigned worker = par_worker_index();
    expect(end - begin == 1);
    run->owner[begin] = worker;
    if (run->first[worker] == SIZE_MAX) {
        run->first[worker] = begin;
        __atomic_fetch_add(&run->n_present, 1, __ATOMIC_SEQ_CST);
        wait_until(&run->n_present, run->n_workers);
        if (worker == run->slow) wait_until(&run->n_done, run->n_parts - 1);
    }
    __atomic_fetch_add(&run->n_done, 1, __ATOMIC_SEQ_CST);
}

static void affinity_run(run_t *run, par_affinity_t *memory, unsigned slow)
{
    par_options_t options = PAR_OPTIONS_INIT;
    memset(run, 0, sizeof *run);
    run->n_workers = par_num_workers();
    /* 512 parts is the most that is remembered; each an item, so that none is halved. */
    run->n_parts = run->n_workers * PARTS < 512 ? run->n_workers * PARTS : 512;
    run->slow = run->n_workers > 1 ? slow : NOBODY;
    for (size_t w = 0; w < run->n_workers; w++)
        run->first[w] = SIZE_MAX;
    options.schedule = PAR_SCHEDULE_AFFINITY;
    options.affinity = memory;
    options.item_ns = 1e6; /* never tiny */
    par_for_range(0, run->n_parts, affinity_body, run, &options);
    expect(run->n_done == run->n_parts);
}

static size_t parts_of(const run_t *run, unsigned worker)
{
    size_t n = 0;
    for (size_t part = 0; part < run->n_parts; part++)
        n += run->owner[part] == worker;
    return n;
}

static size_t first_of(const run_t *run, unsigned worker)
{
    size_t part = 0;
    while (part < run->n_parts && run->owner[part] != worker)
        part++;
    return part;
}

/* In turn nobody is slow, the caller, and another one: then the others do the rest, and begin with it
 * in the next run. */
static void check_affinity(void *ctx)
{
    run_t *before = calloc(1, sizeof *before), *now = calloc(1, sizeof *now);
    par_affinity_t memory;
    (void)ctx;
    memset(&memory, 0, sizeof memory);
    affinity_run(before, &memory, NOBODY);
    for (size_t w = 0; w < before->n_workers; w++) /* equal shares at first */
        expect(before->first[w] == w * before->n_parts / before->n_workers);
    for (unsigned round = 0; round < 12; round++) {
        affinity_run(now, &memory, round % 3 == 2 ? NOBODY : round % 3);
        for (unsigned w = 0; w < now->n_workers; w++)
            expect(now->first[w] == first_of(before, w));
        if (now->slow != NOBODY) expect(parts_of(now, now->slow) == 1);
        run_t *swap = before;
        before = now;
        now = swap;
    }
    free(before);
    free(now);
}

static void affinity_replays_the_last_run(void **state)
{
    (void)state;
    on_all_sizes(check_affinity, NULL);
}

/* Without memory every run begins with equal shares. */
static void check_no_memory(void *ctx)
{
    run_t *run = calloc(1, sizeof *run);
    (void)ctx;
    for (int round = 0; round < 5; round++) {
        affinity_run(run, NULL, round % 2 ? 1 : NOBODY);
        for (size_t w = 0; w < run->n_workers; w++)
            expect(run->first[w] == w * run->n_parts / run->n_workers);
    }
    free(run);
}

static void affinity_without_memory(void **state)
{
    (void)state;
    on_all_sizes(check_no_memory, NULL);
}

/* ---- every index once, whatever the memory says ---- */

typedef struct marks_t {
    unsigned char *count;
    size_t n, most;
    par_options_t options;
} marks_t;

static void mark(size_t begin, size_t end, void *ctx)
{
    marks_t *marks = ctx;
    size_t grain = marks->options.grain > 0 ? marks->options.grain : 1;
    expect(begin < end && end <= marks->n && begin % grain == 0);
    expect(marks->most == 0 || end - begin <= marks->most);
    for (size_t i = begin; i < end; i++)
        marks->count[i]++;
}

static void check_marks(void *ctx)
{
    static const size_t ns[] = {0, 1, 2, 15, 16, 17, 1000, 100000, 31};
    for (size_t i = 0; i < sizeof ns / sizeof ns[0]; i++) {
        marks_t marks = *(marks_t *)ctx;
        marks.n = ns[i];
        marks.count = calloc(marks.n + 1, 1);
        for (int round = 0; round < 3; round++)
            par_for_range(0, marks.n, mark, &marks, &marks.options);
        for (size_t k = 0; k < marks.n; k++)
            expect(marks.count[k] == 3);
        free(marks.count);
    }
}

static void every_index_once(void **state)
{
    (void)state;
    par_affinity_t memory;
    memset(&memory, 0x5a, sizeof memory); /* nonsense costs time only */
    static const size_t grains[][3] = {{0, 0, 0}, {7, 0, 0}, {0, 10, 10}, {7, 20, 14}, {7, 3, 7}};
    for (size_t g = 0; g < sizeof grains / sizeof grains[0]; g++)
        for (int s = 0; s < 4; s++) {
            marks_t marks = {.options = PAR_OPTIONS_INIT, .most = grains[g][2]};
            marks.options.grain = grains[g][0];
            marks.options.max_grain = grains[g][1];
            marks.options.schedule = s < 3 ? (par_schedule_t)s : PAR_SCHEDULE_AFFINITY;
            marks.options.affinity = s < 3 ? NULL : &memory;
            on_pools(check_marks, &marks);
        }
}

/* Loops in loops, all with the same memory. */
static void inner_loop(size_t begin, size_t end, void *ctx)
{
    marks_t *outer = ctx;
    for (size_t i = begin; i < end; i++) {
        unsigned char count[50] = {0};
        marks_t marks = {.count = count, .n = sizeof count, .options = outer->options};
        par_for_range(0, marks.n, mark, &marks, &marks.options);
        for (size_t k = 0; k < marks.n; k++)
            expect(count[k] == 1);
    }
    mark(begin, end, ctx);
}

static void check_nested(void *ctx)
{
    unsigned char count[100] = {0};
    marks_t marks = {.count = count, .n = sizeof count, .options = *(par_options_t *)ctx};
    par_for_range(0, marks.n, inner_loop, &marks, &marks.options);
    for (size_t k = 0; k < marks.n; k++)
        expect(count[k] == 1);
}

static void nested(void **state)
{
    (void)state;
    par_affinity_t memory;
    memset(&memory, 0, sizeof memory);
    par_options_t options = PAR_OPTIONS_INIT;
    options.affinity = &memory;
    for (int round = 0; round < 10; round++) {
        options.schedule = round % 2 ? PAR_SCHEDULE_STATIC : PAR_SCHEDULE_AFFINITY;
        on_pools(check_nested, &options);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(static_part_k_goes_to_worker_k),
        cmocka_unit_test(parts_of_who_does_not_come_are_taken_over),
        cmocka_unit_test(affinity_replays_the_last_run),
        cmocka_unit_test(affinity_without_memory),
        cmocka_unit_test(every_index_once),
        cmocka_unit_test(nested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
