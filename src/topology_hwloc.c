/* topology_hwloc.c - fills the table of PUs from hwloc's tree. The only file that knows hwloc.
 *
 * Nothing is taken from hwloc's per-type counts: they are -1 where cores sit at different depths
 * (an SMT sibling switched off, hybrid machines). The PUs alone are enumerated, and each is asked
 * what it lies in. */
#include "topology.h"

#include <hwloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads only what placement needs. The caller must not be moved from CPU to CPU while it waits,
 * which some of hwloc's backends do unless told. */
static int tree_configure(hwloc_topology_t tree)
{
    unsigned long flags = HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED;
#if HWLOC_API_VERSION >= 0x00020500
    flags |= HWLOC_TOPOLOGY_FLAG_DONT_CHANGE_BINDING;
#endif
#if HWLOC_API_VERSION >= 0x00020800
    flags |= HWLOC_TOPOLOGY_FLAG_NO_MEMATTRS;
#endif
    if (hwloc_topology_set_flags(tree, flags) != 0) return -1;
    /* Less is known to be wanted, so a filter that is refused costs time only. */
    hwloc_topology_set_io_types_filter(tree, HWLOC_TYPE_FILTER_KEEP_NONE);
    hwloc_topology_set_icache_types_filter(tree, HWLOC_TYPE_FILTER_KEEP_NONE);
    hwloc_topology_set_type_filter(tree, HWLOC_OBJ_MISC, HWLOC_TYPE_FILTER_KEEP_NONE);
    return 0;
}

static int tree_aim(hwloc_topology_t tree, par__source_t source)
{
    if (source.synthetic != NULL) return hwloc_topology_set_synthetic(tree, source.synthetic);
    if (source.xml_file != NULL) return hwloc_topology_set_xml(tree, source.xml_file);
    return 0;
}

/* The domain of a PU at each level as objects of the tree, NULL where there is none. */
typedef struct domains_t {
    hwloc_obj_t at[PAR__N_LEVELS];
} domains_t;

static int type_level(hwloc_obj_type_t type)
{
    if (type == HWLOC_OBJ_CORE) return PAR__LEVEL_CORE;
    if (type == HWLOC_OBJ_L2CACHE) return PAR__LEVEL_L2;
    if (type == HWLOC_OBJ_L3CACHE) return PAR__LEVEL_L3;
    if (type == HWLOC_OBJ_PACKAGE) return PAR__LEVEL_PACKAGE;
    return -1;
}

/* A die or a group is a cluster if it lies inside of NUMA node and package, else a level of its own.
 * A group that is there only to have memory attached is the NUMA node. */
static int group_level(hwloc_obj_t group, const domains_t *found)
{
    if (group->memory_arity > 0) return -1;
    bool is_outer = found->at[PAR__LEVEL_PACKAGE] != NULL || found->at[PAR__LEVEL_NUMA] != NULL;
    if (!is_outer) return PAR__LEVEL_CLUSTER;
    return found->at[PAR__LEVEL_GROUP] == NULL ? PAR__LEVEL_GROUP : PAR__LEVEL_OUTER;
}

/* Climbs from the PU to the root; of several domains of one level the innermost counts. The nearest
 * ancestor that has memory attached stands for the NUMA node; the root's memory is everybody's and
 * tells nothing. */
static domains_t pu_climb(hwloc_obj_t pu)
{
    domains_t found = {{NULL}};
    for (hwloc_obj_t up = pu->parent; up != NULL; up = up->parent) {
        int level = type_level(up->type);
        if (up->type == HWLOC_OBJ_GROUP || up->type == HWLOC_OBJ_DIE)
            level = group_level(up, &found);
        if (level >= 0 && found.at[level] == NULL) found.at[level] = up;
        if (up->memory_arity > 0 && up->parent != NULL && found.at[PAR__LEVEL_NUMA] == NULL)
            found.at[PAR__LEVEL_NUMA] = up;
    }
    return found;
}

static int kind_of(hwloc_topology_t tree, hwloc_obj_t pu)
{
#if HWLOC_API_VERSION >= 0x00020400
    int kind = hwloc_cpukinds_get_by_cpuset(tree, pu->cpuset, 0);
    if (kind >= PAR__MAX_KINDS) kind = PAR__MAX_KINDS - 1;
    return kind > 0 ? kind : 0;
#else
    (void)tree, (void)pu;
    return 0;
#endif
}

#if HWLOC_API_VERSION >= 0x00020400
static void
kind_name(char *out, size_t bytes, int kind, unsigned n_infos, struct hwloc_info_s *infos)
{
    const char *type = NULL;
    for (unsigned i = 0; i < n_infos; i++)
        if (strcmp(infos[i].name, "CoreType") == 0) type = infos[i].value;
    if (type != NULL)
        snprintf(out, bytes, "%s", type);
    else
        snprintf(out, bytes, "kind %d", kind);
}
#endif

/* hwloc sorts kinds from slow to fast, if it can rank them; if it cannot, they count as alike. */
static void kinds_read(par__machine_t *machine, hwloc_topology_t tree)
{
    machine->n_kinds = 1;
#if HWLOC_API_VERSION >= 0x00020400
    int n = hwloc_cpukinds_get_nr(tree, 0);
    if (n > PAR__MAX_KINDS) n = PAR__MAX_KINDS;
    for (int kind = 0; kind < n; kind++) {
        int efficiency = -1;
        unsigned n_infos = 0;
        struct hwloc_info_s *infos = NULL;
        int rc =
            hwloc_cpukinds_get_info(tree, (unsigned)kind, NULL, &efficiency, &n_infos, &infos, 0);
        if (rc != 0 || efficiency < 0) return;
        kind_name(machine->kinds[kind], sizeof machine->kinds[kind], kind, n_infos, infos);
    }
    if (n > 1) machine->n_kinds = (unsigned)n;
#else
    (void)tree;
#endif
}

static unsigned nodes_count(hwloc_topology_t tree)
{
    unsigned n = 0;
    hwloc_obj_t node = NULL;
    while ((node = hwloc_get_next_obj_by_type(tree, HWLOC_OBJ_NUMANODE, node)) != NULL)
        n++;
    return n;
}

static unsigned offline_count(hwloc_topology_t tree)
{
    int all = hwloc_bitmap_weight(hwloc_topology_get_complete_cpuset(tree));
    int online = hwloc_bitmap_weight(hwloc_topology_get_topology_cpuset(tree));
    return all > online && online >= 0 ? (unsigned)(all - online) : 0;
}

/* PUs of one domain are neighbours in hwloc's order, so a domain is new whenever it differs from
 * that of the PU before; a PU without a core is its own. */
static void table_fill(par__machine_t *machine, hwloc_topology_t tree)
{
    hwloc_const_cpuset_t allowed = hwloc_topology_get_allowed_cpuset(tree);
    domains_t last = {{NULL}};
    int next[PAR__N_LEVELS] = {0};
    hwloc_obj_t pu = NULL;
    while ((pu = hwloc_get_next_obj_by_type(tree, HWLOC_OBJ_PU, pu)) != NULL) {
        par__pu_t *row = &machine->pus[machine->n_pus++];
        domains_t here = pu_climb(pu);
        for (int level = 0; level < PAR__N_LEVELS; level++) {
            bool is_own = here.at[level] == NULL && level == PAR__LEVEL_CORE;
            if (is_own || (here.at[level] != NULL && here.at[level] != last.at[level]))
                next[level]++;
            row->at[level] = here.at[level] != NULL || is_own ? next[level] - 1 : -1;
        }
        last = here;
        row->os = (int)pu->os_index;
        row->usable = allowed == NULL || hwloc_bitmap_isset(allowed, pu->os_index);
        row->kind = machine->n_kinds > 1 ? kind_of(tree, pu) : 0;
    }
}

static par_status_t table_make(par__machine_t *machine, hwloc_topology_t tree)
{
    size_t n = 0;
    hwloc_obj_t pu = NULL;
    while ((pu = hwloc_get_next_obj_by_type(tree, HWLOC_OBJ_PU, pu)) != NULL)
        n++;
    if (n == 0) return PAR_ETOPOLOGY;
    machine->pus = calloc(n, sizeof *machine->pus);
    if (machine->pus == NULL) return PAR_ENOMEM;
    kinds_read(machine, tree);
    table_fill(machine, tree);
    par__topology_recount(machine);
    machine->n_offline = offline_count(tree);
    machine->n_memory_nodes = nodes_count(tree);
    machine->is_this_system = hwloc_topology_is_thissystem(tree);
    return PAR_OK;
}

static par_status_t tree_read(par__machine_t *machine, par__source_t source)
{
    hwloc_topology_t tree;
    if (hwloc_topology_init(&tree) != 0) return PAR_ETOPOLOGY;
    par_status_t status = PAR_ETOPOLOGY;
    if (tree_configure(tree) == 0 && tree_aim(tree, source) == 0 && hwloc_topology_load(tree) == 0)
        status = table_make(machine, tree);
    hwloc_topology_destroy(tree);
    return status;
}

/* hwloc has a mutex of its own and no handler for fork: a child that was forked while another
 * thread was in there would wait for it for ever. So fork waits until nobody is. */
static pthread_mutex_t in_hwloc = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t fork_once = PTHREAD_ONCE_INIT;

static void enter_hwloc(void)
{
    pthread_mutex_lock(&in_hwloc);
}

static void leave_hwloc(void)
{
    pthread_mutex_unlock(&in_hwloc);
}

/* Besides those of registry.c: there may be no pool yet. Who is in hwloc waits for no lock of a pool. */
static void fork_handlers_set(void)
{
    pthread_atfork(enter_hwloc, leave_hwloc, leave_hwloc);
}

par_status_t par__topology_load(par__machine_t *machine, par__source_t source)
{
    memset(machine, 0, sizeof *machine);
    pthread_once(&fork_once, fork_handlers_set);
    enter_hwloc();
    par_status_t status = tree_read(machine, source);
    leave_hwloc();
    if (status != PAR_OK) par__topology_free(machine);
    return status;
}
