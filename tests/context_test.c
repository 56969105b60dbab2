/* context_test.c - contexts as they are made: the tree, references, the end. */
#include "tests/inside.h"

#include "runtime/sync/context.h"
#include "tests/driven.h"

static struct go_context *root(void)
{
    return go_context_background();
}

INSIDE_TEST(context, cancelled_ones_leave_the_tree)
{
    struct go_context *p = go_context_with_cancel(root());
    struct go_context *c[3];

    for (int i = 0; i < 3; i++)
        c[i] = go_context_with_cancel(p);
    CHECK(p->first == c[0] && p->last == c[2]);
    go_context_cancel(c[1]);
    CHECK(c[0]->next == c[2] && c[2]->prev == c[0] && !c[1]->linked);
    go_context_cancel(c[2]);
    CHECK(p->last == c[0] && !c[0]->next);
    go_context_cancel(c[0]);
    CHECK(!p->first && !p->last && !go_context_err(p));
    go_context_free(p);
}

INSIDE_TEST(context, values_hang_on_to_the_nearest_that_can_be_cancelled)
{
    struct go_context *p = go_context_with_cancel(root());
    struct go_context *v = go_context_with_value(p, &p, NULL);
    struct go_context *c = go_context_with_cancel(v);

    CHECK(v->node == p && c->node == c && p->first == c);
    CHECK(go_context_done(v) == go_context_done(p));
    go_context_cancel(v); /* does nothing */
    CHECK(!go_context_err(p));
    go_context_cancel(p);
    CHECK_EQ(go_context_err(c), -ECANCELED);
}

INSIDE_TEST(context, background_is_never_written)
{
    struct go_context *c = go_context_with_cancel(root());
    struct go_context before = *root();

    go_context_cancel(root());
    go_context_free(root());
    go_context_free(c);
    CHECK(!memcmp(&before, root(), sizeof(before)) && !before.refs);
}

INSIDE_TEST(context, parent_lives_until_its_last_child_is_freed)
{
    struct go_context *p = go_context_with_value(root(), &p, "kept");
    struct go_context *c = go_context_with_cancel(p);

    CHECK_EQ(p->refs, 2);
    go_context_free(p);
    CHECK_EQ(p->refs, 1);
    CHECK(!strcmp(go_context_value(c, &p), "kept"));
    go_context_free(c);
    CHECK_EQ(p->refs, 0);
}

static void free_it(struct go_context *ctx)
{
    go_context_free(ctx);
}

INSIDE_TEST(context, second_free_panics)
{
    struct go_context *c = go_context_with_cancel(root());

    go_context_free(c);
    CHECK_PANIC(go_try(free_it, c), "free of freed context");
}

static void child_of(struct go_context *ctx)
{
    go_context_with_cancel(ctx);
}

static void value_of(struct go_context *ctx)
{
    go_context_with_value(ctx, ctx, NULL);
}

INSIDE_TEST(context, child_of_one_given_up_panics)
{
    struct go_context *c = go_context_with_cancel(root());

    go_context_free(c);
    CHECK_PANIC(go_try(child_of, c), "use of freed context");
    CHECK_PANIC(go_try(value_of, c), "use of freed context");
}

/* Many more than are kept: under ASan and valgrind a test of the memory. */
INSIDE_TEST(context, freed_ones_answer_for_a_while_and_are_given_back)
{
    struct go_context *last = NULL;
    uint32_t slots = 0;

    for (int i = 0; i < 5000; i++) {
        struct go_context *p = go_context_with_timeout(root(), GO_HOUR);
        struct go_context *c = go_context_with_cancel(p);

        go_context_free(p);
        CHECK_EQ(go_context_err(p), -ECANCELED);
        go_context_free(c);
        last = c;
        if (i == 2500)
            slots = rt_chan_slots();
    }
    CHECK_EQ(go_context_err(last), -ECANCELED);
    CHECK(!chan_recv_ok(go_context_done(last), NULL));
    CHECK_EQ(rt_chan_slots(), slots);
}

INSIDE_TEST(context, address_tells_whether_it_is_a_context)
{
    struct go_context *c = go_context_with_cancel(root());
    struct go_context *v = go_context_with_value(c, &c, NULL);
    int other;

    CHECK(rt_context_at(c) == c && rt_context_at(&c->value) == c);
    CHECK(rt_context_at((char *)(v + 1) - 1) == v);
    CHECK(rt_context_number(c) != rt_context_number(v));
    CHECK(rt_context_number(v) < rt_context_slots());
    CHECK(!rt_context_at(root()) && !rt_context_at(&other));
    CHECK(!rt_context_at(NULL) && !rt_context_at((char *)c + 1000000));
}

/* Kept ones are contexts still; the slots of the others are used anew. */
INSIDE_TEST(context, given_up_is_found_as_long_as_it_is_kept)
{
    struct go_context *first = go_context_with_value(root(), &first, "v");
    uint32_t slots;

    go_context_free(first);
    CHECK(rt_context_at(first) == first && go_context_value(first, &first));
    for (int i = 0; i < 256; i++)
        go_context_free(go_context_with_cancel(root()));
    CHECK(!rt_context_at(first) && !go_context_value(first, &first));
    CHECK_PANIC(go_try(free_it, first), "free of freed context");
    slots = rt_context_slots();
    CHECK(go_context_with_cancel(root()) == first);
    for (int i = 0; i < 5000; i++)
        go_context_free(go_context_with_cancel(root()));
    CHECK_EQ(rt_context_slots(), slots + 1);
}

static struct go_context *from_before;
static void make_many(void)
{
    for (int i = 0; i < 3000; i++)
        from_before = go_context_with_timeout(root(), GO_HOUR);
}

static void none_are_left(void)
{
    CHECK_EQ(rt_context_slots(), 0);
    CHECK(!rt_context_at(from_before) && !go_context_err(from_before));
    CHECK_PANIC(go_try(child_of, from_before), "use of freed context");
}

Test(context, end_of_a_run_gives_all_back)
{
    INSIDE(make_many);
    cr_assert_eq(rt_context_slots(), 0);
    INSIDE(none_are_left);
}

INSIDE_TEST(context, deadline_of_a_parent_that_is_earlier_needs_no_timer)
{
    struct go_context *p = go_context_with_timeout(root(), GO_SECOND);
    struct go_context *c = go_context_with_timeout(p, GO_HOUR);
    struct go_context *d = go_context_with_timeout(p, GO_MILLISECOND);

    CHECK(p->timer.place && !c->timer.place && d->timer.place);
    CHECK(c->deadline == p->deadline && d->deadline < p->deadline);
    go_context_cancel(p);
    CHECK(!p->timer.place && !d->timer.place);
}

INSIDE_TEST(context, timer_names_the_channel_that_it_closes)
{
    struct go_context *p = go_context_with_timeout(root(), GO_SECOND);

    CHECK(p->timer.obj == &p->done->obj && p->timer.kind == RT_TIMER_CALL);
    go_context_free(p);
}

INSIDE_TEST(context, who_cancelled_is_recorded)
{
    struct go_context *p = go_context_with_cancel(root());
    struct go_context *c = go_context_with_cancel(p);

    go_context_cancel(p);
    CHECK_EQ(c->cancelled.goroutine, 1);
    CHECK(!strcmp(c->cancelled.site->what, "p"));
    CHECK(c->done->closed.site == c->cancelled.site);
}

enum {
    CROWD = 2000
};

static void churn(struct go_context *parent, struct go_waitgroup *wg)
{
    for (int i = 0; i < CROWD; i++) {
        struct go_context *c =
            i % 3 ? go_context_with_cancel(parent)
                  : go_context_with_timeout(parent, 10 * GO_MICROSECOND);

        if (i % 2)
            chan_recv(go_context_done(
                i % 3 ? parent : c)); /* ends by itself, or with parent */
        go_context_free(c);
        if (go_context_err(parent))
            break;
    }
    go_waitgroup_done(wg);
}

/* Timers fire, parents are cancelled and children freed, all at once. */
static void crowd(void)
{
    for (int round = 0; round < 20; round++) {
        struct go_context *p = go_context_with_timeout(root(), GO_MILLISECOND);
        struct go_waitgroup wg = {0};

        go_waitgroup_add(&wg, 8);
        for (int i = 0; i < 8; i++)
            go(churn, p, &wg);
        if (round % 2)
            go_context_cancel(p);
        go_waitgroup_wait(&wg);
        CHECK(go_context_err(p));
        go_context_free(p);
    }
}

Test(context, crowd_ends_with_4_workers)
{
    INSIDE_REAL(crowd, 4);
}

static void makes_ends_and_frees(void)
{
    struct go_context *p = go_context_with_cancel(root());
    struct go_context *c = go_context_with_cancel(p);

    go_context_cancel(c);
    go_context_free(c);
    go_context_free(p);
}

static uint32_t note_op(void *arg, const struct go_step *steps, uint32_t n)
{
    uint8_t *times = arg;

    for (uint32_t i = 0; i < n; i++)
        if (steps[i].point)
            times[steps[i].point->op]++;
    return 0;
}

static bool only_once(void *arg, const struct go_execution *e)
{
    (void)arg;
    (void)e;
    return false;
}

Test(context, to_make_one_below_another_is_an_operation_of_its_own)
{
    uint8_t times[GO_OP_COUNT] = {0};
    const struct go_control control = {
        .arg = times, .choose = note_op, .over = only_once, .steps = 1000};

    driven_run_by(&control, makes_ends_and_frees);
    cr_assert_eq(times[GO_OP_CONTEXT], 1);
    cr_assert_eq(times[GO_OP_CANCEL], 3);
    cr_assert_str_eq(go_op_text(GO_OP_CONTEXT), "context");
}
