/* words.h - the words for what a snapshot and a certificate hold as numbers. */
#ifndef MON_WORDS_H
#define MON_WORDS_H

#include "runtime/monitor/finding.h"

const char *mon_kind_text(enum go_kind kind); /* "mutex", "wait group" */
const char *mon_state_text(enum go_state state);
const char *mon_want_text(enum go_want want);  /* what is missing: "send" */
const char *mon_did_text(enum go_did did);     /* "sent", "received" */
const char *mon_role_text(enum mon_role role); /* "holds", "member" */
const char *mon_rest_text(enum mon_rest rest); /* "nobody", "unknown" */

#endif
