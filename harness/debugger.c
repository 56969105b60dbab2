/*
 * debugger.c - gdb on a scenario program that plays a token.
 *
 * In:  the program, the token or its file. Out: this process is gdb.
 *
 * Method: the program plays the token by itself (explore/inplace.h), without a
 * child that gdb would have to follow, and calls go_control_reached where it is
 * to stop. gdb's commands for goroutines are part of this library, so that they
 * are there wherever it is; gdb reads them from a file without a name.
 *
 * Why a file of a token goes by a descriptor: one variable of the environment is
 * as short as an argument, so the token itself may be too long; and the name of
 * a file may have a comma, which ends a setting. gdb hands on what was open when
 * it began.
 */
#include "harness/debugger.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* scripts/goroutines.py, as it is. */
__asm__(".pushsection .rodata\n"
        "goroutines_py: .incbin \"scripts/goroutines.py\"\n"
        "goroutines_py_end:\n"
        ".popsection\n");
extern const char goroutines_py[] __attribute__((visibility("hidden")));
extern const char goroutines_py_end[] __attribute__((visibility("hidden")));

/* A descriptor that gdb inherits, or -errno. */
static int script(void)
{
    size_t n = (size_t)(goroutines_py_end - goroutines_py);
    int fd = memfd_create("goroutines.py", 0);

    if (fd < 0)
        return -errno;
    if (write(fd, goroutines_py, n) == (ssize_t)n)
        return fd;
    close(fd);
    return -EIO;
}

/* VIGIL as it is, and the token or what names its file. */
static int ask_for(const char *followed, long long stop)
{
    const char *old = getenv("VIGIL");
    char *text, number[32] = "";
    int err;

    if (stop >= 0)
        snprintf(number, sizeof(number), ",stop=%lld", stop);
    if (asprintf(&text, "%s%sreplay=%s%s", old ? old : "",
                 old && *old && old[strlen(old) - 1] != ',' ? "," : "",
                 followed, number) < 0)
        return -ENOMEM;
    err = setenv("VIGIL", text, 1) == 0 ? 0 : -errno;
    free(text);
    return err;
}

static int ask_for_file(const char *sched, long long stop)
{
    char name[40];
    int fd = open(sched, O_RDONLY);

    if (fd < 0)
        return -errno;
    snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
    return ask_for(name, stop);
}

int hn_debugger_become(const char *exec, const char *token, const char *sched,
                       long long stop, char why[HN_DEBUGGER_WHY])
{
    char load[128], tell[80] = "echo";
    int fd = script(), err = fd < 0  ? fd
                             : sched ? ask_for_file(sched, stop)
                                     : ask_for(token, stop);
    char *argv[] = {"gdb",        "-q",
                    "-ex",        load,
                    "-ex",        "set breakpoint pending on",
                    "-ex",        "set startup-with-shell off",
                    "-ex",        "break go_control_reached",
                    "-ex",        tell,
                    "-ex",        "run",
                    "-ex",        "reached",
                    (char *)exec, NULL};

    snprintf(load, sizeof(load),
             "python exec(open('/proc/self/fd/%d').read(), globals())", fd);
    if (stop >= 0)
        snprintf(tell, sizeof(tell),
                 "echo stops at choice %lld, which decides\\n", stop);
    if (err == 0) {
        signal(SIGPIPE, SIG_DFL);
        signal(SIGXFSZ, SIG_DFL);
        execvp(argv[0], argv);
        err = -errno;
        signal(SIGPIPE, SIG_IGN);
        signal(SIGXFSZ, SIG_IGN);
    }
    if (fd >= 0)
        close(fd);
    if (err == -ENOENT)
        snprintf(why, HN_DEBUGGER_WHY,
                 "--gdb wants gdb, and there is none (Debian's package gdb)");
    else
        snprintf(why, HN_DEBUGGER_WHY, "gdb cannot be started: %s",
                 strerror(-err));
    return err;
}
