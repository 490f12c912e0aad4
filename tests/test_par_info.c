/* test_par_info.c - the program par-info, as a user runs it. */
#define _GNU_SOURCE
#include "machines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char program[4096];

/* Runs the program with the given environment and arguments in front of and behind its name, puts
 * both output streams into out, and returns the exit code. */
static int run(char *out, size_t bytes, const char *environment, const char *arguments)
{
    char command[8192];
    const char *launcher = getenv("PAR_TEST_LAUNCHER"); /* child.h */
    int length = snprintf(command, sizeof command, "%s %s '%s' %s 2>&1", environment,
                          launcher ? launcher : "", program, arguments);
    assert_in_range(length, 1, sizeof command - 1);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    out[fread(out, 1, bytes - 1, pipe)] = '\0';
    int status = pclose(pipe);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

typedef struct case_t {
    const char *environment, *arguments;
    int code;
    const char *parts[4];
} case_t;

#define BIG "--topology 'pack:2 numa:2 l3:2 core:8 pu:2'"

static const case_t cases[] = {
    {"", "", 0, {"this machine", "workers ", "why ", "robs first"}},
    {"", "--help", 0, {"Usage: par-info", "--topology", "PAR_NUM_THREADS"}},
    {"", "-h", 0, {"Usage: par-info"}},
    {"", "--version", 0, {"par-info 0."}},
    {"",
     BIG,
     0,
     {"this is a plan, nothing is bound", "2 packages, 4 NUMA nodes, 8 L3 caches",
      "64 cores, 128 hardware threads", "workers      64"}},
    {"", BIG " --places threads", 0, {"workers      128", "PAR_PLACES=threads"}},
    {"", BIG " --threads=3 --bind=spread", 0, {"workers      3", "binding      spread"}},
    {"", BIG " --threads 3", 0, {"workers      3", "Not bound"}},
    {"PAR_NUM_THREADS=5", BIG, 0, {"workers      5", "PAR_NUM_THREADS=5 cuts that"}},
    {"PAR_BIND=wrong", BIG, 0, {"PAR_BIND=\"wrong\" is not understood", "none, cores, close"}},
    {"HWLOC_SYNTHETIC='pack:4 core:2 pu:1'", "", 0, {"a described machine", "4 packages"}},
    {"HWLOC_SYNTHETIC='pack:4 core:2 pu:1'", "--topology 'pack:3 pu:1'", 0, {"3 packages"}},
    {"HWLOC_SYNTHETIC=garbage", "", 0, {"HWLOC_SYNTHETIC=\"garbage\" cannot be used"}},
    {"", "--topology garbage", 2, {"--topology=\"garbage\" cannot be read", "pack:2"}},
    {"", "--topology ''", 2, {"--topology=\"\" is not understood"}},
    {"", "--topology /dev/null", 2, {"cannot be read"}},
    {"", "--topology", 2, {"--topology needs a value"}},
    {"", "--threads 0", 2, {"--threads=\"0\" is not understood", "from 1 to 1024"}},
    {"", "--threads 1025", 2, {"from 1 to 1024"}},
    {"", "--threads x", 2, {"from 1 to 1024"}},
    {"", "--bind everywhere", 2, {"none, cores, close, spread", "--help"}},
    {"", "--places=sockets", 2, {"cores, threads"}},
    {"", "--frobnicate", 2, {"'--frobnicate' is no option", "--threads, --bind"}},
    {"", "--helpx", 2, {"is no option"}},
    {"", "extra", 2, {"'extra' is no option"}},
};

static void arguments_and_environment(void **state)
{
    (void)state;
    static char text[65536];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const case_t *c = &cases[i];
        int code = run(text, sizeof text, c->environment, c->arguments);
        if (code != c->code)
            print_error("%s par-info %s: %s\n", c->environment, c->arguments, text);
        assert_int_equal(code, c->code);
        for (size_t k = 0; k < 4 && c->parts[k] != NULL; k++) {
            if (strstr(text, c->parts[k]) == NULL)
                print_error("%s par-info %s: no \"%s\" in:\n%s\n", c->environment, c->arguments,
                            c->parts[k], text);
            assert_non_null(strstr(text, c->parts[k]));
        }
    }
}

static void one_cpu_of_taskset(void **state)
{
    (void)state;
    static char text[65536];
    if (system("taskset -c 0 true >/dev/null 2>&1") != 0) skip();
    assert_int_equal(run(text, sizeof text, "taskset -c 0", ""), 0);
    assert_non_null(strstr(text, "1 core, 1 hardware thread: 0\n"));
    assert_non_null(strstr(text, "workers      1\n"));
    assert_non_null(strstr(text, "the affinity mask allows 1 of"));
}

static void xml_file(void **state)
{
    (void)state;
    static char text[65536];
    char arguments[2048];
    const char *slash = strrchr(__FILE__, '/');
    snprintf(arguments, sizeof arguments, "--topology '%.*s/topologies/hybrid-8e4p.xml'",
             slash ? (int)(slash - __FILE__) : 1, slash ? __FILE__ : ".");
    assert_int_equal(run(text, sizeof text, "", arguments), 0);
    assert_non_null(strstr(text, "IntelAtom on 8 hardware threads, IntelCore on 8"));
    assert_non_null(strstr(text, "12 cores"));
}

/* The build puts the program beside the tests. */
static int program_find(void **state)
{
    (void)state;
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 64);
    if (n < 0) return -1;
    program[n] = '\0';
    char *slash = strrchr(program, '/');
    if (slash == NULL) return -1;
    strcpy(slash, "/../src/tools/par-info");
    if (access(program, X_OK) == 0) return 0;
    print_error("%s is not built: build the target par-info\n", program);
    return -1;
}

int main(void)
{
    environment_clear();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arguments_and_environment),
        cmocka_unit_test(one_cpu_of_taskset),
        cmocka_unit_test(xml_file),
    };
    return cmocka_run_group_tests(tests, program_find, NULL);
}
