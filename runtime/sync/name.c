/*
 * name.c - texts and call sites that outlive whoever gave them.
 *
 * In: labels and names from the program, return addresses of calls that were
 * made by function. Out: objects, goroutines and reports point to them.
 *
 * Method: equal texts are kept once, in a hash table of chains that doubles;
 * all of it in mapped memory of our own, for it is filled inside the runtime,
 * where malloc is not called. Sites lie in a fixed array, found through chains
 * that only ever grow at their head, so that looking one up takes no lock.
 *
 * Nothing is ever given back: a label stays on a static object from run to
 * run, and a program has only so many places that call.
 *
 * Lock: texts.lock, rank RT_RANK_NAME. Always taken, also by a solo run: it
 * is not worth knowing.
 */
#include "runtime/sync/object.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/arena.h"
#include "runtime/sched/switch.h"

struct text {
    struct text *next; /* in its chain */
    uint32_t hash;
    char text[];
};

static struct {
    uint32_t lock;
    struct rt_arena memory;
    struct text **chain; /* size of them, a power of two */
    uint32_t size, n;
} texts;

/* FNV-1a. */
static uint32_t text_hash(const char *s)
{
    uint32_t h = 2166136261u;

    for (; *s; s++)
        h = (h ^ (uint8_t)*s) * 16777619u;
    return h;
}

/* Twice the chains once there are as many texts; false: no memory. */
static bool texts_grow(void)
{
    uint32_t size = texts.size ? texts.size * 2 : 256, i;
    struct text **chain, *t, *next;

    if (texts.n < texts.size)
        return true;
    chain = rt_arena_alloc(&texts.memory, size * sizeof(struct text *));
    if (!chain)
        return texts.size > 0; /* longer chains will do */
    for (i = 0; i < texts.size; i++)
        for (t = texts.chain[i]; t; t = next) {
            next = t->next;
            t->next = chain[t->hash & (size - 1)];
            chain[t->hash & (size - 1)] = t;
        }
    texts.chain = chain;
    texts.size = size;
    return true;
}

/* The text in the table, put there if it is new; NULL: no memory. */
static const char *texts_find_locked(const char *text)
{
    uint32_t hash = text_hash(text);
    struct text *t, **at;
    size_t n = strlen(text);

    rt_assert_held(&texts.lock);
    if (!texts_grow())
        return NULL;
    at = &texts.chain[hash & (texts.size - 1)];
    for (t = *at; t; t = t->next)
        if (t->hash == hash && !strcmp(t->text, text))
            return t->text;
    t = rt_arena_alloc(&texts.memory, sizeof(*t) + n + 1);
    if (!t)
        return NULL;
    memcpy(t->text, text, n + 1);
    t->hash = hash;
    t->next = *at;
    *at = t;
    texts.n++;
    return t->text;
}

const char *rt_intern(const char *text)
{
    const char *kept;

    rt_lock_always(&texts.lock, RT_RANK_NAME);
    kept = texts_find_locked(text);
    rt_unlock_always(&texts.lock);
    return kept;
}

/* A name stands in the middle of a report's line, in quotes. */
static void one_line(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == '\x7f' || *text == '"')
            *text = '?';
}

const char *rt_intern_text(const char *fmt, va_list ap)
{
    char text[256];
    const char *kept;
    struct g *g;

    vsnprintf(text, sizeof(text), fmt, ap);
    one_line(text);
    g = rt_enter();
    kept = rt_intern(text);
    rt_leave(g);
    return kept;
}

enum {
    SITES = 4096,
    SITE_CHAINS = 1024,
};

struct place {
    struct go_site site;
    struct place *next; /* [init] */
};

static struct {
    struct place place[SITES];
    struct place *chain[SITE_CHAINS]; /* [atomic] newest first */
    uint32_t n;                       /* [atomic] asked for, maybe more */
} sites;

/* What the calls share that come from too many places. */
static const struct go_site SOMEWHERE = {.what = ""};

static const struct go_site *site_find(struct place *p, const void *pc)
{
    for (; p; p = p->next)
        if (p->site.pc == pc)
            return &p->site;
    return NULL;
}

/* Two threads may both add one place: then it has two sites, which is fine. */
static const struct go_site *site_of(const void *pc)
{
    struct place **chain = &sites.chain[((uintptr_t)pc >> 2) % SITE_CHAINS];
    struct place *first = __atomic_load_n(chain, __ATOMIC_ACQUIRE), *p;
    const struct go_site *site = site_find(first, pc);
    uint32_t i;

    if (site)
        return site;
    if (__atomic_load_n(&sites.n, __ATOMIC_RELAXED) >= SITES)
        return &SOMEWHERE;
    i = __atomic_fetch_add(&sites.n, 1, __ATOMIC_RELAXED);
    if (i >= SITES)
        return &SOMEWHERE;
    p = &sites.place[i];
    p->site = (struct go_site){.what = "", .pc = pc};
    p->next = first;
    while (!__atomic_compare_exchange_n(chain, &p->next, p, false,
                                        __ATOMIC_RELEASE, __ATOMIC_ACQUIRE))
        ; /* p->next is now what is there */
    return &p->site;
}

/* As if its first instruction were a call: a place is looked up before what a
   call returns to. */
static const struct go_site *site_begun(go_fn *fn)
{
    return fn ? site_of((const char *)(uintptr_t)fn + 1) : NULL;
}

const struct go_site *rt_site_at(const void *pc)
{
    const struct go_site *site = NULL;
    const struct g *g = rt_g();

    if (!g)
        return site_of(pc);
    if (pc == (const void *)rt_call_deferred_back)
        site = g->deferred;
    else if (pc == (const void *)rt_switch_entry_back)
        site = site_begun(g->fn);
    else if (pc == (const void *)rt_call_back ||
             pc == (const void *)rt_call_try_back)
        site = site_begun(g->called);
    return site ? site : site_of(pc);
}
