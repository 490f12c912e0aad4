/* slots.c - finding a slot; slots.h has the picture. */
#include "slots.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <par/pool.h>

struct par__slot_node_t {
    par__slot_node_t *next;
    par__slot_tail_t tail;
    char *data; /* behind the node */
};

/* Its address tells threads apart. */
static __thread char here __attribute__((tls_model("initial-exec")));

static char *slot_at(const par_local_t *local, unsigned index)
{
    return local->slots + index * local->stride;
}

static par__slot_tail_t *tail_of(const par_local_t *local, char *slot)
{
    void *end = slot + local->stride;
    return (par__slot_tail_t *)end - 1;
}

/* The bytes of n slots of `size` bytes; 0 when no memory is that large. */
static size_t slots_bytes(par_local_t *local, size_t n)
{
    size_t padding = sizeof(par__slot_tail_t) + PAR__SLOT_ALIGN - 1, stride, bytes;
    if (__builtin_add_overflow(local->size, padding, &stride)) return 0;
    stride &= ~(size_t)(PAR__SLOT_ALIGN - 1);
    local->stride = stride;
    return __builtin_mul_overflow(n, stride, &bytes) ? 0 : bytes;
}

bool par__slots_open(par_local_t *local, unsigned n, char *stack)
{
    __atomic_store_n(&local->alive, local, __ATOMIC_RELAXED);
    size_t bytes = slots_bytes(local, (size_t)n + 1);
    local->after = &local->first;
    local->n_slots = n;
    if (bytes != 0)
        local->slots = bytes <= PAR__SLOTS_ON_STACK ? stack : aligned_alloc(PAR__SLOT_ALIGN, bytes);
    if (local->slots == NULL) return false;
    for (unsigned i = 0; i <= n; i++)
        *tail_of(local, slot_at(local, i)) = (par__slot_tail_t){NULL, false};
    return true;
}

void par__slots_enter(par_local_t *local)
{
    local->pool = par_pool_id();
    if (local->slots == NULL)
        local->only.owner = &here;
    else if (par_worker_index() == 0)
        tail_of(local, slot_at(local, 0))->owner = &here;
}

/* Marked first: init may ask for the slot that it is making ready. */
static void *slot_ready(par_local_t *local, void *slot, par__slot_tail_t *tail)
{
    if (!tail->is_ready) {
        tail->is_ready = true;
        if (slot != local->acc) memcpy(slot, local->acc, local->size);
        if (local->init != NULL) local->init(slot, local->ctx);
    }
    return slot;
}

/* True if this thread has the slot, from now on if nobody had it. */
static bool slot_claim(par__slot_tail_t *tail)
{
    const void *owner = NULL;
    return __atomic_load_n(&tail->owner, __ATOMIC_RELAXED) == &here ||
           __atomic_compare_exchange_n(&tail->owner, &owner, &here, 0, __ATOMIC_RELAXED,
                                       __ATOMIC_RELAXED);
}

void *par__slots_own(par_local_t *local)
{
    if (local->slots == NULL)
        return local->only.owner == &here ? slot_ready(local, local->acc, &local->only) : NULL;
    unsigned index = par_worker_index();
    if (par_pool_id() != local->pool || index >= local->n_slots) return NULL;
    char *slot = slot_at(local, index);
    par__slot_tail_t *tail = tail_of(local, slot);
    if (index == 0 && !slot_claim(tail)) return NULL;
    return slot_ready(local, slot, tail);
}

/* ---- further threads ---- */

static par__slot_node_t *node_find(par_local_t *local)
{
    par__lock_take(&local->lock);
    par__slot_node_t *node = local->first;
    while (node != NULL && node->tail.owner != &here)
        node = node->next;
    par__lock_drop(&local->lock);
    return node;
}

static par__slot_node_t *node_new(const par_local_t *local)
{
    size_t head = PAR__SLOT_ALIGN, bytes;
    if (__builtin_add_overflow(local->size, head + PAR__SLOT_ALIGN - 1, &bytes)) return NULL;
    char *memory = aligned_alloc(PAR__SLOT_ALIGN, bytes & ~(size_t)(PAR__SLOT_ALIGN - 1));
    if (memory == NULL) return NULL;
    void *first = memory;
    par__slot_node_t *node = first;
    *node = (par__slot_node_t){.tail.owner = &here, .data = memory + head};
    return node;
}

void *par__slots_further(par_local_t *local)
{
    if (local->slots == NULL) return NULL; /* *acc is in use: nothing is left to start from */
    par__slot_node_t *node = node_find(local);
    if (node == NULL) {
        node = node_new(local);
        if (node == NULL) return NULL;
        par__lock_take(&local->lock);
        *local->after = node;
        local->after = &node->next;
        par__lock_drop(&local->lock);
    }
    return slot_ready(local, node->data, &node->tail);
}

void par__slots_add(par_local_t *local, const void *temp)
{
    char *slot = slot_at(local, local->n_slots);
    par__lock_take(&local->lock);
    local->combine(slot_ready(local, slot, tail_of(local, slot)), temp, local->ctx);
    par__lock_drop(&local->lock);
}

/* ---- the end ---- */

void par__slots_close(par_local_t *local, const char *stack)
{
    for (unsigned i = 0; local->slots != NULL && i <= local->n_slots; i++) {
        char *slot = slot_at(local, i);
        if (tail_of(local, slot)->is_ready) local->combine(local->acc, slot, local->ctx);
    }
    while (local->first != NULL) {
        par__slot_node_t *node = local->first;
        local->first = node->next;
        local->combine(local->acc, node->data, local->ctx);
        free(node);
    }
    if (local->slots != stack) free(local->slots);
    __atomic_store_n(&local->alive, NULL, __ATOMIC_RELAXED);
}
