/*
 * replay.c - go_main by a token.
 *
 * In:  VIGIL=replay=TOKEN, and who reads tokens. Out: a control for the run.
 *
 * Why a function pointer: schedules are the harness's business, which knows
 * the runtime; a program that is run without it has nobody who reads them.
 */
#include "runtime/monitor/replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    WHY = 512
};

static const struct go_replayer *replayer; /* [init] by constructors */

void go_replayer_set(const struct go_replayer *by)
{
    replayer = by;
}

char *go_settings_replay(uint32_t *stop)
{
    struct mon_settings s = MON_SETTINGS_DEFAULT;
    char why[WHY];

    if (!mon_settings_parse(getenv("VIGIL"), &s, why, sizeof(why)) || !s.replay)
        return NULL;
    if (stop)
        *stop = s.stop;
    return strndup(s.replay, s.replay_n);
}

bool mon_replay_begin(const struct mon_settings *s,
                      const struct go_control **control)
{
    char why[WHY] = "nobody here reads tokens: link with -lvigil-harness, or "
                    "preload libvigil-harness.so";
    char *token;

    *control = NULL;
    if (!s->replay)
        return true;
    token = strndup(s->replay, s->replay_n);
    if (replayer && token)
        *control = replayer->begin(token, s->stop, why, sizeof(why));
    free(token);
    if (!*control)
        dprintf(STDERR_FILENO, "VIGIL: replay=%.*s: %s\n", (int)s->replay_n,
                s->replay, why);
    return *control != NULL;
}

bool mon_replay_end(const struct mon_settings *s)
{
    char why[WHY];

    if (!s->replay || replayer->end(why, sizeof(why)))
        return true;
    dprintf(STDERR_FILENO, "VIGIL: replay=%.*s: %s\n", (int)s->replay_n,
            s->replay, why);
    return false;
}
