/* memory.c - what a load may read: RC11 without load buffering, played forward.
 *
 * Each location has a list of stores in its modification order. Each thread has a view: for each
 * location the store that it must not read behind of. A store carries a view too: the writer's, if
 * it releases; an acquiring reader joins it to its own. There is one view for seq_cst: a seq_cst
 * access of a location does not go behind the last seq_cst store to it, and seq_cst fences join it
 * and are joined to it.
 *
 * A location comes into being when a thread first touches it; what is there then is its first
 * store, seen by everybody. The memory itself always holds the last store of the list. */
#include <string.h>

#include "engine.h"

enum { MAX_STORES = 3000, STORES_EACH = 120, MAX_NAMES = 64 };

typedef struct store_t {
    uint64_t value;
    uint16_t position; /* in its location's order */
    bool is_bound;     /* a read-modify-write follows: nothing comes in between */
    uint8_t writer;
    uint64_t history; /* the writer's, or where it stands in the location's lives */
    view_t view;      /* what an acquiring reader gets */
} store_t;

typedef struct location_t {
    void *address;
    size_t size;
    unsigned n;
    unsigned first;    /* older stores are of an earlier life of this memory */
    bool is_forgotten; /* plain code has written here */
    uint64_t history;  /* of the stores in their order */
    uint16_t order[STORES_EACH];
} location_t;

static store_t stores[MAX_STORES]; /* 0: no store, older than all */
static unsigned n_stores;
static location_t locations[MAX_LOCS];
static unsigned n_locations;
static uint16_t seq_cst[MAX_LOCS];
static uint64_t all_history;     /* of all locations, whatever their order */
static uint64_t seq_cst_history; /* the same of seq_cst */

static struct {
    const void *address;
    const char *name;
} names[MAX_NAMES];
static unsigned n_names;

/* ---- stores and names ---- */

void model__memory_reset(void)
{
    n_stores = 1;
    memset(seq_cst, 0, sizeof seq_cst[0] * (n_locations + 1));
    n_locations = 0;
    all_history = 0;
    seq_cst_history = 0;
    n_names = 0;
}

void model_name(const void *p, const char *name)
{
    if (n_names == MAX_NAMES) return;
    names[n_names].address = p;
    names[n_names++].name = name;
}

const char *model__location_name(const void *p)
{
    for (unsigned i = 0; i < n_names; i++)
        if (names[i].address == (const void *)p) return names[i].name;
    return "";
}

static uint64_t memory_read(const void *p, size_t size)
{
    switch (size) {
    case 1:
        return *(const volatile uint8_t *)p;
    case 2:
        return *(const volatile uint16_t *)p;
    case 4:
        return *(const volatile uint32_t *)p;
    default:
        return *(const volatile uint64_t *)p;
    }
}

static void memory_write(void *p, size_t size, uint64_t value)
{
    switch (size) {
    case 1:
        *(volatile uint8_t *)p = (uint8_t)value;
        break;
    case 2:
        *(volatile uint16_t *)p = (uint16_t)value;
        break;
    case 4:
        *(volatile uint32_t *)p = (uint32_t)value;
        break;
    default:
        *(volatile uint64_t *)p = value;
    }
}

static uint64_t value_cut(uint64_t value, size_t size)
{
    return size >= 8 ? value : value & (((uint64_t)1 << 8 * size) - 1);
}

static unsigned store_new(uint64_t value)
{
    if (n_stores == MAX_STORES) model_fail("the model has no room for another store");
    store_t *s = &stores[n_stores];
    s->value = value;
    s->is_bound = false;
    s->writer = (uint8_t)run.self;
    return n_stores++;
}

/* ---- what has happened, for states.c ---- */

uint64_t model__memory_history(void)
{
    return model__mix(all_history, seq_cst_history);
}

/* After a store at `position`; those before it are as they were only if it is the last. */
static void location_note(location_t *loc, unsigned position)
{
    uint64_t address = (uintptr_t)loc->address;
    if (loc->history != 0) all_history -= model__mix(loc->history, address);
    unsigned i = position + 1 == loc->n ? position : 0;
    if (i == 0) loc->history = address;
    for (; i < loc->n; i++)
        loc->history = model__mix(loc->history, stores[loc->order[i]].history);
    all_history += model__mix(loc->history, address);
}

static void seq_cst_set(unsigned l, unsigned id)
{
    uint64_t address = (uintptr_t)locations[l].address;
    if (seq_cst[l] != 0) seq_cst_history -= model__mix(stores[seq_cst[l]].history, address);
    seq_cst[l] = (uint16_t)id;
    if (id != 0) seq_cst_history += model__mix(stores[id].history, address);
}

/* ---- locations ---- */

static void location_begin(unsigned l)
{
    location_t *loc = &locations[l];
    unsigned first = store_new(memory_read(loc->address, loc->size));
    memset(&stores[first].view, 0, sizeof(view_t));
    stores[first].position = 0;
    stores[first].history = model__mix(stores[first].value, loc->history);
    loc->first = first;
    loc->order[0] = (uint16_t)first;
    loc->n = 1;
    loc->is_forgotten = false;
    location_note(loc, 0);
}

static unsigned location_of(const void *p, size_t size)
{
    model__atomic_access(p, size);
    uint16_t *known = model__cell_location(p, size);
    if (*known == 0) {
        if (n_locations + 1 >= MAX_LOCS) model_fail("the model has no room for another location");
        *known = (uint16_t)++n_locations;
        locations[*known].address = (void *)(uintptr_t)p;
        locations[*known].size = size;
        locations[*known].history = 0;
        location_begin(*known);
    }
    if (locations[*known].is_forgotten) {
        for (unsigned t = 1; t <= run.n_threads; t++)
            run.threads[t].now.at[*known] = 0;
        seq_cst_set(*known, 0);
        location_begin(*known);
    }
    return *known;
}

void model__location_forget(unsigned location)
{
    locations[location].is_forgotten = true;
}

static unsigned last_of(const location_t *loc)
{
    return loc->n - 1;
}

/* ---- views ---- */

static unsigned position_of(unsigned l, unsigned id)
{
    return id < locations[l].first ? 0 : stores[id].position;
}

void model__view_join(view_t *into, const view_t *from)
{
    for (unsigned t = 0; t < ALL_THREADS; t++)
        if (from->clock[t] > into->clock[t]) into->clock[t] = from->clock[t];
    if (run.used.late == 0) { /* stores of a location are numbered as they are ordered */
        for (unsigned l = 1; l <= n_locations; l++)
            into->at[l] = from->at[l] > into->at[l] ? from->at[l] : into->at[l];
        return;
    }
    for (unsigned l = 1; l <= n_locations; l++)
        if (position_of(l, from->at[l]) > position_of(l, into->at[l])) into->at[l] = from->at[l];
}

static thread_t *self(void)
{
    return &run.threads[run.self];
}

static bool is_acquire(int order)
{
    return order == MODEL_ACQUIRE || order == MODEL_ACQ_REL || order == MODEL_SEQ_CST;
}

static bool is_release(int order)
{
    return order == MODEL_RELEASE || order == MODEL_ACQ_REL || order == MODEL_SEQ_CST;
}

/* The first place in the order that this access may read or write behind of. */
static unsigned floor_of(unsigned l, int order)
{
    unsigned seen = features.no_coherence ? 0 : position_of(l, self()->now.at[l]);
    if (order != MODEL_SEQ_CST || features.no_sc) return seen;
    unsigned agreed = position_of(l, seq_cst[l]);
    return agreed > seen ? agreed : seen;
}

static void read_from(unsigned l, unsigned id, int order)
{
    thread_t *t = self();
    if (is_acquire(order) && !features.no_acquire)
        model__view_join(&t->now, &stores[id].view);
    else if (!features.no_fence)
        model__view_join(&t->acquired, &stores[id].view);
    if (stores[id].position >= position_of(l, t->now.at[l])) t->now.at[l] = (uint16_t)id;
    model__note(stores[id].history);
}

/* Puts a new store at `position`; from: the store that a read-modify-write has read, else 0. */
static void write_at(unsigned l, unsigned position, uint64_t value, int order, unsigned from)
{
    location_t *loc = &locations[l];
    thread_t *t = self();
    unsigned id = store_new(value);
    store_t *s = &stores[id];
    model__atomic_store(loc->address);
    if (loc->n == STORES_EACH) model_fail("the model has no room for another store here");
    for (unsigned i = loc->n; i > position; i--) {
        loc->order[i] = loc->order[i - 1];
        stores[loc->order[i]].position = (uint16_t)i;
    }
    loc->order[position] = (uint16_t)id;
    loc->n++;
    s->position = (uint16_t)position;
    if (position == loc->n - 1) memory_write(loc->address, loc->size, value);
    t->now.at[l] = (uint16_t)id;
    if (is_release(order) && !features.no_release)
        s->view = t->now;
    else
        s->view = t->released;
    if (from != 0 && !features.no_sequence) model__view_join(&s->view, &stores[from].view);
    if (features.no_cxx20 && from == 0 && position > 0 &&
        stores[loc->order[position - 1]].writer == run.self)
        model__view_join(&s->view, &stores[loc->order[position - 1]].view);
    if (from != 0) stores[from].is_bound = !features.no_atomicity;
    model__note(position);
    s->history = self()->history;
    location_note(loc, position);
    if (order == MODEL_SEQ_CST) seq_cst_set(l, id);
    t->now.clock[run.self]++;
    run.writes++;
}

/* ---- operations ---- */

static bool may_be_stale(void)
{
    const thread_t *t = self();
    return !features.no_stale && run.used.stale < run.test->bounds.stale &&
           t->chance_at != run.writes + 1;
}

static bool may_be_late(void)
{
    return !features.no_late && run.used.late < run.test->bounds.late;
}

uint64_t model_load(const void *p, size_t size, int order)
{
    if (run.self == 0) return memory_read(p, size);
    model__point();
    unsigned l = location_of(p, size);
    location_t *loc = &locations[l];
    unsigned back = 0;
    if (may_be_stale()) back = model__choose(loc->n - floor_of(l, order));
    if (back != 0) run.used.stale++;
    unsigned id = loc->order[last_of(loc) - back];
    read_from(l, id, order);
    if (run.is_traced)
        model__trace("load %p %s = %#llx%s (order %d)", (void *)(uintptr_t)p,
                     model__location_name(p), (unsigned long long)stores[id].value,
                     back != 0 ? " STALE" : "", order);
    return stores[id].value;
}

void model_store(void *p, size_t size, uint64_t value, int order)
{
    value = value_cut(value, size);
    if (run.self == 0) {
        memory_write(p, size, value);
        return;
    }
    model__point();
    unsigned l = location_of(p, size);
    location_t *loc = &locations[l];
    unsigned back = 0;
    if (may_be_late()) {
        unsigned places[STORES_EACH];
        unsigned n = 0;
        for (unsigned i = loc->n; i > floor_of(l, order); i--)
            if (i == loc->n || !stores[loc->order[i - 1]].is_bound) places[n++] = loc->n - i;
        back = places[model__choose(n)];
    }
    if (back != 0) run.used.late++;
    write_at(l, loc->n - back, value, order, 0);
    if (run.is_traced)
        model__trace("store %p %s := %#llx%s (order %d)", (void *)(uintptr_t)p,
                     model__location_name(p), (unsigned long long)value, back != 0 ? " LATE" : "",
                     order);
}

/* What a read-modify-write may read: the last store, or one that nothing is bound to yet. */
static unsigned rmw_reads(unsigned l, int order)
{
    location_t *loc = &locations[l];
    if (features.no_atomicity && may_be_stale()) {
        unsigned any = model__choose(loc->n - floor_of(l, order));
        if (any != 0) run.used.stale++;
        return last_of(loc) - any;
    }
    if (!may_be_late()) return last_of(loc);
    unsigned places[STORES_EACH];
    unsigned n = 0;
    for (unsigned i = loc->n; i > floor_of(l, order); i--)
        if (i == loc->n || !stores[loc->order[i - 1]].is_bound) places[n++] = i - 1;
    unsigned position = places[model__choose(n)];
    if (position != last_of(loc)) run.used.late++;
    return position;
}

static uint64_t rmw_result(model_rmw_t kind, uint64_t old, uint64_t value)
{
    switch (kind) {
    case MODEL_ADD:
        return old + value;
    case MODEL_OR:
        return old | value;
    case MODEL_AND:
        return old & value;
    case MODEL_SWAP:
    default:
        return value;
    }
}

static void rmw_write(unsigned l, unsigned position, uint64_t value, int order)
{
    unsigned from = locations[l].order[position];
    if (features.no_atomicity) position = last_of(&locations[l]);
    write_at(l, position + 1, value, order, from);
}

uint64_t model_rmw(void *p, size_t size, model_rmw_t kind, uint64_t value, int order)
{
    if (run.self == 0) {
        uint64_t old = memory_read(p, size);
        memory_write(p, size, rmw_result(kind, old, value));
        return old;
    }
    model__point();
    unsigned l = location_of(p, size);
    unsigned position = rmw_reads(l, order);
    unsigned id = locations[l].order[position];
    uint64_t old = stores[id].value;
    uint64_t now = value_cut(rmw_result(kind, old, value), size);
    read_from(l, id, order);
    rmw_write(l, position, now, order);
    if (run.is_traced)
        model__trace("rmw %p %s %#llx -> %#llx (order %d)", (void *)(uintptr_t)p,
                     model__location_name(p), (unsigned long long)old, (unsigned long long)now,
                     order);
    return old;
}

/* What a compare-and-swap may read: an old store only if it fails then, or if the new store can
 * follow it. */
static unsigned cas_reads(unsigned l, uint64_t expected, int success, int failure)
{
    location_t *loc = &locations[l];
    unsigned places[STORES_EACH];
    unsigned n = 1;
    places[0] = last_of(loc);
    unsigned floor = floor_of(l, success);
    if (floor_of(l, failure) > floor) floor = floor_of(l, failure);
    for (unsigned i = last_of(loc); i > floor; i--) {
        const store_t *s = &stores[loc->order[i - 1]];
        if (s->value == expected ? (may_be_late() && !s->is_bound) : may_be_stale())
            places[n++] = i - 1;
    }
    unsigned position = places[model__choose(n)];
    if (position == last_of(loc)) return position;
    if (stores[loc->order[position]].value == expected)
        run.used.late++;
    else
        run.used.stale++;
    return position;
}

bool model_cas(void *p, size_t size, void *expected, uint64_t value, int success, int failure)
{
    uint64_t wanted = memory_read(expected, size);
    uint64_t seen;
    if (run.self == 0) {
        seen = memory_read(p, size);
        if (seen == wanted)
            memory_write(p, size, value);
        else
            memory_write(expected, size, seen);
        return seen == wanted;
    }
    model__point();
    unsigned l = location_of(p, size);
    unsigned position = cas_reads(l, wanted, success, failure);
    unsigned id = locations[l].order[position];
    seen = stores[id].value;
    if (run.is_traced)
        model__trace("cas %p %s %#llx: %#llx -> %#llx (order %d)", (void *)(uintptr_t)p,
                     model__location_name(p), (unsigned long long)seen, (unsigned long long)wanted,
                     (unsigned long long)value, success);
    if (seen != wanted) {
        read_from(l, id, failure);
        memory_write(expected, size, seen);
        return false;
    }
    read_from(l, id, success);
    rmw_write(l, position, value_cut(value, size), success);
    return true;
}

static void fence_seq_cst_now(thread_t *t)
{
    for (unsigned l = 1; l <= n_locations; l++) {
        uint16_t mine = t->now.at[l];
        uint16_t agreed = seq_cst[l];
        if (position_of(l, agreed) > position_of(l, mine))
            t->now.at[l] = agreed;
        else
            seq_cst_set(l, mine);
    }
}

void model_fence(int order)
{
    if (run.self == 0) return;
    model__point();
    thread_t *t = self();
    if (is_acquire(order) && !features.no_fence) model__view_join(&t->now, &t->acquired);
    model__note(seq_cst_history);
    if (order == MODEL_SEQ_CST && !features.no_sc_fence) fence_seq_cst_now(t);
    if (is_release(order) && !features.no_fence) t->released = t->now;
    t->now.clock[run.self]++;
    if (run.is_traced) model__trace("fence (order %d)", order);
}
