/* A fault as a sentence: when, for whom, how often, then what happens. */
#include "engine/fault.h"

enum part { CONDITION, EFFECT };

/* The words around a key's value, in the order of the sentence. Keys that need more are below. */
static const struct {
    const char *key, *before, *after;
    enum part part;
} parts[] = {
    { "from", ", sender ", "", CONDITION },
    { "to", ", recipient ", "", CONDITION },
    { "parameter", ", with ", "", CONDITION },
    { "client", ", client ", "", CONDITION },
    { "client-address", ", from ", "", CONDITION },
    { "per", ", counted by ", "", CONDITION },
    { "chance", ", in ", " of 100 cases", CONDITION },
    { "greylist", ", until the same comes again after ", "", CONDITION },
    { "reply", "the reply is ", "", EFFECT },
    { "raw", "the reply is the octets ", "", EFFECT },
    { "full", "", ", the mailbox is full", EFFECT },
    { "strip", "without ", "", EFFECT },
    { "add", "with ", " offered, too", EFFECT },
    { "delay", "after ", "", EFFECT },
};

static void add_value(const struct fault *f, const char *key, struct buf *out)
{
    row_print(rows_find(&fault_rows, span_of(key)), f, out);
}

static bool has_key(const struct fault *f, const char *key)
{
    return !row_is_default(rows_find(&fault_rows, span_of(key)), f);
}

static void add_moment(const struct fault *f, struct buf *out)
{
    switch ((enum fault_moment)f->at) {
    case FAULT_CONNECT:
        buf_add_text(out, "When a client connects");
        break;
    case FAULT_COMMAND:
        buf_add_text(out, "At every command");
        break;
    case FAULT_END:
        buf_add_text(out, "At the end of a letter");
        break;
    case FAULT_BODY:
        buf_add_text(out, "Inside a letter, behind octet ");
        add_value(f, "octet", out);
        break;
    case FAULT_IDLE:
        buf_add_text(out, "When the client was silent for ");
        add_value(f, "after", out);
        break;
    default:
        buf_printf(out, "At %s", fault_moment_word((enum fault_moment)f->at));
    }
}

static void add_times(const struct fault *f, struct buf *out)
{
    struct fault_times t;

    if (!f->times || !fault_times_read(span_of(f->times), &t))
        return;
    if (t.every)
        buf_printf(out, ", one match in %llu", (unsigned long long)t.every);
    else
        buf_printf(out, ", %s %s", t.first == t.last ? "match" : "matches", f->times);
}

static void add_conditions(const struct fault *f, struct buf *out)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].part != CONDITION || !has_key(f, parts[i].key))
            continue;
        buf_add_text(out, parts[i].before);
        add_value(f, parts[i].key, out);
        buf_add_text(out, parts[i].after);
    }
    add_times(f, out);
    if (f->rate) {
        buf_printf(out, ", beyond %u in ", f->rate);
        add_value(f, "in", out);
    }
}

/* The next effect; the first one behind a colon. */
static struct buf *next(struct buf *out, size_t *count)
{
    buf_add_text(out, (*count)++ ? ", " : ": ");
    return out;
}

static void add_pace(const struct fault *f, struct buf *out, size_t *count)
{
    if (f->slow)
        buf_printf(next(out, count), "%u octet%s at a time, ", f->slow, f->slow == 1 ? "" : "s");
    if (f->pieces.count) {
        buf_add_text(next(out, count), "in pieces, cut behind octet ");
        add_value(f, "pieces", out);
        buf_add_text(out, ", ");
    }
    if (f->slow || f->pieces.count) {
        add_value(f, "pause", out);
        buf_add_text(out, " apart");
    }
}

static const char *tls_words(int tls)
{
    static const char *const words[] = {
        [FAULT_TLS_FINE] = "",
        [FAULT_TLS_REFUSE] = "454, TLS is not available",
        [FAULT_TLS_CLOSE] = "220, then the connection is closed instead of a handshake",
        [FAULT_TLS_GARBAGE] = "220, then octets that are no TLS",
        [FAULT_TLS_PLAINTEXT] = "220, then a reply in plain text",
    };

    return words[tls];
}

static void add_effects(const struct fault *f, struct buf *out)
{
    bool own = f->reply || f->raw || f->full || f->tls || f->drop || f->reset || f->silent;
    size_t count = 0;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].part != EFFECT || !has_key(f, parts[i].key))
            continue;
        buf_add_text(next(out, &count), parts[i].before);
        add_value(f, parts[i].key, out);
        buf_add_text(out, parts[i].after);
    }
    if (f->tls)
        buf_add_text(next(out, &count), tls_words(f->tls));
    if (!own && f->rate)
        buf_add_text(next(out, &count), "421, and the connection is closed");
    if (!own && f->greylist)
        buf_add_text(next(out, &count), "451, try again later");
    add_pace(f, out, &count);
    if (f->drop)
        buf_add_text(next(out, &count), "the connection is closed (FIN)");
    if (f->reset)
        buf_add_text(next(out, &count), "the connection is reset (RST)");
    if (f->silent)
        buf_add_text(next(out, &count), "nothing is said any more");
}

void fault_words(const struct fault *f, struct buf *out)
{
    add_moment(f, out);
    add_conditions(f, out);
    add_effects(f, out);
}

const struct fault_example fault_examples[] = {
    { "RCPT greylist=10s", "greylisting: a stranger's first try is put off" },
    { "RCPT full=452", "a full mailbox" },
    { "end reply=\"451 4.3.0 Trouble here, try again later\"",
      "a failure for now (tempfail), when all of the letter has come" },
    { "RCPT chance=25 reply=\"450 4.2.1 Busy, try again later\"",
      "a busy server, in one case of four" },
    { "command slow=1 pause=50ms", "a slow line: replies come octet by octet" },
    { "body octet=100 drop", "the connection breaks inside a letter" },
    { "end drop", "the 250 for a letter is lost on its way" },
    { "MAIL reply=\"421 4.3.2 Closing down for a while\"", "the server closes down" },
    { "MAIL rate=3", "too many letters in a minute" },
    { "EHLO strip=STARTTLS", "STARTTLS is not offered, as when somebody strips it" },
};
const size_t fault_example_count = sizeof fault_examples / sizeof *fault_examples;

/* The value of a row's example as a line holds it, not YAML: without brackets and single quotes. */
static void add_example(const struct row *row, struct buf *out)
{
    struct span text = span_of(row->example ? row->example : row->fallback ? row->fallback : "");
    bool quoted = text.len && text.at[0] == '"', list = text.len && text.at[0] == '[';

    if (list || (text.len && text.at[0] == '\''))
        text = span_first(span_from(text, 1), text.len - 2);
    if (!list && !quoted && span_find(text, ' ') < text.len) {
        buf_add_octet(out, '"');
        buf_add(out, text);
        buf_add_octet(out, '"');
        return;
    }
    for (size_t i = 0; i < text.len; i++)
        if (!list || text.at[i] != ' ')
            buf_add_octet(out, text.at[i]);
}

bool fault_value(struct span key, size_t i, struct buf *out)
{
    const struct row *row = rows_find(&fault_rows, key);
    struct span rest, word;

    if (!row || row->type == ROW_BOOL)
        return false;
    if (row->type != ROW_CHOICE) {
        if (i == 0)
            add_example(row, out);
        return i == 0;
    }
    word = span_cut(span_of(row->words), '|', &rest);
    for (; i && rest.len; i--)
        word = span_cut(rest, '|', &rest);
    if (i || !word.len)
        return false;
    buf_add(out, word);
    return true;
}
