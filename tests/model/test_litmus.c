/* test_litmus.c - is the model the memory model that README.md says it is? Each test has the exact
 * set of its outcomes: all of them must occur, and nothing else. */
#include <string.h>

#include "atomic.h"
#include "tests.h"

static _Atomic(uint32_t) x, y, z;
static uint32_t r0, r1, r2, r3;
static uint32_t plain;

static void clear(void)
{
    x = y = z = plain = 0;
    r0 = r1 = r2 = r3 = 0;
    model_name(&x, "x");
    model_name(&y, "y");
    model_name(&z, "z");
    model_name(&plain, "plain");
}

#define THREAD(name, i, ...)                                                                       \
    static void name##_##i(void)                                                                   \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define RESULT(name, value)                                                                        \
    static void name##_r(void)                                                                     \
    {                                                                                              \
        model_outcome(value);                                                                      \
    }

/* store buffering */
#define SB(name, st, ld, fence)                                                                    \
    THREAD(name, 1, st(&x, 1); fence; r0 = ld(&y);)                                                \
    THREAD(name, 2, st(&y, 1); fence; r1 = ld(&x);)                                                \
    RESULT(name, r0 * 2 + r1)
#define NOTHING ((void)0)
SB(sb_relaxed, store_relaxed, load_relaxed, NOTHING)
SB(sb_acq_rel, store_release, load_acquire, NOTHING)
SB(sb_swap_acq_rel, swap_acq_rel, load_acquire, NOTHING)
SB(sb_sc, store_seq_cst, load_seq_cst, NOTHING)
SB(sb_sc_rmw, swap_seq_cst, load_seq_cst, NOTHING)
SB(sb_sc_stores, store_seq_cst, load_relaxed, NOTHING)
SB(sb_sc_loads, store_relaxed, load_seq_cst, NOTHING)
SB(sb_fences, store_relaxed, load_relaxed, fence_seq_cst())
SB(sb_weak_fences, store_relaxed, load_relaxed, (fence_release(), fence_acquire()))
THREAD(sb_mixed, 1, store_seq_cst(&x, 1); r0 = load_seq_cst(&y);)
THREAD(sb_mixed, 2, store_relaxed(&y, 1); fence_seq_cst(); r1 = load_relaxed(&x);)
RESULT(sb_mixed, r0 * 2 + r1)

/* message passing */
#define MP(name, st, ld)                                                                           \
    THREAD(name, 1, store_relaxed(&x, 1); st(&y, 1);)                                              \
    THREAD(name, 2, r0 = ld(&y); r1 = load_relaxed(&x);)                                           \
    RESULT(name, r0 * 2 + r1)
MP(mp_relaxed, store_relaxed, load_relaxed)
MP(mp_release_only, store_release, load_relaxed)
MP(mp_acquire_only, store_relaxed, load_acquire)
MP(mp_acq_rel, store_release, load_acquire)
MP(mp_sc, store_seq_cst, load_seq_cst)
#define STORE_FENCED(p, v) (fence_release(), store_relaxed(p, v))
static uint32_t load_fenced(_Atomic(uint32_t) *p)
{
    uint32_t v = load_relaxed(p);
    fence_acquire();
    return v;
}
MP(mp_fences, STORE_FENCED, load_fenced)
MP(mp_release_fence, STORE_FENCED, load_acquire)
MP(mp_acquire_fence, store_release, load_fenced)

/* load buffering: never in this model */
#define LB(name, st, ld)                                                                           \
    THREAD(name, 1, r0 = ld(&x); st(&y, 1);)                                                       \
    THREAD(name, 2, r1 = ld(&y); st(&x, 1);)                                                       \
    RESULT(name, r0 * 2 + r1)
LB(lb_relaxed, store_relaxed, load_relaxed)
LB(lb_acq_rel, store_release, load_acquire)

/* independent reads of independent writes */
#define IRIW(name, st, ld, fence)                                                                  \
    THREAD(name, 1, st(&x, 1);)                                                                    \
    THREAD(name, 2, st(&y, 1);)                                                                    \
    THREAD(name, 3, r0 = ld(&x); fence; r1 = ld(&y);)                                              \
    THREAD(name, 4, r2 = ld(&y); fence; r3 = ld(&x);)                                              \
    RESULT(name, r0 * 8 + r1 * 4 + r2 * 2 + r3)
IRIW(iriw_relaxed, store_relaxed, load_relaxed, NOTHING)
IRIW(iriw_acq_rel, store_release, load_acquire, NOTHING)
IRIW(iriw_sc, store_seq_cst, load_seq_cst, NOTHING)
IRIW(iriw_sc_loads, store_relaxed, load_seq_cst, NOTHING)
IRIW(iriw_fences, store_relaxed, load_relaxed, fence_seq_cst())

/* two writers, two locations */
#define W22(name, st)                                                                              \
    THREAD(name, 1, st(&x, 1); st(&y, 2);)                                                         \
    THREAD(name, 2, st(&y, 1); st(&x, 2);)                                                         \
    RESULT(name, (x - 1) * 2 + (y - 1))
W22(w22_relaxed, store_relaxed)
W22(w22_release, store_release)
W22(w22_sc, store_seq_cst)

#define R_TEST(name, st, ld)                                                                       \
    THREAD(name, 1, st(&x, 1); st(&y, 1);)                                                         \
    THREAD(name, 2, st(&y, 2); r0 = ld(&x);)                                                       \
    RESULT(name, (y == 2 ? 2 : 0) + r0)
R_TEST(r_relaxed, store_relaxed, load_relaxed)
R_TEST(r_acq_rel, store_release, load_acquire)
R_TEST(r_sc, store_seq_cst, load_seq_cst)

#define S_TEST(name, st, ld)                                                                       \
    THREAD(name, 1, store_relaxed(&x, 2); st(&y, 1);)                                              \
    THREAD(name, 2, r0 = ld(&y); store_relaxed(&x, 1);)                                            \
    RESULT(name, r0 * 2 + (x == 2))
S_TEST(s_relaxed, store_relaxed, load_relaxed)
S_TEST(s_acq_rel, store_release, load_acquire)

/* coherence */
THREAD(corr, 1, store_relaxed(&x, 1);)
THREAD(corr, 2, r0 = load_relaxed(&x); r1 = load_relaxed(&x);)
RESULT(corr, r0 * 2 + r1)
THREAD(corr_two, 1, store_relaxed(&x, 1);)
THREAD(corr_two, 2, store_relaxed(&x, 2);)
THREAD(corr_two, 3, r0 = load_relaxed(&x); r1 = load_relaxed(&x);)
THREAD(corr_two, 4, r2 = load_relaxed(&x); r3 = load_relaxed(&x);)
RESULT(corr_two, (r0 == 1 && r1 == 2 ? 2 : 0) + (r2 == 2 && r3 == 1))
THREAD(cowr, 1, store_relaxed(&x, 1); r0 = load_relaxed(&x);)
THREAD(cowr, 2, store_relaxed(&x, 2);)
RESULT(cowr, r0 * 4 + x)
THREAD(corw, 1, r0 = load_relaxed(&x); store_relaxed(&x, 1);)
THREAD(corw, 2, store_relaxed(&x, 2);)
RESULT(corw, r0 * 4 + x)
THREAD(coww, 1, store_relaxed(&x, 1); store_relaxed(&x, 2);)
THREAD(coww, 2, store_relaxed(&y, 1);)
RESULT(coww, x)

/* write to read causality, and longer chains */
#define WRC(name, st, ld)                                                                          \
    THREAD(name, 1, store_relaxed(&x, 1);)                                                         \
    THREAD(name, 2, r0 = ld(&x); st(&y, 1);)                                                       \
    THREAD(name, 3, r1 = ld(&y); r2 = load_relaxed(&x);)                                           \
    RESULT(name, r0 * 4 + r1 * 2 + r2)
WRC(wrc_relaxed, store_relaxed, load_relaxed)
WRC(wrc_acq_rel, store_release, load_acquire)
#define ISA2(name, st, ld)                                                                         \
    THREAD(name, 1, store_relaxed(&x, 1); st(&y, 1);)                                              \
    THREAD(name, 2, r0 = ld(&y); st(&z, 1);)                                                       \
    THREAD(name, 3, r1 = ld(&z); r2 = load_relaxed(&x);)                                           \
    RESULT(name, r0 * 4 + r1 * 2 + r2)
ISA2(isa2_relaxed, store_relaxed, load_relaxed)
ISA2(isa2_acq_rel, store_release, load_acquire)
#define RWC(name, st, ld, fence)                                                                   \
    THREAD(name, 1, st(&x, 1);)                                                                    \
    THREAD(name, 2, r0 = ld(&x); fence; r1 = ld(&y);)                                              \
    THREAD(name, 3, st(&y, 1); fence; r2 = ld(&x);)                                                \
    RESULT(name, r0 * 4 + r1 * 2 + r2)
RWC(rwc_acq_rel, store_release, load_acquire, NOTHING)
RWC(rwc_sc, store_seq_cst, load_seq_cst, NOTHING)
RWC(rwc_fences, store_relaxed, load_relaxed, fence_seq_cst())

/* release sequences */
THREAD(sequence_rmw, 1, store_relaxed(&x, 1); store_release(&y, 1);)
THREAD(sequence_rmw, 2, add_relaxed(&y, 2U);)
THREAD(sequence_rmw, 3, r0 = load_acquire(&y); r1 = load_relaxed(&x);)
RESULT(sequence_rmw, r0 * 2 + r1)
THREAD(sequence_own, 1, store_relaxed(&x, 1); store_release(&y, 1); store_relaxed(&y, 2);)
THREAD(sequence_own, 2, r0 = load_acquire(&y); r1 = load_relaxed(&x);)
RESULT(sequence_own, r0 * 2 + r1)
THREAD(sequence_other, 1, store_relaxed(&x, 1); store_release(&y, 1);)
THREAD(sequence_other, 2, store_relaxed(&y, 2);)
THREAD(sequence_other, 3, r0 = load_acquire(&y); r1 = load_relaxed(&x);)
RESULT(sequence_other, r0 * 2 + r1)

/* read-modify-writes */
THREAD(rmw_add, 1, add_relaxed(&x, 1U);)
THREAD(rmw_add, 2, add_relaxed(&x, 1U);)
RESULT(rmw_add, x)
THREAD(rmw_cas, 1, uint32_t old = 0; r0 = cas_acq_rel(&x, &old, 1U);)
THREAD(rmw_cas, 2, uint32_t old = 0; r1 = cas_acq_rel(&x, &old, 2U);)
RESULT(rmw_cas, r0 * 8 + r1 * 4 + x)
THREAD(rmw_store, 1, r0 = add_relaxed(&x, 1U);)
THREAD(rmw_store, 2, store_relaxed(&x, 2);)
RESULT(rmw_store, r0 * 4 + x)
THREAD(cas_stale, 1, uint32_t old = 1; store_relaxed(&y, 1); r0 = cas_relaxed(&x, &old, 2U);)
THREAD(cas_stale, 2, store_relaxed(&x, 1); r1 = load_relaxed(&y);)
RESULT(cas_stale, r0 * 2 + r1)
#define TWO_SWAPS(name, swap)                                                                      \
    THREAD(name, 1, swap(&z, 0); store_relaxed(&x, 1); swap(&z, 1);)                               \
    THREAD(name, 2, r0 = swap(&z, 2); r1 = load_relaxed(&x);)                                      \
    RESULT(name, r0 * 2 + r1)
TWO_SWAPS(swap_relaxed, swap_relaxed)
TWO_SWAPS(swap_acq_rel, swap_acq_rel)

/* ---- plain data, memory, blocking ---- */

#define PLAIN(name, st, ld)                                                                        \
    THREAD(name, 1, plain = 1; st(&y, 1);)                                                         \
    THREAD(name, 2, if (ld(&y) == 1) MODEL_CHECK(plain == 1);)
PLAIN(plain_acq_rel, store_release, load_acquire)
PLAIN(plain_relaxed, store_relaxed, load_relaxed)
PLAIN(plain_fences, STORE_FENCED, load_fenced)
THREAD(plain_writes, 1, plain = 1;)
THREAD(plain_writes, 2, plain = 2;)

static uint32_t *box;
static void box_new(void)
{
    clear();
    box = model_malloc(sizeof *box);
    *box = 0;
}
THREAD(plain_read, 1, MODEL_CHECK(plain <= 1);)
THREAD(plain_read, 2, store_relaxed(&plain, 1);)
THREAD(plain_store, 1, store_relaxed(&plain, 2); store_release(&y, 1);)
THREAD(plain_store, 2, if (load_relaxed(&y) == 1) plain = 1;)
THREAD(plain_store_acquire, 2, if (load_acquire(&y) == 1) plain = 1;)
THREAD(freed, 1, model_free(box); store_release(&y, 1);)
THREAD(freed, 2, if (load_acquire(&y) == 1) store_relaxed(box, 1);)
THREAD(freed_early, 1, if (load_acquire(&y) == 1) model_free(box);)
THREAD(freed_early, 2, store_release(&y, 1); store_relaxed(box, 1);)
THREAD(not_freed, 2, store_relaxed(box, 1); store_release(&y, 1);)
THREAD(no_memory, 1, uint32_t *p = model_malloc(4); model_outcome(p == NULL);)

static void wait_once(void)
{
    model_futex_wait(&x, 0);
}
static void wait_flag(void)
{
    while (load_acquire(&x) == 0)
        model_futex_wait(&x, 0);
}
static void wait_spin(void)
{
    while (load_relaxed(&x) == 0)
        model_yield();
}
static void wake_flag(void)
{
    store_release(&x, 1);
    model_futex_wake(&x);
}
static void wake_before(void)
{
    model_futex_wake(&x);
    store_release(&x, 1);
}
static void wait_then_look(void)
{
    model_futex_wait(&x, 0);
    MODEL_CHECK(load_relaxed(&x) == 1);
}
/* Two sleep, one wake: who goes on? */
static void wait_race(void)
{
    add_relaxed(&x, 1U);
    model_futex_wait(&y, 0);
    if (swap_acq_rel(&z, model_self()) == 0) r0 = model_self();
    model_futex_wake(&y);
}
static void wake_race(void)
{
    while (load_relaxed(&x) != 2)
        model_yield();
    model_futex_wake(&y);
}
RESULT(wait_race, r0)

#define SET(...) ((const uint8_t[]){__VA_ARGS__, MODEL_END})
#define ALL4     SET(0, 1, 2, 3)
#define ALL8     SET(0, 1, 2, 3, 4, 5, 6, 7)
#define ALL16    SET(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
#define FREE                                                                                       \
    {                                                                                              \
        20, 20, 2, 1, 1                                                                            \
    }
#define T2(n, ...)                                                                                 \
    {                                                                                              \
        "litmus_" #n, clear, {n##_1, n##_2}, n##_r, FREE, NULL, __VA_ARGS__                        \
    }
#define T3(n, ...)                                                                                 \
    {                                                                                              \
        "litmus_" #n, clear, {n##_1, n##_2, n##_3}, n##_r, FREE, NULL, __VA_ARGS__                 \
    }
#define T4(n, ...)                                                                                 \
    {                                                                                              \
        "litmus_" #n, clear, {n##_1, n##_2, n##_3, n##_4}, n##_r, {20, 20, 0, 0, 0}, NULL,         \
            __VA_ARGS__                                                                            \
    }

const model_test_t tests_litmus[] = {
    T2(sb_relaxed, ALL4),
    T2(sb_acq_rel, ALL4),
    T2(sb_swap_acq_rel, ALL4),
    T2(sb_sc, SET(1, 2, 3)),
    T2(sb_sc_rmw, SET(1, 2, 3)),
    T2(sb_sc_stores, ALL4),
    T2(sb_sc_loads, ALL4),
    T2(sb_fences, SET(1, 2, 3)),
    T2(sb_weak_fences, ALL4),
    T2(sb_mixed, SET(1, 2, 3)),
    T2(mp_relaxed, ALL4),
    T2(mp_release_only, ALL4),
    T2(mp_acquire_only, ALL4),
    T2(mp_acq_rel, SET(0, 1, 3)),
    T2(mp_sc, SET(0, 1, 3)),
    T2(mp_fences, SET(0, 1, 3)),
    T2(mp_release_fence, SET(0, 1, 3)),
    T2(mp_acquire_fence, SET(0, 1, 3)),
    T2(lb_relaxed, SET(0, 1, 2)),
    T2(lb_acq_rel, SET(0, 1, 2)),
    T4(iriw_relaxed, ALL16),
    T4(iriw_acq_rel, ALL16),
    T4(iriw_sc, SET(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15)),
    T4(iriw_sc_loads, ALL16),
    T4(iriw_fences, SET(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15)),
    T2(w22_relaxed, ALL4),
    T2(w22_release, ALL4),
    T2(w22_sc, SET(1, 2, 3)),
    T2(r_relaxed, ALL4),
    T2(r_acq_rel, ALL4),
    T2(r_sc, SET(0, 1, 3)),
    T2(s_relaxed, ALL4),
    T2(s_acq_rel, SET(0, 1, 2)),
    T2(corr, SET(0, 1, 3)),
    T4(corr_two, SET(0, 1, 2)),
    T2(cowr, SET(5, 6, 10)),
    T2(corw, SET(1, 2, 9)),
    T2(coww, SET(2)),
    T3(wrc_relaxed, ALL8),
    T3(wrc_acq_rel, SET(0, 1, 2, 3, 4, 5, 7)),
    T3(isa2_relaxed, ALL8),
    T3(isa2_acq_rel, SET(0, 1, 2, 3, 4, 5, 7)),
    T3(rwc_acq_rel, ALL8),
    T3(rwc_sc, SET(0, 1, 2, 3, 5, 6, 7)),
    T3(rwc_fences, SET(0, 1, 2, 3, 5, 6, 7)),
    T3(sequence_rmw, SET(0, 1, 3, 4, 5, 7)),
    T2(sequence_own, SET(0, 1, 3, 4, 5)),
    T3(sequence_other, SET(0, 1, 3, 4, 5)),
    T2(rmw_add, SET(2)),
    T2(rmw_cas, SET(6, 9)),
    T2(rmw_store, SET(2, 11)),
    T2(cas_stale, ALL4),
    T2(swap_relaxed, SET(0, 1, 2, 3)),
    T2(swap_acq_rel, SET(0, 1, 3)),
    {"litmus_wake_victim",
     clear,
     {wait_race, wait_race, wake_race},
     wait_race_r,
     {0, 0, 0, 0, 0},
     NULL,
     SET(1, 2)},
    {"litmus_no_memory", clear, {no_memory_1}, NULL, FREE, NULL, SET(0, 1)},
    {"litmus_plain_acq_rel", clear, {plain_acq_rel_1, plain_acq_rel_2}, NULL, FREE, NULL, NULL},
    {"litmus_plain_fences", clear, {plain_fences_1, plain_fences_2}, NULL, FREE, NULL, NULL},
    {"litmus_plain_relaxed",
     clear,
     {plain_relaxed_1, plain_relaxed_2},
     NULL,
     FREE,
     "data race",
     NULL},
    {"litmus_plain_read", clear, {plain_read_1, plain_read_2}, NULL, FREE, "data race", NULL},
    {"litmus_plain_store", clear, {plain_store_1, plain_store_2}, NULL, FREE, "data race", NULL},
    {"litmus_plain_store_acquire",
     clear,
     {plain_store_1, plain_store_acquire_2},
     NULL,
     FREE,
     NULL,
     NULL},
    {"litmus_plain_writes", clear, {plain_writes_1, plain_writes_2}, NULL, FREE, "data race", NULL},
    {"litmus_freed", box_new, {freed_1, freed_2}, NULL, FREE, "use after free", NULL},
    {"litmus_freed_early", box_new, {freed_early_1, freed_early_2}, NULL, FREE, "data race", NULL},
    {"litmus_not_freed", box_new, {freed_early_1, not_freed_2}, NULL, FREE, NULL, NULL},
    {"litmus_wait_wake", clear, {wait_flag, wake_flag}, NULL, FREE, NULL, NULL},
    {"litmus_wait_spin", clear, {wait_spin, wake_flag}, NULL, FREE, NULL, NULL},
    {"litmus_wake_too_early", clear, {wait_flag, wake_before}, NULL, FREE, "deadlock", NULL},
    {"litmus_no_wake", clear, {wait_once, wait_once}, NULL, {9, 9, 0, 0, 0}, "deadlock", NULL},
    {"litmus_spin_for_ever", clear, {wait_spin, wait_spin}, NULL, FREE, "deadlock", NULL},
    {"litmus_spurious",
     clear,
     {wait_then_look, wake_flag},
     NULL,
     {0, 0, 0, 1, 0},
     "does not hold",
     NULL},
    {0},
};
