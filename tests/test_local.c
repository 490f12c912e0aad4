/* test_local.c - worker-local state of any tasks: slots that one worker has for itself, in nested runs, in
 * threads of other pools and none, without memory. */
#include <limits.h>
#include <string.h>

#include "fault.h"
#include "misuse.h"
#include "on_pools.h"

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

/* ---- misuse ---- */

/* Hidden from the compiler, which would warn. */
static void *volatile nothing;
static par_combine_fn *volatile no_combine;
static par_local_fn *volatile no_fn;
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

static const misuse_t misuses[] = {
    {run_without_acc, "par_local_run: acc is NULL"},
    {run_without_combine, "par_local_run: combine is NULL"},
    {run_without_fn, "par_local_run: fn is NULL"},
    {get_without_local, "par_local_get: local is NULL"},
};

static void debug_builds_stop(void **state)
{
    (void)state;
    misuses_stop(misuses, sizeof misuses / sizeof misuses[0], NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_any_tasks),
        cmocka_unit_test(tasks_without_memory),
        cmocka_unit_test(runs_nest),
        cmocka_unit_test(further_threads_have_slots_too),
        cmocka_unit_test(further_threads_without_memory_hear_it),
        cmocka_unit_test(one_slot_is_the_callers),
        cmocka_unit_test(init_may_ask),
        cmocka_unit_test(debug_builds_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
