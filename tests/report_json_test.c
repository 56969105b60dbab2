/* report_json_test.c - vigil-report/1 has its fields, and says what is so. */
#define _GNU_SOURCE
#include "runtime/monitor/report_json.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/made.h"

static size_t one_frame(void *arg, uint32_t g, struct mon_frame *f, size_t max)
{
    (void)arg;
    (void)max;
    f[0] = (struct mon_frame){.func = g ? "worker" : "app",
                              .file = "/src/app.c",
                              .line = 25,
                              .module = "/bin/app",
                              .offset = 0x1234,
                              .inlined = true};
    return 1;
}

/* The report of this snapshot, read back; one line is checked for. */
static json_t *report_of(struct made *m, struct mon_findings *f)
{
    struct mon_report report = {.in = &m->in,
                                .findings = f,
                                .verdict = f->verdict,
                                .scenario = "tr\"ansfer\n",
                                .replay = "vigil run x",
                                .seed = 7,
                                .procs = 2,
                                .clock = 12,
                                .wall = 34,
                                .stack = one_frame};
    int fd = memfd_create("report", 0);
    char *text;
    json_t *got;
    off_t n;

    cr_assert(mon_report_json(&report, fd) == 0);
    n = lseek(fd, 0, SEEK_END);
    text = calloc(1, (size_t)n + 1);
    cr_assert(pread(fd, text, (size_t)n, 0) == n);
    cr_assert(strchr(text, '\n') == text + n - 1, "not one line");
    got = json_loads(text, 0, NULL);
    cr_assert(got, "no JSON: %s", text);
    free(text);
    close(fd);
    return got;
}

static const char *text_in(json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));

    return text ? text : "(none)";
}

static json_int_t int_in(json_t *o, const char *key)
{
    cr_assert(json_is_integer(json_object_get(o, key)), "no number %s", key);
    return json_integer_value(json_object_get(o, key));
}

static void has(json_t *o, const char *keys)
{
    char *copy = strdup(keys), *save = NULL;

    for (char *k = strtok_r(copy, " ", &save); k;
         k = strtok_r(NULL, " ", &save))
        cr_assert(json_object_get(o, k), "the field %s is missing", k);
    free(copy);
}

Test(report_json, every_documented_field_is_there)
{
    struct made m;
    struct mon_findings f;
    json_t *root, *finding, *g;

    made_abba(&m);
    made_find(&m, &f);
    root = report_of(&m, &f);
    has(root, "schema scenario verdict seed procs clock_ns wall_ns findings "
              "detector replay");
    finding = json_array_get(json_object_get(root, "findings"), 0);
    has(finding, "verdict shape proven fingerprint message goroutines");
    g = json_array_get(json_object_get(finding, "goroutines"), 0);
    has(g, "id name state reason since_ns site created objects certificate "
           "stack");
    has(json_array_get(json_object_get(g, "objects"), 0),
        "kind id name site holders");
    has(json_array_get(json_object_get(g, "certificate"), 0),
        "goroutine fate site");
    has(json_array_get(json_object_get(g, "stack"), 0),
        "func file line module offset inlined");
    has(json_object_get(root, "detector"), "complete limits");
    json_decref(root);
    made_free(&m);
}

/* J1 */
Test(report_json, of_a_wide_select_it_is_told_how_many_cases_there_are)
{
    static struct go_inspect_wait waits[MON_JSON_WAKERS + 6];
    struct made m;
    struct mon_findings f;
    json_t *root, *g;
    uint32_t c;

    made_new(&m);
    made_g(&m, GO_WAIT_SELECT);
    c = made_object(&m, GO_KIND_CHAN, "c");
    made_wait(&m, 0, c, GO_WANT_SEND);
    made_done(&m);
    for (size_t i = 0; i < MON_JSON_WAKERS + 6; i++)
        waits[i] = m.w[0];
    m.in.waits = waits;
    m.in.nwait = m.g[0].nwait = MON_JSON_WAKERS + 6;
    cr_assert(mon_find(&m.in, NULL, &m.arena, &f) == 0);
    root = report_of(&m, &f);
    g = json_array_get(json_object_get(root, "findings"), 0);
    g = json_array_get(json_object_get(g, "goroutines"), 0);
    cr_assert(int_in(g, "waits") == MON_JSON_WAKERS + 6);
    cr_assert(json_array_size(json_object_get(g, "objects")) ==
              MON_JSON_WAKERS);
    json_decref(root);
    made_free(&m);
}

Test(report_json, ring_is_told_as_it_is)
{
    struct made m;
    struct mon_findings f;
    json_t *root, *finding, *g, *waker;

    made_abba(&m);
    made_find(&m, &f);
    root = report_of(&m, &f);
    cr_assert_str_eq(text_in(root, "schema"), "vigil-report/1");
    cr_assert_str_eq(text_in(root, "scenario"), "tr\"ansfer\n");
    cr_assert_str_eq(text_in(root, "verdict"), "deadlock");
    cr_assert(int_in(root, "leaked") == 2);
    finding = json_array_get(json_object_get(root, "findings"), 0);
    cr_assert_str_eq(text_in(finding, "shape"), "ring");
    cr_assert(json_is_true(json_object_get(finding, "proven")));
    g = json_array_get(json_object_get(finding, "goroutines"), 0);
    cr_assert(int_in(g, "id") == 2);
    cr_assert_str_eq(text_in(g, "state"), "waiting");
    cr_assert(int_in(json_object_get(g, "created"), "by") == 1);
    waker = json_array_get(json_object_get(g, "certificate"), 0);
    cr_assert(int_in(waker, "goroutine") == 3);
    cr_assert_str_eq(text_in(waker, "fate"), "stuck");
    json_decref(root);
    made_free(&m);
}

Test(report_json, limits_make_the_detector_incomplete)
{
    struct made m;
    struct mon_findings f;
    json_t *root, *detector, *limit;

    made_abba(&m);
    m.in.nlimit = 1;
    m.l[0].goroutine = 7;
    strcpy(m.l[0].text, "in read(fd 5)");
    made_find(&m, &f);
    root = report_of(&m, &f);
    detector = json_object_get(root, "detector");
    cr_assert(json_is_false(json_object_get(detector, "complete")));
    limit = json_array_get(json_object_get(detector, "limits"), 0);
    cr_assert_str_eq(text_in(limit, "text"), "in read(fd 5)");
    cr_assert(int_in(limit, "goroutine") == 7);
    json_decref(root);
    made_free(&m);
}

Test(report_json, panic_without_a_goroutine_has_none)
{
    struct made m;
    struct mon_findings f;
    json_t *root, *finding;

    made_new(&m);
    made_find(&m, &f);
    cr_assert(mon_find_panic(&f, &m.arena, GO_NOWHERE, "boom\xff") == 0);
    root = report_of(&m, &f);
    finding = json_array_get(json_object_get(root, "findings"), 0);
    cr_assert_str_eq(text_in(finding, "message"), "boom\xef\xbf\xbd");
    cr_assert_str_eq(text_in(finding, "verdict"), "panic");
    cr_assert(json_array_size(json_object_get(finding, "goroutines")) == 0);
    json_decref(root);
    made_free(&m);
}

Test(report_json, wait_on_a_nil_channel_has_no_object_id)
{
    struct made m;
    struct mon_findings f;
    json_t *root, *g;

    made_new(&m);
    made_wait(&m, made_g(&m, GO_WAIT_CHAN_RECV_NIL), GO_NOWHERE, GO_WANT_SEND);
    made_find(&m, &f);
    root = report_of(&m, &f);
    g = json_array_get(
        json_object_get(json_array_get(json_object_get(root, "findings"), 0),
                        "goroutines"),
        0);
    cr_assert_str_eq(
        text_in(json_array_get(json_object_get(g, "objects"), 0), "kind"),
        "nil chan");
    json_decref(root);
    made_free(&m);
}

Test(report_json, full_disk_is_told)
{
    struct made m;
    struct mon_findings f;
    struct mon_report report = {.in = &m.in, .findings = &f};
    int fd = open("/dev/full", O_WRONLY);

    made_abba(&m);
    made_find(&m, &f);
    cr_assert(mon_report_json(&report, fd) == -ENOSPC);
    close(fd);
    made_free(&m);
}
