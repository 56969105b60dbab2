/*
 * state.c - hashes memory: see the header.
 *
 * Method: four lanes of words, each multiplied and turned, so that they do not
 * wait for each other; 20 us for the 150 KiB that a small scenario has, most
 * of it the C library's.
 *
 * Why the C library's variables: what a program asks it for (random, strtok,
 * the buffer of a file) may depend on them, and they are not set back.
 */
#include "harness/explore/state.h"

#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <vigil/control.h>
#include <vigil/scratch.h>

#include "harness/explore/thread.h"

enum {
    LANES = 4,
    LIBRARIES = 64,      /* ranges of their variables */
    HEAP_MOST = 1 << 20, /* bytes; of a bigger heap nothing is claimed */
};

#if defined(__x86_64__)
static const bool is_x86 = true;
#else
static const bool is_x86 = false;
#endif

struct hn_states {
    const struct hn_reset *reset;
    struct hn_range libraries[LIBRARIES];
    size_t n;
    bool all; /* there was room for them, and nothing is drawn unseen */
};

struct hash {
    uint64_t lane[LANES];
};

static const uint64_t factor = 0x9e3779b97f4a7c15u;

static inline void mix(uint64_t *lane, uint64_t word)
{
    uint64_t h = (*lane ^ word) * factor;

    *lane = h << 27 | h >> 37;
}

/* Each piece with its length: the same bytes in other pieces are others. */
static __attribute__((no_sanitize("address"))) void
add(void *arg, const void *low, size_t size)
{
    struct hash *h = arg;
    const char *at = low;
    uint64_t words[LANES];
    size_t left = size;

    mix(&h->lane[0], size);
    for (; left >= sizeof(words); left -= sizeof(words)) {
        memcpy(words, at, sizeof(words));
        for (int i = 0; i < LANES; i++)
            mix(&h->lane[i], words[i]);
        at += sizeof(words);
    }
    memset(words, 0, sizeof(words));
    memcpy(words, at, left);
    for (int i = 0; left && i < LANES; i++)
        mix(&h->lane[i], words[i]);
}

/*
 * The instructions that draw a number, or tell the processor's: bytes that are
 * in the code of few programs, and then mostly are that. What they bring is in
 * no state, and to look for them costs less than to see them done.
 */
static bool draws(const char *code, size_t size)
{
    for (size_t i = 0; i + 2 < size; i++) {
        const char *at = memchr(code + i, 0x0f, size - i - 2);

        if (!at)
            return false;
        i = (size_t)(at - code);
        if ((uint8_t)at[1] == 0xc7 && (uint8_t)at[2] >= 0xf0)
            return true;
    }
    return false;
}

static bool object_draws(const struct dl_phdr_info *info)
{
    if (hn_loaded_is_known(hn_loaded_name(info->dlpi_name)))
        return false;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];

        if (p->p_type == PT_LOAD && p->p_flags & PF_X && p->p_flags & PF_R &&
            draws((const char *)(info->dlpi_addr + p->p_vaddr), p->p_memsz))
            return true;
    }
    return false;
}

static int collect(struct dl_phdr_info *info, size_t size, void *arg)
{
    struct hn_states *s = arg;
    bool executable = !info->dlpi_name[0];

    (void)size;
    if (is_x86 && object_draws(info)) {
        s->all = false;
        return 1;
    }
    if (executable || hn_loaded_is_ours(info->dlpi_name))
        return 0; /* the executable's are told by the reset; ours are none that
                     the program depends on */
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];

        if (p->p_type != PT_LOAD || !(p->p_flags & PF_W))
            continue;
        if (s->n == LIBRARIES) {
            s->all = false;
            return 1;
        }
        s->libraries[s->n++] = (struct hn_range){
            (char *)(info->dlpi_addr + p->p_vaddr), p->p_memsz};
    }
    return 0;
}

struct hn_states *hn_states_open(const struct hn_reset *r)
{
    struct hn_states *s;

    if (!r || hn_reset_condition(r))
        return NULL;
    s = calloc(1, sizeof(*s));
    if (!s)
        return NULL;
    s->reset = r;
    s->all = true;
    dl_iterate_phdr(collect, s);
    if (!s->all) {
        free(s);
        return NULL;
    }
    return s;
}

void hn_states_close(struct hn_states *s)
{
    free(s);
}

bool hn_state_take(const struct hn_states *s, struct hn_state *to)
{
    struct hash h = {{1, 2, 3, 4}};

    if (!s || !go_control_memory(add, &h) ||
        !go_scratch_memory(add, &h, HEAP_MOST) || !hn_thread_memory(add, &h))
        return false;
    hn_reset_memory(s->reset, add, &h);
    for (size_t i = 0; i < s->n; i++)
        add(&h, s->libraries[i].low, s->libraries[i].size);
    for (int i = 1; i < LANES; i++) {
        mix(&h.lane[0], h.lane[i]);
        mix(&h.lane[i], h.lane[0]);
    }
    *to = (struct hn_state){h.lane[0], h.lane[LANES - 1]};
    return true;
}
