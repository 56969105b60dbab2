/*
 * look.c - takes one look, here or in a copy.
 *
 * In:  the stopped world. Out: struct mon_look.
 *
 * Method: all that a look is made of lies in the arena of its snapshot. For a
 * look in a copy that arena is memory shared with it, at the same address on
 * both sides: what the copy has made is read here as it is. So the world stands
 * still only until the page tables are copied.
 *
 * L1  Goroutines that a look proves stuck say so themselves: what a look has
 *     found, all later ones find.
 * L2  What a copy of an earlier moment has shown is believed only as long as it
 *     holds; if not, a handle was where none can be seen.
 * L3  What those who are proven stuck wait for keeps its number from the first
 *     report on, if it is still there; other objects of a copy may be gone. It
 *     is the program's memory, and somebody may give that back: so whether it is
 *     there is asked, and the number written, while all threads are stopped. If
 *     one does not stop nothing is written, and the number is but of this look.
 * L4  Nothing in a copy may unwind, symbolise or call malloc: another thread may
 *     have had the locks, and has them there for ever.
 * L5  Where no /proc lists threads there may be any, and while they are not
 *     known they count as life. To seek them takes a second: only for who has
 *     something to tell, or ends when nobody is left.
 */
#include "runtime/monitor/look.h"

#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "runtime/base/cpu.h"
#include "runtime/base/peek.h"
#include "runtime/base/throw.h"
#include "runtime/monitor/limits.h"
#include "runtime/monitor/memory.h"
#include "runtime/sched/saved.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/state.h"
#include "runtime/sched/strangers.h"
#include "runtime/sched/threads.h"
#include "runtime/sync/object.h"

#define COPY_ROOM ((size_t)8 << 30) /* address space; what is used is less */

/* What a copy is told, and tells: at the begin of the shared memory. */
struct shared {
    struct mon_look look;
    struct mon_moment moment;
    struct mon_threads threads;
} __attribute__((aligned(16)));

static bool unfit; /* copies lack something, or die: they prove nothing */

/* What it has overwritten is not known: nothing goes on from there. Not told in
   a copy, which is not believed any more when it dies (L2): the next is none. */
static void end_if_astray(const struct mon_snapshot *s, bool copied)
{
    for (uint32_t i = 0; i < s->in.ngoroutine; i++)
        if (s->gs[i] && rt_saved_astray(s->gs[i])) {
            if (copied)
                _exit(RT_EXIT_STUCK);
            rt_overflow_astray(s->gs[i]);
        }
}

static void look_make(struct mon_look *look, const struct mon_moment *moment,
                      const struct mon_threads *copied)
{
    enum mon_scan scan = MON_SCAN_NONE;

    if (mon_snapshot_take(&look->snapshot, moment))
        return;
    end_if_astray(&look->snapshot, copied != NULL);
    mon_limits_take(&look->snapshot, moment);
    if (!moment->silent) /* monitor.c O3 */
        scan = mon_memory_look(&look->snapshot, moment, copied, &look->sight);
    look->unfit = scan == MON_SCAN_PARTIAL;
    look->taken = !look->snapshot.lacking &&
                  !mon_find(&look->snapshot.in,
                            scan == MON_SCAN_DONE ? &look->sight : NULL,
                            &look->snapshot.arena, &look->findings);
}

/* L1 */
static void note_proven(const struct mon_look *look)
{
    const struct go_inspect *in = &look->snapshot.in;

    for (uint32_t i = 0; i < in->ngoroutine; i++)
        if (look->findings.proven[i])
            rt_store(look->snapshot.gs[i]->proven, true);
}

/* L2 */
static bool nobody_moved(const struct mon_look *look)
{
    bool none = true;

    for (uint32_t i = 0; i < look->snapshot.in.ngoroutine; i++)
        if (look->findings.proven[i])
            none &= mon_snapshot_waits_yet(&look->snapshot, i);
    return none;
}

static void look_here(struct mon_look *look, const struct mon_moment *moment)
{
    memset(look, 0, sizeof(*look));
    look->last_id = UINT32_MAX;
    look_make(look, moment, NULL);
}

/* L5 */
static bool depends_on_threads(const struct mon_look *look,
                               const struct mon_moment *moment)
{
    return look->taken && moment->foreign == RT_STRANGERS_UNKNOWN &&
           !moment->at_once &&
           (look->findings.n || look->snapshot.in.main_exited);
}

bool mon_look_take(struct mon_look *look, const struct mon_moment *moment)
{
    struct mon_moment m = *moment;

    rt_check(rt_running(), "a look at no run");
    m.foreign = rt_foreign_threads(NULL, 0);
    look_here(look, &m);
    if (depends_on_threads(look, &m)) {
        m.foreign = rt_foreign_sought();
        mon_look_free(look);
        look_here(look, &m);
    }
    if (look->taken)
        note_proven(look);
    return look->taken;
}

void mon_look_free(struct mon_look *look)
{
    mon_snapshot_free(&look->snapshot);
}

/* In the copy. */
static void look_in_copy(void *arg, bool whole, void *result, size_t size)
{
    struct shared *s = result;

    (void)arg;
    (void)size;
    look_make(&s->look, &s->moment, &s->threads);
    s->look.unfit |= !whole;
}

bool mon_look_start(struct mon_image *image, const struct mon_moment *moment)
{
    struct shared *s;
    bool started = false;
    int silent;

    rt_check(!moment->stacks, "look: L4: stacks in a copy");
    if (unfit || !mon_memory_copy() || mon_image_map(image, COPY_ROOM))
        return false;
    s = image->result;
    s->moment = *moment;
    s->moment.foreign = rt_foreign_threads(NULL, 0);
    s->look.last_id = rt_object_last_id();
    rt_arena_fixed(&s->look.snapshot.arena, s + 1, image->size - sizeof(*s));
    if (rt_threads_stop(moment->frame, &silent)) {
        started = !mon_threads_ask(&s->threads, &s->look.snapshot.arena) &&
                  !mon_image_start(image, look_in_copy, NULL);
        rt_threads_start();
    }
    if (!started)
        mon_image_drop(image);
    return started;
}

struct mon_look *mon_look_collect(struct mon_image *image, bool *died)
{
    struct shared *s = image->result;
    int how = mon_image_poll(image);

    *died = how < 0;
    unfit |= *died || s->look.unfit;
    if (how <= 0)
        return NULL;
    s->look.taken &= !s->look.unfit && nobody_moved(&s->look);
    if (s->look.taken)
        note_proven(&s->look);
    return &s->look;
}

/* Objects that are to be numbered, and what is read of them. */
struct heads {
    struct go_inspect_object *of[RT_PEEK_MOST];
    struct iovec from[RT_PEEK_MOST];
    struct go_object head[RT_PEEK_MOST];
    bool read[RT_PEEK_MOST];
    uint32_t n;
};

static bool is_there(const struct go_inspect_object *o,
                     const struct go_object *head)
{
    return head->kind == o->kind && head->born == o->born;
}

/* The kernel is asked for all of them at once: to ask takes a microsecond. */
static void number_heads(struct heads *h)
{
    rt_peek_many(h->head, h->from, h->n, h->read);
    for (uint32_t i = 0; i < h->n; i++) {
        struct go_inspect_object *o = h->of[i];

        if (!h->read[i]) /* or not with the others */
            h->read[i] = rt_peek(&h->head[i], o->address, sizeof(h->head[i]));
        if (h->read[i] && is_there(o, &h->head[i]))
            o->id = rt_object_id_with_care(
                (struct go_object *)(uintptr_t)o->address);
    }
    h->n = 0;
}

static void number_waits(struct heads *h, struct go_inspect *in,
                         uint32_t goroutine)
{
    const struct go_inspect_goroutine *g = &in->goroutines[goroutine];

    for (uint32_t w = g->wait; w < g->wait + g->nwait; w++) {
        struct go_inspect_object *o = &in->objects[in->waits[w].object];

        if (o->id)
            continue;
        h->of[h->n] = o;
        h->from[h->n++] = (struct iovec){(void *)(uintptr_t)o->address,
                                         sizeof(struct go_object)};
        if (h->n == RT_PEEK_MOST)
            number_heads(h);
    }
}

static void number_proven(struct mon_look *look)
{
    static struct heads heads; /* the monitor is one thread */
    struct go_inspect *in = &look->snapshot.in;

    for (uint32_t i = 0; i < in->ngoroutine; i++)
        if (look->findings.proven[i])
            number_waits(&heads, in, i);
    number_heads(&heads);
}

/* L3 */
static void number_in_stop(struct mon_look *look)
{
    int silent;

    if (rt_world_stop(NULL) && rt_threads_stop(NULL, &silent)) {
        number_proven(look);
        rt_threads_start();
    }
    rt_world_start();
}

void mon_look_number(struct mon_look *look)
{
    struct go_inspect *in = &look->snapshot.in;
    bool any = false;

    rt_check(look->taken, "look: L3: numbers of one that failed");
    for (uint32_t o = 0; o < in->nobject; o++)
        if (in->objects[o].id > look->last_id) {
            in->objects[o].id = 0;
            any = true;
        }
    if (any)
        number_in_stop(look);
    for (uint32_t o = 0; o < in->nobject; o++)
        if (!in->objects[o].id)
            in->objects[o].id = rt_object_new_id();
    look->last_id = UINT32_MAX;
}
