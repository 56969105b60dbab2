/*
 * gone_before.c - memory that is given back while goroutines stand before a lock
 * in it, and have not parked. Whoever goes on from there touches it.
 */
#include <sys/mman.h>
#include <vigil/scenario.h>

enum {
    SIZE = 8192
};

static void want_lock(struct go_mutex *mu)
{
    go_mutex_lock(mu);
}

static void stand_before(void (*give_back)(void *))
{
    struct go_mutex *mu = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    go_mutex_lock(mu);
    go(want_lock, mu);
    go_yield();
    give_back(mu);
    go_yield();
}

static void unmap(void *low)
{
    munmap(low, SIZE);
}

static void lock_away(void *low)
{
    mprotect(low, SIZE, PROT_NONE);
}

SCENARIO(unmapped, .about = "nothing is there", .explore = true)
{
    stand_before(unmap);
}

SCENARIO(locked_away, .about = "not to be read", .explore = true)
{
    stand_before(lock_away);
}
