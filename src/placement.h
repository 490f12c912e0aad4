/* placement.h - which worker runs where, and whom it robs first. */
#ifndef PAR_PLACEMENT_H
#define PAR_PLACEMENT_H

#include <par/error.h>
#include <par/pool.h>

/* Worker 0 is the caller, which is never bound; workers 1 .. n_workers - 1 are threads of the pool. */
typedef struct par__plan_t {
    unsigned n_workers; /* at least 1 */
    int *pu;            /* [n_workers] operating system index of the PU to bind to, -1 = unbound */
    unsigned *victims;  /* [n_workers][n_workers - 1] the other workers, near to far */
    char why[512];      /* one or two sentences: how n_workers came about */
} par__plan_t;

/* Makes the plan for a pool of this process on this machine. threads, bind and places are what the
 * pool's options say (0 and _DEFAULT: the environment, then the machine decides). caller_pu is where
 * the calling thread runs now (-1 = unknown): no worker of the pool is put there while another place
 * is free. Errors: PAR_ENOMEM; PAR_ETOPOLOGY cannot happen: without hwloc's help the plan is unbound
 * and says so. */
par_status_t par__plan_make(
    par__plan_t *plan, unsigned threads, par_bind_t bind, par_places_t places, int caller_pu);

void par__plan_free(par__plan_t *plan);

#endif
