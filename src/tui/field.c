/* All of FIELD_MAX is reserved at once: growing would leave copies behind. */
#include "tui/field.h"

#include "base/mem.h"
#include "base/utf8.h"

void field_release(struct field *f)
{
    field_clear(f);
    buf_release(&f->text);
}

void field_clear(struct field *f)
{
    mem_wipe(f->text.at, f->text.len);
    buf_clear(&f->text);
}

static void add(struct field *f, struct span text)
{
    if (text.len > FIELD_MAX - f->text.len)
        return;
    if (!f->text.at)
        buf_reserve(&f->text, FIELD_MAX);
    buf_add(&f->text, text);
}

void field_add(struct field *f, struct span text)
{
    size_t end = 0;

    while (end < text.len && text.at[end] != '\r' && text.at[end] != '\n' && text.at[end] != '\0')
        end++;
    add(f, span_first(text, end));
}

/* Where the last character starts: its octets are those up to one that is no UTF-8 follower. */
static size_t last_character(struct span text)
{
    size_t at = text.len;

    while (at > 0 && (text.at[at - 1] & 0xc0) == 0x80)
        at--;
    return at > 0 ? at - 1 : 0;
}

bool field_key(struct field *f, const struct key *key)
{
    if (key->code == K_CHAR && key->mods == 0) {
        if (key->text[0] != '\0')
            add(f, span_make(key->text, key->len));
        return true;
    }
    if (key->code == K_BACKSPACE) {
        buf_truncate(&f->text, last_character(buf_span(&f->text)));
        return true;
    }
    if (key->code == K_CHAR && key->mods == KEY_CTRL && key->text[0] == 'u') {
        field_clear(f);
        return true;
    }
    return false;
}
