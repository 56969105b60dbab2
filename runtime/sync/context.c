/*
 * context.c - tell a subtree to stop, and by when.
 *
 * In: the program's calls, and timers of the contexts with a deadline. Out:
 * done channels close; errgroup and select wait on those.
 *
 * Method: what a call is asked for is done in the tree (context_tree.h), under
 * its lock. All contexts lie in slots (slots.h), so a look can ask what a word
 * that it found points to; what one reaches is refer.c's.
 */
#include "runtime/sync/context.h"

#include "runtime/sched/control.h"
#include "runtime/sched/race.h"
#include "runtime/sync/context_tree.h"
#include "runtime/sync/slots.h"

static struct rt_slots slots = RT_SLOTS(struct go_context, next);

/* The deadline has come. On a worker without a goroutine. */
static void context_fire(struct rt_timer *t, int64_t now)
{
    struct go_context *ctx = t->arg;

    rt_context_lock();
    rt_check(now >= ctx->deadline || rt_context_err(ctx),
             "a deadline is early");
    rt_context_cancel_locked(ctx, -ETIMEDOUT, NULL, t->site);
    rt_context_unlock();
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

/* Puts a new node in the tree, or ends it at once. */
static void start(struct go_context *ctx, bool own_deadline)
{
    struct g *g = rt_enter();
    bool adopted;

    if (ctx->parent->node)
        rt_point(g, GO_OP_CONTEXT, rt_context_root(ctx), ctx->obj.born);
    rt_context_lock();
    adopted = rt_context_adopt_locked(ctx);
    if (adopted)
        rt_context_start_locked(ctx, own_deadline, g);
    rt_context_unlock();
    if (!adopted)
        context_orphaned(ctx, g);
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
    rt_context_lock();
    adopted = rt_context_adopt_locked(ctx);
    rt_context_unlock();
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
    rt_point(g, GO_OP_CANCEL, rt_context_root(ctx), site);
    rt_context_lock();
    rt_context_cancel_locked(ctx, -ECANCELED, g, site);
    rt_context_unlock();
    rt_leave(g);
}

/* Gives back what rt_context_release_locked returned. No lock is held, outside. */
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

    if (!ctx || ctx == go_context_background())
        return;
    g = rt_enter();
    if (ctx->node == ctx && !ctx->freed)
        rt_point(g, GO_OP_CANCEL, rt_context_root(ctx), site);
    rt_context_lock();
    again = ctx->freed;
    if (!again) {
        ctx->freed = true;
        if (ctx->node == ctx)
            rt_context_cancel_locked(ctx, -ECANCELED, g, site);
        old = rt_context_release_locked(ctx);
    }
    rt_context_unlock();
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

    rt_point(g, GO_OP_ERR, rt_context_root(ctx), at);
    rt_race_acquire(g, rt_context_root(ctx));
    rt_leave(g);
}

/* Not on a thread: it keeps nobody from a worker, and may ask in no run. */
static bool err_missed(void)
{
    struct m *worker;
    struct g *g = rt_enter_fast(&worker);
    bool yielded;

    if (!g)
        return false;
    yielded = rt_missed(g, g->last);
    rt_leave(g);
    return yielded;
}

int go_context_err(struct go_context *ctx)
{
    int err;

    if (!ctx || !ctx->node)
        return 0;
    if (rt_unlikely(rt_load(rt_controlled)))
        stand_before_err(ctx, RT_HERE());
    err = rt_context_err(ctx->node);
    if (!err && err_missed())
        err = rt_context_err(ctx->node);
    return err;
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
    rt_context_tree_reset();
}

__attribute__((constructor)) static void context_register(void)
{
    rt_at_halt(context_end_run);
}
