/* refer_context_test.c - what a handle of a context or a timer reaches, and what
   the armed ones do by themselves. */
#include "runtime/base/rng.h"
#include "runtime/sync/context.h"
#include "runtime/sync/timers.h"
#include "tests/reached.h"

INSIDE_TEST(refer_context, cancel_reaches_all_below_and_nothing_above_or_beside)
{
    struct go_context *top = go_context_with_cancel(go_context_background());
    struct go_context *p = go_context_with_cancel(top);
    struct go_context *beside = go_context_with_cancel(top);
    struct go_context *value = go_context_with_value(p, &p, NULL);
    struct go_context *deep = go_context_with_timeout(value, GO_HOUR);
    struct go_context *other = go_context_with_cancel(p);

    MORE(p);
    CHECK_EQ(done_of(p), SEND);
    CHECK_EQ(done_of(deep), SEND);
    CHECK_EQ(done_of(other), SEND);
    CHECK_EQ(done_of(top), 0);
    CHECK_EQ(done_of(beside), 0);
    CHECK_EQ(seen.nobject, 3);
    MORE(top);
    CHECK_EQ(done_of(beside), SEND);
    CHECK_EQ(seen.nobject, 5); /* those below p were told */
    anew();
    MORE((char *)value + 9);
    CHECK_EQ(seen.nobject, 0);
}

INSIDE_TEST(refer_context, values_are_read_up_to_the_root_not_below)
{
    static char key, a, b, c;
    struct go_context *top =
        go_context_with_value(go_context_background(), &key, &a);
    struct go_context *p = go_context_with_cancel(top);
    struct go_context *child = go_context_with_value(p, &key, &b);
    struct go_context *below = go_context_with_value(child, &key, &c);

    MORE(child);
    CHECK(has_word(&key) && has_word(&a) && has_word(&b) && !has_word(&c));
    CHECK_EQ(seen.nword, 4);
    MORE(child);
    MORE(below);
    CHECK_EQ(seen.nword, 6); /* only what is new */
    CHECK_EQ(seen.nobject, 0);
}

INSIDE_TEST(refer_context, ended_context_is_read_and_not_cancelled)
{
    static char key, a;
    struct go_context *v =
        go_context_with_value(go_context_background(), &key, &a);
    struct go_context *p = go_context_with_cancel(v);
    struct go_context *c = go_context_with_cancel(p);

    go_context_cancel(p);
    go_context_free(v); /* its child keeps it */
    MORE(p);
    MORE(c);
    CHECK(!seen.nobject && has_word(&a));
}

static void uses(char *what_for, long n)
{
    CHECK(what_for && n);
}

INSIDE_TEST(refer_context, holder_of_a_timer_can_set_it_and_read_its_handle)
{
    static char a, b;
    struct go_timer *t = go_timer_new(GO_HOUR);
    struct go_ticker *k = go_ticker_new(GO_HOUR);
    struct go_timer *f = go_after_func(GO_HOUR, uses, &a, 7);

    go_timer_stop(f);
    MORE(t);
    MORE(&k->c);
    MORE((char *)f + 3);
    CHECK(CAN(t->c) == (SEND | RECV) && CAN(k->c) == (SEND | RECV));
    CHECK(has_word(&a) && has_word((void *)7) && !has_word(&b));
    CHECK(has_word((void *)uses));
    CHECK_EQ(seen.nobject, 2);
    MORE(f);
    MORE(t);
    CHECK(seen.nobject == 2 && seen.nword == 1 + GO_CALL_MAX);
}

/* What is armed, all of it. */
static bool all_armed(void)
{
    uint32_t n;
    struct rt_timer *const *all = rt_timer_all(&n);
    bool known = true;

    anew();
    for (uint32_t i = 0; i < n; i++)
        known &= rt_timer_reach(all[i], &to);
    return known;
}

static void sleeper(void)
{
    go_sleep(GO_HOUR);
}

INSIDE_TEST(refer_context, armed_timer_is_life_for_its_channel_or_its_words)
{
    static char a;
    chan(go_instant) after = go_after(GO_HOUR);
    struct go_timer *stopped = go_timer_new(GO_HOUR);

    go(sleeper);
    let_all_park();
    go_timer_stop(stopped);
    CHECK(all_armed());
    CHECK(CAN(after) == SEND && seen.nobject == 1 && seen.nword == 0);
    go_after_func(GO_HOUR, uses, &a, 7);
    CHECK(all_armed());
    CHECK(has_word(&a) && seen.nobject == 1);
}

INSIDE_TEST(refer_context,
            deadline_is_life_for_those_below_it_and_reads_nothing)
{
    static char key, a;
    struct go_context *v =
        go_context_with_value(go_context_background(), &key, &a);
    struct go_context *top = go_context_with_cancel(v);
    struct go_context *p = go_context_with_timeout(top, GO_HOUR);
    struct go_context *c = go_context_with_cancel(p);

    CHECK(all_armed());
    CHECK(done_of(p) == SEND && done_of(c) == SEND && !done_of(top));
    CHECK_EQ(seen.nword, 0);
    go_context_cancel(p);
    CHECK(all_armed());
    CHECK_EQ(seen.nobject, 0);
}

INSIDE_TEST(refer_context, timer_that_calls_what_is_not_known_may_do_anything)
{
    struct rt_timer t = {.kind = RT_TIMER_CALL};

    CHECK(!rt_timer_reach(&t, &to));
}

static bool any_helps(void)
{
    uint32_t n;
    struct rt_timer *const *all = rt_timer_all(&n);
    bool any = false;

    for (uint32_t i = 0; i < n; i++)
        any |= rt_timer_helps(all[i]);
    return any;
}

static void hears(struct go_context *ctx)
{
    chan_recv(go_context_done(ctx));
}

INSIDE_TEST(refer_context, timer_helps_when_somebody_hears_it_or_it_calls)
{
    static char a;
    struct go_context *p =
        go_context_with_timeout(go_context_background(), GO_HOUR);
    struct go_context *c = go_context_with_cancel(p);

    go_ticker_new(GO_HOUR);
    CHECK(!any_helps());
    go(hears, c);
    let_all_park();
    CHECK(any_helps());
    go_context_cancel(c);
    CHECK(!any_helps());
    go_after_func(GO_HOUR, uses, &a, 7);
    CHECK(any_helps());
}

enum {
    TREE = 40
};

/* The definition: whom c may cancel, whose values it may read. */
static bool is_above(const struct go_context *a, const struct go_context *b)
{
    for (; b; b = b->parent)
        if (a == b)
            return true;
    return false;
}

static struct go_context *random_context(struct rt_rng *r,
                                         struct go_context *parent, char *value)
{
    switch (rt_rng_below(r, 3)) {
    case 0:
        return go_context_with_value(parent, value, value);
    case 1:
        return go_context_with_timeout(parent, GO_HOUR);
    default:
        return go_context_with_cancel(parent);
    }
}

static void check_tree(struct rt_rng *r, struct go_context **c, char *value)
{
    bool cancel[TREE] = {false}, read[TREE] = {false};

    anew();
    for (int k = 0; k < 6; k++) {
        int at = (int)rt_rng_below(r, TREE);

        MORE(c[at]);
        for (int i = 0; i < TREE; i++) {
            cancel[i] |= c[at]->node == c[at] && is_above(c[at], c[i]);
            read[i] |= is_above(c[i], c[at]);
        }
    }
    for (int i = 0; i < TREE; i++) {
        if (c[i]->node == c[i])
            CHECK_EQ(done_of(c[i]) != 0, cancel[i] && !c[i]->err);
        else
            CHECK_EQ(has_word(&value[i]), read[i]);
    }
}

INSIDE_TEST(refer_context, random_trees_agree_with_the_definition)
{
    static char value[TREE];
    struct rt_rng r = {7};

    for (int round = 0; round < 300; round++) {
        struct go_context *c[TREE];

        for (int i = 0; i < TREE; i++)
            c[i] = random_context(&r,
                                  i ? c[rt_rng_below(&r, (uint32_t)i)]
                                    : go_context_background(),
                                  &value[i]);
        for (int i = 0; i < 3; i++)
            go_context_cancel(c[rt_rng_below(&r, TREE)]);
        check_tree(&r, c, value);
        for (int i = 0; i < TREE; i++)
            go_context_free(c[i]);
    }
}

/* One step each, however often it is reached: 2,000 deep, from everywhere. */
INSIDE_TEST(refer_context, chain_is_walked_once_however_often_it_is_reached)
{
    enum {
        DEEP = 2000
    };
    static struct go_context *c[DEEP];

    for (int i = 0; i < DEEP; i++)
        c[i] = go_context_with_cancel(i ? c[i - 1] : go_context_background());
    for (int i = DEEP; i-- > 0;)
        MORE(c[i]);
    CHECK_EQ(seen.nobject, DEEP);
    for (int i = 0; i < DEEP; i++)
        MORE(c[i]);
    CHECK_EQ(seen.nobject, DEEP);
}
