/* numbering.c - a hash table of groups. */
#include "numbering.h"

#include <stdlib.h>

enum { FIRST_ROOM = 512, GROWTH = 4 };

static void enter(par__numbering_t *t, uint64_t word, uint32_t number)
{
    size_t at = (size_t)word & t->mask;
    while (t->table[at].number != 0)
        at = (at + 1) & t->mask;
    t->table[at] = (par__number_t){(uint32_t)word, number};
}

/* Room for more groups. */
static bool grow(par__numbering_t *t)
{
    size_t room = t->room > 0 ? t->room * GROWTH : FIRST_ROOM;
    if (room > UINT32_MAX || room > SIZE_MAX / 2 / sizeof *t->groups) return false;
    par__group_t *groups = realloc(t->groups, room * sizeof *groups);
    if (groups == NULL) return false;
    t->groups = groups;
    par__number_t *table = calloc(2 * room, sizeof *table);
    if (table == NULL) return false;
    free(t->table);
    t->table = table;
    t->mask = 2 * room - 1;
    t->room = room;
    for (size_t g = 0; g < t->n_groups; g++)
        enter(t, groups[g].word, (uint32_t)(g + 1));
    return true;
}

/* Whether a place with the tag of the item's word is that of its group. */
static inline bool
is_group(const par__numbering_t *t, const par__number_t *place, uint64_t word, size_t item)
{
    const par__keys_t *keys = t->keys;
    if (keys->is_exact && keys->word_bits == 32) return true;
    const par__group_t *group = &t->groups[place->number - 1];
    return group->word == word && (keys->is_exact || par__keys_same(keys, group->first, item));
}

/* The place of the item's group, or the empty one where it belongs. */
static inline size_t find(const par__numbering_t *t, uint64_t word, size_t item)
{
    size_t at = (size_t)word & t->mask;
    while (t->table[at].number != 0 &&
           (t->table[at].tag != (uint32_t)word || !is_group(t, &t->table[at], word, item)))
        at = (at + 1) & t->mask;
    return at;
}

/* The number of the item's group, which may be new; 0 if it is, and there is no memory. */
static __attribute__((noinline)) uint32_t number_of(par__numbering_t *t, uint64_t word, size_t item)
{
    if (t->n_groups == t->room && !grow(t)) return 0;
    par__number_t *place = &t->table[find(t, word, item)];
    if (place->number == 0) {
        t->groups[t->n_groups] = (par__group_t){word, item, 0};
        *place = (par__number_t){(uint32_t)word, (uint32_t)++t->n_groups};
    }
    return place->number;
}

static size_t
feed(par__numbering_t *t, const uint64_t *word, const size_t *item, size_t n, size_t *group)
{
    const bool is_tag_enough = t->keys->is_exact && t->keys->word_bits == 32;
    static const par__number_t none = {0, 0};
    const par__number_t *table = t->table != NULL ? t->table : &none;
    size_t mask = t->table != NULL ? t->mask : 0;
    for (size_t k = 0; k < n; k++) {
        par__number_t place = table[(size_t)word[k] & mask];
        if (PAR_UNLIKELY(place.number == 0 || place.tag != (uint32_t)word[k] || !is_tag_enough)) {
            place.number = number_of(t, word[k], item[k]);
            if (place.number == 0) return k;
            table = t->table;
            mask = t->mask;
        }
        group[k] = place.number - 1;
    }
    return n;
}

size_t par__numbering_feed(
    par__numbering_t *t, const uint64_t *word, const size_t *item, size_t n, size_t *group)
{
    size_t n_fed = feed(t, word, item, n, group);
    if (t->counts)
        for (size_t k = 0; k < n_fed; k++)
            t->groups[group[k]].count++;
    return n_fed;
}

void par__numbering_end(par__numbering_t *t)
{
    free(t->table);
    t->table = NULL;
}

void par__numbering_free(par__numbering_t *t)
{
    par__numbering_end(t);
    free(t->groups);
}
