#include "tui/board_letter.h"

#include "base/marks.h"
#include "console/parts.h"
#include "view/letter.h"

static enum parts_done take_parts(const struct board_letter *l, struct span words,
                                  struct styled *out, struct error *err)
{
    struct parts_letter letter = { .command = "/letter", .cols = l->cols, .ascii = l->ascii };
    enum parts_done done = PARTS_WRONG;
    struct buf octets = { 0 };

    if (parts_of_record(l->record, l->dialogue, l->line, MIME_OCTETS_MAX, &octets, err)) {
        letter.octets = buf_span(&octets);
        done = parts_take(&letter, words, out, err);
    }
    buf_release(&octets);
    return done;
}

bool board_letter_take(const struct board_letter *l, struct span words, struct styled *page,
                       struct styled *note)
{
    struct error err = { "" };
    struct styled out = { 0 };
    enum parts_done done = PARTS_PAGE;

    if (!l->dialogue) {
        error_set(&err, "Which letter? Tab shows the letters, Enter opens one.");
        done = PARTS_WRONG;
    } else if (words.len) {
        done = take_parts(l, words, &out, &err);
    } else {
        letter_text(l->record, l->dialogue, l->line, l->cols, l->ascii, &out);
        styled_add_text(&out, STYLE_NOTE,
                        "/letter parts takes it apart: texts, pictures, files.\n");
    }
    styled_clear(done == PARTS_PAGE ? page : note);
    if (done == PARTS_WRONG)
        styled_add_marks(note, STYLE_NOTE, span_of(err.text), l->ascii ? MARKS_ASCII : 0);
    else
        styled_append(done == PARTS_PAGE ? page : note, &out);
    styled_release(&out);
    return done == PARTS_PAGE;
}
