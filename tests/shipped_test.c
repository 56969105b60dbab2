/*
 * shipped_test.c - paths near this executable.
 */
#include "harness/shipped.h"

#include <criterion/criterion.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The folder of this test program, absolute. */
static char *here(void)
{
    static char exe[4096];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

    exe[n] = '\0';
    return dirname(exe);
}

Test(shipped, beside_is_absolute_from_elsewhere)
{
    char want[4200];

    snprintf(want, sizeof(want), "%s/some/thing", here());
    cr_assert_eq(chdir("/usr"), 0);
    cr_assert_str_eq(hn_shipped_beside("some/thing"), want);
}

Test(shipped, beside_is_short_when_we_stand_above)
{
    cr_assert_eq(chdir(here()), 0);
    cr_assert_str_eq(hn_shipped_beside("some/thing"), "some/thing");
}

Test(shipped, a_source_maps_to_its_program_only_if_that_is_there)
{
    char exe[4096], source[4200];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

    exe[n] = '\0';
    snprintf(source, sizeof(source), "%s.c", basename(exe));
    cr_assert_eq(chdir("/"), 0);
    cr_assert(hn_shipped_built_from(source));
    cr_assert_null(hn_shipped_built_from("no/such/thing.c"));
}
