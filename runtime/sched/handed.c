/*
 * handed.c - locks handed to goroutines that were not waiting for them.
 *
 * In:  hand-overs. Out: held[] of the new owners.
 *
 * Method: one list under one lock, for this is rare. Entries name goroutines
 * by id, so one that has ended meanwhile leaves nothing dangling: its entry
 * stays until the end of the run, as a lock that nobody can unlock.
 *
 * H1  rt_handed_count is the length of the list: who reads 0 has been handed
 *     nothing that it was told of.
 *
 * H2  The list changes only between rt_enter and rt_leave: in the stopped world
 *     it is read without its lock, which somebody may have been stopped with.
 *
 * Why not write the other's held[] under a lock: then every lock and unlock
 * of a program would take that lock too.
 */
#include "runtime/sched/handed.h"

#include <stdlib.h>

#include "runtime/sched/park.h"

struct rt_handed {
    struct rt_handed *next;
    uint64_t goroutine;
    struct rt_held held;
};

uint32_t rt_handed_count;

static uint32_t lock;           /* rank RT_RANK_NAME */
static struct rt_handed *first; /* [lock] in the order of their coming */
static struct rt_handed *spare; /* [lock] used up, for rt_handed_make */

struct rt_handed *rt_handed_make(void)
{
    struct rt_handed *h;
    struct g *g = rt_enter(); /* a look takes the lock too */

    rt_lock_always(&lock, RT_RANK_NAME);
    h = spare;
    if (h)
        spare = h->next;
    rt_unlock_always(&lock);
    rt_leave(g);
    return h ? h : malloc(sizeof(*h));
}

void rt_handed_drop(struct rt_handed *h)
{
    if (!h)
        return;
    rt_lock_always(&lock, RT_RANK_NAME);
    h->next = spare;
    spare = h;
    rt_unlock_always(&lock);
}

void rt_handed_give(struct rt_handed *h, struct g *to, struct go_object *obj,
                    const struct go_site *site, bool shared)
{
    struct rt_handed **at;

    rt_check(h && to && obj, "handed: no entry was made");
    *h = (struct rt_handed){
        .goroutine = to->id,
        .held = {.obj = obj, .site = site, .shared = shared}};
    rt_lock_always(&lock, RT_RANK_NAME);
    for (at = &first; *at; at = &(*at)->next)
        ;
    *at = h;
    __atomic_fetch_add(&rt_handed_count, 1, __ATOMIC_RELEASE);
    rt_unlock_always(&lock);
}

/* Moves *at, which is g's, to its held[]. */
static void adopt_locked(struct g *g, struct rt_handed **at)
{
    struct rt_handed *h = *at;

    rt_assert_held(&lock);
    rt_check(rt_handed_count > 0, "handed: H1: more entries than were counted");
    rt_held_push(g, h->held.obj, h->held.site, h->held.shared);
    *at = h->next;
    h->next = spare;
    spare = h;
    __atomic_fetch_sub(&rt_handed_count, 1, __ATOMIC_RELEASE);
}

bool rt_handed_adopt_slow(struct g *g)
{
    bool any = false;
    struct rt_handed **at = &first;

    rt_lock_always(&lock, RT_RANK_NAME);
    while (*at) {
        if ((*at)->goroutine == g->id) {
            adopt_locked(g, at);
            any = true;
        } else {
            at = &(*at)->next;
        }
    }
    rt_unlock_always(&lock);
    return any;
}

void rt_handed_visit(const struct g *g, rt_handed_fn *visit, void *arg)
{
    for (const struct rt_handed *h = first; h; h = h->next)
        if (h->goroutine == g->id)
            visit(arg, &h->held);
}

void rt_handed_reset(void)
{
    struct rt_handed *h;

    while ((h = first) || (h = spare)) {
        *(h == first ? &first : &spare) = h->next;
        free(h);
    }
    rt_handed_count = 0;
}
