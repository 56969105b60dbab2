/*
 * json.c - results as JSON, one object a line: for programs.
 *
 * In:  results, each with the report that came from its run. Out: a line of
 * vigil-report/1 a run, then one of vigil-summary/1.
 *
 * The report is passed on as it came; the harness adds what only it knows, and
 * puts the fields into one order whoever wrote them. Its verdict counts where
 * the two differ: a process that crashed may have said anything before.
 *
 * J1  Whatever a scenario printed, a line is valid: utf8.h.
 * J2  All fields are there, whoever was to write them: fields.h.
 */
#include "harness/formats/format.h"

#include "harness/formats/fields.h"
#include "harness/utf8.h"

/* The report's own field, or what stands for it. */
static void take(json_t *line, const struct hn_result *r, const char *key,
                 json_t *otherwise)
{
    json_t *own = json_object_get(r->report, key);

    if (own) {
        json_object_set(line, key, own);
        json_decref(otherwise);
    } else {
        json_object_set_new(line, key, otherwise);
    }
}

/* What the harness adds: the expectation, and whether it was met. */
static void add_expectation(json_t *line, const struct hn_result *r)
{
    hn_expect_to_json(line, &r->scenario->expect);
    json_object_set_new(line, "as_expected",
                        json_boolean(r->judged == HN_AS_EXPECTED));
    json_object_set_new(line, "undecided",
                        json_boolean(r->judged == HN_UNDECIDED));
    json_object_set_new(line, "known", json_boolean(r->excused));
    if (r->why[0])
        json_object_set_new(line, "why", hn_utf8(r->why));
    if (r->note[0])
        json_object_set_new(line, "note", hn_utf8(r->note));
}

/* Without a report nothing was looked at: nobody may take that for clean. */
static json_t *no_detector(void)
{
    return json_pack("{s:b, s:[{s:i, s:s}]}", "complete", 0, "limits",
                     "goroutine", 0, "text", "no report came from the run");
}

/* Of an exploration, in one run's place. */
static void add_explored(json_t *line, const struct hn_result *r)
{
    json_t *failures = json_object_get(r->explored, "failures"), *first;
    json_t *finding = json_array_get(json_object_get(r->report, "findings"), 0);

    hn_fields_take(line, r->explored, &hn_fields_exploration);
    json_object_set_new(line, "lock_order_fate",
                        hn_utf8(hn_fate_text(r->hints)));
    json_object_set(line, "fingerprint",
                    finding ? json_object_get(finding, "fingerprint")
                            : json_null());
    if (!failures) /* it was to stop at the first */
        return;
    first = json_array_get(failures, 0); /* is this very run */
    json_object_set(first, "stalls", json_object_get(line, "stalls"));
    json_object_set(first, "crash", json_object_get(line, "crash"));
    if (!json_object_get(first, "token")) /* it could not be shown */
        return;
    json_object_set_new(first, "verdict",
                        hn_utf8(go_verdict_text(r->seen.verdict)));
    json_object_set(first, "message", json_object_get(finding, "message"));
    json_object_set(first, "fingerprint", json_object_get(line, "fingerprint"));
}

/* The fields in the order of the documentation, then what is new. */
static json_t *run_line(const struct hn_result *r)
{
    json_t *line = json_object();

    json_object_set_new(line, "schema", json_string("vigil-report/1"));
    json_object_set_new(line, "scenario", hn_utf8(r->scenario->name));
    json_object_set_new(line, "path", hn_utf8(r->scenario->program));
    json_object_set_new(line, "verdict", hn_utf8(hn_seen_word(&r->seen)));
    add_expectation(line, r);
    json_object_set_new(line, "leaked", json_integer(r->seen.leaked));
    json_object_set_new(line, "left", json_integer(r->seen.left));
    json_object_set_new(line, "seed", json_integer((json_int_t)r->seed));
    json_object_set_new(line, "procs", json_integer(r->procs));
    take(line, r, "clock_ns", json_null());
    json_object_set_new(line, "wall_ns", json_integer(r->wall));
    take(line, r, "findings", json_array());
    take(line, r, "detector", no_detector());
    json_object_set_new(line, "replay", hn_utf8(r->replay));
    json_object_set_new(line, "output",
                        hn_utf8_bytes(r->output, r->output_len));
    if (r->explored)
        add_explored(line, r);
    if (r->report) /* what a newer runtime may tell besides */
        json_object_update_missing(line, r->report);
    hn_fields_complete(line, &hn_fields_run);
    if (r->explored)
        hn_fields_complete(line, &hn_fields_exploration);
    return line;
}

static void write_line(FILE *out, json_t *line)
{
    json_dumpf(line, out, JSON_COMPACT | JSON_ENSURE_ASCII);
    fputc('\n', out);
    json_decref(line);
}

static void list(struct hn_writer *w)
{
    size_t n = w->suite->n;

    for (size_t i = 0; i < n; i++)
        write_line(w->out, hn_scenario_to_json(&w->suite->all[i], n));
}

static void begin(struct hn_writer *w)
{
    (void)w;
}

static void run(struct hn_writer *w, const struct hn_result *result)
{
    if (!w->options->quiet || result->judged != HN_AS_EXPECTED)
        write_line(w->out, run_line(result));
}

static void scenario(struct hn_writer *w, const struct hn_tally *tally)
{
    (void)w;
    (void)tally;
}

static void end(struct hn_writer *w, const struct hn_tally *failed,
                size_t nfailed, const struct hn_totals *totals)
{
    const struct hn_progress *runs = &totals->end.last;

    (void)failed;
    (void)nfailed;
    write_line(
        w->out,
        json_pack(
            "{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:b}",
            "schema", "vigil-summary/1", "scenarios",
            (json_int_t)totals->scenarios, "as_expected",
            (json_int_t)totals->as_expected, "not_expected",
            (json_int_t)totals->not_expected, "undecided",
            (json_int_t)totals->undecided, "known", (json_int_t)totals->known,
            "hinted", (json_int_t)totals->hinted, "runs",
            (json_int_t)runs->done, "runs_as_expected",
            (json_int_t)runs->as_expected, "seed", (json_int_t)w->options->seed,
            "wall_ns", (json_int_t)runs->wall, "interrupted",
            totals->end.signal != 0));
}

const struct hn_format hn_format_json = {list, begin, run, scenario, end};
