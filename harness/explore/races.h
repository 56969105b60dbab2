/*
 * races.h - the data races that an exploration has seen, each pair of places
 * once. Plain data: a worker process leaves it to its parent.
 */
#ifndef HN_EXPLORE_RACES_H
#define HN_EXPLORE_RACES_H

#include <jansson.h>
#include <vigil/control.h>

enum {
    HN_RACES_MAX = 16, /* that are kept */
    HN_RACES_PATH = 32,
};

struct hn_race {
    struct go_race race;        /* but for the sites of its accesses, */
    const void *first, *second; /* which are these places in the code */
    char task[2][HN_RACES_PATH];
};

struct hn_races { /* zero is ready */
    bool unseen;  /* not all accesses could be compared */
    uint32_t n;   /* different ones, also beyond the maximum */
    struct hn_race all[HN_RACES_MAX];
};

void hn_races_add(struct hn_races *r, const struct go_race *race);
/* What a claim says of them; complete: all schedules were tried. */
const char *hn_races_condition(const struct hn_races *r, bool complete);
/* A block of text for each, on fd. Looks the places up: it allocates. */
void hn_races_print(const struct hn_races *r, int fd);
/* The same as an array; NULL: no memory. */
json_t *hn_races_json(const struct hn_races *r);

#endif
