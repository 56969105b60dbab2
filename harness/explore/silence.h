/*
 * silence.h - for how long an execution waits for what comes from outside.
 */
#ifndef HN_EXPLORE_SILENCE_H
#define HN_EXPLORE_SILENCE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    HN_SILENCE_SHORT = 100 /* ms of real time, where it has not come before */
};

/* An exploration begins: what is learnt is shared with all processes that are
   forked from here on; and ends. Without, all of GO_SILENCE is waited for. */
void hn_silence_begin(void);
void hn_silence_end(void);

/* What was learnt is this process's own from here on: who runs in it shares no
   memory with others. */
void hn_silence_alone(void);
/* In this process executions are searched; in others they are explained. */
void hn_silence_searches(void);
/* Executions follow: none before goes on. */
void hn_silence_anew(void);
/* struct go_control's silent. */
bool hn_silence(void *arg, int64_t ns);
/* The last that was cut off had waited for HN_SILENCE_SHORT only. */
bool hn_silence_was_short(void);

#endif
