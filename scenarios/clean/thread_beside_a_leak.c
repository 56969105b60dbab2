/*
 * thread_beside_a_leak - the twin: the thread knows the channel, and closes it
 * at its end.
 *
 * Looks stuck: no goroutine knows the channel. Is not: the thread has it, on
 * its stack, in a variable of its own, or by pthread_setspecific. Expected:
 * CLEAN, and no early alarm.
 */
#include <pthread.h>
#include <unistd.h>
#include "scenarios/check.h"

typedef chan(int) handle;

struct orders {
    int end;          /* read until there is something */
    uintptr_t hidden; /* the handle, inverted: not known by this */
    struct go_atomic ready;
};

static void wait_for_end(struct orders *o)
{
    char byte;

    go_atomic_store(&o->ready, 1);
    while (read(o->end, &byte, 1) < 0)
        continue; /* a look may interrupt it */
}

static handle revealed(const struct orders *o)
{
    return (handle)~o->hidden;
}

static void *on_its_stack(void *arg)
{
    struct orders *o = arg;
    volatile handle kept = revealed(o);

    wait_for_end(o);
    chan_close(kept);
    return NULL;
}

static _Thread_local handle own;

static void *in_its_variable(void *arg)
{
    struct orders *o = arg;

    own = revealed(o);
    wait_for_end(o);
    chan_close(own);
    return NULL;
}

static pthread_key_t key;

static void *by_setspecific(void *arg)
{
    struct orders *o = arg;

    pthread_setspecific(key, (void *)revealed(o));
    wait_for_end(o);
    chan_close((handle)pthread_getspecific(key));
    return NULL;
}

static void wait(handle c)
{
    CHECK(!chan_recv_ok(c, NULL));
}

/* The thread has the handle before anybody waits. */
FORGETS static pthread_t start(struct orders *o, void *(*thread_has)(void *))
{
    handle c = chan_make(int, 0);
    pthread_t thread;

    o->hidden = ~(uintptr_t)c;
    CHECK_EQ(pthread_create(&thread, NULL, thread_has, o), 0);
    while (!go_atomic_load(&o->ready))
        go_yield();
    go(wait, c);
    return thread;
}

static void play(void *(*thread_has)(void *))
{
    struct orders o = {0};
    pthread_t thread;
    int fds[2];

    CHECK_EQ(pipe(fds), 0);
    o.end = fds[0];
    thread = start(&o, thread_has);
    look_in_vain();
    CHECK_EQ(write(fds[1], "", 1), 1);
    pthread_join(thread, NULL);
}

SCENARIO(thread_beside_a_leak, .about = "a thread's stack has the handle")
{
    play(on_its_stack);
}

SCENARIO(thread_beside_a_leak_variable,
         .about = "a thread-local variable has the handle")
{
    play(in_its_variable);
}

SCENARIO(thread_beside_a_leak_specific,
         .about = "pthread_setspecific has the handle")
{
    CHECK_EQ(pthread_key_create(&key, NULL), 0);
    play(by_setspecific);
}
