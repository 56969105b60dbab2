/*
 * shadow.c - for each 8 bytes the accesses that a later one could race with.
 *
 * In:  accesses, in the order that they are made. Out: pairs that nothing
 * orders.
 *
 * Method: a cell for 8 bytes has marks: an access of some of these bytes, by
 * one goroutine, at its time. A new access is compared to all of them, takes
 * away those that it makes needless, and leaves its own. That is FastTrack
 * (Flanagan and Freund, 2009) without its two shapes of state: where accesses
 * are ordered one mark stays, whatever was there before.
 *
 * A1  A mark may go if the new access comes after it, has all of its bytes and
 *     is at odds with all that the mark's is: whoever races with the mark
 *     races with the new one, too.
 * A2  Bytes are compared one by one: who writes next to another does not race.
 * A3  After a race in a cell nothing is looked for there until the next
 *     execution, or until it is somebody else's: what follows would be the same
 *     one again.
 * A4  To free a block is to write to all of it. It takes no cell for each 8
 *     bytes, for that would be too many, but is noted once for each piece: the
 *     block, or each chunk of a large one. Who comes to a block while it is not
 *     allocated uses it after it was freed, whatever orders the two.
 */
#define _GNU_SOURCE
#include "runtime/sched/shadow.h"

#include <link.h>
#include <pthread.h>

#include "runtime/sched/m.h"

enum {
    CELLS = 1 << 20, /* a power of two */
    BYTES = 8,
    SPANS = 8, /* of the program's variables */
};

struct mark {
    struct mark *next;
    const struct go_site *site;
    uintptr_t address; /* of the access that it is part of */
    uint32_t size;
    uint32_t line, time;
    uint8_t bytes; /* of the cell, a bit each */
    bool write, atomic, copied, freed;
};

struct cell {
    uintptr_t number;   /* address / BYTES */
    uint32_t execution; /* of another: free */
    bool raced;         /* A3 */
    struct mark *marks;
    struct mark *freed; /* A4: the piece that begins here; NULL: never */
};

static struct {
    struct cell *cells; /* [CELLS] by hash */
    uint32_t n;
    uint32_t execution;
    struct mark *spare;
    struct {
        uintptr_t low, high;
    } spans[SPANS];
    uint32_t nspan;
    size_t tls; /* bytes of a thread's copy of the executable's own variables */
    const struct rt_blocks *heap;
} all;

/* ---- which memory --------------------------------------------------------*/

/* The first that is told is the executable. */
static int note_variables(struct dl_phdr_info *info, size_t size, void *arg)
{
    (void)size;
    (void)arg;
    for (int i = 0; i < info->dlpi_phnum && all.nspan < SPANS; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];

        if (p->p_type == PT_TLS)
            all.tls = (p->p_memsz + p->p_align - 1) & -p->p_align;
        if (p->p_type != PT_LOAD || !(p->p_flags & PF_W))
            continue;
        all.spans[all.nspan].low = info->dlpi_addr + p->p_vaddr;
        all.spans[all.nspan].high = info->dlpi_addr + p->p_vaddr + p->p_memsz;
        all.nspan++;
    }
    return 1;
}

void rt_race_heap(const struct rt_blocks *heap)
{
    all.heap = heap;
}

/* errno is each goroutine's own, by the switch. On x86-64 the executable's end
   where the thread's own block begins, whose address is the thread's. */
bool rt_shadow_is_thread_local(uintptr_t address)
{
    if (address - (uintptr_t)rt_m()->errno_at < sizeof(int))
        return true;
#if defined(__x86_64__)
    return (uintptr_t)pthread_self() - 1 - address < all.tls;
#else
    (void)address;
    return false;
#endif
}

/* ---- cells ---------------------------------------------------------------*/

bool rt_shadow_open(void)
{
    if (all.cells)
        return true;
    all.cells = rt_race_reserve(CELLS * sizeof(*all.cells));
    if (all.cells)
        dl_iterate_phdr(note_variables, NULL);
    return all.cells != NULL;
}

void rt_shadow_reset(void)
{
    all.execution++;
    all.n = 0;
    all.spare = NULL;
}

/* NULL: there is none, and make is false; or no room. */
static struct cell *find(uintptr_t number, bool make)
{
    uint32_t i = (uint32_t)(number * 0x9e3779b97f4a7c15u >> 36);
    struct cell *c;

    for (;; i++) {
        c = &all.cells[i & (CELLS - 1)];
        if (c->execution != all.execution)
            break;
        if (c->number == number)
            return c;
    }
    if (!make)
        return NULL;
    if (all.n >= CELLS / 4 * 3) {
        rt_race_be_silent("too many different bytes");
        return NULL;
    }
    all.n++;
    *c = (struct cell){.number = number, .execution = all.execution};
    return c;
}

/* A1, of who comes after it. */
static bool is_needless(const struct mark *old, const struct mark *new)
{
    return !(old->bytes & ~new->bytes) && (new->write || !old->write) &&
           (!new->atomic || old->atomic) && (!new->copied || old->copied);
}

static bool is_at_odds(const struct mark *a, const struct mark *b)
{
    return a->bytes & b->bytes && (a->write || b->write) &&
           !(a->atomic && b->atomic) && !(a->copied && b->copied);
}

static void tell(const struct mark *m, struct go_access *to)
{
    rt_race_who(m->line, to);
    to->site = m->site;
    to->address = (const void *)m->address;
    to->size = m->size;
    to->write = m->write;
    to->atomic = m->atomic;
    to->freed = m->freed;
}

/* ---- blocks --------------------------------------------------------------*/

/* Where the piece of a block begins that has the address: A4. *allocated: the
   block's byte; of large ones that are free, no more is known of them. */
static uintptr_t piece_of(uintptr_t address, uint8_t *allocated, size_t *left)
{
    struct rt_block block;
    bool found = rt_block_place(all.heap, address, &block);

    *allocated = found ? rt_load(all.heap->state[block.index]) : RT_BLOCK_FREE;
    *left = found ? block.low + block.size - address : 0;
    return found && block.size <= RT_CHUNK ? block.low
                                           : address & -(uintptr_t)RT_CHUNK;
}

/* When it was freed, if it has been since it was handed out last, or resized. */
static const struct mark *freed_at(uintptr_t address, bool *gone)
{
    const struct cell *c;
    uint8_t allocated;
    size_t left;

    *gone = false;
    if (!all.heap || address - all.heap->base >= rt_load(all.heap->high))
        return NULL;
    c = find(piece_of(address, &allocated, &left) / BYTES, false);
    *gone = c && c->freed && allocated == RT_BLOCK_FREE;
    return c ? c->freed : NULL;
}

static bool is_block(uintptr_t address, size_t size)
{
    uint8_t allocated;
    size_t left;
    bool gone;

    if (!all.heap || address - all.heap->base >= rt_load(all.heap->high))
        return false;
    piece_of(address, &allocated, &left);
    return (allocated == RT_BLOCK_SCRATCH && left >= size) ||
           (freed_at(address, &gone) && gone);
}

bool rt_shadow_known(uintptr_t address, size_t size)
{
    if (rt_race_more(address) == GO_MORE_STACKS)
        return true;
    for (uint32_t i = 0; i < all.nspan; i++)
        if (address >= all.spans[i].low && address < all.spans[i].high)
            return true;
    return is_block(address, size);
}

/* ---- accesses ------------------------------------------------------------*/

static struct mark *take_mark(void)
{
    struct mark *m = all.spare;

    if (!m)
        return rt_race_room(sizeof(*m));
    all.spare = m->next;
    return m;
}

static bool is_past(const struct mark *m, uint32_t line)
{
    return m->line == line || rt_race_is_past(line, m->line, m->time);
}

/* They race, or the other one uses what is gone. */
static bool tell_both(const struct mark *m, const struct mark *new,
                      struct go_race *race)
{
    *race = (struct go_race){0};
    tell(m, &race->first);
    tell(new, &race->second);
    return true;
}

/* Compares to all that is there; true: a race. */
static bool compare(struct cell *c, const struct mark *new,
                    struct go_race *race)
{
    struct mark **at = &c->marks, *m;

    while ((m = *at)) {
        bool past = is_past(m, new->line);

        if (!past && is_at_odds(m, new))
            return c->raced = tell_both(m, new, race);
        if (past && is_needless(m, new)) {
            *at = m->next;
            m->next = all.spare;
            all.spare = m;
        } else {
            at = &m->next;
        }
    }
    return false;
}

static bool access_cell(uintptr_t number, struct mark *new,
                        struct go_race *race)
{
    struct cell *c = find(number, true);
    struct mark *m;

    if (!c || c->raced)
        return false;
    if (compare(c, new, race))
        return true;
    m = take_mark();
    if (!m)
        return false;
    *m = *new;
    m->next = c->marks;
    c->marks = m;
    return false;
}

/* The bytes of the cell that [low, high) has. */
static uint8_t bytes_of(uintptr_t number, uintptr_t low, uintptr_t high)
{
    uintptr_t at = number * BYTES;
    unsigned bits = 0xff;

    if (low > at)
        bits &= 0xffu << (low - at);
    if (high < at + BYTES)
        bits &= 0xffu >> (at + BYTES - high);
    return (uint8_t)bits;
}

/* A4: whether it is told with who freed the block, or resized it where it
   lies. */
static bool compare_freed(const struct mark *new, struct go_race *race)
{
    bool gone;
    const struct mark *m = freed_at(new->address, &gone);
    bool past = m && is_past(m, new->line);

    if (!m || (!gone && (past || !is_at_odds(m, new))))
        return false;
    tell_both(m, new, race);
    race->used = gone && (past || !is_at_odds(m, new));
    return true;
}

/* The same, for who frees it. */
static bool free_block(const struct mark *new, struct go_race *race)
{
    uintptr_t high = new->address + new->size;
    bool raced = false;

    for (uintptr_t n = new->address / BYTES; n *BYTES < high && !raced; n++) {
        struct cell *c = find(n, false);

        raced = c && !c->raced && compare(c, new, race);
    }
    for (uintptr_t at = new->address; at < high; at += RT_CHUNK) {
        struct cell *c = find(at / BYTES, true);

        if (!c || !(c->freed = take_mark()))
            break;
        *c->freed = *new;
    }
    return raced;
}

bool rt_shadow_access(uint32_t line, const struct rt_touch *t,
                      struct go_race *race)
{
    uintptr_t high = t->address + t->size;
    struct mark new = {.site = t->site,
                       .address = t->address,
                       .size = (uint32_t)t->size,
                       .line = line,
                       .time = rt_race_time(line),
                       .write = t->write,
                       .atomic = t->atomic,
                       .copied = t->copied,
                       .freed = t->freed,
                       .bytes = 0xff};
    bool raced = compare_freed(&new, race);

    if (t->freed && !raced)
        return free_block(&new, race);
    for (uintptr_t n = t->address / BYTES; n * BYTES < high && !raced; n++) {
        new.bytes = bytes_of(n, t->address, high);
        raced = access_cell(n, &new, race);
    }
    return raced;
}

void rt_shadow_forget(uintptr_t low, size_t size)
{
    for (uintptr_t n = low / BYTES; all.n && n * BYTES < low + size; n++) {
        struct cell *c = find(n, false);

        if (c) {
            c->marks = c->freed = NULL;
            c->raced = false;
        }
    }
}

bool rt_shadow_is_past(uint32_t line, uintptr_t low, size_t size)
{
    bool past = true;

    for (uintptr_t at = low; at < low + size && past; at += RT_CHUNK) {
        const struct cell *c = find(at / BYTES, false);

        past = !c || !c->freed || is_past(c->freed, line);
    }
    return past;
}
