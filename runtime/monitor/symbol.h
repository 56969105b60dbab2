/*
 * symbol.h - program counters to functions, files and lines; variables.
 *
 * By libdwfl, inline frames and separate debug files included; loaded at the
 * first use, and kept with all that was looked up. One thread at a time. It
 * calls malloc: not while a stopped thread may hold the heap's lock. Where it
 * may not be used, mon_symbol_bare tells module and offset without malloc.
 */
#ifndef MON_SYMBOL_H
#define MON_SYMBOL_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/monitor/report.h"

/*
 * The frames at pc, innermost inlined one first: how many, at least one if
 * max is. called: pc is a return address, so the call before it is meant.
 * Strings live as long as the process.
 */
size_t mon_symbol_frames(const void *pc, bool called, struct mon_frame *frames,
                         size_t max);
/* The same of module and offset alone; reads /proc/self/maps anew. */
void mon_symbol_bare(const void *pc, struct mon_frame *frame);

/* The variable that lies at an address, as "table" or, inside of it,
   "table+24"; in to[0..n). False: none is known there. */
bool mon_symbol_variable(const void *at, char *to, size_t n);

/* Whether a frame is the runtime's own: reports do not show it. */
bool mon_symbol_is_runtime(const void *pc, const struct mon_frame *frame);

#endif
