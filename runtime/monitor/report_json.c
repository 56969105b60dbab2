/*
 * report_json.c - a report as vigil-report/1, one object on one line.
 *
 * In: findings. Out: what a harness reads; the fields are those of the
 * README's table, with more beside them. Fields are only ever added.
 *
 * J1  The size is bounded however many goroutines are stuck: lists are cut
 *     at the limits of the header, and a number beside each counts all.
 */
#include "runtime/monitor/report_json.h"

#include "runtime/base/throw.h"
#include "runtime/monitor/ancestry.h"
#include "runtime/monitor/horizon.h"
#include "runtime/monitor/json_finding.h"
#include "runtime/monitor/json_order.h"
#include "runtime/monitor/leak.h"
#include "runtime/monitor/words.h"

struct writing {
    struct mon_json j;
    const struct mon_report *report;
    uint32_t stacks; /* written so far */
};

static void stack(struct writing *w, uint32_t goroutine)
{
    struct mon_frame frames[MON_FRAMES_MAX];
    size_t n = 0;

    if (w->report->stack && w->stacks < MON_JSON_STACKS) {
        n = w->report->stack(w->report->stack_arg, goroutine, frames,
                             MON_FRAMES_MAX);
        w->stacks++;
    }
    rt_check(n <= MON_FRAMES_MAX, "report_json: more frames than room");
    mon_json_stack(&w->j, frames, n);
}

static void waker(struct mon_json *j, const struct mon_waker *k,
                  uint32_t object)
{
    mon_json_open(j, NULL, '{');
    mon_json_u64(j, "goroutine", k->id);
    mon_json_text(j, "name", k->name);
    mon_json_text(j, "fate", mon_fate_text(k->fate));
    mon_json_site(j, "site", k->site);
    mon_json_u64(j, "object", object);
    mon_json_text(j, "role", mon_role_text(k->role));
    mon_json_text(j, "did",
                  k->role == MON_ROLE_LAST ? mon_did_text(k->did) : NULL);
    mon_json_bool(j, "could", k->could);
    mon_json_bool(j, "lost", k->lost);
    mon_json_site(j, "at", k->at);
    if (k->when >= 0)
        mon_json_i64(j, "when_ns", k->when);
    mon_json_close(j, '}');
}

/* Whether somebody who stands so in a certificate has the object now. */
static bool is_holder(const struct mon_waker *k)
{
    return k->role == MON_ROLE_HOLDS || k->role == MON_ROLE_READS ||
           k->role == MON_ROLE_KNOWS || k->role == MON_ROLE_LEFT_LOCKED;
}

static void holders(struct mon_json *j, const struct mon_certificate *c)
{
    mon_json_open(j, "holders", '[');
    for (uint32_t i = 0; c && i < c->nwaker && i < MON_JSON_WAKERS; i++)
        if (is_holder(&c->wakers[i]))
            mon_json_u64(j, NULL, c->wakers[i].id);
    mon_json_close(j, ']');
}

static void object(struct writing *w, uint32_t wait)
{
    const struct mon_findings *f = w->report->findings;
    const struct go_inspect_wait *v = &f->in->waits[wait];
    const struct mon_certificate *c = f->certificates[wait];
    const struct go_inspect_object *o;
    struct mon_json *j = &w->j;

    mon_json_open(j, NULL, '{');
    if (v->object == GO_NOWHERE) {
        mon_json_text(j, "kind", "nil chan");
        mon_json_site(j, "site", v->site);
        mon_json_close(j, '}');
        return;
    }
    o = &f->in->objects[v->object];
    mon_json_text(j, "kind", mon_kind_text(o->kind));
    mon_json_u64(j, "id", o->id);
    mon_json_text(j, "name", o->name);
    mon_json_site(j, "site", o->born);
    holders(j, c);
    mon_json_text(j, "wants", mon_want_text(v->want));
    mon_json_site(j, "waits_at", v->site);
    mon_json_i64(j, "cap", o->cap);
    mon_json_i64(j, "len", o->len);
    mon_json_text(j, "type", o->type);
    if (o->disowned)
        mon_json_u64(j, "disowned", o->says);
    if (c) {
        mon_json_bool(j, "all_needed", c->all_needed);
        mon_json_text(j, "others", mon_rest_text(c->rest));
        mon_json_u64(j, "wakers", c->nwaker);
        mon_json_bool(j, "global", c->global);
        mon_json_bool(j, "global_may", c->global_may);
    }
    mon_json_close(j, '}');
}

static void certificate(struct writing *w, const struct go_inspect_goroutine *g)
{
    const struct mon_findings *f = w->report->findings;
    uint32_t left = MON_JSON_WAKERS; /* J1 */

    mon_json_open(&w->j, "certificate", '[');
    for (uint32_t v = g->wait; v < g->wait + g->nwait; v++) {
        const struct mon_certificate *c = f->certificates[v];

        for (uint32_t i = 0; c && i < c->nwaker && left; i++, left--)
            waker(&w->j, &c->wakers[i], f->in->objects[c->object].id);
    }
    mon_json_close(&w->j, ']');
}

static void objects(struct writing *w, const struct go_inspect_goroutine *g)
{
    mon_json_open(&w->j, "objects", '[');
    for (uint32_t v = 0; v < g->nwait && v < MON_JSON_WAKERS; v++)
        object(w, g->wait + v);
    mon_json_close(&w->j, ']');
}

static void created(struct mon_json *j, const struct go_inspect_goroutine *g)
{
    if (!g->created) {
        mon_json_text(j, "created", NULL);
        return;
    }
    mon_json_open(j, "created", '{');
    mon_json_u64(j, "by", g->created_by);
    mon_json_site(j, "site", g->created);
    mon_json_close(j, '}');
}

/* Who created, who created that one, ...: to the root. */
static void ancestors(struct writing *w, uint32_t goroutine)
{
    const struct mon_findings *f = w->report->findings;
    struct mon_json *j = &w->j;
    struct mon_ancestor a;
    bool more = mon_ancestor_first(f, goroutine, &a);

    mon_json_open(j, "ancestors", '[');
    for (unsigned n = 0; more && n < MON_JSON_ANCESTORS; n++) {
        mon_json_open(j, NULL, '{');
        mon_json_u64(j, "goroutine", a.id);
        mon_json_text(j, "name", a.name);
        mon_json_text(j, "fate", mon_fate_text(a.fate));
        mon_json_site(j, "site", a.site);
        mon_json_close(j, '}');
        more = mon_ancestor_next(f, &a);
    }
    mon_json_close(j, ']');
}

static void goroutine(struct writing *w, const struct mon_part *part)
{
    const struct go_inspect *in = w->report->findings->in;
    const struct go_inspect_goroutine *g = &in->goroutines[part->goroutine];
    int64_t until = mon_horizon_of(in, part->goroutine);
    struct mon_json *j = &w->j;

    mon_json_open(j, NULL, '{');
    mon_json_u64(j, "id", g->id);
    mon_json_text(j, "name", g->name);
    mon_json_text(j, "state", mon_state_text(g->state));
    mon_json_text(j, "reason",
                  g->reason ? go_wait_reason_text(g->reason) : NULL);
    mon_json_i64(j, "since_ns", g->since);
    if (until >= 0)
        mon_json_i64(j, "until_ns", until);
    mon_json_text(j, "fate", mon_fate_text(part->fate));
    mon_json_bool(j, "core", part->core);
    mon_json_u64(j, "group", part->component);
    mon_json_bool(j, "daemon", g->daemon);
    mon_json_site(j, "site", g->site);
    created(j, g);
    ancestors(w, part->goroutine);
    mon_json_u64(j, "waits", g->nwait);
    objects(w, g);
    certificate(w, g);
    stack(w, part->goroutine);
    mon_json_close(j, '}');
}

/* How many goroutines the finding adds to the two counts of the report. */
static void count(const struct writing *w, const struct mon_finding *f,
                  struct mon_json_finding *to)
{
    const struct go_inspect *in = w->report->in;
    bool stuck =
        f->verdict == GO_VERDICT_DEADLOCK || f->verdict == GO_VERDICT_LEAK;
    bool left = in->main_ended && (f->verdict == GO_VERDICT_LEFT ||
                                   f->verdict == GO_VERDICT_LIKELY);
    uint64_t n = 0;

    for (uint32_t i = 0; (stuck || left) && i < f->nparts; i++) {
        const struct go_inspect_goroutine *g =
            &in->goroutines[f->parts[i].goroutine];

        n += mon_leak_counts(g) && !(stuck && g->id == 1);
    }
    to->leaked = stuck ? n : 0;
    to->left = left ? n : 0;
}

static void finding(struct writing *w, const struct mon_finding *f)
{
    struct mon_json_finding head = {.verdict = f->verdict,
                                    .shape = f->shape,
                                    .proven = f->proven,
                                    .fingerprint = f->fingerprint,
                                    .times = f->times,
                                    .message = f->message,
                                    .core = f->ncore,
                                    .all = f->nparts};

    count(w, f, &head);
    mon_json_finding_open(&w->j, &head);
    for (uint32_t i = 0; i < f->nparts && i < MON_JSON_GOROUTINES; i++)
        goroutine(w, &f->parts[i]);
    mon_json_finding_close(&w->j);
}

static void timers(struct mon_json *j, const struct mon_findings *f)
{
    const struct mon_horizon *h = &f->horizon;

    mon_json_open(j, "timers", '{');
    mon_json_u64(j, "armed", f->in->ntimer);
    if (h->next >= 0) {
        mon_json_i64(j, "next_ns", h->next);
        mon_json_u64(j, "wakes", h->wakes);
        mon_json_bool(j, "still", h->still);
    }
    if (h->wakes)
        mon_json_u64(j, "first", f->in->goroutines[h->first].id);
    if (h->calls)
        mon_json_site(j, "calls", h->calls);
    mon_json_close(j, '}');
}

static void detector(struct mon_json *j, const struct go_inspect *in)
{
    mon_json_open(j, "detector", '{');
    mon_json_bool(j, "complete", in->nlimit == 0);
    mon_json_open(j, "limits", '[');
    for (uint32_t i = 0; i < in->nlimit; i++) {
        mon_json_open(j, NULL, '{');
        mon_json_u64(j, "goroutine", in->limits[i].goroutine);
        mon_json_text(j, "text", in->limits[i].text);
        mon_json_close(j, '}');
    }
    mon_json_close(j, ']');
    mon_json_close(j, '}');
}

int mon_report_json(const struct mon_report *report, int fd)
{
    struct mon_out out;
    struct writing w = {.j = {.out = &out}, .report = report};
    struct mon_json *j = &w.j;
    const struct mon_findings *f = report->findings;

    rt_check(f && f->in == report->in, "report_json: of another snapshot");
    mon_out_open(&out, fd);
    mon_json_open(j, NULL, '{');
    mon_json_text(j, "schema", "vigil-report/1");
    mon_json_text(j, "scenario", report->scenario);
    mon_json_text(j, "verdict", go_verdict_text(report->verdict));
    mon_json_u64(j, "seed", report->seed);
    mon_json_u64(j, "procs", report->procs);
    mon_json_i64(j, "clock_ns", report->clock);
    mon_json_i64(j, "wall_ns", report->wall);
    mon_json_u64(j, "leaked", f->leaked);
    mon_json_u64(j, "left", f->left);
    mon_json_bool(j, "main_stuck", f->main_stuck);
    mon_json_open(j, "findings", '[');
    for (uint32_t i = 0; i < f->n; i++)
        finding(&w, &f->list[i]);
    mon_json_order_findings(j, report);
    mon_json_close(j, ']');
    mon_json_order_counts(j, report);
    timers(j, f);
    detector(j, report->in);
    mon_json_text(j, "replay", report->replay);
    mon_json_close(j, '}');
    mon_out_char(&out, '\n');
    return mon_out_close(&out);
}
