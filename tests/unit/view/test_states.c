#include "view/states.h"

#include <criterion/criterion.h>
#include <locale.h>

#include "base/utf8.h"
#include "view/signs.h"

static struct buf shown;

static const char *diagram(enum session_state now, bool esmtp, unsigned cols)
{
    struct styled s = { 0 };

    setlocale(LC_ALL, "C.UTF-8");
    buf_clear(&shown);
    states_text(now, esmtp, cols, &s);
    buf_add(&shown, buf_span(&s.text));
    styled_release(&s);
    return buf_text(&shown);
}

Test(states, are_drawn_for_HELO)
{
    static const char *const want[] = {
        "  ┌─ connected ──────────────────────────────────────────────────────────────┐",
        "  │ the client waits for the server's greeting                               │",
        "  └┬─────────────────────────────────────────────────────────────────────────┘",
        "   ├─ the greeting, 5yz ▸ refused: the server takes no mail from this client;",
        "   │  only QUIT is left",
        "   ├─ the greeting, 4yz ▸ refused: the server cannot serve now; it will close",
        "   ▾  the greeting, 2yz: the server is ready and greets",
        "  ┌─ greeted ────────────────────────────────────────────────────────────────┐",
        "  │ the server has spoken; the client says who it is                         │",
        "  └┬─────────────────────────────────────────────────────────────────────────┘",
        "   ├─ QUIT, 2yz ▸ ended: both say goodbye",
        "   ├─ RSET, NOOP, HELP, VRFY, EXPN: allowed, and nothing changes",
        "   ▾  EHLO or HELO, 2yz: the client is known; a letter that was under way is",
        "      forgotten",
        "▸ ┌─ ready ─ you are here ───────────────────────────────────────────────────┐",
        "  │ both know each other; a letter may begin                                 │",
        "  └┬─────────────────────────────────────────────────────────────────────────┘",
        "   ├─ EHLO or HELO, 2yz ▸ ready: the client is known; a letter that was under",
        "   │  way is forgotten",
        "   ├─ QUIT, 2yz ▸ ended: both say goodbye",
        "   ├─ RSET, NOOP, HELP, VRFY, EXPN: allowed, and nothing changes",
        "   ▾  MAIL, 2yz: a letter begins; the server has its sender",
        "  ┌─ sender ─────────────────────────────────────────────────────────────────┐",
        "  │ the server has the sender and waits for a recipient                      │",
        "  └┬─────────────────────────────────────────────────────────────────────────┘",
        "   ├─ EHLO or HELO, 2yz ▸ ready: the client is known; a letter that was under",
        "   │  way is forgotten",
        "   ├─ RSET, 2yz ▸ ready: the letter is dropped; the greeting still holds",
        "   ├─ QUIT, 2yz ▸ ended: both say goodbye",
        "   ├─ NOOP, HELP, VRFY, EXPN: allowed, and nothing changes",
        "   ▾  RCPT, 2yz: one accepted recipient is enough",
        "  ┌─ recipients ─────────────────────────────────────────────────────────────┐",
        "  │ at least one recipient is accepted; DATA may come                        │",
        "  └┬─────────────────────────────────────────────────────────────────────────┘",
        "   ├─ EHLO or HELO, 2yz ▸ ready: the client is known; a letter that was under",
        "   │  way is forgotten",
        "   ├─ RCPT, 2yz ▸ recipients: one accepted recipient is enough",
        "   ├─ RSET, 2yz ▸ ready: the letter is dropped; the greeting still holds",
        "   ├─ QUIT, 2yz ▸ ended: both say goodbye",
        "   ├─ NOOP, HELP, VRFY, EXPN: allowed, and nothing changes",
        "   ▾  DATA, 3yz: now every line is the letter's",
        "  ┌─ letter ─────────────────────────────────────────────────────────────────┐",
        "  │ every line is the letter's, until a lone dot                             │",
        "  └┬─────────────────────────────────────────────────────────────────────────┘",
        "   ├─ the lone dot, 2yz ▸ ready: the server has taken charge of the letter",
        "   ├─ the lone dot, 4yz ▸ ready: the letter is not taken now; the sender may",
        "   │  try again",
        "   └─ the lone dot, 5yz ▸ ready: the letter is refused",
        "",
        "  ┌─ refused ────────────────────────────────────────────────────────────────┐",
        "  │ the server turned the client away; only QUIT is left                     │",
        "  └┬─────────────────────────────────────────────────────────────────────────┘",
        "   └─ QUIT, 2yz ▸ ended: both say goodbye",
        "",
        "  ┌─ ended ──────────────────────────────────────────────────────────────────┐",
        "  │ the talk is over                                                         │",
        "  └──────────────────────────────────────────────────────────────────────────┘",
        "",
        "2yz stands for any reply code that starts with 2. A reply without an arrow",
        "here changes nothing: most often a 4yz or 5yz, after which the same step can",
        "be tried again. 421 leads to \"ended\" from everywhere: the server closes the",
        "connection.",
    };
    struct span rest, line;
    size_t row = 0;

    diagram(AT_READY, false, 78);
    rest = buf_span(&shown);
    for (; rest.len; row++) {
        line = span_cut(rest, '\n', &rest);
        cr_assert(row < sizeof want / sizeof want[0]);
        cr_expect(span_eq(line, span_of(want[row])), "row %zu: %.*s", row, SPAN_ARG(line));
    }
    cr_expect_eq(row, sizeof want / sizeof want[0]);
    buf_release(&shown);
}

static bool says(const char *text)
{
    return strstr(buf_text(&shown), text) != NULL;
}

Test(states, show_extensions_after_EHLO_alone)
{
    diagram(AT_READY, false, 78);
    cr_expect(!says("STARTTLS") && !says("BDAT") && !says("ETRN") && !says("─ login "));
    diagram(AT_READY, true, 78);
    cr_expect(says("STARTTLS, 2yz ▸ TLS: ") && says("─ TLS ") && says("AUTH, 3yz ▸ login: "));
    cr_expect(says("the handshake, 2yz ▸ greeted: ") && says("the client's answer, 2yz ▸ ready: "));
    cr_expect(says("BDAT, 2yz ▸ chunk: ") && says("QUIT, 2yz ▸ ended: "));
    cr_expect(says("ETRN: allowed, and nothing changes"));
    cr_expect(!says("LHLO"), "LMTP is another protocol");
    buf_release(&shown);
}

/* Everything that the tables allow stands in the diagram. */
Test(states, leave_no_step_of_the_tables_out)
{
    diagram(AT_CONNECT, true, 100);
    for (size_t i = 0; i < session_step_count; i++)
        if (session_steps[i].standard && session_steps[i].verb != VERB_LHLO)
            cr_expect(says(session_steps[i].why), "%s", session_steps[i].why);
    for (int state = 0; state < SESSION_STATE_COUNT; state++)
        cr_expect(says(session_state_what((enum session_state)state)), "%d", state);
    buf_release(&shown);
}

static unsigned marked_row(void)
{
    struct span rest = buf_span(&shown), line;

    for (unsigned row = 0; rest.len; row++) {
        line = span_cut(rest, '\n', &rest);
        if (span_starts(line, span_of(SIGN_HERE)))
            return row;
    }
    return UINT32_MAX;
}

Test(states, mark_the_present_one_at_every_width)
{
    for (int now = 0; now < SESSION_STATE_COUNT; now++)
        for (unsigned cols = 12; cols < 130; cols += 7) {
            diagram((enum session_state)now, now % 2, cols);
            cr_expect(says("here"), "state %d, %u", now, cols);
            cr_expect_eq(states_row((enum session_state)now, now % 2, cols), marked_row(),
                         "state %d, %u", now, cols);
        }
    buf_release(&shown);
}

Test(states, keep_to_their_columns)
{
    for (unsigned cols = 0; cols < 140; cols++) {
        struct span rest, line;

        diagram(AT_MAIL, true, cols);
        rest = buf_span(&shown);
        while (rest.len) {
            line = span_cut(rest, '\n', &rest);
            cr_expect(utf8_cells(line) <= (cols ? cols : 1), "%u: %.*s", cols, SPAN_ARG(line));
        }
    }
    buf_release(&shown);
}
