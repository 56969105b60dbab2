/*
 * option_table.h - the options there are: names, values, help.
 */
#ifndef HN_OPTION_TABLE_H
#define HN_OPTION_TABLE_H

#include <argp.h>

/* Of options that have no letter. */
enum hn_option_key {
    HN_KEY_FILTER = 256,
    HN_KEY_PROCS,
    HN_KEY_TIMEOUT,
    HN_KEY_REPEAT,
    HN_KEY_SEED,
    HN_KEY_STRICT,
    HN_KEY_FORMAT,
    HN_KEY_COLOR,
    HN_KEY_MEMORY,
    HN_KEY_JSON,
    HN_KEY_BASELINE,
    HN_KEY_STRATEGY,
    HN_KEY_SCHEDULES,
    HN_KEY_SEEDS,
    HN_KEY_TIME,
    HN_KEY_ALL,
    HN_KEY_FIFO,
    HN_KEY_ISOLATE,
    HN_KEY_RACES,
    HN_KEY_SAVE,
    HN_KEY_PREFIX,
    HN_KEY_LOOSE,
    HN_KEY_GDB,
    HN_KEY_VERSION
};

enum {
    HN_OPTIONS_MAX = 48 /* that the table has room for */
};

/* For argp; the last has no name. */
extern const struct argp_option hn_option_table[HN_OPTIONS_MAX];

/* Where in the table key is: the end's place when it is no option. */
int hn_option_at(int key);

/* Its long name; NULL when it is no option. */
const char *hn_option_name(int key);

/* What a right value looks like, for the line that says a value is wrong. */
const char *hn_option_right(int key);

#endif
