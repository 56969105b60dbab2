/*
 * places.c - where objects lie in the program's memory: by address.
 *
 * Few, or many that come nearly in order. Heapsort: in place, and the C
 * library's may call malloc.
 */
#include "runtime/monitor/places.h"

#include <string.h>

#include "runtime/sync/chan.h"
#include "runtime/sync/outer.h"
#include "runtime/sync/refer.h"

static void sift(struct mon_placed *p, uint32_t at, uint32_t n)
{
    struct mon_placed moved = p[at];

    for (uint32_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && p[child + 1].at > p[child].at)
            child++;
        if (p[child].at <= moved.at)
            break;
        p[at] = p[child];
    }
    p[at] = moved;
}

void mon_places_sort(struct mon_places *places)
{
    struct mon_placed *p = places->all;
    uint32_t n = places->n;

    for (uint32_t i = n / 2; i-- > 0;)
        sift(p, i, n);
    for (uint32_t i = n; i-- > 1;) {
        struct mon_placed last = p[i];

        p[i] = p[0];
        p[0] = last;
        sift(p, 0, i);
    }
    if (n) {
        places->low = p[0].at;
        places->high = p[n - 1].at;
    }
}

uint32_t mon_places_from(const struct mon_places *p, uintptr_t address)
{
    uint32_t low = 0, high = p->n;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (p->all[mid].at < address)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Told by the name that its first use gave it: "&wg" is no part of anything. */
static bool is_variable(const char *name)
{
    static const char word[] = "abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

    return name[0] == '&' && name[1] && !name[1 + strspn(name + 1, word)];
}

static void place_object(struct mon_places *places, uint32_t *chan_object,
                         const struct go_inspect *in, uint32_t i)
{
    const struct go_inspect_object *o = &in->objects[i];
    const struct go_chan *c = rt_chan_at(o->address);
    struct mon_placed *p = &places->all[places->n];

    p->whole = !o->labelled && is_variable(o->name);
    if (c) {
        chan_object[rt_chan_number(c)] = i;
    } else if (rt_outer_place(o->address, &p->own)) {
        p->at = p->own.low;
        p->object = i;
        places->n++;
    } else if (rt_object_own(o->address, (enum go_kind)o->kind, &p->own)) {
        p->at = (uintptr_t)o->address;
        p->object = i;
        places->n++;
    }
}

/* Others need not be found, and may be there no more: what stands in their place
   is the program's. */
void mon_places_fill(struct mon_places *places, uint32_t *chan_object,
                     const struct go_inspect *in, uint8_t *placed)
{
    for (uint32_t w = 0; w < in->nwait; w++) {
        uint32_t i = in->waits[w].object;

        if (!placed[i])
            place_object(places, chan_object, in, i);
        placed[i] = 1;
    }
    mon_places_sort(places);
}
