/*
 * replay.h - go_main by a token, which somebody else reads.
 */
#ifndef MON_REPLAY_H
#define MON_REPLAY_H

#include <vigil/control.h>

#include "runtime/monitor/settings.h"

/*
 * What drives the run, in *control: NULL when VIGIL asks for no token. False:
 * it can not be followed; a line on standard error has said why.
 */
bool mon_replay_begin(const struct mon_settings *s,
                      const struct go_control **control);
/* After the run: false when it was not what the token says; likewise. */
bool mon_replay_end(const struct mon_settings *s);

#endif
