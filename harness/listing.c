/*
 * listing.c - one scenario as one line of JSON, and back (vigil-list/1).
 *
 * In/Out: struct hn_scenario. The command learns what a program holds from the
 * very lines that "prog list --format json" prints for anybody.
 *
 * Tolerant in reading: fields are only ever added, and a newer program may
 * have more than we know.
 */
#include "harness/suite.h"

#include <stdlib.h>
#include <string.h>

#include "harness/verdict.h"

static const char schema[] = "vigil-list/1";

json_t *hn_scenario_to_json(const struct hn_scenario *s)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:i, s:s, s:s, s:i, s:i, s:s, s:i, "
                     "s:I, s:s, s:s, s:b}",
                     "schema", schema, "scenario", s->name, "path", s->program,
                     "file", s->file, "line", s->line, "about", s->about,
                     "expected", hn_expect_word(s->expect.kind),
                     "expected_count", s->expect.n, "expected_most",
                     s->expect.most, "expected_text",
                     s->expect.text ? s->expect.text : "", "procs", s->procs,
                     "timeout_ns", (json_int_t)s->timeout, "origin", s->origin,
                     "class", s->class ? s->class : "", "explore", s->explore);
}

static char *copy(const json_t *line, const char *key)
{
    const char *text = json_string_value(json_object_get(line, key));

    return strdup(text ? text : "");
}

static json_int_t number(const json_t *line, const char *key)
{
    return json_integer_value(json_object_get(line, key));
}

/* The expectation that is called so; false: there is none. */
static bool read_expect(const json_t *line, struct go_expect *expect)
{
    const char *word = json_string_value(json_object_get(line, "expected"));

    for (int k = GO_EXPECT_CLEAN; word && k <= GO_EXPECT_STUCK; k++) {
        if (strcmp(word, hn_expect_word((enum go_expect_kind)k)) == 0) {
            expect->kind = (enum go_expect_kind)k;
            expect->n = (int)number(line, "expected_count");
            expect->most = (int)number(line, "expected_most");
            expect->text = copy(line, "expected_text");
            return true;
        }
    }
    return false;
}

int hn_scenario_from_json(const json_t *line, struct hn_scenario *s)
{
    const char *which = json_string_value(json_object_get(line, "schema"));

    *s = (struct hn_scenario){0};
    if (!which || strcmp(which, schema) != 0)
        return -EINVAL;
    if (!read_expect(line, &s->expect))
        return -EPROTO;
    s->name = copy(line, "scenario");
    s->file = copy(line, "file");
    s->about = copy(line, "about");
    s->origin = copy(line, "origin");
    s->class = copy(line, "class");
    s->line = (int)number(line, "line");
    s->procs = (int)number(line, "procs");
    s->timeout = number(line, "timeout_ns");
    s->explore = json_is_true(json_object_get(line, "explore"));
    return 0;
}
