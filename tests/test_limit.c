/* test_limit.c - CPU quotas in made-up control group trees, and the real affinity mask. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "limit.h"

/* ---- a tree of files under a temporary directory ---- */

static char root[64];

static int tree_make(void **state)
{
    (void)state;
    snprintf(root, sizeof root, "/tmp/par-limit-XXXXXX");
    return mkdtemp(root) == NULL;
}

static int tree_remove(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    return system(command);
}

/* Writes a file and makes the directories above it. */
static void file_put(const char *path, const char *text)
{
    char full[4096];
    int n = snprintf(full, sizeof full, "%s%s", root, path);
    assert_true(n > 0 && (size_t)n < sizeof full);
    for (char *slash = full + strlen(root); (slash = strchr(slash + 1, '/')) != NULL;) {
        *slash = '\0';
        mkdir(full, 0777);
        *slash = '/';
    }
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

#define V2_MOUNT "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
#define V1_MOUNT                                                                                   \
    "31 23 0:27 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n"                                            \
    "32 31 0:28 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"                            \
    "33 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 master:1 - cgroup cgroup "                \
    "rw,cpu,cpuacct\n"

static void process_put(const char *mountinfo, const char *cgroup)
{
    file_put("/proc/self/mountinfo", mountinfo);
    file_put("/proc/self/cgroup", cgroup);
}

static par__quota_t quota_get(void)
{
    par__quota_t quota;
    memset(&quota, 0x5a, sizeof quota);
    par__limit_quota(&quota, root);
    return quota;
}

static void assert_quota(uint64_t milli, const char *where)
{
    par__quota_t quota = quota_get();
    assert_int_equal(quota.milli, milli);
    assert_string_equal(quota.where, where);
    assert_string_equal(quota.unreadable, "");
}

/* ---- version 2 ---- */

static void v2_own_group(void **state)
{
    (void)state;
    process_put(V2_MOUNT, "0::/app\n");
    file_put("/sys/fs/cgroup/app/cpu.max", "150000 100000\n");
    assert_quota(1500, "/sys/fs/cgroup/app/cpu.max");
    file_put("/sys/fs/cgroup/app/cpu.max", "max 100000\n");
    assert_quota(0, "");
    file_put("/sys/fs/cgroup/app/cpu.max", "max\n");
    assert_quota(0, "");
    file_put("/sys/fs/cgroup/app/cpu.max",
             "250000\n"); /* the period of 100 ms goes without saying */
    assert_quota(2500, "/sys/fs/cgroup/app/cpu.max");
    file_put("/sys/fs/cgroup/app/cpu.max", "20000 10000");
    assert_quota(2000, "/sys/fs/cgroup/app/cpu.max");
    file_put("/sys/fs/cgroup/app/cpu.max",
             "1 1000000\n"); /* less than can be counted is not none */
    assert_quota(1, "/sys/fs/cgroup/app/cpu.max");
}

static void v2_smallest_ancestor(void **state)
{
    (void)state;
    process_put(V2_MOUNT, "0::/a/b/c/d\n");
    file_put("/sys/fs/cgroup/a/b/c/d/cpu.max", "400000 100000\n");
    file_put("/sys/fs/cgroup/a/b/c/cpu.max", "max 100000\n");
    file_put("/sys/fs/cgroup/a/b/cpu.max", "300000 100000\n");
    file_put("/sys/fs/cgroup/a/cpu.max", "350000 100000\n");
    assert_quota(3000, "/sys/fs/cgroup/a/b/cpu.max");
    file_put("/sys/fs/cgroup/a/cpu.max", "100000 50000\n");
    assert_quota(2000, "/sys/fs/cgroup/a/cpu.max");
    file_put("/sys/fs/cgroup/cpu.max", "50000 100000\n"); /* the top of a namespace has one */
    assert_quota(500, "/sys/fs/cgroup/cpu.max");
    file_put("/sys/fs/cgroup/unrelated/cpu.max", "1000 100000\n");
    assert_quota(500, "/sys/fs/cgroup/cpu.max");
}

static void v2_group_without_files(void **state)
{
    (void)state;
    process_put(V2_MOUNT, "0::/gone (deleted)\n");
    assert_quota(0, "");
    file_put("/sys/fs/cgroup/cpu.max", "100000 100000\n");
    assert_quota(1000, "/sys/fs/cgroup/cpu.max");
}

/* A container that sees its own group as the top of the mount. */
static void v2_mount_of_a_part(void **state)
{
    (void)state;
    process_put("30 23 0:26 /docker/1234 /sys/fs/cgroup ro - cgroup2 cgroup rw\n",
                "0::/docker/1234/inner\n");
    file_put("/sys/fs/cgroup/inner/cpu.max", "400000 100000\n");
    file_put("/sys/fs/cgroup/cpu.max", "200000 100000\n");
    file_put("/cpu.max", "1000 100000\n");
    assert_quota(2000, "/sys/fs/cgroup/cpu.max");
    /* A name that only begins alike is another group. */
    process_put("30 23 0:26 /docker/1 /sys/fs/one ro - cgroup2 cgroup rw\n"
                "31 23 0:26 /docker/12 /sys/fs/two ro - cgroup2 cgroup rw\n",
                "0::/docker/12\n");
    file_put("/sys/fs/one/cpu.max", "100000 100000\n");
    file_put("/sys/fs/two/cpu.max", "300000 100000\n");
    assert_quota(3000, "/sys/fs/two/cpu.max");
}

/* Outside of the namespace: only the top of the mount can be read. */
static void v2_path_that_leaves_the_namespace(void **state)
{
    (void)state;
    process_put(V2_MOUNT, "0::/../../other\n");
    file_put("/sys/fs/cgroup/cpu.max", "700000 100000\n");
    file_put("/sys/fs/other/cpu.max", "100000 100000\n");
    assert_quota(7000, "/sys/fs/cgroup/cpu.max");
}

static void v2_mount_point_with_blanks(void **state)
{
    (void)state;
    process_put("30 23 0:26 / /my\\040groups\\134x rw - cgroup2 cgroup2 rw\n", "0::/a\n");
    file_put("/my groups\\x/a/cpu.max", "120000 100000\n");
    assert_quota(1200, "/my groups\\x/a/cpu.max");
}

/* ---- version 1 ---- */

static void v1_own_group_and_ancestors(void **state)
{
    (void)state;
    process_put(V1_MOUNT, "5:cpuset:/x\n4:cpu,cpuacct:/a/b\n0::/a\n");
    file_put("/sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_quota_us", "-1\n");
    file_put("/sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_period_us", "100000\n");
    file_put("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
    assert_quota(0, "");
    file_put("/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "75000\n");
    file_put("/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "50000\n");
    assert_quota(1500, "/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us");
    file_put("/sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_quota_us", "100000\n");
    assert_quota(1000, "/sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_quota_us");
}

static void v1_other_controllers_do_not_count(void **state)
{
    (void)state;
    process_put(V1_MOUNT, "5:cpuset:/x\n6:cpuacct:/y\n");
    file_put("/sys/fs/cgroup/cpu,cpuacct/x/cpu.cfs_quota_us", "1000\n");
    file_put("/sys/fs/cgroup/cpu,cpuacct/y/cpu.cfs_quota_us", "1000\n");
    file_put("/sys/fs/cgroup/cpuset/x/cpu.cfs_quota_us", "1000\n");
    assert_quota(0, "");
}

static void v1_and_v2_together(void **state)
{
    (void)state;
    process_put(V1_MOUNT "40 31 0:30 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n",
                "4:cpu,cpuacct:/a\n0::/s\n");
    file_put("/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "300000\n");
    file_put("/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "100000\n");
    file_put("/sys/fs/cgroup/unified/s/cpu.max", "200000 100000\n");
    assert_quota(2000, "/sys/fs/cgroup/unified/s/cpu.max");
    file_put("/sys/fs/cgroup/unified/s/cpu.max", "400000 100000\n");
    assert_quota(3000, "/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us");
}

/* ---- what nobody should write, but files can hold ---- */

static void garbage_is_no_limit_and_is_told(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "\n",
                                      "abc\n",
                                      "-5 100000\n",
                                      "0 100000\n",
                                      "100000 0\n",
                                      "100000 abc\n",
                                      "1e5 100000\n",
                                      "100000 100000 100000\n",
                                      "99999999999999999999999999 100000\n",
                                      "maximal 100000\n",
                                      "100000 99999999999999999999999999\n",
                                      "9223372036854775807 100000\n"};
    process_put(V2_MOUNT, "0::/a/b\n");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        file_put("/sys/fs/cgroup/a/b/cpu.max", bad[i]);
        file_put("/sys/fs/cgroup/a/cpu.max", "max 100000\n");
        par__quota_t quota = quota_get();
        assert_int_equal(quota.milli, 0);
        assert_string_equal(quota.unreadable, "/sys/fs/cgroup/a/b/cpu.max");
        file_put("/sys/fs/cgroup/a/cpu.max", "300000 100000\n"); /* the parent still counts */
        assert_int_equal(quota_get().milli, 3000);
    }
}

static void v1_garbage(void **state)
{
    (void)state;
    process_put(V1_MOUNT, "4:cpu,cpuacct:/a\n");
    file_put("/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "200000\n");
    file_put("/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "0\n");
    par__quota_t quota = quota_get();
    assert_int_equal(quota.milli, 0);
    assert_string_equal(quota.unreadable, "/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us");
    file_put("/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "");
    assert_int_equal(quota_get().milli, 0);
}

static void process_files_that_make_no_sense(void **state)
{
    (void)state;
    static const char *const mounts[] = {"",
                                         "\n\n",
                                         "garbage",
                                         "30 23 0:26 /\n",
                                         " - cgroup2 x rw\n",
                                         "30 23 - cgroup2 x rw\n",
                                         "30 23 0:26 / - cgroup2\n",
                                         "- - - - - - -\n",
                                         "30 23 0:26 / /sys/fs/cgroup rw - cgroup\n"};
    static const char *const groups[] = {
        "",      "\n",      "0\n",      "0:\n",           ":::\n",
        "0::\n", "4:cpu\n", "4:cpu:\n", "x:cpu:/../..\n", "0::relative\n"};
    file_put("/sys/fs/cgroup/cpu.max", "max\n");
    for (size_t m = 0; m < sizeof mounts / sizeof mounts[0]; m++)
        for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
            process_put(mounts[m], groups[g]);
            assert_quota(0, "");
            process_put(V2_MOUNT V1_MOUNT, groups[g]);
            assert_quota(0, "");
            process_put(mounts[m], "4:cpu:/a\n0::/a\n");
            assert_quota(0, "");
        }
}

static void lines_and_paths_that_are_too_long(void **state)
{
    (void)state;
    static char mounts[20000], group[9000];
    memset(mounts, 'o', 12000); /* an overlay with many layers, for example */
    snprintf(mounts + 12000, sizeof mounts - 12000, "\n%s", V2_MOUNT);
    process_put(mounts, "0::/app\n");
    file_put("/sys/fs/cgroup/app/cpu.max", "150000 100000\n");
    assert_quota(1500, "/sys/fs/cgroup/app/cpu.max");

    memset(group, 'g', sizeof group - 1);
    memcpy(group, "0::/", 4);
    group[2000] = '\n'; /* fits a line, not a path */
    group[2001] = '\0';
    process_put(V2_MOUNT, group);
    assert_quota(0, "");
    group[2000] = 'g';
    group[2001] = 'g';
    process_put(V2_MOUNT, group); /* fits neither */
    assert_quota(0, "");
}

static void no_process_files_at_all(void **state)
{
    (void)state;
    assert_quota(0, "");
    file_put("/proc/self/cgroup", "0::/a\n");
    assert_quota(0, "");
}

static void the_running_system(void **state)
{
    (void)state;
    par__quota_t quota;
    par__limit_quota(&quota, "");
    assert_true((quota.milli == 0) == (quota.where[0] == '\0'));
}

static void quota_to_workers(void **state)
{
    (void)state;
    static const struct {
        uint64_t milli;
        unsigned workers;
    } pairs[] = {{0, 0},
                 {1, 1},
                 {499, 1},
                 {500, 1},
                 {1000, 1},
                 {1499, 1},
                 {1500, 2},
                 {2000, 2},
                 {2499, 2},
                 {2500, 3},
                 {64000, 64},
                 {64499, 64},
                 {UINT64_MAX / 2, INT32_MAX}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        par__quota_t quota = {.milli = pairs[i].milli};
        assert_int_equal(par__limit_quota_workers(&quota), pairs[i].workers);
    }
}

/* ---- the affinity mask ---- */

static void mask_is_the_kernels(void **state)
{
    (void)state;
    par__cpus_t cpus;
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) skip();
    assert_int_equal(par__limit_cpus(&cpus), PAR_OK);
    assert_int_equal(cpus.n, CPU_COUNT(&set));
    assert_false(cpus.caller_is_limited);
    for (unsigned i = 0; i < cpus.n; i++) {
        assert_true(CPU_ISSET(cpus.os[i], &set));
        assert_true(i == 0 || cpus.os[i] > cpus.os[i - 1]);
    }
    par__limit_free(&cpus);
    assert_null(cpus.os);
}

typedef struct bound_t {
    int cpu;
    par__cpus_t cpus;
    int failed;
} bound_t;

static void *bound_thread(void *arg)
{
    bound_t *b = arg;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(b->cpu, &set);
    b->failed = sched_setaffinity(0, sizeof set, &set) != 0 || par__limit_cpus(&b->cpus) != PAR_OK;
    return NULL;
}

/* A thread that another runtime has bound still sees what the process may use. */
static void bound_caller_sees_the_process(void **state)
{
    (void)state;
    par__cpus_t all;
    assert_int_equal(par__limit_cpus(&all), PAR_OK);
    if (all.n == 0) skip();
    bound_t b = {.cpu = all.os[all.n - 1]};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, bound_thread, &b), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(b.failed, 0);
    assert_int_equal(b.cpus.n, all.n);
    assert_int_equal(b.cpus.caller_is_limited, all.n > 1);
    par__limit_free(&b.cpus);
    par__limit_free(&all);
}

static void one_cpu_child(void **state)
{
    (void)state;
    int status = -1;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        par__cpus_t before, after;
        cpu_set_t set;
        if (par__limit_cpus(&before) != PAR_OK || before.n == 0) _exit(1);
        CPU_ZERO(&set);
        CPU_SET(before.os[0], &set);
        if (sched_setaffinity(0, sizeof set, &set) != 0) _exit(2);
        if (par__limit_cpus(&after) != PAR_OK) _exit(3);
        bool right = after.n == 1 && after.os[0] == before.os[0] && !after.caller_is_limited;
        _exit(right ? 0 : 4);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

#define TREE_TEST(name) cmocka_unit_test_setup_teardown(name, tree_make, tree_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TREE_TEST(v2_own_group),
        TREE_TEST(v2_smallest_ancestor),
        TREE_TEST(v2_group_without_files),
        TREE_TEST(v2_mount_of_a_part),
        TREE_TEST(v2_path_that_leaves_the_namespace),
        TREE_TEST(v2_mount_point_with_blanks),
        TREE_TEST(v1_own_group_and_ancestors),
        TREE_TEST(v1_other_controllers_do_not_count),
        TREE_TEST(v1_and_v2_together),
        TREE_TEST(garbage_is_no_limit_and_is_told),
        TREE_TEST(v1_garbage),
        TREE_TEST(process_files_that_make_no_sense),
        TREE_TEST(lines_and_paths_that_are_too_long),
        TREE_TEST(no_process_files_at_all),
        cmocka_unit_test(the_running_system),
        cmocka_unit_test(quota_to_workers),
        cmocka_unit_test(mask_is_the_kernels),
        cmocka_unit_test(bound_caller_sees_the_process),
        cmocka_unit_test(one_cpu_child),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
