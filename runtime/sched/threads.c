/*
 * threads.c - all threads of the process are stopped.
 *
 * In:  a look, in the stopped world. Out: threads that lie still, and the
 * contexts that they were stopped in (saved.c).
 *
 * Method: the threads are read (strangers.c), again and again until nothing new
 * is there. Each gets the stop signal with the address of its
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
 * D4  Who blocks the signal, or would take it by sigwait, is not sent it: to the
 *     program it would be one that it never asked for.
 */
#include "runtime/sched/threads.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "runtime/base/cpu.h"
#include "runtime/sched/state.h"
#include "runtime/sched/strangers.h"

#undef errno
#define errno (*__errno_location())

enum {
    THREADS_MAX = 1 << 14, /* beyond, a stop fails */
    ROUNDS = 100,          /* of reading /proc/self/task */
    TRIES = 20000,         /* then a thread is given up: about 2 s */
    SUSPECT = 100,         /* tries from one look at its mask to the next */
    DEAF = 10,             /* so often blocked without a break: it stays so */
    ANSWER_NS = 100000,    /* sleep for an answer between two tries */
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
} all;

void *rt_threads_frame(void)
{
    return all.frame;
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
    const struct m *m = rt_thread_worker(tid);

    if (rt_thread_is_apart(tid))
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
    int tid = rt_thread_self();

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

    rt_thread_file("syscall", tid, text, sizeof(text));
    if (strtol(text, &at, 10) != SYS_rt_sigtimedwait || at == text)
        return false;
    local = (struct iovec){&set, sizeof(set)};
    remote = (struct iovec){(void *)strtoul(at, NULL, 16), sizeof(set)};
    return process_vm_readv(rt_thread_self(), &local, 1, &remote, 1, 0) < 0 ||
           (set >> (RT_STOP_SIGNAL - 1) & 1);
}

static bool blocks_it(int tid, bool *sleeps)
{
    return (rt_thread_blocked(tid, sleeps) >> (RT_STOP_SIGNAL - 1) & 1) ||
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
    if (rt_thread_worker(tid))
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
        if (!rt_threads_each(task_ask, silent) || *silent)
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
