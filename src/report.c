/* report.c - what par_topology_print, par_topology_query and par-info tell. */
#include "report.h"

#include <par/topology.h>
#include <par/version.h>

#include "os.h"

#include <string.h>

#define VICTIMS_SHOWN 8

/* ---- make ---- */

static par_status_t report_here(par__report_t *report)
{
    par__cpus_t cpus;
    par_status_t status = par__limit_cpus(&cpus);
    if (status != PAR_OK) return status;
    status = par__topology_load_here(&report->machine, &cpus);
    par__limit_free(&cpus);
    return status;
}

par_status_t
par__report_make(par__report_t *report, par__source_t source, const par__request_t *ask)
{
    memset(report, 0, sizeof *report);
    report->request = *ask;
    bool is_described = source.synthetic != NULL || source.xml_file != NULL;
    par_status_t status =
        is_described ? par__topology_load(&report->machine, source) : report_here(report);
    if (status != PAR_OK) return status;
    par__env_read(&report->request.env);
    report->request.quota = (par__quota_t){.milli = 0};
    report->request.caller_pu = -1;
    if (report->machine.is_this_system) {
        par__limit_quota(&report->request.quota, "");
        report->request.caller_pu = par__os_current_pu();
    }
    status = par__plan_on(&report->plan, &report->machine, &report->request);
    if (status != PAR_OK) par__topology_free(&report->machine);
    return status;
}

void par__report_free(par__report_t *report)
{
    par__plan_free(&report->plan);
    par__topology_free(&report->machine);
}

/* ---- print ---- */

static void count_print(FILE *file, unsigned n, const char *thing, const char *separator)
{
    fprintf(file, "%u %s%s%s", n, thing, n == 1 ? "" : "s", separator);
}

static unsigned kind_count(const par__machine_t *machine, int kind)
{
    unsigned n = 0;
    for (unsigned i = 0; i < machine->n_pus; i++)
        n += machine->pus[i].kind == kind;
    return n;
}

static void machine_print(FILE *file, const par__machine_t *machine)
{
    fputs("machine      ", file);
    count_print(file, par__topology_count(machine, PAR__LEVEL_PACKAGE, false), "package", ", ");
    count_print(file, machine->n_memory_nodes, "NUMA node", ", ");
    count_print(file, par__topology_count(machine, PAR__LEVEL_L3, false), "L3 cache", ", ");
    count_print(file, par__topology_count(machine, PAR__LEVEL_L2, false), "L2 cache", ", ");
    count_print(file, par__topology_count(machine, PAR__LEVEL_CORE, false), "core", ", ");
    count_print(file, machine->n_pus, "hardware thread", "");
    if (machine->n_offline > 0) fprintf(file, " (%u more not available)", machine->n_offline);
    fputc('\n', file);
    if (machine->n_kinds < 2) return;
    fputs("kinds        slow to fast:", file);
    for (unsigned kind = 0; kind < machine->n_kinds; kind++) {
        fprintf(file, "%s %s on ", kind ? "," : "", machine->kinds[kind]);
        count_print(file, kind_count(machine, (int)kind), "hardware thread", "");
    }
    fputc('\n', file);
}

/* Lists as "0-3,8": runs of the system's numbers, which need not be in machine order. */
static void usable_print(FILE *file, const par__machine_t *machine)
{
    fputs("usable       ", file);
    count_print(file, par__topology_count(machine, PAR__LEVEL_CORE, true), "core", ", ");
    count_print(file, machine->n_usable, "hardware thread", ": ");
    int highest = -1, run = -1;
    for (unsigned i = 0; i < machine->n_pus; i++)
        if (machine->pus[i].os > highest) highest = machine->pus[i].os;
    const char *separator = "";
    for (int os = 0; os <= highest + 1; os++) {
        int row = os <= highest ? par__topology_find(machine, os) : -1;
        bool is_usable = row >= 0 && machine->pus[row].usable;
        if (is_usable && run < 0) run = os;
        if (is_usable || run < 0) continue;
        fprintf(file, run < os - 1 ? "%s%d-%d" : "%s%d", separator, run, os - 1);
        separator = ",";
        run = -1;
    }
    fputc('\n', file);
}

static void limits_print(FILE *file, const par__report_t *report)
{
    const par__quota_t *quota = &report->request.quota;
    const par__env_t *env = &report->request.env;
    if (!report->machine.is_this_system)
        fputs("CPU quota    does not apply to a described machine\n", file);
    else if (quota->milli == 0)
        fputs("CPU quota    none\n", file);
    else
        fprintf(file, "CPU quota    %u.%03u CPUs (%s)\n", (unsigned)(quota->milli / 1000),
                (unsigned)(quota->milli % 1000), quota->where);
    fputs("environment ", file);
    if (env->num_threads) fprintf(file, " PAR_NUM_THREADS=%u", env->num_threads);
    if (env->bind) fprintf(file, " PAR_BIND=%s", par__env_bind_name(env->bind));
    if (env->places) fprintf(file, " PAR_PLACES=%s", par__env_places_name(env->places));
    if (env->spin_ns >= 0) fprintf(file, " PAR_SPIN_US=%lld", (long long)(env->spin_ns / 1000));
    if (env->stats) fputs(" PAR_STATS=1", file);
    if (!env->num_threads && !env->bind && !env->places && env->spin_ns < 0 && !env->stats)
        fputs(" nothing set", file);
    fputc('\n', file);
}

static const par__pu_t *worker_pu(const par__report_t *report, unsigned worker)
{
    int os = worker == 0 ? report->plan.caller_place : report->plan.pu[worker];
    int row = os < 0 ? -1 : par__topology_find(&report->machine, os);
    return row < 0 ? NULL : &report->machine.pus[row];
}

/* "5 6 (L2)  1 2 3 (L3)": runs of victims that are equally near, with what is shared. */
static void victims_print(FILE *file, const par__report_t *report, unsigned worker)
{
    unsigned n = report->plan.n_workers - 1;
    const unsigned *victims = report->plan.victims + (size_t)worker * n;
    const par__pu_t *self = worker_pu(report, worker);
    bool is_bound = report->plan.bind != PAR_BIND_NONE && self != NULL;
    const char *shared = NULL;
    for (unsigned k = 0; k < n && k < VICTIMS_SHOWN; k++) {
        const par__pu_t *other = worker_pu(report, victims[k]);
        const char *relation = is_bound && other ? par__pu_relation(self, other) : NULL;
        if (shared != NULL && relation != shared) fprintf(file, " (%s) ", shared);
        shared = relation;
        fprintf(file, " %u", victims[k]);
    }
    if (shared != NULL) fprintf(file, " (%s)", shared);
    if (n > VICTIMS_SHOWN) fprintf(file, " and %u more", n - VICTIMS_SHOWN);
    fputc('\n', file);
}

static void domain_print(FILE *file, const par__pu_t *pu, par__level_t level, int width)
{
    if (pu == NULL || pu->at[level] < 0)
        fprintf(file, "%*s", width, "-");
    else
        fprintf(file, "%*d", width, pu->at[level]);
}

static void worker_print(FILE *file, const par__report_t *report, unsigned worker)
{
    const par__pu_t *pu = worker_pu(report, worker);
    fprintf(file, "%6u", worker);
    if (pu != NULL)
        fprintf(file, "%7d", pu->os);
    else
        fputs("    any", file);
    domain_print(file, pu, PAR__LEVEL_CORE, 6);
    domain_print(file, pu, PAR__LEVEL_L2, 5);
    domain_print(file, pu, PAR__LEVEL_L3, 5);
    domain_print(file, pu, PAR__LEVEL_NUMA, 6);
    domain_print(file, pu, PAR__LEVEL_PACKAGE, 9);
    fputc(' ', file);
    victims_print(file, report, worker);
}

void par__report_print(FILE *file, const par__report_t *report)
{
    const par__plan_t *plan = &report->plan;
    fprintf(file, "par %s, %s\n", par_version_string(),
            report->machine.is_this_system
                ? "this machine"
                : "a described machine: this is a plan, nothing is bound");
    machine_print(file, &report->machine);
    usable_print(file, &report->machine);
    limits_print(file, report);
    fprintf(file, "places       %s\nbinding      %s\nworkers      %u\nwhy          %s\n\n",
            par__env_places_name(plan->places), par__env_bind_name(plan->bind), plan->n_workers,
            plan->why);
    fputs("worker     PU  core   L2   L3  NUMA  package  robs first\n", file);
    for (unsigned worker = 0; worker < plan->n_workers; worker++)
        worker_print(file, report, worker);
    fputs("\nWorker 0 is the calling thread, which is never bound", file);
    if (plan->caller_place < 0)
        fputs(".\n", file);
    else
        fprintf(file, "; PU %d is left to it.\n", plan->caller_place);
}

/* ---- the public verbs ---- */

void par_topology_print(FILE *file)
{
    par__report_t report;
    if (file == NULL) file = stderr;
    par_status_t status =
        par__report_make(&report, (par__source_t){NULL, NULL}, &par__request_none);
    if (status != PAR_OK) {
        fprintf(file, "par: the topology cannot be shown: %s\n", par_strerror(status));
        return;
    }
    par__report_print(file, &report);
    par__report_free(&report);
}

static par_topology_info_t info_of(const par__report_t *report)
{
    const par__machine_t *machine = &report->machine;
    par_topology_info_t info = PAR_TOPOLOGY_INFO_INIT;
    info.packages = par__topology_count(machine, PAR__LEVEL_PACKAGE, false);
    info.numa_nodes = machine->n_memory_nodes;
    info.l3_caches = par__topology_count(machine, PAR__LEVEL_L3, false);
    info.l2_caches = par__topology_count(machine, PAR__LEVEL_L2, false);
    info.cores = par__topology_count(machine, PAR__LEVEL_CORE, false);
    info.core_kinds = machine->n_kinds;
    info.pus = machine->n_pus;
    info.offline_pus = machine->n_offline;
    info.usable_cores = par__topology_count(machine, PAR__LEVEL_CORE, true);
    info.usable_pus = machine->n_usable;
    info.quota_milli = report->request.quota.milli;
    info.workers = report->plan.n_workers;
    info.bind = report->plan.bind;
    info.places = report->plan.places;
    info.is_this_machine = machine->is_this_system;
    memcpy(info.why, report->plan.why, sizeof info.why);
    return info;
}

par_status_t par_topology_query(par_topology_info_t *info)
{
    if (info == NULL || info->struct_size == 0) return PAR_EINVAL;
    par__report_t report;
    par_status_t status =
        par__report_make(&report, (par__source_t){NULL, NULL}, &par__request_none);
    if (status != PAR_OK) return status;
    par_topology_info_t full = info_of(&report);
    par__report_free(&report);
    if (info->struct_size < full.struct_size) full.struct_size = info->struct_size;
    size_t bytes = full.struct_size;
    full.struct_size = info->struct_size;
    memcpy(info, &full, bytes);
    return PAR_OK;
}
