/*
 * memory_things_test.c - what channels, timers, contexts and objects in the
 * program's memory give to who knows them: what is in a buffer, what a timer
 * will do, who can be cancelled; and what half of a handle does not give.
 */
#define _GNU_SOURCE
#include "runtime/sched/sanitize.h"
#if !defined(RT_ASAN) && !defined(RT_TSAN)
#include "runtime/sched/timer.h"
#include "tests/planted.h"

/* ---- channels ---------------------------------------------------------------- */

static chan(handle) box;
static volatile chan_sender(handle) box_in;
static volatile chan_receiver(handle) box_out;

static void into_a_box(handle c)
{
    chan_send(box, c);
}
static handle out_of_the_box(void)
{
    return chan_recv(box);
}

INSIDE_TEST(memory_things, what_is_in_a_channel_s_buffer)
{
    box = chan_make(handle, 2);
    keeps_alive(into_a_box, out_of_the_box);
}

INSIDE_TEST(memory_things, what_is_parked_with_its_sender)
{
    box = chan_make(handle, 0);
    go(plant, into_a_box);
    CHECK_EQ(look(), 0);
    go(lose, out_of_the_box);
    CHECK_EQ(look(), 1);
}

static bool only_in;
static void into_a_box_by_half(handle c)
{
    chan(handle) b = chan_make(handle, 1);

    chan_send(b, c);
    if (only_in)
        box_in = chan_as_sender(b);
    else
        box_out = chan_as_receiver(b);
}

INSIDE_TEST(memory_things, what_who_can_receive_gets_from_a_buffer)
{
    held_for_a_while(into_a_box_by_half, 0, 0);
}

INSIDE_TEST(memory_things,
            what_is_in_a_buffer_that_one_can_only_send_to_is_lost)
{
    only_in = true;
    held_for_a_while(into_a_box_by_half, 1, 1);
}

static volatile chan_sender(int) known_sender;
static volatile chan_receiver(int) known_receiver;
static void keep_sender(handle c)
{
    known_sender = chan_as_sender(c);
}
static void keep_receiver(handle c)
{
    known_receiver = chan_as_receiver(c);
}

INSIDE_TEST(memory_things, half_a_handle_serves_the_other_half)
{
    held_for_a_while(keep_sender, 0, 0);
}

INSIDE_TEST(memory_things, half_a_handle_does_not_serve_its_own_half)
{
    held_for_a_while(keep_receiver, 1, 1);
}

enum {
    MANY = 20 /* more than a select has room for on its stack */
};

static void selects_on_many(void)
{
    struct go_case cases[MANY];
    chan(int) c;

    for (int i = 0; i < MANY; i++) {
        c = chan_make(int, 0);
        cases[i] = (struct go_case)GO_RECV(c, NULL);
    }
    known_receiver = chan_as_receiver(c);
    go_select_cases(cases, MANY);
}

INSIDE_TEST(memory_things, a_large_select_is_proven_by_halves_too)
{
    go(selects_on_many);
    CHECK_EQ(look(), 1);
}

/* ---- timers ------------------------------------------------------------------- */

static void is_called(handle c)
{
    (void)c;
}
static struct go_timer *volatile known_timer;

static void given_to_a_timer(handle c)
{
    go_after_func(GO_SECOND, is_called, c);
}

INSIDE_TEST(memory_things, what_an_armed_timer_s_function_is_given)
{
    held_for_a_while(given_to_a_timer, 0, 1);
}

static void given_to_a_stopped_timer(handle c)
{
    known_timer = go_after_func(GO_SECOND, is_called, c);
    go_timer_stop(known_timer);
}

INSIDE_TEST(memory_things, what_a_stopped_timer_that_is_known_was_given)
{
    held_for_a_while(given_to_a_stopped_timer, 0, 0);
    go_timer_free(known_timer);
    CHECK_EQ(go_check(), 1);
}

static void does_nothing(struct rt_timer *t, int64_t now)
{
    (void)t;
    (void)now;
}

static void waits_unseen(void)
{
    waits(chan_make(int, 0));
}

/* Of no kind that is known: whatever it calls may have anything. */
INSIDE_TEST(memory_things, a_timer_that_nobody_knows_reaches_all)
{
    static struct rt_timer strange = {.kind = RT_TIMER_CALL,
                                      .fire = does_nothing};
    struct g *g;

    strange.site = GO_SITE("");
    g = rt_enter();
    rt_timer_arm(&strange, GO_HOUR, 0);
    rt_leave(g);
    go(waits_unseen);
    CHECK_EQ(look(), 0);
    g = rt_enter();
    CHECK(rt_timer_disarm(&strange));
    rt_leave(g);
    CHECK_EQ(look(), 1);
}

static void hears(bool stop, bool keep)
{
    struct go_timer *t = go_timer_new(GO_SECOND);
    chan(go_instant) c = t->c;

    if (stop)
        go_timer_stop(t);
    if (keep)
        known_timer = t;
    t = NULL;
    chan_recv(c);
}

INSIDE_TEST(memory_things, who_hears_an_armed_timer_lives)
{
    go(hears, false, false);
    CHECK_EQ(look(), 0);
}

INSIDE_TEST(memory_things, who_hears_a_timer_that_can_be_set_lives)
{
    go(hears, true, true);
    CHECK_EQ(look(), 0);
    known_timer = NULL;
    CHECK_EQ(go_check(), 1);
}

/* ---- contexts ----------------------------------------------------------------- */

static struct go_context *volatile known_context;
static char key;

static void hears_context(struct go_context *ctx)
{
    chan_recv(go_context_done(ctx));
}

/* Somebody hears the first; the second is known. */
static void context_known(struct go_context *heard, struct go_context *known)
{
    go(hears_context, heard);
    known_context = known;
}

static struct go_context *root(void)
{
    return go_context_with_cancel(go_context_background());
}

static void knows_it(void)
{
    struct go_context *ctx = root();

    context_known(ctx, ctx);
}

static void knows_its_parent(void)
{
    struct go_context *p = root();

    context_known(go_context_with_cancel(p), p);
}

static void knows_its_child(void)
{
    struct go_context *p = root();

    context_known(p, go_context_with_cancel(p));
}

static void knows_a_value_of_it(void)
{
    struct go_context *p = root();

    context_known(p, go_context_with_value(p, &key, &key));
}

static void context_keeps(void (*make)(void), bool alive)
{
    go(make);
    CHECK_EQ(look(), !alive);
    known_context = NULL;
    CHECK_EQ(go_check(), 1);
}

INSIDE_TEST(memory_things, a_context_can_be_cancelled_by_who_knows_it)
{
    context_keeps(knows_it, true);
}

INSIDE_TEST(memory_things, a_context_can_be_cancelled_by_who_knows_its_parent)
{
    context_keeps(knows_its_parent, true);
}

INSIDE_TEST(memory_things, a_child_of_a_context_does_not_cancel_it)
{
    context_keeps(knows_its_child, false);
}

INSIDE_TEST(memory_things, a_value_of_a_context_does_not_cancel_it)
{
    context_keeps(knows_a_value_of_it, false);
}

/* A value, behind a context below it. */
static void into_a_context(handle c)
{
    handle *place = malloc(sizeof(*place));

    *place = c;
    known_context = go_context_with_cancel(
        go_context_with_value(go_context_background(), &key, place));
}

INSIDE_TEST(memory_things, what_a_context_s_value_leads_to)
{
    held_for_a_while(into_a_context, 0, 0);
    known_context = NULL;
    CHECK_EQ(go_check(), 1);
}

static void ends_by_deadline(void)
{
    struct go_context *p =
        go_context_with_timeout(go_context_background(), GO_SECOND);

    go(hears_context, go_context_with_cancel(p));
}

INSIDE_TEST(memory_things, a_deadline_cancels_what_is_below_it)
{
    go(ends_by_deadline);
    CHECK_EQ(look(), 0);
    go_sleep(GO_MINUTE);
    CHECK_EQ(parked(GO_WAIT_CHAN_RECV), 0);
}

static int fails_late(void)
{
    lives();
    return 0;
}

/* Nobody else knows the group: a member that fails cancels its context. */
static void makes_a_group(void)
{
    struct go_errgroup *group = calloc(1, sizeof(*group));

    go(hears_context, go_errgroup_with_context(group, go_context_background()));
    go_errgroup_go(group, fails_late);
}

INSIDE_TEST(memory_things, a_member_of_an_errgroup_can_cancel_its_context)
{
    go(makes_a_group);
    CHECK_EQ(look(), 0);
    go_sleep(GO_MINUTE);
    CHECK_EQ(go_check(), 1);
}

/* ---- objects in the program's memory --------------------------------------------- */

struct objects {
    struct go_waitgroup group;
    struct go_cond cond;
    struct go_mutex mutex;
    struct go_semaphore semaphore;
    struct go_barrier barrier;
    uint64_t last;
};
static uint64_t *volatile known_last;

static void on_group(struct objects *o)
{
    go_waitgroup_wait(&o->group);
}
static void on_cond(struct objects *o)
{
    go_mutex_lock(&o->mutex);
    go_cond_wait(&o->cond, &o->mutex);
}
static void on_semaphore(struct objects *o)
{
    go_semaphore_acquire(&o->semaphore, 1);
}
static void on_barrier(struct objects *o)
{
    go_barrier_wait(&o->barrier);
}

static void plant_objects(void (*wait)(struct objects *))
{
    struct objects *o = calloc(1, sizeof(*o));

    o->barrier = GO_BARRIER(2);
    go_waitgroup_add(&o->group, 1);
    known_last = &o->last; /* from which the rest can be had */
    go(wait, o);
}

static void objects_keep_alive(void (*wait)(struct objects *))
{
    go(plant_objects, wait);
    CHECK_EQ(look(), 0);
    known_last = NULL;
    CHECK_EQ(go_check(), 1);
}

INSIDE_TEST(memory_things, a_wait_group_counted_by_hand_lives_with_its_block)
{
    objects_keep_alive(on_group);
}

INSIDE_TEST(memory_things, a_condition_lives_with_its_block)
{
    objects_keep_alive(on_cond);
}

INSIDE_TEST(memory_things, a_semaphore_lives_with_its_block)
{
    objects_keep_alive(on_semaphore);
}

INSIDE_TEST(memory_things, a_barrier_lives_with_its_block)
{
    objects_keep_alive(on_barrier);
}

/* The group is on the stack of who waits for it. */
static void waits_on_its_stack(handle unused)
{
    struct objects o = {.last = unused != NULL};

    go_waitgroup_add(&o.group, 1);
    go(points_to, (handle *)(void *)&o.last);
    go_waitgroup_wait(&o.group);
}

INSIDE_TEST(memory_things, a_group_lives_with_the_stack_that_it_is_on)
{
    held_for_a_while(waits_on_its_stack, 1, 2); /* the one of c too */
}

#endif
