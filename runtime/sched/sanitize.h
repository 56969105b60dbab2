/*
 * sanitize.h - what ASan and TSan must be told of stacks and switches.
 *
 * Empty in ordinary builds. ASan follows the stack pointer, TSan keeps a
 * history for each "fiber"; without these calls both report what is not so.
 */
#ifndef RT_SCHED_SANITIZE_H
#define RT_SCHED_SANITIZE_H

#include <stddef.h>

#if defined(__SANITIZE_ADDRESS__)
#define RT_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RT_ASAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define RT_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define RT_TSAN 1
#endif
#endif

/* Memory whose pages were given back must begin and end at such a number of
   pages, for its shadow to be given back with it. */
#ifdef RT_ASAN
#define RT_SAN_PAGES 8
#else
#define RT_SAN_PAGES 1
#endif

/* Whether one of them follows which stack it is. */
#if defined(RT_ASAN) || defined(RT_TSAN)
#define RT_SAN_STACKS 1
#else
#define RT_SAN_STACKS 0
#endif

#ifdef RT_ASAN
void __sanitizer_start_switch_fiber(void **save, const void *bottom,
                                    size_t size);
void __sanitizer_finish_switch_fiber(void *save, const void **bottom,
                                     size_t *size);
void __asan_unpoison_memory_region(void const volatile *addr, size_t size);
void __asan_handle_no_return(void);
void __asan_get_shadow_mapping(size_t *scale, size_t *offset);
#define rt_san_switch(save, low, size)                                         \
    __sanitizer_start_switch_fiber(save, low, size)
#define rt_san_switched(save)      __sanitizer_finish_switch_fiber(save, NULL, NULL)
#define rt_san_unpoison(low, size) __asan_unpoison_memory_region(low, size)
#define rt_san_no_return()         __asan_handle_no_return()
#else
/* low and size are not asked for */
#define rt_san_switch(save, low, size) ((void)(save))
#define rt_san_switched(save)          ((void)(save))
#define rt_san_unpoison(low, size)     ((void)0)
#define rt_san_no_return()             ((void)0)
#endif

#ifdef RT_TSAN
void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void *fiber);
void __tsan_switch_to_fiber(void *fiber, unsigned flags);
#define rt_tsan_self()         __tsan_get_current_fiber()
#define rt_tsan_create()       __tsan_create_fiber(0)
#define rt_tsan_destroy(fiber) __tsan_destroy_fiber(fiber)
#define rt_tsan_switch(fiber)  __tsan_switch_to_fiber(fiber, 0)
#else
#define rt_tsan_self()         NULL
#define rt_tsan_create()       NULL
#define rt_tsan_destroy(fiber) ((void)(fiber))
#define rt_tsan_switch(fiber)  ((void)(fiber))
#endif

#endif
