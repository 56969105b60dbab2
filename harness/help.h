/*
 * help.h - what --help says: of all commands, or of one.
 */
#ifndef HN_HELP_H
#define HN_HELP_H

#include <stdio.h>

#include "harness/options.h"

/*
 * Prints it. name: the program's; own: its own scenarios are meant. Of one
 * command: what that takes, and no more.
 */
void hn_help(FILE *to, const char *name, bool own);
void hn_help_command(FILE *to, const char *name, bool own,
                     enum hn_command command);

#endif
