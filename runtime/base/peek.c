/*
 * peek.c - the kernel reads for us, or writes, and says so where it can not.
 *
 * Method: by an instruction of its own, rt_peek_code: whoever looks which calls
 * a program makes (vigil/elsewhere.h) can tell these apart, which are ours.
 */
#include "runtime/base/peek.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "runtime/base/throw.h"

#if defined(__x86_64__)

/* long rt_peek_call(long number, a, b, c, d, e, f): the result, or -errno. */
__asm__(".pushsection .text\n"
        ".globl rt_peek_call, rt_peek_call_end\n"
        ".hidden rt_peek_call, rt_peek_call_end\n"
        ".type rt_peek_call, @function\n"
        "rt_peek_call:\n"
        "    movq %rdi, %rax\n"
        "    movq %rsi, %rdi\n"
        "    movq %rdx, %rsi\n"
        "    movq %rcx, %rdx\n"
        "    movq %r8, %r10\n"
        "    movq %r9, %r8\n"
        "    movq 8(%rsp), %r9\n"
        "    syscall\n"
        "    ret\n"
        "rt_peek_call_end:\n"
        ".size rt_peek_call, rt_peek_call_end - rt_peek_call\n"
        ".popsection\n");
long rt_peek_call(long number, long self, const void *local, long nlocal,
                  const void *remote, size_t nremote, long flags);
extern const char rt_peek_call_end[];

struct rt_span rt_peek_code(void)
{
    return (struct rt_span){(uintptr_t)rt_peek_call,
                            (uintptr_t)rt_peek_call_end};
}

static long call(long number, const struct iovec *local,
                 const struct iovec *remote, size_t n)
{
    long self = rt_peek_call(SYS_gettid, 0, NULL, 0, NULL, 0, 0);

    return rt_peek_call(number, self, local, 1, remote, n, 0);
}

#else

struct rt_span rt_peek_code(void)
{
    return (struct rt_span){0, 0};
}

static long call(long number, const struct iovec *local,
                 const struct iovec *remote, size_t n)
{
    long done = syscall(number, syscall(SYS_gettid), local, 1l, remote, n, 0l);

    return done < 0 ? -errno : done;
}

#endif

/* Bytes; they end with the last span before one that is not there. */
static size_t ask(char *to, const struct iovec *from, size_t n, size_t size)
{
    struct iovec local = {to, size};
    long got = call(SYS_process_vm_readv, &local, from, n);

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
    long got = call(SYS_process_vm_readv, &local, &remote, 1);

    if (got >= 0 || got == -EFAULT)
        return got == (long)n;
    memcpy(to, from, n);
    return true;
}

bool rt_peek_writable(void *at)
{
    char was = *(const volatile char *)at;
    struct iovec local = {&was, 1}, remote = {at, 1};

    long wrote = call(SYS_process_vm_writev, &local, &remote, 1);

    return wrote != -EFAULT;
}
