#include <stdio.h>

#include <criterion/criterion.h>

#include "dialogue/notes_inner.h"
#include "support/prose.h"
#include "support/said.h"
#include "support/talks.h"

static const struct notes_style learner = { NOTES_LEARNER, false, true };
static const struct notes_style admin = { NOTES_ADMIN, false, false };

/* The talk; how many notes the last line has; the first of them, or how it begins. */
static const struct row {
    const char *talk;
    unsigned count;
    enum note_kind kind;
    unsigned column;
    const char *text;
} rows[] = {
    { SAID_READY "C: MAIL FROM:<alice@crepes.fr>", 0, 0, 0, "" },
    { SAID_LETTER "C: Subject: lunch\nC:\nC: Do you like ketchup?\nC: QUIT", 1, NOTE_RISKY, 1,
      "QUIT is now a line of Bob's letter: in here the server obeys nothing but the dot. To end "
      "the "
      "letter, send a line with only a dot." },
    { SAID_SENDER "C: RCPT TO:<bob.b@x.org>\nS: 250 ok\nC: DATA\nS: 354 go\nC: Subject: x\nC: RSET",
      1, NOTE_RISKY, 1, "RSET is now a line of the letter: in here the server obeys" },
    { SAID_READY "C: MAIL FROM: <alice@crepes.fr>", 1, NOTE_HARMLESS, 11,
      "The space after the colon is the textbook's; RFC 5321 forbids it and nearly every real "
      "server takes "
      "it (column 11). You may go on as it is; a program should leave the space out. Right: MAIL "
      "FROM:<alice@crepes.fr>" },
    { SAID_SENDER "C: RCPT TO: <bob@hamburger.edu>", 1, NOTE_HARMLESS, 9, "The space after" },
    { SAID_READY "C: MAIL FROM:Zoe <zoe@crepes.fr> ", 2, NOTE_WRONG, 11,
      "A person's name stands before the address; here only the address may stand (column 11). "
      "Names belong in the From: and To: lines of the letter. Some servers ignore the name, most "
      "refuse it. Right: MAIL FROM:<zoe@crepes.fr>" },
    { SAID_SENDER "C: RCPT TO:bob@x.org NOTIFY=NEVER", 2, NOTE_WRONG, 9,
      "The angle brackets around the address are missing (column 9). The grammar asks for < and >. "
      "Some servers take the bare address, others refuse it. Right: RCPT TO:<bob@x.org> "
      "NOTIFY=NEVER" },
    { SAID_SENDER "C: RCPT TO:<bob@192.0.2.1> NOTIFY=NEVER", 2, NOTE_WRONG, 14,
      "An IP address after the @ needs square brackets here (column 14). Without them the numbers "
      "would be the name of a domain, and no domain has such a name. Right: RCPT "
      "TO:<bob@[192.0.2.1]> NOTIFY=NEVER" },
    { SAID_READY "C: MAIL FROM:<bob@192.0.2.300>", 1, NOTE_WRONG, 16,
      "An IP address after the @ needs square brackets here (column 16). Without them the numbers "
      "would be the name of a domain, and no domain has such a name. Right: MAIL "
      "FROM:<bob@[192.0.2.1]>" },
    { SAID_READY "C: VRFY <bob@192.0.2.1>", 1, NOTE_WRONG, 11,
      "An IP address after the @ needs square brackets here (column 11). Without them the numbers "
      "would be the name of a domain, and no domain has such a name. Right: VRFY bob" },
    { SAID_READY "C: HELO [192.0.2.300]", 1, NOTE_WRONG, 6,
      "The IP address in square brackets is not well formed (column 6). It is four numbers with "
      "dots, or IPv6: and an IPv6 address. Right: HELO [192.0.2.1]" },
    { SAID_SENDER "C: RCPT TO:<bob@x.org", 1, NOTE_WRONG, 19,
      "The angle bracket > after the address is missing (column 19). The server cannot tell where "
      "the address ends. Right: RCPT TO:<bob@x.org>" },
    { SAID_READY "C: MIAL FROM:<a@b.c>", 1, NOTE_WRONG, 1,
      "This looks like MAIL, misspelt. A server compares letter by letter and does not guess; "
      "capitals do not matter. Right: MAIL FROM:<alice@crepes.fr>" },
    { SAID_READY "C: XYZZY", 1, NOTE_WRONG, 1, "This is no verb of SMTP. A server answers 500" },
    { SAID_READY "C: C: QUIT", 1, NOTE_WRONG, 1, "The mark C: tells whose line it is" },
    { SAID_READY "C: exit", 1, NOTE_WRONG, 1,
      "This is a word for a shell or a console, and no verb of SMTP. In SMTP, QUIT ends the talk; "
      "/quit leaves this program." },
    { SAID_READY "C: man", 1, NOTE_WRONG, 1,
      "This is a word for a shell or a console, and no verb of SMTP. In SMTP, HELP asks" },
    { SAID_READY "C: ls", 1, NOTE_WRONG, 1,
      "This is a word for a shell or a console, and no verb of SMTP. This program's own" },
    { SAID_READY "C: HEX\177LO crepes.fr", 1, NOTE_WRONG, 4,
      "The key Backspace was sent as a part of the line (column 4). The server gets the key itself "
      "as part of the line, whatever the screen showed. Send the line again, whole. Right: HELO "
      "crepes.fr" },
    { SAID_READY "C: NOOP \033[D", 1, NOTE_WRONG, 6, "An arrow key or its like was sent" },
    { SAID_READY "C: NOOP \001", 1, NOTE_WRONG, 6, "A control character was sent" },
    { "S: 220 x\nC: EHLO", 1, NOTE_WRONG, 5,
      "The name of your host is missing: the greeting says who calls (column 5). Most servers "
      "answer 501 and wait for the greeting. Right: EHLO crepes.fr" },
    { "S: 220 x\nC: DATA", 1, NOTE_WRONG, 0,
      "The client has not said who it is yet. HELO or EHLO comes first. Most servers answer 503 "
      "until then; some do without. First: HELO crepes.fr" },
    { SAID_READY "C: Subject: lunch", 1, NOTE_WRONG, 1, "This is a header line of a letter" },
    { SAID_READY "C: VRFY", 1, NOTE_WRONG, 5,
      "The verb needs something after it, and nothing is there (column 5). The server cannot tell "
      "what is wanted. Right: VRFY bob" },
    { SAID_READY "C:   RSET", 1, NOTE_WRONG, 1,
      "The line starts with a space, before the verb. A command starts in the first column; strict "
      "servers do not look further. Right: RSET" },
    { SAID_READY "C: MAIL FROM:<> ", 1, NOTE_HARMLESS, 13,
      "A space stands after the end of the command (column 13). It is not part of the grammar; "
      "servers are asked to ignore it. Right: MAIL FROM:<>" },
    { SAID_SENDER "C: RCPT", 2, NOTE_WRONG, 5, "After RCPT the word TO with its colon is missing" },
    { SAID_LETTER "C: .", 1, NOTE_RISKY, 0, "The letter is empty. A letter has at least" },
    { SAID_LETTER "C: Subject: x\nC: .", 0, 0, 0, "" },
    { SAID_LETTER "C: Subject: x\nC:\nC: hello.", 1, NOTE_PLAIN, 0,
      "This dot belongs to the text. Only a dot alone on its line ends the letter." },
    { SAID_LETTER "C: Subject: x\nC:\nC: hello you.", 0, 0, 0, "" },
    { SAID_LETTER "C: Subject: x\nC:\nC: hello", 0, 0, 0, "" },
    /* replies */
    { SAID_READY, 0, 0, 0, "" },
    { "S: 220", 1, NOTE_HARMLESS, 0, "A fault of the server: a line is a code without text." },
    { "S: hello", 1, NOTE_WRONG, 0, "A fault of the server: a line does not start with a reply" },
    { "S: 999 x", 1, NOTE_WRONG, 0, "A fault of the server: the reply code is none that the" },
    { "S: 220ok", 1, NOTE_WRONG, 0, "A fault of the server: after the code stands neither" },
    { "S: 220-a\nS: 221 b", 1, NOTE_WRONG, 0, "A fault of the server: the lines of one reply" },
    { "S: 220 \033[2J", 1, NOTE_RISKY, 0, "A fault of the server: a line holds control" },
    { "S: 220 caf\303\251", 1, NOTE_HARMLESS, 0, "A fault of the server: a line holds octets" },
    { SAID_READY "C: NOOP\nS: 250 5.1.1 x", 1, NOTE_HARMLESS, 0,
      "A fault of the server: the enhanced status code disagrees" },
    { SAID_READY "S: 421 4.4.2 timeout", 1, NOTE_PLAIN, 0, "Nobody asked: the server says" },
    { SAID_READY "S: 250 what", 1, NOTE_RISKY, 0, "Nobody asked: no command waits" },
    { SAID_LETTER "S: 451 no", 1, NOTE_RISKY, 0, "The server breaks in" },
    { "S: 220 x\nC: MAIL FROM:<a@b.c>\nS: 250 ok", 1, NOTE_RISKY, 0,
      "This server takes MAIL where the standard asks for another step first." },
};

Test(notes_gutter, says_what_is_wrong_where_and_the_right_form)
{
    struct notes notes = { 0 };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        struct said s;

        said(&s, row->talk);
        notes_gutter(&s.seen, &s.observer, &learner, &notes);
        cr_expect_eq(notes.count, row->count, "%s: %u notes: %s", row->talk, notes.count,
                     buf_text(&notes.words));
        if (!row->count || !notes.count)
            continue;
        cr_expect_eq(notes.at[0].kind, row->kind, "%s: kind %d", row->talk, (int)notes.at[0].kind);
        cr_expect_eq(notes.at[0].column, row->column, "%s: column %u", row->talk,
                     notes.at[0].column);
        cr_expect(span_starts(notes.at[0].text, span_of(row->text)), "%s: %.*s", row->talk,
                  SPAN_ARG(notes.at[0].text));
    }
    notes_release(&notes);
}

/* The talk up to a QUIT in the letter, and whose letter it then is. */
Test(notes_gutter, knows_whose_letter_it_is_when_that_is_sure)
{
#define LETTER "C: DATA\nS: 354 go\nC: Subject: x\nC: QUIT"
    static const struct {
        const char *talk, *reader;
    } letters[] = {
        { SAID_RECIPIENT LETTER, "Bob's letter:" },
        { SAID_RECIPIENT "C: RCPT TO:<carol@x.org>\nS: 250 ok\n" LETTER, "Bob's letter:" },
        { SAID_SENDER
          "C: RCPT TO:<zoe@x.org>\nS: 550 no\nC: RCPT TO:<CAROL@x.org>\nS: 250 ok\n" LETTER,
          "Carol's letter:" },
        { SAID_SENDER
          "C: RCPT TO:<zoe@x.org>\nC: RCPT TO:<bob@x.org>\nS: 550 no\nS: 250 ok\n" LETTER,
          "the letter:" },
        { SAID_READY "C: MAIL FROM:<a@b.c>\nC: RCPT TO:<bob@x.org>\nS: 250 ok\nS: 250 ok\n" LETTER,
          "Bob's letter:" },
        { SAID_RECIPIENT "C: RSET\nS: 250 ok\nC: MAIL FROM:<a@b.c>\nS: 250 ok\n"
                         "C: RCPT TO:<r2d2@x.org>\nS: 250 ok\n" LETTER,
          "the letter:" },
        { SAID_SENDER "C: RCPT TO:<abcdefghijklmnopqrstuvwxyz@x.org>\nS: 250 ok\n" LETTER,
          "the letter:" },
    };
    struct notes notes = { 0 };
    struct said s;

    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
        said(&s, letters[i].talk);
        notes_gutter(&s.seen, &s.observer, &learner, &notes);
        cr_assert_eq(notes.count, 1, "%s", letters[i].talk);
        cr_expect(span_search(notes.at[0].text, span_of(letters[i].reader), 0, false) !=
                      SPAN_NOT_FOUND,
                  "%s: %.*s", letters[i].talk, SPAN_ARG(notes.at[0].text));
    }
    notes_release(&notes);
#undef LETTER
}

Test(notes_gutter, gives_one_lesson_for_the_form_and_one_for_the_order)
{
    struct notes notes = { 0 };
    struct said s;

    said(&s, SAID_READY "C: RCPT TO bob");
    notes_gutter(&s.seen, &s.observer, &learner, &notes);
    cr_assert_eq(notes.count, 4);
    cr_expect(span_search(notes.at[0].text, SPAN("Right: RCPT TO:<bob@hamburger.edu>"), 0, false) !=
              SPAN_NOT_FOUND);
    cr_expect(span_eq(notes.at[1].text,
                      SPAN("The angle brackets around the address are missing (column 9).")));
    cr_expect(span_search(notes.at[3].text, SPAN("First: MAIL FROM:<alice@crepes.fr>"), 0, false) !=
              SPAN_NOT_FOUND);
    notes_release(&notes);
}

/* The talk, and how the note of its last line ends for a client of that name. */
static const struct {
    const char *client, *talk, *right;
} forms[] = {
    { NULL, "S: 220 x\nC: DATA", "First: HELO crepes.fr" },
    { "vm", "S: 220 x\nC: DATA", "First: HELO vm" },
    { "vm", "S: 220 x\nC: GET / HTTP/1.0", "Right: EHLO vm" },
    { "vm", "S: 220 x\nC: HELO pc", "For example: HELO mail.example.org" },
    { "mx.example.net", "S: 220 x\nC: EHLO pc", "For example: EHLO mx.example.net" },
    { "v\033m", "S: 220 x\nC: EHLO", "Right: EHLO v<ESC>m" },
    { "vm", SAID_SENDER "C: DATA", "First: RCPT TO:<...>" },
    { "vm", SAID_READY "C: DATA", "First: MAIL FROM:<...>" },
    { "vm", SAID_READY "C: RCPT TO:<x@y.z>", "First: MAIL FROM:<...>" },
    { "vm", SAID_READY "C: MAIL FROM:a@b", "Right: MAIL FROM:<a@b>" },
    { "vm", SAID_READY "C: MAIL FROM:<a@[1.2]>", "Right: MAIL FROM:<bob@[192.0.2.1]>" },
    { "vm", SAID_READY "C: VRFY", "Right: VRFY postmaster" },
    { "vm", SAID_READY "C: MAIL FROM:<a@b.c> SIZE=1", "First: EHLO vm" },
};

Test(notes_gutter, shows_right_forms_with_the_clients_own_names)
{
    struct notes notes = { 0 };

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        const struct notes_style style = { .client = forms[i].client };
        struct span text;
        struct said s;

        said(&s, forms[i].talk);
        notes_gutter(&s.seen, &s.observer, &style, &notes);
        cr_assert(notes.count > 0, "%s", forms[i].talk);
        text = notes.at[0].text;
        cr_expect(
            span_eq(span_from(text, text.len - strlen(forms[i].right)), span_of(forms[i].right)),
            "%s: %.*s", forms[i].talk, SPAN_ARG(text));
    }
    notes_release(&notes);
}

/* The greeting's keywords, and whether STARTTLS is advised. */
Test(notes_gutter, advises_encryption_only_where_it_is_offered)
{
    static const struct {
        const char *talk;
        bool advised;
    } offers[] = {
        { "S: 220 x\nC: EHLO a.b\nS: 250-x\nS: 250-STARTTLS\nS: 250 AUTH PLAIN\nC: AUTH PLAIN",
          true },
        { "S: 220 x\nC: EHLO a.b\nS: 250-x\nS: 250 AUTH PLAIN\nC: AUTH PLAIN", false },
        { SAID_EXTENDED "C: AUTH PLAIN", false },
    };
    struct notes notes = { 0 };

    for (size_t i = 0; i < sizeof offers / sizeof offers[0]; i++) {
        struct said s;

        said(&s, offers[i].talk);
        notes_gutter(&s.seen, &s.observer, &learner, &notes);
        cr_expect(strstr(buf_text(&notes.words), "is not encrypted"), "%s", offers[i].talk);
        cr_expect_eq(strstr(buf_text(&notes.words), "First: STARTTLS") != NULL, offers[i].advised,
                     "%s", buf_text(&notes.words));
    }
    notes_release(&notes);
}

Test(notes_gutter, tells_admins_the_source_and_spares_them_the_lesson)
{
    struct notes notes = { 0 };
    struct said s;

    said(&s, SAID_READY "C: MAIL FROM <alice@crepes.fr>");
    notes_gutter(&s.seen, &s.observer, &admin, &notes);
    cr_assert_eq(notes.count, 1);
    cr_expect(span_eq(notes.at[0].text,
                      SPAN("The colon is missing before the address (column 10). (RFC 5321 "
                           "4.1.1.2) Right: MAIL FROM:<alice@crepes.fr>")),
              "%.*s", SPAN_ARG(notes.at[0].text));
    said(&s, "S: 220\n");
    notes_gutter(&s.seen, &s.observer, &admin, &notes);
    cr_expect(span_search(notes.at[0].text, SPAN("(RFC 5321 4.2)"), 0, false) != SPAN_NOT_FOUND);
    notes_release(&notes);
}

Test(notes_gutter, tells_a_cut_reply)
{
    struct notes notes = { 0 };
    struct observer o;
    struct observed seen;

    observer_init(&o);
    said_octets(&o, SIDE_SERVER, SPAN("220-hel"), &seen);
    notes_gutter(&seen, &o, &learner, &notes);
    cr_assert_eq(notes.count, 1);
    cr_expect(span_starts(notes.at[0].text,
                          SPAN("A fault of the server: the last line of the reply is missing.")));
    observer_init(&o);
    said_octets(&o, SIDE_SERVER, SPAN("220 hello\n"), &seen);
    notes_gutter(&seen, &o, &learner, &notes);
    cr_assert_eq(notes.count, 1);
    cr_expect_eq(notes.at[0].kind, NOTE_RISKY);
    notes_release(&notes);
}

Test(notes_gutter, has_a_sentence_for_every_fault_of_a_reply)
{
    struct buf text = { 0 };

    for (int bit = 0; bit < REPLY_FAULT_COUNT; bit++) {
        buf_clear(&text);
        notes_add_fault(&text, (enum reply_fault_bit)bit, &learner);
        EXPECT_SENTENCE(buf_text(&text), 200, reply_fault_text((enum reply_fault_bit)bit));
        cr_expect(notes_fault_kind((enum reply_fault_bit)bit) != NOTE_PLAIN);
    }
    buf_release(&text);
}

/* More mistakes than notes have room for cannot be: a line keeps fewer. */
Test(notes_gutter, has_room_for_all_mistakes)
{
    cr_expect(NOTES_MAX >= MISTAKES_MAX);
    cr_expect(NOTES_MAX >= REPLY_FAULT_COUNT);
}

Test(notes_gutter, never_shows_a_secret)
{
    static const char *const talks[] = {
        SAID_EXTENDED "C: AUTH PLAIN c2VjcmV0! x",
        SAID_EXTENDED "C: AUHT PLAIN c2VjcmV0",
        SAID_EXTENDED "C: AUTH LOGIN\nS: 334 x\nC: c2VjcmV0",
        SAID_EXTENDED "C: AUTH PLAIN\177 c2VjcmV0",
    };
    struct notes notes = { 0 };
    struct said s;

    for (size_t i = 0; i < sizeof talks / sizeof talks[0]; i++) {
        said(&s, talks[i]);
        notes_gutter(&s.seen, &s.observer, &learner, &notes);
        cr_expect_eq(span_search(buf_span(&notes.words), SPAN("c2V"), 0, true), SPAN_NOT_FOUND,
                     "%s", buf_text(&notes.words));
    }
    notes_release(&notes);
}

/* What EHLO brought in plain text, and inside TLS. */
static const struct {
    const char *before, *after, *want;
} changes[] = {
    { "S: 250-x\nS: 250-SIZE\nS: 250 STARTTLS\n", "S: 250-x\nS: 250-SIZE\nS: 250 AUTH PLAIN\n",
      "Compared with the plain text before: new is AUTH. STARTTLS is gone, as it must be." },
    { "S: 250-x\nS: 250-DSN\nS: 250 STARTTLS\n", "S: 250-x\nS: 250-AUTH PLAIN\nS: 250 SIZE\n",
      "Compared with the plain text before: new is AUTH, SIZE; no longer offered is DSN. STARTTLS "
      "is gone, as it must be." },
    { "S: 250-x\nS: 250-DSN\nS: 250 STARTTLS\n", "S: 250-x\nS: 250 STARTTLS\n",
      "Compared with the plain text before: no longer offered is DSN. STARTTLS is offered again, "
      "which the standard forbids." },
    { "S: 250-x\nS: 250 DSN\n", "S: 250-x\nS: 250 DSN\n",
      "Compared with the plain text before: the same extensions." },
};

Test(notes_gutter, compares_what_is_offered_inside_tls_with_the_plain_text_before)
{
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct record *r = record_new(NULL);
        unsigned d = record_open(r, "a", "b", 0);
        struct notes notes = { 0 };
        struct observed seen;
        struct observer after;
        struct buf talk = { 0 };

        buf_printf(&talk,
                   "S: 220 x\nC: EHLO a.b\n%sC: STARTTLS\nS: 220 go\n- TLS_DONE\nC: EHLO a.b\n%s",
                   changes[i].before, changes[i].after);
        talk_add(r, d, buf_text(&talk));
        record_observed(r, d, record_lines(r, d), &seen);
        record_state(r, d, record_lines(r, d), &after);
        notes_gutter(&seen, &after, &(struct notes_style){ .lab = true }, &notes);
        cr_assert_geq(notes.count, 1);
        cr_expect(span_eq(notes.at[notes.count - 1].text, span_of(changes[i].want)), "%.*s",
                  SPAN_ARG(notes.at[notes.count - 1].text));
        notes_release(&notes);
        buf_release(&talk);
        record_free(r);
    }
}

Test(notes_gutter, pairs_the_verdicts_of_lmtp_with_their_recipients)
{
    static const char *const want[] = { "line 6:", "line 10:" };
    struct notes notes = { 0 };
    struct said s;
    const char *talk = "S: 220 x\nC: LHLO a.b\nS: 250 x\nC: MAIL FROM:<a@b>\nS: 250 ok\n"
                       "C: RCPT TO:<b@b>\nS: 250 ok\nC: RCPT TO:<c@b>\nS: 550 no\n"
                       "C: RCPT TO:<d@b>\nS: 250 ok\nC: DATA\nS: 354 go\nC: From: a@b\nC: .\n"
                       "S: 250 kept\n";

    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        char all[512];

        snprintf(all, sizeof all, "%s%s", talk, i ? "S: 452 full\n" : "");
        said(&s, all);
        notes_gutter(&s.seen, &s.observer, &learner, &notes);
        cr_expect_eq(notes.count, 1);
        cr_expect(strstr(buf_text(&notes.words), want[i]), "%s", buf_text(&notes.words));
    }
    cr_expect_eq(s.observer.state, AT_READY);
    notes_release(&notes);
}
