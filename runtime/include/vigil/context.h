/*
 * context.h - tell a tree of goroutines to stop, and by when.
 *
 * Cancelling a context cancels its whole subtree, at once. err is 0 while it
 * lives, then -ECANCELED or -ETIMEDOUT for ever; an ancestor's err is set
 * before a descendant's done closes. Nothing here parks; any thread may call.
 *
 * Each made context is freed by its maker with go_context_free after its last
 * use there (an uncancelled one is cancelled by it); children keep what they
 * need of a freed parent. Background is never freed; cancelling or freeing it
 * does nothing. A NULL parent panics "cannot create context from nil parent",
 * and so does want of memory, and to free one again.
 */
#ifndef VIGIL_CONTEXT_H
#define VIGIL_CONTEXT_H
#pragma GCC system_header /* tells of mistakes at the caller's line */

#include <vigil/chan.h>
#include <vigil/time.h>

struct go_context;

GO_API struct go_context *go_context_background(void);
GO_API struct go_context *go_context_with_cancel_at(struct go_context *parent,
                                                    const struct go_site *);
/* Cancelled by itself, with -ETIMEDOUT, d from now or at t; at once if that is
   past. */
GO_API struct go_context *go_context_with_timeout_at(struct go_context *parent,
                                                     go_duration d,
                                                     const struct go_site *);
GO_API struct go_context *go_context_with_deadline_at(struct go_context *parent,
                                                      go_instant t,
                                                      const struct go_site *);
/* Carries one more pair; key is compared by address, and NULL panics "nil key";
   value is not owned. */
GO_API struct go_context *go_context_with_value_at(struct go_context *parent,
                                                   const void *key, void *value,
                                                   const struct go_site *);
GO_API void go_context_cancel_at(struct go_context *ctx,
                                 const struct go_site *site);
GO_API void go_context_free_at(struct go_context *ctx,
                               const struct go_site *site);

GO_API struct go_context *go_context_with_cancel(struct go_context *parent);
GO_API struct go_context *go_context_with_timeout(struct go_context *parent,
                                                  go_duration d);
GO_API struct go_context *go_context_with_deadline(struct go_context *parent,
                                                   go_instant t);
GO_API struct go_context *go_context_with_value(struct go_context *parent,
                                                const void *key, void *value);
/* Again is harmless; nothing on background and on a value context. */
GO_API void go_context_cancel(struct go_context *ctx);
GO_API void go_context_free(struct go_context *ctx);
#define go_context_with_cancel(parent)                                         \
    go_context_with_cancel_at((parent), GO_SITE(#parent))
#define go_context_with_timeout(parent, d)                                     \
    go_context_with_timeout_at((parent), (d), GO_SITE(#parent))
#define go_context_with_deadline(parent, t)                                    \
    go_context_with_deadline_at((parent), (t), GO_SITE(#parent))
#define go_context_with_value(parent, key, value)                              \
    go_context_with_value_at((parent), (key), (value), GO_SITE(#parent))
#define go_context_cancel(ctx) go_context_cancel_at((ctx), GO_SITE(#ctx))
#define go_context_free(ctx)   go_context_free_at((ctx), GO_SITE(#ctx))

/* Closed when ctx is cancelled; NULL, the nil channel, for background. */
GO_API chan_receiver(bool) go_context_done(struct go_context *ctx);
/* 0: it is not cancelled; who asks in a row gives way as in all that only tries
   (chan_try_recv). */
GO_API int go_context_err(struct go_context *ctx);
/* The nearest value for key, up to the root; NULL for none. */
GO_API void *go_context_value(struct go_context *ctx, const void *key);
/* Whether there is a deadline; the earliest of it and its ancestors' in *t. */
GO_API bool go_context_deadline(struct go_context *ctx, go_instant *t);

#endif
