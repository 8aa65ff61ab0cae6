#include "view/mailbox.h"

#include <criterion/criterion.h>
#include <locale.h>

static const struct mailbox_letter letters[] = {
    { SPAN_INIT("alice@crepes.fr"),
      SPAN_INIT("From: alice@crepes.fr\r\nSubject: lunch\r\n\r\nDo you like ketchup?\r\n") },
    { SPAN_INIT(""), SPAN_INIT("no header at all\r\n\r\nFrom: text\r\n") },
    { SPAN_INIT("m\033[2J@x"),
      SPAN_INIT("Subject: \033]0;pwned\007 \xe2\x80\xae caf\xc3\xa9 and certainly more than sixty "
                "octets: "
                "\xe6\x97\xa5\xe6\x9c\xac on and on\nX: y\nbody at once\0\n") },
    { SPAN_INIT("a@b"), SPAN_INIT("") },
    { SPAN_INIT("a@b"), SPAN_INIT("Subject:\r\n") },
};

static const char *list(unsigned count, bool ascii)
{
    static char kept[4096];
    struct styled s = { 0 };

    setlocale(LC_ALL, "C.UTF-8");
    mailbox_list(SPAN("bob"), letters, count, ascii, &s);
    strncpy(kept, buf_text(&s.text), sizeof kept - 1);
    styled_release(&s);
    return kept;
}

static const char *letter(unsigned number, bool ascii)
{
    static char kept[4096];
    struct styled s = { 0 };

    setlocale(LC_ALL, "C.UTF-8");
    mailbox_letter(&letters[number - 1], number, ascii, &s);
    strncpy(kept, buf_text(&s.text), sizeof kept - 1);
    styled_release(&s);
    return kept;
}

Test(mailbox, lists_its_letters)
{
    cr_expect_str_eq(list(0, false), "mailbox bob  empty\n");
    cr_expect_str_eq(list(1, false), "mailbox bob  1 letter\n"
                                     "  1  from alice@crepes.fr  lunch  63 octets\n");
    cr_expect_str_eq(list(5, true),
                     "mailbox bob  5 letters\n"
                     "  1  from alice@crepes.fr  lunch  63 octets\n"
                     "  2  from <>  no subject  32 octets\n"
                     "  3  from m<ESC>[2J@x  <ESC>]0;pwned<BEL> <U+202E> caf<U+00E9> and certainly "
                     "more than sixty "
                     "octets:  ...  104 octets\n"
                     "  4  from a@b  no subject  0 octets\n"
                     "  5  from a@b  no subject  10 octets\n",
                     "%s", list(5, true));
}

Test(mailbox, shows_header_and_body_apart)
{
    cr_expect_str_eq(letter(1, false),
                     "letter 1  from alice@crepes.fr, as its envelope said  63 octets\n"
                     "header\n"
                     "│ From: alice@crepes.fr\n"
                     "│ Subject: lunch\n"
                     "body\n"
                     "│ Do you like ketchup?\n",
                     "%s", letter(1, false));
}

Test(mailbox, says_when_there_is_no_header)
{
    cr_expect_str_eq(letter(2, true),
                     "letter 2  from <>, as its envelope said  32 octets\n"
                     "header\n"
                     "  none: the letter starts with its text\n"
                     "body\n"
                     "| no header at all\n"
                     "|\n"
                     "| From: text\n",
                     "%s", letter(2, true));
    cr_expect_str_eq(letter(4, true),
                     "letter 4  from a@b, as its envelope said  0 octets\n"
                     "header\n",
                     "%s", letter(4, true));
}

Test(mailbox, obeys_nothing_in_a_letter)
{
    cr_expect_str_eq(
        letter(3, true),
        "letter 3  from m<ESC>[2J@x, as its envelope said  104 octets\n"
        "header\n"
        "| Subject: <ESC>]0;pwned<BEL> <U+202E> caf<U+00E9> and certainly more than sixty "
        "octets: <U+65E5><U+672C> on and on\n"
        "| X: y\n"
        "body\n"
        "| body at once<NUL>\n",
        "%s", letter(3, true));
}
