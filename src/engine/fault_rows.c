/* The keys of a fault, and which of them go together. */
#include "base/clock.h"
#include "base/escape.h"
#include "engine/fault.h"

#define MOMENT_WORD(name, word, when) word "|"

static bool is_times(struct span text)
{
    struct fault_times times;

    return fault_times_read(text, &times);
}

/* A code and a text; lines of a longer reply are parted by line feeds. */
static bool is_reply(struct span text)
{
    uint64_t code;

    return span_number(span_first(text, 3), &code) && code >= 200 && code <= 599 &&
           (text.len == 3 || text.at[3] == ' ' || text.at[3] == '-') &&
           span_find(text, '\r') == text.len;
}

static bool is_raw(struct span text)
{
    struct buf octets = { 0 };
    struct error err;
    size_t column;
    bool fine = text.len && escape_read(&octets, text, &column, &err);

    buf_release(&octets);
    return fine;
}

static bool is_place(struct span text)
{
    uint64_t place;

    return span_number(text, &place) && place > 0;
}

static bool is_pattern(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] <= ' ' || text.at[i] == 0x7f)
            return false;
    return text.len > 0;
}

/* So that nobody takes it for the address of a letter. */
static bool is_ip_pattern(struct span text)
{
    static const struct span octets = SPAN_INIT("0123456789abcdefABCDEF.:*?");

    for (size_t i = 0; i < text.len; i++)
        if (!memchr(octets.at, text.at[i], octets.len))
            return false;
    return text.len > 0;
}

/* A line of an EHLO reply: printable ASCII. */
static bool is_keyword(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < ' ' || text.at[i] > '~')
            return false;
    return text.len > 0;
}

#define HOUR         (3600 * (uint64_t)CLOCK_SECOND)
#define FIELD(field) ROW_FIELD(struct fault, field)
static const struct row rows[] = {
    { "at", ROW_CHOICE, FIELD(at), "When it happens; a verb stands for that command.",
      .example = "RCPT", .required = true, .words = FAULT_MOMENTS(MOMENT_WORD) },
    { "from", ROW_TEXT, FIELD(from), "Only letters from this sender; <> is the empty one.",
      .example = "\"*@spam.example\"", .must = "an address or a pattern such as *@x.org",
      .check = is_pattern },
    { "to", ROW_TEXT, FIELD(to),
      "Only this recipient; after RCPT: letters that have it among theirs. In LMTP each recipient "
      "is asked for at the end, with a reply of its own.",
      .example = "\"*@x.org\"", .must = "an address or a pattern such as *@x.org",
      .check = is_pattern },
    { "parameter", ROW_TEXT, FIELD(parameter),
      "Only when MAIL or RCPT has this parameter, or this parameter with this value.",
      .example = "BODY=8BITMIME", .must = "a parameter such as SIZE or BODY=8BITMIME",
      .check = is_pattern },
    { "client", ROW_TEXT, FIELD(client), "Only clients that greet with this name.",
      .example = "\"*.crepes.fr\"", .must = "a name or a pattern such as *.crepes.fr",
      .check = is_pattern },
    { "client-address", ROW_TEXT, FIELD(address), "Only clients with this IP address.",
      .example = "127.0.0.1", .must = "an IP address or a pattern such as 192.0.2.*",
      .check = is_ip_pattern },
    { "times", ROW_TEXT, FIELD(times), "Only the matches with these numbers, counted from 1.",
      .example = "1-2", .must = "a number, or two such as 1-2 or 3-, or every 5",
      .check = is_times },
    { "per", ROW_CHOICE, FIELD(per),
      "Whose matches are counted together, for times and rate: of all, of each session, of each "
      "client's address.",
      .fallback = "all", .words = "all|session|client" },
    { "chance", ROW_NUMBER, FIELD(chance),
      "In how many cases of a hundred; which ones follows from the seed.", .fallback = "100",
      .example = "25", .min = 1, .max = 100 },
    { "rate", ROW_NUMBER, FIELD(rate),
      "So many matches are fine in each stretch of time (see in); the ones beyond are not. Without "
      "a reply of its own it is 421 4.7.0.",
      .example = "10", .max = 1000000 },
    { "in", ROW_DURATION, FIELD(in), "The stretch of time for rate.", .fallback = "1min", .min = 1,
      .max = 24 * HOUR },
    { "greylist", ROW_DURATION, FIELD(greylist),
      "Until the same client, sender and recipient come again after this time. Without a reply of "
      "its own it is 451 4.7.1.",
      .example = "5min", .max = 24 * HOUR },
    { "after", ROW_DURATION, FIELD(after), "At idle: how long the client was silent.",
      .example = "30s", .max = 24 * HOUR },
    { "octet", ROW_OCTETS, FIELD(octet), "At body: how many octets of the letter have come.",
      .example = "1000" },
    { "reply", ROW_TEXT, FIELD(reply),
      "The reply instead of the right one. With a code from 400 on the command is not carried out; "
      "after 421 the connection is closed. A line feed parts the lines of a longer reply.",
      .example = "450 4.2.1 busy", .must = "a code from 200 to 599 and a text", .check = is_reply },
    { "raw", ROW_TEXT, FIELD(raw),
      "These octets instead of the reply, whatever they are, with escapes such as \\r\\n and "
      "\\x00. "
      "The command is not carried out, unless they begin with a code below 400.",
      .example = "'250 ok\\n'", .must = "octets with escapes such as \\r \\n \\x00",
      .check = is_raw },
    { "full", ROW_CHOICE, FIELD(full),
      "A mailbox without room: 452 4.2.2 asks for another try later, 552 5.2.2 does not.",
      .fallback = "no", .words = "no|452|552" },
    { "delay", ROW_DURATION, FIELD(delay), "The reply waits so long.", .example = "2s",
      .max = 24 * HOUR },
    { "slow", ROW_NUMBER, FIELD(slow),
      "The reply comes so many octets at a time, with a pause "
      "between.",
      .example = "1", .max = 512 },
    { "pieces", ROW_TEXTS, FIELD(pieces),
      "The reply is cut behind these octets, counted from 1, with a pause between.",
      .example = "[1, 5]", .must = "numbers from 1", .check = is_place, .max = 64 },
    { "pause", ROW_DURATION, FIELD(pause), "The pause for slow and pieces.", .fallback = "100ms",
      .min = 1, .max = HOUR },
    { "strip", ROW_TEXTS, FIELD(strip), "Left out of what EHLO offers.", .example = "[STARTTLS]",
      .must = "keywords of EHLO", .check = is_keyword, .max = 32 },
    { "add", ROW_TEXTS, FIELD(add), "Offered beside what EHLO offers.", .example = "[X-LUNCH]",
      .must = "keywords of EHLO", .check = is_keyword, .max = 32 },
    { "tls", ROW_CHOICE, FIELD(tls),
      "refuse: 454. The others say 220, and then close when the handshake begins, or send octets "
      "that are no TLS, or a reply in plain text.",
      .fallback = "fine", .words = "fine|refuse|close|garbage|plaintext" },
    { "drop", ROW_BOOL, FIELD(drop),
      "The connection is closed (FIN), after the reply if one is named, or else instead of it. At "
      "the end of a letter the letter is stored all the same, unless the reply refuses it.",
      .fallback = "no", .example = "yes" },
    { "reset", ROW_BOOL, FIELD(reset), "As drop, and with a reset (RST).", .fallback = "no",
      .example = "yes" },
    { "silent", ROW_BOOL, FIELD(silent),
      "No reply comes, to this and to all that follows; the connection stays open.",
      .fallback = "no", .example = "yes" },
    { "off", ROW_BOOL, FIELD(off), "Kept, and switched off.", .fallback = "no", .example = "yes" },
};

#define AT(name) (1u << FAULT_##name)
#define AT_TALK  (AT(CONNECT) | (AT(COMMAND) * 2 - 1) | AT(END))

/* Keys that mean something at these moments only. */
static const struct {
    const char *key;
    unsigned moments;
    const char *say;
} only[] = {
    { "parameter", AT(MAIL) | AT(RCPT), "'parameter' goes with at MAIL or RCPT" },
    { "greylist", AT(RCPT) | AT(DATA), "'greylist' goes with at RCPT or DATA" },
    { "full", AT(MAIL) | AT(RCPT) | AT(DATA) | AT(END),
      "'full' goes with at MAIL, RCPT, DATA or end" },
    { "octet", AT(BODY), "'octet' goes with at body" },
    { "after", AT(IDLE), "'after' goes with at idle" },
    { "strip", AT(EHLO) | AT(LHLO), "'strip' goes with at EHLO or LHLO" },
    { "add", AT(EHLO) | AT(LHLO), "'add' goes with at EHLO or LHLO" },
    { "tls", AT(STARTTLS), "'tls' goes with at STARTTLS" },
    { "slow", AT_TALK, "'slow' goes with the moments that have a reply" },
    { "pieces", AT_TALK, "'pieces' goes with the moments that have a reply" },
};

/* Of each group one at most. */
static bool one_of(const struct fault *f, struct buf *why)
{
    if ((f->reply != NULL) + (f->raw != NULL) + (f->full != 0) + (f->tls != 0) > 1)
        buf_add_text(why, "one reply is enough: 'reply', 'raw', 'full' or 'tls'");
    else if (f->drop + f->reset + f->silent > 1)
        buf_add_text(why, "one end is enough: 'drop', 'reset' or 'silent'");
    else if (f->slow && f->pieces.count)
        buf_add_text(why, "either 'slow' or 'pieces'");
    else if (f->rate && f->greylist)
        buf_add_text(why, "either 'rate' or 'greylist'");
    else
        return true;
    return false;
}

static bool has_effect(const struct fault *f)
{
    return f->reply || f->raw || f->full || f->tls || f->delay || f->slow || f->pieces.count ||
           f->strip.count || f->add.count || f->drop || f->reset || f->silent || f->rate ||
           f->greylist;
}

static bool check(void *target, struct buf *why)
{
    const struct fault *f = target;

    for (size_t i = 0; i < sizeof only / sizeof *only; i++) {
        const struct row *row = rows_find(&fault_rows, span_of(only[i].key));

        if (row_is_default(row, f) || (only[i].moments >> f->at & 1))
            continue;
        buf_add_text(why, only[i].say);
        return false;
    }
    if (f->at == FAULT_BODY && !f->octet)
        buf_add_text(why, "at body needs 'octet': behind which octet of the letter");
    else if (f->at == FAULT_IDLE && !f->after)
        buf_add_text(why, "at idle needs 'after': how long the client was silent");
    else if (!has_effect(f))
        buf_add_text(why, "nothing would happen: name a reply, delay, drop, reset, silent or the "
                          "like");
    else
        return one_of(f, why);
    return false;
}

static bool read_line(void *target, struct span text, struct buf *why)
{
    struct fault *f = target;

    fault_release(f);
    return fault_parse(f, text, why);
}

const struct rows fault_rows = {
    .at = rows,
    .count = sizeof rows / sizeof *rows,
    .size = sizeof(struct fault),
    .line = read_line,
    .check = check,
    .example = "- at: RCPT\n"
               "  to: \"*@busy.example\"\n"
               "  times: 1-2\n"
               "  reply: 450 4.2.1 busy, try again later\n"
               "  delay: 2s\n"
               "# the same on one line\n"
               "- RCPT to=*@busy.example times=1-2 reply=\"450 4.2.1 busy, try again later\" "
               "delay=2s",
};

void fault_init(struct fault *f)
{
    rows_init(&fault_rows, f);
}

void fault_release(struct fault *f)
{
    rows_release(&fault_rows, f);
}
