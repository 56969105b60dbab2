/*
 * did.h - what a step does, in words and as plain data that other processes
 * can read: no numbers of tasks, no addresses.
 */
#ifndef HN_EXPLORE_DID_H
#define HN_EXPLORE_DID_H

#include <vigil/control.h>

enum {
    HN_DID_TEXT = 160,
    HN_DID_PATH = 40,
    HN_DID_FILE = 200,
    HN_DID_NAME = 40 /* of a variable */
};

struct hn_did {
    char task[HN_DID_PATH]; /* "clock" */
    uint64_t goroutine;     /* 0: the clock */
    enum go_op op;
    char text[HN_DID_TEXT]; /* as a table shows it */
    char file[HN_DID_FILE]; /* "": not known */
    int line;
    const void *pc;   /* all that is known of its place; NULL */
    uintptr_t object; /* hn_did_hidden, where that is all that is known of what
                           it is done to; 0 */
};

void hn_did_step(struct hn_did *to, const struct go_step *step);

/* What a call by function is done to, else 0: not as an address, for looks would
   take this for somebody who holds it. */
uintptr_t hn_did_hidden(const struct go_point *p, const struct go_site *site);
/* Its variable, as text; false: none is known. */
bool hn_did_variable(uintptr_t hidden, char name[HN_DID_NAME]);

/* With its place looked up, if there is only a pc, and the variable. It
   allocates. */
struct hn_did hn_did_placed(const struct hn_did *did);

/* The path of a task, in to[0..n); of one that is longer than that the beginning,
   and "...": there is no such task. */
void hn_did_task(uint32_t task, char *to, size_t n);
/* "lock &a abba.c:12", "select case 1 with c x.c:3". partner: GO_NOWHERE. */
void hn_did_text(enum go_op op, int32_t which, uint32_t partner,
                 const struct go_site *site, char *to, size_t n);
/* Its name without the folders. */
const char *hn_did_file(const char *path);
/* Of a step of the clock; site: where the timer was armed, NULL. */
void hn_did_clock(const struct go_site *site, char *to, size_t n);

#endif
