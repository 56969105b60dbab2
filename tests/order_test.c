/*
 * order_test.c - which orders of locks are hints, and which are none: gates,
 * tries, readers, memory that is used again.
 */
#include "tests/ordered.h"

static void two_orders(void)
{
    go_waitgroup_go(&wg, both, &a, &b);
    go_waitgroup_go(&wg, later, both, &b, &a);
    go_waitgroup_wait(&wg);
}

Test(order, two_orders_that_did_not_meet_are_a_hint)
{
    cr_assert_eq(hints(two_orders), 1);
    cr_assert_has(&ran, "LOCK ORDER, hint: 2 goroutines take 2 locks");
    cr_assert_has(&ran, "goroutine 2 locked mutex");
    cr_assert_has(&ran, "in both ordered.h:");
    cr_assert_has(&ran, "created at order_test.c:");
    cr_assert_has_not(&ran, "proven");
}

static void in_main(void)
{
    go_waitgroup_go(&wg, later, both, &a, &b);
    both(&b, &a);
    go_waitgroup_wait(&wg);
}

Test(order, main_may_be_one_of_them)
{
    cr_assert_eq(hints(in_main), 1);
    cr_assert_has(&ran, "from in_main order_test.c:");
    cr_assert_has(&ran, "; it is main\n");
}

static void one_goroutine(void)
{
    both(&a, &b);
    both(&b, &a);
}

Test(order, one_goroutine_does_not_wait_for_itself)
{
    cr_assert_eq(hints(one_goroutine), 0);
    cr_assert_str_eq(ran.text, "");
}

static void gated(struct go_mutex *first, struct go_mutex *second)
{
    go_mutex_lock(&gate);
    both(first, second);
    go_mutex_unlock(&gate);
}

static void both_gated(void)
{
    go_waitgroup_go(&wg, gated, &a, &b);
    go_waitgroup_go(&wg, later, gated, &b, &a);
    go_waitgroup_wait(&wg);
}

static void one_gated(void)
{
    go_waitgroup_go(&wg, gated, &a, &b);
    go_waitgroup_go(&wg, later, both, &b, &a);
    go_waitgroup_wait(&wg);
}

static void read_gated(struct go_mutex *first, struct go_mutex *second)
{
    go_rwmutex_rlock(&r);
    both(first, second);
    go_rwmutex_runlock(&r);
}

static void both_read_gated(void)
{
    go_waitgroup_go(&wg, read_gated, &a, &b);
    go_waitgroup_go(&wg, later, read_gated, &b, &a);
    go_waitgroup_wait(&wg);
}

Test(order, a_lock_held_by_all_keeps_them_apart_unless_it_is_shared)
{
    cr_assert_eq(hints(both_gated), 0);
    cr_assert_eq(hints(one_gated), 1);
    cr_assert_eq(hints(both_read_gated), 1);
}

static struct go_mutex ring[5];

static void eat(long i)
{
    go_sleep(i * GO_MILLISECOND);
    both(&ring[i], &ring[(i + 1) % 5]);
}

static void five(void)
{
    memset(ring, 0, sizeof(ring));
    for (long i = 0; i < 5; i++)
        go_waitgroup_go(&wg, eat, i);
    go_waitgroup_wait(&wg);
}

Test(order, a_ring_may_be_of_any_length)
{
    cr_assert_eq(hints(five), 1);
    cr_assert_has(&ran, "5 goroutines take 5 locks in a ring of orders ");
}

/* ---- how locks are taken ---------------------------------------------- */

static void tries(struct go_mutex *first, struct go_mutex *second)
{
    go_mutex_lock(first);
    if (go_mutex_trylock(second))
        go_mutex_unlock(second);
    go_mutex_unlock(first);
}

static void tries_first(struct go_mutex *first, struct go_mutex *second)
{
    while (!go_mutex_trylock(first))
        go_yield();
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
}

static void try_second(void)
{
    go_waitgroup_go(&wg, both, &a, &b);
    go_waitgroup_go(&wg, later, tries, &b, &a);
    go_waitgroup_wait(&wg);
}

static void try_first(void)
{
    go_waitgroup_go(&wg, both, &a, &b);
    go_waitgroup_go(&wg, later, tries_first, &b, &a);
    go_waitgroup_wait(&wg);
}

Test(order, a_try_does_not_wait_but_what_it_got_is_held)
{
    cr_assert_eq(hints(try_second), 0);
    cr_assert_eq(hints(try_first), 1);
}

enum mode {
    READ,
    WRITE
};

static void rw_both(struct go_rwmutex *first, int one,
                    struct go_rwmutex *second, int two, long turn)
{
    go_sleep(turn * GO_MILLISECOND);
    one == READ ? go_rwmutex_rlock(first) : go_rwmutex_lock(first);
    two == READ ? go_rwmutex_rlock(second) : go_rwmutex_lock(second);
    two == READ ? go_rwmutex_runlock(second) : go_rwmutex_unlock(second);
    one == READ ? go_rwmutex_runlock(first) : go_rwmutex_unlock(first);
}

static int modes[4]; /* held and taken by one, by the other */

static void rw_orders(void)
{
    go_waitgroup_go(&wg, rw_both, &r, modes[0], &w, modes[1], 0l);
    go_waitgroup_go(&wg, rw_both, &w, modes[2], &r, modes[3], 1l);
    go_waitgroup_wait(&wg);
}

Test(order, readers_do_not_exclude_each_other)
{
    for (int m = 0; m < 16; m++) {
        for (int i = 0; i < 4; i++)
            modes[i] = m >> i & 1 ? WRITE : READ;
        uint32_t expected = (modes[1] == WRITE || modes[2] == WRITE) &&
                            (modes[3] == WRITE || modes[0] == WRITE);
        cr_assert_eq(hints(rw_orders), expected, "modes %d", m);
    }
}

static void read_again(void)
{
    go_rwmutex_rlock(&r);
    go_rwmutex_rlock(&r);
    go_rwmutex_runlock(&r);
    go_rwmutex_runlock(&r);
}

static void twice(void)
{
    go_waitgroup_go(&wg, read_again);
    go_waitgroup_go(&wg, read_again);
    go_waitgroup_wait(&wg);
}

Test(order, a_read_lock_taken_again_is_no_order)
{
    cr_assert_eq(hints(twice), 0);
}

static void gets_a(void)
{
    both(&a, &b);
}

static void hands_over(void)
{
    uint64_t id = go_self() + 1;

    go_mutex_lock(&a);
    go_waitgroup_go(&wg, gets_a);
    go_sleep(GO_MILLISECOND);
    go_mutex_hand_over(&a, id);
    go_sleep(GO_MILLISECOND);
    go_waitgroup_go(&wg, both, &b, &a);
    go_waitgroup_wait(&wg);
}

Test(order, a_lock_that_was_handed_over_is_held)
{
    cr_assert_eq(hints(hands_over), 1);
}

static struct go_cond cond;
static bool told;

static void waits_with_b(void)
{
    go_mutex_lock(&a);
    go_mutex_lock(&b);
    while (!told)
        go_cond_wait(&cond, &a); /* takes a again, holding b */
    go_mutex_unlock(&b);
    go_mutex_unlock(&a);
}

static void signals(void)
{
    go_sleep(GO_MILLISECOND);
    go_mutex_lock(&a);
    told = true;
    go_cond_signal(&cond);
    go_mutex_unlock(&a);
    go_sleep(GO_MILLISECOND);
    both(&a, &b);
}

static void relocks(void)
{
    struct go_cond no_cond = {0};

    told = false;
    cond = no_cond;
    go_waitgroup_go(&wg, waits_with_b);
    go_waitgroup_go(&wg, signals);
    go_waitgroup_wait(&wg);
}

Test(order, a_condition_takes_its_mutex_again)
{
    cr_assert_eq(hints(relocks), 1);
}

/* ---- which lock it is -------------------------------------------------- */

static void new_locks(struct go_mutex *first, struct go_mutex *second)
{
    memset(first, 0, sizeof(*first));
    memset(second, 0, sizeof(*second));
    both(first, second);
}

static void reused(void)
{
    go_waitgroup_go(&wg, both, &a, &b);
    go_waitgroup_go(&wg, later, new_locks, &b, &a);
    go_waitgroup_wait(&wg);
}

Test(order, memory_used_again_is_another_lock)
{
    cr_assert_eq(hints(reused), 0);
}

static void on_the_heap(void)
{
    struct go_mutex *x = calloc(2, sizeof(*x));

    go_label(&x[0], "front");
    go_label(&x[1], "back");
    go_waitgroup_go(&wg, both, &x[0], &x[1]);
    go_waitgroup_go(&wg, later, both, &x[1], &x[0]);
    go_waitgroup_wait(&wg);
    memset(x, 0xa5, 2 * sizeof(*x));
    free(x);
}

Test(order, a_lock_that_is_gone_keeps_its_name)
{
    cr_assert_eq(hints(on_the_heap), 1);
    cr_assert_has(&ran, "mutex \"front\" #");
    cr_assert_has(&ran, "mutex \"back\" #");
}

static void three_pairs(void)
{
    static struct go_mutex pair[3][2];

    memset(pair, 0, sizeof(pair));
    for (int i = 0; i < 3; i++) {
        go_waitgroup_go(&wg, both, &pair[i][0], &pair[i][1]);
        go_waitgroup_go(&wg, later, both, &pair[i][1], &pair[i][0]);
    }
    go_waitgroup_wait(&wg);
}

Test(order, rings_through_the_same_lines_are_told_once)
{
    cr_assert_eq(hints(three_pairs), 1);
    cr_assert_has(&ran, "in a ring of orders (3 times)");
}

/* ---- limits ------------------------------------------------------------ */

static void twenty_alike(void)
{
    for (int i = 0; i < RT_ORDER_ALIKE + 4; i++)
        go_waitgroup_go(&wg, both, &a, &b);
    go_waitgroup_go(&wg, later, both, &b, &a);
    go_waitgroup_wait(&wg);
}

Test(order, what_was_not_compared_is_told)
{
    cr_assert_eq(hints(twenty_alike), 1);
    cr_assert_has(&ran, "4 takings were not compared: 16 like them were");
}

static void many(void)
{
    static struct go_mutex pair[RT_CAUSAL_MAX + 3][2];

    for (int i = 0; i < RT_CAUSAL_MAX + 3; i++)
        go_waitgroup_go(&wg, both, &pair[i][0], &pair[i][1]);
    go_waitgroup_wait(&wg);
    two_orders();
}

Test(order, too_many_goroutines_limit_the_detector)
{
    struct go_run run = RAN_RUN(many);
    int fd = memfd_create("json", MFD_CLOEXEC);

    run.json_fd = fd;
    ran_run(&ran, run);
    ran_read(&ran, fd);
    cr_assert_has(&ran, "lock order: no room for 5 takings");
    cr_assert_has(&ran, "\"not_noted\":5");
}

Test(order, a_search_that_was_cut_says_so)
{
    struct rt_order_edge edges[2] = {{.goroutine = 1, .epoch = 1},
                                     {.goroutine = 2, .epoch = 1}};
    struct rt_order_class classes[2] = {
        {.from = {.id = 1, .name = ""},
         .to = {.id = 2, .name = ""},
         .edges = &edges[0],
         .next = &classes[1]},
        {.from = {.id = 2, .name = ""},
         .to = {.id = 1, .name = ""},
         .edges = &edges[1]},
    };
    struct rt_order_notes notes = {.classes = classes, .nclass = 2};
    struct rt_arena arena = {0};
    struct mon_orders out;

    cr_assert_eq(mon_order_find(&notes, 1000, &arena, &out), 0);
    cr_assert(out.n == 1 && !out.cut);
    cr_assert_eq(mon_order_find(&notes, 1, &arena, &out), 0);
    cr_assert(out.n == 0 && out.cut);
    rt_arena_free(&arena);
}
