/* smtpscope explain: lines and dialogues that were had elsewhere. */
#include "support/run.h"
#include "support/table.h"

static const struct {
    const char *line;
    const char *want; /* stands in the explanation */
    int status;
} rows[] = {
    { "550 5.7.1 Relaying denied", "5.7.1", 0 },
    { "421 try later", "421", 0 },
    { "250", "250", 0 },
    { "S: 354 go on", "354", 0 },
    { "MAIL FROM:<alice@crepes.fr>", "sender", 0 },
    { "mail from alice", "colon", 0 },
    { "C: RCPT TO:<bob@hamburger.edu>", "recipient", 0 },
    { "DATA", "DATA", 0 },
    { "PIPELINING", "PIPELINING", 0 },
    { "SIZE", "SIZE", 0 },
    { "4.2.2", "4.2.2", 0 },
    { "STARTTLS", "STARTTLS", 0 },
    { "xyzzy plugh", "Nothing here was recognised", 1 },
};

Test(explain, a_line_is_explained_as_argument_and_from_a_pipe)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct ran argument = RUN("", "explain", rows[i].line);
        struct ran piped = RUN(rows[i].line, "explain");

        cr_expect_eq(argument.status, rows[i].status, "%s: %d", rows[i].line, argument.status);
        cr_expect(has(&argument.out, rows[i].want), "%s: %s", rows[i].line,
                  buf_text(&argument.out));
        cr_expect_str_eq(buf_text(&argument.out), buf_text(&piped.out), "%s: %s", rows[i].line,
                         buf_text(&piped.out));
        cr_expect_eq(argument.err.len + piped.err.len, 0);
        ran_release(&argument);
        ran_release(&piped);
    }
}

Test(explain, a_password_is_not_shown_again)
{
    struct ran r = RUN("C: AUTH PLAIN AHVz\nS: 503 no\nC: c2VzYW1l\nS: 500 what\nAUTHPLAIN AHVz\n"
                       "Author: Bob\n",
                       "explain");

    cr_expect(has(&r.out, "C: AUTH PLAIN ********\n"), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "C: ********\n  An answer in the login"), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "AUTHPLAIN ********\n"), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "Author: Bob\n"), "%s", buf_text(&r.out));
    cr_expect_not(has(&r.out, "AHVz"));
    cr_expect_not(has(&r.out, "c2Vz"));
    ran_release(&r);
}

Test(explain, words_of_an_argument_need_no_quotes)
{
    struct ran quoted = RUN("", "explain", "550 5.1.1 no such user");
    struct ran bare = RUN("", "explain", "550", "5.1.1", "no", "such", "user");

    cr_expect_str_eq(buf_text(&quoted.out), buf_text(&bare.out));
    ran_release(&quoted);
    ran_release(&bare);
}

Test(explain, many_lines_are_explained_one_by_one)
{
    struct ran r = RUN("451 4.7.1 greylisted\r\n\r\nxyzzy\n552 5.2.2 full\n", "explain");

    cr_expect_eq(r.status, 0);
    cr_expect(has(&r.out, "451 4.7.1 greylisted\n  "), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "xyzzy\n  nothing is known about this line\n"), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "552 5.2.2 full\n  "), "%s", buf_text(&r.out));
    ran_release(&r);
}

Test(explain, a_whole_dialogue_is_annotated_in_its_order)
{
    char *folder = run_folder();
    const char *path = run_file(folder, "talk",
                                SPAN("S: 220 a.example\nC: HELO b.example\n"
                                     "S: 250 hi\nC: RCPT TO:<x@a.example>\n"
                                     "S: 503 MAIL first\n"));
    struct ran r = RUN("", "explain", path);

    cr_expect_eq(r.status, 0);
    cr_expect(has(&r.out, "C: HELO b.example\nS: 250 hi\n"), "%s", buf_text(&r.out));
    cr_expect(has(&r.out, "C: RCPT TO:<x@a.example>\n   "), "the mistake stands under its line: %s",
              buf_text(&r.out));
    unlink(path);
    rmdir(folder);
    ran_release(&r);
}

/* A dialogue in the forms in which it is pasted, and what stands in its explanation. */
Test(explain, a_dialogue_of_another_program_is_annotated)
{
    static const struct {
        const char *text, *want, *not ;
    } forms[] = {
        { "C: MAIL FROM:<a@b.example>\nS: 250 ok\nC: DATA\nS: 503 no\n",
          "C: MAIL FROM:<a@b.example>\nS: 250 ok\n   = 250: the server has the sender",
          "localhost" },
        { "C: HELO b.example\nS: 250 ok\n", "C: HELO b.example\nS: 250 ok\n   = 250: ", "220" },
        { "<-  220 a\n -> EHLO b.example\n<** 550 no\n", "C: EHLO b.example\nS: 550 no\n", "->" },
        { "< 220 a\n> QUIT\n< 221 bye\n", "C: QUIT\nS: 221 bye\n", "<" },
        { "Trying 192.0.2.1...\nConnected to a.\nEscape character is '^]'.\n220 a\nNOOP\n250 ok\n",
          "C: NOOP\nS: 250 ok\n", "Trying" },
    };

    for (size_t i = 0; i < ROWS(forms); i++) {
        struct ran r = RUN(forms[i].text, "explain");

        cr_expect_eq(r.status, 0);
        cr_expect(has(&r.out, forms[i].want), "%s: %s", forms[i].text, buf_text(&r.out));
        cr_expect_not(has(&r.out, forms[i].not ), "%s: %s", forms[i].text, buf_text(&r.out));
        ran_release(&r);
    }
}

Test(explain, a_file_that_cannot_be_read_is_status_2)
{
    struct ran r = RUN("", "explain", "/");

    cr_expect_eq(r.status, 2, "%d", r.status);
    cr_expect(has(&r.err, "/ cannot be read"), "%s", buf_text(&r.err));
    ran_release(&r);
}

Test(explain, a_file_that_is_missing_is_not_taken_for_a_line)
{
    static const char *const names[] = { "/nonexist", "no/such", "missing.log", "../x.smtp" };

    for (size_t i = 0; i < ROWS(names); i++) {
        struct ran r = RUN("", "explain", names[i]);

        cr_expect_eq(r.status, 2, "%s: %d", names[i], r.status);
        cr_expect(has(&r.err, names[i]) && has(&r.err, "cannot be read"), "%s: %s", names[i],
                  buf_text(&r.err));
        cr_expect_eq(r.out.len, 0, "%s: %s", names[i], buf_text(&r.out));
        ran_release(&r);
    }
}

Test(explain, control_octets_of_a_paste_are_shown_as_marks)
{
    struct ran r = RUN("550 \x1b[31mred\n550 two\n", "explain");

    cr_expect(has(&r.out, "550 <ESC>[31mred"), "%s", buf_text(&r.out));
    cr_expect_eq(span_find(buf_span(&r.out), 0x1b), r.out.len);
    ran_release(&r);
}
