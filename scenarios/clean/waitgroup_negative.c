/*
 * waitgroup_negative - the twin: as often down as up; then used again.
 *
 * Expected: CLEAN.
 */
#include <vigil/scenario.h>

SCENARIO(waitgroup_negative, .about = "as many Done as Add")
{
    struct go_waitgroup wg = {0};

    for (int round = 0; round < 2; round++) {
        go_waitgroup_add(&wg, 2);
        go_waitgroup_done(&wg);
        go_waitgroup_done(&wg);
        go_waitgroup_wait(&wg);
    }
}
