/*
 * limits.c - names all that the monitor could not see, or cannot judge.
 *
 * In:  a snapshot, and the stopped workers. Out: its limits[].
 *
 * Whoever waits for the world outside, a thread that is no goroutine, a worker
 * that did not stop or sleeps in the kernel in a call that was not announced:
 * each may do something that no look can foresee. Nothing of it is silent;
 * beyond NAMED of a sort the rest is counted.
 */
#include "runtime/monitor/limits.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "runtime/sched/sched.h"
#include "runtime/sched/strangers.h"
#include "runtime/sync/known.h"

enum {
    NAMED = 8
};

static const char *base_name(const char *file)
{
    const char *slash = strrchr(file, '/');

    return slash ? slash + 1 : file;
}

static void external_limit(struct mon_snapshot *s,
                           const struct go_inspect_goroutine *g)
{
    const struct go_site *site = g->site;
    const char *what = "a blocking call";
    char at[48] = ""; /* a call by address has none yet: site.c */

    if (g->reason == GO_WAIT_IO)
        what = g->nwait ? s->in.objects[s->in.waits[g->wait].object].name
                        : "a descriptor";
    if (site && site->file)
        snprintf(at, sizeof(at), " at %.30s:%d", base_name(site->file),
                 site->line);
    mon_snapshot_limit(s, g->id, "goroutine %llu %s %.40s%s",
                       (unsigned long long)g->id,
                       g->reason == GO_WAIT_IO ? "waits for" : "in", what, at);
}

/* One more, into the list of the NAMED that began first, of n so far. */
static void oldest_add(const struct go_inspect_goroutine *oldest[NAMED],
                       uint32_t n, const struct go_inspect_goroutine *g)
{
    uint32_t at = n < NAMED ? n : NAMED;

    for (; at > 0 && oldest[at - 1]->id > g->id; at--)
        if (at < NAMED)
            oldest[at] = oldest[at - 1];
    if (at < NAMED)
        oldest[at] = g;
}

static void externals(struct mon_snapshot *s)
{
    const struct go_inspect_goroutine *oldest[NAMED];
    uint32_t n = 0;

    for (uint32_t i = 0; i < s->in.ngoroutine; i++)
        if (s->in.goroutines[i].state == GO_STATE_EXTERNAL)
            oldest_add(oldest, n++, &s->in.goroutines[i]);
    for (uint32_t i = 0; i < n && i < NAMED; i++)
        external_limit(s, oldest[i]);
    if (n > NAMED)
        mon_snapshot_limit(s, 0, "%u more goroutines in external waits",
                           n - NAMED);
}

/* The name of a system call that may sleep; NULL: not one of these. */
static const char *call_name(long number)
{
    static const struct {
        long number;
        const char *name;
    } calls[] = {
        {SYS_read, "read"},
        {SYS_write, "write"},
        {SYS_readv, "readv"},
        {SYS_writev, "writev"},
        {SYS_recvfrom, "recvfrom"},
        {SYS_recvmsg, "recvmsg"},
        {SYS_sendto, "sendto"},
        {SYS_sendmsg, "sendmsg"},
        {SYS_accept, "accept"},
        {SYS_accept4, "accept4"},
        {SYS_connect, "connect"},
        {SYS_ppoll, "ppoll"},
        {SYS_pselect6, "pselect6"},
        {SYS_epoll_pwait, "epoll_pwait"},
        {SYS_futex, "futex (a lock of pthreads, or a thread that is joined)"},
        {SYS_nanosleep, "nanosleep"},
        {SYS_clock_nanosleep, "clock_nanosleep"},
        {SYS_wait4, "wait4"},
        {SYS_waitid, "waitid"},
        {SYS_flock, "flock"},
        {SYS_fsync, "fsync"},
#ifdef SYS_poll
        {SYS_poll, "poll"},
        {SYS_select, "select"},
        {SYS_pause, "pause"},
        {SYS_epoll_wait, "epoll_wait"},
#endif
    };

    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
        if (calls[i].number == number)
            return calls[i].name;
    return NULL;
}

/*
 * The system call that a stopped worker was interrupted in: with SA_RESTART
 * the program counter is back at the instruction and its number is loaded
 * again; a call that is not restarted so has returned -EINTR. -1: none.
 */
static long interrupted_call(const ucontext_t *uc, bool *sleeps)
{
#if defined(__x86_64__)
    static const unsigned char instruction[] = {0x0f, 0x05};
    const unsigned char *pc =
        (const unsigned char *)uc->uc_mcontext.gregs[REG_RIP];
    long rax = (long)uc->uc_mcontext.gregs[REG_RAX];

    *sleeps = true;
    if (rax >= 0 && memcmp(pc, instruction, sizeof(instruction)) == 0)
        return rax;
    *sleeps =
        rax == -EINTR && memcmp(pc - 2, instruction, sizeof(instruction)) == 0;
    return -1;
#else
    const uint32_t *pc = (const uint32_t *)uc->uc_mcontext.pc;

    *sleeps = *pc == 0xd4000001u; /* svc #0: to be made again */
    if (*sleeps)
        return (long)uc->uc_mcontext.regs[8];
    *sleeps = pc[-1] == 0xd4000001u && (long)uc->uc_mcontext.regs[0] == -EINTR;
    return *sleeps ? (long)uc->uc_mcontext.regs[8] : -1;
#endif
}

/* What /proc says of a thread: its call's number, or that it runs. -1. */
static long sleeping_call(int tid)
{
    char text[32];

    rt_thread_file("syscall", tid, text, sizeof(text));
    return text[0] < '0' || text[0] > '9' ? -1 : strtol(text, NULL, 10);
}

void mon_limits_probe(struct mon_asleeps *to)
{
    to->n = 0;
    for (struct m *m = rt_m_first(); m && to->n < MON_ASLEEP_MAX;
         m = m->all_next) {
        struct g *g = __atomic_load_n(&m->g, __ATOMIC_RELAXED);
        long call;

        if (!g || __atomic_load_n(&m->in_rt, __ATOMIC_RELAXED))
            continue;
        call = sleeping_call(rt_load(m->tid));
        /* Still in the same goroutine: so the call is that goroutine's. */
        if (call >= 0 && __atomic_load_n(&m->g, __ATOMIC_RELAXED) == g)
            to->list[to->n++] = (struct mon_asleep){m->id, call, g->id};
    }
}

static void asleep_limit(struct mon_snapshot *s, const struct mon_asleep *a)
{
    const char *name = call_name(a->call);

    mon_snapshot_limit(
        s, a->goroutine, "worker %d asleep in %s, goroutine %llu", a->worker,
        name ? name : "a system call", (unsigned long long)a->goroutine);
}

static bool is_named(const struct mon_asleeps *asleep, int worker)
{
    for (uint32_t i = 0; asleep && i < asleep->n; i++)
        if (asleep->list[i].worker == worker)
            return true;
    return false;
}

static void workers(struct mon_snapshot *s, const struct mon_moment *moment)
{
    for (uint32_t i = 0; moment->asleep && i < moment->asleep->n; i++)
        asleep_limit(s, &moment->asleep->list[i]);
    for (const struct m *m = rt_m_first(); m; m = m->all_next) {
        bool sleeps = false;
        long call = m->context ? interrupted_call(m->context, &sleeps) : -1;

        if (sleeps && rt_load(m->g) && !is_named(moment->asleep, m->id))
            asleep_limit(s, &(struct mon_asleep){m->id, call, m->g->id});
        if (m == moment->silent)
            mon_snapshot_limit(s, rt_load(m->g) ? rt_load(m->g)->id : 0,
                               "worker %d did not answer the stop", m->id);
    }
}

void mon_limits_take(struct mon_snapshot *s, const struct mon_moment *moment)
{
    uint32_t known = rt_known_elsewhere(NULL);

    externals(s);
    workers(s, moment);
    if (moment->silent) /* what it has reached by now is not known */
        s->in.foreign_life = true;
    if (moment->foreign == RT_STRANGERS_UNKNOWN)
        mon_snapshot_limit(s, 0,
                           "threads of the program's own are not known, for "
                           "there is no /proc");
    else if (moment->foreign)
        mon_snapshot_limit(s, 0, "%u thread%s of the program's own",
                           moment->foreign, moment->foreign == 1 ? "" : "s");
    if (known) {
        s->in.foreign_life = true;
        mon_snapshot_limit(s, 0, "%u handle%s known elsewhere", known,
                           known == 1 ? "" : "s");
    }
}
