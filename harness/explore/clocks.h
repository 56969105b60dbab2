/*
 * clocks.h - vector clocks, by number: for each line (past.h) the place of the
 * latest event that is past; 0: none is.
 *
 * They are made one after the other, and go the other way. Clock 0 is all zero.
 * Only the newest may be written, and only by who has just made it.
 */
#ifndef HN_EXPLORE_CLOCKS_H
#define HN_EXPLORE_CLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hn_clocks {  /* zero is ready, with no lines */
    uint32_t width; /* lines that there is room for */
    uint32_t n, cap;
    uint32_t *all;
};

static inline uint32_t *hn_clock(const struct hn_clocks *c, uint32_t i)
{
    return c->all + (size_t)i * c->width;
}

/* Whether the event at that place, of that line, is past by that clock. */
static inline bool hn_clock_has(const struct hn_clocks *c, uint32_t i,
                                uint32_t line, uint32_t event)
{
    return hn_clock(c, i)[line] >= event;
}

/* Room for so many lines more than there were; they have no events. */
void hn_clocks_widen(struct hn_clocks *c, uint32_t lines);
/* A new one, the same as another. */
uint32_t hn_clocks_copy(struct hn_clocks *c, uint32_t from);
/* To the newest, what is past by another. */
void hn_clocks_join(struct hn_clocks *c, uint32_t to, uint32_t from);
/* The two as one: a new one, or one of them if it has all of the other. */
uint32_t hn_clocks_joined(struct hn_clocks *c, uint32_t a, uint32_t b);

#endif
