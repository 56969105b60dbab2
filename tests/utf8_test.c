/* utf8_test.c - what is UTF-8, counted against what there can be. */
#include <vigil/utf8.h>

#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

enum {
    LAST = 0x10ffff, /* code point */
    SURROGATES = 0x800
};

static size_t encode(uint32_t c, char to[GO_UTF8_MOST])
{
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char head[] = {0, 0, 0xc0, 0xe0, 0xf0};

    for (size_t i = n; i-- > 1; c >>= 6)
        to[i] = (char)(0x80 | (c & 0x3f));
    to[0] = (char)(head[n] | c);
    return n;
}

Test(utf8, each_code_point_is_a_character_but_surrogates)
{
    for (uint32_t c = 0; c <= LAST; c++) {
        char s[GO_UTF8_MOST];
        size_t n = encode(c, s);
        bool surrogate = c >= 0xd800 && c < 0xe000;

        cr_assert_eq(go_utf8_length(s, n), surrogate ? 0 : n, "U+%x", c);
        cr_assert_eq(go_utf8_length(s, n - 1), 0, "U+%x cut", c);
    }
}

/* So nothing else is one: of no length there are more than code points. */
static uint32_t characters(size_t n)
{
    static const unsigned char edges[] = {0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xff};
    uint32_t found = 0;
    char s[GO_UTF8_MOST];

    for (uint32_t i = 0; i < 1u << 8 * (n < 3 ? n : 3); i++)
        for (size_t k = 0; k < (n == 4 ? sizeof(edges) : 1); k++) {
            memcpy(s, &i, 3);
            s[3] = (char)edges[k];
            found += go_utf8_length(s, n) == n;
        }
    return found;
}

Test(utf8, and_nothing_else_is)
{
    cr_assert_eq(characters(1), 0x80);
    cr_assert_eq(characters(2), 0x800 - 0x80);
    cr_assert_eq(characters(3), 0x10000 - 0x800 - SURROGATES);
    /* of the last byte's 64, two */
    cr_assert_eq(characters(4), (LAST + 1 - 0x10000) / 64 * 2);
}

Test(utf8, of_text_all_must_be)
{
    cr_assert(go_utf8_is(""));
    cr_assert(go_utf8_is("d\xc3\xb6\xe2\x82\xac\xf0\x9f\x90\x91"));
    cr_assert_not(go_utf8_is("d\xc3"));
    cr_assert_not(go_utf8_is("\xe2\x82"));
    cr_assert_not(go_utf8_is("a\xff"));
}
