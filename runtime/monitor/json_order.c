/*
 * json_order.c - lock orders in a report as vigil-report/1.
 *
 * In:  hints. Out: findings with verdict lock_order and shape order, whose
 * goroutines say what they held and took; path tells how each was spawned,
 * as far as it is known, so that exploration can find it in another run.
 */
#include "runtime/monitor/json_order.h"

#include "runtime/base/throw.h"
#include "runtime/monitor/json_finding.h"
#include "runtime/monitor/words.h"

enum {
    PATH = 16,
    LINKS = 64 /* of a ring that are listed */
};

static void lock(struct mon_json *j, const char *key,
                 const struct rt_order_lock *l, bool shared,
                 const struct go_site *at)
{
    mon_json_open(j, key, '{');
    mon_json_text(j, "kind", mon_kind_text((enum go_kind)l->kind));
    mon_json_u64(j, "id", l->id);
    mon_json_text(j, "name", l->name);
    mon_json_text(j, "mode", shared ? "read" : "write");
    mon_json_site(j, "site", l->born);
    mon_json_site(j, "at", at);
    mon_json_close(j, '}');
}

static const struct go_inspect_goroutine *living(const struct go_inspect *in,
                                                 uint64_t id)
{
    for (uint32_t i = 0; id && i < in->ngoroutine; i++)
        if (in->goroutines[i].id == id)
            return &in->goroutines[i];
    return NULL;
}

/* From the goroutine to the root; ends where an ancestor is gone. */
static void path(struct mon_json *j, const struct go_inspect *in,
                 const struct rt_order_edge *e)
{
    const struct go_site *at = e->created;
    uint64_t by = e->created_by;

    mon_json_open(j, "path", '[');
    for (int n = 0; n < PATH && at; n++) {
        const struct go_inspect_goroutine *g = living(in, by);

        mon_json_open(j, NULL, '{');
        mon_json_u64(j, "by", by);
        mon_json_site(j, "site", at);
        mon_json_close(j, '}');
        at = g ? g->created : NULL;
        by = g ? g->created_by : 0;
    }
    mon_json_close(j, ']');
}

static void stack(struct mon_json *j, const struct mon_report *r,
                  const struct rt_order_edge *e)
{
    struct mon_frame frames[MON_FRAMES_MAX];
    size_t n = r->pcs
                   ? r->pcs(r->stack_arg, e->pc, e->npc, frames, MON_FRAMES_MAX)
                   : 0;

    mon_json_stack(j, frames, n);
}

static void goroutine(struct mon_json *j, const struct mon_report *r,
                      const struct mon_order_link *l)
{
    const struct rt_order_class *c = l->class;
    const struct rt_order_edge *e = l->edge;

    mon_json_open(j, NULL, '{');
    mon_json_u64(j, "id", e->goroutine);
    mon_json_text(j, "name", e->name);
    lock(j, "held", &c->from, c->from_shared, c->held_at);
    lock(j, "taken", &c->to, c->to_shared, c->taken_at);
    mon_json_open(j, "holding", '[');
    for (uint32_t i = 0; i < e->nheld; i++)
        mon_json_u64(j, NULL, e->held[i].id);
    mon_json_close(j, ']');
    path(j, r->in, e);
    stack(j, r, e);
    mon_json_close(j, '}');
}

/* Nobody is stuck, or left, because of it. */
static void finding(struct mon_json *j, const struct mon_report *r,
                    const struct mon_order_hint *h)
{
    const struct mon_json_finding head = {.verdict = GO_VERDICT_LOCK_ORDER,
                                          .shape = GO_SHAPE_ORDER,
                                          .fingerprint = h->fingerprint,
                                          .times = h->times,
                                          .message = h->message,
                                          .core = h->n,
                                          .all = h->n};

    rt_check(h->n > 1, "json_order: a ring of one");
    mon_json_finding_open(j, &head);
    for (uint32_t k = 0; k < h->n && k < LINKS; k++)
        goroutine(j, r, &h->link[k]);
    mon_json_finding_close(j);
}

void mon_json_order_findings(struct mon_json *j, const struct mon_report *r)
{
    for (uint32_t i = 0; r->orders && i < r->orders->n; i++)
        finding(j, r, &r->orders->list[i]);
}

void mon_json_order_counts(struct mon_json *j, const struct mon_report *r)
{
    const struct mon_orders *o = r->orders;

    if (!o)
        return;
    mon_json_open(j, "lock_order", '{');
    mon_json_u64(j, "hints", o->n + o->more);
    mon_json_u64(j, "orders", o->nclass);
    mon_json_u64(j, "not_compared", o->dropped);
    mon_json_u64(j, "not_noted", o->refused);
    mon_json_bool(j, "cut", o->cut);
    mon_json_close(j, '}');
}
