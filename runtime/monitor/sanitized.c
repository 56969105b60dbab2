/*
 * sanitized.c - whether the program and vigil are built for the same sanitizer.
 *
 * ThreadSanitizer must be told of each switch between goroutines, which only a
 * vigil does that is built with it; and it stands in front of the C library only
 * where the program brings it. Without either it tells of races that are none,
 * or falls over. AddressSanitizer asks for neither: it says itself when a
 * program lacks it, and one that has it can do with a vigil that has not.
 */
#include "runtime/monitor/sanitized.h"

#include "runtime/sched/sanitize.h"

#include <dlfcn.h>
#include <stddef.h>

#ifdef RT_TSAN

/* The one who answers for the C library is the sanitizer. */
const char *mon_sanitized_wrong(void)
{
    void *answers = dlsym(RTLD_DEFAULT, "pthread_create");
    Dl_info its, of;

    if (!answers || !dladdr(answers, &its) ||
        !dladdr((void *)__tsan_create_fiber, &of) ||
        its.dli_fbase == of.dli_fbase)
        return NULL;
    return "vigil: it is built with ThreadSanitizer, and the program is not: "
           "build the program with -fsanitize=thread, or vigil without it";
}

#else

/* Nobody else has it: what vigil brings of these names is not all. */
extern void *__tsan_create_fiber(unsigned flags) __attribute__((weak));

const char *mon_sanitized_wrong(void)
{
    if (!__tsan_create_fiber)
        return NULL;
    return "vigil: the program is linked with -fsanitize=thread, and vigil is "
           "built without it: only compile with it, and link without, or build "
           "vigil with it (make V=tsan)";
}

#endif
