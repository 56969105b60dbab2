/*
 * judge_test.c - random programs, and who of them is stuck: a look never says
 * so of anybody who is not, and says it of most who are. And the judge of that
 * is awake: whatever kind of word or root is left out, it notices.
 *
 * scripts/judge plays as many as you like. The sanitizers keep memory their own
 * way, and nothing is proven there.
 */
#include "runtime/sched/sanitize.h"
#if !defined(RT_ASAN) && !defined(RT_TSAN)
#include "runtime/heap/interpose.c"
#include "tests/inside.h"
#include "tests/judge/blind.h"
#include "tests/judge/score.h"

enum {
    PROGRAMS = 2400,
    ATTEMPTS = 8000 /* programs in which a loss must be noticed */
};

static void nothing_wrong(const char *why)
{
    cr_assert_fail("%s", why);
}

Test(judge, nobody_is_proven_stuck_who_is_not)
{
    struct score s = {0};

    rt_threads_ours();
    for (uint64_t seed = 0; seed < PROGRAMS; seed += WORLDS)
        score_all(&s, seed, LOSS_NONE, nothing_wrong);
    cr_assert_eq(s.actors_false, 0);
    cr_assert_gt(s.stuck, PROGRAMS / 2, "too few were stuck");
    cr_assert_gt(s.proven * 2, s.stuck, "%lu of %lu", s.proven, s.stuck);
    cr_assert_gt(s.ran_again * 2, s.could_run, "few who live were made to run");
}

/* A debug build throws when a false proof comes to light (pick.c P3). */
#if !defined(VIGIL_DEBUG)
static void as_expected(const char *why)
{
    (void)why;
}

/* Whether any of the worlds that are played together has a word of that kind. */
static bool have_such(uint64_t seed, unsigned kind)
{
    struct world w;

    for (unsigned k = 0; k < WORLDS; k++) {
        world_make(&w, seed + k);
        for (unsigned i = 0; i < w.nref; i++)
            if (!kind || world_is_lost(&w.ref[i], kind))
                return true;
    }
    return false;
}

/* Plays until it is noticed, worlds that have words of that kind. */
static bool is_noticed(unsigned loss, enum blind blind, unsigned kind)
{
    struct score s = {0};

    blind_make(blind);
    for (uint64_t seed = 0; seed < ATTEMPTS && !s.actors_false; seed += WORLDS)
        if (have_such(seed, kind))
            score_all(&s, seed, loss, as_expected);
    blind_make(BLIND_NOT);
    return s.actors_false;
}

Test(judge, a_word_left_out_is_noticed)
{
    rt_threads_ours();
    for (unsigned loss = 1; loss < LOSS_COUNT; loss++)
        if (loss != LOSS_FORM + FORM_DONE) /* with it nothing can be done */
            cr_assert(is_noticed(loss, BLIND_NOT, loss), "%s",
                      world_loss_text(loss));
}

Test(judge, a_root_not_looked_at_is_noticed)
{
    static const unsigned kind[BLIND_COUNT] = {
        [BLIND_REGISTERS] = PLACE_SCRATCH,
        [BLIND_RED_ZONE] = PLACE_RED_ZONE,
        [BLIND_KNOWN] = PLACE_KNOWN,
        [BLIND_TAGGED] = LOSS_TAG};

    rt_threads_ours();
    for (int blind = 1; blind < BLIND_COUNT; blind++)
        cr_assert(is_noticed(LOSS_NONE, (enum blind)blind, kind[blind]), "%s",
                  blind_text((enum blind)blind));
}
#endif

#endif
