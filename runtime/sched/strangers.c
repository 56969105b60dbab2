/*
 * strangers.c - which threads of the process are the program's own.
 *
 * In:  /proc/self/task, the workers. Out: how many are neither workers nor
 * ours, which a look counts as life; and what is known of one.
 *
 * Method: whoever is listed and not known is a stranger. One that is being
 * started may turn out to be a worker: then all are read again. The numbers in
 * /proc are those of the namespace that it was mounted for, which may be one
 * around ours: then each thread says what its own is. Where there is no /proc
 * it takes a while to know: sought.c.
 */
#include "runtime/sched/strangers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/base/cpu.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sched/sought.h"
#include "runtime/sched/state.h"

enum {
    BEFORE_MAX = 64,
    STATUS = 2048,    /* bytes of that file */
    TRIES = 20000,    /* then who is being started is given up: about 2 s */
    WAIT_NS = 100000, /* between two tries */
};

static int before[BEFORE_MAX]; /* [init] of a test's surroundings */
static int nbefore;

int rt_thread_self(void)
{
    return (int)syscall(SYS_gettid);
}

/* Each thread, by its number in /proc. False: it does not tell. */
static bool each_listed(void (*fn)(int listed, void *arg), void *arg)
{
    char buf[2048] __attribute__((aligned(8)));
    int fd = open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    long n;

    if (fd < 0)
        return false;
    while ((n = syscall(SYS_getdents64, fd, buf, sizeof(buf))) > 0)
        for (long at = 0; at < n;) {
            const struct dirent64 *e = (const void *)(buf + at);

            if (e->d_name[0] != '.')
                fn(atoi(e->d_name), arg);
            at += e->d_reclen;
        }
    close(fd);
    return n == 0;
}

/* One of its files; 0, or errno. */
static int read_listed(const char *name, int listed, char *text, size_t size)
{
    char path[64];
    ssize_t n = -1;
    int fd, err;

    snprintf(path, sizeof(path), "/proc/self/task/%d/%s", listed, name);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        n = read(fd, text, size - 1);
        err = errno;
        close(fd);
    } else {
        err = errno;
    }
    text[n > 0 ? n : 0] = '\0';
    return n < 0 ? err : 0;
}

/* Whether /proc was mounted for another namespace than ours. */
static bool is_around_us(void)
{
    char text[16] = "";

    return readlink("/proc/self", text, sizeof(text) - 1) > 0 &&
           atoi(text) != getpid();
}

/* What it is to itself, the last of its numbers from the outermost in; 0: it
   has ended, -1: that is not told. */
static int tid_of(int listed)
{
    char text[STATUS], *at, *end;
    int err = read_listed("status", listed, text, sizeof(text));

    if (err == ENOENT || err == ESRCH)
        return 0;
    at = strstr(text, "NSpid:\t");
    end = at ? strchr(at, '\n') : NULL;
    if (!end)
        return -1;
    while (end[-1] >= '0' && end[-1] <= '9')
        end--;
    return atoi(end);
}

struct namely {
    void (*fn)(int tid, void *arg);
    void *arg;
    bool untold; /* what one of them is */
};

static void call_namely(int listed, void *arg)
{
    struct namely *each = arg;
    int tid = tid_of(listed);

    if (tid > 0)
        each->fn(tid, each->arg);
    each->untold |= tid < 0;
}

bool rt_threads_each(void (*fn)(int tid, void *arg), void *arg)
{
    struct namely each = {fn, arg, false};

    return is_around_us() ? each_listed(call_namely, &each) && !each.untold
                          : each_listed(fn, arg);
}

struct sought {
    int tid, listed;
};

static void seek(int listed, void *arg)
{
    struct sought *s = arg;

    if (!s->listed && tid_of(listed) == s->tid)
        s->listed = listed;
}

static void before_note(int tid, void *arg)
{
    (void)arg;
    if (nbefore < BEFORE_MAX && tid != getpid())
        before[nbefore++] = tid;
}

void rt_threads_ours(void)
{
    nbefore = 0;
    rt_threads_each(before_note, NULL);
}

void rt_thread_file(const char *name, int tid, char *text, size_t size)
{
    struct sought s = {.tid = tid};

    if (is_around_us())
        each_listed(seek, &s);
    else
        s.listed = tid;
    read_listed(name, s.listed, text, size);
}

uint64_t rt_thread_blocked(int tid, bool *sleeps)
{
    char text[STATUS];
    const char *at;

    rt_thread_file("status", tid, text, sizeof(text));
    *sleeps = !strstr(text, "State:\tR") && !strstr(text, "State:\tD");
    at = strstr(text, "SigBlk:\t");
    return at ? strtoull(at + strlen("SigBlk:\t"), NULL, 16) : 0;
}

/*
 * ThreadSanitizer's own thread is started again in a forked child and by the
 * first pthread_create: it calls nothing of the program's. It is known by what
 * it blocks: every signal but the C library's own and SIGSYS.
 */
static bool is_sanitizer(int tid)
{
#ifdef RT_TSAN
    bool sleeps;

    return rt_thread_blocked(tid, &sleeps) >> 28 == 0xfffffffe7;
#else
    (void)tid;
    return false;
#endif
}

/* The first thread of a process stays there when it has ended, and answers to
   nothing. */
static bool is_dead_leader(int tid)
{
    char text[STATUS];

    if (tid != getpid())
        return false;
    rt_thread_file("status", tid, text, sizeof(text));
    return strstr(text, "State:\tZ") != NULL;
}

bool rt_thread_is_apart(int tid)
{
    for (int i = 0; i < nbefore; i++)
        if (before[i] == tid)
            return true;
    return tid == rt_s.boot_tid || tid == rt_thread_self() ||
           is_sanitizer(tid) || is_dead_leader(tid);
}

const struct m *rt_thread_worker(int tid)
{
    for (const struct m *m = rt_m_first(); m; m = m->all_next)
        if (rt_load(m->tid) == tid)
            return m;
    return NULL;
}

struct strangers {
    int *tid;
    uint32_t max, n;
    bool unborn; /* one is in pthread_create still, and may be nobody's */
};

/* Nothing but SIGKILL and SIGSTOP comes through before a thread runs. */
static bool is_unborn(int tid)
{
    bool sleeps;

    return rt_thread_blocked(tid, &sleeps) == 0xfffffffffffbfeff && !sleeps;
}

static void stranger_note(int tid, void *arg)
{
    struct strangers *s = arg;
    bool unborn;

    if (rt_thread_worker(tid))
        return;
    unborn = is_unborn(tid); /* before it may turn out to be apart */
    if (rt_thread_is_apart(tid))
        return;
    if (s->n < s->max)
        s->tid[s->n] = tid;
    s->n++;
    s->unborn |= unborn;
}

static bool is_there(int tid)
{
    return tid && syscall(SYS_tgkill, getpid(), tid, 0) == 0;
}

/* Threads that are known not to be strangers, each once. */
static uint32_t acquainted(void)
{
    int self = rt_thread_self(), boot = rt_s.boot_tid;
    uint32_t n = 1 + (boot != self && is_there(boot));

    for (int i = 0; i < nbefore; i++)
        n += before[i] != self && before[i] != boot && is_there(before[i]);
    for (const struct m *m = rt_m_first(); m; m = m->all_next)
        n += !rt_thread_is_apart(rt_load(m->tid)) && is_there(rt_load(m->tid));
    return n;
}

/* Without a descriptor: /proc has a link for each thread. */
static uint32_t strangers_by_links(void)
{
    uint32_t known = acquainted();
    struct stat st;

    if (stat("/proc/self/task", &st) || st.st_nlink < 2)
        return rt_sought_yet();
    return st.st_nlink - 2 > known ? (uint32_t)st.st_nlink - 2 - known : 0;
}

/* A worker that is just being started is not listed, and has not yet told who it
   is. One that does not come to it counts as a stranger. */
static void workers_come(void)
{
    uint32_t nobody = 0;

    for (int i = 0;
         i < TRIES && __atomic_load_n(&rt_s.nstarting, __ATOMIC_ACQUIRE); i++)
        rt_futex_wait(&nobody, 0, WAIT_NS);
    for (const struct m *m = rt_m_first(); m; m = m->all_next)
        for (int i = 0; i < TRIES && !rt_load(m->tid); i++)
            rt_futex_wait(&nobody, 0, WAIT_NS);
}

uint32_t rt_foreign_threads(int *tid, uint32_t max)
{
    uint32_t nobody = 0;
    struct strangers s;
    bool told;
    int nm;

    for (int i = 0; i < TRIES; i++) {
        workers_come();
        nm = rt_load(rt_s.nm);
        s = (struct strangers){tid, max, 0, false};
        told = rt_threads_each(stranger_note, &s);
        if (!told && s.n == 0)
            return strangers_by_links();
        if (s.n == 0 ||
            (!s.unborn && nm == rt_load(rt_s.nm) && !rt_load(rt_s.nstarting)))
            break;    /* else it may have been a worker */
        if (s.unborn) /* for as long as it has to wait for a processor */
            rt_futex_wait(&nobody, 0, WAIT_NS);
    }
    return s.n;
}

uint32_t rt_foreign_sought(void)
{
    uint32_t n = rt_foreign_threads(NULL, 0);

    if (n != RT_STRANGERS_UNKNOWN)
        return n;
    workers_come();
    return rt_sought();
}
