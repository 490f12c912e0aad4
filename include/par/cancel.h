/* cancel.h - asking work to stop: a flag that anybody may raise, and a deadline.
 *
 *     par_cancel_t stop;
 *     par_cancel_init(&stop, NULL, par_clock_ns() + 50 * 1000 * 1000);    // 50 ms from now
 *     par_options_t options = PAR_OPTIONS_INIT;
 *     options.cancel = &stop;
 *     int error = par_try_for(0, n, body, ctx, NULL, &options);           // perhaps PAR_ETIMEDOUT
 *
 * Nothing is ever interrupted: the loops of try.h ask before they start more work, and any task may
 * ask for itself, with par_cancel_status, and return early. */
#ifndef PAR_CANCEL_H
#define PAR_CANCEL_H

#include <par/api.h>
#include <par/error.h>

PAR_BEGIN_DECLS

/* A token: lives wherever its maker wants, without allocation, and longer than the calls that it is
 * given to. Initialise with PAR_CANCEL_INIT or par_cancel_init; then the fields belong to the
 * library. They are part of the ABI. Once a token says stop, it does not change any more. */
typedef struct par_cancel_t {
    int state;                   /* par_status_t: PAR_OK, or why to stop; atomic */
    int64_t deadline_ns;         /* on par_clock_ns; 0 = none */
    struct par_cancel_t *parent; /* its stop is ours; NULL = none */
} __attribute__((aligned(64))) par_cancel_t;

/* No parent, no deadline; for variables of any kind, static ones too. */
#define PAR_CANCEL_INIT                                                                            \
    {                                                                                              \
        PAR_OK, 0, NULL                                                                            \
    }

/** Makes a token, or makes it anew when nobody uses it.
 *
 * @param token        must not be NULL
 * @param parent       whatever stops it stops the token too, not the other way round; it must live
 *                     as long as the token; may be NULL
 * @param deadline_ns  the time, on par_clock_ns, from which on the token says stop; one in the past
 *                     says so at once; 0 = none
 *
 * Errors    none; a debug build stops with a sentence when token is NULL or its own parent
 * Threads   any; give the token to other threads afterwards
 * Since     0.1
 */
PAR_API void par_cancel_init(par_cancel_t *token, par_cancel_t *parent, int64_t deadline_ns);

/** Raises the flag: from now on the token says PAR_ECANCELED, unless its deadline was seen to have
 * passed before. May be called again, to no effect.
 *
 * @param token  must not be NULL
 *
 * Errors    none; a debug build stops with a sentence when token is NULL
 * Threads   any, signal handlers included
 * Order     what was written before is seen by those who see the flag
 * Blocking  never
 * Since     0.1
 */
PAR_API void par_cancel_request(par_cancel_t *token);

/* Looks at the deadline and the parent; never called by users. */
PAR_API par_status_t par_cancel_status_slow(par_cancel_t *token);

/** Is this work still wanted? PAR_OK: yes. PAR_ECANCELED: somebody called par_cancel_request.
 * PAR_ETIMEDOUT: the deadline has passed. The first reason stays.
 *
 * @param token  must not be NULL
 *
 * Errors    none
 * Threads   any, in tasks, loops or outside
 * Blocking  never
 * Cost      a load; with a deadline that has not passed, one look at the clock (20 to 50 ns); and the
 *           same for each parent, grandparent, ...
 * Since     0.1
 */
PAR_INLINE par_status_t par_cancel_status(par_cancel_t *token)
{
    int state = __atomic_load_n(&token->state, __ATOMIC_ACQUIRE);
    if (PAR_LIKELY(state == PAR_OK && token->deadline_ns == 0 && token->parent == NULL))
        return PAR_OK;
    return state != PAR_OK ? (par_status_t)state : par_cancel_status_slow(token);
}

/** Nanoseconds on a clock that never goes back, for deadlines and for measuring. It has no relation
 * to the time of day, and is never 0.
 *
 * Errors    none
 * Threads   any
 * Cost      20 to 50 ns
 * Since     0.1
 */
PAR_API int64_t par_clock_ns(void);

PAR_END_DECLS

#endif
