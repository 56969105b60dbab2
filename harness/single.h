/*
 * single.h - the commands that are of one run of one scenario.
 */
#ifndef HN_SINGLE_H
#define HN_SINGLE_H

#include "harness/options.h"
#include "harness/suite.h"

/* Draws it; whether it is as expected is not asked. */
enum hn_exit hn_graph(struct hn_options *o, const struct hn_suite *suite);

/* By a token, or by the file that has one; in gdb, if asked for. suite: what
   was given, and then the one that is played. */
enum hn_exit hn_replay(struct hn_options *o, struct hn_suite *suite);

#endif
