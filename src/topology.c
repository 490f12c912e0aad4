/* topology.c - the table of PUs: restrict, count, measure. */
#include "topology.h"

#include <stdlib.h>
#include <string.h>

void par__topology_free(par__machine_t *machine)
{
    free(machine->pus);
    memset(machine, 0, sizeof *machine);
}

/* A PU of which only the number is known: a core of its own. */
static par__pu_t pu_unknown(int os, int core)
{
    par__pu_t pu = {.os = os, .usable = true};
    for (int level = 0; level < PAR__N_LEVELS; level++)
        pu.at[level] = -1;
    pu.at[PAR__LEVEL_CORE] = core;
    return pu;
}

par_status_t
par__topology_make_flat(par__machine_t *machine, const par__cpus_t *cpus, const char *reason)
{
    memset(machine, 0, sizeof *machine);
    machine->n_kinds = 1;
    machine->is_this_system = true;
    machine->flat_reason = reason;
    return par__topology_restrict(machine, cpus);
}

int par__topology_find(const par__machine_t *machine, int os)
{
    for (unsigned i = 0; i < machine->n_pus; i++)
        if (machine->pus[i].os == os) return (int)i;
    return -1;
}

unsigned par__topology_count(const par__machine_t *machine, par__level_t level, bool usable)
{
    unsigned n = 0;
    int seen = -1; /* domains are numbered in machine order, so a new one has a higher number */
    for (unsigned i = 0; i < machine->n_pus; i++) {
        const par__pu_t *pu = &machine->pus[i];
        if ((usable && !pu->usable) || pu->at[level] <= seen) continue;
        seen = pu->at[level];
        n++;
    }
    return n;
}

void par__topology_recount(par__machine_t *machine)
{
    int core = -1;
    unsigned sibling = 0;
    machine->n_usable = 0;
    for (unsigned i = 0; i < machine->n_pus; i++) {
        par__pu_t *pu = &machine->pus[i];
        if (pu->at[PAR__LEVEL_CORE] != core) sibling = 0;
        core = pu->at[PAR__LEVEL_CORE];
        pu->sibling = pu->usable ? sibling++ : 0;
        machine->n_usable += pu->usable;
    }
}

par_status_t par__topology_restrict(par__machine_t *machine, const par__cpus_t *cpus)
{
    size_t room = (size_t)machine->n_pus + cpus->n;
    par__pu_t *pus = realloc(machine->pus, (room ? room : 1) * sizeof *pus);
    if (pus == NULL) return PAR_ENOMEM;
    machine->pus = pus;

    int next_core = 0;
    for (unsigned i = 0; i < machine->n_pus; i++) {
        pus[i].usable = false;
        if (pus[i].at[PAR__LEVEL_CORE] >= next_core) next_core = pus[i].at[PAR__LEVEL_CORE] + 1;
    }
    for (unsigned i = 0; i < cpus->n; i++) {
        int row = par__topology_find(machine, cpus->os[i]);
        if (row >= 0)
            pus[row].usable = true;
        else
            pus[machine->n_pus++] = pu_unknown(cpus->os[i], next_core++);
    }
    par__topology_recount(machine);
    return PAR_OK;
}

par_status_t par__topology_load_here(par__machine_t *machine, const par__cpus_t *cpus)
{
    par_status_t status = par__topology_load(machine, (par__source_t){NULL, NULL});
    if (status != PAR_OK)
        return par__topology_make_flat(machine, cpus, "hwloc could not read the machine");
    /* A described machine has its own allowed set; an unknown mask leaves hwloc's. */
    if (!machine->is_this_system || cpus->n == 0) return PAR_OK;
    status = par__topology_restrict(machine, cpus);
    if (status != PAR_OK) par__topology_free(machine);
    return status;
}

static bool is_shared(const par__pu_t *a, const par__pu_t *b, int level)
{
    return a->at[level] >= 0 && a->at[level] == b->at[level];
}

unsigned par__pu_distance(const par__pu_t *a, const par__pu_t *b)
{
    unsigned apart = 0;
    for (int level = 0; level < PAR__N_LEVELS; level++)
        apart += !is_shared(a, b, level);
    return apart;
}

const char *par__pu_relation(const par__pu_t *a, const par__pu_t *b)
{
    static const char *const names[PAR__N_LEVELS] = {
        "core", "L2", "L3", "cluster", "NUMA node", "package", "group", "outer group"};
    for (int level = 0; level < PAR__N_LEVELS; level++)
        if (is_shared(a, b, level)) return names[level];
    return "machine";
}
