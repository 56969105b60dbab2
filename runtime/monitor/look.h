/*
 * look.h - one look at a run: a snapshot, what a scan of memory saw, and what
 * was found; taken at once, or in a copy of the process.
 *
 * All memory is the look's own. The strings live as long as the run.
 */
#ifndef MON_LOOK_H
#define MON_LOOK_H

#include <stdbool.h>

#include "runtime/monitor/finding.h"
#include "runtime/monitor/image.h"
#include "runtime/monitor/sight.h"
#include "runtime/monitor/snapshot.h"

struct mon_look {
    struct mon_snapshot snapshot;
    struct mon_sight sight;
    struct mon_findings findings;
    bool taken;       /* all of it is there, and nothing speaks against it */
    bool unfit;       /* made in a copy that has not all of the memory */
    uint32_t last_id; /* objects' numbers above were given in a copy */
};

/*
 * Only while the world is stopped; whoever it proves stuck is marked as such.
 * False: there is no memory. Free it in any case.
 */
bool mon_look_take(struct mon_look *look, const struct mon_moment *moment);
void mon_look_free(struct mon_look *look);

/*
 * The same in a copy of the process, which *image becomes; the world is
 * stopped, and may go on at once. False: there is no copy, and nothing has
 * happened. moment must not ask for stacks: that takes locks.
 */
bool mon_look_start(struct mon_image *image, const struct mon_moment *moment);
/*
 * What has become of it: NULL, *died: the copy did not come to its end; NULL:
 * it is not there yet. The look is the image's, gone when that is dropped;
 * who it proved and is seen to have moved since spoils it.
 */
struct mon_look *mon_look_collect(struct mon_image *image, bool *died);
/*
 * Before a look that was taken is told of: numbers that objects were given in a
 * copy become such as are given here, where later looks will find them.
 */
void mon_look_number(struct mon_look *look);

#endif
