/* thread.h - scoped threads of the operating system, for work that blocks: files, sockets, locks,
 * a library that wants a thread of its own. (For work that computes, join.h, scope.h and the loops
 * are far cheaper.)
 *
 *     PAR_THREAD_SCOPE (s) {
 *         par_thread_spawn(&s, NULL, read_input, &in, NULL);
 *         par_thread_spawn(&s, NULL, write_output, &out, NULL);
 *     }                              // both threads have ended here, whatever way the block is left
 *
 * The threads may borrow the stack of the function that opened the scope: nothing leaves the scope
 * before all of them have ended and are joined. They are threads of the program, not workers: they
 * inherit the signal mask of the thread that spawns them, and when one of them makes a parallel
 * call it takes part in the default pool like any other thread. */
#ifndef PAR_THREAD_H
#define PAR_THREAD_H

#include <par/api.h>
#include <par/error.h>

PAR_BEGIN_DECLS

/* A scope lives on its opener's stack. The fields belong to the library; the size is part of the
 * ABI. The first seven threads need no allocation. */
typedef struct par_thread_scope_t {
    uint64_t par_private[64];
} par_thread_scope_t;

/* A thread of a scope. The scope owns it: it needs no release, and it is valid until the scope has
 * ended, joined or not. */
typedef struct par_thread_t par_thread_t;

/* The body of a thread: 0 is success, anything else is a failure in the program's own numbers or
 * a par_status_t. Larger results go through ctx. It ends by returning, not by pthread_exit. */
typedef int par_thread_fn(void *ctx);

/* Start from PAR_THREAD_OPTIONS_INIT: fields that are appended later then get their default. */
typedef struct par_thread_options_t {
    size_t struct_size;   /* bytes; set by PAR_THREAD_OPTIONS_INIT */
    const char *name;     /* for debuggers and top, 15 bytes count; NULL or "" = as the spawner */
    size_t stack_bytes;   /* raised to the system's minimum; 0 = the system's default */
    const unsigned *cpus; /* [n_cpus] the operating system's indices of CPUs it may run on */
    size_t n_cpus;        /* 0 = wherever the spawner may run; then cpus is not read */
    int bind_strict;      /* not 0: PAR_EBIND if none of cpus can be used; 0: unbound then */
} par_thread_options_t;

#define PAR_THREAD_OPTIONS_INIT                                                                    \
    {                                                                                              \
        sizeof(par_thread_options_t), NULL, 0, NULL, 0, 0                                          \
    }

/** Opens a scope.
 *
 * @param scope  storage for it, usually a local variable; must not be NULL and must not move
 *
 * Errors    PAR_EINVAL: scope is NULL (a debug build stops with a sentence)
 * Threads   any; the thread that opens a scope is the one that spawns, joins and ends
 * Blocking  never
 * Cost      O(1), no allocation
 * Since     0.1
 */
PAR_API par_status_t par_thread_scope_begin(par_thread_scope_t *scope);

/** Starts a thread that runs fn(ctx), borrowing ctx: it must live until the thread is joined.
 *
 * @param scope    an open scope of this thread
 * @param out      receives the thread, to join it by hand; NULL on error. May be NULL: the end of
 *                 the scope joins it
 * @param fn       the body; must not be NULL
 * @param ctx      its argument, passed through; may be NULL
 * @param options  read before the call returns; NULL means all defaults
 *
 * Errors    PAR_EAGAIN: the system refused another thread (a limit, or no memory for its stack);
 *           PAR_ENOMEM: no memory for the library's record (from the eighth thread on) or the
 *           system's; PAR_EBIND: none of cpus can be used, only with bind_strict; PAR_EINVAL:
 *           options with a wrong struct_size, cpus NULL with n_cpus not 0, or a stack_bytes that no
 *           address space has. After an error fn was not called, nothing is left over and the scope
 *           can be used as before.
 *           PAR_EINVAL too when scope is not an open scope of this thread or fn is NULL (a debug
 *           build stops with a sentence)
 * Threads   the opener of the scope; a thread of the scope opens a scope of its own
 * Order     what the caller wrote before the call is seen by fn
 * Blocking  not for fn; with n_cpus not 0 until the thread has started and bound itself
 * Cost      one thread of the operating system: tens of microseconds
 * Source    the contract of std::thread::scope
 * Since     0.1
 */
PAR_API par_status_t par_thread_spawn(par_thread_scope_t *scope,
                                      par_thread_t **out,
                                      par_thread_fn *fn,
                                      void *ctx,
                                      const par_thread_options_t *options);

/** Waits until a thread has ended and hands over what its body returned.
 *
 * @param thread  from par_thread_spawn, not joined before, its scope still open
 * @param result  receives what fn returned; may be NULL. Untouched on error
 *
 * Errors    PAR_EINVAL: thread is NULL, joined already, or the caller is not the opener of its
 *           scope (a debug build stops with a sentence)
 * Threads   the opener of the scope
 * Order     what the thread wrote is seen after the return
 * Blocking  until the thread has ended; it runs nothing else meanwhile
 * Since     0.1
 */
PAR_API par_status_t par_thread_join(par_thread_t *thread, int *result);

/** Waits until all threads of the scope have ended, joins those that nobody joined by hand, and
 * closes the scope.
 *
 * @param scope    an open scope of this thread
 * @param failure  receives the first result that is not 0, in the order of spawning, of the threads
 *                 that nobody joined by hand, 0 if there is none; may be NULL. Untouched on error
 *
 * Errors    PAR_EINVAL: scope is not an open scope of this thread (a debug build stops with a
 *           sentence). A failure of a body is not an error of the call
 * Threads   the opener of the scope. In the child of a fork() the threads do not exist: a child
 *           must not use, or leave the block of, a scope that its parent opened
 * Order     what all threads of the scope wrote is seen after the return
 * Blocking  until all of them have ended
 * Since     0.1
 */
PAR_API par_status_t par_thread_scope_end(par_thread_scope_t *scope, int *failure);

/* For PAR_THREAD_SCOPE: opens and returns its argument; ends the scope unless that was done. */
PAR_API par_thread_scope_t *par_thread_scope_enter(par_thread_scope_t *scope);
PAR_API void par_thread_scope_leave(par_thread_scope_t *scope);

/** The block form: declares the scope `name`, runs the block once, and ends the scope however the
 * block is left (its end, break, return, goto; not longjmp). To see failures, make
 * par_thread_scope_end(&name, &failure) the last statement of the block.
 * Since     0.1
 */
#define PAR_THREAD_SCOPE(name)                                                                     \
    for (par_thread_scope_t name __attribute__((cleanup(par_thread_scope_leave))),                 \
         *par_once_##name = par_thread_scope_enter(&name);                                         \
         par_once_##name != NULL; par_once_##name = NULL)

PAR_END_DECLS

#endif
