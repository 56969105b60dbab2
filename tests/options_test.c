/*
 * options_test.c - the command line is taken whole, or refused with status 2.
 */
#include "harness/options.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <unistd.h>

#include "harness/belongs.h"
#include "harness/option_table.h"

static struct hn_options options;

/* Parses "vigil" and the words of line; complaints go to stderr's file. */
static int parse_as(bool own, const char *line)
{
    static char copy[512];
    static char *argv[32];
    int argc = 0;

    snprintf(copy, sizeof(copy), "vigil %s", line);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
        argv[argc++] = word;
    argv[argc] = NULL;
    return hn_options_parse(argc, argv, own, &options);
}

static int parse(const char *line)
{
    return parse_as(false, line);
}

/* What a refused line prints: exactly one line. */
static const char *complaint(const char *line)
{
    static char text[1024];
    int ends[2], kept = dup(2);
    ssize_t n;

    cr_assert_eq(pipe(ends), 0);
    dup2(ends[1], 2);
    cr_assert_eq(parse(line), HN_EXIT_USAGE);
    fflush(stderr);
    dup2(kept, 2);
    close(ends[1]);
    n = read(ends[0], text, sizeof(text) - 1);
    text[n > 0 ? n : 0] = '\0';
    cr_assert(n > 0 && strchr(text, '\n') == text + n - 1, "'%s'", text);
    return text;
}

#define REFUSES(line, part)                                                    \
    do {                                                                       \
        const char *said = complaint(line);                                    \
        cr_assert(strstr(said, part), "'%s' said: %s", line, said);            \
    } while (0)

Test(options, defaults_are_one_run_each_on_all_processors)
{
    cr_assert_eq(parse("run"), -1);
    cr_assert_eq(options.command, HN_RUN);
    cr_assert_eq(options.npaths, 0);
    cr_assert_eq(options.repeat, 1);
    cr_assert_eq(options.procs, 0);
    cr_assert_eq(options.timeout, 0);
    cr_assert(options.jobs >= 1 && options.seed != 0);
    cr_assert(options.memory > 0 && options.memory <= UINT64_C(4) << 30);
}

Test(options, all_values_are_taken)
{
    cr_assert_eq(parse("run a --filter x* --jobs 3 --procs 2 --timeout 250ms "
                       "b --repeat 7 --seed 42 --strict --format json "
                       "--output f --color never --verbose --memory 1G"),
                 -1);
    cr_assert_eq(options.command, HN_RUN);
    cr_assert_eq(options.npaths, 2);
    cr_assert_str_eq(options.paths[0], "a");
    cr_assert_str_eq(options.paths[1], "b");
    cr_assert_str_eq(options.filter, "x*");
    cr_assert(options.jobs == 3 && options.procs == 2 && options.repeat == 7);
    cr_assert_eq(options.timeout, 250000000);
    cr_assert_eq(options.seed, 42u);
    cr_assert(options.strict && options.verbose && !options.quiet);
    cr_assert_eq(options.format, HN_JSON_FORMAT);
    cr_assert_str_eq(options.output, "f");
    cr_assert_eq(options.color, HN_COLOR_NEVER);
    cr_assert_eq(options.memory, UINT64_C(1) << 30);
}

Test(options, stand_anywhere_and_may_be_short)
{
    cr_assert_eq(parse("-j2 run -q -o out"), -1);
    cr_assert(options.jobs == 2 && options.quiet);
    cr_assert_str_eq(options.output, "out");
    cr_assert_eq(parse("run --jobs=4 -- --strict"), -1);
    cr_assert_str_eq(options.paths[0], "--strict");
}

Test(options, own_programs_run_without_a_command)
{
    cr_assert_eq(parse_as(true, ""), -1);
    cr_assert_eq(options.command, HN_RUN);
    cr_assert(options.own);
    REFUSES("", "a command is missing");
}

Test(options, a_wrong_number_says_what_is_right)
{
    REFUSES("run --jobs 0", "--jobs '0' is wrong: it takes a number from 1");
    REFUSES("run --jobs 129", "1 to 128");
    REFUSES("run --jobs 3x", "'3x'");
    REFUSES("run --procs -1", "1 to 256");
    REFUSES("run --repeat 0", "1 to 1000000");
    REFUSES("run --seed 0", "--seed '0'");
    REFUSES("run --seed 18446744073709551616", "--seed");
    REFUSES("run --memory 5", "512M");
    REFUSES("run --timeout 5", "250ms");
    REFUSES("run --timeout 0s", "above 0");
    REFUSES("run --timeout 8761h", "up to 8760h");
    REFUSES("run --filter=", "--filter '' is wrong: it takes a pattern");
}

Test(options, a_wrong_word_says_what_is_right)
{
    REFUSES("run --format xml", "text or json");
    REFUSES("score --format xml", "markdown");
    REFUSES("run --color blue", "auto, always or never");
    REFUSES("walk", "unknown command 'walk': run, list");
    REFUSES("run --quiet --verbose", "do not go together");
}

Test(options, an_unknown_option_is_named_and_what_was_meant)
{
    REFUSES("run --jbos 3", "unknown option '--jbos': did you mean --jobs?");
    REFUSES("run a --fliter=x b", "did you mean --filter?");
    REFUSES("run --zork a", "unknown option '--zork' (--help");
    REFUSES("run -x", "unknown option '-x'");
    REFUSES("run -qz", "unknown option '-z'");
}

Test(options, what_would_change_nothing_is_refused)
{
    REFUSES("list --repeat 3", "--repeat is in vain: list runs nothing");
    REFUSES("list --all", "--all is in vain: list");
    REFUSES("graph x -j2", "--jobs is in vain: graph shows one run");
    REFUSES("graph x --strategy pct", "--strategy is in vain: graph");
    REFUSES("explore --procs 2", "--procs is in vain: explore");
    REFUSES("score -v", "--verbose is in vain: score");
    REFUSES("score --strict", "--strict is in vain: score");
    cr_assert_eq(parse("list --filter x --json -o out"), -1);
    cr_assert_eq(parse("graph x --seed 2 --procs 2 --timeout 5s"), -1);
    cr_assert_eq(parse("replay --repeat 3 -q gx1:x:*:"), -1);
}

Test(options, of_two_values_none_is_taken)
{
    REFUSES("run --seed 1 --seed 2", "twice, as '1' and '2': choose one");
    REFUSES("run --json --format text", "--format is given twice");
    REFUSES("run -j2 --jobs=3", "--jobs is given twice, as '2' and '3'");
    cr_assert_eq(parse("run --seed 2 -q --seed 2 -q --json --json"), -1);
    cr_assert_eq(options.seed, 2u);
}

Test(options, a_missing_value_says_what_is_wanted)
{
    REFUSES("run --jobs", "--jobs wants a value: a number from 1 to 128");
    REFUSES("run -j", "-j wants a value");
    REFUSES("run --filter", "--filter wants a value");
    REFUSES("run --strict=1", "--strict takes no value");
    REFUSES("run --s", "could mean several");
}

/* One that is right, for an option that takes one. */
static const char *right_value(const struct argp_option *option)
{
    static const char *const values[][2] = {
        {"filter", "x"},     {"timeout", "1s"},  {"memory", "1G"},
        {"strategy", "pct"}, {"time", "racy"},   {"races", "report"},
        {"isolate", "fork"}, {"format", "json"}, {"output", "x"},
        {"color", "never"},  {"baseline", "x"},  {"save", "x"},
    };

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        if (strcmp(values[i][0], option->name) == 0)
            return values[i][1];
    return "1";
}

/* Alone, or behind --prefix. */
static bool takes(const char *command, const struct argp_option *option)
{
    bool replay = strcmp(command, "replay") == 0;
    char line[128];
    int n =
        snprintf(line, sizeof(line), "%s --%s%s%s%s", command, option->name,
                 option->arg ? "=" : "", option->arg ? right_value(option) : "",
                 replay ? " gx1:x:*:" : "");

    if (parse(line) == -1)
        return true;
    snprintf(line + n, sizeof(line) - (size_t)n, " --prefix");
    return replay && parse(line) == -1;
}

Test(options, what_is_told_of_a_command_is_what_it_takes)
{
    static const char *const commands[] = {"run",     "list",   "graph",
                                           "explore", "replay", "score"};
    int null = open("/dev/null", O_WRONLY);

    dup2(null, 2);
    for (int c = HN_RUN; c <= HN_SCORE; c++)
        for (const struct argp_option *o = hn_option_table; o->name; o++)
            if (o->key != 'h' && o->key != HN_KEY_VERSION)
                cr_assert_eq(takes(commands[c], o), hn_belongs_to(c, o->name),
                             "%s --%s", commands[c], o->name);
}

Test(options, help_and_version_end_well)
{
    int null = open("/dev/null", O_WRONLY), kept = dup(1);
    int help, version;

    fflush(stdout);
    dup2(null, 1);
    help = parse("--help");
    version = parse("run --version");
    fflush(stdout);
    dup2(kept, 1);
    cr_assert_eq(help, HN_EXIT_EXPECTED);
    cr_assert_eq(version, HN_EXIT_EXPECTED);
}
