/*
 * kernel.c - what the kernel is asked, which may depend on more than the
 * schedule (kernel_order.c has what does depend on that); and what can not
 * matter.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <vigil/scenario.h>

static int fds[2];
static struct go_mutex mu;

static void put(void)
{
    go_mutex_lock(&mu);
    go_mutex_unlock(&mu);
    if (write(fds[1], "x", 1) != 1)
        go_panic("a pipe is full");
}

static void with_a_pipe(void (*ask)(void))
{
    struct go_waitgroup wg = {0};

    if (pipe2(fds, O_NONBLOCK) != 0)
        go_panic("no pipe");
    go_waitgroup_go(&wg, put);
    ask();
    go_waitgroup_wait(&wg);
    close(fds[0]);
    close(fds[1]);
}

static void read_it(void)
{
    char byte;

    if (read(fds[0], &byte, 1) == 1 && byte != 'x')
        go_panic("it is something else");
}

SCENARIO(reads, .about = "what may be there by then")
{
    with_a_pipe(read_it);
}

static void draw(const char *file)
{
    char byte;
    int fd = open(file, O_RDONLY);

    if (fd < 0 || read(fd, &byte, 1) != 1)
        go_panic("nothing is drawn");
    close(fd);
}

SCENARIO(draws, .about = "a number of the kernel's")
{
    draw("/dev/urandom");
}

SCENARIO(streams, .about = "the same, by a stream")
{
    FILE *f = fopen("/dev/urandom", "r");

    if (!f || fgetc(f) < 0)
        go_panic("nothing is drawn");
    fclose(f);
}

SCENARIO(looks, .about = "at a file")
{
    struct stat st;

    stat(".", &st);
}

SCENARIO(uses, .about = "asks how much it has used")
{
    struct rusage used;

    getrusage(RUSAGE_SELF, &used);
}

SCENARIO(clocked, .about = "asks a clock that is only its thread's")
{
    struct timespec t;

    clock_gettime(~(clockid_t)getpid() << 3 | 2, &t);
}

SCENARIO(alarmed, .about = "asks for a signal, in an hour")
{
    struct itimerval never = {0};

    alarm(3600);
    setitimer(ITIMER_REAL, &never, NULL);
}

SCENARIO(changes, .about = "the environment")
{
    setenv("VIGIL_TESTS", "1", 1);
}

static void sort_of_prints(void)
{
    if (getenv("VIGIL_TESTS_NEVER") || write(STDOUT_FILENO, "x", 1) != 1)
        go_panic("it is not printed");
}

SCENARIO(prints, .about = "and asks for what nobody changes")
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, sort_of_prints);
    go_waitgroup_go(&wg, sort_of_prints);
    go_waitgroup_wait(&wg);
}
