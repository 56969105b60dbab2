/*
 * kubernetes_10182 - a status is sent with the lock that its reader takes.
 *
 * What it did: the status manager of a kubelet notes a pod's new status under
 * its lock and sends it, still under the lock, to the loop that tells the API
 * server; for each that loop locks too.
 * Why it bites: the loop has received a status and wants the lock; another
 * setter has it, and waits for the loop to receive.
 * The fix: to send when the lock is given back.
 * Class: mixed (channel and lock). Expected: LEAK of the loop and a setter.
 * Origin: GoKer kubernetes_10182.
 */
#include <stdlib.h>
#include <vigil/scenario.h>

#define SETTERS 2

struct manager {
    struct go_rwmutex mu; /* of the statuses */
};

static void sync_statuses(struct manager *m, chan_receiver(int) changed)
{
    go_name("sync loop");
    for (int i = 0; i < SETTERS; i++) {
        chan_recv(changed);
        go_rwmutex_lock(&m->mu);
        go_rwmutex_unlock(&m->mu);
    }
}

static void start(struct manager *m, chan_receiver(int) changed)
{
    go(sync_statuses, m, changed);
}

static void set_status(struct manager *m, chan_sender(int) changed)
{
    go_name("setter");
    go_rwmutex_lock(&m->mu);
    chan_send(changed, 1); /* with the lock held */
    go_rwmutex_unlock(&m->mu);
}

static void set_status_fixed(struct manager *m, chan_sender(int) changed)
{
    go_name("setter");
    go_rwmutex_lock(&m->mu);
    go_rwmutex_unlock(&m->mu);
    chan_send(changed, 1);
}

static void manage(void (*set)(struct manager *, chan_sender(int)))
{
    struct manager *m = calloc(1, sizeof(*m));
    chan(int) changed = chan_make(int, 0);

    chan_name(changed, "changed");
    go(start, m, chan_as_receiver(changed));
    for (int i = 0; i < SETTERS; i++)
        go(set, m, chan_as_sender(changed));
}

SCENARIO(kubernetes_10182, .about = "a status is sent with the lock held",
         .expect = EXPECT_LEAK(2), .explore = true,
         .origin = "GoKer kubernetes_10182", .class = "mixed")
{
    manage(set_status);
}

SCENARIO(kubernetes_10182_fixed, .about = "a status is sent without the lock",
         .explore = true, .origin = "GoKer kubernetes_10182", .class = "mixed")
{
    manage(set_status_fixed);
}
