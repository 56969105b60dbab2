/*
 * interrupted.c - scenarios that go on until somebody interrupts them; each
 * makes a file when it is under way, by which a test knows that.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <vigil/scenario.h>

static void mark(const char *name)
{
    int fd = open(name, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

    if (fd >= 0)
        close(fd);
}

/* In the kernel, and neither vigil nor a clock of processor time knows. */
static void block(void)
{
    for (;;)
        syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
}

static void lock_often(struct go_mutex *m)
{
    for (int i = 0; i < 20; i++) {
        go_mutex_lock(m);
        go_mutex_unlock(m);
    }
}

/* More schedules than anybody can try. */
static void be_many(void)
{
    struct go_mutex m = {0};
    struct go_waitgroup wg = {0};

    for (int i = 0; i < 4; i++)
        go_waitgroup_go(&wg, lock_often, &m);
    go_waitgroup_wait(&wg);
}

#define MANY(name)                                                             \
    SCENARIO(name, .about = "more schedules than can be tried",                \
             .explore = true)                                                  \
    {                                                                          \
        be_many();                                                             \
        mark(#name);                                                           \
    }

MANY(many)
MANY(many_more)
MANY(many_others)

static void set(struct go_atomic *to)
{
    go_atomic_store(to, 1);
}

SCENARIO(met, .about = "some of them fail", .explore = true,
         .expect = EXPECT_PANIC("too late"))
{
    struct go_atomic early = {0};

    go(set, &early);
    go_yield();
    if (go_atomic_load(&early)) {
        mark("met");
        go_panic("too late");
    }
    be_many();
}

SCENARIO(once, .about = "fails, and then blocks for ever", .explore = true,
         .expect = EXPECT_PANIC("once"))
{
    if (access("once", F_OK) == 0) {
        mark("again");
        block();
    }
    mark("once");
    go_panic("once");
}

enum {
    WAYS = 8
};

/* By whoever shows one failure behind the other: what is said goes to memory,
   and what is printed to nobody. */
static bool is_shown(void)
{
    char path[32], to[64] = "";
    struct stat out;

    if (fstat(STDOUT_FILENO, &out) != 0 || !S_ISCHR(out.st_mode))
        return false;
    for (int fd = 3; fd < 600; fd++) {
        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
        if (readlink(path, to, sizeof(to) - 1) > 0 && strstr(to, "memfd:text"))
            return true;
    }
    return false;
}

SCENARIO(ways,
         .about = "fails in many, and blocks in all when it is held or "
                  "shown",
         .explore = true, .expect = EXPECT_PANIC("way"))
{
    static const char *const ways[WAYS] = {"way 0", "way 1", "way 2", "way 3",
                                           "way 4", "way 5", "way 6", "way 7"};
    int way = go_choose(WAYS);

    if (is_shown()) {
        mark("shown");
        block();
    }
    if (access("held", F_OK) == 0)
        block();
    mark(ways[way]);
    go_panic("%s", ways[way]);
}

/* Executions so far, this one as well, of all processes. */
static off_t count(void)
{
    int fd = open("count", O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    off_t n = fd >= 0 && write(fd, "", 1) == 1 ? lseek(fd, 0, SEEK_CUR) : 0;

    if (fd >= 0)
        close(fd);
    return n;
}

/* The first of all, by the default schedule, is not met by chance again. */
SCENARIO(one_blocks,
         .about = "fails in many ways, and blocks where one is done again",
         .explore = true, .expect = EXPECT_PANIC("way"))
{
    int way = go_choose(100000);

    if (count() > 10 && way == 0)
        block();
    go_panic("way %d", way ? 1 + way % (WAYS - 1) : 0);
}

SCENARIO(last, .about = "fails, and blocks in the run that shows it",
         .explore = true, .expect = EXPECT_PANIC("found"))
{
    struct stat out;

    if (fstat(STDOUT_FILENO, &out) == 0 && S_ISFIFO(out.st_mode)) {
        mark("last");
        block();
    }
    go_panic("found");
}

SCENARIO(slow, .about = "has choices, and does not end", .explore = true)
{
    mark("slow");
    for (;;) {
        struct timespec a_moment = {.tv_nsec = 1000000};

        syscall(SYS_ppoll, NULL, 0, &a_moment, NULL, 0);
        go_yield();
    }
}

SCENARIO(blocked, .about = "never comes to a choice", .explore = true)
{
    mark("blocked");
    block();
}

/* Plain runs. */
SCENARIO(stays, .about = "does not end")
{
    mark("stays");
    block();
}

SCENARIO(ends, .about = "ends")
{
    mark("ends");
}
