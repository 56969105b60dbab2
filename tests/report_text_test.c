/* report_text_test.c - reports of made-up moments, line by line. */
#include "runtime/monitor/report_text.h"
#include "tests/made.h"
#include "tests/ran.h"

static struct made m;
static struct ran said;
static const struct go_site created = {"src/x.c", "app", "", NULL, 17};
static const struct go_site stopped = {"src/x.c", "worker", "", NULL, 22};

static size_t one_frame(void *arg, uint32_t at, struct mon_frame *f, size_t max)
{
    (void)arg;
    (void)at;
    (void)max;
    f[0] = (struct mon_frame){
        .func = "worker", .file = "/src/x.c", .line = 22, .func_offset = 0x4f};
    return 1;
}

/* Finds, reports, and keeps the text. */
static void report(struct mon_text text)
{
    struct mon_findings f;
    struct mon_report r = {.in = &m.in,
                           .findings = &f,
                           .stack = one_frame,
                           .scenario = "transfer",
                           .clock = 12400000,
                           .seed = 7,
                           .replay = "vigil replay x"};
    int fd = memfd_create("text", 0);

    made_find(&m, &f);
    r.verdict = f.verdict;
    text.report = &r;
    cr_assert_eq(mon_report_text(&text, fd), 0);
    ran_read(&said, fd);
}

Test(report_text, ring_with_owners_bystander_and_tail)
{
    made_new(&m);
    made_abba(&m);
    report((struct mon_text){.first = "fatal error: x"});
    cr_assert_eq(strncmp(said.text, "fatal error: x\n\n", 16), 0);
    cr_assert_has(&said, "DEADLOCK, proven: ");
    cr_assert_has(&said, "scenario transfer, +12.4ms, seed 7\n");
    cr_assert_has(&said, "goroutine 2 waits to lock mutex \"");
    cr_assert_has(&said, "held by goroutine 3 (stuck, below)");
    cr_assert_has(&said, "held by goroutine 2 (stuck, above)");
    cr_assert_has(&said, "Nobody else holds it.\n");
    cr_assert_has(&said, "      timers: none armed.   detector: complete\n");
    cr_assert_has(&said, "replay: vigil replay x\n\n");
    cr_assert_has(&said, "goroutine 2 [sync.Mutex.Lock]:\n"
                         "worker(...)\n\t/src/x.c:22 +0x4f\n");
}

Test(report_text, locks_without_names_are_told_apart_by_number_and_first_use)
{
    made_ring(&m, 2);
    m.o[0].name = m.o[1].name = "";
    m.o[0].born = &created;
    m.o[1].born = &stopped;
    report((struct mon_text){0});
    cr_assert_has(&said, "lock mutex #2 (first used at x.c:22)  at ");
    cr_assert_has(&said, "lock mutex #1 (first used at x.c:17)  at ");
}

/* Main waits for who sleeps until 24 h, and for nobody else. */
static void until_tomorrow(void)
{
    uint32_t wg, sleeper;

    made_new(&m);
    wg = made_object(&m, GO_KIND_WAITGROUP, "&wg");
    m.o[wg].exact = 1;
    made_wait(&m, made_g(&m, GO_WAIT_WAITGROUP), wg, GO_WANT_DONE);
    sleeper = made_g(&m, GO_WAIT_SLEEP);
    m.g[sleeper].member = wg;
    m.g[sleeper].until = 24 * GO_HOUR;
    for (int i = 0; i < 2; i++)
        m.t[m.in.ntimer++] =
            (struct go_inspect_timer){.when = (i ? 24 : 1) * GO_HOUR,
                                      .object = GO_NOWHERE,
                                      .goroutine = i ? sleeper : GO_NOWHERE};
}

Test(report_text, next_timer_is_told_with_whom_it_wakes_and_what_moves_before)
{
    until_tomorrow();
    report((struct mon_text){0});
    cr_assert_has(&said, "timers: 2 armed, the next for +24h00m, wakes "
                         "goroutine 2; nothing moves before.   detector: ");
    until_tomorrow();
    made_g(&m, GO_WAIT_NONE);
    report((struct mon_text){0});
    cr_assert_has(&said, "+24h00m, wakes goroutine 2.   detector: ");
    until_tomorrow();
    m.t[0].calls = 1;
    m.t[0].site = &created;
    report((struct mon_text){0});
    cr_assert_has(&said, "the next for +1h00m, calls what was set at x.c:17; "
                         "nothing moves before.");
}

Test(report_text, lock_that_names_a_wrong_owner_says_so)
{
    made_new(&m);
    made_object(&m, GO_KIND_MUTEX, "&copy");
    m.o[0].exact = 0;
    m.o[0].disowned = 1;
    m.o[0].says = 7;
    made_locker(&m, 0);
    report((struct mon_text){0});
    cr_assert_has(&said, "held by nobody, though it names goroutine 7: it was "
                         "copied, moved or overwritten while it was locked.\n");
    cr_assert_has(&said, "waits, and nobody is left to wake it");
}

/* Two channels of one chan_make, by the names of parameters. */
static void of_one_loop(bool labelled)
{
    made_new(&m);
    for (int i = 0; i < 2; i++) {
        made_wait(&m, made_g(&m, GO_WAIT_CHAN_RECV),
                  made_object(&m, GO_KIND_CHAN, i ? "in" : "to"), GO_WANT_SEND);
        m.o[i].labelled = labelled;
    }
    report((struct mon_text){0});
}

Test(report_text, channels_of_one_loop_are_told_apart_by_number)
{
    of_one_loop(false);
    cr_assert_has(&said, "chan \"to\" #1 (");
    cr_assert_has(&said, "chan \"in\" #2 (");
    of_one_loop(true);
    cr_assert_has(&said, "chan \"to\" (");
}

Test(report_text, who_did_several_things_is_told_once)
{
    made_new(&m);
    made_wait(&m, made_g(&m, GO_WAIT_SEMAPHORE),
              made_object(&m, GO_KIND_SEMAPHORE, "&s"), GO_WANT_RELEASE);
    made_use(&m, 0, 9, GO_DID_ACQUIRE);
    made_use(&m, 0, 9, GO_DID_RELEASE);
    report((struct mon_text){0});
    cr_assert_has(&said, "goroutine 9 (ended long ago), last acquired at ");
    cr_assert_has(&said, ", last released at ");
    cr_assert(!strstr(strstr(said.text, "goroutine 9 (") + 1, "goroutine 9 ("));
}

Test(report_text, limits_are_named_instead_of_complete)
{
    made_new(&m);
    made_abba(&m);
    strcpy(m.l[0].text, "goroutine 7 in read");
    strcpy(m.l[1].text, "worker 1 asleep");
    m.in.nlimit = 2;
    report((struct mon_text){0});
    cr_assert_has(&said, "detector: goroutine 7 in read; worker 1 asleep\n");
    cr_assert_has_not(&said, "complete");
}

Test(report_text, minutes_stand_in_the_brackets_from_one_on)
{
    uint32_t young, old;

    made_new(&m);
    young = made_g(&m, GO_WAIT_SELECT_EMPTY);
    old = made_g(&m, GO_WAIT_CHAN_SEND_NIL);
    m.in.now = 200 * GO_SECOND;
    m.in.goroutines = m.g;
    m.g[young].since = m.in.now - 59 * GO_SECOND;
    m.g[old].since = m.in.now - 180 * GO_SECOND;
    report((struct mon_text){0});
    cr_assert_has(&said, "goroutine 1 [select (no cases)]:\n");
    cr_assert_has(&said, "goroutine 2 [chan send (nil chan), 3 minutes]:\n");
}

Test(report_text, creator_is_told_of_all_but_main)
{
    made_new(&m);
    for (int i = 0; i < 2; i++) {
        uint32_t g = made_g(&m, GO_WAIT_SELECT_EMPTY);

        m.g[g].created = &created;
        m.g[g].created_by = 1;
        m.g[g].site = &stopped;
    }
    report((struct mon_text){0});
    cr_assert_has(&said, "\ncreated by app in goroutine 1\n\tsrc/x.c:17\n");
    cr_assert(!strstr(strstr(said.text, "created by") + 1, "created by"));
    cr_assert_has(&said, "waits in a select without cases  at x.c:22");
}

static void many(bool full)
{
    made_new(&m);
    for (int i = 0; i < MADE_MAX; i++)
        m.g[made_g(&m, GO_WAIT_SELECT_EMPTY)].created = &created;
    report((struct mon_text){.full = full});
}

static int count(const char *part)
{
    int n = 0;

    for (const char *at = said.text; (at = strstr(at, part)); at++)
        n++;
    return n;
}

Test(report_text, many_alike_share_one_block)
{
    many(false);
    cr_assert_eq(count("\ngoroutine "), 2, "%s", said.text);
    cr_assert_has(&said, "62 more like it: goroutines 3-64\n");
}

Test(report_text, full_report_has_a_block_for_each)
{
    many(true);
    cr_assert_eq(count("\ngoroutine "), MADE_MAX);
    cr_assert_has_not(&said, "more like it: goroutines");
}

Test(report_text, only_one_block_for_a_panic)
{
    made_new(&m);
    made_abba(&m);
    report((struct mon_text){.only = 2});
    cr_assert_eq(strncmp(said.text, "goroutine 2 [", 13), 0);
    cr_assert_has_not(&said, "DEADLOCK");
    cr_assert_has_not(&said, "goroutine 3");
}

Test(report_text, failed_write_is_told)
{
    struct mon_findings f;
    struct mon_report r = {.in = &m.in, .findings = &f};
    struct mon_text text = {.report = &r};

    made_new(&m);
    made_abba(&m);
    made_find(&m, &f);
    cr_assert_eq(mon_report_text(&text, 12345), -EBADF);
}

Test(report_text, bare_block_has_site_and_creator)
{
    static struct mon_out out;
    int fd = memfd_create("text", 0);

    mon_out_open(&out, fd);
    mon_report_text_bare(&out, 5, "running", &stopped, &created, 1);
    mon_out_close(&out);
    ran_read(&said, fd);
    cr_assert_str_eq(said.text,
                     "\ngoroutine 5 [running]:\nworker(...)\n\tsrc/x.c:22\n"
                     "created by app in goroutine 1\n\tsrc/x.c:17\n");
}
