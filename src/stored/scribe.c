#include "stored/scribe.h"

#include "stored/script.h"

#define SECRET "${secret}"
/* Shorter gaps are the network's, and a replay has its own. */
#define PAUSE_MIN ((int64_t)1000)

/* The octets of line n, a secret in it replaced by its name. */
static void line_octets(const struct scribe *s, unsigned d, uint32_t n, struct buf *out)
{
    struct record_line line;
    struct observed seen;
    size_t at;

    record_line(s->record, d, n, 0, &line);
    if (!line.masked || s->show_secrets) {
        record_line_octets(s->record, d, n, s->show_secrets ? RECORD_SECRETS : 0, out);
        return;
    }
    record_observed(s->record, d, n, &seen);
    at = (size_t)(seen.secret.at - seen.line.head.at);
    buf_add(out, span_first(seen.line.head, at));
    buf_add_text(out, SECRET);
    buf_add(out, span_from(seen.line.head, at + seen.secret.len));
    buf_add_text(out, seen.line.end == LINE_CRLF ? "\r\n" : seen.line.end == LINE_LF ? "\n" : "");
}

static void number(unsigned d, struct buf *out)
{
    if (d > 1)
        buf_printf(out, "#%u ", d);
}

static void write_line(const struct scribe *s, unsigned d, uint32_t n, struct scribed *at,
                       struct buf *out)
{
    struct record_line line;
    struct buf octets = { 0 };
    struct buf words = { 0 };

    record_line(s->record, d, n, 0, &line);
    if (at->time && line.time - at->time >= PAUSE_MIN)
        script_write_pause(out, line.time - at->time);
    at->time = line.time;
    if (line.gap) {
        buf_printf(&words, "%llu octets of the letter are no longer kept",
                   (unsigned long long)line.line.len);
        script_write_remark(out, buf_span(&words));
    } else {
        line_octets(s, d, n, &octets);
        number(d, out);
        script_write_line(out, line.side == SIDE_CLIENT, buf_span(&octets));
    }
    buf_release(&words);
    buf_release(&octets);
}

/* What ended a talk, or its record, is a remark: it is not replayed, but it is worth knowing. */
static void write_events(const struct scribe *s, unsigned d, uint32_t line, struct scribed *at,
                         struct buf *out)
{
    for (; at->event < record_events(s->record, d); at->event++) {
        struct record_event e;
        struct buf words = { 0 };

        record_event_get(s->record, d, at->event, &e);
        if (e.after > line)
            return;
        if (!talk_event_ends(e.event) && e.event != TALK_UNRECORDED)
            continue;
        buf_printf(&words, "talk %u: %s", d, talk_event_text(e.event));
        script_write_remark(out, buf_span(&words));
        buf_release(&words);
    }
}

bool scribe_talk(const struct scribe *s, unsigned d, struct scribed *at, struct buf *out)
{
    struct buf words = { 0 };

    if (at->line == 0 && at->event == 0 && at->time == 0 &&
        (record_lines(s->record, d) || record_events(s->record, d))) {
        buf_printf(&words, "talk %u with %s", d, record_server(s->record, d));
        if (s->server && strcmp(record_server(s->record, d), s->server) == 0)
            buf_printf(&words, ", at %s", s->place);
        script_write_remark(out, buf_span(&words));
        buf_release(&words);
    }
    write_events(s, d, at->line, at, out);
    while (at->line < record_lines(s->record, d) && out->len < SCRIBE_PART) {
        write_line(s, d, ++at->line, at, out);
        write_events(s, d, at->line, at, out);
    }
    return at->line < record_lines(s->record, d);
}
