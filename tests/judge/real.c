/*
 * real->c - the things of a world that is being played.
 *
 * Whatever is made here is known for a moment to the stack of the goroutine
 * that makes it, which ends before anybody looks.
 */
#include "tests/judge/real.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/judge/places.h"

struct real reals[WORLDS];

static struct node global_nodes[WORLDS][MAX_NODE];
static const char key; /* of values: its address */

static inline uintptr_t word_of(const struct real *real, const struct ref *r)
{
    unsigned t = r->target;
    uintptr_t word;

    switch ((enum form)r->form) {
    case FORM_CHAN:
        word = (uintptr_t)real_chan(real, t);
        break;
    case FORM_SENDER:
        word = (uintptr_t)go_chan_handle(real_chan(real, t), GO_CHAN_AS_SENDER);
        break;
    case FORM_RECEIVER:
        word =
            (uintptr_t)go_chan_handle(real_chan(real, t), GO_CHAN_AS_RECEIVER);
        break;
    case FORM_DONE:
        word = (uintptr_t)go_context_done(real_context(real, t));
        break;
    case FORM_CONTEXT:
        word = (uintptr_t)real_context(real, t);
        break;
    case FORM_TIMER:
        word = (uintptr_t)real_timer(real, t);
        break;
    case FORM_NODE:
        word = hide(real->node[t]);
        break;
    case FORM_MIDDLE:
        word = (uintptr_t)real_node(real, t) + sizeof(struct node) / 2;
        break;
    default:
        word = (uintptr_t)(real_node(real, t) + 1);
    }
    return word | r->tag;
}

__attribute__((noinline)) void
real_put(const struct real *real, volatile uintptr_t *to, const struct ref *ref)
{
    *to = world_is_lost(ref, real->loss) ? 0 : word_of(real, ref);
    hands_wipe_below();
}

__attribute__((noinline)) void
real_put_hidden(const struct real *real, uintptr_t *to, const struct ref *ref)
{
    *to = hide(world_is_lost(ref, real->loss) ? 0 : word_of(real, ref));
    hands_wipe_below();
}

void real_put_all(const struct real *real, volatile uintptr_t *slots,
                  enum place place, unsigned owner)
{
    for (unsigned i = 0; i < real->w->nref; i++) {
        const struct ref *r = &real->w->ref[i];

        if (r->place == place && r->owner == owner)
            real_put(real, &slots[r->at], r);
    }
}

static void *global_node(const struct real *real, unsigned i)
{
    struct node *n = &global_nodes[real - reals][i];

    memset(n, 0, sizeof(*n));
    return n;
}

void real_make_nodes(struct real *real)
{
    for (unsigned i = 0; i < real->w->nnode; i++) {
        const struct node_plan *n = &real->w->node[i];

        if (n->region == REGION_HEAP)
            real->node[i] =
                hide((uintptr_t)calloc(1, n->pad + sizeof(struct node)));
        else if (n->region == REGION_GLOBAL)
            real->node[i] = hide((uintptr_t)global_node(real, i));
    }
}

static void make_chans(struct real *real)
{
    for (unsigned i = 0; i < real->w->nmade; i++)
        real->chan[i] = hide((uintptr_t)go_chan_make_at(
            sizeof(uintptr_t), real->w->chan[i].cap, "word", GO_SITE("")));
}

static void make_contexts(struct real *real)
{
    for (unsigned i = 0; i < real->w->ncontext; i++) {
        const struct context_plan *p = &real->w->context[i];
        struct go_context *parent = p->parent == i
                                        ? go_context_background()
                                        : real_context(real, p->parent),
                          *made;
        uintptr_t value = 0;

        real_put_all(real, &value, PLACE_VALUE, i);
        if (p->value)
            made = go_context_with_value(parent, &key, (void *)value);
        else if (p->timeout)
            made = go_context_with_timeout(parent, GO_HOUR);
        else
            made = go_context_with_cancel(parent);
        real->context[i] = hide((uintptr_t)made);
    }
}

static void fired(uintptr_t a, uintptr_t b)
{
    (void)a;
    (void)b;
}

static void make_timers(struct real *real)
{
    for (unsigned i = 0; i < real->w->ntimer; i++) {
        const struct timer_plan *p = &real->w->timer[i];
        uintptr_t word[TIMER_WORDS] = {0};
        struct go_timer *made;

        if (p->func) {
            real_put_all(real, word, PLACE_TIMER, i);
            made = go_after_func(GO_HOUR, fired, word[0], word[1]);
        } else {
            made = go_timer_new(GO_HOUR);
            real->chan[p->chan] = hide((uintptr_t)made->c);
        }
        if (!p->armed)
            go_timer_stop(made);
        real->timer[i] = hide((uintptr_t)made);
    }
}

static void fill_nodes(struct real *real)
{
    for (unsigned i = 0; i < real->w->nnode; i++) {
        struct node *n = real_node(real, i);

        if (real->w->node[i].sync == SYNC_WAITGROUP)
            go_waitgroup_add(&n->sync.group, 1);
        if (real->w->node[i].sync == SYNC_BARRIER)
            n->sync.barrier.size = 100;
        real_put_all(real, n->word, PLACE_NODE, i);
    }
    for (unsigned i = 0; i < real->w->nnode; i++)
        if (real->w->node[i].freed)
            free((void *)hide(real->node[i]));
}

static void fill_chans(struct real *real)
{
    for (unsigned i = 0; i < real->w->nmade; i++) {
        uintptr_t word[2] = {0};

        real_put_all(real, word, PLACE_BUFFER, i);
        for (int k = 0; k < real->w->chan[i].len; k++)
            go_chan_send_at(real_chan(real, i), &word[k], GO_SITE(""));
    }
}

static void tell_known(struct real *real)
{
    uintptr_t word[SLOTS] = {0};

    real_put_all(real, word, PLACE_KNOWN, 0);
    for (int i = 0; i < SLOTS; i++)
        if (word[i])
            go_known_elsewhere(word[i]);
}

void real_make_rest(struct real *real)
{
    make_chans(real);
    make_contexts(real);
    make_timers(real);
    fill_nodes(real);
    fill_chans(real);
    tell_known(real);
    places_fill(real);
}

void real_free(struct real *real)
{
    for (unsigned i = 0; i < real->w->nnode; i++)
        if (real->w->node[i].region == REGION_HEAP && !real->w->node[i].freed)
            free((void *)hide(real->node[i]));
}
