#include "mime/charset.h"

#include <errno.h>
#include <iconv.h>

#include "base/mem.h"

/* Beginnings of names, as IANA registers them. No name reaches the C library that is not one of
 * these: some of its converters had holes. */
static const char *const known[] = {
    "iso-8859-", "windows-125", "windows-874", "cp125",  "koi8-",       "gb2312",    "gbk",
    "gb18030",   "big5",        "euc-jp",      "euc-kr", "iso-2022-jp", "shift_jis", "ks_c_5601",
    "tis-620",   "macintosh",   "utf-16",      "utf-32", "utf-7",
};

#define CHARSET_NAME_MAX 40

static bool is_known(struct span charset)
{
    if (charset.len > CHARSET_NAME_MAX)
        return false;
    for (size_t i = 0; i < charset.len; i++)
        if (!ascii_is_alnum(charset.at[i]) && charset.at[i] != '-' && charset.at[i] != '_')
            return false;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (span_starts_nocase(charset, span_of(known[i])))
            return true;
    return false;
}

static bool needs_none(struct span charset)
{
    return !charset.len || span_eq_nocase(charset, SPAN("us-ascii")) ||
           span_eq_nocase(charset, SPAN("ascii")) || span_eq_nocase(charset, SPAN("utf-8")) ||
           span_eq_nocase(charset, SPAN("utf8"));
}

static void convert(iconv_t how, struct span text, struct buf *out)
{
    char *work = mem_strndup(text.at, text.len), *from = work;
    size_t left = text.len;

    while (left) {
        char part[4096], *to = part;
        size_t room = sizeof(part), got = iconv(how, &from, &left, &to, &room);

        buf_add(out, span_make(part, sizeof(part) - room));
        if (got != (size_t)-1 || errno == E2BIG)
            continue;
        buf_add_octet(out, (unsigned char)*from++); /* no character, or half of one at the end */
        left--;
        iconv(how, NULL, NULL, NULL, NULL);
    }
    mem_free(work);
}

bool charset_to_utf8(struct span charset, struct span text, struct buf *out)
{
    iconv_t how = (iconv_t)-1; /* as iconv_open() says it */
    char *name;

    if (!needs_none(charset) && is_known(charset)) {
        name = mem_strndup(charset.at, charset.len);
        how = iconv_open("UTF-8", name);
        mem_free(name);
    }
    if (how == (iconv_t)-1) {
        buf_add(out, text);
        return needs_none(charset);
    }
    convert(how, text, out);
    iconv_close(how);
    return true;
}
