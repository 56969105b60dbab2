/*
 * cond_lost_signal - the twin: a flag remembers what the condition does not.
 *
 * Expected: CLEAN.
 */
#include "scenarios/check.h"

static struct go_mutex mu;
static struct go_cond ready;
static bool is_ready;

static void prepare(void)
{
    go_mutex_lock(&mu);
    is_ready = true;
    go_cond_signal(&ready);
    go_mutex_unlock(&mu);
}

SCENARIO(cond_lost_signal, .about = "the wait looks at a flag first")
{
    go(prepare);
    go_sleep(GO_MILLISECOND);
    go_mutex_lock(&mu);
    while (!is_ready)
        go_cond_wait(&ready, &mu);
    go_mutex_unlock(&mu);
    CHECK(is_ready);
}

SCENARIO(cond_lost_signal_unlucky, .about = "looks at a flag, whoever is first",
         .explore = true)
{
    go(prepare);
    go_mutex_lock(&mu);
    while (!is_ready)
        go_cond_wait(&ready, &mu);
    go_mutex_unlock(&mu);
}
