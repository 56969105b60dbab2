/*
 * subjects.h - what the wrong calls in this folder are made with.
 *
 * Each file here but control.c holds one mistake, on the line that says so;
 * diagnostics.bats sees to it that compilers report it there.
 */
#ifndef SUBJECTS_H
#define SUBJECTS_H

#include <vigil/go.h>

struct a {
    int x;
};
struct b {
    int y;
};
struct big {
    long word[8];
};

void puts_it(const char *s);
void takes_none(void);
void takes_int(int n);
void takes_two(int n, const char *s);
void takes_long(chan(long) c);
void takes_double(double d);
void takes_float(float f);
void takes_struct(struct a v);
void takes_big(struct big v);
void takes_int128(__int128 v);
void takes_six(int a, unsigned b, long c, const void *d, bool e, char f);
void takes_seven(int a, int b, int c, int d, int e, int f, int g);
struct a returns_struct(int n);
double returns_double(int n);
int returns_int(int n);
void *returns_pointer(void);

#endif
