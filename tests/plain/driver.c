/*
 * driver.c - runs tests that were compiled against the plain criterion.h.
 *
 * usage: PROGRAM [PATTERN]    tests whose "suite/name" matches
 *
 * PLAIN_SKIP holds a pattern of tests to leave out, said in the summary: some
 * are too big for a slow machine. One child a test, so a crash or hang of one
 * is one failure. The summary is Criterion's.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <criterion/redirect.h>

#include <fnmatch.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static struct plain_test *tests;
static struct plain_suite *suites;
static bool failed; /* [the child] by a check that let it go on */

void plain_register(struct plain_test *test)
{
    struct plain_test **at = &tests;

    while (*at)
        at = &(*at)->next;
    *at = test;
}

void plain_register_suite(struct plain_suite *suite)
{
    suite->next = suites;
    suites = suite;
}

void plain_fail(bool fatal, const char *file, int line, const char *cond,
                const char *fmt, ...)
{
    va_list ap;

    fprintf(stderr, "%s:%d: failed: %s ", file, line, cond);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    failed = true;
    if (fatal)
        _exit(99);
}

void plain_strings(bool fatal, const char *file, int line, const char *text,
                   const char *a, const char *b, bool equal)
{
    bool same = a && b ? strcmp(a, b) == 0 : a == b;

    if (same != equal)
        plain_fail(fatal, file, line, text, "\n  is:   \"%s\"\n  and:  \"%s\"",
                   a ? a : "(null)", b ? b : "(null)");
}

static void redirect(FILE *f)
{
    int fd = memfd_create("written", 0);

    fflush(f);
    if (fd < 0 || dup2(fd, fileno(f)) < 0)
        abort();
    close(fd);
}

void cr_redirect_stdout(void)
{
    redirect(stdout);
}

void cr_redirect_stderr(void)
{
    redirect(stderr);
}

char *plain_written(FILE *f)
{
    fflush(f);
    off_t size = lseek(fileno(f), 0, SEEK_END);
    char *text = calloc(1, (size_t)size + 1);

    if (!text || pread(fileno(f), text, (size_t)size, 0) != size)
        abort();
    return text;
}

static const struct plain_options *suite_of(const struct plain_test *t)
{
    static const struct plain_options none;

    for (struct plain_suite *s = suites; s; s = s->next)
        if (strcmp(s->name, t->suite) == 0)
            return &s->set;
    return &none;
}

static void run_child(const struct plain_test *t, void *param)
{
    const struct plain_options *suite = suite_of(t);
    void (*init)(void) = t->set.init ? t->set.init : suite->init;
    void (*fini)(void) = t->set.fini ? t->set.fini : suite->fini;

    if (init)
        init();
    if (t->body)
        t->body();
    else
        t->with_param(param);
    if (fini)
        fini();
    fflush(NULL);
    _exit(failed ? 99 : 0);
}

/* The child's wait status; it is killed when its time is over. Asked for every
   5 ms: valgrind knows no pidfd_open. */
static int await(pid_t pid, double seconds)
{
    int status;

    for (double left = seconds; left > 0; left -= 0.005) {
        if (waitpid(pid, &status, WNOHANG) != 0)
            return status;
        poll(NULL, 0, 5);
    }
    fprintf(stderr, "timed out after %g s\n", seconds);
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return status;
}

static bool run(const struct plain_test *t, void *param)
{
    const struct plain_options *suite = suite_of(t);
    int want_signal = t->set.signal ? t->set.signal : suite->signal;
    double seconds = t->set.timeout > 0 ? t->set.timeout : suite->timeout;
    const char *slow = getenv("PLAIN_SLOW"); /* times this much slower */
    pid_t pid;
    int status;

    fflush(NULL);
    pid = fork();
    if (pid == 0)
        run_child(t, param);
    status =
        await(pid, (seconds > 0 ? seconds : 600) * (slow ? atof(slow) : 1));
    if (WIFSIGNALED(status)
            ? WTERMSIG(status) == want_signal
            : !want_signal && WEXITSTATUS(status) == t->set.exit_code)
        return true;
    fprintf(stderr, "[FAIL] %s::%s: %s %d\n", t->suite, t->name,
            WIFSIGNALED(status) ? "signal" : "exit status",
            WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    return false;
}

static bool wanted(const struct plain_test *t, const char *pattern)
{
    const char *skip = getenv("PLAIN_SKIP");
    char name[256];

    snprintf(name, sizeof name, "%s/%s", t->suite, t->name);
    if (skip && fnmatch(skip, name, FNM_EXTMATCH) == 0) {
        fprintf(stderr, "left out: %s\n", name);
        return false;
    }
    return !t->set.disabled && fnmatch(pattern, name, FNM_EXTMATCH) == 0;
}

int main(int argc, char **argv)
{
    const char *pattern = argc > 1 ? argv[1] : "*";
    int all = 0, good = 0;

    for (struct plain_test *t = tests; t; t = t->next) {
        struct criterion_test_params p = {.length = 1};

        if (!wanted(t, pattern))
            continue;
        if (t->params)
            p = t->params();
        for (size_t i = 0; i < p.length; i++) {
            all++;
            good += run(t, (char *)p.params + i * p.size);
        }
    }
    fprintf(stderr,
            "[====] Synthesis: Tested: %d | Passing: %d | Failing: %d | "
            "Crashing: 0\n",
            all, good, all - good);
    return good == all ? 0 : 1;
}
