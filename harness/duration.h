/*
 * duration.h - lengths of time and memory as people write them: 250ms, 4GiB.
 */
#ifndef HN_DURATION_H
#define HN_DURATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A number and a unit (ns us ms s m h), as in 250ms, 1.5s, 2m. Nanoseconds in
 * *ns. False when the text is anything else, or longer than 292 years.
 */
bool hn_duration_parse(const char *text, int64_t *ns);

/* Three digits and a unit, as in "2.10 ms"; returns buf. */
#define HN_DURATION_MAX 24
char *hn_duration_text(int64_t ns, char buf[HN_DURATION_MAX]);

/* Bytes, with K, M or G (also KiB, kB, ...: all powers of 1024). */
bool hn_size_parse(const char *text, uint64_t *bytes);
char *hn_size_text(uint64_t bytes, char buf[HN_DURATION_MAX]);

#endif
