/*
 * /learn: the first letter in six steps, each with what to type, why, and whether the talk has
 * done it yet. It fits 80 columns and 20 rows.
 */
#include "base/marks.h"
#include "console/inner.h"

#define LEARN_HEADING "Lesson 1: send Bob a letter. Six steps, about 8 minutes."
#define LEARN_INDENT  11

/* Done once the talk is in one of these states, or has sent a letter. */
#define SENDER    (SESSION_IN(AT_MAIL) | RECIPIENT)
#define RECIPIENT (SESSION_IN(AT_RCPT) | LETTER)
#define LETTER    (SESSION_IN(AT_BODY) | SESSION_IN(AT_CHUNK))

/* type: %c the client's name, %f the sender, %t the recipient. */
static const struct learn_step {
    const char *type, *why;
    unsigned done_in; /* set of states; the greeting and QUIT are asked of the observer */
} steps[] = {
    { "HELO %c", "The two programs greet. It says which computer is calling.", 0 },
    { "MAIL FROM:<%f>", "The sender: where a notice goes if the letter cannot be delivered.",
      SENDER },
    { "RCPT TO:<%t>", "The recipient. One line for each; the server answers for each.", RECIPIENT },
    { "DATA", "May I send the letter? The server answers 354: go on.", LETTER },
    { "Subject: lunch\n(an empty line)\nDo you like ketchup?\n.",
      "The empty line ends the header; a dot alone ends the letter.", 0 },
    { "QUIT", "Both say goodbye. /mailbox bob shows what Bob has got.", 0 },
};
#define STEPS (sizeof(steps) / sizeof(steps[0]))

static bool is_done(const struct observer *o, size_t step)
{
    if (!o)
        return false;
    switch (step) {
    case 0:
        return o->hello_line || o->letters;
    case STEPS - 2:
        return o->letters > 0;
    case STEPS - 1:
        return o->letters && o->state == AT_END;
    default:
        return o->letters || (steps[step].done_in & SESSION_IN(o->state));
    }
}

/* What to type, a row for each line of it. */
static void add_typed(const struct console *c, const char *text, struct styled *out)
{
    struct buf lines = { 0 };
    struct span rest;
    bool first = true;

    names_fill(c, text, true, &lines);
    rest = buf_span(&lines);
    while (rest.len) {
        struct span line = span_cut(rest, '\n', &rest);

        if (!first)
            styled_repeat(out, STYLE_PLAIN, " ", LEARN_INDENT);
        /* Names come from typed lines: they may hold anything, and be long. */
        styled_add_marks(out, STYLE_CLIENT, span_first(line, CONSOLE_PAGE_COLS - LEARN_INDENT), 0);
        styled_add_text(out, STYLE_PLAIN, "\n");
        first = false;
    }
    buf_release(&lines);
}

void command_learn(struct console *c, struct span args)
{
    const struct observer *o = console_observer(c);
    struct styled out = { 0 };
    size_t now = 0;

    (void)args;
    while (now < STEPS && is_done(o, now))
        now++;
    styled_add_text(&out, STYLE_BOLD, LEARN_HEADING "\n\n");
    for (size_t i = 0; i < STEPS; i++) {
        styled_printf(&out, i == now ? STYLE_BOLD : STYLE_DIM, "  %-5s %zu  ",
                      is_done(o, i) ? "done"
                      : i == now    ? "now"
                                    : "",
                      i + 1);
        add_typed(c, steps[i].type, &out);
        styled_repeat(&out, STYLE_PLAIN, " ", LEARN_INDENT);
        styled_printf(&out, STYLE_NOTE, "%s\n", steps[i].why);
    }
    if (now == STEPS)
        styled_add_text(&out, STYLE_PLAIN,
                        "\nAll six steps are done. Well: the same talk works "
                        "with every mail server.\n");
    else if (!console_talking(c))
        styled_printf(&out, STYLE_PLAIN, "\nThere is no server now. %s\n",
                      console_how_to_connect(c));
    else
        styled_add_text(&out, STYLE_PLAIN,
                        "\nType each line at the prompt, then Enter, and read the reply before the "
                        "next.\n/learn shows this page again, with what is done.\n");
    console_open(c, PANE_LEARN, &out);
    styled_release(&out);
}
