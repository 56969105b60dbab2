/*
 * mutex_self - the twin: the inner function says that the lock is held.
 *
 * Pattern: balance_locked() for callers inside. Expected: CLEAN.
 */
#include "scenarios/check.h"

struct account {
    struct go_mutex mu;
    int balance;
};

static int balance_locked(const struct account *a)
{
    return a->balance;
}

static void deposit(struct account *a, int sum)
{
    go_mutex_lock(&a->mu);
    a->balance = balance_locked(a) + sum;
    go_mutex_unlock(&a->mu);
}

SCENARIO(mutex_self, .about = "the inner function does not lock")
{
    struct account a = {0};

    deposit(&a, 10);
    CHECK_EQ(a.balance, 10);
}
