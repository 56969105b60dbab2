/*
 * suite.c - the scenarios that a command works on, gathered from programs.
 *
 * In:  paths of the command line. Out: a list of scenarios, in the order of
 * the paths, folders sorted by name.
 *
 * A file is asked what it holds only when elfmark.c says that it is a scenario
 * program: nothing else in a folder is ever run.
 */
#include "harness/suite.h"

#include <fnmatch.h>
#include <fts.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/elfmark.h"
#include "harness/program.h"
#include "harness/registry.h"
#include "harness/shipped.h"

int hn_suite_complain(char why[HN_SUITE_WHY], int err, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(why, HN_SUITE_WHY, fmt, args);
    va_end(args);
    return err;
}

void hn_scenario_free(struct hn_scenario *s)
{
    free(s->program);
    free(s->exec);
    free(s->group);
    free(s->label);
    free(s->name);
    free(s->file);
    free(s->about);
    free(s->origin);
    free(s->class);
    free((char *)s->expect.text);
}

void hn_suite_free(struct hn_suite *s)
{
    for (size_t i = 0; i < s->n; i++)
        hn_scenario_free(&s->all[i]);
    free(s->all);
    *s = (struct hn_suite){0};
}

int hn_suite_append(struct hn_suite *suite, const char *program,
                    const char *exec, struct hn_scenario one)
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

/* Order within a folder: the same on every file system. */
static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

/*
 * What may hide scenarios from us is told, never passed over: a folder that can
 * not be read, what can be executed but not read, or a scenario program that is
 * not to be executed. What has gone since the folder was read is no longer there.
 */
static int unreadable(const FTSENT *at, int marked)
{
    if (at->fts_info == FTS_DNR || at->fts_info == FTS_ERR ||
        at->fts_info == FTS_NS)
        return at->fts_errno == ENOENT ? 0 : -at->fts_errno;
    if (marked >= 0 || marked == -ENOENT)
        return 0;
    return marked == -ENOEXEC || (at->fts_statp->st_mode & 0111) ? marked : 0;
}

static int complain_of_file(char why[HN_SUITE_WHY], int err, const char *path)
{
    return hn_suite_complain(
        why, err, "%s: %s", path,
        err == -ENOEXEC
            ? "a scenario program that nobody may execute (chmod +x)"
            : strerror(-err));
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
        return hn_suite_complain(why, -errno, "%s: %s", path, strerror(errno));
    while (err == 0 && (at = fts_read(walk))) {
        int marked = at->fts_info == FTS_F ? hn_elfmark(at->fts_path) : 0;
        int refused = unreadable(at, marked);

        if (marked == 1) {
            (*found)++;
            err = hn_program_ask(suite, at->fts_path, NULL, why);
        } else if (refused) {
            err = complain_of_file(why, refused, at->fts_path);
        }
    }
    fts_close(walk);
    return err;
}

/*
 * One file: a scenario program, or a source whose program is built. Anything
 * else is an error when it was named, while in a folder it is passed over.
 */
static int add_file(struct hn_suite *suite, const char *path, const char *name,
                    char why[HN_SUITE_WHY])
{
    size_t n = strlen(path);
    char *built;
    int marked = hn_elfmark(path), err;

    if (marked < 0)
        return complain_of_file(why, marked, path);
    if (marked == 1)
        return hn_program_ask(suite, path, name, why);
    if (n > 2 && strcmp(path + n - 2, ".c") == 0) {
        built = hn_shipped_built_from(path);
        if (built && hn_elfmark(built) == 1) {
            err = hn_program_ask(suite, built, name, why);
            free(built);
            return err;
        }
        free(built);
        return hn_suite_complain(
            why, -ENOEXEC,
            "%s: no program built from it beside this command; "
            "give the path of the program",
            path);
    }
    return hn_suite_complain(
        why, -ENOEXEC,
        "%s: not a scenario program (an executable linked with "
        "the harness that has a SCENARIO)",
        path);
}

/* What exists under this path, as it stands in the command line. */
static int add_existing(struct hn_suite *suite, const char *path,
                        const struct stat *st, char why[HN_SUITE_WHY])
{
    char *built;
    int found = 0, err;

    if (!S_ISDIR(st->st_mode))
        return add_file(suite, path, NULL, why);
    err = add_folder(suite, path, &found, why);
    if (err == 0 && found == 0) { /* perhaps the sources */
        built = hn_shipped_built_from(path);
        if (built)
            err = add_folder(suite, built, &found, why);
        free(built);
    }
    if (err == 0 && found == 0)
        err = hn_suite_complain(
            why, -ENOENT, "%s: no scenario programs in this folder", path);
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
    /* a colon may be part of a file name, so that was tried first */
    colon = strrchr(path, ':');
    if (!colon || colon == path)
        return hn_suite_complain(why, -errno, "%s: %s", path, strerror(errno));
    file = strndup(path, (size_t)(colon - path));
    if (stat(file, &st) != 0)
        err = hn_suite_complain(why, -errno, "%s: %s", file, strerror(errno));
    else if (S_ISDIR(st.st_mode))
        err = hn_suite_complain(
            why, -EISDIR, "%s: a folder; PATH:NAME wants a scenario program",
            file);
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
        char *path = hn_shipped_beside(places[i]);
        if (path && stat(path, &st) == 0) {
            int err = add_existing(s, path, &st, why);
            free(path);
            return err;
        }
        free(path);
    }
    return hn_suite_complain(
        why, -ENOENT,
        "no scenarios/ beside this command, and none installed: "
        "give the PATH of a scenario program or a folder of them");
}

/* A scenario of this program in the words of the list. */
static struct hn_scenario own(const struct go_scenario *from)
{
    struct hn_scenario one = {
        .name = strdup(from->name),
        .file = strdup(from->file),
        .about = strdup(from->about ? from->about : ""),
        .origin = strdup(from->origin ? from->origin : ""),
        .class = strdup(from->class ? from->class : ""),
        .line = from->line,
        .procs = hn_scenario_procs(from),
        .timeout = hn_scenario_timeout(from),
        .explore = from->explore,
        .expect = from->expect,
    };

    one.expect.text = strdup(from->expect.text ? from->expect.text : "");
    return one;
}

/*
 * This very program, to be run again: by its true name, for under valgrind
 * the link is valgrind's own; by the link when its file was replaced; as it was
 * called where there is no /proc.
 */
static const char *own_exec(const char *program, char name[4096])
{
    static const char link[] = "/proc/self/exe";
    ssize_t n = readlink(link, name, 4095);

    if (n <= 0)
        return access(link, X_OK) == 0 ? link : program;
    name[n] = '\0';
    return access(name, X_OK) == 0 ? name : link;
}

int hn_suite_add_own(struct hn_suite *s, const char *program, const char *name,
                     char why[HN_SUITE_WHY])
{
    char exec[4096];
    const struct go_scenario *twice = hn_registry_twice();
    int err = 0;

    if (twice)
        return hn_suite_complain(why, -EEXIST,
                                 "%s:%d: scenario '%s' is there twice",
                                 twice->file, twice->line, twice->name);
    if (name && !hn_registry_find(name))
        return hn_suite_complain(why, -ENOENT,
                                 "%s has no scenario '%s' (list shows them)",
                                 program, name);
    for (const struct go_scenario *g = hn_registry_first(); g; g = g->next) {
        if (err == 0 && (!name || strcmp(name, g->name) == 0))
            err = hn_suite_append(s, program, own_exec(program, exec), own(g));
    }
    return err == 0 ? 0 : hn_suite_complain(why, err, "out of memory");
}

/* By whatever a person may have seen it called. */
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

static void keep(struct hn_suite *s, const char *what,
                 bool (*wanted)(const struct hn_scenario *, const char *))
{
    size_t kept = 0;

    for (size_t i = 0; i < s->n; i++) {
        if (wanted(&s->all[i], what))
            s->all[kept++] = s->all[i];
        else
            hn_scenario_free(&s->all[i]);
    }
    s->n = kept;
}

void hn_suite_filter(struct hn_suite *s, const char *glob)
{
    keep(s, glob, matches);
}

static bool is_named(const struct hn_scenario *s, const char *name)
{
    return strcmp(s->name, name) == 0;
}

void hn_suite_keep(struct hn_suite *s, const char *name)
{
    keep(s, name, is_named);
}
