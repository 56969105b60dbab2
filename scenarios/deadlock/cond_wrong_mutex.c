/*
 * cond_wrong_mutex - flag under one mutex, wait under another.
 *
 * Pattern: between the look at the flag and the wait there is a gap, and the
 * signal falls into it. Expected: DEADLOCK; the sleep holds the gap open.
 * Origin: classic.
 */
#include <vigil/scenario.h>

static struct go_mutex state_mu, wait_mu;
static struct go_cond changed;
static bool done;

static void finish(void)
{
    go_mutex_lock(&state_mu);
    done = true;
    go_cond_signal(&changed);
    go_mutex_unlock(&state_mu);
}

static bool is_done(void)
{
    go_mutex_lock(&state_mu);
    bool d = done;
    go_mutex_unlock(&state_mu);
    return d;
}

SCENARIO(cond_wrong_mutex, .about = "flag and wait under different mutexes",
         .expect = EXPECT_DEADLOCK)
{
    go_mutex_lock(&wait_mu);
    while (!is_done()) {
        go(finish);
        go_sleep(GO_MILLISECOND); /* the gap */
        go_cond_wait(&changed, &wait_mu);
    }
    go_mutex_unlock(&wait_mu);
}
