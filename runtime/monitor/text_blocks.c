/*
 * text_blocks.c - goroutine blocks, to the letter of Go's.
 *
 *     goroutine 5 [chan send, 3 minutes]:
 *     worker(...)
 *             /src/transfer.c:22 +0x4f
 *     created by app in goroutine 1
 *             /src/transfer.c:17
 *
 * In:  a snapshot and its stacks. Out: lines that readers of Go dumps read.
 *
 * Method: the goroutines in the order of their ids. From MON_TEXT_GROUP_FROM
 * on, those with the same stack, state and creator share the block of the
 * first, and a line after it lists the ids of the others as ranges. Stacks are
 * the same when they look so: their visible frames are hashed, once for each
 * of the few different stacks that the snapshot has.
 */
#include "runtime/monitor/text_blocks.h"

#include "runtime/base/throw.h"

struct group {
    uint32_t first, last, count;
};

struct blocks {
    struct mon_out *out;
    const struct mon_text *text;
    const struct go_inspect *in;
    struct rt_arena arena;
    uint32_t *order;      /* indices, by id */
    uint32_t *next;       /* [index] the next of its group, GO_NOWHERE */
    struct group *groups; /* by their first */
    uint32_t *bucket;     /* of groups, GO_NOWHERE */
    uint32_t *looks; /* [pc of a goroutine] hash of its frames, 0: not yet */
    uint32_t n, ngroup, nbucket;
};

/* Ids are almost in order already: slots are reused now and then. */
static void sort_by_id(struct blocks *b)
{
    const struct go_inspect_goroutine *g = b->in->goroutines;
    uint32_t gap = 1;

    while (gap < b->n / 3)
        gap = gap * 3 + 1;
    for (; gap; gap /= 3)
        for (uint32_t i = gap; i < b->n; i++) {
            uint32_t at = b->order[i], k = i;

            for (; k >= gap && g[b->order[k - gap]].id > g[at].id; k -= gap)
                b->order[k] = b->order[k - gap];
            b->order[k] = at;
        }
}

static uint32_t mix(uint32_t h, uint64_t v)
{
    return (uint32_t)(((h ^ v) * 0x9e3779b97f4a7c15u) >> 29);
}

static uint32_t mix_text(uint32_t h, const char *text)
{
    while (text && *text)
        h = mix(h, (unsigned char)*text++);
    return h;
}

static size_t frames_of(const struct blocks *b, uint32_t at,
                        const struct mon_frame **to)
{
    static struct mon_frame frames[MON_FRAMES_MAX]; /* one report at a time */
    const struct mon_report *r = b->text->report;

    *to = frames;
    return r->stack ? r->stack(r->stack_arg, at, frames, MON_FRAMES_MAX) : 0;
}

/* What the stack of a goroutine looks like to a reader, as a number. */
static uint32_t look_of(struct blocks *b, uint32_t at)
{
    const struct go_inspect_goroutine *g = &b->in->goroutines[at];
    const struct mon_frame *f;
    uint32_t h = 1;
    size_t n;

    if (!g->npc)
        return 0; /* shown by its site, which is compared by itself */
    if (b->looks[g->pc])
        return b->looks[g->pc];
    n = frames_of(b, at, &f);
    for (size_t i = 0; i < n; i++)
        h = mix(mix_text(mix_text(h, f[i].func), f[i].file),
                (uint64_t)f[i].line << 32 | f[i].func_offset);
    b->looks[g->pc] = h ? h : 1;
    return b->looks[g->pc];
}

static uint32_t hash_of(struct blocks *b, uint32_t at)
{
    const struct go_inspect_goroutine *g = &b->in->goroutines[at];

    return mix(mix(mix(look_of(b, at), g->reason | (uint64_t)g->state << 8),
                   (uintptr_t)g->created),
               (uintptr_t)g->site);
}

static int64_t minutes(const struct blocks *b,
                       const struct go_inspect_goroutine *g)
{
    return g->since < 0 ? 0 : (b->in->now - g->since) / (60 * 1000000000ll);
}

static bool alike(struct blocks *b, uint32_t one, uint32_t other)
{
    const struct go_inspect_goroutine *x = &b->in->goroutines[one],
                                      *y = &b->in->goroutines[other];

    return look_of(b, one) == look_of(b, other) && x->reason == y->reason &&
           x->state == y->state && x->created == y->created &&
           x->created_by == y->created_by && x->site == y->site &&
           x->entry == y->entry && minutes(b, x) == minutes(b, y);
}

static void add_to_group(struct blocks *b, uint32_t at)
{
    uint32_t i = hash_of(b, at) % b->nbucket;

    while (b->bucket[i] != GO_NOWHERE &&
           !alike(b, at, b->groups[b->bucket[i]].first))
        i = (i + 1) % b->nbucket;
    rt_assert(b->ngroup < b->nbucket, "no place for another group");
    b->next[at] = GO_NOWHERE;
    if (b->bucket[i] == GO_NOWHERE) {
        b->bucket[i] = b->ngroup;
        b->groups[b->ngroup++] = (struct group){at, at, 1};
        return;
    }
    b->next[b->groups[b->bucket[i]].last] = at;
    b->groups[b->bucket[i]].last = at;
    b->groups[b->bucket[i]].count++;
}

static void *words(struct blocks *b, uint32_t n, size_t size)
{
    return rt_arena_alloc(&b->arena, (size_t)(n ? n : 1) * size);
}

/* False: no memory, or not worth it: then each has its own block. */
static bool group(struct blocks *b)
{
    if (b->text->full || b->n < MON_TEXT_GROUP_FROM)
        return false;
    b->nbucket = 2 * b->n + 1;
    b->next = words(b, b->in->ngoroutine, sizeof(*b->next));
    b->groups = words(b, b->n, sizeof(*b->groups));
    b->bucket = words(b, b->nbucket, sizeof(*b->bucket));
    b->looks = words(b, b->in->npc, sizeof(*b->looks));
    if (!b->next || !b->groups || !b->bucket || !b->looks)
        return false;
    for (uint32_t i = 0; i < b->nbucket; i++)
        b->bucket[i] = GO_NOWHERE;
    for (uint32_t i = 0; i < b->n; i++)
        add_to_group(b, b->order[i]);
    return true;
}

static const char *state_text(const struct go_inspect_goroutine *g)
{
    if (g->reason)
        return go_wait_reason_text((enum go_wait_reason)g->reason);
    return g->state == GO_STATE_RUNNING ? "running" : "runnable";
}

static void out_place(struct mon_out *out, const char *file, int line)
{
    mon_out_char(out, '\t');
    mon_out_text(out, file ? file : "?");
    mon_out_char(out, ':');
    mon_out_i64(out, line);
}

void mon_text_frame(struct mon_out *out, const struct mon_frame *f)
{
    mon_out_text(out, f->func ? f->func : "?");
    mon_out_text(out, "(...)\n");
    if (f->file)
        out_place(out, f->file, f->line);
    else
        out_place(out, f->module, 0);
    if (f->func_offset && f->file)
        mon_out_printf(out, " +0x%llx", (unsigned long long)f->func_offset);
    else if (!f->file)
        mon_out_printf(out, " +0x%llx", (unsigned long long)f->offset);
    mon_out_char(out, '\n');
}

void mon_text_created(struct mon_out *out, const struct go_site *created,
                      uint64_t by)
{
    if (!created)
        return;
    mon_out_text(out, "created by ");
    mon_out_text(out, created->func ? created->func : "?");
    if (by) {
        mon_out_text(out, " in goroutine ");
        mon_out_u64(out, by);
    }
    mon_out_char(out, '\n');
    out_place(out, created->file, created->line);
    mon_out_char(out, '\n');
}

static void out_block(struct blocks *b, uint32_t at)
{
    const struct go_inspect_goroutine *g = &b->in->goroutines[at];
    const struct mon_frame *frames;
    size_t n = frames_of(b, at, &frames);

    mon_out_text(b->out, "goroutine ");
    mon_out_u64(b->out, g->id);
    mon_out_text(b->out, " [");
    mon_out_text(b->out, state_text(g));
    if (minutes(b, g) > 0)
        mon_out_printf(b->out, ", %lld minutes", (long long)minutes(b, g));
    mon_out_text(b->out, "]:\n");
    for (size_t i = 0; i < n; i++)
        mon_text_frame(b->out, &frames[i]);
    if (g->id != 1)
        mon_text_created(b->out, g->created, g->created_by);
    mon_out_char(b->out, '\n');
}

/* The others of a group: "goroutines 3-17, 20". */
static void out_others(struct blocks *b, const struct group *group)
{
    const struct go_inspect_goroutine *g = b->in->goroutines;
    uint32_t at = b->next[group->first];

    if (group->count == 1)
        return;
    mon_out_printf(b->out, "%u more like it: goroutine%s ", group->count - 1,
                   group->count == 2 ? "" : "s");
    for (const char *comma = ""; at != GO_NOWHERE; comma = ", ") {
        uint64_t from = g[at].id, to = from;

        for (at = b->next[at]; at != GO_NOWHERE && g[at].id == to + 1;
             at = b->next[at])
            to++;
        mon_out_text(b->out, comma);
        mon_out_u64(b->out, from);
        if (to != from) {
            mon_out_char(b->out, '-');
            mon_out_u64(b->out, to);
        }
    }
    mon_out_text(b->out, "\n\n");
}

static bool is_shown(const struct blocks *b,
                     const struct go_inspect_goroutine *g)
{
    return !g->system && g->state != GO_STATE_FOREIGN &&
           (!b->text->only || g->id == b->text->only);
}

void mon_text_blocks(struct mon_out *out, const struct mon_text *text)
{
    struct blocks b = {.out = out, .text = text, .in = text->report->in};

    b.order = words(&b, b.in->ngoroutine, sizeof(*b.order));
    if (!b.order) {
        mon_out_text(out, "(no memory to list the goroutines)\n");
        return;
    }
    rt_check(!b.n, "the order is there before it is made");
    for (uint32_t i = 0; i < b.in->ngoroutine; i++)
        if (is_shown(&b, &b.in->goroutines[i]))
            b.order[b.n++] = i;
    sort_by_id(&b);
    if (group(&b))
        for (uint32_t i = 0; i < b.ngroup; i++) {
            out_block(&b, b.groups[i].first);
            out_others(&b, &b.groups[i]);
        }
    else
        for (uint32_t i = 0; i < b.n; i++)
            out_block(&b, b.order[i]);
    rt_arena_free(&b.arena);
}

void mon_report_text_bare(struct mon_out *out, uint64_t id, const char *state,
                          const struct go_site *site,
                          const struct go_site *created, uint64_t created_by)
{
    rt_assert(out && state, "a block of nothing");
    mon_out_printf(out, "\ngoroutine %llu [%s]:\n", (unsigned long long)id,
                   state);
    if (site && site->file)
        mon_out_printf(out, "%s(...)\n\t%s:%d\n", site->func ? site->func : "?",
                       site->file, site->line);
    if (id != 1)
        mon_text_created(out, created, created_by);
}
