/*
 * lock.c - the slow paths of the runtime's lock, and the check of ranks.
 *
 * Method: 0 free, 1 held, 2 held and somebody may sleep. After a bounded spin
 * the word is set to 2 and the thread sleeps on it; who unlocks a 2 wakes one.
 */
#include "runtime/base/lock.h"

#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/base/cpu.h"

enum {
    SPIN_FIRST = 8,
    SPIN_LAST = 2048
};

bool rt_solo;

void rt_lock_slow(uint32_t *l)
{
    for (int pauses = SPIN_FIRST; pauses <= SPIN_LAST; pauses *= 2) {
        uint32_t free = 0;

        for (int i = 0; i < pauses; i++)
            rt_cpu_relax();
        if (__atomic_load_n(l, __ATOMIC_RELAXED) == 0 &&
            __atomic_compare_exchange_n(l, &free, 1, false, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED))
            return;
    }
    while (__atomic_exchange_n(l, 2, __ATOMIC_ACQUIRE) != 0)
        syscall(SYS_futex, l, FUTEX_WAIT_PRIVATE, 2, NULL, NULL, 0);
}

void rt_unlock_slow(uint32_t *l)
{
    syscall(SYS_futex, l, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

#ifdef VIGIL_DEBUG
enum {
    HELD_MAX = 80
}; /* a select holds the locks of all its channels */

static __thread struct {
    const uint32_t *lock;
    enum rt_rank rank;
} held[HELD_MAX];
static __thread int nheld;

static const char *const rank_name[RT_RANK_COUNT] = {
    "world", "context", "timers", "object", "timer", "poll",
    "runq",  "sched",   "stack",  "name",   "order"};

/* Thread-local state is stepped over by no switch: locks are not held there,
   but by rt_park, whose lock the same thread gives back right after it. */
__attribute__((noinline)) void rt_rank_enter(const uint32_t *l,
                                             enum rt_rank rank)
{
    if (nheld && (held[nheld - 1].rank > rank ||
                  (held[nheld - 1].rank == rank &&
                   (rank != RT_RANK_OBJECT || held[nheld - 1].lock >= l))))
        rt_throw("lock rank: \"%s\" taken while \"%s\" is held",
                 rank_name[rank], rank_name[held[nheld - 1].rank]);
    rt_check(nheld < HELD_MAX, "lock rank: too many locks held");
    held[nheld].lock = l;
    held[nheld++].rank = rank;
}

__attribute__((noinline)) void rt_rank_leave(const uint32_t *l)
{
    int i = nheld;

    while (i > 0 && held[i - 1].lock != l)
        i--;
    rt_check(i > 0, "lock rank: a lock is given back that is not held");
    for (nheld--; i <= nheld; i++)
        held[i - 1] = held[i];
}

__attribute__((noinline)) bool rt_rank_holds(const uint32_t *l)
{
    for (int i = 0; i < nheld; i++)
        if (held[i].lock == l)
            return true;
    return false;
}
#endif
