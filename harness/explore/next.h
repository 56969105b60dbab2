/*
 * next.h - for who stands in front of the C library with a name of its own: the
 * one behind.
 */
#ifndef HN_EXPLORE_NEXT_H
#define HN_EXPLORE_NEXT_H

#include <dlfcn.h>

#define HN_EXPORT __attribute__((visibility("default")))

/* A function of somebody else's that we stand in front of. */
struct hn_next {
    const char *name;
    void **found;
};

/*
 * The next one of that name, looked up when we are loaded (interpose_next.c): a
 * look calls some while threads of the program's own are stopped, and one of them
 * may have the loader's lock. Here only for who calls before that.
 */
#define HN_NEXT(function)                                                      \
    (__extension__({                                                           \
        static void *found;                                                    \
        static const struct hn_next next                                       \
            __attribute__((section("hn_nexts"), used)) = {#function, &found};  \
                                                                               \
        if (!found)                                                            \
            found = dlsym(RTLD_NEXT, #function);                               \
        (__typeof__(&function))found;                                          \
    }))

#endif
