/* report.h - machine, limits and plan together, to look at. */
#ifndef PAR_REPORT_H
#define PAR_REPORT_H

#include <stdio.h>

#include "placement.h"
#include "topology.h"

typedef struct par__report_t {
    par__machine_t machine;
    par__request_t request;
    par__plan_t plan;
} par__report_t;

/* Looks at the machine that source names and plans for it. threads, bind and places of ask are
 * obeyed; environment, quota and the caller's PU are filled in, the last two only if the machine is
 * this one. Errors: PAR_ENOMEM, PAR_ETOPOLOGY (source names a machine that cannot be read); report
 * is then empty. */
par_status_t
par__report_make(par__report_t *report, par__source_t source, const par__request_t *ask);

void par__report_free(par__report_t *report);

void par__report_print(FILE *file, const par__report_t *report);

#endif
