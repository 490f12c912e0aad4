/* check.h - three levels of checking.
 *
 *   PAR__MISUSE(cond, "what to do")  a public function was called wrongly: a debug build stops
 *                                    with file, line and the sentence; a release build goes on
 *   PAR__ASSERT(cond)                an invariant of the core, cheap; debug builds
 *   PAR__INVARIANT(cond)             the same, costly; only with -DPAR_CHECKS=2
 *
 * PAR_CHECKS is 0 in release builds (NDEBUG), 1 otherwise, unless the build sets it. */
#ifndef PAR_CHECK_H
#define PAR_CHECK_H

#if !defined(PAR_CHECKS)
#    if defined(NDEBUG)
#        define PAR_CHECKS 0
#    else
#        define PAR_CHECKS 1
#    endif
#endif

#if PAR_CHECKS >= 1
/* Prints "par: FILE:LINE: FUNCTION: MESSAGE" on stderr and aborts. */
__attribute__((noreturn, cold)) void
par__check_failed(const char *file, int line, const char *function, const char *message);
#    define PAR__MISUSE_OF(function, cond, sentence)                                               \
        ((cond) ? (void)0 : par__check_failed(__FILE__, __LINE__, function, sentence))
#    define PAR__ASSERT(cond)                                                                      \
        ((cond) ? (void)0                                                                          \
                : par__check_failed(__FILE__, __LINE__, __func__,                                  \
                                    "internal: " #cond " does not hold; please report this"))
#else
#    define PAR__MISUSE_OF(function, cond, sentence) ((void)0)
#    define PAR__ASSERT(cond)                        ((void)0)
#endif

/* The first form is for a function that the user did not call by name. */
#define PAR__MISUSE(cond, sentence) PAR__MISUSE_OF(__func__, cond, sentence)

#if PAR_CHECKS >= 2
#    define PAR__INVARIANT(cond) PAR__ASSERT(cond)
#else
#    define PAR__INVARIANT(cond) ((void)0)
#endif

#endif
