/*
 * report_dot.c - the wait-for graph of a snapshot as a picture, for dot(1).
 *
 * In: the graph and its findings. Out: DOT text, names quoted.
 *
 * T1  Drawn are goroutines, and of objects those that an arrow touches. Cut
 *     at a number of goroutines that a person can still look at, and the
 *     picture says so.
 * T2  Whatever the names, it is UTF-8 and DOT, and shows each as it is: a byte
 *     that is no UTF-8 becomes U+FFFD.
 */
#include "runtime/monitor/report_dot.h"

#include <errno.h>
#include <string.h>
#include <vigil/utf8.h>

#include "runtime/base/throw.h"
#include "runtime/monitor/graph.h"
#include "runtime/monitor/words.h"

static const char stuck_style[] = ", color=red, fontcolor=red, penwidth=2";

struct drawing {
    struct mon_out out;
    const struct mon_findings *f;
    uint8_t *drawn;   /* [ngoroutine] */
    uint8_t *touched; /* [nobject] */
    uint32_t *arrow;  /* [ngoroutine] 1 + the object of the last one to it */
    uint32_t left;    /* goroutines that were not drawn */
};

/* Like &lt; or &#60; which dot takes for the character of that name. */
static bool is_entity(const char *text)
{
    static const char inside[] =
        "#0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    return *text == '&' && text[1 + strspn(text + 1, inside)] == ';';
}

/* As within a DOT string, T2; newlines and other control characters are
   spaces. */
static void quoted(struct mon_out *out, const char *text)
{
    size_t n;

    for (; text && *text; text += n ? n : 1) {
        n = go_utf8_length(text, GO_UTF8_MOST);
        if (n == 0)
            mon_out_text(out, GO_UTF8_INSTEAD);
        else if ((unsigned char)*text < 0x20 || *text == 0x7f)
            mon_out_char(out, ' ');
        else if (is_entity(text))
            mon_out_text(out, "&amp;");
        else {
            if (*text == '"' || *text == '\\')
                mon_out_char(out, '\\');
            mon_out_bytes(out, text, n);
        }
    }
}

static bool is_stuck(const struct mon_findings *f, uint32_t i)
{
    return f->fate[i] == MON_FATE_STUCK && !f->in->goroutines[i].system;
}

static void goroutine(struct drawing *d, uint32_t i)
{
    const struct go_inspect_goroutine *g = &d->f->in->goroutines[i];
    struct mon_out *out = &d->out;

    mon_out_printf(out, "  g%llu [shape=box, label=\"goroutine %llu",
                   (unsigned long long)g->id, (unsigned long long)g->id);
    if (g->name) {
        mon_out_text(out, " \\\"");
        quoted(out, g->name);
        mon_out_text(out, "\\\"");
    }
    mon_out_text(out, "\\n");
    mon_out_text(out, g->reason ? go_wait_reason_text(g->reason)
                                : mon_state_text(g->state));
    if (g->site) {
        mon_out_text(out, "\\n");
        quoted(out, g->site->file);
        mon_out_printf(out, ":%d", g->site->line);
    }
    mon_out_text(out, "\"");
    if (is_stuck(d->f, i))
        mon_out_text(out, stuck_style);
    mon_out_text(out, "];\n");
}

static void object(struct drawing *d, uint32_t i)
{
    const struct go_inspect_object *o = &d->f->in->objects[i];
    struct mon_out *out = &d->out;

    mon_out_printf(out, "  o%u [shape=ellipse, label=\"%s ", i,
                   mon_kind_text(o->kind));
    quoted(out, o->name);
    if (o->kind == GO_KIND_CHAN)
        mon_out_printf(out, "\\ncap %lld, len %lld", (long long)o->cap,
                       (long long)o->len);
    if (o->born) {
        mon_out_text(out, "\\n");
        quoted(out, o->born->file);
        mon_out_printf(out, ":%d", o->born->line);
    }
    mon_out_text(out, "\"];\n");
}

static void waits(struct drawing *d, uint32_t i)
{
    const struct go_inspect *in = d->f->in;
    const struct go_inspect_goroutine *g = &in->goroutines[i];

    for (uint32_t w = g->wait; w < g->wait + g->nwait; w++) {
        uint32_t o = in->waits[w].object;

        if (o == GO_NOWHERE)
            continue;
        d->touched[o] = 1;
        mon_out_printf(&d->out, "  g%llu -> o%u [label=\"waits for %s\"%s];\n",
                       (unsigned long long)g->id, o,
                       mon_want_text(in->waits[w].want),
                       is_stuck(d->f, i) ? stuck_style : "");
    }
}

static const char *opener_word(const struct drawing *d,
                               const struct mon_gate *k,
                               const struct mon_opener *by)
{
    if (!k->exact)
        return "may wake";
    if (by->hold == GO_NOWHERE)
        return "member";
    return d->f->in->holds[by->hold].pending  ? "pending"
           : d->f->in->holds[by->hold].shared ? "read by"
                                              : "held by";
}

static bool waits_for(const struct drawing *d, uint32_t i, uint32_t o)
{
    const struct go_inspect_goroutine *g = &d->f->in->goroutines[i];

    for (uint32_t w = g->wait; w < g->wait + g->nwait; w++)
        if (d->f->in->waits[w].object == o)
            return true;
    return false;
}

/* An arrow of before, or, back to who waits, one that helps nobody. */
static bool is_idle_arrow(struct drawing *d, const struct mon_gate *k,
                          const struct mon_opener *by, uint32_t o, bool all)
{
    uint32_t i = by->goroutine;
    bool before = d->arrow[i] == o + 1;

    if (k->exact)
        return by->hold != GO_NOWHERE && all &&
               !d->f->in->holds[by->hold].shared;
    d->arrow[i] = o + 1;
    return before || waits_for(d, i, o);
}

/* The arrows out of an object, each once though it has two gates. */
static void openers(struct drawing *d, uint32_t o)
{
    const struct mon_graph *graph = d->f->graph;

    for (uint32_t gate = o * MON_SIDES; gate < (o + 1) * MON_SIDES; gate++) {
        const struct mon_gate *k = &graph->gates[gate];

        for (uint32_t n = k->opener; n < k->opener + k->nopener; n++) {
            const struct mon_opener *by = &graph->openers[n];
            uint32_t i = by->goroutine;

            if (!d->drawn[i] ||
                is_idle_arrow(d, k, by, o, gate % MON_SIDES == MON_SIDE_ALL))
                continue;
            d->touched[o] = 1;
            mon_out_printf(&d->out, "  o%u -> g%llu [label=\"%s\"%s%s];\n", o,
                           (unsigned long long)d->f->in->goroutines[i].id,
                           opener_word(d, k, by),
                           k->exact ? "" : ", style=dashed",
                           is_stuck(d->f, i) ? stuck_style : "");
        }
    }
}

/* T1: findings first, then by id, the runtime's own not at all. */
static void choose(struct drawing *d)
{
    const struct mon_graph *graph = d->f->graph;
    uint32_t room = MON_DOT_GOROUTINES;

    for (int wanted = 1; wanted >= 0; wanted--)
        for (uint32_t r = 0; r < d->f->in->ngoroutine; r++) {
            uint32_t i = graph->goroutines.index[r];
            bool found = d->f->finding[i] != GO_NOWHERE;

            if (d->f->in->goroutines[i].system || found != wanted)
                continue;
            rt_check(!d->drawn[i], "report_dot: drawn twice");
            if (!room) {
                d->left++;
                continue;
            }
            room--;
            d->drawn[i] = 1;
        }
}

static void draw(struct drawing *d, const struct mon_report *report)
{
    struct mon_out *out = &d->out;
    const struct go_inspect *in = d->f->in;

    mon_out_text(out, "digraph vigil {\n  rankdir=LR;\n"
                      "  node [fontname=\"sans-serif\", fontsize=11];\n"
                      "  edge [fontname=\"sans-serif\", fontsize=9];\n"
                      "  labelloc=t;\n  label=\"");
    quoted(out, report->scenario ? report->scenario : "vigil");
    mon_out_printf(out, ": %s", go_verdict_text(report->verdict));
    if (d->left)
        mon_out_printf(out, "\\n%u more goroutines are not drawn", d->left);
    mon_out_text(out, "\";\n");
    for (uint32_t r = 0; r < in->ngoroutine; r++) {
        uint32_t i = d->f->graph->goroutines.index[r];

        if (!d->drawn[i])
            continue;
        goroutine(d, i);
        waits(d, i);
    }
    for (uint32_t o = 0; o < in->nobject; o++) {
        if (in->objects[o].system)
            continue;
        openers(d, o);
        if (d->touched[o])
            object(d, o);
    }
    mon_out_text(out, "}\n");
}

int mon_report_dot(const struct mon_report *report, int fd)
{
    struct drawing d = {.f = report->findings};
    struct rt_arena arena = {0};
    int err = -ENOMEM;

    rt_check(d.f && d.f->graph, "report_dot: there is no graph");
    d.drawn = rt_arena_alloc(&arena, d.f->in->ngoroutine);
    d.touched = rt_arena_alloc(&arena, d.f->in->nobject);
    d.arrow = rt_arena_alloc(&arena, d.f->in->ngoroutine * sizeof(*d.arrow));
    if (d.drawn && d.touched && d.arrow) {
        mon_out_open(&d.out, fd);
        choose(&d);
        draw(&d, report);
        err = mon_out_close(&d.out);
    }
    rt_arena_free(&arena);
    return err;
}
