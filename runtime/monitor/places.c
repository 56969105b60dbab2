/*
 * places.c - where objects lie in the program's memory: by address.
 *
 * Few, or many that come nearly in order. Heapsort: in place, and the C
 * library's may call malloc.
 */
#include "runtime/monitor/places.h"

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
