/*
 * Starting the real program on a terminal for a test, and the screens it is held against. The
 * environment names both: SMTPSCOPE (the program) and SOURCES (the top folder).
 */
#ifndef TESTS_LAB_H
#define TESTS_LAB_H
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/terminal.h"

#define LAB_ARGS 8

struct lab {
    unsigned rows, cols;        /* 0: 24 and 80 */
    const char *args[LAB_ARGS]; /* of the program; ended by NULL */
    const char *env[LAB_ARGS];
    bool job;
};

static inline struct terminal *lab_start(const struct lab *lab)
{
    const char *argv[LAB_ARGS + 2] = { getenv("SMTPSCOPE") };
    struct terminal_setup setup = { .argv = argv,
                                    .env = lab->env,
                                    .rows = lab->rows ? lab->rows : 24,
                                    .cols = lab->cols ? lab->cols : 80,
                                    .job = lab->job };

    cr_assert(argv[0], "SMTPSCOPE must name the program");
    for (unsigned i = 0; i < LAB_ARGS && lab->args[i]; i++)
        argv[i + 1] = lab->args[i];
    return terminal_start(&setup);
}

/* The lab, after its greeting. */
static inline struct terminal *lab_open(const struct lab *lab)
{
    struct terminal *t = lab_start(lab);

    cr_assert(terminal_shows(t, "S: 220"), "%s", terminal_text(t));
    cr_assert(terminal_shows(t, "type here"), "%s", terminal_text(t));
    return t;
}

/* A screen of tests/screens, with a blank where it has the cursor ("_" in the prompt's row). Caller
 * frees with free(). */
static inline char *lab_screen(const char *name, const char *prompt)
{
    const char *folder = getenv("SOURCES");
    char path[4096], *text = calloc(1, 65536), *cursor;
    FILE *file;

    cr_assert(folder && text, "SOURCES must name the top folder");
    snprintf(path, sizeof path, "%s/tests/screens/%s", folder, name);
    file = fopen(path, "r");
    cr_assert(file, "%s", path);
    cr_assert(fread(text, 1, 65535, file) > 0);
    fclose(file);
    cursor = strstr(text, prompt);
    cr_assert(cursor, "%s has no prompt %s", name, prompt);
    cursor[strlen(prompt) - 1] = ' ';
    return text;
}

#define SHOWS(t, text)                                                                             \
    cr_assert(terminal_shows(t, text), "not shown: %s\n%s", text, terminal_text(t))
#define HIDES(t, text)                                                                             \
    cr_assert(terminal_hides(t, text), "still shown: %s\n%s", text, terminal_text(t))

/* Types, and waits until the screen shows the text. */
#define TYPE(t, octets, text)                                                                      \
    do {                                                                                           \
        terminal_type(t, octets);                                                                  \
        SHOWS(t, text);                                                                            \
    } while (0)

#endif
