/*
 * report_text.c - the part of a report that Go does not have: what was found.
 *
 * In:  findings and their certificates. Out: a headline a finding; a line for
 * each goroutine, what it waits for, where and for how long; below it who
 * could have woken it, and what became of each; then what limits the claim.
 *
 * Method: reporters add nothing: all that is said is in struct mon_findings.
 * Of goroutines that are stuck alike only the first SAME are told in full, of
 * a finding at most MON_PAGE_PARTS; the rest is counted.
 */
#include "runtime/monitor/report_text.h"

#include <string.h>

#include "runtime/base/throw.h"
#include "runtime/monitor/horizon.h"
#include "runtime/monitor/text_blocks.h"
#include "runtime/monitor/text_order.h"
#include "runtime/monitor/text_page.h"
#include "runtime/monitor/words.h"

enum {
    SAME = 2,
    CASES = 8,
    TAIL = 66
};

static const char *headline(enum go_verdict verdict)
{
    static const char *const words[GO_VERDICT_COUNT] = {
        [GO_VERDICT_CLEAN] = "CLEAN",
        [GO_VERDICT_DEADLOCK] = "DEADLOCK",
        [GO_VERDICT_LEAK] = "LEAK",
        [GO_VERDICT_LEFT] = "LEFT",
        [GO_VERDICT_LIKELY] = "LIKELY",
        [GO_VERDICT_SLOW] = "SLOW",
        [GO_VERDICT_LOCK_ORDER] = "LOCK ORDER",
        [GO_VERDICT_PANIC] = "PANIC",
        [GO_VERDICT_CRASH] = "CRASH",
        [GO_VERDICT_TIMEOUT] = "TIMEOUT",
        [GO_VERDICT_LIVELOCK] = "LIVELOCK",
    };

    return words[verdict];
}

/* What a goroutine does that waits, up to its object. */
static const char *deed(enum go_wait_reason reason)
{
    static const char *const words[GO_WAIT_COUNT] = {
        [GO_WAIT_CHAN_RECV] = "waits to receive from ",
        [GO_WAIT_CHAN_RECV_NIL] = "waits to receive from a nil channel",
        [GO_WAIT_CHAN_SEND] = "waits to send on ",
        [GO_WAIT_CHAN_SEND_NIL] = "waits to send on a nil channel",
        [GO_WAIT_SELECT] = "waits in a select",
        [GO_WAIT_SELECT_EMPTY] = "waits in a select without cases",
        [GO_WAIT_SLEEP] = "sleeps",
        [GO_WAIT_MUTEX] = "waits to lock ",
        [GO_WAIT_RWMUTEX_RLOCK] = "waits to read-lock ",
        [GO_WAIT_RWMUTEX_LOCK] = "waits to write-lock ",
        [GO_WAIT_WAITGROUP] = "waits for ",
        [GO_WAIT_COND] = "waits for a signal of ",
        [GO_WAIT_ONCE] = "waits for the end of ",
        [GO_WAIT_SEMAPHORE] = "waits to acquire ",
        [GO_WAIT_BARRIER] = "waits at ",
        [GO_WAIT_ERRGROUP] = "waits for ",
        [GO_WAIT_IO] = "waits for ",
        [GO_WAIT_BLOCKING] = "is in a blocking call",
    };

    return words[reason] ? words[reason] : "waits ";
}

static void out_deed(struct mon_page *p, const struct go_inspect_goroutine *g)
{
    const char *text = deed((enum go_wait_reason)g->reason);
    size_t n = strlen(text);

    if (!g->reason) {
        mon_out_text(&p->out,
                     g->state == GO_STATE_RUNNING ? "is running" : "can run");
        return;
    }
    mon_out_text(&p->out, text);
    if (n && text[n - 1] == ' ' && g->nwait)
        mon_page_object(p, p->in->waits[g->wait].object);
    else if (n && text[n - 1] == ' ')
        mon_out_text(&p->out, "something");
}

/* Where, for how long, until when. */
static void out_where(struct mon_page *p, uint32_t at)
{
    const struct go_inspect_goroutine *g = &p->in->goroutines[at];
    struct mon_out *out = &p->out;
    int64_t until = mon_horizon_of(p->in, at);

    if (g->site) {
        mon_out_text(out, "  at ");
        mon_out_site(out, g->site);
    }
    if (g->since >= 0) {
        mon_out_text(out, " for ");
        mon_out_duration(out, p->in->now - g->since);
    }
    if (until >= 0) {
        mon_out_text(out, ", until ");
        mon_page_instant(out, until);
    }
}

/* The cases of a select, each with its own certificate. */
static void out_case(struct mon_page *p, uint32_t at)
{
    const struct go_inspect_wait *w = &p->in->waits[at];

    mon_out_text(&p->out, w->want == GO_WANT_RECV
                              ? "        case send on "
                              : "        case receive from ");
    mon_page_object(p, w->object);
    mon_out_char(&p->out, '\n');
}

static void out_waits(struct mon_page *p, const struct go_inspect_goroutine *g)
{
    uint32_t shown = g->nwait < CASES ? g->nwait : CASES;

    for (uint32_t i = g->wait; i < g->wait + shown; i++) {
        if (g->reason == GO_WAIT_SELECT)
            out_case(p, i);
        if (p->f->certificates && p->f->certificates[i])
            mon_page_certificate(p, p->f->certificates[i]);
    }
    if (g->nwait > shown)
        mon_out_printf(&p->out, "        and %u more cases\n",
                       g->nwait - shown);
}

static void out_part(struct mon_page *p, const struct mon_part *part)
{
    const struct go_inspect_goroutine *g = &p->in->goroutines[part->goroutine];

    mon_out_text(&p->out, part->core ? "      " : "      bystander: ");
    mon_page_goroutine(p, part->goroutine);
    mon_out_char(&p->out, ' ');
    out_deed(p, g);
    out_where(p, part->goroutine);
    mon_out_char(&p->out, '\n');
    if (part->fate == MON_FATE_STUCK || part->fate == MON_FATE_WAITS)
        out_waits(p, g);
    mon_page_ancestry(p, part->goroutine);
}

static bool same(const struct mon_page *p, const struct mon_part *a,
                 const struct mon_part *b)
{
    const struct go_inspect_goroutine *x = &p->in->goroutines[a->goroutine],
                                      *y = &p->in->goroutines[b->goroutine];

    return a->core == b->core && a->fate == b->fate && x->site == y->site &&
           x->reason == y->reason && x->entry == y->entry &&
           x->state == y->state;
}

/* How many before this one, in a row, are the same. */
static uint32_t told_alike(const struct mon_page *p, uint32_t at)
{
    const struct mon_part *parts = p->finding->parts;
    uint32_t n = 0;

    while (n < SAME && at > n && same(p, &parts[at - n - 1], &parts[at]))
        n++;
    return n;
}

static void out_parts(struct mon_page *p)
{
    const struct mon_finding *f = p->finding;
    uint32_t told = 0, more = 0;

    for (p->part = 0; p->part < f->nparts; p->part++) {
        bool dull = f->nparts > 2 * SAME + 1 && told_alike(p, p->part) >= SAME;

        if (dull || told >= MON_PAGE_PARTS) {
            more++;
            continue;
        }
        if (more) {
            mon_out_printf(&p->out, "      and %u more like it\n", more);
            more = 0;
        }
        told++;
        out_part(p, &f->parts[p->part]);
    }
    if (more)
        mon_out_printf(&p->out, "      and %u more %s\n", more,
                       told >= MON_PAGE_PARTS ? "goroutines" : "like it");
    p->part = 0;
}

/* Behind the first headline, which is width wide: of what run this is. */
static void out_run(void *arg, uint64_t width)
{
    struct mon_page *p = arg;
    struct mon_out *out = &p->out;

    mon_out_spaces(out, width < TAIL ? (unsigned)(TAIL - width) : 3);
    if (p->r->scenario)
        mon_out_printf(out, "scenario %s, ", p->r->scenario);
    mon_page_instant(out, p->r->clock);
    mon_out_printf(out, ", seed %llu", (unsigned long long)p->r->seed);
}

static void out_finding(struct mon_page *p, bool first)
{
    const struct mon_finding *f = p->finding;
    struct mon_out *out = &p->out;
    uint64_t from = out->total;

    mon_out_text(out, headline(f->verdict));
    if (f->proven && f->verdict != GO_VERDICT_LEFT &&
        f->verdict != GO_VERDICT_PANIC)
        mon_out_text(out, ", proven");
    mon_out_text(out, ": ");
    mon_out_text(out, f->message);
    if (first)
        out_run(p, out->total - from);
    mon_out_char(out, '\n');
    out_parts(p);
}

/* Whom the next timer helps. That nothing moves before is for who wonders why
   his program does not go on. */
static void out_next(struct mon_page *p, const struct mon_horizon *h)
{
    struct mon_out *out = &p->out;

    mon_out_text(out, ", the next for ");
    mon_page_instant(out, h->next);
    if (h->wakes) {
        mon_out_text(out, ", wakes ");
        mon_page_goroutine(p, h->first);
    }
    if (h->wakes > 1)
        mon_out_printf(out, " and %u more", h->wakes - 1);
    if (h->calls) {
        mon_out_text(out, ", calls what was set at ");
        mon_out_site(out, h->calls);
    }
    mon_out_text(out, h->still && !p->in->main_ended ? "; nothing moves before."
                                                     : ".");
}

static void out_timers(struct mon_page *p)
{
    if (!p->in->ntimer) {
        mon_out_text(&p->out, "timers: none armed.");
        return;
    }
    mon_out_printf(&p->out, "timers: %u armed", p->in->ntimer);
    if (p->f->horizon.next >= 0)
        out_next(p, &p->f->horizon);
    else
        mon_out_text(&p->out, ", that nobody waits for.");
}

static void out_detector(struct mon_page *p)
{
    mon_out_text(&p->out, "      ");
    out_timers(p);
    mon_out_text(&p->out, "   detector: ");
    if (!p->in->nlimit)
        mon_out_text(&p->out, "complete");
    for (uint32_t i = 0; i < p->in->nlimit; i++) {
        mon_out_text(&p->out, i ? "; " : "");
        mon_out_text(&p->out, p->in->limits[i].text);
    }
    mon_out_char(&p->out, '\n');
}

static void out_findings(struct mon_page *p)
{
    bool orders = p->r->orders && p->r->orders->n;

    for (uint32_t i = 0; i < p->f->n; i++) {
        p->finding = &p->f->list[i];
        p->maybe_told = false;
        out_finding(p, i == 0);
    }
    mon_text_orders(&p->out, p->r, p->f->n ? NULL : out_run, p);
    if (p->f->n ? p->f->verdict == GO_VERDICT_SLOW : !orders)
        mon_out_text(&p->out, "Nobody is proven stuck.\n");
    out_detector(p);
    if (p->r->replay) {
        mon_out_text(&p->out, "replay: ");
        mon_out_text(&p->out, p->r->replay);
        mon_out_char(&p->out, '\n');
    }
    mon_out_char(&p->out, '\n');
}

int mon_report_text(const struct mon_text *text, int fd)
{
    struct mon_page p = {.text = text,
                         .r = text->report,
                         .in = text->report->in,
                         .f = text->report->findings};

    mon_out_open(&p.out, fd);
    if (text->first) {
        mon_out_text(&p.out, text->first);
        mon_out_char(&p.out, '\n');
    }
    if (text->note) {
        mon_out_text(&p.out, text->note);
        mon_out_char(&p.out, '\n');
    }
    if (text->first || text->note)
        mon_out_char(&p.out, '\n');
    if (!text->only)
        out_findings(&p);
    if (!text->brief)
        mon_text_blocks(&p.out, text);
    return mon_out_close(&p.out);
}
