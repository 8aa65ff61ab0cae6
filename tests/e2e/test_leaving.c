/* However the screen ends, the terminal is as it was before. */
#include <signal.h>
#include <sys/stat.h>

#include "support/lab.h"
#include "support/run.h"
#include "support/table.h"

/* Settings, screen, and the modes that were turned on. */
static void expect_given_back(struct terminal *t, const char *how)
{
    cr_expect(terminal_as_before(t), "%s: the settings are others", how);
    cr_expect(terminal_sent(t, "\x1b[?2004l"), "%s: pastes stay in brackets", how);
    cr_expect(terminal_sent(t, "\x1b[?1049l"), "%s: the alternate screen stays", how);
    cr_expect_not(terminal_alternate(t), "%s", how);
}

static const struct {
    const char *name, *keys;
} ways[] = {
    { "/quit", "/quit\r" },
    { "the menu", "\x1b"
                  "0" },
    { "Ctrl-] and 0", "\x1d"
                      "0" },
    { "Ctrl-C twice", "\x03\x03" },
    { "Ctrl-C thrice on a line", "abc\x03\x03\x03" },
};

Test(leaving, works_in_every_way_that_is_offered)
{
    for (size_t i = 0; i < ROWS(ways); i++) {
        struct terminal *t = lab_open(&(struct lab){ 0 });

        cr_expect(!terminal_as_before(t));
        terminal_type(t, ways[i].keys);
        cr_expect_eq(terminal_ends(t), 0, "%s\n%s", ways[i].name, terminal_text(t));
        expect_given_back(t, ways[i].name);
        cr_expect_null(strstr(terminal_text(t), "Saved"), "%s: a greeting alone was saved",
                       ways[i].name);
        terminal_free(t);
    }
}

Test(leaving, works_inside_a_letter)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "HELO crepes.fr\r", "pleased");
    TYPE(t, "MAIL FROM:<alice@crepes.fr>\r", "Sender ok");
    TYPE(t, "RCPT TO:<bob@hamburger.edu>\r", "Recipient ok");
    TYPE(t, "DATA\r", "letter|");
    TYPE(t, "/quit\r\x04", "A line with only a dot");
    TYPE(t,
         "\x1b"
         "9",
         "no server>");
    terminal_type(t, "\x1b"
                     "0");
    cr_expect_neq(terminal_ends(t), -1);
    expect_given_back(t, "hung up");
    terminal_free(t);
}

static const struct {
    const char *name;
    int number;
} ends[] = {
    { "SIGTERM", SIGTERM },
    { "SIGHUP", SIGHUP },
    { "SIGINT", SIGINT },
};

Test(leaving, by_a_signal_gives_the_terminal_back)
{
    for (size_t i = 0; i < ROWS(ends); i++) {
        struct terminal *t = lab_open(&(struct lab){ 0 });

        kill(terminal_pid(t), ends[i].number);
        cr_expect_eq(terminal_ends(t), 128 + ends[i].number, "%s", ends[i].name);
        expect_given_back(t, ends[i].name);
        terminal_free(t);
    }
}

/* While the program leaves for the first of them, the others must not end it in the middle. */
Test(leaving, by_many_signals_at_once_gives_the_terminal_back)
{
    for (unsigned i = 0; i < 5; i++) {
        struct terminal *t = lab_open(&(struct lab){ 0 });
        int status;

        for (unsigned n = 0; n < 2000 && terminal_alternate(t); n++) {
            kill(terminal_pid(t), SIGTERM);
            terminal_text(t);
        }
        status = terminal_ends(t);
        cr_expect_eq(status, 128 + SIGTERM, "%d\n%s", status, terminal_text(t));
        expect_given_back(t, "many");
        terminal_free(t);
    }
}

static const struct {
    const char *name;
    int number;
} crashes[] = {
    { "SIGSEGV", SIGSEGV }, { "SIGABRT", SIGABRT }, { "SIGBUS", SIGBUS },   { "SIGFPE", SIGFPE },
    { "SIGILL", SIGILL },   { "SIGQUIT", SIGQUIT }, { "SIGTRAP", SIGTRAP }, { "SIGXCPU", SIGXCPU },
    { "SIGUSR1", SIGUSR1 }, { "SIGUSR2", SIGUSR2 },
};

static struct terminal *plain_open(void)
{
    struct terminal *t = lab_start(&(struct lab){ .args = { "--plain" } });

    SHOWS(t, "S: 220 hamburger.edu");
    TYPE(t, "NO", "C: NO");
    return t;
}

static void expect_plain_given_back(struct terminal *t, const char *how)
{
    int status = terminal_ends(t);

    cr_expect(status > 0, "%s: %d", how, status);
    cr_expect(terminal_as_before(t), "%s: the settings are others", how);
    cr_expect(terminal_sent(t, "\x1b[?2004l"), "%s: pastes stay in brackets", how);
}

Test(leaving, by_a_crash_gives_the_terminal_back)
{
    for (size_t i = 0; i < ROWS(crashes); i++) {
        struct terminal *t = lab_open(&(struct lab){ 0 });
        int status;

        kill(terminal_pid(t), crashes[i].number);
        status = terminal_ends(t);
        cr_expect(status > 0, "%s: %d", crashes[i].name, status); /* a sanitizer has its own */
        expect_given_back(t, crashes[i].name);
        terminal_free(t);
    }
}

Test(leaving, plain_mode_by_a_crash_gives_the_terminal_back)
{
    for (size_t i = 0; i < ROWS(crashes); i++) {
        struct terminal *t = plain_open();

        cr_expect(!terminal_as_before(t));
        kill(terminal_pid(t), crashes[i].number);
        expect_plain_given_back(t, crashes[i].name);
        terminal_free(t);
    }
}

Test(leaving, plain_mode_by_the_key_that_asks_for_a_core_gives_the_terminal_back)
{
    struct terminal *t = plain_open();

    terminal_type(t, "\x1c");
    expect_plain_given_back(t, "Ctrl-\\");
    terminal_free(t);
}

Test(leaving, keeps_what_was_typed_for_oneself)
{
    char *state = run_folder(), path[96], home[96];
    const char *old;
    struct terminal *t;
    struct stat st;

    snprintf(path, sizeof path, "%s/smtpscope", state);
    cr_assert(mkdir(path, 0755) == 0 && chmod(path, 0755) == 0);
    old = run_file(path, "history", SPAN("NOOP old\n"));
    cr_assert_eq(chmod(old, 0644), 0);
    snprintf(home, sizeof home, "XDG_STATE_HOME=%s", state);
    t = lab_open(&(struct lab){ .env = { home } });
    TYPE(t, "\x1b[A", "C: NOOP old");
    TYPE(t, "\x15NOOP new\r", "C: NOOP new");
    cr_expect(stat(path, &st) == 0 && (st.st_mode & 0777) == 0700);
    cr_expect(stat(old, &st) == 0 && (st.st_mode & 0777) == 0600);
    cr_expect_eq(st.st_size, (off_t)strlen("NOOP old\nNOOP new\n"));
    terminal_free(t);
    unlink(old);
    rmdir(path);
    rmdir(state);
}

Test(leaving, follows_when_the_terminal_vanishes)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    terminal_hang_up(t);
    cr_expect_neq(terminal_ends(t), -1, "it still runs");
    terminal_free(t);
}

Test(leaving, for_a_while_and_coming_back)
{
    struct terminal *t = lab_open(&(struct lab){ .job = true });

    TYPE(t, "HELO cr", "C: HELO cr");
    terminal_mark(t);
    TYPE(t, "\x1a", "[stopped]");
    expect_given_back(t, "stopped");
    TYPE(t, "fg\n", "C: HELO cr");
    cr_expect(terminal_alternate(t));
    TYPE(t, "e", "C: HELO cre");
    terminal_mark(t);
    TYPE(t, "\x03\x03\x03", "[exited 0]");
    expect_given_back(t, "left after a stop");
    terminal_free(t);
}

Test(leaving, is_resized_while_stopped)
{
    struct terminal *t = lab_open(&(struct lab){ .job = true });

    TYPE(t, "\x1a", "[stopped]");
    terminal_resize(t, 40, 132);
    TYPE(t, "fg\n", "talk 1 of 1");
    terminal_free(t);
}

Test(leaving, stopped_from_outside_comes_back_too)
{
    struct terminal *t = lab_open(&(struct lab){ .job = true });

    kill(terminal_pid(t), SIGTSTP);
    SHOWS(t, "[stopped]");
    expect_given_back(t, "SIGTSTP");
    TYPE(t, "fg\n", "type here");
    TYPE(t, "x", "C: x");
    terminal_free(t);
}

Test(leaving, killed_to_a_stop_comes_back_whole)
{
    struct terminal *t = lab_open(&(struct lab){ .job = true });
    char *want = lab_screen("first.txt", "C: _");

    kill(terminal_pid(t), SIGSTOP);
    SHOWS(t, "[stopped]");
    terminal_mark(t);
    terminal_type(t, "fg\n");
    cr_expect(terminal_sent(t, "\x1b[?1049h"), "not the alternate screen");
    cr_expect(terminal_sent(t, "\x1b[?2004h"), "not the brackets");
    cr_expect(terminal_is(t, want), "%s", terminal_text(t));
    TYPE(t, "x", "C: x");
    free(want);
    terminal_free(t);
}

Test(leaving, prints_the_dialogue_for_keeps)
{
    struct terminal *t = lab_open(&(struct lab){ 0 });

    TYPE(t, "HELO crepes.fr\r", "pleased");
    terminal_type(t, "/quit\r");
    cr_expect_eq(terminal_ends(t), 0);
    SHOWS(t, "S: 220 hamburger.edu");
    SHOWS(t, "C: HELO crepes.fr");
    cr_expect_not(terminal_alternate(t));
    terminal_free(t);
}
