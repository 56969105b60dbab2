/*
 * debugger.h - a schedule within gdb.
 */
#ifndef HN_DEBUGGER_H
#define HN_DEBUGGER_H

enum {
    HN_DEBUGGER_WHY = 256
};

/*
 * Becomes gdb on the scenario program at exec, which stops at a choice of the
 * token, or of the file that it is from (sched; NULL: none); stop: which,
 * negative: its last. Returns only when that can not be: -errno, with a line in
 * why.
 */
int hn_debugger_become(const char *exec, const char *token, const char *sched,
                       long long stop, char why[HN_DEBUGGER_WHY]);

#endif
