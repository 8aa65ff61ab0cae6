/*
 * How the tables of personas are written. Private to persona_*.c.
 */
#ifndef ENGINE_PERSONA_ROWS_H
#define ENGINE_PERSONA_ROWS_H
#include "engine/persona.h"

/* What follows the name is code, enhanced code and text. */
#define MISTAKE(name, ...)           [MISTAKE_##name] = { __VA_ARGS__, 0 }
#define MISTAKE_AND_CLOSE(name, ...) [MISTAKE_##name] = { __VA_ARGS__, PERSONA_CLOSE }
#define BEAR(name)                   [MISTAKE_##name] = { 0, NULL, NULL, PERSONA_ACCEPT }
#define SAY(name, ...)               [SITUATION_##name] = { __VA_ARGS__, 0 }
#define SAY_AND_CLOSE(name, ...)     [SITUATION_##name] = { __VA_ARGS__, PERSONA_CLOSE }
#define LET_PASS(name)               [SITUATION_##name] = { 0, NULL, NULL, PERSONA_ACCEPT }

/* Lines that are no command of SMTP, all answered alike. */
#define NO_COMMAND(...)                                                                            \
    MISTAKE(UNKNOWN_VERB, __VA_ARGS__), MISTAKE(MISSPELT_VERB, __VA_ARGS__),                       \
        MISTAKE(CONSOLE_WORD, __VA_ARGS__), MISTAKE(REPLY_AS_COMMAND, __VA_ARGS__),                \
        MISTAKE(VERB_NOT_OFFERED, __VA_ARGS__)
/* MAIL and RCPT whose words before the address are wrong. */
#define NO_SYNTAX(...)                                                                             \
    MISTAKE(NO_FROM, __VA_ARGS__), MISTAKE(NO_TO, __VA_ARGS__),                                    \
        MISTAKE(FROM_AND_TO_SWAPPED, __VA_ARGS__), MISTAKE(NO_COLON, __VA_ARGS__),                 \
        MISTAKE(SPACE_BEFORE_COLON, __VA_ARGS__)

#define EXCEPT(verb, name, ...)                                                                    \
    {                                                                                              \
        VERB_##verb, MISTAKE_##name,                                                               \
        {                                                                                          \
            __VA_ARGS__, 0                                                                         \
        }                                                                                          \
    }
#define EXCEPT_SITUATION(verb, name, ...)                                                          \
    {                                                                                              \
        VERB_##verb, SITUATION_##name,                                                             \
        {                                                                                          \
            __VA_ARGS__, 0                                                                         \
        }                                                                                          \
    }
#define EXCEPT_BEAR(verb, name)                                                                    \
    {                                                                                              \
        VERB_##verb, MISTAKE_##name,                                                               \
        {                                                                                          \
            0, NULL, NULL, PERSONA_ACCEPT                                                          \
        }                                                                                          \
    }
/* Addresses that are none, whichever way: the same words for all of one verb. */
#define NO_ADDRESS(verb, ...)                                                                      \
    EXCEPT(verb, NO_LOCAL_PART, __VA_ARGS__), EXCEPT(verb, BAD_LOCAL_PART, __VA_ARGS__),           \
        EXCEPT(verb, SPACE_IN_PATH, __VA_ARGS__), EXCEPT(verb, BAD_DOMAIN, __VA_ARGS__),           \
        EXCEPT(verb, BAD_LITERAL, __VA_ARGS__), EXCEPT(verb, NO_SQUARE_BRACKETS, __VA_ARGS__),     \
        EXCEPT(verb, DOMAIN_TOO_LONG, __VA_ARGS__), EXCEPT(verb, PATH_TOO_LONG, __VA_ARGS__),      \
        EXCEPT(verb, BRACKET_NOT_CLOSED, __VA_ARGS__), EXCEPT(verb, TWO_ADDRESSES, __VA_ARGS__),   \
        EXCEPT(verb, NULL_RECIPIENT, __VA_ARGS__)

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

#endif
