/*
 * harness.h - the harness as a library.
 *
 * A scenario program needs none of this: linked with the harness it has a main
 * that lists and runs its scenarios. Here is what one calls who brings a main
 * of his own, or wants a verdict inside other tests.
 */
#ifndef VIGIL_HARNESS_H
#define VIGIL_HARNESS_H

#include <stdbool.h>
#include <stdint.h>
#include <vigil/call.h>

/*
 * All that the harness's main does: the command line of a program that holds
 * scenarios (list, run, ...), and the child side of their runs, for which it
 * must be the first thing that main calls. Returns the exit status.
 */
GO_API int vigil_main(int argc, char **argv);

/* The command line of vigil(1), which works on other programs. */
GO_API int vigil_command(int argc, char **argv);

/* How vigil_check runs; zero is ready. */
struct vigil_how {
    int procs;       /* 0: as the scenario says */
    int repeat;      /* 0: once */
    uint64_t seed;   /* 0: drawn */
    int64_t timeout; /* ns of real time, 0: as the scenario says */
    bool strict;     /* likely and undecided are not as expected */
};

/*
 * Runs what is behind path, as "vigil run PATH" does: 0 all as expected, 1
 * some not, else -errno. *report, unless NULL, gets the text that the command
 * would print, to be freed; also when there was an error. While it runs, the
 * process must start no children of its own.
 */
GO_API int vigil_check(const char *path, const struct vigil_how *how,
                       char **report);

#endif
