/*
 * help.c - what --help says: of all commands, or of one.
 *
 * In:  the table of options, and which of them go with a command (belongs.h).
 * Out: text, laid out by argp.
 */
#include "harness/help.h"

#include <string.h>

#include "harness/belongs.h"
#include "harness/option_table.h"

#define STATUS "Exit status: 0 all as expected, 1 some not, 2 wrong use, 3 "
#define OF_PATHS                                                               \
    "PATH is a scenario program, PROGRAM:NAME, or a folder of programs; by "   \
    "default what is shipped."

static const struct argp all_commands = {
    .options = hn_option_table,
    .args_doc = "run|list|explore|score [PATH...]\ngraph PATH:NAME\n"
                "replay [PATH] TOKEN|FILE.sched",
    .doc =
        "Runs scenarios of concurrent programs and tells which of their "
        "goroutines are stuck for ever, and why.\n" OF_PATHS
        " COMMAND --help tells what goes with that command.\v"
        "graph prints the wait-for graph at the end of one run as DOT, or with "
        "--json its report. " STATUS "vigil itself failed.",
};

static const struct argp all_own = {
    .options = hn_option_table,
    .args_doc =
        "run|list|explore|score [NAME...]\ngraph NAME\nreplay TOKEN|FILE.sched",
    .doc = "Runs the scenarios of this program and tells which of their "
           "goroutines are stuck for ever, and why. COMMAND --help tells what "
           "goes with that command.\v"
           "graph prints the wait-for graph at the end of one run as DOT, or "
           "with --json its report. " STATUS "the harness itself failed.",
};

static const struct {
    const char *name, *args, *own_args, *doc;
} commands[] = {
    [HN_RUN] = {"run", "[PATH...]", "[NAME...]",
                "Runs scenarios, each in a process of its own. What is to be "
                "explored (.explore = true) is, by a small budget."},
    [HN_LIST] = {"list", "[PATH...]", "[NAME...]", "Lists scenarios."},
    [HN_GRAPH] = {"graph", "PATH:NAME", "NAME",
                  "Prints the wait-for graph at the end of one run as DOT, or "
                  "with --json its report."},
    [HN_EXPLORE] = {"explore", "[PATH...]", "[NAME...]",
                    "Runs scenarios under schedule after schedule, until one "
                    "fails or all have been tried."},
    [HN_REPLAY] = {"replay", "[PATH] TOKEN|FILE.sched", "TOKEN|FILE.sched",
                   "Plays a schedule that explore has found; with --prefix, "
                   "what comes behind it is explored, and options of a search "
                   "go with it."},
    [HN_SCORE] = {"score", "[PATH...]", "[NAME...]",
                  "Explores each bug that has a cured twin, with many seeds, "
                  "and the twin: how soon it is found, and whether the cure is "
                  "silent."},
};

static void print(FILE *to, const char *name, const struct argp *argp)
{
    argp_help(argp, to, ARGP_HELP_STD_HELP & ~ARGP_HELP_EXIT_OK, (char *)name);
}

void hn_help(FILE *to, const char *name, bool own)
{
    print(to, name, own ? &all_own : &all_commands);
}

/* Which command's it is stands in front, in the help of all. */
static const char *without(const char *doc, const char *command)
{
    size_t n = strlen(command);

    return strncmp(doc, command, n) == 0 && strncmp(doc + n, ": ", 2) == 0
               ? doc + n + 2
               : doc;
}

/* Those that go with it. */
static void choose(enum hn_command command,
                   struct argp_option to[HN_OPTIONS_MAX])
{
    size_t n = 0;

    for (const struct argp_option *o = hn_option_table; o->name; o++) {
        if (!hn_belongs_to(command, o->name))
            continue;
        to[n] = *o;
        to[n++].doc = without(o->doc, commands[command].name);
    }
    to[n] = (struct argp_option){0};
}

void hn_help_command(FILE *to, const char *name, bool own,
                     enum hn_command command)
{
    struct argp_option options[HN_OPTIONS_MAX];
    char whole[128], doc[512];
    const struct argp argp = {.options = options,
                              .args_doc = own ? commands[command].own_args
                                              : commands[command].args,
                              .doc = doc};

    choose(command, options);
    snprintf(whole, sizeof(whole), "%.64s %s", name, commands[command].name);
    snprintf(doc, sizeof(doc), "%s%s", commands[command].doc,
             own ? "" : "\n" OF_PATHS);
    print(to, whole, &argp);
}
