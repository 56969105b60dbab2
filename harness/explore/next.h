/*
 * next.h - for who stands in front of the C library with a name of its own: the
 * one behind.
 */
#ifndef HN_EXPLORE_NEXT_H
#define HN_EXPLORE_NEXT_H

#include <dlfcn.h>

#define HN_EXPORT __attribute__((visibility("default")))

/* The next one of that name, looked up once. */
#define HN_NEXT(name)                                                          \
    (__extension__({                                                           \
        static __typeof__(&name) found;                                        \
                                                                               \
        if (!found)                                                            \
            found = (__typeof__(&name))dlsym(RTLD_NEXT, #name);                \
        found;                                                                 \
    }))

#endif
