/*
 * assert.h - what must hold, or a verdict would be false: stays in releases.
 */
#ifndef HN_ASSERT_H
#define HN_ASSERT_H

/* What it does not hold for is our mistake, and never a scenario's: one line on
   standard error, exit status 70. */
#define hn_check(holds, what)                                                  \
    ((holds) ? (void)0 : hn_check_failed(__FILE__, __LINE__, what))
_Noreturn void hn_check_failed(const char *file, int line, const char *what);

#endif
