/*
 * interpose_kernel.c - the C library's names for what brings word from one
 * goroutine to another by way of the kernel, in front of the C library.
 *
 * In:  calls of anybody in the process. Out: what the C library does, and who
 * comes after whom by it, for who looks for data races (vigil/elsewhere.h).
 *
 * Method: word.h, for descriptors, messages, signals, processes and the
 * environment; interpose_files.c has the names of files. All that is of the
 * executable's own calls, in a goroutine: others may bring no word to it but by
 * one of these, or by what can not be followed (interpose_unseen.c). A name that
 * a program has another for, by how it is compiled (files of 64 bits, buffers
 * that are checked), is there with that as well.
 *
 * K1  To the kernel all goroutines are one thread: who waited there would keep
 *     everybody from doing what it waits for. So who would have to wait for a
 *     descriptor waits as for one of vigil's, and asks again.
 * K2  Not so who would not wait for ever, by the descriptor or the call: how
 *     long that is the kernel measures, by real time.
 * K3  Where it is not known whether a call would wait, it is none of the
 *     choices: in another order it might, for ever.
 */
#undef _FORTIFY_SOURCE
#undef _FILE_OFFSET_BITS
#define _GNU_SOURCE
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/sendfile.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vigil/outer.h>

#include "harness/explore/word.h"

static bool is_ready(int fd, short events)
{
    struct pollfd p = {.fd = fd, .events = events};

    return HN_NEXT(poll)(&p, 1, 0) != 0;
}

/* K1: whether a call would wait for it. */
static bool would_block(int fd, short events)
{
    int flags = HN_NEXT(fcntl)(fd, F_GETFL);

    return flags >= 0 && !(flags & O_NONBLOCK) && !is_ready(fd, events);
}

/* K2: it gives up by itself. */
static bool has_time(int fd, int which)
{
    struct timeval t = {0};
    socklen_t n = sizeof(t);

    return getsockopt(fd, SOL_SOCKET, which, &t, &n) == 0 &&
           (t.tv_sec || t.tv_usec);
}

/* Who can write now changes something. */
static bool ask_once(const void *pc, int fd, short events)
{
    bool tells = events == POLLOUT && is_ready(fd, events);

    return go_control_ask(tells ? GO_OP_IO : GO_OP_ASK, pc);
}

/* K1 */
static void ask_for(const void *pc, int fd, short events)
{
    int which = events == POLLIN ? SO_RCVTIMEO : SO_SNDTIMEO;

    while (ask_once(pc, fd, events) && would_block(fd, events) &&
           !has_time(fd, which) && go_outer_ready(fd, events, pc))
        continue;
}

static void ask_by(const void *pc, int fd, short events, int flags)
{
    if (flags & MSG_DONTWAIT)
        ask_once(pc, fd, events);
    else
        ask_for(pc, fd, events);
}

/* What is printed comes back to nobody, but by what is asked for. */
static void prints(const void *pc, int fd)
{
    if (fd > STDERR_FILENO)
        ask_for(pc, fd, POLLOUT);
}

#define IN          ask_for(CALLER, fd, POLLIN)
#define OUT         ask_for(CALLER, fd, POLLOUT)
#define IN_BY(how)  ask_by(CALLER, fd, POLLIN, how)
#define OUT_BY(how) ask_by(CALLER, fd, POLLOUT, how)

/* ---- descriptors ---------------------------------------------------------*/

READS(ssize_t, read, (int fd, void *to, size_t n), (fd, to, n), IN, result > 0)
READS(ssize_t, __read_chk, (int fd, void *to, size_t n, size_t room),
      (fd, to, n, room), IN, result > 0)
READS(ssize_t, readv, (int fd, const struct iovec *to, int n), (fd, to, n), IN,
      result > 0)
READS(ssize_t, pread, (int fd, void *to, size_t n, off_t at), (fd, to, n, at),
      ASK, result > 0)
READS(ssize_t, pread64, (int fd, void *to, size_t n, off64_t at),
      (fd, to, n, at), ASK, result > 0)
READS(ssize_t, __pread_chk, (int fd, void *to, size_t n, off_t at, size_t room),
      (fd, to, n, at, room), ASK, result > 0)
READS(ssize_t, __pread64_chk,
      (int fd, void *to, size_t n, off64_t at, size_t room),
      (fd, to, n, at, room), ASK, result > 0)
READS(ssize_t, preadv, (int fd, const struct iovec *to, int n, off_t at),
      (fd, to, n, at), ASK, result > 0)
READS(ssize_t, preadv64, (int fd, const struct iovec *to, int n, off64_t at),
      (fd, to, n, at), ASK, result > 0)
READS(ssize_t, preadv2,
      (int fd, const struct iovec *to, int n, off_t at, int flags),
      (fd, to, n, at, flags), at<0 ? IN : ASK, result> 0)
READS(ssize_t, preadv64v2,
      (int fd, const struct iovec *to, int n, off64_t at, int flags),
      (fd, to, n, at, flags), at<0 ? IN : ASK, result> 0)
READS(ssize_t, recv, (int fd, void *to, size_t n, int flags),
      (fd, to, n, flags), IN_BY(flags), result > 0)
READS(ssize_t, __recv_chk, (int fd, void *to, size_t n, size_t room, int flags),
      (fd, to, n, room, flags), IN_BY(flags), result > 0)
READS(ssize_t, recvfrom,
      (int fd, void *restrict to, size_t n, int flags,
       struct sockaddr *restrict whose, socklen_t *restrict len),
      (fd, to, n, flags, whose, len), IN_BY(flags), result > 0)
READS(ssize_t, __recvfrom_chk,
      (int fd, void *restrict to, size_t n, size_t room, int flags,
       struct sockaddr *restrict whose, socklen_t *restrict len),
      (fd, to, n, room, flags, whose, len), IN_BY(flags), result > 0)
READS(ssize_t, recvmsg, (int fd, struct msghdr *to, int flags), (fd, to, flags),
      IN_BY(flags), result > 0)
READS(int, recvmmsg,
      (int fd, struct mmsghdr *to, unsigned n, int flags, struct timespec *t),
      (fd, to, n, flags, t), flags &MSG_DONTWAIT ? ASK : hn_word_wait(),
      result > 0)
READS(int, eventfd_read, (int fd, eventfd_t *to), (fd, to), IN, result == 0)
READS(int, accept,
      (int fd, struct sockaddr *restrict whose, socklen_t *restrict len),
      (fd, whose, len), IN, hn_opened_add(result))
READS(int, accept4,
      (int fd, struct sockaddr *restrict whose, socklen_t *restrict len,
       int flags),
      (fd, whose, len, flags), IN, hn_opened_add(result))

WRITES(ssize_t, write, (int fd, const void *from, size_t n), (fd, from, n),
       prints(CALLER, fd))
WRITES(ssize_t, writev, (int fd, const struct iovec *from, int n),
       (fd, from, n), prints(CALLER, fd))
WRITES(ssize_t, pwrite, (int fd, const void *from, size_t n, off_t at),
       (fd, from, n, at), TELL)
WRITES(ssize_t, pwrite64, (int fd, const void *from, size_t n, off64_t at),
       (fd, from, n, at), TELL)
WRITES(ssize_t, pwritev, (int fd, const struct iovec *from, int n, off_t at),
       (fd, from, n, at), TELL)
WRITES(ssize_t, pwritev64,
       (int fd, const struct iovec *from, int n, off64_t at), (fd, from, n, at),
       TELL)
WRITES(ssize_t, pwritev2,
       (int fd, const struct iovec *from, int n, off_t at, int flags),
       (fd, from, n, at, flags), at < 0 ? OUT : TELL)
WRITES(ssize_t, pwritev64v2,
       (int fd, const struct iovec *from, int n, off64_t at, int flags),
       (fd, from, n, at, flags), at < 0 ? OUT : TELL)
WRITES(ssize_t, send, (int fd, const void *from, size_t n, int flags),
       (fd, from, n, flags), OUT_BY(flags))
WRITES(ssize_t, sendto,
       (int fd, const void *from, size_t n, int flags,
        const struct sockaddr *to, socklen_t len),
       (fd, from, n, flags, to, len), OUT_BY(flags))
WRITES(ssize_t, sendmsg, (int fd, const struct msghdr *from, int flags),
       (fd, from, flags), OUT_BY(flags))
WRITES(int, sendmmsg, (int fd, struct mmsghdr *from, unsigned n, int flags),
       (fd, from, n, flags), OUT_BY(flags))
WRITES(int, eventfd_write, (int fd, eventfd_t value), (fd, value), OUT)
WRITES(int, shutdown, (int fd, int how), (fd, how), TELL)
WRITES(int, connect, (int fd, const struct sockaddr *to, socklen_t len),
       (fd, to, len), TELL)
TRIES(int, bind, (int fd, const struct sockaddr *as, socklen_t len),
      (fd, as, len))
TRIES(int, listen, (int fd, int n), (fd, n))
TRIES(int, getsockopt,
      (int fd, int level, int which, void *restrict to,
       socklen_t *restrict len),
      (fd, level, which, to, len))
CHANGES(int, setsockopt,
        (int fd, int level, int which, const void *from, socklen_t len),
        (fd, level, which, from, len))
TRIES(int, getsockname,
      (int fd, struct sockaddr *restrict to, socklen_t *restrict len),
      (fd, to, len))
TRIES(int, getpeername,
      (int fd, struct sockaddr *restrict to, socklen_t *restrict len),
      (fd, to, len))
TRIES(int, sockatmark, (int fd), (fd))
TRIES(int, isatty, (int fd), (fd))

/* From one to another, either of which may keep it waiting. */
WAITS(ssize_t, sendfile, (int to, int from, off_t *at, size_t n),
      (to, from, at, n))
WAITS(ssize_t, sendfile64, (int to, int from, off64_t *at, size_t n),
      (to, from, at, n))
WAITS(ssize_t, splice,
      (int from, off64_t *at, int to, off64_t *at_to, size_t n, unsigned flags),
      (from, at, to, at_to, n, flags))
WAITS(ssize_t, tee, (int from, int to, size_t n, unsigned flags),
      (from, to, n, flags))
WAITS(ssize_t, vmsplice,
      (int fd, const struct iovec *what, size_t n, unsigned flags),
      (fd, what, n, flags))
CHANGES(ssize_t, copy_file_range,
        (int from, off64_t *at, int to, off64_t *at_to, size_t n,
         unsigned flags),
        (from, at, to, at_to, n, flags))

static int ms_of(const struct timespec *t)
{
    return !t ? -1 : t->tv_sec || t->tv_nsec;
}

/* That something is there changes nothing. */
static void ask_polled(const void *pc, const struct pollfd *p, nfds_t n, int ms)
{
    if (ms == 0)
        hn_word_ask(pc);
    else if (ms < 0 && n == 1 && (p->events == POLLIN || p->events == POLLOUT))
        ask_for(pc, p->fd, p->events);
    else
        hn_word_wait();
}

READS(int, poll, (struct pollfd * fds, nfds_t n, int ms), (fds, n, ms),
      ask_polled(CALLER, fds, n, ms), false)
READS(int, ppoll,
      (struct pollfd * fds, nfds_t n, const struct timespec *t,
       const sigset_t *mask),
      (fds, n, t, mask), ask_polled(CALLER, fds, n, ms_of(t)), false)
READS(int, __poll_chk, (struct pollfd * fds, nfds_t n, int ms, size_t room),
      (fds, n, ms, room), ask_polled(CALLER, fds, n, ms), false)
READS(int, __ppoll_chk,
      (struct pollfd * fds, nfds_t n, const struct timespec *t,
       const sigset_t *mask, size_t room),
      (fds, n, t, mask, room), ask_polled(CALLER, fds, n, ms_of(t)), false)
READS(int, select,
      (int n, fd_set *restrict r, fd_set *restrict w, fd_set *restrict e,
       struct timeval *restrict t),
      (n, r, w, e, t), t && !t->tv_sec && !t->tv_usec ? ASK : hn_word_wait(),
      false)
READS(int, pselect,
      (int n, fd_set *restrict r, fd_set *restrict w, fd_set *restrict e,
       const struct timespec *restrict t, const sigset_t *restrict mask),
      (n, r, w, e, t, mask), ms_of(t) == 0 ? ASK : hn_word_wait(), false)
READS(int, epoll_wait, (int fd, struct epoll_event *to, int n, int ms),
      (fd, to, n, ms),
      ms < 0    ? IN
      : ms == 0 ? ASK
                : hn_word_wait(),
      false)
READS(int, epoll_pwait,
      (int fd, struct epoll_event *to, int n, int ms, const sigset_t *mask),
      (fd, to, n, ms, mask),
      ms < 0    ? IN
      : ms == 0 ? ASK
                : hn_word_wait(),
      false)
READS(int, epoll_pwait2,
      (int fd, struct epoll_event *to, int n, const struct timespec *t,
       const sigset_t *mask),
      (fd, to, n, t, mask),
      !t              ? IN
      : ms_of(t) == 0 ? ASK
                      : hn_word_wait(),
      false)
CHANGES(int, epoll_ctl, (int fd, int op, int of, struct epoll_event *what),
        (fd, op, of, what))
CHANGES(int, inotify_add_watch, (int fd, const char *path, uint32_t what),
        (fd, path, what))
CHANGES(int, inotify_rm_watch, (int fd, int which), (fd, which))
CHANGES(int, timerfd_settime,
        (int fd, int flags, const struct itimerspec *how,
         struct itimerspec *old),
        (fd, flags, how, old))
TRIES(int, timerfd_gettime, (int fd, struct itimerspec *to), (fd, to))

/* F_SETLKW, also of the open file, with 64 bits or not. */
static bool waits_for_lock(int what)
{
    return what == F_SETLKW || what == F_OFD_SETLKW;
}

static bool copies(int what)
{
    return what == F_DUPFD || what == F_DUPFD_CLOEXEC;
}

MORE(int, fcntl, (int fd, int what, ...), what, (fd, what, more[0]),
     !waits_for_lock(what), copies(what))
MORE(int, fcntl64, (int fd, int what, ...), what, (fd, what, more[0]),
     !waits_for_lock(what), copies(what))
MORE(int, ioctl, (int fd, unsigned long what, ...), what, (fd, what, more[0]),
     true, false)
MORE(int, semctl, (int id, int n, int what, ...), what, (id, n, what, more[0]),
     true, false)

/* ---- messages, signals, processes, the environment -----------------------*/

WAITS(int, mq_send, (mqd_t q, const char *from, size_t n, unsigned rank),
      (q, from, n, rank))
WAITS(ssize_t, mq_receive, (mqd_t q, char *to, size_t n, unsigned *rank),
      (q, to, n, rank))
WAITS(int, mq_timedsend,
      (mqd_t q, const char *from, size_t n, unsigned rank,
       const struct timespec *t),
      (q, from, n, rank, t))
WAITS(ssize_t, mq_timedreceive,
      (mqd_t q, char *restrict to, size_t n, unsigned *restrict rank,
       const struct timespec *restrict t),
      (q, to, n, rank, t))
MORE(mqd_t, mq_open, (const char *name, int flags, ...), flags,
     (name, flags, more[0], more[1]), true, true)
OPENS(mqd_t, __mq_open_2, (const char *name, int flags), (name, flags))
TRIES(int, mq_getattr, (mqd_t q, struct mq_attr *to), (q, to))
CHANGES(int, mq_setattr,
        (mqd_t q, const struct mq_attr *restrict how,
         struct mq_attr *restrict old),
        (q, how, old))
CHANGES(int, mq_unlink, (const char *name), (name))
TRIES(int, msgget, (key_t key, int flags), (key, flags))
TRIES(int, msgctl, (int q, int what, struct msqid_ds *how), (q, what, how))
TRIES(int, semget, (key_t key, int n, int flags), (key, n, flags))
TRIES(int, shmget, (key_t key, size_t n, int flags), (key, n, flags))
TRIES(int, shmctl, (int id, int what, struct shmid_ds *how), (id, what, how))
CHANGES(int, shm_unlink, (const char *name), (name))
WAITS(int, msgsnd, (int q, const void *from, size_t n, int flags),
      (q, from, n, flags))
WAITS(ssize_t, msgrcv, (int q, void *to, size_t n, long type, int flags),
      (q, to, n, type, flags))
WAITS(int, semop, (int id, struct sembuf *ops, size_t n), (id, ops, n))
WAITS(int, semtimedop,
      (int id, struct sembuf *ops, size_t n, const struct timespec *t),
      (id, ops, n, t))

READS(unsigned, alarm, (unsigned seconds), (seconds),
      (TELL, go_control_release(&hn_orders_kernel)), true)
CHANGES(int, setitimer,
        (__itimer_which_t which, const struct itimerval *restrict how,
         struct itimerval *restrict old),
        (which, how, old))
CHANGES(int, kill, (pid_t pid, int sig), (pid, sig))
CHANGES(int, killpg, (pid_t group, int sig), (group, sig))
CHANGES(int, tgkill, (pid_t pid, pid_t tid, int sig), (pid, tid, sig))
CHANGES(int, raise, (int sig), (sig))
CHANGES(int, pthread_kill, (pthread_t thread, int sig), (thread, sig))
CHANGES(int, sigqueue, (pid_t pid, int sig, const union sigval value),
        (pid, sig, value))
CHANGES(int, pthread_sigqueue,
        (pthread_t thread, int sig, const union sigval value),
        (thread, sig, value))
TRIES(int, sigpending, (sigset_t * to), (to))
WAITS(int, sigwait, (const sigset_t *restrict set, int *restrict to), (set, to))
WAITS(int, sigwaitinfo, (const sigset_t *restrict set, siginfo_t *restrict to),
      (set, to))
READS(int, sigtimedwait,
      (const sigset_t *restrict set, siginfo_t *restrict to,
       const struct timespec *restrict t),
      (set, to, t), ms_of(t) == 0 ? ASK : hn_word_wait(), result > 0)
WAITS(int, sigsuspend, (const sigset_t *mask), (mask))
WAITS(int, pause, (void), ())

/* The child makes no choices: what it calls is the C library's. */
HN_EXPORT pid_t fork(void)
{
    pid_t child;

    if (!HN_SERVED)
        return HN_NEXT(fork)();
    hn_word_wait();
    child = HN_NEXT(fork)();
    if (child == 0)
        hn_answers_end();
    else
        go_control_acquire(&hn_orders_kernel);
    return child;
}

CHANGES(int, posix_spawn,
        (pid_t *restrict to, const char *restrict path,
         const posix_spawn_file_actions_t *does,
         const posix_spawnattr_t *restrict how, char *const argv[restrict],
         char *const env[restrict]),
        (to, path, does, how, argv, env))
CHANGES(int, posix_spawnp,
        (pid_t * to, const char *file, const posix_spawn_file_actions_t *does,
         const posix_spawnattr_t *how, char *const argv[], char *const env[]),
        (to, file, does, how, argv, env))
WAITS(int, system, (const char *command), (command))
WAITS(pid_t, wait, (int *status), (status))
READS(pid_t, waitpid, (pid_t pid, int *status, int flags), (pid, status, flags),
      flags &WNOHANG ? ASK : hn_word_wait(), result > 0)
READS(pid_t, wait3, (int *status, int flags, struct rusage *used),
      (status, flags, used), flags &WNOHANG ? ASK : hn_word_wait(), result > 0)
READS(pid_t, wait4, (pid_t pid, int *status, int flags, struct rusage *used),
      (pid, status, flags, used), flags &WNOHANG ? ASK : hn_word_wait(),
      result > 0)
WAITS(int, waitid, (idtype_t what, id_t id, siginfo_t *to, int flags),
      (what, id, to, flags))

TRIES(clock_t, times, (struct tms * to), (to))
TRIES(int, getrusage, (__rusage_who_t whose, struct rusage *to), (whose, to))

/* What nobody changes is the same for all. */
#define LOOKS(type, name, params, args)                                        \
    CALL(type, name, params, args, (void)0,                                    \
         go_control_acquire(&hn_orders_kernel))

LOOKS(char *, getenv, (const char *name), (name))
LOOKS(char *, secure_getenv, (const char *name), (name))
CHANGES(int, setenv, (const char *name, const char *value, int over),
        (name, value, over))
CHANGES(int, unsetenv, (const char *name), (name))
CHANGES(int, putenv, (char *text), (text))
CHANGES(int, clearenv, (void), ())

/* What ends descriptors goes by interpose_descriptors.c. */
static long call(long number, const long a[6])
{
    switch (number) {
    case SYS_close:
        return close((int)a[0]);
#ifdef SYS_dup2
    case SYS_dup2:
        return dup2((int)a[0], (int)a[1]);
#endif
    case SYS_dup3:
        return dup3((int)a[0], (int)a[1], (int)a[2]);
    case SYS_close_range:
        return close_range((unsigned)a[0], (unsigned)a[1], (int)a[2]);
    default:
        return HN_NEXT(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    }
}

HN_EXPORT long syscall(long number, ...)
{
    long a[6], result;
    va_list ap;

    va_start(ap, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(ap, long);
    va_end(ap);
    if (!HN_SERVED)
        return call(number, a);
    hn_word_wait();
    result = call(number, a);
    go_control_acquire(&hn_orders_kernel);
    return result;
}
