/* The screen as a person meets it: the real program, typed at. */
#include "support/lab.h"
#include "support/run.h"
#include "support/table.h"

#define PROMPT_ROW 22
#define UP         "\x1b[A"

static void expect_screen(struct terminal *t, const char *name, const char *prompt)
{
    char *want = lab_screen(name, prompt);

    cr_expect(terminal_is(t, want), "%s:\n%s", name, terminal_text(t));
    free(want);
}

Test(screen, opens_as_its_first_page_has_it)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    expect_screen(t, "first.txt", "C: _");
    cr_expect(terminal_cursor_at(t, PROMPT_ROW, 4));
    terminal_free(t);
}

Test(screen, lets_the_textbook_be_typed_from_its_hints_alone)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "\t", "C: HELO crepes.fr");
    TYPE(t, "\r", "250 Hello crepes.fr");
    TYPE(t, "\t", "C: MAIL FROM:<alice@crepes.fr>");
    TYPE(t, "\r", "Sender ok");
    TYPE(t, "\t", "C: RCPT TO:<bob@hamburger.edu>");
    TYPE(t, "\r", "Recipient ok");
    TYPE(t, "\t\r", "354 Enter mail");
    SHOWS(t, "letter|");
    TYPE(t, "Do you like ketchup?\r", "line 2");
    TYPE(t, "How about pickles?\r", "line 3");
    TYPE(t, ".\r", "250 Message accepted for delivery");
    SHOWS(t, "1 letter");
    TYPE(t, "QUIT\r", "221 hamburger.edu closing connection");
    SHOWS(t, "no server>");
    SHOWS(t, "NO CONNECTION");
    terminal_free(t);
}

Test(screen, shows_the_letter_as_its_page_has_it)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "HELO crepes.fr\r", "pleased to meet you");
    TYPE(t, "MAIL FROM:<alice@crepes.fr>\r", "Sender ok");
    TYPE(t, "RCPT TO:<bob@hamburger.edu>\r", "Recipient ok");
    TYPE(t, "DATA\r", "letter|");
    TYPE(t, "Subject: lunch\r", "line 2");
    TYPE(t, "\r", "line 3");
    TYPE(t, "Do you like ketchup?\r", "line 4");
    terminal_type(t, "QUIT\r");
    expect_screen(t, "data.txt", "letter| _");
    cr_expect(terminal_cursor_at(t, PROMPT_ROW, 9));
    terminal_free(t);
}

Test(screen, offers_the_next_steps_one_after_the_other)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "\t", "C: HELO crepes.fr");
    TYPE(t, "\t", "C: EHLO crepes.fr");
    TYPE(t, "\x15HE\t", "C: HELO crepes.fr");
    terminal_free(t);
}

Test(screen, writes_all_of_the_likely_step_that_is_begun)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "HE\t\r", "C: HELO crepes.fr");
    SHOWS(t, "250 Hello crepes.fr");
    TYPE(t, "/close\r", "no server>");
    TYPE(t, "/connect\r", "type here");
    TYPE(t, "HE\t\t", "C: HELP");
    TYPE(t, "\x15/stat\tx", "C: /statex"); /* not likely: what all candidates have in common */
    terminal_free(t);
}

Test(screen, has_nothing_to_write_before_the_server_spoke)
{
    static const char *const silent[] = { "", "", NULL };
    struct tiny tiny = tiny_start(silent);
    struct terminal *t = lab_start(&(struct lab){ .args = { tiny.place } });

    SHOWS(t, "connected to 127.0.0.1");
    SHOWS(t, " next   wait for the 220");
    TYPE(t, "\t", "Nothing to write now: wait for the 220");
    SHOWS(t, "C:                                            the server speaks first");
    terminal_free(t);
    tiny_end(&tiny);
}

Test(screen, gives_a_search_of_the_history_up_without_a_trace)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "NOOP\r", "250");
    TYPE(t, "RSET\r", "nothing of a letter");
    TYPE(t, "\x12NO", "search");
    TYPE(t, "\x07", "C: ");
    HIDES(t, "search)");
    terminal_type(t, "x");
    SHOWS(t, "C: x");
    TYPE(t, "\x15\x1b[A", "C: RSET"); /* Up: the last line first */
    terminal_free(t);
}

Test(screen, keeps_pasted_lines_until_there_is_a_server)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "/close\r", "no server>");
    TYPE(t, "\x1b[200~HELO crepes.fr\nNOOP\n\x1b[201~", "Enter connects again");
    TYPE(t, "\r", "Enter sends line 1 of 2");
    TYPE(t, "\r", "Enter sends line 2 of 2");
    TYPE(t, "\r", "S: 250 Ok");
    SHOWS(t, "C: HELO crepes.fr");
    terminal_free(t);
}

/* Ctrl-X and another key are a command of readline's, which goes astray in a search. */
Test(screen, bears_keys_of_two_parts_in_a_search_of_the_history)
{
    static const char *const keys[] = { "\x18z", "\x18)", "\x18(", "\x18\x12", "\x18\x07" };
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "NOOP\r", "250");
    for (size_t i = 0; i < ROWS(keys); i++) {
        TYPE(t, "\x12NO", "search");
        terminal_type(t, keys[i]);
        terminal_type(t, "\x07\x15");
        TYPE(t, "still here", "C: still here");
        terminal_type(t, "\x15");
        HIDES(t, "still here");
    }
    terminal_free(t);
}

Test(screen, keeps_a_letters_lines_out_of_the_history)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "HELO crepes.fr\r", "pleased");
    TYPE(t, "MAIL FROM:<alice@crepes.fr>\r", "Sender ok");
    TYPE(t, "RCPT TO:<bob@hamburger.edu>\r", "Recipient ok");
    TYPE(t, "DATA\r", "letter|");
    TYPE(t, "Do you like ketchup?\r", "line 2");
    TYPE(t, ".\r", "accepted for delivery");
    TYPE(t, "\x1b[A", "C: DATA");
    terminal_free(t);
}

static void type_to(struct terminal *t, const char *octets, unsigned column)
{
    terminal_type(t, octets);
    cr_assert(terminal_cursor_at(t, PROMPT_ROW, column), "%s\n%s", octets, terminal_text(t));
}

Test(screen, suggests_what_goes_on_from_the_letters_typed)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    /* The faint text is on the screen before it is typed: only the cursor tells how far one is. */
    type_to(t, "H", 5);
    SHOWS(t, "C: HELO crepes.fr");
    type_to(t, "EL", 7); /* what was suggested */
    SHOWS(t, "C: HELO crepes.fr");
    type_to(t, "P", 8); /* something else that is known */
    SHOWS(t, "C: HELP");
    HIDES(t, "C: HELO");
    type_to(t, "Qx", 10); /* what nobody knows */
    SHOWS(t, "C: HELPQx");
    type_to(t, "\x7f\x7f\x7f", 7);
    SHOWS(t, "C: HELO crepes.fr");
    type_to(t, "\x15/mo", 7);
    SHOWS(t, "C: /mouse");
    type_to(t, "use o", 12); /* a word that was not there before */
    SHOWS(t, "C: /mouse on");
    TYPE(t, "\x1b[C\r", "The mouse is on");
    terminal_free(t);
}

Test(screen, sends_at_most_eight_octets_for_a_plain_key)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    terminal_type(t, "x");
    cr_assert(terminal_cursor_at(t, PROMPT_ROW, 5));
    for (unsigned i = 0; i < 20; i++) {
        terminal_mark(t);
        terminal_type(t, "y");
        cr_assert(terminal_cursor_at(t, PROMPT_ROW, 6 + i));
        cr_expect_leq(terminal_output(t).len, 8, "%zu octets", terminal_output(t).len);
    }
    terminal_free(t);
}

Test(screen, edits_wide_characters)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "\xe6\xbc\xa2\xe5\xad\x97\xf0\x9f\x98\x80",
         "C: \xe6\xbc\xa2\xe5\xad\x97\xf0\x9f\x98\x80");
    cr_expect(terminal_cursor_at(t, PROMPT_ROW, 10));
    terminal_type(t, "\x7f\x7f");
    cr_expect(terminal_cursor_at(t, PROMPT_ROW, 6));
    HIDES(t, "\xe5\xad\x97");
    terminal_free(t);
}

Test(screen, swallows_what_no_key_sends)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t,
         "a\x1b]11;rgb:0000/0000/0000\a\x1b[99;9Xb\x1b[?62;c\x1b[I"
         "c",
         "C: abc");
    terminal_free(t);
}

static const struct {
    unsigned rows, cols;
    const char *shows;
} sizes[] = {
    { 50, 200, "talk 1 of 1" }, { 10, 40, "C:" },  { 4, 20, "C:" },
    { 3, 19, "too small" },     { 1, 1, "t" },     { 24, 109, "inside hamburger.edu" },
    { 24, 110, "inside" },      { 200, 20, "C:" }, { 5, 300, "C:" },
};

Test(screen, fits_every_size_and_comes_back)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    for (size_t i = 0; i < ROWS(sizes); i++) {
        terminal_resize(t, sizes[i].rows, sizes[i].cols);
        SHOWS(t, sizes[i].shows);
    }
    for (unsigned i = 0; i < 200; i++)
        terminal_resize(t, 1 + (i * 7) % 60, 1 + (i * 13) % 150);
    terminal_resize(t, 24, 80);
    expect_screen(t, "first.txt", "C: _");
    terminal_free(t);
}

Test(screen, opens_at_every_size)
{
    for (size_t i = 0; i < ROWS(sizes); i++) {
        struct terminal *t =
            lab_start(&(struct lab){ .rows = sizes[i].rows, .cols = sizes[i].cols });

        SHOWS(t, sizes[i].shows);
        terminal_free(t);
    }
}

Test(screen, holds_pasted_lines_until_they_are_sent)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "\x1b[200~HELO crepes.fr\rMAIL FROM:<alice@crepes.fr>\rRSET\r\x1b[201~",
         "pasted lines: not sent yet");
    SHOWS(t, "Enter sends line 1 of 3");
    TYPE(t, "\r", "Enter sends line 2 of 3");
    TYPE(t, "\r", "Enter sends line 3 of 3");
    TYPE(t, "\x03", "Sender ok");
    HIDES(t, "C: RSET");
    terminal_free(t);
}

Test(screen, sends_all_pasted_lines_in_step_when_asked)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t,
         "\x1b[200~HELO crepes.fr\r\nMAIL FROM:<alice@crepes.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\n"
         "DATA\r\nSubject: x\r\n\r\nhello\r\n.\r\nQUIT\r\n\x1b[201~",
         "Enter sends line 1 of 9");
    TYPE(t, "a", "221 hamburger.edu closing");
    SHOWS(t, "1 letter");
    terminal_free(t);
}

static const char *const pasted_secrets[] = { "AGFs", "dXNlcg", "U0VDUkVU" };

Test(screen, hides_the_secrets_of_pasted_lines)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    terminal_type(t, "\x1b[200~NOOP\nAUTH PLAIN AGFsaWNlAHNlY3JldA==\nAUTH LOGIN\ndXNlcg==\n"
                     "U0VDUkVU\nMAIL FROM:<a@b.example>\nDATA\nAuthor: Bob\n.\x1b[201~");
    SHOWS(t, "AUTH PLAIN ********");
    SHOWS(t, "MAIL FROM:<a@b.example>");
    SHOWS(t, "Author: Bob");
    TYPE(t, "\r", "line 2 of 9");
    TYPE(t, "\r", "line 3 of 9");
    TYPE(t, "\r", "line 4 of 9");
    SHOWS(t, "Author: Bob");
    for (size_t i = 0; i < ROWS(pasted_secrets); i++)
        cr_expect_eq(span_search(terminal_output(t), span_of(pasted_secrets[i]), 0, false),
                     SPAN_NOT_FOUND, "%s", pasted_secrets[i]);
    terminal_free(t);
}

Test(screen, types_one_pasted_line_and_does_not_send_it)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "\x1b[200~HELO crepes.fr\r\x1b[201~", "C: HELO crepes.fr");
    TYPE(t, "!", "C: HELO crepes.fr!");
    cr_expect_null(strstr(terminal_text(t), "pleased"));
    terminal_free(t);
}

Test(screen, looks_back_and_shows_the_state_there)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "HELO crepes.fr\r", "pleased");
    TYPE(t, "MAIL FROM:<alice@crepes.fr>\r", "a recipient");
    TYPE(t, "\x1b[1;2A\x1b[1;2A\x1b[1;2A", "HELO says who you are");
    HIDES(t, "alice@crepes.fr  ");
    TYPE(t, "\x1b[1;2B\x1b[1;2B\x1b[1;2B", "a recipient");
    for (unsigned i = 0; i < 12; i++)
        terminal_type(t, "NOOP\r");
    TYPE(t, "HELP\r", "214"); /* the last reply: what came while one looks back would be new */
    SHOWS(t, "more above");
    for (unsigned i = 0; i < 30; i++)
        terminal_type(t, "\x1b[5~");
    SHOWS(t, "S: 220 hamburger.edu");
    SHOWS(t, "more below");
    TYPE(t, "\x1b[F", "more above");
    HIDES(t, "below");
    terminal_free(t);
}

Test(screen, comes_back_from_looking_back_by_one_esc_at_a_time)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    for (unsigned i = 0; i < 12; i++)
        terminal_type(t, "NOOP\r");
    TYPE(t, "HELP\r", "214");
    TYPE(t, "\x1b[H", "S: 220 hamburger.edu");
    SHOWS(t, "Esc to the end   PgUp PgDn End move");
    SHOWS(t, " now    HELO crepes.fr");
    TYPE(t, "\x1bOS", "the ladder");
    TYPE(t, "\x1b", "Esc to the end");
    TYPE(t, "\x1b", "Esc menu   Tab write it for me");
    SHOWS(t, "214");
    SHOWS(t, " next   HELO crepes.fr");
    TYPE(t, "\x1b", "leave smtpscope");
    TYPE(t, "\x1b", "Esc menu   Tab write it for me");
    terminal_free(t);
}

Test(screen, shows_another_talk_until_esc)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "HELO crepes.fr\r", "pleased to meet you");
    TYPE(t, "/connect\r", "talk 2 of 2");
    TYPE(t, "/talk 1\r", "What you type goes to talk 1 now");
    TYPE(t, "/close\r", "NO CONNECTION");
    TYPE(t, "/talk 2\r", "What you type goes to talk 2 now");
    TYPE(t, "/talk 1\r", "talk 1 is shown, /talk back");
    SHOWS(t, "talk 1 of 2");
    TYPE(t, "\x1b", "talk 2 of 2");
    TYPE(t, "/talk\r", "yours, open: what you type goes here");
    SHOWS(t, "yours, over");
    terminal_free(t);
}

Test(screen, says_how_to_leave_when_ctrl_d_does_not)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "\x04", "QUIT ends the talk, /quit leaves.");
    terminal_free(t);
}

Test(screen, keeps_what_matters_on_a_small_terminal)
{
    struct terminal *t = lab_open(&(struct lab){ .rows = 16, .cols = 60 });

    SHOWS(t, "/help   /quit leaves");
    terminal_resize(t, 10, 40);
    SHOWS(t, "NOT encrypted");
    SHOWS(t, "/quit leaves");
    SHOWS(t, "S: 220 hamburger.edu");
    terminal_resize(t, 4, 20);
    SHOWS(t, "S: 220 hamburger");
    terminal_resize(t, 3, 12);
    HIDES(t, "at leas");
    SHOWS(t, "20x4");
    terminal_free(t);
}

Test(screen, says_in_full_that_the_client_closed)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "/close\r", "the client closed the connection");
    SHOWS(t, "you closed the connection");
    TYPE(t, "NOOP\r", "Tab then writes the line"); /* three rows, and no page for them */
    SHOWS(t, "you closed the connection");
    terminal_free(t);
}

Test(screen, finds_text_while_it_is_typed)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "HELO crepes.fr\r", "pleased");
    TYPE(t, "NOOP\r", "C: NOOP");
    TYPE(t, "\x1b/pleas", "find: pleas");
    SHOWS(t, "\xe2\x96\xb8S: 250 Hello"); /* selected */
    TYPE(t, "x", "not found");
    TYPE(t, "\x03y", "C: y");
    terminal_free(t);
}

Test(screen, has_a_menu_and_a_help_to_search)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "\x1b", "leave smtpscope");
    TYPE(t, "1", "search the help:");
    TYPE(t, "clipboard", "Copies the whole dialogue");
    HIDES(t, "Draws the screen anew");
    TYPE(t, "\x1b", "C:");
    TYPE(t,
         "\x1b"
         "4",
         "the ladder");
    TYPE(t, "\x1b", "type here");
    TYPE(t,
         "\x1b"
         "0",
         "");
    cr_expect_eq(terminal_ends(t), 0);
    terminal_free(t);
}

Test(screen, leaves_the_menu_for_what_a_key_of_its_own_opens)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "\x1b", "digit, or arrows and Enter");
    TYPE(t, "\x1bOS", "Esc back   PgUp PgDn move");
    SHOWS(t, "type here");
    TYPE(t, "\x1bOP", "search the help:");
    TYPE(t, "\x1bOS", "Esc back   PgUp PgDn move");
    TYPE(t, "x", "C: x");
    terminal_free(t);
}

Test(screen, has_the_mouse_when_it_is_asked_for)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    terminal_mark(t);
    TYPE(t, "/mouse\r", "The mouse is on");
    cr_expect(terminal_sent(t, "\x1b[?1000h"));
    terminal_mark(t);
    TYPE(t, "/mouse off\r", "terminal's own again");
    cr_expect(terminal_sent(t, "\x1b[?1000l"));
    TYPE(t, "/mouse cat\r", "/mouse is on or off");
    terminal_free(t);
}

Test(screen, keeps_what_was_typed_through_menu_and_pages)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "HELO cr", "C: HELO cr");
    TYPE(t, "\x1bOP", "search the help:");
    TYPE(t, "\x1b", "C: HELO cr");
    TYPE(t,
         "\x1d"
         "e",
         "C: HELO cre");
    terminal_free(t);
}

Test(screen, says_in_a_letter_how_it_ends)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "HELO crepes.fr\r", "pleased");
    TYPE(t, "MAIL FROM:<alice@crepes.fr>\r", "Sender ok");
    TYPE(t, "RCPT TO:<bob@hamburger.edu>\r", "Recipient ok");
    TYPE(t, "DATA\r", "letter|");
    TYPE(t, "\x04", "A line with only a dot ends the letter");
    TYPE(t, "/quit\tx\r", "| /quit<TAB>x");
    TYPE(t,
         "\x1b"
         "8",
         "250 Message accepted");
    terminal_free(t);
}

/* Each line has a length of its own, so that the cursor tells which one is in the prompt. */
Test(screen, recalls_its_lines_from_the_newest_on)
{
    static const unsigned columns[] = { 13, 11, 8 };
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "NOOP\r", "C: NOOP");
    TYPE(t, "NOOP 12\r", "C: NOOP 12");
    TYPE(t, "NOOP 1234\r", "C: NOOP 1234");
    cr_assert(terminal_cursor_at(t, PROMPT_ROW, 4));
    for (size_t i = 0; i < ROWS(columns); i++) {
        terminal_type(t, UP);
        cr_assert(terminal_cursor_at(t, PROMPT_ROW, columns[i]), "%zu\n%s", i, terminal_text(t));
    }
    terminal_free(t);
}

Test(screen, recalls_a_line_again_after_it_was_sent_again)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "NOOP\r", "C: NOOP");
    terminal_type(t, "ab" UP);
    cr_assert(terminal_cursor_at(t, PROMPT_ROW, 8));
    terminal_type(t, "\r" UP);
    cr_assert(terminal_cursor_at(t, PROMPT_ROW, 8));
    terminal_type(t, " x\r");
    SHOWS(t, "C: NOOP x");
    cr_assert(terminal_cursor_at(t, PROMPT_ROW, 4));
    terminal_type(t, UP UP);
    cr_assert(terminal_cursor_at(t, PROMPT_ROW, 8));
    terminal_type(t, "\r/quit\r");
    cr_expect_eq(terminal_ends(t), 0);
    terminal_free(t);
}

/* The row of the screen that holds the text; -1: none does. */
static int row_of(struct terminal *t, const char *text)
{
    const char *all = terminal_text(t), *at = strstr(all, text);
    int row = 0;

    if (!at)
        return -1;
    for (; all < at; all++)
        row += *all == '\n';
    return row;
}

static bool is_marked(struct terminal *t, const char *text)
{
    struct terminal_cell cell;
    int row = row_of(t, text);

    if (row < 0)
        return false;
    terminal_cell(t, (unsigned)row, 1, &cell);
    return cell.reverse;
}

Test(screen, switches_faults_on_and_off_in_a_panel)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "/server fault\r", "What goes wrong at hamburger.edu");
    SHOWS(t, "none: the server does what the standard says");
    SHOWS(t, "Enter: the marked fault, on or off");
    cr_expect(is_marked(t, "RCPT greylist=10s"), "%s", terminal_text(t));
    TYPE(t, "\x1b[B\r", "[x]   1  RCPT full=452");
    SHOWS(t, "At RCPT: 452, the mailbox is full");
    cr_expect(is_marked(t, "[x]   1  RCPT full=452"), "%s", terminal_text(t));
    TYPE(t, " ", "[ ]   1  RCPT full=452");
    TYPE(t, " ", "[x]   1  RCPT full=452");
    /* What is typed is the prompt's, and with it Space and Enter. */
    TYPE(t, "/server fault add RCPT to=carol@* dro\t", "to=carol@* drop");
    TYPE(t, "\r", "[x]   2  RCPT to=carol@* drop");
    TYPE(t, "HELO crepes.fr\r", "250 Hello");
    HIDES(t, "What goes wrong");
    TYPE(t, "MAIL FROM:<alice@crepes.fr>\r", "Sender ok");
    TYPE(t, "RCPT TO:<bob@hamburger.edu>\r", "452 4.2.2");
    TYPE(t, "/server fault panel\r", "full; played 1 of 1");
    TYPE(t, "\x1b[3~", "[x]   2  RCPT");
    HIDES(t, "RCPT full=452\n          At RCPT");
    TYPE(t, "\x1b", "C: ");
    HIDES(t, "What goes wrong");
    TYPE(t, "\x12panel\r", "What goes wrong"); /* its line was remembered */
    terminal_free(t);
}

Test(screen, opens_the_panel_of_faults_from_the_menu_in_a_letter_too)
{
    struct terminal *t = lab_open(&(struct lab){ .rows = 30 });

    TYPE(t, "HELO crepes.fr\r", "250 Hello");
    TYPE(t, "MAIL FROM:<alice@crepes.fr>\r", "Sender ok");
    TYPE(t, "RCPT TO:<bob@hamburger.edu>\r", "Recipient ok");
    TYPE(t, "DATA\r", "letter|");
    TYPE(t, "\x1b", "faults of the lab's server");
    for (int down = row_of(t, "faults of the lab's server") - row_of(t, " 1  help"); down; down--)
        terminal_type(t, "\x1b[B");
    TYPE(t, "\r", "What goes wrong at hamburger.edu");
    TYPE(t, "\r", "[x]   1  RCPT greylist=10s");
    TYPE(t, "x\r", "line 2"); /* a line of the letter, as it was typed */
    terminal_free(t);
}
