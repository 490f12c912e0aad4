/* limit.h - what the operating system lets this process use: CPUs and CPU time. */
#ifndef PAR_LIMIT_H
#define PAR_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include <par/error.h>

/* A set of CPUs by the operating system's index, ascending. */
typedef struct par__cpus_t {
    int *os;
    unsigned n;             /* 0: the system does not tell */
    bool caller_is_limited; /* the calling thread may use only a part of them */
} par__cpus_t;

/* The CPUs that this process may use: those of its main thread and of the calling thread. The
 * second alone is too few when another runtime has bound the caller, the first alone when it has
 * bound the main thread. Errors: PAR_ENOMEM; a system that does not tell gives an empty set. */
par_status_t par__limit_cpus(par__cpus_t *out);

void par__limit_free(par__cpus_t *cpus);

/* How much CPU time the control groups (cgroups) of the process grant. */
typedef struct par__quota_t {
    uint64_t milli;       /* thousandths of a CPU; 0: no limit */
    char where[128];      /* the file that says so; "" without a limit */
    char unreadable[128]; /* a file that should hold a limit and holds something else; "" if none */
} par__quota_t;

/* The smallest quota of the process's control group and all its ancestors, versions 1 and 2. Files
 * are looked for under root: "" for the running system, a directory for tests. */
void par__limit_quota(par__quota_t *out, const char *root);

/* Workers that a quota pays for: rounded to the nearest, at least 1; 0 without a limit. One worker
 * too many makes the kernel stop all of them at once near the end of every period, with a join in
 * flight; one too few leaves CPU time unused. Rounding bounds either error by half a CPU. */
unsigned par__limit_quota_workers(const par__quota_t *quota);

#endif
