/*
 * ncurses for output only: it is never asked for keys. Everything that changes the terminal is
 * undone in one place, which a crash reaches too (rescue.h).
 */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* TIOCGWINSZ */
#endif
#define NCURSES_WIDECHAR 1
#include "tui/terminal.h"

#include <curses.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

#include "base/buf.h"
#include "tui/rescue.h"
#include "view/ansi.h"

/* Paste in brackets; the wheel stays the terminal's, instead of sending arrows that would land in
 * the prompt's history. */
static const char modes_on[] = "\x1b[?2004h\x1b[?1007l";
/* Mouse and brackets off; the wheel is asked for again as xterm has it by default. */
static const char modes_off[] = "\x1b[?1006l\x1b[?1000l\x1b[?2004l";

struct look {
    unsigned long attributes;
    short pair;
};

/* One for the process, as the terminal is. */
static struct {
    bool open, lost, colours, exit_asked;
    SCREEN *screen;
    struct look looks[STYLE_COUNT];
} terminal;

bool terminal_possible(const char **why)
{
    const char *name = getenv("TERM");
    bool movable;
    int known;

    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        *why = "standard input or output is no terminal";
        return false;
    }
    if (!name || !*name) {
        *why = "TERM is not set, so the terminal's kind is not known";
        return false;
    }
    if (setupterm(name, STDOUT_FILENO, &known) != OK) {
        *why = "this kind of terminal (TERM) is not known here";
        return false;
    }
    movable = cursor_address != NULL;
    del_curterm(cur_term);
    if (!movable) {
        *why = "this terminal cannot place its cursor";
        return false;
    }
    return true;
}

static void put(const char *text, size_t len)
{
    while (len > 0 && !terminal.lost) {
        ssize_t n = write(STDOUT_FILENO, text, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        text += n;
        len -= (size_t)n;
    }
}

/* A terminfo string, without its padding ("$<5>"). */
static void add_capability(struct buf *out, const char *capability)
{
    if (!capability)
        return;
    while (*capability) {
        if (capability[0] == '$' && capability[1] == '<') {
            const char *end = strchr(capability, '>');

            if (end) {
                capability = end + 1;
                continue;
            }
        }
        buf_add_octet(out, (unsigned char)*capability++);
    }
}

static void start_rescue(void)
{
    struct buf all = { 0 };

    buf_add_text(&all, modes_off);
    if (terminal.colours)
        add_capability(&all, orig_pair);
    add_capability(&all, exit_attribute_mode);
    add_capability(&all, cursor_normal);
    add_capability(&all, exit_ca_mode);
    buf_add_text(&all, "\r");
    rescue_start(buf_span(&all));
    buf_release(&all);
}

/* The style's SGR parameters in ncurses' words, so that one table says what a style looks like. */
static struct look look_of(enum style style)
{
    struct span rest = span_of(ansi_sgr(style));
    struct look look = { A_NORMAL, 0 };

    while (rest.len) {
        uint64_t n = 0;

        span_number(span_cut(rest, ';', &rest), &n);
        if (n == 1)
            look.attributes |= A_BOLD;
        else if (n == 2)
            look.attributes |= A_DIM;
        else if (n == 7)
            look.attributes |= A_REVERSE;
        else if (terminal.colours && n >= 30 && n <= 37)
            look.pair = (short)(n - 30 + 1);
        else if (terminal.colours && n >= 90 && n <= 97)
            look.pair = (short)(n - 90 + (COLORS >= 16 ? 9 : 1));
    }
    return look;
}

static void start_colours(bool wanted)
{
    terminal.colours = wanted && has_colors() && start_color() == OK;
    if (terminal.colours) {
        short back = use_default_colors() == OK ? -1 : COLOR_BLACK;

        for (short i = 0; i < 16 && i < COLORS; i++)
            init_pair((short)(i + 1), i, back);
    }
    for (unsigned i = 0; i < STYLE_COUNT; i++)
        terminal.looks[i] = look_of((enum style)i);
}

/*
 * ncurses must find SIGTSTP taken, or it would set it anew around each drawing; and SIGINT and
 * SIGTERM, or its own handlers would end the program with status 1 while it leaves. It must not
 * look for typed keys while it draws, which like the first would cost system calls for each key.
 */
static SCREEN *new_screen(void)
{
    static const int numbers[] = { SIGTSTP, SIGINT, SIGTERM };
    struct sigaction taken = { .sa_handler = SIG_IGN }, old[sizeof(numbers) / sizeof(*numbers)];
    SCREEN *screen;

    sigemptyset(&taken.sa_mask);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        sigaction(numbers[i], &taken, &old[i]);
    screen = newterm(NULL, stdout, stdin);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        sigaction(numbers[i], &old[i], NULL);
    if (screen)
        typeahead(-1);
    return screen;
}

bool terminal_open(bool colours, struct error *err)
{
    if (!rescue_settings()) {
        error_set(err, "the terminal does not say how it is set up");
        return false;
    }
    terminal.screen = new_screen();
    if (!terminal.screen) {
        error_set(err, "the terminal's kind (TERM=%s) is not known here",
                  getenv("TERM") ? getenv("TERM") : "");
        return false;
    }
    terminal.lost = false;
    start_colours(colours);
    start_rescue();
    terminal.open = true;
    raw();
    noecho();
    nonl();
    if (!terminal.exit_asked) {
        atexit(terminal_close);
        terminal.exit_asked = true;
    }
    put(modes_on, sizeof(modes_on) - 1);
    return true;
}

void terminal_close(void)
{
    if (!terminal.open)
        return;
    put(modes_off, sizeof(modes_off) - 1);
    if (!terminal.lost) {
        endwin();
        rescue_now();
    }
    terminal.open = false;
    rescue_stop();
    delscreen(terminal.screen);
    terminal.screen = NULL;
}

void terminal_lost(void)
{
    terminal.lost = true;
    rescue_lost();
}

void terminal_suspend(void)
{
    struct sigaction usual = { .sa_handler = SIG_DFL }, old;

    put(modes_off, sizeof(modes_off) - 1);
    endwin();
    sigemptyset(&usual.sa_mask);
    sigaction(SIGTSTP, &usual, &old);
    kill(0, SIGTSTP); /* the whole job, as the terminal itself would */
    sigaction(SIGTSTP, &old, NULL);
    terminal_resume();
}

void terminal_resume(void)
{
    reset_prog_mode();
    if (!isendwin() && enter_ca_mode) { /* stopped where it stood: others may have left it since */
        putp(enter_ca_mode);
        fflush(stdout);
    }
    put(modes_on, sizeof(modes_on) - 1);
    clearok(curscr, TRUE);
}

bool terminal_resize(unsigned *rows, unsigned *cols)
{
    struct winsize size = { 0 };
    int r = LINES, c = COLS;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
        r = size.ws_row;
        c = size.ws_col;
    }
    if (r != LINES || c != COLS)
        resizeterm(r, c);
    if (*rows == (unsigned)r && *cols == (unsigned)c)
        return false;
    *rows = (unsigned)r;
    *cols = (unsigned)c;
    clearok(curscr, TRUE);
    return true;
}

bool terminal_has_dim(void)
{
    return enter_dim_mode != NULL;
}

void terminal_mouse(bool on)
{
    static const char turn_on[] = "\x1b[?1000h\x1b[?1006h", turn_off[] = "\x1b[?1006l\x1b[?1000l";

    put(on ? turn_on : turn_off, sizeof(turn_on) - 1);
}

void terminal_write(struct span octets)
{
    put((const char *)octets.at, octets.len);
}

void terminal_style(enum style style, unsigned long *attributes, short *pair)
{
    *attributes = terminal.looks[style].attributes;
    *pair = terminal.looks[style].pair;
}
