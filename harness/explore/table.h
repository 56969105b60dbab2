/*
 * table.h - the choices of a run, as a table with a column for each goroutine.
 * Plain data over the program's sites and the numbers of tasks.
 *
 * Of a long run not all can be kept: its end is, and the rows that the default
 * schedule does not have, or that decide, each with its neighbours. What is done
 * over and over is kept twice, and counted.
 */
#ifndef HN_EXPLORE_TABLE_H
#define HN_EXPLORE_TABLE_H

#include "harness/explore/decisive.h"

enum {
    HN_TABLE_LAST = 40, /* rows that are kept for being the last */
    HN_TABLE_KEPT = 120 /* and for what they are */
};

/* One choice. */
struct hn_row {
    uint32_t i; /* the how many-th */
    uint32_t at, task, partner;
    int32_t which;      /* as in a step; or the number that was drawn, */
    uint32_t of;        /* of so many; 0: it is a step */
    uint64_t goroutine; /* 0: the clock, or not known */
    enum go_op op;
    struct go_site site; /* zero: not known */
    uintptr_t object;    /* hn_did_hidden */
    bool deviates;
    bool decides;          /* or so it seems: its text is not compared yet */
    uint32_t more, period; /* rows behind it, that are as the last few are */
};

struct hn_table { /* zero is ready, with nothing that decides */
    struct hn_row last[HN_TABLE_LAST]; /* a ring */
    uint32_t nlast;                    /* that were ever in it */
    uint32_t nring;                    /* and are yet */
    uint32_t n;                        /* of all */
    struct hn_row kept[HN_TABLE_KEPT]; /* in order */
    uint32_t nkept;
    uint32_t behind; /* the latest row is kept, and the next one is if there is
                        room with so many; 0: it is not */
    const struct hn_decisive *decisive; /* NULL: nothing is known to decide */
    bool first;                         /* of the two was done */
    uint32_t nth, met; /* steps of the task of the second since then, by itself
                          and as somebody's partner */
};

/* No row yet. decisive must stay; NULL: nothing is known to decide. */
void hn_table_begin(struct hn_table *t, const struct hn_decisive *decisive);

/* Choice at is this step. site: where, NULL: not known. */
void hn_table_step(struct hn_table *t, uint32_t at, const struct go_step *step,
                   const struct go_site *site, bool deviates);
/* Choice at is the number k of 0..n-1. */
void hn_table_number(struct hn_table *t, uint32_t at, uint32_t task, uint32_t k,
                     uint32_t n);
/* It allocates: not within a run. */
void hn_table_print(const struct hn_table *t, int fd);

#endif
