/*
 * check.c - a verdict inside other people's tests: harness.h's vigil_check.
 *
 * In:  a path and how to run it. Out: 0, 1 or -errno, and the text that the
 * command would have printed.
 */
#include <vigil/harness.h>

#include <errno.h>
#include <stdlib.h>

#include "harness/process.h"
#include "harness/show.h"

static int run(const struct hn_suite *suite, const struct hn_options *o,
               FILE *out)
{
    struct hn_run_end end;
    struct hn_show show;
    int err, status;

    hn_show_init(&show, suite, o, out);
    show.progress = false;
    hn_show_begin(&show);
    err = hn_runner_run(suite, o, false, &show.sink, &end);
    status = (int)hn_show_end(&show, &end);
    if (err != 0)
        fprintf(out, "%s\n", end.why);
    return err != 0 ? err : end.signal != 0 ? -EINTR : status;
}

int vigil_check(const char *path, const struct vigil_how *how, char **report)
{
    static const struct vigil_how plain;
    char *argv[] = {(char *)"vigil", (char *)"run", NULL};
    char why[HN_SUITE_WHY] = "", *text = NULL;
    struct hn_options options;
    struct hn_suite suite = {0};
    size_t size;
    FILE *out = open_memstream(&text, &size);
    int err;

    if (!out)
        return -errno;
    if (!how)
        how = &plain;
    hn_options_parse(2, argv, false, &options); /* the defaults */
    options.procs = how->procs;
    options.repeat = how->repeat > 0 ? how->repeat : 1;
    options.timeout = how->timeout;
    options.strict = how->strict;
    options.quiet = true;
    if (how->seed)
        options.seed = how->seed;
    hn_process_setup();
    err = hn_suite_add_path(&suite, path, why);
    if (err == 0)
        err = run(&suite, &options, out);
    else
        fprintf(out, "%s\n", why);
    hn_suite_free(&suite);
    fclose(out);
    if (report)
        *report = text;
    else
        free(text);
    return err;
}
