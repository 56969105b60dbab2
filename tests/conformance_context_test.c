/*
 * conformance_context_test.c - what Go's package context promises.
 */
#include "tests/inside.h"

static struct go_context *root(void)
{
    return go_context_background();
}

static void watch(struct go_context *ctx, int *err, go_instant *when)
{
    chan_recv(go_context_done(ctx));
    *err = go_context_err(ctx);
    *when = go_now();
}

INSIDE_TEST(conformance_context, background_is_never_done)
{
    CHECK(!go_context_done(root()));
    CHECK_EQ(go_context_err(root()), 0);
    CHECK(!go_context_deadline(root(), NULL));
    CHECK(!go_context_value(root(), root()));
    CHECK(root() == root());
}

INSIDE_TEST(conformance_context, cancel_closes_done_and_sets_err)
{
    struct go_context *ctx = go_context_with_cancel(root());

    CHECK_EQ(go_context_err(ctx), 0);
    CHECK_EQ(chan_try_recv(go_context_done(ctx), NULL), 0);
    CHECK(go_context_done(ctx) == go_context_done(ctx));
    go_context_cancel(ctx);
    CHECK_EQ(go_context_err(ctx), -ECANCELED);
    CHECK_EQ(chan_try_recv(go_context_done(ctx), NULL), -EPIPE);
    go_context_cancel(ctx); /* again is harmless */
    go_context_free(ctx);
}

INSIDE_TEST(conformance_context, cancel_reaches_the_subtree_and_no_more)
{
    struct go_context *a = go_context_with_cancel(root());
    struct go_context *b = go_context_with_cancel(a);
    struct go_context *v = go_context_with_value(b, &b, "v");
    struct go_context *c = go_context_with_timeout(v, GO_HOUR);
    struct go_context *sister = go_context_with_cancel(a);

    go_context_cancel(b);
    CHECK_EQ(go_context_err(a), 0);
    CHECK_EQ(go_context_err(sister), 0);
    CHECK_EQ(go_context_err(b), -ECANCELED);
    CHECK_EQ(go_context_err(v), -ECANCELED);
    CHECK_EQ(go_context_err(c), -ECANCELED);
    go_context_cancel(a);
    CHECK_EQ(go_context_err(sister), -ECANCELED);
}

INSIDE_TEST(conformance_context, child_of_a_cancelled_one_is_cancelled)
{
    struct go_context *a = go_context_with_cancel(root());
    struct go_context *b, *v;

    go_context_cancel(a);
    b = go_context_with_timeout(a, GO_HOUR);
    v = go_context_with_value(a, &b, NULL);
    CHECK_EQ(go_context_err(b), -ECANCELED);
    CHECK_EQ(go_context_err(v), -ECANCELED);
    CHECK_EQ(chan_try_recv(go_context_done(b), NULL), -EPIPE);
}

INSIDE_TEST(conformance_context, timeout_ends_it_at_its_instant)
{
    struct go_context *ctx = go_context_with_timeout(root(), GO_SECOND);
    go_instant start = go_now(), when = 0;
    int err = 0;

    go(watch, ctx, &err, &when);
    go_sleep(GO_SECOND - 1);
    CHECK_EQ(go_context_err(ctx), 0);
    go_sleep(2);
    CHECK_EQ(err, -ETIMEDOUT);
    CHECK_EQ(when - start, GO_SECOND);
    go_context_cancel(ctx); /* too late to change it */
    CHECK_EQ(go_context_err(ctx), -ETIMEDOUT);
}

INSIDE_TEST(conformance_context, timeout_reaches_children_as_such)
{
    struct go_context *p = go_context_with_timeout(root(), GO_SECOND);
    struct go_context *c = go_context_with_cancel(p);
    go_instant t = 0;

    CHECK(go_context_deadline(c, &t) && t == GO_SECOND + go_now());
    go_sleep(2 * GO_SECOND);
    CHECK_EQ(go_context_err(c), -ETIMEDOUT);
}

INSIDE_TEST(conformance_context, earliest_deadline_counts)
{
    struct go_context *p = go_context_with_timeout(root(), GO_SECOND);
    struct go_context *later = go_context_with_timeout(p, GO_HOUR);
    struct go_context *sooner = go_context_with_timeout(p, GO_MILLISECOND);
    go_instant start = go_now(), t = 0;

    CHECK(go_context_deadline(later, &t) && t - start == GO_SECOND);
    CHECK(go_context_deadline(sooner, &t) && t - start == GO_MILLISECOND);
    go_sleep(2 * GO_MILLISECOND);
    CHECK_EQ(go_context_err(sooner), -ETIMEDOUT);
    CHECK_EQ(go_context_err(p), 0);
    go_sleep(GO_SECOND);
    CHECK_EQ(go_context_err(later), -ETIMEDOUT);
}

INSIDE_TEST(conformance_context, deadline_in_the_past_ends_it_at_once)
{
    struct go_context *a, *b;

    go_sleep(GO_SECOND);
    a = go_context_with_deadline(root(), go_now() - 1);
    b = go_context_with_timeout(root(), 0);
    CHECK_EQ(go_context_err(a), -ETIMEDOUT);
    CHECK_EQ(go_context_err(b), -ETIMEDOUT);
    CHECK_EQ(chan_try_recv(go_context_done(b), NULL), -EPIPE);
}

INSIDE_TEST(conformance_context, extreme_delays_saturate)
{
    struct go_context *never = go_context_with_timeout(root(), INT64_MAX);
    struct go_context *past = go_context_with_timeout(root(), INT64_MIN);

    go_sleep(1000 * GO_HOUR);
    CHECK_EQ(go_context_err(never), 0);
    CHECK_EQ(go_context_err(past), -ETIMEDOUT);
}

INSIDE_TEST(conformance_context, cancel_before_the_deadline_stops_the_timer)
{
    struct go_context *ctx = go_context_with_timeout(root(), GO_SECOND);

    go_context_cancel(ctx);
    go_sleep(GO_HOUR);
    CHECK_EQ(go_context_err(ctx), -ECANCELED);
}

INSIDE_TEST(conformance_context, values_are_found_up_the_tree)
{
    static const char k1, k2, k3;
    struct go_context *a = go_context_with_value(root(), &k1, "one");
    struct go_context *b = go_context_with_cancel(a);
    struct go_context *c = go_context_with_value(b, &k2, "two");
    struct go_context *d = go_context_with_value(c, &k1, "other one");

    CHECK(!strcmp(go_context_value(c, &k1), "one"));
    CHECK(!strcmp(go_context_value(d, &k1), "other one"));
    CHECK(!strcmp(go_context_value(d, &k2), "two"));
    CHECK(!go_context_value(d, &k3));
    CHECK(!go_context_value(b, &k2)); /* not down */
}

INSIDE_TEST(conformance_context, null_value_shadows_an_outer_one)
{
    static const char key;
    struct go_context *a = go_context_with_value(root(), &key, "outer");
    struct go_context *b = go_context_with_value(a, &key, NULL);

    CHECK(!go_context_value(b, &key));
    CHECK(!strcmp(go_context_value(a, &key), "outer"));
}

static void with_nil_parent(void)
{
    go_context_with_cancel(NULL);
}

static void with_nil_key(void)
{
    go_context_with_value(go_context_background(), NULL, NULL);
}

INSIDE_TEST(conformance_context, nil_parent_and_nil_key_panic)
{
    CHECK_PANIC(go_try(with_nil_parent),
                "cannot create context from nil parent");
    CHECK_PANIC(go_try(with_nil_key), "nil key");
}

static void watch_child(struct go_context *child, struct go_context *parent,
                        int *seen)
{
    chan_recv(go_context_done(child));
    *seen = go_context_err(parent);
}

INSIDE_TEST(conformance_context, err_of_ancestors_is_set_before_done_closes)
{
    struct go_context *a = go_context_with_cancel(root());
    struct go_context *b = go_context_with_cancel(a);
    struct go_context *c = go_context_with_cancel(b);
    int seen[3] = {0};

    go(watch_child, c, a, &seen[0]);
    go(watch_child, c, b, &seen[1]);
    go(watch_child, b, a, &seen[2]);
    let_all_park();
    go_context_cancel(a);
    let_all_park();
    for (int i = 0; i < 3; i++)
        CHECK_EQ(seen[i], -ECANCELED);
}

INSIDE_TEST(conformance_context, free_of_an_uncancelled_one_cancels_it)
{
    struct go_context *ctx = go_context_with_cancel(root());
    struct go_context *child = go_context_with_cancel(ctx);
    go_instant when;
    int err = 0;

    go(watch, child, &err, &when);
    let_all_park();
    go_context_free(ctx);
    let_all_park();
    CHECK_EQ(err, -ECANCELED);
    go_context_free(child);
}

INSIDE_TEST(conformance_context, parent_may_be_freed_before_its_children)
{
    static const char key;
    struct go_context *p = go_context_with_value(root(), &key, "kept");
    struct go_context *q = go_context_with_cancel(p);
    struct go_context *c = go_context_with_timeout(q, GO_HOUR);

    go_context_free(p);
    go_context_free(q);
    for (int i = 0; i < 1000; i++) /* others get its memory meanwhile */
        go_context_free(go_context_with_cancel(root()));
    CHECK(!strcmp(go_context_value(c, &key), "kept"));
    CHECK_EQ(go_context_err(c), -ECANCELED);
    go_context_free(c);
}

INSIDE_TEST(conformance_context, deep_and_wide_trees_end_at_once)
{
    enum {
        N = 3000
    };
    struct go_context *top = go_context_with_cancel(root()), *deep = top;
    struct go_context *wide = NULL;

    for (int i = 0; i < N; i++) {
        deep = go_context_with_cancel(deep);
        wide = go_context_with_cancel(top);
    }
    go_context_cancel(top);
    CHECK_EQ(go_context_err(deep), -ECANCELED);
    CHECK_EQ(go_context_err(wide), -ECANCELED);
}
