/* Keys and signals change the state; the loop below draws once for all that came together, at once
 * for keys, and at most 30 times a second for what clients do. */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* SIGWINCH */
#endif
#include "tui/board.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "tui/board_inner.h"
#include "tui/prompt.h"
#include "tui/terminal.h"

#define ESC_DELAY  (CLOCK_SECOND / 20)
#define DRAW_PAUSE (CLOCK_SECOND / 30)

void board_leave(struct board *b, int result)
{
    b->result = result;
    b->done = true;
}

void board_say(struct board *b, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    styled_clear(&b->note);
    styled_add_text(&b->note, STYLE_NOTE, text);
}

static bool nothing_typed(void)
{
    return prompt_text().len == 0 && !prompt_busy();
}

static void cancel(struct board *b)
{
    if (!nothing_typed()) {
        prompt_clear();
    } else if (b->leaving) {
        board_leave(b, STATUS_OK);
    } else {
        board_say(b, "Ctrl-C once more ends the server; so does /quit.");
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

static void edit(const struct key *key)
{
    unsigned char octets[8];
    size_t len = key_for_editor(key, octets);

    if (len)
        prompt_feed(span_make(octets, len));
}

/* Keys that are the screen's while nothing is typed. */
static bool free_key(struct board *b, const struct key *key)
{
    if (key->code == K_CHAR && key->mods == 0 && key->len == 1 && key->text[0] == '?')
        board_help(b);
    else if (key->mods)
        return false;
    else if (key->code == K_UP || key->code == K_DOWN)
        board_move(b, key->code == K_UP ? -1 : 1);
    else if (key->code == K_HOME || key->code == K_END)
        board_move_end(b, key->code == K_HOME);
    else if (key->code == K_ENTER)
        board_open(b);
    else if (key->code == K_ESC)
        board_back(b);
    else if (key->code == K_TAB) {
        b->letters = b->page == BOARD_LIST && !b->letters;
        b->page = BOARD_LIST;
    } else {
        return false;
    }
    return true;
}

/* Of a pasted text the first line; it waits for Enter. */
static void pasted(struct board *b)
{
    struct span rest;

    prompt_insert(span_cut(buf_span(&b->keys.paste), '\n', &rest));
}

static void on_key(struct board *b, const struct key *key)
{
    b->key = true;
    if (control(b, key))
        return;
    b->leaving = false;
    styled_clear(&b->note);
    if (key->code == K_PASTE)
        pasted(b);
    else if (key->code == K_PAGE_UP || key->code == K_PAGE_DOWN)
        board_move_page(b, key->code == K_PAGE_UP ? -1 : 1);
    else if (key->code == K_F1)
        board_help(b);
    else if (key->code == K_F2 && b->page == BOARD_DIALOGUE)
        board_explain(b, 0);
    else if (nothing_typed() && free_key(b, key))
        return;
    else if (key->code == K_TAB)
        board_complete(b);
    else if (key->code == K_ESC)
        prompt_clear();
    else
        edit(key);
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
        board_leave(b, 128 + SIGHUP);
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
    board_leave(ctx, STATUS_OK);
}

static void on_hangup(void *ctx)
{
    board_leave(ctx, 128 + SIGHUP);
}

static void on_resize(void *ctx)
{
    struct board *b = ctx;

    if (!terminal_resize(&b->rows, &b->cols))
        return;
    prompt_set_size(b->rows, b->cols);
    b->prompt_first = 0;
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
    b->screen = (struct screen){ .record = o->record,
                                 .notes = o->notes,
                                 .ascii = o->ascii,
                                 .client = "",
                                 .alone = true,
                                 .prompt = "> ",
                                 .hint = "",
                                 .page_mark = -1 };
    for (int i = 0; i < 2; i++)
        b->list[i] = (struct sessions_look){ .list = o->sessions, .messages = i, .follow = true };
    terminal_resize(&b->rows, &b->cols);
    for (unsigned i = 0; i < BOARD_SIGNALS; i++)
        b->signals[i] = loop_watch_signal(o->loop, signals[i].number, signals[i].fn, b);
    b->keyboard = loop_watch_read(o->loop, STDIN_FILENO, LOOP_TERMINAL, on_keyboard, b);
    prompt_start(board_typed, b, o->history);
    prompt_set_size(b->rows, b->cols);
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
    board_draw(b);
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
    return b->result;
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
    prompt_stop();
    for (int i = 0; i < 2; i++)
        sessions_look_release(&b->list[i]);
    buf_release(&b->status);
    buf_release(&b->heading);
    buf_release(&b->needle);
    styled_release(&b->note);
    styled_release(&b->text);
    grid_release(&b->grid);
    blit_release(&b->blit);
    mem_free(b);
}
