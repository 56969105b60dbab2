/* classes_test.c - the sizes that blocks are cut to. */
#include "runtime/heap/classes.h"

#include <criterion/criterion.h>

Test(classes, a_size_gets_the_smallest_class_that_holds_it)
{
    rt_classes_open();
    for (size_t size = 1; size <= RT_SMALL_MAX; size++) {
        unsigned class = rt_class_of(size);

        cr_assert_lt(class, RT_CLASSES);
        cr_assert_geq(rt_classes[class].size, size);
        if (class)
            cr_assert_lt(rt_classes[class - 1].size, size);
    }
}

Test(classes, every_power_of_two_is_a_class)
{
    rt_classes_open();
    for (size_t size = RT_GRANULE; size <= RT_SMALL_MAX; size *= 2)
        cr_assert_eq(rt_classes[rt_class_of(size)].size, size);
}

Test(classes, the_factor_divides_every_offset_in_a_chunk)
{
    rt_classes_open();
    for (unsigned class = 0; class < RT_CLASSES; class ++) {
        const struct rt_class *k = &rt_classes[class];

        cr_assert_eq(k->size % RT_GRANULE, 0);
        cr_assert_eq(k->nblock, RT_CHUNK / k->size);
        for (uint64_t at = 0; at < RT_CHUNK; at++)
            cr_assert_eq(at * k->factor >> 32, at / k->size);
    }
}

Test(classes, an_aligned_class_is_a_multiple_and_holds_the_size)
{
    rt_classes_open();
    for (size_t align = 1; align <= RT_SMALL_MAX; align *= 2)
        for (size_t size = 1; size <= RT_SMALL_MAX; size += 61) {
            unsigned class = rt_class_aligned(size, align);

            cr_assert_lt(class, RT_CLASSES);
            cr_assert_eq(rt_classes[class].size % align, 0);
            cr_assert_geq(rt_classes[class].size, size);
        }
    cr_assert_eq(rt_class_aligned(RT_SMALL_MAX + 1, 1), RT_CLASSES);
    cr_assert_eq(rt_class_aligned(1, 2 * RT_SMALL_MAX), RT_CLASSES);
}
