/*
 * cond_lost_signal - the signal comes before the wait.
 *
 * Pattern: a condition variable used as if it remembered. Expected: DEADLOCK.
 * Origin: classic.
 */
#include <vigil/scenario.h>

static struct go_mutex mu;
static struct go_cond ready;

static void prepare(void)
{
    go_cond_signal(&ready); /* nobody waits yet: lost */
}

SCENARIO(cond_lost_signal, .about = "signalled before the wait, no predicate",
         .expect = EXPECT_DEADLOCK)
{
    go(prepare);
    go_sleep(GO_MILLISECOND);
    go_mutex_lock(&mu);
    go_cond_wait(&ready, &mu);
    go_mutex_unlock(&mu);
}

SCENARIO(cond_lost_signal_unlucky, .about = "may be signalled before the wait",
         .expect = EXPECT_DEADLOCK, .explore = true)
{
    go(prepare);
    go_mutex_lock(&mu);
    go_cond_wait(&ready, &mu);
    go_mutex_unlock(&mu);
}
