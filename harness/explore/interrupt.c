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

#include <stddef.h>
#include <vigil/descriptor.h>

#include "harness/clock.h"
#include "harness/explore/worker.h"

static struct {
    int fd;      /* -1: none; [init] before any worker */
    int64_t *at; /* [atomic] shared; NULL: nobody says it */
} now = {.fd = -1};

void hn_interrupt_begin(int fd)
{
    if (fd < 0)
        return;
    now.at = hn_worker_memory(sizeof(*now.at));
    now.fd = now.at ? fd : -1;
}

void hn_interrupt_end(void)
{
    if (now.fd >= 0)
        go_descriptor_close(now.fd);
    hn_worker_memory_free(now.at, sizeof(*now.at));
    now.at = NULL;
    now.fd = -1;
}

int64_t hn_interrupted(void)
{
    return now.at ? __atomic_load_n(now.at, __ATOMIC_RELAXED) : 0;
}

int hn_interrupt_fd(void)
{
    return hn_interrupted() ? -1 : now.fd;
}

void hn_interrupt_hear(void)
{
    if (now.at && !hn_interrupted())
        __atomic_store_n(now.at, hn_now_ns(), __ATOMIC_RELAXED);
}

int64_t hn_interrupt_until(int64_t until)
{
    int64_t at = hn_interrupted(), rest = at + HN_INTERRUPT_REST;

    return at && (!until || rest < until) ? rest : until;
}
