/*
 * interpose_memory.c - the C library's names for giving memory back, in front
 * of the C library: who stands before a lock in it is not asked any more whether
 * he can go on, for that lies in the lock.
 *
 * Beside them there are other ways (MAP_FIXED, mremap, shmdt): by these the
 * process ends when it is asked.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vigil/control.h>

#include "harness/explore/answers.h"
#include "harness/explore/next.h"

#define OURS hn_answers_serve(__builtin_return_address(0))

/* As the C library has them: the heap calls them before names can be looked
   up. */
HN_EXPORT int munmap(void *low, size_t size)
{
    if (OURS)
        go_control_gone(low, size);
    return (int)syscall(SYS_munmap, low, size);
}

HN_EXPORT int mprotect(void *low, size_t size, int permissions)
{
    if (!(permissions & PROT_READ) && OURS)
        go_control_gone(low, size);
    return (int)syscall(SYS_mprotect, low, size, permissions);
}
