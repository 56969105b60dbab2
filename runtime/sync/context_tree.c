/*
 * context_tree.c - who is cancelled with whom, and who is still in use.
 *
 * In: context.c's, each with the lock. Out: done channels close, and the lists
 * of those that nobody uses any more.
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
 * a second free.
 */
#include "runtime/sync/context_tree.h"

#include "runtime/sched/control.h"
#include "runtime/sched/race.h"

enum {
    KEPT = 256 /* contexts given up that still answer */
};

static struct {
    uint32_t lock;
    struct go_context *kept_first,
        *kept_last; /* [lock] oldest first, by next */
    uint32_t kept;
} contexts;

/* Everybody's root; never written. */
static struct go_context background = {
    .obj = {.kind = GO_KIND_CONTEXT, .name = "background"},
    .deadline = INT64_MAX,
};

struct go_context *go_context_background(void)
{
    return &background;
}

void rt_context_lock(void)
{
    rt_lock(&contexts.lock, RT_RANK_CONTEXT);
    rt_assert(!background.first && !background.refs, "background was written");
}

void rt_context_unlock(void)
{
    rt_unlock(&contexts.lock);
}

/* To the end of its node's children; K1 is the caller's. */
static void link_locked(struct go_context *ctx, struct go_context *above)
{
    rt_check(!ctx->linked && !rt_context_err(above),
             "K1: below a cancelled one");
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

const struct go_context *rt_context_root(const struct go_context *ctx)
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
    rt_race_release(by, rt_context_root(ctx));
    if (rt_chan_shut(ctx->done, by, site))
        rt_throw("context: K1: done was closed, and err was not set");
}

void rt_context_cancel_locked(struct go_context *ctx, int err,
                              const struct g *by, const struct go_site *site)
{
    struct go_context *last = ctx, *next;

    rt_assert_held(&contexts.lock);
    if (rt_context_err(ctx))
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

bool rt_context_adopt_locked(struct go_context *ctx)
{
    rt_assert_held(&contexts.lock);
    rt_check(!ctx->refs && !ctx->linked, "K2: a new context is in use");
    if (ctx->parent != &background && !ctx->parent->refs)
        return false;
    ctx->refs = 1;
    if (ctx->parent != &background)
        ctx->parent->refs++;
    return true;
}

void rt_context_start_locked(struct go_context *ctx, bool own_deadline,
                             const struct g *by)
{
    struct go_context *above = ctx->parent->node;
    int32_t err = above ? rt_context_err(above) : 0;

    rt_assert_held(&contexts.lock);
    if (!err && own_deadline && ctx->deadline <= rt_now())
        err = -ETIMEDOUT;
    if (err) {
        end_locked(ctx, err, by, ctx->obj.born);
        return;
    }
    if (above)
        link_locked(ctx, above);
    if (own_deadline)
        rt_timer_arm(&ctx->timer, ctx->deadline, 0);
}

struct go_context *rt_context_release_locked(struct go_context *ctx)
{
    struct go_context *old = NULL, *o;

    rt_assert_held(&contexts.lock);
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

void rt_context_tree_reset(void)
{
    contexts.kept_first = contexts.kept_last = NULL;
    contexts.kept = 0;
}
