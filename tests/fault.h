/* fault.h - makes the k-th call of malloc, mmap, pthread_create, hwloc and the like fail.
 *
 * The library is linked statically into the tests, so the linker can route its calls (and the
 * test's own, but not those of libc, hwloc or cmocka) through fault.c. A test that includes this
 * file is linked so by tests/CMakeLists.txt. The usual loop, which fails each call in turn until
 * one round needs no more calls than were let through:
 *
 *     for (unsigned k = 1, hit = 1; hit; k++) {
 *         fault_arm(FAULT_ALL, k, 1);
 *         ... the call under test ...
 *         hit = fault_disarm().failed;
 *         ... a failed round reported its failure or coped; nothing is left over ...
 *     }
 *
 * Calls of all threads count. Arm and disarm while no other thread makes such calls. */
#ifndef FAULT_H
#define FAULT_H

/* One list makes the kinds, the wrappers' counters and the linker options. */
#define FAULT_MAP(X)                                                                               \
    X(MALLOC, malloc)                                                                              \
    X(CALLOC, calloc)                                                                              \
    X(REALLOC, realloc)                                                                            \
    X(ALIGNED_ALLOC, aligned_alloc)                                                                \
    X(POSIX_MEMALIGN, posix_memalign)                                                              \
    X(MMAP, mmap)                                                                                  \
    X(PTHREAD_CREATE, pthread_create)                                                              \
    X(PTHREAD_ATTR_INIT, pthread_attr_init)                                                        \
    X(PTHREAD_KEY_CREATE, pthread_key_create)                                                      \
    X(SCHED_SETAFFINITY, sched_setaffinity)                                                        \
    X(SCHED_GETAFFINITY, sched_getaffinity)                                                        \
    X(FOPEN, fopen)                                                                                \
    X(HWLOC_TOPOLOGY_INIT, hwloc_topology_init)                                                    \
    X(HWLOC_TOPOLOGY_SET_FLAGS, hwloc_topology_set_flags)                                          \
    X(HWLOC_TOPOLOGY_LOAD, hwloc_topology_load)

enum fault_number {
#define FAULT_X(name, function) FAULT_NUMBER_##name,
    FAULT_MAP(FAULT_X)
#undef FAULT_X
        FAULT_N_KINDS
};

/* Kinds are bits and may be combined. */
#define FAULT_BIT(name)         (1u << FAULT_NUMBER_##name)
#define FAULT_MALLOC            FAULT_BIT(MALLOC)
#define FAULT_CALLOC            FAULT_BIT(CALLOC)
#define FAULT_REALLOC           FAULT_BIT(REALLOC)
#define FAULT_ALIGNED_ALLOC     FAULT_BIT(ALIGNED_ALLOC)
#define FAULT_POSIX_MEMALIGN    FAULT_BIT(POSIX_MEMALIGN)
#define FAULT_MMAP              FAULT_BIT(MMAP)
#define FAULT_PTHREAD_CREATE    FAULT_BIT(PTHREAD_CREATE)
#define FAULT_SCHED_SETAFFINITY FAULT_BIT(SCHED_SETAFFINITY)
#define FAULT_SCHED_GETAFFINITY FAULT_BIT(SCHED_GETAFFINITY)
#define FAULT_HWLOC                                                                                \
    (FAULT_BIT(HWLOC_TOPOLOGY_INIT) | FAULT_BIT(HWLOC_TOPOLOGY_SET_FLAGS) |                        \
     FAULT_BIT(HWLOC_TOPOLOGY_LOAD))
#define FAULT_MEMORY                                                                               \
    (FAULT_MALLOC | FAULT_CALLOC | FAULT_REALLOC | FAULT_ALIGNED_ALLOC | FAULT_POSIX_MEMALIGN |    \
     FAULT_MMAP)
#define FAULT_ALL ((1u << FAULT_N_KINDS) - 1)

typedef struct fault_report_t {
    unsigned calls;  /* of the armed kinds, since fault_arm, the failed ones included */
    unsigned failed; /* how many of them were made to fail */
} fault_report_t;

/* From now on the calls of these kinds are counted together, and n_failures of them fail, starting
 * with number first (1 = the next one). first 0 lets all succeed and only counts; n_failures
 * UINT_MAX fails all from first on. Memory calls and those of hwloc fail with ENOMEM,
 * pthread_create and pthread_key_create with EAGAIN, fopen with EMFILE, the affinity with EINVAL. */
void fault_arm(unsigned kinds, unsigned first, unsigned n_failures);

/* Stops that and tells what happened. */
fault_report_t fault_disarm(void);

/* From now on the calls of these kinds that this thread makes take so much longer: what must be met in
 * the middle can be. Kinds 0 ends that. */
void fault_delay(unsigned kinds, unsigned milliseconds);

/* How many such calls are under way. */
unsigned fault_n_delayed(void);

/* How many calls of one kind (FAULT_MALLOC, ...) there were since fault_arm. */
unsigned fault_calls_of(unsigned kind);

#endif
