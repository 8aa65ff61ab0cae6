/*
 * Invariant: any octets are a letter with a part at least; each part lies inside the letter, and
 * inside what was parted; what a part decodes to has the size that was told and is no longer than
 * its body; the pages about it hold nothing that a terminal obeys; a name for a file is never
 * empty, chooses no folder and hides nothing.
 *
 * Input: the letter.
 */
#include <assert.h>
#include <stdint.h>

#include "base/utf8.h"
#include "mime/charset.h"
#include "mime/module.h"
#include "view/mime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_safe(struct styled *page)
{
    struct span text = buf_span(&page->text);

    assert(utf8_valid(text));
    for (size_t i = 0; i < text.len; i++)
        assert(text.at[i] == '\n' || !ascii_is_control(text.at[i]));
    styled_clear(page);
}

static void check_name(const struct mime_part *p, unsigned number)
{
    struct buf name = { 0 };

    mime_file_name(p, number, &name);
    assert(name.len && utf8_valid(buf_span(&name)));
    assert(name.at[0] != '.' && name.at[0] != '-');
    assert(span_find(buf_span(&name), '/') == name.len);
    buf_release(&name);
}

static void check_part(const struct mime *m, size_t i, struct span letter, struct styled *page)
{
    const struct mime_part *p = &m->parts[i];
    struct mime_shown shown = { m, (unsigned)i + 1, letter, SPAN(""), true };
    struct buf octets = { 0 }, text = { 0 };
    struct span body;

    assert(p->depth <= MIME_DEPTH_MAX && (i == 0) == (p->depth == 0));
    assert(p->header_at + p->header_len <= m->read);
    assert(p->body_at + p->body_len <= m->read);
    body = span_first(span_from(letter, (size_t)p->body_at), (size_t)p->body_len);
    if (p->kind == MIME_LEAF) {
        smtpscope_mime_1.decode(p->encoding, body, MIME_DECODED_MAX, &octets);
        assert(octets.len == p->decoded_len && octets.len <= body.len);
        shown.charset_known = charset_to_utf8(span_of(p->charset), buf_span(&octets), &text);
        shown.text = buf_span(&text);
    }
    mime_part(&shown, 78, i % 2, page);
    check_safe(page);
    check_name(p, (unsigned)i + 1);
    buf_release(&octets);
    buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span letter = span_make(data, size);
    struct mime m = { 0 };
    struct styled page = { 0 };

    smtpscope_mime_1.read(span_first(letter, mime_bounded(letter)), &m);
    assert(m.count && m.count <= MIME_PARTS_MAX && m.read <= size);
    mime_tree(&m, 78, false, &page);
    check_safe(&page);
    for (size_t i = 0; i < m.count && i < 20; i++)
        check_part(&m, i, letter, &page);
    styled_release(&page);
    mime_release(&m);
    return 0;
}
