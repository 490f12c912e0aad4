/* task.h - typed tasks: a parallel function written like the serial one, at the lowest price.
 *
 *     PAR_TASK(long, fib, (long, n))
 *     {
 *         long x, y;
 *         if (n < 2) return n;
 *         PAR_FORK(y, fib, n - 2);        // offered to other workers
 *         x = PAR_CALL(fib, n - 1);       // run here meanwhile
 *         PAR_SYNC(y, fib);               // run here too, unless it was taken
 *         return x + y;
 *     }
 *     ...
 *     long r = fib(40);                   // from any thread
 *
 * Against par_join: the worker and the end of its fork stack travel in registers, arguments and
 * result in the slot itself, and every call is direct. A task that another one forks is defined above
 * it; arguments are not const.
 *
 * A task that returns before it has synced all its forks, or syncs one twice, makes what is around it
 * wrong, and no compiler sees it. With PAR_DEBUG defined (cc -DPAR_DEBUG) each PAR_FORK, PAR_SYNC and call
 * of a task from outside looks whether that has happened, and stops the program with file and line. */
#ifndef PAR_TASK_H
#define PAR_TASK_H

#include <par/api.h>
#include <par/join.h>

PAR_BEGIN_DECLS

/* What the macros below call; never called by users. */
PAR_API par_worker_t *par_task_enter(void);
PAR_API void par_task_leave(par_worker_t *worker);
PAR_API int par_fork_room(par_worker_t *worker);   /* 0: the stack is full, run the task in place */
PAR_API void par_fork_offer(par_worker_t *worker); /* after a fork when limit was reached */
/* Under PAR_DEBUG: forks and syncs do not match. Says so and aborts. */
PAR_API void par_task_out_of_step(const char *file, int line, const char *where)
    __attribute__((noreturn, cold));

PAR_END_DECLS

/** Defines a task: PAR_TASK(result type, name, (type, argument), ...) { body }. Ends in a function
 * header: the body stands in ordinary braces, the arguments are ordinary parameters, and `return`
 * gives the result. It also defines `name(arguments)`, an ordinary function that any code may call.
 * PAR_TASK_VOID(name, (type, argument), ...) is the same without a result.
 *
 * @param type      types without brackets or parentheses (use a typedef for those); 1 to 6
 *                  arguments, together at most 48 bytes, and the result too: a static assertion
 *                  tells. Pass larger things by pointer: a task may borrow what lives until its sync.
 *                  Scalars are cheaper than a struct of the same size: the store of its members and
 *                  the load of the whole do not forward in most processors.
 *
 * Errors    none: without room or idle workers everything runs on the caller
 * Threads   the function may be called from any thread and from any task
 * Order     what was written before PAR_FORK is seen by the task; what it wrote, after PAR_SYNC
 * Blocking  as par_join
 * Cost      O(1), no allocation; bench: forkjoin/fib, runtime par-task
 * Source    van Dijk and van de Pol, Lace, 2014, for arguments in the deque's slots
 * Since     0.1
 */
/* clang-format off */
#define PAR_TASK(type, name, ...)                                                                  \
    typedef type name##_par_result;                                                                \
    PAR_PP_BEGIN(type, name, union { struct name##_par_args in; type out; } u;, __VA_ARGS__)       \
    static void name##_par_run(void *par_unused PAR_PP_UNUSED)                                     \
    {                                                                                              \
        par_worker_t *par_worker = par_worker_self;                                                \
        struct name##_par_slot *par_s = (struct name##_par_slot *)par_worker->stolen;              \
        par_s->u.out = name##_par_body(par_worker, par_worker->head                                \
                                       PAR_PP_EACH(PAR_PP_LOAD, __VA_ARGS__));                     \
    }                                                                                              \
    PAR_INLINE type name##_par_again(par_worker_t *par_worker, par_slot_t *par_slot)               \
    {                                                                                              \
        const struct name##_par_slot *par_s = (struct name##_par_slot *)par_slot;                  \
        type par_result =                                                                          \
            name##_par_body(par_worker, par_slot PAR_PP_EACH(PAR_PP_LOAD, __VA_ARGS__));           \
        PAR_PP_NO_TAIL_CALL();                                                                     \
        return par_result;                                                                         \
    }                                                                                              \
    PAR_PP_COLD void name##_par_fork_slow(par_worker_t *par_worker, par_slot_t *par_head           \
                                          PAR_PP_EACH(PAR_PP_PARAM, __VA_ARGS__), type *par_out)   \
    {                                                                                              \
        if (par_fork_room(par_worker)) {                                                           \
            name##_par_fill(par_worker, par_head PAR_PP_EACH(PAR_PP_PASS, __VA_ARGS__));           \
            par_fork_offer(par_worker);                                                            \
        } else {                                                                                   \
            *par_out =                                                                             \
                name##_par_body(par_worker, par_head PAR_PP_EACH(PAR_PP_PASS, __VA_ARGS__));       \
        }                                                                                          \
    }                                                                                              \
    PAR_INLINE void name##_par_fork_slow_in(par_worker_t *par_worker, par_slot_t *par_head,        \
                                            const struct name##_par_args *par_a, type *par_out)    \
    {                                                                                              \
        name##_par_fork_slow(par_worker, par_head PAR_PP_EACH(PAR_PP_SPREAD, __VA_ARGS__),         \
                             par_out);                                                             \
    }                                                                                              \
    PAR_PP_COLD void name##_par_sync_slow(par_worker_t *par_worker, par_slot_t *par_slot)          \
    {                                                                                              \
        if (par_take_slow(par_worker, par_slot))                                                   \
            ((struct name##_par_slot *)par_slot)->u.out = name##_par_again(par_worker, par_slot);  \
    }                                                                                              \
    __attribute__((unused)) static type name(PAR_PP_LIST(PAR_PP_PARAM, __VA_ARGS__))               \
    {                                                                                              \
        par_worker_t *par_worker = par_task_enter();                                               \
        par_slot_t *par_head = par_worker->head;                                                   \
        type par_result =                                                                          \
            name##_par_body(par_worker, par_head PAR_PP_EACH(PAR_PP_PASS, __VA_ARGS__));           \
        PAR_PP_IN_STEP("the end of " #name);                                                       \
        par_task_leave(par_worker);                                                                \
        return par_result;                                                                         \
    }                                                                                              \
    PAR_PP_BODY(type, name, __VA_ARGS__)

#define PAR_TASK_VOID(name, ...)                                                                   \
    PAR_PP_BEGIN(void, name, union { struct name##_par_args in; } u;, __VA_ARGS__)                 \
    static void name##_par_run(void *par_unused PAR_PP_UNUSED)                                     \
    {                                                                                              \
        par_worker_t *par_worker = par_worker_self;                                                \
        const struct name##_par_slot *par_s = (struct name##_par_slot *)par_worker->stolen;        \
        name##_par_body(par_worker, par_worker->head PAR_PP_EACH(PAR_PP_LOAD, __VA_ARGS__));       \
    }                                                                                              \
    PAR_INLINE void name##_par_again(par_worker_t *par_worker, par_slot_t *par_slot)               \
    {                                                                                              \
        const struct name##_par_slot *par_s = (struct name##_par_slot *)par_slot;                  \
        name##_par_body(par_worker, par_slot PAR_PP_EACH(PAR_PP_LOAD, __VA_ARGS__));               \
        PAR_PP_NO_TAIL_CALL();                                                                     \
    }                                                                                              \
    PAR_PP_COLD void name##_par_fork_slow(par_worker_t *par_worker, par_slot_t *par_head           \
                                          PAR_PP_EACH(PAR_PP_PARAM, __VA_ARGS__))                  \
    {                                                                                              \
        if (!par_fork_room(par_worker)) {                                                          \
            name##_par_body(par_worker, par_head PAR_PP_EACH(PAR_PP_PASS, __VA_ARGS__));           \
            return;                                                                                \
        }                                                                                          \
        name##_par_fill(par_worker, par_head PAR_PP_EACH(PAR_PP_PASS, __VA_ARGS__));               \
        par_fork_offer(par_worker);                                                                \
    }                                                                                              \
    PAR_PP_COLD void name##_par_sync_slow(par_worker_t *par_worker, par_slot_t *par_slot)          \
    {                                                                                              \
        if (par_take_slow(par_worker, par_slot)) name##_par_again(par_worker, par_slot);           \
    }                                                                                              \
    PAR_INLINE void name##_par_fork(par_worker_t *par_worker, par_slot_t *par_head                 \
                                    PAR_PP_EACH(PAR_PP_PARAM, __VA_ARGS__))                        \
    {                                                                                              \
        if (PAR_UNLIKELY(par_task_is_asked(par_worker, par_head)))                                 \
            name##_par_fork_slow(par_worker, par_head PAR_PP_EACH(PAR_PP_PASS, __VA_ARGS__));      \
        else                                                                                       \
            name##_par_fill(par_worker, par_head PAR_PP_EACH(PAR_PP_PASS, __VA_ARGS__));           \
    }                                                                                              \
    __attribute__((unused)) static void name(PAR_PP_LIST(PAR_PP_PARAM, __VA_ARGS__))               \
    {                                                                                              \
        par_worker_t *par_worker = par_task_enter();                                               \
        par_slot_t *par_head = par_worker->head;                                                   \
        name##_par_body(par_worker, par_head PAR_PP_EACH(PAR_PP_PASS, __VA_ARGS__));               \
        PAR_PP_IN_STEP("the end of " #name);                                                       \
        par_task_leave(par_worker);                                                                \
    }                                                                                              \
    PAR_PP_BODY(void, name, __VA_ARGS__)

/** In the body of a task: offers `task(arguments)` to other workers. Every fork is synced in the same
 * body, the youngest first, before the body returns.
 *
 * @param result  an lvalue for the result, which has an address; the same that the PAR_SYNC of this
 *                fork gets, and no other open fork. It needs no initial value, and has the result after
 *                the PAR_SYNC. It is written here only when there is no room and the task runs in
 *                place; PAR_SYNC then leaves it as it is. (So one variable does for any number of open
 *                forks: 0 before each PAR_FORK and PAR_SYNC, added to the sum after each.) It and the
 *                arguments are evaluated once.
 * Since     0.1
 */
#define PAR_FORK(result, task, ...)                                                                \
    do {                                                                                           \
        const struct task##_par_args par_a = task##_par_pack(__VA_ARGS__);                         \
        __typeof__(result) *par_out = &(result);                                                   \
        PAR_PP_IN_STEP("PAR_FORK");                                                                \
        if (PAR_UNLIKELY(par_task_is_asked(par_worker, par_head))) {                               \
            task##_par_result par_now;                                                             \
            task##_par_fork_slow_in(par_worker, par_head, &par_a, &par_now);                       \
            if (par_task_was_in_place(par_worker, par_head)) *par_out = par_now;                   \
        } else {                                                                                   \
            task##_par_fill_in(par_worker, par_head, &par_a);                                      \
        }                                                                                          \
        par_head = par_task_above(par_head);                                                       \
    } while (0)

/** In the body of a task: the result of the youngest fork that has not been synced, run here now
 * unless another worker took it.
 *
 * @param result  the lvalue of that PAR_FORK; it has the task's result afterwards, wherever that ran
 * Since     0.1
 */
#define PAR_SYNC(result, task)                                                                     \
    do {                                                                                           \
        __typeof__(result) *par_out = &(result);                                                   \
        PAR_PP_IN_STEP("PAR_SYNC");                                                                \
        par_head = par_task_below(par_head);                                                       \
        if (PAR_LIKELY(par_task_take(par_worker, par_head))) {                                     \
            *par_out = task##_par_again(par_worker, par_head);                                      \
        } else if (par_task_was_in_place(par_worker, par_head)) {                                   \
            PAR_PP_KEEP(*par_out);                                                                 \
        } else {                                                                                   \
            task##_par_sync_slow(par_worker, par_head);                                            \
            *par_out = ((struct task##_par_slot *)par_head)->u.out;                                \
        }                                                                                          \
    } while (0)

/** The same two for tasks without a result. */
#define PAR_FORK_VOID(task, ...)                                                                   \
    do {                                                                                           \
        PAR_PP_IN_STEP("PAR_FORK_VOID");                                                           \
        task##_par_fork(par_worker, par_head, __VA_ARGS__);                                        \
        par_head = par_task_above(par_head);                                                       \
    } while (0)
#define PAR_SYNC_VOID(task)                                                                        \
    do {                                                                                           \
        PAR_PP_IN_STEP("PAR_SYNC_VOID");                                                           \
        par_head = par_task_below(par_head);                                                       \
        if (PAR_LIKELY(par_task_take(par_worker, par_head)))                                       \
            task##_par_again(par_worker, par_head);                                                \
        else if (!par_task_was_in_place(par_worker, par_head))                                     \
            task##_par_sync_slow(par_worker, par_head);                                            \
    } while (0)

/** In the body of a task: calls another task, or itself, as a plain function call. */
#define PAR_CALL(task, ...) task##_par_body(par_worker, par_head, __VA_ARGS__)

/* ---- what the macros are made of ---- */

PAR_INLINE int par_task_is_asked(par_worker_t *worker, par_slot_t *head)
{
    return (uintptr_t)head >= __atomic_load_n(&worker->limit, __ATOMIC_RELAXED);
}

/* 1: the slot is private and free again. The store comes after the load, which compilers take for a
 * barrier, so that what is inlined next knows head without loading it. */
PAR_INLINE int par_task_take(par_worker_t *worker, par_slot_t *slot)
{
    if (PAR_UNLIKELY((uintptr_t)slot < __atomic_load_n(&worker->floor, __ATOMIC_RELAXED))) return 0;
    worker->head = slot;
    return 1;
}

/* The slot of the next fork, and back. Slots from the end of the stack upwards are addresses without
 * memory, so this is arithmetic of numbers. */
PAR_INLINE par_slot_t *par_task_above(par_slot_t *slot)
{
    return (par_slot_t *)((uintptr_t)slot + sizeof *slot);
}

PAR_INLINE par_slot_t *par_task_below(par_slot_t *slot)
{
    return (par_slot_t *)((uintptr_t)slot - sizeof *slot);
}

PAR_INLINE int par_task_was_in_place(par_worker_t *worker, par_slot_t *slot)
{
    return (uintptr_t)slot >= (uintptr_t)worker->end;
}

/* Has all that was called since the last fork or sync synced its forks? Slots from the end of the stack
 * upwards are not noted in the worker's head. */
#if defined(PAR_DEBUG)
#    define PAR_PP_IN_STEP(where)                                                                  \
        (PAR_LIKELY(par_worker->head == par_head || par_task_was_in_place(par_worker, par_head))   \
             ? (void)0                                                                             \
             : par_task_out_of_step(__FILE__, __LINE__, where))
#else
#    define PAR_PP_IN_STEP(where) ((void)0)
#endif

#define PAR_PP_UNUSED __attribute__((unused))

/* The slow halves are calls of their own, so that the body stays small enough to be inlined. Under
 * clang they save all registers: what the fast path needs then stays where it is, and a leaf saves
 * nothing. They return void, because clang before 17 restores the result's register too. */
#if defined(__clang__) && (defined(__x86_64__) || defined(__aarch64__))
#    define PAR_PP_COLD __attribute__((noinline, cold, unused, preserve_most)) static
#else
#    define PAR_PP_COLD __attribute__((noinline, cold, unused)) static
#endif

/* A fork without room leaves its result in the variable until the sync. To the compiler the variable
 * is in memory, so that forks with room need neither an instruction nor a register for that. */
#define PAR_PP_KEEP(result) __asm__ __volatile__("" : "+m"(result))

/* Compilers turn a recursion at the end of a function into a loop. Here that is a loss: the loop takes
 * registers that every call then saves, the leaves too (fib: 2.9 x serial instead of 2.2). */
#define PAR_PP_NO_TAIL_CALL() __asm__ __volatile__("")

/* The arguments, the slot that holds them (may_alias: it lies in an array of par_slot_t), the
 * declaration of the body, and how a slot is filled. */
#define PAR_PP_BEGIN(type, name, contents, ...)                                                    \
    struct name##_par_args {                                                                       \
        PAR_PP_EACH(PAR_PP_FIELD, __VA_ARGS__)                                                     \
    };                                                                                             \
    struct name##_par_slot {                                                                       \
        par_task_fn *fn;                                                                           \
        uint64_t state;                                                                            \
        contents                                                                                   \
    } __attribute__((may_alias));                                                                  \
    PAR_PP_STATIC_ASSERT(sizeof(struct name##_par_slot) <= sizeof(par_slot_t),                     \
                         "a task has at most 48 bytes of arguments and result");                   \
    PAR_PP_BODY(type, name, __VA_ARGS__);                                                          \
    static void name##_par_run(void *par_unused);                                                  \
    PAR_INLINE void name##_par_fill(par_worker_t *par_worker, par_slot_t *par_head                 \
                                    PAR_PP_EACH(PAR_PP_PARAM, __VA_ARGS__))                        \
    {                                                                                              \
        struct name##_par_slot *par_s = (struct name##_par_slot *)par_head;                        \
        par_s->fn = name##_par_run;                                                                \
        PAR_PP_EACH(PAR_PP_STORE, __VA_ARGS__)                                                     \
        par_worker->head = par_head + 1;                                                           \
    }                                                                                              \
    PAR_INLINE void name##_par_fill_in(par_worker_t *par_worker, par_slot_t *par_head,             \
                                       const struct name##_par_args *par_a)                        \
    {                                                                                              \
        name##_par_fill(par_worker, par_head PAR_PP_EACH(PAR_PP_SPREAD, __VA_ARGS__));             \
    }                                                                                              \
    /* The arguments, evaluated once. */                                                           \
    PAR_INLINE struct name##_par_args name##_par_pack(PAR_PP_LIST(PAR_PP_PARAM, __VA_ARGS__))      \
    {                                                                                              \
        struct name##_par_args par_a;                                                              \
        PAR_PP_EACH(PAR_PP_PACK, __VA_ARGS__)                                                      \
        return par_a;                                                                              \
    }

/* The header of the body: for the declaration and, at the end of PAR_TASK, for the definition. */
#define PAR_PP_BODY(type, name, ...)                                                               \
    static inline type name##_par_body(par_worker_t *par_worker PAR_PP_UNUSED,                     \
                                       par_slot_t *par_head PAR_PP_UNUSED                          \
                                           PAR_PP_EACH(PAR_PP_PARAM, __VA_ARGS__))

/* (type, name) pairs: up to six. EACH applies a macro to each pair, LIST separates by commas. */
#define PAR_PP_FIELD(type, name)  type name;
#define PAR_PP_PARAM(type, name)  , type name
#define PAR_PP_PASS(type, name)   , name
#define PAR_PP_PACK(type, name)   par_a.name = name;
#define PAR_PP_STORE(type, name)  par_s->u.in.name = name;
#define PAR_PP_LOAD(type, name)   , par_s->u.in.name
#define PAR_PP_SPREAD(type, name) , par_a->name

#define PAR_PP_COUNT(...)                           PAR_PP_COUNT_(__VA_ARGS__, 6, 5, 4, 3, 2, 1, 0)
#define PAR_PP_COUNT_(a, b, c, d, e, f, count, ...) count
#define PAR_PP_CAT(a, b)                            PAR_PP_CAT_(a, b)
#define PAR_PP_CAT_(a, b)                           a##b

#define PAR_PP_EACH(macro, ...)                                                                    \
    PAR_PP_CAT(PAR_PP_EACH_, PAR_PP_COUNT(__VA_ARGS__))(macro, __VA_ARGS__)
#define PAR_PP_EACH_1(m, a)                m a
#define PAR_PP_EACH_2(m, a, b)             m a m b
#define PAR_PP_EACH_3(m, a, b, c)          m a m b m c
#define PAR_PP_EACH_4(m, a, b, c, d)       m a m b m c m d
#define PAR_PP_EACH_5(m, a, b, c, d, e)    m a m b m c m d m e
#define PAR_PP_EACH_6(m, a, b, c, d, e, f) m a m b m c m d m e m f

/* The same without the leading comma: for a list that stands alone. */
#define PAR_PP_LIST(macro, ...)  PAR_PP_REST(PAR_PP_EACH(macro, __VA_ARGS__))
#define PAR_PP_REST(...)         PAR_PP_REST_(__VA_ARGS__)
#define PAR_PP_REST_(empty, ...) __VA_ARGS__
/* clang-format on */

#endif
