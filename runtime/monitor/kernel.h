/*
 * kernel.h - words that the kernel keeps for the program, and gives back to it.
 */
#ifndef MON_KERNEL_H
#define MON_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "runtime/base/arena.h"

struct mon_kernel {
    uintptr_t *words;
    size_t n, cap;
    const char
        *unseen; /* what it keeps besides and does not tell; NULL: none */
};

/*
 * What descriptors were given to epoll with, and timers of the system's to
 * their signals. While all threads are stopped; nothing is taken from malloc.
 * 0, -ENOMEM, or -errno when /proc does not tell.
 */
int mon_kernel_words(struct mon_kernel *k, struct rt_arena *arena);

#endif
