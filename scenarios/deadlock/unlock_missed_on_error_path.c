/*
 * unlock_missed_on_error_path - an early return keeps the lock.
 *
 * Pattern: the error path forgets what the good path does. Expected: DEADLOCK
 * at the next call, a ring of one with two sites. Origin: classic.
 */
#include <vigil/scenario.h>

struct store {
    struct go_mutex mu;
    int value;
};

static int put(struct store *s, int value)
{
    go_mutex_lock(&s->mu);
    if (value < 0)
        return -EINVAL; /* the bug */
    s->value = value;
    go_mutex_unlock(&s->mu);
    return 0;
}

SCENARIO(unlock_missed_on_error_path, .about = "early return keeps the lock",
         .expect = EXPECT_DEADLOCK)
{
    struct store s = {0};

    put(&s, -1);
    put(&s, 1);
}
