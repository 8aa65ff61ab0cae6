#include "stored/pasted.h"

#include "stored/script.h"

enum side_of { NOBODY, CLIENT, SERVER };

struct pasted {
    struct span rest; /* lines not read yet */
    struct buf line;  /* the one under way, with CRLF */
    unsigned sent, replies;
    bool telnet; /* lines have no marks: a code makes a reply */
    bool letter; /* the same, after 354 and before the dot */
};

/* What programs write in front of a line, longer marks first. */
static const struct {
    struct span mark;
    enum side_of side;
} marks[] = {
    { SPAN_INIT("<--"), SERVER }, { SPAN_INIT("-->"), CLIENT }, /* many logs */
    { SPAN_INIT("<<<"), SERVER }, { SPAN_INIT(">>>"), CLIENT }, /* sendmail -v */
    { SPAN_INIT("<**"), SERVER }, { SPAN_INIT("**>"), CLIENT }, /* swaks, refused */
    { SPAN_INIT("<~*"), SERVER }, { SPAN_INIT("*~>"), CLIENT }, /* the same under TLS */
    { SPAN_INIT("<-"), SERVER },  { SPAN_INIT("->"), CLIENT },  /* swaks */
    { SPAN_INIT("<~"), SERVER },  { SPAN_INIT("~>"), CLIENT },  /* swaks under TLS */
    { SPAN_INIT("<"), SERVER },   { SPAN_INIT(">"), CLIENT },   /* curl -v */
};

static struct span next_line(struct pasted *p)
{
    struct span line = span_cut(p->rest, '\n', &p->rest);

    return line.len && line.at[line.len - 1] == '\r' ? span_first(line, line.len - 1) : line;
}

static bool is_reply(struct span s)
{
    for (size_t i = 0; i < 3; i++)
        if (i >= s.len || !ascii_is_digit(s.at[i]))
            return false;
    return s.len == 3 || s.at[3] == ' ' || s.at[3] == '-';
}

/* "<-  250 ok" */
static enum side_of by_mark(struct span *line)
{
    struct span s = *line;

    while (s.len && s.at[0] == ' ')
        s = span_from(s, 1);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        struct span text = span_from(s, marks[i].mark.len);

        if (!span_starts(s, marks[i].mark) || (text.len && text.at[0] != ' '))
            continue;
        *line = marks[i].side == SERVER ? span_trim(text) : span_from(text, 1);
        return marks[i].side;
    }
    return NOBODY;
}

static bool is_telnets(struct span line)
{
    static const struct span words[] = { SPAN_INIT("Trying "),
                                         SPAN_INIT("Connected to "),
                                         SPAN_INIT("Escape character is "),
                                         SPAN_INIT("Connection closed by foreign host"),
                                         SPAN_INIT("$ telnet "),
                                         SPAN_INIT("telnet> ") };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (span_starts(line, words[i]))
            return true;
    return false;
}

/* Without marks: before the first reply stands only what telnet says. */
static enum side_of by_look(struct pasted *p, struct span line)
{
    if (is_telnets(line))
        return NOBODY;
    if (p->letter) {
        p->letter = !span_eq(line, SPAN("."));
        return CLIENT;
    }
    if (is_reply(line)) {
        p->letter = span_starts(line, SPAN("354 "));
        return SERVER;
    }
    return p->replies && line.len ? CLIENT : NOBODY;
}

static void read_line(struct pasted *p, struct buf *out)
{
    struct span line = next_line(p);
    enum side_of side = p->telnet ? by_look(p, line) : by_mark(&line);

    if (side == NOBODY)
        return;
    p->sent += side == CLIENT;
    p->replies += side == SERVER && is_reply(line);
    buf_clear(&p->line);
    buf_add(&p->line, line);
    buf_add_text(&p->line, "\r\n");
    script_write_line(out, side == CLIENT, buf_span(&p->line));
}

/* Telnet tells of its connection, and marks nothing. */
static bool is_of_telnet(struct span text)
{
    for (struct span rest = text; rest.len;)
        if (span_starts(span_cut(rest, '\n', &rest), SPAN("Escape character is ")))
            return true;
    return false;
}

bool pasted_read(struct span text, struct buf *out)
{
    struct pasted p = { .rest = text, .telnet = is_of_telnet(text) };
    size_t start = out->len;

    while (p.rest.len)
        read_line(&p, out);
    buf_release(&p.line);
    if (!p.sent || !p.replies)
        buf_truncate(out, start);
    return p.sent && p.replies;
}
