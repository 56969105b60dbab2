/*
 * suite_test.c - which scenarios a command works on.
 */
#include "harness/suite.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

SCENARIO(alpha, .about = "one", .expect = EXPECT_PANIC("text"))
{
}

SCENARIO(beta, .procs = 2)
{
}

static struct hn_suite suite;
static char why[HN_SUITE_WHY];

Test(suite, own_are_added_in_order)
{
    char self[PATH_MAX];

    cr_assert_eq(hn_suite_add_own(&suite, "dir/prog", NULL, why), 0);
    cr_assert_eq(suite.n, 2u);
    cr_assert_str_eq(suite.all[0].name, "alpha");
    cr_assert_str_eq(suite.all[0].label, "prog:alpha");
    cr_assert_str_eq(suite.all[0].group, "dir");
    cr_assert_str_eq(suite.all[0].program, "dir/prog");
    cr_assert_not_null(realpath("/proc/self/exe", self));
    cr_assert_str_eq(suite.all[0].exec, self);
    cr_assert_str_eq(suite.all[0].expect.text, "text");
    cr_assert_eq(suite.all[1].procs, 2);
    hn_suite_free(&suite);
    cr_assert_eq(suite.n, 0u);
}

Test(suite, a_program_of_the_same_name_is_not_named_twice)
{
    cr_assert_eq(hn_suite_add_own(&suite, "beta", "beta", why), 0);
    cr_assert_eq(suite.n, 1u);
    cr_assert_str_eq(suite.all[0].label, "beta");
    cr_assert_str_eq(suite.all[0].group, ".");
}

Test(suite, an_unknown_name_is_refused)
{
    cr_assert_eq(hn_suite_add_own(&suite, "prog", "gamma", why), -ENOENT);
    cr_assert_str_eq(why, "prog has no scenario 'gamma' (list shows them)");
}

Test(suite, filter_sees_name_label_folder_and_path)
{
    static const char *const globs[] = {"alpha", "al*", "prog:a*", "dir/*alpha",
                                        "top/dir/prog:alpha"};

    for (size_t i = 0; i < sizeof(globs) / sizeof(globs[0]); i++) {
        cr_assert_eq(hn_suite_add_own(&suite, "top/dir/prog", NULL, why), 0);
        hn_suite_filter(&suite, globs[i]);
        cr_assert_eq(suite.n, 1u, "%s", globs[i]);
        cr_assert_str_eq(suite.all[0].name, "alpha");
        hn_suite_free(&suite);
    }
    cr_assert_eq(hn_suite_add_own(&suite, "prog", NULL, why), 0);
    hn_suite_filter(&suite, "nothing");
    cr_assert_eq(suite.n, 0u);
}

Test(suite, paths_that_are_none_are_told_apart)
{
    cr_assert_eq(hn_suite_add_path(&suite, "/nowhere", why), -ENOENT);
    cr_assert_str_eq(why, "/nowhere: No such file or directory");
    cr_assert_eq(hn_suite_add_path(&suite, "/nowhere:x", why), -ENOENT);
    cr_assert_str_eq(why, "/nowhere: No such file or directory");
    cr_assert_eq(hn_suite_add_path(&suite, "/bin/sh", why), -ENOEXEC);
    cr_assert(strstr(why, "/bin/sh: not a scenario program"));
    cr_assert_eq(hn_suite_add_path(&suite, "/tmp:x", why), -EISDIR);
    cr_assert_eq(suite.n, 0u);
}

Test(suite, a_folder_without_programs_is_told_and_runs_nothing)
{
    char dir[] = "/tmp/suite_XXXXXX", trap[64], proof[64];
    FILE *f;

    cr_assert(mkdtemp(dir));
    snprintf(trap, sizeof(trap), "%s/trap", dir);
    snprintf(proof, sizeof(proof), "%s/proof", dir);
    f = fopen(trap, "w");
    fprintf(f, "#!/bin/sh\ntouch %s\n", proof);
    fclose(f);
    chmod(trap, 0755);
    cr_assert_eq(hn_suite_add_path(&suite, dir, why), -ENOENT);
    cr_assert(strstr(why, "no scenario programs in this folder"));
    cr_assert_neq(access(proof, F_OK), 0);
    unlink(trap);
    rmdir(dir);
}
