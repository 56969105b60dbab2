/*
 * world.c - the stopped world, and entries from threads that are no workers.
 *
 * In:  a look, or a foreign thread. Out: nobody runs goroutines, nobody is
 * inside the runtime; all that a goroutine is lies still.
 *
 * Method: frozen keeps idle processors from being handed out. A worker that
 * owns one gets a signal: its handler, when it finds the goroutine in its own
 * code, says so and sleeps there; inside the runtime it does nothing, and is
 * asked again, unless by then the worker has come to the scheduler and has
 * given its processor back.
 *
 * V1  Between rt_enter and rt_leave a worker is never stopped.
 * V2  Foreign threads enter under the world lock, so none is inside either.
 * V3  Who comes for the world lock has it only when as many have had it as
 *     came before: a clock that goes from look to look shuts nobody out.
 *
 * The C library is not a good place to be stopped in: it may hold the lock of
 * the heap, which a report will need; nor is another heap, where there is one,
 * or the loader, and any place with its lock, which unwinding a stack takes.
 * So the handler lets them go on, up to PATIENT tries.
 *
 * Solo (lock.h): the first foreign entry stops the world, and ends it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <link.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/base/cpu.h"
#include "runtime/base/loader.h"
#include "runtime/sched/control.h"
#include "runtime/sched/park.h"
#include "runtime/sched/state.h"
#include "runtime/sched/unborn.h"

#undef errno
#define errno (*__errno_location())

enum {
    PATIENT = 400,      /* tries before a stop in a bad place is accepted */
    TRIES = 20000,      /* then the worker is given up: about 2 s */
    LOCK_PAUSES = 200,  /* between two tries for the world lock */
    TURN_NS = 20000,    /* sleep between two, of who decides that all rests */
    ANSWER_NS = 100000, /* sleep for an answer between two tries */
};

struct text {
    uintptr_t low, high;
};

static struct {
    struct text libc;   /* [init] */
    struct text loader; /* [init] none in a static program */
    struct text heap;   /* [world] of one that is no part of it, or none */
    bool impatient;     /* [world] these are accepted too */
    int boot_tid;       /* [init] who calls when no run is under way is told
                            so; any other thread may just be late */
    struct sigaction before;
} stop;

/* V3. Who sleeps for the lock is woken later than who tries comes back. */
static struct {
    uint32_t asked, served; /* [atomic] how many, of all who count */
} line;

static uint32_t line_up(void)
{
    return __atomic_fetch_add(&line.asked, 1, __ATOMIC_RELAXED);
}

static void leave_line(void)
{
    __atomic_add_fetch(&line.served, 1, __ATOMIC_RELEASE);
}

static bool is_my_turn(uint32_t before)
{
    return (int32_t)(rt_load(line.served) - before) >= 0;
}

void rt_world_lock(void)
{
    line_up();
    rt_lock_always(&rt_s.world, RT_RANK_WORLD);
    leave_line();
}

bool rt_world_lock_unless_ended(void)
{
    uint32_t before = line_up();
    bool got = false;

    while (!got && !__atomic_load_n(&rt_s.ended, __ATOMIC_ACQUIRE)) {
        got =
            is_my_turn(before) && rt_trylock_always(&rt_s.world, RT_RANK_WORLD);
        if (!got) /* a look is under way, or a foreign thread is in */
            rt_futex_wait(&rt_s.ended, 0, TURN_NS);
    }
    leave_line();
    return got;
}

void rt_world_unlock(void)
{
    rt_unlock_always(&rt_s.world);
}

static uintptr_t context_pc(const ucontext_t *uc)
{
#if defined(__x86_64__)
    return (uintptr_t)uc->uc_mcontext.gregs[REG_RIP];
#else
    return (uintptr_t)uc->uc_mcontext.pc;
#endif
}

static bool is_in(uintptr_t pc, const struct text *text)
{
    return pc >= text->low && pc < text->high;
}

static bool is_bad_place(const struct m *m, uintptr_t pc)
{
    return is_in(pc, &stop.libc) || is_in(pc, &stop.heap) ||
           is_in(pc, &stop.loader) || rt_loader_owner() == rt_load(m->tid);
}

static void stop_handler(int sig, siginfo_t *info, void *context)
{
    struct m *m = rt_m();
    int saved = errno;
    uint32_t asked = RT_M_ASKED;

    (void)sig;
    if (rt_threads_answer(info, context)) {
        errno = saved;
        return;
    }
    if (m && m->g && !m->in_rt &&
        (rt_load(stop.impatient) || !is_bad_place(m, context_pc(context)))) {
        m->context = context;
        /* Not if it comes so late that it was given up. */
        if (__atomic_compare_exchange_n(&m->stop, &asked, RT_M_STOPPED, false,
                                        __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            rt_futex_wake(&m->stop, INT32_MAX);
        while (__atomic_load_n(&m->stop, __ATOMIC_ACQUIRE) == RT_M_STOPPED)
            rt_futex_wait(&m->stop, RT_M_STOPPED, -1);
        m->context = NULL;
    }
    errno = saved;
}

struct search {
    uintptr_t want; /* an address in it */
    struct text found;
};

static int find_text(struct dl_phdr_info *info, size_t size, void *arg)
{
    struct search *s = arg;

    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
        struct text text = {.low = info->dlpi_addr + ph->p_vaddr};

        text.high = text.low + ph->p_memsz;
        if (ph->p_type == PT_LOAD && (ph->p_flags & PF_X) &&
            is_in(s->want, &text) && info->dlpi_name[0]) {
            s->found = text;
            return 1;
        }
    }
    return 0;
}

/* Of the library that function is in; none: it is in the program itself. */
static struct text text_of(uintptr_t function)
{
    struct search s = {.want = function};

    if (function)
        dl_iterate_phdr(find_text, &s);
    return s.found;
}

void rt_world_heap_is_at(uintptr_t function)
{
    stop.heap = text_of(function);
}

int rt_world_open(void)
{
    struct sigaction sa = {.sa_sigaction = stop_handler,
                           .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};

    stop.boot_tid = (int)syscall(SYS_gettid);
    stop.libc = text_of((uintptr_t)&syscall);
    stop.loader = text_of((uintptr_t)_r_debug.r_brk);
    rt_loader_open();
    sigfillset(&sa.sa_mask);
    return sigaction(RT_STOP_SIGNAL, &sa, &stop.before) ? -errno : 0;
}

void rt_world_close(void)
{
    sigaction(RT_STOP_SIGNAL, &stop.before, NULL);
}

/* Stops the owner of p, or sees that it has none; false: it does not answer. */
static bool stop_owner(struct p *p, const struct m *self)
{
    for (int i = 0; i < TRIES; i++) {
        struct m *m = __atomic_load_n(&p->m, __ATOMIC_ACQUIRE);
        uint32_t asked = RT_M_RUNS;

        if (!m || m == self ||
            __atomic_load_n(&m->stop, __ATOMIC_ACQUIRE) == RT_M_STOPPED)
            return true;
        rt_store(stop.impatient, i >= PATIENT);
        __atomic_compare_exchange_n(&m->stop, &asked, RT_M_ASKED, false,
                                    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
        if (rt_load(m->tid))
            syscall(SYS_tgkill, getpid(), rt_load(m->tid), RT_STOP_SIGNAL);
        rt_futex_wait(&m->stop, RT_M_ASKED, ANSWER_NS);
    }
    return false;
}

static bool stop_locked(struct m **silent)
{
    struct m *self = rt_m();
    bool all = true;

    if (silent)
        *silent = NULL;
    rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    __atomic_store_n(&rt_s.frozen, true, __ATOMIC_RELEASE);
    __atomic_or_fetch(&rt_s.attention, RT_FROZEN, __ATOMIC_RELAXED);
    rt_unlock_always(&rt_s.lock);
    for (int i = 0; i < RT_PROCS_MAX && rt_p(i); i++)
        if (!stop_owner(rt_p(i), self)) {
            all = false;
            if (silent)
                *silent = rt_p(i)->m;
        }
    if (all) /* else a look knows that there is more than it sees */
        rt_unborn_settle();
    return all;
}

static void start_locked(void)
{
    if (__atomic_load_n(&rt_s.ended, __ATOMIC_ACQUIRE))
        return; /* for good */
    rt_lock_always(&rt_s.lock, RT_RANK_SCHED);
    __atomic_store_n(&rt_s.frozen, false, __ATOMIC_RELEASE);
    __atomic_and_fetch(&rt_s.attention, ~RT_FROZEN, __ATOMIC_RELAXED);
    rt_unlock_always(&rt_s.lock);
    for (struct m *m = rt_m_first(); m; m = m->all_next) {
        uint32_t was = __atomic_load_n(&m->stop, __ATOMIC_ACQUIRE);

        if (was != RT_M_ASKED && was != RT_M_STOPPED)
            continue;
        was = __atomic_exchange_n(&m->stop, RT_M_RUNS, __ATOMIC_ACQ_REL);
        if (was == RT_M_STOPPED)
            rt_futex_wake(&m->stop, INT32_MAX);
    }
    __atomic_add_fetch(&rt_s.thaw, 1, __ATOMIC_RELEASE);
    rt_futex_wake(&rt_s.thaw, INT32_MAX);
    /* The last one may have gone to sleep meanwhile without a word to
       quiesce.c, and without a look at the poll. */
    if (rt_work_visible() || rt_all_idle())
        rt_wake_worker();
    else
        rt_netpoll_wake();
}

static uint64_t run_number; /* [atomic] changed under the world lock */

/*
 * The run is over for this thread, which goes on all the same: it is held for
 * good, as the threads of a Go program that are there when main returns.
 */
static __attribute__((noreturn)) void hold_thread(void)
{
    rt_world_unlock();
    for (;;)
        pause();
}

/* The world lock, for who is not to have it when the run has ended meanwhile. */
static void world_lock_in_run(void)
{
    struct m *m = rt_m();
    uint64_t run = rt_load(run_number);
    uint32_t before = rt_load(line.asked);

    /* A goroutine spins: asleep, it could be stopped when it is woken, and who
       stops it would wait for the lock that it was handed. Nor does it count in
       V3: it may be stopped here for good. */
    if (m)
        while (!is_my_turn(before) ||
               !rt_trylock_always(&rt_s.world, RT_RANK_WORLD))
            for (int i = 0; i < LOCK_PAUSES; i++)
                rt_cpu_relax();
    else
        rt_world_lock();
    if (run != rt_load(run_number) || (m && rt_load(m->abandoned)))
        hold_thread();
}

/* Outside the runtime while it waits: two goroutines may both want to look. */
bool rt_world_stop(struct m **silent)
{
    struct m *m = rt_m();

    rt_check(!m || !m->in_rt, "V1: a stop asked for inside the runtime");
    world_lock_in_run();
    if (m) {
        rt_store(m->in_rt, 1);
        rt_compiler_barrier();
    }
    return stop_locked(silent);
}

void rt_world_stop_all(void)
{
    if (rt_world_stop(NULL))
        return;
    while (!stop_locked(NULL))
        ;
}

void rt_world_start(void)
{
    struct m *m = rt_m();

    start_locked();
    rt_world_unlock();
    if (m) {
        rt_compiler_barrier();
        rt_store(m->in_rt, 0);
    }
}

void rt_wait_thaw(void)
{
    uint32_t seen = __atomic_load_n(&rt_s.thaw, __ATOMIC_ACQUIRE);

    if (__atomic_load_n(&rt_s.frozen, __ATOMIC_ACQUIRE) &&
        !__atomic_load_n(&rt_s.halted, __ATOMIC_ACQUIRE))
        rt_futex_wait(&rt_s.thaw, seen, -1);
}

bool rt_world_stopped_in_libc(void)
{
    for (const struct m *m = rt_m_first(); m; m = m->all_next)
        if (m->context && is_in(context_pc(m->context), &stop.libc))
            return true;
    return false;
}

bool rt_world_stopped_in_loader(void)
{
    int owner = rt_loader_owner();

    for (const struct m *m = rt_m_first(); m && owner; m = m->all_next)
        if (m->context && rt_load(m->tid) == owner)
            return true;
    return false;
}

struct m *rt_m_first(void)
{
    return __atomic_load_n(&rt_s.all_m, __ATOMIC_ACQUIRE);
}

uint32_t rt_blocking_calls(void)
{
    return rt_load(rt_s.nblocking);
}

/*
 * The stand-in of a foreign thread: made at its first entry in a run, kept as
 * long as the thread may hold something, which is to the end of the run.
 */
static __thread struct g *stand_in;
static __thread uint64_t stand_in_run;

/* A guard reads the low half of an owner, and 0 is nobody: the first block of
   a region of a heap may have that address, and then another one is taken. */
static struct g *stand_in_memory(void)
{
    struct g *g = calloc(1, sizeof(*g)), *other;

    if (!g || (uint32_t)(uintptr_t)g)
        return g;
    other = calloc(1, sizeof(*g));
    free(g);
    return other;
}

/* Under the world lock. */
static struct g *stand_in_make(void)
{
    struct g *g = stand_in_memory();

    rt_need(g && (uint32_t)(uintptr_t)g, "no memory for a thread's stand-in");
    g->status = RT_G_FOREIGN;
    g->held = g->held_inline;
    g->held_cap = RT_HELD_INLINE;
    g->wait.until = -1;
    g->foreign_next = rt_s.foreign;
    rt_s.foreign = g;
    return g;
}

struct g *rt_enter_foreign(void)
{
    world_lock_in_run();
    if (!rt_running() && rt_load(run_number) &&
        (int)syscall(SYS_gettid) != stop.boot_tid)
        hold_thread();
    if (!rt_running()) { /* the program is wrong, not we */
        rt_world_unlock();
        go_panic("called while no go_main is running");
    }
    if (!stand_in || stand_in_run != run_number) {
        stand_in = stand_in_make();
        stand_in_run = run_number;
    }
    if (rt_load(rt_solo)) {
        while (!stop_locked(NULL))
            ; /* it skips locks until it has answered */
        rt_store(rt_solo, false);
        rt_quick_see();
        start_locked();
    }
    return stand_in;
}

/* At the end of a run; the threads make new ones in the next. */
void rt_foreign_reset(void)
{
    rt_store(run_number, run_number + 1);
    while (rt_s.foreign) {
        struct g *g = rt_s.foreign;

        rt_s.foreign = g->foreign_next;
        free(g);
    }
}

void rt_leave_foreign(struct g *g)
{
    rt_check(g == stand_in, "a thread leaves that has not entered");
    rt_world_unlock();
}

void rt_must_park_failed(struct g *g, uint32_t *unlock)
{
    if (unlock)
        rt_unlock(unlock);
    rt_leave(g);
    go_panic("not in a goroutine");
}
