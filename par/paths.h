/* paths.h - which path of an algorithm this machine runs.
 *
 * A path is a table of functions that are compiled for one kind of vectors, in a file of its own with
 * attributes of its own. Every algorithm has the portable one; those for AVX2 and AVX-512 are there on
 * x86-64 only. Of a kind of which an algorithm has no path it names the next lesser one:
 *
 *     static const par__marks_t *const paths[] =
 *         PAR__PATHS(&par__marks_portable, &par__marks_avx2, &par__marks_avx2);
 *
 * paths[par__paths_best()] is what this machine runs, in about a nanosecond. */
#ifndef PAR_PATHS_H
#define PAR_PATHS_H

#include <stddef.h>

#if defined(__x86_64__)

#    define PAR__PATHS(portable, avx2, avx512)                                                     \
        {                                                                                          \
            portable, avx2, avx512                                                                 \
        }

/* A path may use what is asked for here, and has to name it in its attribute. */
static inline size_t par__paths_best(void)
{
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt"))
        return 2;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") ? 1 : 0;
}

#else

#    define PAR__PATHS(portable, avx2, avx512)                                                     \
        {                                                                                          \
            portable                                                                               \
        }

static inline size_t par__paths_best(void)
{
    return 0;
}

#endif

/* Every path that this machine can run, the best first, each once, and NULL behind them: for the tests. */
#define PAR__PATHS_LIST(list, paths)                                                               \
    do {                                                                                           \
        size_t n_listed = 0;                                                                       \
        for (size_t path = par__paths_best() + 1; path-- > 0;)                                     \
            if (n_listed == 0 || (list)[n_listed - 1] != (paths)[path])                            \
                (list)[n_listed++] = (paths)[path];                                                \
        (list)[n_listed] = NULL;                                                                   \
    } while (0)

#endif
