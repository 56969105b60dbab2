/* clocks.c - vector clocks. */
#include "harness/explore/clocks.h"

#include <string.h>

#include "harness/explore/memory.h"
#include "harness/explore/room.h"

enum {
    LANES = 8 /* a clock's width is a multiple */
};

/* Places are small enough to be signed, which is faster to compare. */
typedef int32_t lanes __attribute__((vector_size(LANES * 4), aligned(4)));

void hn_clocks_widen(struct hn_clocks *c, uint32_t lines)
{
    uint32_t width = c->width ? c->width : LANES, cap = 0;
    uint32_t *all = NULL, n = c->n ? c->n : 1;

    while (width < lines)
        width *= 2;
    HN_ROOM(all, cap, (n + 1) * width);
    memset(all, 0, sizeof(*all) * n * width);
    for (uint32_t i = 0; i < c->n; i++)
        memcpy(all + (size_t)i * width, hn_clock(c, i),
               c->width * sizeof(*all));
    hn_memory_give(c->all);
    *c = (struct hn_clocks){width, n, cap, all};
}

uint32_t hn_clocks_copy(struct hn_clocks *c, uint32_t from)
{
    HN_ROOM(c->all, c->cap, (c->n + 1) * c->width);
    memcpy(hn_clock(c, c->n), hn_clock(c, from), c->width * sizeof(*c->all));
    return c->n++;
}

void hn_clocks_join(struct hn_clocks *c, uint32_t to, uint32_t from)
{
    lanes *a = (lanes *)(void *)hn_clock(c, to);
    const lanes *b = (const lanes *)(const void *)hn_clock(c, from);

    for (uint32_t i = 0; from && i < c->width / LANES; i++) {
        lanes later = a[i] > b[i];

        a[i] = (a[i] & later) | (b[i] & ~later);
    }
}

/* Whether a has all that b has. */
static bool covers(const struct hn_clocks *c, uint32_t a, uint32_t b)
{
    for (uint32_t i = 0; i < c->width; i++)
        if (hn_clock(c, b)[i] > hn_clock(c, a)[i])
            return false;
    return true;
}

uint32_t hn_clocks_joined(struct hn_clocks *c, uint32_t a, uint32_t b)
{
    uint32_t both;

    if (a == b || covers(c, a, b))
        return a;
    if (covers(c, b, a))
        return b;
    both = hn_clocks_copy(c, a);
    hn_clocks_join(c, both, b);
    return both;
}
