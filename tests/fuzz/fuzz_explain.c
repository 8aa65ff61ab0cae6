/* Invariant: whatever text is asked about, the explanation is well-formed UTF-8 without control
 * characters but line breaks, and says something; so are the notes on the same text as a talk. */
#include <assert.h>
#include <stdint.h>

#include "base/utf8.h"
#include "dialogue/notes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct buf *b)
{
    assert(utf8_valid(buf_span(b)));
    for (size_t i = 0; i < b->len; i++)
        assert(b->at[i] == '\n' || !ascii_is_control(b->at[i]));
}

static void check_style(struct span text, struct notes_style style)
{
    const struct span all = text;
    struct buf out = { 0 };
    struct notes notes = { 0 };
    struct mistakes asked = { 0 };
    struct watcher *w = watcher_new();
    enum side side = SIDE_SERVER;
    struct observed seen;

    notes_explain_text(text, &style, &out);
    assert(out.len > 0);
    check(&out);
    for (; text.len; side = side == SIDE_SERVER ? SIDE_CLIENT : SIDE_SERVER) {
        size_t end = span_find(text, '\n');

        watcher_push(w, side, span_first(text, end + 1));
        text = span_from(text, end + 1);
        while (watcher_next(w, &seen)) {
            buf_clear(&out);
            notes_gutter(&seen, watcher_state(w), &style, &notes);
            check(&notes.words);
            if (seen.role == ROLE_COMMAND)
                asked = seen.command.mistakes;
            notes_meaning(&seen, watcher_state(w), &asked, &style, &out);
            assert(out.len > 0);
            check(&out);
            buf_clear(&out);
            notes_explain(&seen, watcher_state(w), &asked, &style, &out);
            check(&out);
        }
    }
    buf_clear(&out);
    notes_event((enum talk_event)(all.len % TALK_EVENT_COUNT), all, 25, &style, &out);
    check(&out);
    watcher_free(w);
    notes_release(&notes);
    buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_style(span_make(data, size), (struct notes_style){ NOTES_LEARNER, false, true });
    check_style(span_make(data, size), (struct notes_style){ NOTES_ADMIN, true, false });
    return 0;
}
