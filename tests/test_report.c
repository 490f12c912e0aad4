/* test_report.c - what is told about limits that this machine need not have, and without memory. */
#define _GNU_SOURCE
#include "fault.h"

#include <limits.h>
#include <stdlib.h>

#include "machines.h"
#include "report.h"

#include <par/topology.h>

/* What print(file, ctx) wrote. */
static char *text_of(void (*print)(FILE *file, void *ctx), void *ctx)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *file = open_memstream(&text, &bytes);
    assert_non_null(file);
    print(file, ctx);
    assert_int_equal(fclose(file), 0);
    return text;
}

static void report_print(FILE *file, void *ctx)
{
    par__report_print(file, ctx);
}

static void a_quota_is_told(void **state)
{
    (void)state;
    par__report_t report = {.request = par__request_none};
    machine_load(&report.machine, "core:4 pu:2");
    report.machine.is_this_system = true;
    report.request.quota = (par__quota_t){.milli = 2750, .where = "/sys/fs/cgroup/x/cpu.max"};
    assert_int_equal(par__plan_on(&report.plan, &report.machine, &report.request), PAR_OK);
    char *text = text_of(report_print, &report);
    assert_non_null(strstr(text, "CPU quota    2.750 CPUs (/sys/fs/cgroup/x/cpu.max)\n"));
    assert_non_null(strstr(text, "cuts that to 3"));
    free(text);
    par__report_free(&report);
}

/* Each allocation fails in turn; opening and printing the stream is not what is tested. */
static void topology_print(FILE *file, void *ctx)
{
    fault_arm(FAULT_MEMORY, *(unsigned *)ctx, UINT_MAX);
    par_topology_print(file);
    *(unsigned *)ctx = fault_disarm().failed;
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    unsigned n_told = 0;
    for (unsigned k = 1, failed = 1; failed != 0; k++) {
        failed = k;
        char *text = text_of(topology_print, &failed);
        bool is_told = strcmp(text, "par: the topology cannot be shown: out of memory\n") == 0;
        n_told += is_told;
        assert_true(is_told || strncmp(text, "par ", 4) == 0);
        assert_true(is_told || failed == 0 || strstr(text, "\nworkers ") != NULL);
        free(text);
    }
    assert_true(n_told > 0);
}

static void without_memory_a_query_changes_nothing(void **state)
{
    (void)state;
    par_topology_info_t before = PAR_TOPOLOGY_INFO_INIT, info;
    before.pus = 12345;
    for (unsigned k = 1, failed = 1; failed != 0; k++) {
        info = before;
        fault_arm(FAULT_MEMORY, k, 1);
        par_status_t status = par_topology_query(&info);
        failed = fault_disarm().failed;
        if (status == PAR_OK) continue;
        assert_int_equal(status, PAR_ENOMEM);
        assert_memory_equal(&info, &before, sizeof info);
    }
    assert_int_equal(info.struct_size, sizeof info);
    assert_int_not_equal(info.pus, 12345);
}

/* A kernel for more CPUs than the first try has room for, one that tells nothing, one that has fewer
 * calls than are tried. */
static void the_mask_is_asked_for_with_growing_sets(void **state)
{
    (void)state;
    par__cpus_t all, cpus;
    assert_int_equal(par__limit_cpus(&all), PAR_OK);
    for (unsigned n_failures = 1; n_failures <= 12; n_failures++) {
        fault_arm(FAULT_SCHED_GETAFFINITY, 1, n_failures);
        assert_int_equal(par__limit_cpus(&cpus), PAR_OK);
        fault_disarm();
        assert_int_equal(cpus.n, all.n); /* the caller's mask, or both */
        par__limit_free(&cpus);
    }
    fault_arm(FAULT_SCHED_GETAFFINITY, 1, UINT_MAX);
    assert_int_equal(par__limit_cpus(&cpus), PAR_OK);
    fault_disarm();
    assert_int_equal(cpus.n, 0);
    par__limit_free(&cpus);
    par__limit_free(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quota_is_told),
        cmocka_unit_test(without_memory_it_says_so),
        cmocka_unit_test(without_memory_a_query_changes_nothing),
        cmocka_unit_test(the_mask_is_asked_for_with_growing_sets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
