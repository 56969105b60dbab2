/*
 * threads.c - the threads of the process, and how all of them are stopped.
 *
 * In:  a look, in the stopped world. Out: threads that lie still, and the
 * contexts that they were stopped in (saved.c).
 *
 * Method: the threads are read from /proc/self/task, again and again until
 * nothing new is there. Each gets the stop signal with the address of its
 * entry in a table; its handler says so there and sleeps until it is told to
 * go on. Workers have been dealt with by world.c, but those in go_blocking run
 * the program's code too. Where one is stopped matters less than it does for
 * workers: it goes on before a report needs the heap.
 *
 * D1  An entry's tid and state are one word: a signal that comes late finds
 *     its tid gone, or its state, and does nothing.
 * D2  A worker is never stopped inside the runtime. One in go_blocking is asked
 *     until it is outside, or has come back (m->returned): then it cannot go
 *     on before the world does.
 * D3  A thread that waits for the world lock holds nothing of ours, and any
 *     that has it is us: so none is stopped inside the runtime either.
 * D5  Who blocks the signal, or would take it by sigwait, is not sent it: to the
 *     program it would be one that it never asked for.
 */
#include "runtime/sched/threads.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "runtime/base/cpu.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sched/state.h"

#undef errno
#define errno (*__errno_location())

enum {
    THREADS_MAX = 1 << 14, /* beyond, a stop fails */
    BEFORE_MAX = 64,
    ROUNDS = 100,       /* of reading /proc/self/task */
    TRIES = 20000,      /* then a thread is given up: about 2 s */
    SUSPECT = 100,      /* tries from one look at its mask to the next */
    DEAF = 10,          /* so often blocked without a break: it stays so */
    ANSWER_NS = 100000, /* sleep for an answer between two tries */
};

enum state {
    NONE,
    ASKED,     /* the signal is on its way */
    ANSWERING, /* in the handler */
    STOPPED,   /* asleep there */
    GONE,      /* has ended, or need not be stopped any more */
};

/* D1. The state, which is the futex too, is the lower half. */
#define WORD(tid, state) ((uint64_t)(uint32_t)(tid) << 32 | (uint32_t)(state))

struct thread {
    uint64_t word;             /* [atomic] */
    const ucontext_t *context; /* [its own] while STOPPED */
};

static struct {
    struct thread list[THREADS_MAX]; /* [world] */
    uint32_t n, hit;                 /* [world] hit: found last */
    void *frame;                     /* [world] of the goroutine that looks */
    struct m *left;                  /* [world] workers of runs before */
    int before[BEFORE_MAX];          /* [init] of a test's surroundings */
    int nbefore;
} all;

void *rt_threads_frame(void)
{
    return all.frame;
}

static int own_tid(void)
{
    return (int)syscall(SYS_gettid);
}

/*
 * Calls fn(tid) for each thread of the process. Without malloc: a look counts
 * threads while one may be stopped with the heap's lock. False: not known.
 */
static bool threads_each(void (*fn)(int tid, void *arg), void *arg)
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

static void before_note(int tid, void *arg)
{
    (void)arg;
    if (all.nbefore < BEFORE_MAX && tid != getpid())
        all.before[all.nbefore++] = tid;
}

void rt_threads_ours(void)
{
    all.nbefore = 0;
    threads_each(before_note, NULL);
}

/* What /proc has of a thread, in text; "": not known. */
static void file_read(const char *name, int tid, char *text, size_t size)
{
    char path[64];
    ssize_t n = -1;
    int fd;

    snprintf(path, sizeof(path), "/proc/self/task/%d/%s", tid, name);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        n = read(fd, text, size - 1);
        close(fd);
    }
    text[n > 0 ? n : 0] = '\0';
}

/* The signals that a thread blocks, and whether it sleeps; 0: not known. */
static uint64_t blocked_signals(int tid, bool *sleeps)
{
    char text[2048];
    const char *at;

    file_read("status", tid, text, sizeof(text));
    *sleeps = strstr(text, "State:\tR") == NULL;
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

    return blocked_signals(tid, &sleeps) >> 28 == 0xfffffffe7;
#else
    (void)tid;
    return false;
#endif
}

/* The first thread of a process stays there when it has ended, and answers to
   nothing. */
static bool is_dead_leader(int tid)
{
    char text[2048];

    if (tid != getpid())
        return false;
    file_read("status", tid, text, sizeof(text));
    return strstr(text, "State:\tZ") != NULL;
}

/* Runs nothing of the program's that could wake anybody, or is the caller. */
static bool is_apart(int tid)
{
    for (int i = 0; i < all.nbefore; i++)
        if (all.before[i] == tid)
            return true;
    return tid == rt_s.boot_tid || tid == own_tid() || is_sanitizer(tid) ||
           is_dead_leader(tid);
}

static const struct m *worker_of(int tid)
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

    return blocked_signals(tid, &sleeps) == 0xfffffffffffbfeff && !sleeps;
}

static void stranger_note(int tid, void *arg)
{
    struct strangers *s = arg;
    bool unborn;

    if (worker_of(tid))
        return;
    unborn = is_unborn(tid); /* before it may turn out to be apart */
    if (is_apart(tid))
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
    int self = own_tid(), boot = rt_s.boot_tid;
    uint32_t n = 1 + (boot != self && is_there(boot));

    for (int i = 0; i < all.nbefore; i++)
        n += all.before[i] != self && all.before[i] != boot &&
             is_there(all.before[i]);
    for (const struct m *m = rt_m_first(); m; m = m->all_next)
        n += !is_apart(rt_load(m->tid)) && is_there(rt_load(m->tid));
    return n;
}

/* Without a descriptor: /proc has a link for each thread. Where there is no
   /proc either, one that was seen to come in counts. */
static uint32_t strangers_by_links(void)
{
    uint32_t known = acquainted();
    struct stat st;

    if (stat("/proc/self/task", &st) || st.st_nlink < 2)
        return rt_s.foreign != NULL;
    return st.st_nlink - 2 > known ? (uint32_t)st.st_nlink - 2 - known : 0;
}

/* A worker that is just being started is not listed, and has not yet told who it
   is. One that does not come to it counts as a stranger. */
static void workers_come(void)
{
    uint32_t nobody = 0;

    for (int i = 0;
         i < TRIES && __atomic_load_n(&rt_s.nstarting, __ATOMIC_ACQUIRE); i++)
        rt_futex_wait(&nobody, 0, ANSWER_NS);
    for (const struct m *m = rt_m_first(); m; m = m->all_next)
        for (int i = 0; i < TRIES && !rt_load(m->tid); i++)
            rt_futex_wait(&nobody, 0, ANSWER_NS);
}

uint32_t rt_foreign_threads(int *tid, uint32_t max)
{
    struct strangers s;
    bool told;
    int nm;

    for (int round = 0; round < ROUNDS; round++) {
        workers_come();
        nm = rt_load(rt_s.nm);
        s = (struct strangers){tid, max, 0, false};
        told = threads_each(stranger_note, &s);
        if (!told && s.n == 0)
            return strangers_by_links();
        if (s.n == 0 ||
            (!s.unborn && nm == rt_load(rt_s.nm) && !rt_load(rt_s.nstarting)))
            break; /* else it may have been a worker */
    }
    return s.n;
}

void rt_threads_left(struct m *m)
{
    m->all_next = all.left;
    all.left = m;
}

/* Its goroutine, or its blocking call, may go on by itself. */
static bool runs_blocking(const struct m *m)
{
    return rt_load(m->blocked) && !rt_load(m->returned);
}

/* Runs the program's code, and nobody has stopped it yet. */
static bool is_wanted(int tid)
{
    const struct m *m = worker_of(tid);

    if (is_apart(tid))
        return false;
    if (m)
        return runs_blocking(m);
    for (m = all.left; m; m = m->all_next) /* stopped for good, on its way? */
        if (m->tid == tid && rt_load(m->stop) != RT_M_LEFT)
            return rt_load(m->stop) != RT_M_STOPPED &&
                   (rt_load(m->g) || runs_blocking(m));
    return true;
}

static enum state state_of(const struct thread *t)
{
    return (enum state)(uint32_t)__atomic_load_n(&t->word, __ATOMIC_ACQUIRE);
}

static int tid_of(const struct thread *t)
{
    return (int)(__atomic_load_n(&t->word, __ATOMIC_RELAXED) >> 32);
}

static uint32_t *futex_of(struct thread *t)
{
    return (uint32_t *)(void *)&t->word; /* both machines: the lower half */
}

static bool move(struct thread *t, int tid, enum state from, enum state to)
{
    uint64_t was = WORD(tid, from);

    return __atomic_compare_exchange_n(&t->word, &was, WORD(tid, to), false,
                                       __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

/* In the handler, on any thread. */
static void answer(struct thread *t, const ucontext_t *context)
{
    const struct m *m = rt_m();
    int tid = own_tid();

    if ((m && rt_load(m->in_rt)) || /* D2 */
        !move(t, tid, ASKED, ANSWERING))
        return;
    t->context = context;
    if (!move(t, tid, ANSWERING, STOPPED))
        return; /* it was given up */
    rt_futex_wake(futex_of(t), INT32_MAX);
    while (__atomic_load_n(&t->word, __ATOMIC_ACQUIRE) == WORD(tid, STOPPED))
        rt_futex_wait(futex_of(t), STOPPED, -1);
}

bool rt_threads_answer(const siginfo_t *info, const ucontext_t *context)
{
    struct thread *t = info->si_value.sival_ptr;
    uintptr_t at = (uintptr_t)t - (uintptr_t)all.list;

    if (info->si_code != SI_QUEUE || at >= sizeof(all.list) ||
        at % sizeof(*t) != 0)
        return false;
    answer(t, context);
    return true;
}

static bool ask(struct thread *t)
{
    siginfo_t info = {.si_signo = RT_STOP_SIGNAL, .si_code = SI_QUEUE};

    info.si_pid = getpid();
    info.si_value.sival_ptr = t;
    return syscall(SYS_rt_tgsigqueueinfo, getpid(), tid_of(t), RT_STOP_SIGNAL,
                   &info) == 0;
}

/* By sigwait or the like, during which the signal does not count as blocked. */
static bool waits_for_it(int tid)
{
    struct iovec local, remote;
    char text[128], *at;
    uint64_t set = 0;

    file_read("syscall", tid, text, sizeof(text));
    if (strtol(text, &at, 10) != SYS_rt_sigtimedwait || at == text)
        return false;
    local = (struct iovec){&set, sizeof(set)};
    remote = (struct iovec){(void *)strtoul(at, NULL, 16), sizeof(set)};
    return process_vm_readv(own_tid(), &local, 1, &remote, 1, 0) < 0 ||
           (set >> (RT_STOP_SIGNAL - 1) & 1);
}

static bool blocks_it(int tid, bool *sleeps)
{
    return (blocked_signals(tid, sleeps) >> (RT_STOP_SIGNAL - 1) & 1) ||
           waits_for_it(tid);
}

/* Not who would take it for a signal of the program's. False: as ask. */
static bool ask_politely(struct thread *t)
{
    bool sleeps;

    if (blocks_it(tid_of(t), &sleeps))
        return syscall(SYS_tgkill, getpid(), tid_of(t), 0) == 0;
    return ask(t);
}

static bool is_listed(int tid)
{
    for (uint32_t i = 0; i < all.n; i++) {
        uint32_t k = all.hit + i < all.n ? all.hit + i : all.hit + i - all.n;

        if (tid_of(&all.list[k]) == tid && state_of(&all.list[k]) != GONE) {
            all.hit = k + 1 < all.n ? k + 1 : 0; /* they come in order */
            return true;
        }
    }
    return false;
}

/* One task of the process. arg: the tid of one for which there is no room. */
static void task_ask(int tid, void *arg)
{
    struct thread *t = &all.list[all.n];

    if (!is_wanted(tid) || is_listed(tid))
        return;
    if (all.n == THREADS_MAX) {
        *(int *)arg = tid;
        return;
    }
    t->context = NULL;
    __atomic_store_n(&t->word, WORD(tid, ASKED), __ATOMIC_RELEASE);
    all.n++;
    if (worker_of(tid))
        ask(t);
    else
        ask_politely(t);
}

/* Not by one look: our handler and pthread_create block all for a moment, which
   is long where a thread has to wait for a processor. */
static bool is_deaf(struct thread *t, int *times)
{
    bool sleeps = false;
    bool blocks = blocks_it(tid_of(t), &sleeps);

    if (sleeps && blocks)
        ++*times;
    else
        *times = 0;
    return *times == DEAF && state_of(t) == ASKED;
}

/* False: it does not answer. */
static bool await(struct thread *t)
{
    int tid = tid_of(t), deaf = 0;

    for (int i = 0; i < TRIES; i++) {
        enum state state = state_of(t);

        if (state == STOPPED || state == GONE)
            return true;
        if (state == ASKED &&
            (!is_wanted(tid) || (!ask_politely(t) && errno == ESRCH)))
            move(t, tid, ASKED, GONE);
        else if (i % SUSPECT == SUSPECT - 1 && is_deaf(t, &deaf))
            return false;
        else
            rt_futex_wait(futex_of(t), (uint32_t)state, ANSWER_NS);
    }
    return false;
}

/* Until a reading that began when all known were stopped finds nobody new. */
static bool stop_all(int *silent)
{
    for (int round = 0; round < ROUNDS; round++) {
        uint32_t known = all.n;

        *silent = 0;
        if (!threads_each(task_ask, silent) || *silent)
            return false;
        if (all.n == known)
            return true;
        for (; known < all.n; known++) {
            *silent = tid_of(&all.list[known]);
            if (!await(&all.list[known]))
                return false;
        }
    }
    return false;
}

bool rt_threads_stop(void *frame, int *silent)
{
    bool stopped;

    rt_check(rt_load(rt_s.world) && rt_load(rt_s.frozen),
             "threads are stopped while the world is not");
    rt_check(!all.n, "threads are stopped twice");
    stopped = stop_all(silent);
    all.frame = frame;
    if (!stopped)
        rt_threads_start();
    return stopped;
}

void rt_threads_start(void)
{
    for (uint32_t i = 0; i < all.n; i++) {
        struct thread *t = &all.list[i];

        if ((uint32_t)__atomic_exchange_n(&t->word, NONE, __ATOMIC_ACQ_REL) ==
            STOPPED)
            rt_futex_wake(futex_of(t), INT32_MAX);
    }
    all.n = all.hit = 0;
    all.frame = NULL;
}

uint32_t rt_threads_count(void)
{
    return all.n;
}

const ucontext_t *rt_threads_context(uint32_t i, int *tid)
{
    *tid = tid_of(&all.list[i]);
    return state_of(&all.list[i]) == STOPPED ? all.list[i].context : NULL;
}
