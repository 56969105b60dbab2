/*
 * cockroach_1055 - a stopper waits for its workers with its lock held.
 *
 * Three stoppers have a worker each. A worker announces a task, unless its
 * stopper is winding down already, and then waits to be stopped. Main's helper
 * drains each stopper (settle), and then stops them one after the other: it
 * locks the stopper, closes its channel and waits for its worker. A worker
 * that saw "not winding" and has not got the lock yet stands at the lock that
 * is held by who waits for it.
 *
 * Nobody ever finishes a task, so settle and shutdown also hang, waiting for
 * tasks, when a worker was quick enough to announce one.
 *
 * The fix: a worker that announced a task finishes it; whether the stopper
 * winds down is looked at under its lock; and shutdown gives the lock back
 * before it waits for workers.
 *
 * Class: mixed (wait group and lock). Expected: DEADLOCK. Left are main, the
 * helper, and one to three of the workers.
 */
#include <stdlib.h>
#include <vigil/scenario.h>

#define STOPPERS 3

struct stopper {
    struct go_mutex mu;
    struct go_atomic winding;
    struct go_waitgroup tasks, workers;
    chan(bool) stop; /* only closed */
};

/* What the fix changes: these three steps. */
struct ways {
    bool (*begin_task)(struct stopper *);
    void (*end_task)(struct stopper *);
    void (*shutdown)(struct stopper *);
};

static bool begin_task(struct stopper *s)
{
    if (go_atomic_load(&s->winding))
        return false;
    go_mutex_lock(&s->mu); /* the bug: winding may have changed */
    go_waitgroup_add(&s->tasks, 1);
    go_mutex_unlock(&s->mu);
    return true;
}

static bool begin_task_fixed(struct stopper *s)
{
    go_mutex_lock(&s->mu);
    bool begun = !go_atomic_load(&s->winding);
    if (begun)
        go_waitgroup_add(&s->tasks, 1);
    go_mutex_unlock(&s->mu);
    return begun;
}

static void end_task(struct stopper *s)
{
    (void)s; /* the bug: forgotten */
}

static void end_task_fixed(struct stopper *s)
{
    go_waitgroup_done(&s->tasks);
}

static void drain(struct stopper *s)
{
    go_atomic_store(&s->winding, 1);
    go_waitgroup_wait(&s->tasks);
}

static void shutdown(struct stopper *s)
{
    go_mutex_lock(&s->mu);
    drain(s);
    chan_close(s->stop);
    go_waitgroup_wait(&s->workers); /* the bug: with the lock held */
    go_mutex_unlock(&s->mu);
}

static void shutdown_fixed(struct stopper *s)
{
    go_mutex_lock(&s->mu);
    drain(s);
    chan_close(s->stop);
    go_mutex_unlock(&s->mu);
    go_waitgroup_wait(&s->workers);
}

static void settle(struct stopper *s)
{
    go_mutex_lock(&s->mu);
    drain(s);
    go_atomic_store(&s->winding, 0);
    go_mutex_unlock(&s->mu);
}

static void worker(const struct ways *ways, struct stopper *s)
{
    if (ways->begin_task(s))
        ways->end_task(s);
    chan_recv(s->stop);
    go_waitgroup_done(&s->workers);
}

static void helper(const struct ways *ways, struct stopper **stoppers,
                   chan(bool) all_over)
{
    for (int i = 0; i < STOPPERS; i++)
        settle(stoppers[i]);
    for (int i = 0; i < STOPPERS; i++)
        ways->shutdown(stoppers[i]);
    chan_close(all_over);
}

static struct stopper *new_stopper(void)
{
    struct stopper *s = calloc(1, sizeof(*s));

    if (!s)
        go_panic("no memory");
    s->stop = chan_make(bool, 0);
    chan_name(s->stop, "stop");
    return s;
}

static void stop_all(const struct ways *ways)
{
    struct stopper *stoppers[STOPPERS];

    for (int i = 0; i < STOPPERS; i++)
        stoppers[i] = new_stopper();
    for (int i = 0; i < STOPPERS; i++) {
        go_waitgroup_add(&stoppers[i]->workers, 1);
        go(worker, ways, stoppers[i]);
    }
    chan(bool) all_over = chan_make(bool, 0);

    go(helper, ways, stoppers, all_over);
    chan_recv(all_over);
    for (int i = 0; i < STOPPERS; i++)
        free(stoppers[i]);
}

SCENARIO(cockroach_1055, .about = "waits for workers with the lock they want",
         .expect = EXPECT_DEADLOCK, .explore = true,
         .origin = "GoKer cockroach_1055", .class = "mixed")
{
    static const struct ways ways = {begin_task, end_task, shutdown};

    stop_all(&ways);
}

SCENARIO(cockroach_1055_fixed, .about = "tasks end, workers awaited unlocked",
         .explore = true, .origin = "GoKer cockroach_1055", .class = "mixed")
{
    static const struct ways ways = {begin_task_fixed, end_task_fixed,
                                     shutdown_fixed};

    stop_all(&ways);
}
