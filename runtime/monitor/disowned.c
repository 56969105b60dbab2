/*
 * disowned.c - locks that say that they are held, and that nobody has.
 *
 * In:  a snapshot that has its holds, and what was left locked. Out: which
 * objects are disowned, and whom they name.
 *
 * D1  A lock that says that it is held is so by somebody who knows it, or was
 *     left so at an end: while the runtime does nothing there is nothing
 *     between. If not, its bytes are not its own: copied, or moved with it. Who
 *     waits for it waits for whoever can get at it, and is told why.
 * D2  Where more were left than are kept it may be one of these, and that is
 *     told, too.
 */
#include "runtime/monitor/intake.h"
#include "runtime/sched/ended.h"
#include "runtime/sync/outer.h"

static bool is_owned(enum go_kind kind)
{
    return kind == GO_KIND_MUTEX || kind == GO_KIND_RWMUTEX ||
           kind == GO_KIND_ONCE;
}

/* By object: somebody has it, or had it at his end. NULL: no memory. */
static const uint8_t *find_owned(struct mon_intake *k)
{
    const struct go_inspect *in = &k->s->in;
    uint8_t *owned = rt_arena_alloc(&k->s->arena, in->nobject);

    for (uint32_t h = 0; owned && h < in->nhold; h++)
        owned[in->holds[h].object] |= !in->holds[h].pending;
    for (uint32_t a = 0; owned && a < in->nabandoned; a++)
        if (in->abandoned[a].object != GO_NOWHERE)
            owned[in->abandoned[a].object] = true;
    return owned;
}

/* The goroutine that its owner's word means; D2: that may be another by now. */
static uint64_t named(const struct mon_intake *k,
                      const struct go_inspect_object *o)
{
    uint32_t at = o->owner && !k->s->in.left_cut
                      ? mon_table_get(&k->goroutines, o->owner)
                      : GO_NOWHERE;

    return at == GO_NOWHERE ? 0 : k->s->in.goroutines[at].id;
}

void mon_intake_disowned(struct mon_intake *k)
{
    const struct go_inspect *in = &k->s->in;
    const uint8_t *owned = find_owned(k);
    struct rt_span outer;
    bool any = false;

    k->failed |= !owned;
    for (uint32_t o = 0; o < in->nobject && !k->failed; o++) {
        struct go_inspect_object *to = &in->objects[o];

        if (owned[o] || !to->exact || !is_owned((enum go_kind)to->kind) ||
            rt_outer_place(to->address, &outer))
            continue;
        to->exact = false;
        to->disowned = any = true;
        to->says = named(k, to);
    }
    if (any && in->left_cut)
        mon_snapshot_limit(k->s, 0,
                           "more than %d locks were left locked: who left the "
                           "others is not known",
                           RT_ABANDONED_MAX - 1);
}
