#include "dialogue/observer.h"

#include "registry/keywords.h"
#include "support/transcript.h"

#define X(name, severity, code, enhanced, source) #name,
static const char *const mistake_names[] = { MISTAKES(X) };
#undef X
#define X(name, shown, what, waits) #name,
static const char *const state_names[] = { SESSION_STATES(X) };
#undef X
#define X(name, word) #name,
static const char *const verb_names[] = { VERBS(X) };
#undef X

static void tell_mistakes(struct buf *out, const struct mistakes *found)
{
    for (unsigned i = 0; i < found->count; i++)
        if (mistake_rows[found->at[i].mistake].severity > HARMLESS)
            buf_printf(out, " !%s", mistake_names[found->at[i].mistake]);
}

/* A line as observed, in a few words: what a client line is and what is wrong with it; what a
 * reply answers and where it leads. */
static void tell(struct buf *out, const struct observed *seen)
{
    if (seen->role == ROLE_REPLY) {
        if (!seen->reply.whole) {
            buf_add_text(out, "-\n");
            return;
        }
        buf_printf(out, "%s%s", seen->unsolicited ? "unasked " : "", verb_names[seen->answers]);
        if (seen->answers_line)
            buf_printf(out, "@%u", seen->answers_line);
        if (seen->after != seen->before)
            buf_printf(out, " > %s", state_names[seen->after]);
    } else if (seen->role == ROLE_COMMAND) {
        buf_add_text(out, verb_names[seen->command.verb]);
        tell_mistakes(out, &seen->command.mistakes);
    } else {
        static const char *const roles[] = { "", "letter", "dot", "auth", "chunk" };

        buf_add_text(out, roles[seen->role]);
        tell_mistakes(out, &seen->letter_mistakes);
    }
    buf_add_text(out, "\n");
}

static void push(struct watcher *w, const struct transcript_line *line, size_t piece,
                 struct buf *out)
{
    struct observed seen;

    if (line->is_event)
        watcher_event(w, line->event);
    for (size_t at = 0; at < line->octets.len || (at == 0 && line->is_event); at += piece) {
        if (!line->is_event)
            watcher_push(w, line->side, span_first(span_from(line->octets, at), piece));
        while (watcher_next(w, &seen))
            tell(out, &seen);
    }
}

static struct watcher *watch(const char *text, size_t piece, struct buf *out)
{
    struct watcher *w = watcher_new();
    struct span rest = span_of(text);
    struct buf wire = { 0 };
    struct transcript_line line;

    while (transcript_next(&rest, &wire, &line))
        push(w, &line, piece, out);
    buf_release(&wire);
    return w;
}

#define GREETING   "S: 220 hamburger.edu\n"
#define GREETED    "CONNECT > AT_HELLO\n"
#define HELO       GREETING "C: HELO crepes.fr\nS: 250 hello\n"
#define HELOED     GREETED "HELO\nHELO@2 > AT_READY\n"
#define EHLO(more) GREETING "C: EHLO crepes.fr\nS: 250-hamburger.edu\n" more
#define MAIL       "C: MAIL FROM:<alice@crepes.fr>\n"
#define RCPT       "C: RCPT TO:<bob@hamburger.edu>\n"
#define TO_DATA    HELO MAIL "S: 250 ok\n" RCPT "S: 250 ok\nC: DATA\nS: 354 go\n"
#define IN_DATA    HELOED "MAIL\nMAIL@4 > AT_MAIL\nRCPT\nRCPT@6 > AT_RCPT\nDATA\nDATA@8 > AT_BODY\n"

static const struct {
    const char *name, *text, *want;
    enum session_state end;
} dialogues[] = {
    { "the textbook's dialogue",
      TO_DATA
      "C: Subject: food\nC:\nC: Do you like ketchup?\nC: .\nS: 250 taken\nC: QUIT\nS: 221 bye\n",
      IN_DATA "letter\nletter\nletter\ndot\nBODY_END@13 > AT_READY\nQUIT\nQUIT@15 > AT_END\n",
      AT_END },
    { "the textbook's letter has no header", TO_DATA "C: Do you like ketchup?\nC: .\nS: 250 ok\n",
      IN_DATA "letter !NO_HEADER\ndot\nBODY_END@11 > AT_READY\n", AT_READY },
    { "a greeting of several lines", "S: 220-one\nS: 220-two\nS: 220 three\n", "-\n-\n" GREETED,
      AT_HELLO },
    { "a refused greeting", "S: 554 no\nC: HELO a.example\nS: 503 no\nC: QUIT\nS: 221 bye\n",
      "CONNECT > AT_REFUSED\nHELO !AFTER_REFUSED_GREETING\nHELO@2\nQUIT\nQUIT@4 > AT_END\n",
      AT_END },
    { "a client that does not wait for the greeting",
      "C: HELO a.example\nS: 220 hi\nS: 250 hello\n",
      "HELO !TOO_EARLY\nCONNECT > AT_HELLO\nHELO@1 > AT_READY\n", AT_READY },
    { "MAIL before HELO is a mistake, and followed when taken", GREETING MAIL "S: 250 ok\n",
      GREETED "MAIL !BEFORE_HELO\nMAIL@2 > AT_MAIL\n", AT_MAIL },
    { "MAIL before HELO, refused", GREETING MAIL "S: 503 no\n",
      GREETED "MAIL !BEFORE_HELO\nMAIL@2\n", AT_HELLO },
    { "RCPT before MAIL", HELO RCPT "S: 503 no\n", HELOED "RCPT !RCPT_BEFORE_MAIL\nRCPT@4\n",
      AT_READY },
    { "MAIL twice", HELO MAIL "S: 250 ok\n" MAIL "S: 503 no\n",
      HELOED "MAIL\nMAIL@4 > AT_MAIL\nMAIL !NESTED_MAIL\nMAIL@6\n", AT_MAIL },
    { "DATA without a recipient, taken by a lenient server",
      HELO MAIL "S: 250 ok\nC: DATA\nS: 354 go\nC: From: a@b\nC: .\nS: 250 ok\n",
      HELOED "MAIL\nMAIL@4 > AT_MAIL\nDATA !DATA_BEFORE_RCPT\nDATA@6 > AT_BODY\nletter\ndot\n"
             "BODY_END@9 > AT_READY\n",
      AT_READY },
    { "DATA refused: what follows are commands again",
      HELO MAIL "S: 250 ok\nC: DATA\nS: 554 no\nC: QUIT\nS: 221 bye\n",
      HELOED "MAIL\nMAIL@4 > AT_MAIL\nDATA !DATA_BEFORE_RCPT\nDATA@6\nQUIT\nQUIT@8 > AT_END\n",
      AT_END },
    { "a letter sent before DATA was refused is answered line by line",
      HELO MAIL "S: 250 ok\nC: DATA\nC: Hello\nC: .\nC: QUIT\nS: 554 no\nS: 500 what\nS: 500 "
                "what\nS: 221 bye\n",
      HELOED
      "MAIL\nMAIL@4 > AT_MAIL\nDATA !DATA_BEFORE_RCPT\nletter !NO_HEADER !PIPELINED_PAST_SYNC\n"
      "dot\nQUIT !PIPELINED_NOT_OFFERED\nDATA@6\nUNKNOWN@7\nUNKNOWN@8\nQUIT@9 > AT_END\n",
      AT_END },
    { "RSET drops the letter", HELO MAIL "S: 250 ok\nC: RSET\nS: 250 ok\n" MAIL "S: 250 ok\n",
      HELOED "MAIL\nMAIL@4 > AT_MAIL\nRSET\nRSET@6 > AT_READY\nMAIL\nMAIL@8 > AT_MAIL\n", AT_MAIL },
    { "a second HELO drops it, too", HELO MAIL "S: 250 ok\nC: EHLO crepes.fr\nS: 250 ok\n",
      HELOED "MAIL\nMAIL@4 > AT_MAIL\nEHLO\nEHLO@6 > AT_READY\n", AT_READY },
    { "421 out of the blue ends the talk and answers nothing",
      HELO MAIL "S: 250 ok\nS: 421 too slow\n",
      HELOED "MAIL\nMAIL@4 > AT_MAIL\nunasked UNKNOWN > AT_END\n", AT_END },
    { "another reply out of the blue shifts nothing", HELO "S: 250 again\n" MAIL "S: 250 ok\n",
      HELOED "unasked UNKNOWN\nMAIL\nMAIL@5 > AT_MAIL\n", AT_MAIL },
    { "421 in place of a reply", HELO MAIL "S: 421 closing\n", HELOED "MAIL\nMAIL@4 > AT_END\n",
      AT_END },
    { "421 in the middle of a letter", TO_DATA "C: Subject: x\nS: 421 timeout\n",
      IN_DATA "letter\nunasked BODY_END > AT_END\n", AT_END },
    { "a letter broken off by 552; commands again",
      TO_DATA "C: Subject: x\nS: 552 too large\nC: QUIT\nS: 221 bye\n",
      IN_DATA "letter\nunasked BODY_END > AT_READY\nQUIT\nQUIT@12 > AT_END\n", AT_END },
    { "commands inside the letter are its text",
      TO_DATA "C: Subject: x\nC:\nC: QUIT\nC: RCPT TO:<a@b>\nC: .\nS: 250 ok\n",
      IN_DATA "letter\nletter\nletter !COMMAND_IN_LETTER\nletter "
              "!COMMAND_IN_LETTER\ndot\nBODY_END@14 > AT_READY\n",
      AT_READY },
    { "dots that do not end it", TO_DATA "C: A: b\nC: .x\nC: . \nC: ..\nC: .\nS: 250 ok\n",
      IN_DATA "letter\nletter !NO_BLANK_LINE !LEADING_DOT\nletter "
              "!DOT_NOT_ALONE\nletter\ndot\nBODY_END@14 > AT_READY\n",
      AT_READY },
    { "a bare LF dot is letter text to a strict server",
      TO_DATA "C: A: b\nc: .\nC: x\nC: .\nS: 250 ok\n",
      IN_DATA "letter\nletter !DOT_BARE_LF\nletter !NO_BLANK_LINE\ndot\nBODY_END@13 > AT_READY\n",
      AT_READY },
    { "and the end to a lenient one, what follows being commands",
      TO_DATA "C: A: b\nc: .\nS: 250 ok\nC: QUIT\nS: 221 bye\n",
      IN_DATA "letter\nletter !DOT_BARE_LF\nBODY_END@11 > AT_READY\nQUIT\nQUIT@13 > AT_END\n",
      AT_END },
    { "bare LF in a command", GREETING "c: HELO a.example\nS: 500 bare LF\n",
      GREETED "HELO !BARE_LF\nHELO@2\n", AT_HELLO },
    { "pipelining, replies in order",
      EHLO("S: 250 PIPELINING\n") MAIL RCPT
      "C: RCPT TO:<nobody@hamburger.edu>\nC: DATA\n"
      "S: 250 ok\nS: 250 ok\nS: 550 no\nS: 354 go\nC: A: b\nC: .\nS: 250 ok\n",
      GREETED "EHLO\n-\nEHLO@2 > AT_READY\nMAIL\nRCPT\nRCPT\nDATA\nMAIL@5 > AT_MAIL\nRCPT@6 > "
              "AT_RCPT\nRCPT@7\n"
              "DATA@8 > AT_BODY\nletter\ndot\nBODY_END@14 > AT_READY\n",
      AT_READY },
    { "pipelining not offered, and past DATA",
      HELO MAIL RCPT "C: DATA\nC: A: b\nC: .\nS: 250 ok\nS: 250 ok\nS: 354 go\nS: 250 ok\n",
      HELOED "MAIL\nRCPT !PIPELINED_NOT_OFFERED\nDATA !PIPELINED_NOT_OFFERED\nletter "
             "!PIPELINED_PAST_SYNC\ndot\n"
             "MAIL@4 > AT_MAIL\nRCPT@5 > AT_RCPT\nDATA@6 > AT_BODY\nBODY_END@8 > AT_READY\n",
      AT_READY },
    { "pipelining past QUIT", GREETING "C: QUIT\nC: NOOP\nS: 221 bye\n",
      GREETED "QUIT\nNOOP !PIPELINED_PAST_SYNC\nQUIT@2 > AT_END\n", AT_END },
    { "two letters on one connection",
      TO_DATA "C: A: b\nC: .\nS: 250 ok\n" MAIL "S: 250 ok\n" RCPT
              "S: 250 ok\nC: DATA\nS: 354 go\nC: .\nS: 250 ok\n",
      IN_DATA "letter\ndot\nBODY_END@11 > AT_READY\nMAIL\nMAIL@13 > AT_MAIL\nRCPT\nRCPT@15 > "
              "AT_RCPT\nDATA\n"
              "DATA@17 > AT_BODY\ndot\nBODY_END@19 > AT_READY\n",
      AT_READY },
    { "a reply of mixed codes counts as its last",
      GREETING "C: EHLO a.example\nS: 250-a\nS: 250-b\nS: 550 c\n", GREETED "EHLO\n-\n-\nEHLO@2\n",
      AT_HELLO },
    { "a header typed as a command, answered as Postfix does",
      HELO "C: Subject: hi\nS: 221 I can break rules\n",
      HELOED "UNKNOWN !HEADER_AS_COMMAND\nUNKNOWN@4 > AT_END\n", AT_END },
    { "AUTH in two steps",
      EHLO("S: 250 AUTH LOGIN\n") "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: Ym9i\nS: 235 ok\n",
      GREETED "EHLO\n-\nEHLO@2 > AT_READY\nAUTH !AUTH_WITHOUT_TLS\nAUTH@5 > "
              "AT_AUTH\nauth\nAUTH_LINE@7 > AT_READY\n",
      AT_READY },
    { "AUTH cancelled",
      EHLO("S: 250 AUTH LOGIN\n") "C: AUTH LOGIN\nS: 334 x\nC: *\nS: 501 cancelled\n",
      GREETED "EHLO\n-\nEHLO@2 > AT_READY\nAUTH !AUTH_WITHOUT_TLS\nAUTH@5 > "
              "AT_AUTH\nauth\nAUTH_LINE@7 > AT_READY\n",
      AT_READY },
    { "a command before the challenge is read as the answer to it",
      HELO "C: AUTH LOGIN\nC: NOOP\nS: 334 x\nS: 334 x\nC: c2Vj\nS: 235 ok\n",
      HELOED "AUTH !AUTH_NOT_OFFERED !AUTH_WITHOUT_TLS\nNOOP !PIPELINED_PAST_SYNC\nAUTH@4 > "
             "AT_AUTH\nAUTH_LINE@5\nauth\nAUTH_LINE@8 > AT_READY\n",
      AT_READY },
    { "a server that takes a command in the middle of a login",
      HELO "C: AUTH LOGIN\nS: 334 x\nC: QUIT\nS: 221 bye\n",
      HELOED "AUTH !AUTH_NOT_OFFERED !AUTH_WITHOUT_TLS\nAUTH@4 > AT_AUTH\nQUIT\nQUIT@6 > AT_END\n",
      AT_END },
    { "what follows a refused AUTH is a command to the server",
      HELO "C: AUTH LOGIN\nS: 503 no\nC: Ym9i\nS: 500 what\n",
      HELOED "AUTH !AUTH_NOT_OFFERED !AUTH_WITHOUT_TLS\nAUTH@4\nauth\nUNKNOWN@6\n", AT_READY },
    { "answers sent before the AUTH was refused are commands, too",
      HELO "C: AUTH LOGIN\nC: Ym9i\nS: 503 no\nS: 500 what\n",
      HELOED "AUTH !AUTH_NOT_OFFERED !AUTH_WITHOUT_TLS\nauth\nAUTH@4\nUNKNOWN@5\n", AT_READY },
    { "DATA in a login is an answer, and no letter follows",
      HELO "C: AUTH LOGIN\nS: 334 x\nC: DATA\nC: QUIT\nS: 535 no\nS: 221 bye\n",
      HELOED "AUTH !AUTH_NOT_OFFERED !AUTH_WITHOUT_TLS\nAUTH@4 > AT_AUTH\nDATA\nletter "
             "!COMMAND_IN_LETTER !PIPELINED_PAST_SYNC\nAUTH_LINE@6 > AT_READY\nQUIT@7 > "
             "AT_END\n",
      AT_END },
    { "AUTH not offered", HELO "C: AUTH PLAIN AGJvYgBzZWNyZXQ=\nS: 503 no\n",
      HELOED "AUTH !AUTH_NOT_OFFERED !AUTH_WITHOUT_TLS\nAUTH@4\n", AT_READY },
    { "BDAT",
      EHLO("S: 250 CHUNKING\n") MAIL
      "S: 250 ok\n" RCPT
      "S: 250 ok\nC: BDAT 6\nC: A: b\nS: 250 ok\nC: BDAT 2 LAST\nC:\nS: 250 ok\n",
      GREETED
      "EHLO\n-\nEHLO@2 > AT_READY\nMAIL\nMAIL@5 > AT_MAIL\nRCPT\nRCPT@7 > AT_RCPT\nBDAT\nchunk\n"
      "BDAT@9 > AT_CHUNK\nBDAT\nchunk\nBDAT@12 > AT_READY\n",
      AT_READY },
    { "BDAT to a server that does not know it",
      HELO "C: BDAT 7\nC: HELP\nC: NOOP\nS: 502 no\nS: 502 no\nS: 250 ok\n", NULL, AT_READY },
    { "LMTP answers the last chunk once a recipient, too",
      GREETING "C: LHLO a.example\nS: 250 CHUNKING\n" MAIL "S: 250 ok\n" RCPT "S: 250 ok\n" RCPT
               "S: 250 ok\nC: BDAT 2 LAST\nC:\nS: 250 one\nS: 452 two\nC: QUIT\nS: 221 bye\n",
      GREETED
      "LHLO\nLHLO@2 > AT_READY\nMAIL\nMAIL@4 > AT_MAIL\nRCPT\nRCPT@6 > AT_RCPT\nRCPT\nRCPT@8\n"
      "BDAT !VERB_NOT_OFFERED\nchunk\nBDAT@10\nBDAT@10 > AT_READY\nQUIT\nQUIT@14 > AT_END\n",
      AT_END },
    { "after a refused chunk only RSET clears the letter",
      EHLO("S: 250 CHUNKING\n") MAIL
      "S: 250 ok\n" RCPT
      "S: 250 ok\nC: BDAT 2\nC:\nS: 452 full\nC: BDAT 2 LAST\nC:\nS: 503 no\n" MAIL
      "S: 503 no\nC: RSET\nS: 250 ok\n",
      GREETED "EHLO\n-\nEHLO@2 > AT_READY\nMAIL\nMAIL@5 > AT_MAIL\nRCPT\nRCPT@7 > AT_RCPT\n"
              "BDAT\nchunk\nBDAT@9 > AT_CHUNK\nBDAT !NESTED_MAIL\nchunk\nBDAT@12\nMAIL "
              "!NESTED_MAIL\nMAIL@15\nRSET\nRSET@17 > AT_READY\n",
      AT_READY },
    { "the lines of a chunk are answered as commands by a server that does not know BDAT",
      HELO MAIL "S: 250 ok\n" RCPT "S: 250 ok\nC: BDAT 12\nC: NOOP\nC: text\nC: QUIT\n"
                "S: 500 what\nS: 250 ok\nS: 500 what\nS: 221 bye\n",
      HELOED
      "MAIL\nMAIL@4 > AT_MAIL\nRCPT\nRCPT@6 > AT_RCPT\nBDAT !VERB_NOT_OFFERED\nchunk\nchunk\n"
      "QUIT !PIPELINED_NOT_OFFERED\nBDAT@8\nNOOP@9\nUNKNOWN@10\nQUIT@11 > AT_END\n",
      AT_END },
    { "the lines of a chunk that is taken are not answered",
      EHLO("S: 250 CHUNKING\n") MAIL
      "S: 250 ok\n" RCPT "S: 250 ok\nC: BDAT 12\nC: NOOP\nC: text\nC: NOOP\nS: 250 in\nS: 250 ok\n",
      NULL, AT_CHUNK },
    { "a refused DATA leaves sender and recipients in place",
      HELO MAIL "S: 250 ok\n" RCPT "S: 250 ok\nC: DATA\nS: 554 no\n" RCPT "S: 250 ok\n",
      HELOED "MAIL\nMAIL@4 > AT_MAIL\nRCPT\nRCPT@6 > AT_RCPT\nDATA\nDATA@8\nRCPT\nRCPT@10\n",
      AT_RCPT },
    { "a server that goes on after 421",
      HELO MAIL "S: 421 busy\n" MAIL "S: 250 ok\n" RCPT "S: 250 ok\n",
      HELOED "MAIL\nMAIL@4 > AT_END\nMAIL\nMAIL@6 > AT_MAIL\nRCPT\nRCPT@8 > AT_RCPT\n", AT_RCPT },
    { "a server that speaks in clear after STARTTLS",
      EHLO("S: 250 STARTTLS\n") "C: STARTTLS\nS: 220 go\nC: EHLO crepes.fr\nS: 250 ok\n",
      GREETED
      "EHLO\n-\nEHLO@2 > AT_READY\nSTARTTLS\nSTARTTLS@5 > AT_TLS\nEHLO\nEHLO@7 > AT_READY\n",
      AT_READY },
    { "PRDR: 353, a reply for each recipient, and one for the letter",
      HELO MAIL "S: 250 ok\n" RCPT "S: 250 ok\n" RCPT
                "S: 250 ok\nC: DATA\nS: 354 go\nC: .\nS: 353 each\nS: 250 one\nS: 550 two\n"
                "S: 250 taken\nC: NOOP\nS: 250 ok\n",
      HELOED
      "MAIL\nMAIL@4 > AT_MAIL\nRCPT\nRCPT@6 > AT_RCPT\nRCPT\nRCPT@8\nDATA\nDATA@10 > AT_BODY\n"
      "dot\nBODY_END@12\nBODY_END@12\nBODY_END@12\nBODY_END@12 > AT_READY\nNOOP\nNOOP@17\n",
      AT_READY },
    { "a line without a code greets nobody",
      "S: loading\nS: 220 hi\nC: HELO crepes.fr\nS: 250 hello\n",
      "CONNECT\nCONNECT > AT_HELLO\nHELO\nHELO@3 > AT_READY\n", AT_READY },
    { "a server that greets without any code",
      "S: welcome\nC: HELO crepes.fr\nS: 250 hello\nC: NOOP\nS: 250 ok\n",
      "CONNECT\nHELO !TOO_EARLY\nHELO@2 > AT_READY\nNOOP\nNOOP@4\n", AT_READY },
    { "STARTTLS, the handshake, and the greeting again",
      EHLO("S: 250 STARTTLS\n") "C: STARTTLS\nS: 220 go\n--TLS_STARTING\n--TLS_DONE\n"
                                "C: MAIL FROM:<a@b>\nS: 503 no\nC: EHLO crepes.fr\nS: 250 ok\n",
      GREETED "EHLO\n-\nEHLO@2 > AT_READY\nSTARTTLS\nSTARTTLS@5 > AT_TLS\n"
              "MAIL !MAIL_AFTER_STARTTLS\nMAIL@7\nEHLO\nEHLO@9 > AT_READY\n",
      AT_READY },
    { "what was sent behind STARTTLS is answered by nobody inside TLS",
      EHLO("S: 250 STARTTLS\n") "C: STARTTLS\nC: NOOP\nS: 220 go\n--TLS_DONE\n"
                                "C: EHLO crepes.fr\nS: 250 ok\n",
      GREETED "EHLO\n-\nEHLO@2 > AT_READY\nSTARTTLS\nNOOP !PIPELINED_PAST_SYNC\n"
              "STARTTLS@5 > AT_TLS\nEHLO\nEHLO@8 > AT_READY\n",
      AT_READY },
    { "TLS from the start", "--TLS_STARTING\n--TLS_DONE\n" HELO, HELOED, AT_READY },
    { "STARTTLS not offered", HELO "C: STARTTLS\nS: 502 no\n",
      HELOED "STARTTLS !STARTTLS_NOT_OFFERED\nSTARTTLS@4\n", AT_READY },
    { "STARTTLS taken", EHLO("S: 250 STARTTLS\n") "C: STARTTLS\nS: 220 go\n",
      GREETED "EHLO\n-\nEHLO@2 > AT_READY\nSTARTTLS\nSTARTTLS@5 > AT_TLS\n", AT_TLS },
    { "parameters after HELO", HELO "C: MAIL FROM:<a@b.example> SIZE=10\nS: 250 ok\n",
      HELOED "MAIL !PARAMETER_AFTER_HELO\nMAIL@4 > AT_MAIL\n", AT_MAIL },
    { "parameters not offered",
      EHLO("S: 250 8BITMIME\n") "C: MAIL FROM:<a@b.example> SIZE=10\nS: 555 no\n",
      GREETED "EHLO\n-\nEHLO@2 > AT_READY\nMAIL !PARAMETER_NOT_OFFERED\nMAIL@5\n", AT_READY },
    { "parameters offered",
      EHLO("S: 250 SIZE 1000\n") "C: MAIL FROM:<a@b.example> SIZE=10\nS: 250 ok\n",
      GREETED "EHLO\n-\nEHLO@2 > AT_READY\nMAIL\nMAIL@5 > AT_MAIL\n", AT_MAIL },
    { "the connection is reset in the middle of a line", HELO "--RESET\n", HELOED, AT_END },
    { "LMTP answers the dot once a recipient",
      GREETING "C: LHLO a.example\nS: 250 ok\n" MAIL "S: 250 ok\n" RCPT "S: 250 ok\n" RCPT
               "S: 250 ok\nC: DATA\nS: 354 go\nC: .\nS: 250 one\nS: 452 two\nC: QUIT\nS: 221 bye\n",
      GREETED
      "LHLO\nLHLO@2 > AT_READY\nMAIL\nMAIL@4 > AT_MAIL\nRCPT\nRCPT@6 > AT_RCPT\nRCPT\nRCPT@8\n"
      "DATA\nDATA@10 > AT_BODY\ndot\nBODY_END@12\nBODY_END@12 > AT_READY\nQUIT\nQUIT@15 > AT_END\n",
      AT_END },
    { "an empty line is a command, too", HELO "C:\nS: 500 what\n",
      HELOED "UNKNOWN !EMPTY_LINE\nUNKNOWN@4\n", AT_READY },
    { "a line without a code is a reply of its own",
      HELO "C: NOOP\nS: hello there\nC: NOOP\nS: 250 ok\n", HELOED "NOOP\nNOOP@4\nNOOP\nNOOP@6\n",
      AT_READY },
};

Test(observer, follows_dialogues_line_by_line_however_they_are_cut)
{
    for (size_t i = 0; i < sizeof dialogues / sizeof dialogues[0]; i++) {
        static const size_t pieces[] = { SIZE_MAX / 2, 1, 3, 7 };

        for (size_t j = 0; j < sizeof pieces / sizeof pieces[0]; j++) {
            struct buf got = { 0 };
            struct watcher *w = watch(dialogues[i].text, pieces[j], &got);

            if (dialogues[i].want)
                cr_expect_str_eq(buf_text(&got), dialogues[i].want,
                                 "%s, pieces of %zu:\n%s\nnot\n%s", dialogues[i].name, pieces[j],
                                 buf_text(&got), dialogues[i].want);
            cr_expect_eq(watcher_state(w)->state, dialogues[i].end, "%s: ends %s",
                         dialogues[i].name, state_names[watcher_state(w)->state]);
            buf_release(&got);
            watcher_free(w);
        }
    }
}

Test(observer, a_copy_packed_and_unpacked_goes_on_as_the_original)
{
    for (size_t i = 0; i < sizeof dialogues / sizeof dialogues[0]; i++) {
        struct span rest = span_of(dialogues[i].text);
        struct observer a, b;
        struct buf wire = { 0 };
        struct transcript_line t;

        observer_init(&a);
        observer_init(&b);
        while (transcript_next(&rest, &wire, &t)) {
            unsigned char packed[sizeof(struct observer)];
            struct observed seen;
            struct line line;

            if (t.is_event) {
                observer_event(&a, t.event);
                observer_event(&b, t.event);
            } else {
                struct line_scan scan = { 0 };

                line_scan_push(&scan, t.octets, &line);
                line.head = span_first(t.octets, (size_t)line.len);
                observer_line(&a, t.side, &line, &seen);
                observer_line(&b, t.side, &line, &seen);
            }
            cr_expect(observer_pack(&b, packed) <= sizeof packed);
            memset(&b, 0x5a, sizeof b);
            observer_unpack(&b, packed);
            cr_expect(observer_same(&a, &b), "%s, line %u", dialogues[i].name, a.lines);
        }
        buf_release(&wire);
    }
}

static struct observer after(const char *text)
{
    struct buf told = { 0 };
    struct watcher *w = watch(text, 1000, &told);
    struct observer o = *watcher_state(w);

    buf_release(&told);
    watcher_free(w);
    return o;
}

Test(observer, knows_what_the_server_offered)
{
    struct observer o =
        after(EHLO("S: 250-SIZE 35882577\nS: 250-AUTH=LOGIN\nS: 250-X-ODD\nS: 250 PIPELINING\n"));

    cr_expect(o.esmtp);
    cr_expect(observer_offers(&o, (unsigned)keyword_number(SPAN("SIZE"))));
    cr_expect(observer_offers(&o, (unsigned)keyword_number(SPAN("pipelining"))));
    cr_expect(observer_offers(&o, (unsigned)keyword_number(SPAN("AUTH"))));
    cr_expect_not(observer_offers(&o, (unsigned)keyword_number(SPAN("STARTTLS"))));
    cr_expect_not(observer_offers(&o, 5000));
    cr_expect_eq(o.size_limit, 35882577u);
    cr_expect(o.keywords_other);
    o = after(EHLO("S: 250 SIZE\n"));
    cr_expect_eq(o.size_limit, 0u);
    cr_expect_not(o.keywords_other);
    o = after(EHLO("S: 250 SIZE 10\n") "C: HELO crepes.fr\nS: 250 ok\n");
    cr_expect_not(o.esmtp);
    cr_expect_not(observer_offers(&o, (unsigned)keyword_number(SPAN("SIZE"))));
}

Test(observer, keeps_the_envelope_and_counts)
{
    struct observer o =
        after(HELO MAIL "S: 250 ok\n" RCPT "S: 250 ok\nC: RCPT TO:<x@y.example>\nS: 550 no\n" RCPT
                        "S: 251 ok\n");

    cr_expect_eq(o.hello_line, 2u);
    cr_expect_eq(o.mail_line, 4u);
    cr_expect_eq(o.rcpt_accepted, 2u);
    cr_expect_eq(o.rcpt_refused, 1u);
    cr_expect_eq(o.rcpt_lines[0], 6u);
    cr_expect_eq(o.rcpt_lines[1], 10u);
    cr_expect_eq(o.errors, 1u);
    o = after(TO_DATA "C: A: b\nC:\nC: ..x\nC: y\nC: .\nS: 250 ok\n");
    cr_expect_eq(o.letters, 1u);
    cr_expect_eq(o.rcpt_accepted, 0u);
    cr_expect_eq(o.body.counts.octets, 6u + 2u + 4u + 3u);
    cr_expect_eq(o.body.counts.header_lines, 1u);
    cr_expect_eq(o.body.counts.body_lines, 2u);
    cr_expect_eq(o.body.counts.stuffed, 1u);
}

Test(observer, counts_every_verdict_on_a_letter)
{
#define TWO_RECIPIENTS MAIL "S: 250 ok\n" RCPT "S: 250 ok\n" RCPT "S: 250 ok\nC: DATA\nS: 354 go\n"
    struct observer o = after(GREETING "C: LHLO a.example\nS: 250 ok\n" TWO_RECIPIENTS
                                       "C: .\nS: 550 one\nS: 250 two\n");

    cr_expect_eq(o.letters, 1u);
    cr_expect_eq(o.errors, 1u);
    o = after(GREETING "C: LHLO a.example\nS: 250 ok\n" TWO_RECIPIENTS
                       "C: .\nS: 250 one\nS: 550 two\n");
    cr_expect_eq(o.letters, 1u);
    cr_expect_eq(o.errors, 1u);
    o = after(HELO TWO_RECIPIENTS "C: .\nS: 353 each\nS: 250 one\nS: 550 two\nS: 250 taken\n");
    cr_expect_eq(o.letters, 1u);
    cr_expect_eq(o.errors, 1u);
}

Test(observer, says_what_is_awaited)
{
    struct observer o;

    observer_init(&o);
    cr_expect_eq(observer_awaits(&o), VERB_CONNECT);
    cr_expect_eq(observer_outstanding(&o), 1u);
    o = after(HELO);
    cr_expect_eq(observer_awaits(&o), VERB_COUNT);
    cr_expect_eq(observer_outstanding(&o), 0u);
    o = after(HELO MAIL RCPT);
    cr_expect_eq(observer_awaits(&o), VERB_MAIL);
    cr_expect_eq(observer_outstanding(&o), 2u);
    o = after(TO_DATA "C: .\n");
    cr_expect_eq(observer_awaits(&o), VERB_BODY_END);
    o = after(HELO MAIL "--RESET\n");
    cr_expect_eq(observer_awaits(&o), VERB_COUNT);
    cr_expect_eq(observer_outstanding(&o), 0u);
    cr_expect(o.over && o.ended);
}

/* More commands than the ring holds: the replies still find their way. */
Test(observer, pairing_survives_more_commands_than_it_remembers)
{
    struct buf text = { 0 }, told = { 0 };
    struct watcher *w;
    const struct observer *o;

    buf_add_text(&text, EHLO("S: 250 PIPELINING\n"));
    for (int i = 0; i < 4 * OBSERVER_PENDING_MAX; i++)
        buf_add_text(&text, i % 2 ? "C: RSET\n" : "C: VRFY bob\n");
    buf_add_text(&text, "C: MAIL FROM:<a@b.example>\n");
    for (int i = 0; i < 4 * OBSERVER_PENDING_MAX; i++)
        buf_add_text(&text, "S: 250 ok\n");
    w = watch(buf_text(&text), 100000, &told);
    o = watcher_state(w);
    cr_expect_eq(observer_outstanding(o), 1u);
    watcher_free(w);
    buf_add_text(&text, "S: 250 ok\nC: NOOP\nS: 250 ok\n");
    buf_clear(&told);
    w = watch(buf_text(&text), 100000, &told);
    o = watcher_state(w);
    cr_expect_eq(observer_outstanding(o), 0u);
    cr_expect_eq(o->pending_used, 0u);
    cr_expect(strstr(buf_text(&told), "unasked") == NULL);
    buf_release(&text);
    buf_release(&told);
    watcher_free(w);
}

Test(observer, a_reply_too_large_to_be_sensible_stays_one_reply)
{
    struct buf text = { 0 }, told = { 0 };
    struct watcher *w;

    buf_add_text(&text, GREETING "C: HELP\n");
    for (int i = 0; i < 3000; i++)
        buf_add_text(&text, "S: 214-abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\n");
    buf_add_text(&text, "S: 214 end\nC: NOOP\nS: 250 ok\n");
    w = watch(buf_text(&text), 4096, &told);
    cr_expect(strstr(buf_text(&told), "HELP@2\nNOOP\nNOOP@3004\n") != NULL);
    buf_release(&text);
    buf_release(&told);
    watcher_free(w);
}

Test(observer, hides_secrets)
{
    static const struct {
        const char *text, *secret;
    } rows[] = {
        { EHLO("S: 250 AUTH PLAIN\n") "C: AUTH PLAIN AGJvYgBzZWNyZXQ=\n", "AGJvYgBzZWNyZXQ=" },
        { EHLO("S: 250 AUTH PLAIN\n") "C: auth  plain   AGJvYgBz\n", "AGJvYgBz" },
        { EHLO("S: 250 AUTH PLAIN\n") "C: AUHT PLAIN AGJvYgBz\n", "AGJvYgBz" },
        { EHLO("S: 250 AUTH PLAIN\n") "C: AUTH PLAIN\nS: 334 \nC: AGJvYgBz\n", "AGJvYgBz" },
        { EHLO("S: 250 AUTH LOGIN\n") "C: AUTH LOGIN\nC: Ym9i\nC: c2VjcmV0\n", "c2VjcmV0" },
        { EHLO("S: 250 AUTH LOGIN\n") "C: AUTH LOGIN\nS: 334 x\nC: *\n", "" },
        { HELO "C: NOOP AUTH\n", "" },
        /* wherever the exchange takes place */
        { HELO "C: STARTTLS\nS: 220 go\nC: AUTH LOGIN\nS: 334 x\nC: Ym9i\n", "Ym9i" },
        { HELO MAIL "S: 250 ok\n" RCPT "S: 250 ok\nC: BDAT 2\nC:\nS: 250 ok\nC: AUTH LOGIN\n"
                    "S: 334 x\nC: Ym9i\n",
          "Ym9i" },
        { GREETING "C: QUIT\nS: 221 no\nC: AUTH LOGIN\nS: 334 x\nC: Ym9i\nS: 334 x\nC: c2Vj\n",
          "c2Vj" },
        /* whatever came of it */
        { HELO "C: AUTH LOGIN\nS: 503 no\nC: Ym9i\n", "Ym9i" },
        { HELO "C: AUTH LOGIN\nS: 503 no\nC: Ym9i\nS: 500 what\nC: c2Vj\n", "c2Vj" },
        { HELO "C: AUTH LOGIN\nS: 503 no\nC: NOOP\nC: Ym9i\nC: c2Vj\n", "c2Vj" },
        { HELO "C: AUTH LOGIN\nS: 503 no\nC: Ym9i\nC: c2Vj\nC: HLEO x\n", "" },
        { HELO "C: AUTH LOGIN\nS: 503 no\nC: NOOP\nS: 250 ok\nC: HLEO x\n", "" },
        { HELO "C: AUTH LOGIN\nS: 503 no\nC: AUHT LOGIN\nS: 500 no\nC: Ym9i\nC: c2Vj\n", "c2Vj" },
        { HELO "C: AUTH LOGIN\nC: Ym9i\nC: c2Vj\nS: 503 no\nS: 500 no\nS: 500 no\nC: x y\nC: x\n"
               "C: HLEO\n",
          "" },
        { HELO "C: AUTH LOGIN\nS: 334 x\nC: Ym9i\nS: 535 no\nC: c2Vj\n", "c2Vj" },
        { HELO "C: AUTH LOGIN\nS: 334 x\nC: Ym9i\nS: 235 ok\nC: HLEO\n", "" },
        /* however it is spelt */
        { HELO "C: AUTH AHVzZXIAc2VjcmV0\n", "AHVzZXIAc2VjcmV0" },
        { HELO "C: AUTH=PLAIN AHVz\n", "AHVz" },
        { HELO "C: auth:plain AHVz\n", "AHVz" },
        { HELO "C: AUTHPLAIN AHVz\n", "AHVz" },
        { HELO "C: AUTHAHVzZXIA x\n", "AHVzZXIA x" },
        { HELO "C: AUTHENTICATE PLAIN AHVz\n", "AHVz" },
        { HELO "C: AUTH X-OWN_1 AHVz\n", "AHVz" },
        { HELO "C: AUTH AAAAAAAAAAAAAAAAAAAAA\n", "AAAAAAAAAAAAAAAAAAAAA" },
        { HELO "C: AUTH plian AHVz\n", "plian AHVz" },
        { HELO "C: LOGIN bob sesame\n", "bob sesame" },
        { HELO "C: PLAIN AHVz\n", "AHVz" },
        { HELO "C: PASS sesame\n", "sesame" },
        { HELO "C: AUHT LOGIN\nC: Ym9i\nC: c2Vj\n", "c2Vj" },
        { HELO "C: AUHT LOGIN\nS: 500 no\nC: Ym9i\nS: 500 no\nC: c2Vj\n", "c2Vj" },
        /* with a command before the answer */
        { HELO "C: AUTH LOGIN\nC: NOOP\nS: 334 x\nC: Ym9i\n", "Ym9i" },
        { HELO "C: AUTH LOGIN\nC: NOOP\nS: 334 x\nC: Ym9i\nS: 334 x\nC: c2Vj\n", "c2Vj" },
        { HELO "C: AUTH LOGIN\nC: NOOP\nC: Ym9i\n", "Ym9i" },
        /* in what may yet be a letter */
        { HELO "C: DATA\nC: AUTH PLAIN AHVz\n", "AHVz" },
        { HELO "C: DATA\nC: AUTH LOGIN\nC: Ym9i\nC: c2Vj\n", "c2Vj" },
        { HELO "C: DATA\nC: AUTH LOGIN\nC: Ym9i\nC: c2Vj\nC: text\n", "" },
        { HELO "C: DATA\nC: Author: Bob\n", "" },
        { HELO "C: AUTH LOGIN\nC: DATA\nC: text\n", "" },
        { HELO "C: DATA\nS: 354 go\nC: AUTH PLAIN AHVz\n", "" },
        { HELO "C: AUTH LOGIN\nS: 334 x\nC: DATA\nS: 535 no\nC: Ym9i\n", "Ym9i" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct watcher *w = watcher_new();
        struct span rest = span_of(rows[i].text);
        struct buf wire = { 0 };
        struct transcript_line line;
        struct observed seen = { 0 };

        while (transcript_next(&rest, &wire, &line)) {
            struct span open = span_first(line.octets, line.octets.len - 2);

            if (line.side == SIDE_CLIENT && rest.len == 0)
                cr_expect(
                    span_eq(observer_open_secret(watcher_state(w), open), span_of(rows[i].secret)),
                    "row %zu, while it is typed", i);
            watcher_push(w, line.side, line.octets);
            while (watcher_next(w, &seen))
                if (rest.len == 0)
                    cr_expect(span_eq(seen.secret, span_of(rows[i].secret)), "row %zu: %.*s", i,
                              SPAN_ARG(seen.secret));
        }
        buf_release(&wire);
        watcher_free(w);
    }
}

Test(observer, gives_unfinished_lines_when_the_connection_ends)
{
    struct watcher *w = watcher_new();
    struct observed seen;

    watcher_push(w, SIDE_SERVER, SPAN("220 hi\r\n250-not"));
    cr_assert(watcher_next(w, &seen));
    cr_assert_not(watcher_next(w, &seen));
    watcher_push(w, SIDE_CLIENT, SPAN("NOO"));
    cr_assert_not(watcher_next(w, &seen));
    watcher_event(w, TALK_CLOSED_BY_SERVER);
    cr_assert(watcher_next(w, &seen));
    cr_expect_eq(seen.side, SIDE_CLIENT);
    cr_expect_eq(seen.line.end, LINE_CUT);
    cr_assert(watcher_next(w, &seen));
    cr_expect_eq(seen.side, SIDE_SERVER);
    cr_assert_not(watcher_next(w, &seen));
    cr_expect(watcher_state(w)->over);
    watcher_event(w, TALK_RESOLVED); /* an event that ends nothing */
    cr_assert_not(watcher_next(w, &seen));
    watcher_free(w);
    watcher_free(NULL);
}

/* What is known after a talk, in words. */
static void run_to(const char *text, struct observer *o)
{
    struct buf out = { 0 };
    struct watcher *w = watch(text, SIZE_MAX / 2, &out);

    *o = *watcher_state(w);
    watcher_free(w);
    buf_release(&out);
}

#define IN_TLS                                                                                     \
    EHLO("S: 250-SIZE 9\nS: 250-AUTH LOGIN\nS: 250 STARTTLS\n")                                    \
    "C: AUTH LOGIN\nS: 235 ok\nC: STARTTLS\nS: 220 go\n--TLS_DONE\n"

Test(observer, forgets_at_the_handshake_what_was_learnt_in_plain_text)
{
    struct observer o;
    unsigned size = (unsigned)keyword_number(SPAN("SIZE"));

    run_to(IN_TLS, &o);
    cr_expect(o.tls);
    cr_expect_not(o.esmtp);
    cr_expect_not(o.authenticated);
    cr_expect_not(observer_offers(&o, size));
    cr_expect_eq(o.size_limit, 0);
    cr_expect_eq(o.hello_line, 0);
    cr_expect(o.before_tls);
    cr_expect(observer_offered_before(&o, size));
    cr_expect_not(observer_offered_before(&o, (unsigned)keyword_number(SPAN("DSN"))));
    run_to(HELO "C: STARTTLS\nS: 220 go\n--TLS_DONE\n", &o);
    cr_expect_not(o.before_tls, "HELO asks for no extensions");
    run_to("--TLS_DONE\n" HELO, &o);
    cr_expect(o.tls);
    cr_expect_not(o.before_tls);
}

Test(observer, keeps_the_verdict_on_a_certificate)
{
    static const struct {
        const char *text;
        enum trust want;
    } verdicts[] = {
        { IN_TLS, TRUST_UNKNOWN },
        { IN_TLS "--TLS_VERIFIED\n", TRUST_VERIFIED },
        { IN_TLS "--TLS_UNVERIFIED\n", TRUST_UNVERIFIED },
        { IN_TLS "--TLS_UNVERIFIED\n--TLS_TRUSTED\n", TRUST_GIVEN },
    };

    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
        struct observer o, before;

        run_to(verdicts[i].text, &o);
        cr_expect_eq(o.trust, verdicts[i].want, "%s", verdicts[i].text);
        run_to(IN_TLS, &before);
        cr_expect_eq(observer_same(&o, &before), i == 0);
    }
}

Test(observer, knows_when_starttls_waits)
{
    struct observer o;

    run_to(EHLO("S: 250 STARTTLS\n") "C: NOOP\nC: STARTTLS\n", &o);
    cr_expect(observer_starttls_waits(&o));
    run_to(EHLO("S: 250 STARTTLS\n") "C: STARTTLS\nS: 454 no\n", &o);
    cr_expect_not(observer_starttls_waits(&o));
    run_to(EHLO("S: 250 STARTTLS\n") "C: STARTTLS\n--RESET\n", &o);
    cr_expect_not(observer_starttls_waits(&o));
}
