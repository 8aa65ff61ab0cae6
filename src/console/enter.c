/*
 * What Enter does with a line: it is the server's, the letter's, or the console's. The server gets
 * exactly what was typed, with CRLF (RFC 5321 2.3.8); nothing is refused, for the point is to see
 * what the server does with it.
 */
#include "base/marks.h"
#include "base/mem.h"
#include "console/inner.h"
#include "dialogue/mask.h"

/* Words that people type for the console, and the console's own word. They go to the server all
 * the same: some of them it knows. */
static const struct {
    struct span word;
    const char *own;
} console_words[] = {
    { SPAN_INIT("help"), "/help" },
    { SPAN_INIT("?"), "/help" },
    { SPAN_INIT("man"), "/help" },
    { SPAN_INIT("exit"), "/quit" },
    { SPAN_INIT("bye"), "/quit" },
    { SPAN_INIT("logout"), "/quit" },
    { SPAN_INIT("q"), "/quit" },
    { SPAN_INIT("close"), "/close" },
    { SPAN_INIT("disconnect"), "/close" },
    { SPAN_INIT("connect"), "/connect" },
    { SPAN_INIT("open"), "/connect" },
    { SPAN_INIT("telnet"), "/connect" },
    { SPAN_INIT("ls"), "/server mailboxes" },
    { SPAN_INIT("dir"), "/server mailboxes" },
    { SPAN_INIT("mailbox"), "/mailbox" },
    { SPAN_INIT("state"), "/state" },
    { SPAN_INIT("status"), "/state" },
    { SPAN_INIT("explain"), "/explain" },
    { SPAN_INIT("why"), "/explain" },
    { SPAN_INIT("find"), "/find" },
    { SPAN_INIT("save"), "/save" },
    { SPAN_INIT("learn"), "/learn" },
};

static void note_console_word(struct console *c, struct span line)
{
    struct span rest, word = span_cut(span_trim(line), ' ', &rest);

    for (size_t i = 0; i < sizeof console_words / sizeof console_words[0]; i++)
        if (span_eq_nocase(word, console_words[i].word)) {
            console_say(c,
                        "\"%.*s\" went to the server, as typed. The console's own word is %s, with "
                        "the slash.\n",
                        SPAN_ARG(word), console_words[i].own);
            return;
        }
}

void console_send_line(struct console *c, struct span line)
{
    struct buf octets = { 0 };

    buf_add(&octets, line);
    buf_add(&octets, SPAN("\r\n"));
    if (console_send(c, buf_span(&octets)))
        buf_clear(&c->kept);
    buf_release(&octets);
    if (!c->pipeline.on)
        return;
    c->pipeline.lines++;
    c->pipeline.auth = c->pipeline.auth || mask_is_auth_command(line);
}

static bool for_console(struct span line)
{
    return line.len && line.at[0] == '/' && !(line.len > 1 && line.at[1] == '/');
}

static bool known_command(struct span line)
{
    struct span rest;

    return for_console(line) &&
           console_command_by_name(span_cut(span_from(line, 1), ' ', &rest)) != NULL;
}

/* Without a server the line is kept, and offered again in the next talk. */
static void keep(struct console *c, struct span line)
{
    struct buf shown = { 0 };

    if (!line.len) {
        console_say(c, "There is no server to send to. %s\n", console_how_to_connect(c));
        return;
    }
    if (console_may_remember(c, line)) {
        buf_clear(&c->kept);
        buf_add(&c->kept, line);
        marks_add(&shown, span_first(line, sizeof(((struct next_step *)0)->typed) - 1), 0);
    } else {
        buf_add_text(&shown, "a line with a password");
    }
    console_say(c, "Not sent, for there is no server: %s\n%s%s\n", buf_text(&shown),
                console_how_to_connect(c), c->kept.len ? " Tab then writes the line again." : "");
    buf_release(&shown);
}

/* Enter by mistake is common, and a server answers an empty line with an error. */
static bool empty_held_back(struct console *c)
{
    if (c->empty_warned)
        return false;
    c->empty_warned = true;
    console_say(c, "Nothing was sent: the line is empty. Enter once more sends the empty line.\n");
    return true;
}

void console_take(struct console *c, struct span line)
{
    enum prompt_kind prompt = console_prompt(c);
    bool piped = c->config.keep_step;

    if (prompt == PROMPT_LETTER) {
        c->looked_at = 0;
        if (bdat_left(c))
            bdat_take(c, line);
        else
            console_send_line(c, line);
        return;
    }
    if (answer_waits(c)) {
        answer_password(c, line);
        return;
    }
    /* A line of an AUTH exchange is base64, in which a slash may come first. */
    if (for_console(line) && (prompt != PROMPT_SECRET || known_command(line))) {
        console_command(c, line);
        return;
    }
    c->looked_at = 0; /* whoever types wants to see what comes of it */
    if (prompt == PROMPT_NO_SERVER) {
        keep(c, line);
        return;
    }
    if (!line.len && prompt == PROMPT_TALK && !piped && empty_held_back(c))
        return;
    c->empty_warned = false;
    if (prompt != PROMPT_SECRET && line.len && line.at[0] == '/')
        line = span_from(line, 1);
    console_send_line(c, line);
    if (prompt == PROMPT_TALK && !piped)
        note_console_word(c, line);
}

/* Lines wait behind others, for the connection, and for a command that takes its time. */
static bool must_wait(const struct console *c, struct span line)
{
    const struct console_command *command = NULL;
    struct span rest;

    if (for_console(line))
        command = console_command_by_name(span_cut(span_from(line, 1), ' ', &rest));
    if (command && (command->where & AT_ONCE) && console_prompt(c) != PROMPT_LETTER)
        return false;
    if (c->busy != BUSY_NOT || c->queue.count)
        return true;
    return console_talking(c) && !console_was_connected(c) && !for_console(line) && !c->pipeline.on;
}

void console_enter(struct console *c, struct span line)
{
    if (c->left)
        return;
    if (auth_asks(c))
        auth_password(c, line);
    else if (must_wait(c, line))
        queue_add(&c->queue, line);
    else
        console_take(c, line);
    console_turn(c);
}

static void refuse(struct console *c, struct span name)
{
    const struct console_command *near = console_command_nearest(name);
    struct buf shown = { 0 };

    marks_add(&shown, span_first(name, 40), 0);
    if (near)
        console_complain(c, "There is no command /%s. The nearest is /%s.", buf_text(&shown),
                         near->name);
    else
        console_complain(c,
                         "There is no command /%s. /help shows them all; two slashes in front "
                         "send the line to the server.",
                         buf_text(&shown));
    buf_release(&shown);
    console_worsen(c, STATUS_USAGE);
}

void console_command(struct console *c, struct span line)
{
    const struct console_command *command;
    struct span name, args;

    if (c->left)
        return;
    line = span_trim(line);
    if (line.len && line.at[0] == '/')
        line = span_from(line, 1);
    name = span_cut(line, ' ', &args);
    command = console_command_by_name(name);
    if (command)
        command->run(c, span_trim(args));
    else
        refuse(c, name);
    console_turn(c);
}
