/*
 * cockroach_16167 - reads its configuration twice, and a writer comes between.
 *
 * An executor takes the read lock of its system configuration (as the locker
 * of a condition, which is why nobody noticed), and some calls deeper takes
 * it again to prepare a plan. An updater that asks for the write lock in
 * between holds up new readers, the executor's second read lock among them,
 * and itself waits for the first. The fix: the inner function leaves the lock
 * to its caller.
 *
 * Class: resource. Expected: DEADLOCK, of main and the updater.
 */
#include <vigil/scenario.h>

static struct go_rwmutex config;

static void updater(void)
{
    go_rwmutex_lock(&config);
    go_rwmutex_unlock(&config);
}

static void make_plan(void)
{
    go_rwmutex_rlock(&config); /* the bug: the caller has it already */
    go_rwmutex_runlock(&config);
}

static void make_plan_fixed(void)
{
    /* reads what the caller has locked */
}

static void execute(void (*plan)(void))
{
    go(updater);
    go_rwmutex_rlock(&config);
    plan();
    go_rwmutex_runlock(&config);
}

SCENARIO(cockroach_16167, .about = "a nested read lock, a writer between",
         .expect = EXPECT_DEADLOCK, .explore = true,
         .origin = "GoKer cockroach_16167", .class = "resource")
{
    execute(make_plan);
}

SCENARIO(cockroach_16167_fixed, .about = "one read lock, taken by the caller",
         .explore = true, .origin = "GoKer cockroach_16167",
         .class = "resource")
{
    execute(make_plan_fixed);
}
