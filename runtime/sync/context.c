/*
 * context.c - tell a subtree to stop, and by when.
 *
 * In: the program's calls, and timers of the contexts with a deadline. Out:
 * done channels close; errgroup and select wait on those.
 *
 * Method: those that can be cancelled form a tree of their own, each below
 * the nearest such ancestor (node); values only hang on to their parents. A
 * cancel takes the node out of the tree and walks its subtree breadth first,
 * by a queue through next: error, then done, then the children to the end of
 * the queue, so an ancestor's error is set before a descendant's done closes.
 *
 * K1  A linked node has err 0, and so have all above it.
 * K2  refs counts the maker until it frees, and every child that lives; at 0
 *     nobody can reach it but through a stale pointer.
 *
 * A context that was given up is kept for a while, its answers unchanged:
 * goroutines that were told to stop may still ask why. The same memory tells
 * a second free. All lie in slots (slots.h), so a look can ask what a word that
 * it found points to; what one reaches is refer.c's.
 *
 * Lock: contexts.lock, rank RT_RANK_CONTEXT, one for all: cancels are rare.
 */
#include "runtime/sync/context.h"

#include "runtime/sched/control.h"
#include "runtime/sched/race.h"
#include "runtime/sched/sched.h"
#include "runtime/sync/slots.h"

enum {
    KEPT = 256 /* contexts given up that still answer */
};

static struct {
    uint32_t lock;
    struct go_context *kept_first,
        *kept_last; /* [lock] oldest first, by next */
    uint32_t kept;
} contexts;

static struct rt_slots slots = RT_SLOTS(struct go_context, next);

/* Everybody's root; never written. */
static struct go_context background = {
    .obj = {.kind = GO_KIND_CONTEXT, .name = "background"},
    .deadline = INT64_MAX,
};

struct go_context *go_context_background(void)
{
    return &background;
}

static inline void context_lock(void)
{
    rt_lock(&contexts.lock, RT_RANK_CONTEXT);
    rt_assert(!background.first && !background.refs, "background was written");
}

static inline void context_unlock(void)
{
    rt_unlock(&contexts.lock);
}

static int32_t context_err(const struct go_context *ctx)
{
    return __atomic_load_n(&ctx->err, __ATOMIC_ACQUIRE);
}

/* To the end of its node's children; K1 is the caller's. */
static void link_locked(struct go_context *ctx, struct go_context *above)
{
    rt_check(!ctx->linked && !context_err(above), "K1: below a cancelled one");
    ctx->linked = true;
    ctx->next = NULL;
    ctx->prev = above->last;
    if (above->last)
        above->last->next = ctx;
    else
        above->first = ctx;
    above->last = ctx;
}

static void unlink_locked(struct go_context *ctx)
{
    struct go_context *above = ctx->parent->node;

    if (!ctx->linked)
        return;
    rt_check(above, "K1: linked below nobody");
    if (ctx->prev)
        ctx->prev->next = ctx->next;
    else
        above->first = ctx->next;
    if (ctx->next)
        ctx->next->prev = ctx->prev;
    else
        above->last = ctx->prev;
    ctx->linked = false;
    ctx->next = ctx->prev = NULL;
}

/* Points are on the tree's oldest: whoever cancels may reach any of them. */
static const struct go_context *root_of(const struct go_context *ctx)
{
    while (ctx->parent && ctx->parent->node)
        ctx = ctx->parent;
    return ctx;
}

/* Ends one node; its children are the caller's to end next. */
static void end_locked(struct go_context *ctx, int err, const struct g *by,
                       const struct go_site *site)
{
    rt_check(ctx->node == ctx && err, "a context that cannot end does");
    ctx->linked = false;
    ctx->cancelled = (struct go_use){by ? by->id : 0, site};
    __atomic_store_n(&ctx->err, err, __ATOMIC_RELEASE);
    rt_timer_unarm(&ctx->timer);
    if (by)
        rt_note_release(by, ctx->done);
    rt_race_release(by, root_of(ctx));
    if (rt_chan_shut(ctx->done, by, site))
        rt_throw("context: K1: done was closed, and err was not set");
}

/* Cancels ctx and all below; nothing if it has ended. */
static void cancel_locked(struct go_context *ctx, int err, const struct g *by,
                          const struct go_site *site)
{
    struct go_context *last = ctx, *next;

    rt_assert_held(&contexts.lock);
    if (context_err(ctx))
        return;
    unlink_locked(ctx);
    for (; ctx; ctx = next) {
        end_locked(ctx, err, by, site);
        if (ctx->first) {
            last->next = ctx->first;
            last = ctx->last;
            ctx->first = ctx->last = NULL;
        }
        next = ctx->next;
        ctx->next = ctx->prev = NULL;
    }
}

/* The deadline has come. On a worker without a goroutine. */
static void context_fire(struct rt_timer *t, int64_t now)
{
    struct go_context *ctx = t->arg;

    context_lock();
    rt_check(now >= ctx->deadline || context_err(ctx), "a deadline is early");
    cancel_locked(ctx, -ETIMEDOUT, NULL, t->site);
    context_unlock();
}

/*
 * With a reference to its parent. False: its parent was given up (K2), and
 * nothing is done.
 */
static bool adopt_locked(struct go_context *ctx)
{
    rt_check(!ctx->refs && !ctx->linked, "K2: a new context is in use");
    if (ctx->parent != &background && !ctx->parent->refs)
        return false;
    ctx->refs = 1;
    if (ctx->parent != &background)
        ctx->parent->refs++;
    return true;
}

/* The slot of one that nobody uses any more: it is no context from now on. */
static void slot_give(struct go_context *ctx)
{
    __atomic_store_n(&ctx->obj.kind, GO_KIND_NONE, __ATOMIC_RELEASE);
    ctx->key = ctx->value = NULL;
    ctx->done = NULL;
    rt_slots_give(&slots, ctx);
}

/* One that nobody has seen goes, and its maker panics. */
static __attribute__((noreturn)) void context_orphaned(struct go_context *ctx,
                                                       struct g *g)
{
    const struct go_site *site = ctx->obj.born;
    void *heap = NULL;

    if (ctx->done)
        heap = rt_chan_retire(ctx->done, g, site);
    slot_give(ctx);
    rt_leave(g);
    rt_check(!heap, "a done channel had a buffer");
    go_panic_at(site, "use of freed context");
}

/*
 * A child of parent; panics when there is no memory. It is a context before
 * we leave: a look may come between here and its start, when nothing else
 * may hold its parent.
 */
static struct go_context *context_new(struct go_context *parent,
                                      const struct go_site *site)
{
    struct go_context *ctx;
    struct g *g;

    if (!parent)
        go_panic_at(site, "cannot create context from nil parent");
    g = rt_enter();
    ctx = rt_slots_take(&slots);
    if (ctx) {
        ctx->obj.born = site;
        ctx->parent = parent;
        ctx->deadline = parent->deadline;
        ctx->node = parent->node;
        __atomic_store_n(&ctx->obj.kind, GO_KIND_CONTEXT, __ATOMIC_RELEASE);
    }
    rt_leave(g);
    if (!ctx) {
        rt_refused("no memory for a context");
        go_panic_at(site, "context: out of memory");
    }
    return ctx;
}

/* What ends it, if anything has already, before anybody can see it. */
static int32_t start_err(const struct go_context *ctx, bool own_deadline)
{
    int32_t err = ctx->parent->node ? context_err(ctx->parent->node) : 0;

    if (!err && own_deadline && ctx->deadline <= rt_now())
        err = -ETIMEDOUT;
    return err;
}

/* Puts a new node in the tree, or ends it at once. */
static void start(struct go_context *ctx, bool own_deadline)
{
    struct g *g = rt_enter();
    int32_t err;

    if (ctx->parent->node)
        rt_point(g, GO_OP_CONTEXT, root_of(ctx), ctx->obj.born);
    context_lock();
    if (!adopt_locked(ctx)) {
        context_unlock();
        context_orphaned(ctx, g);
    }
    err = start_err(ctx, own_deadline);
    if (err)
        end_locked(ctx, err, g, ctx->obj.born);
    else if (ctx->parent->node)
        link_locked(ctx, ctx->parent->node);
    if (!err && own_deadline)
        rt_timer_arm(&ctx->timer, ctx->deadline, 0);
    context_unlock();
    rt_leave(g);
}

/* deadline INT64_MAX: only its ancestors'. */
static struct go_context *context_cancellable(struct go_context *parent,
                                              int64_t deadline,
                                              const struct go_site *site)
{
    struct go_context *ctx = context_new(parent, site);
    bool own = deadline < parent->deadline;
    const char *why;
    struct g *g;

    ctx->done =
        rt_chan_new(sizeof(bool), 0, "bool", RT_CHAN_CONTEXT, site, &why);
    if (!ctx->done) {
        g = rt_enter();
        slot_give(ctx);
        rt_leave(g);
        go_panic_at(site, "%s", why);
    }
    ctx->node = ctx;
    if (own)
        ctx->deadline = deadline;
    ctx->timer.kind = RT_TIMER_CALL;
    ctx->timer.fire = context_fire;
    ctx->timer.arg = ctx;
    ctx->timer.obj = &ctx->done->obj; /* whose waiters it wakes */
    ctx->timer.site = site;
    start(ctx, own);
    return ctx;
}

struct go_context *go_context_with_cancel_at(struct go_context *parent,
                                             const struct go_site *site)
{
    return context_cancellable(parent, INT64_MAX, site);
}

struct go_context *go_context_with_deadline_at(struct go_context *parent,
                                               go_instant t,
                                               const struct go_site *site)
{
    return context_cancellable(parent, t, site);
}

struct go_context *go_context_with_timeout_at(struct go_context *parent,
                                              go_duration d,
                                              const struct go_site *site)
{
    return context_cancellable(parent, go_add(rt_now(), d), site);
}

struct go_context *go_context_with_value_at(struct go_context *parent,
                                            const void *key, void *value,
                                            const struct go_site *site)
{
    struct go_context *ctx;
    bool adopted;
    struct g *g;

    if (!key)
        go_panic_at(site, "nil key");
    ctx = context_new(parent, site);
    ctx->key = key;
    ctx->value = value;
    g = rt_enter();
    context_lock();
    adopted = adopt_locked(ctx);
    context_unlock();
    if (!adopted)
        context_orphaned(ctx, g);
    rt_leave(g);
    return ctx;
}

void go_context_cancel_at(struct go_context *ctx, const struct go_site *site)
{
    struct g *g;

    if (!ctx || ctx->node != ctx)
        return;
    g = rt_enter();
    rt_point(g, GO_OP_CANCEL, root_of(ctx), site);
    context_lock();
    cancel_locked(ctx, -ECANCELED, g, site);
    context_unlock();
    rt_leave(g);
}

/*
 * One reference less, on it and then maybe on those above; who is left with
 * none is kept. Returns those that have been kept for long enough: a list by
 * next, for nobody else any more.
 */
static struct go_context *release_locked(struct go_context *ctx)
{
    struct go_context *old = NULL, *o;

    for (; ctx != &background; ctx = ctx->parent) {
        rt_check(ctx->refs > 0, "K2: nobody left to let go");
        if (--ctx->refs)
            break;
        ctx->next = NULL;
        if (contexts.kept_first)
            contexts.kept_last->next = ctx;
        else
            contexts.kept_first = ctx;
        contexts.kept_last = ctx;
        contexts.kept++;
    }
    for (; contexts.kept > KEPT; contexts.kept--) {
        o = contexts.kept_first;
        contexts.kept_first = o->next;
        o->next = old;
        old = o;
    }
    return old;
}

/* Gives back what release_locked returned. No lock is held, outside. */
static void destroy(struct go_context *list)
{
    struct go_context *ctx, *next;

    for (ctx = list; ctx; ctx = next) {
        struct g *g;

        next = ctx->next;
        rt_check(!ctx->refs && !ctx->linked, "K2: a context in use is freed");
        g = rt_enter();
        rt_timer_disarm(&ctx->timer); /* waits until fire has done with it */
        if (ctx->done)
            rt_chan_retire(ctx->done, g, NULL);
        slot_give(ctx);
        rt_leave(g);
    }
}

void go_context_free_at(struct go_context *ctx, const struct go_site *site)
{
    struct go_context *old = NULL;
    bool again;
    struct g *g;

    if (!ctx || ctx == &background)
        return;
    g = rt_enter();
    if (ctx->node == ctx && !ctx->freed)
        rt_point(g, GO_OP_CANCEL, root_of(ctx), site);
    context_lock();
    again = ctx->freed;
    if (!again) {
        ctx->freed = true;
        if (ctx->node == ctx)
            cancel_locked(ctx, -ECANCELED, g, site);
        old = release_locked(ctx);
    }
    context_unlock();
    rt_leave(g);
    if (again)
        go_panic_at(site, "free of freed context");
    destroy(old);
}

chan_receiver(bool) go_context_done(struct go_context *ctx)
{
    struct go_chan *done = ctx && ctx->node ? ctx->node->done : NULL;

    return (chan_receiver(bool))go_chan_handle(done, GO_CHAN_AS_RECEIVER);
}

static __attribute__((noinline)) void stand_before_err(struct go_context *ctx,
                                                       const struct go_site *at)
{
    struct g *g = rt_enter();

    rt_point(g, GO_OP_ERR, root_of(ctx), at);
    rt_race_acquire(g, root_of(ctx));
    rt_leave(g);
}

int go_context_err(struct go_context *ctx)
{
    if (rt_unlikely(rt_load(rt_controlled)) && ctx && ctx->node)
        stand_before_err(ctx, RT_HERE());
    return ctx && ctx->node ? context_err(ctx->node) : 0;
}

void *go_context_value(struct go_context *ctx, const void *key)
{
    for (; ctx; ctx = ctx->parent)
        if (ctx->key && ctx->key == key)
            return ctx->value;
    return NULL;
}

bool go_context_deadline(struct go_context *ctx, go_instant *t)
{
    if (!ctx || ctx->deadline == INT64_MAX)
        return false;
    if (t)
        *t = ctx->deadline;
    return true;
}

void rt_context_named(struct go_context *ctx, const char *name)
{
    if (ctx->done)
        __atomic_store_n(&ctx->done->obj.name, name, __ATOMIC_RELEASE);
}

struct go_context *(go_context_with_cancel)(struct go_context *parent)
{
    return go_context_with_cancel_at(parent, RT_HERE());
}

struct go_context *(go_context_with_timeout)(struct go_context *parent,
                                             go_duration d)
{
    return go_context_with_timeout_at(parent, d, RT_HERE());
}

struct go_context *(go_context_with_deadline)(struct go_context *parent,
                                              go_instant t)
{
    return go_context_with_deadline_at(parent, t, RT_HERE());
}

struct go_context *(go_context_with_value)(struct go_context *parent,
                                           const void *key, void *value)
{
    return go_context_with_value_at(parent, key, value, RT_HERE());
}

void(go_context_cancel)(struct go_context *ctx)
{
    go_context_cancel_at(ctx, RT_HERE());
}

void(go_context_free)(struct go_context *ctx)
{
    go_context_free_at(ctx, RT_HERE());
}

struct go_context *rt_context_at(const void *address)
{
    struct go_context *ctx = rt_slots_at(&slots, address);

    /* its kind is set last when it is made, and goes first when it ends */
    return ctx && __atomic_load_n(&ctx->obj.kind, __ATOMIC_ACQUIRE) ? ctx
                                                                    : NULL;
}

void rt_context_map(uintptr_t *low, uintptr_t *high)
{
    rt_slots_map(&slots, low, high);
}

uint32_t rt_context_slots(void)
{
    return rt_slots_used(&slots);
}

uint32_t rt_context_number(const struct go_context *ctx)
{
    return rt_slots_number(&slots, ctx);
}

/* What a run made goes with it; the channels are given back by their own. */
static void context_end_run(void)
{
    rt_slots_reset(&slots);
    contexts.kept_first = contexts.kept_last = NULL;
    contexts.kept = 0;
}

__attribute__((constructor)) static void context_register(void)
{
    rt_at_halt(context_end_run);
}
