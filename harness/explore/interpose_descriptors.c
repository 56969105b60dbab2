/*
 * interpose_descriptors.c - the C library's names for what ends descriptors, in
 * front of the C library: vigil's own are not there to be ended.
 *
 * In:  calls of anybody in the process, be it ours. Out: what the C library
 * does, but EBADF of what is vigil's (vigil/descriptor.h), as of a number beyond
 * the limit; and, for who looks for data races, who comes after whom by it
 * (interpose_kernel.c).
 *
 * Why not descriptors of a thread's own, which nobody could end: the kernel
 * polls for us what the program has, by one table of both.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <mqueue.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <unistd.h>
#include <vigil/descriptor.h>
#include <vigil/elsewhere.h>

#include "harness/explore/answers.h"
#include "harness/explore/next.h"
#include "harness/explore/opened.h"
#include "harness/explore/orders.h"

enum {
    CLOEXEC = 1 << 2 /* of close_range: nothing is closed */
};

#define CALLER __builtin_return_address(0)

static int refuse(void)
{
    errno = EBADF;
    return -1;
}

/* Whether it is a choice, which is made then. */
static bool tells(const void *pc)
{
    if (!hn_answers_serve(pc))
        return false;
    go_control_ask(GO_OP_IO, pc);
    go_control_release(&hn_orders_kernel);
    return true;
}

/* Of what told: the result. */
static int told(bool tells, int result)
{
    if (tells && result >= 0)
        go_control_got();
    return result;
}

HN_EXPORT int close(int fd)
{
    bool tell;

    if (go_descriptor_kept(fd))
        return refuse();
    tell = tells(CALLER);
    hn_opened_gone(fd);
    return told(tell, HN_NEXT(close)(fd));
}

HN_EXPORT int mq_close(mqd_t q)
{
    bool tell;

    if (go_descriptor_kept(q))
        return refuse();
    tell = tells(CALLER);
    hn_opened_gone(q);
    return told(tell, HN_NEXT(mq_close)(q));
}

/* What is copied is another one then: words go by it as by a stream. Whether it
   is the execution's. */
static bool copies(const void *pc, int from, int to)
{
    if (!hn_answers_serve(pc))
        return false;
    hn_orders_lose_streams();
    return from != to && hn_opened_replaced(to);
}

/* Of what copied: the result. */
static int copied(bool own, int result)
{
    if (own)
        hn_opened_add(result);
    return result;
}

HN_EXPORT int dup2(int from, int to)
{
    bool own;

    if (go_descriptor_kept(to))
        return refuse();
    own = copies(CALLER, from, to);
    return copied(own, HN_NEXT(dup2)(from, to));
}

HN_EXPORT int dup3(int from, int to, int flags)
{
    bool own;

    if (go_descriptor_kept(to))
        return refuse();
    own = copies(CALLER, from, to);
    return copied(own, HN_NEXT(dup3)(from, to, flags));
}

/* None of [first, end) is kept. */
static int close_between(unsigned first, unsigned end, int flags)
{
    return first < end ? HN_NEXT(close_range)(first, end - 1, flags) : 0;
}

/* From one that is kept to the next. */
static int close_around(unsigned first, unsigned last, int flags)
{
    unsigned kept =
        first <= INT_MAX ? (unsigned)go_descriptor_next((int)first) : INT_MAX;
    int err = 0;

    for (; kept < INT_MAX && kept <= last && err == 0;
         kept = (unsigned)go_descriptor_next((int)first)) {
        err = close_between(first, kept, flags);
        first = kept + 1;
    }
    return err == 0 && first <= last ? HN_NEXT(close_range)(first, last, flags)
                                     : err;
}

HN_EXPORT int close_range(unsigned first, unsigned last, int flags)
{
    bool tell = tells(CALLER);

    if (!(flags & CLOEXEC))
        hn_opened_gone_from(first, last);
    return told(tell, first <= last ? close_around(first, last, flags)
                                    : HN_NEXT(close_range)(first, last, flags));
}

/* Where the kernel has no ranges (before 5.9). */
static void close_each(int first)
{
    struct rlimit most;

    if (getrlimit(RLIMIT_NOFILE, &most))
        return;
    for (rlim_t fd = (rlim_t)first; fd < most.rlim_cur && fd < INT_MAX; fd++)
        if (!go_descriptor_kept((int)fd))
            HN_NEXT(close)((int)fd);
}

HN_EXPORT void closefrom(int first)
{
    bool tell = tells(CALLER);

    first = first < 0 ? 0 : first;
    hn_opened_gone_from((unsigned)first, UINT_MAX);
    if (close_around((unsigned)first, UINT_MAX, 0) != 0)
        close_each(first);
    told(tell, 0);
}
