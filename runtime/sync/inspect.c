/*
 * inspect.c - what a look is told of an object: one table, by kind.
 *
 * In: objects that somebody waits on or holds, while the world is stopped.
 * Out: struct go_inspect_object; whether a timer is armed for it is for the
 * snapshot to add, which knows the timers.
 *
 * "exact" says that all who can wake the object's waiters are known: owners
 * or members. It must never be said in doubt.
 */
#include <vigil/inspect.h>
#include <vigil/sync.h>

#include "runtime/sync/chan.h"
#include "runtime/sync/context.h"
#include "runtime/sync/mutex.h"

/* Adds a last use, if there was one. */
static void used(struct go_inspect_object *to, enum go_did did,
                 const struct go_use *by)
{
    if (!by->goroutine && !by->site)
        return;
    rt_check(to->nuse < GO_INSPECT_USES, "an object has too many uses");
    to->use[to->nuse++] = (struct go_inspect_use){*by, (uint8_t)did};
}

static bool has_used(const struct go_inspect_object *o, enum go_did did,
                     uint64_t goroutine)
{
    for (unsigned u = 0; u < o->nuse; u++)
        if (o->use[u].did == did && o->use[u].by.goroutine == goroutine)
            return true;
    return false;
}

static void inspect_chan(const void *o, struct go_inspect_object *to)
{
    const struct go_chan *c = o;

    to->closed = c->state != RT_CHAN_OPEN;
    to->timer = c->use == RT_CHAN_TIMER;
    to->context = c->use == RT_CHAN_CONTEXT;
    to->type = c->type;
    to->cap = (int64_t)c->cap;
    to->len = (int64_t)c->len;
    used(to, GO_DID_SEND, &c->sent);
    used(to, GO_DID_RECV, &c->received);
    used(to, GO_DID_CLOSE, &c->closed);
}

static void inspect_mutex(const void *o, struct go_inspect_object *to)
{
    const struct go_mutex *m = o;

    to->exact = m->owner != 0; /* else somebody woken is about to take it */
    to->owner = rt_owner_g(m->owner);
    used(to, GO_DID_UNLOCK, &m->unlocked);
}

static void inspect_rwmutex(const void *o, struct go_inspect_object *to)
{
    const struct go_rwmutex *m = o;

    to->exact = m->writer || m->readers;
    to->len = m->readers;
    to->owner = m->readers ? NULL : (const void *)m->writer;
    used(to, GO_DID_UNLOCK, &m->unlocked);
    used(to, GO_DID_RUNLOCK, &m->runlocked);
}

/*
 * Exact as long as nobody has counted by hand: who did may do it again. Of
 * those that counted down, several: the one that did not is found by what is
 * missing. Newest first, each once.
 */
static void inspect_waitgroup(const void *o, struct go_inspect_object *to)
{
    const struct go_waitgroup *wg = o;

    to->exact = !wg->by_hand;
    to->len = wg->count;
    to->members = wg->members;
    used(to, GO_DID_ADD, &wg->added);
    used(to, GO_DID_DONE, &wg->done);
    for (uint32_t i = 1; i <= GO_WAITGROUP_EARLIER && i <= wg->ndone; i++) {
        const struct go_use *by =
            &wg->earlier[(wg->ndone - i) % GO_WAITGROUP_EARLIER];

        if (!has_used(to, GO_DID_DONE, by->goroutine))
            used(to, GO_DID_DONE, by);
    }
}

static void inspect_cond(const void *o, struct go_inspect_object *to)
{
    const struct go_cond *c = o;

    used(to, GO_DID_SIGNAL, &c->signalled);
}

/* Whoever runs it holds it. */
static void inspect_once(const void *o, struct go_inspect_object *to)
{
    const struct go_once *once = o;

    to->exact = once->runner != 0;
    to->owner = (const void *)once->runner;
}

static void inspect_semaphore(const void *o, struct go_inspect_object *to)
{
    const struct go_semaphore *s = o;

    to->len = s->free;
    used(to, GO_DID_ACQUIRE, &s->acquired);
    used(to, GO_DID_RELEASE, &s->released);
}

static void inspect_barrier(const void *o, struct go_inspect_object *to)
{
    const struct go_barrier *b = o;

    to->cap = b->size;
    to->len = b->arrived;
    used(to, GO_DID_ARRIVE, &b->last);
}

static void inspect_context(const void *o, struct go_inspect_object *to)
{
    const struct go_context *ctx = o;

    to->closed = ctx->node && ctx->node->err;
    used(to, GO_DID_CANCEL, &ctx->cancelled);
}

void rt_object_inspect(const struct go_object *o, struct go_object *at,
                       struct go_inspect_object *to)
{
    /* NULL: nothing but the head is known of that kind */
    static void (*const by_kind[GO_KIND_COUNT])(const void *,
                                                struct go_inspect_object *) = {
        [GO_KIND_CHAN] = inspect_chan,
        [GO_KIND_MUTEX] = inspect_mutex,
        [GO_KIND_RWMUTEX] = inspect_rwmutex,
        [GO_KIND_WAITGROUP] = inspect_waitgroup,
        [GO_KIND_COND] = inspect_cond,
        [GO_KIND_ONCE] = inspect_once,
        [GO_KIND_SEMAPHORE] = inspect_semaphore,
        [GO_KIND_BARRIER] = inspect_barrier,
        [GO_KIND_ERRGROUP] = inspect_waitgroup,
        [GO_KIND_CONTEXT] = inspect_context,
    };

    memset(to, 0, sizeof(*to));
    rt_check(o->kind < GO_KIND_COUNT, "an object of no known kind");
    to->kind = o->kind;
    to->id = rt_object_id_with_care(at);
    to->name = rt_object_name(o);
    to->labelled = o->name != NULL;
    to->born = o->born;
    to->address = at;
    if (by_kind[o->kind])
        by_kind[o->kind](o, to);
}
