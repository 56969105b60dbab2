/*
 * belongs.h - which options go with which command, and with which others.
 */
#ifndef HN_BELONGS_H
#define HN_BELONGS_H

#include "harness/option_table.h"
#include "harness/options.h"

enum {
    HN_BELONGS_WHY = 192
};

/* Whether the command has a use for --option, by itself or with another one. */
bool hn_belongs_to(enum hn_command command, const char *option);

/*
 * Whether the options go together. given: at an option's place in the table
 * its value, "" for one without, NULL when it is not there. Else why: one line
 * that says what does not, and what would.
 */
bool hn_belongs(const struct hn_options *o,
                const char *const given[HN_OPTIONS_MAX],
                char why[HN_BELONGS_WHY]);

#endif
