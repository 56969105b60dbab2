/*
 * schedfile.c - schedules in full, to files and back.
 *
 * In:  a token and the lines of an execution, or the name of a file. Out: the
 * file, or what it says.
 *
 * F1  A file is either read to its last line or refused with one line.
 * F2  What stood under that name is lost only when the new one is complete: it
 *     is written beside it, and then takes its name. What is no plain file (a
 *     link, as /dev/stdout is one) is written in its place.
 */
#define _GNU_SOURCE
#include "harness/explore/schedfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/explore/token.h"

static const char VERSION[] = "vigil-sched/1";
static const char FAMILY[] = "vigil-sched/";

enum {
    ORDER_WIDTH = 72
};

bool hn_schedfile_is(const char *path)
{
    size_t n = strlen(path);

    return n > 6 && strcmp(path + n - 6, ".sched") == 0;
}

__attribute__((format(printf, 4, 5))) static int
refuse(char why[HN_SCHEDFILE_WHY], int err, const char *path, const char *fmt,
       ...)
{
    int n = snprintf(why, HN_SCHEDFILE_WHY, "%.200s: ", path);
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(why + n, HN_SCHEDFILE_WHY - (size_t)n, fmt, ap);
    va_end(ap);
    return err;
}

/* ---- reading -------------------------------------------------------------*/

/* All of the file, NUL terminated, in *text, to be freed. */
static int slurp(const char *path, char **text, size_t *n,
                 char why[HN_SCHEDFILE_WHY])
{
    size_t cap = 1 << 16;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : 0;

    *n = 0;
    *text = fd < 0 ? NULL : malloc(cap);
    while (*text && (got = read(fd, *text + *n, cap - *n - 1)) > 0) {
        *n += (size_t)got;
        if (*n + 1 == cap && cap < HN_SCHEDFILE_MAX) {
            char *more = realloc(*text, cap *= 2);

            if (!more)
                free(*text);
            *text = more;
        } else if (*n + 1 == cap) {
            got = -1;
            errno = EFBIG;
            break;
        }
    }
    got = got < 0 ? -errno : !*text ? -ENOMEM : 0;
    if (fd >= 0)
        close(fd);
    if (got < 0)
        return refuse(why, (int)got, path, "cannot be read: %s",
                      strerror((int)-got));
    (*text)[*n] = '\0';
    return 0;
}

struct reading {
    struct hn_schedfile *to;
    const char *path;
    char *why;
    uint32_t line, cap;
    bool ended;
};

/* The rest of the line behind the word and a blank; NULL: it is another. */
static char *behind(char *line, const char *word)
{
    size_t n = strlen(word);

    return strncmp(line, word, n) == 0 && line[n] == ' ' ? line + n + 1 : NULL;
}

static int add_step(struct reading *r, char *line)
{
    struct hn_schedfile *to = r->to;

    if (to->n == r->cap) {
        uint32_t cap = r->cap ? 2 * r->cap : 64;
        char **steps = realloc(to->steps, cap * sizeof(*steps));

        if (!steps)
            return refuse(r->why, -ENOMEM, r->path, "no memory for it");
        to->steps = steps;
        r->cap = cap;
    }
    to->steps[to->n++] = line;
    return 0;
}

static int read_end(struct reading *r, const char *number)
{
    char *end;
    unsigned long n = strtoul(number, &end, 10);

    r->ended = true;
    if (end == number || *end)
        return refuse(r->why, -EINVAL, r->path, "line %u: 'end' wants a number",
                      r->line);
    if (n != r->to->n)
        return refuse(
            r->why, -EINVAL, r->path,
            "it says that it has %lu steps, but has %u: save it again", n,
            r->to->n);
    return 0;
}

static int read_line(struct reading *r, char *line)
{
    size_t blanks = strspn(line, " \t");
    char *value;

    if (!line[blanks] || line[0] == '#' || behind(line, "order"))
        return 0;
    if (r->ended)
        return refuse(r->why, -EINVAL, r->path, "line %u stands behind its end",
                      r->line);
    if (line[blanks] >= '0' && line[blanks] <= '9')
        return add_step(r, line);
    if ((value = behind(line, "end")))
        return read_end(r, value);
    if ((value = behind(line, "scenario")))
        r->to->scenario = value;
    else if ((value = behind(line, "token")))
        r->to->token = value;
    else
        return refuse(
            r->why, -EINVAL, r->path,
            "line %u is no step: '%.40s' (nor scenario, token, order, "
            "end or #)",
            r->line, line);
    return 0;
}

static int check_first(const struct reading *r, const char *line)
{
    if (strcmp(line, VERSION) == 0)
        return 0;
    if (strncmp(line, FAMILY, sizeof(FAMILY) - 1) == 0)
        return refuse(r->why, -EINVAL, r->path,
                      "it is of version %.20s, and only version %s is known",
                      line + sizeof(FAMILY) - 1, VERSION + sizeof(FAMILY) - 1);
    return refuse(r->why, -EINVAL, r->path,
                  "it is no schedule: its first line is not '%s'", VERSION);
}

static int check_whole(const struct reading *r)
{
    const struct hn_schedfile *f = r->to;
    struct hn_token token;
    char why[HN_TOKEN_WHY];
    int err;

    if (!r->ended)
        return refuse(r->why, -EINVAL, r->path,
                      "it is cut: its last line is not 'end' and the number of "
                      "its steps");
    if (!f->scenario || !f->token)
        return refuse(r->why, -EINVAL, r->path, "it has no line '%s'",
                      f->scenario ? "token" : "scenario");
    err = hn_token_read(f->token, &token, why);
    if (err)
        return refuse(r->why, err, r->path, "its token is wrong: %s", why);
    if (strcmp(token.scenario, f->scenario) != 0)
        err = refuse(r->why, -EINVAL, r->path,
                     "its token is of the scenario %.80s, and it of %.80s",
                     token.scenario, f->scenario);
    hn_token_free(&token);
    return err;
}

static int read_all(struct reading *r, size_t n)
{
    char *rest = r->to->text, *line;
    int err = 0;

    if (strlen(rest) != n)
        return refuse(r->why, -EINVAL, r->path,
                      "it is no text: a schedule begins with '%s'", VERSION);
    while (err == 0 && (line = strsep(&rest, "\n"))) {
        r->line++;
        line[strcspn(line, "\r")] = '\0';
        err = r->line == 1 ? check_first(r, line) : read_line(r, line);
    }
    return err ? err : check_whole(r);
}

int hn_schedfile_read(const char *path, struct hn_schedfile *to,
                      char why[HN_SCHEDFILE_WHY])
{
    struct reading r = {.to = to, .path = path, .why = why};
    size_t n;
    int err;

    *to = (struct hn_schedfile){0};
    err = slurp(path, &to->text, &n, why);
    if (err)
        return err;
    err = read_all(&r, n);
    if (err)
        hn_schedfile_free(to);
    return err;
}

void hn_schedfile_free(struct hn_schedfile *f)
{
    free(f->text);
    free(f->steps);
    *f = (struct hn_schedfile){0};
}

/* ---- writing -------------------------------------------------------------*/

int hn_schedout_open(struct hn_schedout *o, const char *path,
                     char why[HN_SCHEDFILE_WHY])
{
    struct stat st;
    bool plain = lstat(path, &st) != 0 || S_ISREG(st.st_mode);
    int err;

    *o = (struct hn_schedout){.path = path};
    if (plain && asprintf(&o->beside, "%s.%d~", path, (int)getpid()) < 0)
        o->beside = NULL;
    if (plain && !o->beside)
        return refuse(why, -ENOMEM, path, "no memory");
    o->file = fopen(plain ? o->beside : path, "we");
    if (o->file)
        return 0;
    err = -errno;
    free(o->beside);
    return refuse(why, err, path, "cannot be written: %s", strerror(-err));
}

/* The task of a line, without its case: its letters; how many. */
static size_t task_of(const char *line, const char **task)
{
    line += strspn(line, " 0123456789");
    *task = line;
    return strcspn(line, "sp \n");
}

/* Who has how many steps, one after the other, in lines of some width. */
static void write_order(FILE *file, const char *lines, const char *end)
{
    int column = 0;

    while (lines < end) {
        const char *task, *next;
        size_t n = task_of(lines, &task), row = 0;

        do {
            const char *newline = memchr(lines, '\n', (size_t)(end - lines));

            lines = newline ? newline + 1 : end;
            row++;
        } while (lines < end && task_of(lines, &next) == n &&
                 memcmp(task, next, n) == 0);
        column += fprintf(file, column ? " " : "order ");
        column += fprintf(file, "%.*s", (int)n, task);
        column += row > 1 ? fprintf(file, "%zu", row) : 0;
        if (column > ORDER_WIDTH || lines >= end) {
            fputc('\n', file);
            column = 0;
        }
    }
}

static void write_all(FILE *file, const char *token, const char *lines,
                      size_t n)
{
    const char *name = strchr(token, ':') + 1;
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        count += lines[i] == '\n';
    fprintf(file, "%s\nscenario %.*s\ntoken %s\n", VERSION,
            (int)strcspn(name, ":"), name, token);
    write_order(file, lines, lines + n);
    fwrite(lines, 1, n, file);
    fprintf(file, "end %zu\n", count);
}

int hn_schedout_write(struct hn_schedout *o, const char *token,
                      const char *lines, size_t n, char why[HN_SCHEDFILE_WHY])
{
    int err = 0;

    while (n > 0 && lines[n - 1] != '\n')
        n--; /* who wrote it was killed in the midst of a line */
    write_all(o->file, token, lines, n);
    errno = 0;
    if (fflush(o->file) != 0 || ferror(o->file))
        err = errno ? -errno : -EIO;
    if (fclose(o->file) != 0 && !err)
        err = -errno;
    if (!err && o->beside && rename(o->beside, o->path) != 0)
        err = -errno;
    if (err && o->beside)
        unlink(o->beside);
    free(o->beside);
    return err ? refuse(why, err, o->path, "cannot be written: %s",
                        strerror(-err))
               : 0;
}

void hn_schedout_drop(struct hn_schedout *o)
{
    fclose(o->file);
    if (o->beside)
        unlink(o->beside);
    free(o->beside);
}
