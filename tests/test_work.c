/* test_work.c - loops over growing work: every item once, whatever the shape of what grows, the size of
 * an item, who adds it and whether there is memory. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "on_pools.h"
#include "scale.h"

static void add(size_t *sum, size_t value)
{
    __atomic_fetch_add(sum, value, __ATOMIC_RELAXED);
}

/* ---- trees: as many nodes as there are ---- */

typedef struct tree_t {
    size_t fan, nodes;
} tree_t;

PAR_DEFINE_FOR_WORK(tree_walk, unsigned, depth, tree_t *, tree, work)
{
    add(&tree->nodes, 1);
    for (size_t i = 0; depth > 0 && i < tree->fan; i++)
        tree_walk_add(work, depth - 1);
}

static size_t tree_nodes(size_t fan, unsigned depth)
{
    size_t nodes = 1, level = 1;
    for (unsigned d = 0; d < depth; d++)
        nodes += level *= fan;
    return nodes;
}

static void check_trees(void *ctx)
{
    static const struct {
        size_t fan;
        unsigned depth;
    } shapes[] = {{0, 3}, {1, 0}, {1, 100000}, {2, 12}, {3, 8}, {70, 2}, {20000, 1}, {2000, 2}};
    (void)ctx;
    for (size_t s = 0; s < sizeof shapes / sizeof shapes[0]; s++) {
        tree_t tree = {shapes[s].fan, 0};
        unsigned depth = shapes[s].depth;
        if (TEST_TSAN && tree.fan == 2000) continue;
        tree_walk(&depth, 1, &tree);
        expect(tree.nodes == tree_nodes(tree.fan, depth));
    }
}

static void trees_of_any_shape(void **state)
{
    (void)state;
    on_pools(check_trees, NULL);
}

/* ---- graphs: everything that can be reached, once ---- */

enum { NODES = 20000 };

typedef struct graph_t {
    unsigned char seen[NODES];
    unsigned visits[NODES];
} graph_t;

PAR_DEFINE_FOR_WORK(search, unsigned, node, graph_t *, graph, work)
{
    graph->visits[node]++;
    for (unsigned k = 0; k < 6; k++) {
        unsigned next = (node * (2 * k + 3) + k * k + 1) % NODES;
        if (next % 5 != 0 && !__atomic_exchange_n(&graph->seen[next], 1, __ATOMIC_RELAXED))
            search_add(work, next);
    }
}

static void check_graph(void *ctx)
{
    (void)ctx;
    graph_t *graph = calloc(1, sizeof *graph), *serial = calloc(1, sizeof *serial);
    unsigned *todo = malloc(NODES * sizeof *todo), start[2] = {1, 2};
    size_t n = 0;
    for (int i = 0; i < 2; i++) {
        graph->seen[start[i]] = serial->seen[start[i]] = 1;
        todo[n++] = start[i];
    }
    search(start, 2, graph);
    while (n > 0) {
        unsigned node = todo[--n];
        for (unsigned k = 0; k < 6; k++) {
            unsigned next = (node * (2 * k + 3) + k * k + 1) % NODES;
            if (next % 5 != 0 && !serial->seen[next]) {
                serial->seen[next] = 1;
                todo[n++] = next;
            }
        }
    }
    for (size_t i = 0; i < NODES; i++)
        expect(graph->visits[i] == serial->seen[i]);
    free(todo);
    free(graph);
    free(serial);
}

static void graph_search_visits_once(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++)
        on_pools(check_graph, NULL);
}

/* ---- items of any size, and many first ones ---- */

typedef struct sizes_t {
    size_t size, n, first_sum, sum;
    par_options_t options;
} sizes_t;

/* Each first item has its number in all its bytes and adds one that says 255. */
static void size_body(void *item, par_work_t *work, void *ctx)
{
    sizes_t *sizes = ctx;
    unsigned char *bytes = item;
    expect((uintptr_t)item % _Alignof(max_align_t) == 0);
    for (size_t i = 1; i < sizes->size; i++)
        expect(bytes[i] == bytes[0]);
    add(&sizes->sum, bytes[0]);
    if (bytes[0] == 255) return;
    memset(item, 255, sizes->size);
    par_work_add(work, item);
    memset(item, 1, sizes->size);
}

static void check_sizes(void *ctx)
{
    sizes_t sizes = *(sizes_t *)ctx;
    unsigned char *items = malloc(sizes.n * sizes.size + 1);
    size_t expected = 0;
    for (size_t i = 0; i < sizes.n; i++) {
        memset(items + i * sizes.size, (int)(i % 255), sizes.size);
        expected += i % 255 + 255;
    }
    par_for_work(items, sizes.n, sizes.size, size_body, &sizes, &sizes.options);
    expect(sizes.sum == expected);
    for (size_t i = 0; i < sizes.n; i++)
        expect(items[i * sizes.size] == i % 255);
    free(items);
}

static void items_of_any_size(void **state)
{
    (void)state;
    static const size_t item_sizes[] = {1,   3,    4,    8,    16,   24,   128,
                                        129, 1000, 1024, 1025, 4096, 10001};
    static const size_t ns[] = {0, 1, 2, 77, 3000};
    for (size_t s = 0; s < sizeof item_sizes / sizeof item_sizes[0]; s++) {
        sizes_t sizes = {.size = item_sizes[s], .n = ns[s % 5], .options = PAR_OPTIONS_INIT};
        on_pools(check_sizes, &sizes);
        sizes.options.grain = s % 2 ? 10 : SIZE_MAX;
        sizes.options.item_ns = s % 2 ? 1e6 : 1;
        on_pools(check_sizes, &sizes);
    }
}

/* The first item adds one, which is given away while the second item waits: nothing is left behind. */
static void add_one_dear(void *item, par_work_t *work, void *ctx)
{
    char *kind = item;
    add(ctx, 1);
    int64_t start = par_clock_ns();
    while (par_clock_ns() - start < 100000) { /* dear */
    }
    if (*kind == 0) {
        *kind = 1;
        par_work_add(work, item);
    }
}

static void check_add_one(void *ctx)
{
    static const size_t item_sizes[] = {8, 1000, 3000, 5000};
    (void)ctx;
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = SIZE_MAX;
    options.item_ns = 1e6;
    for (int s = 0; s < 4; s++) {
        size_t size = item_sizes[s], bodies = 0;
        char *items = calloc(2, size);
        items[size] = 1;
        par_for_work(items, 2, size, add_one_dear, &bodies, &options);
        expect(bodies == 3);
        free(items);
    }
}

static void nothing_is_left_behind(void **state)
{
    (void)state;
    on_pools(check_add_one, NULL); /* LeakSanitizer looks */
}

static void pool_of_the_options_is_used(void **state)
{
    (void)state;
    par_pool_options_t pool_options = PAR_POOL_OPTIONS_INIT;
    pool_options.threads = 3;
    sizes_t sizes = {.size = 4, .n = 500, .options = PAR_OPTIONS_INIT};
    assert_int_equal(par_pool_create(&sizes.options.pool, &pool_options), PAR_OK);
    check_sizes(&sizes);
    par_pool_destroy(sizes.options.pool);
    no_failures();
}

/* ---- others get what waits ---- */

typedef struct meeting_t {
    unsigned arrived, must;
} meeting_t;

static void meet(meeting_t *meeting)
{
    __atomic_fetch_add(&meeting->arrived, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&meeting->arrived, __ATOMIC_SEQ_CST) < meeting->must) {
    }
    for (volatile int k = 0; k < 20000; k++) { /* never tiny: those are tried alone */
    }
}

/* The contract forbids bodies that wait for each other, but so it can be seen that two run at the
 * same time: the children of a root that has returned ... */
PAR_DEFINE_FOR_WORK(meet_as_children, int, is_root, meeting_t *, meeting, work)
{
    if (is_root) {
        meet_as_children_add(work, 0);
        meet_as_children_add(work, 0);
    } else {
        meet(meeting);
    }
}

/* ... and a child of a body that still runs. */
PAR_DEFINE_FOR_WORK(meet_with_parent, int, is_root, meeting_t *, meeting, work)
{
    if (is_root) {
        meet_with_parent_add(work, 0);
        meet_with_parent_add(work, 0);
    }
    meet(meeting);
}

static void check_meetings(void *ctx)
{
    int is_root = 1, both[2] = {0, 0};
    (void)ctx;
    meeting_t meeting = {0, 2};
    meet_as_children(&is_root, 1, &meeting);
    meeting = (meeting_t){0, 2};
    meet_with_parent(&is_root, 1, &meeting);
    expect(meeting.arrived == 3);
    meeting = (meeting_t){0, 2};
    meet_as_children(both, 2, &meeting);
    expect(meeting.arrived == 2);
}

static void what_waits_is_given_away(void **state)
{
    (void)state;
    watchdog(120);
    for (size_t i = 0; i < scaled(20); i++)
        on_pool_of(2, check_meetings, NULL);
    watchdog(0);
}

/* A root whose body is long, after many that were tiny: what it adds reaches others while it runs. */
typedef struct long_root_t {
    unsigned done; /* children */
    int is_long;
} long_root_t;

enum { LONGEST_NS = 2000000000 };

PAR_DEFINE_FOR_WORK(root_walk, int, is_root, long_root_t *, root, work)
{
    if (!is_root) __atomic_fetch_add(&root->done, 1, __ATOMIC_SEQ_CST);
    int64_t start = par_clock_ns();
    while (is_root && root->is_long && __atomic_load_n(&root->done, __ATOMIC_SEQ_CST) == 0 &&
           par_clock_ns() - start < LONGEST_NS)
        root_walk_add(work, 0);
    if (is_root) root->is_long = (int)__atomic_load_n(&root->done, __ATOMIC_SEQ_CST);
}

static void check_long_root(void *ctx)
{
    int is_root = 1;
    (void)ctx;
    for (int i = 0; i < 2000; i++) {
        long_root_t tiny = {0, 0};
        root_walk(&is_root, 1, &tiny);
    }
    long_root_t root = {0, 1};
    root_walk(&is_root, 1, &root);
    expect(root.is_long > 0); /* done before the root was */
}

static void a_long_root_is_no_trial(void **state)
{
    (void)state;
    on_pool_of(2, check_long_root, NULL);
}

/* ---- parallel calls in the body add from other threads ---- */

typedef struct burst_t {
    par_work_t *work;
    size_t sum;
} burst_t;

static void burst_add(size_t i, void *ctx)
{
    burst_t *burst = ctx;
    for (volatile int k = 0; k < 500; k++) {
    }
    par_work_add(burst->work, &i);
}

static void burst_body(void *item, par_work_t *work, void *ctx)
{
    size_t value = *(size_t *)item;
    add(ctx, value);
    if (value < 1000) return;
    burst_t burst = {work, 0};
    par_for(0, value / 10, burst_add, &burst);
}

static void check_burst(void *ctx)
{
    size_t sum = 0, first[2] = {5000, 3000};
    (void)ctx;
    par_for_work(first, 2, sizeof first[0], burst_body, &sum, NULL);
    expect(sum == 8000 + 500 * 499 / 2 + 300 * 299 / 2);
}

/* Loops over work in a loop, in work. */
static void walk_many(size_t i, void *ctx)
{
    tree_t tree = {2, 0};
    unsigned depth = (unsigned)(i % 9);
    (void)ctx;
    tree_walk(&depth, 1, &tree);
    expect(tree.nodes == tree_nodes(2, depth));
}

PAR_DEFINE_FOR_WORK(walk_in_work, size_t, i, size_t *, sum, work)
{
    walk_many(i, NULL);
    add(sum, 1);
    if (i > 0) walk_in_work_add(work, i - 1);
}

static void check_nested(void *ctx)
{
    size_t first[3] = {20, 5, 9}, sum = 0;
    (void)ctx;
    par_for(0, 100, walk_many, NULL);
    walk_in_work(first, 3, &sum);
    expect(sum == 21 + 6 + 10);
}

static void nested(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        on_pools(check_burst, NULL);
        on_pools(check_nested, NULL);
    }
}

/* ---- without memory ---- */

static void check_without_memory(void *ctx)
{
    tree_t warm = {2, 0}, wide = {20000, 0}, bushy = {4, 0}, chain = {1, 0};
    unsigned depth = 1;
    tree_walk(&depth, 1, &warm); /* this thread is a worker now */
    fault_arm(FAULT_MEMORY, *(unsigned *)ctx, UINT_MAX);
    tree_walk(&depth, 1, &wide);
    depth = 7;
    tree_walk(&depth, 1, &bushy);
    depth = 100000;
    tree_walk(&depth, 1, &chain);
    fault_disarm();
    expect(wide.nodes == 20001 && bushy.nodes == tree_nodes(4, 7) && chain.nodes == 100001);
}

static void check_large_without_memory(void *ctx)
{
    unsigned char items[4][3000];
    sizes_t sizes = {.size = sizeof items[0], .options = PAR_OPTIONS_INIT};
    for (int i = 0; i < 4; i++)
        memset(items[i], i, sizeof items[i]);
    fault_arm(FAULT_MEMORY, *(unsigned *)ctx, UINT_MAX);
    par_for_work(items, 4, sizeof items[0], size_body, &sizes, NULL);
    fault_disarm();
    expect(sizes.sum == 0 + 1 + 2 + 3 + 4 * 255);
}

static void nothing_fails_without_memory(void **state)
{
    (void)state;
    static const unsigned threads[] = {1, 2, 7};
    unsigned from[] = {1, 2, 3, 10};
    for (int t = 0; t < 3; t++)
        for (int f = 0; f < 4; f++) {
            on_pool_of(threads[t], check_without_memory, &from[f]);
            on_pool_of(threads[t], check_large_without_memory, &from[f]);
        }
}

/* ---- nothing to do ---- */

static void never(void *item, par_work_t *work, void *ctx)
{
    (void)item, (void)work, (void)ctx;
    expect(0);
}

static void nothing_to_do(void **state)
{
    (void)state;
    char byte = 0;
    par_for_work(NULL, 0, 8, never, NULL, NULL);
    par_for_work(&byte, 0, 1, never, NULL, NULL);
#ifdef NDEBUG
    par_for_work(&byte, 1, 0, never, NULL, NULL);
    par_for_work(&byte, SIZE_MAX / 2, 3, never, NULL, NULL);
#endif
    no_failures();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_waits_is_given_away),     cmocka_unit_test(trees_of_any_shape),
        cmocka_unit_test(graph_search_visits_once),     cmocka_unit_test(items_of_any_size),
        cmocka_unit_test(pool_of_the_options_is_used),  cmocka_unit_test(nothing_is_left_behind),
        cmocka_unit_test(a_long_root_is_no_trial),      cmocka_unit_test(nested),
        cmocka_unit_test(nothing_fails_without_memory), cmocka_unit_test(nothing_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
