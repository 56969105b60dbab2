/* fingerprint_test.c - like findings are known again, unlike ones are not. */
#include "runtime/monitor/fingerprint.h"

#include <criterion/criterion.h>

static uint64_t of_set(struct mon_fingerprints *f, const uint64_t *g, int n)
{
    mon_fingerprint_begin(f);
    for (int i = 0; i < n; i++)
        mon_fingerprint_add(f, g[i]);
    return mon_fingerprint_end(f, GO_VERDICT_LEAK, GO_SHAPE_RING);
}

Test(fingerprint, order_and_repetition_of_a_set_do_not_matter)
{
    const uint64_t a[] = {11, 22, 33}, b[] = {33, 11, 22, 11, 33}, c[] = {11};
    struct rt_arena arena = {NULL};
    struct mon_fingerprints f;
    uint64_t first;

    cr_assert(mon_fingerprint_new(&f, 100, &arena) == 0);
    first = of_set(&f, a, 3);
    cr_assert(of_set(&f, b, 5) == first);
    cr_assert(of_set(&f, c, 1) != first);
    rt_arena_free(&arena);
}

Test(fingerprint, shape_and_verdict_matter)
{
    const uint64_t a[] = {11};
    struct rt_arena arena = {NULL};
    struct mon_fingerprints f;
    uint64_t first;

    cr_assert(mon_fingerprint_new(&f, 100, &arena) == 0);
    first = of_set(&f, a, 1);
    cr_assert(mon_fingerprint_end(&f, GO_VERDICT_LEAK, GO_SHAPE_KNOT) != first);
    cr_assert(mon_fingerprint_end(&f, GO_VERDICT_DEADLOCK, GO_SHAPE_RING) !=
              first);
    rt_arena_free(&arena);
}

Test(fingerprint, where_a_word_ends_matters)
{
    static struct go_site one = {NULL, "bc", "a", NULL, 1};
    static struct go_site two = {NULL, "c", "ab", NULL, 1};
    struct go_inspect_goroutine g[2] = {{.site = &one, .created = &one},
                                        {.site = &two, .created = &two}};
    struct go_inspect in = {.goroutines = g, .ngoroutine = 2};

    cr_assert(mon_fingerprint_goroutine(&in, 0) !=
              mon_fingerprint_goroutine(&in, 1));
}
