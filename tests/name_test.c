/* name_test.c - texts kept once, sites by address. */
#include "tests/inside.h"

#include "runtime/sync/object.h"

INSIDE_TEST(name, equal_texts_are_kept_once)
{
    char text[32];
    struct g *g;

    for (int i = 0; i < 2000; i++) {
        const char *a, *b;

        snprintf(text, sizeof(text), "text %d", i);
        g = rt_enter();
        a = rt_intern(text);
        b = rt_intern(text);
        rt_leave(g);
        CHECK(a == b && a != text && !strcmp(a, text));
    }
}

Test(name, site_by_address_is_one_for_each_place)
{
    static const char code[64];
    const struct go_site *a = rt_site_at(code), *b = rt_site_at(code + 4);

    cr_assert(a != b);
    cr_assert(rt_site_at(code) == a && a->pc == code);
    cr_assert(!a->file && !strcmp(a->what, ""));
}

INSIDE_TEST(name, a_name_cannot_break_a_line_of_a_report)
{
    go_name("a\nb\x1b\"c");
    CHECK(strcmp(rt_g()->name, "a?b??c") == 0);
}
