/*
 * The table of the console's commands. Whatever speaks of commands (parsing, help, completion, the
 * manual) reads it here.
 */
#include "console/commands.h"

#include <limits.h>

#include "base/near.h"
#include "console/inner.h"
#include "server/server.h"

/* Candidates out of a list of words. */
static void offer_words(const char *words, const char *arg, complete_fn *fn, void *ctx)
{
    struct span rest = span_of(words);
    struct buf word = { 0 };

    while (rest.len) {
        struct span next = span_cut(rest, ' ', &rest);

        if (!span_starts_nocase(next, span_of(arg)))
            continue;
        buf_clear(&word);
        buf_add(&word, next);
        fn(ctx, buf_text(&word), buf_text(&word));
    }
    buf_release(&word);
}

static void complete_host(const struct console *c, const char *arg, complete_fn *fn, void *ctx)
{
    struct buf line = { 0 };

    if (c->host) {
        buf_printf(&line, "%s %u", c->host, c->port);
        fn(ctx, buf_text(&line), buf_text(&line));
    }
    offer_words("localhost", arg, fn, ctx);
    buf_release(&line);
}

static void complete_names(const struct console *c, const char *before, complete_fn *fn, void *ctx)
{
    struct buf line = { 0 };

    for (size_t i = 0; c->config.server && i < server_mailboxes(c->config.server); i++) {
        const char *name = server_mailbox(c->config.server, i);

        buf_clear(&line);
        buf_add_text(&line, before);
        buf_add(&line, span_make(name, strcspn(name, "@")));
        fn(ctx, buf_text(&line), buf_text(&line) + strlen(before));
    }
    buf_release(&line);
}

static void complete_mailbox(const struct console *c, const char *arg, complete_fn *fn, void *ctx)
{
    complete_names(c, "", fn, ctx);
    complete_letter_of_mailbox(c, arg, fn, ctx);
}

static void complete_server(const struct console *c, const char *arg, complete_fn *fn, void *ctx)
{
    offer_words("mailboxes letters letter show fault", arg, fn, ctx);
    console_complete_fault(c, arg, fn, ctx);
    complete_names(c, "letters ", fn, ctx);
    complete_names(c, "letter ", fn, ctx);
}

static void complete_level(const struct console *c, const char *arg, complete_fn *fn, void *ctx)
{
    (void)c;
    offer_words("learner admin", arg, fn, ctx);
}

static void complete_on_off(const struct console *c, const char *arg, complete_fn *fn, void *ctx)
{
    (void)c;
    offer_words("on off", arg, fn, ctx);
}

static void complete_slow(const struct console *c, const char *arg, complete_fn *fn, void *ctx)
{
    (void)c;
    offer_words("1 off", arg, fn, ctx);
}

static void complete_help(const struct console *c, const char *arg, complete_fn *fn, void *ctx)
{
    (void)c;
    (void)arg;
    for (size_t i = 0; i < console_command_count; i++)
        fn(ctx, console_commands[i].name, console_commands[i].name);
    for (int v = 0; v < VERB_COUNT; v++)
        if (*verb_word((enum verb)v))
            fn(ctx, verb_word((enum verb)v), verb_word((enum verb)v));
}

/* More than a person looks through. */
#define TALKS_OFFERED 20

static void complete_talk(const struct console *c, const char *arg, complete_fn *fn, void *ctx)
{
    struct buf number = { 0 };
    unsigned count = record_count(c->config.record);

    for (unsigned d = count; d && d + TALKS_OFFERED > count; d--) {
        if (d == console_dialogue(c))
            continue;
        buf_clear(&number);
        buf_printf(&number, "%u", d);
        offer_words(buf_text(&number), arg, fn, ctx);
    }
    if (c->looked_at)
        offer_words("back", arg, fn, ctx);
    buf_release(&number);
}

void command_mouse(struct console *c, struct span args)
{
    bool on = !args.len || span_eq_nocase(args, SPAN("on"));

    if (!on && !span_eq_nocase(args, SPAN("off"))) {
        console_complain(c, "/mouse is on or off");
        console_worsen(c, STATUS_USAGE);
    } else if (c->hooks.mouse) {
        c->hooks.mouse(c->hooks.ctx, on);
    } else {
        console_say(c, "There is no screen here for a mouse to point at: the terminal keeps it.\n");
    }
}

void command_quit(struct console *c, struct span args)
{
    (void)args;
    console_leave(c, console_status(c));
}

const struct console_command console_commands[] = {
    { "help", "[COMMAND or TEXT]", "This list; or what is said about one thing.",
      "With a name it says more about that command of the console or of SMTP; with any other text "
      "it shows what mentions it. As in: /help save, /help MAIL, /help mailbox.",
      IN_ALL | AT_ONCE, command_help, complete_help },
    { "learn", "", "Lesson 1: send Bob a letter, step by step.",
      "Six steps with what to type and why, and how far the present talk has come.",
      IN_ALL | AT_ONCE, command_learn, NULL },
    { "explain", "[LINE or TEXT]", "What a line means, who must act, whether to retry.",
      "Without an argument it explains the last line; with a number that line of the talk (#2:14 "
      "is line 14 of talk 2); with a text that text. As in: /explain, /explain 14, /explain 550 "
      "5.7.1, /explain 8BITMIME.",
      IN_ALL | AT_ONCE, command_explain, NULL },
    { "state", "", "Where the talk stands, and what may come.",
      "The session's state by the standard, the envelope so far, what the server offered, replies "
      "that are still due.",
      IN_ALL | AT_ONCE, command_state, NULL },
    { "states", "", "The states of SMTP as a diagram.",
      "Which state leads to which, by which reply; the present one is marked.", IN_ALL | AT_ONCE,
      command_states, NULL },
    { "ladder", "", "The talk as a ladder, with its times.",
      "Client and server side by side, time running down: each line, and how long replies took.",
      IN_ALL | AT_ONCE, command_ladder, NULL },
    { "octets", "[NUMBER, on or off]", "Each write and each read, in hexadecimal.",
      "What travelled, block by block: a block is what one write handed to the network, or what "
      "one "
      "read found there, with its time. Sixteen octets a row, line ends visible, secrets masked. "
      "With a number only the last blocks; on shows them as they come, where there is no full "
      "screen. As in: /octets, /octets 4",
      IN_ALL | AT_ONCE, command_octets, complete_on_off },
    { "letter", "[WHAT]", "The letter: envelope beside header beside body.",
      "The letter under way, or the last one: what MAIL and RCPT said, what its header says, and "
      "its text. They need not agree. /letter parts shows the parts that MIME makes of it, with "
      "their sizes as sent and once decoded; /letter part 2 shows one of them; /letter save 2 FILE "
      "writes it to a new file, decoded.",
      IN_ALL | AT_ONCE, command_letter, complete_letter },
    { "server", "[WHAT]", "Look into the lab's server.",
      "/server mailboxes lists them; /server letters bob lists what is in one; /server letter bob "
      "1 "
      "shows a letter; /server show tells what the server waits for and has in hand; /server fault "
      "lets things go wrong, and /server fault help says how. Its address "
      "and port stand on top of both: other programs of this machine, such as swaks or curl, can "
      "send it letters there.",
      IN_ALL | AT_ONCE, command_server, complete_server },
    { "mailbox", "[NAME [NUMBER [WHAT]]]", "The lab's mailboxes and letters.",
      "A short form of /server: /mailbox, /mailbox bob, /mailbox bob 1. And a letter's parts, as "
      "with /letter: /mailbox bob 1 parts, /mailbox bob 1 part 2, /mailbox bob 1 save 2 photo.png.",
      IN_ALL | AT_ONCE, command_mailbox, complete_mailbox },
    { "find", "TEXT", "Find a text in the talk.",
      "Looks for the text in both sides' lines, from the end upwards; upper and lower case are the "
      "same. As in: /find 550",
      IN_ALL | AT_ONCE, command_find, NULL },
    { "connect", "[HOST[:PORT]]", "Start a talk with a server.",
      "Port 25 unless one is named. Without a host it is the same server again. A talk that is "
      "open "
      "stays open beside it. As in: /connect mx.example.org, /connect localhost 2525.",
      IN_ALL, command_connect, complete_host },
    { "mx", "DOMAIN[:PORT]", "Start a talk with a mail server of a domain.",
      "The domain's MX records are asked for, and its servers tried in their order, until one can "
      "be reached and greets with 220. /connect --mx DOMAIN is the same. As in: /mx example.org",
      IN_ALL, command_mx, NULL },
    { "talk", "[NUMBER or back]", "List the talks; show another, or go on in it.",
      "Alone it lists them: yours, and those of other clients of the lab's server. One of yours "
      "that is open takes what you type from then on; any other is shown until you type, or until "
      "/talk back. As in: /talk, /talk 1",
      IN_ALL, command_talk, complete_talk },
    { "close", "", "Close the connection, without QUIT.",
      "What a client does that breaks off. QUIT is the polite way; the server keeps no letter that "
      "was not ended.",
      IN_ALL | AT_ONCE, command_close, NULL },
    { "starttls", "", "Encrypt the talk.",
      "Sends EHLO if the server was not greeted yet, then STARTTLS; after the TLS handshake EHLO "
      "again, because what was said in plain text no longer counts. STARTTLS typed by hand starts "
      "the handshake, too.",
      IN_ALL, command_starttls, NULL },
    { "tls", "", "The encryption: certificate, cipher, verdict.",
      "The verdict on the server's certificate and why, protocol and cipher, the chain of "
      "certificates, and which extensions the server offers only inside TLS, or only outside.",
      IN_ALL | AT_ONCE, command_tls, NULL },
    { "trust", "", "Trust a certificate that is not verified.",
      "Passwords and the like wait while the server's certificate is not verified. This sends "
      "them, and those that come later in this talk. Compare the certificate's fingerprint first: "
      "/tls shows it.",
      IN_ALL | AT_ONCE, command_trust, NULL },
    { "auth", "[METHOD] [USER [PASSWORD]]", "Log in.",
      "The best method that the server offers, unless one is named; the password is asked for and "
      "not shown, unless it stands there. It is tried once. As in: /auth alice, /auth CRAM-MD5 "
      "alice. In scripts the password comes from SMTPSCOPE_PASSWORD in the environment, or from "
      "--password-file.",
      IN_ALL, command_auth, complete_auth },
    { "send", "FILE [HOW]", "Send a letter from a file.",
      "Sends DATA, the file's text as a letter, and the dot. Line ends are made right and leading "
      "dots doubled. Name sender and recipient first. As in: /send letter.eml. Words behind the "
      "file break rules, to see what a server does: lf or cr (line ends of that alone; the last "
      "one stays right), nostuff (leading dots not doubled), nodot (the letter is not ended), asis "
      "(exactly the file's octets), bytes (an octet at a time; bytes 5ms waits between). Each says "
      "what it breaks. As in: /send letter.eml lf nostuff",
      IN_ALL, command_send, complete_send },
    { "raw", "\"TEXT\\r\\n\"", "Send exactly these octets.",
      "Nothing is added, no line end either. Escapes: \\r \\n \\t \\0 \\e \\\\ \\\" \\xHH "
      "\\u{HEX}, and \\*1500{x} is x 1500 times. Several parts in quotes go out one by one, each "
      "in a write of its own. As in: /raw \"NOOP\\n\" sends a bare line feed, /raw \"NO\" "
      "\"OP\\r\\n\" cuts a command in two, /raw \"NOOP \\*1500{x}\\r\\n\" is a line that is too "
      "long.",
      IN_ALL, command_raw, NULL },
    { "slow", "[OCTETS [MS] or off]", "Send what is typed a few octets at a time.",
      "Each piece goes out in a write of its own, so many milliseconds after the one before (20, "
      "unless named). TCP carries a stream: a server that wants a line in one piece is wrong (RFC "
      "9293 3.8). Scripts and /send keep to it, too. As in: /slow 1, /slow 4 100, /slow off",
      IN_ALL, command_slow, complete_slow },
    { "early", "LINE", "Send a line without waiting for the server.",
      "Lines from a pipe wait for the replies that are due; this one does not, not even for the "
      "greeting. At a prompt what is typed never waits, so it is the same as typing it. Talking "
      "before the 220 breaks RFC 5321 3.1; many servers hang up, for it is what spam programs do. "
      "As in: /early EHLO me.example",
      IN_ALL, command_early, NULL },
    { "b64", "TEXT", "Write a text in base64.",
      "With the escapes of /raw. As in: /b64 alice, or all that AUTH PLAIN sends: /b64 "
      "\"\\0alice\\0secret\". Base64 hides nothing: /unb64 reads it. Kept in no history.",
      IN_ALL | AT_ONCE, command_b64, NULL },
    { "unb64", "TEXT", "Read a text in base64.",
      "What it says, with the escapes of /raw; where it is not base64, which character is wrong. "
      "As in: /unb64 VXNlcm5hbWU6",
      IN_ALL | AT_ONCE, command_unb64, NULL },
    { "answer", "[USER [PASSWORD]]", "Compute the answer in a login.",
      "After AUTH and a 334: it works out what the method wants next, and sends it in base64. "
      "Without a password the next line typed is it, unseen. Later steps of the same login need "
      "no name. As in: AUTH CRAM-MD5, then /answer alice",
      IN_ALL, command_answer, NULL },
    { "bdat", "FILE or \"TEXT\\r\\n\" [LAST]", "Send a chunk, its octets counted.",
      "BDAT with the right count, and then exactly these octets, from a file or written with the "
      "escapes of /raw. LAST ends the letter. The server must offer CHUNKING. As in: /bdat \"Hello "
      "Bob\\r\\n\" LAST, /bdat letter.eml LAST. BDAT may be typed, too: the prompt then counts "
      "what is to come.",
      IN_ALL, command_bdat, complete_files },
    { "pipeline", "", "Collect lines, to send them at once.",
      "From here on lines are collected; /go sends them in one piece, Ctrl-C drops them. Ask with "
      "EHLO first whether the server offers PIPELINING.",
      IN_ALL, command_pipeline, NULL },
    { "go", "", "Send what /pipeline collected.",
      "All the lines go out in one write; the replies come in their order.", IN_ALL, command_go,
      NULL },
    { "wait", "SECONDS", "Wait, for scripts and pipes.",
      "Lines that come meanwhile are taken afterwards. As in: /wait 2, /wait 0.5", IN_ALL,
      command_wait, NULL },
    { "expect", "CODE", "Compare the last reply's code.",
      "Waits for replies that are due, then compares; one or two digits stand for all codes that "
      "begin with them. A pipe or script with a wrong reply ends with status 1. As in: /expect "
      "250, /expect 5",
      IN_ALL, command_expect, NULL },
    { "play", "FILE", "Play a script.",
      "A script is what /save writes: C: lines are sent, S: lines awaited and compared. One that "
      "begins with the server's greeting gets a new talk. Ctrl-C stops it.",
      IN_SCREEN | IN_PLAIN, command_play, complete_files },
    { "save", "FILE", "Save the talks as a script.",
      "Everything said so far, in the form of the textbooks; /play plays it again. Passwords are "
      "left out. As in: /save lunch.smtp",
      IN_ALL, command_save, complete_files },
    { "record", "FILE", "Save the talks as they happen.",
      "Like /save, and it goes on: each line is written when it comes.", IN_ALL, command_record,
      complete_files },
    { "level", "[learner or admin]", "How explanations are worded.",
      "learner: in words before numbers; admin: short, codes first.", IN_ALL | AT_ONCE,
      command_level, complete_level },
    { "sources", "[on or off]", "Show RFC and section of each claim.",
      "Without an argument it changes from one to the other.", IN_ALL | AT_ONCE, command_sources,
      complete_on_off },
    { "mouse", "[on or off]", "On: the wheel and clicks are the screen's.",
      "Without an argument it is switched on. While it is on, the wheel looks back and a click "
      "selects a line, and the terminal's own copying needs Shift; /mouse off gives the mouse "
      "back.",
      IN_ALL | AT_ONCE, command_mouse, complete_on_off },
    { "quit", "", "Leave the program.",
      "An open talk is closed. QUIT, without the slash, is the server's word: it ends the talk, "
      "and "
      "the program stays.",
      IN_ALL | AT_ONCE, command_quit, NULL },
};
const size_t console_command_count = sizeof console_commands / sizeof console_commands[0];

const struct console_command *console_command_by_name(struct span name)
{
    for (size_t i = 0; i < console_command_count; i++)
        if (span_eq_nocase(name, span_of(console_commands[i].name)))
            return &console_commands[i];
    return NULL;
}

/* Words of other programs. */
static const struct {
    const char *word, *name;
} elsewhere[] = {
    { "exit", "quit" },  { "bye", "quit" },         { "q", "quit" },
    { "leave", "quit" }, { "open", "connect" },     { "telnet", "connect" },
    { "ls", "server" },  { "?", "help" },           { "search", "find" },
    { "grep", "find" },  { "why", "explain" },      { "lesson", "learn" },
    { "write", "save" }, { "log", "record" },       { "run", "play" },
    { "sleep", "wait" }, { "disconnect", "close" }, { "hangup", "close" },
    { "ssl", "tls" },    { "cert", "tls" },         { "certificate", "tls" },
    { "hex", "octets" }, { "hexdump", "octets" },   { "login", "auth" },
};

const struct console_command *console_command_nearest(struct span name)
{
    const struct console_command *best = NULL;
    unsigned score, best_score = UINT_MAX;

    if (!name.len || name.len > NEAR_WORD_MAX)
        return NULL;
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++)
        if (span_eq_nocase(name, span_of(elsewhere[i].word)))
            return console_command_by_name(span_of(elsewhere[i].name));
    for (size_t i = 0; i < console_command_count; i++) {
        struct span known = span_of(console_commands[i].name);
        bool beginning = name.len >= 2 && span_starts_nocase(known, name);

        /* A beginning is near, whatever its length. */
        if (beginning)
            score = known.len > name.len;
        else if (!near_enough(name, known, &score))
            continue;
        if (score < best_score) {
            best = &console_commands[i];
            best_score = score;
        }
    }
    return best;
}
