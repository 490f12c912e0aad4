/* plain.c - plain data: races, and memory that is not there any more.
 *
 * The core and the tests are compiled with -fsanitize=thread but without its runtime: the compiler
 * puts a call before each plain access, and the functions it calls are here. Vector clocks decide
 * whether two accesses are ordered. Accesses of the set-up come before everything. */
#include <string.h>

#include "engine.h"

/* ---- cells: four bytes of memory each, in a hash table ---- */

enum { CELLS = 1 << 13, GRANULE = 4 };

typedef struct cell_t {
    uintptr_t key;
    uint32_t execution; /* another one: the cell is free */
    uint32_t write_clock;
    uint8_t writer;
    bool has_bytes; /* some of its bytes are locations of their own */
    uint16_t location;
    uint32_t read_clock[ALL_THREADS];
    uint32_t atomic_clock[ALL_THREADS]; /* of atomic accesses */
    uint32_t store_clock[ALL_THREADS];  /* of those that write */
} cell_t;

static cell_t cells[CELLS];
static uint32_t execution;
static unsigned n_cells;

/* Its cell, or the free one that it would get. */
static cell_t *cell_place(uintptr_t key)
{
    size_t i = (size_t)(key * 0x9e3779b97f4a7c15u >> 40) % CELLS;
    while (cells[i].execution == execution && cells[i].key != key)
        i = (i + 1) % CELLS;
    return &cells[i];
}

static const cell_t *cell_find(uintptr_t key)
{
    const cell_t *c = cell_place(key);
    return c->execution == execution ? c : NULL;
}

static cell_t *cell_of(uintptr_t key)
{
    cell_t *c = cell_place(key);
    if (c->execution != execution) {
        if (++n_cells > CELLS / 2) model_fail("the model has no room for more plain data");
        memset(c, 0, sizeof *c);
        c->key = key;
        c->execution = execution;
    }
    return c;
}

/* What is smaller than a granule may lie in one with others: it has a cell more, for this alone. */
static uintptr_t byte_key(uintptr_t at)
{
    return ~at;
}

uint16_t *model__cell_location(const void *p, size_t size)
{
    cell_t *c = cell_of((uintptr_t)p / GRANULE);
    if (size >= GRANULE) return &c->location;
    c->has_bytes = true;
    return &cell_of(byte_key((uintptr_t)p))->location;
}

/* ---- memory of one execution: never used again within it, so that freed stays freed ---- */

enum { ARENA_BYTES = 1 << 18, UNIT = 16, NOT_THERE = 0, LIVE = 1, FREED = 2 };

static _Alignas(128) unsigned char arena[ARENA_BYTES];
static unsigned char unit_state[ARENA_BYTES / UNIT];
static uint32_t unit_count[ARENA_BYTES / UNIT]; /* at the first unit: how many */
static size_t arena_used;

void model__plain_reset(void)
{
    execution++;
    n_cells = 0;
    memset(arena, 0, arena_used);
    memset(unit_state, NOT_THERE, arena_used / UNIT);
    arena_used = 0;
}

static void arena_check(uintptr_t at)
{
    uintptr_t begin = (uintptr_t)arena;
    if (features.no_poison || at - begin >= ARENA_BYTES) return;
    unsigned char state = unit_state[(at - begin) / UNIT];
    if (state == FREED) model_fail("use after free: %#llx", (unsigned long long)at);
    if (state == NOT_THERE) model_fail("beyond an allocation: %#llx", (unsigned long long)at);
}

static bool memory_is_out(void)
{
    if (run.self == 0 || features.no_no_memory ||
        run.used.no_memory >= run.test->bounds.no_memory || model__choose(2) == 0)
        return false;
    run.used.no_memory++;
    model__trace("allocation fails");
    return true;
}

void *model_aligned_alloc(size_t align, size_t bytes)
{
    if (memory_is_out()) {
        model__note(0);
        return NULL;
    }
    if (align < UNIT) align = UNIT;
    size_t at = (arena_used + align - 1) / align * align;
    size_t units = (bytes + UNIT - 1) / UNIT;
    if (at + (units + 1) * UNIT > ARENA_BYTES) model_fail("the model has no room to allocate");
    memset(unit_state + at / UNIT, LIVE, units);
    unit_count[at / UNIT] = (uint32_t)units;
    arena_used = at + (units + 1) * UNIT; /* one unit in between belongs to nobody */
    model__note(at + 1);
    return arena + at;
}

void *model_malloc(size_t bytes)
{
    return model_aligned_alloc(UNIT, bytes);
}

void *model_calloc(size_t n, size_t bytes)
{
    return model_aligned_alloc(UNIT, n * bytes); /* the arena begins zeroed */
}

/* ---- races ---- */

static bool is_before_us(unsigned thread, uint32_t clock)
{
    return thread == run.self || clock <= run.threads[run.self].now.clock[thread];
}

__attribute__((noreturn)) static void race(const char *what, uintptr_t at, unsigned other)
{
    model_fail("data race: %s of %#llx %s by thread %u, not ordered after thread %u", what,
               (unsigned long long)at, model__location_name((const void *)at), run.self, other);
}

/* Is what others did, as these clocks tell, ordered before what this thread does? */
static void clocks_check(const uint32_t *clocks, const char *what, uintptr_t at)
{
    for (unsigned t = 1; t <= run.n_threads; t++)
        if (clocks[t] != 0 && !is_before_us(t, clocks[t])) race(what, at, t);
}

static void cell_check_read(const cell_t *c, const char *what, uintptr_t at)
{
    if (c->write_clock != 0 && !is_before_us(c->writer, c->write_clock)) race(what, at, c->writer);
}

static void cell_check_write(const cell_t *c, const char *what, uintptr_t at)
{
    cell_check_read(c, what, at);
    clocks_check(c->read_clock, what, at);
    clocks_check(c->atomic_clock, what, at);
}

static void bytes_forget(uintptr_t at)
{
    for (unsigned i = 0; i < GRANULE; i++) {
        const cell_t *c = cell_find(byte_key(at + i));
        if (c != NULL && c->location != 0) model__location_forget(c->location);
    }
}

static void cell_access(cell_t *c, uintptr_t at, bool is_write)
{
    uint32_t now = run.threads[run.self].now.clock[run.self];
    if (!is_write) {
        cell_check_read(c, "read", at);
        clocks_check(c->store_clock, "read", at);
        c->read_clock[run.self] = now;
        return;
    }
    cell_check_write(c, "write", at);
    c->writer = (uint8_t)run.self;
    c->write_clock = now;
    if (c->location != 0) model__location_forget(c->location);
    if (c->has_bytes) bytes_forget(at);
}

static void plain_access(const void *p, size_t size, bool is_write)
{
    if (run.self == 0 || size == 0 || p == (const void *)run.local_word) return;
    uintptr_t first = (uintptr_t)p;
    arena_check(first);
    arena_check(first + size - 1);
    if (features.no_race) return;
    for (uintptr_t key = first / GRANULE; key <= (first + size - 1) / GRANULE; key++)
        cell_access(cell_of(key), key * GRANULE, is_write);
}

void model__atomic_access(const void *p, size_t size)
{
    uintptr_t at = (uintptr_t)p;
    arena_check(at);
    arena_check(at + size - 1);
    if (features.no_race) return;
    cell_t *c = cell_of(at / GRANULE);
    cell_check_read(c, "atomic access", at);
    c->atomic_clock[run.self] = run.threads[run.self].now.clock[run.self];
}

void model__atomic_store(const void *p)
{
    uintptr_t at = (uintptr_t)p;
    if (features.no_race) return;
    cell_t *c = cell_of(at / GRANULE);
    clocks_check(c->read_clock, "atomic store", at);
    c->store_clock[run.self] = run.threads[run.self].now.clock[run.self];
}

/* Who frees must come after all that others did to the block, whether or not the schedule lets one of
 * them do it later: between its last atomic operation and a read that follows, nobody else runs here. */
static void block_check_free(uintptr_t at, size_t bytes)
{
    for (uintptr_t key = at / GRANULE; key < (at + bytes) / GRANULE; key++) {
        const cell_t *c = cell_find(key);
        if (c != NULL) cell_check_write(c, "free", key * GRANULE);
    }
}

void model_free(void *p)
{
    if (p == NULL) return;
    size_t unit = (size_t)((unsigned char *)p - arena) / UNIT;
    if (unit >= ARENA_BYTES / UNIT || unit_state[unit] != LIVE) model_fail("free of %p", p);
    if (run.self != 0 && !features.no_race) block_check_free((uintptr_t)p, unit_count[unit] * UNIT);
    memset(unit_state + unit, FREED, unit_count[unit]);
    if (run.is_traced) model__trace("free %p", p);
}

/* ---- what the compilers call ---- */

void __tsan_init(void);
void __tsan_func_entry(void *caller);
void __tsan_func_exit(void);
void __tsan_init(void)
{
}
void __tsan_func_entry(void *caller)
{
    (void)caller;
}
void __tsan_func_exit(void)
{
}

#define ACCESS(name, size, is_write)                                                               \
    void name(void *p);                                                                            \
    void name(void *p)                                                                             \
    {                                                                                              \
        plain_access(p, size, is_write);                                                           \
    }
ACCESS(__tsan_read1, 1, false)
ACCESS(__tsan_read2, 2, false)
ACCESS(__tsan_read4, 4, false)
ACCESS(__tsan_read8, 8, false)
ACCESS(__tsan_read16, 16, false)
ACCESS(__tsan_write1, 1, true)
ACCESS(__tsan_write2, 2, true)
ACCESS(__tsan_write4, 4, true)
ACCESS(__tsan_write8, 8, true)
ACCESS(__tsan_write16, 16, true)
ACCESS(__tsan_unaligned_read2, 2, false)
ACCESS(__tsan_unaligned_read4, 4, false)
ACCESS(__tsan_unaligned_read8, 8, false)
ACCESS(__tsan_unaligned_read16, 16, false)
ACCESS(__tsan_unaligned_write2, 2, true)
ACCESS(__tsan_unaligned_write4, 4, true)
ACCESS(__tsan_unaligned_write8, 8, true)
ACCESS(__tsan_unaligned_write16, 16, true)
ACCESS(__tsan_read_write1, 1, true)
ACCESS(__tsan_read_write2, 2, true)
ACCESS(__tsan_read_write4, 4, true)
ACCESS(__tsan_read_write8, 8, true)
ACCESS(__tsan_read_write16, 16, true)

void __tsan_read_range(void *p, size_t size);
void __tsan_write_range(void *p, size_t size);
void *__tsan_memcpy(void *to, const void *from, size_t size);
void *__tsan_memset(void *to, int value, size_t size);
void __tsan_read_range(void *p, size_t size)
{
    plain_access(p, size, false);
}
void __tsan_write_range(void *p, size_t size)
{
    plain_access(p, size, true);
}
void *__tsan_memcpy(void *to, const void *from, size_t size)
{
    plain_access(from, size, false);
    plain_access(to, size, true);
    return memcpy(to, from, size);
}
void *__tsan_memset(void *to, int value, size_t size)
{
    plain_access(to, size, true);
    return memset(to, value, size);
}
