#include "engine/magic.h"

const struct magic_row magic_rows[] = {
    { "ok", MAGIC_NONE, 0, NULL, NULL, "is accepted, as any name that is not magic" },
    { "busy", MAGIC_CODE, 450, "RCPT reply=\"%n %c.2.1 This mailbox answers %n\"", NULL,
      "is refused at RCPT with 450, or with the code behind the +: busy+552" },
    { "tempfail", MAGIC_NONE, 451,
      "RCPT reply=\"451 4.3.0 Something failed here, try again later\"", NULL,
      "is refused at RCPT with 451, as when a server has trouble" },
    { "unknown", MAGIC_NONE, 550, "RCPT reply=\"550 5.1.1 There is no such mailbox\"", NULL,
      "is refused at RCPT with 550 5.1.1, as a mailbox that does not exist" },
    { "nobody", MAGIC_NONE, 550, "RCPT reply=\"550 5.1.1 There is no such mailbox\"", NULL,
      "is the same as unknown" },
    { "full", MAGIC_NONE, 452, "RCPT full=452", NULL,
      "is refused at RCPT with 452 4.2.2, as a mailbox without room" },
    { "greylist", MAGIC_SECONDS, 60, "RCPT greylist=%ns", NULL,
      "is refused with 451 4.7.1 until the same client and sender come again after a minute, or "
      "after the seconds behind the +" },
    { "slow", MAGIC_SECONDS, 5, "RCPT delay=%ns", NULL,
      "is accepted after 5 seconds, or after the seconds behind the +: slow+30" },
    { "dribble", MAGIC_NONE, 1, "RCPT slow=1", NULL,
      "is accepted with a reply that comes one octet at a time" },
    { "drop", MAGIC_NONE, 0, "RCPT drop", NULL, "closes the connection instead of a reply" },
    { "reset", MAGIC_NONE, 0, "RCPT reset", NULL,
      "resets the connection (RST) instead of a reply" },
    { "silent", MAGIC_NONE, 0, "RCPT silent", NULL,
      "gets no reply, nor does anything that follows" },
    { "closing", MAGIC_NONE, 421, "RCPT reply=\"421 4.3.2 Closing connection\"", NULL,
      "gets 421, and the connection is closed" },
    { "after", MAGIC_CODE, 451, NULL, "end reply=\"%n %c.3.0 Not this letter\"",
      "is accepted, and the letter is refused at its end with 451, or with the code behind the +" },
    { "multi", MAGIC_NONE, 250,
      "RCPT reply=\"250-2.1.5 This reply\\n250-2.1.5 has three\\n250 "
      "2.1.5 lines\"",
      NULL, "is accepted with a reply of three lines" },
    { "badreply", MAGIC_NONE, 0, "RCPT raw=\"25O ok, the third digit is a letter\\r\\n\"", NULL,
      "gets a reply whose code is no number" },
};
const size_t magic_count = sizeof magic_rows / sizeof *magic_rows;

const struct magic_row *magic_find(struct span local, unsigned *number)
{
    struct span digits, name = span_cut(local, '+', &digits);
    bool plus = name.len < local.len;
    uint64_t n;

    for (size_t i = 0; i < magic_count; i++) {
        const struct magic_row *row = &magic_rows[i];

        /* the first octet is enough for most names, and they come with every letter */
        if (!name.len || ascii_lower(name.at[0]) != (unsigned char)row->local[0] ||
            !span_eq_nocase(name, span_of(row->local)))
            continue;
        *number = row->fallback;
        if (!plus)
            return row;
        if (row->number == MAGIC_NONE || !span_number(digits, &n) ||
            n < (row->number == MAGIC_CODE ? 400u : 1u) ||
            n > (row->number == MAGIC_CODE ? 599u : 3600u))
            return NULL;
        *number = (unsigned)n;
        return row;
    }
    return NULL;
}

void magic_fill(const char *text, unsigned number, struct buf *out)
{
    struct span rest = span_of(text);

    while (rest.len) {
        size_t plain = span_find(rest, '%');

        buf_add(out, span_first(rest, plain));
        rest = span_from(rest, plain);
        if (rest.len < 2)
            break;
        if (rest.at[1] == 'c')
            buf_add_octet(out, (unsigned char)('0' + number / 100));
        else
            buf_printf(out, "%u", number);
        rest = span_from(rest, 2);
    }
}
