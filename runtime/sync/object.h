/*
 * object.h - the runtime's side of the head that everything waited on has.
 *
 * Objects in the program's memory are known only through who waits on them or
 * holds them: no list has them, so they may be freed whenever nobody does.
 */
#ifndef RT_SYNC_OBJECT_H
#define RT_SYNC_OBJECT_H

#include <vigil/object.h>

#include "runtime/sched/park.h"

/* First use: sets kind and birth site. Under the object's lock. */
static inline void rt_object_touch(struct go_object *o, enum go_kind kind,
                                   const struct go_site *site)
{
    if (rt_unlikely(o->kind != kind)) {
        o->kind = (uint8_t)kind;
        o->born = site;
    }
}

/* The object's number, given at the first asking; 1, 2, ... */
uint32_t rt_object_id(struct go_object *o);
/* Label, else text at the first use, else "". */
const char *rt_object_name(const struct go_object *o);

/* Notes who did it last. Under the object's lock. */
static inline void rt_use(struct go_use *use, const struct g *g,
                          const struct go_site *site)
{
    use->goroutine = g->id;
    use->site = site;
}

/* A copy of the text that lives as long as the run; NULL: no memory. */
const char *rt_intern(const char *text);

/* A site for a call by function: one for each place, by return address. */
const struct go_site *rt_site_at(const void *pc);
#define RT_HERE() rt_site_at(__builtin_return_address(0))

/*
 * Fills in what a look wants to know of an object: closed, cap, len, uses,
 * type, exact (object.c has the one table, by kind).
 */
void rt_object_inspect(const struct go_object *o, struct go_inspect_object *to);

#endif
