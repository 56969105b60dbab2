/* lock_test.c - the runtime's own lock, and the order it is taken in. */
#include "runtime/base/lock.h"

#include <criterion/criterion.h>
#include <pthread.h>

enum {
    THREADS = 4,
    ROUNDS = 20000
};

static uint32_t lock;
static long count;

static void *add(void *arg)
{
    (void)arg;
    for (int i = 0; i < ROUNDS; i++) {
        rt_lock_always(&lock, RT_RANK_NAME);
        count++;
        rt_unlock_always(&lock);
    }
    return NULL;
}

Test(lock, one_thread_at_a_time)
{
    pthread_t t[THREADS];

    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&t[i], NULL, add, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(t[i], NULL);
    cr_assert_eq(count, THREADS * ROUNDS);
    cr_assert_eq(lock, 0);
}

Test(lock, try_does_not_wait)
{
    cr_assert(rt_trylock_always(&lock, RT_RANK_NAME));
    cr_assert_not(rt_trylock_always(&lock, RT_RANK_NAME));
    rt_unlock_always(&lock);
    cr_assert_eq(lock, 0);
}

Test(lock, is_skipped_in_a_solo_run)
{
    rt_solo = true;
    rt_lock(&lock, RT_RANK_NAME);
    cr_assert_eq(lock, 0);
    rt_unlock(&lock);
    rt_solo = false;
    rt_lock(&lock, RT_RANK_NAME);
    cr_assert_eq(lock, 1);
    rt_unlock(&lock);
    cr_assert_eq(lock, 0);
}

#ifdef VIGIL_DEBUG
Test(lock, out_of_order_throws, .exit_code = RT_EXIT_INTERNAL)
{
    uint32_t other = 0;

    rt_lock_always(&lock, RT_RANK_SCHED);
    rt_lock_always(&other, RT_RANK_OBJECT);
}

Test(lock, giving_back_what_is_not_held_throws, .exit_code = RT_EXIT_INTERNAL)
{
    rt_unlock_always(&lock);
}
#endif
