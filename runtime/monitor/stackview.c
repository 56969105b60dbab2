/*
 * stackview.c - from return addresses to the frames that a person reads.
 *
 * Method: each address is symbolised; frames of the runtime go. The innermost
 * frame that is left made the call whose site is known: what debug
 * information does not tell of it, the site does. A stack with nothing left
 * (not started yet, or not unwound) is shown by its site, else its function.
 */
#include "runtime/monitor/stackview.h"

#include <string.h>

#include "runtime/monitor/symbol.h"

static void from_site(struct mon_frame *f, const struct go_site *site)
{
    if (!site || !site->file)
        return;
    if (!f->func)
        f->func = site->func;
    if (!f->file) {
        f->file = site->file;
        f->line = site->line;
    }
}

static size_t symbolise(const struct mon_stackview *v, const void *pc,
                        bool called, struct mon_frame *frames, size_t max)
{
    if (!v->bare)
        return mon_symbol_frames(pc, called, frames, max);
    mon_symbol_bare(pc, frames);
    return 1;
}

/* The whole function is the runtime's when the outermost of its frames is. */
static size_t add_pc(const struct mon_stackview *v, const void *pc, bool called,
                     struct mon_frame *frames, size_t max)
{
    size_t n = symbolise(v, pc, called, frames, max);

    if (n == 0 || mon_symbol_is_runtime(pc, &frames[n - 1]))
        return 0;
    return n;
}

static size_t by_entry(const struct mon_stackview *v,
                       const struct go_inspect_goroutine *g,
                       struct mon_frame *frame)
{
    struct mon_frame all[8];
    size_t n = 0;

    if (g->entry)
        n = symbolise(v, g->entry, false, all, 8);
    if (n == 0)
        memset(frame, 0, sizeof(*frame));
    else
        *frame = all[n - 1];
    return 1;
}

/*
 * Without symbols it is not known which frames are the runtime's: so only the
 * site is shown, as a frame.
 */
static size_t bare(const struct mon_stackview *v,
                   const struct go_inspect_goroutine *g,
                   struct mon_frame *frame)
{
    if (!g->site || !g->site->file)
        return by_entry(v, g, frame);
    memset(frame, 0, sizeof(*frame));
    from_site(frame, g->site);
    return 1;
}

size_t mon_stackview(void *arg, uint32_t goroutine, struct mon_frame *frames,
                     size_t max)
{
    const struct mon_stackview *v = arg;
    const struct go_inspect_goroutine *g = &v->in->goroutines[goroutine];
    size_t n = 0;

    rt_check(goroutine < v->in->ngoroutine, "stackview: no such goroutine");
    if (max == 0)
        return 0;
    if (v->bare)
        return bare(v, g, frames);
    for (uint32_t i = 0; i < g->npc && n < max; i++)
        n += add_pc(v, v->in->pcs[g->pc + i],
                    i > 0 || g->state != GO_STATE_RUNNING, frames + n, max - n);
    if (n)
        from_site(&frames[0], g->state == GO_STATE_RUNNING ? NULL : g->site);
    if (n)
        return n;
    /* Its last call may have taken the place of its only frame. */
    return g->npc && g->reason == GO_WAIT_NONE ? by_entry(v, g, frames)
                                               : bare(v, g, frames);
}

size_t mon_stackview_pcs(void *arg, const void *const *pc, uint32_t npc,
                         struct mon_frame *frames, size_t max)
{
    const struct mon_stackview *v = arg;
    size_t n = 0;

    for (uint32_t i = 0; !v->bare && i < npc && n < max; i++)
        n += add_pc(v, pc[i], true, frames + n, max - n);
    rt_check(n <= max, "stackview: more frames than room");
    return n;
}
