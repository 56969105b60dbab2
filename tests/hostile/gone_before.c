/*
 * gone_before.c - memory that is given back while goroutines stand before a lock
 * in it, and have not parked. Whoever goes on from there touches it; unless it
 * is there again by then.
 */
#define _GNU_SOURCE
#include <vigil/scenario.h>
#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    SIZE = 8192
};

static void want_lock(struct go_mutex *mu)
{
    go_mutex_lock(mu);
    go_mutex_unlock(mu);
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

static void map_over(void *low)
{
    mmap(low, SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

static void move_away(void *low)
{
    mremap(low, SIZE, 2 * SIZE, MREMAP_MAYMOVE | MREMAP_FIXED,
           (char *)low + (64 << 20));
}

SCENARIO(mapped_over, .about = "something else is there", .explore = true)
{
    stand_before(map_over);
}

SCENARIO(moved_away, .about = "it is elsewhere", .explore = true)
{
    stand_before(move_away);
}

static void let_go(void *low)
{
    syscall(SYS_munmap, low, SIZE);
}

SCENARIO(let_go_unseen, .about = "by the kernel's number", .explore = true)
{
    stand_before(let_go);
}

/* ---- it is there again ---------------------------------------------------*/

static void want_unit(struct go_semaphore *units)
{
    go_semaphore_acquire(units, 1);
}

static void want_theirs(pthread_mutex_t *mu)
{
    pthread_mutex_lock(mu);
    pthread_mutex_unlock(mu);
}

struct all {
    struct go_mutex mu;
    struct go_semaphore units;
    pthread_mutex_t theirs;
};

/* They stand before what none of them can have, until it is let go of. */
static void go_on_after(void (*meanwhile)(void *))
{
    struct all *a = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    go_mutex_lock(&a->mu);
    pthread_mutex_lock(&a->theirs);
    go(want_lock, &a->mu);
    go(want_unit, &a->units);
    go(want_theirs, &a->theirs);
    go_yield();
    meanwhile(a);
    go_mutex_unlock(&a->mu);
    go_semaphore_release(&a->units, 1);
    pthread_mutex_unlock(&a->theirs);
}

static void lock_away_for_a_while(void *low)
{
    mprotect(low, SIZE, PROT_NONE);
    mprotect(low, SIZE, PROT_NONE);
    mprotect(low, SIZE, PROT_READ | PROT_WRITE);
}

static void unmap_in_vain(void *low)
{
    if (munmap((char *)low - 1, SIZE) == 0 || errno != EINVAL)
        go_panic("an address within a page was unmapped");
}

SCENARIO(locked_for_a_while, .about = "to be read again", .explore = true)
{
    go_on_after(lock_away_for_a_while);
}

SCENARIO(unmapped_in_vain, .about = "it never went", .explore = true)
{
    go_on_after(unmap_in_vain);
}
