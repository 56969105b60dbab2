/*
 * memory_living_test.c - what the living hold otherwise than in globals and
 * blocks: on stacks, in calls that come, in channels, timers, contexts; and
 * what they hold only by half, or the stuck only, which must be proven.
 */
#define _GNU_SOURCE
#include "runtime/sched/sanitize.h"
#if !defined(RT_ASAN) && !defined(RT_TSAN)
#include <pthread.h>
#include <ucontext.h>
#include <unistd.h>

#include "tests/planted.h"

/* Somebody waits on a channel that hold is given; it ends within a minute. */
static void plant_at(void (*hold)(handle))
{
    handle c = chan_make(int, 0);

    go(waits, c);
    go(hold, c);
}

static void held_for_a_while(void (*hold)(handle), int stuck, int then)
{
    go(plant_at, hold);
    CHECK_EQ(look(), stuck);
    go_sleep(GO_MINUTE);
    CHECK_EQ(go_check(), then);
}

static void lives(void)
{
    go_sleep(GO_SECOND);
}

/* ---- stacks -------------------------------------------------------------- */

static void on_its_stack(handle c)
{
    volatile handle kept = c;

    lives();
    kept = kept;
}

INSIDE_TEST(memory_living, what_a_sleeper_has_on_its_stack)
{
    held_for_a_while(on_its_stack, 0, 1);
}

static void points_to(handle *on_another)
{
    handle *volatile kept = on_another;

    lives();
    kept = kept;
}

/* Stuck itself, but for the pointer that it gave away. */
static void on_a_stuck_stack(handle c)
{
    volatile handle kept = c;

    go(points_to, (handle *)&kept);
    chan_recv(chan_make(int, 0));
}

INSIDE_TEST(memory_living, what_is_on_another_s_stack_that_is_pointed_to)
{
    held_for_a_while(on_a_stuck_stack, 0, 2);
}

static void stuck_with(handle c)
{
    volatile handle kept = c;

    chan_recv(chan_make(int, 0));
    kept = kept;
}

INSIDE_TEST(memory_living, what_only_the_stuck_hold_is_lost)
{
    held_for_a_while(stuck_with, 2, 2);
}

/* The handle as nobody can see it. */
static uintptr_t hidden;
static void hide(handle c)
{
    hidden = ~(uintptr_t)c;
}

static __attribute__((noinline)) void spawn_with_it(void (*f)(handle))
{
    go(f, (handle)~hidden);
}

INSIDE_TEST(memory_living, what_a_goroutine_that_has_not_begun_is_given)
{
    go(plant_at, hide);
    let_all_park();
    spawn_with_it(hide);
    CHECK_EQ(go_check(), 0);
    CHECK_EQ(look(), 1);
}

/*
 * A program that switches stacks by itself: what a goroutine has then lies in
 * a block to which nothing points but the stack pointer.
 */
enum {
    OTHER_STACK = 64 << 10
};
static ucontext_t here, there;
static handle carried;
static void (*over_there)(handle);

static void begins_there(void)
{
    handle c = carried;

    carried = NULL;
    memset(&there, 0, sizeof(there)); /* which knows the stack */
    over_there(c);
    setcontext(&here);
}

static uint8_t hidden_there[sizeof(there)];
static void hide_there(void)
{
    getcontext(&there);
    there.uc_stack.ss_sp = malloc(OTHER_STACK);
    there.uc_stack.ss_size = OTHER_STACK;
    makecontext(&there, begins_there, 0);
    for (size_t i = 0; i < sizeof(there); i++)
        hidden_there[i] = ~((uint8_t *)&there)[i];
    memset(&there, 0, sizeof(there));
}

static __attribute__((noinline)) void to_another_stack(void)
{
    for (size_t i = 0; i < sizeof(there); i++)
        ((uint8_t *)&there)[i] = (uint8_t)~hidden_there[i];
    swapcontext(&here, &there);
}

static void on_another_stack(handle c)
{
    over_there = on_its_stack;
    carried = c;
    c = NULL;
    to_another_stack();
}

INSIDE_TEST(memory_living, what_a_sleeper_has_on_a_stack_of_the_program)
{
    go(hide_there);
    let_all_park();
    held_for_a_while(on_another_stack, 0, 1);
}

static void looks_from_there(handle c)
{
    volatile handle kept = c;

    CHECK_EQ(go_check(), 0);
    kept = kept;
}

static void look_from_another_stack(handle c)
{
    over_there = looks_from_there;
    carried = c;
    c = NULL;
    let_all_park(); /* there is who waits for it */
    to_another_stack();
}

INSIDE_TEST(memory_living, what_who_looks_has_on_a_stack_of_the_program)
{
    go(hide_there);
    let_all_park();
    go(plant_at, look_from_another_stack);
    let_all_park();
}

/* ---- on their way ------------------------------------------------------- */

INSIDE_TEST(memory_living, what_is_known_elsewhere)
{
    go(plant_at, hide);
    go_yield();
    let_all_park();
    go_known_elsewhere((void *)~hidden);
    CHECK_EQ(go_check(), 0);
    go_not_known_elsewhere((void *)~hidden);
    CHECK_EQ(go_check(), 1);
}

static int pipes[2];
static handle gives_back(void)
{
    char byte;

    CHECK_EQ(read(pipes[0], &byte, 1), 1);
    return (handle)~hidden;
}

static void calls(void)
{
    hidden = ~(uintptr_t)go_blocking(gives_back);
}

/* The call has come back, and its goroutine has not run since. */
INSIDE_TEST(memory_living, what_a_blocking_call_has_returned)
{
    CHECK_EQ(pipe(pipes), 0);
    go(plant_at, hide);
    let_all_park();
    go(calls);
    while (!rt_blocking_calls())
        go_yield();
    CHECK_EQ(write(pipes[1], "", 1), 1);
    while (rt_blocking_calls())
        ;
    CHECK_EQ(go_check(), 0);
    CHECK_EQ(look(), 1);
}

static int reads(int fd, handle c)
{
    char byte;
    volatile handle kept = c;

    CHECK_EQ(read(fd, &byte, 1), 1);
    return kept != NULL;
}

static void calls_with(handle c)
{
    go_blocking(reads, pipes[0], c);
}

INSIDE_TEST(memory_living, what_a_blocking_call_holds)
{
    CHECK_EQ(pipe(pipes), 0);
    go(plant_at, calls_with);
    while (!rt_blocking_calls() || parked(GO_WAIT_CHAN_RECV) != 1)
        go_yield();
    CHECK_EQ(go_check(), 0);
    CHECK_EQ(write(pipes[1], "", 1), 1);
    while (rt_blocking_calls())
        go_yield();
    CHECK_EQ(look(), 1);
}

/* ---- threads ---------------------------------------------------------------- */

static pthread_t thread;
static uint32_t thread_holds; /* [atomic] */

static void *stack_thread(void *arg)
{
    volatile handle kept = arg;
    char byte;

    arg = NULL;
    __atomic_store_n(&thread_holds, 1, __ATOMIC_RELEASE);
    if (read(pipes[0], &byte, 1) != 1)
        return NULL;
    return (void *)(uintptr_t)(kept == NULL);
}

enum {
    KEYS = 100 /* beyond those that have room in the thread itself */
};

static void *key_thread(void *arg)
{
    pthread_key_t key[KEYS];
    char byte;

    for (int i = 0; i < KEYS; i++)
        pthread_key_create(&key[i], NULL);
    pthread_setspecific(key[KEYS - 1], arg);
    arg = NULL;
    __atomic_store_n(&thread_holds, 1, __ATOMIC_RELEASE);
    if (read(pipes[0], &byte, 1) == 1)
        pthread_setspecific(key[KEYS - 1], NULL);
    return NULL;
}

static void *(*thread_main)(void *);
static void to_a_thread(handle c)
{
    CHECK_EQ(pthread_create(&thread, NULL, thread_main, (void *)c), 0);
}

static void thread_keeps_alive(void *(*body)(void *))
{
    CHECK_EQ(pipe(pipes), 0);
    thread_main = body;
    go(plant_at, to_a_thread);
    let_all_park();
    while (!__atomic_load_n(&thread_holds, __ATOMIC_ACQUIRE))
        go_yield();
    CHECK_EQ(go_check(), 0);
    CHECK_EQ(write(pipes[1], "", 1), 1);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

INSIDE_TEST(memory_living, what_a_thread_has_on_its_stack)
{
    thread_keeps_alive(stack_thread);
}

INSIDE_TEST(memory_living, what_a_thread_has_set_specific)
{
    thread_keeps_alive(key_thread);
}

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

INSIDE_TEST(memory_living, what_is_in_a_channel_s_buffer)
{
    box = chan_make(handle, 2);
    keeps_alive(into_a_box, out_of_the_box);
}

INSIDE_TEST(memory_living, what_is_parked_with_its_sender)
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

INSIDE_TEST(memory_living, what_who_can_receive_gets_from_a_buffer)
{
    held_for_a_while(into_a_box_by_half, 0, 0);
}

INSIDE_TEST(memory_living,
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

INSIDE_TEST(memory_living, half_a_handle_serves_the_other_half)
{
    held_for_a_while(keep_sender, 0, 0);
}

INSIDE_TEST(memory_living, half_a_handle_does_not_serve_its_own_half)
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

INSIDE_TEST(memory_living, a_large_select_is_proven_by_halves_too)
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

INSIDE_TEST(memory_living, what_an_armed_timer_s_function_is_given)
{
    held_for_a_while(given_to_a_timer, 0, 1);
}

static void given_to_a_stopped_timer(handle c)
{
    known_timer = go_after_func(GO_SECOND, is_called, c);
    go_timer_stop(known_timer);
}

INSIDE_TEST(memory_living, what_a_stopped_timer_that_is_known_was_given)
{
    held_for_a_while(given_to_a_stopped_timer, 0, 0);
    go_timer_free(known_timer);
    CHECK_EQ(go_check(), 1);
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

INSIDE_TEST(memory_living, who_hears_an_armed_timer_lives)
{
    go(hears, false, false);
    CHECK_EQ(look(), 0);
}

INSIDE_TEST(memory_living, who_hears_a_timer_that_can_be_set_lives)
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

INSIDE_TEST(memory_living, a_context_can_be_cancelled_by_who_knows_it)
{
    context_keeps(knows_it, true);
}

INSIDE_TEST(memory_living, a_context_can_be_cancelled_by_who_knows_its_parent)
{
    context_keeps(knows_its_parent, true);
}

INSIDE_TEST(memory_living, a_child_of_a_context_does_not_cancel_it)
{
    context_keeps(knows_its_child, false);
}

INSIDE_TEST(memory_living, a_value_of_a_context_does_not_cancel_it)
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

INSIDE_TEST(memory_living, what_a_context_s_value_leads_to)
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

INSIDE_TEST(memory_living, a_deadline_cancels_what_is_below_it)
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

INSIDE_TEST(memory_living, a_member_of_an_errgroup_can_cancel_its_context)
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

INSIDE_TEST(memory_living, a_wait_group_counted_by_hand_lives_with_its_block)
{
    objects_keep_alive(on_group);
}

INSIDE_TEST(memory_living, a_condition_lives_with_its_block)
{
    objects_keep_alive(on_cond);
}

INSIDE_TEST(memory_living, a_semaphore_lives_with_its_block)
{
    objects_keep_alive(on_semaphore);
}

INSIDE_TEST(memory_living, a_barrier_lives_with_its_block)
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

INSIDE_TEST(memory_living, a_group_lives_with_the_stack_that_it_is_on)
{
    held_for_a_while(waits_on_its_stack, 1, 2); /* the one of c too */
}

#endif
