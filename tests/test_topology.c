/* test_topology.c - the table of PUs, from descriptions and from this machine. */
#define _GNU_SOURCE
#include "machines.h"

#include <par/topology.h>

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "placement.h"

typedef struct shape_t {
    const char *what;
    unsigned packages, nodes, l3, l2, cores, pus, usable_cores, usable, offline, kinds;
    const char *order; /* usable PUs in machine order; NULL: not checked */
} shape_t;

static const shape_t shapes[] = {
    /* what                                     pk nd l3  l2 co  pu uc  us of ki */
    {"pu:1", 0, 1, 0, 0, 1, 1, 1, 1, 0, 1, "0"},
    {"core:2 pu:2", 0, 1, 0, 0, 2, 4, 2, 4, 0, 1, "0 1 2 3"},
    {"pack:2 numa:2 l3:2 core:8 pu:2", 2, 4, 8, 0, 64, 128, 64, 128, 0, 1, NULL},
    {"pack:1 l3:16 l2:4 core:1 pu:2", 1, 1, 16, 64, 64, 128, 64, 128, 0, 1, NULL},
    {"16em64t-4s2c2t-offlines.xml", 4, 1, 4, 6, 6, 7, 6, 7, 9, 1, "0 4 12 1 6 3 15"},
    {"16amd64-8n2c-cpusets.xml", 6, 5, 0, 10, 10, 10, 10, 10, 6, 1, "0 1 2 3 5 6 12 13 14 15"},
    {"8ia64-2n2s2c+1n.v1tov2.xml", 4, 3, 0, 0, 8, 8, 8, 8, 8, 1, "0 1 2 3 16 17 18 19"},
    {"16-2gr2gr2n2c+misc.xml", 0, 8, 0, 0, 16, 16, 16, 16, 0, 1, NULL},
    {"power8gpudistances.xml", 2, 2, 8, 0, 8, 16, 8, 16, 0, 1,
     "0 1 8 9 16 17 24 25 80 81 88 89 96 97 104 105"},
    {"8intel64-fakeKNL-A2A-hybrid.rootattachednumas.xml", 0, 2, 0, 2, 4, 8, 4, 8, 0, 1,
     "0 109 50 110 1 13 2 14"},
    {"fakecpukinds.xml", 1, 1, 0, 0, 2, 4, 2, 4, 0, 3, "0 2 1 3"},
    {"hybrid-8e4p.xml", 1, 1, 1, 6, 12, 16, 12, 16, 0, 2, NULL},
    {"memoryless-smt-hole.xml", 2, 1, 2, 4, 4, 7, 4, 7, 1, 1, "0 4 1 5 2 6 3"},
    {"restricted-2p4c2t.xml", 2, 2, 2, 8, 8, 16, 5, 7, 0, 1, "1 2 13 6 14 7 15"},
};

static void counts_of_described_machines(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        const shape_t *s = &shapes[i];
        par__machine_t m;
        machine_load(&m, s->what);
        assert_int_equal(par__topology_count(&m, PAR__LEVEL_PACKAGE, false), s->packages);
        assert_int_equal(m.n_memory_nodes, s->nodes);
        assert_int_equal(par__topology_count(&m, PAR__LEVEL_L3, false), s->l3);
        assert_int_equal(par__topology_count(&m, PAR__LEVEL_L2, false), s->l2);
        assert_int_equal(par__topology_count(&m, PAR__LEVEL_CORE, false), s->cores);
        assert_int_equal(par__topology_count(&m, PAR__LEVEL_CORE, true), s->usable_cores);
        assert_int_equal(m.n_pus, s->pus);
        assert_int_equal(m.n_usable, s->usable);
        assert_int_equal(m.n_offline, s->offline);
        assert_int_equal(m.n_kinds, s->kinds);
        assert_false(m.is_this_system);
        assert_null(m.flat_reason);
        char order[512];
        usable_write(order, sizeof order, &m);
        if (s->order != NULL) assert_string_equal(order, s->order);
        par__topology_free(&m);
        assert_null(m.pus);
    }
}

static const par__pu_t *pu_of(const par__machine_t *m, int os)
{
    int row = par__topology_find(m, os);
    assert_true(row >= 0);
    return &m->pus[row];
}

static void nearness_on_a_server(void **state)
{
    (void)state;
    static const struct {
        int a, b;
        const char *shared;
    } pairs[] = {{0, 1, "core"},     {0, 2, "L2"},          {0, 4, "L3"},       {0, 8, "NUMA node"},
                 {0, 16, "package"}, {0, 32, "machine"},    {63, 62, "core"},   {63, 60, "L2"},
                 {63, 56, "L3"},     {63, 48, "NUMA node"}, {63, 33, "package"}};
    par__machine_t m;
    machine_load(&m, "pack:2 numa:2 l3:2 l2:2 core:2 pu:2 ");
    unsigned last = 0;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const par__pu_t *a = pu_of(&m, pairs[i].a), *b = pu_of(&m, pairs[i].b);
        assert_string_equal(par__pu_relation(a, b), pairs[i].shared);
        assert_string_equal(par__pu_relation(b, a), pairs[i].shared);
        assert_int_equal(par__pu_distance(a, b), par__pu_distance(b, a));
        if (i == 6) last = 0; /* a new PU, near again */
        assert_true(par__pu_distance(a, b) > last || i == 0 || i == 6);
        last = par__pu_distance(a, b);
    }
    par__topology_free(&m);
}

/* A NUMA node that contains packages: the package is the nearer one. */
static void package_inside_of_a_node(void **state)
{
    (void)state;
    par__machine_t m;
    machine_load(&m, "8ia64-2n2s2c+1n.v1tov2.xml");
    const par__pu_t *self = pu_of(&m, 0);
    assert_true(par__pu_distance(self, pu_of(&m, 1)) < par__pu_distance(self, pu_of(&m, 2)));
    assert_true(par__pu_distance(self, pu_of(&m, 2)) < par__pu_distance(self, pu_of(&m, 16)));
    par__topology_free(&m);
}

static void kinds_are_slow_to_fast(void **state)
{
    (void)state;
    par__machine_t m;
    machine_load(&m, "hybrid-8e4p.xml");
    assert_string_equal(m.kinds[0], "IntelAtom");
    assert_string_equal(m.kinds[1], "IntelCore");
    for (unsigned i = 0; i < m.n_pus; i++)
        assert_int_equal(m.pus[i].kind, m.pus[i].os >= 8);
    par__topology_free(&m);
}

static void restrict_leaves_exactly_the_list(void **state)
{
    (void)state;
    int list[] = {3, 5, 6, 40};
    par__cpus_t cpus = {list, 4, false};
    par__machine_t m;
    char order[64];
    machine_load(&m, "pack:2 core:2 pu:2");
    assert_int_equal(par__topology_restrict(&m, &cpus), PAR_OK);
    usable_write(order, sizeof order, &m);
    assert_string_equal(order, "3 5 6 40");
    assert_int_equal(m.n_usable, 4);
    assert_int_equal(m.n_pus, 9); /* 40 was not in the table: appended, a core of its own */
    assert_int_equal(par__topology_count(&m, PAR__LEVEL_CORE, true), 4);
    assert_string_equal(par__pu_relation(pu_of(&m, 40), pu_of(&m, 3)), "machine");
    assert_int_equal(pu_of(&m, 3)->sibling, 0); /* PU 2, its sibling, is not usable */
    par__topology_free(&m);
}

static void restrict_to_nothing(void **state)
{
    (void)state;
    par__cpus_t none = {NULL, 0, false};
    par__machine_t m;
    machine_load(&m, "core:2 pu:1");
    assert_int_equal(par__topology_restrict(&m, &none), PAR_OK);
    assert_int_equal(m.n_usable, 0);
    assert_int_equal(par__topology_count(&m, PAR__LEVEL_CORE, true), 0);
    par__topology_free(&m);
}

static void flat_table_without_hwloc(void **state)
{
    (void)state;
    int list[] = {2, 7};
    par__cpus_t cpus = {list, 2, false};
    par__machine_t m;
    assert_int_equal(par__topology_make_flat(&m, &cpus, "because"), PAR_OK);
    assert_string_equal(m.flat_reason, "because");
    assert_true(m.is_this_system);
    assert_int_equal(m.n_usable, 2);
    assert_string_equal(par__pu_relation(&m.pus[0], &m.pus[1]), "machine");
    assert_int_equal(par__topology_find(&m, 7), 1);
    assert_int_equal(par__topology_find(&m, 1), -1);
    par__topology_free(&m);
}

static void descriptions_that_cannot_be_read(void **state)
{
    (void)state;
    static const char *const bad[] = {"nonsense", "pack:0", "pack:-1 core:2", "core:x",
                                      "no-such.xml"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        par__machine_t m;
        assert_int_equal(machine_try(&m, bad[i]), PAR_ETOPOLOGY);
        assert_null(m.pus);
        assert_int_equal(m.n_pus, 0);
    }
}

static par_topology_info_t info_get(void)
{
    par_topology_info_t info = PAR_TOPOLOGY_INFO_INIT;
    assert_int_equal(par_topology_query(&info), PAR_OK);
    return info;
}

static void query_tells_of_this_machine(void **state)
{
    (void)state;
    par_topology_info_t info = info_get();
    assert_true(info.is_this_machine);
    assert_true(info.usable_pus >= 1 && info.usable_pus <= info.pus);
    assert_true(info.usable_cores >= 1 && info.usable_cores <= info.cores);
    assert_true(info.workers >= 1 && info.workers <= info.usable_pus);
    assert_true(info.core_kinds >= 1);
    assert_true(info.places == PAR_PLACES_CORES);
    assert_true(strlen(info.why) > 20);
}

static void query_fills_only_what_the_caller_has(void **state)
{
    (void)state;
    struct {
        par_topology_info_t info;
        unsigned char after[32];
    } box;
    memset(&box, 0x5a, sizeof box);
    box.info.struct_size = offsetof(par_topology_info_t, l3_caches);
    assert_int_equal(par_topology_query(&box.info), PAR_OK);
    assert_int_equal(box.info.struct_size, offsetof(par_topology_info_t, l3_caches));
    assert_int_not_equal(box.info.numa_nodes, 0x5a5a5a5a);
    assert_int_equal(box.info.l3_caches, 0x5a5a5a5a);

    box.info.struct_size = sizeof box; /* a newer program: what is unknown here stays alone */
    assert_int_equal(par_topology_query(&box.info), PAR_OK);
    assert_int_equal(box.info.struct_size, sizeof box);
    assert_int_equal(box.after[0], 0x5a);
}

static void query_refuses_bad_arguments(void **state)
{
    (void)state;
    par_topology_info_t info = {0};
    assert_int_equal(par_topology_query(NULL), PAR_EINVAL);
    assert_int_equal(par_topology_query(&info), PAR_EINVAL);
}

static void query_follows_the_description(void **state)
{
    (void)state;
    setenv("HWLOC_SYNTHETIC", "pack:2 l3:4 core:8 pu:2", 1);
    par_topology_info_t info = info_get();
    unsetenv("HWLOC_SYNTHETIC");
    assert_false(info.is_this_machine);
    assert_int_equal(info.packages, 2);
    assert_int_equal(info.l3_caches, 8);
    assert_int_equal(info.cores, 64);
    assert_int_equal(info.usable_pus, 128);
    assert_int_equal(info.workers, 64);
    assert_int_equal(info.quota_milli, 0);
}

/* A pool must not follow a description: its threads run here. */
static void plans_for_pools_do_not_follow_it(void **state)
{
    (void)state;
    par__plan_t here, described;
    assert_int_equal(par__plan_make(&here, 0, 0, PAR_PLACES_THREADS, -1), PAR_OK);
    setenv("HWLOC_SYNTHETIC", "pack:2 core:64 pu:1", 1);
    assert_int_equal(par__plan_make(&described, 0, 0, PAR_PLACES_THREADS, -1), PAR_OK);
    unsetenv("HWLOC_SYNTHETIC");
    assert_int_equal(described.n_workers, here.n_workers);
    for (unsigned i = 0; i < described.n_workers; i++)
        assert_int_equal(described.pu[i], -1);
    assert_non_null(strstr(described.why, "another machine"));
    par__plan_free(&here);
    par__plan_free(&described);
}

/* No backend at all: hwloc has nothing to tell, the mask has. */
static void hwloc_that_fails_is_told(void **state)
{
    (void)state;
    par_topology_info_t before = info_get();
    par__plan_t plan;
    setenv("HWLOC_COMPONENTS", "stop", 1);
    par_topology_info_t info = info_get();
    assert_int_equal(par__plan_make(&plan, 0, PAR_BIND_CORES, 0, -1), PAR_OK);
    unsetenv("HWLOC_COMPONENTS");
    assert_int_equal(info.usable_pus, before.usable_pus);
    assert_int_equal(info.bind, PAR_BIND_NONE);
    assert_int_equal(info.packages, 0);
    assert_non_null(strstr(info.why, "hwloc could not read the machine"));
    assert_string_equal(plan.why, info.why);
    for (unsigned i = 0; i < plan.n_workers; i++)
        assert_int_equal(plan.pu[i], -1);
    par__plan_free(&plan);
}

static void *plans_make(void *failed)
{
    for (int i = 0; i < 8; i++) {
        par__plan_t plan;
        par_topology_info_t info = PAR_TOPOLOGY_INFO_INIT;
        if (par__plan_make(&plan, 0, 0, 0, -1) != PAR_OK || par_topology_query(&info) != PAR_OK ||
            plan.n_workers != info.workers)
            *(int *)failed = 1;
        par__plan_free(&plan);
    }
    return NULL;
}

static void plans_from_many_threads_at_once(void **state)
{
    (void)state;
    pthread_t threads[4];
    int failed[4] = {0};
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, plans_make, &failed[i]), 0);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(failed[i], 0);
    }
}

static void print_names_every_part(void **state)
{
    (void)state;
    static const char *const parts[] = {"machine ",     "2 packages",     "usable ",
                                        "environment ", "workers      4", "why ",
                                        "robs first",   "(package)"};
    char text[8192];
    FILE *file = tmpfile();
    assert_non_null(file);
    setenv("HWLOC_SYNTHETIC", "pack:2 core:2 pu:1", 1);
    par_topology_print(file);
    unsetenv("HWLOC_SYNTHETIC");
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        assert_non_null(strstr(text, parts[i]));
}

/* The lowest CPU that this process may use. */
static int cpu_first(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return -1;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &set)) return cpu;
    return -1;
}

/* In a child that may use one CPU: 0 if everything says so. */
static int one_cpu_check(int cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0) return 1;
    par_topology_info_t info = PAR_TOPOLOGY_INFO_INIT;
    if (par_topology_query(&info) != PAR_OK) return 2;
    if (info.usable_pus != 1 || info.usable_cores != 1 || info.workers != 1) return 3;
    par__plan_t plan;
    if (par__plan_make(&plan, 0, PAR_BIND_CORES, PAR_PLACES_THREADS, cpu) != PAR_OK) return 4;
    int bad = plan.n_workers != 1 || plan.pu[0] != -1 || strstr(plan.why, "mask") == NULL;
    par__plan_free(&plan);
    return bad ? 5 : 0;
}

static void affinity_mask_of_one_cpu(void **state)
{
    (void)state;
    int cpu = cpu_first(), status = -1;
    if (cpu < 0) skip();
    pid_t child = fork();
    if (child == 0) _exit(one_cpu_check(cpu));
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    environment_clear();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_of_described_machines),
        cmocka_unit_test(nearness_on_a_server),
        cmocka_unit_test(package_inside_of_a_node),
        cmocka_unit_test(kinds_are_slow_to_fast),
        cmocka_unit_test(restrict_leaves_exactly_the_list),
        cmocka_unit_test(restrict_to_nothing),
        cmocka_unit_test(flat_table_without_hwloc),
        cmocka_unit_test(descriptions_that_cannot_be_read),
        cmocka_unit_test(query_tells_of_this_machine),
        cmocka_unit_test(query_fills_only_what_the_caller_has),
        cmocka_unit_test(query_refuses_bad_arguments),
        cmocka_unit_test(query_follows_the_description),
        cmocka_unit_test(plans_for_pools_do_not_follow_it),
        cmocka_unit_test(hwloc_that_fails_is_told),
        cmocka_unit_test(plans_from_many_threads_at_once),
        cmocka_unit_test(print_names_every_part),
        cmocka_unit_test(affinity_mask_of_one_cpu),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
