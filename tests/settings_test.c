/* settings_test.c - what VIGIL= takes, and what it says of what it does not. */
#include <criterion/criterion.h>
#include <string.h>

#include "runtime/monitor/settings.h"

static char why[256];

static struct mon_settings parsed(const char *text)
{
    struct mon_settings s = MON_SETTINGS_DEFAULT;

    cr_assert(mon_settings_parse(text, &s, why, sizeof(why)), "%s: %s", text,
              why);
    return s;
}

static void refused(const char *text, const char *part)
{
    struct mon_settings s = MON_SETTINGS_DEFAULT;

    cr_assert(!mon_settings_parse(text, &s, why, sizeof(why)), "%s", text);
    cr_assert(strstr(why, part), "\"%s\" is not in \"%s\"", part, why);
    cr_assert(!strchr(why, '\n'));
}

Test(settings, nothing_asked_for_is_the_default)
{
    struct mon_settings s = parsed(NULL);

    cr_assert_eq(s.procs, 0);
    cr_assert_eq(s.look, -1);
    cr_assert_eq(s.leaks, MON_OFF);
    cr_assert(!s.seed_given && !s.report_full);
    cr_assert_eq(parsed("").procs, 0);
}

Test(settings, each_name_sets_its_field)
{
    struct mon_settings s = parsed("procs=4,seed=7,leaks=error,look=100ms,"
                                   "clock=virtual,stack=256k,report=full,"
                                   "order=report");

    cr_assert_eq(s.procs, 4);
    cr_assert(s.seed_given && s.seed == 7);
    cr_assert_eq(s.leaks, MON_ERROR);
    cr_assert_eq(s.look, 100000000);
    cr_assert_eq(s.clock, MON_CLOCK_VIRTUAL);
    cr_assert_eq(s.stack, 256u << 10);
    cr_assert(s.report_full);
    cr_assert(s.order_given && s.order == MON_REPORT);
}

Test(settings, comma_too_many_is_none)
{
    cr_assert_eq(parsed("procs=4,").procs, 4);
    cr_assert_eq(parsed(",procs=4").procs, 4);
    cr_assert_eq(parsed("seed=7,,procs=4").procs, 4);
}

Test(settings, units_of_time_and_size)
{
    cr_assert_eq(parsed("look=2s").look, 2000000000);
    cr_assert_eq(parsed("look=1000us").look, 1000000);
    cr_assert_eq(parsed("look=1h").look, 3600000000000);
    cr_assert_eq(parsed("look=off").look, 0);
    cr_assert_eq(parsed("stack=1m").stack, 1u << 20);
    cr_assert_eq(parsed("stack=65536").stack, 65536);
}

Test(settings, largest_seed_fits_and_more_does_not)
{
    cr_assert_eq(parsed("seed=18446744073709551615").seed, UINT64_MAX);
    refused("seed=18446744073709551616", "below 2^64");
    refused("seed=0", "seed takes a number from 1, below 2^64");
}

Test(settings, unknown_name_lists_the_known_ones)
{
    refused("porcs=4", "unknown setting \"porcs\"; there are procs, seed");
    refused("Procs=4", "unknown setting");
    refused("proc=4", "unknown setting");
}

Test(settings, wrong_value_says_what_would_be_right)
{
    refused("procs=0", "procs=0: procs takes a number from 1 to 256");
    refused("procs=257", "procs takes");
    refused("procs=4x", "procs=4x");
    refused("procs=-1", "procs takes");
    refused("procs=", "procs takes");
    refused("procs", "VIGIL: procs: procs takes");
    refused("look=100", "look takes off or a duration");
    refused("look=1us", "at least 1ms");
    refused("clock=fast", "real or virtual");
    refused("leaks=yes", "off, report or error");
    refused("stack=1k", "16k to 1g");
    refused("report=long", "grouped or full");
}

Test(settings, name_given_twice_is_refused)
{
    refused("procs=1,procs=2", "\"procs\" is given twice");
}

Test(settings, a_token_keeps_its_commas)
{
    struct mon_settings s = parsed("procs=2,replay=gx1:a:*:@1=b,@2=cs1,seed=7");

    cr_assert_eq(s.procs, 2);
    cr_assert_eq(s.seed, 7);
    cr_assert_eq(s.replay_n, strlen("gx1:a:*:@1=b,@2=cs1"));
    cr_assert(strncmp(s.replay, "gx1:a:*:@1=b,@2=cs1", s.replay_n) == 0);
    s = parsed("replay=gx1:a:30a1:u1,@2=c,");
    cr_assert_eq(s.replay_n, strlen("gx1:a:30a1:u1,@2=c"));
    cr_assert_null(parsed("seed=7").replay);
}

Test(settings, a_stop_is_the_number_of_a_choice)
{
    cr_assert_eq(parsed("replay=gx1:a:*:,stop=0").stop, 0);
    cr_assert_eq(parsed("seed=7").stop, UINT32_MAX);
    refused("stop=-1", "the number of a choice");
}

Test(settings, a_choice_to_stop_at_is_one_of_a_token)
{
    cr_assert_eq(parsed("stop=3,replay=gx1:a:*:").stop, 3);
    refused("stop=3", "stop=3: it goes with replay=TOKEN");
    refused("stop=4294967295,replay=gx1:a:*:", "stop takes the number");
}

/* Whatever it is: one line, that ends with what would be right. */
Test(settings, what_is_long_or_no_text_is_still_one_line)
{
    char text[1000] = "look=";

    memset(text + 5, '9', 900);
    refused(text, "999...: look takes off or a duration of at least 1ms");
    memset(text, 'x', 900);
    refused(text, "xxx...\"; there are procs, seed,");
    cr_assert_str_eq(strrchr(why, ' '), " stop");
    refused("clock=re\nal\033[31m", "clock=re?al?[31m: clock takes real or");
}
