/*
 * refer.c - what a word names of the runtime's, and what follows from it.
 *
 * In: words that a marker finds in memory; channels, contexts and timers in
 * their maps. Out: objects whose waiters may be served, words to go on with.
 *
 * Method: channels, contexts and timers each lie in one map of equal slots,
 * so a word is told by three subtractions. What a handle can do is in the
 * bits of its address (vigil/chan.h). A context is two walks, each of which
 * stops where it has been before: down its subtree for who can cancel it, up
 * its ancestors for who can read values.
 *
 * F1  Doubt is life: a bit pattern that is none of our handles' counts as the
 *     whole channel, a timer whose function is unknown as anything.
 * F2  A context that was walked down from had its whole subtree walked, one
 *     that was walked up from all its ancestors: so a mark ends a walk.
 * F3  The tree is sound: it changes only between rt_enter and rt_leave.
 *
 * Why not scan these maps as memory: each context leads to its parent, and by
 * it to all; each channel to whoever waits on it; and a slot given back still
 * has its words.
 */
#include "runtime/sync/refer.h"

#include <vigil/sync.h>

#include "runtime/base/peek.h"
#include "runtime/sync/chan.h"
#include "runtime/sync/context.h"
#include "runtime/sync/timers.h"
#include "runtime/sync/waitgroup.h"

enum {
    BOTH = RT_WANT(GO_WANT_SEND) | RT_WANT(GO_WANT_RECV)
};

/* By the bits of the handle above the three that a program may tag (F1). */
static unsigned chan_wants(const struct go_chan *c, uintptr_t word)
{
    uintptr_t offset = word - (uintptr_t)c;

    if (c->use == RT_CHAN_CONTEXT)
        return 0; /* closed by a cancel only */
    switch (offset & ~(uintptr_t)7) {
    case GO_CHAN_AS_SENDER:
        return RT_WANT(GO_WANT_SEND);
    case GO_CHAN_AS_RECEIVER:
        return RT_WANT(GO_WANT_RECV);
    default:
        return BOTH;
    }
}

static bool within(void (*map)(uintptr_t *, uintptr_t *), uintptr_t word)
{
    uintptr_t low, high;

    map(&low, &high);
    return word >= low && word < high;
}

enum rt_refers rt_refer(uintptr_t word, struct rt_ref *ref)
{
    const void *address = (const void *)word;

    ref->wants = 0;
    ref->what = RT_REFERS_UNUSED;
    if (within(rt_chan_map, word)) {
        ref->chan = rt_chan_at(address);
        if (ref->chan) {
            ref->what = RT_REFERS_CHAN;
            ref->wants = chan_wants(ref->chan, word);
        }
    } else if (within(rt_context_map, word)) {
        ref->context = rt_context_at(address);
        if (ref->context)
            ref->what = RT_REFERS_CONTEXT;
    } else if (within(rt_timers_map, word)) {
        ref->timer = rt_timers_at(address);
        if (ref->timer)
            ref->what = RT_REFERS_TIMER;
    } else {
        ref->what = RT_REFERS_NOTHING;
    }
    return ref->what;
}

static void widen(void (*map)(uintptr_t *, uintptr_t *), uintptr_t *low,
                  uintptr_t *high)
{
    uintptr_t from, to;

    map(&from, &to);
    if (from == to)
        return;
    if (from < *low)
        *low = from;
    if (to > *high)
        *high = to;
}

bool rt_refer_bounds(uintptr_t *low, uintptr_t *high)
{
    *low = UINTPTR_MAX;
    *high = 0;
    widen(rt_chan_map, low, high);
    widen(rt_context_map, low, high);
    widen(rt_timers_map, low, high);
    return *low < *high;
}

static bool context_first(const struct rt_reached *to,
                          const struct go_context *ctx, unsigned how)
{
    return to->context(to->arg, rt_context_number(ctx), how);
}

/* The next of root's subtree after ctx, whose children are (not) taken. */
static const struct go_context *tree_next(const struct go_context *root,
                                          const struct go_context *ctx,
                                          bool children)
{
    if (children && ctx->first)
        return ctx->first;
    for (; ctx != root; ctx = ctx->parent->node) {
        rt_check(ctx->linked && ctx->parent, "refer: F3: out of the tree");
        if (ctx->next)
            return ctx->next;
    }
    return NULL;
}

/* F2. Nothing of one that has ended: its waiters were woken; nor of a value's,
   which has no done and nobody below. */
static void context_cancel(const struct go_context *root,
                           const struct rt_reached *to)
{
    const struct go_context *ctx = root;

    while (ctx) {
        bool fresh = context_first(to, ctx, RT_CONTEXT_CANCEL);

        if (fresh && ctx->done && !ctx->err)
            to->object(to->arg, &ctx->done->obj, RT_WANT(GO_WANT_SEND));
        ctx = tree_next(root, ctx, fresh);
    }
}

/* F2. In the moment between its making and its start a context's parent may
   be one given back: then it ends there. */
static void context_read(const struct go_context *ctx,
                         const struct rt_reached *to)
{
    for (; ctx && rt_context_at(ctx) == ctx; ctx = ctx->parent) {
        if (!context_first(to, ctx, RT_CONTEXT_READ))
            break;
        if (!ctx->key)
            continue;
        to->word(to->arg, (uintptr_t)ctx->key);
        to->word(to->arg, (uintptr_t)ctx->value);
    }
}

static void call_reach(const struct go_call *call, const struct rt_reached *to)
{
    to->word(to->arg, (uintptr_t)call->fn);
    for (int i = 0; i < GO_CALL_MAX; i++)
        to->word(to->arg, call->arg[i]);
}

/* Its holder may read its channel's handle, and arm it: so it may fire. */
static void timers_reach(const struct rt_timers *t, const struct rt_reached *to)
{
    if (!to->timer(to->arg, rt_timers_number(t)))
        return;
    if (t->head.c)
        to->object(to->arg, &t->head.c->obj, BOTH);
    if (t->use == RT_TIMERS_FUNC)
        call_reach(&t->call, to);
}

void rt_ref_reach(const struct rt_ref *ref, const struct rt_reached *to)
{
    switch (ref->what) {
    case RT_REFERS_CHAN:
        if (ref->wants)
            to->object(to->arg, &ref->chan->obj, ref->wants);
        break;
    case RT_REFERS_CONTEXT:
        context_cancel(ref->context, to);
        context_read(ref->context, to);
        break;
    case RT_REFERS_TIMER:
        timers_reach(ref->timer, to);
        break;
    default:
        break;
    }
}

bool rt_timer_reach(const struct rt_timer *t, const struct rt_reached *to)
{
    const struct rt_timers *timer = rt_timers_at(t);
    const struct go_context *ctx = rt_context_at(t);

    switch (t->kind) {
    case RT_TIMER_WAKE:
        return true;
    case RT_TIMER_CHAN:
        rt_check(t->obj, "refer: a timer feeds no channel");
        to->object(to->arg, t->obj, RT_WANT(GO_WANT_SEND));
        return true;
    default:
        if (timer)
            call_reach(&timer->call, to);
        else if (ctx)
            context_cancel(ctx, to);
        return timer || ctx; /* F1 */
    }
}

static void object_heard(void *arg, const struct go_object *o, unsigned wants)
{
    const struct go_chan *c = rt_chan_at(o);

    (void)wants;
    rt_check(c, "refer: a timer serves what is no channel");
    *(bool *)arg |= rt_waitq_first(&c->recvq) != NULL;
}

/* A tree has each once, as long as it is gone down from one root only. */
static bool context_once(void *arg, uint32_t number, unsigned how)
{
    (void)arg;
    (void)number;
    return how == RT_CONTEXT_CANCEL;
}

bool rt_timer_helps(const struct rt_timer *t)
{
    bool heard = false;
    const struct rt_reached to = {
        .object = object_heard, .context = context_once, .arg = &heard};

    if (t->kind == RT_TIMER_WAKE || rt_timer_calls(t))
        return true;
    return !rt_timer_reach(t, &to) || heard;
}

/* The group may be there no more: it is read with care, and that of members
   that tell nobody but their group not at all. */
static void member_reach(const struct g *g, const struct rt_reached *to)
{
    struct go_errgroup group;
    const struct go_context *ctx;

    to->object(to->arg, g->member, RT_WANT(GO_WANT_DONE));
    if (g->at_end == rt_waitgroup_leave ||
        !rt_peek(&group, g->member, sizeof(group)) ||
        group.wg.obj.kind != GO_KIND_ERRGROUP)
        return;
    ctx = rt_context_at(group.ctx);
    if (ctx)
        context_cancel(ctx, to);
}

void rt_g_reach(const struct g *g, const struct rt_reached *to)
{
    if (g->member)
        member_reach(g, to);
    if (rt_g_status(g) != RT_G_WAITING)
        return;
    for (uint32_t i = 0; i < g->wait.n; i++)
        if (g->wait.w[i].elem)
            to->word(to->arg, (uintptr_t)g->wait.w[i].elem);
}

unsigned rt_refer_values(const struct go_chan *c, struct rt_span span[2])
{
    size_t bytes = c->len * c->elem, to_end = (size_t)(c->end - c->out);

    rt_check(bytes <= (size_t)(c->end - c->buf), "refer: C3: too many values");
    if (!bytes)
        return 0;
    if (bytes <= to_end) {
        span[0] =
            (struct rt_span){(uintptr_t)c->out, (uintptr_t)c->out + bytes};
        return 1;
    }
    span[0] = (struct rt_span){(uintptr_t)c->out, (uintptr_t)c->end};
    span[1] =
        (struct rt_span){(uintptr_t)c->buf, (uintptr_t)c->buf + bytes - to_end};
    return 2;
}

bool rt_g_own(const struct g *g, struct rt_span *span)
{
    if (rt_g_status(g) != RT_G_WAITING || !g->wait.n)
        return false;
    rt_check(g->wait.w, "refer: a goroutine waits on nothing, n times");
    span->low = (uintptr_t)g->wait.w;
    span->high = (uintptr_t)(g->wait.w + g->wait.n);
    if (g->wait.reason == GO_WAIT_SELECT)
        span->high = rt_select_own_end(g->wait.w, g->wait.n);
    return true;
}

bool rt_object_own(const void *address, enum go_kind kind, struct rt_span *span)
{
    static const size_t size[GO_KIND_COUNT] = {
        [GO_KIND_MUTEX] = sizeof(struct go_mutex),
        [GO_KIND_RWMUTEX] = sizeof(struct go_rwmutex),
        [GO_KIND_WAITGROUP] = sizeof(struct go_waitgroup),
        [GO_KIND_COND] = sizeof(struct go_cond),
        [GO_KIND_ONCE] = sizeof(struct go_once),
        [GO_KIND_SEMAPHORE] = sizeof(struct go_semaphore),
        [GO_KIND_BARRIER] = sizeof(struct go_barrier),
        /* its context behind it is the program's to cancel */
        [GO_KIND_ERRGROUP] = offsetof(struct go_errgroup, ctx),
    };

    rt_check(kind < GO_KIND_COUNT, "refer: an object of no known kind");
    span->low = (uintptr_t)address;
    span->high = (uintptr_t)address + size[kind];
    return size[kind];
}
