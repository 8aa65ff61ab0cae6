#include "view/faults.h"

#include <criterion/criterion.h>
#include <locale.h>
#include <stdio.h>

static const struct faults_row rows[] = {
    { 1, true, 5, 2, SPAN_INIT("RCPT to=bob@* times=1-2 full=452"),
      SPAN_INIT("At RCPT, recipient bob@*, matches 1-2: 452, the mailbox is full") },
    { 12, false, 0, 0, SPAN_INIT("end reply=\"550 \033[2J\""),
      SPAN_INIT("At the end of a letter: the reply is 550 \033[2J") },
};
static const struct faults_offer offers[] = {
    { SPAN_INIT("RCPT greylist=10s"), SPAN_INIT("greylisting") },
    { SPAN_INIT("body octet=100 drop"), SPAN_INIT("the connection breaks inside a letter") },
};

static const char *text(const struct faults_panel *p)
{
    static char kept[4096];
    struct styled s = { 0 };

    setlocale(LC_ALL, "C.UTF-8");
    faults_text(p, true, &s);
    snprintf(kept, sizeof kept, "%s", buf_text(&s.text));
    styled_release(&s);
    return kept;
}

static const struct faults_panel full = {
    SPAN_INIT("mail.example"), rows, 2, offers, 2, true, "/server fault"
};

Test(faults, are_marked_counted_and_said_in_words)
{
    cr_expect_str_eq(
        text(&full),
        " What goes wrong at mail.example  (played 2 of 5: it matched 5 times)\n"
        " [x]   1  RCPT to=bob@* times=1-2 full=452\n"
        "          At RCPT, recipient bob@*, matches 1-2: 452, the mailbox is full; played 2 of 5\n"
        " [ ]  12  end reply=\"550 <ESC>[2J\"\n"
        "          At the end of a letter: the reply is 550 <ESC>[2J; off, played 0 of 0\n"
        " Ready-made: Space adds one\n"
        "   +      RCPT greylist=10s\n"
        "          greylisting\n"
        "   +      body octet=100 drop\n"
        "          the connection breaks inside a letter\n"
        " One of your own: /server fault add RCPT to=bob@* times=1-2 full=452\n"
        " Tab writes its words for you; /server fault help explains them.\n",
        "%s", text(&full));
}

Test(faults, are_none_at_first)
{
    cr_expect_str_eq(
        text(&(struct faults_panel){ SPAN("mail.example"), NULL, 0, NULL, 0, false, "/fault" }),
        " What goes wrong at mail.example\n"
        " none: the server does what the standard says\n"
        " One of your own: /fault add RCPT to=bob@* times=1-2 full=452\n");
    cr_expect_not_null(strstr(
        text(&(struct faults_panel){ SPAN("mail.example"), NULL, 0, offers, 2, false, "/fault" }),
        "\n Ready-made: /fault add and one of these lines\n   +      RCPT greylist"));
}

/* The line of that number, of the text. */
static bool line_has(const struct faults_panel *p, unsigned number, struct span part)
{
    struct span rest = span_of(text(p)), line;

    do
        line = span_cut(rest, '\n', &rest);
    while (number--);
    return span_search(line, part, 0, false) != SPAN_NOT_FOUND;
}

Test(faults, know_their_lines)
{
    struct faults_panel p = full;

    for (int keys = 0; keys < 2; keys++)
        for (p.count = 0; p.count <= 2; p.count++) {
            p.keys = keys;
            for (size_t i = 0; i < p.count; i++)
                cr_expect(line_has(&p, faults_line(&p, i), span_first(rows[i].line, 8)), "%zu: %s",
                          i, text(&p));
            for (size_t i = 0; i < 2; i++)
                cr_expect(line_has(&p, faults_line(&p, p.count + i), offers[i].line), "%zu: %s", i,
                          text(&p));
        }
}
