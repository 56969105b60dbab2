/*
 * process.c - one child process with all that it may start.
 *
 * In:  an argument vector. Out: pipes, a descriptor that tells of the end, and
 * how it ended.
 *
 * Method: every child leads a process group and is a subreaper (it makes itself
 * one, child.c): while it lives, orphans of its own stay below it, and when it
 * ends, they come to us. So a process that is our child without having been
 * started here is what an ended scenario left behind, and can be killed without
 * touching a scenario that still runs; also one with a session of its own,
 * which no signal to the group would reach.
 *
 * P1  The group is killed before its leader is reaped: until then nobody else
 *     can have that number.
 * P2  No pipe is waited for: a stray may hold its other end open for ever.
 *
 * Why posix_spawn: it shares memory until exec, so starting costs the same
 * however big the harness has grown.
 */
#include "harness/process.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <errno.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/procfs.h"

extern char **environ;

enum {
    STRAY_ROUNDS = 200, /* each may uncover children of the one before */
    STRAY_WAIT_MS = 1000,
    KNOWN_MAX = 512,
    PIPES = HN_FROM_COUNT + 1,
};

/* Our children that are not strays: those started here, or before us. */
static pid_t known[KNOWN_MAX];
static int nknown;

/* Few at a time: as many as there are jobs. */
static bool is_known(pid_t pid)
{
    for (int i = 0; i < nknown; i++) {
        if (known[i] == pid)
            return true;
    }
    return false;
}

static void forget(pid_t pid)
{
    for (int i = 0; i < nknown; i++) {
        if (known[i] == pid) {
            known[i] = known[--nknown];
            return;
        }
    }
}

/* The first max of our children that are not known, in pid[]; how many. */
static int strangers(pid_t *pid, int max)
{
    char path[64];
    FILE *f;
    int n = 0, child;

    snprintf(path, sizeof(path), "/proc/self/task/%d/children",
             hn_procfs_self());
    f = fopen(path, "re");
    if (!f)
        return 0;
    while (n < max && fscanf(f, "%d", &child) == 1) {
        pid_t own = hn_procfs_pid(child);

        if (own && !is_known(own))
            pid[n++] = own;
    }
    fclose(f);
    return n;
}

void hn_process_setup(void)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    nknown = strangers(known, KNOWN_MAX / 2);
}

/* Waits until pid has ended, but not for ever: it may hang in the kernel. */
static bool reap_stray(pid_t pid)
{
    int fd = pidfd_open(pid, 0);
    struct pollfd ended = {.fd = fd, .events = POLLIN};
    bool gone;

    kill(pid, SIGKILL);
    if (fd >= 0) {
        poll(&ended, 1, STRAY_WAIT_MS);
        close(fd);
    }
    gone = waitpid(pid, NULL, fd >= 0 ? WNOHANG : 0) != 0;
    return gone;
}

/* Ends what an ended child left behind; how many processes that were. */
static int end_strays(void)
{
    pid_t pid[64];
    int ended = 0;

    for (int round = 0; round < STRAY_ROUNDS; round++) {
        int n = strangers(pid, 64), gone = 0;
        for (int i = 0; i < n; i++)
            kill(pid[i], SIGKILL); /* all first: one may start another */
        for (int i = 0; i < n; i++)
            gone += reap_stray(pid[i]);
        ended += gone;
        if (gone == 0)
            break;
    }
    return ended;
}

/* The child's end lies above all descriptors that the child is given. */
static int open_pipe(int *ours, int *childs, bool writes)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return -errno;
    *ours = ends[!writes];
    *childs = fcntl(ends[writes], F_DUPFD_CLOEXEC, 16);
    close(ends[writes]);
    if (*childs < 0) /* EINVAL: the limit is below even that */
        return errno == EINVAL ? -EMFILE : -errno;
    fcntl(*ours, F_SETFL, O_NONBLOCK);
    return 0;
}

/* For every channel, and the interrupt behind them: the child's ends in to[]. */
static int open_pipes(struct hn_process *p, int to[PIPES])
{
    int err = open_pipe(&p->interrupt, &to[HN_FROM_COUNT], false);

    for (int c = 0; c < HN_FROM_COUNT && err == 0; c++)
        err = open_pipe(&p->from[c], &to[c], true);
    return err;
}

/* A descriptor that has nothing to be read, or -errno: without /dev/null, the end
   of a pipe that nobody writes to. */
static int open_empty(void)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC), ends[2];

    if (fd >= 0)
        return fd;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -errno;
    close(ends[1]);
    return ends[0];
}

/* Signals as a new program expects them, whatever ours are. */
static int spawn(char *const argv[], const int to[PIPES], pid_t *pid)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none, every;
    int err, empty = open_empty();

    if (empty < 0)
        return empty;
    sigemptyset(&none);
    sigfillset(&every);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attr);
    posix_spawn_file_actions_adddup2(&files, empty, 0);
    posix_spawn_file_actions_adddup2(&files, to[HN_FROM_OUTPUT], 1);
    posix_spawn_file_actions_adddup2(&files, to[HN_FROM_OUTPUT], 2);
    for (int c = HN_FROM_REPORT; c < PIPES; c++)
        posix_spawn_file_actions_adddup2(&files, to[c], 2 + c);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP |
                                        POSIX_SPAWN_SETSIGDEF |
                                        POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setpgroup(&attr, 0);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setsigdefault(&attr, &every);
    err = posix_spawn(pid, argv[0], &files, &attr, argv, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attr);
    close(empty);
    return -err;
}

struct watch {
    pid_t pid;
    int to; /* end of a pipe */
};

static void *watch_main(void *arg)
{
    struct watch *w = arg;
    siginfo_t info;

    while (waitid(P_PID, (id_t)w->pid, &info, WEXITED | WNOWAIT) < 0 &&
           errno == EINTR)
        ;
    (void)!write(w->to, "", 1);
    close(w->to);
    free(w);
    return NULL;
}

/* The same where there is no pidfd, as under valgrind or in a container that does
   not know the call: a thread that waits. */
static int watch_fd(pid_t pid)
{
    struct watch *w = malloc(sizeof(*w));
    int ends[2], err;
    pthread_t thread;

    if (!w || pipe2(ends, O_CLOEXEC) != 0) {
        free(w);
        return -ENOMEM;
    }
    *w = (struct watch){pid, ends[1]};
    err = pthread_create(&thread, NULL, watch_main, w);
    if (err != 0) {
        close(ends[0]);
        close(ends[1]);
        free(w);
        return -err;
    }
    pthread_detach(thread);
    return ends[0];
}

/* A descriptor that becomes readable when pid has ended, or -errno. */
static int ended_fd(pid_t pid)
{
    int fd = pidfd_open(pid, 0);

    if (fd >= 0)
        return fd;
    return errno == ENOSYS || errno == EPERM ? watch_fd(pid) : -errno;
}

int hn_process_start(char *const argv[], struct hn_process *p)
{
    int to[PIPES] = {-1, -1, -1, -1, -1, -1};
    int err;

    *p = (struct hn_process){
        .pidfd = -1, .from = {-1, -1, -1, -1, -1}, .interrupt = -1};
    err = nknown == KNOWN_MAX ? -EAGAIN : open_pipes(p, to);
    if (err == 0)
        err = spawn(argv, to, &p->pid);
    if (err == 0) {
        known[nknown++] = p->pid;
        p->pidfd = ended_fd(p->pid);
        if (p->pidfd < 0) {
            err = p->pidfd;
            hn_process_kill(p);
            hn_process_reap(p);
        }
    }
    for (int c = 0; c < PIPES; c++) {
        if (to[c] >= 0)
            close(to[c]);
    }
    if (err != 0)
        hn_process_close(p);
    return err;
}

void hn_process_interrupt(struct hn_process *p)
{
    if (p->interrupt >= 0)
        close(p->interrupt);
    p->interrupt = -1;
}

/* It may just have closed its end: then it hears no more, and a process that has
   us as a library need not ignore SIGPIPE. */
void hn_process_late(struct hn_process *p)
{
    const struct timespec at_once = {0};
    sigset_t one, before;

    sigemptyset(&one);
    sigaddset(&one, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &one, &before);
    if (write(p->interrupt, "", 1) < 0 && errno == EPIPE)
        sigtimedwait(&one, NULL, &at_once);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    hn_process_interrupt(p);
}

bool hn_process_hears(const struct hn_process *p)
{
    struct pollfd end = {.fd = p->interrupt};

    return poll(&end, 1, 0) == 0;
}

void hn_process_signal(const struct hn_process *p, int sig)
{
    if (p->pid > 0)
        kill(p->pid, sig);
}

void hn_process_kill(const struct hn_process *p)
{
    if (p->pid > 0) {
        kill(-p->pid, SIGKILL);
        kill(p->pid, SIGKILL); /* should it have left the group */
    }
}

struct hn_ending hn_process_reap(struct hn_process *p)
{
    struct hn_ending end = {.code = -1};
    siginfo_t info = {0};

    hn_process_kill(p); /* P1 */
    while (waitid(P_PID, (id_t)p->pid, &info, WEXITED) != 0 && errno == EINTR)
        ;
    if (info.si_code == CLD_EXITED)
        end.code = info.si_status;
    else
        end.signal = info.si_status;
    end.dumped = info.si_code == CLD_DUMPED;
    forget(p->pid);
    end.strays = end_strays();
    if (p->pidfd >= 0)
        close(p->pidfd);
    p->pidfd = -1;
    p->pid = 0;
    return end;
}

void hn_process_close(struct hn_process *p)
{
    for (int c = 0; c < HN_FROM_COUNT; c++) {
        if (p->from[c] >= 0)
            close(p->from[c]);
        p->from[c] = -1;
    }
    hn_process_interrupt(p);
}

unsigned long long hn_process_resident(const struct hn_process *p)
{
    unsigned long long pages = 0;
    char path[40];
    FILE *f;

    snprintf(path, sizeof(path), "/proc/%d/statm",
             hn_procfs_number(p->pid, p->pidfd));
    f = fopen(path, "re");
    if (!f)
        return 0;
    if (fscanf(f, "%*u %llu", &pages) != 1)
        pages = 0;
    fclose(f);
    return pages * (unsigned long long)sysconf(_SC_PAGESIZE);
}
