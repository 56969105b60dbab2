/*
 * text_certificate.c - a certificate as one line: who could have woken the
 * waiters of an object, what became of each, and who else there is.
 */
#include "runtime/base/throw.h"
#include "runtime/monitor/text_page.h"
#include "runtime/monitor/words.h"

enum {
    WAKERS = 6 /* that are named */
};

/* "stuck, above": where in the finding somebody else is told of. */
static void out_stuck(struct mon_page *p, uint32_t goroutine)
{
    const struct mon_finding *f = p->finding;
    uint32_t shown = f->nparts < MON_PAGE_PARTS ? f->nparts : MON_PAGE_PARTS;

    if (f->parts[p->part].goroutine == goroutine) {
        mon_out_text(&p->out, "itself");
        return;
    }
    mon_out_text(&p->out, "stuck");
    for (uint32_t i = 0; i < shown; i++)
        if (f->parts[i].goroutine == goroutine)
            mon_out_text(&p->out, i < p->part ? ", above" : ", below");
}

static void out_end(struct mon_page *p, const struct mon_waker *w)
{
    mon_out_text(&p->out, w->fate == MON_FATE_PANICKED ? "panicked" : "ended");
    if (w->when >= 0) {
        mon_out_text(&p->out, " at ");
        mon_page_instant(&p->out, w->when);
    }
    if (w->at) {
        mon_out_text(&p->out, ", ");
        mon_out_site(&p->out, w->at);
    }
}

static void out_fate(struct mon_page *p, const struct mon_waker *w)
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

static void out_waker(struct mon_page *p, const struct mon_waker *w,
                      uint32_t object)
{
    if (w->goroutine != GO_NOWHERE &&
        p->in->goroutines[w->goroutine].state == GO_STATE_FOREIGN)
        mon_out_text(&p->out, "a thread");
    else if (w->goroutine != GO_NOWHERE)
        mon_page_goroutine(p, w->goroutine);
    else
        mon_out_printf(&p->out, "goroutine %llu", (unsigned long long)w->id);
    mon_out_text(&p->out, " (");
    out_fate(p, w);
    mon_out_text(&p->out, w->lost ? ", holds it no more)" : ")");
    if (!w->site || w->role == MON_ROLE_MEMBER || w->role == MON_ROLE_KNOWS)
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

void mon_page_certificate(struct mon_page *p, const struct mon_certificate *c)
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
    if (!n)
        mon_out_text(out, c->rest == MON_REST_NOBODY ? "nobody"
                                                     : "nobody that is known");
    mon_out_text(out, ". ");
    if (c->global)
        mon_out_text(out, "A global holds it, which nobody alive can use. ");
    mon_out_text(out, rest((enum mon_rest)c->rest, n > 0 || c->global));
    mon_out_char(out, '\n');
}
