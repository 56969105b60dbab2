/*
 * replay_test.c - one schedule, a thousand times: every step the same.
 *
 * The body is replayed.h's. Each replay's steps are told as lines with their
 * rolling fingerprints (trace.h), and each line is compared.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <vigil/go.h>

#include "harness/explore/follow.h"
#include "harness/explore/signature.h"
#include "harness/explore/strategy.h"
#include "harness/explore/token.h"
#include "harness/explore/trace.h"
#include "runtime/sched/sched.h"
#include "tests/body.h"
#include "tests/replayed.h"

enum {
    REPLAYS = 1000,
    LINES = 400,
    SEEDS = 200
};

static void body(void)
{
    replayed(NULL);
}

/* One run: found by a random walk, and then followed. */
static struct {
    struct hn_strategy *walk; /* NULL: the schedule is followed */
    struct hn_follow follow;
    struct hn_schedule schedule; /* what the walk did */
    struct hn_default usual;
    struct hn_trace trace;
    char first[LINES][HN_TRACE_LINE]; /* of the first replay */
    uint32_t lines, at, executions, different;
    uint64_t signature; /* 0: it did not fail */
} now;

static uint32_t walk_choose(const struct go_step *steps, uint32_t n)
{
    uint32_t k = hn_random.choose(now.walk, steps, n);

    if (k != hn_default_step(&now.usual, steps, n))
        hn_schedule_add(&now.schedule,
                        hn_schedule_deviation(now.at, &steps[k]));
    hn_default_took(&now.usual, &steps[k]);
    now.at++;
    return k;
}

static void compare_line(void)
{
    uint32_t i = now.trace.n - 1;

    cr_assert_lt(i, LINES, "an execution has too many choices");
    if (now.executions == 0)
        strcpy(now.first[i], now.trace.line);
    else
        now.different += strcmp(now.first[i], now.trace.line) != 0;
}

static uint32_t choose(void *arg, const struct go_step *steps, uint32_t n)
{
    uint32_t k;

    (void)arg;
    if (now.walk)
        return walk_choose(steps, n);
    k = hn_follow_choose(&now.follow, steps, n);
    if (k != GO_NOWHERE) {
        hn_trace_step(&now.trace, now.follow.at - 1, &steps[k]);
        compare_line();
    }
    return k;
}

static uint32_t number(void *arg, uint32_t task, uint32_t n)
{
    struct hn_deviation d = {.at = now.at,
                             .task = GO_NOWHERE,
                             .partner = GO_NOWHERE,
                             .partner_which = -1,
                             .number = true};
    uint32_t k;

    (void)arg;
    if (!now.walk) {
        k = hn_follow_number(&now.follow, task, n);
        hn_trace_number(&now.trace, now.follow.at - 1, task, k, n);
        compare_line();
        return k;
    }
    k = hn_random.number(now.walk, task, n);
    d.which = (int32_t)k;
    if (k > 0)
        hn_schedule_add(&now.schedule, d);
    now.at++;
    return k;
}

static bool over(void *arg, const struct go_execution *e)
{
    uint64_t signature = hn_is_finding(e) ? hn_signature(e) : 0;

    (void)arg;
    if (now.walk) {
        now.signature = signature;
        return false;
    }
    cr_assert(hn_follow_end(&now.follow), "%s", now.follow.misfit);
    now.different += signature != now.signature;
    if (now.executions++ == 0)
        now.lines = now.trace.n;
    now.different += now.lines != now.trace.n;
    hn_trace_begin(&now.trace);
    hn_follow_begin(&now.follow);
    return now.executions < REPLAYS;
}

static void run(void)
{
    struct go_control control = {.choose = choose,
                                 .number = number,
                                 .over = over,
                                 .early = 2,
                                 .more = now.schedule.more,
                                 .alike = true,
                                 .steps = 100000};
    struct go_run run = body_run(body);

    run.text_fd = -1;
    run.control = &control;
    rt_threads_ours();
    go_run(&run);
}

/* A schedule that fails, by random walks. */
static void find(void)
{
    for (uint64_t seed = 1; !now.signature && seed <= SEEDS; seed++) {
        now.walk = hn_strategy_make(&hn_random, 0, seed);
        hn_random.begin(now.walk);
        now.schedule.n = 0;
        now.usual = HN_DEFAULT_INIT;
        now.at = 0;
        run();
        hn_random.free(now.walk);
    }
    now.walk = NULL;
    cr_assert(now.signature, "no schedule of %d fails", SEEDS);
}

/* As a person would: written as a token, and read back. */
static void through_a_token(void)
{
    static char body_text[1 << 14];
    struct hn_token_body body_of = {.to = body_text, .cap = sizeof(body_text)};
    char why[HN_TOKEN_WHY], *text;
    struct hn_token token;

    hn_token_begin(&body_of, now.schedule.more);
    for (size_t i = 0; i < now.schedule.n; i++)
        cr_assert(hn_token_add(&body_of, &now.schedule.all[i]));
    text = hn_token_make("body", 0, false, body_text);
    cr_assert_eq(hn_token_read(text, &token, why), 0, "%s", why);
    hn_schedule_free(&now.schedule);
    now.schedule = token.schedule;
    token.schedule = (struct hn_schedule){0};
    hn_token_free(&token);
    free(text);
}

Test(replay, a_thousand_of_a_thousand_are_the_same_in_every_step)
{
    find();
    through_a_token();
    now.follow = (struct hn_follow){.schedule = &now.schedule};
    hn_trace_begin(&now.trace);
    hn_follow_begin(&now.follow);
    run();
    cr_assert_eq(now.executions, REPLAYS);
    cr_assert_eq(now.different, 0, "%u steps differ in %u replays",
                 now.different, REPLAYS);
    cr_assert_gt(now.lines, 10, "too short to show anything");
    hn_trace_free(&now.trace);
    hn_schedule_free(&now.schedule);
}
