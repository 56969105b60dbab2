/*
 * interpose_opened.c - the C library's names for what makes descriptors, in
 * front of the C library.
 *
 * In:  calls of anybody in the process. Out: what the C library does; those that
 * a goroutine's own calls make are noted (opened.h). What also asks for what is
 * there already goes by interpose_kernel.c.
 */
#undef _FILE_OFFSET_BITS
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "harness/explore/answers.h"
#include "harness/explore/next.h"
#include "harness/explore/opened.h"

#define OPENS(name, params, args)                                              \
    HN_EXPORT int name params;                                                 \
    HN_EXPORT int name params                                                  \
    {                                                                          \
        int fd = HN_NEXT(name) args;                                           \
                                                                               \
        if (HN_SERVED)                                                         \
            hn_opened_add(fd);                                                 \
        return fd;                                                             \
    }
#define OPENS_TWO(name, params, args)                                          \
    HN_EXPORT int name params;                                                 \
    HN_EXPORT int name params                                                  \
    {                                                                          \
        int err = HN_NEXT(name) args;                                          \
                                                                               \
        for (int i = 0; i < 2 && err == 0 && HN_SERVED; i++)                   \
            hn_opened_add(fds[i]);                                             \
        return err;                                                            \
    }

OPENS_TWO(pipe, (int fds[2]), (fds))
OPENS_TWO(pipe2, (int fds[2], int flags), (fds, flags))
OPENS_TWO(socketpair, (int family, int type, int protocol, int fds[2]),
          (family, type, protocol, fds))
OPENS(socket, (int family, int type, int protocol), (family, type, protocol))
OPENS(dup, (int fd_from), (fd_from))
OPENS(eventfd, (unsigned value, int flags), (value, flags))
OPENS(timerfd_create, (clockid_t clock, int flags), (clock, flags))
OPENS(signalfd, (int fd_from, const sigset_t *mask, int flags),
      (fd_from, mask, flags))
OPENS(epoll_create, (int size), (size))
OPENS(epoll_create1, (int flags), (flags))
OPENS(inotify_init, (void), ())
OPENS(inotify_init1, (int flags), (flags))
OPENS(memfd_create, (const char *name, unsigned flags), (name, flags))
OPENS(shm_open, (const char *name, int flags, mode_t mode), (name, flags, mode))
OPENS(creat, (const char *path, mode_t mode), (path, mode))
OPENS(creat64, (const char *path, mode_t mode), (path, mode))
OPENS(mkstemp, (char *path), (path))
OPENS(mkstemp64, (char *path), (path))
OPENS(mkostemp, (char *path, int flags), (path, flags))
OPENS(mkostemp64, (char *path, int flags), (path, flags))
OPENS(mkstemps, (char *path, int suffix), (path, suffix))
OPENS(mkstemps64, (char *path, int suffix), (path, suffix))
OPENS(mkostemps, (char *path, int suffix, int flags), (path, suffix, flags))
OPENS(mkostemps64, (char *path, int suffix, int flags), (path, suffix, flags))

/* Closed by closedir, which is none of our calls. */
HN_EXPORT DIR *fdopendir(int fd)
{
    DIR *d = HN_NEXT(fdopendir)(fd);

    if (d && HN_SERVED)
        hn_opened_gone(fd);
    return d;
}
