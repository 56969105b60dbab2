/* report_dot_test.c - the picture shows the graph, and dot accepts it. */
#define _GNU_SOURCE
#include "runtime/monitor/report_dot.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vigil/utf8.h>

#include "runtime/base/rng.h"
#include "tests/made.h"

/* The picture of this snapshot; to be freed. */
static char *picture_of(struct made *m, const char *scenario)
{
    struct mon_findings f;
    struct mon_report report = {.in = &m->in, .findings = &f};
    int fd = memfd_create("dot", 0);
    char *text;
    off_t n;

    made_find(m, &f);
    report.verdict = f.verdict;
    report.scenario = scenario;
    cr_assert(mon_report_dot(&report, fd) == 0);
    n = lseek(fd, 0, SEEK_END);
    text = calloc(1, (size_t)n + 1);
    cr_assert(pread(fd, text, (size_t)n, 0) == n);
    close(fd);
    return text;
}

static void shows(const char *text, const char *part)
{
    cr_assert(strstr(text, part), "no %s in\n%s", part, text);
}

Test(report_dot, ring_shows_waits_and_holds_in_red)
{
    struct made m;
    char *text;

    made_abba(&m);
    m.g[1].name = "worker a";
    text = picture_of(&m, "transfer");
    shows(text, "label=\"transfer: deadlock\"");
    shows(text, "g2 [shape=box, label=\"goroutine 2 \\\"worker a\\\"");
    shows(text, "g2 -> o2 [label=\"waits for unlock\", color=red");
    shows(text, "o2 -> g3 [label=\"held by\", color=red");
    shows(text, "o0 -> g2 [label=\"member\"");
    shows(text, "o1 [shape=ellipse, label=\"mutex a");
    free(text);
    made_free(&m);
}

Test(report_dot, who_lives_is_not_red)
{
    struct made m;
    char *text;

    made_abba(&m);
    m.g[1].state = GO_STATE_RUNNING;
    text = picture_of(&m, "transfer");
    cr_assert(!strstr(text, "red"), "%s", text);
    free(text);
    made_free(&m);
}

/* Feeds the text to dot; its exit status. */
static int dot_status(const char *text)
{
    FILE *dot = popen("dot -Tcanon >/dev/null", "w");

    cr_assert(dot);
    fputs(text, dot);
    return pclose(dot);
}

Test(report_dot, dot_accepts_it_whatever_the_names)
{
    struct made m;
    char *text;

    cr_assert(system("dot -V 2>/dev/null") == 0, "graphviz is not installed");
    made_abba(&m);
    m.g[1].name = "a \"quoted\" \\ back\nslash";
    m.o[1].name = "m\"[0]\\";
    made_use(&m, made_object(&m, GO_KIND_CHAN, "<c>"), 2, GO_DID_SEND);
    text = picture_of(&m, "}\"");
    cr_assert(dot_status(text) == 0, "%s", text);
    cr_assert(dot_status("digraph {") != 0, "dot accepts anything");
    free(text);
    made_free(&m);
}

/* A picture with this name wherever one stands. */
static char *picture_named(const char *name)
{
    struct go_site site = {.file = name, .line = 1};
    struct made m;
    char *text;

    made_abba(&m);
    m.g[1].name = m.o[1].name = name;
    m.g[1].site = m.o[1].born = &site;
    text = picture_of(&m, name);
    made_free(&m);
    return text;
}

Test(report_dot, any_bytes_are_utf8_and_dot)
{
    FILE *all = tmpfile();
    char *text;

    for (uint64_t seed = 1; seed <= 500; seed++) {
        static const char hard[] = "\"\\{}<>|;&#\n\t\x7f\xff\xc3\xed\xa0\x80";
        struct rt_rng r = {seed};
        char name[24] = "";

        for (unsigned n = rt_rng_below(&r, sizeof(name)); n > 0; n--)
            name[n - 1] = rt_rng_below(&r, 2)
                              ? hard[rt_rng_below(&r, sizeof(hard) - 1)]
                              : (char)(1 + rt_rng_below(&r, 255));
        text = picture_named(name);
        cr_assert(go_utf8_is(text), "seed %llu", (unsigned long long)seed);
        fputs(text, all);
        free(text);
    }
    rewind(all);
    text = calloc(1, 1 << 24);
    cr_assert(fread(text, 1, (1 << 24) - 1, all) > 0);
    cr_assert(dot_status(text) == 0);
    free(text);
    fclose(all);
}

/* dot reads &lt; as HTML does. */
Test(report_dot, a_name_is_shown_as_it_is)
{
    char *text = picture_named("&lt; &mu &#60; \xff");

    shows(text, "label=\"mutex &amp;lt; &mu &amp;#60; \xef\xbf\xbd");
    free(text);
}

Test(report_dot, picture_of_many_is_cut_and_says_so)
{
    enum {
        N = MON_DOT_GOROUTINES + 11
    };
    static struct go_inspect_goroutine g[N];
    struct go_inspect in = {.goroutines = g, .ngoroutine = N};
    struct rt_arena arena = {0};
    struct mon_findings f;
    struct mon_report report = {.in = &in, .findings = &f};
    char text[4096] = "";
    int fd = memfd_create("dot", 0);

    for (uint32_t i = 0; i < N; i++)
        g[i] = (struct go_inspect_goroutine){.id = i + 1,
                                             .state = GO_STATE_RUNNING,
                                             .member = GO_NOWHERE,
                                             .until = -1};
    cr_assert(mon_find(&in, NULL, &arena, &f) == 0);
    cr_assert(mon_report_dot(&report, fd) == 0);
    cr_assert(pread(fd, text, sizeof(text) - 1, 0) > 0);
    shows(text, "11 more goroutines are not drawn");
    rt_arena_free(&arena);
    close(fd);
}

Test(report_dot, full_disk_is_told)
{
    struct made m;
    struct mon_findings f;
    struct mon_report report = {.in = &m.in, .findings = &f};
    int fd = open("/dev/full", O_WRONLY);

    made_abba(&m);
    made_find(&m, &f);
    cr_assert(mon_report_dot(&report, fd) == -ENOSPC);
    close(fd);
    made_free(&m);
}

/* The lock has a gate for readers and one for writers, and one holder. */
Test(report_dot, rwmutex_shows_its_writer_once)
{
    struct made m;
    char *text, *first;
    uint32_t rw;

    made_new(&m);
    rw = made_object(&m, GO_KIND_RWMUTEX, "rw");
    made_hold(&m, made_locker(&m, rw), rw);
    text = picture_of(&m, NULL);
    first = strstr(text, "o0 -> g1");
    cr_assert(first && !strstr(first + 1, "o0 -> g1"), "%s", text);
    free(text);
    made_free(&m);
}

/* A channel has a gate for each direction, and who waits there is drawn so. */
Test(report_dot, channel_shows_who_may_wake_once)
{
    struct made m;
    uint32_t c;
    char *text;

    made_new(&m);
    c = made_object(&m, GO_KIND_CHAN, "c");
    made_wait(&m, made_g(&m, GO_WAIT_CHAN_RECV), c, GO_WANT_RECV);
    m.g[made_g(&m, GO_WAIT_NONE)].state = GO_STATE_RUNNING;
    made_use(&m, c, 1, GO_DID_RECV);
    made_use(&m, c, 2, GO_DID_SEND);
    text = picture_of(&m, "c");
    shows(text, "o0 -> g2 [label=\"may wake\"");
    cr_assert_null(strstr(strstr(text, "may wake") + 1, "may wake"), "%s",
                   text);
    free(text);
    made_free(&m);
}
