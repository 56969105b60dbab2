/*
 * interrupt.c - whether an exploration is to come to its end before its time.
 *
 * In:  the end of a pipe, from process.c. Out: an instant, in memory that all
 * workers share.
 *
 * Why a pipe and no signal: who handles a signal or blocks it has changed what
 * a scenario may look at, and in the run that is shown, which is in this very
 * process, it would be the scenario's own.
 */
#include "harness/explore/interrupt.h"

#include <poll.h>
#include <stddef.h>
#include <vigil/descriptor.h>

#include "harness/clock.h"
#include "harness/explore/budget.h"
#include "harness/explore/worker.h"

struct heard {
    int64_t at;            /* [atomic] 0: it was not; behind why */
    enum hn_interrupt why; /* [atomic] to all who hear it the same */
};

static struct {
    int fd;           /* -1: none; [init] before any worker */
    struct heard *in; /* shared; NULL: nobody says it */
} now = {.fd = -1};

void hn_interrupt_begin(int fd)
{
    if (fd < 0)
        return;
    now.in = hn_worker_memory(sizeof(*now.in));
    now.fd = now.in ? fd : -1;
}

void hn_interrupt_end(void)
{
    if (now.fd >= 0)
        go_descriptor_close(now.fd);
    hn_worker_memory_free(now.in, sizeof(*now.in));
    now.in = NULL;
    now.fd = -1;
}

int64_t hn_interrupted(void)
{
    return now.in ? __atomic_load_n(&now.in->at, __ATOMIC_ACQUIRE) : 0;
}

enum hn_interrupt hn_interrupt_why(void)
{
    return hn_interrupted() ? __atomic_load_n(&now.in->why, __ATOMIC_RELAXED)
                            : HN_INTERRUPT_NONE;
}

int hn_interrupt_fd(void)
{
    return hn_interrupted() ? -1 : now.fd;
}

/* The byte is left where it is: a worker of a worker may hear it, too. */
void hn_interrupt_hear(short revents)
{
    if (!now.in || hn_interrupted())
        return;
    __atomic_store_n(&now.in->why,
                     revents & POLLIN ? HN_INTERRUPT_LATE : HN_INTERRUPT_ASKED,
                     __ATOMIC_RELAXED);
    __atomic_store_n(&now.in->at, hn_now_ns(), __ATOMIC_RELEASE);
}

int64_t hn_interrupt_until(int64_t until)
{
    int64_t at = hn_interrupted(), rest = at + HN_INTERRUPT_REST;

    return at && (!until || rest < until ||
                  hn_interrupt_why() == HN_INTERRUPT_LATE)
               ? rest
               : until;
}
