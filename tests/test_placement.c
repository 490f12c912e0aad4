/* test_placement.c - how many workers, where, and whom they rob: asserted on machines that are not
 * here. Expected orders are worked out by hand from the rules in places.h and placement.c. */
#define _GNU_SOURCE
#include "machines.h"

#include <stdlib.h>

#include "placement.h"
#include "platform.h"

enum {
    NONE = PAR_BIND_NONE,
    CORES = PAR_BIND_CORES,
    CLOSE = PAR_BIND_CLOSE,
    SPREAD = PAR_BIND_SPREAD
};
enum { BY_CORE = PAR_PLACES_CORES, BY_THREAD = PAR_PLACES_THREADS };

/* A machine, what is asked, and the plan: PUs by worker ("." unbound), the PU left to the caller,
 * and the victims of some workers as "0: 1 2 3". */
typedef struct case_t {
    const char *machine;
    unsigned threads, bind, places;
    int caller;
    const char *pus;
    int caller_place;
    const char *victims[4];
} case_t;

static const case_t cases[] = {
    /* one PU */
    {"pu:1", 0, 0, 0, 0, ".", 0, {"0:"}},
    {"pu:1", 3, CLOSE, 0, 0, ". . .", 0, {"0: 1 2", "1: 2 0", "2: 0 1"}},
    /* SMT: a core is one place, its first PU */
    {"core:4 pu:2", 0, 0, 0, 0, ". 2 4 6", 0, {"0: 1 2 3", "2: 3 0 1"}},
    /* the caller sits on a second sibling: its core is taken all the same */
    {"core:4 pu:2", 0, 0, 0, 5, ". 0 2 6", 4, {"0: 1 2 3"}},
    /* by thread: each core once before any twice; siblings rob each other first */
    {"core:4 pu:2", 0, CORES, BY_THREAD, 0, ". 2 4 6 1 3 5 7", 0, {"0: 4 1 2 3 5 6 7"}},
    /* close fills the caller's core, then the next */
    {"core:4 pu:2", 4, CLOSE, BY_THREAD, 4, ". 5 0 1", 4, {"0: 1 2 3", "2: 3 0 1", "3: 2 1 0"}},
    /* the caller may be on the only place that is left over */
    {"core:4 pu:1", 4, CORES, 0, 3, ". 0 1 2", 3, {"0: 1 2 3"}},
    /* a caller that is not on a usable place takes none away */
    {"core:4 pu:1", 0, CORES, 0, 99, ". 1 2 3", 0, {"0: 1 2 3"}},

    /* two sockets with two NUMA nodes each */
    {"pack:2 numa:2 core:2 pu:1",
     0,
     CORES,
     0,
     0,
     ". 1 2 3 4 5 6 7",
     0,
     {"0: 1 2 3 4 5 6 7", "1: 0 3 2 5 6 7 4", "4: 5 6 7 0 1 2 3", "7: 6 5 4 3 0 1 2"}},
    {"pack:2 numa:2 core:2 pu:1",
     0,
     SPREAD,
     0,
     0,
     ". 4 2 6 1 5 3 7",
     0,
     {"0: 4 2 6 1 3 5 7", "1: 5 3 7 2 4 6 0"}},
    {"pack:2 numa:2 core:2 pu:1", 3, SPREAD, 0, 5, ". 0 2", 5, {"0: 1 2", "1: 2 0"}},
    {"pack:2 numa:2 core:2 pu:1", 4, CLOSE, 0, 5, ". 4 6 7", 5, {"0: 1 2 3", "2: 3 0 1"}},
    {"pack:2 numa:2 core:2 pu:1", 6, CLOSE, 0, 5, ". 4 6 7 0 1", 5, {"4: 5 0 1 2 3"}},

    /* many L3 groups in one package */
    {"pack:1 l3:4 core:2 pu:1",
     0,
     CORES,
     0,
     0,
     ". 1 2 3 4 5 6 7",
     0,
     {"0: 1 2 3 4 5 6 7", "1: 0 3 4 5 6 7 2", "6: 7 0 1 2 3 4 5", "7: 6 1 2 3 4 5 0"}},
    {"pack:1 l3:4 core:2 pu:1", 4, SPREAD, 0, 2, ". 0 4 6", 2, {"0: 1 2 3"}},
    {"pack:1 l3:4 core:2 pu:1", 3, CLOSE, 0, 5, ". 4 0", 5, {"0: 1 2", "2: 0 1"}},

    /* performance and efficiency cores, the slow ones first in machine order */
    {"hybrid-8e4p.xml",
     0,
     CORES,
     0,
     -1,
     ". 10 12 14 0 1 2 3 4 5 6 7",
     8,
     {"0: 1 2 3 4 5 6 7 8 9 10 11", "4: 5 6 7 8 9 10 11 0 1 2 3"}},
    {"hybrid-8e4p.xml",
     0,
     CORES,
     BY_THREAD,
     8,
     ". 10 12 14 0 1 2 3 4 5 6 7 9 11 13 15",
     8,
     {"0: 12 1 2 3 4 5 6 7 8 9 10 11 13 14 15"}},
    {"hybrid-8e4p.xml", 4, CORES, 0, 2, ". 8 10 12", 2, {"0: 1 2 3"}},
    {"hybrid-8e4p.xml", 4, CLOSE, 0, 2, ". 0 1 3", 2, {"0: 1 2 3"}},
    {"hybrid-8e4p.xml", 7, SPREAD, 0, 8, ". 10 12 14 0 4 1", 8, {"4: 6 5 0 1 2 3"}},
    {"fakecpukinds.xml", 0, CORES, BY_THREAD, -1, ". 1 3 2", 0, {"0: 3 1 2"}},

    /* switched-off hyper-threads: cores at different depths, where hwloc's count is -1 */
    {"16em64t-4s2c2t-offlines.xml",
     0,
     CORES,
     0,
     0,
     ". 4 1 6 3 15",
     0,
     {"0: 1 2 3 4 5", "2: 3 4 5 0 1", "4: 5 0 1 2 3", "5: 4 1 2 3 0"}},
    {"16em64t-4s2c2t-offlines.xml",
     0,
     CORES,
     BY_THREAD,
     0,
     ". 4 1 6 3 15 12",
     0,
     {"1: 6 0 3 4 5 2", "6: 1 0 4 5 2 3"}},
    {"16em64t-4s2c2t-offlines.xml", 4, SPREAD, 0, 15, ". 0 1 6", 15, {"0: 1 2 3"}},

    /* an allowed set that is smaller than the machine, and PUs missing from it */
    {"restricted-2p4c2t.xml",
     0,
     CORES,
     0,
     14,
     ". 1 2 13 7",
     6,
     {"0: 3 4 1 2", "1: 2 3 4 0", "3: 4 0 2 1"}},
    {"restricted-2p4c2t.xml",
     0,
     CLOSE,
     BY_THREAD,
     14,
     ". 6 13 7 15 1 2",
     14,
     {"0: 1 2 3 4 5 6", "3: 4 0 1 2 6 5"}},
    {"restricted-2p4c2t.xml", 2, SPREAD, 0, 1, ". 13", 1, {"0: 1"}},
    {"16amd64-8n2c-cpusets.xml", 6, SPREAD, 0, 0, ". 2 5 6 12 14", 0, {"0: 1 2 3 4 5"}},

    /* a NUMA node without memory, nodes without CPUs, a node that contains packages */
    {"memoryless-smt-hole.xml", 0, CORES, 0, 2, ". 0 1 3", 2, {"0: 3 1 2", "1: 2 3 0"}},
    {"memoryless-smt-hole.xml",
     0,
     CLOSE,
     BY_THREAD,
     3,
     ". 2 6 0 4 1 5",
     3,
     {"0: 1 2 3 4 5 6", "1: 2 0 4 5 6 3", "3: 4 5 6 0 1 2"}},
    {"8ia64-2n2s2c+1n.v1tov2.xml",
     0,
     CORES,
     0,
     0,
     ". 1 2 3 16 17 18 19",
     0,
     {"0: 1 2 3 4 5 6 7", "3: 2 1 0 7 4 5 6"}},
    {"8ia64-2n2s2c+1n.v1tov2.xml", 4, SPREAD, 0, 0, ". 16 2 18", 0, {"0: 2 1 3", "1: 3 2 0"}},

    /* groups of groups of NUMA nodes */
    {"16-2gr2gr2n2c+misc.xml",
     0,
     CORES,
     0,
     0,
     ". 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15",
     0,
     {"0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", "3: 2 1 0 7 4 5 6 11 12 13 14 15 8 9 10"}},
    {"16-2gr2gr2n2c+misc.xml", 4, SPREAD, 0, 0, ". 8 4 12", 0, {"0: 2 1 3", "1: 3 2 0"}},

    /* an L2 shared by two cores with two threads each, numbered at random */
    {"8intel64-fakeKNL-A2A-hybrid.rootattachednumas.xml",
     0,
     CLOSE,
     BY_THREAD,
     110,
     ". 50 0 109 1 13 2 14",
     110,
     {"0: 1 2 3 4 5 6 7", "2: 3 0 1 6 7 4 5"}},
    {"power8gpudistances.xml",
     0,
     CORES,
     0,
     24,
     ". 0 8 16 80 88 96 104",
     24,
     {"0: 1 2 3 4 5 6 7", "4: 5 6 7 0 1 2 3"}},

    /* nobody is bound: not asked to, too many, or a part of the places without being asked */
    {"core:4 pu:1", 0, NONE, 0, 1, ". . . .", 1, {"0: 1 2 3", "3: 0 1 2"}},
    {"core:4 pu:1", 5, CORES, 0, 1, ". . . . .", 1, {"4: 0 1 2 3"}},
    {"core:4 pu:1", 2, 0, 0, 1, ". .", 1, {"0: 1"}},
};

static void pus_write(char *out, size_t bytes, const par__plan_t *plan)
{
    size_t used = 0;
    for (unsigned i = 0; i < plan->n_workers; i++) {
        const char *space = i ? " " : "";
        if (plan->pu[i] < 0)
            used += (size_t)snprintf(out + used, bytes - used, "%s.", space);
        else
            used += (size_t)snprintf(out + used, bytes - used, "%s%d", space, plan->pu[i]);
    }
}

static void victims_write(char *out, size_t bytes, const par__plan_t *plan, unsigned worker)
{
    size_t used = (size_t)snprintf(out, bytes, "%u:", worker);
    for (unsigned k = 0; k + 1 < plan->n_workers; k++)
        used += (size_t)snprintf(out + used, bytes - used, " %u",
                                 plan->victims[worker * (plan->n_workers - 1) + k]);
}

/* Each row of victims names each other worker once. */
static void victims_check(const par__plan_t *plan)
{
    unsigned n = plan->n_workers;
    for (unsigned w = 0; w < n; w++) {
        unsigned char *seen = calloc(n, 1);
        assert_non_null(seen);
        for (unsigned k = 0; k + 1 < n; k++) {
            unsigned v = plan->victims[(size_t)w * (n - 1) + k];
            assert_true(v < n && v != w && !seen[v]);
            seen[v] = 1;
        }
        free(seen);
    }
}

static void plan_of(par__plan_t *plan, const case_t *c)
{
    par__machine_t machine;
    par__request_t request = par__request_none;
    machine_load(&machine, c->machine);
    request.threads = c->threads;
    request.bind = (par_bind_t)c->bind;
    request.places = (par_places_t)c->places;
    request.caller_pu = c->caller;
    assert_int_equal(par__plan_on(plan, &machine, &request), PAR_OK);
    par__topology_free(&machine);
}

static void plans_on_described_machines(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const case_t *c = &cases[i];
        par__plan_t plan;
        char text[1024];
        plan_of(&plan, c);
        victims_check(&plan);
        pus_write(text, sizeof text, &plan);
        if (strcmp(text, c->pus) != 0 || plan.caller_place != c->caller_place) {
            print_error("case %zu, %s: PUs \"%s\", caller %d; expected \"%s\", %d\n", i, c->machine,
                        text, plan.caller_place, c->pus, c->caller_place);
            failed++;
        }
        for (size_t k = 0; k < 4 && c->victims[k] != NULL; k++) {
            victims_write(text, sizeof text, &plan, (unsigned)atoi(c->victims[k]));
            if (strcmp(text, c->victims[k]) == 0) continue;
            print_error("case %zu, %s: victims \"%s\"; expected \"%s\"\n", i, c->machine, text,
                        c->victims[k]);
            failed++;
        }
        par__plan_free(&plan);
    }
    assert_int_equal(failed, 0);
}

/* No two workers on one place, and nobody on the caller's, whatever is asked. */
static void nobody_shares_a_place(void **state)
{
    (void)state;
    static const char *const machines[] = {"pack:2 numa:2 l3:2 core:4 pu:2", "hybrid-8e4p.xml",
                                           "restricted-2p4c2t.xml", "memoryless-smt-hole.xml",
                                           "16em64t-4s2c2t-offlines.xml"};
    for (size_t i = 0; i < sizeof machines / sizeof machines[0]; i++)
        for (unsigned bind = NONE; bind <= SPREAD; bind++)
            for (unsigned places = BY_CORE; places <= BY_THREAD; places++)
                for (int caller = -1; caller < 16; caller++) {
                    case_t c = {machines[i], 0, bind, places, caller, "", 0, {NULL}};
                    par__plan_t plan;
                    unsigned char taken[128] = {0};
                    plan_of(&plan, &c);
                    if (plan.caller_place >= 0) taken[plan.caller_place] = 1;
                    assert_int_equal(plan.pu[0], -1);
                    for (unsigned w = 1; w < plan.n_workers; w++) {
                        assert_true(bind == NONE ? plan.pu[w] < 0 : !taken[plan.pu[w]]);
                        if (plan.pu[w] >= 0) taken[plan.pu[w]] = 1;
                    }
                    victims_check(&plan);
                    par__plan_free(&plan);
                }
}

/* The first far victims of the workers of one socket are all different. */
static void sockets_do_not_fall_on_one_victim(void **state)
{
    (void)state;
    case_t c = {"pack:2 core:8 pu:1", 0, CORES, 0, 0, "", 0, {NULL}};
    for (c.bind = CORES; c.bind <= SPREAD; c.bind++) {
        par__plan_t plan;
        unsigned hit[16] = {0};
        plan_of(&plan, &c);
        for (unsigned w = 0; w < 16; w++)
            hit[plan.victims[w * 15 + 7]]++; /* 7 near ones come first */
        for (unsigned w = 0; w < 16; w++)
            assert_int_equal(hit[w], 1);
        par__plan_free(&plan);
    }
}

/* ---- how many, and the reasons ---- */

typedef struct count_t {
    unsigned threads, env;
    uint64_t milli;
    unsigned expected;
    const char *reasons[3];
} count_t;

static const count_t counts[] = {
    {0, 0, 0, 8, {"8 of 8 cores"}},
    {0, 3, 0, 3, {"8 of 8 cores", "PAR_NUM_THREADS=3 cuts"}},
    {0, 64, 0, 8, {"PAR_NUM_THREADS=64 does not"}},
    {0, 0, 2500, 3, {"quota of 2.50 (/sys/x/cpu.max) cuts that to 3"}},
    {0, 0, 2499, 2, {"cuts that to 2"}},
    {0, 0, 10, 1, {"quota of 0.01", "cuts that to 1"}},
    {0, 0, 64000, 8, {"quota of 64.00", "would allow 64"}},
    {0, 2, 4000, 2, {"quota of 4.00", "cuts that to 4", "PAR_NUM_THREADS=2 cuts"}},
    {0, 6, 4000, 4, {"quota of 4.00", "PAR_NUM_THREADS=6 does not"}},
    {5, 2, 1000, 5, {"5 asked for explicitly"}},
    {20, 0, 0, 20, {"20 asked for explicitly", "more workers than places"}},
    {1, 0, 0, 1, {"the caller is the only worker"}},
    {UINT32_MAX, 0, 0, PAR__MAX_THREADS, {"4294967295 asked for", "1024 is the most"}},
};

/* As many workers as a pool can have, on a machine that has room for more. */
static void more_places_than_workers(void **state)
{
    (void)state;
    case_t c = {"pack:2 core:600 pu:1", 0, CORES, 0, 0, "", 0, {NULL}};
    par__plan_t plan;
    plan_of(&plan, &c);
    assert_int_equal(plan.n_workers, PAR__MAX_THREADS);
    assert_non_null(strstr(plan.why, "1024 is the most"));
    par__plan_free(&plan);
}

static void counts_and_their_reasons(void **state)
{
    (void)state;
    par__machine_t machine;
    machine_load(&machine, "core:8 pu:2");
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        const count_t *c = &counts[i];
        par__request_t request = par__request_none;
        request.threads = c->threads;
        request.env.num_threads = c->env;
        request.quota.milli = c->milli;
        snprintf(request.quota.where, sizeof request.quota.where, "/sys/x/cpu.max");
        par__plan_t plan;
        assert_int_equal(par__plan_on(&plan, &machine, &request), PAR_OK);
        assert_int_equal(plan.n_workers, c->expected);
        for (size_t k = 0; k < 3 && c->reasons[k] != NULL; k++) {
            if (strstr(plan.why, c->reasons[k]) == NULL)
                print_error("case %zu: no \"%s\" in \"%s\"\n", i, c->reasons[k], plan.why);
            assert_non_null(strstr(plan.why, c->reasons[k]));
        }
        par__plan_free(&plan);
    }
    par__topology_free(&machine);
}

static void options_go_before_environment(void **state)
{
    (void)state;
    par__machine_t machine;
    par__request_t request = par__request_none;
    par__plan_t plan;
    machine_load(&machine, "core:2 pu:2");
    request.env.places = PAR_PLACES_THREADS;
    request.env.bind = PAR_BIND_CLOSE;
    assert_int_equal(par__plan_on(&plan, &machine, &request), PAR_OK);
    assert_int_equal(plan.n_workers, 4);
    assert_int_equal(plan.bind, PAR_BIND_CLOSE);
    assert_non_null(strstr(plan.why, "PAR_PLACES=threads"));
    par__plan_free(&plan);

    request.places = PAR_PLACES_CORES;
    request.bind = PAR_BIND_SPREAD;
    assert_int_equal(par__plan_on(&plan, &machine, &request), PAR_OK);
    assert_int_equal(plan.n_workers, 2);
    assert_int_equal(plan.bind, PAR_BIND_SPREAD);
    par__plan_free(&plan);
    par__topology_free(&machine);
}

static void unreadable_quota_is_told(void **state)
{
    (void)state;
    par__machine_t machine;
    par__request_t request = par__request_none;
    par__plan_t plan;
    machine_load(&machine, "core:2 pu:1");
    snprintf(request.quota.unreadable, sizeof request.quota.unreadable, "/sys/y/cpu.max");
    assert_int_equal(par__plan_on(&plan, &machine, &request), PAR_OK);
    assert_int_equal(plan.n_workers, 2);
    assert_non_null(strstr(plan.why, "/sys/y/cpu.max"));
    par__plan_free(&plan);
    par__topology_free(&machine);
}

static void without_hwloc_nobody_is_bound(void **state)
{
    (void)state;
    int list[] = {1, 4, 9};
    par__cpus_t cpus = {list, 3, false}, none = {NULL, 0, false};
    par__machine_t machine;
    par__plan_t plan;
    par__request_t request = par__request_none;
    request.bind = PAR_BIND_CLOSE;
    assert_int_equal(par__topology_make_flat(&machine, &cpus, "hwloc is away"), PAR_OK);
    assert_int_equal(par__plan_on(&plan, &machine, &request), PAR_OK);
    assert_int_equal(plan.n_workers, 3);
    for (unsigned w = 0; w < 3; w++)
        assert_int_equal(plan.pu[w], -1);
    assert_non_null(strstr(plan.why, "hwloc is away; the affinity mask has 3 CPUs"));
    par__plan_free(&plan);
    par__topology_free(&machine);

    assert_int_equal(par__topology_make_flat(&machine, &none, "nothing"), PAR_OK);
    assert_int_equal(par__plan_on(&plan, &machine, &request), PAR_OK);
    assert_int_equal(plan.n_workers, 1);
    par__plan_free(&plan);
    par__topology_free(&machine);
}

static void plan_of_this_process(void **state)
{
    (void)state;
    par__plan_t plan;
    assert_int_equal(par__plan_make(&plan, 0, PAR_BIND_CORES, PAR_PLACES_THREADS, -1), PAR_OK);
    par__cpus_t cpus;
    assert_int_equal(par__limit_cpus(&cpus), PAR_OK);
    for (unsigned w = 1; w < plan.n_workers; w++) {
        bool was_found = plan.pu[w] < 0;
        for (unsigned i = 0; i < cpus.n; i++)
            was_found |= cpus.os[i] == plan.pu[w];
        assert_true(was_found);
    }
    victims_check(&plan);
    par__limit_free(&cpus);
    par__plan_free(&plan);
    assert_null(plan.pu);
    par__plan_free(&plan); /* an empty plan may be freed */
}

int main(void)
{
    environment_clear();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_on_described_machines),
        cmocka_unit_test(nobody_shares_a_place),
        cmocka_unit_test(sockets_do_not_fall_on_one_victim),
        cmocka_unit_test(counts_and_their_reasons),
        cmocka_unit_test(more_places_than_workers),
        cmocka_unit_test(options_go_before_environment),
        cmocka_unit_test(unreadable_quota_is_told),
        cmocka_unit_test(without_hwloc_nobody_is_bound),
        cmocka_unit_test(plan_of_this_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
