/* explore_slots_test.c - numbers of tasks: 0 at first, and again. */
#include <criterion/criterion.h>

#include "harness/explore/slots.h"

static struct hn_slots s;

static void teardown(void)
{
    hn_slots_free(&s);
}
TestSuite(slots, .fini = teardown);

Test(slots, are_0_wherever_they_are_asked_for)
{
    cr_assert_eq(*hn_slots_at(&s, 3), 0);
    *hn_slots_at(&s, 3) = 7;
    for (uint32_t i = 0; i < 5000; i += 7)
        cr_assert_eq(*hn_slots_at(&s, i), 0, "slot %u", i);
    cr_assert_eq(*hn_slots_at(&s, 3), 7, "and keep what they have");
}

Test(slots, are_0_again_after_a_clear)
{
    for (uint32_t i = 0; i < 100; i++)
        *hn_slots_at(&s, i * i) = i + 1;
    hn_slots_clear(&s);
    for (uint32_t i = 0; i < 100; i++)
        cr_assert_eq(*hn_slots_at(&s, i * i), 0, "slot %u", i * i);
    *hn_slots_at(&s, 20000) = 1; /* grows, and nothing beyond is asked for */
    hn_slots_clear(&s);
    cr_assert_eq(*hn_slots_at(&s, 20000), 0);
}
