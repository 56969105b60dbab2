/* clocks.c - vector clocks. */
#include "harness/explore/clocks.h"

#include <string.h>

#include "harness/explore/memory.h"
#include "harness/explore/room.h"

enum {
    WIDTH = 8, /* at least; then it doubles */
    LANES = 4, /* what every processor has registers for */
};

/* Places are small enough to be signed, which is faster to compare. */
typedef int32_t lanes
    __attribute__((vector_size(LANES * 4), aligned(4), may_alias));

static inline lanes *lanes_of(const struct hn_clocks *c, uint32_t i)
{
    return (lanes *)(void *)hn_clock(c, i);
}

void hn_clocks_widen(struct hn_clocks *c, uint32_t lines)
{
    uint32_t width = c->width ? c->width : WIDTH, cap = 0;
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
    uint32_t n = c->width / LANES;
    lanes *to;
    const lanes *of;

    HN_ROOM(c->all, c->cap, (c->n + 1) * c->width);
    to = lanes_of(c, c->n);
    of = lanes_of(c, from);
    for (uint32_t i = 0; i < n; i++)
        to[i] = of[i];
    return c->n++;
}

void hn_clocks_join(struct hn_clocks *c, uint32_t to, uint32_t from)
{
    lanes *a = lanes_of(c, to);
    const lanes *b = lanes_of(c, from);
    uint32_t n = from ? c->width / LANES : 0;

    for (uint32_t i = 0; i < n; i++) {
        lanes later = a[i] > b[i];

        a[i] = (a[i] & later) | (b[i] & ~later);
    }
}

/* Whether a has all that b has. */
static inline bool covers(const struct hn_clocks *c, uint32_t a, uint32_t b)
{
    const lanes *x = lanes_of(c, a), *y = lanes_of(c, b);
    lanes more = {0};
    uint64_t any[2];

    for (uint32_t i = 0; i < c->width / LANES; i++)
        more |= y[i] > x[i];
    memcpy(any, &more, sizeof(any));
    return !(any[0] | any[1]);
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
