/*
 * reached.h - what the holders of words reach, all of it together: which
 * objects, to do what with them, and which other words.
 */
#ifndef TESTS_REACHED_H
#define TESTS_REACHED_H

#include "runtime/sync/chan.h"
#include "runtime/sync/context.h"
#include "runtime/sync/refer.h"
#include "runtime/sync/timers.h"
#include "tests/parked.h"

enum {
    SEND = RT_WANT(GO_WANT_SEND),
    RECV = RT_WANT(GO_WANT_RECV),
    ROOM = 4096
};

/* What was told, and which contexts and timers have been. */
static struct {
    const struct go_object *object[ROOM];
    unsigned wants[ROOM];
    uintptr_t word[ROOM];
    int nobject, nword;
    uint8_t context[ROOM], timer[ROOM];
} seen;

static inline void see_object(void *arg, const struct go_object *o,
                              unsigned wants)
{
    CHECK(arg == &seen && wants && seen.nobject < ROOM);
    seen.object[seen.nobject] = o;
    seen.wants[seen.nobject++] = wants;
}

static inline void see_word(void *arg, uintptr_t word)
{
    CHECK(arg == &seen && seen.nword < ROOM);
    seen.word[seen.nword++] = word;
}

static inline bool see_context(void *arg, uint32_t number, unsigned how)
{
    bool first = !(seen.context[number % ROOM] & how);

    CHECK(arg == &seen && number < rt_context_slots() && number < ROOM);
    seen.context[number] |= (uint8_t)how;
    return first;
}

static inline bool see_timer(void *arg, uint32_t number)
{
    CHECK(arg == &seen && number < rt_timers_slots() && number < ROOM);
    return !seen.timer[number]++;
}

static const struct rt_reached to = {see_object, see_word, see_context,
                                     see_timer, &seen};

/* Follows one more word. */
static inline void more(const void *word)
{
    struct rt_ref ref;

    rt_refer((uintptr_t)word, &ref);
    rt_ref_reach(&ref, &to);
}
#define MORE(word) more((const void *)(word))

static inline void anew(void)
{
    memset(&seen, 0, sizeof(seen));
}

/* What may be done with the channel that a handle stands for. */
static inline unsigned can(const void *handle)
{
    const struct go_chan *c = rt_chan_of(handle);
    unsigned wants = 0;

    for (int i = 0; i < seen.nobject; i++)
        if (seen.object[i] == &c->obj)
            wants |= seen.wants[i];
    return wants;
}
#define CAN(handle) can((const void *)(handle))

static inline unsigned done_of(struct go_context *ctx)
{
    return CAN(go_context_done(ctx));
}

static inline bool has_word(const void *word)
{
    for (int i = 0; i < seen.nword; i++)
        if (seen.word[i] == (uintptr_t)word)
            return true;
    return false;
}

static inline enum rt_refers what(const void *word)
{
    struct rt_ref ref;

    return rt_refer((uintptr_t)word, &ref);
}
#define WHAT(word) what((const void *)(word))

#endif
