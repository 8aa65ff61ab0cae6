#include "smtp/command.h"

#include "support/parsed.h"
#include "support/table.h"

#define T(text) SPAN_INIT(text)

/* A line, without its CRLF; its verb, or "?" and the verb that it was meant to be; its mistakes. */
static const struct row {
    struct span text;
    const char *verb, *found;
} rows[] = {
    { T("HELO crepes.fr"), "HELO", "" },
    { T("helo crepes.fr"), "HELO", "" },
    { T("EHLO [192.0.2.1]"), "EHLO", "" },
    { T("EHLO [IPv6:2001:db8::1]"), "EHLO", "" },
    { T("LHLO crepes.fr"), "LHLO", "" },
    { T("HELO"), "HELO", "HELO_NO_NAME 5+0" },
    { T("HELO "), "HELO", "HELO_NO_NAME 5+0, TRAILING_SPACE 5+1" },
    { T("HELO my laptop"), "HELO", "HELO_BAD_NAME 8+1" },
    { T("HELO my_pc"), "HELO", "HELO_BAD_NAME 8+1" },
    { T("HELO laptop"), "HELO", "HELO_UNQUALIFIED 6+6" },
    { T("HELO 192.0.2.1"), "HELO", "HELO_BARE_ADDRESS 6+9" },
    { T("HELO 2001:db8::1"), "HELO", "HELO_BARE_ADDRESS 6+11, HELO_BAD_NAME 10+1" },
    { T("HELO [192.0.2.256]"), "HELO", "BAD_LITERAL 6+13" },
    { T("MAIL  FROM: <@x.y,@z.w:j\xc3\xb6rg@b.c>  SIZE=1  SIZE=2  SIZE=3  SIZE=4  SIZE=5  SIZE=6"),
      "MAIL",
      "EXTRA_SPACE 6+1, SPACE_AFTER_COLON 12+1, UTF8_WITHOUT_SMTPUTF8 25+2, PARAMETER_TWICE 44+4, "
      "PARAMETER_TWICE 52+4, PARAMETER_TWICE 60+4, PARAMETER_TWICE 68+4, PARAMETER_TWICE 76+4" },
    { T("VRFY bob smith"), "VRFY", "" },
    { T("VRFY Bob <bob@x.y>"), "VRFY", "" },
    { T("VRFY <bob"), "VRFY", "BRACKET_NOT_CLOSED 10+0" },
    { T("VRFY bob@"), "VRFY", "BAD_DOMAIN 10+0" },
    { T("VRFY <>"), "VRFY", "NO_LOCAL_PART 6+2" },
    { T("VRFY b\xe9@x.y"), "VRFY", "EIGHT_BIT 7+1" },
    { T("VRFY bob@x.y z"), "VRFY", "UNEXPECTED_ARGUMENT 14+1" },
    { T("HELO crepes.fr."), "HELO", "HELO_BAD_NAME 15+1" },
    { T("HELO caf\xc3\xa9.fr"), "HELO", "HELO_BAD_NAME 9+2" },
    { T("HELO crep\x7fpes.fr"), "HELO", "CONTROL_OCTET 10+1" },
    { T("HELO  crepes.fr"), "HELO", "EXTRA_SPACE 6+1" },
    { T("HELO\tcrepes.fr"), "HELO", "EXTRA_SPACE 5+1" },
    { T("HELO \tcrepes.fr"), "HELO", "EXTRA_SPACE 6+1" },
    { T("HELO crepes.fr  "), "HELO", "TRAILING_SPACE 15+2" },
    { T("MAIL FROM:<bob@x.y>"), "MAIL", "" },
    { T("mail from:<bob@x.y>"), "MAIL", "" },
    { T("MAIL FROM:<>"), "MAIL", "" },
    { T("MAIL FROM:<postmaster>"), "MAIL", "NO_DOMAIN 22+0" },
    { T("MAIL FROM: <bob@x.y>"), "MAIL", "SPACE_AFTER_COLON 11+1" },
    { T("MAIL FROM:\t<bob@x.y>"), "MAIL", "SPACE_AFTER_COLON 11+1" },
    { T("MAIL FROM :<bob@x.y>"), "MAIL", "SPACE_BEFORE_COLON 10+1" },
    { T("MAIL FROM : <bob@x.y>"), "MAIL", "SPACE_BEFORE_COLON 10+1, SPACE_AFTER_COLON 12+1" },
    { T("MAIL FROM <bob@x.y>"), "MAIL", "NO_COLON 10+0" },
    { T("MAIL FROM<bob@x.y>"), "MAIL", "NO_COLON 10+0" },
    { T("MAIL FROM=<bob@x.y>"), "MAIL", "NO_COLON 10+1" },
    { T("MAIL FROM;<bob@x.y>"), "MAIL", "NO_COLON 10+1" },
    { T("MAIL FROM.<bob@x.y>"), "MAIL", "NO_COLON 10+1" },
    { T("MAIL FROM, <bob@x.y>"), "MAIL", "NO_COLON 10+1" },
    { T("MAIL FROM bob@x.y"), "MAIL", "NO_COLON 10+0, NO_BRACKETS 11+7" },
    { T("MAIL FROM::<bob@x.y>"), "MAIL", "DISPLAY_NAME 11+1" },
    { T("MAIL <bob@x.y>"), "MAIL", "NO_FROM 6+0" },
    { T("MAIL bob@x.y"), "MAIL", "NO_FROM 6+0, NO_BRACKETS 6+7" },
    { T("MAIL :<bob@x.y>"), "MAIL", "NO_FROM 6+0" },
    { T("MAIL FORM:<bob@x.y>"), "MAIL", "NO_FROM 6+4" },
    { T("MAIL FROMM:<bob@x.y>"), "MAIL", "NO_FROM 6+5" },
    { T("MAIL TO:<bob@x.y>"), "MAIL", "FROM_AND_TO_SWAPPED 6+2" },
    { T("MAIL"), "MAIL", "NO_FROM 5+0, NO_PATH 5+0" },
    { T("MAIL FROM"), "MAIL", "NO_COLON 10+0, NO_PATH 10+0" },
    { T("MAIL FROM:"), "MAIL", "NO_PATH 11+0" },
    { T("MAIL FROM: "), "MAIL", "NO_PATH 11+0, TRAILING_SPACE 11+1" },
    { T("MAIL FROM: SIZE=1"), "MAIL", "SPACE_AFTER_COLON 11+1, NO_PATH 12+0, BAD_PARAMETER 12+6" },
    { T("MAIL  FROM:<bob@x.y>"), "MAIL", "EXTRA_SPACE 6+1" },
    { T("MAIL FROM:<bob@x.y>  SIZE=1"), "MAIL", "EXTRA_SPACE 21+1" },
    { T("MAIL FROM:<bob@x.y>\tSIZE=1"), "MAIL", "EXTRA_SPACE 20+1" },
    { T("MAIL FROM:<bob@x.y>SIZE=1"), "MAIL", "BAD_PARAMETER 20+6" },
    { T("MAIL FROM:<bob@x.y>>"), "MAIL", "BRACKET_NOT_OPENED 20+1" },
    { T("MAIL FROM:<bob@x.y> =1"), "MAIL", "BAD_PARAMETER 21+1" },
    { T("MAIL FROM:<bob@x.y> \x01"), "MAIL", "CONTROL_OCTET 21+1" },
    { T("MAIL FROM:<bob@x.y>\x08"), "MAIL", "CONTROL_OCTET 20+1" },
    { T("MAIL FROM:<bob@x.y> S\x01IZE=1"), "MAIL", "CONTROL_OCTET 22+1" },
    { T("MAIL FROM:<caf\xc3\xa9@x.y>"), "MAIL", "UTF8_WITHOUT_SMTPUTF8 15+2" },
    { T("MAIL FROM:<caf\xc3\xa9@x.y> smtputf8"), "MAIL", "" },
    { T("MAIL FROM:<caf\xe9@x.y> SMTPUTF8"), "MAIL", "EIGHT_BIT 15+1" },
    { T("MAIL FR\xc3\xa9:<bob@x.y>"), "MAIL", "NO_FROM 6+0, DISPLAY_NAME 6+5" },
    { T("MAIL FROM:<zob\x08\x08ob@x.y>"), "MAIL", "CONTROL_OCTET 15+1" },
    { T("MAIL FROM:<bob@x\x1b[D.y>"), "MAIL", "CONTROL_OCTET 17+3" },
    { T("RCPT TO:<bob@x.y>"), "RCPT", "" },
    { T("RCPT TO:<postmaster>"), "RCPT", "" },
    { T("RCPT TO:<>"), "RCPT", "NULL_RECIPIENT 9+2" },
    { T("RCPT TO:<caf\xc3\xa9@x.y>"), "RCPT", "" },
    { T("RCPT TO <bob@x.y>"), "RCPT", "NO_COLON 8+0" },
    { T("RCPT FROM:<bob@x.y>"), "RCPT", "FROM_AND_TO_SWAPPED 6+4" },
    { T("RCPT <bob@x.y>"), "RCPT", "NO_TO 6+0" },
    { T("RCPT TOO:<bob@x.y>"), "RCPT", "NO_TO 6+3" },
    { T("RCPT"), "RCPT", "NO_TO 5+0, NO_PATH 5+0" },
    { T("RCPT TO:<bob@x.y>,<carol@x.y>"), "RCPT", "TWO_ADDRESSES 18+12" },
    { T("RCPT TO:<bob@x.y>, <carol@x.y>"), "RCPT", "TWO_ADDRESSES 18+13" },
    { T("RCPT TO:<bob@x.y> <carol@x.y>"), "RCPT", "TWO_ADDRESSES 19+11" },
    { T("RCPT TO:<bob@x.y> carol@x.y"), "RCPT", "TWO_ADDRESSES 19+9" },
    { T("RCPT TO:<bob@x.y>,,<carol@x.y>"), "RCPT", "TWO_ADDRESSES 18+13" },
    { T("RCPT TO:<bob@x.y> , <carol@x.y> , <dave@x.y>"), "RCPT", "TWO_ADDRESSES 19+26" },
    { T("RCPT TO:<bob@x.y>,carol@x.y NOTIFY=NEVER"), "RCPT", "TWO_ADDRESSES 18+10" },
    { T("RCPT TO:bob@x.y,carol@x.y"), "RCPT", "NO_BRACKETS 9+7, TWO_ADDRESSES 16+10" },
    { T("RCPT TO:<bob@x.y>,"), "RCPT", "BAD_PARAMETER 18+1" },
    { T("RCPT TO:<bob@x.y> ORCPT=rfc822;bob@x.y"), "RCPT", "" },
    { T("DATA"), "DATA", "" },
    { T("DATA now"), "DATA", "UNEXPECTED_ARGUMENT 6+3" },
    { T("DATA "), "DATA", "TRAILING_SPACE 5+1" },
    { T("DATA  now"), "DATA", "EXTRA_SPACE 6+1, UNEXPECTED_ARGUMENT 7+3" },
    { T("RSET x"), "RSET", "UNEXPECTED_ARGUMENT 6+1" },
    { T("QUIT"), "QUIT", "" },
    { T("quit"), "QUIT", "" },
    { T("QUIT now"), "QUIT", "UNEXPECTED_ARGUMENT 6+3" },
    { T("STARTTLS"), "STARTTLS", "" },
    { T("STARTTLS now"), "STARTTLS", "UNEXPECTED_ARGUMENT 10+3" },
    { T("NOOP"), "NOOP", "" },
    { T("NOOP anything at all"), "NOOP", "" },
    { T("NOOP caf\xc3\xa9"), "NOOP", "EIGHT_BIT 9+2" },
    { T("HELP"), "HELP", "" },
    { T("HELP MAIL"), "HELP", "" },
    { T("HELP \xff"), "HELP", "EIGHT_BIT 6+1" },
    { T("VRFY"), "VRFY", "MISSING_ARGUMENT 5+0" },
    { T("VRFY bob"), "VRFY", "" },
    { T("VRFY caf\xc3\xa9"), "VRFY", "" },
    { T("VRFY caf\xe9"), "VRFY", "EIGHT_BIT 9+1" },
    { T("EXPN"), "EXPN", "MISSING_ARGUMENT 5+0" },
    { T("EXPN staff"), "EXPN", "" },
    { T("AUTH"), "AUTH", "MISSING_ARGUMENT 5+0" },
    { T("AUTH PLAIN"), "AUTH", "" },
    { T("auth plain"), "AUTH", "" },
    { T("AUTH PLAIN ="), "AUTH", "" },
    { T("AUTH PLAIN AGFsaWNlAHNlc2FtZQ=="), "AUTH", "" },
    { T("AUTH PLAIN AGFsaWNlAHNlc2FtZQ"), "AUTH", "AUTH_NOT_BASE64 12+18" },
    { T("AUTH PLAIN ===="), "AUTH", "AUTH_NOT_BASE64 12+4" },
    { T("AUTH PLAIN alice:sesame"), "AUTH", "AUTH_NOT_BASE64 12+12" },
    { T("AUTH PLAIN AGFs a"), "AUTH", "UNEXPECTED_ARGUMENT 17+1" },
    { T("AUTH PLAIN  AGFs"), "AUTH", "EXTRA_SPACE 12+1" },
    { T("AUTH PL!AIN"), "AUTH", "BAD_ARGUMENT 8+1" },
    { T("AUTH PL\x08LAIN"), "AUTH", "CONTROL_OCTET 8+1" },
    { T("AUTH ABCDEFGHIJKLMNOPQRST"), "AUTH", "" },
    { T("AUTH ABCDEFGHIJKLMNOPQRSTU"), "AUTH", "BAD_ARGUMENT 6+21" },
    { T("BDAT 86"), "BDAT", "" },
    { T("BDAT 86 LAST"), "BDAT", "" },
    { T("BDAT 86 last"), "BDAT", "" },
    { T("BDAT"), "BDAT", "MISSING_ARGUMENT 5+0" },
    { T("BDAT x"), "BDAT", "BAD_ARGUMENT 6+1" },
    { T("BDAT -1"), "BDAT", "BAD_ARGUMENT 6+2" },
    { T("BDAT 99999999999999999999"), "BDAT", "BAD_ARGUMENT 6+20" },
    { T("BDAT 86 FIRST"), "BDAT", "BAD_ARGUMENT 9+5" },
    { T("BDAT 86 LAST x"), "BDAT", "UNEXPECTED_ARGUMENT 14+1" },
    { T("BDAT  86"), "BDAT", "EXTRA_SPACE 6+1" },
    { T("ETRN"), "ETRN", "MISSING_ARGUMENT 5+0" },
    { T("ETRN crepes.fr"), "ETRN", "" },
    { T("ETRN @crepes.fr"), "ETRN", "" },
    { T("ETRN #queue"), "ETRN", "" },
    { T("ETRN @"), "ETRN", "BAD_ARGUMENT 7+0" },
    { T("ETRN crepes..fr"), "ETRN", "BAD_ARGUMENT 13+1" },
    { T("ETRN crepes.fr x"), "ETRN", "BAD_ARGUMENT 15+1" },
    { T("ETRN cr\x08zepes.fr"), "ETRN", "CONTROL_OCTET 8+1" },
    { T(""), "?", "EMPTY_LINE 0+0" },
    { T(" "), "?", "EMPTY_LINE 1+1" },
    { T("\t "), "?", "EMPTY_LINE 1+2" },
    { T(" HELO crepes.fr"), "HELO", "LEADING_SPACE 1+1" },
    { T("\tQUIT"), "QUIT", "LEADING_SPACE 1+1" },
    { T("HLEO crepes.fr"), "?HELO", "MISSPELT_VERB 1+4" },
    { T("MIAL FROM:<bob@x.y>"), "?MAIL", "MISSPELT_VERB 1+4" },
    { T("HEL\x7fLO crepes.fr"), "?HELO", "CONTROL_OCTET 4+1" },
    { T("\x1b[AHELO crepes.fr"), "?HELO", "CONTROL_OCTET 1+3" },
    { T("EHLO\xc2\xa0hamburger.edu"), "?EHLO", "MISSPELT_VERB 1+19, EIGHT_BIT 5+2" },
    { T("Subject: caf\xc3\xa9"), "?", "HEADER_AS_COMMAND 1+8, EIGHT_BIT 13+2" },
    { T("S: 250 ok"), "?", "REPLY_AS_COMMAND 1+2" },
    { T("XYZZY caf\xc3\xa9"), "?", "UNKNOWN_VERB 1+5, EIGHT_BIT 10+2" },
};

/* Line and end together; the rest of the test owns *p. */
static void take_apart(struct parsed *p, struct span text, const char *end, uint64_t longest)
{
    struct buf octets = { 0 };

    buf_add(&octets, text);
    buf_add_text(&octets, end);
    parsed_line(p, buf_span(&octets), longest);
    cr_expect_null(command_fault(&p->line, &p->command), "%.*s: %s", SPAN_ARG(text),
                   command_fault(&p->line, &p->command));
    buf_release(&octets);
}

static void expect_found(struct span text, const char *end, uint64_t longest, const char *want)
{
    struct buf told = { 0 };
    struct parsed p;

    take_apart(&p, text, end, longest);
    cr_expect_str_eq(found_text(&p.command.mistakes, &told), want, "%.*s: %s", SPAN_ARG(text),
                     buf_text(&told));
    parsed_release(&p);
    buf_release(&told);
}

Test(command, is_taken_apart_and_its_mistakes_are_told)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct row *row = &rows[i];
        bool known = row->verb[0] != '?';
        struct parsed p;

        take_apart(&p, row->text, "\r\n", COMMAND_LINE_MAX);
        cr_expect_str_eq(verb_word(p.command.verb), known ? row->verb : "", "%.*s",
                         SPAN_ARG(row->text));
        cr_expect_str_eq(verb_word(p.command.meant), known ? "" : row->verb + 1, "%.*s",
                         SPAN_ARG(row->text));
        parsed_release(&p);
        expect_found(row->text, "\r\n", COMMAND_LINE_MAX, row->found);
    }
}

Test(command, holds_together_wherever_the_line_ends)
{
    for (size_t i = 0; i < ROWS(rows); i++)
        for (size_t len = 0; len < rows[i].text.len; len++) {
            struct parsed p;

            take_apart(&p, span_first(rows[i].text, len), len % 2 ? "\r\n" : "", COMMAND_LINE_MAX);
            parsed_release(&p);
        }
}

/* Those of the course table (tests/data/mistakes.md) that the line alone shows: where they stand.
 */
Test(command, learners_mistakes_are_told_where_they_stand)
{
    static const struct {
        unsigned number; /* in the course table */
        struct span text;
        const char *end, *found;
    } course[] = {
        { 1, T("HELO"), "\r\n", "HELO_NO_NAME 5+0" },
        { 2, T("HELO my laptop"), "\r\n", "HELO_BAD_NAME 8+1" },
        { 4, T("MAIL FROM:alice@crepes.fr"), "\r\n", "NO_BRACKETS 11+15" },
        { 5, T("MAIL FROM: <alice@crepes.fr>"), "\r\n", "SPACE_AFTER_COLON 11+1" },
        { 6, T("MAIL FROM <alice@crepes.fr>"), "\r\n", "NO_COLON 10+0" },
        { 7, T("MAIL FROM:Alice <alice@crepes.fr>"), "\r\n", "DISPLAY_NAME 11+5" },
        { 8, T("Subject: lunch"), "\r\n", "HEADER_AS_COMMAND 1+8" },
        { 12, T("RCPT TO:<bob@x.y>,<carol@x.y>"), "\r\n", "TWO_ADDRESSES 18+12" },
        { 13, T("RCPT TO:<nobody@hamburger.edu>"), "\r\n", "" },
        { 15, T("MAIL FROM:<alice>"), "\r\n", "NO_DOMAIN 17+0" },
        { 16, T("HEX\x7fLO crepes.fr"), "\r\n", "CONTROL_OCTET 4+1" },
        { 17, T("RCPT TO:<bon\x08zb@x.y>"), "\r\n", "CONTROL_OCTET 13+1" },
        { 18, T("RCPT TO:<bob\x1b[D@x.y>"), "\r\n", "CONTROL_OCTET 13+3" },
        { 19, T("HELO crepes.fr"), "\n", "BARE_LF 0+0" },
        { 27, T("AUTH PLAIN alice:opensesame"), "\r\n", "AUTH_NOT_BASE64 12+16" },
        { 32, T("QUIT now"), "\r\n", "UNEXPECTED_ARGUMENT 6+3" },
        { 33, T("GET / HTTP/1.1"), "\r\n", "HTTP_REQUEST 1+3" },
    };

    for (size_t i = 0; i < ROWS(course); i++)
        expect_found(course[i].text, course[i].end, COMMAND_LINE_MAX, course[i].found);
}

Test(command, has_parts_that_point_into_the_line)
{
    struct parsed p;

    take_apart(&p, SPAN("mail FROM:<bob@x.y> SIZE=1 smtputf8 "), "\r\n", COMMAND_LINE_MAX);
    cr_expect(span_eq(p.command.word, SPAN("mail")));
    cr_expect(span_eq(p.command.argument, SPAN("FROM:<bob@x.y> SIZE=1 smtputf8")));
    cr_expect_eq(p.command.path.kind, PATH_MAILBOX);
    cr_expect(span_eq(p.command.path.whole, SPAN("<bob@x.y>")));
    cr_assert_eq(p.command.param_count, 2);
    cr_expect_eq(command_param(&p.command, SPAN("size")), &p.command.params[0]);
    cr_expect_eq(command_param(&p.command, SPAN("SMTPUTF8")), &p.command.params[1]);
    cr_expect_null(command_param(&p.command, SPAN("SIZ")));
    cr_expect_null(command_param(&p.command, SPAN("BODY")));
    cr_expect(span_eq(p.command.params[0].value, SPAN("1")));
    cr_expect_null(p.command.params[1].value.at);
    cr_expect_eq(p.command.params[1].column, 28);
    parsed_release(&p);
}

Test(command, knows_what_is_wrong_with_the_line_end)
{
    expect_found(SPAN("QUIT"), "\n", COMMAND_LINE_MAX, "BARE_LF 0+0");
    expect_found(SPAN("QUIT"), "", COMMAND_LINE_MAX, "");
    expect_found(SPAN(""), "\n", COMMAND_LINE_MAX, "BARE_LF 0+0, EMPTY_LINE 0+0");
    expect_found(SPAN("NOOP a\rb"), "\r\n", COMMAND_LINE_MAX, "BARE_CR 7+1");
    expect_found(SPAN("NOOP a\r"), "\r\n", COMMAND_LINE_MAX, "BARE_CR 7+1");
    expect_found(SPAN("NOOP a\r\x01"), "\r\n", COMMAND_LINE_MAX, "BARE_CR 7+1, CONTROL_OCTET 8+1");
    expect_found(SPAN("NOOP \0x"), "\r\n", COMMAND_LINE_MAX, "CONTROL_OCTET 6+1");
}

/* "NOOP " and so many letters, then `more`. */
static struct span noop_of(struct buf *out, size_t letters, const char *more)
{
    buf_truncate(out, 0);
    buf_add_text(out, "NOOP ");
    buf_add_repeat(out, 'x', letters);
    buf_add_text(out, more);
    return buf_span(out);
}

Test(command, has_the_length_that_the_session_allows)
{
    struct buf text = { 0 };

    expect_found(noop_of(&text, 505, ""), "\r\n", COMMAND_LINE_MAX, "");
    expect_found(noop_of(&text, 506, ""), "\r\n", COMMAND_LINE_MAX, "LINE_TOO_LONG 511+1");
    expect_found(noop_of(&text, 606, ""), "\r\n", 600, "LINE_TOO_LONG 601+11");
    expect_found(noop_of(&text, 606, ""), "\r\n", UINT64_MAX, "");
    expect_found(noop_of(&text, 1, ""), "\r\n", 0, "LINE_TOO_LONG 1+6");
    buf_truncate(&text, 0);
    buf_add_text(&text, "AUTH PLAIN ");
    buf_add_repeat(&text, 'A', 12272);
    expect_found(buf_span(&text), "\r\n", COMMAND_LINE_MAX, "");
    buf_add_repeat(&text, 'A', 4);
    expect_found(buf_span(&text), "\r\n", COMMAND_LINE_MAX, "LINE_TOO_LONG 12287+1");
    buf_release(&text);
}

Test(command, knows_of_faults_past_the_octets_that_are_kept)
{
    struct buf text = { 0 };

    expect_found(noop_of(&text, LINE_HEAD_MAX, "\x01"), "\r\n", UINT64_MAX, "CONTROL_OCTET 0+0");
    expect_found(noop_of(&text, LINE_HEAD_MAX, "\ry"), "\r\n", UINT64_MAX, "BARE_CR 0+0");
    expect_found(noop_of(&text, LINE_HEAD_MAX, " "), "\r\n", UINT64_MAX, "");
    buf_release(&text);
}

Test(command, keeps_so_many_parameters_and_mistakes_and_no_more)
{
    struct buf text = { 0 };
    struct parsed p;

    buf_add_text(&text, "MAIL FROM:<bob@x.y>");
    for (unsigned i = 0; i < COMMAND_PARAMS_MAX + 5; i++)
        buf_printf(&text, " P%u=1", i);
    take_apart(&p, buf_span(&text), "\r\n", COMMAND_LINE_MAX);
    cr_expect_eq(p.command.param_count, COMMAND_PARAMS_MAX);
    cr_expect_eq(p.command.mistakes.count, 1);
    cr_expect_eq(p.command.mistakes.at[0].mistake, MISTAKE_TOO_MANY_PARAMETERS);
    parsed_release(&p);

    buf_truncate(&text, 0);
    buf_add_text(&text, "MAIL FROM:<bob@x.y>");
    for (unsigned i = 0; i < COMMAND_PARAMS_MAX; i++)
        buf_add_text(&text, " =1");
    take_apart(&p, buf_span(&text), "\r\n", COMMAND_LINE_MAX);
    cr_expect_eq(p.command.param_count, 0);
    cr_expect_eq(p.command.mistakes.count, MISTAKES_MAX);
    parsed_release(&p);
    buf_release(&text);
}

/* A quadratic parser needs ten minutes for one of these. */
Test(command, takes_time_in_proportion_to_its_length)
{
    static const char *const starts[] = {
        "",      "MAIL FROM:", "MAIL FROM:<", "RCPT TO:<a@b>", "RCPT TO:<@a", "AUTH PLAIN ",
        "ETRN ", "HELO "
    };
    static const char *const repeated[] = { "<",    ">",  "\"",  "\\",   "\"\\", "\"\"",
                                            "@",    ",",  "<,",  "<a,",  ",@a",  "@[",
                                            "[",    "]",  " a=", " <b>", ",a@b", "a",
                                            ".",    "a.", " ",   "\t",   "\x1b", "\x08",
                                            "\xc3", ":",  "=",   ";",    ", ",   " ," };
    const size_t octets = 1 << 20;
    struct buf text = { 0 };

    for (size_t i = 0; i < ROWS(starts); i++)
        for (size_t k = 0; k < ROWS(repeated); k++) {
            struct command c;
            struct line line = { .end = LINE_CRLF };

            buf_truncate(&text, 0);
            buf_add_text(&text, starts[i]);
            while (text.len < octets)
                buf_add_text(&text, repeated[k]);
            buf_add_text(&text, ">");
            line.head = buf_span(&text);
            line.len = text.len;
            command_parse(&line, UINT64_MAX, &c);
            cr_expect_null(command_fault(&line, &c), "%s and many %s: %s", starts[i], repeated[k],
                           command_fault(&line, &c));
        }
    buf_release(&text);
}
