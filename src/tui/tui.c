/*
 * The screen's life: made, run, given back. Keys, signals and the console's hooks come in here;
 * each changes the state, and the loop below draws once for all that came together. No
 * handler here waits, and the keyboard's events go first (net/loop.h).
 */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* SIGWINCH */
#endif
#include "tui/tui.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "tui/inner.h"
#include "tui/prompt.h"
#include "tui/terminal.h"

/* A lone Esc: long enough for a sequence cut in two on its way, short enough not to be felt. */
#define ESC_DELAY (CLOCK_SECOND / 20)
/* A paste whose end was lost; no terminal pauses so long in one. */
#define PASTE_DELAY (2 * CLOCK_SECOND)

bool tui_possible(const char **why)
{
    return terminal_possible(why);
}

static void leave(struct tui *t, int status)
{
    if (!t->done)
        t->status = status;
    t->done = true;
}

static void wait_for_more(struct tui *t)
{
    enum keys_wait wait = keys_waiting(&t->keys);

    if (wait == KEYS_WAIT_NONE && t->key_wait != KEYS_WAIT_NONE)
        watch_stop(t->key_timer);
    t->key_wait = wait;
    if (wait != KEYS_WAIT_NONE)
        watch_set_timer(t->key_timer, wait == KEYS_WAIT_SHORT ? t->esc_delay : PASTE_DELAY);
}

static void on_keyboard(void *ctx)
{
    struct tui *t = ctx;
    unsigned char octets[4096];
    ssize_t n = read(STDIN_FILENO, octets, sizeof(octets));
    struct key key;

    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (n <= 0) { /* the terminal is gone */
        terminal_lost();
        watch_stop(t->keyboard);
        leave(t, 128 + SIGHUP);
        return;
    }
    for (ssize_t i = 0; i < n && !t->done; i++)
        if (keys_take(&t->keys, octets[i], &key))
            tui_key(t, &key);
    wait_for_more(t);
}

static void on_key_timer(void *ctx)
{
    struct tui *t = ctx;
    struct key key;

    if (keys_late(&t->keys, &key))
        tui_key(t, &key);
    wait_for_more(t);
}

/* Only wakes the loop. */
static void on_draw_timer(void *ctx)
{
    (void)ctx;
}

/* The screen says how long a server has been silent. */
static void on_second(void *ctx)
{
    tui_ask_draw(ctx, DRAW_ALL);
}

static void on_term(void *ctx)
{
    leave(ctx, 128 + SIGTERM);
}

static void on_hangup(void *ctx)
{
    leave(ctx, 128 + SIGHUP);
}

static void on_interrupt(void *ctx)
{
    leave(ctx, 128 + SIGINT);
}

static void on_resize(void *ctx)
{
    struct tui *t = ctx;

    if (terminal_resize(&t->rows, &t->cols)) {
        prompt_set_size(t->rows, t->cols);
        t->prompt_first = 0;
        if (t->mode == MODE_MENU)
            menu_open(t, t->menu.by_cancel);
        else if (t->mode == MODE_HELP)
            help_resize(t);
        blit_forget(&t->blit);
        tui_ask_draw(t, DRAW_ALL);
    }
}

void tui_back(struct tui *t)
{
    on_resize(t);
    if (t->mouse)
        terminal_mouse(true);
    blit_forget(&t->blit);
    tui_ask_draw(t, DRAW_ALL);
}

static void on_stop(void *ctx)
{
    tui_request(ctx, REQ_SUSPEND);
}

static void on_continue(void *ctx)
{
    terminal_resume();
    tui_back(ctx);
}

static void hook_changed(void *ctx)
{
    struct tui *t = ctx;

    t->changed = true;
}

static void hook_say(void *ctx, const struct styled *text)
{
    notice_add(ctx, text);
}

static void hook_complain(void *ctx, const char *text)
{
    notice_say(ctx, false, "%s", text);
}

static void hook_open(void *ctx, enum console_pane pane, const struct styled *text)
{
    static const char *const headings[] = {
        [PANE_HELP] = "help",     [PANE_EXPLAIN] = "explained", [PANE_MAILBOX] = "mailbox",
        [PANE_STATE] = "state",   [PANE_LADDER] = "ladder",     [PANE_STATES] = "states",
        [PANE_LETTER] = "letter", [PANE_LEARN] = "lessons",     [PANE_SERVER] = "server",
        [PANE_TALKS] = "talks",   [PANE_TLS] = "encryption",    [PANE_OCTETS] = "octets",
        [PANE_FAULTS] = "faults",
    };
    struct tui *t = ctx;
    struct styled copy = { 0 };

    page_close(t);
    if (pane == PANE_LADDER) {
        page_open(t, PAGE_LADDER);
    } else if (pane == PANE_OCTETS) {
        page_open(t, PAGE_OCTETS);
    } else if (pane == PANE_STATES) {
        page_open(t, PAGE_STATES);
    } else if (pane == PANE_LETTER) {
        page_open(t, PAGE_LETTER);
    } else if (pane == PANE_FAULTS) {
        panel_open(t, 0);
    } else {
        styled_append(&copy, text);
        page_open_text(
            t, (size_t)pane < sizeof(headings) / sizeof(*headings) ? headings[pane] : NULL, &copy);
    }
}

static void hook_find(void *ctx, struct span needle, bool backwards)
{
    find_for(ctx, needle, backwards);
}

static void hook_mouse(void *ctx, bool on)
{
    tui_mouse(ctx, on);
}

static void hook_quit(void *ctx, int status)
{
    leave(ctx, status);
}

struct console_hooks tui_hooks(struct tui *t)
{
    return (struct console_hooks){ .changed = hook_changed,
                                   .say = hook_say,
                                   .complain = hook_complain,
                                   .open = hook_open,
                                   .find = hook_find,
                                   .mouse = hook_mouse,
                                   .quit = hook_quit,
                                   .ctx = t };
}

void tui_set_console(struct tui *t, struct console *c)
{
    t->console = c;
    tui_ask_draw(t, DRAW_ALL);
}

static void watch_all(struct tui *t)
{
    static const struct {
        int number;
        watch_fn *fn;
    } signals[TUI_SIGNALS] = {
        [TUI_TERM] = { SIGTERM, on_term },    [TUI_HUP] = { SIGHUP, on_hangup },
        [TUI_INT] = { SIGINT, on_interrupt }, [TUI_WINCH] = { SIGWINCH, on_resize },
        [TUI_TSTP] = { SIGTSTP, on_stop },    [TUI_CONT] = { SIGCONT, on_continue },
    };

    for (unsigned i = 0; i < TUI_SIGNALS; i++)
        t->signals[i] = loop_watch_signal(t->o.loop, signals[i].number, signals[i].fn, t);
    t->keyboard = loop_watch_read(t->o.loop, STDIN_FILENO, LOOP_TERMINAL, on_keyboard, t);
    t->key_timer = loop_timer(t->o.loop, on_key_timer, t);
    t->draw_timer = loop_timer(t->o.loop, on_draw_timer, t);
    t->second_timer = loop_timer(t->o.loop, on_second, t);
}

/* ESCDELAY, in milliseconds, is what ncurses' programs listen to. */
static int64_t esc_delay(void)
{
    const char *set = getenv("ESCDELAY");
    uint64_t ms;

    if (set && span_number(span_of(set), &ms) && ms >= 1 && ms <= 5000)
        return (int64_t)ms * (CLOCK_SECOND / 1000);
    return ESC_DELAY;
}

struct tui *tui_new(const struct tui_options *o, struct error *err)
{
    const char *no_color = getenv("NO_COLOR");
    struct tui *t;

    if (!terminal_open(!o->no_color && !(no_color && *no_color), err))
        return NULL;
    t = mem_zero(1, sizeof(*t));
    t->o = *o;
    t->client_name = mem_strdup(o->client_name ? o->client_name : "");
    t->o.client_name = t->client_name;
    t->esc_delay = esc_delay();
    t->dim = terminal_has_dim();
    t->screen = (struct screen){ .record = o->record,
                                 .notes = o->notes,
                                 .ascii = t->o.ascii,
                                 .client = t->client_name,
                                 .follow = true,
                                 .prompt = "",
                                 .hint = "",
                                 .footer = "",
                                 .page_mark = -1 };
    terminal_resize(&t->rows, &t->cols);
    watch_all(t); /* before the history is read, which may take its time */
    prompt_start(tui_line, t, o->history);
    prompt_set_size(t->rows, t->cols);
    t->draw = DRAW_ALL;
    return t;
}

/* The record may change by others' doing, too: the lab's server states its facts. */
static void look_at_record(struct tui *t)
{
    uint64_t version = record_version(t->o.record);

    t->changed = t->changed || version != t->version;
    t->version = version;
}

int tui_run(struct tui *t)
{
    while (!t->done) {
        held_turn(t);
        tui_keep_secret(t);
        look_at_record(t);
        if (t->done)
            break;
        tui_draw(t);
        if (!loop_once(t->o.loop))
            break;
    }
    return t->status;
}

void tui_free(struct tui *t)
{
    if (!t)
        return;
    if (t->mouse)
        terminal_mouse(false);
    terminal_close(); /* while signals still wait for us: nothing may end the program before */
    for (unsigned i = 0; i < TUI_SIGNALS; i++)
        watch_free(t->signals[i]);
    watch_free(t->keyboard);
    watch_free(t->key_timer);
    watch_free(t->draw_timer);
    watch_free(t->second_timer);
    prompt_stop();
    keys_release(&t->keys);
    field_release(&t->field);
    paste_release(&t->paste);
    blit_release(&t->blit);
    grid_release(&t->grid);
    grid_release(&t->prompt_base);
    styled_release(&t->notice);
    styled_release(&t->page_text);
    buf_release(&t->find.needle);
    buf_release(&t->tab_from);
    buf_release(&t->tab_line);
    buf_release(&t->suggest.text);
    buf_release(&t->hint);
    buf_release(&t->footer);
    mem_free(t->client_name);
    mem_free(t);
}
