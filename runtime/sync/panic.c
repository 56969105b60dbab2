/*
 * panic.c - panic, try, defer and exit.
 *
 * In:  go_panic of the program, or of the runtime for it. Out: deferred calls
 * run, newest first, on the panicking stack, and control is at the nearest
 * go_try; or the run ends with a trace of where it happened.
 *
 * Method: a deferred call is a record in its frame, linked to the goroutine.
 * A panic takes the records off one by one and calls them; then it drops the
 * frames up to the try's. No unwinding: nothing is needed of the program's
 * frames, and none of its cleanup attributes run for what was dropped (a
 * record run here is marked, so its scope does not run it again).
 *
 * N1  A record is off the list before it is called: a panic in it goes on
 *     with the next.
 * N2  A try runs only the records that were made in it.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/sched/park.h"
#include "runtime/sched/sanitize.h"
#include "runtime/sched/sched.h"
#include "runtime/sched/spawn.h"
#include "runtime/sched/switch.h"
#include "runtime/sync/object.h"

struct rt_try {
    struct rt_try *outer;
    struct go_defer *defers; /* N2: the newest from before it */
    void *sp;                /* where rt_call_leave comes back to */
    char *message;           /* of the panic that left, to be freed */
    uint32_t left;           /* set when a panic left by it */
};

static const char no_memory[] = "panic: no memory for the message";

static struct g *running(void)
{
    return rt_g();
}

static void call_deferred(struct g *g, go_fn *fn, const struct go_defer *d)
{
    uintptr_t arg[GO_CALL_MAX] = {d->arg};
    const struct go_site *outer = g ? g->deferred : NULL;

    if (g)
        g->deferred = d->site;
    rt_call_deferred(fn, arg);
    if (g)
        g->deferred = outer;
}

static void run_defers(struct g *g, const struct go_defer *until)
{
    while (g->defers && g->defers != until) {
        struct go_defer *d = g->defers;
        go_fn *fn = d->fn;

        g->defers = d->next; /* N1 */
        d->fn = NULL;
        call_deferred(g, fn, d);
    }
}

/* The message, and that of the panic which it replaces. */
static char *message_make(char *before, const char *fmt, va_list ap)
{
    char *text, *both;

    if (vasprintf(&text, fmt, ap) < 0)
        return (char *)no_memory;
    if (!before)
        return text;
    if (asprintf(&both, "%s\n\tpanic: %s", before, text) < 0)
        return text;
    free(text);
    if (before != no_memory)
        free(before);
    return both;
}

/* A thread has nobody to catch it, and no goroutine to be traced. */
static void panic_on_thread(const char *message) __attribute__((noreturn));
static void panic_on_thread(const char *message)
{
    static const char head[] = "panic: ",
                      tail[] = "\n\n[on a thread that is no goroutine]\n";

    if (write(2, head, sizeof(head) - 1) < 0 ||
        write(2, message, strlen(message)) < 0 ||
        write(2, tail, sizeof(tail) - 1) < 0)
        _exit(RT_EXIT_STUCK); /* nowhere left to say it */
    _exit(RT_EXIT_STUCK);
}

static void panic_with(struct g *g, char *message) __attribute__((noreturn));
static void panic_with(struct g *g, char *message)
{
    struct rt_try *t = g->tries;

    g->panic = message == no_memory ? NULL : message; /* to be freed */
    run_defers(g, t ? t->defers : NULL);
    if (!t)
        rt_end_panicked(g, message);
    g->panic = NULL;
    g->tries = t->outer;
    t->message = message;
    rt_san_no_return();
    rt_call_leave(t->sp);
}

static void panic_va(const struct go_site *site, const char *fmt, va_list ap)
    __attribute__((noreturn));
static void panic_va(const struct go_site *site, const char *fmt, va_list ap)
{
    struct g *g = running();
    char *message = message_make(g ? g->panic : NULL, fmt, ap);

    if (!g)
        panic_on_thread(message);
    g->last = site;
    panic_with(g, message);
}

void go_panic_at(const struct go_site *site, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    panic_va(site, fmt, ap);
}

void(go_panic)(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    panic_va(RT_HERE(), fmt, ap);
}

char *go_try_at(const struct go_call *call, const struct go_site *site)
{
    struct g *g = running();
    struct rt_try t = {0};
    const struct go_site *deferred;
    void *panicking;
    go_fn *outer;

    if (!call->fn)
        go_panic_at(site, "call of nil func value");
    if (!g) { /* a thread: a panic there ends the process */
        rt_call(call->fn, call->arg);
        return NULL;
    }
    t.outer = g->tries;
    t.defers = g->defers;
    panicking = g->panic; /* a try within a deferred call */
    g->panic = NULL;
    g->tries = &t;
    outer = g->called;
    deferred = g->deferred;
    g->called = call->fn;
    rt_call_try(call->fn, call->arg, &t.sp, &t.left);
    g = running();
    g->called = outer;
    g->deferred = deferred;
    g->panic = panicking;
    if (t.left)
        return t.message == no_memory ? strdup(no_memory) : t.message;
    g->tries = t.outer;
    return NULL;
}

void go_defer_enter(struct go_defer *d)
{
    struct g *g = running();

    if (!g)
        return; /* a thread: only the end of the scope runs it */
    d->next = g->defers;
    g->defers = d;
}

void go_defer_leave(struct go_defer *d)
{
    struct g *g = running();
    go_fn *fn = d->fn;

    if (!fn)
        return;
    d->fn = NULL;
    if (g) {
        rt_check(g->defers == d, "deferred calls out of order");
        g->defers = d->next;
    }
    call_deferred(g, fn, d);
}

void go_exit_at(const struct go_site *site)
{
    struct g *g = running();

    if (!g)
        go_panic_at(site, "not in a goroutine");
    g->last = site;
    g->exiting = true;
    g->tries = NULL; /* past every try but those of what was deferred */
    run_defers(g, NULL);
    rt_exit(g);
}

void(go_exit)(void)
{
    go_exit_at(RT_HERE());
}
