/* error.h - the status every fallible call returns.
 *
 * The contract, once for the whole library:
 *  - 0 is success, errors are negative, a number is never reused.
 *  - Only setup can fail (pools, OS threads, topology). Then *out is NULL and nothing was started.
 *  - A parallel call (join, scope, loop, map, reduce) cannot fail: without memory or threads the
 *    work runs in place. Those of try.h return what the body returned, or that they were told to
 *    stop.
 *  - A setup call that takes a callback and returns an error has not called it.
 *  - The library never exits, aborts in a release build, or installs a signal handler.
 *  - Misuse, which is what a header rules out, stops a debug build of the library with a sentence that
 *    says what to do: NULL where it must not be, an array that cannot exist, a size that makes no sense.
 *    A release build does what the header says of sizes and of arrays that cannot exist. A NULL it uses
 *    as if it were an array or a function, which is undefined, but where the header says what comes of
 *    it. */
#ifndef PAR_ERROR_H
#define PAR_ERROR_H

#include <par/api.h>

/* One list makes the enum, the names and the messages. */
#define PAR_ERROR_MAP(X)                                                                           \
    X(PAR_ENOMEM, -1, "out of memory")                                                             \
    X(PAR_EINVAL, -2, "invalid argument")                                                          \
    X(PAR_EAGAIN, -3, "the system refused another thread")                                         \
    X(PAR_EBIND, -4, "a thread could not be bound to its CPU")                                     \
    X(PAR_ETOPOLOGY, -5, "the hardware topology could not be read")                                \
    X(PAR_EBUSY, -6, "the call is not allowed from inside a parallel call of the same pool")       \
    X(PAR_EOVERFLOW, -7, "a size or a count does not fit in size_t")                               \
    X(PAR_ECANCELED, -8, "the call was asked to stop and has not done everything")                 \
    X(PAR_ETIMEDOUT, -9, "the deadline passed before everything was done")

typedef enum par_status_t {
    PAR_OK = 0,
#define PAR_X(name, value, text) name = (value),
    PAR_ERROR_MAP(PAR_X)
#undef PAR_X
} par_status_t;

PAR_BEGIN_DECLS

/** The sentence for a status, "success" for PAR_OK, "unknown status" for a number that is none.
 *
 * Errors    none
 * Threads   any
 * Since     0.1
 */
PAR_API const char *par_strerror(par_status_t status);

/** The name of a status as the source spells it, for example "PAR_ENOMEM".
 *
 * Errors    none
 * Threads   any
 * Since     0.1
 */
PAR_API const char *par_strstatus(par_status_t status);

PAR_END_DECLS

#endif
