/*
 * suite.c - the scenarios that a command works on, gathered from programs.
 *
 * In:  paths of the command line. Out: a list of scenarios, in the order of
 * the paths, folders sorted by name.
 *
 * A file is asked what it holds only when elfmark.c says that it is a scenario
 * program: nothing else in a folder is ever run. It is asked as a child under
 * a time limit, for its constructors are the user's code.
 */
#include "harness/suite.h"

#include <fnmatch.h>
#include <fts.h>
#include <libgen.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/capture.h"
#include "harness/elfmark.h"
#include "harness/process.h"
#include "harness/registry.h"

enum {
    ASK_TIMEOUT_MS = 10000,
    ASK_OUTPUT_MAX = 8 << 20,
};

static int complain(char why[HN_SUITE_WHY], int err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static int complain(char why[HN_SUITE_WHY], int err, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(why, HN_SUITE_WHY, fmt, args);
    va_end(args);
    return err;
}

static void scenario_free(struct hn_scenario *s)
{
    free(s->program);
    free(s->exec);
    free(s->group);
    free(s->label);
    free(s->name);
    free(s->file);
    free(s->about);
    free(s->origin);
    free((char *)s->expect.text);
}

void hn_suite_free(struct hn_suite *s)
{
    for (size_t i = 0; i < s->n; i++)
        scenario_free(&s->all[i]);
    free(s->all);
    *s = (struct hn_suite){0};
}

/* Where it stands and what to call it; takes over what one holds. */
static int append(struct hn_suite *suite, const char *program, const char *exec,
                  struct hn_scenario one)
{
    char *folder = strdup(program);
    const char *base = strrchr(program, '/');

    if (suite->n == suite->cap) {
        size_t cap = suite->cap ? 2 * suite->cap : 64;
        struct hn_scenario *all = realloc(suite->all, cap * sizeof(*all));
        if (!all) {
            free(folder);
            return -ENOMEM;
        }
        suite->all = all;
        suite->cap = cap;
    }
    base = base ? base + 1 : program;
    one.program = strdup(program);
    one.exec = strdup(exec);
    one.group = strdup(dirname(folder));
    if (strcmp(base, one.name) == 0)
        one.label = strdup(one.name);
    else if (asprintf(&one.label, "%s:%s", base, one.name) < 0)
        one.label = NULL;
    free(folder);
    suite->all[suite->n++] = one;
    return one.label ? 0 : -ENOMEM;
}

/* ---- what a program says of itself ---- */

static void drain(int fd, struct hn_capture *to)
{
    char buf[16384];
    ssize_t n;

    while ((n = read(fd, buf, sizeof(buf))) > 0)
        hn_capture_add(to, buf, (size_t)n);
}

/* Runs argv to its end; what it printed in *out. True: exit status 0. */
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
    return ready == 0 ? -ETIMEDOUT : end.code == 0 ? 0 : -ECHILD;
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
            scenario_free(&one);
            continue;
        }
        found++;
        err = append(suite, program, program, one);
        if (err != 0)
            return err;
    }
    return found;
}

/* name NULL: all of its scenarios. */
static int add_program(struct hn_suite *suite, const char *program,
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
        complain(why, err, "%s: does not tell its scenarios within 10 s",
                 program);
    else if (err == -ECHILD)
        complain(why, err, "%s: fails when asked for its scenarios: %.200s",
                 program, text ? text : "");
    else if (err < 0)
        complain(why, err, "%s: can not be asked for its scenarios: %s",
                 program, strerror(-err));
    else if (err == 0 && name)
        err =
            complain(why, -ENOENT, "%s has no scenario '%s' (list shows them)",
                     program, name);
    hn_capture_free(&out);
    free(text);
    free(dotted);
    return err < 0 ? err : 0;
}

/* ---- paths ---- */

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* All scenario programs below a folder; *found counts them. */
static int add_folder(struct hn_suite *suite, const char *path, int *found,
                      char why[HN_SUITE_WHY])
{
    char *paths[] = {(char *)path, NULL};
    FTS *walk = fts_open(paths, FTS_LOGICAL | FTS_NOCHDIR, by_name);
    FTSENT *at;
    int err = 0;

    if (!walk)
        return complain(why, -errno, "%s: %s", path, strerror(errno));
    while (err == 0 && (at = fts_read(walk))) {
        if (at->fts_info == FTS_F && hn_elfmark(at->fts_path) == 1) {
            (*found)++;
            err = add_program(suite, at->fts_path, NULL, why);
        }
    }
    fts_close(walk);
    return err;
}

/* The folder of this executable, with what is beneath it; malloc'd. */
static char *beside(const char *what)
{
    char exe[4096], cwd[4096], *path = NULL;
    ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
    size_t skip = 0;

    if (n <= 0)
        return NULL;
    exe[n] = '\0';
    if (asprintf(&path, "%s/%s", dirname(exe), what) < 0)
        return NULL;
    /* shorter to read and to copy when we stand above it */
    if (getcwd(cwd, sizeof(cwd)) && strncmp(path, cwd, strlen(cwd)) == 0 &&
        path[strlen(cwd)] == '/')
        skip = strlen(cwd) + 1;
    memmove(path, path + skip, strlen(path + skip) + 1);
    return path;
}

/* The program or folder that is built from a source path; NULL: none. */
static char *built_from(const char *path)
{
    size_t n = strlen(path);
    char *plain =
        strndup(path, n > 2 && !strcmp(path + n - 2, ".c") ? n - 2 : n);
    char *built = beside(plain);
    struct stat st;

    free(plain);
    if (built && stat(built, &st) == 0)
        return built;
    free(built);
    return NULL;
}

static int add_file(struct hn_suite *suite, const char *path, const char *name,
                    char why[HN_SUITE_WHY])
{
    size_t n = strlen(path);
    char *built;
    int marked = hn_elfmark(path), err;

    if (marked < 0)
        return complain(why, marked, "%s: %s", path, strerror(-marked));
    if (marked == 1)
        return add_program(suite, path, name, why);
    if (n > 2 && strcmp(path + n - 2, ".c") == 0) {
        built = built_from(path);
        if (built && hn_elfmark(built) == 1) {
            err = add_program(suite, built, name, why);
            free(built);
            return err;
        }
        free(built);
        return complain(why, -ENOEXEC,
                        "%s: no program built from it beside this command; "
                        "give the path of the program",
                        path);
    }
    return complain(why, -ENOEXEC,
                    "%s: not a scenario program (an executable linked with "
                    "the harness that has a SCENARIO)",
                    path);
}

static int add_existing(struct hn_suite *suite, const char *path,
                        const struct stat *st, char why[HN_SUITE_WHY])
{
    char *built;
    int found = 0, err;

    if (!S_ISDIR(st->st_mode))
        return add_file(suite, path, NULL, why);
    err = add_folder(suite, path, &found, why);
    if (err == 0 && found == 0) { /* perhaps the sources */
        built = built_from(path);
        if (built)
            err = add_folder(suite, built, &found, why);
        free(built);
    }
    if (err == 0 && found == 0)
        err = complain(why, -ENOENT, "%s: no scenario programs in this folder",
                       path);
    return err;
}

int hn_suite_add_path(struct hn_suite *s, const char *path,
                      char why[HN_SUITE_WHY])
{
    char *colon, *file;
    struct stat st;
    int err;

    if (stat(path, &st) == 0)
        return add_existing(s, path, &st, why);
    colon = strrchr(path, ':');
    if (!colon || colon == path)
        return complain(why, -errno, "%s: %s", path, strerror(errno));
    file = strndup(path, (size_t)(colon - path));
    if (stat(file, &st) != 0)
        err = complain(why, -errno, "%s: %s", file, strerror(errno));
    else if (S_ISDIR(st.st_mode))
        err =
            complain(why, -EISDIR,
                     "%s: a folder; PATH:NAME wants a scenario program", file);
    else
        err = add_file(s, file, colon + 1, why);
    free(file);
    return err;
}

int hn_suite_add_shipped(struct hn_suite *s, char why[HN_SUITE_WHY])
{
    static const char *const places[] = {"scenarios", "../lib/vigil/scenarios"};
    struct stat st;

    for (int i = 0; i < 2; i++) {
        char *path = beside(places[i]);
        if (path && stat(path, &st) == 0) {
            int err = add_existing(s, path, &st, why);
            free(path);
            return err;
        }
        free(path);
    }
    return complain(why, -ENOENT,
                    "no scenarios/ beside this command, and none installed: "
                    "give the PATH of a scenario program or a folder of them");
}

/* ---- this program's own ---- */

static struct hn_scenario own(const struct go_scenario *from)
{
    struct hn_scenario one = {
        .name = strdup(from->name),
        .file = strdup(from->file),
        .about = strdup(from->about ? from->about : ""),
        .origin = strdup(from->origin ? from->origin : ""),
        .line = from->line,
        .procs = hn_scenario_procs(from),
        .timeout = hn_scenario_timeout(from),
        .explore = from->explore,
        .expect = from->expect,
    };

    one.expect.text = strdup(from->expect.text ? from->expect.text : "");
    return one;
}

int hn_suite_add_own(struct hn_suite *s, const char *program, const char *name,
                     char why[HN_SUITE_WHY])
{
    const struct go_scenario *twice = hn_registry_twice();
    int err = 0;

    if (twice)
        return complain(why, -EEXIST, "%s:%d: scenario '%s' is there twice",
                        twice->file, twice->line, twice->name);
    if (name && !hn_registry_find(name))
        return complain(why, -ENOENT,
                        "%s has no scenario '%s' (list shows them)", program,
                        name);
    for (const struct go_scenario *g = hn_registry_first(); g; g = g->next) {
        if (err == 0 && (!name || strcmp(name, g->name) == 0))
            err = append(s, program, "/proc/self/exe", own(g));
    }
    return err == 0 ? 0 : complain(why, err, "out of memory");
}

/* ---- filter ---- */

static bool matches(const struct hn_scenario *s, const char *glob)
{
    const char *folder = strrchr(s->group, '/');
    char *whole = NULL, *below = NULL;
    bool yes;

    if (asprintf(&whole, "%s:%s", s->program, s->name) < 0 ||
        asprintf(&below, "%s/%s", folder ? folder + 1 : s->group, s->label) < 0)
        return false;
    yes = fnmatch(glob, s->name, 0) == 0 || fnmatch(glob, s->label, 0) == 0 ||
          fnmatch(glob, whole, 0) == 0 || fnmatch(glob, below, 0) == 0;
    free(whole);
    free(below);
    return yes;
}

void hn_suite_filter(struct hn_suite *s, const char *glob)
{
    size_t kept = 0;

    for (size_t i = 0; i < s->n; i++) {
        if (matches(&s->all[i], glob))
            s->all[kept++] = s->all[i];
        else
            scenario_free(&s->all[i]);
    }
    s->n = kept;
}
