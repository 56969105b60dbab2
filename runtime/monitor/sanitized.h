/*
 * sanitized.h - whether the program and vigil are built for the same sanitizer.
 */
#ifndef MON_SANITIZED_H
#define MON_SANITIZED_H

/* NULL: they are, as far as a run depends on it; else a line that says what is
   wrong, and what would be right. At any time. */
const char *mon_sanitized_wrong(void);

#endif
