/* Invariant: whatever octets become a JSON string, it is UTF-8 without controls or hidden
 * characters, it ends where its quotes end, and each escape in it is one of JSON's. */
#include <assert.h>

#include "base/json.h"
#include "base/marks.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Octets of the character or escape at the start of s. */
static size_t step(struct span s)
{
    static const char after[] = "\"\\bfnrtu";
    uint32_t code;
    size_t len = utf8_decode(s, &code);

    assert(len && code >= 0x20 && code != 0x7f && !marks_hidden(code) && code != '"');
    if (code != '\\')
        return len;
    assert(s.len >= 2 && memchr(after, s.at[1], sizeof after - 1));
    if (s.at[1] != 'u')
        return 2;
    assert(s.len >= 6);
    for (size_t i = 2; i < 6; i++)
        assert(ascii_is_digit(s.at[i]) || (s.at[i] >= 'a' && s.at[i] <= 'f'));
    return 6;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf out = { 0 };
    struct span inside;
    struct json j;

    json_init(&j, &out);
    json_string(&j, NULL, span_make(data, size));
    assert(out.len >= 2 && out.at[0] == '"' && out.at[out.len - 1] == '"');
    inside = span_make(out.at + 1, out.len - 2);
    while (inside.len)
        inside = span_from(inside, step(inside));
    buf_release(&out);
    return 0;
}
