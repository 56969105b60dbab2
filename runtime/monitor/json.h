/*
 * json.h - writing JSON to a mon_out: commas and quoting are done here.
 *
 * key NULL: a value in an array. Text that is not UTF-8 becomes U+FFFD byte
 * by byte, control characters are escaped, so a reader accepts every line.
 */
#ifndef MON_JSON_H
#define MON_JSON_H

#include <stdbool.h>
#include <vigil/go.h>

#include "runtime/monitor/out.h"

struct mon_json {
    struct mon_out *out;
    bool comma; /* the next value stands behind another one */
};

void mon_json_open(struct mon_json *j, const char *key, char bracket);
void mon_json_close(struct mon_json *j, char bracket);
void mon_json_text(struct mon_json *j, const char *key, const char *text);
/* As mon_json_text; where that is not UTF-8, its bytes too, as digits under
   KEY_hex: for what is compared with the program's own words. */
void mon_json_exact(struct mon_json *j, const char *key, const char *text);
void mon_json_i64(struct mon_json *j, const char *key, int64_t v);
/* What does not fit into 63 bits becomes a string: readers have no room. */
void mon_json_u64(struct mon_json *j, const char *key, uint64_t v);
void mon_json_hex(struct mon_json *j, const char *key, uint64_t v); /* 16 */
void mon_json_bool(struct mon_json *j, const char *key, bool v);
/* An object: file, line, func; NULL: null. */
void mon_json_site(struct mon_json *j, const char *key,
                   const struct go_site *s);

#endif
