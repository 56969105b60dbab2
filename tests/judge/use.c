/* use.c - plays what goroutines could do with what they have. */
#include "tests/judge/use.h"

static bool first_use(struct real *real, unsigned item)
{
    return !__atomic_exchange_n(&real->used[item], 1, __ATOMIC_ACQ_REL);
}

static void use_node(struct real *real, unsigned i)
{
    struct node *n = real_node(real, i);

    switch ((enum sync)real->w->node[i].sync) {
    case SYNC_WAITGROUP:
        if (first_use(real, ITEM_NODE + i))
            go_waitgroup_done(&n->sync.group);
        break;
    case SYNC_SEMAPHORE:
        go_semaphore_release(&n->sync.semaphore, MAX_ACTOR);
        break;
    case SYNC_COND:
        go_cond_broadcast(&n->sync.cond);
        break;
    default:
        break; /* who arrives at a barrier may have to wait there */
    }
}

static void use_item(struct real *real, unsigned item)
{
    uintptr_t word = 0;

    if (item < ITEM_RECV) {
        for (int i = 0; i < MAX_ACTOR; i++)
            go_chan_try_send_at(real_chan(real, item), &word, GO_SITE(""));
    } else if (item < ITEM_NODE) {
        for (int i = 0; i < MAX_ACTOR; i++)
            go_chan_try_recv_at(real_chan(real, item - ITEM_RECV), &word,
                                GO_SITE(""));
    } else if (item < ITEM_CANCEL) {
        if (!real->w->node[item - ITEM_NODE].freed)
            use_node(real, item - ITEM_NODE);
    } else if (item < ITEM_READ) {
        go_context_cancel(real_context(real, item - ITEM_CANCEL));
    } else if (item >= ITEM_TIMER && !real->w->timer[item - ITEM_TIMER].func) {
        go_timer_reset(real_timer(real, item - ITEM_TIMER), GO_NANOSECOND);
    }
}

void use_all(struct real *real, uint64_t items)
{
    items = truth_closure(real->w, items, BELIEF_NONE);
    for (unsigned i = 0; i < ITEM_COUNT; i++)
        if (items >> i & 1)
            use_item(real, i);
}

void use_locks(struct real *real, unsigned actor)
{
    for (unsigned i = 0; i < real->w->nnode; i++)
        if (real->w->node[i].sync == SYNC_MUTEX &&
            real->w->node[i].owner == actor && !real->w->node[i].freed)
            go_mutex_unlock(&real_node(real, i)->sync.mutex);
}
