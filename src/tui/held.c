/* The page that shows held lines, and what becomes of them: one by one, all in step with the
 * replies, or none. */
#include "base/marks.h"
#include "dialogue/mask.h"
#include "tui/inner.h"

/* Lines that the page shows; what a person can read before deciding. */
#define HELD_SHOWN 500
/* Of each line. */
#define SHOWN_OCTETS 200
/* Lines sent before the keyboard is looked at again. */
#define HELD_AT_ONCE 64

/* What the lines shown so far make of the next one. */
struct context {
    bool letter;
    struct login login;
};

static struct context context_now(const struct tui *t)
{
    struct context c = { .letter = tui_in_letter(t) };

    if (!c.letter && !console_may_remember(t->console, SPAN("x"))) /* a login is under way */
        c.login.left = LOGIN_LINES;
    return c;
}

/* Where the line's secret begins; its length: there is none. Nobody has answered yet, so lines that
 * are no command are hidden after AUTH as they are after a refused one. */
static size_t secret_at(struct context *c, struct span line)
{
    struct span word = span_cut(line, ' ', &(struct span){ 0 });

    if (c->letter) {
        c->letter = !span_eq(line, SPAN("."));
        if (!mask_is_auth_in_letter(line))
            return line.len;
    } else if (login_hides(&c->login, false, line)) {
        c->login.left--;
        return 0;
    } else {
        c->login = (struct login){ 0 };
        c->letter = span_eq_nocase(word, SPAN("DATA"));
        if (!mask_is_auth_command(line))
            return line.len;
        login_answered(&c->login, true, 5);
    }
    return line.len - mask_in_auth_command(line).len;
}

static void show(struct tui *t)
{
    struct context context = context_now(t);
    struct styled text = { 0 };
    struct paste rest = t->paste;
    struct span line;

    for (unsigned i = 0; i < HELD_SHOWN && paste_peek(&rest, &line); i++) {
        struct buf cut = { 0 };

        size_t open = secret_at(&context, line);

        marks_add(&cut, span_first(line, open < SHOWN_OCTETS ? open : SHOWN_OCTETS),
                  t->o.ascii ? MARKS_ASCII : 0);
        styled_printf(&text, i == 0 ? STYLE_BOLD : STYLE_PLAIN, " %s%s%s\n", buf_text(&cut),
                      open < line.len ? MASK : "", open > SHOWN_OCTETS ? " ..." : "");
        buf_release(&cut);
        paste_pass(&rest);
    }
    if (rest.at < rest.text.len)
        styled_printf(&text, STYLE_DIM, " ... and %u more\n", rest.lines - rest.sent);
    page_open_text(t, "pasted lines: not sent yet", &text);
    t->mode = MODE_PASTE;
    t->screen.page_mark = 0;
}

void held_open(struct tui *t, struct span text)
{
    if (t->mode != MODE_PROMPT || t->screen.page != PAGE_NONE)
        page_close(t);
    paste_hold(&t->paste, text);
    show(t);
    if (t->keys.paste_dropped)
        notice_say(t, false, "The paste was too long: its last %zu octets are left out.",
                   t->keys.paste_dropped);
}

static void drop(struct tui *t, bool say)
{
    unsigned left = t->paste.lines - t->paste.sent;

    paste_release(&t->paste);
    page_close(t);
    if (say && left)
        notice_say(t, true, "Dropped: %u pasted %s, not sent.", left, left == 1 ? "line" : "lines");
}

static void send_next(struct tui *t)
{
    struct span line;

    if (!paste_peek(&t->paste, &line))
        return;
    paste_pass(&t->paste);
    look_end(t);
    console_enter(t->console, line);
}

static bool may_go_on(const struct tui *t)
{
    unsigned d = console_dialogue(t->console);

    if (console_prompt(t->console) == PROMPT_LETTER || !console_talking(t->console))
        return true;
    return d == 0 || observer_outstanding(record_now(t->o.record, d)) == 0;
}

void held_turn(struct tui *t)
{
    struct span line;

    if (t->mode != MODE_PASTE)
        return;
    for (unsigned i = 0; i < HELD_AT_ONCE && t->paste.running; i++) {
        if (!console_talking(t->console))
            t->paste.running = false; /* the rest would only be complained about */
        else if (!paste_peek(&t->paste, &line) || !may_go_on(t))
            break;
        else
            send_next(t);
    }
    if (t->mode != MODE_PASTE || t->done)
        return;
    if (!paste_peek(&t->paste, &line)) {
        drop(t, false);
    } else if (t->paste.running && may_go_on(t)) {
        watch_set_timer(t->draw_timer, 0); /* more of it at the next turn */
    }
    tui_ask_draw(t, DRAW_ALL);
}

/* A line for a server that is gone would be lost: Enter connects again, and the line stays held. */
static bool reconnects(struct tui *t)
{
    struct span line;

    if (console_prompt(t->console) != PROMPT_NO_SERVER || !paste_peek(&t->paste, &line) ||
        span_starts(line, SPAN("/")))
        return false;
    console_command(t->console, SPAN("/connect"));
    return true;
}

bool held_key(struct tui *t, const struct key *key)
{
    struct span line;
    bool cancel = key->code == K_CHAR && key->mods == KEY_CTRL && key->text[0] == 'c';

    if (key->code == K_ESC || cancel) {
        drop(t, true);
    } else if (key->code == K_ENTER && reconnects(t)) {
        look_end(t);
    } else if (key->code == K_ENTER) {
        send_next(t);
        if (t->mode == MODE_PASTE && paste_peek(&t->paste, &line))
            show(t);
        else if (t->mode == MODE_PASTE)
            drop(t, false);
    } else if (key->code == K_CHAR && key->mods == 0 && ascii_lower(key->text[0]) == 'a') {
        t->paste.running = !reconnects(t);
    } else {
        return page_key(t, key);
    }
    tui_ask_draw(t, DRAW_ALL);
    return true;
}
