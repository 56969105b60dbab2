/*
 * program.c - what scenarios a program holds: it is asked.
 *
 * In:  the path of a scenario program. Out: its scenarios, added to a suite.
 *
 * It is asked with "list --format json", as a child under a time limit: its
 * constructors are the user's code, and may print, hang or crash.
 */
#include "harness/program.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/capture.h"
#include "harness/options.h"
#include "harness/process.h"
#include "harness/sanitizer.h"

enum {
    ASK_TIMEOUT_MS = 10000,
    ASK_OUTPUT_MAX = 8 << 20,
    HOW = 64,
};

static void drain(int fd, struct hn_capture *to)
{
    char buf[16384];
    ssize_t n;

    while ((n = read(fd, buf, sizeof(buf))) > 0)
        hn_capture_add(to, buf, (size_t)n);
}

/* Runs argv to its end; what it printed in *out. 0, or -errno. */
static int ask(char *const argv[], struct hn_capture *out,
               struct hn_ending *end)
{
    struct hn_process p;
    struct pollfd wait[2];
    int ready = 1, err = hn_process_start(argv, &p);

    if (err != 0)
        return err;
    wait[0] = (struct pollfd){.fd = p.pidfd, .events = POLLIN};
    wait[1] = (struct pollfd){.fd = p.from[HN_FROM_OUTPUT], .events = POLLIN};
    while (ready != 0 && !(wait[0].revents & POLLIN)) {
        ready = poll(wait, 2, ASK_TIMEOUT_MS);
        drain(p.from[HN_FROM_OUTPUT], out);
        if (wait[1].revents & POLLHUP)
            wait[1].fd = -1;
    }
    *end = hn_process_reap(&p);
    drain(p.from[HN_FROM_OUTPUT], out);
    hn_process_close(&p);
    return ready == 0 ? -ETIMEDOUT : 0;
}

/* The scenario that a line tells of, wherever it begins there: constructors
   may print, and end no line. -EINVAL: there is none. */
static int read_line(const char *line, struct hn_scenario *one,
                     size_t *scenarios)
{
    const char *at = strstr(line, HN_SCENARIO_LINE);
    json_t *json = at ? json_loads(at, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
    int err = json ? hn_scenario_from_json(json, one, scenarios) : -EINVAL;

    json_decref(json);
    return err;
}

/*
 * Each line of a program's answer that is a scenario; how many are called name.
 * -ENOMSG: none is. -EBADMSG: they are not as many as there are.
 */
static int read_answer(struct hn_suite *suite, const char *program,
                       const char *name, char *text)
{
    char *rest = text, *line;
    size_t all = 0, read = 0;
    int found = 0, err;

    while ((line = strsep(&rest, "\n"))) {
        struct hn_scenario one;

        err = read_line(line, &one, &all);
        if (err == -EINVAL)
            continue;
        if (err != 0)
            return err;
        read++;
        if (name && strcmp(name, one.name) != 0) {
            hn_scenario_free(&one);
            continue;
        }
        found++;
        err = hn_suite_append(suite, program, program, one);
        if (err != 0)
            return err;
    }
    return read == 0 ? -ENOMSG : all && read != all ? -EBADMSG : found;
}

/* What it complained of, for the end of a line, without its own; or how it
   ended. */
static const char *last_words(char *text, size_t len,
                              const struct hn_ending *end, char how[HOW])
{
    while (len > 0 && text[len - 1] == '\n')
        text[--len] = '\0';
    if (len > 0)
        return text;
    if (end->signal)
        snprintf(how, HOW, "killed by SIG%s", sigabbrev_np(end->signal));
    else
        snprintf(how, HOW, "exit status %d", end->code);
    return how;
}

/* Why it holds scenarios, and none can be had of it. */
static int complain(char why[HN_SUITE_WHY], int err, const char *program)
{
    switch (err) {
    case -ETIMEDOUT:
        return hn_suite_complain(
            why, err, "%s: does not tell its scenarios within 10 s", program);
    case -ENOMSG:
        return hn_suite_complain(
            why, err,
            "%s: holds scenarios, and tells of none when asked for them: is "
            "vigil_main (vigil/harness.h) the first that its main calls?",
            program);
    case -EBADMSG:
        return hn_suite_complain(
            why, err,
            "%s: not all of what it tells of its scenarios can be read",
            program);
    case -EPROTO:
        return hn_suite_complain(
            why, err, "%s: tells of scenarios that this version does not know",
            program);
    default:
        return hn_suite_complain(why, err,
                                 "%s: can not be asked for its scenarios: %s",
                                 program, strerror(-err));
    }
}

/* name NULL: all of its scenarios. */
int hn_program_ask(struct hn_suite *suite, const char *program,
                   const char *name, char why[HN_SUITE_WHY])
{
    char *argv[] = {(char *)program, "list", "--format", "json", NULL};
    struct hn_capture out;
    struct hn_ending end;
    char *dotted = NULL, *text = NULL, how[HOW], hint[HN_SANITIZER_HINT];
    size_t len;
    int err;

    /* without a slash it would be looked for in PATH by others */
    if (!strchr(program, '/') && asprintf(&dotted, "./%s", program) > 0)
        program = argv[0] = dotted;
    hn_capture_init(&out, ASK_OUTPUT_MAX, 0);
    err = ask(argv, &out, &end);
    text = hn_capture_text(&out, &len);
    if (err == 0 && !text)
        err = -ENOMEM;
    if (err == 0 && end.code != 0)
        err = hn_suite_complain(
            why, end.code == HN_EXIT_FAILED ? -ECANCELED : -ECHILD,
            "%s: fails when asked for its scenarios: %.200s%s", program,
            last_words(text, len, &end, how), hn_sanitizer_hint(program, hint));
    else if (err == 0)
        err = read_answer(suite, program, name, text);
    if (err < 0 && err != -ECANCELED && err != -ECHILD)
        err = complain(why, err, program);
    else if (err == 0)
        err = hn_suite_complain(why, -ENOENT,
                                "%s has no scenario '%s' (list shows them)",
                                program, name);
    hn_capture_free(&out);
    free(text);
    free(dotted);
    return err < 0 ? err : 0;
}
