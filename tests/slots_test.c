/* slots_test.c - equal things in one map: found by address, used anew late. */
#include <criterion/criterion.h>

#include "runtime/sync/slots.h"
#include "tests/dumped.h"

struct thing {
    char text[20];
    struct thing *next;
    int number;
};
static struct rt_slots slots = RT_SLOTS(struct thing, next);

Test(slots, any_address_within_finds_the_slot)
{
    struct thing *a = rt_slots_take(&slots), *b = rt_slots_take(&slots);
    int other;

    cr_assert(rt_slots_at(&slots, a) == a);
    cr_assert(rt_slots_at(&slots, &a->number) == a);
    cr_assert(rt_slots_at(&slots, (char *)b - 1) == a);
    cr_assert(rt_slots_at(&slots, (char *)(b + 1) - 1) == b);
    cr_assert(!rt_slots_at(&slots, (char *)a + 2 * slots.size));
    cr_assert(!rt_slots_at(&slots, (char *)a - 1));
    cr_assert(!rt_slots_at(&slots, &other));
    cr_assert(!rt_slots_at(&slots, NULL));
}

Test(slots, map_has_also_what_was_never_taken)
{
    static struct rt_slots none = RT_SLOTS(struct thing, next);
    uintptr_t a = (uintptr_t)rt_slots_take(&slots), low, high;

    rt_slots_map(&slots, &low, &high);
    cr_assert(low == a && high > a + 1000000);
    rt_slots_map(&none, &low, &high);
    cr_assert(low == high && !rt_slots_at(&none, NULL));
}

Test(slots, a_core_has_those_that_were_taken)
{
    uintptr_t low, high;
    struct thing *t = NULL;

    for (int i = 0; i < 5000; i++)
        t = rt_slots_take(&slots);
    rt_slots_map(&slots, &low, &high);
    cr_assert(dumped((void *)low) && dumped(t));
    cr_assert(!dumped((void *)(high - 1)));
}

Test(slots, numbers_are_dense_and_lead_back)
{
    for (uint32_t i = 0; i < 5000; i++) {
        struct thing *t = rt_slots_take(&slots);

        cr_assert_eq(rt_slots_number(&slots, t), i);
        cr_assert(rt_slots_get(&slots, i) == t);
        t->number = (int)i;
    }
    cr_assert_eq(rt_slots_used(&slots), 5000);
    for (uint32_t i = 0; i < 5000; i++)
        cr_assert_eq(((struct thing *)rt_slots_get(&slots, i))->number, (int)i);
}

Test(slots, longest_free_is_taken_first_and_zeroed)
{
    struct thing *a = rt_slots_take(&slots), *b = rt_slots_take(&slots);

    a->number = b->number = 7;
    rt_slots_give(&slots, b);
    rt_slots_give(&slots, a);
    cr_assert_eq(b->number, 7, "a slot given back lost its words");
    cr_assert(rt_slots_take(&slots) == b);
    cr_assert(rt_slots_take(&slots) == a);
    cr_assert(!b->number && !b->next && !a->number);
    cr_assert_eq(rt_slots_used(&slots), 2);
}

Test(slots, reset_empties_them_all)
{
    struct thing *a = rt_slots_take(&slots), *b = rt_slots_take(&slots);

    a->number = 7;
    rt_slots_give(&slots, b);
    rt_slots_reset(&slots);
    cr_assert_eq(rt_slots_used(&slots), 0);
    cr_assert(!rt_slots_at(&slots, a));
    cr_assert_eq(a->number, 0);
    cr_assert(rt_slots_take(&slots) == a);
    cr_assert(rt_slots_take(&slots) == b);
}
