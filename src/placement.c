/* placement.c - from machine and limits to a plan: how many workers, where, whom they rob.
 *
 * How many. As many as there are places (cores or PUs that the process may use), cut by the CPU
 * quota, cut by PAR_NUM_THREADS. A pool that asks for a number gets it.
 *
 * Bound or not. Binding helps dynamic work on a machine that is ours; it hurts when several bound
 * programs meet on the same few cores while others are idle. A plan that uses every place cannot
 * choose wrongly; one that uses a part of them (a quota, PAR_NUM_THREADS, one process of many)
 * would choose the same cores as its neighbour. So by default only full plans are bound; whoever
 * asks for a policy gets it. More workers than places are never bound: only the kernel knows which
 * of them have work. */
#include "placement.h"

#include "places.h"
#include "platform.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const par__request_t par__request_none = {
    .caller_pu = -1,
    .env = {.spin_ns = -1},
};

/* ---- words ---- */

/* Appends to why; what does not fit is cut. */
__attribute__((format(printf, 2, 3))) static void
plan_say(par__plan_t *plan, const char *format, ...)
{
    size_t used = strlen(plan->why);
    va_list args;
    va_start(args, format);
    vsnprintf(plan->why + used, sizeof plan->why - used, format, args);
    va_end(args);
}

static const char *plural(unsigned n)
{
    return n == 1 ? "" : "s";
}

static void machine_say(par__plan_t *plan, const par__machine_t *machine, unsigned n_places)
{
    bool is_cores = plan->places == PAR_PLACES_CORES;
    const char *unit = is_cores ? "core" : "hardware thread";
    unsigned total =
        is_cores ? par__topology_count(machine, PAR__LEVEL_CORE, false) : machine->n_pus;
    if (machine->n_usable == 0)
        plan_say(plan, "neither hwloc nor the system tells which CPUs there are: 1 place");
    else if (machine->flat_reason != NULL)
        plan_say(plan, "%s; the affinity mask has %u CPU%s", machine->flat_reason,
                 machine->n_usable, plural(machine->n_usable));
    else
        plan_say(plan, "%s %u of %u %s%s%s",
                 machine->is_this_system ? "the affinity mask allows" : "the description allows",
                 n_places, total, unit, plural(total), is_cores ? "" : " (PAR_PLACES=threads)");
}

/* ---- how many ---- */

static unsigned quota_cut(par__plan_t *plan, const par__quota_t *quota, unsigned n)
{
    if (quota->unreadable[0] != '\0')
        plan_say(plan, "; no CPU quota can be read in %s", quota->unreadable);
    unsigned paid = par__limit_quota_workers(quota);
    if (paid == 0) return n;
    plan_say(plan, "; the CPU quota of %u.%02u (%s) %s %u", (unsigned)(quota->milli / 1000),
             (unsigned)(quota->milli % 1000 / 10), quota->where,
             paid < n ? "cuts that to" : "would allow", paid);
    return paid < n ? paid : n;
}

static unsigned env_cut(par__plan_t *plan, unsigned wanted, unsigned n)
{
    if (wanted == 0) return n;
    plan_say(plan, "; PAR_NUM_THREADS=%u %s", wanted,
             wanted < n ? "cuts that" : "does not cut further");
    return wanted < n ? wanted : n;
}

static unsigned workers_count(par__plan_t *plan, const par__request_t *request, unsigned n_places)
{
    unsigned n = request->threads;
    if (n == 0)
        n = env_cut(plan, request->env.num_threads, quota_cut(plan, &request->quota, n_places));
    else
        plan_say(plan, "; %u asked for explicitly", n);
    if (n <= PAR__MAX_THREADS) return n;
    plan_say(plan, ", %u is the most", PAR__MAX_THREADS);
    return PAR__MAX_THREADS;
}

/* ---- where ---- */

/* The reason not to bind, or NULL. asked: somebody wants a policy by name. */
static const char *unbound_reason(const par__plan_t *plan,
                                  const par__machine_t *machine,
                                  unsigned n_places,
                                  bool asked)
{
    if (plan->bind == PAR_BIND_NONE) return "PAR_BIND_NONE";
    if (machine->flat_reason != NULL) return "the machine is unknown";
    if (plan->n_workers > n_places) return "more workers than places";
    if (plan->n_workers == 1) return "the caller is the only worker";
    if (plan->n_workers < n_places && !asked)
        return "it would crowd out others while places are free; set PAR_BIND to bind";
    return NULL;
}

static void workers_bind(par__plan_t *plan,
                         const par__machine_t *machine,
                         const par__places_t *places,
                         bool asked)
{
    const char *reason = unbound_reason(plan, machine, places->n, asked);
    for (unsigned i = 0; i < plan->n_workers; i++)
        plan->pu[i] = reason || i == 0 ? -1 : machine->pus[places->row[i]].os;
    if (places->has_caller || reason == NULL) plan->caller_place = machine->pus[places->row[0]].os;
    if (reason == NULL) {
        plan->may_move = !asked;
        plan_say(plan, ". Bound: %s.", par__env_bind_name(plan->bind));
        return;
    }
    plan->bind = PAR_BIND_NONE;
    plan_say(plan, ". Not bound: %s.", reason);
}

/* ---- whom to rob ---- */

/* Appends the workers that are apart by exactly d from w, and says how many there are. Everybody
 * nearer to w than d sees the same ones: each of them starts at another, by its rank among them, and
 * the first of them starts at the next one after itself. So a domain does not fall on one victim. */
static unsigned
victims_append(unsigned *out, const unsigned char *apart, unsigned n, unsigned w, unsigned d)
{
    unsigned first = w, rank = 0, found = 0, before = 0;
    for (unsigned v = 0; v < n; v++)
        if (v != w && apart[v] < d) {
            if (v < first) first = v;
            rank += v < w;
        }
    for (unsigned v = 0; v < n; v++)
        if (v != w && apart[v] == d) {
            before += v < first;
            found++;
        }
    if (found == 0) return 0;
    unsigned at =
        2 * found - (before + rank) % found; /* class member (before + rank) comes first */
    for (unsigned v = 0; v < n; v++)
        if (v != w && apart[v] == d) out[at++ % found] = v;
    return found;
}

/* Sorts the other workers into row w, near to far. */
static void victims_sort(par__plan_t *plan, unsigned w, const unsigned char *apart)
{
    unsigned n = plan->n_workers;
    unsigned *out = plan->victims + (size_t)w * (n - 1);
    for (unsigned d = 0; d <= PAR__N_LEVELS; d++)
        out += victims_append(out, apart, n, w, d);
}

static par_status_t
victims_order(par__plan_t *plan, const par__machine_t *machine, const par__places_t *places)
{
    unsigned n = plan->n_workers;
    unsigned char *apart = calloc(n, 1);
    if (apart == NULL) return PAR_ENOMEM;
    for (unsigned w = 0; w < n; w++) {
        for (unsigned v = 0; v < n && plan->bind != PAR_BIND_NONE; v++)
            apart[v] = (unsigned char)par__pu_distance(&machine->pus[places->row[w]],
                                                       &machine->pus[places->row[v]]);
        victims_sort(plan, w, apart);
    }
    free(apart);
    return PAR_OK;
}

/* ---- the plan ---- */

static par_status_t plan_allocate(par__plan_t *plan)
{
    size_t n = plan->n_workers;
    plan->pu = malloc(n * sizeof *plan->pu);
    plan->victims = malloc((n * (n - 1) + 1) * sizeof *plan->victims);
    return plan->pu != NULL && plan->victims != NULL ? PAR_OK : PAR_ENOMEM;
}

static bool policy_resolve(par__plan_t *plan, const par__request_t *request)
{
    plan->bind = request->bind != PAR_BIND_DEFAULT ? request->bind : request->env.bind;
    plan->places = request->places != PAR_PLACES_DEFAULT ? request->places : request->env.places;
    if (plan->places == PAR_PLACES_DEFAULT) plan->places = PAR_PLACES_CORES;
    bool asked = plan->bind != PAR_BIND_DEFAULT;
    if (!asked) plan->bind = PAR_BIND_CORES;
    return asked;
}

par_status_t
par__plan_on(par__plan_t *plan, const par__machine_t *machine, const par__request_t *request)
{
    memset(plan, 0, sizeof *plan);
    plan->caller_place = -1;
    bool asked = policy_resolve(plan, request);
    par__places_t places;
    par_status_t status =
        par__places_order(&places, machine, plan->bind, plan->places, request->caller_pu);
    if (status != PAR_OK) return status;

    unsigned n_places = places.n ? places.n : 1;
    machine_say(plan, machine, n_places);
    plan->n_workers = workers_count(plan, request, n_places);
    status = plan_allocate(plan);
    if (status == PAR_OK) {
        workers_bind(plan, machine, &places, asked);
        status = victims_order(plan, machine, &places);
    }
    par__places_free(&places);
    if (status != PAR_OK) par__plan_free(plan);
    return status;
}

/* The machine to run on, never a described one: that is only to look at. */
static par_status_t machine_here(par__machine_t *machine, const par__cpus_t *cpus)
{
    par_status_t status = par__topology_load_here(machine, cpus);
    if (status != PAR_OK || machine->is_this_system) return status;
    par__topology_free(machine);
    return par__topology_make_flat(machine, cpus, "hwloc was told to describe another machine");
}

par_status_t par__plan_make(
    par__plan_t *plan, unsigned threads, par_bind_t bind, par_places_t places, int caller_pu)
{
    par__request_t request = {
        .threads = threads, .bind = bind, .places = places, .caller_pu = caller_pu};
    par__cpus_t cpus;
    par__machine_t machine;
    memset(plan, 0, sizeof *plan);
    par_status_t status = par__limit_cpus(&cpus);
    if (status != PAR_OK) return status;
    par__env_read(&request.env);
    par__limit_quota(&request.quota, "");
    status = machine_here(&machine, &cpus);
    if (status == PAR_OK) {
        status = par__plan_on(plan, &machine, &request);
        par__topology_free(&machine);
    }
    if (status == PAR_OK && cpus.caller_is_limited) {
        plan->cpus = cpus.os;
        plan->n_cpus = cpus.n;
        cpus.os = NULL;
    }
    par__limit_free(&cpus);
    return status;
}

void par__plan_free(par__plan_t *plan)
{
    free(plan->pu);
    free(plan->victims);
    free(plan->cpus);
    memset(plan, 0, sizeof *plan);
}
