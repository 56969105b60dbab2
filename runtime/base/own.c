/*
 * own.c - memory that is the runtime's own.
 *
 * In:  whoever maps memory for the runtime. Out: spans that a marker skips.
 *
 * Method: a fixed table of spans, each slot taken by one compare-exchange. The
 * runtime's variables lie in sections of their own (runtime/sections.ld).
 *
 * W1  A slot's high is set after its low, and cleared before it: a slot whose
 *     low is the same before and after its high was read holds what was added.
 * W2  Doubt is the program's: a span that is half there, or found no slot, is
 *     not in the list.
 *
 * Why not a list under a lock: a thread that adds could be stopped with the
 * lock held, and who stopped it adds too.
 */
#include "runtime/base/own.h"

#include "runtime/base/cpu.h"
#include "runtime/base/throw.h"

enum {
    SECTIONS = 2, /* come first, before the slots */
    SLOTS = 4096
};

#define SECTION __attribute__((visibility("hidden")))
extern char __start_vigil_data[] SECTION, __stop_vigil_data[] SECTION;
extern char __start_vigil_bss[] SECTION, __stop_vigil_bss[] SECTION;

/* One of them is zero at first, the other is not: so there are both sections. */
static struct rt_span slots[SLOTS]; /* [atomic] W1; low 0: free */
static uint32_t spans = SECTIONS;   /* [atomic] there may be so many */

static void note_spans(uint32_t n)
{
    uint32_t was = rt_load(spans);

    while (was < n &&
           !__atomic_compare_exchange_n(&spans, &was, n, true, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED))
        ;
}

bool rt_own_add(const void *low, size_t size)
{
    rt_check(low && size, "own: a span that is none");
    for (uint32_t i = 0; i < SLOTS; i++) {
        uintptr_t none = 0;

        if (rt_load(slots[i].low) ||
            !__atomic_compare_exchange_n(&slots[i].low, &none, (uintptr_t)low,
                                         false, __ATOMIC_ACQ_REL,
                                         __ATOMIC_RELAXED))
            continue;
        note_spans(SECTIONS + i + 1);
        __atomic_store_n(&slots[i].high, (uintptr_t)low + size,
                         __ATOMIC_RELEASE);
        return true;
    }
    return false;
}

void rt_own_remove(const void *low)
{
    uint32_t n = __atomic_load_n(&spans, __ATOMIC_ACQUIRE);

    for (uint32_t i = 0; i < n - SECTIONS; i++) {
        if (rt_load(slots[i].low) != (uintptr_t)low)
            continue;
        __atomic_store_n(&slots[i].high, 0, __ATOMIC_RELEASE);
        __atomic_store_n(&slots[i].low, 0, __ATOMIC_RELEASE);
        return;
    }
}

/* W1, W2 */
static bool slot_read(uint32_t i, struct rt_span *to)
{
    to->low = __atomic_load_n(&slots[i].low, __ATOMIC_ACQUIRE);
    to->high = __atomic_load_n(&slots[i].high, __ATOMIC_ACQUIRE);
    return to->low && to->high > to->low &&
           __atomic_load_n(&slots[i].low, __ATOMIC_ACQUIRE) == to->low;
}

/* Shell's sort: qsort may call malloc. */
void rt_spans_sort(struct rt_span *s, uint32_t n)
{
    for (uint32_t gap = n / 2; gap > 0; gap /= 2)
        for (uint32_t i = gap; i < n; i++) {
            struct rt_span x = s[i];
            uint32_t k = i;

            for (; k >= gap && s[k - gap].low > x.low; k -= gap)
                s[k] = s[k - gap];
            s[k] = x;
        }
}

uint32_t rt_spans_join(struct rt_span *s, uint32_t n)
{
    uint32_t k = 0;

    rt_spans_sort(s, n);
    for (uint32_t i = 0; i < n; i++) {
        rt_check(s[i].low <= s[i].high,
                 "own: a span that ends before it begins");
        if (s[i].low == s[i].high)
            continue;
        if (!k || s[k - 1].high < s[i].low)
            s[k++] = s[i];
        else if (s[k - 1].high < s[i].high)
            s[k - 1].high = s[i].high;
    }
    return k;
}

/* The i-th, those of the sections first. False: none there. */
static bool span_at(uint32_t i, struct rt_span *to)
{
    if (i == 0)
        *to = (struct rt_span){(uintptr_t)__start_vigil_data,
                               (uintptr_t)__stop_vigil_data};
    else if (i == 1)
        *to = (struct rt_span){(uintptr_t)__start_vigil_bss,
                               (uintptr_t)__stop_vigil_bss};
    else
        return slot_read(i - SECTIONS, to);
    return true;
}

uint32_t rt_own_list(struct rt_span *to, uint32_t room)
{
    uint32_t end = __atomic_load_n(&spans, __ATOMIC_ACQUIRE), n = 0;
    struct rt_span s;

    for (uint32_t i = 0; i < end; i++) {
        if (!span_at(i, &s))
            continue;
        if (n < room)
            to[n] = s;
        n++;
    }
    if (n > room) {
        rt_spans_join(to, room);
        return n;
    }
    return rt_spans_join(to, n);
}
