/* env.h - the environment variables that par reads, in one place. */
#ifndef PAR_ENV_H
#define PAR_ENV_H

#include <stdbool.h>
#include <stdint.h>

#include <par/pool.h>

/* What an unset variable leaves: 0, _DEFAULT, -1 and false. An empty value counts as unset. */
typedef struct par__env_t {
    unsigned num_threads; /* PAR_NUM_THREADS: 1 to PAR__MAX_THREADS; 0: not given */
    par_bind_t bind;      /* PAR_BIND: none, cores, close, spread */
    par_places_t places;  /* PAR_PLACES: cores, threads */
    int64_t spin_ns;      /* PAR_SPIN_US, converted; -1: not given */
    bool stats;           /* PAR_STATS: 0 or 1 */
} par__env_t;

#define PAR__ENV_MAX_SPIN_US 1000000000 /* a quarter of an hour */

/* Reads all of them. A value that cannot be understood leaves the default and is reported on
 * stderr, once for each variable in the life of the process. Threads: any; like getenv, not while
 * another thread changes the environment. */
void par__env_read(par__env_t *out);

/* The same from any source, for tests: lookup gives a value or NULL, complain gets one sentence for
 * each value that was not understood; index is the variable's number, from 0 to PAR__ENV_N - 1. */
#define PAR__ENV_N 5
typedef const char *par__env_lookup_fn(const char *name, void *ctx);
typedef void par__env_complain_fn(unsigned index, const char *sentence, void *ctx);
void par__env_parse(par__env_t *out,
                    par__env_lookup_fn *lookup,
                    par__env_complain_fn *complain,
                    void *ctx);

/* The words of the policies, as the environment spells them; "default" for _DEFAULT. */
const char *par__env_bind_name(par_bind_t bind);
const char *par__env_places_name(par_places_t places);

/* Reads one word; false, with *out untouched, when it is none of those that are accepted. */
bool par__env_bind_parse(const char *text, par_bind_t *out);
bool par__env_places_parse(const char *text, par_places_t *out);

/* Reads a whole number from min to max in decimal digits, blanks around it allowed; false, with
 * *out untouched, for anything else. */
bool par__env_number_parse(const char *text, uint64_t min, uint64_t max, uint64_t *out);

#define PAR__ENV_BIND_WORDS   "none, cores, close, spread"
#define PAR__ENV_PLACES_WORDS "cores, threads"

#endif
