/* image_test.c - a copy of the process: of the moment, quiet, and mortal. */
#define _GNU_SOURCE
#include "runtime/monitor/image.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/base/cpu.h"

/* What a copy and its original tell each other. */
struct talk {
    uint32_t begun, end; /* [atomic] */
    int saw;
    bool whole;
};

static struct mon_image image;
static int global;

static struct talk *talk(void)
{
    return image.result;
}

/* Waits for its original to have gone on. */
static void tells_global(void *arg, bool whole, void *result, size_t size)
{
    struct talk *t = result;

    (void)arg;
    __atomic_store_n(&t->begun, 1, __ATOMIC_RELEASE);
    while (!__atomic_load_n(&t->end, __ATOMIC_ACQUIRE))
        sched_yield();
    t->saw = size >= sizeof(*t) ? global : -1;
    t->whole = whole;
}

static void start(mon_image_work *work)
{
    cr_assert_eq(mon_image_map(&image, sizeof(struct talk)), 0);
    cr_assert_eq(mon_image_start(&image, work, NULL), 0);
}

static void begun(void)
{
    while (!__atomic_load_n(&talk()->begun, __ATOMIC_ACQUIRE))
        sched_yield();
}

static int ended(void)
{
    int how;

    if (talk())
        __atomic_store_n(&talk()->end, 1, __ATOMIC_RELEASE);
    while (!(how = mon_image_poll(&image)))
        sched_yield();
    return how;
}

Test(image, is_of_the_moment_at_which_it_was_made)
{
    global = 1;
    start(tells_global);
    global = 2;
    cr_assert_eq(mon_image_poll(&image), 0);
    cr_assert_eq(ended(), 1);
    cr_assert_eq(talk()->saw, 1);
    mon_image_drop(&image);
    cr_assert_null(image.result);
}

/* Whether a copy is whole while a page of ours is as advice says. */
static bool whole_with(int advice)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool whole;

    cr_assert_eq(madvise(page, 4096, advice), 0);
    start(tells_global);
    cr_assert_eq(ended(), 1);
    whole = talk()->whole;
    mon_image_drop(&image);
    munmap(page, 4096);
    return whole;
}

Test(image, says_when_the_program_keeps_memory_out_of_copies)
{
    cr_assert(whole_with(MADV_NORMAL));
    cr_assert_not(whole_with(MADV_DONTFORK));
    cr_assert_not(whole_with(MADV_WIPEONFORK));
    cr_assert(whole_with(MADV_NORMAL));
}

static uint32_t *handled; /* [atomic] shared with copies */
static void handler(int sig)
{
    (void)sig;
    __atomic_add_fetch(handled, 1, __ATOMIC_RELEASE);
}

Test(image, runs_no_handler_of_the_program)
{
    handled = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    signal(SIGUSR1, handler);
    start(tells_global);
    cr_assert_eq(kill(image.pid, SIGUSR1), 0);
    cr_assert_eq(ended(), 1);
    cr_assert_eq(*handled, 0);
    mon_image_drop(&image);
    raise(SIGUSR1); /* while ours go on to */
    cr_assert_eq(*handled, 1);
}

static volatile int *forbidden;
static void fails(void *arg, bool whole, void *result, size_t size)
{
    (void)arg;
    (void)whole;
    (void)size;
    ((struct talk *)result)->saw = *forbidden;
}

static void survives(int sig)
{
    (void)sig;
    _exit(0);
}

Test(image, dies_of_a_fault_whatever_handlers_the_program_has)
{
    forbidden = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    signal(SIGSEGV, survives);
    start(fails);
    cr_assert_eq(ended(), -1);
    mon_image_drop(&image);
}

Test(image, is_no_child_that_the_program_waits_for)
{
    start(tells_global);
    errno = 0;
    cr_assert_eq(waitpid(-1, NULL, 0), -1);
    cr_assert_eq(errno, ECHILD);
    cr_assert_eq(ended(), 1);
    mon_image_drop(&image);
}

Test(image, that_the_program_waited_for_all_the_same_counts_as_dead)
{
    start(tells_global);
    __atomic_store_n(&talk()->end, 1, __ATOMIC_RELEASE);
    cr_assert_eq(waitpid(-1, NULL, __WALL), image.pid);
    cr_assert_eq(ended(), -1);
    mon_image_drop(&image);
    start(tells_global); /* and by then its number may be another's */
    __atomic_store_n(&talk()->end, 1, __ATOMIC_RELEASE);
    cr_assert_eq(waitpid(-1, NULL, __WALL), image.pid);
    mon_image_drop(&image);
}

Test(image, keeps_no_pipe_open)
{
    int fd[2];
    char c;

    cr_assert_eq(pipe(fd), 0);
    start(tells_global);
    begun();
    close(fd[1]);
    cr_assert_eq(read(fd[0], &c, 1), 0);
    mon_image_drop(&image);
}

Test(image, is_gone_when_it_is_dropped)
{
    pid_t pid;

    start(tells_global);
    pid = image.pid;
    mon_image_drop(&image);
    cr_assert_eq(kill(pid, 0), -1);
    cr_assert_eq(image.pid, 0);
}

Test(image, dies_with_its_original)
{
    int status;
    pid_t pid, *made = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid = fork();
    if (pid == 0) {
        start(tells_global);
        begun();
        *made = image.pid;
        _exit(0);
    }
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_assert_eq(waitpid(*made, &status, __WALL), *made);
    cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}
