/* cpu.h - the few instructions that C has no word for. */
#ifndef RT_BASE_CPU_H
#define RT_BASE_CPU_H

#include <string.h>

/* In a spin: let the other hardware thread run. */
static inline void rt_cpu_relax(void)
{
#if defined(__x86_64__)
    __asm__ volatile("pause");
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#else
#error "no such architecture: x86-64 and arm64 are supported"
#endif
}

/* The number of the lowest bit that is set; x != 0. All of a register, for an
   index: the compiler's own is an int, and is widened each time. */
static inline unsigned long rt_cpu_lowest(unsigned long x)
{
#if defined(__x86_64__)
    unsigned long n;

    __asm__("rep bsfq %1, %0" : "=r"(n) : "r"(x) : "cc");
    return n;
#else
    return (unsigned long)__builtin_ctzl(x);
#endif
}

/*
 * Zeroes n bytes, a constant and a multiple of 16, in line: by a register that
 * the compiler may not use here (Makefile), and which is left empty.
 */
#define rt_zero(p, n)                                                          \
    do {                                                                       \
        _Static_assert((n) % 16 == 0, "by 16 bytes at a time");                \
        RT_ZERO(p, n);                                                         \
    } while (0)
#if defined(__x86_64__)
#ifdef __SSE2__
#define RT_ZEROED "xmm0", "memory"
#else
#define RT_ZEROED "memory"
#endif
#define RT_ZERO(p, n)                                                          \
    __asm__ volatile("pxor %%xmm0, %%xmm0\n\t"                                 \
                     ".set .Lrt_zero, 0\n\t"                                   \
                     ".rept %c1\n\t"                                           \
                     "movups %%xmm0, .Lrt_zero(%0)\n\t"                        \
                     ".set .Lrt_zero, .Lrt_zero + 16\n\t"                      \
                     ".endr"                                                   \
                     :                                                         \
                     : "r"(p), "i"((n) / 16)                                   \
                     : RT_ZEROED)
#else
#define RT_ZERO(p, n) memset(p, 0, n)
#endif

/*
 * From here on x is in a register of its own. What lives longer than a switch,
 * which changes all of them, the compiler would keep in memory for all its life,
 * and load for each use.
 */
#define rt_again(x) __asm__ volatile("" : "+r"(x))

/* Of a variable that other files see, and no other library: its address is
   known, and need not be loaded. */
#define RT_HIDDEN __attribute__((visibility("hidden")))

/* Of what others may write meanwhile: untorn, in no order. */
#define rt_load(x)     __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define rt_store(x, v) __atomic_store_n(&(x), (v), __ATOMIC_RELAXED)

/* Orders this thread against a signal handler on it. */
#define rt_compiler_barrier() __asm__ volatile("" ::: "memory")

/*
 * Clears the registers that a called function may change, and has what was
 * written to memory stay written: a look reads both of a goroutine that it
 * stops, and what is stale there counts as held.
 */
#if defined(__x86_64__) && defined(__SSE2__)
#define RT_FORGOTTEN                                                           \
    "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "xmm0", "xmm1",      \
        "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "memory", "cc"
#elif defined(__x86_64__) /* the compiler uses no others */
#define RT_FORGOTTEN                                                           \
    "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory", "cc"
#elif defined(__ARM_NEON)
#define RT_FORGOTTEN "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "memory"
#else
#define RT_FORGOTTEN "memory"
#endif
static inline void rt_forget(void)
{
#if defined(__x86_64__)
    __asm__ volatile("xorl %%ecx, %%ecx\n\txorl %%edx, %%edx\n\t"
                     "xorl %%esi, %%esi\n\txorl %%edi, %%edi\n\t"
                     "xorl %%r8d, %%r8d\n\txorl %%r9d, %%r9d\n\t"
                     "xorl %%r10d, %%r10d\n\txorl %%r11d, %%r11d\n\t"
                     "pxor %%xmm0, %%xmm0\n\tpxor %%xmm1, %%xmm1\n\t"
                     "pxor %%xmm2, %%xmm2\n\tpxor %%xmm3, %%xmm3\n\t"
                     "pxor %%xmm4, %%xmm4\n\tpxor %%xmm5, %%xmm5\n\t"
                     "pxor %%xmm6, %%xmm6\n\tpxor %%xmm7, %%xmm7"
                     :
                     :
                     : RT_FORGOTTEN);
#else
    __asm__ volatile("movi v0.2d, #0\n\tmovi v1.2d, #0\n\t"
                     "movi v2.2d, #0\n\tmovi v3.2d, #0\n\t"
                     "movi v4.2d, #0\n\tmovi v5.2d, #0\n\t"
                     "movi v6.2d, #0\n\tmovi v7.2d, #0"
                     :
                     :
                     : RT_FORGOTTEN);
#endif
}

#endif
