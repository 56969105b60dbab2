/*
 * report_text.c - the part of a report that Go does not have: what was found.
 *
 * In:  findings and their certificates. Out: a headline a finding; a line for
 * each goroutine, what it waits for, where and for how long; below it who
 * could have woken it, and what became of each; then what limits the claim.
 *
 * Method: reporters add nothing: all that is said is in struct mon_findings.
 * Of goroutines that are stuck alike only the first SAME are told in full, of
 * a finding at most PARTS; the rest is counted.
 */
#include "runtime/monitor/report_text.h"

#include <string.h>

#include "runtime/base/throw.h"
#include "runtime/monitor/text_blocks.h"
#include "runtime/monitor/words.h"

enum {
    NAMESAKES_MAX = 256, /* objects that are compared by name */
    SAME = 2,
    PARTS = 40,
    WAKERS = 6,
    CASES = 8,
    TAIL = 66
};

struct page {
    struct mon_out out;
    const struct mon_text *text;
    const struct mon_report *r;
    const struct go_inspect *in;
    const struct mon_findings *f;
    const struct mon_finding *finding; /* the one being told */
    uint32_t part;                     /* of it */
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

static void out_instant(struct mon_out *out, int64_t t)
{
    mon_out_char(out, '+');
    mon_out_duration(out, t);
}

static void out_name(struct mon_out *out, const char *name)
{
    mon_out_text(out, " \"");
    mon_out_text(out, name);
    mon_out_char(out, '"');
}

static void out_goroutine(struct page *p, uint32_t at)
{
    const struct go_inspect_goroutine *g = &p->in->goroutines[at];

    mon_out_text(&p->out, "goroutine ");
    mon_out_u64(&p->out, g->id);
    if (g->name)
        out_name(&p->out, g->name);
}

/* What stands in brackets after an object's name. */
static void out_facts(struct page *p, const struct go_inspect_object *o)
{
    struct mon_out *out = &p->out;
    const char *open = " (";

    if (o->kind == GO_KIND_CHAN && !o->timer && !o->context) {
        mon_out_printf(out, "%scap %lld", open, (long long)o->cap);
        open = ", ";
    } else if (o->kind == GO_KIND_WAITGROUP || o->kind == GO_KIND_ERRGROUP) {
        mon_out_printf(out, "%scount %lld", open, (long long)o->len);
        open = ", ";
    } else if (o->kind == GO_KIND_SEMAPHORE) {
        mon_out_printf(out, "%s%lld free", open, (long long)o->len);
        open = ", ";
    } else if (o->kind == GO_KIND_BARRIER) {
        mon_out_printf(out, "%s%lld of %lld are there", open, (long long)o->len,
                       (long long)o->cap);
        open = ", ";
    }
    if (o->kind == GO_KIND_CHAN && o->born && o->born->file) {
        mon_out_text(out, open);
        mon_out_text(out, "made at ");
        mon_out_site(out, o->born);
        open = ", ";
    }
    if (*open == ',')
        mon_out_char(out, ')');
}

/*
 * Whether another object of this report reads the same: then numbers tell
 * them apart. Not asked of many, for it looks at each.
 */
static bool has_namesake(const struct page *p,
                         const struct go_inspect_object *o)
{
    if (p->in->nobject > NAMESAKES_MAX || !o->name || !o->name[0])
        return false;
    for (uint32_t i = 0; i < p->in->nobject; i++) {
        const struct go_inspect_object *other = &p->in->objects[i];

        if (other != o && other->kind == o->kind && other->name &&
            strcmp(other->name, o->name) == 0)
            return true;
    }
    return false;
}

/* An expression of the program stands as it is, a name in quotes. */
static void out_object(struct page *p, uint32_t at)
{
    const struct go_inspect_object *o = &p->in->objects[at];

    if (o->timer)
        mon_out_text(&p->out, "timer channel");
    else if (o->context)
        mon_out_text(&p->out, "done channel of a context");
    else
        mon_out_text(&p->out, o->kind == GO_KIND_CHAN
                                  ? "chan"
                                  : mon_kind_text((enum go_kind)o->kind));
    if (o->name && o->name[0] == '&') {
        mon_out_char(&p->out, ' ');
        mon_out_text(&p->out, o->name);
    } else if (o->name && o->name[0]) {
        out_name(&p->out, o->name);
    }
    if (has_namesake(p, o))
        mon_out_printf(&p->out, " #%u", o->id);
    out_facts(p, o);
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

static void out_deed(struct page *p, const struct go_inspect_goroutine *g)
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
        out_object(p, p->in->waits[g->wait].object);
    else if (n && text[n - 1] == ' ')
        mon_out_text(&p->out, "something");
}

/* Where, for how long, until when. */
static void out_where(struct page *p, const struct go_inspect_goroutine *g)
{
    struct mon_out *out = &p->out;

    if (g->site) {
        mon_out_text(out, "  at ");
        mon_out_site(out, g->site);
    }
    if (g->since >= 0) {
        mon_out_text(out, " for ");
        mon_out_duration(out, p->in->now - g->since);
    }
    if (g->until >= 0) {
        mon_out_text(out, ", until ");
        out_instant(out, g->until);
    }
}

/* "stuck, above": where in the finding somebody else is told of. */
static void out_stuck(struct page *p, uint32_t goroutine)
{
    const struct mon_finding *f = p->finding;
    uint32_t shown = f->nparts < PARTS ? f->nparts : PARTS;

    if (f->parts[p->part].goroutine == goroutine) {
        mon_out_text(&p->out, "itself");
        return;
    }
    mon_out_text(&p->out, "stuck");
    for (uint32_t i = 0; i < shown; i++)
        if (f->parts[i].goroutine == goroutine)
            mon_out_text(&p->out, i < p->part ? ", above" : ", below");
}

static void out_end(struct page *p, const struct mon_waker *w)
{
    mon_out_text(&p->out, w->fate == MON_FATE_PANICKED ? "panicked" : "ended");
    if (w->when >= 0) {
        mon_out_text(&p->out, " at ");
        out_instant(&p->out, w->when);
    }
    if (w->at) {
        mon_out_text(&p->out, ", ");
        mon_out_site(&p->out, w->at);
    }
}

static void out_fate(struct page *p, const struct mon_waker *w)
{
    switch (w->fate) {
    case MON_FATE_STUCK:
        out_stuck(p, w->goroutine);
        break;
    case MON_FATE_ENDED:
    case MON_FATE_PANICKED:
        out_end(p, w);
        break;
    case MON_FATE_GONE:
        mon_out_text(&p->out, "ended long ago");
        break;
    case MON_FATE_TIMER:
        mon_out_text(&p->out, "waits for a timer");
        break;
    default:
        mon_out_text(&p->out, mon_fate_text((enum mon_fate)w->fate));
        break;
    }
}

static void out_waker(struct page *p, const struct mon_waker *w,
                      uint32_t object)
{
    if (w->goroutine != GO_NOWHERE &&
        p->in->goroutines[w->goroutine].state == GO_STATE_FOREIGN)
        mon_out_text(&p->out, "a thread");
    else if (w->goroutine != GO_NOWHERE)
        out_goroutine(p, w->goroutine);
    else
        mon_out_printf(&p->out, "goroutine %llu", (unsigned long long)w->id);
    mon_out_text(&p->out, " (");
    out_fate(p, w);
    mon_out_char(&p->out, ')');
    if (!w->site || w->role == MON_ROLE_MEMBER)
        return;
    if (w->role == MON_ROLE_LAST)
        mon_out_printf(&p->out, ", last %s at ",
                       mon_did_text((enum go_did)w->did));
    else
        mon_out_text(&p->out, w->role == MON_ROLE_PENDING ? ", asked at "
                              : p->in->objects[object].kind == GO_KIND_ONCE
                                  ? ", begun at "
                                  : ", locked at ");
    mon_out_site(&p->out, w->site);
}

static const char *could(const struct mon_certificate *c, bool lock)
{
    static const char *const words[] = {
        [GO_WANT_SEND] = "can be sent on or closed by: ",
        [GO_WANT_RECV] = "can be received by: ",
        [GO_WANT_UNLOCK] = "held by ",
        [GO_WANT_DONE] = "can be counted down by: ",
        [GO_WANT_SIGNAL] = "can be signalled by: ",
        [GO_WANT_RELEASE] = "can be released by: ",
        [GO_WANT_ARRIVE] = "can be reached by: ",
        [GO_WANT_READY] = "made ready from outside: ",
    };

    rt_check(c->want <= GO_WANT_READY, "a certificate of no known want");
    return lock && c->want == GO_WANT_DONE ? "is run by " : words[c->want];
}

static const char *rest(enum mon_rest rest, bool some)
{
    switch (rest) {
    case MON_REST_NOBODY:
        return some ? "Nobody else holds it." : "Nobody holds it.";
    case MON_REST_ALL_ASLEEP:
        return some ? "Whoever else holds it is stuck or gone."
                    : "Whoever holds it is stuck or gone.";
    default:
        return some ? "Others may hold it." : "Others may.";
    }
}

static void out_certificate(struct page *p, const struct mon_certificate *c)
{
    struct mon_out *out = &p->out;
    const struct go_inspect_object *o = &p->in->objects[c->object];
    uint32_t n = 0;

    mon_out_text(out, "          ");
    mon_out_text(out, could(c, o->kind == GO_KIND_ONCE));
    for (uint32_t i = 0; i < c->nwaker; i++) {
        if (!c->wakers[i].could || n++ >= WAKERS)
            continue;
        if (n > 1)
            mon_out_text(out, "; ");
        out_waker(p, &c->wakers[i], c->object);
    }
    if (n > WAKERS)
        mon_out_printf(out, "; and %u more", n - WAKERS);
    mon_out_text(out, n ? ". " : "nobody that is known. ");
    mon_out_text(out, rest((enum mon_rest)c->rest, n > 0));
    mon_out_char(out, '\n');
}

/* The cases of a select, each with its own certificate. */
static void out_case(struct page *p, uint32_t at)
{
    const struct go_inspect_wait *w = &p->in->waits[at];

    mon_out_text(&p->out, w->want == GO_WANT_RECV
                              ? "        case send on "
                              : "        case receive from ");
    out_object(p, w->object);
    mon_out_char(&p->out, '\n');
}

static void out_waits(struct page *p, const struct go_inspect_goroutine *g)
{
    uint32_t shown = g->nwait < CASES ? g->nwait : CASES;

    for (uint32_t i = g->wait; i < g->wait + shown; i++) {
        if (g->reason == GO_WAIT_SELECT)
            out_case(p, i);
        if (p->f->certificates && p->f->certificates[i])
            out_certificate(p, p->f->certificates[i]);
    }
    if (g->nwait > shown)
        mon_out_printf(&p->out, "        and %u more cases\n",
                       g->nwait - shown);
}

static void out_part(struct page *p, const struct mon_part *part)
{
    const struct go_inspect_goroutine *g = &p->in->goroutines[part->goroutine];

    mon_out_text(&p->out, part->core ? "      " : "      bystander: ");
    out_goroutine(p, part->goroutine);
    mon_out_char(&p->out, ' ');
    out_deed(p, g);
    out_where(p, g);
    mon_out_char(&p->out, '\n');
    if (part->fate == MON_FATE_STUCK)
        out_waits(p, g);
}

static bool same(const struct page *p, const struct mon_part *a,
                 const struct mon_part *b)
{
    const struct go_inspect_goroutine *x = &p->in->goroutines[a->goroutine],
                                      *y = &p->in->goroutines[b->goroutine];

    return a->core == b->core && a->fate == b->fate && x->site == y->site &&
           x->reason == y->reason && x->entry == y->entry &&
           x->state == y->state;
}

/* How many before this one, in a row, are the same. */
static uint32_t told_alike(const struct page *p, uint32_t at)
{
    const struct mon_part *parts = p->finding->parts;
    uint32_t n = 0;

    while (n < SAME && at > n && same(p, &parts[at - n - 1], &parts[at]))
        n++;
    return n;
}

static void out_parts(struct page *p)
{
    const struct mon_finding *f = p->finding;
    uint32_t told = 0, more = 0;

    for (p->part = 0; p->part < f->nparts; p->part++) {
        bool dull = f->nparts > 2 * SAME + 1 && told_alike(p, p->part) >= SAME;

        if (dull || told >= PARTS) {
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
                       told >= PARTS ? "goroutines" : "like it");
    p->part = 0;
}

static void out_finding(struct page *p, bool first)
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
    if (first) {
        uint64_t width = out->total - from;

        mon_out_spaces(out, width < TAIL ? (unsigned)(TAIL - width) : 3);
        if (p->r->scenario)
            mon_out_printf(out, "scenario %s, ", p->r->scenario);
        out_instant(out, p->r->clock);
        mon_out_printf(out, ", seed %llu", (unsigned long long)p->r->seed);
    }
    mon_out_char(out, '\n');
    out_parts(p);
}

static void out_timers(struct page *p)
{
    int64_t next = INT64_MAX;

    if (!p->in->ntimer) {
        mon_out_text(&p->out, "timers: none armed.");
        return;
    }
    for (uint32_t i = 0; i < p->in->ntimer; i++)
        if (p->in->timers[i].when < next)
            next = p->in->timers[i].when;
    mon_out_printf(&p->out, "timers: %u armed, the next for ", p->in->ntimer);
    out_instant(&p->out, next);
    mon_out_char(&p->out, '.');
}

static void out_detector(struct page *p)
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

static void out_findings(struct page *p)
{
    for (uint32_t i = 0; i < p->f->n; i++) {
        p->finding = &p->f->list[i];
        out_finding(p, i == 0);
    }
    if (!p->f->n)
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
    struct page p = {.text = text,
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
    mon_text_blocks(&p.out, text);
    return mon_out_close(&p.out);
}
