/*
 * blind.c - takes one kind of root away from the scan.
 *
 * Method: the linker has the scan's calls go to __wrap_NAME; __real_NAME is
 * what they meant. So the runtime knows nothing of this, and pays nothing.
 */
#include "tests/judge/blind.h"

#include "runtime/monitor/marker.h"
#include "runtime/sched/saved.h"
#include "runtime/sync/known.h"
#include "tests/judge/places.h"

static enum blind blind;

#define WRAPPED(type, name, ...)                                               \
    type __real_##name(__VA_ARGS__);                                           \
    type __wrap_##name(__VA_ARGS__);                                           \
    type __wrap_##name(__VA_ARGS__)

const char *blind_text(enum blind kind)
{
    static const char *const text[BLIND_COUNT] = {
        [BLIND_NOT] = "nothing",
        [BLIND_GLOBALS] = "globals",
        [BLIND_TLS] = "thread-local variables",
        [BLIND_MAPPED] = "mapped memory",
        [BLIND_THREADS] = "stacks of threads",
        [BLIND_REGISTERS] = "registers",
        [BLIND_RED_ZONE] = "the red zone",
        [BLIND_STACKS] = "stacks of goroutines",
        [BLIND_BUFFERS] = "buffers of channels",
        [BLIND_INNER] = "what contexts and timers give",
        [BLIND_ARMED] = "armed timers",
        [BLIND_KNOWN] = "what is known elsewhere",
        [BLIND_HALVES] = "half handles",
        [BLIND_TAGGED] = "pointers with tags",
    };

    return text[kind];
}

void blind_make(enum blind kind)
{
    blind = kind;
}

WRAPPED(uint32_t, rt_saved_roots, struct rt_span *to, uint32_t room)
{
    return blind == BLIND_REGISTERS ? 0 : __real_rt_saved_roots(to, room);
}

WRAPPED(struct rt_span, rt_saved_stack, const struct g *g)
{
    struct rt_span s = __real_rt_saved_stack(g);

    if (blind == BLIND_RED_ZONE && s.high - s.low > RT_RED_ZONE)
        s.low += RT_RED_ZONE;
    return s;
}

WRAPPED(uint32_t, rt_known_elsewhere, const void *const **list)
{
    uint32_t n = __real_rt_known_elsewhere(list);

    return blind == BLIND_KNOWN ? 0 : n;
}

WRAPPED(void, mon_mark_stack, struct mon_marker *k, const struct g *g)
{
    if (blind != BLIND_STACKS)
        __real_mon_mark_stack(k, g);
}

/* Through it the stack is found a second time, by its saved pointer. */
WRAPPED(void, mon_mark_goroutine, struct mon_marker *k, const struct g *g)
{
    if (blind != BLIND_STACKS)
        __real_mon_mark_goroutine(k, g);
}

WRAPPED(bool, mon_mark_timer, struct mon_marker *k, const struct rt_timer *t)
{
    return blind == BLIND_ARMED || __real_mon_mark_timer(k, t);
}

WRAPPED(unsigned, rt_refer_values, const struct go_chan *c,
        struct rt_span span[2])
{
    return blind == BLIND_BUFFERS ? 0 : __real_rt_refer_values(c, span);
}

WRAPPED(void, rt_ref_reach, const struct rt_ref *ref,
        const struct rt_reached *to)
{
    if (blind != BLIND_INNER)
        __real_rt_ref_reach(ref, to);
}

static bool is_half(const struct rt_ref *ref)
{
    return ref->what == RT_REFERS_CHAN && ref->wants &&
           (ref->wants & (ref->wants - 1)) == 0;
}

/* A channel's own tags say which half. */
static bool is_tagged(uintptr_t word, const struct rt_ref *ref)
{
    return ref->what != RT_REFERS_CHAN && word & 7;
}

WRAPPED(enum rt_refers, rt_refer, uintptr_t word, struct rt_ref *ref)
{
    enum rt_refers what = __real_rt_refer(word, ref);

    if ((blind == BLIND_HALVES && is_half(ref)) ||
        (blind == BLIND_TAGGED && is_tagged(word, ref)))
        what = ref->what = RT_REFERS_UNUSED;
    return what;
}

/* A visitor that does not see one span. */
struct narrowed {
    mon_visit *visit;
    void *arg;
    struct rt_span hidden;
};

static void see(const struct narrowed *v, const uintptr_t *words,
                uintptr_t address, struct rt_span part)
{
    if (part.low < part.high)
        v->visit(v->arg, words + (part.low - address) / sizeof(*words),
                 (part.high - part.low) / sizeof(*words), part.low);
}

static uintptr_t within(uintptr_t at, uintptr_t low, uintptr_t high)
{
    return at < low ? low : at > high ? high : at;
}

static void visit_narrowed(void *arg, const uintptr_t *words, size_t n,
                           uintptr_t address)
{
    const struct narrowed *v = arg;
    uintptr_t end = address + n * sizeof(*words);
    uintptr_t low = within(v->hidden.low, address, end),
              high = within(v->hidden.high, address, end);

    see(v, words, address, (struct rt_span){address, low});
    see(v, words, address, (struct rt_span){high, end});
}

static struct rt_span hidden_span(void)
{
    extern char __data_start[], _end[];

    switch (blind) {
    case BLIND_GLOBALS:
        return (struct rt_span){((uintptr_t)__data_start + 7) & ~(uintptr_t)7,
                                (uintptr_t)_end & ~(uintptr_t)7};
    case BLIND_TLS:
        return places_span(PLACE_TLS);
    case BLIND_MAPPED:
        return places_span(PLACE_MAPPED);
    case BLIND_THREADS:
        return places_span(PLACE_THREAD);
    default:
        return (struct rt_span){0, 0};
    }
}

WRAPPED(void, mon_regions_visit, struct mon_regions *r, mon_visit *visit,
        void *arg)
{
    struct narrowed v = {visit, arg, hidden_span()};

    __real_mon_regions_visit(r, visit_narrowed, &v);
}
