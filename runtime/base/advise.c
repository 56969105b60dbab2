/* advise.c - many ranges of memory, and one call of the kernel. */
#include "runtime/base/advise.h"

#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#endif

#include "runtime/base/cpu.h"

#ifndef SYS_process_madvise
#define SYS_process_madvise 440 /* everywhere */
#endif
#define SELF (-10001) /* PIDFD_SELF_THREAD_GROUP */

static bool one_by_one; /* the kernel knows no other way; atomic */

/* How many of the n were done by one call, as far as it came. */
static int at_once(const struct iovec *v, int n, int advice)
{
    long bytes;
    int i = 0;

    if (n < 2 || rt_load(one_by_one) || RUNNING_ON_VALGRIND) /* knows it not */
        return 0;
    bytes = syscall(SYS_process_madvise, SELF, v, (size_t)n, advice, 0);
    if (bytes < 0 && (errno == ENOSYS || errno == EBADF || errno == EPERM))
        rt_store(one_by_one, true);
    while (i < n && bytes >= (long)v[i].iov_len)
        bytes -= (long)v[i++].iov_len;
    return i;
}

int rt_advise(const struct iovec *v, int n, int advice)
{
    int error = errno, i = at_once(v, n, advice);

    while (i < n && !madvise(v[i].iov_base, v[i].iov_len, advice))
        i++;
    errno = error;
    return i;
}
