/*
 * crash.c - catches the signal that ends a process, and tells where it was.
 *
 * In:  a signal's context, or a call of exit. Out: plain data (vigil/crash.h),
 * and what a person reads of it.
 *
 * K1  The handler allocates nothing and locks nothing: the heap may be what is
 *     broken. Symbols are looked up by another process, later.
 * K2  What is known is written before the stack is unwound: that may fault
 *     itself, which ends the process at once.
 * K3  A fault is let happen again when the handler returns, and what was sent is
 *     sent again: so the process ends as it would have.
 * K4  A child that the program forks may exit, or crash: that ends nothing here.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>
#include <vigil/crash.h>

#include "runtime/base/throw.h"
#include "runtime/monitor/backtrace.h"
#include "runtime/monitor/symbol.h"
#include "runtime/monitor/text_blocks.h"
#include "runtime/sched/state.h"

static const int signals[] = {SIGSEGV, SIGBUS,  SIGILL, SIGFPE,
                              SIGABRT, SIGTRAP, SIGSYS};
enum {
    NSIGNAL = sizeof(signals) / sizeof(signals[0]),
    INLINE_MAX = 8
};

static struct {
    struct go_crash *to; /* NULL: nobody wants to know */
    pid_t process;
    bool hears; /* of exits */
    struct sigaction before[NSIGNAL];
} catcher;

/* ---- in the process that ends --------------------------------------------*/

/* K4 */
static struct go_crash *wanted(void)
{
    return catcher.process == getpid() ? catcher.to : NULL;
}

static void note_goroutine(struct go_crash *to)
{
    const struct m *m = rt_m();
    const struct g *g = m ? m->g : NULL;

    if (!g)
        return;
    to->goroutine = g->id;
    to->created = g->created;
    to->created_by = g->created_by;
}

#if defined(__x86_64__)
/* A call of what is no code has pushed where it came from, and nothing else. */
static void leave_no_code(ucontext_t *context)
{
    greg_t *r = context->uc_mcontext.gregs;
    const greg_t *sp = (const greg_t *)r[REG_RSP];

    if (r[REG_RIP] || !sp)
        return;
    r[REG_RIP] = *sp;
    r[REG_RSP] += (greg_t)sizeof(*sp);
}
#else
static void leave_no_code(ucontext_t *context)
{
    if (!context->uc_mcontext.pc)
        context->uc_mcontext.pc = context->uc_mcontext.regs[30];
}
#endif

static void note_stack(struct go_crash *to, const ucontext_t *context)
{
    static struct mon_backtrace trace; /* one crash at a time */
    static ucontext_t copy;

    copy = *context;
    leave_no_code(&copy);
    mon_backtrace_running(&copy, &trace);
    to->n = trace.n < GO_CRASH_FRAMES ? trace.n : GO_CRASH_FRAMES;
    memcpy(to->pc, trace.pc, to->n * sizeof(*to->pc));
}

static void on_signal(int signal, siginfo_t *info, void *context)
{
    struct go_crash *to = wanted();

    for (int i = 0; i < NSIGNAL; i++)
        sigaction(signals[i], &catcher.before[i], NULL);
    catcher.to = NULL;
    if (info->si_code <= 0)
        raise(signal); /* K3: when this returns */
    if (!to)
        return;
    to->sent = info->si_code <= 0;
    to->address = to->sent ? NULL : info->si_addr;
    note_goroutine(to);
    to->signal = signal; /* K2 */
    note_stack(to, context);
}

void go_crash_exits(int status)
{
    struct go_crash *to = wanted();
    ucontext_t here;

    if (!to)
        return;
    catcher.to = NULL;
    to->exited = true;
    to->status = status;
    note_goroutine(to);
    to->signal = SIGABRT; /* K2 */
    if (getcontext(&here) == 0)
        note_stack(to, &here);
}

static void on_exiting(int status, void *arg)
{
    (void)arg;
    go_crash_exits(status);
}

void go_crash_catch(struct go_crash *to)
{
    struct sigaction action = {.sa_sigaction = on_signal,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK};

    rt_check(to && !catcher.to, "crash: caught by two");
    memset(to, 0, sizeof(*to));
    sigemptyset(&action.sa_mask);
    catcher.to = to;
    catcher.process = getpid();
    catcher.hears = catcher.hears || on_exit(on_exiting, NULL) == 0;
    for (int i = 0; i < NSIGNAL; i++)
        sigaction(signals[i], &action, &catcher.before[i]);
}

void go_crash_refused(void (*fn)(const char *what))
{
    rt_refused_hook = fn;
}

void go_crash_ignore(void)
{
    if (!catcher.to)
        return;
    catcher.to = NULL;
    for (int i = 0; i < NSIGNAL; i++)
        sigaction(signals[i], &catcher.before[i], NULL);
}

/* ---- in one that outlives it ---------------------------------------------*/

/* By the names of their files, as far as these are known. */
static bool is_system(const char *module)
{
    static const char *const names[] = {"libc.so",  "libc-",      "libvigil",
                                        "ld-linux", "libpthread", "libm.so",
                                        "[vdso]",   "linux-vdso"};
    const char *slash = module ? strrchr(module, '/') : NULL;
    const char *base = slash ? slash + 1 : module;

    for (size_t i = 0; base && i < sizeof(names) / sizeof(*names); i++)
        if (strncmp(base, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

/* The frames of one address, the innermost inlined one first: how many. */
static size_t frames_at(const struct go_crash *crash, uint32_t i,
                        struct mon_frame frames[INLINE_MAX], bool *runtime)
{
    const void *pc = crash->pc[i];
    size_t n = pc ? mon_symbol_frames(pc, i > 0, frames, INLINE_MAX) : 0;

    *runtime = n > 0 && mon_symbol_is_runtime(pc, &frames[n - 1]);
    return n;
}

static struct go_frame frame_of(const struct mon_frame *f, bool runtime)
{
    return (struct go_frame){.func = f->func,
                             .file = f->file,
                             .line = f->line,
                             .module = f->module,
                             .offset = f->offset,
                             .program = !runtime && !is_system(f->module)};
}

/* The one that it happened in is shown, whosever it is, unless we were told of
   it there. */
static bool is_shown(const struct go_crash *crash, uint32_t i, bool runtime)
{
    return !runtime || (i == 0 && !crash->exited);
}

size_t go_crash_stack(const struct go_crash *crash, struct go_frame *to,
                      size_t max)
{
    struct mon_frame frames[INLINE_MAX];
    size_t n = 0;
    bool runtime;

    for (uint32_t i = 0; i < crash->n; i++) {
        size_t here = frames_at(crash, i, frames, &runtime);

        for (size_t k = 0; k < here && n < max && is_shown(crash, i, runtime);
             k++)
            to[n++] = frame_of(&frames[k], runtime);
    }
    return n;
}

bool go_crash_place(const struct go_crash *crash, struct go_frame *to)
{
    struct go_frame all[GO_CRASH_FRAMES];
    size_t n = go_crash_stack(crash, all, GO_CRASH_FRAMES);

    for (size_t i = 0; i < n; i++) {
        if (!all[i].program)
            continue;
        *to = all[i];
        return true;
    }
    return false;
}

void go_crash_print(const struct go_crash *crash, int fd)
{
    struct mon_frame frames[INLINE_MAX];
    struct mon_out out;
    bool runtime;

    if (!crash->goroutine && !crash->n)
        return;
    mon_out_open(&out, fd);
    mon_out_printf(&out, "goroutine %llu [running]:\n",
                   (unsigned long long)crash->goroutine);
    for (uint32_t i = 0; i < crash->n; i++) {
        size_t n = frames_at(crash, i, frames, &runtime);

        for (size_t k = 0; k < n && is_shown(crash, i, runtime); k++)
            mon_text_frame(&out, &frames[k]);
    }
    if (crash->goroutine != 1)
        mon_text_created(&out, crash->created, crash->created_by);
    mon_out_char(&out, '\n');
    mon_out_close(&out);
}
