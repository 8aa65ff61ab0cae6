#include "view/states.h"

#include "base/utf8.h"
#include "view/para.h"
#include "view/signs.h"
#include "view/wrap.h"

/* Below this a box has no room for its text: a state is a paragraph then. */
#define BOX_COLS 30
/* A line longer than this is harder to read than two. */
#define COLS_MAX 100
/* Cells before a box: the mark of the present state and a blank. */
#define BEFORE 2

#define VERB_BIT(verb) (1u << (verb))

struct diagram {
    enum session_state now;
    unsigned cols;
    unsigned verbs;                               /* set: those that belong to this session */
    unsigned states;                              /* set: those that they reach */
    enum session_state path[SESSION_STATE_COUNT]; /* from the connection to the letter */
    unsigned path_count;
    struct styled *out;
    struct buf words; /* owned */
};

/* What extensions bring is there after EHLO alone (RFC 5321 2.2.1); LHLO is LMTP's (RFC 2033). */
static unsigned verbs_of(bool esmtp)
{
    unsigned extended =
        VERB_BIT(VERB_STARTTLS) | VERB_BIT(VERB_AUTH) | VERB_BIT(VERB_BDAT) | VERB_BIT(VERB_ETRN);
    unsigned all = VERB_BIT(VERB_COUNT) - 1u;

    all &= ~(VERB_BIT(VERB_LHLO) | VERB_BIT(VERB_UNKNOWN));
    return esmtp ? all : all & ~extended;
}

/* Is this row an arrow of the diagram that starts in `state`? Where a verb may be sent, the first
 * row that fits tells where its reply leads (x50: a code that says nothing but its class). */
static bool is_arrow(const struct diagram *d, const struct session_step *s,
                     enum session_state state)
{
    return (d->verbs & VERB_BIT(s->verb)) && (s->from & SESSION_IN(state)) &&
           session_allows(state, s->verb) && session_step(state, s->verb, s->digit * 100 + 50) == s;
}

static void find_states(struct diagram *d)
{
    unsigned before;

    d->states = SESSION_IN(AT_CONNECT);
    do {
        before = d->states;
        for (int state = 0; state < SESSION_STATE_COUNT; state++)
            for (size_t i = 0; i < session_step_count; i++)
                if ((d->states & SESSION_IN(state)) &&
                    is_arrow(d, &session_steps[i], (enum session_state)state))
                    d->states |= SESSION_IN(session_steps[i].to);
    } while (d->states != before);
    d->states |= SESSION_IN(d->now);
}

/* The way of a letter: from each state to the nearest later one that a good reply leads to. States
 * stand in their table in the order in which a letter meets them. */
static void find_path(struct diagram *d)
{
    enum session_state state = AT_CONNECT;

    while (state < SESSION_STATE_COUNT) {
        enum session_state next = SESSION_STATE_COUNT;

        d->path[d->path_count++] = state;
        for (size_t i = 0; i < session_step_count; i++) {
            const struct session_step *s = &session_steps[i];

            if (is_arrow(d, s, state) && s->digit < 4 && s->to > state && s->to < next)
                next = s->to;
        }
        if (next == AT_END)
            break;
        state = next;
    }
}

static const char *verb_shown(enum verb verb)
{
    switch (verb) {
    case VERB_CONNECT:
        return "the greeting";
    case VERB_TLS_DONE:
        return "the handshake";
    case VERB_AUTH_LINE:
        return "the client's answer";
    case VERB_BODY_END:
        return "the lone dot";
    default:
        return verb_word(verb);
    }
}

static void box_rule(struct diagram *d, bool now, const char *left, const char *title,
                     const char *right)
{
    enum style style = now ? STYLE_BOLD : STYLE_DIM;
    unsigned cells = d->cols - BEFORE - 2, used = (unsigned)utf8_cells(span_of(title));

    styled_add_text(d->out, style, left);
    styled_add_text(d->out, STYLE_BOLD, title);
    styled_repeat(d->out, style, SIGN_RULE, cells > used ? cells - used : 0);
    styled_add_text(d->out, style, right);
    styled_add_text(d->out, STYLE_PLAIN, "\n");
}

static void box(struct diagram *d, enum session_state state, bool rows)
{
    bool now = state == d->now;
    enum style style = now ? STYLE_BOLD : STYLE_DIM;
    struct span what = span_of(session_state_what(state));
    struct wrap_row row;
    size_t at = 0;
    unsigned inner = d->cols - BEFORE - 4;

    buf_clear(&d->words);
    buf_printf(&d->words, "─ %s %s", session_state_shown(state), now ? "─ you are here " : "");
    box_rule(d, now, now ? "▸ ┌" : "  ┌", buf_text(&d->words), SIGN_CORNER_TOP_RIGHT);
    while (wrap_next(what, inner, &at, &row)) {
        struct span text = span_first(span_from(what, row.from), row.len);

        styled_add_text(d->out, style, "  │");
        styled_printf(d->out, STYLE_PLAIN, " %.*s", SPAN_ARG(text));
        styled_repeat(d->out, STYLE_PLAIN, " ", inner - (unsigned)utf8_cells(text) + 1);
        styled_add_text(d->out, style, "│\n");
    }
    box_rule(d, now, "  └", rows ? "┬" : "", SIGN_CORNER_LOW_RIGHT);
}

static void head(struct diagram *d, enum session_state state, bool rows)
{
    if (d->cols >= BOX_COLS) {
        box(d, state, rows);
        return;
    }
    buf_clear(&d->words);
    buf_printf(&d->words, "%s%s: %s", session_state_shown(state),
               state == d->now ? " (you are here)" : "", session_state_what(state));
    para_add(d->out, d->cols, state == d->now ? STYLE_BOLD : STYLE_PLAIN,
             state == d->now ? "▸ " : "", buf_span(&d->words));
}

/* Is it an arrow like `s`, but for its verb? */
static bool alike(const struct session_step *a, const struct session_step *s)
{
    return a->to == s->to && a->digit == s->digit && strcmp(a->why, s->why) == 0;
}

/* "EHLO or HELO, 2yz", all verbs whose arrows are alike; empty when an earlier row has told of
 * `step` already. */
static void arrow_words(struct diagram *d, enum session_state state,
                        const struct session_step *step)
{
    const char *joint = "";

    buf_clear(&d->words);
    for (size_t i = 0; i < session_step_count; i++) {
        const struct session_step *s = &session_steps[i];

        if (!is_arrow(d, s, state) || !alike(s, step))
            continue;
        if (s < step) {
            buf_clear(&d->words);
            return;
        }
        buf_printf(&d->words, "%s%s", joint, verb_shown(s->verb));
        joint = " or ";
    }
    buf_printf(&d->words, ", %uyz", step->digit);
}

/* What may be sent here and leads nowhere; empty: nothing. */
static void staying_words(struct diagram *d, enum session_state state)
{
    const char *joint = "";

    buf_clear(&d->words);
    for (int verb = 0; verb < VERB_COUNT; verb++) {
        bool leads = false;

        for (size_t i = 0; i < session_step_count; i++)
            leads |=
                session_steps[i].verb == (enum verb)verb && is_arrow(d, &session_steps[i], state);
        if (leads || !(d->verbs & VERB_BIT(verb)) || !session_allows(state, (enum verb)verb))
            continue;
        buf_printf(&d->words, "%s%s", joint, verb_shown((enum verb)verb));
        joint = ", ";
    }
    if (d->words.len)
        buf_add_text(&d->words, ": allowed, and nothing changes");
}

/* Row i of what hangs from a state: its arrows but the one down, then what leads nowhere. Empty:
 * there is no such row. */
static void row_words(struct diagram *d, enum session_state state, const struct session_step *down,
                      size_t i)
{
    const struct session_step *s = &session_steps[i];

    buf_clear(&d->words);
    if (i == session_step_count) {
        staying_words(d, state);
        return;
    }
    if (!is_arrow(d, s, state) || (down && alike(s, down)))
        return;
    arrow_words(d, state, s);
    if (d->words.len)
        buf_printf(&d->words, " ▸ %s: %s", session_state_shown(s->to), s->why);
}

/* The first row from `i` on, with its words; past session_step_count: there is none. */
static size_t next_row(struct diagram *d, enum session_state state, const struct session_step *down,
                       size_t i)
{
    for (; i <= session_step_count; i++) {
        row_words(d, state, down, i);
        if (d->words.len)
            break;
    }
    return i;
}

static void add_rows(struct diagram *d, enum session_state state, const struct session_step *down)
{
    size_t next;

    for (size_t i = next_row(d, state, down, 0); i <= session_step_count; i = next) {
        bool last;

        next = next_row(d, state, down, i + 1);
        last = !down && next > session_step_count;
        row_words(d, state, down, i);
        para_lead(d->out, d->cols, STYLE_DIM, last ? "   └─ " : "   ├─ ",
                  last ? "      " : "   │  ", STYLE_PLAIN, buf_span(&d->words));
    }
}

/* The arrow down to the next state of the path. */
static const struct session_step *main_arrow(const struct diagram *d, enum session_state state,
                                             enum session_state next)
{
    for (size_t i = 0; i < session_step_count; i++)
        if (is_arrow(d, &session_steps[i], state) && session_steps[i].to == next)
            return &session_steps[i];
    return NULL;
}

static void add_state(struct diagram *d, enum session_state state, enum session_state next)
{
    const struct session_step *down =
        next < SESSION_STATE_COUNT ? main_arrow(d, state, next) : NULL;

    head(d, state, next_row(d, state, NULL, 0) <= session_step_count);
    add_rows(d, state, down);
    if (down) {
        arrow_words(d, state, down);
        buf_printf(&d->words, ": %s", down->why);
        para_lead(d->out, d->cols, STYLE_BOLD, "   ▾  ", "      ", STYLE_BOLD, buf_span(&d->words));
    } else {
        styled_add_text(d->out, STYLE_PLAIN, "\n");
    }
}

static unsigned rows_of(const struct styled *s)
{
    unsigned rows = 0;

    for (size_t i = 0; i < s->text.len; i++)
        rows += s->text.at[i] == '\n';
    return rows;
}

static void add_legend(struct diagram *d)
{
    const struct session_step *closing = session_step(AT_READY, VERB_NOOP, 421);

    buf_clear(&d->words);
    buf_printf(&d->words,
               "2yz stands for any reply code that starts with 2. A reply without an arrow here "
               "changes nothing: most often a 4yz or 5yz, after which the same step can be tried "
               "again. 421 leads to \"%s\" from everywhere: %s.",
               session_state_shown(closing->to), closing->why);
    para_add(d->out, d->cols, STYLE_NOTE, "", buf_span(&d->words));
}

/* Draws all of it; returns the row of the present state. */
static unsigned draw(enum session_state now, bool esmtp, unsigned cols, struct styled *out)
{
    struct diagram d = { .now = now,
                         .cols = cols < 1          ? 1
                                 : cols > COLS_MAX ? COLS_MAX
                                                   : cols,
                         .verbs = verbs_of(esmtp),
                         .out = out };
    unsigned drawn = 0, row = 0, before = rows_of(out);

    find_states(&d);
    find_path(&d);
    for (unsigned i = 0; i < d.path_count; i++) {
        row = d.path[i] == now ? rows_of(out) - before : row;
        add_state(&d, d.path[i], i + 1 < d.path_count ? d.path[i + 1] : SESSION_STATE_COUNT);
        drawn |= SESSION_IN(d.path[i]);
    }
    for (int state = 0; state < SESSION_STATE_COUNT; state++) {
        if (!(d.states & ~drawn & SESSION_IN(state)))
            continue;
        row = state == (int)now ? rows_of(out) - before : row;
        add_state(&d, (enum session_state)state, SESSION_STATE_COUNT);
    }
    add_legend(&d);
    buf_release(&d.words);
    return row;
}

void states_text(enum session_state now, bool esmtp, unsigned cols, struct styled *out)
{
    draw(now, esmtp, cols, out);
}

unsigned states_row(enum session_state now, bool esmtp, unsigned cols)
{
    struct styled all = { 0 };
    unsigned row = draw(now, esmtp, cols, &all);

    styled_release(&all);
    return row;
}
