#include "app/plain.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "app/edit.h"
#include "app/file.h"
#include "app/input.h"
#include "app/terminal.h"
#include "base/mem.h"
#include "dialogue/mask.h"
#include "view/ansi.h"
#include "view/plain.h"

/* Lines read ahead of the server: above the first the pipe waits, below the second it goes on. */
#define AHEAD_HIGH 1000
#define AHEAD_LOW  100
/* Places that /find lists; more would push everything else away. */
#define FOUND_MAX 50

struct plain_front {
    struct plain_front_options options;
    struct console *console;      /* borrowed */
    struct styled text;           /* of this turn, not written yet */
    struct plain_cursor *cursors; /* owned; by dialogue - 1 */
    unsigned cursor_count;
    unsigned shown; /* the dialogue that the text is in; 0: none yet */
    struct edit *edit;
    struct input *input;
    struct watch *interrupted, *terminated, *hung_up;
    bool interrupt_warned; /* said already, since the last line */
    bool quit, refused;    /* refused: some piped line was not sent */
    bool deaf;             /* nobody reads what is written: nothing more is */
    int status;
};

static void leave(struct plain_front *f, int status)
{
    if (!f->quit)
        f->status = status;
    f->quit = true;
}

/* Adds what is new in the record to the text. */
static void add_new(struct plain_front *f)
{
    const struct record *r = f->options.record;
    unsigned count = record_count(r);

    if (count > f->cursor_count) {
        f->cursors = mem_resize(f->cursors, count, sizeof *f->cursors);
        memset(f->cursors + f->cursor_count, 0, (count - f->cursor_count) * sizeof *f->cursors);
        f->cursor_count = count;
    }
    for (unsigned d = 1; d <= count; d++) {
        struct styled more = { 0 };

        plain_dialogue(r, d, &f->cursors[d - 1], console_notes(f->console), f->options.flags,
                       &more);
        if (more.text.len && f->shown != d) {
            if (count > 1)
                styled_printf(&f->text, STYLE_BOLD, "-- talk %u\n", d);
            f->shown = d;
        }
        styled_append(&f->text, &more);
        styled_release(&more);
    }
}

static void write_octets(struct plain_front *f, int fd, struct span octets)
{
    int stopped;

    if (f->deaf)
        return;
    if (f->edit)
        edit_hide(f->edit);
    if (file_write_until(fd, octets, &stopped) || (!stopped && fd != STDOUT_FILENO))
        return;
    f->status = stopped ? 128 + stopped : terminal_unwritable(errno);
    f->deaf = f->quit = true;
}

/* Once in each turn of the loop, and before anything goes to standard error: their order is the
 * order of what happened. */
static void flush(struct plain_front *f)
{
    unsigned flags =
        (f->options.color ? ANSI_COLOUR : 0u) | (f->options.flags & PLAIN_ASCII ? ANSI_ASCII : 0u);
    struct buf octets = { 0 };

    add_new(f);
    if (!f->text.text.len)
        return;
    ansi_write(&f->text, flags, &octets);
    styled_clear(&f->text);
    write_octets(f, STDOUT_FILENO, buf_span(&octets));
    buf_release(&octets);
}

/* Hooks of the console. */

static void changed(void *ctx)
{
    (void)ctx; /* every turn looks anyway */
}

static void say(void *ctx, const struct styled *text)
{
    struct plain_front *f = ctx;

    add_new(f);
    styled_append(&f->text, text);
}

static void complain(void *ctx, const char *text)
{
    struct plain_front *f = ctx;
    struct styled line = { 0 };
    struct buf octets = { 0 };

    flush(f);
    styled_printf(&line, STYLE_PLAIN, "smtpscope: %s\n", text);
    ansi_write(&line, f->options.flags & PLAIN_ASCII ? ANSI_ASCII : 0u, &octets);
    write_octets(f, STDERR_FILENO, buf_span(&octets));
    styled_release(&line);
    buf_release(&octets);
}

static void open_pane(void *ctx, enum console_pane pane, const struct styled *text)
{
    (void)pane;
    say(ctx, text);
}

static void show(void *ctx, unsigned d)
{
    struct plain_front *f = ctx;
    struct plain_cursor start = { 0 };

    add_new(f);
    styled_printf(&f->text, STYLE_BOLD, "-- talk %u\n", d);
    plain_dialogue(f->options.record, d, &start, console_notes(f->console), f->options.flags,
                   &f->text);
    f->shown = d;
}

static void find(void *ctx, struct span needle, bool backwards)
{
    struct plain_front *f = ctx;
    const struct record *r = f->options.record;
    unsigned d = console_shown(f->console), found = 0;
    uint32_t n = 0;

    add_new(f);
    while (d && found < FOUND_MAX && (n = record_find(r, d, n, backwards, needle)) != 0) {
        struct record_line line;

        record_line(r, d, n, 0, &line);
        styled_printf(&f->text, STYLE_DIM, "#%u:%u ", d, n);
        styled_add_text(&f->text, line.side == SIDE_CLIENT ? STYLE_CLIENT : STYLE_SERVER,
                        line.side == SIDE_CLIENT ? "C: " : "S: ");
        styled_add_marks(&f->text, STYLE_PLAIN, line.line.head, 0);
        styled_add_text(&f->text, STYLE_PLAIN, "\n");
        found++;
    }
    if (!found)
        styled_add_text(&f->text, STYLE_NOTE, "It stands nowhere in this talk.\n");
    else if (found == FOUND_MAX)
        styled_printf(&f->text, STYLE_NOTE, "These are the first %d.\n", FOUND_MAX);
}

static void quit(void *ctx, int status)
{
    leave(ctx, status);
}

/* Hooks of the input. */

/* /raw and /pipeline may carry a password; what follows the command's name is then hidden. Without
 * a name all of it may be one: base64 may begin with a slash. */
static void add_command(struct plain_front *f, struct span line)
{
    struct span rest, name;

    if (console_may_remember(f->console, line)) {
        styled_add_marks(&f->text, STYLE_DIM, line, 0);
        return;
    }
    name = span_cut(line, ' ', &rest);
    if (rest.len)
        styled_add_marks(&f->text, STYLE_DIM, name, 0);
    styled_add_text(&f->text, STYLE_DIM, rest.len ? " " MASK : MASK);
}

static void typed(void *ctx, struct span line)
{
    struct plain_front *f = ctx;

    f->interrupt_warned = false;
    if (line.len && line.at[0] == '/' && console_prompt(f->console) != PROMPT_LETTER) {
        styled_add_text(&f->text, STYLE_DIM, console_prompt_text(f->console));
        add_command(f, line);
        styled_add_text(&f->text, STYLE_DIM, "\n");
    }
    console_enter(f->console, line);
}

static void piped(void *ctx, struct span line)
{
    struct plain_front *f = ctx;

    console_queue(f->console, line);
    if (console_queued(f->console) > AHEAD_HIGH)
        input_pause(f->input, true);
}

static void refused(void *ctx, const char *text)
{
    struct plain_front *f = ctx;

    f->refused = true;
    complain(f, text);
}

static void input_ended(void *ctx)
{
    struct plain_front *f = ctx;

    console_input_ended(f->console);
}

static void interrupted(void *ctx)
{
    struct plain_front *f = ctx;

    if (console_interrupt(f->console) || (f->edit && edit_clear(f->edit)))
        return;
    if (f->edit && !f->interrupt_warned) {
        f->interrupt_warned = true;
        styled_add_text(&f->text, STYLE_NOTE, "/quit leaves; so does Ctrl-C once more.\n");
        return;
    }
    leave(f, 128 + SIGINT);
}

static void terminated(void *ctx)
{
    leave(ctx, 128 + SIGTERM);
}

static void hung_up(void *ctx)
{
    leave(ctx, 128 + SIGHUP);
}

struct plain_front *plain_front_new(const struct plain_front_options *o)
{
    struct plain_front *f = mem_zero(1, sizeof *f);

    f->options = *o;
    f->interrupted = loop_watch_signal(o->loop, SIGINT, interrupted, f);
    f->terminated = loop_watch_signal(o->loop, SIGTERM, terminated, f);
    f->hung_up = loop_watch_signal(o->loop, SIGHUP, hung_up, f);
    return f;
}

struct console_hooks plain_front_hooks(struct plain_front *f)
{
    return (struct console_hooks){ .changed = changed,
                                   .say = say,
                                   .complain = complain,
                                   .open = open_pane,
                                   .show = show,
                                   .find = find,
                                   .quit = quit,
                                   .ctx = f };
}

void plain_front_set_console(struct plain_front *f, struct console *c)
{
    struct edit_hooks keys = { typed, input_ended, f };
    struct input_hooks pipe = { piped, refused, input_ended, f };

    f->console = c;
    if (f->options.input == PLAIN_TYPED)
        f->edit = edit_new(f->options.loop, c, &keys);
    else if (f->options.input == PLAIN_PIPED)
        f->input = input_new(f->options.loop, STDIN_FILENO, &pipe);
}

int plain_front_run(struct plain_front *f)
{
    while (!f->quit && loop_once(f->options.loop)) {
        flush(f);
        if (f->input && console_queued(f->console) < AHEAD_LOW)
            input_pause(f->input, false);
        if (f->edit && !f->quit) {
            edit_turn(f->edit);
            edit_show(f->edit);
        }
    }
    if (!f->quit)
        leave(f, console_status(f->console));
    flush(f);
    return f->status == STATUS_OK && f->refused ? STATUS_DIFFERENT : f->status;
}

void plain_front_free(struct plain_front *f)
{
    if (!f)
        return;
    edit_free(f->edit);
    input_free(f->input);
    watch_free(f->interrupted);
    watch_free(f->terminated);
    watch_free(f->hung_up);
    styled_release(&f->text);
    mem_free(f->cursors);
    mem_free(f);
}
