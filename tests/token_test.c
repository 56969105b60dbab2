/* token_test.c - schedules to text and back. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/explore/token.h"
#include "runtime/sched/task.h"

static struct hn_deviation step(uint32_t at, uint32_t task, int32_t which,
                                uint32_t partner, int32_t partner_which)
{
    return (struct hn_deviation){at,      task,          which,
                                 partner, partner_which, false};
}

static char *written(const struct hn_deviation *d, size_t n)
{
    static char text[1024];
    struct hn_token_body body = {.to = text, .cap = sizeof(text)};

    hn_token_begin(&body, 0);
    for (size_t i = 0; i < n; i++)
        cr_assert(hn_token_add(&body, &d[i]));
    return text;
}

static void read_back(const struct hn_deviation *d, size_t n)
{
    char *text = hn_token_make("some", 0x7e0f, true, written(d, n));
    char why[HN_TOKEN_WHY] = "";
    struct hn_token token;

    cr_assert_eq(hn_token_read(text, &token, why), 0, "%s: %s", text, why);
    cr_assert_str_eq(token.scenario, "some");
    cr_assert(token.hashed && token.hash == 0x7e0f);
    cr_assert_eq(token.schedule.n, n);
    for (size_t i = 0; i < n; i++) {
        const struct hn_deviation *a = &token.schedule.all[i];

        cr_assert(a->at == d[i].at && a->task == d[i].task &&
                      a->which == d[i].which && a->partner == d[i].partner &&
                      a->partner_which == d[i].partner_which &&
                      a->number == d[i].number,
                  "%s: %zu", text, i);
    }
    hn_token_free(&token);
    free(text);
}

/* Each is the nth of the one before. */
static uint32_t chain(uint32_t from, uint32_t nth, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        from = rt_task_number(from, nth);
    return from;
}

Test(token, every_kind_of_deviation_comes_back)
{
    uint32_t b = rt_task_number(0, 0), c = rt_task_number(0, 1),
             cb = rt_task_number(c, 0), many = rt_task_number(0, 1000),
             timer = rt_task_number(RT_TASK_CLOCK, 2);
    uint32_t deep = chain(b, 0, 3000);
    const struct hn_deviation all[] = {
        step(0, 0, -1, GO_NOWHERE, -1),
        step(1, b, 3, GO_NOWHERE, -1),
        step(2, cb, -1, many, -1),
        step(7, many, 12, b, 4),
        step(8, timer, -1, timer, 0),
        step(9, GO_NOWHERE, -1, GO_NOWHERE, -1),
        {4000000, GO_NOWHERE, 17, GO_NOWHERE, -1, true},
        step(4000001, deep, 1, chain(timer, 25, 40), 2),
        step(4000002, rt_task_number(deep, 1), -1, deep, -1),
    };

    read_back(all, sizeof(all) / sizeof(all[0]));
    read_back(all, 0);
}

Test(token, letters_that_mean_something_else_name_no_task)
{
    char path[16];

    for (uint32_t i = 0; i < 40; i++) {
        go_task_path(rt_task_number(0, i), path, sizeof(path));
        cr_assert(!strpbrk(path, "aprst:,@="), "%s", path);
        cr_assert_eq(go_task_find(path, strlen(path)), rt_task_number(0, i));
    }
}

Test(token, it_is_as_people_write_it)
{
    uint32_t b = rt_task_number(0, 0), c = rt_task_number(0, 1);
    const struct hn_deviation d[] = {step(2, c, 1, b, -1),
                                     step(3, GO_NOWHERE, -1, GO_NOWHERE, -1)};

    cr_assert_str_eq(written(d, 2), "@2=cs1pb,@3=t");
}

Test(token, a_body_that_is_full_stays_as_it_was)
{
    char text[8];
    struct hn_token_body body = {.to = text, .cap = sizeof(text)};
    const struct hn_deviation d = step(2, 0, -1, GO_NOWHERE, -1);

    hn_token_begin(&body, 0);
    cr_assert(hn_token_add(&body, &d));
    cr_assert(!hn_token_add(&body, &d));
    cr_assert_str_eq(text, "@2=a");
    cr_assert_eq(body.n, 2, "counted is what there is, not what fits");
}

/* Not in a row, so each generation is a letter. */
Test(token, names_are_as_long_as_they_have_to_be)
{
    enum {
        DEEP = 2000
    };
    static char text[DEEP + 200];
    struct hn_token_body body = {.to = text, .cap = sizeof(text)};
    struct hn_token token;
    uint32_t task = 0;
    struct hn_deviation d;
    char why[HN_TOKEN_WHY], *whole;

    for (uint32_t i = 0; i < DEEP; i++)
        task = rt_task_number(task, i % 2);
    d = step(2, task, 1, GO_NOWHERE, -1);
    hn_token_begin(&body, 0);
    cr_assert(hn_token_add(&body, &d));
    cr_assert_eq(body.len, strlen("@2=s1") + DEEP);
    cr_assert(!hn_token_add(&body, &d), "there is no room for another");
    cr_assert_eq(strlen(text), body.len);
    whole = hn_token_make("some", 0, false, text);
    cr_assert_eq(hn_token_read(whole, &token, why), 0, "%s", why);
    cr_assert_eq(token.schedule.all[0].task, task);
    hn_token_free(&token);
    free(whole);
}

/* For a shell: brackets and stars are its own. */
Test(token, the_command_can_be_typed_as_it_is)
{
    char *plain = hn_token_command("./x replay", "gx1:x:12ab:@2=cs1"),
         *quoted = hn_token_command("./x replay", "gx1:x:12ab:@2=(b*200)");

    cr_assert_str_eq(plain, "./x replay gx1:x:12ab:@2=cs1");
    cr_assert_str_eq(quoted, "./x replay 'gx1:x:12ab:@2=(b*200)'");
    free(plain);
    free(quoted);
}

Test(token, what_is_counted_comes_back)
{
    const struct hn_deviation d = step(2, 0, -1, GO_NOWHERE, -1);
    char room[16], why[HN_TOKEN_WHY], *text;
    struct hn_token_body body = {.to = room, .cap = sizeof(room)};
    struct hn_token token;

    hn_token_begin(&body, 5);
    cr_assert(hn_token_add(&body, &d));
    cr_assert_str_eq(room, "u5,@2=a");
    text = hn_token_make("some", 0, false, room);
    cr_assert_eq(hn_token_read(text, &token, why), 0);
    cr_assert(token.schedule.more == 5 && token.schedule.n == 1);
    hn_token_free(&token);
    free(text);
    hn_token_begin(&body, 0);
    cr_assert_str_eq(room, "");
    cr_assert_eq(hn_token_read("gx1:a:*:u1", &token, why), 0);
    cr_assert(token.schedule.more == 1 && token.schedule.n == 0);
    hn_token_free(&token);
}

static void refused(const char *text, const char *part)
{
    char why[HN_TOKEN_WHY] = "";
    struct hn_token token;

    cr_assert_eq(hn_token_read(text, &token, why), -EINVAL, "%s", text);
    cr_assert(strstr(why, part), "%s: '%s' has no '%s'", text, why, part);
    cr_assert_eq(token.schedule.n, 0);
}

Test(token, what_is_wrong_is_refused_and_named)
{
    refused("", "gx1:");
    refused("gx2:a:*:", "gx1:");
    refused("gx1:a", "cut");
    refused("gx1:a:0000", "cut");
    refused("gx1::0000:", "no scenario");
    refused("gx1:a:123:", "'123'");
    refused("gx1:a:ABCD:", "'ABCD'");
    refused("gx1:a:+123:", "'+123'");
    refused("gx1:a:*:u", "'u'");
    refused("gx1:a:*:u256", "u0 to u255");
    refused("gx1:a:*:u1@2=b", "'u1@2=b'");
    refused("gx1:a:*:u1,", "comma");
    refused("gx1:a:*:@2=b,u1", "'u1'");
    refused("gx1:a:*:2=b", "'2=b'");
    refused("gx1:a:*:@=b", "'@=b'");
    refused("gx1:a:*:@1b", "'@1b'");
    refused("gx1:a:*:@1=", "'@1='");
    refused("gx1:a:*:@1=b;", "'@1=b;'");
    refused("gx1:a:*:@1=bs", "'@1=bs'");
    refused("gx1:a:*:@1=bp", "'@1=bp'");
    refused("gx1:a:*:@1=r", "'@1=r'");
    refused("gx1:a:*:@1=(3)", "'@1=(3)'");
    refused("gx1:a:*:@1=(30", "'@1=(30'");
    refused("gx1:a:*:@1=b,", "comma");
    refused("gx1:a:*:@99999999999=b", "'@99999999999=b'");
    refused("gx1:a:*:@2=b,@2=c", "'@2=c'");
    refused("gx1:a:*:@2=b,@1=c", "'@1=c'");
}

Test(token, no_text_is_read_beyond_its_end)
{
    const char whole[] = "gx1:name:7e0f:@1=bs2pcs3,@2=r4,@9=(21)b,@10=t,@11=*b";
    char why[HN_TOKEN_WHY], *part;
    struct hn_token token;

    for (size_t n = 0; n < sizeof(whole); n++) {
        part = strndup(whole, n); /* a block of its own, for ASan to see */
        if (hn_token_read(part, &token, why) == 0)
            hn_token_free(&token);
        free(part);
    }
}

Test(token, a_name_may_be_of_any_length)
{
    enum {
        LENGTH = 5000
    };
    char name[LENGTH + 1], why[HN_TOKEN_WHY], *text;
    struct hn_token token;

    memset(name, 'x', LENGTH);
    name[LENGTH] = '\0';
    text = hn_token_make(name, 0, false, "@1=b");
    cr_assert_eq(hn_token_read(text, &token, why), 0, "%s", why);
    cr_assert_str_eq(token.scenario, name);
    cr_assert_eq(token.schedule.n, 1);
    hn_token_free(&token);
    free(text);
}
