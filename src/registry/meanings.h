/*
 * Rows of what a reply means after a verb, for the files that hold them. Not for others: they have
 * registry/codes.h.
 *
 * The first row that fits is taken. A row of an exact code begins with the code ("250 = ..."); in a
 * row of a class the reader puts the code of the reply in front, in the same way.
 */
#ifndef REGISTRY_MEANINGS_H
#define REGISTRY_MEANINGS_H
#include "registry/codes.h"

extern const struct meaning_group meanings_session, meanings_letter, meanings_other;

/* Replies that any verb may get; `word` makes each sentence speak of its verb. */
#define CLOSES(verb, word, source)                                                                 \
    {                                                                                              \
        verb, 421,                                                                                 \
            "421 = the server cannot go on and closes the connection; " word                       \
            " is not done. Connect again later.",                                                  \
            "service not available, closing; " word " not done",                                   \
            "The sender's program connects again later and starts from the greeting.", source      \
    }
#define NOT_KNOWN(verb, word, source)                                                              \
    {                                                                                              \
        verb, 500,                                                                                 \
            "500 = the server does not know " word                                                 \
            ", or cannot read the line: it may be too long. Nothing has changed.",                 \
            word " not recognised, or line too long",                                              \
            "The client makes the line shorter, or does without " word ".", source                 \
    }
#define BAD_ARGUMENT(verb, word, source)                                                           \
    {                                                                                              \
        verb, 501,                                                                                 \
            "501 = the server knows " word                                                         \
            ", but what follows it has the wrong form. Nothing has changed; correct the line.",    \
            "syntax error in the argument of " word,                                               \
            "The client corrects the line; the same "                                              \
            "line again gets the same answer.",                                                    \
            source                                                                                 \
    }
#define NOT_DONE(verb, word, source)                                                               \
    {                                                                                              \
        verb, 502,                                                                                 \
            "502 = this server does not offer " word                                               \
            ". Nothing has changed; the talk goes on without it.",                                 \
            word " not implemented or switched off", "The client does without " word ".", source   \
    }
#define WRONG_TIME(verb, word, source)                                                             \
    {                                                                                              \
        verb, 503,                                                                                 \
            "503 = " word                                                                          \
            " is not allowed at this point of the talk. Nothing has changed; another step comes "  \
            "first.",                                                                              \
            "bad sequence: " word " not allowed now", "The client sends the missing step first.",  \
            source                                                                                 \
    }
#define ASKS(verb, word, source)                                                                   \
    {                                                                                              \
        verb, 3,                                                                                   \
            "the server asks for more after " word                                                 \
            ", which is in no standard here. The first digit 3 means: go on.",                     \
            "intermediate reply, not defined for " word, "Ask the server's makers; QUIT is safe.", \
            source                                                                                 \
    }

#define LATER   "The sender's program keeps the letter and tries again later by itself."
#define NEVER   "The sender must change something first; the same again gets the same answer."
#define NOTHING "Nothing is asked of the client; it goes on."
#define SOON    "The client may try again, now or later."
#define CODES   "RFC 5321 4.2.1, 4.3.2"

#endif
