/* sited.c - operations of many kinds, each on a line of its own. */
#include <stdlib.h>
#include <vigil/scenario.h>

static void nothing(void)
{
}

SCENARIO(timers, .about = "what is done to timers", .explore = true)
{
    struct go_timer *t = go_timer_new(GO_SECOND);
    struct go_timer *f = go_after_func(GO_SECOND, nothing);
    struct go_ticker *k = go_ticker_new(GO_SECOND);

    go_timer_stop(t);
    go_timer_reset(t, GO_MILLISECOND);
    go_timer_stop(f);
    go_timer_free(f);
    go_ticker_reset(k, 2 * GO_SECOND);
    go_ticker_stop(k);
    go_ticker_free(k);
    go_sleep(1);
    go_timer_free(t);
}

SCENARIO(others, .about = "locks and channels", .explore = true)
{
    struct go_mutex mu = {0};
    struct go_rwmutex rw = {0};
    struct go_once once = {0};
    struct go_semaphore s = {.free = 1};
    chan(int) c = chan_make(int, 1);

    go_mutex_lock(&mu);
    go_mutex_unlock(&mu);
    go_mutex_trylock(&mu);
    go_mutex_unlock(&mu);
    go_rwmutex_lock(&rw);
    go_rwmutex_unlock(&rw);
    go_rwmutex_rlock(&rw);
    go_rwmutex_runlock(&rw);
    go_once_do(&once, nothing);
    go_semaphore_acquire(&s, 1);
    go_semaphore_release(&s, 1);
    chan_send(c, 2);
    chan_len(c);
    chan_recv(c);
    chan_try_send(c, 2);
    go_select(GO_RECV(c, NULL));
    go_yield();
    chan_close(c);
}

/* What a function ends in is a jump, where the compiler can. */
static void set_at_last(struct go_atomic *to)
{
    go_atomic_store(to, 1);
}

SCENARIO(at_last, .about = "goroutines that end in a call", .explore = true)
{
    static struct go_atomic first, second;

    go(set_at_last, &first);
    go_yield();
    go_atomic_store(&second, 1);
}

static void once_at_last(struct go_atomic *to)
{
    go_atomic_store(to, 1);
}

static void try_at_last(struct go_atomic *to, struct go_once *once)
{
    static struct go_atomic within;

    go_once_do(once, once_at_last, &within);
    go_atomic_store(to, 1);
}

SCENARIO(at_last_within, .about = "a once in a try, which end in calls",
         .explore = true)
{
    static struct go_atomic tried;
    static struct go_once once;

    free(go_try(try_at_last, &tried, &once));
}
