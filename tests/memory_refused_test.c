/*
 * memory_refused_test.c - looks when the system refuses what they need: they
 * prove nothing for want of it, and break nothing.
 */
#define _GNU_SOURCE
#include "runtime/sched/sanitize.h"
#if !defined(RT_ASAN) && !defined(RT_TSAN)
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/resource.h>
#include <unistd.h>

#include "runtime/monitor/look.h"
#include "runtime/sched/threads.h"
#include "tests/planted.h"

enum {
    STEP = 256 << 10, /* bytes of address space more from look to look */
    STEPS = 64,
    LARGE = 256 << 20, /* the marks for so much memory do not fit beside */
};

static void allow(int what, rlim_t n)
{
    struct rlimit l;

    CHECK_EQ(getrlimit(what, &l), 0);
    l.rlim_cur = n < l.rlim_max ? n : l.rlim_max;
    CHECK_EQ(setrlimit(what, &l), 0);
}

static void lost(void)
{
    go(waits, chan_make(int, 0));
}

/* A limit of a look that is made now, by the words that it begins with. */
static bool is_told(const char *words)
{
    const struct mon_moment moment = {0};
    struct mon_look look;
    bool told = false;

    CHECK(rt_world_stop(NULL));
    mon_look_take(&look, &moment);
    for (uint32_t i = 0; i < look.snapshot.in.nlimit; i++)
        told |= !strncmp(look.snapshot.in.limits[i].text, words, strlen(words));
    rt_world_start();
    mon_look_free(&look);
    return told;
}

INSIDE_TEST(memory_refused,
            without_descriptors_nothing_is_proven_and_it_is_told)
{
    go(lost);
    let_all_park();
    allow(RLIMIT_NOFILE, 0);
    CHECK_EQ(go_check(), 0);
    CHECK(is_told("memory not scanned: /proc"));
    allow(RLIMIT_NOFILE, RLIM_INFINITY);
    CHECK_EQ(go_check(), 1);
}

static void *reads(void *end)
{
    char byte;

    CHECK_EQ(read(*(int *)end, &byte, 1), 1);
    return NULL;
}

INSIDE_TEST(memory_refused, without_descriptors_threads_are_counted)
{
    pthread_t thread;
    int end[2];

    CHECK_EQ(pipe(end), 0);
    CHECK_EQ(pthread_create(&thread, NULL, reads, end), 0);
    allow(RLIMIT_NOFILE, 0);
    CHECK_EQ(rt_foreign_threads(NULL, 0), 1);
    CHECK_EQ(write(end[1], "", 1), 1);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    while (rt_foreign_threads(NULL, 0)) /* the kernel forgets it after that */
        sched_yield();
}

/* ---- no thread for another worker ------------------------------------------ */

static sem_t other_ran;

static void runs(void)
{
    sem_post(&other_ran);
}

/* Of the only worker, who is not to be had again before it returns. */
static int waits_for_other(rlim_t space)
{
    allow(RLIMIT_AS, space);
    while (sem_wait(&other_ran))
        ;
    return 0;
}

static void without_thread(rlim_t space)
{
    CHECK_EQ(sem_init(&other_ran, 0, 0), 0);
    go(runs);
    allow(RLIMIT_AS, 0);
    go_blocking(waits_for_other, space);
    allow(RLIMIT_AS, RLIM_INFINITY);
}

INSIDE_TEST(memory_refused, a_worker_is_asked_for_again)
{
    without_thread(RLIM_INFINITY);
}

static void for_ever(void)
{
    without_thread(0);
}

Test(memory_refused, who_can_not_have_a_worker_for_long_is_told,
     .exit_code = RT_EXIT_INTERNAL)
{
    INSIDE(for_ever);
}

/* ---- the first thread has ended, and what /proc has of it ----------------- */

static chan(int) global;

static void waits_for_global(void)
{
    global = chan_make(int, 0);
    chan_recv(global);
}

static void without_first_thread(void)
{
    int silent = 0;

    CHECK_EQ(rt_foreign_threads(NULL, 0), 0);
    go(waits_for_global);
    go(lost);
    let_all_park();
    CHECK_EQ(go_check(), 1); /* what a global has is seen */
    CHECK(rt_world_stop(NULL));
    CHECK(rt_threads_stop(NULL, &silent));
    rt_threads_start();
    rt_world_start();
    chan_send(global, 1);
}

static void *run_alone(void *unused)
{
    struct go_outcome outcome = {0};
    const struct go_run run = body_program(without_first_thread, &outcome);
    char state[64] = "";

    (void)unused;
    do { /* until it is seen to have ended */
        int fd = open("/proc/self/stat", O_RDONLY);

        read(fd, state, sizeof(state) - 1);
        close(fd);
    } while (!strstr(state, ") Z"));
    rt_threads_ours();
    _exit(go_run(&run) || outcome.panic[0] ? 1 : 42);
}

Test(memory_refused, who_stays_when_the_first_thread_ends_is_scanned,
     .exit_code = 42)
{
    pthread_t thread;

    pthread_create(&thread, NULL, run_alone, NULL);
    pthread_exit(NULL);
}

static rlim_t address_space(void)
{
    char text[64] = "";
    int fd = open("/proc/self/statm", O_RDONLY);

    CHECK(read(fd, text, sizeof(text) - 1) > 0);
    close(fd);
    return strtoul(text, NULL, 10) * (rlim_t)getpagesize();
}

/* Wherever it comes to an end: with the graph, or with the marks. */
INSIDE_TEST(memory_refused, without_memory_nothing_is_closed_or_proven_wrongly)
{
    rlim_t now;
    uint32_t proven = 0, told = 0;
    int null = open("/dev/null", O_RDONLY);

    CHECK(malloc(LARGE) && dup2(null, 0) == 0);
    go(lost);
    let_all_park();
    now = address_space();
    for (int i = 0; i < STEPS; i++) {
        allow(RLIMIT_AS, now + (rlim_t)i * STEP);
        proven += (uint32_t)go_check();
        told += is_told("memory not scanned: there is not enough");
        CHECK(fcntl(0, F_GETFD) >= 0);
    }
    allow(RLIMIT_AS, RLIM_INFINITY);
    CHECK(proven > 0 && proven < STEPS && told > 0);
    CHECK_EQ(go_check(), 1);
}

#endif
