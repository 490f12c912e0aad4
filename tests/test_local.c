/* test_local.c - worker-local state: every item once, slots never shared by two at a time, at most one
 * slot a worker, further threads, no memory, nesting, misuse. */
#include "fault.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "on_pools.h"

#include "misuse.h"

/* ---- loops ---- */

typedef struct histogram_t {
    unsigned count[61];
    int in_use; /* by a body, now */
    int n_combined;
} histogram_t;

static void histogram_add(histogram_t *left, const histogram_t *right)
{
    for (int k = 0; k < 61; k++)
        left->count[k] += right->count[k];
    expect(left->in_use == 0 && right->in_use == 0);
    left->n_combined += right->n_combined + 1;
}

static void histogram_combine(void *left, const void *right, void *ctx)
{
    (void)ctx;
    histogram_add(left, right);
}

static void histogram_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    histogram_t *h = acc;
    expect(h->in_use++ == 0); /* ThreadSanitizer sees it too when two have the same */
    expect((uintptr_t)acc % *(size_t *)ctx == 0);
    for (size_t i = begin; i < end; i++)
        h->count[i * 7919 % 61]++;
    h->in_use--;
}

PAR_DEFINE_FOR_LOCAL(count_all, histogram_t, h, histogram_add, size_t, factor, i)
{
    h->count[i * factor % 61]++;
}

static void check_loops(void *ctx)
{
    static const size_t sizes[] = {0, 1, 2, 1000, 300000};
    const par_options_t *options = ctx;
    for (size_t s = 0; s < 5; s++) {
        histogram_t serial = {.n_combined = 0}, h = serial, h2 = serial;
        size_t align = 128, serial_align = 1;
        histogram_fold(&serial, 3, 3 + sizes[s], &serial_align);
        par_for_local(3, 3 + sizes[s], &h, sizeof h, histogram_fold, histogram_combine, &align,
                      options);
        expect(memcmp(h.count, serial.count, sizeof h.count) == 0);
        expect(h.n_combined <= (int)par_num_workers());
        expect(h.n_combined >= (sizes[s] > 0));
        count_all_in(3, 3 + sizes[s], &h2, 7919, options);
        expect(memcmp(h2.count, serial.count, sizeof h.count) == 0);
    }
}

static void every_item_once(void **state)
{
    (void)state;
    par_options_t options = PAR_OPTIONS_INIT;
    on_pools(check_loops, NULL);
    on_pool_of(7, check_loops, NULL);
    options.grain = 100;
    on_pools(check_loops, &options);
    options.schedule = PAR_SCHEDULE_STATIC;
    on_pools(check_loops, &options);
    options.item_ns = 1e5;
    on_pools(check_loops, &options);
}

static void in_the_pool_of_the_options(void **state)
{
    (void)state;
    par_pool_options_t pool_options = PAR_POOL_OPTIONS_INIT;
    par_options_t options = PAR_OPTIONS_INIT;
    pool_options.threads = 3;
    assert_int_equal(par_pool_create(&options.pool, &pool_options), PAR_OK);
    histogram_t h = {.n_combined = 0};
    size_t align = 128;
    par_for_local(0, 300000, &h, sizeof h, histogram_fold, histogram_combine, &align, &options);
    assert_in_range(h.n_combined, 1, 3);
    par_pool_destroy(options.pool);
    no_failures();
}

/* ---- any size, and no memory ---- */

static void bytes_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    size_t bytes = *(size_t *)ctx;
    for (size_t i = begin; i < end; i++)
        ((unsigned char *)acc)[i * 7919 % bytes]++;
}

static void bytes_combine(void *left, const void *right, void *ctx)
{
    for (size_t i = 0; i < *(size_t *)ctx; i++)
        ((unsigned char *)left)[i] += ((const unsigned char *)right)[i];
}

static void check_bytes(void *ctx)
{
    static const size_t sizes[] = {1, 100, 111, 112, 113, 128, 4096, 65537};
    (void)ctx;
    for (size_t s = 0; s < 8; s++) {
        unsigned char *serial = calloc(sizes[s], 1), *acc = calloc(sizes[s], 1);
        size_t bytes = sizes[s];
        bytes_fold(serial, 0, 100000, &bytes);
        unsigned hit = 1;
        for (unsigned k = 0; hit != 0 || k < 2; k++) { /* 0: no fault */
            memset(acc, 0, bytes);
            fault_arm(FAULT_MEMORY, k, UINT_MAX);
            par_for_local(0, 100000, acc, bytes, bytes_fold, bytes_combine, &bytes, NULL);
            hit = fault_disarm().failed;
            expect(memcmp(acc, serial, bytes) == 0);
        }
        free(serial);
        free(acc);
    }
}

static void any_size_with_and_without_memory(void **state)
{
    (void)state;
    on_pools(check_bytes, NULL);
}

static void no_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    (void)acc, (void)begin;
    *(size_t *)ctx = end;
}

/* A size that no memory has runs on acc alone. */
static void check_huge(void *ctx)
{
    (void)ctx;
    size_t last = 0;
    char acc[1];
    par_for_local(0, 10, acc, SIZE_MAX - 5, no_fold, histogram_combine, &last, NULL);
    expect(last == 10);
}

static void sizes_that_do_not_fit(void **state)
{
    (void)state;
    on_pools(check_huge, NULL);
}

/* ---- tasks ---- */

typedef struct slot_t {
    long sum;
    const void *self; /* set by init */
    int depth;        /* bodies of this slot on the stack */
    int n_inits;
} slot_t;

typedef struct work_t {
    par_local_t *local;
    int n_inits;
    size_t n;
} work_t;

static void slot_init(void *slot, void *ctx)
{
    slot_t *s = slot;
    work_t *work = ctx;
    expect(s->sum == 0 && s->self == NULL);
    s->self = slot;
    s->n_inits = 1;
    __atomic_fetch_add(&work->n_inits, 1, __ATOMIC_RELAXED);
}

static void slot_combine(void *left, const void *right, void *ctx)
{
    slot_t *l = left;
    const slot_t *r = right;
    (void)ctx;
    expect(r->depth == 0 && r->self == r);
    l->sum += r->sum;
    l->n_inits += r->n_inits;
}

static void slot_add(par_local_t *local, long amount)
{
    slot_t *slot = par_local_get(local);
    expect(slot != NULL && slot->self == slot);
    slot->sum += amount;
}

static void leaf_task(void *ctx)
{
    slot_add(((work_t *)ctx)->local, 1);
}

static void inner_body(size_t i, void *ctx)
{
    (void)i;
    slot_add(ctx, 1);
}

/* Spawns, forks, and a nested loop that uses the same local while this body has its slot in hand. */
static void tasks_body(size_t i, void *ctx)
{
    work_t *work = ctx;
    slot_t *slot = par_local_get(work->local);
    expect(slot->depth >= 0);
    slot->depth++;
    par_for(0, 10, inner_body, work->local);
    if (i % 8 == 0) {
        PAR_SCOPE (s) {
            for (int k = 0; k < 5; k++)
                par_spawn(&s, leaf_task, work);
        }
    } else {
        slot_add(work->local, 5);
    }
    par_join(leaf_task, work, leaf_task, work);
    expect(par_local_get(work->local) == slot);
    slot->depth--;
}

static void tasks_run(par_local_t *local, void *ctx)
{
    work_t *work = ctx;
    work->local = local;
    par_for(0, work->n, tasks_body, work);
}

static void check_tasks(void *ctx)
{
    work_t work = {.n = 300};
    slot_t total = {.sum = 0};
    (void)ctx;
    par_local_run(&total, sizeof total, slot_init, slot_combine, tasks_run, &work);
    expect(total.sum == 300 * 17);
    expect(total.n_inits == work.n_inits && work.n_inits >= 1);
    expect(work.n_inits <= (int)par_num_workers());
}

static void in_any_tasks(void **state)
{
    (void)state;
    for (int run = 0; run < 5; run++)
        on_pools(check_tasks, NULL);
    on_pool_of(7, check_tasks, NULL);
    par_run_alone(check_tasks, NULL);
    no_failures();
}

/* The table of 64 workers with slots of 200 bytes needs memory; without it acc itself is the slot. */
typedef struct large_slot_t {
    slot_t slot;
    char more[200];
} large_slot_t;

static void check_tasks_without_memory(void *ctx)
{
    work_t work = {.n = 50};
    large_slot_t total = {.slot.sum = 0};
    unsigned workers = par_num_workers();
    (void)ctx;
    fault_arm(FAULT_MEMORY, 1, UINT_MAX);
    par_local_run(&total, sizeof total, slot_init, slot_combine, tasks_run, &work);
    fault_disarm();
    expect(total.slot.sum == 50 * 17);
    if (workers >= 64) expect(work.n_inits == 1 && total.slot.self == &total);
}

static void tasks_without_memory(void **state)
{
    (void)state;
    on_pools(check_tasks_without_memory, NULL);
}

/* Each run inside a body has slots of its own. */
static void nested_body(size_t i, void *ctx)
{
    work_t work = {.n = i % 4};
    slot_t total = {.sum = 0};
    par_local_run(&total, sizeof total, slot_init, slot_combine, tasks_run, &work);
    expect(total.sum == (long)(i % 4) * 17);
    slot_add(ctx, total.sum);
}

static void nested_outer(par_local_t *local, void *ctx)
{
    (void)ctx;
    par_for(0, 100, nested_body, local);
}

static void check_nested(void *ctx)
{
    work_t work = {.n = 0};
    slot_t total = {.sum = 0};
    (void)ctx;
    par_local_run(&total, sizeof total, slot_init, slot_combine, nested_outer, &work);
    expect(total.sum == 25 * 17 * (0 + 1 + 2 + 3));
}

static void runs_nest(void **state)
{
    (void)state;
    on_pools(check_nested, NULL);
}

/* ---- further threads ---- */

typedef struct visitors_t {
    par_local_t *local;
    par_pool_t *other;
    int n_inits;
    unsigned n_none; /* times there was no memory */
} visitors_t;

static void visitor_init(void *slot, void *ctx)
{
    visitors_t *visitors = ctx;
    ((slot_t *)slot)->self = slot;
    __atomic_fetch_add(&visitors->n_inits, 1, __ATOMIC_RELAXED);
}

static void visitor_add(visitors_t *visitors)
{
    slot_t *slot = par_local_get(visitors->local);
    if (slot == NULL) {
        __atomic_fetch_add(&visitors->n_none, 1, __ATOMIC_RELAXED);
        return;
    }
    expect(slot->self == slot && slot->depth++ == 0);
    slot->sum++;
    slot->depth--;
}

static void visitor_body(size_t i, void *ctx)
{
    (void)i;
    visitor_add(ctx);
}

static void visit_from_pool(void *ctx)
{
    par_for(0, 200, visitor_body, ctx);
}

static int visit_from_thread(void *ctx)
{
    visitor_add(ctx);
    par_for(0, 100, visitor_body, ctx);
    return 0;
}

static void visitors_body(size_t i, void *ctx)
{
    visitors_t *visitors = ctx;
    if (i % 10 == 0) {
        par_pool_run(visitors->other, visit_from_pool, visitors);
    } else if (i == 5) {
        PAR_THREAD_SCOPE (s) {
            for (int k = 0; k < 3; k++)
                expect(par_thread_spawn(&s, NULL, visit_from_thread, visitors, NULL) == PAR_OK);
        }
    }
    visitor_add(visitors);
}

static void visitors_run(par_local_t *local, void *ctx)
{
    visitors_t *visitors = ctx;
    visitors->local = local;
    par_for(0, 100, visitors_body, visitors);
}

static void check_visitors(void *ctx)
{
    visitors_t visitors = {.other = ctx};
    slot_t total = {.sum = 0};
    par_local_run(&total, sizeof total, visitor_init, slot_combine, visitors_run, &visitors);
    expect(total.sum == 100 + 10 * 200 + 3 * 101);
    expect(visitors.n_none == 0);
}

static void further_threads_have_slots_too(void **state)
{
    (void)state;
    par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
    par_pool_t *other;
    options.threads = 3;
    assert_int_equal(par_pool_create(&other, &options), PAR_OK);
    on_pools(check_visitors, other);
    par_pool_destroy(other);
}

static void visit_without_memory(void *ctx)
{
    visitors_t *visitors = ctx;
    fault_arm(FAULT_MEMORY, 1, UINT_MAX);
    visitor_add(visitors);
    fault_disarm();
    visitor_add(visitors);
}

static void visit_once(par_local_t *local, void *ctx)
{
    visitors_t *visitors = ctx;
    visitors->local = local;
    par_pool_run(visitors->other, visit_without_memory, visitors);
}

static void further_threads_without_memory_hear_it(void **state)
{
    (void)state;
    par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
    visitors_t visitors = {.n_none = 0};
    slot_t total = {.sum = 0};
    options.threads = 2;
    assert_int_equal(par_pool_create(&visitors.other, &options), PAR_OK);
    par_local_run(&total, sizeof total, visitor_init, slot_combine, visit_once, &visitors);
    par_pool_destroy(visitors.other);
    no_failures();
    assert_true(visitors.n_none == 1 && total.sum == 1);
}

/* Where acc is the only slot others must not start from what the caller has added meanwhile. */
static void visit_from_here(void *ctx)
{
    visitors_t *visitors = ctx;
    slot_t *slot = par_local_get(visitors->local);
    expect(slot != NULL && slot->depth == 0);
    par_for(0, 200, visitor_body, visitors);
}

static void one_slot_run(par_local_t *local, void *ctx)
{
    visitors_t *visitors = ctx;
    visitors->local = local;
    slot_t *slot = par_local_get(local);
    slot->sum = 1000;
    par_pool_run(visitors->other, visit_from_here, visitors);
    PAR_THREAD_SCOPE (s) {
        for (int k = 0; k < 3; k++)
            expect(par_thread_spawn(&s, NULL, visit_from_thread, visitors, NULL) == PAR_OK);
    }
    expect(par_local_get(local) == slot);
}

static void check_one_slot(void *ctx)
{
    visitors_t visitors = {.other = ctx};
    large_slot_t total = {.slot.sum = 0};
    fault_arm(FAULT_ALIGNED_ALLOC, 1, 1);
    par_local_run(&total, sizeof total, visitor_init, slot_combine, one_slot_run, &visitors);
    unsigned hit = fault_disarm().failed;
    expect(hit == 1 && total.slot.self == &total && visitors.n_inits == 1);
    expect(total.slot.sum + visitors.n_none == 1000 + 200 + 3 * 101);
}

static void one_slot_is_the_callers(void **state)
{
    (void)state;
    par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
    par_pool_t *other;
    options.threads = 3;
    assert_int_equal(par_pool_create(&other, &options), PAR_OK);
    on_pool_of(64, check_one_slot, other);
    par_pool_destroy(other);
}

/* ---- the order of combination ---- */

typedef struct order_t {
    int last;
} order_t;

static void order_combine(void *left, const void *right, void *ctx)
{
    (void)ctx;
    expect(((order_t *)left)->last < ((const order_t *)right)->last);
    ((order_t *)left)->last = ((const order_t *)right)->last;
}

static void order_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    (void)begin, (void)end, (void)ctx;
    ((order_t *)acc)->last = (int)par_worker_index();
}

static void check_order(void *ctx)
{
    order_t order = {-1};
    par_options_t options = PAR_OPTIONS_INIT;
    (void)ctx;
    options.item_ns = 1e6;
    par_for_local(0, 200, &order, sizeof order, order_fold, order_combine, NULL, &options);
    expect(order.last >= 0);
}

static void combined_by_worker_index(void **state)
{
    (void)state;
    on_pools(check_order, NULL);
}

/* ---- alone ---- */

static void alone_body(size_t i, void *ctx)
{
    size_t *next = ctx;
    expect(i == (*next)++);
    expect(par_worker_index() == 0 && par_num_workers() == 1);
}

static void check_alone(void *ctx)
{
    size_t next = 0;
    (void)ctx;
    par_for(0, 1000, alone_body, &next);
    expect(next == 1000);
}

static void check_other_pool(void *id)
{
    expect(par_pool_id() != NULL && par_pool_id() != id);
}

static void check_alone_inside(void *ctx)
{
    const void *id = par_pool_id();
    (void)ctx;
    par_run_alone(check_alone, NULL);
    expect(par_pool_id() == id);
    par_run_alone(check_other_pool, (void *)(uintptr_t)id);
}

static void alone_runs_in_order(void **state)
{
    (void)state;
    on_pools(check_alone_inside, NULL);
}

/* ---- misuse ---- */

static void *volatile nothing;
static par_combine_fn *volatile no_combine;
static par_local_fn *volatile no_fn;
static par_task_fn *volatile no_task;
static slot_t some;

static void run_without_acc(void *ctx)
{
    par_local_run(nothing, 8, NULL, slot_combine, tasks_run, ctx);
}

static void run_without_combine(void *ctx)
{
    par_local_run(&some, 8, NULL, no_combine, tasks_run, ctx);
}

static void run_without_fn(void *ctx)
{
    par_local_run(&some, 8, NULL, slot_combine, no_fn, ctx);
}

static void get_without_local(void *ctx)
{
    (void)ctx;
    par_local_get(nothing);
}

static void for_without_acc(void *ctx)
{
    par_for_local(0, 1, nothing, 8, no_fold, slot_combine, ctx, NULL);
}

static void for_without_combine(void *ctx)
{
    par_for_local(0, 1, &some, 8, no_fold, no_combine, ctx, NULL);
}

static void alone_without_function(void *ctx)
{
    par_run_alone(no_task, ctx);
}

static const misuse_t misuses[] = {
    {run_without_acc, "par_local_run: acc is NULL"},
    {run_without_combine, "par_local_run: combine is NULL"},
    {run_without_fn, "par_local_run: fn is NULL"},
    {get_without_local, "par_local_get: local is NULL"},
    {for_without_acc, "par_for_local: acc is NULL"},
    {for_without_combine, "par_for_local: combine is NULL"},
    {alone_without_function, "par_run_alone: the function is NULL"},
};

static void debug_builds_stop(void **state)
{
    (void)state;
    misuses_stop(misuses, sizeof misuses / sizeof misuses[0], NULL);
}

/* ---- init asks for the slot that it makes ready ---- */

typedef struct asking_t {
    par_local_t *local;
    void *made, *got;
} asking_t;

static void asking_init(void *slot, void *ctx)
{
    asking_t *asking = ctx;
    asking->made = slot;
    asking->got = par_local_get(asking->local);
}

static void asking_combine(void *left, const void *right, void *ctx)
{
    (void)ctx;
    *(int *)left += *(const int *)right;
}

static void asking_run(par_local_t *local, void *ctx)
{
    asking_t *asking = ctx;
    asking->local = local;
    *(int *)par_local_get(local) += 3;
}

static void init_may_ask(void **state)
{
    (void)state;
    asking_t asking = {0};
    int total = 0;
    par_local_run(&total, sizeof total, asking_init, asking_combine, asking_run, &asking);
    assert_non_null(asking.made);
    assert_ptr_equal(asking.got, asking.made);
    assert_int_equal(total, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_item_once),
        cmocka_unit_test(in_the_pool_of_the_options),
        cmocka_unit_test(any_size_with_and_without_memory),
        cmocka_unit_test(sizes_that_do_not_fit),
        cmocka_unit_test(in_any_tasks),
        cmocka_unit_test(tasks_without_memory),
        cmocka_unit_test(runs_nest),
        cmocka_unit_test(further_threads_have_slots_too),
        cmocka_unit_test(further_threads_without_memory_hear_it),
        cmocka_unit_test(one_slot_is_the_callers),
        cmocka_unit_test(combined_by_worker_index),
        cmocka_unit_test(alone_runs_in_order),
        cmocka_unit_test(debug_builds_stop),
        cmocka_unit_test(init_may_ask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
