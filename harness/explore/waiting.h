/*
 * waiting.h - main, where an execution was cut off while it waited for daemons
 * that went on: neither proven stuck nor seen to come to an end.
 */
#ifndef HN_EXPLORE_WAITING_H
#define HN_EXPLORE_WAITING_H

#include "harness/explore/did.h"

struct hn_waiting {    /* plain data, for shared memory; zero is ready */
    uint64_t times;    /* executions */
    uint64_t schedule; /* the first of them */
    struct hn_did did; /* what it stood at, there */
};

/* Within over(), of an execution that says so, with its number. */
void hn_waiting_note(struct hn_waiting *w, uint64_t schedule);

#endif
