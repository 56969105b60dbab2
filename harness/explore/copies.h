/*
 * copies.h - what the C library copies and fills for a program that tells its
 * loads and stores is told as well.
 */
#ifndef HN_EXPLORE_COPIES_H
#define HN_EXPLORE_COPIES_H

/* From here on, for the executable's own calls; nothing where it tells no loads
   and stores, or vigil is linked into it. Again is no harm. */
void hn_copies_begin(void);

#endif
