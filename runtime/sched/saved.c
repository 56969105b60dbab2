/*
 * saved.c - where who lies still has what it holds.
 *
 * In:  the stopped world, the contexts of threads.c. Out: spans for a marker.
 *
 * Method: a thread stopped by a signal has its registers in the frame that the
 * kernel made, vector registers included, wherever that lies; what it has in
 * use of its stack begins a red zone below its stack pointer. A goroutine that
 * parked has pushed what it needs. A worker in the scheduler holds nothing, but
 * thread-local variables lie at the top of its stack.
 *
 * R1  Only what is a stack for sure is skipped; the doubtful is scanned.
 *
 * Why the thread that called rt_run is scanned at all: it wakes nobody while
 * the run lasts, but what main keeps on its stack others may point to.
 */
#include "runtime/sched/saved.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runtime/base/cpu.h"
#include "runtime/base/peek.h"
#include "runtime/sched/stack.h"
#include "runtime/sched/state.h"
#include "runtime/sched/threads.h"

extern void *__libc_stack_end; /* where the main thread's stack began */

static struct {
    uintptr_t low, frame; /* [init] of rt_run's stack; 0: not known */
} boot;

__attribute__((noinline)) void *rt_frame_below(void)
{
    return __builtin_frame_address(0);
}

static const struct m *worker_of(int tid)
{
    for (const struct m *m = rt_m_first(); m; m = m->all_next)
        if (rt_load(m->tid) == tid)
            return m;
    return NULL;
}

struct spans {
    struct rt_span *to;
    uint32_t room, n;
};

static void span_add(struct spans *s, uintptr_t low, uintptr_t high)
{
    if (low >= high)
        return;
    if (s->n < s->room)
        s->to[s->n] = (struct rt_span){low, high};
    s->n++;
}

#if defined(__x86_64__)
/* What the kernel says of the area it saved in bytes that hardware skips. */
struct fx_words {
    uint32_t magic, extended_size;
};
enum {
    FX_SIZE = 512,
    FX_WORDS = 464,
    FX_MAGIC = 0x46505853,
};

static void registers_add(struct spans *s, const ucontext_t *uc)
{
    uintptr_t gregs = (uintptr_t)uc->uc_mcontext.gregs;
    uintptr_t fp = (uintptr_t)uc->uc_mcontext.fpregs;
    struct fx_words words;

    span_add(s, gregs, gregs + sizeof(uc->uc_mcontext.gregs));
    if (!fp)
        return;
    memcpy(&words, (const char *)fp + FX_WORDS, sizeof(words));
    span_add(s, fp,
             fp + (words.magic == FX_MAGIC && words.extended_size > FX_SIZE
                       ? words.extended_size
                       : FX_SIZE));
}
#else
/* The records of vector registers; large ones lie elsewhere, and one tells. */
static void registers_add(struct spans *s, const ucontext_t *uc)
{
    uintptr_t low = (uintptr_t)&uc->uc_mcontext;
    const unsigned char *at = uc->uc_mcontext.__reserved;
    const unsigned char *end = at + sizeof(uc->uc_mcontext.__reserved);
    struct extra_context e;

    span_add(s, low, low + sizeof(uc->uc_mcontext));
    for (; at + sizeof(e) <= end; at += e.head.size) {
        memcpy(&e, at, sizeof(e));
        if (e.head.magic == EXTRA_MAGIC)
            span_add(s, e.datap, e.datap + e.size);
        if (!e.head.magic || e.head.size < sizeof(e.head))
            return;
    }
}
#endif

static uintptr_t context_sp(const ucontext_t *uc)
{
#if defined(__x86_64__)
    return (uintptr_t)uc->uc_mcontext.gregs[REG_RSP];
#else
    return (uintptr_t)uc->uc_mcontext.sp;
#endif
}

/* The program's own handlers may run on m's alternative stack. */
static void context_add(struct spans *s, const ucontext_t *uc,
                        const struct m *m)
{
    uintptr_t sp = context_sp(uc), low = m ? (uintptr_t)m->altstack : 0;

    registers_add(s, uc);
    if (low && sp >= low && sp < low + RT_ALTSTACK)
        span_add(s, sp - RT_RED_ZONE, low + RT_ALTSTACK);
}

uint32_t rt_saved_roots(struct rt_span *to, uint32_t room)
{
    struct spans s = {to, room, 0};

    for (uint32_t i = 0; i < rt_threads_count(); i++) {
        int tid;
        const ucontext_t *uc = rt_threads_context(i, &tid);

        if (uc)
            context_add(&s, uc, worker_of(tid));
    }
    for (const struct m *m = rt_m_first(); m; m = m->all_next)
        if (m->context)
            context_add(&s, m->context, m);
    return s.n;
}

static const ucontext_t *stopped_context(int tid)
{
    for (uint32_t i = 0; i < rt_threads_count(); i++) {
        int of;
        const ucontext_t *uc = rt_threads_context(i, &of);

        if (uc && of == tid)
            return uc;
    }
    return NULL;
}

/*
 * All below the worker's first frame, or below the call that it makes: which
 * may be the one that looks.
 */
static void worker_skip(struct spans *s, const struct m *m)
{
    uintptr_t low = (uintptr_t)m->stack_low, high = (uintptr_t)m->frame;
    const ucontext_t *uc = stopped_context(m->tid);

    if (!low || !high) /* it has just begun */
        return;
    if (m == rt_m() && m->blocked && !rt_load(m->returned))
        high = (uintptr_t)__builtin_frame_address(0);
    rt_check(low < high, "a worker's first frame is not on its stack");
    if (uc) {
        uintptr_t sp = context_sp(uc);

        if (sp <= low || sp > high) /* on another stack of the program's */
            return;
        high = sp - RT_RED_ZONE;
    }
    span_add(s, low, high);
}

/* Whether all of [low, high), whole pages, is mapped. */
static bool is_mapped(uintptr_t low, uintptr_t high)
{
    unsigned char in[256];
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

    for (uintptr_t step = page * sizeof(in); low < high; low += step)
        if (mincore((void *)low, high - low < step ? high - low : step, in))
            return false;
    return true;
}

/*
 * Where the main thread's stack ends now: it grows. frame must be on it, as is
 * known by there being no hole up to where it began.
 */
static uintptr_t main_stack_low(uintptr_t frame)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t low = frame & ~(page - 1), top = (uintptr_t)__libc_stack_end;

    if (frame > top || !is_mapped(low, top & ~(page - 1)))
        return 0;
    while (is_mapped(low - page, low))
        low -= page;
    return low;
}

void rt_saved_boot(void *frame)
{
    uintptr_t at = (uintptr_t)frame;
    pthread_attr_t attr;
    size_t size = 0;
    void *low = NULL;

    boot.frame = at;
    boot.low = 0;
    if (rt_s.boot_tid == getpid() || pthread_getattr_np(pthread_self(), &attr))
        return;
    pthread_attr_getstack(&attr, &low, &size);
    pthread_attr_destroy(&attr);
    if (at > (uintptr_t)low && at < (uintptr_t)low + size)
        boot.low = (uintptr_t)low;
}

uint32_t rt_saved_skips(struct rt_span *to, uint32_t room)
{
    struct spans s = {to, room, 0};
    uintptr_t low = boot.low;

    for (const struct m *m = rt_m_first(); m; m = m->all_next)
        worker_skip(&s, m);
    if (rt_s.boot_tid == getpid())
        low = main_stack_low(boot.frame);
    if (low)
        span_add(&s, low, boot.frame);
    return s.n;
}

/* The worker that runs g, if any does. */
static const struct m *runner(const struct g *g)
{
    for (const struct m *m = rt_m_first(); m; m = m->all_next)
        if (rt_load(m->g) == g)
            return m;
    return NULL;
}

/* The lowest address in use by g, which was running; 0: not known. */
static uintptr_t running_low(const struct g *g)
{
    const struct m *m = runner(g);

    if (m && m->context)
        return context_sp(m->context) - RT_RED_ZONE;
    return m && m == rt_m() ? (uintptr_t)rt_threads_frame() : 0;
}

#if defined(__x86_64__)
/* Whether the next instruction or's 0 to a place on the stack: orq $0, n(%rsp),
   with an index maybe. No code has another reason for that than a probe. */
static bool is_probe(const ucontext_t *uc)
{
    static const unsigned char imm_at[] = {4, 5, 8}; /* by the mod of modrm */
    const void *next = (const void *)uc->uc_mcontext.gregs[REG_RIP];
    unsigned char in[9], mod;

    if (!rt_peek(in, next, sizeof(in)))
        return false;
    mod = in[2] >> 6;
    return (in[0] & 0xfd) == 0x48 && in[1] == 0x83 && (in[2] & 0x3f) == 0x0c &&
           (in[3] & 7) == 4 && mod < sizeof(imm_at) && in[imm_at[mod]] == 0;
}
#else
static bool is_probe(const ucontext_t *uc)
{
    (void)uc;
    return false;
}
#endif

/*
 * Down to where frames lie for sure. Code that takes a large frame page by page
 * (-fstack-clash-protection) moves the stack pointer on and then probes what it
 * has passed, a page above it at most: below that nothing was written yet.
 */
static uintptr_t frames_low(const ucontext_t *uc)
{
    return context_sp(uc) +
           (is_probe(uc) ? (uintptr_t)sysconf(_SC_PAGESIZE) : 0);
}

bool rt_saved_astray(const struct g *g)
{
    enum rt_gstatus status = rt_g_status(g);
    uintptr_t at = (uintptr_t)g->sp;

    if (status == RT_G_RUNNING) {
        const struct m *m = runner(g);

        at = m && m->context ? frames_low(m->context) : running_low(g);
    } else if (status != RT_G_WAITING && status != RT_G_RUNNABLE)
        return false;
    return at && rt_stack_is_others(g, at);
}

struct rt_span rt_saved_stack(const struct g *g)
{
    enum rt_gstatus status = rt_g_status(g);
    struct rt_span s;
    uintptr_t at = (uintptr_t)g->sp;

    if (status == RT_G_FREE || status == RT_G_DEAD || status == RT_G_FOREIGN)
        return (struct rt_span){0, 0};
    s.low = (uintptr_t)rt_stack_low(g);
    s.high = (uintptr_t)rt_stack_top(g);
    if (status == RT_G_RUNNING)
        at = running_low(g);
    if (at > s.low && at <= s.high) /* R1 */
        s.low = at;
    return s;
}
