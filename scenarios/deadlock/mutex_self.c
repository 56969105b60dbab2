/*
 * mutex_self - a goroutine locks what it already holds.
 *
 * Pattern: a locked method calls another locked method. Expected: DEADLOCK, a
 * ring of one. Origin: the first thing that newcomers to Go's Mutex meet.
 */
#include <vigil/scenario.h>

struct account {
    struct go_mutex mu;
    int balance;
};

static int balance(struct account *a)
{
    go_mutex_lock(&a->mu);
    int b = a->balance;
    go_mutex_unlock(&a->mu);
    return b;
}

static void deposit(struct account *a, int sum)
{
    go_mutex_lock(&a->mu);
    a->balance = balance(a) + sum; /* locks again: never returns */
    go_mutex_unlock(&a->mu);
}

SCENARIO(mutex_self, .about = "a locked method calls a locked method",
         .expect = EXPECT_DEADLOCK)
{
    struct account a = {0};

    deposit(&a, 10);
}
