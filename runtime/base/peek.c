/* peek.c - the kernel reads for us, or writes, and says so where it can not. */
#include "runtime/base/peek.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "runtime/base/throw.h"

/* Bytes; they end with the last span before one that is not there. */
static size_t ask(char *to, const struct iovec *from, size_t n, size_t size)
{
    struct iovec local = {to, size};
    ssize_t got = process_vm_readv((pid_t)syscall(SYS_gettid), &local, 1, from,
                                   (unsigned long)n, 0);

    return got > 0 ? (size_t)got : 0;
}

void rt_peek_many(void *to, const struct iovec *from, size_t n, bool *read)
{
    size_t size = 0, got = 0, asked = 0;
    char *at = to;

    rt_check(n <= RT_PEEK_MOST, "peek: too many at a time");
    for (size_t i = 0; i < n; i++)
        size += from[i].iov_len;
    for (size_t i = 0; i < n; i++) {
        if (i == asked) {
            got = ask(at, from + i, n - i, size);
            asked = n;
        }
        read[i] = from[i].iov_len <= got;
        if (!read[i])
            asked = i + 1; /* what comes behind it */
        else
            got -= from[i].iov_len;
        at += from[i].iov_len;
        size -= from[i].iov_len;
    }
}

bool rt_peek(void *to, const void *from, size_t n)
{
    struct iovec local = {to, n}, remote = {(void *)(uintptr_t)from, n};
    ssize_t got =
        process_vm_readv((pid_t)syscall(SYS_gettid), &local, 1, &remote, 1, 0);

    if (got >= 0 || errno == EFAULT)
        return got == (ssize_t)n;
    memcpy(to, from, n);
    return true;
}

bool rt_peek_writable(void *at)
{
    char was = *(const volatile char *)at;
    struct iovec local = {&was, 1}, remote = {at, 1};

    return process_vm_writev((pid_t)syscall(SYS_gettid), &local, 1, &remote, 1,
                             0) == 1 ||
           errno != EFAULT;
}
