/* layout.c - sizes, offsets and numbers that programs have compiled in. A line that fails means
 * that programs built with an older par break: see CHANGELOG.md, section ABI. Fields may be
 * appended to the structs that begin with struct_size; then their size, and it alone, changes here.
 *
 * Built as C and as C++: both must see the same. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <par/par.h>

typedef struct pinned_t {
    const char *what;
    long is;
    long must_be;
} pinned_t;

#define SIZE(type, bytes)                                                                          \
    {                                                                                              \
        "sizeof(" #type ")", (long)sizeof(type), bytes                                             \
    }
#define OFFSET(type, field, offset)                                                                \
    {                                                                                              \
#        type "." #        field, (long)offsetof(type, field), offset                              \
    }
#define NUMBER(name, value)                                                                        \
    {                                                                                              \
#        name, (long)(name), value                                                                 \
    }

static const pinned_t numbers[] = {
    NUMBER(PAR_OK, 0),
    NUMBER(PAR_ENOMEM, -1),
    NUMBER(PAR_EINVAL, -2),
    NUMBER(PAR_EAGAIN, -3),
    NUMBER(PAR_EBIND, -4),
    NUMBER(PAR_ETOPOLOGY, -5),
    NUMBER(PAR_EBUSY, -6),
    NUMBER(PAR_EOVERFLOW, -7),
    NUMBER(PAR_ECANCELED, -8),
    NUMBER(PAR_ETIMEDOUT, -9),
    NUMBER(PAR_BIND_DEFAULT, 0),
    NUMBER(PAR_BIND_NONE, 1),
    NUMBER(PAR_BIND_CORES, 2),
    NUMBER(PAR_BIND_CLOSE, 3),
    NUMBER(PAR_BIND_SPREAD, 4),
    NUMBER(PAR_PLACES_DEFAULT, 0),
    NUMBER(PAR_PLACES_CORES, 1),
    NUMBER(PAR_PLACES_THREADS, 2),
    NUMBER(PAR_SCHEDULE_AUTO, 0),
    NUMBER(PAR_SCHEDULE_STATIC, 1),
    NUMBER(PAR_SCHEDULE_AFFINITY, 2),
    NUMBER(PAR_JOIN_ABI, 2),
    NUMBER(PAR_SPREAD_ITEMS, 16384),
    SIZE(par_status_t, 4),
};

/* Where pointers and size_t have 8 bytes. */
static const pinned_t layouts_of_64_bits[] = {
    SIZE(par_slot_t, 64),
    OFFSET(par_slot_t, fn, 0),
    OFFSET(par_slot_t, state, 8),
    OFFSET(par_slot_t, u, 16),
    SIZE(par_worker_t, 128),
    OFFSET(par_worker_t, head, 0),
    OFFSET(par_worker_t, stolen, 8),
    OFFSET(par_worker_t, limit, 64),
    OFFSET(par_worker_t, floor, 72),
    OFFSET(par_worker_t, end, 80),
    SIZE(par_branch_t, 16),
    SIZE(par_scope_t, 128),
    SIZE(par_thread_scope_t, 512),
    SIZE(par_thread_options_t, 48),
    OFFSET(par_thread_options_t, struct_size, 0),
    OFFSET(par_thread_options_t, name, 8),
    OFFSET(par_thread_options_t, stack_bytes, 16),
    OFFSET(par_thread_options_t, cpus, 24),
    OFFSET(par_thread_options_t, n_cpus, 32),
    OFFSET(par_thread_options_t, bind_strict, 40),
    SIZE(par_pool_options_t, 72),
    OFFSET(par_pool_options_t, struct_size, 0),
    OFFSET(par_pool_options_t, threads, 8),
    OFFSET(par_pool_options_t, bind, 12),
    OFFSET(par_pool_options_t, places, 16),
    OFFSET(par_pool_options_t, bind_strict, 20),
    OFFSET(par_pool_options_t, stack_bytes, 24),
    OFFSET(par_pool_options_t, spin_ns, 32),
    OFFSET(par_pool_options_t, name, 40),
    OFFSET(par_pool_options_t, on_start, 48),
    OFFSET(par_pool_options_t, on_exit, 56),
    OFFSET(par_pool_options_t, hook_ctx, 64),
    SIZE(par_options_t, 88),
    OFFSET(par_options_t, struct_size, 0),
    OFFSET(par_options_t, pool, 8),
    OFFSET(par_options_t, grain, 16),
    OFFSET(par_options_t, schedule, 24),
    OFFSET(par_options_t, item_ns, 32),
    OFFSET(par_options_t, cancel, 40),
    OFFSET(par_options_t, max_grain, 48),
    OFFSET(par_options_t, tile_planes, 56),
    OFFSET(par_options_t, tile_rows, 64),
    OFFSET(par_options_t, tile_cols, 72),
    OFFSET(par_options_t, affinity, 80),
    SIZE(par_affinity_t, 1040),
    SIZE(par_range_2d_t, 32),
    SIZE(par_range_3d_t, 48),
    SIZE(par_cancel_t, 64),
    OFFSET(par_cancel_t, state, 0),
    OFFSET(par_cancel_t, deadline_ns, 8),
    OFFSET(par_cancel_t, parent, 16),
    SIZE(par_slice_t, 16),
    OFFSET(par_slice_t, at, 0),
    OFFSET(par_slice_t, n, 8),
    SIZE(par_byteset_t, 32),
    SIZE(par_stage_t, 24),
    OFFSET(par_stage_t, run, 0),
    OFFSET(par_stage_t, ctx, 8),
    OFFSET(par_stage_t, mode, 16),
    SIZE(par_array_t, 16),
    OFFSET(par_array_t, data, 0),
    OFFSET(par_array_t, n, 8),
    SIZE(par_key_t, 32),
    OFFSET(par_key_t, size, 0),
    OFFSET(par_key_t, hash, 8),
    OFFSET(par_key_t, equal, 16),
    OFFSET(par_key_t, ctx, 24),
    SIZE(par_spread_t, 56),
    OFFSET(par_spread_t, from, 0),
    OFFSET(par_spread_t, to, 8),
    OFFSET(par_spread_t, n, 16),
    OFFSET(par_spread_t, tree, 24),
    OFFSET(par_spread_t, sorted, 32),
    OFFSET(par_spread_t, levels, 40),
    OFFSET(par_spread_t, starts, 48),
    SIZE(par_sort_kernel_t, 64),
    OFFSET(par_sort_kernel_t, size, 0),
    OFFSET(par_sort_kernel_t, less, 8),
    OFFSET(par_sort_kernel_t, run, 16),
    OFFSET(par_sort_kernel_t, sort, 24),
    OFFSET(par_sort_kernel_t, merge, 32),
    OFFSET(par_sort_kernel_t, spread, 40),
    OFFSET(par_sort_kernel_t, partition, 48),
    OFFSET(par_sort_kernel_t, bounds, 56),
    SIZE(par_random_t, 8),
    SIZE(par_random_bits_t, 16),
    SIZE(par_random_pair_t, 16),
    SIZE(par_topology_info_t, 584),
    OFFSET(par_topology_info_t, struct_size, 0),
    OFFSET(par_topology_info_t, packages, 8),
    OFFSET(par_topology_info_t, numa_nodes, 12),
    OFFSET(par_topology_info_t, l3_caches, 16),
    OFFSET(par_topology_info_t, l2_caches, 20),
    OFFSET(par_topology_info_t, cores, 24),
    OFFSET(par_topology_info_t, core_kinds, 28),
    OFFSET(par_topology_info_t, pus, 32),
    OFFSET(par_topology_info_t, offline_pus, 36),
    OFFSET(par_topology_info_t, usable_cores, 40),
    OFFSET(par_topology_info_t, usable_pus, 44),
    OFFSET(par_topology_info_t, quota_milli, 48),
    OFFSET(par_topology_info_t, workers, 56),
    OFFSET(par_topology_info_t, bind, 60),
    OFFSET(par_topology_info_t, places, 64),
    OFFSET(par_topology_info_t, is_this_machine, 68),
    OFFSET(par_topology_info_t, why, 72),
    SIZE(par_stats_t, 64),
};

static int count_differences(const pinned_t *pinned, size_t n)
{
    int n_differences = 0;
    for (size_t i = 0; i < n; i++)
        if (pinned[i].is != pinned[i].must_be) {
            printf("%s is %ld and was %ld\n", pinned[i].what, pinned[i].is, pinned[i].must_be);
            n_differences++;
        }
    return n_differences;
}

int main(void)
{
    int n_differences = count_differences(numbers, sizeof numbers / sizeof numbers[0]);
    if (sizeof(void *) == 8 && sizeof(size_t) == 8)
        n_differences += count_differences(layouts_of_64_bits, sizeof layouts_of_64_bits /
                                                                   sizeof layouts_of_64_bits[0]);
    return n_differences != 0;
}
