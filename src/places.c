/* places.c - the order of the places, by policy.
 *
 * Every policy is one comparison "is a the better next place?", and the order is made by choosing
 * the best of those left, one after the other, because spread depends on what was chosen before.
 * That costs the square of the number of places: 26 ms for 1024, once at the start of a pool. */
#include "places.h"

#include <stdlib.h>
#include <string.h>

typedef struct candidate_t {
    const par__pu_t *pu;
    unsigned row;
    unsigned distance;            /* from the first place of the order */
    unsigned load[PAR__N_LEVELS]; /* places chosen so far in the same domain */
} candidate_t;

/* The tests of a policy, most important first: negative if a goes before b, 0 to ask the next. */
typedef int compare_fn(const candidate_t *a, const candidate_t *b);

static int by_sibling(const candidate_t *a, const candidate_t *b)
{
    return (a->pu->sibling > b->pu->sibling) - (a->pu->sibling < b->pu->sibling);
}

static int by_kind(const candidate_t *a, const candidate_t *b)
{
    return (b->pu->kind > a->pu->kind) - (b->pu->kind < a->pu->kind);
}

static int by_distance(const candidate_t *a, const candidate_t *b)
{
    return (a->distance > b->distance) - (a->distance < b->distance);
}

static int load_compare(const candidate_t *a, const candidate_t *b, int from, int to)
{
    for (int level = from; level >= to; level--)
        if (a->load[level] != b->load[level]) return a->load[level] < b->load[level] ? -1 : 1;
    return 0;
}

static int by_outer_load(const candidate_t *a, const candidate_t *b)
{
    return load_compare(a, b, PAR__LEVEL_OUTER, PAR__LEVEL_NUMA);
}

static int by_inner_load(const candidate_t *a, const candidate_t *b)
{
    return load_compare(a, b, PAR__LEVEL_CLUSTER, PAR__LEVEL_CORE);
}

static compare_fn *const cores_rules[] = {by_sibling, by_kind, NULL};
static compare_fn *const close_rules[] = {by_distance, by_kind, NULL};
static compare_fn *const spread_rules[] = {by_outer_load, by_sibling, by_kind, by_inner_load, NULL};

static compare_fn *const *rules_of(par_bind_t policy)
{
    if (policy == PAR_BIND_CLOSE) return close_rules;
    if (policy == PAR_BIND_SPREAD) return spread_rules;
    return cores_rules;
}

static bool is_better(const candidate_t *a, const candidate_t *b, compare_fn *const *rules)
{
    for (; *rules != NULL; rules++) {
        int c = (*rules)(a, b);
        if (c != 0) return c < 0;
    }
    return a->row < b->row;
}

static unsigned best_find(const candidate_t *list, unsigned n, compare_fn *const *rules)
{
    unsigned best = 0;
    for (unsigned i = 1; i < n; i++)
        if (is_better(&list[i], &list[best], rules)) best = i;
    return best;
}

static unsigned candidates_list(candidate_t *list, const par__machine_t *machine, par_places_t kind)
{
    unsigned n = 0;
    for (unsigned row = 0; row < machine->n_pus; row++) {
        const par__pu_t *pu = &machine->pus[row];
        if (!pu->usable || (kind == PAR_PLACES_CORES && pu->sibling > 0)) continue;
        list[n++] = (candidate_t){.pu = pu, .row = row};
    }
    return n;
}

/* The place that the caller occupies: its PU, or the core that its PU belongs to; n if none. */
static unsigned caller_find(const candidate_t *list,
                            unsigned n,
                            const par__machine_t *machine,
                            par_places_t kind,
                            int caller_pu)
{
    int row = par__topology_find(machine, caller_pu);
    if (row < 0 || !machine->pus[row].usable) return n;
    int core = machine->pus[row].at[PAR__LEVEL_CORE];
    for (unsigned i = 0; i < n; i++)
        if (kind == PAR_PLACES_CORES ? list[i].pu->at[PAR__LEVEL_CORE] == core
                                     : list[i].row == (unsigned)row)
            return i;
    return n;
}

/* Appends candidate i to the order and takes it from the list. */
static void place_take(par__places_t *out, candidate_t *list, unsigned *n, unsigned i)
{
    candidate_t taken = list[i];
    list[i] = list[--*n];
    for (unsigned k = 0; k < *n; k++) {
        if (out->n == 0) list[k].distance = par__pu_distance(list[k].pu, taken.pu);
        for (int level = 0; level < PAR__N_LEVELS; level++)
            list[k].load[level] +=
                taken.pu->at[level] >= 0 && taken.pu->at[level] == list[k].pu->at[level];
    }
    out->row[out->n++] = taken.row;
}

par_status_t par__places_order(par__places_t *out,
                               const par__machine_t *machine,
                               par_bind_t policy,
                               par_places_t kind,
                               int caller_pu)
{
    size_t room = machine->n_usable ? machine->n_usable : 1;
    candidate_t *list = malloc(room * sizeof *list);
    *out = (par__places_t){malloc(room * sizeof *out->row), 0, false};
    if (list == NULL || out->row == NULL) {
        free(list);
        par__places_free(out);
        return PAR_ENOMEM;
    }
    unsigned n = candidates_list(list, machine, kind);
    unsigned caller = caller_find(list, n, machine, kind, caller_pu);
    out->has_caller = caller < n;
    if (out->has_caller) place_take(out, list, &n, caller);
    while (n > 0)
        place_take(out, list, &n, best_find(list, n, rules_of(policy)));
    free(list);
    return PAR_OK;
}

void par__places_free(par__places_t *places)
{
    free(places->row);
    *places = (par__places_t){NULL, 0, false};
}
