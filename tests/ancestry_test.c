/* ancestry_test.c - who created whom, up to the root. */
#include "runtime/monitor/ancestry.h"

#include <criterion/criterion.h>

#include "tests/made.h"

static const struct go_site sites[] = {{"/src/app.c", "f", "", NULL, 1},
                                       {"/src/app.c", "f", "", NULL, 2},
                                       {"/src/app.c", "f", "", NULL, 3}};

/* Goroutines 1, 2, 3 exist; 3 was made by 2, that by main. */
static void line_of_three(struct made *m)
{
    made_new(m);
    for (uint32_t i = 0; i < 3; i++)
        made_g(m, GO_WAIT_CHAN_RECV_NIL);
    m->g[0].created = &sites[0];
    m->g[0].created_by = 0;
    m->g[1].created = &sites[1];
    m->g[1].created_by = 1;
    m->g[2].created = &sites[2];
    m->g[2].created_by = 2;
}

Test(ancestry, ends_at_main_whoever_made_that)
{
    struct made m;
    struct mon_findings f;
    struct mon_ancestor a;

    line_of_three(&m);
    made_find(&m, &f);
    cr_assert(mon_ancestor_first(&f, 2, &a));
    cr_assert(a.id == 2 && a.site == &sites[2] && a.goroutine == 1);
    cr_assert(a.fate == MON_FATE_STUCK);
    cr_assert(mon_ancestor_next(&f, &a));
    cr_assert(a.id == 1 && a.site == &sites[1]);
    cr_assert(!mon_ancestor_next(&f, &a));
    cr_assert(!mon_ancestor_first(&f, 0, &a));
    made_free(&m);
}

Test(ancestry, goes_on_through_who_has_ended)
{
    struct made m;
    struct mon_findings f;
    struct mon_ancestor a;

    line_of_three(&m);
    m.g[2].id = 9;
    m.g[2].created_by = 8;
    m.e[m.in.nended++] = (struct go_inspect_ended){
        .id = 8, .name = "it", .created = &sites[1], .created_by = 2};
    made_find(&m, &f);
    cr_assert(mon_ancestor_first(&f, 2, &a) && a.id == 8);
    cr_assert(a.fate == MON_FATE_ENDED && a.goroutine == GO_NOWHERE);
    cr_assert_str_eq(a.name, "it");
    cr_assert(mon_ancestor_next(&f, &a) && a.id == 2 && a.goroutine == 1);
    cr_assert(mon_ancestor_next(&f, &a) && a.id == 1);
    made_free(&m);
}

Test(ancestry, ends_at_who_is_forgotten_and_at_a_thread)
{
    struct made m;
    struct mon_findings f;
    struct mon_ancestor a;

    line_of_three(&m);
    m.g[2].id = 9;
    m.g[2].created_by = 8;
    m.g[1].created_by = 0;
    made_find(&m, &f);
    cr_assert(mon_ancestor_first(&f, 2, &a) && a.id == 8);
    cr_assert(a.fate == MON_FATE_GONE && !mon_ancestor_next(&f, &a));
    cr_assert(mon_ancestor_first(&f, 1, &a) && a.id == 0);
    cr_assert(a.fate == MON_FATE_FOREIGN && !mon_ancestor_next(&f, &a));
    made_free(&m);
}

/* Processors take numbers ahead: 3 was made by 18, that by 2. */
Test(ancestry, goes_by_who_created_whom_not_by_numbers)
{
    struct made m;
    struct mon_findings f;
    struct mon_ancestor a;

    line_of_three(&m);
    m.g[2].created_by = 18;
    m.e[m.in.nended++] = (struct go_inspect_ended){
        .id = 18, .created = &sites[1], .created_by = 2};
    made_find(&m, &f);
    cr_assert(mon_ancestor_first(&f, 2, &a) && a.id == 18 && a.nth == 1);
    cr_assert(mon_ancestor_next(&f, &a) && a.id == 2 && a.nth == 2);
    cr_assert(mon_ancestor_next(&f, &a) && a.id == 1 && a.nth == 3);
    cr_assert(!mon_ancestor_next(&f, &a));
    made_free(&m);
}

/* Y1 */
Test(ancestry, who_created_himself_is_a_throw, .exit_code = 70)
{
    struct made m;
    struct mon_findings f;
    struct mon_ancestor a;

    line_of_three(&m);
    m.g[2].created_by = 3;
    made_find(&m, &f);
    for (bool more = mon_ancestor_first(&f, 2, &a); more;)
        more = mon_ancestor_next(&f, &a);
}
