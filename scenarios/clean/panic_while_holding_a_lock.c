/*
 * panic_while_holding_a_lock - the twin: a deferred unlock runs on a panic.
 *
 * Expected: CLEAN.
 */
#include <string.h>
#include "scenarios/check.h"

static struct go_mutex mu;

static void update(void)
{
    go_mutex_lock(&mu);
    go_defer(go_mutex_unlock, &mu);
    go_panic("bad input");
}

static void careful(void)
{
    char *message = go_try(update);

    CHECK(message && strcmp(message, "bad input") == 0);
    free(message);
}

SCENARIO(panic_while_holding_a_lock, .about = "a deferred unlock runs")
{
    struct go_waitgroup wg = {0};

    go_waitgroup_go(&wg, careful);
    go_waitgroup_wait(&wg);
    go_mutex_lock(&mu);
    go_mutex_unlock(&mu);
}
