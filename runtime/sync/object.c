/*
 * object.c - what things are called, and why goroutines wait for them.
 *
 * In: go_label; the first asking for a number. Out: every report.
 */
#include "runtime/sync/object.h"

#include <vigil/control.h>

#include "runtime/base/cpu.h"
#include "runtime/base/peek.h"
#include "runtime/sched/stack.h"
#include "runtime/sync/chan.h"
#include "runtime/sync/context.h"

static uint32_t last_id; /* [atomic] goes on from run to run, as labels do */

uint32_t rt_object_last_id(void)
{
    return rt_load(last_id);
}

uint32_t rt_object_new_id(void)
{
    return __atomic_add_fetch(&last_id, 1, __ATOMIC_RELAXED);
}

uint32_t rt_object_id(struct go_object *o)
{
    uint32_t id = __atomic_load_n(&o->id, __ATOMIC_ACQUIRE), none = 0;

    if (id)
        return id;
    id = rt_object_new_id();
    if (!__atomic_compare_exchange_n(&o->id, &none, id, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE))
        return none; /* another thread was first: its number */
    return id;
}

uint32_t rt_object_id_with_care(struct go_object *o)
{
    bool is_safe = rt_load(o->id) || rt_chan_at(o) || rt_stack_at(o) ||
                   rt_peek_writable(&o->kind);

    return is_safe ? rt_object_id(o) : rt_object_new_id();
}

static const char *site_text(const struct go_site *site)
{
    return site && site->what ? site->what : "";
}

/* What the program called a channel when it used it; its birth has no text. */
static const char *chan_text(const struct go_chan *c)
{
    const struct waiter *w = rt_waitq_first(&c->recvq);

    if (c->use != RT_CHAN_PLAIN)
        return ""; /* its site is of the timer or context that made it */
    if (!w)
        w = rt_waitq_first(&c->sendq);
    if (w && *site_text(w->site))
        return w->site->what;
    if (*site_text(c->sent.site))
        return c->sent.site->what;
    if (*site_text(c->received.site))
        return c->received.site->what;
    return site_text(c->closed.site);
}

const char *rt_object_name(const struct go_object *o)
{
    const char *name = __atomic_load_n(&o->name, __ATOMIC_ACQUIRE);

    if (name)
        return name;
    switch (o->kind) {
    case GO_KIND_CHAN:
        return chan_text((const struct go_chan *)o);
    case GO_KIND_CONTEXT: /* its site's text is its parent's name */
        return "";
    default:
        return site_text(o->born);
    }
}

/*
 * The channel of a timer or ticker, by its first word; NULL when it is not
 * one. A handle has 0 in its low four bits, a used object there its kind.
 */
static struct go_chan *timer_chan(const struct rt_timer_head *t)
{
    _Static_assert(GO_KIND_COUNT <= 16, "a kind looks like no handle");

    return (uintptr_t)t->c % 16 ? NULL : rt_chan_at(t->c);
}

/*
 * The objects that a label for what lies at obj goes on: one, or with a timer
 * and its channel two. See struct rt_timer_head.
 */
static void label(void *obj, const char *name)
{
    struct go_object *o = obj;
    struct go_chan *c = rt_chan_at(obj);

    if (c) {
        __atomic_store_n(&c->obj.name, name, __ATOMIC_RELEASE);
        return;
    }
    __atomic_store_n(&o->name, name, __ATOMIC_RELEASE);
    c = timer_chan(obj);
    if (c)
        __atomic_store_n(&c->obj.name, name, __ATOMIC_RELEASE);
    else if (o->kind == GO_KIND_CONTEXT)
        rt_context_named(obj, name);
}

void go_label(const void *obj, const char *fmt, ...)
{
    const char *name;
    struct g *g;
    va_list ap;

    if (!obj)
        return;
    va_start(ap, fmt);
    name = rt_intern_text(fmt, ap);
    va_end(ap);
    g = rt_enter();
    label((void *)(uintptr_t)obj, name);
    rt_leave(g);
}

const char *go_op_text(enum go_op op)
{
    static const char *const text[GO_OP_COUNT] = {
        [GO_OP_NONE] = "",
        [GO_OP_LOCK] = "lock",
        [GO_OP_TRYLOCK] = "trylock",
        [GO_OP_UNLOCK] = "unlock",
        [GO_OP_RLOCK] = "rlock",
        [GO_OP_TRYRLOCK] = "tryrlock",
        [GO_OP_WLOCK] = "wlock",
        [GO_OP_SEND] = "send",
        [GO_OP_RECV] = "recv",
        [GO_OP_TRYSEND] = "trysend",
        [GO_OP_TRYRECV] = "tryrecv",
        [GO_OP_SELECT] = "select",
        [GO_OP_CLOSE] = "close",
        [GO_OP_LEN] = "len",
        [GO_OP_ADD] = "add",
        [GO_OP_WAIT] = "wait",
        [GO_OP_COND_WAIT] = "cond wait",
        [GO_OP_SIGNAL] = "signal",
        [GO_OP_BROADCAST] = "broadcast",
        [GO_OP_ACQUIRE] = "acquire",
        [GO_OP_TRYACQUIRE] = "tryacquire",
        [GO_OP_RELEASE] = "release",
        [GO_OP_ONCE] = "once",
        [GO_OP_BARRIER] = "barrier",
        [GO_OP_CANCEL] = "cancel",
        [GO_OP_ERR] = "err",
        [GO_OP_TIMER] = "timer",
        [GO_OP_SLEEP] = "sleep",
        [GO_OP_YIELD] = "yield",
        [GO_OP_LOAD] = "load",
        [GO_OP_STORE] = "store",
        [GO_OP_UPDATE] = "update",
        [GO_OP_READ] = "read",
        [GO_OP_WRITE] = "write",
        [GO_OP_CLOCK] = "clock",
        [GO_OP_CONTEXT] = "context",
        [GO_OP_IO] = "io",
        [GO_OP_ASK] = "ask",
    };

    rt_check((unsigned)op < GO_OP_COUNT, "no such operation");
    return text[op];
}

const char *go_wait_reason_text(enum go_wait_reason reason)
{
    static const char *const text[GO_WAIT_COUNT] = {
        [GO_WAIT_NONE] = "",
        [GO_WAIT_CHAN_RECV] = "chan receive",
        [GO_WAIT_CHAN_RECV_NIL] = "chan receive (nil chan)",
        [GO_WAIT_CHAN_SEND] = "chan send",
        [GO_WAIT_CHAN_SEND_NIL] = "chan send (nil chan)",
        [GO_WAIT_SELECT] = "select",
        [GO_WAIT_SELECT_EMPTY] = "select (no cases)",
        [GO_WAIT_SLEEP] = "sleep",
        [GO_WAIT_MUTEX] = "sync.Mutex.Lock",
        [GO_WAIT_RWMUTEX_RLOCK] = "sync.RWMutex.RLock",
        [GO_WAIT_RWMUTEX_LOCK] = "sync.RWMutex.Lock",
        [GO_WAIT_WAITGROUP] = "sync.WaitGroup.Wait",
        [GO_WAIT_COND] = "sync.Cond.Wait",
        [GO_WAIT_ONCE] = "sync.Once.Do",
        [GO_WAIT_SEMAPHORE] = "semacquire",
        [GO_WAIT_BARRIER] = "barrier wait",
        [GO_WAIT_ERRGROUP] = "errgroup.Group.Wait",
        [GO_WAIT_IO] = "IO wait",
        [GO_WAIT_BLOCKING] = "syscall",
    };

    if ((unsigned)reason >= GO_WAIT_COUNT)
        return "unknown wait reason";
    rt_check(text[reason], "a wait reason has no text");
    return text[reason];
}
