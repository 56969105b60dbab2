/*
 * text_certificate.c - a certificate as one line: who could have woken the
 * waiters of an object, what became of each, and who else there is. And who
 * created a goroutine, as another.
 */
#include "runtime/base/throw.h"
#include "runtime/monitor/ancestry.h"
#include "runtime/monitor/text_page.h"
#include "runtime/monitor/words.h"

enum {
    WAKERS = 6,      /* that are named */
    GENERATIONS = 8, /* the same */
};

static void out_at(struct mon_page *p, const struct go_site *site)
{
    if (!site)
        return;
    mon_out_text(&p->out, ", at ");
    mon_out_site(&p->out, site);
}

/* "stuck, above": where in the finding somebody else is told of; who is not
   told of there is where he is. */
static void out_stuck(struct mon_page *p, uint32_t goroutine,
                      const struct go_site *at)
{
    const struct mon_finding *f = p->finding;
    uint32_t shown = f->nparts < MON_PAGE_PARTS ? f->nparts : MON_PAGE_PARTS;

    if (f->parts[p->part].goroutine == goroutine) {
        mon_out_text(&p->out, "itself");
        return;
    }
    mon_out_text(&p->out, "stuck");
    for (uint32_t i = 0; i < shown; i++)
        if (f->parts[i].goroutine == goroutine) {
            mon_out_text(&p->out, i < p->part ? ", above" : ", below");
            return;
        }
    out_at(p, at);
}

/* What somebody alive does. */
static const char *now(enum mon_fate fate)
{
    static const char *const words[MON_FATE_COUNT] = {
        [MON_FATE_WAITS] = "waits",
        [MON_FATE_TIMER] = "waits for a timer",
        [MON_FATE_EXTERNAL] = "in an external wait",
        [MON_FATE_RUNNABLE] = "can run",
        [MON_FATE_RUNNING] = "is running",
        [MON_FATE_FOREIGN] = "no goroutine",
    };

    rt_check(words[fate], "a certificate names a fate that has no words");
    return words[fate];
}

static void out_end(struct mon_page *p, const struct mon_waker *w)
{
    mon_out_text(&p->out, "ended");
    if (w->when >= 0) {
        mon_out_text(&p->out, " at ");
        mon_page_instant(&p->out, w->when);
    }
    if (w->at) {
        mon_out_text(&p->out, ", after ");
        mon_out_site(&p->out, w->at);
    }
}

static void out_fate(struct mon_page *p, const struct mon_waker *w)
{
    switch (w->fate) {
    case MON_FATE_STUCK:
        out_stuck(p, w->goroutine, w->at);
        break;
    case MON_FATE_ENDED:
        out_end(p, w);
        break;
    case MON_FATE_GONE:
        mon_out_text(&p->out, "ended long ago");
        break;
    default:
        mon_out_text(&p->out, now((enum mon_fate)w->fate));
        if (w->when >= 0) {
            mon_out_text(&p->out, " until ");
            mon_page_instant(&p->out, w->when);
        }
        out_at(p, w->at);
        break;
    }
}

static void out_who(struct mon_page *p, const struct mon_waker *w)
{
    if (w->goroutine != GO_NOWHERE &&
        p->in->goroutines[w->goroutine].state == GO_STATE_FOREIGN)
        mon_out_text(&p->out, "a thread");
    else
        mon_page_who(p, w->id, w->name);
}

/* Where he took it, or what he did with it last. */
static void out_part_in_it(struct mon_page *p, const struct mon_waker *w,
                           uint32_t object)
{
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

static void out_waker(struct mon_page *p, const struct mon_waker *w,
                      uint32_t object)
{
    if (w->role == MON_ROLE_MAY_KNOW)
        mon_out_text(&p->out, "maybe ");
    out_who(p, w);
    mon_out_text(&p->out, " (");
    out_fate(p, w);
    mon_out_text(&p->out, w->lost ? ", holds it no more)" : ")");
    out_part_in_it(p, w, object);
}

/* Who has only asked for a lock keeps others out, and does not hold it. */
static bool any_asks(const struct mon_certificate *c)
{
    for (uint32_t i = 0; i < c->nwaker; i++)
        if (c->wakers[i].role == MON_ROLE_PENDING)
            return true;
    return false;
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
    if (any_asks(c))
        return "kept out by ";
    return lock && c->want == GO_WANT_DONE ? "is run by " : words[c->want];
}

/* Of a lock there is nobody else: whoever has it is named. */
static const char *rest(const struct mon_certificate *c, bool some)
{
    switch ((enum mon_rest)c->rest) {
    case MON_REST_NOBODY:
        if (c->want == GO_WANT_UNLOCK)
            return "";
        return some ? " Nobody else holds it."
                    : " Whoever else could has ended or let go of it.";
    case MON_REST_ALL_ASLEEP:
        return some ? " Whoever else holds it is stuck or gone."
                    : " Whoever holds it is stuck or gone.";
    default:
        return " Others may hold it.";
    }
}

static bool has_ended(const struct mon_waker *w)
{
    return w->fate == MON_FATE_ENDED || w->fate == MON_FATE_GONE;
}

/* Of a group that is counted by hand the ledger tells who counted. */
static bool is_booked(const struct mon_certificate *c,
                      const struct mon_waker *w)
{
    return c->want == GO_WANT_DONE && w->role == MON_ROLE_LAST && has_ended(w);
}

/* Why who is told of may have it, and it is not said that he has: once in a
   finding. */
static void out_maybe(struct mon_page *p, const struct mon_certificate *c)
{
    if (c->global_may)
        mon_out_text(&p->out,
                     " Maybe a global holds it, which nobody alive can use.");
    for (uint32_t i = 0; i < c->nwaker && !p->maybe_told; i++)
        if (c->wakers[i].role == MON_ROLE_MAY_KNOW) {
            mon_out_text(&p->out,
                         " Maybe: who points into a stack that leads to it.");
            p->maybe_told = true;
        }
}

/* Who could have come, as far as there is room; how many there are. Who did
   several things with it is told once. */
static uint32_t out_wakers(struct mon_page *p, const struct mon_certificate *c)
{
    const struct mon_waker *before = NULL;
    uint32_t n = 0;

    for (uint32_t i = 0; i < c->nwaker; i++) {
        const struct mon_waker *w = &c->wakers[i];

        if (!w->could || is_booked(c, w))
            continue;
        if (before && before->id == w->id && w->role == MON_ROLE_LAST) {
            if (n <= WAKERS)
                out_part_in_it(p, w, c->object);
            continue;
        }
        before = w;
        if (n++ >= WAKERS)
            continue;
        if (n > 1)
            mon_out_text(&p->out, "; ");
        out_waker(p, w, c->object);
    }
    if (n > WAKERS)
        mon_out_printf(&p->out, "; and %u more", n - WAKERS);
    if (!n)
        mon_out_text(&p->out, c->rest == MON_REST_NOBODY
                                  ? "nobody"
                                  : "nobody that is known");
    return n;
}

static void out_booked(struct mon_page *p, const struct mon_waker *w)
{
    out_who(p, w);
    mon_out_printf(&p->out, " %s at ", mon_did_text((enum go_did)w->did));
    mon_out_site(&p->out, w->site);
    mon_out_text(&p->out, " (");
    out_fate(p, w);
    mon_out_char(&p->out, ')');
}

/* Who added and who counted down, as far as the group knows. */
static void out_ledger(struct mon_page *p, const struct mon_certificate *c)
{
    uint32_t n = 0;

    for (unsigned down = 0; down <= 1; down++)
        for (uint32_t i = 0; i < c->nwaker; i++) {
            const struct mon_waker *w = &c->wakers[i];

            if (w->role != MON_ROLE_LAST || (w->did == GO_DID_DONE) != down)
                continue;
            mon_out_text(&p->out, n++ ? "; " : "          ledger: ");
            out_booked(p, w);
        }
    mon_out_text(&p->out, n ? "\n" : "");
}

static void out_gone(struct mon_page *p, const struct mon_certificate *c)
{
    mon_out_text(&p->out,
                 "          its memory was given back, or overwritten");
    mon_out_text(&p->out, c->rest == MON_REST_ALL_ASLEEP
                              ? ". Nobody is left who runs.\n"
                              : ".\n");
}

/* Of a lock, and of a once. */
static void out_disowned(struct mon_page *p, const struct go_inspect_object *o)
{
    bool once = o->kind == GO_KIND_ONCE;

    mon_out_text(&p->out, once ? "          is run by nobody"
                               : "          held by nobody");
    if (o->says)
        mon_out_printf(&p->out, ", though it names goroutine %llu",
                       (unsigned long long)o->says);
    mon_out_printf(&p->out,
                   ": it was %scopied, moved or overwritten while it was %s.\n",
                   p->in->left_cut ? "left locked by one who ended, or " : "",
                   once ? "run" : "locked");
}

void mon_page_certificate(struct mon_page *p, const struct mon_certificate *c)
{
    struct mon_out *out = &p->out;
    const struct go_inspect_object *o = &p->in->objects[c->object];
    uint32_t n;

    if (o->kind == GO_KIND_GONE) {
        out_gone(p, c);
        return;
    }
    if (o->disowned) {
        out_disowned(p, o);
        return;
    }
    mon_out_text(out, "          ");
    mon_out_text(out, could(c, o->kind == GO_KIND_ONCE));
    n = out_wakers(p, c);
    mon_out_char(out, '.');
    if (c->global)
        mon_out_text(out, " A global holds it, which nobody alive can use.");
    mon_out_text(out, rest(c, n > 0 || c->global || c->global_may));
    out_maybe(p, c);
    mon_out_char(out, '\n');
    if (o->kind == GO_KIND_WAITGROUP)
        out_ledger(p, c);
}

static void out_ancestor(struct mon_page *p, const struct mon_ancestor *a)
{
    if (!a->id)
        mon_out_text(&p->out, "a thread");
    else
        mon_page_who(p, a->id, a->name);
    if (a->fate == MON_FATE_ENDED)
        mon_out_text(&p->out, " (ended)");
    mon_out_text(&p->out, " at ");
    mon_out_site(&p->out, a->site);
}

/* Who was created by main itself has no line of its own: its block tells. */
void mon_page_ancestry(struct mon_page *p, uint32_t goroutine)
{
    struct mon_ancestor a;
    bool more = mon_ancestor_first(p->f, goroutine, &a);

    if (!more || a.id <= 1)
        return;
    mon_out_text(&p->out, "          created by ");
    for (unsigned n = 0; more && n < GENERATIONS; n++) {
        mon_out_text(&p->out, n ? "; that one by " : "");
        out_ancestor(p, &a);
        more = mon_ancestor_next(p->f, &a);
    }
    mon_out_text(&p->out, more ? "; and so on\n" : "\n");
}
