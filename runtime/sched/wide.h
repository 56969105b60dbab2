/*
 * wide.h - atomics of 16 bytes, for code that was compiled with
 * -fsanitize=thread: a compare and swap, and all else by it. The compilers leave
 * these to a library that nobody may have.
 *
 * Named as the compilers' own, so that one macro makes both (tsan.c).
 */
#ifndef RT_SCHED_WIDE_H
#define RT_SCHED_WIDE_H

#include <stdbool.h>
#include <stdint.h>

typedef unsigned __int128 rt_wide;

#if defined(__x86_64__)
static inline bool rt_wide_swap(volatile rt_wide *a, rt_wide *was, rt_wide v)
{
    uint64_t low = (uint64_t)*was, high = (uint64_t)(*was >> 64);
    bool did;

    __asm__ volatile("lock cmpxchg16b %1"
                     : "=@ccz"(did), "+m"(*a), "+a"(low), "+d"(high)
                     : "b"((uint64_t)v), "c"((uint64_t)(v >> 64))
                     : "memory");
    *was = (rt_wide)high << 64 | low;
    return did;
}
#else
static inline bool rt_wide_swap(volatile rt_wide *a, rt_wide *was, rt_wide v)
{
    uint64_t low, high, low_was = (uint64_t)*was,
                        high_was = (uint64_t)(*was >> 64);
    uint32_t failed;
    bool same;

    do {
        __asm__ volatile("ldaxp %0, %1, %2"
                         : "=&r"(low), "=&r"(high)
                         : "Q"(*a)
                         : "memory");
        same = low == low_was && high == high_was;
        __asm__ volatile(
            "stlxp %w0, %1, %2, %3" /* what was there, to see it is whole */
            : "=&r"(failed)
            : "r"(same ? (uint64_t)v : low),
              "r"(same ? (uint64_t)(v >> 64) : high), "Q"(*a)
            : "memory");
    } while (failed);
    *was = (rt_wide)high << 64 | low;
    return same;
}
#endif

#define rt_wide_compare_exchange_n(a, was, v, weak, order, failed)             \
    rt_wide_swap((a), (was), (v))

static inline rt_wide rt_wide_load(volatile rt_wide *a)
{
    rt_wide was = 0;

    rt_wide_swap(a, &was, 0);
    return was;
}
#define rt_wide_load_n(a, order) rt_wide_load((volatile rt_wide *)(a))

/* a: what is there becomes `to`, an expression of was and v. */
#define RT_WIDE_UPDATE(name, to)                                               \
    static inline rt_wide rt_wide_##name(volatile rt_wide *a, rt_wide v,       \
                                         int order)                            \
    {                                                                          \
        rt_wide was = 0;                                                       \
                                                                               \
        (void)order;                                                           \
        while (!rt_wide_swap(a, &was, (to)))                                   \
            continue;                                                          \
        return was;                                                            \
    }
RT_WIDE_UPDATE(exchange_n, v)
RT_WIDE_UPDATE(fetch_add, was + v)
RT_WIDE_UPDATE(fetch_sub, was - v)
RT_WIDE_UPDATE(fetch_and, was &v)
RT_WIDE_UPDATE(fetch_or, was | v)
RT_WIDE_UPDATE(fetch_xor, was ^ v)
RT_WIDE_UPDATE(fetch_nand, ~(was &v))
#define rt_wide_store_n(a, v, order) (void)rt_wide_exchange_n((a), (v), order)

#endif
