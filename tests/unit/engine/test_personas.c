/*
 * The course table of 33 mistakes (tests/data/mistakes.md), as each persona answers them. The codes
 * are those of the real servers, measured on loopback; "X": it closes; "": it says nothing.
 */
#include "engine/persona.h"

#include <stdio.h>

#include "registry/servers.h"
#include "support/drive.h"
#include "support/table.h"

#define HELLO "HELO crepes.fr\r\n"
#define EHLO  "EHLO crepes.fr\r\n"
#define MAIL  HELLO "MAIL FROM:<alice@crepes.fr>\r\n"
#define RCPT  MAIL "RCPT TO:<bob@hamburger.edu>\r\n"
#define DATA  RCPT "DATA\r\n"
#define NOOP10                                                                                     \
    "NOOPS\r\nNOOPS\r\nNOOPS\r\nNOOPS\r\nNOOPS\r\nNOOPS\r\nNOOPS\r\nNOOPS\r\nNOOPS\r\nNOOPS\r\n"

enum { STRICT, POSTFIX, DEFAULT, EXIM, OPENSMTPD, SINK, PERSONAS };

static const struct {
    const char *what, *before, *sent;
    const char *codes[PERSONAS]; /* in the order of personas[] */
} rows[] = {
    { "1 no name", "", "HELO\r\n", { "501", "501", "501", "501", "501", "250" } },
    { "1 no name", "", "EHLO\r\n", { "501", "501", "501", "501", "501", "250" } },
    { "2 a space", "", "HELO my laptop\r\n", { "501", "250", "250", "501", "501", "250" } },
    { "2 an underscore", "", "HELO my_pc\r\n", { "501", "250", "250", "501", "250", "250" } },
    { "3 MAIL first", "", "MAIL FROM:<a@b.fr>\r\n", { "503", "503", "250", "503", "503", "250" } },
    { "4 no <>", HELLO, "MAIL FROM:a@b.fr\r\n", { "501", "501", "250", "250", "553", "250" } },
    { "4 no <>",
      MAIL,
      "RCPT TO:bob@hamburger.edu\r\n",
      { "501", "501", "250", "250", "553", "250" } },
    { "5 a space", HELLO, "MAIL FROM: <a@b.fr>\r\n", { "250", "250", "250", "250", "250", "250" } },
    { "6 no colon", HELLO, "MAIL FROM <a@b.fr>\r\n", { "501", "501", "501", "500", "500", "250" } },
    { "6 space", HELLO, "MAIL FROM :<a@b.fr>\r\n", { "501", "501", "501", "500", "500", "250" } },
    { "7 a name",
      HELLO,
      "MAIL FROM:Al <a@b.fr>\r\n",
      { "501", "501", "555", "250", "553", "250" } },
    { "8 header", HELLO, "Subject: lunch\r\n", { "500", "221X", "221X", "500", "500", "500" } },
    { "9 RCPT",
      HELLO,
      "RCPT TO:<bob@hamburger.edu>\r\n",
      { "503", "503", "503", "503", "503", "503" } },
    { "10 DATA", HELLO, "DATA\r\n", { "503", "503", "503", "503", "503", "503" } },
    { "10 DATA", MAIL, "DATA\r\n", { "503", "554", "554", "503", "503", "503" } },
    { "11 twice", MAIL, "MAIL FROM:<a@b.fr>\r\n", { "503", "503", "503", "503", "503", "503" } },
    { "12 two",
      MAIL,
      "RCPT TO:<bob@hamburger.edu>,<eve@hamburger.edu>\r\n",
      { "501", "501", "501", "501", "503", "250" } },
    { "13 nobody",
      MAIL,
      "RCPT TO:<nobody@hamburger.edu>\r\n",
      { "550", "550", "550", "550", "524", "250" } },
    { "13 and DATA",
      MAIL "RCPT TO:<nobody@hamburger.edu>\r\n",
      "DATA\r\n",
      { "503", "554", "554", "503", "503", "354" } },
    { "14 relay",
      MAIL,
      "RCPT TO:<zoe@example.org>\r\n",
      { "550", "454", "554", "550", "550", "250" } },
    { "15 bare name",
      HELLO,
      "MAIL FROM:<alice>\r\n",
      { "501", "504", "250", "501", "250", "250" } },
    { "16 0x7f", "", "HEX\x7fLO crepes.fr\r\n", { "501", "500", "500", "500", "500", "500" } },
    { "17 0x08",
      MAIL,
      "RCPT TO:<bon\bb@hamburger.edu>\r\n",
      { "501", "550", "550", "501", "553", "250" } },
    { "18 arrow",
      MAIL,
      "RCPT TO:<bob\x1b[D@hamburger.edu>\r\n",
      { "501", "501", "501", "501", "503", "250" } },
    { "19 bare LF", "", "HELO crepes.fr\n", { "500", "550X", "250", "250", "250", "" } },
    { "19 and CRLF", "HELO crepes.fr\n", "NOOP\r\n", { "250", "", "250", "250", "250", "250" } },
    { "20 QUIT inside", DATA, "QUIT\r\n", { "", "", "", "", "", "" } },
    { "21 a dot and more", DATA, ". \r\n", { "", "", "", "", "", "" } },
    { "22 a leading dot",
      DATA,
      "From: a\r\n\r\n.x\r\n.\r\n",
      { "250", "250", "250", "250", "250", "250" } },
    { "23 no empty line",
      DATA,
      "Subject: x\r\nhi there\r\n.\r\n",
      { "250", "250", "250", "250", "550", "250" } },
    { "24 no header", DATA, "hi there\r\n.\r\n", { "250", "250", "250", "250", "550", "250" } },
    { "24 nothing", DATA, ".\r\n", { "250", "250", "250", "250", "250", "250" } },
    { "25 SIZE after HELO",
      HELLO,
      "MAIL FROM:<a@b.fr> SIZE=100\r\n",
      { "555", "250", "250", "501", "250", "250" } },
    { "26 AUTH", EHLO, "AUTH PLAIN\r\n", { "503", "503", "503", "503", "503", "250" } },
    { "29 a script", HELLO, "NOOP\r\nNOOP\r\n", { "250", "554X", "250", "250", "500X", "250" } },
    { "31 typos", HELLO NOOP10 NOOP10, "NOOPS\r\n", { "500", "421X", "421X", "", "500", "500" } },
    { "31 three typos",
      HELLO "NOOPS\r\nNOOPS\r\nNOOPS\r\n",
      "NOOPS\r\n",
      { "500", "500", "500", "500X", "500", "500" } },
    { "32 QUIT now", HELLO, "QUIT now\r\n", { "501", "221X", "221X", "501", "500", "221X" } },
    { "32 DATA now", RCPT, "DATA now\r\n", { "501", "501", "501", "501", "500", "354" } },
    { "33 a browser", "", "GET / HTTP/1.1\r\n", { "500", "221X", "221X", "500", "500", "500" } },
    { "no such parameter",
      EHLO,
      "MAIL FROM:<a@b.fr> FOO=BAR\r\n",
      { "555", "555", "555", "501", "503", "250" } },
    { "far too large",
      EHLO,
      "MAIL FROM:<a@b.fr> SIZE=99999999999\r\n",
      { "552", "552", "552", "552", "250", "250" } },
    { "LF . CRLF", DATA, "From: a\r\n\r\nhi\n.\r\n", { "", "", "250", "", "250", "" } },
};

static struct policy policy_of(const struct persona *p)
{
    struct policy policy = policy_lab;

    policy.persona = p;
    policy.extensions &= ~EXTENSION_BIT(AUTH);
    return policy;
}

/* Lines one by one, as a person types them. */
static void type(struct drive *d, const char *lines)
{
    struct span rest = span_of(lines);

    while (rest.len) {
        struct span line = span_first(rest, span_find(rest, '\n') + 1);

        drive_push(d, line);
        rest = span_from(rest, line.len);
    }
}

/* The code of the last reply, with an X when the server closed. */
static void answer(const struct persona *p, const char *before, const char *sent, bool at_once,
                   char out[8])
{
    const struct policy policy = policy_of(p);
    struct drive d;
    const char *said, *last;
    size_t start;

    drive_start(&d, &policy);
    type(&d, before);
    start = d.replies.len;
    if (at_once)
        drive_push(&d, span_of(sent));
    else
        type(&d, sent);
    said = buf_text(&d.replies) + start;
    last = said;
    for (const char *at = said; *at; at++)
        if (at[0] == '\n' && at[1])
            last = at + 1;
    snprintf(out, 8, "%.3s%s", last, d.closes && *said ? "X" : "");
    drive_end(&d);
}

Test(personas, answer_the_mistakes_as_the_real_servers_do)
{
    for (size_t i = 0; i < ROWS(rows); i++)
        for (unsigned p = 0; p < PERSONAS; p++) {
            char got[8];

            answer(personas[p], rows[i].before, rows[i].sent, rows[i].what[0] == '2', got);
            cr_expect_str_eq(got, rows[i].codes[p], "%s, %s: %s instead of %s", rows[i].what,
                             personas[p]->name, got, rows[i].codes[p]);
        }
}

/* "NOOP xxx...", with CRLF. */
static char *long_line(size_t len)
{
    static char line[8192];

    cr_assert_lt(len + 3, sizeof line);
    memset(line, 'x', len);
    memcpy(line, "NOOP ", 5);
    memcpy(line + len, "\r\n", 3);
    return line;
}

Test(personas, take_lines_as_long_as_the_real_servers_do)
{
    static const char *const codes[PERSONAS] = { "500", "250", "250", "250", "250", "250" };
    static const char *const in_letter[PERSONAS] = { "250", "250", "250", "550", "250", "250" };
    char letter[4096];

    snprintf(letter, sizeof letter, "From: a\r\n\r\n%s.\r\n", long_line(1500));
    for (unsigned p = 0; p < PERSONAS; p++) {
        char got[8];

        answer(personas[p], HELLO, long_line(1500), false, got);
        cr_expect_str_eq(got, codes[p], "%s: %s", personas[p]->name, got);
        answer(personas[p], DATA, letter, true, got);
        cr_expect_str_eq(got, in_letter[p], "%s: %s", personas[p]->name, got);
    }
}

Test(personas, are_found_by_name)
{
    struct span names = SPAN(PERSONA_NAMES);

    for (unsigned p = 0; p < PERSONAS; p++)
        cr_expect(span_eq(span_cut(names, '|', &names), span_of(personas[p]->name)), "%s",
                  personas[p]->name);
    for (unsigned p = 0; p < PERSONAS; p++) {
        cr_assert_not_null(personas[p]);
        cr_expect_eq(persona_named(span_of(personas[p]->name)), personas[p]);
        cr_expect(personas[p]->who[0]);
    }
    cr_expect_null(personas[PERSONAS]);
    cr_expect_null(persona_named(SPAN("qmail")));
}

Test(personas, have_replies_that_are_ascii_and_fit_a_line)
{
    for (unsigned p = 0; p < PERSONAS; p++)
        for (unsigned s = 0; s < SITUATION_COUNT; s++) {
            struct persona_row row = persona_row(personas[p], VERB_MAIL, s);

            cr_expect_lt(strlen(row.text), 120, "%s", row.text);
            for (const char *at = row.text; *at; at++)
                cr_expect((*at >= ' ' && *at <= '~') || *at == '\n', "%s", row.text);
            if (row.enhanced[0] && row.code)
                cr_expect_eq(row.enhanced[0], (char)('0' + row.code / 100), "%s", row.text);
        }
}

/* What persona p does with mistake m of verb. */
static unsigned does(const struct persona *p, const struct server_answers *row)
{
    if (p->lf_waits && row->mistake == MISTAKE_BARE_LF)
        return SERVER_WAITS;
    if (persona_bears(p, row->verb, row->mistake))
        return SERVER_TAKES;
    return persona_row(p, row->verb, row->mistake).code;
}

Test(personas, do_what_the_notes_say_of_real_servers)
{
    for (size_t i = 0; i < server_answers_count; i++)
        for (unsigned s = 0; s < SERVER_COUNT; s++) {
            const struct persona *p = persona_named(span_of(server_names[s].persona));

            cr_assert_not_null(p);
            cr_expect_eq(does(p, &server_answers[i]), server_answers[i].codes[s], "%s, %s: %u",
                         mistake_rows[server_answers[i].mistake].name, p->name,
                         does(p, &server_answers[i]));
        }
}

static const struct {
    const struct persona *persona;
    const char *sent, *fact; /* NULL: nothing is said */
} differences[] = {
    { &persona_postfix_default, "MAIL FROM:<a@b.fr>\r\n",
      "Postfix as it comes takes this line; a strict server answers 503" },
    { &persona_exim, HELLO "MAIL FROM <a@b.fr>\r\n",
      "Exim answers 500 here; a strict server answers 501" },
    { &persona_exim, HELLO "DATA\r\n", NULL },
    { &persona_exim, HELLO "MAIL FROM:<a@b.fr>\r\n", NULL },
    { &persona_strict, HELLO "MAIL FROM <a@b.fr>\r\n", NULL },
};

Test(personas, state_where_they_differ_from_a_strict_server)
{
    for (size_t i = 0; i < ROWS(differences); i++) {
        const struct policy policy = policy_of(differences[i].persona);
        const char *facts;
        struct drive d;

        drive_start(&d, &policy);
        type(&d, differences[i].sent);
        facts = buf_text(&d.facts);
        if (differences[i].fact)
            cr_expect_not_null(strstr(facts, differences[i].fact), "%s", facts);
        else
            cr_expect_null(strstr(facts, "strict server"), "%s", facts);
        drive_end(&d);
    }
}
