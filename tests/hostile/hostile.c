/*
 * hostile.c - scenarios that do to the harness what they should not.
 *
 * Each expects to come out clean, and none does: what is tested is that the
 * harness lives on, and says what happened.
 */
#include <vigil/scenario.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void ignore_all(void)
{
    for (int sig = 1; sig < 65; sig++)
        signal(sig, SIG_IGN);
}

static void sleep_for_ever(void)
{
    for (;;)
        pause();
}

SCENARIO(segfault, .about = "writes where nothing is")
{
    volatile int *volatile nowhere = NULL; /* the compiler must not know */

    puts("last words");
    *nowhere = 1;
}

SCENARIO(abort_itself, .about = "calls abort")
{
    abort();
}

SCENARIO(exit_early, .about = "leaves before its verdict")
{
    exit(0);
}

SCENARIO(exit_seven, .about = "the same, with a status")
{
    _exit(7);
}

static void crash(void)
{
    raise(SIGBUS);
}

SCENARIO(crash_at_exit, .about = "dies when its verdict is in")
{
    atexit(crash);
}

static void change_status(void)
{
    _exit(23);
}

SCENARIO(status_at_exit, .about = "another status than its run asked for")
{
    atexit(change_status);
}

SCENARIO(hang, .about = "ignores every signal", .procs = 2,
         .timeout = GO_SECOND)
{
    puts("about to hang");
    ignore_all();
    sleep_for_ever();
}

/* With sessions of their own no signal to a process group finds them. */
SCENARIO(fork_and_hang, .about = "starts others, all ignore signals",
         .timeout = GO_SECOND)
{
    ignore_all();
    if (fork() == 0) {
        setsid();
        if (fork() == 0)
            sleep_for_ever();
        sleep_for_ever();
    }
    if (fork() == 0)
        sleep_for_ever();
    sleep_for_ever();
}

SCENARIO(leave_a_daemon, .about = "ends, what it started does not")
{
    pid_t between = fork();

    if (between == 0) {
        setsid();
        if (fork() != 0)
            _exit(0);
        ignore_all();
        sleep_for_ever(); /* holds all our descriptors */
    }
    waitpid(between, NULL, 0); /* one is left behind, not two */
}

SCENARIO(spin, .about = "computes for ever", .timeout = GO_SECOND)
{
    for (volatile unsigned i = 0;; i++)
        ;
}

static struct go_mutex kept;

static void wants_it(void)
{
    go_mutex_lock(&kept);
}

SCENARIO(keep_the_lock, .about = "somebody waits long for who goes on for ever",
         .timeout = GO_SECOND)
{
    go_mutex_lock(&kept);
    go(wants_it);
    go_sleep(GO_MINUTE); /* on the virtual clock */
    for (;;)
        go_yield();
}

SCENARIO(quit_itself, .about = "asks for a report, and to end")
{
    raise(SIGQUIT);
    for (;;)
        go_yield();
}

SCENARIO(eat_memory, .about = "allocates and touches",
         .timeout = 30 * GO_SECOND)
{
    const size_t piece = 1 << 20;

    for (;;) {
        char *p = malloc(piece);
        if (p)
            memset(p, 1, piece);
    }
}

SCENARIO(eat_descriptors, .about = "opens until none is left")
{
    while (dup(0) >= 0)
        ;
}

static void *silent(void *arg)
{
    pause();
    return arg;
}

SCENARIO(one_descriptor, .about = "waits beside a thread, and one is left",
         .timeout = GO_SECOND)
{
    pthread_t t;
    int last = -1, fd;

    if (pthread_create(&t, NULL, silent, NULL))
        abort();
    while ((fd = dup(2)) >= 0)
        last = fd;
    close(last);
    chan_recv(chan_make(int, 0));
}

SCENARIO(close_stderr, .about = "closes its standard descriptors")
{
    close(0);
    close(1);
    close(2);
}

SCENARIO(print_megabytes, .about = "prints 64 MB")
{
    static char line[4096];

    memset(line, 'x', sizeof(line) - 1);
    line[sizeof(line) - 1] = '\n';
    puts("the head of it");
    for (int i = 0; i < 16384; i++)
        fwrite(line, 1, sizeof(line), stdout);
    puts("the tail of it");
    raise(SIGKILL);
}

SCENARIO(print_binary, .about = "control characters, and no UTF-8")
{
    fputs("\033[31mred \xff\xfe \b\a", stdout);
    fflush(stdout);
    raise(SIGKILL);
}

SCENARIO(no_files, .about = "may not write a byte to any file")
{
    struct rlimit none = {0, 0};
    int fd = open("/dev/full", O_WRONLY);

    setrlimit(RLIMIT_FSIZE, &none);
    if (write(fd, "x", 1) != 1)
        puts("the disk is full");
    raise(SIGXFSZ);
}

SCENARIO(smash_the_stack, .about = "returns to nowhere")
{
    volatile char *frame = __builtin_frame_address(0);

    for (int i = 0; i < 64; i++)
        frame[i] = 0x55;
}

SCENARIO(kill_its_group, .about = "kills everything in its group")
{
    kill(0, SIGKILL);
}

SCENARIO(stop_itself, .about = "stops, so nothing goes on",
         .timeout = GO_SECOND)
{
    raise(SIGSTOP);
}
