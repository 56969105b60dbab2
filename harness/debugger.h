/*
 * debugger.h - a schedule within gdb.
 */
#ifndef HN_DEBUGGER_H
#define HN_DEBUGGER_H

enum {
    HN_DEBUGGER_WHY = 256
};

/*
 * Becomes gdb on the scenario program at exec, which stops at the last choice
 * of the token. Returns only when that can not be: -errno, with a line in why.
 */
int hn_debugger_become(const char *exec, const char *token,
                       char why[HN_DEBUGGER_WHY]);

#endif
