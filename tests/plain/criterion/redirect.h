/* redirect.h - what a test wrote, kept in a file and looked at, in plain C. */
#ifndef PLAIN_REDIRECT_H
#define PLAIN_REDIRECT_H
#pragma GCC system_header /* as the real one is, in /usr/include */

#include <criterion/criterion.h>

void cr_redirect_stdout(void);
void cr_redirect_stderr(void);
/* All that was written so far, to be freed. */
char *plain_written(FILE *f);
#define cr_assert_stdout_eq_str(s, ...)                                        \
    plain_strings(true, __FILE__, __LINE__, "stdout", plain_written(stdout),   \
                  s, true)
#define cr_assert_stderr_eq_str(s, ...)                                        \
    plain_strings(true, __FILE__, __LINE__, "stderr", plain_written(stderr),   \
                  s, true)

#endif
