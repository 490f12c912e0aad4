/* api.h - what every public header needs from the compiler.
 *
 * PAR_API marks each exported declaration; nothing else leaves the library. The headers compile
 * as C11 and as C++11 with gcc and clang. */
#ifndef PAR_API_H
#define PAR_API_H

#include <stddef.h>
#include <stdint.h>

#if !defined(__GNUC__)
#    error "par needs a compiler with the __atomic builtins and GNU attributes (gcc or clang)"
#endif

#ifdef __cplusplus
#    define PAR_BEGIN_DECLS      extern "C" {
#    define PAR_END_DECLS        }
#    define PAR_PP_STATIC_ASSERT static_assert
#else
#    define PAR_BEGIN_DECLS
#    define PAR_END_DECLS
#    define PAR_PP_STATIC_ASSERT _Static_assert
#endif

#define PAR_API         __attribute__((visibility("default")))
#define PAR_INLINE      static inline __attribute__((always_inline, unused))
#define PAR_LIKELY(x)   __builtin_expect(!!(x), 1)
#define PAR_UNLIKELY(x) __builtin_expect(!!(x), 0)

/* In front of a call: it stays one of its own, where clang would share one indirect call with its twin. */
#if defined(__clang__) && __has_attribute(nomerge)
#    define PAR__OWN_CALL __attribute__((nomerge))
#else
#    define PAR__OWN_CALL
#endif

/* Callbacks are function types; ctx is the caller's and passed through untouched. */
PAR_BEGIN_DECLS
typedef void par_task_fn(void *ctx);
PAR_END_DECLS

#endif
