/*
 * text_order.c - the part of a report that tells of lock orders.
 *
 * In:  hints. Out: for each a headline that says it is a hint, and for each
 * goroutine of the ring what it held, what it took, and the stack that took
 * it; then why the two could meet.
 */
#include "runtime/monitor/text_order.h"

#include <string.h>

#include "runtime/base/throw.h"
#include "runtime/monitor/words.h"

enum {
    FRAMES = 6 /* of a stack, on one line */
};

/* An expression of the program stands as it is, a name in quotes; the number
   always, for a ring may be of locks that are called alike. */
static void out_lock(struct mon_out *out, const struct rt_order_lock *l)
{
    mon_out_text(out, mon_kind_text((enum go_kind)l->kind));
    if (l->name[0])
        mon_out_printf(out, l->name[0] == '&' ? " %s" : " \"%s\"", l->name);
    mon_out_printf(out, " #%u", l->id);
}

static void out_goroutine(struct mon_out *out, const struct rt_order_edge *e)
{
    mon_out_printf(out, "goroutine %llu", (unsigned long long)e->goroutine);
    if (e->name)
        mon_out_printf(out, " \"%s\"", e->name);
}

/* Innermost first; the first frame is the line that stands above already. */
static void out_stack(struct mon_out *out, const struct mon_report *r,
                      const struct rt_order_edge *e)
{
    struct mon_frame frames[MON_FRAMES_MAX];
    size_t n = r->pcs
                   ? r->pcs(r->stack_arg, e->pc, e->npc, frames, MON_FRAMES_MAX)
                   : 0;

    mon_out_text(out, "          ");
    for (size_t i = 0; i < n && i < FRAMES; i++) {
        const char *file = frames[i].file ? frames[i].file : "?";
        const char *slash = strrchr(file, '/');

        mon_out_text(out, i ? ", from " : "in ");
        mon_out_text(out, frames[i].func ? frames[i].func : "?");
        mon_out_printf(out, " %s:%d", slash ? slash + 1 : file, frames[i].line);
    }
    if (n > FRAMES)
        mon_out_printf(out, ", and %zu more", n - FRAMES);
    mon_out_text(out, n ? "; " : "");
    mon_out_text(out, e->created ? "created at " : "it is main");
    if (e->created)
        mon_out_site(out, e->created);
    if (e->created_by)
        mon_out_printf(out, " by goroutine %llu",
                       (unsigned long long)e->created_by);
    mon_out_char(out, '\n');
}

static void out_link(struct mon_out *out, const struct mon_report *r,
                     const struct mon_order_link *l)
{
    const struct rt_order_class *c = l->class;

    mon_out_text(out, "      ");
    out_goroutine(out, l->edge);
    mon_out_text(out, c->from_shared ? " read-locked " : " locked ");
    out_lock(out, &c->from);
    mon_out_text(out, " at ");
    mon_out_site(out, c->held_at);
    mon_out_text(out, c->to_shared ? ", then read-locked " : ", then locked ");
    out_lock(out, &c->to);
    mon_out_text(out, " at ");
    mon_out_site(out, c->taken_at);
    mon_out_char(out, '\n');
    out_stack(out, r, l->edge);
}

static void out_rest(struct mon_out *out, const struct mon_orders *o)
{
    if (o->more)
        mon_out_printf(out, "      and %u more such hints\n", o->more);
    if (o->dropped)
        mon_out_printf(out,
                       "      %llu takings were not compared: %u like them "
                       "were\n",
                       (unsigned long long)o->dropped, RT_ORDER_ALIKE);
}

void mon_text_orders(struct mon_out *out, const struct mon_report *report,
                     void (*tail)(void *arg, uint64_t width), void *arg)
{
    const struct mon_orders *o = report->orders;

    for (uint32_t i = 0; o && i < o->n; i++) {
        const struct mon_order_hint *h = &o->list[i];
        uint64_t from = out->total;

        rt_check(h->n > 1, "text_order: a ring of one");
        mon_out_printf(out, "LOCK ORDER, hint: %s", h->message);
        if (i == 0 && tail)
            tail(arg, out->total - from);
        mon_out_char(out, '\n');
        for (uint32_t k = 0; k < h->n; k++)
            out_link(out, report, &h->link[k]);
        mon_out_text(out, "      Each could wait for the next one: nothing "
                          "kept them apart but the schedule.\n");
    }
    if (o && o->n)
        out_rest(out, o);
}
