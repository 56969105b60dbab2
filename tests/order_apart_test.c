/*
 * order_apart_test.c - what keeps two goroutines apart, so that their orders of
 * locks are no hint: all that makes one wait for the other.
 */
#include "tests/ordered.h"

static chan(int) done;
static struct go_once once;
static struct go_cond cond;
static struct go_mutex cond_mu;
static bool told;
static struct go_semaphore sema;
static struct go_barrier barrier;
static struct go_context *ctx;

enum way {
    SEND,
    MEET,
    MEET_BACK,
    CLOSE,
    SELECT,
    ROOM,
    ONCE,
    ONCE_WAIT,
    COND,
    SEMAPHORE,
    BARRIER,
    CANCEL,
    AFTER_FUNC,
    WAYS
};

static void nothing(void)
{
}

static void do_both(void)
{
    both(&a, &b);
}

static void do_long(void)
{
    do_both();
    go_sleep(2 * GO_MILLISECOND);
}

static void tell(enum way way)
{
    switch (way) {
    case SEND:
    case MEET:
    case SELECT:
        chan_send(done, 1);
        break;
    case MEET_BACK:
    case ROOM:
        chan_recv(done);
        break;
    case CLOSE:
        chan_close(done);
        break;
    case COND:
        go_mutex_lock(&cond_mu);
        told = true;
        go_cond_signal(&cond);
        go_mutex_unlock(&cond_mu);
        break;
    case SEMAPHORE:
        go_semaphore_release(&sema, 1);
        break;
    case BARRIER:
        go_barrier_wait(&barrier);
        break;
    case CANCEL:
        go_context_cancel(ctx);
        break;
    default:
        break;
    }
}

static void hear(enum way way)
{
    int v;

    switch (way) {
    case SEND:
    case MEET:
    case CLOSE:
        chan_recv(done);
        break;
    case SELECT:
        go_select(GO_RECV(done, &v));
        break;
    case MEET_BACK:
    case ROOM:
        chan_send(done, 2);
        break;
    case ONCE:
    case ONCE_WAIT:
        go_once_do(&once, nothing);
        break;
    case COND:
        go_mutex_lock(&cond_mu);
        while (!told)
            go_cond_wait(&cond, &cond_mu);
        go_mutex_unlock(&cond_mu);
        break;
    case SEMAPHORE:
        go_semaphore_acquire(&sema, 1);
        break;
    case BARRIER:
        go_barrier_wait(&barrier);
        break;
    case CANCEL:
        chan_recv(go_context_done(ctx));
        break;
    default:
        break;
    }
}

static enum way the_way;
static bool too_early; /* told before the locks are taken */
static bool hears_late;

static void before(void)
{
    if (too_early)
        tell(the_way);
    if (the_way == ONCE)
        go_once_do(&once, do_both);
    else if (the_way == ONCE_WAIT)
        go_once_do(&once, do_long);
    else
        do_both();
    if (!too_early)
        tell(the_way);
}

static void after(void)
{
    if (hears_late)
        go_sleep(GO_MILLISECOND);
    hear(the_way);
    both(&b, &a);
}

static void apart(void)
{
    struct go_once no_once = {0};
    struct go_cond no_cond = {0};

    done = chan_make(int, the_way == SEND || the_way == ROOM);
    once = no_once;
    cond = no_cond;
    told = false;
    sema = (struct go_semaphore)GO_SEMAPHORE(0);
    barrier = (struct go_barrier)GO_BARRIER(2);
    ctx = go_context_with_cancel(go_context_background());
    if (the_way == ROOM)
        chan_send(done, 1); /* full: the receive makes room */
    if (the_way == AFTER_FUNC) {
        do_both();
        go_timer_free(go_after_func(GO_MILLISECOND, nothing));
        go_after_func(GO_MILLISECOND, after);
    } else {
        go_waitgroup_go(&wg, before);
        go_waitgroup_go(&wg, after);
    }
    go_waitgroup_wait(&wg);
    go_sleep(GO_SECOND);
}

Test(order_apart, what_makes_one_wait_for_the_other_keeps_them_apart)
{
    too_early = false;
    for (int i = 0; i < 2 * WAYS; i++) {
        the_way = i / 2;
        hears_late = i % 2;
        if (hears_late && the_way == COND)
            continue; /* it does not wait: only a flag orders the two */
        if (hears_late || (the_way != ONCE && the_way != ONCE_WAIT))
            cr_assert_eq(hints(apart), 0, "way %d:\n%s", the_way, ran.text);
    }
}

Test(order_apart, what_was_said_before_the_locks_keeps_nobody_apart)
{
    too_early = true;
    for (int i = 0; i < 2 * WAYS; i++) {
        the_way = i / 2;
        hears_late = i % 2;
        if (the_way != ONCE && the_way != ONCE_WAIT && the_way != AFTER_FUNC)
            cr_assert_eq(hints(apart), 1, "way %d", the_way);
    }
}
