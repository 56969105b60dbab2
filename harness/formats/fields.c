/*
 * fields.c - the fields that each object of a run's JSON has.
 *
 * In:  a line that several have written: the runtime, an exploration, the
 * harness. Out: the same, in which no field is missing that the README's table
 * names (tests/json.bats compares).
 *
 * Why here: who reads a field of all findings, or of all runs, must not have to
 * ask first whether it is there; and of so many writers one forgets it.
 */
#include "harness/formats/fields.h"

#include <stddef.h>
#include <string.h>

enum {
    NAME = 32,
    CHILDREN = 12 /* and an end */
};

struct hn_fields {
    const char *names; /* one space between them */
    struct {
        const char *key; /* NULL: no more */
        const struct hn_fields *of;
    } child[CHILDREN];
    /* Those are its fields where this one has this value; key NULL: never. */
    struct {
        const char *key, *value;
        const struct hn_fields *of;
    } other;
};

static const struct hn_fields site = {.names = "file line func"};
static const struct hn_fields frame = {
    .names = "func file line module offset inlined"};

static const struct hn_fields object = {
    .names = "kind id name site holders wants waits_at cap len type disowned "
             "all_needed others wakers global global_may",
    .child = {{"site", &site}, {"waits_at", &site}}};

static const struct hn_fields waker = {
    .names = "goroutine name fate site object role did could lost at when_ns",
    .child = {{"site", &site}, {"at", &site}}};

static const struct hn_fields ancestor = {.names = "goroutine name fate site",
                                          .child = {{"site", &site}}};

static const struct hn_fields created = {.names = "by site",
                                         .child = {{"site", &site}}};

static const struct hn_fields goroutine = {
    .names = "id name state reason since_ns until_ns fate core group daemon "
             "site created ancestors waits objects certificate stack",
    .child = {{"site", &site},
              {"created", &created},
              {"ancestors", &ancestor},
              {"objects", &object},
              {"certificate", &waker},
              {"stack", &frame}}};

static const struct hn_fields lock = {
    .names = "kind id name mode site at",
    .child = {{"site", &site}, {"at", &site}}};

static const struct hn_fields locker = {
    .names = "id name held taken holding before path stack",
    .child = {{"held", &lock},
              {"taken", &lock},
              {"path", &created},
              {"stack", &frame}}};

static const struct hn_fields known = {.names = "until reason line"};

#define FINDING                                                                \
    "verdict shape proven fingerprint message known times in_core in_all "     \
    "leaked left goroutines"

static const struct hn_fields order = {
    .names = FINDING, .child = {{"known", &known}, {"goroutines", &locker}}};

static const struct hn_fields finding = {
    .names = FINDING,
    .child = {{"known", &known}, {"goroutines", &goroutine}},
    .other = {"shape", "order", &order}};

static const struct hn_fields timers = {
    .names = "armed next_ns wakes first calls still",
    .child = {{"calls", &site}}};

static const struct hn_fields limit = {.names = "goroutine text"};
static const struct hn_fields detector = {.names = "complete limits",
                                          .child = {{"limits", &limit}}};
static const struct hn_fields orders = {
    .names = "hints orders not_compared not_noted cut"};

const struct hn_fields hn_fields_run = {
    .names = "schema scenario path verdict expected expected_count "
             "expected_most expected_text as_expected undecided known why note "
             "leaked left main_stuck seed procs clock_ns wall_ns findings "
             "timers detector lock_order replay output",
    .child = {{"findings", &finding},
              {"timers", &timers},
              {"detector", &detector},
              {"lock_order", &orders}}};

/* ---- explorations --------------------------------------------------------*/

static const struct hn_fields step = {.names = "task goroutine op text site",
                                      .child = {{"site", &site}}};

static const struct hn_fields decisive = {
    .names = "kind choice first second otherwise other",
    .child = {{"first", &step}, {"second", &step}}};

static const struct hn_fields frequency = {.names = "same of share early"};

static const struct hn_fields shrinking = {.names = "executions seconds"};

static const struct hn_fields stall = {
    .names = "choice stall_ns goroutine held_up site",
    .child = {{"site", &site}}};

static const struct hn_fields crash = {
    .names = "signal status address goroutine site stack",
    .child = {{"site", &site}, {"stack", &frame}}};

static const struct hn_fields spawned = {.names = "goroutine file line"};

static const struct hn_fields access = {
    .names = "access atomic size goroutine task func file line created",
    .child = {{"created", &spawned}}};

static const struct hn_fields race = {
    .names = "used first second",
    .child = {{"first", &access}, {"second", &access}}};

static const struct hn_fields deed = {
    .names = "task goroutine op text site times", .child = {{"site", &site}}};

static const struct hn_fields starvation = {
    .names = "warning schedule task goroutine op text site times by",
    .child = {{"site", &site}, {"by", &deed}}};

static const struct hn_fields waiting = {
    .names = "schedule times task goroutine op text site",
    .child = {{"site", &site}}};

static const struct hn_fields differs = {.names =
                                             "step was is before suspects"};

static const struct hn_fields failure = {
    .names = "verdict message fingerprint token replay strategy found_at times "
             "early decisive frequency shrinking stalls crash",
    .child = {{"decisive", &decisive},
              {"frequency", &frequency},
              {"shrinking", &shrinking},
              {"stalls", &stall},
              {"crash", &crash}}};

const struct hn_fields hn_fields_exploration = {
    .names = "strategy schedules found_at complete executions points seconds "
             "rate token conditions hung unended interrupted seen signature "
             "differs decisive frequency shrinking stalls races stderr crash "
             "starvation waiting "
             "lock_order_fate fingerprint failures other_failures",
    .child = {{"differs", &differs},
              {"decisive", &decisive},
              {"frequency", &frequency},
              {"shrinking", &shrinking},
              {"stalls", &stall},
              {"races", &race},
              {"crash", &crash},
              {"starvation", &starvation},
              {"waiting", &waiting},
              {"failures", &failure}}};

/* ---- what is done with them ----------------------------------------------*/

/* The next of the names, cut off from them; NULL: there is none. */
static const char *next(const char **names, char to[NAME])
{
    size_t n = strcspn(*names, " ");

    if (n == 0)
        return NULL;
    memcpy(to, *names, n);
    to[n] = '\0';
    *names += n + ((*names)[n] == ' ');
    return to;
}

void hn_fields_take(json_t *to, const json_t *from,
                    const struct hn_fields *fields)
{
    const char *names = fields->names, *name;
    char room[NAME];

    while ((name = next(&names, room)))
        if (json_object_get(from, name))
            json_object_set(to, name, json_object_get(from, name));
}

/* Recursion ends with the table's depth. */
static void complete_object(json_t *o, const struct hn_fields *f)
{
    const char *names, *name;
    char room[NAME];
    const char *kind = f->other.key
                           ? json_string_value(json_object_get(o, f->other.key))
                           : NULL;

    if (kind && strcmp(kind, f->other.value) == 0)
        f = f->other.of;
    for (names = f->names; (name = next(&names, room));)
        if (!json_object_get(o, name))
            json_object_set_new(o, name, json_null());
    for (int i = 0; f->child[i].key; i++)
        hn_fields_complete(json_object_get(o, f->child[i].key), f->child[i].of);
}

void hn_fields_complete(json_t *value, const struct hn_fields *fields)
{
    json_t *element;
    size_t i;

    if (json_is_object(value))
        complete_object(value, fields);
    json_array_foreach(value, i, element)
    {
        hn_fields_complete(element, fields);
    }
}
