/* Keys and signals change the state; the loop below draws once for all that came together, at once
 * for keys, and at most 30 times a second for what clients do. */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* SIGWINCH */
#endif
#include "tui/board.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "tui/blit.h"
#include "tui/board_letter.h"
#include "tui/field.h"
#include "tui/keys.h"
#include "tui/terminal.h"
#include "view/dialogue.h"
#include "view/status.h"

#define ESC_DELAY  (CLOCK_SECOND / 20)
#define DRAW_PAUSE (CLOCK_SECOND / 30)

enum board_page { BOARD_LIST, BOARD_DIALOGUE, BOARD_TEXT };
enum board_signal {
    BOARD_TERM,
    BOARD_INT,
    BOARD_HUP,
    BOARD_WINCH,
    BOARD_TSTP,
    BOARD_CONT,
    BOARD_SIGNALS
};

struct board {
    struct board_options o;
    struct watch *keyboard, *key_timer, *draw_timer, *signals[BOARD_SIGNALS];
    struct keys keys;
    struct field field; /* the line that is typed */
    struct buf filter;  /* owned */
    struct styled note; /* owned: what was said last; gone with the next key */
    unsigned rows, cols;
    struct grid grid;
    struct blit blit;
    enum board_page page;
    struct sessions_look list[2]; /* of sessions, of letters */
    struct sessions_drawn drawn;
    bool letters;               /* the second of them */
    unsigned dialogue;          /* BOARD_DIALOGUE */
    struct board_letter letter; /* the one that /letter is about */
    struct dialogue_pos top;
    bool follow;         /* stay at its end */
    struct styled text;  /* BOARD_TEXT; owned */
    const char *heading; /* its own */
    size_t text_top;     /* first line shown */
    size_t text_lines;
    int64_t drawn_at;
    bool changed, key, done, leaving;
    int status;
};

static void leave(struct board *b, int status)
{
    b->status = status;
    b->done = true;
}

static void say(struct board *b, enum style style, const char *text)
{
    styled_clear(&b->note);
    styled_add_text(&b->note, style, text);
}

/* Drawing. */

static struct rect middle(const struct board *b)
{
    return (struct rect){ 2, 0, b->rows > 4 ? b->rows - 4 : 0, b->cols };
}

static void draw_status(struct board *b)
{
    struct buf text = { 0 };

    b->o.status(b->o.ctx, &text);
    grid_fill(&b->grid, 0, 0, b->cols, STYLE_INVERSE, ' ');
    grid_text(&b->grid, 0, 1, b->cols > 2 ? b->cols - 2 : 0, STYLE_INVERSE, buf_span(&text));
    buf_release(&text);
}

static void draw_list(struct board *b, struct buf *heading, struct buf *right)
{
    struct sessions_look *look = &b->list[b->letters];

    sessions_draw(look, &b->grid, middle(b), &b->drawn);
    buf_add_text(heading, b->letters ? "letters  (Tab: sessions)" : "sessions  (Tab: letters)");
    if (b->filter.len)
        buf_printf(right, "only those with '%s'", buf_text(&b->filter));
    if (b->drawn.below)
        buf_printf(right, "%s%zu new below", right->len ? ", " : "", b->drawn.below);
}

static struct dialogue_look dialogue_look_of(const struct board *b)
{
    return (struct dialogue_look){ .record = b->o.record,
                                   .dialogue = b->dialogue,
                                   .notes = b->o.notes,
                                   .cols = b->cols,
                                   .times = true,
                                   .events = true,
                                   .ascii = b->o.ascii };
}

/* Talks of other clients stand above it in the record, and have nothing to do with it. */
static struct dialogue_pos own_part(const struct board *b, struct dialogue_pos pos)
{
    return pos.talk < b->dialogue ? (struct dialogue_pos){ .talk = b->dialogue } : pos;
}

static void draw_dialogue(struct board *b, struct buf *heading, struct buf *right)
{
    struct dialogue_look look = dialogue_look_of(b);
    struct rect where = middle(b);
    struct dialogue_drawn drawn;

    buf_printf(heading, "dialogue %u  (C: the client   S: this server)", b->dialogue);
    if (!where.rows)
        return;
    if (b->follow)
        b->top = own_part(b, dialogue_end(&look, where.rows));
    dialogue_draw(&look, b->top, &b->grid, where, &drawn);
    if (drawn.below)
        buf_printf(right, "%llu below", (unsigned long long)drawn.below);
}

static void draw_text(struct board *b, struct buf *heading, struct buf *right)
{
    struct rect where = middle(b);
    size_t at = 0, line = 0;

    buf_add_text(heading, b->heading);
    for (size_t i = 0; i <= b->text.text.len; i++) {
        if (i < b->text.text.len && b->text.text.at[i] != '\n')
            continue;
        if (line >= b->text_top && line - b->text_top < where.rows)
            grid_slice(&b->grid, where.row + (unsigned)(line - b->text_top), 1,
                       b->cols > 1 ? b->cols - 1 : 0, &b->text, at, i - at);
        line++;
        at = i + 1;
    }
    b->text_lines = line;
    if (line > b->text_top + where.rows)
        buf_printf(right, "%zu below", line - b->text_top - where.rows);
}

/* What stands in the last row while nothing is typed. */
static const char *keys_here(const struct board *b)
{
    if (b->page == BOARD_LIST)
        return "Up Down choose   Enter opens   /filter TEXT   /help   /quit";
    return "Up Down PgUp PgDn End scroll   Esc goes back   /help   /quit";
}

static void draw(struct board *b)
{
    struct buf heading = { 0 }, right = { 0 };
    unsigned col = 2;

    grid_resize(&b->grid, b->rows, b->cols);
    if (b->page == BOARD_LIST)
        draw_list(b, &heading, &right);
    else if (b->page == BOARD_DIALOGUE)
        draw_dialogue(b, &heading, &right);
    else
        draw_text(b, &heading, &right);
    draw_status(b);
    rule_draw(&b->grid, 1, 0, b->cols, buf_span(&heading), buf_span(&right), RULE_CALM);
    if (b->rows > 3)
        rule_draw(&b->grid, b->rows - 2, 0, b->cols, SPAN(""), SPAN(""), RULE_CALM);
    grid_text(&b->grid, b->rows - 1, 0, b->cols, STYLE_BOLD, SPAN("> "));
    if (b->field.text.len)
        col += grid_text(&b->grid, b->rows - 1, 2, b->cols > 2 ? b->cols - 2 : 0, STYLE_PLAIN,
                         buf_span(&b->field.text));
    else if (b->note.text.len)
        grid_styled(&b->grid, b->rows - 1, 2, b->cols > 2 ? b->cols - 2 : 0, &b->note);
    else
        grid_text(&b->grid, b->rows - 1, 2, b->cols > 2 ? b->cols - 2 : 0, STYLE_DIM,
                  span_of(keys_here(b)));
    if (b->o.ascii)
        grid_to_ascii(&b->grid);
    blit_grid(&b->blit, &b->grid);
    blit_send(b->rows - 1, col < b->cols ? col : b->cols - 1);
    buf_release(&heading);
    buf_release(&right);
}

/* Opening and moving. */

static void open_text(struct board *b, const char *heading)
{
    b->page = BOARD_TEXT;
    b->heading = heading;
    b->text_top = 0;
}

static void open_letter(struct board *b, struct span words)
{
    b->letter.record = b->o.record;
    b->letter.cols = b->cols > 2 ? b->cols - 2 : 1;
    b->letter.ascii = b->o.ascii;
    if (board_letter_take(&b->letter, words, &b->text, &b->note))
        open_text(b, words.len ? "parts of the letter" : "letter");
}

static void open_selected(struct board *b)
{
    const struct sessions *list = b->o.sessions;
    size_t at;

    if (!sessions_selected(&b->list[b->letters], &at))
        return;
    b->dialogue = b->letters ? list->messages[at].dialogue : list->at[at].dialogue;
    if (!b->dialogue) {
        say(b, STYLE_NOTE, "This one was served, and not recorded: the record was full.");
    } else if (b->letters) {
        b->letter.dialogue = b->dialogue;
        b->letter.line = list->messages[at].line;
        open_letter(b, SPAN(""));
    } else {
        b->page = BOARD_DIALOGUE;
        b->follow = false;
        b->top = (struct dialogue_pos){ .talk = b->dialogue };
    }
}

static void move_list(struct board *b, long by)
{
    struct sessions_look *look = &b->list[b->letters];
    size_t at = b->drawn.selected, last = b->drawn.shown ? b->drawn.shown - 1 : 0;

    if (by < 0)
        at = at > (size_t)-by ? at - (size_t)-by : 0;
    else
        at = last - at > (size_t)by ? at + (size_t)by : last;
    look->selected = b->drawn.selected = at;
    look->follow = at == last;
}

static void move_page(struct board *b, long by)
{
    struct rect where = middle(b);

    if (b->page == BOARD_TEXT) {
        size_t last = b->text_lines > where.rows ? b->text_lines - where.rows : 0;

        if (by < 0)
            b->text_top = b->text_top > (size_t)-by ? b->text_top - (size_t)-by : 0;
        else
            b->text_top = b->text_top + (size_t)by < last ? b->text_top + (size_t)by : last;
        return;
    }
    if (where.rows) {
        struct dialogue_look look = dialogue_look_of(b);
        struct dialogue_pos end = own_part(b, dialogue_end(&look, where.rows));

        b->top = own_part(b, dialogue_scroll(&look, b->top, (int)by, where.rows));
        if (dialogue_pos_compare(b->top, end) > 0)
            b->top = end;
        b->follow = by > 0 && dialogue_pos_compare(b->top, end) == 0;
    }
}

static void move(struct board *b, long by)
{
    if (b->page == BOARD_LIST)
        move_list(b, by);
    else
        move_page(b, by);
}

/* The line that was typed. */

static void help(struct board *b)
{
    styled_clear(&b->text);
    styled_add_text(
        &b->text, STYLE_PLAIN,
        "Each client that connects is a session; each letter it hands in stands in the "
        "second list.\n\n"
        "  Up, Down, PgUp, PgDn, Home, End   move; at the end the list follows\n"
        "  Enter                             open the session, or the letter\n"
        "  Esc                               go back\n"
        "  Tab                               from the sessions to the letters, and back\n"
        "  /letter parts                     the parts of the letter opened last\n"
        "  /letter part 2                    one of them\n"
        "  /letter save 2 FILE               write it to a new file\n"
        "  /filter TEXT                      only rows with TEXT in them\n"
        "  /filter                           all of them again\n");
    b->o.command(b->o.ctx, SPAN("/help"), &b->text);
    styled_add_text(&b->text, STYLE_PLAIN, "  /quit, or Ctrl-C twice            end the server\n");
    open_text(b, "help");
}

static void typed(struct board *b)
{
    struct span rest, word = span_cut(span_trim(buf_span(&b->field.text)), ' ', &rest);

    rest = span_trim(rest);
    if (span_eq(word, SPAN("/quit"))) {
        leave(b, STATUS_OK);
    } else if (span_eq(word, SPAN("/help"))) {
        help(b);
    } else if (span_eq(word, SPAN("/letter"))) {
        open_letter(b, rest);
    } else if (span_eq(word, SPAN("/filter"))) {
        buf_clear(&b->filter);
        buf_add(&b->filter, rest);
        b->list[0].filter = b->list[1].filter = buf_span(&b->filter);
        b->page = BOARD_LIST;
        b->list[0].follow = b->list[1].follow = true;
    } else if (word.len && word.at[0] == '/') {
        styled_clear(&b->text);
        b->o.command(b->o.ctx, span_trim(buf_span(&b->field.text)), &b->text);
        open_text(b, "server");
    } else {
        say(b, STYLE_NOTE, "Commands start with /: /help shows them all.");
    }
    field_clear(&b->field);
}

static void cancel(struct board *b)
{
    if (b->field.text.len) {
        field_clear(&b->field);
    } else if (b->leaving) {
        leave(b, STATUS_OK);
        return;
    } else {
        say(b, STYLE_NOTE, "Ctrl-C once more ends the server; so does /quit.");
        b->leaving = true;
        return;
    }
    b->leaving = false;
}

static void suspend(struct board *b)
{
    terminal_suspend();
    terminal_resize(&b->rows, &b->cols);
    blit_forget(&b->blit);
}

static bool control(struct board *b, const struct key *key)
{
    if (key->code != K_CHAR || key->mods != KEY_CTRL)
        return false;
    if (key->text[0] == 'c')
        cancel(b);
    else if (key->text[0] == 'z')
        suspend(b);
    else if (key->text[0] == 'l')
        blit_forget(&b->blit);
    else
        return false;
    return true;
}

static void moving_key(struct board *b, enum key_code code)
{
    long page = (long)middle(b).rows;

    switch (code) {
    case K_UP:
        move(b, -1);
        return;
    case K_DOWN:
        move(b, 1);
        return;
    case K_PAGE_UP:
        move(b, -page);
        return;
    case K_PAGE_DOWN:
        move(b, page);
        return;
    case K_HOME:
        move(b, -SESSIONS_MAX);
        return;
    case K_END:
        move(b, SESSIONS_MAX);
        if (b->page == BOARD_DIALOGUE)
            b->follow = true;
        return;
    case K_TAB:
        b->letters = !b->letters;
        b->page = BOARD_LIST;
        return;
    default:
        return;
    }
}

static void on_key(struct board *b, const struct key *key)
{
    b->key = true;
    if (control(b, key))
        return;
    b->leaving = false;
    styled_clear(&b->note);
    if (key->code == K_PASTE)
        field_add(&b->field, buf_span(&b->keys.paste));
    else if (key->code == K_ENTER && b->field.text.len)
        typed(b);
    else if (key->code == K_ENTER && b->page == BOARD_LIST)
        open_selected(b);
    else if (key->code == K_ESC && b->field.text.len)
        field_clear(&b->field);
    else if (key->code == K_ESC)
        b->page = BOARD_LIST;
    else if (!field_key(&b->field, key))
        moving_key(b, key->code);
}

/* Events. */

static void wait_for_more(struct board *b)
{
    if (keys_waiting(&b->keys) == KEYS_WAIT_NONE)
        watch_stop(b->key_timer);
    else
        watch_set_timer(b->key_timer, ESC_DELAY);
}

static void on_keyboard(void *ctx)
{
    struct board *b = ctx;
    unsigned char octets[4096];
    ssize_t n = read(STDIN_FILENO, octets, sizeof octets);
    struct key key;

    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (n <= 0) { /* the terminal is gone */
        terminal_lost();
        watch_stop(b->keyboard);
        leave(b, 128 + SIGHUP);
        return;
    }
    for (ssize_t i = 0; i < n && !b->done; i++)
        if (keys_take(&b->keys, octets[i], &key))
            on_key(b, &key);
    wait_for_more(b);
}

static void on_key_timer(void *ctx)
{
    struct board *b = ctx;
    struct key key;

    if (keys_late(&b->keys, &key))
        on_key(b, &key);
    wait_for_more(b);
}

static void on_draw_timer(void *ctx)
{
    (void)ctx; /* only wakes the loop */
}

static void on_stopped(void *ctx)
{
    leave(ctx, STATUS_OK);
}

static void on_hangup(void *ctx)
{
    leave(ctx, 128 + SIGHUP);
}

static void on_resize(void *ctx)
{
    struct board *b = ctx;

    if (!terminal_resize(&b->rows, &b->cols))
        return;
    blit_forget(&b->blit);
    b->key = true;
}

static void on_tstp(void *ctx)
{
    suspend(ctx);
}

static void on_continue(void *ctx)
{
    struct board *b = ctx;

    terminal_resume();
    terminal_resize(&b->rows, &b->cols);
    blit_forget(&b->blit);
    b->key = true;
}

struct board *board_new(const struct board_options *o, struct error *err)
{
    static const struct {
        int number;
        watch_fn *fn;
    } signals[BOARD_SIGNALS] = {
        [BOARD_TERM] = { SIGTERM, on_stopped }, [BOARD_INT] = { SIGINT, on_stopped },
        [BOARD_HUP] = { SIGHUP, on_hangup },    [BOARD_WINCH] = { SIGWINCH, on_resize },
        [BOARD_TSTP] = { SIGTSTP, on_tstp },    [BOARD_CONT] = { SIGCONT, on_continue },
    };
    const char *no_color = getenv("NO_COLOR");
    struct board *b;

    if (!terminal_open(!o->no_color && !(no_color && *no_color), err))
        return NULL;
    b = mem_zero(1, sizeof *b);
    b->o = *o;
    for (int i = 0; i < 2; i++)
        b->list[i] = (struct sessions_look){ .list = o->sessions, .messages = i, .follow = true };
    terminal_resize(&b->rows, &b->cols);
    for (unsigned i = 0; i < BOARD_SIGNALS; i++)
        b->signals[i] = loop_watch_signal(o->loop, signals[i].number, signals[i].fn, b);
    b->keyboard = loop_watch_read(o->loop, STDIN_FILENO, LOOP_TERMINAL, on_keyboard, b);
    b->key_timer = loop_timer(o->loop, on_key_timer, b);
    b->draw_timer = loop_timer(o->loop, on_draw_timer, b);
    b->key = true;
    return b;
}

void board_changed(struct board *b)
{
    b->changed = true;
}

/* A key shows at once; what clients do may wait a moment, so that many of them cost one drawing. */
static void draw_if_due(struct board *b)
{
    int64_t now = loop_now(b->o.loop);

    if (!b->key && !b->changed)
        return;
    if (!b->key && now - b->drawn_at < DRAW_PAUSE) {
        watch_set_timer(b->draw_timer, DRAW_PAUSE - (now - b->drawn_at));
        return;
    }
    draw(b);
    b->drawn_at = loop_now(b->o.loop);
    b->key = b->changed = false;
}

int board_run(struct board *b)
{
    while (!b->done) {
        draw_if_due(b);
        if (!loop_once(b->o.loop))
            break;
    }
    return b->status;
}

void board_free(struct board *b)
{
    if (!b)
        return;
    terminal_close();
    for (unsigned i = 0; i < BOARD_SIGNALS; i++)
        watch_free(b->signals[i]);
    watch_free(b->keyboard);
    watch_free(b->key_timer);
    watch_free(b->draw_timer);
    keys_release(&b->keys);
    field_release(&b->field);
    buf_release(&b->filter);
    styled_release(&b->note);
    styled_release(&b->text);
    grid_release(&b->grid);
    blit_release(&b->blit);
    mem_free(b);
}
