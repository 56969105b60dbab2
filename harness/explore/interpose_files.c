/*
 * interpose_files.c - the C library's names for what changes files and folders,
 * and for what asks what is there, in front of the C library: word that comes by
 * way of the kernel (word.h).
 *
 * In:  calls of the executable's own, in a goroutine. Out: what the C library
 * does, and who comes after whom by it. What reads and writes them goes by
 * interpose_kernel.c, as of all descriptors.
 *
 * Method: a name that a program has another for, by how it is compiled (files
 * of 64 bits, buffers that are checked), is there with that as well.
 */
#undef _FORTIFY_SOURCE
#undef _FILE_OFFSET_BITS
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>

#include "harness/explore/word.h"

/* ---- what is there -------------------------------------------------------*/

TRIES(int, access, (const char *path, int mode), (path, mode))
TRIES(int, eaccess, (const char *path, int mode), (path, mode))
TRIES(int, euidaccess, (const char *path, int mode), (path, mode))
TRIES(int, faccessat, (int fd, const char *path, int mode, int flags),
      (fd, path, mode, flags))
TRIES(int, stat, (const char *restrict path, struct stat *restrict to),
      (path, to))
TRIES(int, stat64, (const char *restrict path, struct stat64 *restrict to),
      (path, to))
TRIES(int, lstat, (const char *restrict path, struct stat *restrict to),
      (path, to))
TRIES(int, lstat64, (const char *restrict path, struct stat64 *restrict to),
      (path, to))
TRIES(int, fstat, (int fd, struct stat *to), (fd, to))
TRIES(int, fstat64, (int fd, struct stat64 *to), (fd, to))
TRIES(int, fstatat,
      (int fd, const char *restrict path, struct stat *restrict to, int flags),
      (fd, path, to, flags))
TRIES(int, fstatat64,
      (int fd, const char *restrict path, struct stat64 *restrict to,
       int flags),
      (fd, path, to, flags))
TRIES(int, statx,
      (int fd, const char *restrict path, int flags, unsigned mask,
       struct statx *restrict to),
      (fd, path, flags, mask, to))
TRIES(ssize_t, readlink,
      (const char *restrict path, char *restrict to, size_t n), (path, to, n))
TRIES(ssize_t, __readlink_chk,
      (const char *path, char *to, size_t n, size_t room), (path, to, n, room))
TRIES(ssize_t, readlinkat,
      (int fd, const char *restrict path, char *restrict to, size_t n),
      (fd, path, to, n))
TRIES(ssize_t, __readlinkat_chk,
      (int fd, const char *path, char *to, size_t n, size_t room),
      (fd, path, to, n, room))
TRIES(off_t, lseek, (int fd, off_t at, int whence), (fd, at, whence))
TRIES(off64_t, lseek64, (int fd, off64_t at, int whence), (fd, at, whence))

READS(DIR *, opendir, (const char *path), (path), ASK, result)
READS(struct dirent *, readdir, (DIR * d), (d), ASK, result)
READS(struct dirent64 *, readdir64, (DIR * d), (d), ASK, result)
TRIES(int, scandir,
      (const char *restrict path, struct dirent ***restrict to,
       int (*keep)(const struct dirent *),
       int (*order)(const struct dirent **, const struct dirent **)),
      (path, to, keep, order))
TRIES(int, scandir64,
      (const char *restrict path, struct dirent64 ***restrict to,
       int (*keep)(const struct dirent64 *),
       int (*order)(const struct dirent64 **, const struct dirent64 **)),
      (path, to, keep, order))

/* ---- what is made, moved, taken away -------------------------------------*/

CHANGES(int, unlink, (const char *path), (path))
CHANGES(int, unlinkat, (int fd, const char *path, int flags), (fd, path, flags))
CHANGES(int, remove, (const char *path), (path))
CHANGES(int, rmdir, (const char *path), (path))
CHANGES(int, rename, (const char *from, const char *to), (from, to))
CHANGES(int, renameat, (int fd, const char *from, int fd_to, const char *to),
        (fd, from, fd_to, to))
CHANGES(int, renameat2,
        (int fd, const char *from, int fd_to, const char *to, unsigned flags),
        (fd, from, fd_to, to, flags))
TRIES(int, link, (const char *from, const char *to), (from, to))
TRIES(int, linkat,
      (int fd, const char *from, int fd_to, const char *to, int flags),
      (fd, from, fd_to, to, flags))
TRIES(int, symlink, (const char *from, const char *to), (from, to))
TRIES(int, symlinkat, (const char *from, int fd, const char *to),
      (from, fd, to))
TRIES(int, mkdir, (const char *path, mode_t mode), (path, mode))
TRIES(int, mkdirat, (int fd, const char *path, mode_t mode), (fd, path, mode))
TRIES(int, mkfifo, (const char *path, mode_t mode), (path, mode))
TRIES(int, mkfifoat, (int fd, const char *path, mode_t mode), (fd, path, mode))
TRIES(int, mknod, (const char *path, mode_t mode, dev_t device),
      (path, mode, device))
TRIES(int, mknodat, (int fd, const char *path, mode_t mode, dev_t device),
      (fd, path, mode, device))

MORE(int, open, (const char *path, int flags, ...), flags,
     (path, flags, more[0]), true, true)
MORE(int, open64, (const char *path, int flags, ...), flags,
     (path, flags, more[0]), true, true)
MORE(int, openat, (int fd, const char *path, int flags, ...), flags,
     (fd, path, flags, more[0]), true, true)
MORE(int, openat64, (int fd, const char *path, int flags, ...), flags,
     (fd, path, flags, more[0]), true, true)

/* Of who knows the flags only when it runs. */
OPENS(int, __open_2, (const char *path, int flags), (path, flags))
OPENS(int, __open64_2, (const char *path, int flags), (path, flags))
OPENS(int, __openat_2, (int fd, const char *path, int flags), (fd, path, flags))
OPENS(int, __openat64_2, (int fd, const char *path, int flags),
      (fd, path, flags))

/* ---- what is known of them, and whose lock it is -------------------------*/

CHANGES(int, truncate, (const char *path, off_t n), (path, n))
CHANGES(int, truncate64, (const char *path, off64_t n), (path, n))
CHANGES(int, ftruncate, (int fd, off_t n), (fd, n))
CHANGES(int, ftruncate64, (int fd, off64_t n), (fd, n))
CHANGES(int, fallocate, (int fd, int how, off_t at, off_t n), (fd, how, at, n))
CHANGES(int, fallocate64, (int fd, int how, off64_t at, off64_t n),
        (fd, how, at, n))
CHANGES(int, posix_fallocate, (int fd, off_t at, off_t n), (fd, at, n))
CHANGES(int, posix_fallocate64, (int fd, off64_t at, off64_t n), (fd, at, n))
CHANGES(int, chmod, (const char *path, mode_t mode), (path, mode))
CHANGES(int, fchmod, (int fd, mode_t mode), (fd, mode))
CHANGES(int, fchmodat, (int fd, const char *path, mode_t mode, int flags),
        (fd, path, mode, flags))
CHANGES(int, utime, (const char *path, const struct utimbuf *t), (path, t))
CHANGES(int, utimes, (const char *path, const struct timeval t[2]), (path, t))
CHANGES(int, futimens, (int fd, const struct timespec t[2]), (fd, t))
CHANGES(int, utimensat,
        (int fd, const char *path, const struct timespec t[2], int flags),
        (fd, path, t, flags))
CHANGES(int, chdir, (const char *path), (path))
CHANGES(int, fchdir, (int fd), (fd))
READS(char *, getcwd, (char *to, size_t n), (to, n), ASK, result)
READS(char *, __getcwd_chk, (char *to, size_t n, size_t room), (to, n, room),
      ASK, result)
WAITS(int, flock, (int fd, int how), (fd, how))
WAITS(int, lockf, (int fd, int how, off_t n), (fd, how, n))
WAITS(int, lockf64, (int fd, int how, off64_t n), (fd, how, n))
