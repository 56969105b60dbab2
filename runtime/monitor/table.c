/*
 * table.c - addresses to numbers, for a snapshot's lists.
 *
 * Method: open addressing with linear steps, at most half full, doubled in the
 * arena; what it grew out of stays there until the snapshot goes.
 */
#include "runtime/monitor/intake.h"

enum {
    TABLE_FIRST = 64
};

static size_t home(const struct mon_table *t, const void *key)
{
    uint64_t h = (uint64_t)(uintptr_t)key * 0x9e3779b97f4a7c15u;

    return (size_t)(h >> 20) & (t->cap - 1);
}

/* Where key is, or the free place where it belongs. */
static size_t place(const struct mon_table *t, const void *key)
{
    size_t i = home(t, key);

    while (t->key[i] && t->key[i] != key)
        i = (i + 1) & (t->cap - 1);
    return i;
}

static bool grow(struct mon_table *t, struct rt_arena *arena)
{
    struct mon_table old = *t;

    rt_check((old.cap & (old.cap - 1)) == 0, "a table's size is no power of 2");
    t->cap = old.cap ? old.cap * 2 : TABLE_FIRST;
    t->key = rt_arena_alloc(arena, t->cap * sizeof(*t->key));
    t->value = rt_arena_alloc(arena, t->cap * sizeof(*t->value));
    if (!t->key || !t->value) {
        *t = old;
        return false;
    }
    for (size_t i = 0; i < old.cap; i++)
        if (old.key[i]) {
            size_t to = place(t, old.key[i]);

            rt_assert(!t->key[to], "a key is in a table twice");
            t->key[to] = old.key[i];
            t->value[to] = old.value[i];
        }
    return true;
}

uint32_t mon_table_put(struct mon_table *t, struct rt_arena *arena,
                       const void *key, uint32_t fresh, bool *is_new)
{
    size_t i;

    rt_check(key, "a table has no place for NULL");
    *is_new = false;
    if (t->n * 2 >= t->cap && !grow(t, arena))
        return GO_NOWHERE;
    i = place(t, key);
    *is_new = !t->key[i];
    if (*is_new) {
        t->key[i] = key;
        t->value[i] = fresh;
        t->n++;
    }
    return t->value[i];
}

uint32_t mon_table_get(const struct mon_table *t, const void *key)
{
    size_t i;

    rt_check(key, "a table has no place for NULL");
    if (!t->cap)
        return GO_NOWHERE;
    i = place(t, key);
    return t->key[i] ? t->value[i] : GO_NOWHERE;
}
