/*
 * kernel.c - words that the kernel keeps for the program.
 *
 * In:  /proc/self/fd, fdinfo and timers. Out: words for the marker.
 *
 * Method: a server knows a connection often by nothing but the pointer that it
 * gave to epoll_ctl, and a timer its object by the value of its signal. /proc
 * tells both. Requests of io_uring that are under way it does not tell, nor
 * those of io_submit: where there are such, no scan is whole (the latter are
 * seen by their mapping, in regions.c).
 *
 * Not here: what is on its way in pipes and sockets, signals queued with a
 * value, messages of mq_notify. These a program declares (go_known_elsewhere).
 */
#define _GNU_SOURCE
#include "runtime/monitor/kernel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/base/throw.h"

struct reading {
    struct mon_kernel *k;
    struct rt_arena *arena;
    bool failed; /* no memory */
};

/* The number that stands behind mark in line, if that is there. */
static void word_add(struct reading *r, const char *line, const char *mark)
{
    const char *at = strstr(line, mark);

    if (!at)
        return;
    if (rt_arena_grow(r->arena, &r->k->words, r->k->n, &r->k->cap,
                      sizeof(*r->k->words)))
        r->k->words[r->k->n++] =
            (uintptr_t)strtoull(at + strlen(mark), NULL, 16);
    else
        r->failed = true;
}

/* Of each line that begins with start, the number behind mark. */
static int lines_read(struct reading *r, const char *path, const char *start,
                      const char *mark)
{
    char text[4096], *line, *end;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t have = 0;
    ssize_t n = -1;

    if (fd < 0)
        return -errno;
    while ((n = read(fd, text + have, sizeof(text) - 1 - have)) > 0) {
        have += (size_t)n;
        text[have] = 0;
        for (line = text; (end = strchr(line, '\n')); line = end + 1) {
            *end = 0;
            if (strncmp(line, start, strlen(start)) == 0)
                word_add(r, line, mark);
        }
        have = (size_t)(text + have - line);
        rt_check(have < sizeof(text) - 1, "kernel: a line of /proc too long");
        memmove(text, line, have);
    }
    close(fd);
    return n < 0 ? -errno : 0;
}

/* One descriptor, by its name in the folder dir. */
static int descriptor_read(struct reading *r, int dir, const char *name)
{
    char path[64], what[64];
    ssize_t n = readlinkat(dir, name, what, sizeof(what) - 1);

    what[n > 0 ? n : 0] = 0;
    if (strcmp(what, "anon_inode:[io_uring]") == 0)
        r->k->unseen = "requests of io_uring";
    if (strcmp(what, "anon_inode:[eventpoll]") != 0)
        return 0;
    snprintf(path, sizeof(path), "/proc/thread-self/fdinfo/%.20s", name);
    return lines_read(r, path, "tfd:", "data:");
}

static int descriptors_read(struct reading *r)
{
    char buf[2048] __attribute__((aligned(8)));
    int dir = open("/proc/thread-self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int err = dir < 0 ? -errno : 0;
    long n = 0;

    while (!err && (n = syscall(SYS_getdents64, dir, buf, sizeof(buf))) > 0)
        for (long at = 0; at < n && !err;) {
            const struct dirent64 *e = (const void *)(buf + at);

            if (e->d_name[0] != '.')
                err = descriptor_read(r, dir, e->d_name);
            at += e->d_reclen;
        }
    if (n < 0)
        err = -errno;
    if (dir >= 0)
        close(dir);
    return err;
}

int mon_kernel_words(struct mon_kernel *k, struct rt_arena *arena)
{
    struct reading r = {k, arena, false};
    int err;

    memset(k, 0, sizeof(*k));
    err = descriptors_read(&r);
    if (!err)
        err = lines_read(&r, "/proc/self/timers", "signal:", "/");
    if (err == -ENOENT) /* not in every kernel */
        err = 0;
    return r.failed ? -ENOMEM : err;
}
