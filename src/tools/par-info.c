/* par-info.c - the program that shows the machine as par sees it. */
#include "platform.h"
#include "report.h"

#include <par/topology.h>
#include <par/version.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_USAGE 2

static const char usage[] =
    "Usage: par-info [OPTION]...\n"
    "Shows the machine as par sees it: how many workers it would start and why, where each would\n"
    "be bound, and whom it would rob first.\n"
    "\n"
    "  --threads N       plan for exactly N workers, the caller included\n"
    "  --bind POLICY     none, cores, close, spread (as PAR_BIND)\n"
    "  --places PLACES   cores, threads (as PAR_PLACES)\n"
    "  --topology WHAT   plan for another machine: an hwloc XML file (lstopo FILE.xml writes one)\n"
    "                    or a description such as 'pack:2 numa:2 l3:2 core:8 pu:2'\n"
    "  --help, --version\n"
    "\n"
    "Environment: PAR_NUM_THREADS, PAR_BIND, PAR_PLACES; HWLOC_XMLFILE and HWLOC_SYNTHETIC name\n"
    "another machine as --topology does. The affinity mask and the CPU quota of this process "
    "count\n"
    "only for the machine it runs on.\n";

typedef struct args_t {
    par__request_t request;
    const char *topology;
    bool wants_help, wants_version;
} args_t;

static bool threads_read(args_t *args, const char *value)
{
    uint64_t n = 0;
    if (!par__env_number_parse(value, 1, PAR__MAX_THREADS, &n)) return false;
    args->request.threads = (unsigned)n;
    return true;
}

static bool bind_read(args_t *args, const char *value)
{
    return par__env_bind_parse(value, &args->request.bind);
}

static bool places_read(args_t *args, const char *value)
{
    return par__env_places_parse(value, &args->request.places);
}

static bool topology_read(args_t *args, const char *value)
{
    args->topology = value;
    return *value != '\0';
}

static const struct {
    const char *name;
    bool (*read)(args_t *args, const char *value);
    const char *accepted;
} options[] = {
    {"--threads", threads_read, "a whole number from 1 to 1024"},
    {"--bind", bind_read, PAR__ENV_BIND_WORDS},
    {"--places", places_read, PAR__ENV_PLACES_WORDS},
    {"--topology", topology_read, "an hwloc XML file or a synthetic description"},
};

static int option_find(const char *arg, size_t length)
{
    for (int i = 0; i < (int)(sizeof options / sizeof options[0]); i++)
        if (strlen(options[i].name) == length && strncmp(arg, options[i].name, length) == 0)
            return i;
    return -1;
}

/* Says what is wrong and returns false. */
__attribute__((format(printf, 1, 2))) static bool refuse(const char *format, ...)
{
    va_list args;
    fputs("par-info: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputs("\nTry 'par-info --help'.\n", stderr);
    return false;
}

/* One argument, and its value if that is the next one: moves *argv behind what was used. */
static bool arg_read(args_t *args, char ***argv)
{
    const char *arg = *(*argv)++;
    size_t length = strcspn(arg, "=");
    if (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0) return args->wants_help = true;
    if (strcmp(arg, "--version") == 0) return args->wants_version = true;
    int i = option_find(arg, length);
    if (i < 0)
        return refuse("'%s' is no option; accepted: %s", arg,
                      "--threads, --bind, --places, --topology, --help, --version");
    const char *value = arg[length] == '=' ? arg + length + 1 : **argv;
    if (value == NULL) return refuse("%s needs a value: %s", options[i].name, options[i].accepted);
    if (arg[length] != '=') ++*argv;
    if (options[i].read(args, value)) return true;
    return refuse("%s=\"%s\" is not understood; accepted: %s", options[i].name, value,
                  options[i].accepted);
}

/* A name that can be opened is an XML file, anything else a description. */
static par__source_t source_of(const char *topology)
{
    par__source_t source = {NULL, NULL};
    if (topology == NULL) return source;
    FILE *file = fopen(topology, "r");
    if (file == NULL) {
        source.synthetic = topology;
        return source;
    }
    fclose(file);
    source.xml_file = topology;
    return source;
}

/* hwloc passes over a variable that it cannot use without a word. */
static void ignored_warn(const char *variable, const par__report_t *report)
{
    const char *value = getenv(variable);
    const char *claim = getenv("HWLOC_THISSYSTEM");
    if (value == NULL || *value == '\0' || (claim != NULL && strcmp(claim, "0") != 0)) return;
    if (report->machine.is_this_system)
        fprintf(stderr, "par-info: %s=\"%s\" cannot be used by hwloc: showing this machine\n",
                variable, value);
}

static int info_print(const args_t *args)
{
    par__report_t report;
    par_status_t status = par__report_make(&report, source_of(args->topology), &args->request);
    if (status == PAR_ETOPOLOGY) {
        refuse("--topology=\"%s\" cannot be read: neither a readable hwloc XML file nor a "
               "description such as "
               "'pack:2 numa:2 l3:2 core:8 pu:2'",
               args->topology);
        return EXIT_USAGE;
    }
    if (status != PAR_OK) {
        fprintf(stderr, "par-info: %s\n", par_strerror(status));
        return EXIT_FAILURE;
    }
    if (args->topology == NULL) {
        ignored_warn("HWLOC_XMLFILE", &report);
        ignored_warn("HWLOC_SYNTHETIC", &report);
    }
    par__report_print(stdout, &report);
    par__report_free(&report);
    return fflush(stdout) == 0 && !ferror(stdout) ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    args_t args = {.request = par__request_none};
    (void)argc;
    for (argv++; *argv != NULL;)
        if (!arg_read(&args, &argv)) return EXIT_USAGE;
    if (args.wants_help) {
        fputs(usage, stdout);
        return EXIT_SUCCESS;
    }
    if (args.wants_version) {
        printf("par-info %s\n", par_version_string());
        return EXIT_SUCCESS;
    }
    return info_print(&args);
}
