/*
 * presence.c - whether what somebody waits for is still where it was.
 *
 * In:  a waiter and its reason, while the world is stopped. Out: the object.
 *
 * Method: the reason says which kind of object it was; that many bytes are read
 * with care. It is still there if they say that kind, and if the queue in them
 * begins with the waiter that is the first of those w is linked with: waiters
 * lie on the stacks of who waits, where nothing is gone.
 *
 * P1  Nothing of an object is believed, and nothing is written to it, before it
 *     is known to be there. In doubt it is gone, and its waiters count as alive
 *     while anything is.
 * P2  Each chain of waiters is judged once, so all of them takes one step each.
 * P3  To ask the kernel for each object would hold the world up, so it is asked
 *     for those of many goroutines at a time, neighbours as one; what lies on a
 *     goroutine's stack is there, and is read as it is. An object that was not
 *     read ahead, or not with the others, is asked for by itself.
 */
#include "runtime/monitor/presence.h"

#include <sys/uio.h>

#include "runtime/base/peek.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sched/stack.h"
#include "runtime/sync/outer.h"
#include "runtime/sync/refer.h"

enum {
    ROOM = 64 << 10, /* bytes read ahead */
    SPAN = 4096,     /* of them in one piece, at most */
    NEAR = 256       /* what may lie between neighbours */
};

/* P3 */
struct mon_ahead {
    uint32_t n, next; /* spans; the next object is in none before that */
    size_t size;      /* of the spans; once read, of those before next */
    struct iovec span[RT_PEEK_MOST];
    bool read[RT_PEEK_MOST];
    char bytes[ROOM];
};

/* NONE: of the runtime's own memory. */
static enum go_kind kind_of(enum go_wait_reason reason)
{
    static const uint8_t kind[GO_WAIT_COUNT] = {
        [GO_WAIT_MUTEX] = GO_KIND_MUTEX,
        [GO_WAIT_RWMUTEX_RLOCK] = GO_KIND_RWMUTEX,
        [GO_WAIT_RWMUTEX_LOCK] = GO_KIND_RWMUTEX,
        [GO_WAIT_WAITGROUP] = GO_KIND_WAITGROUP,
        [GO_WAIT_COND] = GO_KIND_COND,
        [GO_WAIT_ONCE] = GO_KIND_ONCE,
        [GO_WAIT_SEMAPHORE] = GO_KIND_SEMAPHORE,
        [GO_WAIT_BARRIER] = GO_KIND_BARRIER,
        [GO_WAIT_ERRGROUP] = GO_KIND_ERRGROUP,
    };

    rt_check((unsigned)reason < GO_WAIT_COUNT, "presence: no such reason");
    return (enum go_kind)kind[reason];
}

/* P2 */
static void judge_chain(struct mon_intake *k, const struct waiter *head,
                        bool there)
{
    for (const struct waiter *w = head; w; w = w->next) {
        bool is_new;

        if (mon_table_put(&k->queued, &k->s->arena, w, there, &is_new) ==
            GO_NOWHERE)
            k->failed = true;
        if (!is_new)
            return;
    }
}

/* Of a copy of the right kind and size. */
static bool is_queued(struct mon_intake *k, const struct waiter *w,
                      const union mon_object *copy, size_t size)
{
    uintptr_t at = (uintptr_t)w->queue - (uintptr_t)w->obj;
    const struct waiter *head = w;
    struct go_waitq q;
    bool there;

    if (!w->queue)
        return true; /* it stands before the operation */
    while (head->prev)
        head = head->prev;
    if (at > size - sizeof(q))
        return false;
    memcpy(&q, (const char *)copy + at, sizeof(q));
    there = q.first == head;
    judge_chain(k, head, there);
    return there;
}

/* P3: false: there is no room for it. */
static bool add_ahead(struct mon_ahead *a, const struct rt_span *own)
{
    struct iovec *last = a->n ? &a->span[a->n - 1] : NULL;
    uintptr_t low = last ? (uintptr_t)last->iov_base : 0;
    size_t size = own->high - own->low, reach = own->high - low;

    if (last && own->low >= low && own->high <= low + last->iov_len)
        return true;
    if (last && own->low >= low && reach <= SPAN &&
        own->low <= low + last->iov_len + NEAR &&
        a->size + reach - last->iov_len <= ROOM) {
        a->size += reach - last->iov_len;
        last->iov_len = reach;
        return true;
    }
    if (a->n == RT_PEEK_MOST || a->size + size > ROOM)
        return false;
    a->span[a->n++] = (struct iovec){(void *)own->low, size};
    a->size += size;
    return true;
}

/* Whether all of it is on one goroutine's stack: never given back in a run. A
   sanitizer may hold parts of a stack for nobody's. */
static bool is_on_stack(const struct rt_span *own)
{
    const struct g *g =
        RT_SAN_STACKS ? NULL : rt_stack_at((const void *)own->low);

    return g && own->high <= (uintptr_t)rt_stack_top(g);
}

/* What g waits for, if it is to be read ahead. */
static bool is_wanted(const struct g *g, struct rt_span *own)
{
    enum go_kind kind;

    if (!g || rt_g_status(g) != RT_G_WAITING || g->wait.n != 1 ||
        !g->wait.w->obj)
        return false;
    kind = kind_of(g->wait.reason);
    return kind != GO_KIND_NONE && !rt_outer_place(g->wait.w->obj, own) &&
           rt_object_own(g->wait.w->obj, kind, own) && !is_on_stack(own);
}

uint32_t mon_presence_ahead(struct mon_intake *k, uint32_t slot)
{
    struct mon_ahead *a = k->ahead;
    uint32_t end = slot;
    struct rt_span own;

    if (!a)
        a = k->ahead = rt_arena_alloc(&k->s->arena, sizeof(*a));
    if (!a) {
        k->failed = true;
        return slot;
    }
    a->n = a->next = 0;
    a->size = 0;
    for (; end < rt_g_slots() && end - slot < RT_PEEK_MOST * 4; end++)
        if (is_wanted(rt_g_at(end), &own) && !add_ahead(a, &own))
            break;
    if (a->n > 0)
        rt_peek_many(a->bytes, a->span, a->n, a->read);
    a->size = 0;
    return end;
}

/* P3: where it was read to; NULL: it was not. */
static const char *read_ahead(struct mon_ahead *a, const struct rt_span *own)
{
    size_t at = a ? a->size : 0;

    for (uint32_t i = a ? a->next : 0; a && i < a->n; i++) {
        uintptr_t low = (uintptr_t)a->span[i].iov_base;

        if (own->low >= low && own->high <= low + a->span[i].iov_len) {
            a->next = i;
            a->size = at;
            return a->read[i] ? a->bytes + at + (own->low - low) : NULL;
        }
        at += a->span[i].iov_len;
    }
    return NULL;
}

/* P1 */
static bool read_object(struct mon_intake *k, union mon_object *copy,
                        const struct rt_span *own)
{
    size_t size = own->high - own->low;
    const char *from =
        is_on_stack(own) ? (const char *)own->low : read_ahead(k->ahead, own);

    rt_check(size <= sizeof(*copy), "presence: no room");
    if (!from)
        return rt_peek(copy, (const void *)own->low, size);
    memcpy(copy, from, size);
    return true;
}

const struct go_object *mon_presence(struct mon_intake *k,
                                     const struct waiter *w,
                                     enum go_wait_reason reason,
                                     union mon_object *copy)
{
    enum go_kind kind = kind_of(reason);
    uint32_t judged = mon_table_get(&k->queued, w);
    struct rt_span own;

    if (kind == GO_KIND_NONE || rt_outer_place(w->obj, &own))
        return w->obj;
    if (judged != GO_NOWHERE)
        return judged ? w->obj : NULL;
    if (!rt_object_own(w->obj, kind, &own))
        return NULL;
    if (!read_object(k, copy, &own) || copy->head.kind != kind)
        return NULL;
    return is_queued(k, w, copy, own.high - own.low) ? &copy->head : NULL;
}
