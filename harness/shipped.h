/*
 * shipped.h - where the project keeps what it has built.
 */
#ifndef HN_SHIPPED_H
#define HN_SHIPPED_H

/*
 * A path below the folder of this executable, whether it is there or not;
 * relative where we stand above it. malloc'd, NULL on failure.
 */
char *hn_shipped_beside(const char *what);

/*
 * The program that is built from a source file, or the folder that is built
 * from a source folder: the same path beside this executable. malloc'd; NULL:
 * there is none.
 */
char *hn_shipped_built_from(const char *path);

#endif
