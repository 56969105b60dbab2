/*
 * taskstack.c - which task a goroutine of a controlled run is, and on what
 * stack.
 *
 * In:  who spawns, and in whose name. Out: the stack to begin on, with g->task.
 *
 * Method: the number of the next one follows from the one before it
 * (rt_ctl_children), so task.c is asked only for who was never there before;
 * and its stack is the one that it had then: C2, and as empty as new: C4 (both
 * in control.c). There are as many as numbers; who gets none ends the
 * execution.
 */
#include "runtime/sched/controlled.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sched/stack.h"

/* Tasks without a number are not controlled: the execution is cut off, or the
   run goes on by the ordinary rules. */
static void too_many(void)
{
    rt_ctl.unasked |= GO_UNASKED_CROWD;
    if (rt_ctl.loops)
        rt_ctl.bound = rt_ctl.cut = true;
    else
        rt_ctl_let_go();
}

/* No task's: it goes back with the execution (forget_tasks). */
static struct g *any_stack(struct p *p)
{
    struct g *g = rt_stack_take(p);

    if (g)
        g->task = GO_NOWHERE;
    return g;
}

/* C2: from now on that of this task. */
static struct g *first_stack(struct p *p, uint32_t task)
{
    struct rt_ctl_task *t = &rt_ctl.tasks[task];
    struct g *g = rt_stack_take(p);

    if (!g)
        return NULL;
    g->task = t->plain.at.task = task;
    t->g = t->plain.g = g;
    g->point = &t->plain;
    rt_ctl_closely(); /* the task may be new to the driver */
    if (rt_ctl.words <= task / RT_CTL_BITS)
        rt_ctl.words = task / RT_CTL_BITS + 1;
    return g;
}

/* The number of who is parent's next, and is counted; GO_NOWHERE: too many. */
static inline uint32_t next_child(struct rt_ctl_children *c, uint32_t parent)
{
    uint32_t *known = c->n ? &rt_ctl.tasks[c->last].sibling : &c->first;

    if (rt_unlikely(!*known)) {
        uint32_t task = rt_task_number(parent, c->n);

        if (task == GO_NOWHERE)
            return GO_NOWHERE;
        *known = task;
    }
    c->n++;
    return c->last = *known;
}

static inline uint32_t next_task(const struct g *by)
{
    if (rt_unlikely(!rt_s.last_id)) { /* main; it counts as the clock's first */
        rt_ctl.timers.n = 1;
        return rt_ctl.timers.last = 0;
    }
    if (rt_unlikely(!by || by->status == RT_G_FOREIGN))
        return next_child(&rt_ctl.timers, RT_TASK_CLOCK);
    return next_child(&rt_ctl.tasks[by->task].children, by->task);
}

struct g *rt_control_stack(struct p *p, struct g *by)
{
    uint32_t task = next_task(by);
    const struct rt_ctl_task *t;

    if (rt_unlikely(task == GO_NOWHERE)) {
        too_many();
        return any_stack(p);
    }
    t = &rt_ctl.tasks[task];
    rt_check(!t->lives, "one task twice in an execution");
    if (rt_unlikely(!t->g))
        return first_stack(p, task);
    rt_san_unpoison(rt_stack_low(t->g), rt_stack_size());
    rt_stack_scrub(t->g); /* C4 */
    return t->g;
}

void rt_control_spawned(struct g *by, struct g *g)
{
    struct rt_ctl_task *t;

    if (rt_unlikely(g->task == GO_NOWHERE))
        return;
    t = &rt_ctl.tasks[g->task];
    t->lives = true;
    t->plain.at.goroutine = g->id;
    if (rt_ctl.note && by && by->status != RT_G_FOREIGN)
        rt_ctl.note(rt_ctl.by->arg, GO_NOTE_SPAWN, by->task, NULL, g->task);
}

bool rt_control_exit(const struct g *g)
{
    if (rt_unlikely(rt_ctl.note))
        rt_note_slow(GO_NOTE_END, g, NULL);
    return !rt_ctl.loops;
}

void rt_control_finish(struct g *g)
{
    rt_ctl.tasks[g->task].lives = false;
}
