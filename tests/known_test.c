/* known_test.c - handles that something outside of the memory holds. */
#include "runtime/sync/known.h"

#include "tests/inside.h"

enum {
    MANY = 1000
};

static char thing[MANY];

/* How often it is in the list. */
static uint32_t times(const void *handle)
{
    const void *const *list;
    uint32_t n = rt_known_elsewhere(&list), found = 0;

    for (uint32_t i = 0; i < n; i++)
        found += list[i] == handle;
    return found;
}

INSIDE_TEST(known, each_of_many_stands_in_the_list)
{
    for (int i = 0; i < MANY; i++)
        go_known_elsewhere(&thing[i]);
    CHECK_EQ(rt_known_elsewhere(NULL), MANY);
    for (int i = 0; i < MANY; i++)
        CHECK_EQ(times(&thing[i]), 1);
}

INSIDE_TEST(known, who_is_taken_back_goes_and_no_other)
{
    for (int i = 0; i < MANY; i++)
        go_known_elsewhere(&thing[i]);
    for (int i = 0; i < MANY; i += 2)
        go_not_known_elsewhere(&thing[i]);
    for (int i = 0; i < MANY; i++)
        CHECK_EQ(times(&thing[i]), i % 2);
}

INSIDE_TEST(known, twice_is_taken_back_twice)
{
    go_known_elsewhere(thing);
    go_known_elsewhere(thing);
    go_not_known_elsewhere(thing);
    CHECK_EQ(times(thing), 1);
    go_not_known_elsewhere(thing);
    go_not_known_elsewhere(thing);
    CHECK_EQ(times(thing), 0);
}

static void knows(void)
{
    go_known_elsewhere(thing);
}

static void has_forgotten(void)
{
    CHECK_EQ(rt_known_elsewhere(NULL), 0);
}

Test(known, nothing_is_known_to_the_next_run)
{
    INSIDE(knows);
    INSIDE(has_forgotten);
}
