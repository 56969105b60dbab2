/*
 * orders.c - finds out what could order goroutines behind our back.
 *
 * In:  the process, before a run. Out: go_control_untold.
 *
 * Method: locks and calls of the C library are seen where our names are in
 * front of its (interpose*.c), which the loader is asked. What comes from
 * elsewhere can not be seen: other threads, handlers of signals, a library that
 * was not there for us to be compiled with it.
 */
#define _GNU_SOURCE
#include "harness/explore/orders.h"

#include <dirent.h>
#include <dlfcn.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <vigil/elsewhere.h>

#include "harness/explore/loaded.h"

/* Whether the program's calls come to us. */
static bool is_in_front(void)
{
    static const char ours;
    void *first = dlsym(RTLD_DEFAULT, "pthread_mutex_lock");
    Dl_info one, other;

    return first && dladdr(first, &one) && dladdr(&ours, &other) &&
           one.dli_fbase == other.dli_fbase;
}

/* What is said of other threads; NULL: there is none. To leave them is what the
   kernel refuses who has any. It may refuse it in any case, as containers do:
   then /proc is asked. */
static const char *others(void)
{
    DIR *d;
    unsigned n = 0;

    if (unshare(CLONE_THREAD) == 0)
        return NULL;
    d = opendir("/proc/self/task");
    if (!d)
        return HN_ORDERS_UNKNOWN;
    for (const struct dirent *e; (e = readdir(d));)
        n += e->d_name[0] != '.';
    closedir(d);
    return n == 1 ? NULL : HN_ORDERS_THREADS;
}

bool hn_orders_unknown(void)
{
    const char *what = others();

    return what && strcmp(what, HN_ORDERS_UNKNOWN) == 0;
}

/* A handler of vigil's, or of the C library's, lets go of nothing. */
static bool is_programs(void *handler, const struct hn_range *code)
{
    Dl_info in;

    return (uintptr_t)handler - (uintptr_t)code->low < code->size ||
           !dladdr(handler, &in) ||
           !hn_loaded_is_known(hn_loaded_name(in.dli_fname));
}

static bool handles_signals(const struct hn_range *code)
{
    for (int i = 1; i < NSIG; i++) {
        struct sigaction action;

        if (sigaction(i, NULL, &action) == 0 && action.sa_handler != SIG_DFL &&
            action.sa_handler != SIG_IGN &&
            is_programs((void *)(uintptr_t)action.sa_handler, code))
            return true;
    }
    return false;
}

static bool beside;

static void note_beside(void)
{
    beside = true;
    go_control_beside();
}

bool hn_orders_beside(void)
{
    return beside;
}

/* Whether somebody is there who may let go of what goroutines wait for. A library
   that has no thread does so only as one of them, which is seen (outerlock.h). */
static bool finds_others(const struct hn_loaded *l)
{
    const char *threads = others();
    bool handlers = handles_signals(&l->code);

    if (threads)
        note_beside();
    if (handlers)
        go_control_handled();
    if (!threads && !handlers)
        return false;
    go_control_untold(threads ? threads : HN_ORDERS_SIGNALS, true);
    return true;
}

static void look_around(void)
{
    static char library[HN_LOADED_NAME + 16];
    struct hn_loaded l;

    if (hn_loaded_read(&l)) {
        go_control_untold("all, for there is no memory", true);
        return;
    }
    if (!finds_others(&l) && l.library[0]) {
        snprintf(library, sizeof(library), "what %s does", l.library);
        go_control_untold(library, false);
    }
    hn_loaded_free(&l);
}

void hn_orders_begin(void)
{
    if (!is_in_front()) {
        go_control_untold("locks of the C library, for they are not ours here",
                          true);
        return;
    }
    go_control_threads_told();
    look_around();
}

static struct go_site first_thread;

void hn_orders_thread(const void *pc)
{
    if (!first_thread.pc)
        first_thread = (struct go_site){.what = "", .pc = pc};
    go_control_untold(HN_ORDERS_THREADS, true);
    note_beside();
}

const struct go_site *hn_orders_first_thread(void)
{
    return first_thread.pc ? &first_thread : NULL;
}

const char hn_orders_kernel;

void hn_orders_lose_streams(void)
{
    go_control_unseen(HN_ORDERS_STREAMS);
    go_control_untold(HN_ORDERS_STREAMS, false);
}
