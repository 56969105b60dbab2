/*
 * pieces.h - what a soak is made of: work that checks itself.
 *
 * A piece starts goroutines, waits for them, and knows what must have come
 * out; when it returns, nothing of it is left. Each draws its size and turns
 * from its own generator, so a piece depends on its seed alone. Nothing in it
 * is told to the runtime in words that only a test would use: these are
 * ordinary programs. Returns how many goroutines it was, or -1 when what came
 * out is not what went in.
 */
#ifndef SOAK_PIECES_H
#define SOAK_PIECES_H

#include <stdint.h>

/* Numbers of one piece; xorshift* (Vigna 2016), any seed but 0. */
struct draw {
    uint64_t state;
};
uint32_t draw(struct draw *d, uint32_t below);

/* 0 + 1 + ... + n-1 */
static inline long sum_to(long n)
{
    return n * (n - 1) / 2;
}

struct piece {
    const char *name;
    /* Returns how many goroutines it made and ended; -1: a wrong result. */
    long (*work)(struct draw *d);
};
long piece_pipeline(struct draw *d);
long piece_mesh(struct draw *d);
long piece_mailboxes(struct draw *d);
long piece_bank(struct draw *d);
long piece_readers_and_writers(struct draw *d);
long piece_bounded_store(struct draw *d);
long piece_weighted(struct draw *d);
long piece_parade(struct draw *d);
long piece_first_error(struct draw *d);
long piece_context_tree(struct draw *d);
long piece_bells(struct draw *d);
long piece_sleepers(struct draw *d);
long piece_echo(struct draw *d);
long piece_through_a_pipe(struct draw *d);
long piece_threads_asked(struct draw *d);
long piece_panics(struct draw *d);
long piece_crowd(struct draw *d);

extern const struct piece pieces[];
extern const unsigned n_pieces;
/* The biggest piece starts as many at once, up to twice. [init] */
extern unsigned crowd_size;

#endif
