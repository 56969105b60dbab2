/*
 * hugo_5379 - a page renders itself while it is being rendered.
 *
 * What it did: a page prepares its content once, and from that its plain text,
 * once; the second takes the page's lock. The content is rendered by a
 * goroutine of its own, for at most a millisecond, with the page's lock held.
 * Here it has a short code that asks how many words the same page has: for
 * that it needs content and plain text.
 * Why it bites: the renderer waits for the content that waits for the
 * renderer; the time-out ends that. Then all want the plain text: who is first
 * is in its once and wants the lock, which the renderer has, who waits for
 * that once. Or the renderer is first, and takes its lock again.
 * The fix: who prepares the content takes the lock, around the renderer, and
 * gives it back when the content is done or too late.
 * Class: resource (lock against once). Expected: DEADLOCK of renderer, both
 * workers, and main, who waits for them. Origin: GoKer hugo_5379.
 */
#include <vigil/scenario.h>

#define RENDER_TIMEOUT GO_MILLISECOND
#define WORKERS        2

struct page {
    struct go_mutex mu;
    struct go_once content, plain;
    struct go_once words; /* done when the page was built */
    bool fixed;
};

static void count_words(struct page *p);

static void make_plain(struct page *p)
{
    go_mutex_lock(&p->mu);
    go_mutex_unlock(&p->mu);
}

static void render(struct page *p, chan(bool) rendered)
{
    go_name("renderer");
    if (!p->fixed)
        go_mutex_lock(&p->mu);
    count_words(p); /* the short code */
    chan_send(rendered, true);
    if (!p->fixed)
        go_mutex_unlock(&p->mu);
}

static void make_content(struct page *p)
{
    struct go_context *ctx =
        go_context_with_timeout(go_context_background(), RENDER_TIMEOUT);
    chan(bool) rendered = chan_make(bool, 1);

    chan_name(rendered, "rendered");
    if (p->fixed)
        go_mutex_lock(&p->mu);
    go(render, p, rendered);
    go_select(GO_RECV(go_context_done(ctx), NULL), GO_RECV(rendered, NULL));
    if (p->fixed)
        go_mutex_unlock(&p->mu);
    go_context_free(ctx);
}

static void no_set_up(void)
{
}

static void count_words(struct page *p)
{
    go_once_do(&p->words, no_set_up);
    go_once_do(&p->content, make_content, p);
    go_once_do(&p->plain, make_plain, p);
}

static void work(struct page *p)
{
    go_name("worker");
    count_words(p);
}

static void build_site(struct page *p)
{
    struct go_waitgroup workers = {0};

    go_once_do(&p->words, no_set_up);
    go_label(&p->mu, "page");
    go_label(&p->content, "content");
    go_label(&p->plain, "plain text");
    for (int i = 0; i < WORKERS; i++)
        go_waitgroup_go(&workers, work, p);
    go_waitgroup_wait(&workers);
}

SCENARIO(hugo_5379, .about = "a renderer that has the page's lock",
         .expect = EXPECT_DEADLOCK, .explore = true,
         .origin = "GoKer hugo_5379", .class = "resource")
{
    static struct page page;

    build_site(&page);
}

SCENARIO(hugo_5379_fixed, .about = "a renderer without the page's lock",
         .explore = true, .origin = "GoKer hugo_5379", .class = "resource")
{
    static struct page page = {.fixed = true};

    build_site(&page);
}
