/*
 * pieces.c - all pieces, and where their numbers come from.
 */
#include "pieces.h"

uint32_t draw(struct draw *d, uint32_t below)
{
    d->state ^= d->state >> 12;
    d->state ^= d->state << 25;
    d->state ^= d->state >> 27;
    return (uint32_t)((d->state * 0x2545f4914f6cdd1dULL) >> 32) % below;
}

const struct piece pieces[] = {
    {"pipeline", piece_pipeline},
    {"mesh", piece_mesh},
    {"mailboxes", piece_mailboxes},
    {"bank", piece_bank},
    {"readers_and_writers", piece_readers_and_writers},
    {"bounded_store", piece_bounded_store},
    {"weighted", piece_weighted},
    {"parade", piece_parade},
    {"first_error", piece_first_error},
    {"context_tree", piece_context_tree},
    {"bells", piece_bells},
    {"sleepers", piece_sleepers},
    {"echo", piece_echo},
    {"through_a_pipe", piece_through_a_pipe},
    {"threads_asked", piece_threads_asked},
    {"panics", piece_panics},
    {"crowd", piece_crowd},
};
const unsigned n_pieces = sizeof(pieces) / sizeof(pieces[0]);
