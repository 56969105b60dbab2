/*
 * tally.c - a hash table from (object, task) to a count, and a list of what
 * belongs to one object.
 *
 * What is usual follows what was seen by a quarter of the difference: the
 * first execution sets it, and one that ended early does not spoil it.
 *
 * T1  Entries are never taken away: an index stays what it is.
 * T2  The table is at most half full, so a search ends.
 */
#include "harness/explore/tally.h"

#include "harness/explore/memory.h"

enum {
    FIRST = 64,        /* entries, at first; a power of two */
    ENTRIES = 1 << 16, /* at most */
    UNIT = 16,         /* of usual */
};

void hn_tally_free(struct hn_tally *t)
{
    hn_memory_give(t->all);
    hn_memory_give(t->table);
    hn_memory_give(t->shared);
    *t = (struct hn_tally){0};
}

/* Where it is in the table, or would be put. */
static uint32_t place_of(const struct hn_tally *t, const void *object,
                         uint32_t slot)
{
    uint64_t h =
        ((uintptr_t)object ^ (uint64_t)slot << 32) * 0x9e3779b97f4a7c15u;
    uint32_t mask = 2 * t->cap - 1, i = (uint32_t)(h >> 32);

    for (;; i++) { /* T2 */
        uint32_t e = t->table[i & mask];

        if (!e ||
            (t->all[e - 1].object == object && t->all[e - 1].slot == slot))
            return i & mask;
    }
}

static uint32_t find(const struct hn_tally *t, const void *object,
                     uint32_t slot)
{
    return t->cap ? t->table[place_of(t, object, slot)] - 1 : HN_TALLY_NONE;
}

static bool grow(struct hn_tally *t)
{
    uint32_t cap = t->cap ? 2 * t->cap : FIRST;
    struct hn_tally_entry *all = hn_memory_grow(t->all, cap * sizeof(*all));
    uint32_t *shared, *table;

    if (all)
        t->all = all;
    shared = hn_memory_grow(t->shared, cap * sizeof(*shared));
    if (shared)
        t->shared = shared;
    table = hn_memory_take(2 * cap * sizeof(*table));
    if (!all || !shared || !table) {
        hn_memory_give(table);
        return false;
    }
    hn_memory_give(t->table);
    t->table = table;
    t->cap = cap;
    for (uint32_t i = 0; i < t->n; i++)
        table[place_of(t, t->all[i].object, t->all[i].slot)] = i + 1;
    return true;
}

static uint32_t add(struct hn_tally *t, const void *object, uint32_t slot)
{
    if (t->n == t->cap && (t->cap == ENTRIES || !grow(t)))
        return HN_TALLY_NONE;
    t->all[t->n] = (struct hn_tally_entry){
        .object = object, .slot = slot, .head = t->n, .next = HN_TALLY_NONE};
    t->table[place_of(t, object, slot)] = t->n + 1;
    return t->n++;
}

/* An entry for a task that is new to the object, and for one that is new. */
static uint32_t enter(struct hn_tally *t, const void *object, uint32_t slot)
{
    uint32_t head = find(t, object, HN_TALLY_NONE), e;

    if (head == HN_TALLY_NONE)
        head = add(t, object, HN_TALLY_NONE);
    if (head == HN_TALLY_NONE)
        return head;
    e = add(t, object, slot);
    if (e == HN_TALLY_NONE)
        return e;
    t->all[e].head = head;
    t->all[e].next = t->all[head].next;
    t->all[head].next = e;
    if (++t->all[head].seen == 2 && t->all[head].writes)
        t->shared[t->nshared++] = head;
    return e;
}

void hn_tally_count(struct hn_tally *t, const void *object, uint32_t slot,
                    bool looks)
{
    uint32_t e = find(t, object, slot);
    struct hn_tally_entry *head;

    if (e == HN_TALLY_NONE)
        e = enter(t, object, slot);
    if (e == HN_TALLY_NONE)
        return;
    t->all[e].seen++;
    head = &t->all[t->all[e].head];
    if (looks || head->writes)
        return;
    head->writes = true;
    if (head->seen >= 2)
        t->shared[t->nshared++] = t->all[e].head;
}

void hn_tally_end(struct hn_tally *t)
{
    for (uint32_t i = 0; i < t->n; i++) {
        struct hn_tally_entry *e = &t->all[i];
        uint32_t seen = e->seen * UNIT;

        if (e->slot == HN_TALLY_NONE)
            continue;
        e->usual = !e->usual         ? seen
                   : seen > e->usual ? e->usual + (seen - e->usual + 3) / 4
                                     : e->usual - (e->usual - seen + 3) / 4;
        e->seen = 0;
    }
}

static uint32_t left(const struct hn_tally_entry *e)
{
    uint32_t usual = (e->usual + UNIT / 2) / UNIT;

    return usual > e->seen ? usual - e->seen : 0;
}

uint32_t hn_tally_left(const struct hn_tally *t, const void *object,
                       uint32_t slot)
{
    uint32_t e = find(t, object, slot);

    return e == HN_TALLY_NONE ? 0 : left(&t->all[e]);
}

uint32_t hn_tally_left_all(const struct hn_tally *t, uint32_t head)
{
    uint32_t sum = 0;

    for (uint32_t e = t->all[head].next; e != HN_TALLY_NONE; e = t->all[e].next)
        sum += left(&t->all[e]);
    return sum;
}

uint32_t hn_tally_nth(const struct hn_tally *t, uint32_t head, uint32_t k)
{
    for (uint32_t e = t->all[head].next; e != HN_TALLY_NONE;
         e = t->all[e].next) {
        if (k < left(&t->all[e]))
            return t->all[e].slot;
        k -= left(&t->all[e]);
    }
    return HN_TALLY_NONE;
}
