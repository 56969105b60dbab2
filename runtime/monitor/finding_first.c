/*
 * finding_first.c - findings that no look makes: a panic, a livelock.
 *
 * In:  what a look found, and what else is known of the run. Out: the same, with
 * that in its place. Who stands in both is told by the look's own finding.
 *
 * N1  A panic ends the program: who is alive then is not left behind by it. Who
 *     is proven never to run again is stuck, whatever else happens.
 * N2  Who goes round may do so for those who are stuck, never the other way: so
 *     these come first.
 */
#include <errno.h>

#include "runtime/base/throw.h"
#include "runtime/monitor/finding.h"
#include "runtime/monitor/fingerprint.h"

/* Before the others from place on. */
static int put(struct mon_findings *f, struct rt_arena *arena,
               const struct mon_finding *one, uint32_t place)
{
    struct mon_finding *list =
        rt_arena_alloc(arena, (f->n + 1) * sizeof(*list));
    uint32_t *finding =
        rt_arena_alloc(arena, f->in->ngoroutine * sizeof(*finding));

    if (!list || !finding)
        return -ENOMEM;
    list[place] = *one;
    for (uint32_t i = 0; i < f->n; i++)
        list[i + (i >= place)] = f->list[i];
    for (uint32_t i = 0; i < f->in->ngoroutine; i++)
        finding[i] = f->finding[i] == GO_NOWHERE
                         ? GO_NOWHERE
                         : f->finding[i] + (f->finding[i] >= place);
    for (uint32_t i = 0; i < one->nparts; i++)
        if (finding[one->parts[i].goroutine] == GO_NOWHERE)
            finding[one->parts[i].goroutine] = place;
    f->list = list;
    f->n++;
    f->finding = finding;
    f->verdict = list[0].verdict;
    return 0;
}

/* Parts that went on when they were found, whatever they are now. */
static struct mon_part *parts_of(const struct mon_findings *f,
                                 struct rt_arena *arena,
                                 const uint32_t *goroutines, uint32_t n,
                                 enum mon_fate fate)
{
    struct mon_part *parts = rt_arena_alloc(arena, n * sizeof(*parts));

    for (uint32_t i = 0; parts && i < n; i++) {
        rt_check(goroutines[i] < f->in->ngoroutine, "finding: of nobody");
        parts[i] = (struct mon_part){
            .goroutine = goroutines[i], .core = true, .fate = (uint8_t)fate};
    }
    return parts;
}

static bool is_stuck(const struct mon_finding *f)
{
    return f->verdict == GO_VERDICT_DEADLOCK || f->verdict == GO_VERDICT_LEAK;
}

/* N1. */
static int drop_living(struct mon_findings *f, struct rt_arena *arena)
{
    uint32_t *place = rt_arena_alloc(arena, (f->n + 1) * sizeof(*place));
    uint32_t *finding =
        rt_arena_alloc(arena, f->in->ngoroutine * sizeof(*finding));
    uint32_t n = 0;

    if (!place || !finding)
        return -ENOMEM;
    for (uint32_t i = 0; i < f->n; i++) {
        bool stuck = is_stuck(&f->list[i]);

        place[i] = stuck ? n : GO_NOWHERE;
        if (stuck)
            f->list[n++] = f->list[i];
    }
    for (uint32_t i = 0; i < f->in->ngoroutine; i++)
        finding[i] =
            f->finding[i] == GO_NOWHERE ? GO_NOWHERE : place[f->finding[i]];
    f->finding = finding;
    f->n = n;
    f->left = 0;
    return 0;
}

int mon_find_panic(struct mon_findings *f, struct rt_arena *arena,
                   uint32_t goroutine, const char *message)
{
    struct mon_finding panic = {.verdict = GO_VERDICT_PANIC,
                                .shape = GO_SHAPE_PANIC,
                                .proven = true,
                                .times = 1,
                                .message = message,
                                .fingerprint = mon_fingerprint_text(message)};

    if (goroutine != GO_NOWHERE) {
        panic.parts = parts_of(f, arena, &goroutine, 1, MON_FATE_RUNNING);
        if (!panic.parts)
            return -ENOMEM;
        panic.nparts = panic.ncore = 1;
        panic.fingerprint = mon_fingerprint_mix(
            panic.fingerprint + mon_fingerprint_goroutine(f->in, goroutine));
    }
    if (drop_living(f, arena) != 0)
        return -ENOMEM;
    return put(f, arena, &panic, 0);
}

int mon_find_livelock(struct mon_findings *f, struct rt_arena *arena,
                      const uint32_t *goroutines, uint32_t n,
                      const char *message, uint64_t deeds)
{
    struct mon_finding livelock = {.verdict = GO_VERDICT_LIVELOCK,
                                   .shape = GO_SHAPE_LIVELOCK,
                                   .proven = true,
                                   .times = 1,
                                   .nparts = n,
                                   .ncore = n,
                                   .message = message,
                                   .fingerprint = mon_fingerprint_mix(deeds)};
    uint32_t place = 0;

    while (place < f->n && is_stuck(&f->list[place])) /* N2 */
        place++;
    livelock.parts = parts_of(f, arena, goroutines, n, MON_FATE_RUNNABLE);
    if (!livelock.parts)
        return -ENOMEM;
    return put(f, arena, &livelock, place);
}
