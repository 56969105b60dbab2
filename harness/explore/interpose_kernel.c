/*
 * interpose_kernel.c - the C library's names for what brings word from one
 * goroutine to another by way of the kernel, in front of the C library.
 *
 * In:  calls of anybody in the process. Out: what the C library does, and who
 * comes after whom by it, for who looks for data races (vigil/control.h).
 *
 * Method: there is one key for all of it, as in Go's race detector: what was
 * written anywhere is past for who reads anywhere. Which file, and whose, would
 * be to know what the kernel knows. Where the way back is not a call that we
 * have (streams, notifications) nothing is told any more. All that is of the
 * executable's own calls, in a goroutine: others may bring no word to it but by
 * one of these.
 */
#undef _FORTIFY_SOURCE
#define _GNU_SOURCE
#include <aio.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vigil/outer.h>

#include "harness/explore/answers.h"
#include "harness/explore/next.h"
#include "harness/explore/orders.h"

#define OURS hn_answers_serve(__builtin_return_address(0))

static const char kernel; /* the key */

static void ask(void)
{
    go_control_unseen("other orders of what is asked of the kernel");
}

static void writes(void)
{
    ask();
    go_control_release(&kernel);
}

static void reads(void)
{
    ask();
    go_control_acquire(&kernel);
}

/* What is printed comes back to nobody, but by what is asked for. */
static void prints(int fd)
{
    if (fd > STDERR_FILENO)
        ask();
    go_control_release(&kernel);
}

#define CALL(type, name, params, args, before, after)                          \
    HN_EXPORT type name params;                                                \
    HN_EXPORT type name params                                                 \
    {                                                                          \
        type result;                                                           \
                                                                               \
        if (!OURS)                                                             \
            return HN_NEXT(name) args;                                         \
        before;                                                                \
        result = HN_NEXT(name) args;                                           \
        after;                                                                 \
        return result;                                                         \
    }
#define READS(type, name, params, args)                                        \
    CALL(type, name, params, args, (void)0, reads())
#define WRITES(type, name, params, args)                                       \
    CALL(type, name, params, args, writes(), (void)0)
#define PRINTS(type, name, params, args)                                       \
    CALL(type, name, params, args, prints(fd), (void)0)
#define BOTH(type, name, params, args)                                         \
    CALL(type, name, params, args, writes(), reads())

/* ---- descriptors ---------------------------------------------------------*/

READS(ssize_t, read, (int fd, void *to, size_t n), (fd, to, n))
READS(ssize_t, __read_chk, (int fd, void *to, size_t n, size_t room),
      (fd, to, n, room))
READS(ssize_t, readv, (int fd, const struct iovec *to, int n), (fd, to, n))
READS(ssize_t, pread, (int fd, void *to, size_t n, off_t at), (fd, to, n, at))
READS(ssize_t, pread64, (int fd, void *to, size_t n, off64_t at),
      (fd, to, n, at))
READS(ssize_t, recv, (int fd, void *to, size_t n, int flags),
      (fd, to, n, flags))
READS(ssize_t, __recv_chk, (int fd, void *to, size_t n, size_t room, int flags),
      (fd, to, n, room, flags))
READS(ssize_t, recvfrom,
      (int fd, void *restrict to, size_t n, int flags,
       struct sockaddr *restrict whose, socklen_t *restrict len),
      (fd, to, n, flags, whose, len))
READS(ssize_t, recvmsg, (int fd, struct msghdr *to, int flags), (fd, to, flags))
READS(int, eventfd_read, (int fd, eventfd_t *to), (fd, to))
READS(int, accept,
      (int fd, struct sockaddr *restrict whose, socklen_t *restrict len),
      (fd, whose, len))
READS(int, accept4,
      (int fd, struct sockaddr *restrict whose, socklen_t *restrict len,
       int flags),
      (fd, whose, len, flags))

PRINTS(ssize_t, write, (int fd, const void *from, size_t n), (fd, from, n))
PRINTS(ssize_t, writev, (int fd, const struct iovec *from, int n),
       (fd, from, n))
WRITES(ssize_t, pwrite, (int fd, const void *from, size_t n, off_t at),
       (fd, from, n, at))
WRITES(ssize_t, pwrite64, (int fd, const void *from, size_t n, off64_t at),
       (fd, from, n, at))
WRITES(ssize_t, send, (int fd, const void *from, size_t n, int flags),
       (fd, from, n, flags))
WRITES(ssize_t, sendto,
       (int fd, const void *from, size_t n, int flags,
        const struct sockaddr *to, socklen_t len),
       (fd, from, n, flags, to, len))
WRITES(ssize_t, sendmsg, (int fd, const struct msghdr *from, int flags),
       (fd, from, flags))
WRITES(int, eventfd_write, (int fd, eventfd_t value), (fd, value))
WRITES(int, close, (int fd), (fd))
WRITES(int, shutdown, (int fd, int how), (fd, how))
WRITES(int, connect, (int fd, const struct sockaddr *to, socklen_t len),
       (fd, to, len))

READS(int, poll, (struct pollfd * fds, nfds_t n, int ms), (fds, n, ms))
READS(int, ppoll,
      (struct pollfd * fds, nfds_t n, const struct timespec *t,
       const sigset_t *mask),
      (fds, n, t, mask))
READS(int, select,
      (int n, fd_set *restrict r, fd_set *restrict w, fd_set *restrict e,
       struct timeval *restrict t),
      (n, r, w, e, t))
READS(int, pselect,
      (int n, fd_set *restrict r, fd_set *restrict w, fd_set *restrict e,
       const struct timespec *restrict t, const sigset_t *restrict mask),
      (n, r, w, e, t, mask))
READS(int, epoll_wait, (int fd, struct epoll_event *to, int n, int ms),
      (fd, to, n, ms))
READS(int, epoll_pwait,
      (int fd, struct epoll_event *to, int n, int ms, const sigset_t *mask),
      (fd, to, n, ms, mask))

/* ---- files: what is there, and whose lock --------------------------------*/

BOTH(int, access, (const char *path, int mode), (path, mode))
BOTH(int, stat, (const char *restrict path, struct stat *restrict to),
     (path, to))
BOTH(int, lstat, (const char *restrict path, struct stat *restrict to),
     (path, to))
BOTH(int, fstat, (int fd, struct stat *to), (fd, to))
BOTH(int, unlink, (const char *path), (path))
BOTH(int, rename, (const char *from, const char *to), (from, to))
BOTH(int, link, (const char *from, const char *to), (from, to))
BOTH(int, symlink, (const char *from, const char *to), (from, to))
BOTH(int, mkdir, (const char *path, mode_t mode), (path, mode))
BOTH(int, rmdir, (const char *path), (path))
BOTH(int, flock, (int fd, int how), (fd, how))
BOTH(int, lockf, (int fd, int how, off_t n), (fd, how, n))
BOTH(int, ftruncate, (int fd, off_t n), (fd, n))

/* One more argument, which may not be there: a word, as it comes. */
#define ONE_MORE(type, name, params, last, args)                               \
    HN_EXPORT type name params;                                                \
    HN_EXPORT type name params                                                 \
    {                                                                          \
        va_list ap;                                                            \
        long more;                                                             \
        type result;                                                           \
                                                                               \
        va_start(ap, last);                                                    \
        more = va_arg(ap, long);                                               \
        va_end(ap);                                                            \
        if (!OURS)                                                             \
            return HN_NEXT(name) args;                                         \
        writes();                                                              \
        result = HN_NEXT(name) args;                                           \
        reads();                                                               \
        return result;                                                         \
    }

ONE_MORE(int, open, (const char *path, int flags, ...), flags,
         (path, flags, more))
ONE_MORE(int, open64, (const char *path, int flags, ...), flags,
         (path, flags, more))
ONE_MORE(int, openat, (int fd, const char *path, int flags, ...), flags,
         (fd, path, flags, more))
ONE_MORE(int, openat64, (int fd, const char *path, int flags, ...), flags,
         (fd, path, flags, more))
ONE_MORE(int, fcntl, (int fd, int what, ...), what, (fd, what, more))
ONE_MORE(int, fcntl64, (int fd, int what, ...), what, (fd, what, more))
ONE_MORE(int, ioctl, (int fd, unsigned long what, ...), what, (fd, what, more))
ONE_MORE(int, semctl, (int id, int n, int what, ...), what, (id, n, what, more))

/* ---- messages, signals, processes, the environment -----------------------*/

BOTH(int, mq_send, (mqd_t q, const char *from, size_t n, unsigned rank),
     (q, from, n, rank))
BOTH(ssize_t, mq_receive, (mqd_t q, char *to, size_t n, unsigned *rank),
     (q, to, n, rank))
BOTH(int, msgsnd, (int q, const void *from, size_t n, int flags),
     (q, from, n, flags))
BOTH(ssize_t, msgrcv, (int q, void *to, size_t n, long type, int flags),
     (q, to, n, type, flags))
BOTH(int, semop, (int id, struct sembuf *ops, size_t n), (id, ops, n))
BOTH(int, semtimedop,
     (int id, struct sembuf *ops, size_t n, const struct timespec *t),
     (id, ops, n, t))

BOTH(unsigned, alarm, (unsigned seconds), (seconds))
BOTH(int, setitimer,
     (__itimer_which_t which, const struct itimerval *restrict how,
      struct itimerval *restrict old),
     (which, how, old))
BOTH(int, kill, (pid_t pid, int sig), (pid, sig))
BOTH(int, raise, (int sig), (sig))
BOTH(int, pthread_kill, (pthread_t thread, int sig), (thread, sig))
BOTH(int, sigqueue, (pid_t pid, int sig, const union sigval value),
     (pid, sig, value))
BOTH(int, sigpending, (sigset_t * to), (to))
BOTH(int, sigwait, (const sigset_t *restrict set, int *restrict to), (set, to))
BOTH(int, sigwaitinfo, (const sigset_t *restrict set, siginfo_t *restrict to),
     (set, to))
BOTH(int, sigtimedwait,
     (const sigset_t *restrict set, siginfo_t *restrict to,
      const struct timespec *restrict t),
     (set, to, t))
BOTH(int, sigsuspend, (const sigset_t *mask), (mask))

/* The child makes no choices: what it calls is the C library's. */
HN_EXPORT pid_t fork(void)
{
    pid_t child;

    if (!OURS)
        return HN_NEXT(fork)();
    writes();
    child = HN_NEXT(fork)();
    if (child == 0)
        hn_answers_end();
    else
        reads();
    return child;
}

BOTH(pid_t, wait, (int *status), (status))
BOTH(pid_t, waitpid, (pid_t pid, int *status, int flags), (pid, status, flags))
BOTH(int, waitid, (idtype_t what, id_t id, siginfo_t *to, int flags),
     (what, id, to, flags))

BOTH(clock_t, times, (struct tms * to), (to))
BOTH(int, getrusage, (__rusage_who_t whose, struct rusage *to), (whose, to))

/* What nobody changes is the same for all. */
#define LOOKS(type, name, params, args)                                        \
    CALL(type, name, params, args, (void)0, go_control_acquire(&kernel))

LOOKS(char *, getenv, (const char *name), (name))
LOOKS(char *, secure_getenv, (const char *name), (name))
BOTH(int, setenv, (const char *name, const char *value, int over),
     (name, value, over))
BOTH(int, unsetenv, (const char *name), (name))
BOTH(int, putenv, (char *text), (text))

HN_EXPORT long syscall(long number, ...)
{
    long a[6], result;
    va_list ap;

    va_start(ap, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(ap, long);
    va_end(ap);
    if (!OURS)
        return HN_NEXT(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    writes();
    result = HN_NEXT(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    reads();
    return result;
}

/* ---- what can not be followed --------------------------------------------*/

/* Streams let go of nothing by themselves. */
static void lose_streams(void)
{
    go_control_unseen(HN_ORDERS_STREAMS);
    go_control_untold(HN_ORDERS_STREAMS, false);
}

#define STREAM(type, name, params, args)                                       \
    HN_EXPORT type name params                                                 \
    {                                                                          \
        if (OURS)                                                              \
            lose_streams();                                                    \
        return HN_NEXT(name) args;                                             \
    }

/* From here on somebody else may let go of locks, be it for a library. What a
   handler does comes by what was asked for, or by no schedule at all. */
static void is_not_alone(const char *what)
{
    if (strcmp(what, HN_ORDERS_SIGNALS) != 0)
        go_control_unseen(what);
    go_control_untold(what, true);
    go_outer_others();
}

#define BESIDE(type, name, params, args, what)                                 \
    HN_EXPORT type name params                                                 \
    {                                                                          \
        if (go_outer_runs())                                                   \
            is_not_alone(what);                                                \
        return HN_NEXT(name) args;                                             \
    }

STREAM(FILE *, fopen, (const char *restrict path, const char *restrict mode),
       (path, mode))
STREAM(FILE *, fopen64, (const char *restrict path, const char *restrict mode),
       (path, mode))
STREAM(FILE *, freopen,
       (const char *restrict path, const char *restrict mode, FILE *restrict f),
       (path, mode, f))
STREAM(FILE *, fdopen, (int fd, const char *mode), (fd, mode))
STREAM(FILE *, popen, (const char *command, const char *mode), (command, mode))
STREAM(FILE *, fmemopen, (void *at, size_t n, const char *mode), (at, n, mode))
STREAM(FILE *, open_memstream, (char **at, size_t *n), (at, n))
STREAM(FILE *, tmpfile, (void), ())
STREAM(int, dup2, (int from, int to), (from, to))
STREAM(int, dup3, (int from, int to, int flags), (from, to, flags))

BESIDE(int, sigaction,
       (int sig, const struct sigaction *restrict how,
        struct sigaction *restrict old),
       (sig, how, old), HN_ORDERS_SIGNALS)
BESIDE(sighandler_t, signal, (int sig, sighandler_t handler), (sig, handler),
       HN_ORDERS_SIGNALS)

BESIDE(int, timer_create,
       (clockid_t clock, struct sigevent *restrict how, timer_t *restrict to),
       (clock, how, to), HN_ORDERS_KERNEL)
BESIDE(int, mq_notify, (mqd_t q, const struct sigevent *how), (q, how),
       HN_ORDERS_KERNEL)
BESIDE(int, aio_read, (struct aiocb * what), (what), HN_ORDERS_KERNEL)
BESIDE(int, aio_write, (struct aiocb * what), (what), HN_ORDERS_KERNEL)
BESIDE(int, lio_listio,
       (int mode, struct aiocb *const *restrict all, int n,
        struct sigevent *restrict how),
       (mode, all, n, how), HN_ORDERS_KERNEL)
