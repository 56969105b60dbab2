/*
 * opened.c - notes what is opened, and closes it.
 *
 * Method: a bit for each number. What has a higher one than there are bits stays
 * open. Who closes standard input, output or error, or puts another in its place,
 * does so for all executions that follow: so a copy is kept, which changes
 * nothing for anybody, for all three come from outside. Of any other descriptor
 * from before the first execution the program may wait for the end, which would
 * not come while there is a copy: it is not put back.
 */
#define _GNU_SOURCE
#include "harness/explore/opened.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>
#include <vigil/descriptor.h>
#include <vigil/elsewhere.h>

#include "harness/explore/orders.h"

enum {
    MOST = 1 << 16,
    BITS = 64,
    STANDARD = STDERR_FILENO + 1,
};

static uint64_t words[MOST / BITS]; /* [atomic] */
static uint32_t used;               /* of words, up to the last that was set */
static int kept[STANDARD];          /* 1 + the copy of it; 0: none */
static bool on;

static bool is_noted(int fd)
{
    return fd >= 0 && fd < MOST &&
           __atomic_load_n(&words[fd / BITS], __ATOMIC_RELAXED) >> fd % BITS &
               1;
}

bool hn_opened_add(int fd)
{
    if (fd < 0)
        return false;
    if (!on || fd >= MOST)
        return true;
    __atomic_fetch_or(&words[fd / BITS], UINT64_C(1) << fd % BITS,
                      __ATOMIC_RELAXED);
    if (used <= (uint32_t)fd / BITS)
        used = (uint32_t)fd / BITS + 1;
    return true;
}

static void drop(int fd)
{
    __atomic_fetch_and(&words[fd / BITS], ~(UINT64_C(1) << fd % BITS),
                       __ATOMIC_RELAXED);
}

/* One of those from before. */
static void keep(int fd)
{
    int saved = errno, copy;

    if (on && fd < STANDARD && !kept[fd] && go_control_runs() &&
        (copy = fcntl(fd, F_DUPFD_CLOEXEC, STANDARD)) >= 0)
        kept[fd] = 1 + go_descriptor_keep(copy);
    errno = saved;
}

void hn_opened_gone(int fd)
{
    if (fd < 0 || fd >= MOST)
        return;
    if (is_noted(fd))
        drop(fd);
    else
        keep(fd);
}

void hn_opened_gone_from(unsigned first, unsigned last)
{
    for (unsigned fd = first; fd < MOST && fd <= last; fd++)
        if (fd < STANDARD || fd / BITS < used)
            hn_opened_gone((int)fd);
}

bool hn_opened_replaced(int fd)
{
    int saved = errno;
    bool own = is_noted(fd) || fcntl(fd, F_GETFD) < 0;

    errno = saved;
    if (!own)
        hn_opened_gone(fd);
    return own;
}

static void put_back(int fd)
{
    int copy = kept[fd] - 1;

    kept[fd] = 0;
    dup2(copy, fd);
    go_descriptor_close(copy);
}

void hn_opened_close(void)
{
    bool closes = !hn_orders_beside();

    for (uint32_t i = 0; i < used; i++) {
        uint64_t bits = __atomic_exchange_n(&words[i], 0, __ATOMIC_RELAXED);

        for (; bits && closes; bits &= bits - 1)
            close((int)(i * BITS) + __builtin_ctzll(bits));
    }
    used = 0;
    for (int fd = 0; fd < STANDARD; fd++)
        if (kept[fd])
            put_back(fd);
}

void hn_opened_begin(void)
{
    on = true;
}

void hn_opened_end(void)
{
    hn_opened_close();
    on = false;
}
