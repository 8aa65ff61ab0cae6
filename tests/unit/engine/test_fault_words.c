/* Faults as sentences, the ready-made ones, and values to begin with. */
#include "engine/fault.h"
#include "support/prose.h"
#include "support/table.h"

static const struct {
    const char *line, *words;
} sentences[] = {
    { "RCPT to=bob@* times=1-2 reply=\"450 4.2.1 busy\" delay=2s",
      "At RCPT, recipient bob@*, matches 1-2: the reply is 450 4.2.1 busy, after 2s" },
    { "connect times=\"every 5\" reset",
      "When a client connects, one match in 5: the connection is reset (RST)" },
    { "RCPT times=3 reset", "At RCPT, match 3: the connection is reset (RST)" },
    { "command chance=25 silent",
      "At every command, in 25 of 100 cases: nothing is said any more" },
    { "end from=*@spam.example reply=\"550 5.7.1 no\" drop",
      "At the end of a letter, sender *@spam.example: the reply is 550 5.7.1 no, the connection is "
      "closed (FIN)" },
    { "body octet=1000 drop",
      "Inside a letter, behind octet 1000: the connection is closed (FIN)" },
    { "idle after=30s reply=\"421 4.4.2 bye\"",
      "When the client was silent for 30s: the reply is 421 4.4.2 bye" },
    { "MAIL parameter=SIZE client=*.fr client-address=127.0.0.1 per=client rate=3 in=10s",
      "At MAIL, with SIZE, client *.fr, from 127.0.0.1, counted by client, beyond 3 in 10s: 421, "
      "and "
      "the connection is closed" },
    { "RCPT greylist=5min",
      "At RCPT, until the same comes again after 5min: 451, try again later" },
    { "RCPT greylist=5min reply=\"450 wait\"",
      "At RCPT, until the same comes again after 5min: the reply is 450 wait" },
    { "RCPT full=452", "At RCPT: 452, the mailbox is full" },
    { "NOOP raw=\"25O\\r\\n\"", "At NOOP: the reply is the octets 25O\\r\\n" },
    { "EHLO strip=STARTTLS,SIZE add=X-LUNCH",
      "At EHLO: without STARTTLS,SIZE, with X-LUNCH offered, too" },
    { "QUIT slow=1", "At QUIT: 1 octet at a time, 100ms apart" },
    { "QUIT slow=3 pause=5ms", "At QUIT: 3 octets at a time, 5ms apart" },
    { "HELP pieces=1,5", "At HELP: in pieces, cut behind octet 1,5, 100ms apart" },
    { "STARTTLS tls=refuse", "At STARTTLS: 454, TLS is not available" },
    { "STARTTLS tls=close",
      "At STARTTLS: 220, then the connection is closed instead of a handshake" },
    { "STARTTLS tls=garbage", "At STARTTLS: 220, then octets that are no TLS" },
    { "STARTTLS tls=plaintext", "At STARTTLS: 220, then a reply in plain text" },
};

Test(fault_words, say_what_happens_when_and_for_whom)
{
    struct buf out = { 0 };
    struct fault f;

    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
        buf_clear(&out);
        cr_assert(fault_parse(&f, span_of(sentences[i].line), &out), "%s: %s", sentences[i].line,
                  buf_text(&out));
        fault_words(&f, &out);
        cr_expect_str_eq(buf_text(&out), sentences[i].words, "%s: %s", sentences[i].line,
                         buf_text(&out));
        fault_release(&f);
    }
    buf_release(&out);
}

Test(fault_words, of_examples_are_faults_and_stay_as_they_are_written)
{
    struct buf out = { 0 };
    struct fault f;

    for (size_t i = 0; i < fault_example_count; i++) {
        const struct fault_example *e = &fault_examples[i];

        buf_clear(&out);
        cr_assert(fault_parse(&f, span_of(e->line), &out), "%s: %s", e->line, buf_text(&out));
        fault_print(&f, &out);
        cr_expect_str_eq(buf_text(&out), e->line);
        EXPECT_LABEL(e->what, 70, e->line);
        fault_release(&f);
    }
    buf_release(&out);
}

/* The moment at which a key makes sense. */
static const char *moment_for(const char *key)
{
    static const struct {
        const char *key, *with;
    } moments[] = {
        { "parameter", "MAIL drop" }, { "octet", "body drop" }, { "after", "idle drop" },
        { "strip", "EHLO" },          { "add", "EHLO" },        { "tls", "STARTTLS" },
        { "reply", "RCPT" },          { "raw", "RCPT" },        { "full", "RCPT" },
        { "slow", "RCPT" },           { "pieces", "RCPT" },     { "rate", "RCPT" },
        { "delay", "RCPT" }
    };

    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
        if (strcmp(moments[i].key, key) == 0)
            return moments[i].with;
    return "RCPT drop";
}

Test(fault_words, of_completion_make_a_right_fault_of_each_key)
{
    struct buf value = { 0 }, line = { 0 }, why = { 0 };
    struct fault f;

    for (size_t i = 1; i < fault_rows.count; i++) {
        const struct row *row = &fault_rows.at[i];
        size_t n = 0;

        for (buf_clear(&value); fault_value(span_of(row->key), n, &value); buf_clear(&value)) {
            n++;
            buf_clear(&line);
            buf_clear(&why);
            buf_printf(&line, "%s %s=%s", moment_for(row->key), row->key, buf_text(&value));
            if (row->type == ROW_CHOICE && strcmp(buf_text(&value), row->fallback) == 0)
                buf_add_text(&line, " delay=1s"); /* as if the key were not there */
            cr_expect(fault_parse(&f, buf_span(&line), &why), "%s: %s", buf_text(&line),
                      buf_text(&why));
            fault_release(&f);
        }
        cr_expect_eq(n > 0, row->type != ROW_BOOL, "%s", row->key);
        cr_expect(row->type != ROW_CHOICE || n > 1, "%s", row->key);
    }
    cr_expect_not(fault_value(SPAN("nonsense"), 0, &value));
    buf_release(&value);
    buf_release(&line);
    buf_release(&why);
}
