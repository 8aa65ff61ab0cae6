/* The table of commands, and each command with right and wrong arguments. */
#include "console/commands.h"
#include <sys/stat.h>

#include "desk.h"

Test(commands, have_everything_that_their_readers_need)
{
    for (size_t i = 0; i < console_command_count; i++) {
        const struct console_command *k = &console_commands[i];

        cr_expect(*k->name && *k->help && *k->more, "%s", k->name);
        cr_expect_not_null(k->args, "%s", k->name);
        cr_expect_not_null(k->run, "%s", k->name);
        cr_expect(k->where & IN_ALL, "%s", k->name);
        cr_expect_eq(console_command_by_name(span_of(k->name)), k, "%s stands twice", k->name);
        cr_expect_eq(console_command_nearest(span_of(k->name)), k, "%s", k->name);
        cr_expect_lt(strlen(k->help), 51, "%s: fits beside its name", k->name);
    }
}

static const struct {
    const char *typed, *nearest; /* NULL: none */
} near[] = {
    { "hlep", "help" },      { "hep", "help" },
    { "sav", "save" },       { "QUTI", "quit" },
    { "exp", "explain" },    { "lader", "ladder" },
    { "exit", "quit" },      { "ls", "server" },
    { "open", "connect" },   { "?", "help" },
    { "conect", "connect" }, { "mailboxes", "mailbox" },
    { "xyzzy", NULL },       { "", NULL },
    { "foo", NULL },         { "ssl", "tls" },
    { "a", NULL },           { "averylongwordindeedthatnobodymeans", NULL },
};

Test(commands, know_what_was_meant)
{
    for (size_t i = 0; i < ROWS(near); i++) {
        const struct console_command *k = console_command_nearest(span_of(near[i].typed));

        cr_expect_str_eq(k ? k->name : "-", near[i].nearest ? near[i].nearest : "-", "%s",
                         near[i].typed);
    }
}

/* In the lab, after the textbook's letter was sent. "": nothing of that kind. */
static const struct {
    const char *typed, *opened, *said, *complained;
} rows[] = {
    { "/help", "/connect [HOST[:PORT]]", "", "" },
    { "/help save", "Passwords are", "", "" },
    { "/help /save", "Passwords are", "", "" },
    { "/help MAIL", "MAIL FROM:<reverse-path>", "", "" },
    { "/help passwords", "/save", "", "" },
    { "/help xyzzy", "", "No help mentions that", "" },
    { "/learn", "done  5", "", "" },
    { "/state", "may come     EHLO HELO MAIL RSET NOOP HELP VRFY EXPN QUIT\n", "", "" },
    { "/STATE", "ready", "", "" },
    { "/states", "ready", "", "" },
    { "/letter", "ketchup", "", "" },
    { "/server", "bob@hamburger.edu", "", "" },
    { "/server mailboxes", "1 letter", "", "" },
    { "/server letters bob", "lunch", "", "" },
    { "/server letters BOB@hamburger.edu", "lunch", "", "" },
    { "/server letters", "", "", "Which mailbox?" },
    { "/server letters nobody", "", "", "no mailbox of that name" },
    { "/server letter bob 1", "ketchup", "", "" },
    { "/server letter bob", "ketchup", "", "" },
    { "/server letter bob 2", "", "holds 1 letter", "" },
    { "/server letter bob 0", "", "", "A number from 1" },
    { "/server letter bob x", "", "", "A number from 1" },
    { "/server door", "", "", "/server knows:" },
    { "/server fault", "none: the server does what", "", "" },
    { "/server fault list", "/server fault add", "", "" },
    { "/server fault help", "greylist", "", "" },
    { "/server fault panel", "What goes wrong at", "", "" },
    { "/server fault examples", "EHLO strip=STARTTLS", "", "" },
    { "/server fault add MAIL drop", "", "Fault 1 is on.", "" },
    { "/server fault add", "", "", "Which fault?" },
    { "/server fault add RCPT dealy=2s", "", "", "did you mean 'delay'?" },
    { "/server fault off 77", "", "", "There is no fault of that number" },
    { "/server fault off x", "", "", "A number out of" },
    { "/server fault door", "", "", "/server fault knows:" },
    { "/mailbox", "1 letter", "", "" },
    { "/mailbox bob", "lunch", "", "" },
    { "/mailbox bob 1", "ketchup", "", "" },
    { "/mailbox nobody", "", "", "no mailbox of that name" },
    { "/find", "", "", "/find needs a text" },
    { "/level", "", "worded for learners", "" },
    { "/level admin", "", "worded for admins", "" },
    { "/level boss", "", "", "learner or admin" },
    { "/sources", "", "are shown", "" },
    { "/sources off", "", "are not shown", "" },
    { "/sources on", "", "are shown", "" },
    { "/sources maybe", "", "", "on or off" },
    { "/mouse", "", "no screen here", "" },
    { "/mouse cat", "", "", "on or off" },
    { "/explain #99", "", "", "no such line; the last one is 14" },
    { "/explain 15", "", "", "no such line" },
    { "/explain 0", "", "", "no such line" },
    { "/wait", "", "", "/wait needs seconds" },
    { "/wait soon", "", "", "/wait needs seconds" },
    { "/wait -1", "", "", "/wait needs seconds" },
    { "/wait .", "", "", "/wait needs seconds" },
    { "/wait 99999", "", "", "/wait needs seconds" },
    { "/wait 0", "", "", "" },
    { "/expect", "", "", "/expect needs a reply code" },
    { "/expect 2500", "", "", "/expect needs a reply code" },
    { "/expect x", "", "", "/expect needs a reply code" },
    { "/expect 250", "", "", "" },
    { "/expect 2", "", "", "" },
    { "/expect 550", "", "", "/expect 550: the last reply was 250" },
    { "/go", "", "", "nothing was" },
    { "/raw", "", "", "/raw needs text" },
    { "/raw \"NOOP\\q\"", "", "", "/raw, character 6 of its text: no such escape" },
    { "/raw \"NOOP\\r\\n\"", "", "", "" },
    { "/send", "", "", "/send needs a file" },
    { "/send /dev/null/letter", "", "", "cannot be opened" },
    { "/send /tmp", "", "", "not an ordinary file" },
    { "/play", "", "", "it needs a file" },
    { "/play /dev/null/script", "", "", "cannot be opened" },
    { "/save", "", "", "/save needs a file" },
    { "/save /dev/null/file", "", "", "cannot be written" },
    { "/save /tmp", "", "", "there is a file /tmp already" },
    { "/record", "", "", "/record needs a file" },
    { "/record /dev/null/file", "", "", "cannot be written" },
    { "/connect :x", "", "", "/connect: " },
    { "/connect localhost notaport", "", "", "/connect: " },
    { "/talk", "crepes.fr to hamburger.edu", "", "" },
    { "/talk 7", "", "", "/talk needs the number" },
    { "/talk 0", "", "", "/talk needs the number" },
    { "/talk me", "", "", "/talk needs the number" },
    { "/talk back", "", "is shown already", "" },
    { "/talk 1", "", "goes to talk 1", "" },
};

/* What would wait for somebody else, or destroy what is there, is refused at once. */
Test(commands, take_files_only_that_are_files_and_write_only_new_ones)
{
    static const struct {
        const char *command, *complained;
    } cases[] = {
        { "/send", "not an ordinary file" },
        { "/play", "not an ordinary file" },
        { "/save", "there is a file /tmp/" },
        { "/record", "there is a file /tmp/" },
    };
    char *paths[] = { desk_new_file(), desk_new_file() };
    struct desk d;

    cr_assert_eq(mkfifo(paths[0], 0600), 0);
    cr_assert_eq(symlink("/tmp/smtpscope-no-such-file", paths[1]), 0);
    desk_lab(&d);
    for (size_t i = 0; i < ROWS(cases) * 2; i++) {
        bool link = i >= ROWS(cases);
        struct buf line = { 0 };

        buf_printf(&line, "%s %s", cases[i % ROWS(cases)].command, paths[link]);
        buf_clear(&d.complained);
        desk_type(&d, buf_text(&line));
        cr_expect(desk_has(&d.complained, link && i % ROWS(cases) < 2
                                              ? "cannot be opened"
                                              : cases[i % ROWS(cases)].complained),
                  "%s: %s", buf_text(&line), buf_text(&d.complained));
        buf_release(&line);
    }
    desk_end(&d);
    for (size_t i = 0; i < ROWS(paths); i++) {
        unlink(paths[i]);
        mem_free(paths[i]);
    }
}

static void send_textbook_letter(struct desk *d)
{
    desk_type(d, "HELO crepes.fr");
    desk_type(d, "MAIL FROM:<alice@crepes.fr>");
    desk_type(d, "RCPT TO:<bob@hamburger.edu>");
    desk_type(d, "DATA");
    desk_type(d, "Subject: lunch");
    desk_type(d, "");
    desk_type(d, "Do you like ketchup?");
    desk_type(d, ".");
    desk_settle(d);
}

Test(commands, state_has_its_values_in_one_column)
{
    struct desk d;

    desk_lab(&d);
    desk_type(&d, "HELO crepes.fr");
    desk_type(&d, "MAIL FROM:<alice@crepes.fr>");
    console_enter(d.console, SPAN("/state"));
    cr_expect(desk_has(&d.opened, "\n letter from  <alice@crepes.fr>\n letter to    nobody yet\n"),
              "%s", buf_text(&d.opened));
    desk_type(&d, "RCPT TO:<bob@hamburger.edu>");
    desk_type(&d, "RCPT TO:<postmaster@hamburger.edu>");
    console_enter(d.console, SPAN("/state"));
    cr_expect(
        desk_has(&d.opened, "\n letter to    <bob@hamburger.edu> <postmaster@hamburger.edu>\n"),
        "%s", buf_text(&d.opened));
    desk_end(&d);
}

static void expect_part(const char *typed, const char *what, const struct buf *got,
                        const char *want)
{
    if (*want)
        cr_expect(desk_has(got, want), "%s %s: %s", typed, what, buf_text(got));
    else
        cr_expect_eq(got->len, 0, "%s %s: %s", typed, what, buf_text(got));
}

Test(commands, do_what_they_say_and_say_what_is_wrong)
{
    struct desk d;

    desk_lab(&d);
    send_textbook_letter(&d);
    for (size_t i = 0; i < ROWS(rows); i++) {
        buf_clear(&d.opened);
        buf_clear(&d.said);
        buf_clear(&d.complained);
        desk_type(&d, rows[i].typed);
        /* What takes time ends here. */
        cr_assert(TURN_UNTIL(d.loop, console_queued(d.console) == 0));
        expect_part(rows[i].typed, "opened", &d.opened, rows[i].opened);
        expect_part(rows[i].typed, "said", &d.said, rows[i].said);
        expect_part(rows[i].typed, "complained", &d.complained, rows[i].complained);
    }
    cr_expect_not(d.quit);
    cr_expect_eq(console_status(d.console), 0, "what was mended at a prompt is no failure");
    desk_end(&d);
}

Test(commands, explain_lines_events_and_texts)
{
    struct desk d;

    desk_lab(&d);
    desk_type(&d, "HELO crepes.fr");
    desk_type(&d, "/explain");
    cr_expect_eq(d.pane, PANE_EXPLAIN);
    cr_expect(desk_has(&d.opened, "#1:3  S: 250 Hello"), "%s", buf_text(&d.opened));
    desk_type(&d, "/explain 2");
    cr_expect(desk_has(&d.opened, "#1:2  C: HELO crepes.fr"), "%s", buf_text(&d.opened));
    desk_type(&d, "/explain #1:1");
    cr_expect(desk_has(&d.opened, "#1:1  S: 220"), "%s", buf_text(&d.opened));
    buf_clear(&d.opened);
    desk_type(&d, "/explain 550 5.1.1");
    cr_expect_gt(d.opened.len, 2);
    cr_expect_str_eq(buf_text(&d.complained), "");
    desk_end(&d);
}

Test(commands, explain_what_happened_before_any_line)
{
    struct desk d;

    desk_start(&d, DESK_LISTENER);
    console_enter(d.console, SPAN("/explain"));
    cr_expect(desk_has(&d.said, "Nothing was said yet"), "%s", buf_text(&d.said));
    console_connect(d.console, "127.0.0.1", listener_port(d.listener));
    cr_assert(TURN_UNTIL(d.loop, d.peer));
    cr_assert(TURN_UNTIL(d.loop, record_events(d.record, 1) >= 2));
    console_enter(d.console, SPAN("/explain"));
    cr_expect_eq(d.pane, PANE_EXPLAIN);
    cr_expect_gt(d.opened.len, 2);
    desk_end(&d);
}

Test(commands, find_hands_the_text_over)
{
    struct desk d;

    desk_lab(&d);
    desk_type(&d, "/find  Sender ok ");
    cr_expect_str_eq(buf_text(&d.found), "Sender ok");
    cr_expect(d.found_backwards);
    desk_end(&d);
}

Test(commands, level_and_sources_change_the_style)
{
    struct desk d;

    desk_lab(&d);
    desk_type(&d, "/level admin");
    desk_type(&d, "/sources on");
    cr_expect_eq(console_notes(d.console)->level, NOTES_ADMIN);
    cr_expect(console_notes(d.console)->sources);
    cr_expect(console_notes(d.console)->lab);
    desk_end(&d);
}

Test(commands, let_things_go_wrong_at_the_labs_server)
{
    struct desk d;
    struct buf out = { 0 };

    desk_lab(&d);
    desk_type(&d, "/server fault add RCPT to=bob@* times=1 reply=\"450 4.2.1 busy\"");
    desk_type(&d, "HELO crepes.fr");
    desk_type(&d, "MAIL FROM:<alice@crepes.fr>");
    desk_type(&d, "RCPT TO:<bob@hamburger.edu>");
    desk_type(&d, "RCPT TO:<bob@hamburger.edu>");
    desk_settle(&d);
    cr_expect_not_null(strstr(desk_talk(&d, 1, &out), "450 4.2.1 busy"), "%s", buf_text(&out));
    cr_expect_not_null(strstr(buf_text(&out), "Recipient ok"), "%s", buf_text(&out));
    desk_type(&d, "/server fault");
    cr_expect(desk_has(&d.opened,
                       " [x]   1  RCPT to=bob@* times=1 reply=\"450 4.2.1 busy\"\n"
                       "          At RCPT, recipient bob@*, match 1: the reply is 450 4.2.1 busy; "
                       "played 1 of 2\n"),
              "%s", buf_text(&d.opened));
    desk_type(&d, "/server fault off 1");
    cr_expect(desk_has(&d.said, "Fault 1 is off."), "%s", buf_text(&d.said));
    desk_type(&d, "/server fault");
    cr_expect(desk_has(&d.opened, " [ ]   1  RCPT"), "%s", buf_text(&d.opened));
    desk_type(&d, "/server fault on 1");
    cr_expect(desk_has(&d.said, "Fault 1 is on."), "%s", buf_text(&d.said));
    desk_type(&d, "/server fault remove 1");
    cr_expect(desk_has(&d.said, "Fault 1 is gone."), "%s", buf_text(&d.said));
    desk_type(&d, "/server fault list");
    cr_expect(desk_has(&d.opened, "none"), "%s", buf_text(&d.opened));
    buf_release(&out);
    desk_end(&d);
}

Test(commands, look_into_no_real_server)
{
    struct desk d;

    desk_start(&d, 0);
    console_enter(d.console, SPAN("/mailbox bob"));
    console_enter(d.console, SPAN("/server letters bob"));
    cr_expect(desk_has(&d.complained, "Only the lab's own server"), "%s", buf_text(&d.complained));
    console_enter(d.console, SPAN("/state"));
    console_enter(d.console, SPAN("/letter"));
    console_enter(d.console, SPAN("/ladder"));
    console_enter(d.console, SPAN("/server show"));
    cr_expect(desk_has(&d.said, "There was no talk yet"), "%s", buf_text(&d.said));
    console_enter(d.console, SPAN("/close"));
    cr_expect(desk_has(&d.said, "no open talk to close"), "%s", buf_text(&d.said));
    cr_expect_eq(d.opened.len, 0);
    buf_clear(&d.complained);
    console_enter(d.console, SPAN("/raw x"));
    console_enter(d.console, SPAN("/send x"));
    console_enter(d.console, SPAN("/connect"));
    cr_expect_str_eq(buf_text(&d.complained),
                     "Not sent, for there is no server. /connect HOST starts a talk.\n"
                     "Not sent, for there is no server. /connect HOST starts a talk.\n"
                     "/connect needs a host, as in /connect mx.example.org 25\n");
    desk_end(&d);
}

Test(commands, work_inside_the_letter_from_a_menu)
{
    struct desk d;

    desk_lab(&d);
    desk_type(&d, "HELO crepes.fr");
    desk_type(&d, "MAIL FROM:<alice@crepes.fr>");
    desk_type(&d, "RCPT TO:<bob@hamburger.edu>");
    desk_type(&d, "DATA");
    console_command(d.console, SPAN("state"));
    cr_expect_eq(d.pane, PANE_STATE);
    cr_expect(desk_has(&d.opened, "lines of the letter, then a dot alone"), "%s",
              buf_text(&d.opened));
    cr_expect(desk_has(&d.opened, "<alice@crepes.fr>"), "%s", buf_text(&d.opened));
    console_command(d.console, SPAN("/close"));
    cr_assert(TURN_UNTIL(d.loop, desk_now(&d)->over));
    cr_expect_eq(server_letters(d.server, "bob"), 0);
    desk_end(&d);
}

Test(commands, state_names_what_was_offered_and_who_gets_the_letter)
{
    struct desk d;

    desk_lab(&d);
    desk_type(&d, "EHLO crepes.fr");
    desk_type(&d, "MAIL FROM:<alice@crepes.fr>");
    desk_type(&d, "/state");
    cr_expect(desk_has(&d.opened, "8BITMIME"), "%s", buf_text(&d.opened));
    cr_expect(desk_has(&d.opened, "<alice@crepes.fr>"), "%s", buf_text(&d.opened));
    cr_expect(desk_has(&d.opened, "nobody yet"), "%s", buf_text(&d.opened));
    cr_expect_not(desk_has(&d.opened, " \n"), "%s", buf_text(&d.opened));
    desk_type(&d, "RCPT TO:<bob@hamburger.edu>");
    desk_type(&d, "/state");
    cr_expect(desk_has(&d.opened, "<bob@hamburger.edu>"), "%s", buf_text(&d.opened));
    desk_type(&d, "QUIT");
    cr_assert(TURN_UNTIL(d.loop, !console_talking(d.console)));
    desk_type(&d, "/state");
    cr_expect(desk_has(&d.opened, "the talk is over"), "%s", buf_text(&d.opened));
    desk_end(&d);
}

Test(commands, quote_nothing_that_a_terminal_would_obey)
{
    static const char *const typed[] = { "/send \x1b[31m", "/play a\x9b", "/\x1b]0;x\a",
                                         "/connect \x1b[2J", "/mailbox \x1b[2J" };
    struct desk d;

    desk_lab(&d);
    for (size_t i = 0; i < ROWS(typed); i++) {
        buf_clear(&d.complained);
        console_enter(d.console, span_of(typed[i]));
        cr_expect_gt(d.complained.len, 1, "row %zu", i);
        for (size_t k = 0; k + 1 < d.complained.len; k++)
            cr_expect(d.complained.at[k] >= 0x20 && d.complained.at[k] < 0x7f, "row %zu: %s", i,
                      buf_text(&d.complained));
    }
    desk_end(&d);
}

Test(commands, quit_leaves_with_the_status)
{
    struct desk d;

    desk_lab(&d);
    desk_type(&d, "/quit");
    cr_expect(d.quit);
    cr_expect_eq(d.status, 0);
    console_enter(d.console, SPAN("NOOP"));
    console_command(d.console, SPAN("/help"));
    cr_expect_eq(record_lines(d.record, 1), 1, "nothing happens after it");
    desk_end(&d);
}

/* How many steps the page of /learn marks as done, and whether it fits. */
static unsigned learn_done(struct desk *d)
{
    unsigned done = 0, rows_used = 0;
    struct span rest;

    console_command(d->console, SPAN("learn"));
    cr_assert_eq(d->pane, PANE_LEARN);
    rest = buf_span(&d->opened);
    while (rest.len) {
        struct span line = span_cut(rest, '\n', &rest);

        cr_expect_leq(line.len, 79, "%.*s", SPAN_ARG(line));
        done += span_starts(line, SPAN("  done"));
        rows_used++;
    }
    cr_expect_leq(rows_used, 20);
    return done;
}

Test(commands, learn_follows_the_talk)
{
    static const struct {
        const char *typed;
        unsigned done;
    } steps[] = { { "HELO crepes.fr", 1 },
                  { "MAIL FROM:<alice@crepes.fr>", 2 },
                  { "RCPT TO:<bob@hamburger.edu>", 3 },
                  { "DATA", 4 },
                  { "Subject: lunch", 4 },
                  { "", 4 },
                  { "Do you like ketchup?", 4 },
                  { ".", 5 },
                  { "QUIT", 6 } };
    struct desk d;

    desk_start(&d, DESK_LAB);
    cr_expect_eq(learn_done(&d), 0);
    cr_expect(desk_has(&d.opened, "There is no server now"), "%s", buf_text(&d.opened));
    console_connect_lab(d.console);
    desk_settle(&d);
    for (size_t i = 0; i < ROWS(steps); i++) {
        desk_type(&d, steps[i].typed);
        desk_settle(&d);
        cr_expect_eq(learn_done(&d), steps[i].done, "%s: %s", steps[i].typed, buf_text(&d.opened));
    }
    cr_expect(desk_has(&d.opened, "All six steps are done"), "%s", buf_text(&d.opened));
    desk_end(&d);
}

Test(commands, help_fits_eighty_columns)
{
    struct desk d;
    struct span rest;

    desk_start(&d, 0);
    console_command(d.console, SPAN("help"));
    cr_expect_eq(d.pane, PANE_HELP);
    rest = buf_span(&d.opened);
    while (rest.len) {
        struct span line = span_cut(rest, '\n', &rest);

        cr_expect_leq(line.len, 80, "%.*s", SPAN_ARG(line));
    }
    for (size_t i = 0; i < console_command_count; i++)
        cr_expect(desk_has(&d.opened, console_commands[i].help), "%s", console_commands[i].name);
    desk_end(&d);
}

static unsigned panel_line(struct desk *d, unsigned row, struct buf *text)
{
    struct styled out = { 0 };
    unsigned line = console_fault_panel(d->console, row, true, &out);

    buf_clear(text);
    buf_add(text, buf_span(&out.text));
    styled_release(&out);
    return line;
}

Test(commands, choose_faults_in_a_panel)
{
    struct desk d;
    struct buf text = { 0 };
    unsigned offers;

    desk_start(&d, 0);
    cr_expect_eq(console_fault_rows(d.console), 0, "no server of ours, no faults");
    desk_end(&d);

    desk_lab(&d);
    desk_type(&d, "/server fault");
    cr_expect_eq(d.pane, PANE_FAULTS);
    offers = console_fault_rows(d.console);
    cr_assert_gt(offers, 6);
    cr_expect_eq(panel_line(&d, 0, &text), 3);
    cr_expect(desk_has(&text, "\n   +      RCPT greylist=10s\n"), "%s", buf_text(&text));
    cr_expect_eq(console_fault_choose(d.console, 1), 0, "the new one comes behind those there are");
    cr_expect_eq(console_fault_rows(d.console), offers + 1);
    panel_line(&d, 0, &text);
    cr_expect(desk_has(&text, "\n [x]   1  RCPT full=452\n"), "%s", buf_text(&text));
    cr_expect_eq(console_fault_choose(d.console, 0), 0);
    cr_expect_eq(panel_line(&d, 0, &text), 1);
    cr_expect(desk_has(&text, "\n [ ]   1  RCPT full=452\n"), "%s", buf_text(&text));
    console_fault_remove(d.console, 1);
    cr_expect_eq(console_fault_rows(d.console), offers + 1, "what is offered stays");
    console_fault_remove(d.console, 0);
    cr_expect_eq(console_fault_rows(d.console), offers);
    for (unsigned i = 0; i < 256; i++)
        console_fault_choose(d.console, i);
    cr_expect_eq(console_fault_choose(d.console, 256), 256, "there is a limit");
    cr_expect(desk_has(&d.complained, "there are 256 faults already"), "%s",
              buf_text(&d.complained));
    buf_release(&text);
    desk_end(&d);
}
