/* switch.c - lays out a stack for its first switch (switch_*.S has the rest). */
#include "runtime/sched/switch.h"

#include <string.h>

#include "runtime/base/cpu.h"

void rt_switch_entry(void);

#if defined(__x86_64__)
enum {
    SAVED = 2,
    RETURN = 1
}; /* rbp, return address */
#else
enum {
    SAVED = 20,
    RETURN = 1
}; /* x29 x30 x19-x28 d8-d15 */
#endif

void *rt_switch_prepare(void *top, go_fn *fn, const uintptr_t arg[GO_CALL_MAX])
{
    uintptr_t *first = (uintptr_t *)top - (GO_CALL_MAX + 2);
    uintptr_t *saved = first - SAVED;

    first[0] = (uintptr_t)fn;
    memcpy(first + 1, arg, GO_CALL_MAX * sizeof(*arg));
    first[GO_CALL_MAX + 1] = 0;
    rt_zero(saved, SAVED * sizeof(*saved));
    saved[RETURN] = (uintptr_t)rt_switch_entry;
    return saved;
}
