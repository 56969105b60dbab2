/* died.h - what a process says that is to end by abort. */
#ifndef TESTS_DIED_H
#define TESTS_DIED_H

#include <criterion/criterion.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* Standard error of a child that does it to p; it must die of SIGABRT. */
static inline const char *died_saying(void (*does)(void *), void *p)
{
    static char text[256];
    ssize_t n;
    int ends[2], status;
    pid_t child;

    cr_assert_eq(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        dup2(ends[1], 2);
        signal(SIGABRT, SIG_DFL);
        does(p);
        _exit(0);
    }
    close(ends[1]);
    n = read(ends[0], text, sizeof(text) - 1);
    text[n > 0 ? n : 0] = 0;
    close(ends[0]);
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "%s", text);
    return text;
}

#endif
