/*
 * abba_one_goroutine - two orders, by one and the same goroutine.
 *
 * Pattern: an inversion that nobody can meet half-way. Expected: CLEAN, and
 * no lock-order hint. Has no twin.
 */
#include <vigil/scenario.h>

static void both(struct go_mutex *first, struct go_mutex *second)
{
    go_mutex_lock(first);
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
}

SCENARIO(abba_one_goroutine, .about = "two orders, one goroutine")
{
    struct go_mutex a = {0}, b = {0};

    both(&a, &b);
    both(&b, &a);
}
