/* scrub_test.c - that nothing is left of what was written to a stack. */
#include "runtime/sched/scrub.h"
#include "tests/inside.h"

enum {
    STEPS = 5,
    WORDS = STEPS * RT_SCRUB_STEP
};

static _Alignas(64) uintptr_t words[WORDS];

/* The first word that is not zero; WORDS: all are. */
static int first_left(void)
{
    int i = 0;

    while (i < WORDS && !words[i])
        i++;
    return i;
}

static void sees_each_bit(bool wide)
{
    for (int i = 0; i < RT_SCRUB_STEP; i++)
        for (int bit = 0; bit < 64; bit += 7) {
            words[RT_SCRUB_STEP + i] = (uintptr_t)1 << bit;
            cr_assert_not(rt_scrub_is_zero(words + RT_SCRUB_STEP, wide),
                          "word %d, bit %d", i, bit);
            words[RT_SCRUB_STEP + i] = 0;
        }
}

/* What lies beside the step is nothing to it. */
static void sees_no_more(bool wide)
{
    words[RT_SCRUB_STEP - 1] = words[2 * RT_SCRUB_STEP] = 1;
    cr_assert(rt_scrub_is_zero(words + RT_SCRUB_STEP, wide));
    words[RT_SCRUB_STEP - 1] = words[2 * RT_SCRUB_STEP] = 0;
}

Test(scrub, sees_every_word)
{
    sees_each_bit(false);
    sees_no_more(false);
    if (!rt_scrub_wide())
        return;
    sees_each_bit(true);
    sees_no_more(true);
}

Test(scrub, clears_down_to_a_step_that_was_never_used)
{
    for (int used = 1; used <= WORDS; used++) {
        for (int i = WORDS - used; i < WORDS; i += RT_SCRUB_STEP / 2)
            words[i] = 1;
        rt_scrub(words, words + WORDS);
        cr_assert_eq(first_left(), WORDS, "%d words were used, %d is left",
                     used, first_left());
    }
}
