/*
 * verdict.h - whether what a run came to is what its scenario expects.
 *
 * Detection is over when this is asked: nothing here flows back into a run.
 */
#ifndef HN_VERDICT_H
#define HN_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <vigil/inspect.h>
#include <vigil/scenario.h>

/* What a run came to, as far as the expectation asks. */
struct hn_seen {
    enum go_verdict verdict; /* the gravest */
    uint32_t leaked;         /* proven never to run again */
    uint32_t left;           /* left alive, daemons apart */
    uint32_t hints;          /* lock orders */
    bool hints_fail;         /* VIGIL=order=error was asked for */
    bool unseen;             /* explored, and no execution came to its end, or
                                the one that fails was not shown: that nothing
                                was found says nothing */
    char *panic;             /* all panic messages, a line each; or NULL */
};

enum hn_judgement {
    HN_AS_EXPECTED,
    HN_NOT_EXPECTED,
    HN_UNDECIDED, /* one run can not tell: exploration must */
};

#define HN_WHY_MAX 256
/* Whether what merely came out clean decides anything. */
enum hn_reach {
    HN_REACH_ALL,  /* it does */
    HN_REACH_RUN,  /* the scenario's verdict is that of its exploration: not so
                      one run, or a short one */
    HN_REACH_SOME, /* it was explored as was asked for, and not to the end */
};
/*
 * Judges a run. strict: what is undecided or only likely is not as expected.
 * why gets one line unless as expected.
 */
enum hn_judgement hn_verdict_judge(const struct go_expect *expect,
                                   enum hn_reach reach, bool strict,
                                   const struct hn_seen *seen,
                                   char why[HN_WHY_MAX]);

/* What an expectation is called: a verdict's word, or "stuck". */
const char *hn_expect_word(enum go_expect_kind kind);
/* As a table shows it: clean, leak(2), panic("send on"); returns buf. */
#define HN_EXPECT_MAX 64
char *hn_expect_text(const struct go_expect *expect, char buf[HN_EXPECT_MAX]);
/* What was seen, in a word: the verdict's, or "undecided" where clean would say
   what is not known. */
const char *hn_seen_word(const struct hn_seen *seen);
/* As a table shows it: leak(2), left(1), deadlock. */
char *hn_seen_text(const struct hn_seen *seen, char buf[HN_EXPECT_MAX]);
/* Nothing that matters was found. */
bool hn_verdict_quiet(enum go_verdict v);
/* The verdict called word; false: there is none. */
bool hn_verdict_parse(const char *word, enum go_verdict *verdict);

#endif
