/*
 * races.h - the data races that an exploration has seen, each pair of places
 * once. Plain data: a worker process leaves it to its parent.
 */
#ifndef HN_EXPLORE_RACES_H
#define HN_EXPLORE_RACES_H

#include <jansson.h>
#include <vigil/control.h>

#include "harness/explore/did.h"

enum {
    HN_RACES_MAX = 16, /* that are kept */
    HN_RACES_UNSEEN = 80,
};

struct hn_race {
    struct go_race race;        /* but for the sites of its accesses, */
    const void *first, *second; /* which are these places in the code */
    char task[2][HN_DID_PATH];
};

struct hn_races {  /* zero is ready */
    uint32_t n;    /* different ones, also beyond the maximum */
    uint32_t used; /* of these uses after free */
    /* What could not be watched, the first that was; "": nothing was. */
    char unseen[HN_RACES_UNSEEN];
    struct hn_race all[HN_RACES_MAX];
};

void hn_races_add(struct hn_races *r, const struct go_race *race);
void hn_races_note_unseen(struct hn_races *r, const char *what);
/* What a claim says of them; complete: all schedules were tried. NULL: no
   memory. */
json_t *hn_races_condition(const struct hn_races *r, bool complete);
/* A block of text on fd for each that is not among told (NULL: nothing is),
   below the head, if there is any. Looks the places up: it allocates. */
void hn_races_print(const struct hn_races *r, const struct hn_races *told,
                    const char *head, int fd);
/* The same as an array; NULL: no memory. */
json_t *hn_races_json(const struct hn_races *r);

#endif
