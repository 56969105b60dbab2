/* schedfile_test.c - schedules in full, to files and back. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/explore/schedfile.h"

static char path[64], why[HN_SCHEDFILE_WHY];
static struct hn_schedfile file;

static void setup(void)
{
    strcpy(path, "/tmp/schedfile_testXXXXXX");
    close(mkstemp(path));
}
static void teardown(void)
{
    unlink(path);
}
TestSuite(schedfile, .init = setup, .fini = teardown);

static void put(const char *text, size_t n)
{
    FILE *f = fopen(path, "we");

    cr_assert(f && fwrite(text, 1, n, f) == n);
    fclose(f);
}

/* Reads what says so; its complaint, "" when there is none. */
static const char *read_text(const char *text)
{
    put(text, strlen(text));
    why[0] = '\0';
    if (hn_schedfile_read(path, &file, why) == 0)
        hn_schedfile_free(&file);
    return why;
}

static void save(const char *token, const char *lines)
{
    struct hn_schedout out;

    cr_assert_eq(hn_schedout_open(&out, path, why), 0, "%s", why);
    cr_assert_eq(hn_schedout_write(&out, token, lines, strlen(lines), why), 0,
                 "%s", why);
}

#define TOKEN "gx1:one:*:@1=b"
#define HEAD  "vigil-sched/1\nscenario one\ntoken " TOKEN "\n"

Test(schedfile, what_is_written_is_read_back)
{
    save(TOKEN, " 0 a add 1\n 1 b lock 2\n");
    cr_assert_eq(hn_schedfile_read(path, &file, why), 0, "%s", why);
    cr_assert_str_eq(file.scenario, "one");
    cr_assert_str_eq(file.token, TOKEN);
    cr_assert_eq(file.n, 2);
    cr_assert_str_eq(file.steps[1], " 1 b lock 2");
    hn_schedfile_free(&file);
}

Test(schedfile, says_in_a_line_who_goes_on)
{
    char text[512] = "";
    FILE *f;

    save(TOKEN, " 0  a x\n 1  as1 x\n 2  bpa x\n 3  t clock\n 4  (21) x\n"
                " 5  (21)s0 x\n");
    f = fopen(path, "re");
    cr_assert(fread(text, 1, sizeof(text) - 1, f) > 0);
    fclose(f);
    cr_assert(strstr(text, "\norder a2 b t (21)2\n"), "%s", text);
}

Test(schedfile, a_line_that_was_cut_is_left_out)
{
    save(TOKEN, " 0 a add 1\n 1 b lo");
    cr_assert_eq(hn_schedfile_read(path, &file, why), 0, "%s", why);
    cr_assert_eq(file.n, 1);
    hn_schedfile_free(&file);
}

Test(schedfile, comments_and_ends_of_line_of_others_are_fine)
{
    cr_assert_str_eq(read_text("vigil-sched/1\r\nscenario one\r\n# mine\r\n\r\n"
                               "token " TOKEN "\r\n0 a\r\nend 1\r\n"),
                     "");
}

Test(schedfile, what_is_wrong_is_named)
{
    static const struct {
        const char *text, *says;
    } all[] = {
        {"", "its first line is not 'vigil-sched/1'"},
        {"#!/bin/sh\n", "it is no schedule"},
        {"vigil-sched/7\n", "it is of version 7, and only version 1 is known"},
        {HEAD "0 a\n", "it is cut"},
        {HEAD "0 a\nend 2\n", "says that it has 2 steps, but has 1"},
        {HEAD "0 a\nend\n", "line 5 is no step: 'end'"},
        {HEAD "end x\n", "line 4: 'end' wants a number"},
        {HEAD "end 0\n0 a\n", "line 5 stands behind its end"},
        {HEAD "nonsense\nend 0\n", "line 4 is no step: 'nonsense'"},
        {"vigil-sched/1\nscenario one\nend 0\n", "it has no line 'token'"},
        {"vigil-sched/1\ntoken " TOKEN "\nend 0\n", "no line 'scenario'"},
        {"vigil-sched/1\nscenario two\ntoken " TOKEN "\nend 0\n",
         "its token is of the scenario one, and it of two"},
        {"vigil-sched/1\nscenario one\ntoken gx1:one\nend 0\n",
         "its token is wrong: it is cut"},
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        const char *said = read_text(all[i].text);

        cr_assert(strstr(said, all[i].says), "%zu: %s", i, said);
        cr_assert(strstr(said, path), "it names the file: %s", said);
    }
}

Test(schedfile, what_is_no_text_is_refused)
{
    put("vigil-sched/1\n\0\0", 16);
    cr_assert_neq(hn_schedfile_read(path, &file, why), 0);
    cr_assert(strstr(why, "it is no text"), "%s", why);
    cr_assert_neq(hn_schedfile_read("/", &file, why), 0);
    cr_assert(strstr(why, "cannot be read: Is a directory"), "%s", why);
}

Test(schedfile, what_was_there_stays_until_all_is_written)
{
    struct hn_schedout out;

    put("mine", 4);
    cr_assert_eq(hn_schedout_open(&out, path, why), 0);
    hn_schedout_drop(&out);
    cr_assert(strstr(read_text("mine"), "no schedule"));
    cr_assert_eq(hn_schedout_open(&out, path, why), 0);
    fclose(out.file);
    out.file = fopen("/dev/full", "we");
    cr_assert_neq(hn_schedout_write(&out, TOKEN, "0 a\n", 4, why), 0);
    cr_assert(strstr(why, "No space left"), "%s", why);
    cr_assert_neq(hn_schedfile_read(path, &file, why), 0);
    cr_assert(strstr(why, "it is no schedule"), "%s", why);
}

Test(schedfile, a_link_is_written_through)
{
    char link[80];
    struct stat st;

    snprintf(link, sizeof(link), "%s.link", path);
    cr_assert_eq(symlink(path, link), 0);
    {
        struct hn_schedout out;

        cr_assert_eq(hn_schedout_open(&out, link, why), 0);
        cr_assert_eq(hn_schedout_write(&out, TOKEN, "0 a\n", 4, why), 0);
    }
    cr_assert(lstat(link, &st) == 0 && S_ISLNK(st.st_mode));
    unlink(link);
    cr_assert_eq(hn_schedfile_read(path, &file, why), 0, "%s", why);
    hn_schedfile_free(&file);
}
