/*
 * library.h - what library.c and its program know of each other.
 */
#ifndef TESTS_LOADING_LIBRARY_H
#define TESTS_LOADING_LIBRARY_H

#include <stdbool.h>

/* [atomic] The program's: the library is being loaded, and may not go on. */
extern bool loading;

#endif
