#include "view/screen.h"

#include "base/utf8.h"
#include "view/cut.h"
#include "view/inside.h"
#include "view/layout.h"
#include "view/meaning.h"
#include "view/page.h"
#include "view/signs.h"
#include "view/status.h"
#include "view/walk.h"

static const char dialogue_heading[] = "dialogue  (C: you, the client   S: the server)";

void screen_look(const struct screen *s, const struct screen_spots *spots,
                 struct dialogue_look *out)
{
    *out = (struct dialogue_look){
        .record = s->record,
        .dialogue = s->dialogue,
        .notes = s->notes,
        .cols = spots->dialogue.cols,
        .selected = s->selected,
        .found = s->found,
        .alone = s->alone,
        .times = s->alone || !s->notes.lab || spots->wide,
        .events = s->alone || !s->notes.lab,
        .welcome = !s->alone && s->notes.lab && s->notes.level == NOTES_LEARNER && s->dialogue == 1
                       ? spots->dialogue.rows
                       : 0,
        .ascii = s->ascii,
    };
}

/* With fewer columns two counts in the rule are in short words. */
#define HIDDEN_ROOM 60

static void draw_small(struct grid *g, struct screen_spots *spots)
{
    struct buf text = { 0 };

    spots->too_small = true;
    grid_text(g, 0, 0, g->cols, STYLE_INVERSE, SPAN("too small"));
    buf_printf(&text, "%ux%u", SCREEN_MIN_COLS, SCREEN_MIN_ROWS);
    if (g->cols >= text.len + SPAN(" at least").len)
        buf_add_text(&text, " at least");
    grid_text(g, 1, 0, g->cols, STYLE_PLAIN, buf_span(&text));
    buf_release(&text);
}

/* "4 more above", "3 new below": what came since the user left the end is new. */
static void hidden_text(const struct screen *s, const struct dialogue_drawn *drawn, struct buf *out)
{
    uint32_t lines = record_lines(s->record, s->dialogue);
    bool narrow = s->cols < HIDDEN_ROOM && drawn->above && drawn->below;
    uint64_t fresh = s->follow || lines < s->seen ? 0 : lines - s->seen;

    fresh = fresh < drawn->below ? fresh : drawn->below;
    if (drawn->above)
        buf_printf(out, "%llu%s above", (unsigned long long)drawn->above, narrow ? "" : " more");
    if (drawn->below)
        buf_printf(out, "%s%llu%s below", out->len ? ", " : "",
                   (unsigned long long)(fresh ? fresh : drawn->below),
                   fresh    ? " new"
                   : narrow ? ""
                            : " more");
}

static enum rule_look focus_of(const struct screen *s, enum screen_focus pane)
{
    return s->focus == pane ? RULE_FOCUS : RULE_CALM;
}

static void draw_dialogue(const struct screen *s, struct grid *g, const struct rect *rule,
                          struct screen_spots *spots)
{
    struct buf right = { 0 };

    if (s->dialogue && spots->dialogue.rows) {
        struct dialogue_look look;

        screen_look(s, spots, &look);
        if (s->follow) {
            spots->top = dialogue_draw_end(&look, g, spots->dialogue, &spots->drawn);
        } else {
            spots->top = dialogue_scroll(&look, s->top, 0, spots->dialogue.rows);
            dialogue_draw(&look, spots->top, g, spots->dialogue, &spots->drawn);
        }
        hidden_text(s, &spots->drawn, &right);
    } else if (spots->dialogue.rows) {
        grid_text(g, spots->dialogue.row, 1, spots->dialogue.cols - 1, STYLE_NOTE,
                  SPAN("There is no talk yet. /connect HOST starts one."));
    }
    if (rule->rows)
        rule_draw(g, rule->row, rule->col, rule->cols,
                  span_of(s->heading ? s->heading : dialogue_heading), buf_span(&right),
                  focus_of(s, FOCUS_DIALOGUE) | (s->follow ? RULE_CALM : RULE_LOUD));
    buf_release(&right);
}

/* The line whose state and meaning are shown: the selected one, or while the user looks back the
 * last one in sight. */
static uint32_t explained(const struct screen *s, const struct screen_spots *spots)
{
    if (s->selected && s->selected <= record_lines(s->record, s->dialogue))
        return s->selected;
    return !s->follow && spots->drawn.below ? spots->drawn.last : 0;
}

static void draw_inside(const struct screen *s, struct grid *g, const struct layout *l,
                        const struct inside_pane *pane, const struct screen_spots *spots)
{
    if (!spots->inside.rows)
        return;
    rule_draw(g, l->rule_inside.row, l->rule_inside.col, l->rule_inside.cols,
              buf_span(&pane->heading), (struct span){ 0 }, focus_of(s, FOCUS_INSIDE));
    inside_pane_draw(pane, g, spots->inside, l->split != 0);
}

static void draw_meaning(const struct screen *s, struct grid *g, const struct layout *l,
                         const struct meaning *meaning, const struct screen_spots *spots)
{
    if (!spots->meaning.rows)
        return;
    rule_draw(g, l->rule_meaning.row, 0, s->cols, buf_span(&meaning->heading), (struct span){ 0 },
              focus_of(s, FOCUS_MEANING));
    meaning_draw(meaning, g, spots->meaning);
}

/* The panes that explain a line: one walk to it serves both. */
static void draw_explained(const struct screen *s, struct grid *g, const struct layout *l,
                           struct inside_pane *inside, struct meaning *meaning,
                           struct screen_spots *spots)
{
    spots->explained = explained(s, spots);
    if (spots->explained) {
        struct walk w;

        walk_start(&w, s->record, s->dialogue, spots->explained);
        walk_next(&w);
        meaning_fill_line(meaning, &w, &s->notes);
        inside_pane_fill_state(inside, s->record, s->dialogue, spots->explained, &w.after,
                               s->ascii);
    } else if (spots->meaning.rows && !meaning->heading.len) {
        meaning_fill(meaning, s->record, s->dialogue, 0, &s->notes);
    }
    draw_inside(s, g, l, inside, spots);
    draw_meaning(s, g, l, meaning, spots);
}

/* The line between dialogue and inside, and where it meets the rules. */
static void draw_split(struct grid *g, const struct layout *l, const struct screen_spots *spots)
{
    unsigned below = spots->dialogue.row + spots->dialogue.rows;

    if (!l->split)
        return;
    grid_fill(g, l->rule_dialogue.row, l->split, 1, STYLE_DIM, SIGN_TEE_DOWN_CODE);
    for (unsigned row = spots->dialogue.row; row < below; row++)
        grid_fill(g, row, l->split, 1, STYLE_DIM, SIGN_SIDE_CODE);
    if (l->rule_meaning.rows || l->rule_prompt.rows)
        grid_fill(g, below, l->split, 1, STYLE_DIM, SIGN_TEE_UP_CODE);
}

static void draw_page(const struct screen *s, struct grid *g, const struct layout *l,
                      struct screen_spots *spots)
{
    struct buf right = { 0 };

    page_draw(s, g, spots);
    page_hidden(spots, &right);
    rule_draw(g, l->rule_dialogue.row, 0, s->cols, span_of(page_heading(s)), buf_span(&right),
              (s->focus != FOCUS_PROMPT ? RULE_FOCUS : RULE_CALM) | RULE_LOUD);
    buf_release(&right);
}

static void draw_footer(const struct screen *s, struct grid *g, const struct screen_spots *spots)
{
    unsigned row = spots->footer.row, used, right;

    if (!spots->footer.rows)
        return;
    used = 1 + grid_text(g, row, 1, s->cols - 1, STYLE_DIM,
                         cut_groups(span_of(s->footer), s->cols - 2));
    right = s->footer_right ? (unsigned)utf8_cells(span_of(s->footer_right)) : 0;
    if (right && used + 2 + right < s->cols)
        grid_text(g, row, s->cols - 1 - right, right, STYLE_DIM, span_of(s->footer_right));
}

static void draw_below(const struct screen *s, struct grid *g, const struct layout *l,
                       const struct screen_spots *spots)
{
    if (l->rule_prompt.rows)
        rule_draw(g, l->rule_prompt.row, 0, s->cols, (struct span){ 0 }, (struct span){ 0 },
                  RULE_CALM);
    next_draw(s->next, s->next_count, s->letter, s->follow, g, spots->next);
    grid_text(g, spots->prompt.row, 1, s->cols - 1, STYLE_BOLD, span_of(s->prompt));
    if (spots->hint_col < s->cols)
        grid_text(g, spots->prompt.row, spots->hint_col, s->cols - spots->hint_col, STYLE_DIM,
                  span_of(s->hint));
    draw_footer(s, g, spots);
}

static void draw_status(const struct screen *s, struct grid *g, bool wide)
{
    struct status_look status = {
        .record = s->record,
        .dialogue = s->dialogue,
        .client = s->client,
        .lab = s->notes.lab,
        .place = wide ? s->place : NULL,
        .counted = wide,
    };

    if (!s->status) {
        status_draw(&status, g, 0);
        return;
    }
    grid_fill(g, 0, 0, s->cols, STYLE_INVERSE, ' ');
    grid_text(g, 0, 1, s->cols - 1, STYLE_INVERSE, cut_groups(span_of(s->status), s->cols - 2));
}

/* What ended the talk is told whole, and only once: the panes may move for it. For each line they
 * stay where they are. */
static unsigned rows_for_event(const struct screen *s, struct meaning *meaning)
{
    if (!s->follow || s->selected || s->no_meaning)
        return 0;
    meaning_fill(meaning, s->record, s->dialogue, 0, &s->notes);
    return meaning->event ? meaning_rows(meaning, s->cols) : 0;
}

void screen_draw(const struct screen *s, struct grid *g, struct screen_spots *spots)
{
    struct inside_pane inside = { 0 };
    struct meaning meaning = { 0 };
    struct layout l;
    unsigned wanted = 0;

    *spots = (struct screen_spots){ .hint_col = s->cols };
    grid_resize(g, s->rows, s->cols);
    if (s->rows < SCREEN_MIN_ROWS || s->cols < SCREEN_MIN_COLS) {
        draw_small(g, spots);
        return;
    }
    if (s->dialogue && s->page == PAGE_NONE) {
        inside_pane_fill(&inside, s->record, s->dialogue, UINT32_MAX, s->ascii);
        wanted = rows_for_event(s, &meaning);
    }
    layout_make(s, inside.count ? &inside : NULL, wanted, &l, spots);
    draw_status(s, g, s->cols >= SCREEN_WIDE);
    draw_below(s, g, &l, spots);
    if (s->page == PAGE_NONE) {
        draw_dialogue(s, g, &l.rule_dialogue, spots);
        if (s->dialogue)
            draw_explained(s, g, &l, &inside, &meaning, spots);
        draw_split(g, &l, spots);
    } else {
        draw_page(s, g, &l, spots);
    }
    inside_pane_release(&inside);
    meaning_release(&meaning);
    if (s->ascii)
        grid_to_ascii(g);
}
