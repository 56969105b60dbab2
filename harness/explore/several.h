/*
 * several.h - all failures that an exploration found, where it was to find
 * all: each shown as one alone would be, and a list of them.
 */
#ifndef HN_EXPLORE_SEVERAL_H
#define HN_EXPLORE_SEVERAL_H

#include "harness/explore/explain.h"
#include "harness/explore/plan.h"

struct hn_several;

/*
 * Runs all but the first, each in a process of its own, and tells them to the
 * harness (the key "failures"). Their text follows at the end, behind that of
 * the first, whose run comes between. NULL: no memory.
 */
struct hn_several *hn_several_begin(const struct go_run *run,
                                    const struct hn_plan *plan,
                                    const char *command,
                                    const struct hn_explored *x);
/* Their text at once, for the first will crash. NULL: nothing. */
void hn_several_tell(struct hn_several *s, int fd);
/* run: after the first was shown. NULL: nothing. */
void hn_several_end(struct hn_several *s, const struct go_run *run);

#endif
