/* limit_linux.c - the affinity mask of the process. Other systems: none is known. */
#if defined(__linux__)
#    define _GNU_SOURCE
#endif
#include "limit.h"

#include <stdlib.h>

void par__limit_free(par__cpus_t *cpus)
{
    free(cpus->os);
    *cpus = (par__cpus_t){NULL, 0, false};
}

#if defined(__linux__)
#    include <errno.h>
#    include <sched.h>
#    include <unistd.h>

#    define MAX_CPUS (1 << 20) /* far above any kernel's; ends the search for the mask's size */

/* A mask and its size; n is the number of CPUs that it has room for. */
typedef struct mask_t {
    cpu_set_t *set;
    size_t bytes;
    int n;
} mask_t;

/* The kernel refuses a set smaller than its own, whose size nothing tells: try larger ones. A set
 * that was not filled is empty (set is NULL). Returns false without memory. */
static bool mask_get(mask_t *mask, pid_t id)
{
    for (int n = CPU_SETSIZE; n <= MAX_CPUS; n *= 2) {
        *mask = (mask_t){CPU_ALLOC((size_t)n), CPU_ALLOC_SIZE((size_t)n), n};
        if (mask->set == NULL) return false;
        if (sched_getaffinity(id, mask->bytes, mask->set) == 0) return true;
        CPU_FREE(mask->set);
        mask->set = NULL;
        if (errno != EINVAL) break;
    }
    *mask = (mask_t){NULL, 0, 0};
    return true;
}

static bool mask_has(const mask_t *mask, int cpu)
{
    return cpu < mask->n && CPU_ISSET_S((size_t)cpu, mask->bytes, mask->set);
}

static par_status_t list_union(par__cpus_t *out, const mask_t *process, const mask_t *caller)
{
    int n = process->n > caller->n ? process->n : caller->n;
    if (n == 0) return PAR_OK;
    out->os = malloc((size_t)n * sizeof *out->os);
    if (out->os == NULL) return PAR_ENOMEM;
    for (int cpu = 0; cpu < n; cpu++) {
        bool mine = mask_has(caller, cpu);
        if (!mine && !mask_has(process, cpu)) continue;
        out->os[out->n++] = cpu;
        out->caller_is_limited |= !mine;
    }
    return PAR_OK;
}

par_status_t par__limit_cpus(par__cpus_t *out)
{
    mask_t process = {NULL, 0, 0}, caller = {NULL, 0, 0};
    *out = (par__cpus_t){NULL, 0, false};
    par_status_t status = PAR_ENOMEM;
    if (mask_get(&process, getpid()) && mask_get(&caller, 0))
        status = list_union(out, &process, &caller);
    if (process.set != NULL) CPU_FREE(process.set);
    if (caller.set != NULL) CPU_FREE(caller.set);
    return status;
}
#else
par_status_t par__limit_cpus(par__cpus_t *out)
{
    *out = (par__cpus_t){NULL, 0, false};
    return PAR_OK;
}
#endif
