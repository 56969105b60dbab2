/*
 * mistyped.h - what is wrong with a word that the option parser refused.
 */
#ifndef HN_MISTYPED_H
#define HN_MISTYPED_H

#include <argp.h>

enum {
    HN_MISTYPED_WHY = 256
};

/*
 * One line about the word: unknown, with the option that was probably meant;
 * ambiguous; without its value or with one too many. right: what the value of
 * an option looks like.
 */
void hn_mistyped(const struct argp_option *table, const char *word,
                 const char *(*right)(int key), char why[HN_MISTYPED_WHY]);

#endif
