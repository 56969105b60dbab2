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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/capture.h"
#include "harness/options.h"
#include "harness/process.h"

enum {
    ASK_TIMEOUT_MS = 10000,
    ASK_OUTPUT_MAX = 8 << 20,
};

static void drain(int fd, struct hn_capture *to)
{
    char buf[16384];
    ssize_t n;

    while ((n = read(fd, buf, sizeof(buf))) > 0)
        hn_capture_add(to, buf, (size_t)n);
}

/* Runs argv to its end; what it printed in *out. 0, or -errno: -ECHILD when it
   fails, -ECANCELED when it is vigil that does, in it. */
static int ask(char *const argv[], struct hn_capture *out)
{
    struct hn_process p;
    struct hn_ending end;
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
    end = hn_process_reap(&p);
    drain(p.from[HN_FROM_OUTPUT], out);
    hn_process_close(&p);
    return ready == 0                   ? -ETIMEDOUT
           : end.code == HN_EXIT_FAILED ? -ECANCELED
           : end.code == 0              ? 0
                                        : -ECHILD;
}

/* Each line of a program's answer that is a scenario. */
static int read_answer(struct hn_suite *suite, const char *program,
                       const char *name, char *text)
{
    char *rest = text, *line;
    int found = 0;

    while ((line = strsep(&rest, "\n"))) {
        struct hn_scenario one;
        json_t *json = line[0] == '{' ? json_loads(line, 0, NULL) : NULL;
        int err = json ? hn_scenario_from_json(json, &one) : -EINVAL;
        json_decref(json);
        if (err == -EINVAL) /* other output: constructors may print */
            continue;
        if (err != 0)
            return err;
        if (name && strcmp(name, one.name) != 0) {
            hn_scenario_free(&one);
            continue;
        }
        found++;
        err = hn_suite_append(suite, program, program, one);
        if (err != 0)
            return err;
    }
    return found;
}

/* What it complained of, for the end of a line: without its own. */
static const char *last_words(char *text, size_t len)
{
    while (len > 0 && text[len - 1] == '\n')
        text[--len] = '\0';
    return text;
}

/* name NULL: all of its scenarios. */
int hn_program_ask(struct hn_suite *suite, const char *program,
                   const char *name, char why[HN_SUITE_WHY])
{
    char *argv[] = {(char *)program, "list", "--format", "json", NULL};
    struct hn_capture out;
    char *dotted = NULL, *text = NULL;
    size_t len;
    int err;

    /* without a slash it would be looked for in PATH by others */
    if (!strchr(program, '/') && asprintf(&dotted, "./%s", program) > 0)
        program = argv[0] = dotted;
    hn_capture_init(&out, ASK_OUTPUT_MAX, 0);
    err = ask(argv, &out);
    text = hn_capture_text(&out, &len);
    if (err == 0 && text)
        err = read_answer(suite, program, name, text);
    else if (err == 0)
        err = -ENOMEM;
    if (err == -ETIMEDOUT)
        hn_suite_complain(
            why, err, "%s: does not tell its scenarios within 10 s", program);
    else if (err == -ECHILD || err == -ECANCELED)
        hn_suite_complain(why, err,
                          "%s: fails when asked for its scenarios: %.200s",
                          program, text ? last_words(text, len) : "");
    else if (err < 0)
        hn_suite_complain(why, err,
                          "%s: can not be asked for its scenarios: %s", program,
                          strerror(-err));
    else if (err == 0 && name)
        err = hn_suite_complain(why, -ENOENT,
                                "%s has no scenario '%s' (list shows them)",
                                program, name);
    hn_capture_free(&out);
    free(text);
    free(dotted);
    return err < 0 ? err : 0;
}
