/* Next steps, completion and the faint rest of the line, in each state. */
#include <locale.h>

#include "desk.h"

static void add_candidate(void *ctx, const char *line, const char *shown)
{
    struct buf *all = ctx;

    cr_expect_not_null(shown);
    buf_printf(all, "%s[%s]", all->len ? " " : "", line);
}

static const char *complete(const struct desk *d, const char *text, struct buf *out)
{
    unsigned count, told = 0;

    buf_clear(out);
    count = console_complete(d->console, text, add_candidate, out);
    for (size_t i = 0; i < out->len; i++)
        told += out->at[i] == '[';
    cr_expect_eq(told, count, "%s", text);
    cr_expect_eq(console_complete(d->console, text, NULL, NULL), count, "fn may be NULL");
    return buf_text(out);
}

/* Lines sent to the lab, separated by "|"; text; part of the candidates ("" none), and one that
 * must not be among them; the suggestion. */
static const struct {
    const char *sent, *text, *has, *lacks, *suggestion;
} rows[] = {
    { "", "", "[HELO crepes.fr] [EHLO crepes.fr]", "DATA", "" },
    { "", "H", "[HELO crepes.fr]", "[DATA", "ELO crepes.fr" },
    { "", "eh", "[ehLO crepes.fr]", "HELO", "LO crepes.fr" },
    { "", "M", "", "MAIL", "" },
    { "", "D", "", "DATA", "" },
    { "", "Q", "[QUIT]", "DATA", "UIT" },
    { "", "LH", "", "LHLO", "" },
    { "", "XYZ", "", "[", "" },
    { "HELO crepes.fr", "", "[MAIL FROM:<alice@crepes.fr>]", "RCPT", "" },
    { "HELO crepes.fr", "M", "[MAIL FROM:<alice@crepes.fr>]", "RCPT",
      "AIL FROM:<alice@crepes.fr>" },
    { "HELO crepes.fr", "mail from:<al", "[mail from:<alice@crepes.fr>]", "", "ice@crepes.fr>" },
    { "HELO crepes.fr", "MAIL FROM: <b", "[MAIL FROM: <bob@hamburger.edu>]", "",
      "ob@hamburger.edu>" },
    { "HELO crepes.fr", "MAIL FROM:<a@b> ", "", "SIZE", "" },
    { "HELO crepes.fr", "ST", "", "STARTTLS", "" },
    { "HELO crepes.fr", "R", "[RSET]", "RCPT", "SET" },
    { "HELO mine.example", "EH", "[EHLO mine.example]", "crepes", "LO mine.example" },
    { "EHLO crepes.fr", "MAIL FROM:<a@b> S", "[MAIL FROM:<a@b> SIZE=]", "XSHADOW", "IZE=" },
    { "EHLO crepes.fr", "MAIL FROM:<a@b> SIZE=5 B", "[MAIL FROM:<a@b> SIZE=5 BODY=]", "", "ODY=" },
    { "HELO a.example|MAIL FROM:<carol@a.example>", "", "[RCPT TO:<bob@hamburger.edu>]", "DATA",
      "" },
    { "HELO a.example|MAIL FROM:<carol@a.example>", "RC", "[RCPT TO:<bob@hamburger.edu>]", "RSET",
      "PT TO:<bob@hamburger.edu>" },
    { "HELO a.example|MAIL FROM:<carol@a.example>", "RCPT TO: <c", "[RCPT TO: <carol@a.example>]",
      "", "arol@a.example>" },
    { "HELO a.example|MAIL FROM:<carol@a.example>|RCPT TO:<bob@hamburger.edu>", "", "[DATA]",
      "MAIL", "" },
    { "HELO a.example|MAIL FROM:<carol@a.example>|RCPT TO:<bob@hamburger.edu>", "DA", "[DATA]", "",
      "TA" },
    { "HELO a.example|MAIL FROM:<carol@a.example>|RSET", "MAIL FROM:<c",
      "[MAIL FROM:<carol@a.example>]", "", "arol@a.example>" },
    { "HELO a.example", "VRFY b", "[VRFY bob@hamburger.edu]", "", "ob@hamburger.edu" },
    { "", "/", "[/help ]", "HELO", "help " },
    { "", "/sa", "[/save ]", "state", "ve " },
    { "", "/st", "[/state] [/states]", "save", "ate" },
    { "", "/STATE", "[/STATEs]", "", "s" },
    { "", "/level ", "[/level learner] [/level admin]", "", "learner" },
    { "", "/level a", "[/level admin]", "learner", "dmin" },
    { "", "/sources o", "[/sources on] [/sources off]", "", "n" },
    { "", "/help sa", "[/help save]", "state", "ve" },
    { "", "/help RC", "[/help RCPT]", "", "PT" },
    { "", "/server l", "[/server letters] [/server letter]", "show", "etters" },
    { "", "/server letters b", "[/server letters bob]", "show", "ob" },
    { "", "/server fault o", "[/server fault on] [/server fault off]", "list", "n" },
    { "", "/server fault add RC", "[/server fault add RCPT]", "MAIL", "PT" },
    { "", "/server fault add RCPT de", "[/server fault add RCPT delay=]", "drop", "lay=" },
    { "", "/server fault add RCPT dr", "[/server fault add RCPT drop]", "drop=", "op" },
    { "", "/server fault add RCPT full=", "[/server fault add RCPT full=452]", "=drop", "no" },
    { "", "/server fault add RCPT to=b delay=", "[/server fault add RCPT to=b delay=2s]", "reply",
      "2s" },
    { "", "/server fault add RCPT reply=", "reply=\"450 4.2.1 busy\"]", "raw",
      "\"450 4.2.1 busy\"" },
    { "", "/server fault add EHLO strip=", "strip=STARTTLS]", "raw", "STARTTLS" },
    { "", "/server fault pa", "[/server fault panel]", "list", "nel" },
    { "/server fault add NOOP drop", "/server fault off ", "[/server fault off 1]", "", "1" },
    { "", "/mailbox ", "[/mailbox bob]", "", "bob" },
    { "", "/connect l", "[/connect localhost]", "", "ocalhost" },
    { "", "/quit x", "", "[", "" },
    { "", "/nothing x", "", "[", "" },
    { "", "/send /etc/host", "[/send /etc/hosts]", "passwd", "s" },
    { "", "/save /dev/null/", "", "[", "" },
    { "", "//NO", "", "[", "" },
    { "/pipeline", "", "[/go]", "HELO", "" },
};

Test(complete, offers_what_is_legal_and_known)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct desk d;
        struct buf out = { 0 };
        struct span rest = span_of(rows[i].sent);
        char suggestion[160];

        desk_lab(&d);
        while (rest.len) {
            console_enter(d.console, span_cut(rest, '|', &rest));
            desk_settle(&d);
        }
        complete(&d, rows[i].text, &out);
        if (*rows[i].has)
            cr_expect(desk_has(&out, rows[i].has), "row %zu %s: %s", i, rows[i].text,
                      buf_text(&out));
        if (*rows[i].lacks)
            cr_expect_not(desk_has(&out, rows[i].lacks), "row %zu %s: %s", i, rows[i].text,
                          buf_text(&out));
        console_suggest(d.console, rows[i].text, suggestion);
        if (strcmp(rows[i].text, "/send /etc/host") != 0)
            cr_expect_str_eq(suggestion, rows[i].suggestion, "row %zu %s: \"%s\"", i, rows[i].text,
                             suggestion);
        buf_release(&out);
        desk_end(&d);
    }
}

Test(complete, changes_nothing_that_was_typed)
{
    static const char *const texts[] = { "h", "He", "/", "/S", "m", "/help m", "/server " };
    struct desk d;
    struct buf out = { 0 };

    desk_lab(&d);
    for (size_t i = 0; i < ROWS(texts); i++) {
        char start[32];
        const char *at = complete(&d, texts[i], &out);

        snprintf(start, sizeof(start), "[%s", texts[i]);
        for (; (at = strchr(at, '[')); at++)
            cr_expect_eq(strncmp(at, start, strlen(start)), 0, "%s: %s", texts[i], at);
    }
    buf_release(&out);
    desk_end(&d);
}

Test(complete, leaves_tab_to_the_letter)
{
    struct desk d;
    struct buf out = { 0 };
    struct next_step steps[CONSOLE_NEXT_MAX];
    char suggestion[160];

    desk_lab(&d);
    desk_type(&d, "HELO crepes.fr");
    desk_type(&d, "MAIL FROM:<alice@crepes.fr>");
    desk_type(&d, "RCPT TO:<bob@hamburger.edu>");
    desk_type(&d, "DATA");
    cr_expect_str_eq(complete(&d, "Q", &out), "");
    cr_expect_str_eq(complete(&d, "/sa", &out), "");
    cr_expect_str_eq(complete(&d, "", &out), "");
    console_suggest(d.console, "QU", suggestion);
    cr_expect_str_eq(suggestion, "");
    cr_assert_eq(console_next(d.console, steps), 1);
    cr_expect_str_eq(steps[0].typed, ".");
    buf_release(&out);
    desk_end(&d);
}

Test(complete, offers_a_way_back_without_a_server)
{
    struct desk d;
    struct next_step steps[CONSOLE_NEXT_MAX];
    struct buf out = { 0 };

    desk_start(&d, 0);
    cr_assert_eq(console_next(d.console, steps), 2);
    cr_expect_str_eq(steps[0].typed, "/connect ");
    cr_expect_str_eq(steps[1].typed, "/quit");
    cr_expect_str_eq(complete(&d, "", &out), "[/connect ] [/quit]");
    cr_expect_str_eq(complete(&d, "HE", &out), "");
    desk_end(&d);
    desk_start(&d, DESK_LAB);
    console_next(d.console, steps);
    cr_expect_str_eq(steps[0].typed, "/connect");
    desk_end(&d);
    buf_release(&out);
}

Test(complete, begins_with_ehlo_where_an_admin_meets_a_real_server)
{
    static const struct {
        unsigned options;
        const char *level, *first, *second;
    } hosts[] = {
        { DESK_LISTENER, "/level admin", "EHLO crepes.fr", "HELO crepes.fr" },
        { DESK_LISTENER, "/level learner", "HELO crepes.fr", "EHLO crepes.fr" },
        { DESK_LAB, "/level admin", "HELO crepes.fr", "EHLO crepes.fr" },
    };

    for (size_t i = 0; i < ROWS(hosts); i++) {
        struct next_step steps[CONSOLE_NEXT_MAX];
        struct desk d;

        if (hosts[i].options & DESK_LAB)
            desk_lab(&d);
        else
            desk_peer(&d, 0, "220 mx.example\r\n");
        console_enter(d.console, span_of(hosts[i].level));
        desk_settle(&d);
        cr_assert_eq(console_next(d.console, steps), 2, "row %zu", i);
        cr_expect_str_eq(steps[0].typed, hosts[i].first, "row %zu", i);
        cr_expect_str_eq(steps[1].typed, hosts[i].second, "row %zu", i);
        desk_end(&d);
    }
}

Test(complete, names_each_recipient_once)
{
    struct desk d;
    struct next_step steps[CONSOLE_NEXT_MAX];
    unsigned count, rcpt = 0;

    desk_lab(&d);
    desk_type(&d, "HELO crepes.fr");
    desk_type(&d, "MAIL FROM:<bob@hamburger.edu>");
    desk_type(&d, "RCPT TO:<bob@hamburger.edu>");
    count = console_next(d.console, steps);
    for (unsigned i = 0; i < count; i++)
        if (strncmp(steps[i].typed, "RCPT", 4) == 0) {
            rcpt++;
            cr_expect_str_neq(steps[i].typed, "RCPT TO:<bob@hamburger.edu>");
            cr_expect_str_eq(steps[i].hint, "one more recipient");
        }
    cr_expect_eq(rcpt, 1);
    desk_end(&d);
}

Test(complete, knows_no_mailboxes_of_a_real_server_but_postmaster)
{
    struct desk d;
    struct next_step steps[CONSOLE_NEXT_MAX];
    struct buf out = { 0 };

    desk_peer(&d, 0, "220 hi\r\n");
    desk_settle(&d);
    console_enter(d.console, SPAN("HELO crepes.fr"));
    stream_write(d.peer, SPAN("250 hi\r\n"));
    desk_settle(&d);
    console_enter(d.console, SPAN("MAIL FROM:<carol@a.example>"));
    stream_write(d.peer, SPAN("250 ok\r\n"));
    desk_settle(&d);
    console_next(d.console, steps);
    cr_expect_str_eq(steps[0].typed, "RCPT TO:<postmaster>");
    complete(&d, "R", &out);
    cr_expect(desk_has(&out, "[RCPT TO:<postmaster>] [RSET] [RCPT TO:<carol@a.example>]"), "%s",
              buf_text(&out));
    console_enter(d.console, SPAN("RCPT TO:<dave@b.example>"));
    stream_write(d.peer, SPAN("550 no\r\n"));
    desk_settle(&d);
    console_next(d.console, steps);
    cr_expect_str_eq(steps[0].typed, "RCPT TO:<dave@b.example>", "it was named, and not accepted");
    buf_release(&out);
    desk_end(&d);
}

Test(complete, learns_no_name_that_hides_something)
{
    struct desk d;
    struct buf out = { 0 };

    cr_assert_not_null(setlocale(LC_CTYPE, "C.UTF-8"));
    desk_lab(&d);
    desk_type(&d, "EHLO crepes.fr");
    desk_type(&d, "MAIL FROM:<x\xe2\x80\xae@a.example> SMTPUTF8");
    desk_type(&d, "RSET");
    desk_type(&d, "MAIL FROM:<\xc3\xa9@a.example> SMTPUTF8");
    desk_type(&d, "RSET");
    complete(&d, "MAIL FROM:<", &out);
    cr_expect(desk_has(&out, "<\xc3\xa9@a.example>"), "%s", buf_text(&out));
    cr_expect_not(desk_has(&out, "<x"), "%s", buf_text(&out));
    buf_release(&out);
    desk_end(&d);
}

Test(complete, offers_verbs_that_the_server_offered)
{
    struct desk d;
    struct buf out = { 0 };

    desk_peer(&d, 0, "220 hi\r\n");
    desk_settle(&d);
    console_enter(d.console, SPAN("EHLO crepes.fr"));
    stream_write(d.peer, SPAN("250-hi\r\n250-STARTTLS\r\n250-DSN\r\n250 AUTH PLAIN CRAM-MD5\r\n"));
    desk_settle(&d);
    cr_expect_str_eq(complete(&d, "ST", &out), "[STARTTLS]");
    cr_expect_str_eq(complete(&d, "AU", &out), "[AUTH]");
    cr_expect_str_eq(complete(&d, "AUTH ", &out), "[AUTH PLAIN] [AUTH CRAM-MD5]");
    cr_expect_str_eq(complete(&d, "auth c", &out), "[auth cRAM-MD5]");
    cr_expect_str_eq(complete(&d, "BD", &out), "");
    cr_expect_str_eq(complete(&d, "MAIL FROM:<a@b> R", &out), "[MAIL FROM:<a@b> RET=]");
    cr_expect_str_eq(complete(&d, "RCPT TO:<a@b> N", &out), "[RCPT TO:<a@b> NOTIFY=]");
    buf_release(&out);
    desk_end(&d);
}

static const char *after_hello(struct desk *d, const struct buf *reply, struct buf *out)
{
    desk_peer(d, 0, "220 hi\r\n");
    desk_settle(d);
    console_enter(d->console, SPAN("EHLO crepes.fr"));
    stream_write(d->peer, buf_span(reply));
    desk_settle(d);
    return complete(d, "AUTH ", out);
}

Test(complete, looks_at_no_more_methods_than_a_screen_shows)
{
    struct desk d;
    struct buf reply = { 0 }, out = { 0 };
    unsigned methods = 0;

    buf_add_text(&reply, "250-hi\r\n250-AUTH  ABCDEFGHIJKLMNOPQRSTU");
    for (unsigned i = 0; i < 1000; i++)
        buf_printf(&reply, " M%u", i);
    buf_add_text(&reply, "\r\n250 SIZE\r\n");
    for (const char *at = after_hello(&d, &reply, &out); (at = strchr(at, '[')); at++)
        methods++;
    cr_expect(desk_has(&out, "[AUTH M0]"), "%s", buf_text(&out));
    cr_expect_not(desk_has(&out, "ABC"), "longer than a method's name can be");
    cr_expect(methods > 20 && methods <= 32, "%u", methods);
    desk_end(&d);
    buf_release(&reply);
    buf_release(&out);
}

Test(complete, looks_at_the_first_lines_of_a_long_reply)
{
    static const struct {
        unsigned before;
        const char *offered;
    } replies[] = { { 62, "[AUTH PLAIN]" }, { 63, "" }, { 5000, "" } };

    for (size_t i = 0; i < ROWS(replies); i++) {
        struct desk d;
        struct buf reply = { 0 }, out = { 0 };

        buf_add_text(&reply, "250-AUTH\r\n"); /* the server's name */
        for (unsigned n = 0; n < replies[i].before; n++)
            buf_add_text(&reply, n ? "250-X\r\n" : "250-AUTH\r\n");
        buf_add_text(&reply, "250 AUTH PLAIN\r\n");
        cr_expect_str_eq(after_hello(&d, &reply, &out), replies[i].offered, "row %zu", i);
        desk_end(&d);
        buf_release(&reply);
        buf_release(&out);
    }
}
