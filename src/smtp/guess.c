#include "smtp/guess.h"

/* A word for the console or the shell, and the verb that does the same in SMTP. */
static const struct console_word {
    struct span word;
    enum verb meant;
} console_words[] = {
    { SPAN_INIT("ls"), VERB_UNKNOWN },      { SPAN_INIT("dir"), VERB_UNKNOWN },
    { SPAN_INIT("cd"), VERB_UNKNOWN },      { SPAN_INIT("pwd"), VERB_UNKNOWN },
    { SPAN_INIT("cat"), VERB_UNKNOWN },     { SPAN_INIT("vi"), VERB_UNKNOWN },
    { SPAN_INIT("vim"), VERB_UNKNOWN },     { SPAN_INIT("nano"), VERB_UNKNOWN },
    { SPAN_INIT("clear"), VERB_UNKNOWN },   { SPAN_INIT("cls"), VERB_UNKNOWN },
    { SPAN_INIT("sudo"), VERB_UNKNOWN },    { SPAN_INIT("whoami"), VERB_UNKNOWN },
    { SPAN_INIT("history"), VERB_UNKNOWN }, { SPAN_INIT("ping"), VERB_UNKNOWN },
    { SPAN_INIT("telnet"), VERB_UNKNOWN },  { SPAN_INIT("ssh"), VERB_UNKNOWN },
    { SPAN_INIT("nc"), VERB_UNKNOWN },      { SPAN_INIT("ncat"), VERB_UNKNOWN },
    { SPAN_INIT("netcat"), VERB_UNKNOWN },  { SPAN_INIT("open"), VERB_UNKNOWN },
    { SPAN_INIT("exit"), VERB_QUIT },       { SPAN_INIT("quit!"), VERB_QUIT },
    { SPAN_INIT("logout"), VERB_QUIT },     { SPAN_INIT("logoff"), VERB_QUIT },
    { SPAN_INIT("bye"), VERB_QUIT },        { SPAN_INIT("close"), VERB_QUIT },
    { SPAN_INIT("q"), VERB_QUIT },          { SPAN_INIT(":q"), VERB_QUIT },
    { SPAN_INIT(":q!"), VERB_QUIT },        { SPAN_INIT(":wq"), VERB_QUIT },
    { SPAN_INIT("man"), VERB_HELP },        { SPAN_INIT("?"), VERB_HELP },
};

/* Methods of HTTP (RFC 9110 9.3), and the first word of an HTTP/2 connection (RFC 9113 3.4). */
static const struct span methods[] = {
    SPAN_INIT("GET"),     SPAN_INIT("HEAD"),    SPAN_INIT("POST"),  SPAN_INIT("PUT"),
    SPAN_INIT("DELETE"),  SPAN_INIT("CONNECT"), SPAN_INIT("TRACE"), SPAN_INIT("PATCH"),
    SPAN_INIT("OPTIONS"), SPAN_INIT("PRI"),
};

/* Fields that learners type where a command belongs, also without their colon. */
static const struct span fields[] = {
    SPAN_INIT("Subject"), SPAN_INIT("From"),   SPAN_INIT("To"),       SPAN_INIT("Cc"),
    SPAN_INIT("Bcc"),     SPAN_INIT("Sender"), SPAN_INIT("Reply-To"), SPAN_INIT("Message-ID"),
};

static bool is_one_of(struct span word, const struct span *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (span_eq_nocase(word, list[i]))
            return true;
    return false;
}
#define IS_ONE_OF(word, list) is_one_of(word, list, sizeof(list) / sizeof((list)[0]))

static bool is_reply(struct span word)
{
    if (span_eq(word, SPAN("S:")))
        return true;
    if (word.len < 3 || (word.len > 3 && word.at[3] != '-') || word.at[0] < '2' || word.at[0] > '5')
        return false;
    return ascii_is_digit(word.at[1]) && ascii_is_digit(word.at[2]);
}

static bool is_http(struct span word, struct span argument)
{
    if (!IS_ONE_OF(word, methods))
        return false;
    return span_starts(argument, SPAN("/")) || span_starts_nocase(argument, SPAN("http")) ||
           span_search(argument, SPAN(" HTTP/"), 0, false) != SPAN_NOT_FOUND;
}

static bool is_field_name(struct span name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!ascii_is_alnum(name.at[i]) && name.at[i] != '-' && name.at[i] != '_')
            return false;
    return name.len > 1 && ascii_is_alpha(name.at[0]);
}

/* A verb that runs into what follows it: "MAILFROM:<", "HELOcrepes.fr", "QUIT.", "RCPT:TO". */
static enum verb glued(struct span word)
{
    if (span_starts_nocase(word, SPAN("MAILFROM")) || span_starts_nocase(word, SPAN("FROM:<")))
        return VERB_MAIL;
    if (span_starts_nocase(word, SPAN("RCPTTO")) || span_starts_nocase(word, SPAN("TO:<")))
        return VERB_RCPT;
    for (int v = VERB_EHLO; v < VERB_COUNT; v++) {
        struct span verb = span_of(verb_word((enum verb)v));
        struct span rest = span_from(word, verb.len);

        if (!rest.len || !span_starts_nocase(word, verb))
            continue;
        if (!ascii_is_alnum(rest.at[0]) && rest.at[0] != '-')
            return (enum verb)v;
        if (v <= VERB_LHLO && span_find(rest, '.') < rest.len) /* a host's name follows */
            return (enum verb)v;
    }
    return VERB_UNKNOWN;
}

/* "Subject: x", "Subject:x", "Subject : x", "Subject x". */
static bool is_header(struct span word, struct span argument)
{
    size_t colon = span_find(word, ':');

    if (colon < word.len)
        return is_field_name(span_first(word, colon)) &&
               !span_starts(span_from(word, colon + 1), SPAN("//"));
    return IS_ONE_OF(word, fields) || (is_field_name(word) && span_starts(argument, SPAN(":")));
}

struct guess guess_line(struct span word, struct span argument)
{
    struct guess g = { MISTAKE_UNKNOWN_VERB, VERB_UNKNOWN };
    struct span rest;

    for (size_t i = 0; i < sizeof console_words / sizeof console_words[0]; i++)
        if (span_eq_nocase(word, console_words[i].word))
            return (struct guess){ MISTAKE_CONSOLE_WORD, console_words[i].meant };
    if (word.len > 1 && word.at[0] == '/' && ascii_is_alpha(word.at[1])) {
        g.mistake = MISTAKE_CONSOLE_WORD;
    } else if (is_reply(word)) {
        g.mistake = MISTAKE_REPLY_AS_COMMAND;
    } else if (is_http(word, argument)) {
        g.mistake = MISTAKE_HTTP_REQUEST;
    } else if (span_eq_nocase(word, SPAN("C:"))) { /* pasted with the mark of its side */
        g.meant = verb_by_word(span_cut(argument, ' ', &rest));
    } else if ((g.meant = glued(word)) != VERB_UNKNOWN) {
        g.mistake = MISTAKE_MISSPELT_VERB;
    } else if (is_header(word, argument)) {
        g.mistake = MISTAKE_HEADER_AS_COMMAND;
    } else {
        g.meant = verb_nearest(word);
        if (span_eq_nocase(word, SPAN("START")) && span_starts_nocase(argument, SPAN("TLS")))
            g.meant = VERB_STARTTLS;
        if (g.meant != VERB_UNKNOWN)
            g.mistake = MISTAKE_MISSPELT_VERB;
    }
    return g;
}
