/*
 * fingerprint.c - a number by which a finding is known again in another run.
 *
 * Method: FNV-1a over words, each with its end; sets by adding mixed numbers,
 * each only the first time it comes. One hash table serves all sets of a
 * look, the set's number being part of what is looked up.
 *
 * F1  Nothing that has a number here is in it by that number, but by the word
 *     that reports tell it by: numbers move when one is added, and a baseline is
 *     kept for longer than a version.
 * F2  A set's number does not depend on the order of its goroutines, which is
 *     chance, nor on how many are alike.
 */
#include "runtime/monitor/fingerprint.h"

#include <errno.h>
#include <string.h>

#include "runtime/base/throw.h"
#include "runtime/monitor/words.h"

static const uint64_t fnv_start = 0xcbf29ce484222325u;

static uint64_t fnv_byte(uint64_t h, unsigned char c)
{
    return (h ^ c) * 0x100000001b3u;
}

/* The end counts too, so that "a" "bc" is not "ab" "c". */
static uint64_t fnv_word(uint64_t h, const char *word)
{
    for (const char *c = word ? word : ""; *c; c++)
        h = fnv_byte(h, (unsigned char)*c);
    return fnv_byte(h, 0);
}

uint64_t mon_fingerprint_mix(uint64_t v)
{
    v ^= v >> 30;
    v *= 0xbf58476d1ce4e5b9u;
    v ^= v >> 27;
    v *= 0x94d049bb133111ebu;
    return v ^ v >> 31;
}

uint64_t mon_fingerprint_text(const char *text)
{
    return mon_fingerprint_mix(fnv_word(fnv_start, text));
}

static uint64_t of_wait(const struct go_inspect *in,
                        const struct go_inspect_wait *w)
{
    uint64_t h = fnv_word(fnv_start, mon_want_text((enum go_want)w->want));

    if (w->object != GO_NOWHERE) {
        const struct go_inspect_object *o = &in->objects[w->object];

        h = fnv_word(h, mon_kind_text((enum go_kind)o->kind));
        h = fnv_word(h, o->name);
    }
    return mon_fingerprint_mix(h);
}

uint64_t mon_fingerprint_goroutine(const struct go_inspect *in, uint32_t i)
{
    const struct go_inspect_goroutine *g = &in->goroutines[i];
    uint64_t h = fnv_start, waits = 0;

    rt_check(i < in->ngoroutine, "fingerprint: no such goroutine");
    h = fnv_word(h, g->created ? g->created->what : NULL);
    h = fnv_word(h, g->site ? g->site->func : NULL);
    h = fnv_word(h, go_wait_reason_text((enum go_wait_reason)g->reason));
    for (uint32_t w = g->wait; w < g->wait + g->nwait; w++)
        waits += of_wait(in, &in->waits[w]);
    return mon_fingerprint_mix(h ^ waits);
}

int mon_fingerprint_new(struct mon_fingerprints *f, uint32_t n,
                        struct rt_arena *arena)
{
    memset(f, 0, sizeof(*f));
    for (f->room = 64; f->room / 2 < n; f->room *= 2)
        rt_check(f->room <= UINT32_MAX / 4, "fingerprint: too many");
    f->seen = rt_arena_alloc(arena, f->room * sizeof(*f->seen));
    return f->seen ? 0 : -ENOMEM;
}

void mon_fingerprint_begin(struct mon_fingerprints *f)
{
    f->sum = 0;
    f->salt++;
}

void mon_fingerprint_add(struct mon_fingerprints *f, uint64_t goroutine)
{
    uint64_t key = mon_fingerprint_mix(goroutine + f->salt) | 1;
    uint32_t at = (uint32_t)(key >> 32) & (f->room - 1);

    while (f->seen[at] && f->seen[at] != key)
        at = (at + 1) & (f->room - 1);
    if (f->seen[at])
        return;
    f->seen[at] = key;
    f->sum += mon_fingerprint_mix(goroutine);
}

uint64_t mon_fingerprint_of(uint64_t sum, enum go_verdict verdict,
                            enum go_shape shape)
{
    uint64_t h = fnv_word(fnv_start, go_verdict_text(verdict));

    return mon_fingerprint_mix(sum + fnv_word(h, go_shape_text(shape)));
}

uint64_t mon_fingerprint_end(const struct mon_fingerprints *f,
                             enum go_verdict verdict, enum go_shape shape)
{
    return mon_fingerprint_of(f->sum, verdict, shape);
}
