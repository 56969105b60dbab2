/* loop.c - executions one after the other, with memory set back between. */
#include "harness/explore/loop.h"

#include "harness/explore/reset.h"

/* Of the one loop that runs: control's arg is its owner's. */
static struct hn_loop *now;

static void reset(void *arg)
{
    hn_reset_restore(now->reset);
    if (now->was_reset)
        now->was_reset(arg);
}

bool hn_loop_begin(struct hn_loop *l, const struct go_run *run)
{
    l->run = *run;
    l->run.json_fd = l->run.dot_fd = l->run.text_fd = -1;
    l->run.report_left = false;
    l->run.outcome = NULL;
    l->was_reset = NULL;
    l->reset = hn_reset_begin();
    return l->reset != NULL;
}

const char *hn_loop_condition(const struct hn_loop *l)
{
    return hn_reset_condition(l->reset);
}

void hn_loop_run(struct hn_loop *l, struct go_control *control)
{
    now = l;
    control->reset = reset;
    l->run.control = control;
    go_run(&l->run);
}

void hn_loop_end(struct hn_loop *l)
{
    hn_reset_end(l->reset);
}
