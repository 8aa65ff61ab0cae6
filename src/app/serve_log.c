#include "app/serve_log.h"

#include <time.h>

#include "base/json.h"
#include "base/marks.h"

/* Many lines fall into one second: its text is made once, in UTC and in local time. */
struct second {
    time_t at;
    char text[32]; /* "2026-11-24 23:33:01"; "" at first */
};

static void add_second(struct buf *out, time_t at, bool utc)
{
    static struct second last[2];
    struct second *second = &last[utc];
    struct tm t;

    if (second->at != at || !second->text[0]) {
        if (utc)
            gmtime_r(&at, &t);
        else
            localtime_r(&at, &t);
        second->at = at;
        strftime(second->text, sizeof second->text, utc ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%d %H:%M:%S",
                 &t);
    }
    buf_add_text(out, second->text);
}

/* "2026-11-24 23:33:01.123" and so on, with so many digits of the second's parts. */
static void add_time(struct buf *out, int64_t wall, bool utc, size_t digits)
{
    char text[] = ".000000";
    int64_t micros = wall % CLOCK_SECOND;

    add_second(out, (time_t)(wall / CLOCK_SECOND), utc);
    for (size_t i = 6; i > 0; i--, micros /= 10)
        text[i] = (char)('0' + micros % 10);
    buf_add(out, span_make(text, digits + 1));
}

/* The words that both forms use for what happened; NULL: it is not told. */
static const char *fact_word(enum fact_kind kind)
{
    switch (kind) {
    case FACT_GREETED:
        return "greeted";
    case FACT_FROM:
        return "mail";
    case FACT_TO:
        return "rcpt";
    case FACT_LOGIN:
        return "auth";
    case FACT_ENCRYPTED:
        return "tls";
    case FACT_INJECTED:
    case FACT_NOTED:
        return "noted";
    case FACT_FAULT:
        return "fault";
    default:
        return NULL;
    }
}

/* A login that failed is told as one (RFC 4954 6): who looks for it looks for that word. */
#define LOGIN_DENIED 535

static const char *event_word(const struct server_event *e)
{
    switch (e->kind) {
    case SERVER_CONNECTED:
        return "connected";
    case SERVER_TURNED_AWAY:
        return "turned_away";
    case SERVER_FACT:
        return fact_word(e->fact->kind);
    case SERVER_REPLIED:
        return e->code == LOGIN_DENIED ? "auth" : e->code >= 400 ? "refused" : NULL;
    case SERVER_STORED:
        return "stored";
    case SERVER_CLOSED:
        return "closed";
    }
    return NULL;
}

/* The text of a reply: without its code, which is told apart. */
static struct span without_code(struct span line)
{
    return line.len > 4 ? span_trim(span_from(line, 4)) : span_from(line, line.len);
}

/* For people. */

static void add_path(struct buf *out, struct span mailbox)
{
    buf_add_octet(out, '<');
    marks_add(out, mailbox, 0);
    buf_add_octet(out, '>');
}

static void add_fact(struct buf *out, const struct fact *f)
{
    switch (f->kind) {
    case FACT_GREETED:
        buf_add_text(out, f->number ? " EHLO " : " HELO ");
        break;
    case FACT_FROM:
        buf_add_text(out, " from ");
        add_path(out, f->text);
        return;
    case FACT_TO:
        buf_add_text(out, " to ");
        add_path(out, f->text);
        return;
    case FACT_LOGIN:
        buf_add_text(out, " as ");
        break;
    case FACT_INJECTED:
        buf_add_octet(out, ' ');
        buf_add_number(out, f->number);
        buf_add_text(out, " octets behind STARTTLS, thrown away: ");
        break;
    default:
        buf_add_octet(out, ' ');
        break;
    }
    marks_add(out, f->text, 0);
}

static void add_stored(struct buf *out, const struct server_event *e)
{
    const struct engine_letter *letter = e->letter;

    buf_add_octet(out, ' ');
    buf_add_number(out, letter->counts.octets);
    buf_add_text(out, " octets from ");
    add_path(out, letter->from);
    buf_add_text(out, " to ");
    for (size_t i = 0; i < letter->to_count; i++) {
        if (i)
            buf_add_octet(out, ',');
        add_path(out, span_of(letter->to[i]));
    }
    if (e->id && *e->id) {
        buf_add_text(out, " id ");
        buf_add_text(out, e->id);
    }
    if (e->path && *e->path) {
        buf_add_text(out, " in ");
        marks_add(out, span_of(e->path), 0);
    }
}

static void add_words(struct buf *out, const struct server_event *e)
{
    switch (e->kind) {
    case SERVER_CONNECTED:
        return;
    case SERVER_FACT:
        add_fact(out, e->fact);
        return;
    case SERVER_REPLIED:
        buf_add_text(out, e->code == LOGIN_DENIED ? " denied " : " ");
        buf_add_number(out, e->code);
        buf_add_octet(out, ' ');
        marks_add(out, without_code(e->text), 0);
        return;
    case SERVER_STORED:
        add_stored(out, e);
        return;
    case SERVER_TURNED_AWAY:
        buf_add_text(out, ": ");
        marks_add(out, e->text, 0);
        return;
    case SERVER_CLOSED:
        marks_add(out, e->text, 0);
        buf_printf(out, " after %.3f s, %llu %s", (double)e->lasted / (double)CLOCK_SECOND,
                   (unsigned long long)e->letters, e->letters == 1 ? "letter" : "letters");
        return;
    }
}

/* Local time: people compare it with their watch. Milliseconds will do for them. */
static void begin_text(struct buf *out, int64_t wall)
{
    add_time(out, wall, false, 3);
}

static void add_address(struct buf *out, const char *address)
{
    bool v6 = strchr(address, ':') != NULL;

    buf_add_text(out, v6 ? " [" : " ");
    buf_add_text(out, address);
    if (v6)
        buf_add_octet(out, ']');
}

static void text_line(const struct server_event *e, const char *word, int64_t wall, struct buf *out)
{
    begin_text(out, wall);
    if (e->session) {
        buf_add_text(out, " #");
        buf_add_number(out, e->session);
    }
    add_address(out, e->address);
    buf_add_octet(out, ':');
    buf_add_number(out, e->port);
    buf_add_octet(out, ' ');
    if (e->kind == SERVER_TURNED_AWAY)
        buf_add_text(out, "turned away");
    else if (e->kind != SERVER_CLOSED) /* how it ended says so */
        buf_add_text(out, word);
    add_words(out, e);
    buf_add_octet(out, '\n');
}

/* For machines. */

static void begin_json(struct json *j, struct buf *out, const char *word, int64_t wall)
{
    json_init(j, out);
    json_open(j, NULL, '{');
    json_text(j, "time", "");
    buf_truncate(out, out->len - 1); /* the time goes between its quotes */
    add_time(out, wall, true, 6);
    buf_add_text(out, "Z\"");
    json_text(j, "event", word);
}

static void json_fact(struct json *j, const struct fact *f)
{
    switch (f->kind) {
    case FACT_GREETED:
        json_octets(j, "name", f->text);
        json_bool(j, "esmtp", f->number != 0);
        return;
    case FACT_FROM:
        json_octets(j, "from", f->text);
        return;
    case FACT_TO:
        json_octets(j, "to", f->text);
        return;
    case FACT_LOGIN:
        json_bool(j, "ok", true);
        json_octets(j, "user", f->text);
        return;
    case FACT_INJECTED:
        json_number(j, "octets", f->number);
        json_octets(j, "injected", f->text);
        return;
    default:
        json_octets(j, "text", f->text);
        return;
    }
}

static void json_stored(struct json *j, const struct server_event *e)
{
    const struct engine_letter *letter = e->letter;

    json_text(j, "id", e->id ? e->id : "");
    json_octets(j, "path", span_of(e->path ? e->path : ""));
    json_octets(j, "from", letter->from);
    json_open(j, "to", '[');
    for (size_t i = 0; i < letter->to_count; i++)
        json_string(j, NULL, span_of(letter->to[i]));
    json_close(j, ']');
    json_number(j, "octets", letter->counts.octets);
}

static void json_members(struct json *j, const struct server_event *e)
{
    switch (e->kind) {
    case SERVER_CONNECTED:
        return;
    case SERVER_FACT:
        json_fact(j, e->fact);
        return;
    case SERVER_REPLIED:
        if (e->code == LOGIN_DENIED)
            json_bool(j, "ok", false);
        json_number(j, "code", e->code);
        json_octets(j, "text", without_code(e->text));
        return;
    case SERVER_STORED:
        json_stored(j, e);
        return;
    case SERVER_TURNED_AWAY:
        json_octets(j, "text", e->text);
        return;
    case SERVER_CLOSED:
        json_octets(j, "text", e->text);
        json_number(j, "milliseconds", (uint64_t)(e->lasted / 1000));
        json_number(j, "letters", e->letters);
        return;
    }
}

static void json_line(const struct server_event *e, const char *word, int64_t wall, struct buf *out)
{
    struct json j;

    begin_json(&j, out, word, wall);
    json_number(&j, "session", e->session);
    json_text(&j, "address", e->address);
    json_number(&j, "port", e->port);
    json_members(&j, e);
    json_close(&j, '}');
    buf_add_octet(out, '\n');
}

void serve_log_event(const struct server_event *e, int form, int64_t wall, struct buf *out)
{
    const char *word = event_word(e);

    if (!word)
        return;
    if (form == LOG_JSON)
        json_line(e, word, wall, out);
    else
        text_line(e, word, wall, out);
}

void serve_log_lost(uint64_t lines, int form, int64_t wall, struct buf *out)
{
    struct json j;

    if (form == LOG_JSON) {
        begin_json(&j, out, "lost", wall);
        json_number(&j, "lines", lines);
        json_close(&j, '}');
    } else {
        begin_text(out, wall);
        buf_printf(out, " %llu lines of this log are lost: nobody read them in time",
                   (unsigned long long)lines);
    }
    buf_add_octet(out, '\n');
}
