/*
 * ran.h - runs a body, or a program in a child process, and keeps what its
 * report says.
 */
#ifndef TESTS_RAN_H
#define TESTS_RAN_H

#include <criterion/criterion.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vigil/go.h>
#include <vigil/inspect.h>

#include "runtime/sched/sched.h"

enum {
    RAN_TEXT = 1 << 17
};

struct ran {
    int status; /* of go_run, or as waitpid says */
    struct go_outcome outcome;
    char text[RAN_TEXT]; /* cut */
};

static inline void ran_read(struct ran *r, int fd)
{
    ssize_t n = pread(fd, r->text, RAN_TEXT - 1, 0);

    r->text[n > 0 ? n : 0] = 0;
    close(fd);
}

/* What most runs here are: virtual time, one worker, judged at the end. */
#define RAN_RUN(body)                                                          \
    ((struct go_run){.call = {.fn = (go_fn *)(body)},                          \
                     .site = GO_SITE(""),                                      \
                     .settle = GO_SETTLE_SCENARIO,                             \
                     .settle_for = GO_SECOND,                                  \
                     .clock_virtual = true,                                    \
                     .procs = 1,                                               \
                     .seed = 7,                                                \
                     .json_fd = -1,                                            \
                     .dot_fd = -1,                                             \
                     .report_left = true})

static inline void ran_run(struct ran *r, struct go_run run)
{
    int fd = memfd_create("report", MFD_CLOEXEC);

    run.text_fd = fd;
    run.outcome = &r->outcome;
    rt_threads_ours(); /* Criterion has one of its own */
    r->status = go_run(&run);
    ran_read(r, fd);
}

/* main() in a child process, its standard error kept. */
static inline void ran_program(struct ran *r, int (*program)(void))
{
    int fd = memfd_create("stderr", MFD_CLOEXEC);
    pid_t pid = fork();

    if (pid == 0) {
        dup2(fd, STDERR_FILENO);
        _exit(program());
    }
    cr_assert_eq(waitpid(pid, &r->status, 0), pid);
    ran_read(r, fd);
}

#define cr_assert_has(r, part)                                                 \
    cr_assert(strstr((r)->text, (part)), "no \"%s\" in:\n%s", (part), (r)->text)
#define cr_assert_has_not(r, part)                                             \
    cr_assert(!strstr((r)->text, (part)), "\"%s\" in:\n%s", (part), (r)->text)
#define cr_assert_exit(r, code)                                                \
    cr_assert(WIFEXITED((r)->status) && WEXITSTATUS((r)->status) == (code),    \
              "status %#x, not exit %d:\n%s", (r)->status, (code), (r)->text)

#endif
