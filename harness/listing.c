/*
 * listing.c - one scenario as one line of JSON, and back (vigil-list/1).
 *
 * In/Out: struct hn_scenario. The command learns what a program holds from the
 * very lines that "prog list --format json" prints for anybody.
 *
 * Tolerant in reading: fields are only ever added, and a newer program may
 * have more than we know. Each line tells how many there are, so that one that
 * is lost, or can not be read, is missed.
 */
#include "harness/suite.h"

#include <string.h>

#include "harness/utf8.h"
#include "harness/verdict.h"

static const char schema[] = "vigil-list/1";

/* What an expectation does not ask for is null. */
void hn_expect_to_json(json_t *line, const struct go_expect *expect)
{
    bool counts = expect->kind == GO_EXPECT_LEAK ||
                  expect->kind == GO_EXPECT_LEFT ||
                  expect->kind == GO_EXPECT_STUCK;

    json_object_set_new(line, "expected",
                        json_string(hn_expect_word(expect->kind)));
    json_object_set_new(line, "expected_count",
                        counts ? json_integer(expect->n) : json_null());
    json_object_set_new(line, "expected_most",
                        expect->most > expect->n ? json_integer(expect->most)
                                                 : json_null());
    hn_utf8_set(line, "expected_text",
                expect->kind == GO_EXPECT_PANIC ? expect->text : NULL);
}

/* What a scenario does not say of itself is null. */
static void set_said(json_t *line, const char *key, const char *text)
{
    hn_utf8_set(line, key, text && *text ? text : NULL);
}

json_t *hn_scenario_to_json(const struct hn_scenario *s, size_t scenarios)
{
    json_t *line = json_object();

    json_object_set_new(line, "schema", json_string(schema));
    hn_utf8_set(line, "scenario", s->name);
    hn_utf8_set(line, "path", s->program);
    hn_utf8_set(line, "file", s->file);
    json_object_set_new(line, "line", json_integer(s->line));
    set_said(line, "about", s->about);
    hn_expect_to_json(line, &s->expect);
    json_object_set_new(line, "procs", json_integer(s->procs));
    json_object_set_new(line, "timeout_ns", json_integer(s->timeout));
    set_said(line, "origin", s->origin);
    set_said(line, "class", s->class);
    json_object_set_new(line, "explore", json_boolean(s->explore));
    json_object_set_new(line, "scenarios", json_integer((json_int_t)scenarios));
    return line;
}

static char *copy(const json_t *line, const char *key)
{
    char *text = hn_utf8_get(line, key);

    return text ? text : strdup("");
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

int hn_scenario_from_json(const json_t *line, struct hn_scenario *s,
                          size_t *scenarios)
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
    *scenarios = (size_t)number(line, "scenarios");
    return 0;
}
