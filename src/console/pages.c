/* Pages about the talk as it stands: its state, the diagrams, the letter. */
#include "console/inner.h"
#include "console/parts.h"
#include "registry/keywords.h"
#include "view/ladder.h"
#include "view/letter.h"
#include "view/states.h"

/* Is there a talk to show? Says so when there is none. */
static bool have_talk(struct console *c)
{
    if (console_shown(c))
        return true;
    console_say(c, "There was no talk yet. %s\n", console_how_to_connect(c));
    return false;
}

static const struct observer *shown_observer(const struct console *c)
{
    return console_shown(c) ? record_now(c->config.record, console_shown(c)) : NULL;
}

static void row(struct styled *out, const char *label)
{
    styled_printf(out, STYLE_DIM, " %-13s", label);
}

static void add_allowed(const struct observer *o, struct styled *out)
{
    unsigned count = 0;

    row(out, "may come");
    if (o->letter == LETTER_GRANTED)
        styled_add_text(out, STYLE_PLAIN, "lines of the letter, then a dot alone");
    else if (o->over || o->state == AT_END)
        styled_add_text(out, STYLE_PLAIN, "nothing: the talk is over");
    else
        for (int v = 0; v < VERB_COUNT; v++)
            if (*verb_word((enum verb)v) && complete_offers(o, (enum verb)v))
                styled_printf(out, STYLE_PLAIN, "%s%s", count++ ? " " : "",
                              verb_word((enum verb)v));
    styled_add_text(out, STYLE_PLAIN, "\n");
}

/* The path in the MAIL or RCPT of line n. */
static void add_path(const struct console *c, uint32_t n, const char *before, struct styled *out)
{
    struct observed seen;

    record_observed(c->config.record, console_shown(c), n, &seen);
    styled_add_text(out, STYLE_PLAIN, before);
    styled_add_marks(out, STYLE_CLIENT, seen.command.path.whole, 0);
}

static void add_envelope(const struct console *c, const struct observer *o, struct styled *out)
{
    if (!o->mail_line)
        return;
    row(out, "letter from");
    add_path(c, o->mail_line, "", out);
    styled_add_text(out, STYLE_PLAIN, "\n");
    row(out, "letter to");
    for (uint32_t i = 0; i < o->rcpt_accepted && i < OBSERVER_RECIPIENTS_MAX; i++)
        add_path(c, o->rcpt_lines[i], i ? " " : "", out);
    if (o->rcpt_accepted > OBSERVER_RECIPIENTS_MAX)
        styled_printf(out, STYLE_PLAIN, " and %u more",
                      (unsigned)(o->rcpt_accepted - OBSERVER_RECIPIENTS_MAX));
    if (!o->rcpt_accepted)
        styled_add_text(out, STYLE_PLAIN, "nobody yet");
    styled_add_text(out, STYLE_PLAIN, "\n");
}

static void add_keywords(const struct observer *o, struct styled *out)
{
    unsigned count = 0;

    if (!o->esmtp)
        return;
    row(out, "offered");
    for (size_t i = 0; i < keyword_row_count; i++)
        if (observer_offers(o, (unsigned)i))
            styled_printf(out, STYLE_PLAIN, "%s%s", count++ ? " " : "", keyword_rows[i].keyword);
    styled_add_text(out, STYLE_PLAIN, "\n");
}

void command_state(struct console *c, struct span args)
{
    const struct observer *o = shown_observer(c);
    struct styled out = { 0 };

    (void)args;
    if (!have_talk(c))
        return;
    row(&out, "state");
    styled_printf(&out, STYLE_BOLD, "%s", session_state_shown(o->state));
    styled_printf(&out, STYLE_PLAIN, ": %s\n",
                  o->over ? "the connection is gone" : session_state_what(o->state));
    add_allowed(o, &out);
    row(&out, "greeting");
    styled_printf(&out, STYLE_PLAIN, "%s\n",
                  !o->hello_line ? "none yet"
                  : o->lmtp      ? "LHLO, so this is LMTP"
                  : o->esmtp     ? "EHLO: extensions may be used"
                                 : "HELO: no extensions");
    add_envelope(c, o, &out);
    add_keywords(o, &out);
    row(&out, "so far");
    styled_printf(&out, STYLE_PLAIN, "lines %u, letters taken %u, replies due %u, refusals %u\n",
                  (unsigned)o->lines, (unsigned)o->letters, (unsigned)observer_outstanding(o),
                  (unsigned)o->errors);
    row(&out, "connection");
    styled_printf(&out, STYLE_PLAIN, "%s\n", o->tls ? "encrypted" : "not encrypted");
    console_open(c, PANE_STATE, &out);
    styled_release(&out);
}

void command_states(struct console *c, struct span args)
{
    const struct observer *o = shown_observer(c);
    struct styled out = { 0 };

    (void)args;
    states_text(o ? o->state : AT_CONNECT, !o || o->esmtp, CONSOLE_PAGE_COLS, &out);
    console_open(c, PANE_STATES, &out);
    styled_release(&out);
}

void command_ladder(struct console *c, struct span args)
{
    struct styled out = { 0 };
    struct buf text = { 0 };

    (void)args;
    if (!have_talk(c))
        return;
    ladder_text(c->config.record, console_shown(c), CONSOLE_PAGE_COLS, false, &text);
    styled_add(&out, STYLE_PLAIN, buf_span(&text));
    console_open(c, PANE_LADDER, &out);
    buf_release(&text);
    styled_release(&out);
}

/* The letter's octets as the record has them. */
static void letter_parts(struct console *c, struct span words)
{
    struct error err = { "" };
    struct buf octets = { 0 };

    if (parts_of_record(c->config.record, console_shown(c), UINT32_MAX, MIME_OCTETS_MAX, &octets,
                        &err)) {
        console_parts(c, buf_span(&octets), "/letter", words, PANE_LETTER);
    } else {
        console_complain(c, "/letter: %s", err.text);
        console_worsen(c, STATUS_USAGE);
    }
    buf_release(&octets);
}

void command_letter(struct console *c, struct span args)
{
    struct styled out = { 0 };

    if (!have_talk(c))
        return;
    if (args.len) {
        letter_parts(c, args);
        return;
    }
    letter_text(c->config.record, console_shown(c), UINT32_MAX, CONSOLE_PAGE_COLS, false, &out);
    console_open(c, PANE_LETTER, &out);
    styled_release(&out);
}

void complete_letter(const struct console *c, const char *arg, complete_fn *fn, void *ctx)
{
    bool named = console_shown(c) && span_starts(span_of(arg), SPAN("save "));
    struct buf octets = { 0 };

    /* only the name of a file needs the letter */
    if (!named || parts_of_record(c->config.record, console_shown(c), UINT32_MAX,
                                  PARTS_COMPLETED_MAX, &octets, NULL))
        parts_complete(buf_span(&octets), "", arg, fn, ctx);
    buf_release(&octets);
}

void console_parts(struct console *c, struct span octets, const char *command, struct span words,
                   enum console_pane pane)
{
    struct parts_letter letter = { octets, command, CONSOLE_PAGE_COLS, false };
    struct styled out = { 0 };
    struct error err = { "" };

    switch (parts_take(&letter, words, &out, &err)) {
    case PARTS_PAGE:
        console_open(c, pane, &out);
        break;
    case PARTS_SAID:
        console_say(c, "%s", buf_text(&out.text));
        break;
    case PARTS_WRONG:
        console_complain(c, "%s: %s", command, err.text);
        console_worsen(c, STATUS_USAGE);
    }
    styled_release(&out);
}
