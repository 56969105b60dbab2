/*
 * interpose_unseen.c - the C library's names for what brings word to goroutines
 * by ways that can not be followed, in front of the C library.
 *
 * In:  calls of anybody in the process. Out: what the C library does, and that
 * from here on more orders goroutines than is seen (vigil/elsewhere.h).
 *
 * Method: the way there is a call, the way back is not one that we have:
 * streams read and write by themselves; handlers, notifications and what the
 * kernel does beside come at any moment. So no data race is told any more, nor,
 * but for handlers, that all orders were tried.
 */
#undef _FORTIFY_SOURCE
#undef _FILE_OFFSET_BITS
#define _GNU_SOURCE
#include <aio.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
#include <vigil/outer.h>

#include "harness/explore/word.h"

#define STREAM(type, name, params, args)                                       \
    HN_EXPORT type name params                                                 \
    {                                                                          \
        if (HN_SERVED)                                                         \
            hn_orders_lose_streams();                                          \
        return HN_NEXT(name) args;                                             \
    }

/* From here on somebody else may let go of locks, be it for a library. */
static void is_not_alone(const char *what)
{
    go_control_untold(what, true);
    go_outer_others();
}

STREAM(FILE *, fopen, (const char *restrict path, const char *restrict mode),
       (path, mode))
STREAM(FILE *, fopen64, (const char *restrict path, const char *restrict mode),
       (path, mode))
STREAM(FILE *, freopen,
       (const char *restrict path, const char *restrict mode, FILE *restrict f),
       (path, mode, f))
STREAM(FILE *, freopen64,
       (const char *restrict path, const char *restrict mode, FILE *restrict f),
       (path, mode, f))
STREAM(FILE *, popen, (const char *command, const char *mode), (command, mode))
STREAM(FILE *, fmemopen, (void *at, size_t n, const char *mode), (at, n, mode))
STREAM(FILE *, open_memstream, (char **at, size_t *n), (at, n))
STREAM(FILE *, open_wmemstream, (wchar_t * *at, size_t *n), (at, n))
STREAM(FILE *, fopencookie,
       (void *restrict whose, const char *restrict mode,
        cookie_io_functions_t by),
       (whose, mode, by))
STREAM(FILE *, tmpfile, (void), ())
STREAM(FILE *, tmpfile64, (void), ())

HN_EXPORT FILE *fdopen(int fd, const char *mode)
{
    FILE *f = HN_NEXT(fdopen)(fd, mode);

    if (HN_SERVED) {
        hn_orders_lose_streams();
        if (f)
            hn_opened_gone(fd); /* its fclose is none of our calls */
    }
    return f;
}

/* What a handler does comes by what was asked for, or by no schedule at all;
   and it asks the kernel at any moment: O5 of elsewhere.c. To ignore a signal,
   or to ask what becomes of it, is word like any other. Whether it is that, by
   a call that returns to pc. */
static bool is_word(sighandler_t handler, const void *pc)
{
    bool handles = handler != SIG_DFL && handler != SIG_IGN;

    if (handles && go_outer_runs()) {
        is_not_alone(HN_ORDERS_SIGNALS);
        go_control_handled();
    }
    if (handles || !hn_answers_serve(pc))
        return false;
    hn_word_tell(pc);
    go_control_release(&hn_orders_kernel);
    return true;
}

HN_EXPORT int sigaction(int sig, const struct sigaction *restrict how,
                        struct sigaction *restrict old)
{
    bool word = is_word(how ? how->sa_handler : SIG_DFL, CALLER);
    int err = HN_NEXT(sigaction)(sig, how, old);

    if (word)
        hn_word_hears(err == 0);
    return err;
}

/* It has a name for each standard that a program may ask for. */
#define SIGNAL(name)                                                           \
    HN_EXPORT sighandler_t name(int sig, sighandler_t handler);                \
    HN_EXPORT sighandler_t name(int sig, sighandler_t handler)                 \
    {                                                                          \
        bool word = is_word(handler, CALLER);                                  \
        sighandler_t was = HN_NEXT(name)(sig, handler);                        \
                                                                               \
        if (word)                                                              \
            hn_word_hears(was != SIG_ERR);                                     \
        return was;                                                            \
    }

SIGNAL(signal)
SIGNAL(bsd_signal)
SIGNAL(ssignal)
SIGNAL(sysv_signal)
SIGNAL(__sysv_signal)

/* What is begun goes on by itself, be it in a thread of the C library's. */
#define BESIDE(type, name, params, args)                                       \
    HN_EXPORT type name params                                                 \
    {                                                                          \
        go_control_thread();                                                   \
        if (go_outer_runs()) {                                                 \
            go_control_unseen(HN_ORDERS_KERNEL);                               \
            is_not_alone(HN_ORDERS_KERNEL);                                    \
        }                                                                      \
        return HN_NEXT(name) args;                                             \
    }

BESIDE(int, timer_create,
       (clockid_t clock, struct sigevent *restrict how, timer_t *restrict to),
       (clock, how, to))
BESIDE(int, mq_notify, (mqd_t q, const struct sigevent *how), (q, how))
BESIDE(int, aio_read, (struct aiocb * what), (what))
BESIDE(int, aio_write, (struct aiocb * what), (what))
BESIDE(int, aio_read64, (struct aiocb64 * what), (what))
BESIDE(int, aio_write64, (struct aiocb64 * what), (what))
BESIDE(int, aio_fsync, (int op, struct aiocb *what), (op, what))
BESIDE(int, aio_fsync64, (int op, struct aiocb64 *what), (op, what))
BESIDE(int, lio_listio64,
       (int mode, struct aiocb64 *const *restrict all, int n,
        struct sigevent *restrict how),
       (mode, all, n, how))
BESIDE(int, lio_listio,
       (int mode, struct aiocb *const *restrict all, int n,
        struct sigevent *restrict how),
       (mode, all, n, how))
