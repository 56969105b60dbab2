/*
 * out.c - writing a report to a descriptor without malloc.
 *
 * In: bytes, texts and numbers of the reporters. Out: the descriptor.
 *
 * Method: a buffer that is written when full. Numbers are made here, for the
 * stream functions of libc lock and allocate, and a report is also written
 * while the program that it tells of holds those locks. vsnprintf into a
 * buffer of ours does neither for integers and strings.
 *
 * O1  After an error nothing is written any more, and the error is the first.
 * O2  SIGPIPE is held back during a write and taken off again when the write
 *     caused it, so that a reader who left costs the report, not the verdict.
 */
#include "runtime/monitor/out.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <vigil/call.h>

#include "runtime/base/throw.h"

void mon_out_open(struct mon_out *o, int fd)
{
    o->fd = fd;
    o->error = 0;
    o->used = 0;
    o->total = 0;
}

/* The descriptor is non-blocking and full: 0 when it takes more. */
static int wait_writable(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    int n = poll(&p, 1, MON_OUT_PATIENCE_MS);

    if (n < 0)
        return errno == EINTR ? 0 : -errno;
    return n ? 0 : -EAGAIN;
}

static int write_all(int fd, const char *bytes, size_t n)
{
    while (n) {
        ssize_t done = write(fd, bytes, n);

        if (done >= 0) {
            bytes += done;
            n -= (size_t)done;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            int err = wait_writable(fd);

            if (err)
                return err;
        } else if (errno != EINTR) {
            return -errno;
        }
    }
    return 0;
}

/* O2: a SIGPIPE that was pending before is not ours to take. */
static int write_quietly(int fd, const char *bytes, size_t n)
{
    static const struct timespec at_once;
    sigset_t pipe_set, old, pending;
    int err;

    sigemptyset(&pipe_set);
    sigaddset(&pipe_set, SIGPIPE);
    sigemptyset(&pending);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &pipe_set, &old);
    err = write_all(fd, bytes, n);
    if (err == -EPIPE && !sigismember(&pending, SIGPIPE))
        while (sigtimedwait(&pipe_set, NULL, &at_once) < 0 && errno == EINTR)
            ;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return err;
}

static void flush(struct mon_out *o)
{
    rt_check(o->used <= MON_OUT_BUFFER, "out: more buffered than fits");
    if (o->used && o->fd >= 0 && !o->error)
        o->error = write_quietly(o->fd, o->buffer, o->used);
    o->used = 0;
}

int mon_out_close(struct mon_out *o)
{
    flush(o);
    return o->error;
}

void mon_out_bytes(struct mon_out *o, const void *bytes, size_t n)
{
    const char *from = bytes;

    o->total += n;
    while (n) {
        size_t room = MON_OUT_BUFFER - o->used;
        size_t part = n < room ? n : room;

        memcpy(o->buffer + o->used, from, part);
        o->used += part;
        from += part;
        n -= part;
        if (o->used == MON_OUT_BUFFER)
            flush(o);
    }
}

void mon_out_text(struct mon_out *o, const char *text)
{
    if (text)
        mon_out_bytes(o, text, strlen(text));
}

void mon_out_char(struct mon_out *o, char c)
{
    mon_out_bytes(o, &c, 1);
}

void mon_out_u64(struct mon_out *o, uint64_t v)
{
    char digits[24];
    size_t at = sizeof(digits);

    do {
        rt_check(at, "out: a number has more digits than can be");
        digits[--at] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    mon_out_bytes(o, digits + at, sizeof(digits) - at);
}

void mon_out_i64(struct mon_out *o, int64_t v)
{
    if (v < 0)
        mon_out_char(o, '-');
    mon_out_u64(o, v < 0 ? -(uint64_t)v : (uint64_t)v);
}

void mon_out_spaces(struct mon_out *o, unsigned n)
{
    while (n--)
        mon_out_char(o, ' ');
}

void mon_out_printf(struct mon_out *o, const char *fmt, ...)
{
    char text[1024];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    mon_out_text(o, text);
}

/* v units of which each is made of `of` smaller ones, with one decimal. */
static void out_tenths(struct mon_out *o, uint64_t v, uint64_t of,
                       const char *unit)
{
    mon_out_u64(o, v / of);
    mon_out_char(o, '.');
    mon_out_u64(o, v % of * 10 / of);
    mon_out_text(o, unit);
}

/* big, and below it two digits of small: 3m20s, 1h02m. */
static void out_clock(struct mon_out *o, uint64_t big, char big_unit,
                      uint64_t small, char small_unit)
{
    mon_out_u64(o, big);
    mon_out_char(o, big_unit);
    if (small < 10)
        mon_out_char(o, '0');
    mon_out_u64(o, small);
    mon_out_char(o, small_unit);
}

void mon_out_duration(struct mon_out *o, int64_t ns)
{
    uint64_t v = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;
    uint64_t s = v / 1000000000;

    if (ns < 0)
        mon_out_char(o, '-');
    if (!v)
        mon_out_text(o, "0s");
    else if (v < 1000)
        mon_out_printf(o, "%uns", (unsigned)v);
    else if (v < 1000000)
        out_tenths(o, v, 1000, "us");
    else if (v < 1000000000)
        out_tenths(o, v, 1000000, "ms");
    else if (s < 60)
        out_tenths(o, v, 1000000000, "s");
    else if (s < 3600)
        out_clock(o, s / 60, 'm', s % 60, 's');
    else
        out_clock(o, s / 3600, 'h', s / 60 % 60, 'm');
}

void mon_out_site(struct mon_out *o, const struct go_site *site)
{
    const char *slash;

    if (!site || !site->file) {
        mon_out_char(o, '?');
        return;
    }
    slash = strrchr(site->file, '/');
    mon_out_text(o, slash ? slash + 1 : site->file);
    mon_out_char(o, ':');
    mon_out_i64(o, site->line);
}

const char *mon_out_stdout(void)
{
    struct pollfd p = {.fd = STDOUT_FILENO, .events = POLLOUT};
    const char *why = NULL;

    if (ftrylockfile(stdout))
        return "(standard output was not flushed: its lock is taken)";
    if (poll(&p, 1, 0) != 1 || !(p.revents & POLLOUT))
        why = "(standard output was not flushed: nobody reads it)";
    else
        fflush_unlocked(stdout);
    funlockfile(stdout);
    return why;
}
