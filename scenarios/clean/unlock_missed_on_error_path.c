/*
 * unlock_missed_on_error_path - the twin: the unlock is deferred.
 *
 * Pattern: go_defer right after the lock serves every way out. Expected:
 * CLEAN.
 */
#include "scenarios/check.h"

struct store {
    struct go_mutex mu;
    int value;
};

static int put(struct store *s, int value)
{
    go_mutex_lock(&s->mu);
    go_defer(go_mutex_unlock, &s->mu);
    if (value < 0)
        return -EINVAL;
    s->value = value;
    return 0;
}

SCENARIO(unlock_missed_on_error_path, .about = "deferred unlock")
{
    struct store s = {0};

    CHECK_EQ(put(&s, -1), -EINVAL);
    CHECK_EQ(put(&s, 1), 0);
    CHECK(go_mutex_trylock(&s.mu));
    go_mutex_unlock(&s.mu);
}
