#include <criterion/criterion.h>

#include "dialogue/notes.h"
#include "support/prose.h"

static const struct notes_style learner = { NOTES_LEARNER, false, true };

static void event(enum talk_event e, const char *detail, unsigned port,
                  const struct notes_style *style, struct buf *out)
{
    buf_clear(out);
    notes_event(e, span_of(detail), port, style, out);
}

Test(notes_event, explains_every_event_in_sentences)
{
    const struct notes_style sources = { NOTES_LEARNER, true, true };
    struct buf text = { 0 };

    for (int e = 0; e < TALK_EVENT_COUNT; e++) {
        const char *name = talk_event_text((enum talk_event)e), *got;

        event((enum talk_event)e, "", 25, &learner, &text);
        got = buf_text(&text);
        EXPECT_SENTENCE(got, 460, name);
        cr_expect_not(prose_is_breathless(got), "%s", got);
        event((enum talk_event)e, "192.0.2.1:25", 25, &learner, &text);
        cr_expect(strstr(buf_text(&text), ": 192.0.2.1:25. "), "%s", buf_text(&text));
        event((enum talk_event)e, "", 25, &sources, &text);
        cr_expect(strstr(buf_text(&text), "(RFC ") || e == TALK_STOPPED || e == TALK_UNRECORDED ||
                      (e == TALK_PROXY_SENT && strstr(buf_text(&text), "(haproxy, ")),
                  "%s", buf_text(&text));
    }
    buf_release(&text);
}

/* The event, the port, and what must be said. */
static const struct {
    enum talk_event event;
    unsigned port;
    const char *text;
} rows[] = {
    { TALK_CONNECT_TIMEOUT, 25, "block outgoing connections to port 25" },
    { TALK_CONNECT_TIMEOUT, 25, "Try port 587" },
    { TALK_CONNECT_TIMEOUT, 25, "another network" },
    { TALK_CONNECT_TIMEOUT, 25, "ask your provider" },
    { TALK_CONNECT_TIMEOUT, 587, "Try again later, or from another network." },
    { TALK_CONNECTED, 465, "TLS comes first" },
    { TALK_CONNECTED, 25, "220" },
    { TALK_REFUSED, 25, "No program there takes connections on this port" },
    { TALK_NOT_FOUND, 25, "MX records" },
    { TALK_UNREACHABLE, 25, "-4" },
    { TALK_RESET, 25, "it can arrive twice" },
    { TALK_CLOSED_BY_SERVER, 25, "Only a letter whose dot got 250" },
};

Test(notes_event, says_what_it_means_and_what_to_do)
{
    struct buf text = { 0 };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        event(rows[i].event, "", rows[i].port, &learner, &text);
        cr_expect(strstr(buf_text(&text), rows[i].text), "row %zu: %s", i, buf_text(&text));
    }
    event(TALK_CONNECT_TIMEOUT, "", 2525, &learner, &text);
    cr_expect_null(strstr(buf_text(&text), "587"), "other ports are not blocked in this way");
    buf_release(&text);
}

Test(notes_event, shows_a_peers_octets_as_marks_and_not_without_end)
{
    struct buf text = { 0 }, detail = { 0 };

    event(TALK_NOT_FOUND, "x\033[2J", 25, &learner, &text);
    cr_expect(strstr(buf_text(&text), "x<ESC>[2J"), "%s", buf_text(&text));
    for (int i = 0; i < 400; i++)
        buf_add_text(&detail, "\303\251");
    event(TALK_NOT_FOUND, buf_text(&detail), 25, &learner, &text);
    cr_expect(text.len < 2000 && utf8_valid(buf_span(&text))); /* without a locale: <U+00E9> */
    cr_expect(strstr(buf_text(&text), "...."), "%s", buf_text(&text));
    buf_release(&detail);
    buf_release(&text);
}
