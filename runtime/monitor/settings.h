/*
 * settings.h - what the environment variable VIGIL asks of a run.
 *
 * VIGIL=name=value,name=value,...  Names, values, defaults:
 *
 *   procs   1..256                 workers; the machine's processors
 *   seed    1..2^64-1              of selects and stealing; drawn, and told
 *   clock   real|virtual           real
 *   stack   16k..1g                bytes of a goroutine's stack (k, m, g)
 *   leaks   off|report|error       what is left when main returns: nothing,
 *                                  a report, a report and exit status 3; off
 *   look    off|DURATION (>= 1ms)  how often to look while goroutines do not
 *                                  move; off, 100ms in scenarios
 *   order   off|report|error       locks that are taken in rings of orders:
 *                                  nothing, a hint, a hint and exit status 4;
 *                                  off, report in scenarios
 *   report  grouped|full           equal stacks once, or each goroutine by
 *                                  itself; grouped from 64 goroutines on
 *
 *   replay  TOKEN|FILE             a schedule (vigil/control.h) that go_main
 *                                  follows; its commas are followed by @
 *   stop    CHOICE                 of the token, where a debugger stops
 *
 * A duration is a number and ns, us, ms, s, m or h: 250ms, 5s. A wrong name
 * or value is one line on standard error, and exit status 64 (of a scenario
 * program and of vigil 2, as for all wrong use), before anything runs.
 */
#ifndef MON_SETTINGS_H
#define MON_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mon_level {
    MON_OFF,
    MON_REPORT,
    MON_ERROR
};
enum mon_clock {
    MON_CLOCK_DEFAULT,
    MON_CLOCK_REAL,
    MON_CLOCK_VIRTUAL
};

struct mon_settings {
    int procs; /* 0: not said */
    bool seed_given;
    uint64_t seed;
    enum mon_clock clock;
    size_t stack; /* 0: the default */
    enum mon_level leaks;
    bool order_given;
    enum mon_level order;
    int64_t look; /* ns; 0: off; -1: not said */
    bool report_full;
    const char *replay; /* not terminated; NULL: not said */
    size_t replay_n;
    uint32_t stop; /* UINT32_MAX: not said */
};

#define MON_SETTINGS_DEFAULT                                                   \
    ((struct mon_settings){.look = -1, .stop = UINT32_MAX})

/*
 * Reads text (NULL or "": nothing asked for) into *to, which holds the
 * defaults; text must stay. False: *to is not to be used, and why says in one
 * line of at most n bytes what is wrong and what would be right.
 */
bool mon_settings_parse(const char *text, struct mon_settings *to, char *why,
                        size_t n);
/* The same from the environment; when false the line is on standard error. */
bool mon_settings_from_environment(struct mon_settings *to);

#endif
