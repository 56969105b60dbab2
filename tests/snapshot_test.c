/* snapshot_test.c - what a snapshot says of goroutines set up for it. */
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "runtime/sched/sanitize.h"
#include "tests/shot.h"

static struct go_mutex mutex;
static struct go_rwmutex rw;

static __attribute__((noinline)) void receiver(chan(int) c)
{
    go_name("the receiver");
    chan_recv(c);
}

INSIDE_TEST(snapshot, parked_receiver_with_reason_object_and_creator)
{
    chan(int) c = chan_make(int, 3);

    go(receiver, c);
    let_all_park();
    take(false);
    CHECK_EQ(shot.in.ngoroutine, 2);
    CHECK_EQ(by_id(2)->state, GO_STATE_WAITING);
    CHECK_EQ(by_id(2)->reason, GO_WAIT_CHAN_RECV);
    CHECK(strcmp(by_id(2)->name, "the receiver") == 0);
    CHECK_EQ(by_id(2)->created_by, 1);
    CHECK(strcmp(by_id(2)->site->func, "receiver") == 0);
    CHECK_EQ(waited(2)->kind, GO_KIND_CHAN);
    CHECK_EQ(waited(2)->cap, 3);
    CHECK_EQ(by_id(1)->state, GO_STATE_RUNNING);
    mon_snapshot_free(&shot);
    chan_close(c);
}

INSIDE_TEST(snapshot, who_waits_yet_is_known_when_the_world_has_gone_on)
{
    chan(int) c = chan_make(int, 0);

    go(receiver, c);
    let_all_park();
    take(false);
    CHECK(mon_snapshot_waits_yet(&shot, 1));
    chan_send(c, 1);
    CHECK(!mon_snapshot_waits_yet(&shot, 1)); /* is runnable */
    let_all_park();
    CHECK(!mon_snapshot_waits_yet(&shot, 1)); /* has ended */
    go(receiver, c);
    let_all_park();
    CHECK(!mon_snapshot_waits_yet(&shot, 1)); /* is another in its place */
    mon_snapshot_free(&shot);
    chan_close(c);
}

static void never(void)
{
    go_select();
}

static void locker(void)
{
    go_mutex_lock(&mutex);
    go_mutex_unlock(&mutex);
}

INSIDE_TEST(snapshot, owner_and_waiter_of_a_mutex)
{
    const struct go_inspect_goroutine *main;

    go_mutex_lock(&mutex);
    go(locker);
    let_all_park();
    take(false);
    main = by_id(1);
    CHECK_EQ(main->nhold, 1);
    CHECK_EQ(shot.in.holds[main->hold].object,
             shot.in.waits[by_id(2)->wait].object);
    CHECK(waited(2)->exact);
    CHECK(strcmp(waited(2)->name, "&mutex") == 0);
    mon_snapshot_free(&shot);
    go_mutex_unlock(&mutex);
}

INSIDE_TEST(snapshot, of_main_that_has_returned_nothing_is_told)
{
    const struct mon_moment moment = {.main_ended = true};

    go(never);
    let_all_park();
    rt_world_stop(NULL);
    CHECK_EQ(mon_snapshot_take(&shot, &moment), 0);
    rt_world_start();
    CHECK(shot.in.main_ended && !shot.in.main_exited);
    CHECK_EQ(shot.in.ngoroutine, 1);
    CHECK_EQ(shot.in.goroutines[0].id, 2);
    mon_snapshot_free(&shot);
    take(false);
    CHECK(!shot.in.main_ended);
    mon_snapshot_free(&shot);
}

static uint32_t thread_is; /* [atomic] */

/* No goroutine, and it holds the lock while thread_is 1. */
static void *holds(void *arg)
{
    go_mutex_lock(arg);
    __atomic_store_n(&thread_is, 1, __ATOMIC_RELEASE);
    while (__atomic_load_n(&thread_is, __ATOMIC_ACQUIRE) == 1)
        sched_yield();
    go_mutex_unlock(arg);
    return NULL;
}

INSIDE_TEST(snapshot, a_thread_that_is_no_goroutine_owns_what_it_has_locked)
{
    const struct go_inspect_goroutine *of = NULL;
    pthread_t thread;

    CHECK_EQ(pthread_create(&thread, NULL, holds, &mutex), 0);
    while (!__atomic_load_n(&thread_is, __ATOMIC_ACQUIRE))
        sched_yield();
    go(locker);
    let_all_park();
    take(false);
    for (uint32_t i = 0; i < shot.in.ngoroutine; i++)
        if (shot.in.goroutines[i].state == GO_STATE_FOREIGN)
            of = &shot.in.goroutines[i];
    CHECK(of && of->nhold == 1);
    CHECK_EQ(shot.in.holds[of->hold].object,
             shot.in.waits[by_id(2)->wait].object);
    mon_snapshot_free(&shot);
    __atomic_store_n(&thread_is, 2, __ATOMIC_RELEASE);
    pthread_join(thread, NULL);
}

static void writer(void)
{
    go_rwmutex_lock(&rw);
    go_rwmutex_unlock(&rw);
}

INSIDE_TEST(snapshot, pending_writer_holds_the_slot)
{
    go_rwmutex_rlock(&rw);
    go(writer);
    let_all_park();
    take(false);
    CHECK_EQ(by_id(2)->nhold, 1);
    CHECK(shot.in.holds[by_id(2)->hold].pending);
    CHECK(!shot.in.holds[by_id(1)->hold].pending);
    CHECK(shot.in.holds[by_id(1)->hold].shared);
    mon_snapshot_free(&shot);
    go_rwmutex_runlock(&rw);
}

static void hears(struct go_context *ctx)
{
    chan_recv(go_context_done(ctx));
}

INSIDE_TEST(snapshot, a_deadline_is_armed_for_all_below_and_calls_nothing)
{
    struct go_context *above =
        go_context_with_timeout(go_context_background(), GO_HOUR);
    struct go_context *other = go_context_with_cancel(go_context_background());

    go(hears, other);
    let_all_park();
    go(hears, go_context_with_cancel(above));
    let_all_park();
    take(false);
    CHECK_EQ(shot.in.ntimer, 1);
    CHECK(!shot.in.timers[0].calls && shot.in.timers[0].object == GO_NOWHERE);
    CHECK(!waited(2)->armed && waited(3)->armed);
    mon_snapshot_free(&shot);
    go_after_func(GO_HOUR, hears, above);
    take(false);
    CHECK(shot.in.timers[0].calls + shot.in.timers[1].calls == 1);
    mon_snapshot_free(&shot);
}

/* The later one, above, is met first: by its place among the armed ones. */
INSIDE_TEST(snapshot, armed_until_is_the_first_deadline_of_all_above)
{
    struct go_context *above, *below;

    go_after(GO_HOUR);
    above = go_context_with_timeout(go_context_background(), 3 * GO_HOUR);
    below = go_context_with_timeout(above, 2 * GO_HOUR);
    go(hears, go_context_with_cancel(below));
    let_all_park();
    take(false);
    CHECK_EQ(shot.in.ntimer, 3);
    CHECK_EQ(shot.in.timers[1].when, 3 * GO_HOUR);
    CHECK(waited(2)->armed);
    CHECK_EQ(waited(2)->armed_until, 2 * GO_HOUR);
    CHECK(!shot.in.elsewhere);
    mon_snapshot_free(&shot);
    go_known_elsewhere(above);
    take(false);
    CHECK(shot.in.elsewhere);
    mon_snapshot_free(&shot);
    go_not_known_elsewhere(above);
}

INSIDE_TEST(snapshot,
            a_limit_that_there_is_no_memory_to_note_is_not_passed_over)
{
    static char room[512] __attribute__((aligned(16)));

    rt_arena_fixed(&shot.arena, room, sizeof(room));
    while (rt_arena_alloc(&shot.arena, 1))
        continue;
    CHECK(!shot.lacking);
    mon_snapshot_limit(&shot, 0, "a limit");
    CHECK(shot.lacking && !shot.in.nlimit);
    mon_snapshot_free(&shot);
}

/* A program that switches stacks by itself: the sanitizers want to be told. */
#if !defined(RT_ASAN) && !defined(RT_TSAN)
static ucontext_t here, there;
static void parks_there(void)
{
    go_sleep(GO_SECOND);
    setcontext(&here);
}

static void goes_there(void)
{
    static char stack[64 << 10];

    getcontext(&there);
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = sizeof(stack);
    makecontext(&there, parks_there, 0);
    swapcontext(&here, &there);
}

INSIDE_TEST(snapshot, who_is_on_a_stack_of_the_program_s_is_told_by_its_site)
{
    go(goes_there);
    let_all_park();
    take(true);
    CHECK_EQ(by_id(2)->npc, 0);
    CHECK(strcmp(by_id(2)->site->func, "parks_there") == 0);
    mon_snapshot_free(&shot);
    go_sleep(GO_MINUTE);
    CHECK_EQ(rt_g_count(), 1);
}
#endif

/* ---- what was freed while it was in use ------------------------------------ */

enum {
    PAGE = 4096
};

static void *page(void *at, int more)
{
    return mmap(at, PAGE, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | more, -1, 0);
}

static void locks_and_frees(void *at)
{
    go_mutex_lock(at);
    munmap(at, PAGE);
    take(false);
    CHECK_EQ(by_id(2)->nhold, 0);
    mon_snapshot_free(&shot);
}

INSIDE_TEST(snapshot, a_lock_that_was_unmapped_is_not_read)
{
    go(locks_and_frees, page(NULL, 0));
    let_all_park(); /* nor at its end */
    take(false);
    CHECK_EQ(shot.in.nabandoned, 0);
    mon_snapshot_free(&shot);
}

static void locks_for_ever(struct go_mutex *m)
{
    go_mutex_lock(m);
    go_select();
}

INSIDE_TEST(snapshot, who_held_the_lock_that_was_there_before_does_not_count)
{
    go_mutex_lock(&mutex);
    memset(&mutex, 0, sizeof(mutex)); /* freed, and the next one is made */
    go(locks_for_ever, &mutex);
    let_all_park();
    go(locker);
    let_all_park();
    take(false);
    CHECK_EQ(by_id(1)->nhold, 0);
    CHECK_EQ(by_id(2)->nhold, 1);
    CHECK(waited(3)->exact);
    mon_snapshot_free(&shot);
}

INSIDE_TEST(snapshot, a_lock_with_too_many_readers_is_not_exact)
{
    go_rwmutex_rlock(&rw);
    memset(&rw, 0, sizeof(rw));
    go_rwmutex_rlock(&rw);
    go(writer);
    let_all_park();
    take(false);
    CHECK(!waited(2)->exact);
    mon_snapshot_free(&shot);
}

static struct go_waitgroup group;
static void waits_for_group(void)
{
    go_waitgroup_wait(&group);
}

INSIDE_TEST(snapshot, a_group_with_too_many_members_is_not_exact)
{
    go_waitgroup_go(&group, never);
    let_all_park();
    take(false);
    CHECK_EQ(by_id(2)->member, GO_NOWHERE); /* nobody waits for it */
    mon_snapshot_free(&shot);
    memset(&group, 0, sizeof(group));
    go_waitgroup_go(&group, never);
    go(waits_for_group);
    let_all_park();
    take(false);
    CHECK_EQ(by_id(2)->member, by_id(3)->member);
    CHECK(!waited(4)->exact);
    mon_snapshot_free(&shot);
}

static void sleeper(void)
{
    go_sleep(GO_SECOND);
}

INSIDE_TEST(snapshot, sleeper_knows_when_it_wakes_and_its_timer)
{
    go_instant begun = go_now();

    go(sleeper);
    go_yield();
    take(false);
    CHECK_EQ(by_id(2)->reason, GO_WAIT_SLEEP);
    CHECK_EQ(by_id(2)->until, begun + GO_SECOND);
    CHECK_EQ(shot.in.ntimer, 1);
    CHECK_EQ(shot.in.timers[0].when, begun + GO_SECOND);
    CHECK(shot.in.goroutines[shot.in.timers[0].goroutine].id == 2);
    mon_snapshot_free(&shot);
}

static void wait_for(chan(go_instant) c)
{
    chan_recv(c);
}

INSIDE_TEST(snapshot, channel_of_an_armed_timer_is_armed)
{
    go(wait_for, go_after(GO_SECOND));
    go_yield();
    take(false);
    CHECK(waited(2)->timer && waited(2)->armed);
    mon_snapshot_free(&shot);
}

static void forgetful(void)
{
    go_mutex_lock(&mutex);
}

INSIDE_TEST(snapshot, lock_of_an_ended_goroutine_is_abandoned)
{
    go(forgetful);
    let_all_park();
    take(false);
    CHECK_EQ(shot.in.nabandoned, 1);
    CHECK_EQ(shot.in.abandoned[0].goroutine, 2);
    CHECK(strcmp(shot.in.abandoned[0].site->func, "forgetful") == 0);
    CHECK_EQ(shot.in.objects[shot.in.abandoned[0].object].kind, GO_KIND_MUTEX);
    CHECK_EQ(shot.in.nended, 1);
    CHECK_EQ(shot.in.ended[0].id, 2);
    mon_snapshot_free(&shot);
}

INSIDE_TEST(snapshot, nil_channel_wait_has_no_object)
{
    chan(int) none = NULL;

    go(receiver, none);
    let_all_park();
    take(false);
    CHECK_EQ(by_id(2)->nwait, 0);
    CHECK_EQ(by_id(2)->reason, GO_WAIT_CHAN_RECV_NIL);
    mon_snapshot_free(&shot);
}

static __attribute__((noinline)) void other_way(chan(int) c)
{
    receiver(c);
    __asm__ volatile("" ::: "memory");
}

INSIDE_TEST(snapshot, equal_stacks_share_their_frames_and_others_do_not)
{
    chan(int) c = chan_make(int, 0);

    for (int i = 0; i < 50; i++)
        go(receiver, c);
    go(other_way, c);
    let_all_park();
    take(true);
    CHECK_EQ(by_id(3)->pc, by_id(40)->pc);
    CHECK_EQ(by_id(3)->npc, by_id(40)->npc);
    CHECK(by_id(3)->npc > 2);
    CHECK(by_id(52)->pc != by_id(3)->pc);
    CHECK_EQ(by_id(52)->npc, by_id(3)->npc + 1);
    mon_snapshot_free(&shot);
    chan_close(c);
}

static void selector(chan(int) a, chan(int) b)
{
    go_select(GO_RECV(a, NULL), GO_SEND(b, 1), GO_RECV(a, NULL));
}

INSIDE_TEST(snapshot, select_waits_on_each_of_its_channels)
{
    chan(int) a = chan_make(int, 0);
    chan(int) b = chan_make(int, 0);
    const struct go_inspect_wait *w;

    go(selector, a, b);
    let_all_park();
    take(false);
    CHECK_EQ(by_id(2)->nwait, 3);
    w = &shot.in.waits[by_id(2)->wait];
    CHECK_EQ(w[0].want, GO_WANT_SEND);
    CHECK_EQ(w[1].want, GO_WANT_RECV);
    CHECK_EQ(w[2].object, w[0].object);
    CHECK(w[1].object != w[0].object);
    mon_snapshot_free(&shot);
    chan_close(a);
}
