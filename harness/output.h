/*
 * output.h - where a command's results go, and what it says when it can not.
 */
#ifndef HN_OUTPUT_H
#define HN_OUTPUT_H

#include <stdio.h>

#include "harness/options.h"

/* One line on standard error; returns status. */
__attribute__((format(printf, 3, 4))) enum hn_exit
hn_complain(const struct hn_options *o, enum hn_exit status, const char *fmt,
            ...);

/* --output, or standard output. Before anything runs: one that can not be
   opened costs no time. NULL, and that is told: status HN_EXIT_FAILED. */
FILE *hn_output_open(const struct hn_options *o);
/* status, or HN_EXIT_FAILED, and that is told, when not all of it is written. */
enum hn_exit hn_output_close(const struct hn_options *o, FILE *out,
                             enum hn_exit status);

/* Ends as who was interrupted does: what is written so far, and by that signal.
   sig 0: nobody was, and it returns. */
void hn_output_interrupted(FILE *out, int sig);

#endif
