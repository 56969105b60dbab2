/*
 * dump.h - reports while the program runs: on SIGQUIT (the full report, then
 * exit 2), on SIGUSR1 (the full report, and on), when a leak is proven; and
 * what can still be said when the runtime itself has failed.
 *
 * The signals are taken only where nobody else has: a program's own handler
 * stays, and an ignored SIGUSR1.
 */
#ifndef MON_DUMP_H
#define MON_DUMP_H

struct mon_look;

/* Installs, gives back the signal handlers and the fatal hook. */
void mon_dump_open(void);
void mon_dump_close(void);
/* From the tick hook: does what a signal has asked for since. */
void mon_dump_serve(void);
/* Writes a look as text; first: its first line, NULL for none. */
void mon_dump_report(struct mon_look *look, const char *first);

#endif
