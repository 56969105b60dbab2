/*
 * kubernetes_13135 - a cacher and its watch cache lock each other.
 *
 * What it did: a cacher fills its watch cache again and again until it is told
 * to stop, with its own lock held; the cache has a lock too, and calls the
 * cacher back when it is filled, which unlocks the cacher, and for each event,
 * which locks the cacher.
 * Why it bites: the cacher is locked and wants the cache; an event has locked
 * the cache and wants the cacher.
 * The fix: one order. The cacher is not locked while the cache is filled, but
 * only by the callback: first the cache, then the cacher.
 * Class: resource (locks). Expected: LEAK of who fills and of who updates.
 * Origin: GoKer kubernetes_13135.
 */
#include <stdlib.h>
#include <vigil/scenario.h>

struct cacher {
    struct go_mutex mu;
    struct go_waitgroup filled; /* counts down once */
    struct go_once fill_once;
    struct go_rwmutex cache;
    void (*on_replace)(struct cacher *); /* [cache] */
    void (*on_event)(struct cacher *);   /* [cache] */
    bool fixed;
};

static void say_filled(struct cacher *c)
{
    go_waitgroup_done(&c->filled);
}

static void replaced(struct cacher *c)
{
    if (c->fixed)
        go_mutex_lock(&c->mu);
    go_once_do(&c->fill_once, say_filled, c);
    go_mutex_unlock(&c->mu);
}

static void happened(struct cacher *c)
{
    go_mutex_lock(&c->mu);
    go_mutex_unlock(&c->mu);
}

static void replace(struct cacher *c)
{
    if (!c->fixed)
        go_mutex_lock(&c->mu); /* and then the cache: the wrong order */
    go_rwmutex_lock(&c->cache);
    c->on_replace(c);
    go_rwmutex_unlock(&c->cache);
}

static void keep_filling(struct cacher *c, chan_receiver(bool) stop)
{
    go_name("filler");
    while (go_select(GO_RECV(stop, NULL), GO_DEFAULT) == 1) {
        replace(c);
        go_sleep(0);
    }
}

static void add_event(struct cacher *c)
{
    go_name("updater");
    go_rwmutex_lock(&c->cache);
    c->on_event(c);
    go_rwmutex_unlock(&c->cache);
}

static void stop_cacher(chan_sender(bool) stop)
{
    go_name("stopper");
    chan_close(stop);
}

static struct cacher *make_cacher(bool fixed)
{
    struct cacher *c = calloc(1, sizeof(*c));

    c->fixed = fixed;
    go_waitgroup_add(&c->filled, 1);
    go_rwmutex_lock(&c->cache);
    c->on_replace = replaced;
    go_rwmutex_unlock(&c->cache);
    go_rwmutex_lock(&c->cache);
    c->on_event = happened;
    go_rwmutex_unlock(&c->cache);
    return c;
}

static void test_cacher(bool fixed)
{
    struct cacher *c = make_cacher(fixed);
    chan(bool) stop = chan_make(bool, 0);

    go(keep_filling, c, chan_as_receiver(stop));
    go_waitgroup_wait(&c->filled);
    go(add_event, c);
    go(stop_cacher, chan_as_sender(stop));
}

SCENARIO(kubernetes_13135, .about = "cacher, then cache; cache, then cacher",
         .expect = EXPECT_LEAK(2), .explore = true,
         .origin = "GoKer kubernetes_13135", .class = "resource")
{
    test_cacher(false);
}

SCENARIO(kubernetes_13135_fixed, .about = "always the cache, then the cacher",
         .explore = true, .origin = "GoKer kubernetes_13135",
         .class = "resource")
{
    test_cacher(true);
}
