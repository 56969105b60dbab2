/*
 * program.h - what scenarios a program holds: it is asked.
 */
#ifndef HN_PROGRAM_H
#define HN_PROGRAM_H

#include "harness/suite.h"

/*
 * Adds the scenarios of a program that elfmark.h knows as one; name NULL: all
 * of them. 0, or -errno with one line in why.
 */
int hn_program_ask(struct hn_suite *suite, const char *program,
                   const char *name, char why[HN_SUITE_WHY]);

#endif
