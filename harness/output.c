/*
 * output.c - where a command's results go.
 *
 * Output that can not be written is never silent: a full disk at the last flush
 * is a failure too.
 */
#include "harness/output.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>

#include "harness/complaint.h"

enum hn_exit hn_complain(const struct hn_options *o, enum hn_exit status,
                         const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    hn_complaint(o->self, fmt, args);
    va_end(args);
    return status;
}

FILE *hn_output_open(const struct hn_options *o)
{
    FILE *out = o->output ? fopen(o->output, "we") : stdout;

    if (!out)
        hn_complain(o, HN_EXIT_FAILED, "cannot write %s: %s", o->output,
                    strerror(errno));
    return out;
}

enum hn_exit hn_output_close(const struct hn_options *o, FILE *out,
                             enum hn_exit status)
{
    int err = 0;

    errno = 0;
    if (fflush(out) != 0 || ferror(out))
        err = errno ? errno : EIO;
    if (out != stdout && fclose(out) != 0 && err == 0)
        err = errno;
    if (err == 0)
        return status;
    return hn_complain(o, HN_EXIT_FAILED, "cannot write %s: %s",
                       o->output ? o->output : "standard output",
                       strerror(err));
}

void hn_output_interrupted(FILE *out, int sig)
{
    if (sig == 0)
        return;
    fflush(out);
    signal(sig, SIG_DFL);
    raise(sig);
}
