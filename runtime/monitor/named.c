/*
 * named.c - what an object is called that has neither a label nor the text of
 * a call: the variable that it lies in.
 *
 * In:  symbols. Out: names of locks of the C library's, and of whatever was only
 * used by function; they look like the text of a call, "&table".
 *
 * What lies on a stack or in the heap has no such name. It is told by number,
 * and by where it was used first (text_page.c).
 */
#include "runtime/monitor/named.h"

#include <vigil/control.h>

#include "runtime/monitor/symbol.h"
#include "runtime/sync/object.h"
#include "runtime/sync/outer.h"

enum {
    NAME = 128
};

static const void *place_of(const struct go_inspect_object *o)
{
    struct rt_span at;

    return rt_outer_place(o->address, &at) ? (const void *)at.low : o->address;
}

/* Channels, timers and contexts lie in memory of the runtime's. */
static bool lies_in_the_program(const struct go_inspect_object *o)
{
    return o->address && o->kind != GO_KIND_CHAN &&
           o->kind != GO_KIND_CONTEXT && o->kind != GO_KIND_FD &&
           o->kind != GO_KIND_GONE;
}

bool go_variable_find(const void *at, char *to, size_t n)
{
    *to = '&';
    return mon_symbol_variable(at, to + 1, n - 1);
}

void mon_names_complete(struct go_inspect *in)
{
    char name[NAME];

    for (uint32_t i = 0; i < in->nobject; i++) {
        struct go_inspect_object *o = &in->objects[i];
        const char *kept;

        if (o->name[0] || !lies_in_the_program(o) ||
            !go_variable_find(place_of(o), name, sizeof(name)))
            continue;
        kept = rt_intern(name);
        if (kept)
            o->name = kept;
    }
}
