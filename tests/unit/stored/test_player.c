#include "stored/player.h"

#include <criterion/criterion.h>

#include "support/table.h"

/*
 * A player and its world, run by a list of what happens: each row's `world` holds one word for each
 * AWAIT, COMMAND or PAUSE: "R250 text" a reply comes, "D" done, "E" the connection ends.
 */
static const struct {
    const char *name, *script;
    bool timed;
    const char *world; /* separated by ; */
    const char *want;  /* what the player did, one letter each, with what it holds */
} rows[] = {
    { "nothing", "", false, "", "finished" },
    { "remarks only", "# a\n\n#b", false, "", "finished" },
    { "a short talk", "S: 220 x\nC: HELO a\nS: 250\nC: QUIT\nS: 221", false,
      "R220 y;R250 hello;R221 bye",
      "await[220 x] send[HELO a~] await[250] send[QUIT~] await[221] "
      "finished" },
    { "sends are joined until the next S:",
      "S: 220\nC: EHLO a\nS: 250\nC: a\nC: b\n# r\nC: c\nS: 500", false, "R220;R250;R500",
      "await[220] send[EHLO a~] await[250] send[a~b~c~]! await[500] finished" },
    { "a multi-line reply", "S: 220-a\nS: 220 b\nC: NOOP\nS: 250", false, "R220-x|220-y|220 z;R250",
      "await[220-a|220 b] send[NOOP~] await[250] finished" },
    { "one line stands for a reply of many", "S: 250", false, "R250-x|250 y",
      "await[250] finished" },
    { "two replies one after another", "S: 250 a\nS: 220 b", false, "R250;R220",
      "await[250 a] await[220 b] finished" },
    { "a reply without its last line", "S: 250-a\nC: x\nS: 250", false, "R250;R250",
      "await[250-a] send[x~] await[250] finished" },
    { "the code differs", "S: 220\nC: HELO a\nS: 250 ok", false, "R220;R500 no",
      "await[220] send[HELO a~] await[250 ok] mismatch(line 3, 250 ok, 500 no, the code differs)" },
    { "the text may differ", "S: 250 a", false, "R250 b", "await[250 a] finished" },
    { "the text must match, and does", "S= 250 a", false, "R250 a", "await[250 a] finished" },
    { "the text must match, and does not", "S= 250 a", false, "R250 b",
      "await[250 a] mismatch(line 1, 250 a, 250 b, the text differs)" },
    { "one line of a reply must match", "S: 250-a\nS= 250 b", false, "R250-x|250 b",
      "await[250-a|250 b] finished" },
    { "one line of a reply must match, at its place", "S= 250-a\nS: 250 b", false, "R250-b|250 a",
      "await[250-a|250 b] mismatch(line 1, 250-a|250 b, 250-b|250 a, the text differs)" },
    { "more lines than must match", "S= 250 a", false, "R250 a|250 b",
      "await[250 a] mismatch(line 1, 250 a, 250 a|250 b, the text differs)" },
    { "fewer lines than must match", "S= 250-a\nS= 250 b", false, "R250-a",
      "await[250-a|250 b] mismatch(line 1, 250-a|250 b, 250-a, the text differs)" },
    { "an empty text where one must match", "S= 250 a", false, "R250 ",
      "await[250 a] mismatch(line 1, 250 a, 250 , the text differs)" },
    { "the connection ends", "S: 220\nC: NOOP\nS: 250", false, "R220;E",
      "await[220] send[NOOP~] await[250] mismatch(line 3, 250, , the connection ended)" },
    { "a line that is no reply", "S\\: \"rubbish\\r\\n\"\nS\\: \"rubbish\\n\"", false,
      "Rrubbish;R250 x",
      "await[rubbish] await[rubbish] mismatch(line 2, rubbish, 250 x, the code differs)" },
    { "an escaped line that goes on", "S\\: \"250-\\x01\\r\\n\"\nS: 250 b", false, "R250-a|250 b",
      "await[250-\x01|250 b] finished" },
    { "commands", "/wait 1\nC: a\n/close\n", false, "D;D",
      "command[wait 1] send[a~]! command[close] finished" },
    { "a command between sends cuts them", "C: a\n/x\nC: b", false, "D",
      "send[a~]! command[x] send[b~]! finished" },
    { "the server's closing may come before the script's end", "C: QUIT\nS: 221\n", false, "R221",
      "send[QUIT~]! await[221] finished" },
    { "a command may connect anew", "S: 221\nS: 220\n/connect\nS: 220", false, "R221;E",
      "await[221] await[220] mismatch(line 2, 220, , the connection ended)" },
    { "pauses are not for the hurried", "@+5\nC: a\n@+5\nC: b", false, "", "send[a~b~]! finished" },
    { "pauses stand before the write", "@+1\nC: a\n# r\n@+2\nC: b\n@+9\nS: 250\n@+4\nC: c", true,
      "D;R250;D", "pause 3000000 send[a~b~]! await[250] pause 4000000 send[c~]! finished" },
    { "pauses before a command", "@+1.5\n/x", true, "D;D", "pause 1500000 command[x] finished" },
    { "a pause is never longer than a week", "@+604800\n@+604800\nC: a", true, "D",
      "pause 604800000000 send[a~]! finished" },
    { "a broken script", "S: 220\nC: a\nbroken", false, "R220", "await[220] send[a~] broken 3:1" },
    { "several dialogues", "#1 S: 220\n#2 S: 220\n#1 C: a\n#2 C: b\n#2 S: 250\n#1 S: 500", false,
      "R220;R220;R250;R500",
      "await[220] 2:await[220] send[a~] 2:send[b~] 2:await[250] await[500] "
      "finished" },
    { "letter lines",
      "S: 220\nC: HELO a\nS: 250\nC: MAIL FROM:<>\nS: 250\nC: RCPT TO:<a@b.c>\nS: "
      "250\nC: DATA\nS: 354\nC: .. x\nC:\nC: .\nS: 250\nC: QUIT\nS: 221",
      false, "R220;R250;R250;R250;R354;R250;R221",
      "await[220] send[HELO a~] await[250] send[MAIL FROM:<>~] await[250] send[RCPT TO:<a@b.c>~] "
      "await[250] send[DATA~] await[354] send[.. x~~.~] await[250] send[QUIT~] await[221] "
      "finished" },
};

static void show(struct buf *out, struct span s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '\r')
            continue;
        buf_add_octet(out, s.at[i] == '\n' ? '~' : s.at[i]);
    }
}

static void show_lines(struct buf *out, struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        buf_add_octet(out, s.at[i] == '\n' ? '|' : s.at[i]);
}

static void tell(struct player *p, struct span word)
{
    if (word.at[0] == 'D') {
        player_done(p);
    } else if (word.at[0] == 'E') {
        player_ended(p, "the connection ended");
    } else {
        struct buf lines = { 0 };
        uint64_t code = 0;

        for (size_t i = 1; i < word.len; i++)
            buf_add_octet(&lines, word.at[i] == '|' ? '\n' : word.at[i]);
        span_number(span_first(buf_span(&lines), 3), &code);
        player_reply(p, (unsigned)code, buf_span(&lines));
        buf_release(&lines);
    }
}

static void show_end(struct buf *out, const struct player *p, const struct player_action *a,
                     const struct error *err)
{
    struct player_mismatch m;

    if (a->step == PLAYER_FINISHED) {
        buf_add_text(out, "finished");
    } else if (a->step == PLAYER_BROKEN) {
        buf_printf(out, "broken %.3s", err->text);
    } else {
        player_mismatch(p, &m);
        buf_printf(out, "mismatch(line %u, ", m.line);
        show_lines(out, m.expected);
        buf_add_text(out, ", ");
        show_lines(out, m.got);
        buf_printf(out, ", %s)", m.why);
    }
}

static void show_step(struct buf *out, const struct player_action *a)
{
    if (a->dialogue != 1)
        buf_printf(out, "%u:", a->dialogue);
    if (a->step == PLAYER_PAUSE) {
        buf_printf(out, "pause %lld ", (long long)a->pause);
        return;
    }
    buf_add_text(out, a->step == PLAYER_SEND    ? "send["
                      : a->step == PLAYER_AWAIT ? "await["
                                                : "command[");
    if (a->step == PLAYER_AWAIT)
        show_lines(out, a->octets);
    else
        show(out, a->octets);
    buf_add_text(out, a->warning ? "]! " : "] ");
}

static void play(struct player *p, const char *world, struct buf *out)
{
    struct span rest = span_of(world);
    struct player_action a;
    struct error err = { "" };

    for (;;) {
        player_next(p, &a, &err);
        if (a.step >= PLAYER_FINISHED)
            break;
        show_step(out, &a);
        if (a.step != PLAYER_SEND) {
            struct player_action again;

            player_next(p, &again, &err);
            cr_expect(again.step == a.step && again.line == a.line, "asked again");
            cr_assert(rest.len, "the world has no more to tell; so far: %s", buf_text(out));
            tell(p, span_cut(rest, ';', &rest));
        }
    }
    show_end(out, p, &a, &err);
    player_next(p, &a, &err);
    cr_expect(a.step >= PLAYER_FINISHED, "the end stays the end");
}

Test(player, plays_and_compares)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct player *p = player_new(span_of(rows[i].script), rows[i].timed);
        struct buf got = { 0 };

        play(p, rows[i].world, &got);
        cr_expect_str_eq(buf_text(&got), rows[i].want, "%s:\n got %s\nwant %s", rows[i].name,
                         buf_text(&got), rows[i].want);
        buf_release(&got);
        player_free(p);
    }
    player_free(NULL);
}

static const struct {
    const char *name, *script, *want;
} warned[] = {
    { "early talk", "C: HELO a", "the server's greeting" },
    { "type-ahead", "S: 220\nC: HELO a\nS: 250\nC: MAIL FROM:<>\nC: RCPT TO:<a@b.c>",
      "has not offered PIPELINING" },
    { "a letter before its 354", "S: 220\nC: HELO a\nS: 250\nC: DATA\nC: Hello\nC: .",
      "must wait for" },
    { "after DATA in a group", "S: 220\nC: EHLO a\nS: 250\nC: DATA\nC: NOOP", "must wait for" },
    { "nothing wrong", "S: 220\nC: EHLO a\nS: 250\nC: NOOP", NULL },
};

Test(player, warns_of_what_the_protocol_forbids)
{
    for (size_t i = 0; i < ROWS(warned); i++) {
        struct player *p = player_new(span_of(warned[i].script), false);
        const char *warning = NULL;
        struct player_action a;

        for (;;) {
            player_next(p, &a, NULL);
            if (a.step == PLAYER_FINISHED)
                break;
            if (a.step == PLAYER_AWAIT)
                player_reply(p, a.line == 1 ? 220 : 250,
                             a.line == 1 ? SPAN("220 x") : SPAN("250 x"));
            else if (a.warning)
                warning = a.warning;
        }
        cr_expect_eq(warning != NULL, warned[i].want != NULL, "%s", warned[i].name);
        if (warning && warned[i].want)
            cr_expect(strstr(warning, warned[i].want), "%s: %s", warned[i].name, warning);
        player_free(p);
    }
}

Test(player, knows_what_the_server_offered)
{
    struct player *p = player_new(
        SPAN("S: 220\nC: EHLO a\nS: 250\nC: MAIL FROM:<>\nC: RCPT TO:<a@b.c>\nS: 250\nS: 250"),
        false);
    struct player_action a;

    for (;;) {
        player_next(p, &a, NULL);
        if (a.step == PLAYER_FINISHED)
            break;
        if (a.step == PLAYER_SEND)
            cr_expect_null(a.warning, "line %u: %s", a.line, a.warning);
        else if (a.line == 1)
            player_reply(p, 220, SPAN("220 x"));
        else
            player_reply(p, 250, SPAN("250-x\n250 PIPELINING"));
    }
    player_free(p);
}

Test(player, keeps_replies_that_come_too_early)
{
    struct player *p =
        player_new(SPAN("S: 220\nC: a\nS: 500\nS: 501\n#2 S: 220\nC: b\nS: 502"), false);
    struct player_action a;

    player_next(p, &a, NULL);
    player_reply(p, 220, SPAN("220"));
    player_reply(p, 500, SPAN("500"));
    player_talk(p, 2);
    player_reply(p, 220, SPAN("220 other"));
    player_talk(p, 1);
    player_reply(p, 501, SPAN("501"));
    player_ended(p, "the connection ended");
    player_next(p, &a, NULL);
    cr_expect_eq(a.step, PLAYER_MISMATCH, "nothing can be sent any more");
    player_free(p);

    p = player_new(SPAN("S: 220\n#2 S: 220\nS: 500\n"), false);
    player_next(p, &a, NULL);
    player_reply(p, 220, SPAN("220"));
    player_reply(p, 500, SPAN("500"));
    player_ended(p, "the connection ended");
    player_next(p, &a, NULL);
    cr_expect(a.step == PLAYER_AWAIT && a.dialogue == 2);
    player_reply(p, 220, SPAN("220"));
    player_next(p, &a, NULL);
    cr_expect_eq(a.step, PLAYER_FINISHED, "replies that came before the end count");
    player_reply(p, 220, SPAN("220"));
    player_ended(p, "late");
    player_next(p, &a, NULL);
    cr_expect_eq(a.step, PLAYER_FINISHED);
    player_free(p);
}

Test(player, awaiting_after_the_end_is_a_mismatch)
{
    struct player *p = player_new(SPAN("C: QUIT\nS: 221\nS: 250"), false);
    struct player_mismatch m;
    struct player_action a;

    player_next(p, &a, NULL);
    player_reply(p, 221, SPAN("221"));
    player_ended(p, "no reply came in time");
    player_next(p, &a, NULL);
    cr_expect_eq(a.step, PLAYER_MISMATCH);
    player_mismatch(p, &m);
    cr_expect(m.line == 3 && m.got.len == 0);
    cr_expect_str_eq(m.why, "no reply came in time");
    player_free(p);
}

Test(player, a_command_may_connect_anew)
{
    struct player *p = player_new(SPAN("C: QUIT\nS: 221\n/connect\nS: 220\nC: HELO a"), false);
    struct player_action a;

    player_next(p, &a, NULL);
    player_reply(p, 221, SPAN("221"));
    player_ended(p, "the connection ended");
    player_next(p, &a, NULL);
    cr_assert_eq(a.step, PLAYER_COMMAND);
    player_done(p);
    player_next(p, &a, NULL);
    cr_assert_eq(a.step, PLAYER_AWAIT);
    player_reply(p, 220, SPAN("220"));
    player_next(p, &a, NULL);
    cr_expect(a.step == PLAYER_SEND && !a.warning);
    player_done(p); /* nothing to be done: nothing happens */
    player_next(p, &a, NULL);
    cr_expect_eq(a.step, PLAYER_FINISHED);
    player_free(p);
}

Test(player, a_server_without_end_ends_the_play)
{
    struct player *p = player_new(SPAN("/wait 1\nS: 220"), false);
    static const char octets[65536];
    struct player_mismatch m;
    struct player_action a;

    player_next(p, &a, NULL);
    for (unsigned i = 0; i <= PLAYER_AHEAD_REPLIES; i++)
        player_reply(p, 220, SPAN("220"));
    player_next(p, &a, NULL);
    cr_expect_eq(a.step, PLAYER_MISMATCH);
    player_mismatch(p, &m);
    cr_expect(strstr(m.why, "far more replies"));
    player_free(p);

    p = player_new(SPAN("/wait 1\nS: 220"), false);
    player_next(p, &a, NULL);
    for (unsigned i = 0; i <= PLAYER_AHEAD_OCTETS / sizeof octets; i++)
        player_reply(p, 220, span_make(octets, sizeof octets));
    player_next(p, &a, NULL);
    cr_expect_eq(a.step, PLAYER_MISMATCH);
    player_free(p);
}

Test(player, dialogues_have_numbers_within_limits)
{
    struct player *p = player_new(SPAN("S: 220"), false);
    struct player_mismatch m;
    struct player_action a;

    player_next(p, &a, NULL);
    player_mismatch(p, &m);
    cr_expect_str_eq(m.why, "");
    player_talk(p, 0);
    player_talk(p, SCRIPT_DIALOGUES_MAX + 1);
    player_reply(p, 220, SPAN("220"));
    player_next(p, &a, NULL);
    cr_expect_eq(a.step, PLAYER_FINISHED);
    player_free(p);
}
