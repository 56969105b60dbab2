/*
 * program.c - goroutine 1 waits for a message, and threads of the program's own
 * may be there to send it. For noproc.bats.
 *
 *     program WHEN HOW
 *
 * WHEN one is begun: never, by a constructor, before go_main, in a goroutine, in
 * a library that is loaded there; by the bare call of the system. HOW it goes
 * on: it comes, and sends; has ended, joined or detached; or is silent, and asks
 * for a report at last.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <vigil/go.h>

#define STACK 65536

static const char *when, *how;
static chan(int) answers;
static bool over; /* [atomic] the thread has nothing more to do */

static bool is(const char *word, const char *what)
{
    return strcmp(word, what) == 0;
}

/* Long after all have gone to sleep: a report that is too early says so. */
static void dawdle(void)
{
    struct timespec time = {.tv_nsec = 300000000};

    syscall(SYS_nanosleep, &time, NULL);
}

static void *aside(void *unused)
{
    (void)unused;
    if (is(how, "comes")) {
        dawdle();
        chan_send(answers, 1);
    } else if (is(how, "silent")) {
        dawdle();
        syscall(SYS_kill, syscall(SYS_getpid), SIGQUIT);
        for (;;)
            dawdle();
    }
    __atomic_store_n(&over, true, __ATOMIC_RELEASE);
    return NULL;
}

static int aside_bare(void *unused)
{
    aside(unused);
    return 0;
}

static void begin_bare(void)
{
    static char stack[STACK] __attribute__((aligned(16)));

    if (clone(aside_bare, stack + STACK,
              CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
                  CLONE_SYSVSEM,
              NULL) < 0)
        abort();
}

static void begin(void)
{
    pthread_t thread;

    if (is(when, "bare")) {
        begin_bare();
        return;
    }
    if (pthread_create(&thread, NULL, aside, NULL))
        abort();
    if (is(how, "joined"))
        pthread_join(thread, NULL);
    else
        pthread_detach(thread);
    while (is(how, "detached") && !__atomic_load_n(&over, __ATOMIC_ACQUIRE))
        sched_yield();
}

/* library.c calls it. */
void begun_by(void);
void begun_by(void)
{
    begin();
}

__attribute__((constructor)) static void begin_early(int argc, char **argv)
{
    when = argc == 3 ? argv[1] : "never";
    how = argc == 3 ? argv[2] : "";
    if (is(when, "constructor"))
        begin();
}

static int app(void)
{
    if (is(when, "goroutine") || is(when, "bare"))
        begin();
    if (is(when, "library") && !dlopen("./library.so", RTLD_NOW))
        abort();
    return chan_recv(answers) == 1 ? 0 : 1;
}

int main(void)
{
    answers = chan_make(int, 0);
    if (is(when, "before"))
        begin();
    return go_main(app);
}
