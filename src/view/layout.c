#include "view/layout.h"

#include "base/utf8.h"

/* Rows that the dialogue keeps when another pane asks for its own. */
#define KEEP_FOR_RULE    2
#define KEEP_FOR_FOOTER  3
#define KEEP_FOR_NEXT    3
#define KEEP_FOR_SECOND  4 /* row of what may come next */
#define KEEP_FOR_MEANING 4
#define KEEP_FOR_INSIDE  6
/* Rows of the server's inside that are still worth a rule. */
#define INSIDE_LEAST 2
/* From here on the pane under the dialogue also shows what can wait. */
#define TALL             30
#define MEANING_ROWS_MAX 4
#define BESIDE_COLS_MAX  90
#define BESIDE_COLS_MIN  24
#define BESIDE_LEFT_MIN  41 /* the dialogue's, and the line between them */
/* Where hints stand in the prompt's row; further left where there are fewer columns. */
#define HINT_COL 47
/* Cells that typed text has before a hint may stand. */
#define HINT_ROOM 12

struct sharing {
    const struct screen *s;
    const struct inside_pane *inside;
    unsigned meaning_wanted;
    bool with_inside, with_meaning, with_dialogue; /* may be shown at all */
    bool wide;
    unsigned left; /* rows not given away: the dialogue's */
    unsigned footer, rule, next, meaning, inside_rows;
};

static unsigned clamp(int64_t value, unsigned low, unsigned high)
{
    return value < (int64_t)low ? low : value > (int64_t)high ? high : (unsigned)value;
}

/* Which panes there may be at all. */
static void choose(struct sharing *sh)
{
    const struct screen *s = sh->s;
    bool panes = s->page == PAGE_NONE, talk = panes && sh->inside;

    sh->with_dialogue = panes;
    sh->with_inside = talk && !s->no_inside;
    sh->with_meaning = talk && !s->no_meaning;
    if (s->maximised && talk) {
        sh->with_dialogue = s->focus == FOCUS_PROMPT || s->focus == FOCUS_DIALOGUE;
        sh->with_inside = s->focus == FOCUS_INSIDE;
        sh->with_meaning = s->focus == FOCUS_MEANING;
    }
    sh->wide = s->cols >= SCREEN_WIDE && sh->with_inside && sh->with_dialogue;
}

static bool take(struct sharing *sh, unsigned rows, unsigned keep)
{
    if (sh->left < rows + keep)
        return false;
    sh->left -= rows;
    return true;
}

static void share_below(struct sharing *sh)
{
    const struct screen *s = sh->s;
    unsigned wanted = s->letter || s->cols >= SCREEN_WIDE ? 1 : 2;

    if (!s->letter && s->next_count < wanted)
        wanted = s->next_count;
    if (s->page != PAGE_NONE)
        wanted = 0;
    if (s->footer && *s->footer && take(sh, 1, KEEP_FOR_FOOTER))
        sh->footer = 1;
    if (take(sh, 1, KEEP_FOR_RULE))
        sh->rule = 1;
    if (wanted && take(sh, 1, KEEP_FOR_NEXT))
        sh->next = 1;
    if (wanted > 1 && sh->next && take(sh, 1, KEEP_FOR_SECOND))
        sh->next = 2;
}

static void share_panes(struct sharing *sh)
{
    const struct screen *s = sh->s;
    unsigned text = s->cols > 2 ? s->cols - 2 : 1;
    unsigned meaning = clamp((NOTES_MEANING_MAX + text - 1) / text, 1, MEANING_ROWS_MAX), basic,
             all, more = clamp(sh->meaning_wanted, meaning, MEANING_ROWS_MAX);

    if (sh->with_meaning && take(sh, 1 + meaning, KEEP_FOR_MEANING))
        sh->meaning = meaning;
    if (sh->meaning && take(sh, more - meaning, KEEP_FOR_INSIDE + 1 + INSIDE_LEAST))
        sh->meaning = more;
    if (!sh->with_inside || sh->wide)
        return;
    basic = inside_pane_rows(sh->inside, s->cols, false);
    all = inside_pane_rows_all(sh->inside, s->cols);
    if (basic > INSIDE_LEAST && sh->left < 1 + basic + KEEP_FOR_INSIDE)
        basic = sh->left < 1 + INSIDE_LEAST + KEEP_FOR_INSIDE ? INSIDE_LEAST
                                                              : sh->left - 1 - KEEP_FOR_INSIDE;
    if (!take(sh, 1 + basic, KEEP_FOR_INSIDE))
        return;
    sh->inside_rows =
        clamp((int64_t)basic + s->inside_more + (s->rows >= TALL && all > basic ? all - basic : 0),
              1, sh->left + basic - 3);
    sh->left = sh->left + basic - sh->inside_rows;
}

/* One pane alone: all rows are its own. */
static void share_alone(struct sharing *sh)
{
    if (sh->with_inside)
        sh->inside_rows = sh->left;
    else
        sh->meaning = sh->left;
    sh->left = 0;
}

static struct rect row_at(unsigned row, unsigned cols)
{
    return (struct rect){ row, 0, 1, cols };
}

static unsigned split_of(const struct screen *s)
{
    unsigned half = s->cols / 2 - 1;
    unsigned beside = half < BESIDE_COLS_MAX ? half : BESIDE_COLS_MAX;

    beside = clamp((int64_t)beside + s->inside_more, BESIDE_COLS_MIN, s->cols - BESIDE_LEFT_MIN);
    return s->cols - beside - 1;
}

static void place_prompt(const struct screen *s, unsigned row, struct screen_spots *spots)
{
    unsigned prompt = 1 + (unsigned)utf8_cells(span_of(s->prompt)), hint, at = HINT_COL;

    if (prompt >= s->cols)
        prompt = s->cols - 1;
    spots->prompt = (struct rect){ row, prompt, 1, s->cols - prompt };
    spots->hint_col = s->cols;
    hint = (unsigned)utf8_cells(span_of(s->hint));
    if (hint == 0 || prompt + HINT_ROOM + hint + 1 > s->cols)
        return;
    spots->hint_col = at + hint + 1 <= s->cols ? at : s->cols - hint - 1;
    if (spots->hint_col < prompt + HINT_ROOM)
        spots->hint_col = prompt + HINT_ROOM;
}

static void place_panes(const struct sharing *sh, struct layout *out, struct screen_spots *spots)
{
    const struct screen *s = sh->s;
    unsigned row = 1, cols = s->cols;

    if (sh->left) {
        out->rule_dialogue = row_at(row++, cols);
        spots->dialogue = (struct rect){ row, 0, sh->left, cols };
        if (sh->wide) {
            out->split = split_of(s);
            out->rule_dialogue.cols = spots->dialogue.cols = out->split;
            out->rule_inside = (struct rect){ 1, out->split + 1, 1, cols - out->split - 1 };
            spots->inside = (struct rect){ row, out->split + 1, sh->left, cols - out->split - 1 };
        }
        row += sh->left;
    }
    if (sh->inside_rows) {
        out->rule_inside = row_at(row++, cols);
        spots->inside = (struct rect){ row, 0, sh->inside_rows, cols };
        row += sh->inside_rows;
    }
    if (sh->meaning) {
        out->rule_meaning = row_at(row++, cols);
        spots->meaning = (struct rect){ row, 0, sh->meaning, cols };
    }
}

static void place_below(const struct sharing *sh, struct layout *out, struct screen_spots *spots)
{
    unsigned row = sh->s->rows, cols = sh->s->cols;

    if (sh->footer)
        spots->footer = row_at(--row, cols);
    place_prompt(sh->s, --row, spots);
    if (sh->next) {
        row -= sh->next;
        spots->next = (struct rect){ row, 0, sh->next, cols };
    }
    if (sh->rule)
        out->rule_prompt = row_at(--row, cols);
}

void layout_make(const struct screen *s, const struct inside_pane *inside, unsigned meaning,
                 struct layout *out, struct screen_spots *spots)
{
    struct sharing sh = {
        .s = s, .inside = inside, .meaning_wanted = meaning, .left = s->rows - 3
    };

    *out = (struct layout){ 0 };
    choose(&sh);
    share_below(&sh);
    if (sh.with_dialogue)
        share_panes(&sh);
    else if (s->page == PAGE_NONE)
        share_alone(&sh);
    spots->wide = sh.wide;
    spots->status = row_at(0, s->cols);
    spots->dialogue = (struct rect){ 0, 0, 0, s->cols };
    if (s->page != PAGE_NONE) {
        out->rule_dialogue = row_at(1, s->cols);
        spots->page = (struct rect){ 2, 0, sh.left, s->cols };
    } else {
        place_panes(&sh, out, spots);
    }
    place_below(&sh, out, spots);
}
