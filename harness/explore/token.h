/*
 * token.h - a schedule as one word that a person can keep, read and edit.
 *
 *     gx1:SCENARIO:HASH:CHOICE,CHOICE,...
 *
 * HASH, four hex digits, is of the operations that the whole schedule takes:
 * it tells a schedule that still happens from one that has become another.
 * "-" or "*" in its place: not compared. A deviation is
 *
 *     @4=c        choice 4 is taken by task c
 *     @4=cs1      by case 1 of its select (or it wakes the waiter 1)
 *     @4=cs1pd    and meets task d there; @4=cpds2: which is in its case 2
 *     @4=r3       the number drawn there is 3
 *     @4=t        a timer fires although others could go on
 *
 * The first may be u3 instead: what is counted as a choice from the beginning
 * on, the sum of enum go_more; nothing is u0.
 *
 * Tasks are spelled as go_task_path spells them; choices count from 0.
 */
#ifndef HN_EXPLORE_TOKEN_H
#define HN_EXPLORE_TOKEN_H

#include "harness/explore/schedule.h"

enum {
    HN_TOKEN_WHY = 256,
    HN_TOKEN_STEP = 256, /* of a step's part of it */
    /* Bytes of one argument, at the most: the kernel takes 128 KiB of each, and
       a plan adds some words to it. */
    HN_TOKEN_ARGUMENT = 127 << 10,
};

struct hn_token {
    char *scenario; /* its name, of any length */
    bool hashed;
    uint16_t hash;
    struct hn_schedule schedule;
};

/* Begins as a token does. */
bool hn_token_is(const char *text);
/* What is written of a token's choices, into somebody's memory. */
struct hn_token_body {
    char *to; /* NUL terminated, */
    size_t cap, len;
    uint32_t n; /* choices, also those that did not fit */
};
/* Nothing but the beginning; to and cap are set. */
void hn_token_begin(struct hn_token_body *b, uint32_t more);
/* What stands behind '=' for a task's step, in to[0..n). */
void hn_token_step(char *to, size_t n, const struct hn_deviation *d);
/* Adds one deviation; false: it does not fit, and was not added. */
bool hn_token_add(struct hn_token_body *b, const struct hn_deviation *d);
/* malloc'd; NULL: no memory. body: as hn_token_begin and _add write it. */
char *hn_token_make(const char *scenario, uint16_t hash, bool hashed,
                    const char *body);
/* What plays it, for a person; malloc'd, NULL: no memory. command: what a token
   is added to. One that is too long for that is told without it. */
char *hn_token_command(const char *command, const char *token);
/* It may be too long to be an argument of a program. */
bool hn_token_is_long(const char *token);
/* 0, or -EINVAL with a line in why that names what is wrong, -ENOMEM; then there
   is nothing to be freed. */
int hn_token_read(const char *text, struct hn_token *to,
                  char why[HN_TOKEN_WHY]);
void hn_token_free(struct hn_token *t);

#endif
