/*
 * witness.c - tells choices as they are taken, and the first that is another.
 *
 * W1  A line is written before its step is done, by one call: a program that
 *     crashes has told all of its choices.
 */
#include "harness/explore/witness.h"

#include <string.h>
#include <unistd.h>

enum {
    WORDS = 120
};

static bool compare(struct hn_witness *w, struct hn_follow *f)
{
    uint32_t step = w->trace.n - 1;
    char was[WORDS], is[WORDS];

    hn_trace_words(w->trace.line, is, WORDS);
    if (step >= w->steps->n && w->endless)
        return true;
    if (step >= w->steps->n) {
        hn_follow_unfit(f,
                        "the file ends after %u steps, and the execution goes "
                        "on with '%s'",
                        step, is);
        return false;
    }
    if (hn_trace_same(w->steps->steps[step], w->trace.line))
        return true;
    hn_trace_words(w->steps->steps[step], was, WORDS);
    if (strcmp(was, is) == 0)
        hn_follow_unfit(f,
                        "step %u, '%s', has another number or fingerprint in "
                        "the file: somebody has edited it",
                        step, is);
    else
        hn_follow_unfit(f, "step %u is to be '%s', but is '%s'", step, was, is);
    return false;
}

/* W1. */
static bool take(struct hn_witness *w, struct hn_follow *f)
{
    size_t n = strlen(w->trace.line);

    if (w->steps && !compare(w, f))
        return false;
    if (w->fd < 0)
        return true;
    w->trace.line[n++] = '\n';
    if (write(w->fd, w->trace.line, n) != (ssize_t)n)
        w->fd = -1; /* nobody reads it any more */
    w->trace.line[n - 1] = '\0';
    return true;
}

static bool is_idle(const struct hn_witness *w)
{
    return w->fd < 0 && !w->steps;
}

bool hn_witness_step(struct hn_witness *w, struct hn_follow *f, uint32_t at,
                     const struct go_step *step)
{
    if (is_idle(w))
        return true;
    hn_trace_step(&w->trace, at, step);
    return take(w, f);
}

bool hn_witness_number(struct hn_witness *w, struct hn_follow *f, uint32_t at,
                       uint32_t task, uint32_t k, uint32_t n)
{
    if (is_idle(w))
        return true;
    hn_trace_number(&w->trace, at, task, k, n);
    return take(w, f);
}

bool hn_witness_end(struct hn_witness *w, struct hn_follow *f)
{
    char was[WORDS];

    if (w->steps && w->trace.n < w->steps->n && !w->endless) {
        hn_trace_words(w->steps->steps[w->trace.n], was, WORDS);
        hn_follow_unfit(f, "step %u is to be '%s', but the execution is over",
                        w->trace.n, was);
    }
    return !f->misfit[0];
}
