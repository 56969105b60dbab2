/*
 * netpoll.c - descriptors that goroutines wait for.
 *
 * In: goroutines whose system call said EAGAIN. Out: the same, runnable again.
 *
 * Method: one entry for each descriptor number, with the list of who waits
 * for it. Who parks queues itself, then arms the descriptor for one event
 * (EPOLLONESHOT) of what the list wants; the worker that collects the event
 * wakes all whom it concerns, and arms it again for those who are left.
 *
 * N1  An entry's lock covers its list and what the kernel was told of it: so
 *     the kernel's interest is what the list wants whenever the lock is free.
 * N2  Arming looks at the descriptor as it is now: what became ready between
 *     EAGAIN and the park is an event at once. Nothing can be lost.
 * N3  Events carry the generation of their entry; one that was meant for an
 *     earlier descriptor of the same number is dropped.
 * N4  A waiter is taken off the list under the lock, by whoever wakes it, and
 *     then only: event, deadline, close. Or all are forgotten, and their
 *     goroutines with them.
 *
 * Why not edge-triggered, as Go: an edge must be remembered across calls, and
 * a number that the program closed by itself and got again would wait for
 * ever. The price is one epoll_ctl a park, and it tells us of such numbers.
 */
#define _GNU_SOURCE
#include "runtime/sched/netpoll.h"

#include <poll.h>
#include <stdio.h>
#include <sys/mman.h>

#include "runtime/base/own.h"
#include "runtime/sched/control.h"
#include "runtime/sched/elsewhere.h"
#include "runtime/sched/epoll.h"
#include "runtime/sched/park.h"
#include "runtime/sched/timer.h"

enum {
    PAGE_FDS = 1024, /* entries of a page of the table */
    PAGES = 1 << 14, /* 16 million descriptors; Linux gives one */
    NAME_SIZE = 16,  /* "fd 2147483647" */
};
_Static_assert(POLLIN == EPOLLIN && POLLOUT == EPOLLOUT, "one set of events");

/* What stands behind a descriptor's number; zero: never seen. */
struct entry {
    struct go_object obj;      /* [init] but name, flags: [lock] */
    uint32_t lock;             /* rank RT_RANK_POLL */
    uint32_t generation;       /* [lock] N3 */
    uint32_t closing;          /* [lock] calls between closed and close_done */
    bool known;                /* [lock] the kernel was told of it */
    struct fd_wait *first;     /* [lock] N4 */
    rt_netpoll_leaves *leaves; /* [lock] NULL: nothing */
    struct entry *before;      /* [init] that was seen before it */
    int fd;                    /* [init] */
    char text[NAME_SIZE];      /* [init] its name by default */
};

/* One parked goroutine, on its stack. */
struct fd_wait {
    struct waiter w;      /* [init] what a report reads */
    struct entry *e;      /* [init] */
    uint32_t events;      /* [init] that it waits for */
    struct fd_wait *next; /* [entry lock] */
    struct fd_wait *
        *link;  /* [entry lock] what points to it; NULL: not listed */
    int result; /* [entry lock] */
    bool late;  /* [entry lock] the deadline came first */
    struct rt_timer timer; /* of the deadline */
};

static struct {
    uint32_t waiters;           /* [atomic] */
    struct entry *last;         /* [atomic] that was seen for the first time */
    struct entry *pages[PAGES]; /* [atomic] never taken back in a run */
} table;

static struct entry *page_made(uint32_t i)
{
    struct entry *fresh, *old = NULL;
    size_t size = PAGE_FDS * sizeof(*fresh);

    fresh = mmap(NULL, size, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (fresh == MAP_FAILED)
        return NULL;
    if (__atomic_compare_exchange_n(&table.pages[i], &old, fresh, false,
                                    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        rt_own_add(fresh, size);
        return fresh;
    }
    munmap(fresh, size); /* another thread was first */
    return old;
}

/* NULL: nothing is known of fd. */
static struct entry *entry_find(int fd)
{
    uint32_t i = (uint32_t)fd / PAGE_FDS;
    struct entry *page;

    if (fd < 0 || i >= PAGES)
        return NULL;
    page = __atomic_load_n(&table.pages[i], __ATOMIC_ACQUIRE);
    return page ? &page[fd % PAGE_FDS] : NULL;
}

static int entry_get(int fd, struct entry **to)
{
    struct entry *page;

    if (fd < 0)
        return -EBADF;
    if (fd / PAGE_FDS >= PAGES)
        return -EMFILE;
    *to = entry_find(fd);
    if (*to)
        return 0;
    page = page_made((uint32_t)fd / PAGE_FDS);
    if (!page)
        return -ENOMEM;
    *to = &page[fd % PAGE_FDS];
    return 0;
}

static void touch_locked(struct entry *e, int fd, const struct go_site *site)
{
    rt_assert_held(&e->lock);
    if (e->obj.kind == GO_KIND_FD)
        return;
    snprintf(e->text, sizeof(e->text), "fd %d", fd);
    e->obj.name = e->text;
    e->obj.born = site;
    e->obj.kind = GO_KIND_FD;
    e->fd = fd;
    e->before = rt_load(table.last);
    while (!__atomic_compare_exchange_n(&table.last, &e->before, e, true,
                                        __ATOMIC_RELEASE, __ATOMIC_RELAXED))
        continue;
}

static void list_locked(struct entry *e, struct fd_wait *wait)
{
    struct fd_wait **link = &e->first;

    rt_check(!wait->link, "N4: a waiter is listed twice");
    while (*link)
        link = &(*link)->next;
    wait->next = NULL;
    wait->link = link;
    *link = wait;
    __atomic_add_fetch(&table.waiters, 1, __ATOMIC_SEQ_CST);
}

/* Takes it off the list and lets its goroutine see result. */
static void wake_locked(struct fd_wait *wait, int result)
{
    rt_assert_held(&wait->e->lock);
    rt_check(wait->link && *wait->link == wait, "N4: a waiter is not listed");
    *wait->link = wait->next;
    if (wait->next)
        wait->next->link = wait->link;
    wait->link = NULL;
    wait->result = result;
    __atomic_sub_fetch(&table.waiters, 1, __ATOMIC_SEQ_CST);
    rt_ready(wait->w.g); /* it is gone */
}

/* Wakes whoever waits for one of events. */
static int wake_all_locked(struct entry *e, uint32_t events, int result)
{
    struct fd_wait *wait, *next;
    int n = 0;

    for (wait = e->first; wait; wait = next) {
        next = wait->next;
        if (!(wait->events & events))
            continue;
        wake_locked(wait, result);
        n++;
    }
    return n;
}

/* The number stands for another descriptor now, or will: N3. */
static void forget_locked(struct entry *e)
{
    e->known = false;
    e->generation++;
    wake_all_locked(e, ~0u, -EBADF);
}

static uint64_t data_of(const struct entry *e, int fd)
{
    return (uint64_t)e->generation << 32 | (uint32_t)fd;
}

static int tell_locked(struct entry *e, int op, int fd, uint32_t more)
{
    uint32_t events = EPOLLONESHOT | more;

    for (struct fd_wait *wait = e->first; wait; wait = wait->next)
        events |= wait->events;
    return rt_epoll_control(op, fd, events, data_of(e, fd));
}

/*
 * N1: tells the kernel what the list wants, and more. A number that we know
 * and the kernel does not was closed behind our back: it is another one now.
 */
static int interest_locked(struct entry *e, int fd, uint32_t more)
{
    int err = -ENOENT;

    rt_assert_held(&e->lock);
    if (e->known) {
        err = tell_locked(e, EPOLL_CTL_MOD, fd, more);
        if (err == -ENOENT || err == -EBADF)
            forget_locked(e);
    }
    if (err == -ENOENT)
        err = tell_locked(e, EPOLL_CTL_ADD, fd, more);
    if (err == -EEXIST) /* a duplicate came back to this number */
        err = tell_locked(e, EPOLL_CTL_MOD, fd, more);
    if (err == 0)
        e->known = true;
    return err;
}

static void fire_deadline(struct rt_timer *t, int64_t now)
{
    struct fd_wait *wait = t->arg;
    struct entry *e = wait->e;

    (void)now;
    rt_lock(&e->lock, RT_RANK_POLL);
    if (wait->link)
        wake_locked(wait, -ETIMEDOUT);
    else
        wait->late = true; /* not listed yet, or woken already */
    rt_unlock(&e->lock);
}

/* Before the entry is locked, for the timer's lock ranks below it. */
static void arm_deadline(struct fd_wait *wait, int64_t deadline)
{
    wait->timer.fire = fire_deadline;
    wait->timer.g = wait->w.g;
    wait->timer.kind = RT_TIMER_WAKE;
    wait->timer.arg = wait;
    wait->timer.site = wait->w.site;
    rt_timer_arm(&wait->timer, deadline, 0);
}

/* Lists it and parks; the lock is released in any case. */
static int wait_locked(struct fd_wait *wait, int fd, int64_t deadline)
{
    struct entry *e = wait->e;
    int err = 0;

    if (wait->late)
        err = -ETIMEDOUT;
    else if (e->closing)
        err = -EAGAIN;
    else
        err = interest_locked(e, fd, wait->events);
    if (err < 0) {
        rt_unlock(&e->lock);
        return err;
    }
    list_locked(e, wait);
    rt_park_until(&e->lock, GO_WAIT_IO, &wait->w, 1, wait->w.site, deadline);
    return wait->result;
}

int rt_netpoll_park(int fd, int events, int64_t deadline,
                    const struct go_site *site)
{
    struct g *g = rt_enter();
    struct fd_wait wait = {
        .w = {.g = g, .site = site, .want = GO_WANT_READY},
        .events = (uint32_t)events & (EPOLLIN | EPOLLOUT),
    };
    int err;

    rt_elsewhere_comes("what waits for a descriptor");
    rt_must_park(g, NULL);
    err = entry_get(fd, &wait.e);
    if (err == 0) {
        wait.w.obj = &wait.e->obj;
        if (deadline >= 0)
            arm_deadline(&wait, deadline);
        rt_lock(&wait.e->lock, RT_RANK_POLL);
        touch_locked(wait.e, fd, site);
        err = wait_locked(&wait, fd, deadline);
        if (deadline >= 0)
            rt_timer_disarm(&wait.timer);
    }
    rt_leave(g);
    return err;
}

uint32_t rt_netpoll_waiters(void)
{
    return __atomic_load_n(&table.waiters, __ATOMIC_SEQ_CST);
}

void rt_netpoll_closed(int fd)
{
    struct entry *e = NULL;
    struct g *g = rt_enter();

    if (entry_get(fd, &e) == 0) {
        rt_lock(&e->lock, RT_RANK_POLL);
        touch_locked(e, fd, NULL);
        if (e->known) /* a duplicate would keep it in the kernel's set */
            rt_epoll_control(EPOLL_CTL_DEL, fd, 0, 0);
        forget_locked(e);
        e->closing++;
        e->obj.name = e->text;
        e->leaves = NULL;
        rt_unlock(&e->lock);
    }
    rt_leave(g);
}

void rt_netpoll_close_done(int fd)
{
    struct g *g = rt_enter();
    struct entry *e = entry_find(fd);

    if (e) {
        rt_lock(&e->lock, RT_RANK_POLL);
        rt_check(e->closing > 0, "netpoll: close_done without closed");
        e->closing--;
        rt_unlock(&e->lock);
    }
    rt_leave(g);
}

void rt_netpoll_opened(int fd, const char *name, rt_netpoll_leaves *leaves)
{
    struct entry *e = NULL;
    struct g *g = rt_enter();

    if (entry_get(fd, &e) == 0) {
        rt_lock(&e->lock, RT_RANK_POLL);
        touch_locked(e, fd, NULL);
        if (e->known)
            forget_locked(e);
        e->obj.name = name ? name : e->text;
        e->leaves = leaves;
        rt_unlock(&e->lock);
    }
    if (rt_is_controlled(g))
        rt_control_opened(fd);
    rt_leave(g);
}

rt_netpoll_leaves *rt_netpoll_leaving(int fd, const char **name)
{
    struct g *g = rt_enter();
    struct entry *e = entry_find(fd);
    rt_netpoll_leaves *leaves = NULL;

    *name = NULL;
    if (e) {
        rt_lock(&e->lock, RT_RANK_POLL);
        leaves = e->leaves;
        *name = e->obj.name;
        rt_unlock(&e->lock);
    }
    rt_leave(g);
    return leaves;
}

static int ready_one(const struct epoll_event *ev)
{
    int fd = (int)(uint32_t)ev->data.u64, n = 0;
    struct entry *e = entry_find(fd);
    uint32_t events = ev->events;

    rt_check(e != NULL, "netpoll: an event of a descriptor never seen");
    if (events & (EPOLLERR | EPOLLHUP))
        events |= EPOLLIN | EPOLLOUT; /* their system calls will tell */
    rt_lock(&e->lock, RT_RANK_POLL);
    if (ev->data.u64 == data_of(e, fd)) {
        n = wake_all_locked(e, events, 0);
        if (e->first && interest_locked(e, fd, 0) < 0)
            n += wake_all_locked(e, ~0u, 0);
    }
    rt_unlock(&e->lock);
    return n;
}

int rt_netpoll_ready(const struct rt_netpoll_events *events)
{
    int n = 0;

    for (int i = 0; i < events->n; i++)
        if (events->event[i].data.u64 != RT_EPOLL_WAKE)
            n += ready_one(&events->event[i]);
    return n;
}

int rt_netpoll(int64_t wait_ns)
{
    struct rt_netpoll_events events;

    rt_netpoll_sleep(wait_ns, &events);
    return rt_netpoll_ready(&events);
}

/* As if it had never been seen; but what the kernel tells of it yet is of
   before: N3. */
static void begin_anew(struct entry *e)
{
    rt_lock(&e->lock, RT_RANK_POLL);
    if (e->known)
        rt_epoll_control(EPOLL_CTL_DEL, e->fd, 0, 0);
    if (e->leaves)
        e->leaves(e->obj.name);
    e->leaves = NULL;
    for (const struct fd_wait *wait = e->first; wait; wait = wait->next)
        __atomic_sub_fetch(&table.waiters, 1, __ATOMIC_SEQ_CST);
    e->first = NULL;
    e->known = false;
    e->generation++;
    e->closing = 0;
    e->obj = (struct go_object){0};
    rt_unlock(&e->lock);
}

void rt_netpoll_forget(void)
{
    struct entry *e, *before;

    for (e = rt_load(table.last); e; e = before) {
        before = e->before;
        begin_anew(e);
    }
    rt_store(table.last, NULL);
    rt_check(!rt_netpoll_waiters(), "N4: a waiter of no descriptor");
}

int rt_netpoll_open(void)
{
    return rt_epoll_open();
}

void rt_netpoll_close(void)
{
    rt_epoll_close();
    table.waiters = 0;
    table.last = NULL;
    for (uint32_t i = 0; i < PAGES; i++) {
        if (!table.pages[i])
            continue;
        rt_own_remove(table.pages[i]);
        munmap(table.pages[i], PAGE_FDS * sizeof(struct entry));
        table.pages[i] = NULL;
    }
}
