/* text_page.c - what goroutines and objects are called in a text report. */
#include "runtime/monitor/text_page.h"

#include <string.h>

#include "runtime/monitor/words.h"

enum {
    NAMESAKES_MAX = 256 /* objects that are compared by name */
};

void mon_page_instant(struct mon_out *out, int64_t t)
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

void mon_page_who(struct mon_page *p, uint64_t id, const char *name)
{
    if (!id) { /* it left a lock behind */
        mon_out_text(&p->out, "a goroutine of an earlier run");
        return;
    }
    mon_out_text(&p->out, "goroutine ");
    mon_out_u64(&p->out, id);
    if (name)
        out_name(&p->out, name);
}

void mon_page_goroutine(struct mon_page *p, uint32_t at)
{
    const struct go_inspect_goroutine *g = &p->in->goroutines[at];

    mon_page_who(p, g->id, g->name);
}

/* Neither a label, nor text of a call, nor a variable; others are told by where
   they were made. */
static bool is_nameless(const struct go_inspect_object *o)
{
    return !o->name[0] && o->kind != GO_KIND_CHAN &&
           o->kind != GO_KIND_CONTEXT && o->kind != GO_KIND_GONE;
}

/* What stands in brackets after an object's name. */
static void out_facts(struct mon_page *p, const struct go_inspect_object *o)
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
    if (is_nameless(o) && o->born && o->born->file) {
        mon_out_text(out, open);
        mon_out_text(out, "first used at ");
        mon_out_site(out, o->born);
        open = ", ";
    }
    if (*open == ',')
        mon_out_char(out, ')');
}

/* Made by the same chan_make, and called by what it was used as: in a loop,
   each may be any of them. */
static bool is_sibling(const struct go_inspect_object *o,
                       const struct go_inspect_object *other)
{
    return o->kind == GO_KIND_CHAN && !o->timer && !o->context && o->born &&
           o->born == other->born && !o->labelled && !other->labelled;
}

/*
 * Whether another object of this report reads the same: then numbers tell
 * them apart. Not asked of many, for it looks at each.
 */
static bool has_namesake(const struct mon_page *p,
                         const struct go_inspect_object *o)
{
    if (p->in->nobject > NAMESAKES_MAX || (!o->name[0] && !is_nameless(o)))
        return false;
    for (uint32_t i = 0; i < p->in->nobject; i++) {
        const struct go_inspect_object *other = &p->in->objects[i];

        if (other != o && other->kind == o->kind &&
            (strcmp(other->name, o->name) == 0 || is_sibling(o, other)))
            return true;
    }
    return false;
}

/* An expression of the program stands as it is, a name in quotes. */
void mon_page_object(struct mon_page *p, uint32_t at)
{
    const struct go_inspect_object *o = &p->in->objects[at];

    if (o->kind == GO_KIND_FD && o->name[0]) {
        mon_out_text(&p->out, o->name); /* "fd 5" */
        return;
    }
    if (o->timer)
        mon_out_text(&p->out, "timer channel");
    else if (o->context)
        mon_out_text(&p->out, "done channel of a context");
    else
        mon_out_text(&p->out, o->kind == GO_KIND_CHAN
                                  ? "chan"
                                  : mon_kind_text((enum go_kind)o->kind));
    if (o->name[0] == '&') {
        mon_out_char(&p->out, ' ');
        mon_out_text(&p->out, o->name);
    } else if (o->name[0]) {
        out_name(&p->out, o->name);
    }
    if (has_namesake(p, o))
        mon_out_printf(&p->out, " #%u", o->id);
    out_facts(p, o);
}
