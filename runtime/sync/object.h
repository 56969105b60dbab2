/*
 * object.h - the runtime's side of the head that everything waited on has.
 *
 * Objects in the program's memory are known only through who waits on them or
 * holds them: no list has them, so they may be freed whenever nobody does.
 */
#ifndef RT_SYNC_OBJECT_H
#define RT_SYNC_OBJECT_H

#include <stdarg.h>
#include <vigil/object.h>

#include "runtime/base/record.h"
#include "runtime/sched/park.h"

/*
 * First use: sets kind and birth site. Under the object's lock, or by who has
 * just become its owner: both may be first at once, so the fields are atomic.
 */
static inline void rt_object_touch(struct go_object *o, enum go_kind kind,
                                   const struct go_site *site)
{
    if (rt_unlikely(__atomic_load_n(&o->kind, __ATOMIC_RELAXED) != kind)) {
        __atomic_store_n(&o->kind, (uint8_t)kind, __ATOMIC_RELAXED);
        __atomic_store_n(&o->born, site, __ATOMIC_RELAXED);
    }
}

/* The object's number, given at the first asking; 1, 2, ... */
uint32_t rt_object_id(struct go_object *o);
/* The same of one that can be read: the program may have protected it, and then
   it has another one each time. Changes errno. */
uint32_t rt_object_id_with_care(struct go_object *o);
/* The last number that was given; and one for what may be there no more. */
uint32_t rt_object_last_id(void);
uint32_t rt_object_new_id(void);
/* Label, else text at the first use, else "". */
const char *rt_object_name(const struct go_object *o);

/* Notes who did it last. Under the object's lock. */
static inline void rt_use(struct go_use *use, const struct g *g,
                          const struct go_site *site)
{
    rt_record(use->goroutine = g->id);
    rt_record(use->site = site);
}

/*
 * A copy of the text, the same for equal texts, that lives as long as the
 * process: a label stays on a static object from run to run. NULL: no memory.
 * Between rt_enter and rt_leave; no ranked lock above RT_RANK_NAME held.
 */
const char *rt_intern(const char *text);
/* The same of a printf-like text, cut at 255 bytes. Outside rt_enter. */
const char *rt_intern_text(const char *fmt, va_list ap);

/*
 * A site for a call by function: one for each place, by return address; what
 * was deferred itself, as in go_defer(go_mutex_unlock, &m), has the place
 * where it was. What a goroutine ends in, or what a once or a try runs, may be
 * a jump, of which nothing but the function is known: it has the place where
 * that begins. Any thread, at any time; takes no lock.
 */
const struct go_site *rt_site_at(const void *pc);
#define RT_HERE() rt_site_at(__builtin_return_address(0))

/*
 * How a struct go_timer and a struct go_ticker begin inside. go_label is
 * given any of the public objects by address: all begin with a struct
 * go_object but these two, which begin with their channel's handle. So they
 * keep name and born where a go_object has them; the first word tells the
 * two apart, for a go_object's is never the address of a channel. The label
 * goes on the channel as well.
 */
struct rt_timer_head {
    struct go_chan *c; /* [init] NULL: go_after_func */
    const char *name;
    const struct go_site *born;
};
_Static_assert(offsetof(struct rt_timer_head, name) ==
                       offsetof(struct go_object, name) &&
                   offsetof(struct rt_timer_head, born) ==
                       offsetof(struct go_object, born),
               "a label is at the same place in both");

/*
 * Fills in what a look wants to know of an object: closed, cap, len, uses,
 * type, exact (inspect.c has the one table, by kind). o is the object at `at`,
 * or a copy of it.
 */
void rt_object_inspect(const struct go_object *o, struct go_object *at,
                       struct go_inspect_object *to);

/* How often controlled runs have asked for the time: who asks waits for it,
   perhaps, so nothing is the same after it (still.c). sleep.c. */
extern uint64_t rt_clock_asked;

#endif
