/* Each verb in each state a server can be in, held against the tables of smtp/session.h. */
#include "smtp/session.h"

#include <stdlib.h>

#include "smtp/mistake.h"
#include "support/drive.h"
#include "support/table.h"

/* A right line for each verb, and the reply it gets where it may stand. */
static const struct {
    const char *line;
    unsigned code;
} lines[VERB_COUNT] = {
    [VERB_EHLO] = { "EHLO crepes.fr", 250 },
    [VERB_HELO] = { "HELO crepes.fr", 250 },
    [VERB_MAIL] = { "MAIL FROM:<alice@crepes.fr>", 250 },
    [VERB_RCPT] = { "RCPT TO:<bob@hamburger.edu>", 250 },
    [VERB_DATA] = { "DATA", 354 },
    [VERB_RSET] = { "RSET", 250 },
    [VERB_NOOP] = { "NOOP", 250 },
    [VERB_HELP] = { "HELP", 214 },
    [VERB_VRFY] = { "VRFY bob", 250 },
    [VERB_EXPN] = { "EXPN staff", 550 },
    [VERB_QUIT] = { "QUIT", 221 },
    [VERB_LHLO] = { "LHLO crepes.fr", 502 },
    [VERB_STARTTLS] = { "STARTTLS", 502 },
    [VERB_AUTH] = { "AUTH PLAIN", 503 },
    [VERB_BDAT] = { "BDAT 0", 250 },
    [VERB_ETRN] = { "ETRN crepes.fr", 502 },
};
#define OFFERED(verb)                                                                              \
    ((verb) != VERB_LHLO && (verb) != VERB_STARTTLS && (verb) != VERB_AUTH && (verb) != VERB_ETRN)

/* How each state is reached, and what the server says it waits for there. */
static const struct {
    enum session_state state;
    const char *way, *waits;
} states[] = {
    { AT_HELLO, "", "your greeting" },
    { AT_READY, "HELO crepes.fr\r\n", "a new letter, or QUIT" },
    { AT_MAIL, "HELO crepes.fr\r\nMAIL FROM:<alice@crepes.fr>\r\n", "a recipient" },
    { AT_RCPT, "HELO crepes.fr\r\nMAIL FROM:<alice@crepes.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\n",
      "a recipient, or DATA" },
    { AT_BODY,
      "HELO crepes.fr\r\nMAIL FROM:<alice@crepes.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\nDATA\r\n",
      "more letter, or the dot" },
    { AT_CHUNK,
      "HELO crepes.fr\r\nMAIL FROM:<alice@crepes.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\n"
      "BDAT 2\r\nxy",
      "the rest of the chunk" },
};

static const char *waits_in(enum session_state state)
{
    for (size_t i = 0; i < ROWS(states); i++)
        if (states[i].state == state)
            return states[i].waits;
    return "";
}

/* The last WAITS fact; "" after the end. */
static void last_waits(const struct drive *d, struct buf *out)
{
    const char *at = buf_text(&d->facts), *found = NULL;

    buf_clear(out);
    if (d->closes)
        return;
    while ((at = strstr(at, "WAITS 0 ")) != NULL)
        found = at += strlen("WAITS 0 ");
    cr_assert_not_null(found);
    buf_add(out, span_make(found, (size_t)(strchr(found, '\n') - found)));
}

Test(verbs, are_answered_in_each_state_as_the_tables_say)
{
    struct buf waits = { 0 };

    for (size_t s = 0; s < ROWS(states); s++) {
        for (unsigned v = 0; v < VERB_COUNT; v++) {
            enum session_state state = states[s].state, to = state;
            enum mistake misplaced = session_misplaced(state, v);
            const struct session_step *step;
            unsigned want = lines[v].code, got;
            struct drive d;
            struct buf line = { 0 };

            if (!lines[v].line || state == AT_BODY)
                continue;
            if (OFFERED(v) && misplaced != MISTAKE_COUNT)
                want = mistake_rows[misplaced].code;
            step = session_step(state, v, want);
            if (step)
                to = step->to;
            drive_start(&d, &policy_lab);
            drive_push(&d, span_of(states[s].way));
            buf_clear(&d.replies);
            buf_printf(&line, "%s\r\n", lines[v].line);
            drive_push(&d, buf_span(&line));
            got = (unsigned)strtoul(buf_text(&d.replies), NULL, 10);
            cr_expect_eq(got, want, "%s in state %s: %s", lines[v].line, session_state_shown(state),
                         buf_text(&d.replies));
            last_waits(&d, &waits);
            cr_expect_str_eq(buf_text(&waits), waits_in(to), "%s in state %s", lines[v].line,
                             session_state_shown(state));
            cr_expect_eq(d.closes, v == VERB_QUIT);
            buf_release(&line);
            drive_end(&d);
        }
    }
    buf_release(&waits);
}

Test(verbs, are_letter_text_inside_data)
{
    struct drive d;
    size_t replied;

    drive_start(&d, &policy_lab);
    drive_push(&d, span_of(states[4].way));
    replied = d.replies.len;
    for (unsigned v = 0; v < VERB_COUNT; v++) {
        if (lines[v].line) {
            drive_push(&d, span_of(lines[v].line));
            drive_push(&d, SPAN("\r\n"));
        }
    }
    cr_expect_eq(d.replies.len, replied, "silence until the dot");
    drive_push(&d, SPAN(".\r\n"));
    cr_expect_gt(d.replies.len, replied);
    cr_expect_not_null(strstr(buf_text(&d.letters), "\r\nQUIT\r\n"));
    drive_end(&d);
}

/* Lines on their own, after EHLO, and their whole reply. */
static const struct {
    const char *line, *reply;
} after_ehlo[] = {
    { "NOOP anything", "250 2.0.0 Ok\r\n" },
    { "RSET", "250 2.0.0 Ok, nothing of a letter is kept\r\n" },
    { "HELP data", "214 2.0.0 DATA\r\n" },
    { "HELP MAIL FROM", "214 2.0.0 MAIL FROM:<name@domain>\r\n" },
    { "help AUTH",
      "214-2.0.0 EHLO name-of-your-host\r\n214-2.0.0 HELO name-of-your-host\r\n214-2.0.0 MAIL "
      "FROM:<name@domain>\r\n"
      "214-2.0.0 RCPT TO:<name@domain>\r\n214-2.0.0 DATA\r\n214-2.0.0 BDAT size [LAST]\r\n"
      "214-2.0.0 RSET\r\n214-2.0.0 "
      "NOOP\r\n214-2.0.0 HELP [command]\r\n"
      "214-2.0.0 VRFY name\r\n214-2.0.0 EXPN list\r\n214-2.0.0 QUIT\r\n214 2.0.0 End of HELP\r\n" },
    { "VRFY bob", "250 2.1.5 <bob@hamburger.edu>\r\n" },
    { "VRFY <bob@hamburger.edu>", "250 2.1.5 <bob@hamburger.edu>\r\n" },
    { "VRFY bob SMTPUTF8", "250 2.1.5 <bob@hamburger.edu>\r\n" },
    { "VRFY Bob <bob@hamburger.edu>", "250 2.1.5 <bob@hamburger.edu>\r\n" },
    { "VRFY carol <bob@hamburger.edu>", "250 2.1.5 <bob@hamburger.edu>\r\n" },
    { "VRFY <bob>", "250 2.1.5 <bob@hamburger.edu>\r\n" },
    { "VRFY bob@hamburger.edu SMTPUTF8", "250 2.1.5 <bob@hamburger.edu>\r\n" },
    { "VRFY \"bob\"@hamburger.edu", "250 2.1.5 <\"bob\"@hamburger.edu>\r\n" },
    { "VRFY postmaster", "250 2.1.5 <postmaster@hamburger.edu>\r\n" },
    { "VRFY bob smith", "550 5.1.1 bob smith ... User unknown\r\n" },
    { "VRFY SMTPUTF8", "550 5.1.1 SMTPUTF8 ... User unknown\r\n" },
    { "EHLO my_pc", "501 This is no valid name of a host\r\n" },
    { "HELO", "501 Syntax: HELO name-of-your-host\r\n" },
    { "VRFY carol", "550 5.1.1 carol ... User unknown\r\n" },
    { "VRFY carol@crepes.fr", "252 2.0.0 Cannot tell; send the letter and see\r\n" },
    { "VRFY \xc3\xa9va", "553 5.6.7 An address beyond ASCII needs MAIL with SMTPUTF8\r\n" },
    { "VRFY \xc3\xa9va SMTPUTF8", "550 5.1.1 \xc3\xa9va ... User unknown\r\n" },
    { "EXPN staff", "550 5.1.1 There is no such mailing list here\r\n" },
    { "MAIL FROM:<\xc3\xa9va@crepes.fr> SMTPUTF8",
      "250 2.1.0 \xc3\xa9va@crepes.fr ... Sender ok\r\n" },
    { "mail from:<a@b.fr> size=10485760", "250 2.1.0 a@b.fr ... Sender ok\r\n" },
    { "MAIL FROM:<@x.fr,@y.fr:a@b.fr> BODY=7BIT", "250 2.1.0 a@b.fr ... Sender ok\r\n" },
    { "QUIT", "221 2.0.0 hamburger.edu closing connection\r\n" },
};

Test(verbs, answer_with_enhanced_codes_after_ehlo)
{
    for (size_t i = 0; i < ROWS(after_ehlo); i++) {
        struct drive d;

        drive_start(&d, &policy_lab);
        drive_push(&d, SPAN("EHLO crepes.fr\r\n"));
        buf_clear(&d.replies);
        drive_push(&d, span_of(after_ehlo[i].line));
        cr_expect_eq(d.replies.len, 0, "%s", after_ehlo[i].line);
        drive_push(&d, SPAN("\r\n"));
        cr_expect_str_eq(buf_text(&d.replies), after_ehlo[i].reply, "%s", after_ehlo[i].line);
        drive_end(&d);
    }
}

Test(verbs, do_not_tell_of_mailboxes_where_the_policy_does_not)
{
    struct policy silent = policy_lab;
    struct drive d;

    silent.vrfy = POLICY_TELLS_NOTHING;
    drive_start(&d, &silent);
    drive_push(&d, SPAN("VRFY bob\r\nVRFY carol\r\n"));
    cr_expect_str_eq(buf_text(&d.replies), "220 hamburger.edu\r\n"
                                           "252 Cannot tell; send the letter and see\r\n"
                                           "252 Cannot tell; send the letter and see\r\n");
    drive_end(&d);
}
