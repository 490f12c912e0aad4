/* placement.h - which worker runs where, and whom it robs first. */
#ifndef PAR_PLACEMENT_H
#define PAR_PLACEMENT_H

#include <par/error.h>
#include <par/pool.h>

#include "env.h"
#include "limit.h"
#include "topology.h"

/* Worker 0 is the caller, which is never bound; workers 1 .. n_workers - 1 are threads of the pool. */
typedef struct par__plan_t {
    unsigned n_workers; /* at least 1 */
    int *pu;            /* [n_workers] operating system index of the PU to bind to, -1 = unbound */
    unsigned *victims;  /* [n_workers][n_workers - 1] the other workers, near to far */
    char why[512];      /* one or two sentences: how n_workers came about */

    int caller_place;    /* the PU that is left to the caller, -1: unknown */
    par_bind_t bind;     /* what decided, never _DEFAULT; NONE when nobody is bound */
    bool may_move;       /* bound, but by no policy that somebody asked for by name (seat.h) */
    par_places_t places; /* never _DEFAULT */

    /* What an unbound thread of the pool has to be allowed, when the thread that creates it is
     * allowed less (somebody bound it) and would pass that on; NULL when it inherits enough. */
    int *cpus;
    unsigned n_cpus;
} par__plan_t;

/* Makes the plan for a pool of this process on this machine. threads, bind and places are what the
 * pool's options say (0 and _DEFAULT: the environment, then the machine decides). caller_pu is where
 * the calling thread runs now (-1 = unknown): no worker of the pool is put there while another place
 * is free. Errors: PAR_ENOMEM; PAR_ETOPOLOGY cannot happen: without hwloc's help the plan is unbound
 * and says so. */
par_status_t par__plan_make(
    par__plan_t *plan, unsigned threads, par_bind_t bind, par_places_t places, int caller_pu);

void par__plan_free(par__plan_t *plan);

/* Everything that a plan depends on besides the machine. */
typedef struct par__request_t {
    unsigned threads;    /* exactly so many workers; 0: as many as the limits allow */
    par_bind_t bind;     /* _DEFAULT: env, then cores where that cannot do harm */
    par_places_t places; /* _DEFAULT: env, then cores */
    int caller_pu;       /* -1: unknown */
    par__env_t env;
    par__quota_t quota;
} par__request_t;

/* A request that asks for nothing. */
extern const par__request_t par__request_none;

/* The plan as a pure function of a table and a request. Errors: PAR_ENOMEM (plan is empty). */
par_status_t
par__plan_on(par__plan_t *plan, const par__machine_t *machine, const par__request_t *request);

#endif
