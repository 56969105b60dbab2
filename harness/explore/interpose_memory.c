/*
 * interpose_memory.c - the C library's names for giving memory back, in front
 * of the C library: who stands before a lock in it is not asked any more
 * whether he can go on, for that lies in the lock.
 *
 * Beside them there are other ways (shmdt, keys of memory, a call of the kernel
 * by its number): by these the process ends when it is asked, and overflow.c
 * tells who it was.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vigil/elsewhere.h>

#include "harness/explore/answers.h"
#include "harness/explore/next.h"

/* As the C library has them: the heap calls them before names can be looked
   up. */
HN_EXPORT int munmap(void *low, size_t size)
{
    if (HN_SERVED)
        go_control_gone(low, size);
    return (int)syscall(SYS_munmap, low, size);
}

HN_EXPORT int mprotect(void *low, size_t size, int permissions)
{
    if (!(permissions & PROT_READ) && HN_SERVED)
        go_control_gone(low, size);
    return (int)syscall(SYS_mprotect, low, size, permissions);
}

/* What lay there before is gone. */
HN_EXPORT void *mmap(void *low, size_t size, int permissions, int flags, int fd,
                     off_t offset)
{
    if (flags & MAP_FIXED && HN_SERVED)
        go_control_gone(low, size);
    return (void *)syscall(SYS_mmap, low, size, permissions, flags, fd, offset);
}

HN_EXPORT void *mmap64(void *low, size_t size, int permissions, int flags,
                       int fd, off64_t offset)
{
    if (flags & MAP_FIXED && HN_SERVED)
        go_control_gone(low, size);
    return (void *)syscall(SYS_mmap, low, size, permissions, flags, fd, offset);
}

HN_EXPORT void *mremap(void *old, size_t size, size_t fresh_size, int flags,
                       ...)
{
    void *to;
    va_list ap;

    va_start(ap, flags);
    to = flags & MREMAP_FIXED ? va_arg(ap, void *) : NULL;
    va_end(ap);
    if (HN_SERVED)
        go_control_gone(old, size);
    return (void *)syscall(SYS_mremap, old, size, fresh_size, flags, to);
}
