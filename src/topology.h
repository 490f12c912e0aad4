/* topology.h - the machine as a table of hardware threads (PUs).
 *
 * hwloc's tree becomes a flat table in machine order: for each PU the domain (core, cache, ...)
 * that it lies in at every level. Two PUs are as near as they share levels. Everything above this
 * file works on the table alone, so that tests can feed machines that nobody has, and nothing but
 * topology_hwloc.c knows hwloc. */
#ifndef PAR_SRC_TOPOLOGY_H
#define PAR_SRC_TOPOLOGY_H

#include <stdbool.h>

#include <par/error.h>

#include "limit.h"

/* Small to large. The order names the nearest level that two PUs share; how near they are is the
 * number of shared levels, which is right whichever of NUMA node and package contains the other. */
typedef enum par__level_t {
    PAR__LEVEL_CORE,
    PAR__LEVEL_L2,
    PAR__LEVEL_L3,
    PAR__LEVEL_CLUSTER, /* die or group of cores inside NUMA node and package */
    PAR__LEVEL_NUMA,
    PAR__LEVEL_PACKAGE,
    PAR__LEVEL_GROUP, /* what contains several of them */
    PAR__LEVEL_OUTER, /* a group of groups */
    PAR__N_LEVELS
} par__level_t;

typedef struct par__pu_t {
    int os;                /* the operating system's index */
    int at[PAR__N_LEVELS]; /* domain at each level, counted from 0 in machine order; -1: none */
    int kind;              /* index in kinds: the higher the faster */
    unsigned sibling;      /* which of the usable PUs of its core it is; 0 if not usable */
    bool usable;           /* this process may run there */
} par__pu_t;

#define PAR__MAX_KINDS 8

typedef struct par__machine_t {
    par__pu_t
        *pus; /* [n_pus] in machine order: neighbours in the table are neighbours in silicon */
    unsigned n_pus;
    unsigned n_usable;
    unsigned n_offline;      /* PUs that are switched off or left out of a description */
    unsigned n_memory_nodes; /* NUMA nodes, with or without PUs */
    unsigned n_kinds;        /* at least 1; 1: all cores alike, or nobody can tell */
    char kinds[PAR__MAX_KINDS][32];
    bool is_this_system;     /* false: a description of another machine, only to plan with */
    const char *flat_reason; /* why nothing but the PUs is known; NULL: everything is */
} par__machine_t;

/* Where the description comes from. Both NULL: this machine, unless HWLOC_XMLFILE or
 * HWLOC_SYNTHETIC name another. */
typedef struct par__source_t {
    const char *synthetic; /* as hwloc writes it: "pack:2 core:8 pu:2" */
    const char *xml_file;
} par__source_t;

/* Reads the machine by hwloc; usable are the PUs that hwloc calls allowed. On error *machine is
 * empty. Errors: PAR_ENOMEM, PAR_ETOPOLOGY. */
par_status_t par__topology_load(par__machine_t *machine, par__source_t source);

/* This machine for this process: par__topology_load, then restricted to cpus; without hwloc's help
 * the flat table of cpus. Errors: PAR_ENOMEM. */
par_status_t par__topology_load_here(par__machine_t *machine, const par__cpus_t *cpus);

/* The table that a list of CPUs alone gives: each its own core. reason is a literal that says why
 * there is no better one. Errors: PAR_ENOMEM. */
par_status_t
par__topology_make_flat(par__machine_t *machine, const par__cpus_t *cpus, const char *reason);

/* Makes exactly the listed CPUs usable. One that the table does not have (it came online after the
 * table was read) is appended with nothing known about it. Errors: PAR_ENOMEM. */
par_status_t par__topology_restrict(par__machine_t *machine, const par__cpus_t *cpus);

/* Counts usable and sibling anew after usable has changed. */
void par__topology_recount(par__machine_t *machine);

void par__topology_free(par__machine_t *machine);

/* The row of a PU in the table, -1 if it is not there. */
int par__topology_find(const par__machine_t *machine, int os);

/* How many domains of a level have a PU; usable: only usable PUs count. */
unsigned par__topology_count(const par__machine_t *machine, par__level_t level, bool usable);

/* 0: the same core and everything above; PAR__N_LEVELS: nothing shared but the machine. */
unsigned par__pu_distance(const par__pu_t *a, const par__pu_t *b);

/* The nearest thing that two PUs share: "core", "L2", ..., "machine". */
const char *par__pu_relation(const par__pu_t *a, const par__pu_t *b);

#endif
