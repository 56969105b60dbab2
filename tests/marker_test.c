/*
 * marker_test.c - what follows from a word, on made-up memory: blocks of the
 * inner heap, objects in arrays of the test, channels made before any run.
 */
#include "runtime/monitor/marker.h"

#include <criterion/criterion.h>
#include <string.h>
#include <vigil/go.h>

#include "runtime/base/rng.h"
#include "runtime/heap/cache.h"
#include "runtime/heap/heap.h"
#include "runtime/heap/region.h"
#include "runtime/monitor/reduce.h"
#include "runtime/sync/chan.h"
#include "tests/made.h"

enum {
    ALL = -1, /* MON_WANT_ALL */
    PAGE = 4096,
    MANY = 60
};

static struct made made;
static struct mon_marker marker;
static struct rt_arena arena;
static unsigned told[MADE_MAX]; /* wants, by object */
static int ntold;

static void found(void *arg, uint32_t object, unsigned wants)
{
    cr_assert_eq(arg, &made);
    cr_assert_lt(object, made.in.nobject);
    told[object] |= wants;
    ntold++;
}

/* An object of which somebody waits. */
static uint32_t waited(enum go_kind kind, const void *address)
{
    uint32_t o = made_object(&made, kind, "o");

    made.o[o].address = address;
    made_wait(&made, made_g(&made, GO_WAIT_SEMAPHORE), o, GO_WANT_RELEASE);
    return o;
}

/* A heap of its own, and nothing in it. */
static void begin(void)
{
    made_new(&made);
    cr_assert(rt_heap_open());
}
#define MARKER(claim) Test(marker, claim, .init = begin)

static void ready(void)
{
    memset(told, 0, sizeof(told));
    ntold = 0;
    cr_assert_eq(
        mon_marker_open(&marker, made_done(&made), &rt_heap_blocks, &arena), 0);
    marker.found = found;
    marker.arg = &made;
}

static void *block(size_t n)
{
    return memset(rt_heap_malloc(n), 0, n);
}

static void mark(const void *p)
{
    mon_mark_word(&marker, (uintptr_t)p);
}

/* A chain of blocks; the semaphore lies in the last. */
struct link {
    struct link *next;
    char rest[40];
    struct go_semaphore s;
};

static struct link *chain(int n, uint32_t *object)
{
    struct link *first = NULL;

    while (n-- > 0) {
        struct link *l = block(sizeof(*l));

        l->next = first;
        if (!first)
            *object = waited(GO_KIND_SEMAPHORE, &l->s);
        first = l;
    }
    return first;
}

MARKER(what_a_chain_of_blocks_leads_to_is_found_and_each_is_read_once)
{
    uint32_t o;
    struct link *l = chain(5, &o);
    uint64_t seen;

    ready();
    mark(l->next->next);
    cr_assert_eq(told[o], (unsigned)ALL);
    seen = marker.seen;
    mark(l);
    cr_assert_lt(marker.seen - seen, 2 * (sizeof(*l) + 64) / 8);
    seen = marker.seen;
    mark(l);
    cr_assert_eq(marker.seen, seen);
}

MARKER(a_block_is_found_from_its_middle_and_its_end_not_from_beside_it)
{
    uint32_t o;
    struct link *l = chain(1, &o);
    char *p = (char *)l;

    for (size_t i = 0; i <= sizeof(*l); i++) {
        ready();
        mark(p + i);
        cr_assert_eq(told[o], (unsigned)ALL, "%zu", i);
    }
    ready();
    mark(p - 1);
    mark(p + rt_heap_usable(p) + 1);
    cr_assert_eq(ntold, 0);
}

MARKER(a_block_that_was_freed_is_not_read)
{
    uint32_t o;
    struct link *l = chain(2, &o);

    rt_heap_free(l);
    ready();
    mark(l);
    cr_assert_eq(ntold, 0);
}

MARKER(an_object_is_found_with_the_range_that_it_lies_in)
{
    static struct {
        uintptr_t before[4];
        struct go_waitgroup group;
        uintptr_t after[4];
    } place;
    uint32_t o = waited(GO_KIND_WAITGROUP, &place.group);

    ready();
    mon_mark_range(&marker, (uintptr_t)place.before, (uintptr_t)&place.group);
    mon_mark_range(&marker, (uintptr_t)place.after, (uintptr_t)(&place + 1));
    cr_assert_eq(ntold, 0);
    mon_mark_range(&marker, (uintptr_t)&place, (uintptr_t)(&place + 1));
    cr_assert_eq(told[o], (unsigned)ALL);
}

/* Where a copy of the memory is marked, what matters is where it stands. */
MARKER(words_of_an_object_are_left_out_and_those_around_it_not)
{
    static struct {
        void *before;
        struct go_waitgroup group;
        void *after;
    } place;
    uint32_t first, last, inner;

    waited(GO_KIND_WAITGROUP, &place.group);
    place.before = chain(1, &first);
    place.after = chain(1, &last);
    place.group.waiters.first = chain(1, &inner);
    ready();
    mon_mark_words(&marker, (uintptr_t *)&place, sizeof(place) / 8,
                   (uintptr_t)&place);
    cr_assert(told[first] && told[last] && !told[inner]);
    ready();
    mon_mark_words(&marker, (uintptr_t *)&place, sizeof(place) / 8, PAGE);
    cr_assert(told[first] && told[last] && told[inner]);
}

MARKER(what_was_an_object_and_is_waited_for_no_more_is_read)
{
    static struct go_waitgroup group;
    uint32_t inner, o = made_object(&made, GO_KIND_WAITGROUP, "gone");

    made.o[o].address = &group;
    group.waiters.first = chain(1, &inner);
    ready();
    mon_mark_range(&marker, (uintptr_t)&group, (uintptr_t)(&group + 1));
    cr_assert(told[inner] && !told[o]);
}

MARKER(of_many_objects_each_is_found_at_its_place)
{
    static struct go_semaphore s[MANY];
    struct rt_rng rng = {7};
    uint32_t object[MANY], order[MANY];

    for (uint32_t i = 0; i < MANY; i++) {
        uint32_t at = rt_rng_below(&rng, i + 1);

        order[i] = order[at];
        order[at] = i;
    }
    for (uint32_t i = 0; i < MANY; i++)
        object[order[i]] = waited(GO_KIND_SEMAPHORE, &s[order[i]]);
    for (uint32_t i = 0; i < MANY; i++) {
        ready();
        mon_mark_range(&marker, (uintptr_t)&s[i], (uintptr_t)(&s[i] + 1));
        cr_assert_eq(ntold, 1);
        cr_assert_eq(told[object[i]], (unsigned)ALL);
    }
}

MARKER(a_handle_tells_which_halves_it_can_do_and_both_add_up)
{
    chan(int) c = chan_make(int, 0);
    uint32_t o = waited(GO_KIND_CHAN, (void *)c);

    ready();
    mark((void *)chan_as_sender(c));
    cr_assert_eq(told[o], MON_WANT(GO_WANT_SEND));
    mark((void *)chan_as_receiver(c));
    cr_assert_eq(told[o], MON_WANT(GO_WANT_SEND) | MON_WANT(GO_WANT_RECV));
    ready();
    mark((char *)(void *)c + 3); /* tagged */
    cr_assert_eq(told[o], MON_WANT(GO_WANT_SEND) | MON_WANT(GO_WANT_RECV));
}

MARKER(values_in_a_buffer_go_to_who_can_receive)
{
    chan(void *) c = chan_make(void *, 3);
    struct go_chan *inner = rt_chan_of((void *)c);
    void **value = (void **)(void *)inner->buf;
    uint32_t o[3];

    for (int i = 0; i < 3; i++)
        value[i] = chain(1, &o[i]);
    inner->len = 2; /* round the ring: the last and the first */
    inner->out = (char *)&value[2];
    ready();
    mark((void *)chan_as_sender(c));
    cr_assert_eq(ntold, 0);
    mark((void *)chan_as_receiver(c));
    cr_assert(told[o[0]] && !told[o[1]] && told[o[2]]);
}

MARKER(what_was_tried_can_be_tried_again_and_marked_for_good)
{
    uint32_t o;
    struct link *l = chain(3, &o);

    ready();
    for (int i = 0; i < 3; i++) {
        told[o] = 0;
        mon_marker_try(&marker);
        mark(l);
        mon_marker_undo(&marker);
        cr_assert_eq(told[o], (unsigned)ALL);
    }
    mark(l);
    told[o] = 0;
    mon_marker_try(&marker);
    mark(l);
    mon_marker_undo(&marker);
    cr_assert_eq(told[o], 0);
}

static uintptr_t careful_low, careful_high;
static void careful(void *arg, uintptr_t low, uintptr_t high)
{
    cr_assert_eq(arg, &made);
    careful_low = low;
    careful_high = high;
    mon_marker_take(&marker, (uintptr_t *)(low + PAGE), 1, low + PAGE);
}

/* The program may have protected a page of it. */
MARKER(a_block_with_a_whole_page_in_it_is_read_with_care)
{
    uint32_t in, out;
    uintptr_t *large = block(4 * PAGE), *small = block(PAGE / 2);

    large[0] = (uintptr_t)chain(1, &out);
    large[PAGE / 8] = (uintptr_t)chain(1, &in);
    ready();
    marker.careful = careful;
    mark(small);
    cr_assert_eq(careful_high, 0);
    mark(large);
    cr_assert_eq(careful_low, (uintptr_t)large);
    cr_assert_geq(careful_high, (uintptr_t)large + 4 * PAGE);
    cr_assert(told[in] && !told[out]); /* but what careful took */
}

/* What bounds a scan counts it: nothing but locks takes time, too. */
MARKER(what_is_passed_over_is_counted)
{
    enum {
        N = 50
    };
    struct go_semaphore *all = block(N * sizeof(*all));
    uint32_t o = 0;

    for (int i = 0; i < N; i++)
        o = waited(GO_KIND_SEMAPHORE, &all[i]);
    ready();
    mark(all);
    cr_assert_eq(told[o], (unsigned)ALL);
    cr_assert_geq(marker.seen, N * sizeof(*all) / sizeof(uintptr_t));
}
