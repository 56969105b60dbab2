/*
 * descriptor.c - descriptors that are vigil's own.
 *
 * Method: moved up to where programs have none, and written into a few slots,
 * each taken by one compare-exchange: a fork's child has them too.
 */
#include <vigil/descriptor.h>

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "runtime/base/cpu.h"

enum {
    OUT_OF_SIGHT = 500, /* from here on; higher ones would grow the kernel's
                           table, which each fork copies */
    SLOTS = 32
};

static int slots[SLOTS]; /* [atomic] 1 + the number; 0: free */

static bool replace(int was, int is)
{
    for (int i = 0; i < SLOTS; i++) {
        int seen = was;

        if (rt_load(slots[i]) == was &&
            __atomic_compare_exchange_n(&slots[i], &seen, is, false,
                                        __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            return true;
    }
    return false;
}

int go_descriptor_keep(int fd)
{
    int to = fcntl(fd, F_DUPFD_CLOEXEC, OUT_OF_SIGHT);

    if (to < 0) { /* the limit is lower */
        fcntl(fd, F_SETFD, FD_CLOEXEC);
        to = fd;
    } else {
        close(fd);
    }
    replace(0, to + 1);
    return to;
}

/* Known no more first: who stands in front of close refuses it else. */
void go_descriptor_close(int fd)
{
    replace(fd + 1, 0);
    close(fd);
}

void go_descriptor_none(void)
{
    for (int i = 0; i < SLOTS; i++)
        rt_store(slots[i], 0);
}

int go_descriptor_next(int fd)
{
    int next = INT_MAX;

    for (int i = 0; i < SLOTS; i++) {
        int kept = rt_load(slots[i]) - 1;

        if (kept >= fd && kept < next)
            next = kept;
    }
    return next;
}

bool go_descriptor_kept(int fd)
{
    return fd >= 0 && go_descriptor_next(fd) == fd;
}
