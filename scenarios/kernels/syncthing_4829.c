/*
 * syncthing_4829 - who writes reads, and waits for itself.
 *
 * A mapping is removed: the table of its addresses is emptied under the write
 * lock, and subscribers are notified of what is gone, still under it. The
 * notification reads the table, and takes the same lock for that. The fix: the
 * lock is released before the notification.
 *
 * Class: resource (double locking). Expected: DEADLOCK, in every schedule:
 * main waits to read what it has locked itself. Origin: GoKer syncthing_4829.
 */
#include <vigil/scenario.h>

struct mapping {
    struct go_rwmutex lock;
    int addresses; /* [lock] */
};
struct service {
    struct go_rwmutex lock;
    struct mapping *mapping; /* [lock] */
};

static void notify(struct mapping *m)
{
    go_rwmutex_rlock(&m->lock);
    go_rwmutex_runlock(&m->lock);
}

static void clear(struct mapping *m)
{
    go_rwmutex_lock(&m->lock);
    int removed = m->addresses;
    m->addresses = 0;
    if (removed)
        notify(m); /* the bug: with the lock held */
    go_rwmutex_unlock(&m->lock);
}

static void clear_fixed(struct mapping *m)
{
    go_rwmutex_lock(&m->lock);
    int removed = m->addresses;
    m->addresses = 0;
    go_rwmutex_unlock(&m->lock);
    if (removed)
        notify(m);
}

static void add_and_remove(void (*clear_mapping)(struct mapping *))
{
    struct service service = {0};
    struct mapping mapping = {.addresses = 1};

    go_label(&service.lock, "service");
    go_label(&mapping.lock, "mapping");
    go_rwmutex_lock(&service.lock);
    service.mapping = &mapping;
    go_rwmutex_unlock(&service.lock);

    go_rwmutex_lock(&service.lock);
    clear_mapping(service.mapping);
    service.mapping = NULL;
    go_rwmutex_unlock(&service.lock);
}

SCENARIO(syncthing_4829, .about = "a read lock below the own write lock",
         .expect = EXPECT_DEADLOCK, .explore = true,
         .origin = "GoKer syncthing_4829", .class = "resource")
{
    add_and_remove(clear);
}

SCENARIO(syncthing_4829_fixed, .about = "the write lock is released first",
         .explore = true, .origin = "GoKer syncthing_4829", .class = "resource")
{
    add_and_remove(clear_fixed);
}
