/* misuse.h - a public function of this layer was called wrongly: a debug build stops with file, line
 * and a sentence that says what to do; a release build goes on. PAR_CHECKS as in the core. */
#ifndef PAR_MISUSE_H
#define PAR_MISUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if !defined(PAR_CHECKS)
#    if defined(NDEBUG)
#        define PAR_CHECKS 0
#    else
#        define PAR_CHECKS 1
#    endif
#endif

#if PAR_CHECKS >= 1
/* Prints "par: FILE:LINE: FUNCTION: SENTENCE" on stderr and aborts. */
__attribute__((noreturn, cold)) void
par__misuse_stop(const char *file, int line, const char *function, const char *sentence);
#    define PAR__MISUSE_OF(function, cond, sentence)                                               \
        ((cond) ? (void)0 : par__misuse_stop(__FILE__, __LINE__, function, sentence))
#else
#    define PAR__MISUSE_OF(function, cond, sentence) ((void)(function))
#endif

/* The first form is for a helper: function is the __func__ of the one that the user called. */
#define PAR__MISUSE(cond, sentence) PAR__MISUSE_OF(__func__, cond, sentence)

/* Can there be n elements of this size? No array has more than PTRDIFF_MAX bytes, so what does not fit is a
 * mistake, for example -1 made unsigned. */
static inline bool par__array_exists(size_t n, size_t size)
{
    size_t bytes;
    return !__builtin_mul_overflow(n, size, &bytes) && bytes <= PTRDIFF_MAX;
}

/* The same for a type; n becomes 0. A comparison with a constant. */
#define PAR__LIMIT_ITEMS(n, type)                                                                  \
    PAR__MISUSE((n) <= PTRDIFF_MAX / sizeof(type), "n is too large; no array has so many items");  \
    if ((n) > PTRDIFF_MAX / sizeof(type)) (n) = 0

#endif
