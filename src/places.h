/* places.h - which place each worker takes: the policies, as pure functions of the table of PUs.
 *
 * A place is a core or a PU (par_places_t); it is named by the row of one PU in the table, for a
 * core that of its first usable PU. The caller always has the first place of the order, because it
 * runs where it runs; the others follow by policy:
 *
 *   cores   machine order, each core once before any core twice (places = threads), fast cores
 *           before slow ones. none orders in the same way and is used to count.
 *   close   near to far from the caller, so that neighbours share caches: the sibling threads of
 *           its core first, then its L2, its L3, ...; then fast before slow
 *   spread  always where fewest have gone: outermost domain first, each core once before any twice,
 *           fast before slow, then by caches: most cache and memory bandwidth for each worker */
#ifndef PAR_PLACES_H
#define PAR_PLACES_H

#include <par/error.h>
#include <par/pool.h>

#include "topology.h"

typedef struct par__places_t {
    unsigned *row; /* [n] in the order in which workers take them */
    unsigned n;
    bool has_caller; /* row[0] is where the caller runs; otherwise nobody knows where that is */
} par__places_t;

/* caller_pu: the PU by the system's index, -1 or not usable: unknown. policy and kind must not be
 * _DEFAULT. Errors: PAR_ENOMEM (out is empty). */
par_status_t par__places_order(par__places_t *out,
                               const par__machine_t *machine,
                               par_bind_t policy,
                               par_places_t kind,
                               int caller_pu);

void par__places_free(par__places_t *places);

#endif
