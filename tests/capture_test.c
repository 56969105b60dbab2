/*
 * capture_test.c - output is kept in bounded memory: its head and its tail.
 */
#include "harness/capture.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static char *text_of(struct hn_capture *c)
{
    size_t len;
    char *text = hn_capture_text(c, &len);

    cr_assert_eq(strlen(text), len);
    return text;
}

static void add(struct hn_capture *c, const char *text)
{
    hn_capture_add(c, text, strlen(text));
}

Test(capture, empty_is_an_empty_text)
{
    struct hn_capture c;

    hn_capture_init(&c, 4, 4);
    cr_assert_str_eq(text_of(&c), "");
    cr_assert_eq(hn_capture_cut(&c), 0u);
}

Test(capture, what_fits_is_kept_whole)
{
    struct hn_capture c;

    hn_capture_init(&c, 4, 4);
    add(&c, "ab");
    add(&c, "cdef");
    add(&c, "gh");
    cr_assert_str_eq(text_of(&c), "abcdefgh");
    cr_assert_eq(hn_capture_cut(&c), 0u);
}

Test(capture, the_middle_is_cut_and_counted)
{
    struct hn_capture c;

    hn_capture_init(&c, 4, 4);
    add(&c, "abcdefgh");
    add(&c, "ijk");
    cr_assert_str_eq(text_of(&c), "abcd\n[... 3 bytes cut ...]\nhijk");
    cr_assert_eq(hn_capture_cut(&c), 3u);
}

Test(capture, one_piece_longer_than_all_leaves_its_ends)
{
    struct hn_capture c;

    hn_capture_init(&c, 2, 3);
    add(&c, "0123456789");
    cr_assert_str_eq(text_of(&c), "01\n[... 5 bytes cut ...]\n789");
}

Test(capture, without_a_tail_only_the_head_is_kept)
{
    struct hn_capture c;

    hn_capture_init(&c, 3, 0);
    add(&c, "abcdef");
    cr_assert_eq(c.head_len, 3u);
    cr_assert_eq(hn_capture_cut(&c), 3u);
}

/* Against the plain definition: the first h bytes, and the last t. */
Test(capture, any_pieces_give_the_same_ends)
{
    char all[300];

    for (unsigned seed = 1; seed < 2000; seed++) {
        size_t h = seed % 7 + 1, t = seed % 5 + 1, n = seed % sizeof(all);
        struct hn_capture c;
        hn_capture_init(&c, h, t);
        srand(seed);
        for (size_t at = 0, piece; at < n; at += piece) {
            piece = (size_t)rand() % 9 + 1;
            if (piece > n - at)
                piece = n - at;
            for (size_t i = 0; i < piece; i++)
                all[at + i] = (char)('!' + rand() % 90);
            hn_capture_add(&c, all + at, piece);
        }
        char *text = text_of(&c);
        size_t head = n < h ? n : h, tail = n - head < t ? n - head : t;
        cr_assert(memcmp(text, all, head) == 0);
        cr_assert(memcmp(text + strlen(text) - tail, all + n - tail, tail) ==
                  0);
        cr_assert_eq(hn_capture_cut(&c), n - head - tail);
        free(text);
        hn_capture_free(&c);
    }
}
