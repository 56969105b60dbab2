/*
 * loop.h - one execution of a scenario after another, as a driver wants them.
 * Within a worker process; one at a time.
 */
#ifndef HN_EXPLORE_LOOP_H
#define HN_EXPLORE_LOOP_H

#include <vigil/control.h>
#include <vigil/inspect.h>

struct hn_loop {
    struct go_run run; /* its reports go nowhere */
    struct hn_reset *reset;
    /* When memory is set back, before the next execution begins: with
       control's arg; NULL: nobody is told. */
    void (*was_reset)(void *arg);
};

/* False: no memory. What run points to must stay. */
bool hn_loop_begin(struct hn_loop *l, const struct go_run *run);
/* What is not as it was between two executions, NULL: nothing. */
const char *hn_loop_condition(const struct hn_loop *l);
/* Until control's over says no; its reset is filled in here. */
void hn_loop_run(struct hn_loop *l, struct go_control *control);
void hn_loop_end(struct hn_loop *l);

#endif
