/*
 * crash.h - where a process was when a signal ended it, for who outlives it.
 *
 * Plain data, for memory that is shared with another process: a fork of the
 * same one reads it, symbols and all, with a heap that nobody has broken.
 */
#ifndef VIGIL_CRASH_H
#define VIGIL_CRASH_H

#include <stdbool.h>
#include <stddef.h>
#include <vigil/inspect.h>

enum {
    GO_CRASH_FRAMES = 48 /* what lies further out is not kept */
};

struct go_crash {
    int signal;          /* 0: none was caught */
    bool sent;           /* by abort, raise or kill: it is of no address */
    bool exited;         /* no signal, though it says SIGABRT: by exit, with */
    int status;          /* this */
    const void *address; /* of the fault */
    uint64_t goroutine;  /* whose; 0: of none */
    const struct go_site *created; /* of its go; NULL: main */
    uint64_t created_by;           /* goroutine, 0: main or a thread */
    uint32_t n;
    const void *pc[GO_CRASH_FRAMES]; /* innermost first, the first one exact */
};

/*
 * From here on, the first SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP or
 * SIGSYS that nobody else takes is written to *to, zeroed first, and goes on to
 * whoever took it before: by default the process ends. So is an exit of this
 * process. Before go_run; one at a time.
 */
GO_API void go_crash_catch(struct go_crash *to);
/* What exit says by itself, for who stands before _exit, which does not. */
GO_API void go_crash_exits(int status);
/* No longer. */
GO_API void go_crash_ignore(void);
/* What vigil can not do without and is not given (memory, a thread): fn is told
   before that is a panic, or ends the process; it may not return. NULL: nobody
   is. */
GO_API void go_crash_refused(void (*fn)(const char *what));

/* One frame, symbolised as far as it could be; strings live for ever. */
struct go_frame {
    const char *func, *file; /* NULL: not known */
    int line;                /* 0: not known */
    const char *module;      /* file of the program or library, NULL: none */
    uint64_t offset;         /* in the module */
    bool program;            /* neither vigil's nor the C library's */
};

/* Its stack, without the runtime's frames: how many of max. It allocates, and
   so do the two that follow. */
GO_API size_t go_crash_stack(const struct go_crash *crash, struct go_frame *to,
                             size_t max);
/* The innermost frame that is the program's; false: none is known. */
GO_API bool go_crash_place(const struct go_crash *crash, struct go_frame *to);
/* Its goroutine as a block of Go's, on a descriptor; nothing if none is
   known. */
GO_API void go_crash_print(const struct go_crash *crash, int fd);

#endif
