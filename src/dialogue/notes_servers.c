/* What well-known servers do with a mistake, as one sentence. */
#include "dialogue/notes_inner.h"
#include "registry/servers.h"

/* "Postfix and Exim", of those that answer with `code`. */
static unsigned add_names(struct buf *out, const struct server_answers *row, unsigned code)
{
    unsigned count = 0, said = 0;

    for (unsigned i = 0; i < SERVER_COUNT; i++)
        count += row->codes[i] == code;
    for (unsigned i = 0; i < SERVER_COUNT; i++) {
        if (row->codes[i] != code)
            continue;
        buf_add_text(out, said == 0 ? "" : said + 1 == count ? " and " : ", ");
        buf_add_text(out, server_names[i].words);
        said++;
    }
    return count;
}

static bool stood_before(const struct server_answers *row, unsigned i)
{
    for (unsigned k = 0; k < i; k++)
        if (row->codes[k] == row->codes[i])
            return true;
    return false;
}

void notes_add_servers(struct buf *out, enum mistake m)
{
    const struct server_answers *row = server_answers_to(m);
    bool first = true;

    if (!row)
        return;
    buf_add_text(out, " Servers differ: ");
    for (unsigned i = 0; i < SERVER_COUNT; i++) {
        unsigned count, code = row->codes[i];

        if (stood_before(row, i))
            continue;
        if (!first)
            buf_add_text(out, "; ");
        first = false;
        count = add_names(out, row, code);
        if (code == SERVER_TAKES)
            buf_add_text(out, count > 1 ? " take it" : " takes it");
        else if (code == SERVER_WAITS)
            buf_add_text(out, count > 1 ? " wait for more" : " waits for more");
        else
            buf_printf(out, count > 1 ? " answer %u" : " answers %u", code);
    }
    buf_add_octet(out, '.');
}
