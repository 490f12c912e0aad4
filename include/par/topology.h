/* topology.h - the machine as par sees it, and why it chose so many workers.
 *
 * Workers of the default pool = places that the process may use (its affinity mask; a place is a
 * core, or a hardware thread with PAR_PLACES=threads), cut by the CPU quota of its control groups
 * and their ancestors, cut by PAR_NUM_THREADS. The program par-info prints the same.
 *
 * HWLOC_XMLFILE and HWLOC_SYNTHETIC name another machine to look at: what is told here is then the
 * plan for that machine, to which the mask and the quota of this process do not apply. Pools never
 * follow them. */
#ifndef PAR_TOPOLOGY_H
#define PAR_TOPOLOGY_H

#include <stdio.h>

#include <par/api.h>
#include <par/error.h>
#include <par/pool.h>

PAR_BEGIN_DECLS

/* Start from PAR_TOPOLOGY_INFO_INIT: fields that are appended later are then left alone. A count of
 * caches or packages is 0 where the system does not tell. */
typedef struct par_topology_info_t {
    size_t struct_size;    /* bytes; set by PAR_TOPOLOGY_INFO_INIT */
    unsigned packages;     /* of the whole machine, as are the next seven */
    unsigned numa_nodes;   /* with or without cores */
    unsigned l3_caches;    /* */
    unsigned l2_caches;    /* */
    unsigned cores;        /* physical cores with at least one hardware thread switched on */
    unsigned core_kinds;   /* 1: all alike, or unknown; 2: performance and efficiency cores */
    unsigned pus;          /* hardware threads that are switched on */
    unsigned offline_pus;  /* those switched off, or left out of a description */
    unsigned usable_cores; /* cores with at least one usable hardware thread */
    unsigned usable_pus;   /* what the affinity mask allows; of a described machine: its own set */
    uint64_t quota_milli;  /* CPU quota in thousandths of a CPU; 0: no limit */
    unsigned workers;      /* of the default pool as it would be started now, the caller included */
    par_bind_t bind;       /* in force then; PAR_BIND_NONE: nobody is bound */
    par_places_t places;   /* in force then */
    int is_this_machine;   /* 0: the description of another machine */
    char why[512];         /* how workers and bind came about, as text */
} par_topology_info_t;

#define PAR_TOPOLOGY_INFO_INIT                                                                     \
    {                                                                                              \
        sizeof(par_topology_info_t), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, PAR_BIND_DEFAULT,         \
            PAR_PLACES_DEFAULT, 0,                                                                 \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }

/** Looks at the machine and its limits anew and fills info.
 *
 * @param info  its struct_size says how much of it is filled; must not be NULL
 *
 * Errors    PAR_EINVAL (info is NULL, struct_size is 0), PAR_ENOMEM; info is then unchanged. A machine
 *           that hwloc cannot read is no error: why says so, and the affinity mask is what counts.
 * Threads   any; like getenv, not while another thread changes the environment
 * Blocking  reads files of the system
 * Cost      milliseconds
 * Since     0.1
 */
PAR_API par_status_t par_topology_query(par_topology_info_t *info);

/** Prints the machine, the limits, how many workers the default pool would have and why, and for
 * each where it would be bound and whom it would rob first.
 *
 * @param file  NULL means stderr
 *
 * Errors    none; without memory it prints a sentence that says so
 * Threads   any; as par_topology_query
 * Since     0.1
 */
PAR_API void par_topology_print(FILE *file);

PAR_END_DECLS

#endif
