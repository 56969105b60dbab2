/*
 * closes.c - closes every descriptor there is, as daemons do, in each way that
 * there is. For hostile.bats. Each leaks one goroutine, which is to be told, and
 * waits for a descriptor after that.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vigil/scenario.h>

#include "tests/hostile/answered.h"

enum {
    FIRST = 3,
    END = 600
};

static void receive(chan(int) c)
{
    chan_recv(c);
}

static void go_on(void)
{
    be_answered();
    go(receive, chan_make(int, 0));
}

#define CLOSES(name, text, how)                                                \
    SCENARIO(name, .about = text, .expect = EXPECT_LEAK(1))                    \
    {                                                                          \
        how;                                                                   \
        go_on();                                                               \
    }

CLOSES(by_closefrom, "closefrom", closefrom(FIRST))
CLOSES(by_close_range, "close_range", close_range(FIRST, ~0u, 0))
CLOSES(by_system_call, "close_range, of the kernel",
       syscall(SYS_close_range, FIRST, ~0u, 0))

static void close_each(void)
{
    for (int fd = FIRST; fd < END; fd++)
        if (close(fd) && errno != EBADF)
            go_panic("descriptor %d is there, and is not closed", fd);
}

CLOSES(by_close, "close of each", close_each())

/* All but those that are not to be had are the same file then, and are closed. */
static void cover_each(void)
{
    for (int fd = FIRST; fd < END; fd++) {
        dup2(0, fd);
        dup3(0, fd, 0);
        close(fd);
    }
}

CLOSES(by_dup, "dup2 and dup3 over each", cover_each())

static void close_slices(void)
{
    for (unsigned fd = FIRST; fd < END; fd += 5)
        close_range(fd, fd + 4, 0);
    if (close_range(5, 4, 0) == 0 || errno != EINVAL)
        go_panic("a range that ends before it begins");
    closefrom(INT_MAX);
}

CLOSES(by_slices, "close_range of five at a time", close_slices())

/* Not by our names. */
static void close_behind(void)
{
    void (*from)(int) =
        (void (*)(int))dlsym(dlopen("libc.so.6", RTLD_LAZY), "closefrom");

    from(FIRST);
}

SCENARIO(behind_in_the_end, .about = "behind our back, with its last breath")
{
    close_behind();
}

SCENARIO(behind_in_midst, .about = "behind our back, and waits then",
         .clock = GO_CLOCK_REAL)
{
    close_behind();
    go_sleep(GO_MILLISECOND);
    go_on();
}
