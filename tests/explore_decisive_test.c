/* explore_decisive_test.c - which order of two steps decides, and how often. */
#include <criterion/criterion.h>
#include <string.h>
#include <vigil/go.h>

#include "harness/explore/decisive.h"
#include "harness/explore/follow.h"
#include "harness/explore/frequency.h"
#include "harness/explore/loop.h"
#include "harness/explore/signature.h"
#include "harness/explore/token.h"
#include "tests/driven.h"

/* ---- how it fails by a token ---------------------------------------------*/

static struct hn_follow follow;
static uint64_t signature;

static bool over(void *arg, const struct go_execution *e)
{
    (void)arg;
    cr_assert(hn_follow_end(&follow), "%s", follow.misfit);
    signature = hn_signature(e);
    return false;
}

static void fail(const struct go_run *run, const struct hn_schedule *s)
{
    struct go_control control = {.arg = &follow,
                                 .choose = hn_follow_choose,
                                 .number = hn_follow_number,
                                 .over = over,
                                 .early = hn_schedule_early(s),
                                 .steps = 100000};
    struct hn_loop loop;

    follow = (struct hn_follow){.schedule = s};
    hn_follow_begin(&follow);
    rt_threads_ours();
    cr_assert(hn_loop_begin(&loop, run, false));
    hn_loop_run(&loop, &control, NULL);
    hn_loop_end(&loop);
    cr_assert_neq(signature, 0, "it does not fail");
}

static struct hn_decisive decide(void (*body)(void), const char *token)
{
    struct go_run run = body_run(body);
    struct hn_decisive d = {0};
    struct hn_token read;
    char why[HN_TOKEN_WHY];

    cr_assert_eq(hn_token_read(token, &read, why), 0, "%s", why);
    fail(&run, &read.schedule);
    hn_decisive(&run, &read.schedule, signature, false, &d);
    hn_token_free(&read);
    return d;
}

static void expect(const struct hn_decisive *d, enum hn_decisive_kind kind,
                   uint32_t at, const char *first, const char *second)
{
    cr_assert_eq(d->kind, kind, "it is '%s'", hn_decisive_kind_text(d->kind));
    cr_assert_eq(d->at, at, "it is choice %u", d->at);
    cr_assert_str_eq(d->first.task, first);
    cr_assert_str_eq(d->second.task, second);
}

/* ---- bodies --------------------------------------------------------------*/

static void both(struct go_mutex *first, struct go_mutex *second,
                 struct go_waitgroup *wg)
{
    go_mutex_lock(first);
    go_mutex_lock(second);
    go_mutex_unlock(second);
    go_mutex_unlock(first);
    go_waitgroup_done(wg);
}

static void abba(void)
{
    struct go_mutex a = {0}, b = {0};
    struct go_waitgroup wg = {0};

    go_waitgroup_add(&wg, 2);
    go(both, &a, &b, &wg);
    go(both, &b, &a, &wg);
    go_waitgroup_wait(&wg);
}

Test(decisive, of_two_locks_the_one_that_is_never_had_is_the_second)
{
    struct hn_decisive d = decide(abba, "gx1:x:*:@2=c");

    expect(&d, HN_DECISIVE_ORDER, 2, "c", "b");
    cr_assert(!d.differs && d.nth == 1);
    cr_assert_str_eq(d.second.text, strstr(d.second.text, "lock second"));
}

static void looks_late(struct go_atomic *mine, struct go_atomic *flag)
{
    for (int i = 0; i < 10; i++)
        go_atomic_load(mine);
    if (go_atomic_load(flag))
        go_panic("set");
}

static void sets(struct go_atomic *flag)
{
    go_atomic_store(flag, 1);
}

static void late(void)
{
    struct go_atomic mine = {0}, flag = {0};

    go(looks_late, &mine, &flag);
    go(sets, &flag);
    go_sleep(GO_SECOND);
}

Test(decisive, the_second_is_the_step_that_sees_it_however_late)
{
    struct hn_decisive d = decide(late, "gx1:x:*:@3=c");

    expect(&d, HN_DECISIVE_ORDER, 3, "c", "b");
    cr_assert_eq(d.first.op, GO_OP_STORE);
    cr_assert_eq(d.nth, 9, "its %u. step behind the choice", d.nth);
}

static void takes_one(void)
{
    chan(int) a = chan_make(int, 1), b = chan_make(int, 1);

    chan_send(a, 1);
    chan_send(b, 1);
    if (go_select(GO_RECV(a, NULL), GO_RECV(b, NULL)) == 1)
        go_panic("the second");
}

Test(decisive, of_a_select_it_is_the_case_that_was_taken)
{
    struct hn_decisive d = decide(takes_one, "gx1:x:*:@2=as1");

    expect(&d, HN_DECISIVE_INSTEAD, 2, "a", "a");
    cr_assert_str_eq(strstr(d.first.text, "case 1"), d.first.text + 7);
}

static void either(struct go_atomic *flag, int mine)
{
    if (go_atomic_add(flag, 1) == 1)
        go_panic(mine ? "I am first" : "you are first");
}

static void whoever(void)
{
    struct go_atomic flag = {0};

    go(either, &flag, 0);
    go(either, &flag, 1);
    go_sleep(GO_SECOND);
}

Test(decisive, what_fails_in_another_way_is_told_so)
{
    struct hn_decisive d = decide(whoever, "gx1:x:*:@1=c");

    expect(&d, HN_DECISIVE_ORDER, 1, "c", "b");
    cr_assert(d.differs);
    cr_assert_str_eq(d.other, "panic: you are first");
}

static void either_if(struct go_atomic *armed, struct go_atomic *flag, int mine)
{
    if (go_atomic_load(armed))
        either(flag, mine);
}

static void whoever_if(void)
{
    struct go_atomic armed = {0}, flag = {0};

    go(either_if, &armed, &flag, 0);
    go(either_if, &armed, &flag, 1);
    go(sets, &armed);
    go_sleep(GO_SECOND);
}

/* Without the last deviation the other one panics: that decides less. */
Test(decisive, what_passes_the_other_way_round_is_better)
{
    struct hn_decisive d = decide(whoever_if, "gx1:x:*:@1=d,@2=c");

    expect(&d, HN_DECISIVE_ORDER, 1, "d", d.second.task);
    cr_assert(!d.differs);
}

static void draws(void)
{
    if (go_choose(20) == 13)
        go_panic("thirteen");
}

static void hopeless(void)
{
    struct go_mutex m = {0};

    go_mutex_lock(&m);
    go_mutex_lock(&m);
}

Test(decisive, no_order_decides_a_number_or_what_always_fails)
{
    struct hn_decisive d = decide(draws, "gx1:x:*:@0=r13");

    cr_assert_eq(d.kind, HN_DECISIVE_NONE);
    d = decide(hopeless, "gx1:x:*:");
    cr_assert_eq(d.kind, HN_DECISIVE_NONE);
}

/* The default schedule of whoever fails: what deviates from it passes. */
Test(decisive, pairs_of_the_default_schedule_are_tried)
{
    struct hn_decisive d = decide(whoever, "gx1:x:*:");

    expect(&d, HN_DECISIVE_ORDER, 1, "b", "c");
    cr_assert(d.differs);
}

/* ---- how often -----------------------------------------------------------*/

static struct hn_frequency frequency_of(void (*body)(void), const char *token,
                                        struct hn_record *first)
{
    struct go_run run = body_run(body);
    static struct hn_tasks met;
    struct hn_walks walks = {.seed = 7, .tasks = &met};
    struct hn_frequency f = {0};
    struct hn_token read;
    char why[HN_TOKEN_WHY];

    cr_assert_eq(hn_token_read(token, &read, why), 0, "%s", why);
    fail(&run, &read.schedule);
    walks.signature = signature;
    hn_frequency(&run, &walks, &f, first);
    hn_token_free(&read);
    return f;
}

Test(frequency, is_the_share_of_those_that_fail_so)
{
    struct hn_frequency f = frequency_of(whoever, "gx1:x:*:@1=c", NULL);

    cr_assert(f.runs > 0 && f.runs <= HN_FREQUENCY_RUNS);
    cr_assert(f.same > f.runs / 3 && f.same < f.runs / 3 * 2, "%u of %u",
              f.same, f.runs);
    f = frequency_of(hopeless, "gx1:x:*:", NULL);
    cr_assert_eq(f.same, f.runs);
}

Test(frequency, the_first_that_fails_so_is_kept)
{
    static struct hn_record first;
    struct hn_frequency f = frequency_of(abba, "gx1:x:*:@2=c", &first);

    cr_assert_eq(f.same, 1);
    cr_assert_gt(first.n, 0);
}
