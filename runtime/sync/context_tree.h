/*
 * context_tree.h - the tree of contexts, from inside: what context.c asks of it.
 *
 * One lock for all, for cancels are rare; rank RT_RANK_CONTEXT. Channels are
 * closed and timers stopped under it. All is between rt_enter and rt_leave.
 */
#ifndef RT_SYNC_CONTEXT_TREE_H
#define RT_SYNC_CONTEXT_TREE_H

#include "runtime/sync/context.h"

void rt_context_lock(void);
void rt_context_unlock(void);

static inline int32_t rt_context_err(const struct go_context *ctx)
{
    return __atomic_load_n(&ctx->err, __ATOMIC_ACQUIRE);
}

/* The oldest of ctx's tree, which all its points are on: whoever cancels may
   reach any of them. Without the lock, too. */
const struct go_context *rt_context_root(const struct go_context *ctx);

/* With a reference to its parent. False: its parent was given up (K2), and
   nothing is done. */
bool rt_context_adopt_locked(struct go_context *ctx);
/* A new node is in the tree, its timer armed if the deadline is its own; or
   what has ended those above, or is due already, ends it at once. */
void rt_context_start_locked(struct go_context *ctx, bool own_deadline,
                             const struct g *by);
/* Cancels ctx and all below; nothing if it has ended. by: NULL: a timer. */
void rt_context_cancel_locked(struct go_context *ctx, int err,
                              const struct g *by, const struct go_site *site);
/*
 * One reference less, on it and then maybe on those above; who is left with
 * none is kept. Returns those that have been kept for long enough: a list by
 * next, for nobody else any more.
 */
struct go_context *rt_context_release_locked(struct go_context *ctx);
/* A run is over: none are kept. */
void rt_context_tree_reset(void);

#endif
