/*
 * process.h - one child process with all that it may start, from birth to the
 * last of its descendants.
 */
#ifndef HN_PROCESS_H
#define HN_PROCESS_H

#include <stdbool.h>
#include <signal.h>
#include <sys/types.h>

/* What comes back from a child, each over its own pipe. */
enum hn_channel {
    HN_FROM_OUTPUT, /* its standard output and standard error, as they came */
    HN_FROM_REPORT, /* JSON, a line each: descriptor 3 of the child */
    HN_FROM_TEXT,   /* the report as text: 4 */
    HN_FROM_GRAPH,  /* DOT: 5 */
    HN_FROM_TRACE,  /* the choices of a controlled run, a line each: 6 */
    HN_FROM_COUNT
};

struct hn_process {
    pid_t pid;               /* also its process group; 0: none */
    int pidfd;               /* readable when it has ended */
    int from[HN_FROM_COUNT]; /* our ends, non-blocking; -1: closed */
    int interrupt;           /* what hn_process_interrupt closes; -1: it has */
};
/* The child's descriptor that it reads the end of, then. */
enum {
    HN_INTERRUPT_FD = 2 + HN_FROM_COUNT
};

/* How a child ended. */
struct hn_ending {
    int code;   /* exit status, -1: by a signal */
    int signal; /* 0: none */
    bool dumped;
    int strays; /* processes of its that were still there, and were ended */
};

/*
 * Once before the first start: orphans of our children come to us from now
 * on; children that exist already are none of ours.
 */
void hn_process_setup(void);

/*
 * Starts argv[0] in a process group of its own, with an empty standard input.
 * 0 or -errno: -EMFILE, -EAGAIN and -ENOMEM may pass when others have ended.
 */
int hn_process_start(char *const argv[], struct hn_process *p);

/* Says to the child that it is to come to its end; that it is, for its time is
   up; and whether it would hear it: else it has closed its descriptor. */
void hn_process_interrupt(struct hn_process *p);
void hn_process_late(struct hn_process *p);
bool hn_process_hears(const struct hn_process *p);
/* One signal to the child alone; to its whole group. */
void hn_process_signal(const struct hn_process *p, int sig);
void hn_process_kill(const struct hn_process *p);

/*
 * After pidfd became readable: ends the group and all strays, reaps. Pipes
 * stay open, for what is still in them.
 */
struct hn_ending hn_process_reap(struct hn_process *p);
void hn_process_close(struct hn_process *p); /* the pipes */

/* Bytes of memory resident in the child; 0 when it can not be told. */
unsigned long long hn_process_resident(const struct hn_process *p);

#endif
