/*
 * moby_21233 - who reads the progress leaves before the last of it.
 *
 * Three transfers are watched, and each watcher may report progress, once
 * before it is released and once after. The reader of the progress may stop at
 * any report, and then the next report has no receiver. Whoever releases the
 * watchers waits for each to end, and at last for the reader. The fix: the
 * reader takes what comes until the channel is closed.
 *
 * Class: communication. Expected: LEAKS(1, 4), by coins: the driver waits for
 * a watcher that waits to report, with all watchers behind it; or it waits
 * alone, for the reader, if that left at the very last report. Origin: GoKer
 * moby_21233.
 */
#include <stdlib.h>
#include <vigil/scenario.h>

#define TRANSFERS 3

static struct go_mutex manager;

struct transfer {
    struct go_mutex lock;
    chan(bool) signal, release, running;
};

static bool heads(void)
{
    return go_choose(2) == 0;
}

static void reader(chan(int) progress, chan(bool) progress_done, bool drains)
{
    go_name("reader");
    chan_range(report, progress) {
        (void)report;
        if (!drains && heads())
            return; /* the bug: reports may come */
    }
    chan_close(progress_done);
}

static void watcher(struct transfer *t, chan(int) progress, int i)
{
    bool finishing = false;

    go_name("watcher %d", i);
    go_defer_close(t->running);
    for (;;) {
        go_mutex_lock(&t->lock);
        go_mutex_unlock(&t->lock);
        if (heads())
            chan_send(progress, 1);
        if (finishing)
            return;
        finishing =
            go_select(GO_RECV(t->signal, NULL), GO_RECV(t->release, NULL)) == 1;
    }
}

static struct transfer *watch(chan(int) progress, int i)
{
    struct transfer *t = calloc(1, sizeof(*t));

    go_mutex_lock(&manager);
    go_mutex_lock(&t->lock);
    t->signal = chan_make(bool, 0);
    t->release = chan_make(bool, 0);
    t->running = chan_make(bool, 0);
    chan_name(t->signal, "signal %d", i);
    chan_name(t->release, "release %d", i);
    chan_name(t->running, "running %d", i);
    go(watcher, t, progress, i);
    go_mutex_unlock(&t->lock);
    go_mutex_unlock(&manager);
    return t;
}

static void release(struct transfer *t)
{
    go_mutex_lock(&t->lock);
    go_mutex_unlock(&t->lock);
    chan_close(t->release);
    chan_recv(t->running);
}

static void driver(bool drains)
{
    chan(int) progress = chan_make(int, 0);
    chan(bool) progress_done = chan_make(bool, 0);
    struct transfer *transfers[TRANSFERS];

    go_name("driver");
    chan_name(progress, "progress");
    chan_name(progress_done, "progress done");
    go(reader, progress, progress_done, drains);
    for (int i = 0; i < TRANSFERS; i++)
        transfers[i] = watch(progress, i + 1);
    for (int i = 0; i < TRANSFERS; i++)
        release(transfers[i]);
    chan_close(progress);
    chan_recv(progress_done);
}

SCENARIO(moby_21233, .about = "the reader of the progress leaves early",
         .expect = EXPECT_LEAKS(1, 4), .explore = true,
         .origin = "GoKer moby_21233", .class = "communication")
{
    go(driver, false);
}

SCENARIO(moby_21233_fixed, .about = "progress is read until it is closed",
         .explore = true, .origin = "GoKer moby_21233",
         .class = "communication")
{
    go(driver, true);
}
