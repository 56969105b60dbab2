/* cpu.h - the few instructions that C has no word for. */
#ifndef RT_BASE_CPU_H
#define RT_BASE_CPU_H

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

/* Of what others may write meanwhile: untorn, in no order. */
#define rt_load(x)     __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define rt_store(x, v) __atomic_store_n(&(x), (v), __ATOMIC_RELAXED)

/* Orders this thread against a signal handler on it. */
#define rt_compiler_barrier() __asm__ volatile("" ::: "memory")

#endif
