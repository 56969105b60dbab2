/*
 * tally.h - how many operations each task has on each object in an execution,
 * by what the earlier ones had.
 *
 * Tasks are slots (walk.h). Objects are addresses: the same in every execution
 * of a run. An object that other schedules do not have costs its memory.
 */
#ifndef HN_EXPLORE_TALLY_H
#define HN_EXPLORE_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HN_TALLY_NONE = UINT32_MAX /* no entry, no slot */
};

struct hn_tally_entry {
    const void *object;
    uint32_t slot;  /* HN_TALLY_NONE: the object's own entry, its head */
    uint32_t head;  /* which entry that is */
    uint32_t next;  /* of the same object; HN_TALLY_NONE: no more */
    uint32_t seen;  /* operations in this execution; of a head: tasks, ever */
    uint32_t usual; /* in earlier ones, in sixteenths */
    bool writes;    /* not all of them only looked */
};

struct hn_tally { /* zero is ready */
    struct hn_tally_entry *all;
    uint32_t n, cap;
    uint32_t *table;  /* 1 + entry by hash, 0: free; 2 cap of them */
    uint32_t *shared; /* heads of objects that are worth a draw */
    uint32_t nshared; /* room as all has */
};

void hn_tally_free(struct hn_tally *t);
/* Another operation of slot; without memory it is not counted. */
void hn_tally_count(struct hn_tally *t, const void *object, uint32_t slot,
                    bool looks);
/* An execution is over. */
void hn_tally_end(struct hn_tally *t);

/* t->shared has nshared heads: two tasks at least, one not only looking. */
/* What a slot has left in this execution, by earlier ones. */
uint32_t hn_tally_left(const struct hn_tally *t, const void *object,
                       uint32_t slot);
/* All slots together; and whose the kth of these (0, 1, ...) is. */
uint32_t hn_tally_left_all(const struct hn_tally *t, uint32_t head);
uint32_t hn_tally_nth(const struct hn_tally *t, uint32_t head, uint32_t k);

#endif
