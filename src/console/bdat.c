/*
 * Chunks of a letter (BDAT): counted in octets, so that no dot ends them and any octets may stand
 * in them. /bdat counts for the person; typed lines inside a chunk are kept to its size.
 *
 * Source: RFC 3030 2 and 3. A chunk that is one octet short makes the server take the next command
 * for the letter; one that is longer makes it take the letter for commands.
 */
#include "base/escape.h"
#include "base/marks.h"
#include "base/mem.h"
#include "console/inner.h"
#include "registry/keywords.h"

/* More goes by /send, which does not hold the letter in memory. */
#define CHUNK_MAX ((size_t)64 * 1024 * 1024)

uint64_t bdat_left(const struct console *c)
{
    const struct observer *o = console_observer(c);
    uint64_t open;

    if (!o || !o->chunk_left)
        return 0;
    open = record_open_octets(c->config.record, console_dialogue(c), SIDE_CLIENT);
    return open < o->chunk_left ? o->chunk_left - open : 0;
}

/* The line would run over the end of the chunk. True: it is not sent yet. */
static bool held_back(struct console *c, struct span line, uint64_t left)
{
    struct buf over = { 0 };
    bool piped = c->config.keep_step;

    if (c->overshoot_warned && !piped)
        return false;
    c->overshoot_warned = true;
    marks_add(&over, span_first(span_from(line, (size_t)left), 40), 0);
    console_complain(
        c,
        "The chunk has only %llu %s left, and this line has %zu with its line end: the "
        "server reads what is over as a command%s%s%s.%s",
        (unsigned long long)left, left == 1 ? "octet" : "octets", line.len + 2,
        over.len ? " (" : "", buf_text(&over), over.len ? ")" : "",
        piped ? "" : " Nothing was sent; the same line once more sends it.");
    console_worsen(c, STATUS_DIFFERENT);
    buf_release(&over);
    return !piped;
}

void bdat_take(struct console *c, struct span line)
{
    uint64_t left = bdat_left(c);

    if (line.len == left) { /* the last octets of the chunk: a line end would be too much */
        console_send(c, line);
        console_say(c, "The chunk is full; no line end was sent behind it.\n");
    } else if (line.len + 2 <= left || !held_back(c, line, left)) {
        console_send_line(c, line);
    } else {
        return;
    }
    c->overshoot_warned = false;
}

/* "TEXT" or FILE, and whether LAST follows. */
static struct span cut_last(struct span args, bool *last)
{
    static const struct span word = SPAN_INIT(" LAST");

    args = span_trim(args);
    *last = args.len > word.len && span_eq_nocase(span_from(args, args.len - word.len), word);
    return *last ? span_trim(span_first(args, args.len - word.len)) : args;
}

static bool read_chunk(struct span what, struct buf *octets, struct error *err)
{
    size_t column = 0, len = 0;
    char *path, *text;

    if (what.at[0] == '"')
        return escape_read(octets, what, &column, err);
    path = file_path(what);
    text = file_read(path, &len, err);
    mem_free(path);
    if (!text)
        return false;
    if (len > CHUNK_MAX)
        error_set(err, "a chunk of %zu octets is too large here; /send takes letters of any size",
                  len);
    else
        buf_add(octets, span_make(text, len));
    mem_free(text);
    return len <= CHUNK_MAX;
}

/* Lines end in CR and LF in a letter, unless it was declared as BINARYMIME (RFC 3030 3). */
static bool has_bare_lf(struct span octets)
{
    for (size_t i = 0; i < octets.len; i++)
        if (octets.at[i] == '\n' && (i == 0 || octets.at[i - 1] != '\r'))
            return true;
    return false;
}

static void send_chunk(struct console *c, struct span octets, bool last)
{
    struct buf out = { 0 };

    if (!observer_offers(console_observer(c), (unsigned)keyword_number(SPAN("CHUNKING"))))
        console_say(c,
                    "The server has not offered CHUNKING. If it does not know BDAT, it takes the "
                    "chunk for commands.\n");
    if (has_bare_lf(octets))
        console_say(c, "Some lines of the chunk end in a bare LF. It is sent as it is: a letter's "
                       "lines end in CR and LF, unless MAIL said BODY=BINARYMIME.\n");
    buf_reserve(&out, octets.len + 40);
    buf_printf(&out, "BDAT %zu%s\r\n", octets.len, last ? " LAST" : "");
    buf_add(&out, octets);
    console_send(c, buf_span(&out));
    if (c->pipeline.on)
        c->pipeline.lines++;
    buf_release(&out);
}

void command_bdat(struct console *c, struct span args)
{
    struct buf octets = { 0 };
    struct error err = { "" };
    bool last;
    struct span what = cut_last(args, &last);

    if (!what.len) {
        console_complain(c,
                         "/bdat needs a file, or text in quotes, as in /bdat \"Hello\\r\\n\" LAST");
        console_worsen(c, STATUS_USAGE);
    } else if (!console_talking(c)) {
        console_complain(c, "Not sent, for there is no server. %s", console_how_to_connect(c));
        console_worsen(c, c->broken ? c->broken : STATUS_CONNECT);
    } else if (!read_chunk(what, &octets, &err)) {
        console_complain(c, "/bdat: %s", err.text);
        console_worsen(c, STATUS_USAGE);
    } else {
        send_chunk(c, buf_span(&octets), last);
    }
    buf_release(&octets);
}
