/* Plain mode on a terminal: readline edits one line at the bottom, and what comes from the server
 * is written above it. */
#include <signal.h>

#include "base/mem.h"
#include "support/lab.h"
#include "support/run.h"
#include "support/table.h"

#define CTRL_C      "\x03"
#define CTRL_D      "\x04"
#define CTRL_Z      "\x1a"
#define UP          "\x1b[A"
#define LARGE_PASTE 500000

/* The lab in plain mode, at its prompt. */
static struct terminal *plain_open(struct lab lab)
{
    struct terminal *t;

    lab.args[0] = "--plain";
    t = lab_start(&lab);
    SHOWS(t, "S: 220 hamburger.edu");
    SHOWS(t, "C:");
    return t;
}

static unsigned count(struct terminal *t, const char *part)
{
    unsigned found = 0;

    for (const char *at = terminal_text(t); (at = strstr(at, part)); at += strlen(part))
        found++;
    return found;
}

static bool sent(struct terminal *t, const char *octets)
{
    struct span all = terminal_output(t);

    for (size_t i = 0; i + strlen(octets) <= all.len; i++)
        if (memcmp(all.at + i, octets, strlen(octets)) == 0)
            return true;
    return false;
}

/* Says something when it gets a line, and something more that nobody asked for. */
static const char *const talkative[] = { "220 tiny.example ready\r\n",
                                         "250 tiny.example\r\n421 unasked\r\n", NULL };

Test(edit, a_line_is_shown_once_above_the_prompt)
{
    struct terminal *t = plain_open((struct lab){ 0 });

    TYPE(t, "HELO crepes.fr\r", "S: 250 Hello crepes.fr");
    SHOWS(t, "names its sender");
    TYPE(t, "NO", "C: NO");
    cr_expect_eq(count(t, "C: HELO crepes.fr"), 1, "%s", terminal_text(t));
    terminal_free(t);
}

Test(edit, what_comes_unasked_leaves_the_typed_line_alone)
{
    struct tiny tiny = tiny_start(talkative);
    struct terminal *t = lab_start(&(struct lab){ .args = { "--plain", tiny.place } });

    SHOWS(t, "S: 220 tiny.example");
    terminal_type(t, "EHLO x\rhalf a li");
    SHOWS(t, "S: 421 unasked");
    SHOWS(t, "half a li");
    TYPE(t, "ne", "half a line");
    cr_expect_eq(count(t, "half a li"), 1, "%s", terminal_text(t));
    terminal_free(t);
    tiny_end(&tiny);
}

Test(edit, tab_writes_the_next_step_and_completes)
{
    struct terminal *t = plain_open((struct lab){ 0 });

    TYPE(t, "\t", "C: HELO crepes.fr");
    TYPE(t, "\t", "C: EHLO crepes.fr");
    terminal_type(t, CTRL_C);
    HIDES(t, "C: EHLO");
    TYPE(t, "/sav\t", "C: /save");
    terminal_type(t, CTRL_C);
    HIDES(t, "C: /save");
    TYPE(t, "/stat\t", "/states");
    terminal_free(t);
}

Test(edit, history_holds_what_was_typed_but_no_secret)
{
    struct terminal *t = plain_open((struct lab){ 0 });

    TYPE(t, "NOOP one\r", "C: NOOP one");
    TYPE(t, "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r", "C: AUTH PLAIN");
    TYPE(t, "x\x15" UP, "C: NOOP one");
    TYPE(t, "!", "C: NOOP one!");
    cr_expect_eq(count(t, "AGFsaWNl"), 0, "%s", terminal_text(t));
    terminal_free(t);
}

Test(edit, a_command_that_carries_a_secret_is_shown_without_it)
{
    struct terminal *t = plain_open((struct lab){ 0 });

    TYPE(t, "/raw \"AUTH PLAIN AGFsaWNlAHNlY3JldA==\\r\\n\"\r", "C: /raw ********");
    SHOWS(t, "C: AUTH PLAIN ********");
    SHOWS(t, "S: 503"); /* the login is over */
    terminal_type(t, "/help raw\r");
    SHOWS(t, "C: /help raw");
    cr_expect_eq(count(t, "AGFsaWNl"), 0, "%s", terminal_text(t));
    terminal_free(t);
}

Test(edit, ctrl_c_clears_the_line_then_says_how_to_leave_then_leaves)
{
    struct terminal *t = plain_open((struct lab){ 0 });

    TYPE(t, "abc", "C: abc");
    terminal_type(t, CTRL_C);
    HIDES(t, "C: abc");
    TYPE(t, CTRL_C, "/quit leaves; so does Ctrl-C once more.");
    terminal_type(t, CTRL_C);
    cr_expect_eq(terminal_ends(t), 128 + SIGINT);
    cr_expect(terminal_as_before(t));
    cr_expect(terminal_sent(t, "\x1b[?2004l"));
    terminal_free(t);
}

Test(edit, ctrl_c_leaves_a_search)
{
    struct terminal *t = plain_open((struct lab){ 0 });

    TYPE(t, "NOOP one\r", "C: NOOP one");
    TYPE(t, "\x12one", "i-search");
    terminal_type(t, CTRL_C);
    HIDES(t, "i-search");
    TYPE(t, "RS", "C: RS");
    terminal_free(t);
}

Test(edit, ctrl_d_ends_the_talk_and_the_program)
{
    struct terminal *t = plain_open((struct lab){ 0 });

    terminal_type(t, CTRL_D);
    cr_expect_eq(terminal_ends(t), 0);
    cr_expect(terminal_as_before(t));
    terminal_free(t);
}

Test(edit, sleeps_and_wakes)
{
    struct terminal *t = plain_open((struct lab){ .job = true });

    TYPE(t, "HELO cr", "C: HELO cr");
    terminal_mark(t);
    TYPE(t, CTRL_Z, "[stopped]");
    cr_expect(terminal_as_before(t), "the settings are others");
    cr_expect(sent(t, "\x1b[?2004l"), "pastes stay in brackets");
    terminal_mark(t);
    TYPE(t, "fg\n", "HELO cr");
    TYPE(t, "e", "C: HELO cre");
    cr_expect(sent(t, "\x1b[?2004h"), "pastes are no longer in brackets");
    TYPE(t, "pes.fr\r", "S: 250 Hello crepes.fr");
    TYPE(t, CTRL_C, "/quit leaves");
    TYPE(t, CTRL_C, "[exited 130]");
    terminal_free(t);
}

Test(edit, follows_the_size_of_the_terminal)
{
    struct terminal *t = plain_open((struct lab){ .rows = 24, .cols = 80 });

    TYPE(t, "NOOP a line that is longer than thirty columns", "thirty columns");
    terminal_resize(t, 24, 30);
    SHOWS(t, "<"); /* what does not fit any more is cut on the left: the new size is known */
    TYPE(t, " and more", "more");
    terminal_type(t, CTRL_C);
    HIDES(t, "more");
    TYPE(t, "RS", "C: RS");
    terminal_free(t);
}

static const struct {
    const char *name;
    int number;
} ends[] = { { "SIGTERM", SIGTERM }, { "SIGHUP", SIGHUP } };

Test(edit, a_signal_gives_the_terminal_back)
{
    for (size_t i = 0; i < ROWS(ends); i++) {
        struct terminal *t = plain_open((struct lab){ 0 });

        TYPE(t, "abc", "C: abc");
        kill(terminal_pid(t), ends[i].number);
        cr_expect_eq(terminal_ends(t), 128 + ends[i].number, "%s", ends[i].name);
        cr_expect(terminal_as_before(t), "%s", ends[i].name);
        cr_expect(terminal_sent(t, "\x1b[?2004l"), "%s", ends[i].name);
        terminal_free(t);
    }
}

Test(edit, ends_when_the_terminal_vanishes)
{
    struct terminal *t = plain_open((struct lab){ 0 });

    terminal_hang_up(t);
    cr_expect_neq(terminal_ends(t), -1, "it still runs");
    terminal_free(t);
}

Test(edit, a_line_longer_than_the_terminal_is_taken_away_whole)
{
    struct terminal *t = plain_open((struct lab){ .rows = 30, .cols = 40 });

    TYPE(t,
         "NOOP 1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb3",
         "bbb3");
    TYPE(t, "\r", "S: 250");
    TYPE(t, "RS", "C: RS");
    cr_expect_eq(count(t, "bbb3"), 1, "%s", terminal_text(t));
    cr_expect_eq(count(t, "C: NOOP 1aa"), 1, "%s", terminal_text(t));
    terminal_free(t);
}

Test(edit, wide_characters_are_edited_as_one)
{
    struct terminal *t = plain_open((struct lab){ 0 });

    TYPE(t, "NOOP \xe6\x97\xa5\xe6\x9c\xac", "C: NOOP \xe6\x97\xa5\xe6\x9c\xac");
    terminal_type(t, "\x7f");
    HIDES(t, "\xe6\x9c\xac");
    TYPE(t, "x", "C: NOOP \xe6\x97\xa5x");
    terminal_free(t);
}

Test(edit, a_paste_of_lines_waits_for_enter)
{
    struct terminal *t = plain_open((struct lab){ 0 });

    terminal_type(t, "\x1b[200~HELO crepes.fr\nNOOP two\x1b[201~");
    SHOWS(t, "NOOP two");
    cr_expect_eq(count(t, "S: 250"), 0, "%s", terminal_text(t));
    TYPE(t, "\r", "C: NOOP two");
    SHOWS(t, "S: 250 Hello crepes.fr");
    cr_expect_eq(count(t, "C: HELO crepes.fr"), 1, "%s", terminal_text(t));
    terminal_free(t);
}

/* What has begun and may never end keeps nothing else waiting: the server's words are shown. */
Test(edit, a_key_that_has_only_begun_keeps_nothing_waiting)
{
    static const char *const begun[] = { "\x1b[200~HELO a", "\xc3", "\xf0\x9f", "\x1b", "\x1b[1;" };

    for (size_t i = 0; i < ROWS(begun); i++) {
        struct tiny tiny = tiny_start(talkative);
        struct terminal *t = lab_start(&(struct lab){ .args = { "--plain", tiny.place } });

        SHOWS(t, "S: 220 tiny.example");
        terminal_type(t, "EHLO x\r");
        terminal_type(t, begun[i]);
        cr_expect(terminal_shows(t, "S: 421 unasked"), "row %zu\n%s", i, terminal_text(t));
        kill(terminal_pid(t), SIGTERM);
        cr_expect_eq(terminal_ends(t), 128 + SIGTERM, "row %zu", i);
        terminal_free(t);
        tiny_end(&tiny);
    }
}

Test(edit, a_paste_in_pieces_is_one)
{
    struct terminal *t = plain_open((struct lab){ 0 });

    TYPE(t, "a", "C: a");
    terminal_type(t, "\x1b[200~b\nc");
    terminal_type(t, "d\x1b[20");
    terminal_type(t, "1~!");
    SHOWS(t, "cd!");
    cr_expect_eq(count(t, "S: 500"), 0, "%s", terminal_text(t));
    terminal_free(t);
}

/* As large as a letter may be: taken in one piece, and soon. */
Test(edit, a_large_paste_is_taken_soon)
{
    struct terminal *t = plain_open((struct lab){ 0 });
    char *text = mem_alloc(LARGE_PASTE + 32);

    memcpy(text, "\x1b[200~", 6);
    memset(text + 6, 'x', LARGE_PASTE);
    memcpy(text + 6 + LARGE_PASTE, "!?\x1b[201~", sizeof "!?\x1b[201~");
    terminal_type(t, text);
    mem_free(text);
    SHOWS(t, "xx!?");
    terminal_free(t);
}

/* Every octet that would move the cursor: only printable text, line ends, and the backspaces that a
 * dumb terminal has. */
Test(edit, a_dumb_terminal_gets_no_cursor_movement)
{
    struct terminal *t = plain_open((struct lab){ .env = { "TERM=dumb" } });

    TYPE(t, "HELO crepes.fr\r", "S: 250 Hello crepes.fr");
    TYPE(t, "NO\x7fX", "NX");
    TYPE(t, "\x15NOOP\r", "S: 250 Ok");
    cr_expect(!sent(t, "\x1b"), "an escape sequence");
    cr_expect_eq(count(t, "S: 250 Hello crepes.fr"), 1);
    terminal_free(t);
}

/* A screen reader follows what is appended, and loses its place when the cursor goes up. */
Test(edit, the_cursor_never_goes_up)
{
    struct terminal *t = plain_open((struct lab){ .rows = 30, .cols = 40 });

    TYPE(t, "HELO crepes.fr\r", "S: 250 Hello crepes.fr");
    TYPE(t, "NOOP 1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2bbbbbbbbbbbbbbbbbbbbbbbbbbb3", "bbb3");
    TYPE(t, "\r", "S: 250 Ok");
    TYPE(t, "/stat\t\t", "/states");
    cr_expect(!sent(t, "\x1b[A"), "up");
    cr_expect(!sent(t, "\x1bM"), "up, by scrolling");
    cr_expect(!sent(t, "\x1b[1A") && !sent(t, "\x1b[2A"), "up by a number");
    terminal_free(t);
}
