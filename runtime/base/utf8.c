/* utf8.c - which bytes are UTF-8. */
#include <vigil/utf8.h>

size_t go_utf8_length(const char *text, size_t n)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t length = n == 0        ? 0
                    : s[0] < 0x80 ? 1
                    : s[0] < 0xc2 ? 0
                    : s[0] < 0xe0 ? 2
                    : s[0] < 0xf0 ? 3
                    : s[0] < 0xf5 ? 4
                                  : 0;

    if (length > n)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
        (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0; /* overlong, a surrogate, beyond the last */
    return length;
}

bool go_utf8_is(const char *text)
{
    size_t n;

    for (; *text; text += n) {
        n = go_utf8_length(text, GO_UTF8_MOST);
        if (!n)
            return false;
    }
    return true;
}
