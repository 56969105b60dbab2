/*
 * fields.h - the fields that each object of a run's JSON has.
 */
#ifndef HN_FORMATS_FIELDS_H
#define HN_FORMATS_FIELDS_H

#include <jansson.h>

struct hn_fields;
extern const struct hn_fields hn_fields_run;
extern const struct hn_fields hn_fields_exploration; /* in its run */

/* What `from` has of these fields, into `to`. */
void hn_fields_take(json_t *to, const json_t *from,
                    const struct hn_fields *fields);

/*
 * Whatever nobody has written becomes null, in the object and in all within it;
 * in an array, in each element. What is no object is left alone.
 */
void hn_fields_complete(json_t *value, const struct hn_fields *fields);

#endif
