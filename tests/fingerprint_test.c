/* fingerprint_test.c - like findings are known again, unlike ones are not. */
#include "runtime/monitor/fingerprint.h"

#include <criterion/criterion.h>

static uint64_t of_set(struct mon_fingerprints *f, const uint64_t *g, int n)
{
    mon_fingerprint_begin(f);
    for (int i = 0; i < n; i++)
        mon_fingerprint_add(f, g[i]);
    return mon_fingerprint_end(f, GO_VERDICT_LEAK, GO_SHAPE_RING);
}

Test(fingerprint, order_and_repetition_of_a_set_do_not_matter)
{
    const uint64_t a[] = {11, 22, 33}, b[] = {33, 11, 22, 11, 33}, c[] = {11};
    struct rt_arena arena = {0};
    struct mon_fingerprints f;
    uint64_t first;

    cr_assert(mon_fingerprint_new(&f, 100, &arena) == 0);
    first = of_set(&f, a, 3);
    cr_assert(of_set(&f, b, 5) == first);
    cr_assert(of_set(&f, c, 1) != first);
    rt_arena_free(&arena);
}

Test(fingerprint, shape_and_verdict_matter)
{
    const uint64_t a[] = {11};
    struct rt_arena arena = {0};
    struct mon_fingerprints f;
    uint64_t first;

    cr_assert(mon_fingerprint_new(&f, 100, &arena) == 0);
    first = of_set(&f, a, 1);
    cr_assert(mon_fingerprint_end(&f, GO_VERDICT_LEAK, GO_SHAPE_KNOT) != first);
    cr_assert(mon_fingerprint_end(&f, GO_VERDICT_DEADLOCK, GO_SHAPE_RING) !=
              first);
    rt_arena_free(&arena);
}

Test(fingerprint, where_a_word_ends_matters)
{
    static struct go_site one = {NULL, "bc", "a", NULL, 1};
    static struct go_site two = {NULL, "c", "ab", NULL, 1};
    struct go_inspect_goroutine g[2] = {{.site = &one, .created = &one},
                                        {.site = &two, .created = &two}};
    struct go_inspect in = {.goroutines = g, .ngoroutine = 2};

    cr_assert(mon_fingerprint_goroutine(&in, 0) !=
              mon_fingerprint_goroutine(&in, 1));
}

/* One that waits to send on a channel, and the words of it. */
struct words {
    const char *created, *func, *name;
    uint8_t reason, kind;
};

static uint64_t of_words(struct words w, int line, uint64_t id)
{
    struct go_site at = {"a.c", w.func, "c", NULL, line};
    struct go_site created = {"b.c", "app", w.created, NULL, line + 100};
    struct go_inspect_object o = {
        .kind = w.kind, .name = w.name, .id = (uint32_t)id, .born = &created};
    struct go_inspect_wait wait = {.want = GO_WANT_RECV, .site = &at};
    struct go_inspect_goroutine g = {.id = id,
                                     .reason = w.reason,
                                     .since = line,
                                     .site = &at,
                                     .created = &created,
                                     .created_by = id / 2,
                                     .nwait = 1};
    struct go_inspect in = {.goroutines = &g,
                            .objects = &o,
                            .waits = &wait,
                            .ngoroutine = 1,
                            .nobject = 1,
                            .nwait = 1};

    return mon_fingerprint_goroutine(&in, 0);
}

static const struct words sender = {"answer", "answer", "results",
                                    GO_WAIT_CHAN_SEND, GO_KIND_CHAN};

Test(fingerprint, lines_ids_and_times_do_not_matter)
{
    cr_assert_eq(of_words(sender, 10, 4), of_words(sender, 17, 4));
    cr_assert_eq(of_words(sender, 10, 4), of_words(sender, 10, 90));
}

Test(fingerprint, functions_reasons_kinds_and_names_matter)
{
    const struct words others[] = {
        {"reply", "answer", "results", GO_WAIT_CHAN_SEND, GO_KIND_CHAN},
        {"answer", "reply", "results", GO_WAIT_CHAN_SEND, GO_KIND_CHAN},
        {"answer", "answer", "errors", GO_WAIT_CHAN_SEND, GO_KIND_CHAN},
        {"answer", "answer", "results", GO_WAIT_SELECT, GO_KIND_CHAN},
        {"answer", "answer", "results", GO_WAIT_CHAN_SEND, GO_KIND_COND},
    };

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        cr_assert_neq(of_words(others[i], 10, 4), of_words(sender, 10, 4),
                      "%zu", i);
}

static uint64_t of_finding(struct words w, enum go_verdict verdict,
                           enum go_shape shape)
{
    const uint64_t g = of_words(w, 10, 4);
    struct rt_arena arena = {0};
    struct mon_fingerprints f;
    uint64_t print;

    cr_assert(mon_fingerprint_new(&f, 1, &arena) == 0);
    mon_fingerprint_begin(&f);
    mon_fingerprint_add(&f, g);
    print = mon_fingerprint_end(&f, verdict, shape);
    rt_arena_free(&arena);
    return print;
}

/* They are kept in baselines: who changes these breaks every one there is. */
Test(fingerprint, is_the_same_in_every_version)
{
    const struct words reader = {"serve", "read", "fd 3", GO_WAIT_IO,
                                 GO_KIND_FD};
    const struct words locker = {"transfer", "transfer", "&to->mu",
                                 GO_WAIT_MUTEX, GO_KIND_MUTEX};

    cr_assert_eq(of_finding(sender, GO_VERDICT_LEAK, GO_SHAPE_ORPHAN),
                 0xbcf1d9ed9b92efc5u);
    cr_assert_eq(of_finding(locker, GO_VERDICT_DEADLOCK, GO_SHAPE_RING),
                 0xc756b3417ced5767u);
    cr_assert_eq(of_finding(reader, GO_VERDICT_LEFT, GO_SHAPE_EXTERNAL),
                 0x0fe47adabd893e72u);
}
