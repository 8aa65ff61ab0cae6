#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* forkpty, mkdtemp, nftw's kin */
#endif
#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 700
#endif
#include "support/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>
#include <vterm.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "support/dim.h"

#define LIMIT_MS 20000

struct terminal {
    int master, slave; /* the slave is held, so that the settings outlive the program */
    pid_t child, program;
    int status; /* of waitpid */
    bool ended, alternate;
    unsigned rows, cols;
    VTerm *vterm;
    VTermScreen *screen;
    struct termios before;
    struct buf output, text, shown;
    struct dim dim;
    size_t mark;
    char home[32];
};

static void fail(const char *what)
{
    fprintf(stderr, "terminal: %s: %s\n", what, strerror(errno));
    abort();
}

static long long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The small shell. It runs in the child, and never returns. */
static void report(const char *what, int number)
{
    char line[64];
    int len = snprintf(line, sizeof line, number < 0 ? "[%s]\r\n" : "[%s %d]\r\n", what, number);

    if (write(STDOUT_FILENO, line, (size_t)len) < 0)
        _exit(126);
}

static void run_job(const struct terminal *t, const struct terminal_setup *setup, int tell)
{
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        setpgid(0, 0);
        tcsetpgrp(STDIN_FILENO, getpid());
        signal(SIGTTOU, SIG_DFL);
        execv(setup->argv[0], (char *const *)(uintptr_t)setup->argv);
        _exit(127);
    }
    setpgid(pid, pid);
    tcsetpgrp(STDIN_FILENO, pid);
    if (write(tell, &pid, sizeof pid) != sizeof pid)
        _exit(126);
    for (;;) {
        char line[16];

        if (waitpid(pid, &status, WUNTRACED) < 0)
            _exit(126);
        tcsetpgrp(STDIN_FILENO, getpid());
        if (!WIFSTOPPED(status))
            break;
        if (WSTOPSIG(status) == SIGSTOP) /* as shells do; else it is for the program to have done */
            tcsetattr(STDIN_FILENO, TCSADRAIN, &t->before);
        report("stopped", -1);
        if (read(STDIN_FILENO, line, sizeof line) <= 0)
            _exit(126);
        tcsetpgrp(STDIN_FILENO, pid);
        kill(-pid, SIGCONT);
    }
    report("exited", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static void set_environment(const struct terminal *t, const struct terminal_setup *setup)
{
    static const char *const unwanted[] = { "NO_COLOR", "LINES",    "COLUMNS", "XDG_STATE_HOME",
                                            "INPUTRC",  "ESCDELAY", "LANG",    "XDG_CONFIG_HOME" };

    for (size_t i = 0; i < sizeof unwanted / sizeof unwanted[0]; i++)
        unsetenv(unwanted[i]);
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("TZ", "UTC", 1);
    setenv("HOME", t->home, 1);
    for (size_t i = 0; setup->env && setup->env[i]; i++) {
        const char *value = strchr(setup->env[i], '=');
        char *name = mem_strndup(setup->env[i],
                                 value ? (size_t)(value - setup->env[i]) : strlen(setup->env[i]));

        if (value)
            setenv(name, value + 1, 1);
        else
            unsetenv(name);
        mem_free(name);
    }
}

static void run_child(const struct terminal *t, const struct terminal_setup *setup, int tell)
{
    static const int usual[] = { SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGTTIN, SIGPIPE, SIGQUIT };
    sigset_t none;

    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        signal(usual[i], SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGTTOU, setup->job ? SIG_IGN : SIG_DFL);
    set_environment(t, setup);
    if (setup->job)
        run_job(t, setup, tell);
    execv(setup->argv[0], (char *const *)(uintptr_t)setup->argv);
    _exit(127);
}

static int on_property(VTermProp prop, VTermValue *value, void *user)
{
    struct terminal *t = user;

    if (prop == VTERM_PROP_ALTSCREEN)
        t->alternate = value->boolean;
    return 1;
}

static void make_screen(struct terminal *t)
{
    static const VTermScreenCallbacks callbacks = { .settermprop = on_property };

    t->vterm = vterm_new((int)t->rows, (int)t->cols);
    vterm_set_utf8(t->vterm, 1);
    t->screen = vterm_obtain_screen(t->vterm);
    vterm_screen_enable_altscreen(t->screen, 1);
    vterm_screen_set_callbacks(t->screen, &callbacks, t);
    vterm_screen_reset(t->screen, 1);
}

struct terminal *terminal_start(const struct terminal_setup *setup)
{
    struct terminal *t = mem_zero(1, sizeof *t);
    struct winsize size = { .ws_row = (unsigned short)setup->rows,
                            .ws_col = (unsigned short)setup->cols };
    int tell[2];

    *t = (struct terminal){ .rows = setup->rows, .cols = setup->cols };
    memcpy(t->home, "/tmp/smtpscope-test-XXXXXX", sizeof "/tmp/smtpscope-test-XXXXXX");
    if (!mkdtemp(t->home))
        fail("mkdtemp");
    make_screen(t);
    if (pipe(tell) != 0 || openpty(&t->master, &t->slave, NULL, NULL, &size) != 0)
        fail("openpty");
    if (tcgetattr(t->slave, &t->before) != 0)
        fail("tcgetattr");
    fcntl(t->master, F_SETFD, FD_CLOEXEC);
    t->child = fork();
    if (t->child < 0)
        fail("fork");
    if (t->child == 0) {
        close(t->master);
        if (login_tty(t->slave) != 0)
            _exit(126);
        run_child(t, setup, tell[1]);
    }
    t->program = t->child;
    if (setup->job && read(tell[0], &t->program, sizeof t->program) != sizeof t->program)
        fail("the small shell did not start");
    close(tell[0]);
    close(tell[1]);
    return t;
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
    (void)st;
    (void)kind;
    (void)walk;
    return remove(path);
}

void terminal_free(struct terminal *t)
{
    if (!t)
        return;
    if (!t->ended) {
        kill(t->program, SIGKILL);
        kill(t->child, SIGKILL);
        waitpid(t->child, NULL, 0);
    }
    if (t->master >= 0)
        close(t->master);
    close(t->slave);
    vterm_free(t->vterm);
    nftw(t->home, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    buf_release(&t->output);
    buf_release(&t->text);
    buf_release(&t->shown);
    mem_free(t);
}

void terminal_type(struct terminal *t, const char *octets)
{
    size_t len = strlen(octets);

    while (len) {
        ssize_t n = write(t->master, octets, len);

        if (n < 0 && errno != EINTR)
            fail("write");
        if (n > 0) {
            octets += n;
            len -= (size_t)n;
        }
    }
}

void terminal_resize(struct terminal *t, unsigned rows, unsigned cols)
{
    struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

    t->rows = rows;
    t->cols = cols;
    vterm_set_size(t->vterm, (int)rows, (int)cols);
    vterm_screen_flush_damage(t->screen);
    if (ioctl(t->master, TIOCSWINSZ, &size) != 0)
        fail("TIOCSWINSZ");
}

void terminal_hang_up(struct terminal *t)
{
    close(t->master);
    t->master = -1;
}

pid_t terminal_pid(const struct terminal *t)
{
    return t->program;
}

/* Takes what the program sends within `ms`; false: nothing came. */
static bool take(struct terminal *t, int ms)
{
    struct pollfd wait = { .fd = t->master, .events = POLLIN };
    char octets[4096];
    ssize_t n;

    if (t->master < 0 || poll(&wait, 1, ms) <= 0)
        return false;
    n = read(t->master, octets, sizeof octets);
    if (n <= 0)
        return false;
    buf_add(&t->output, span_make(octets, (size_t)n));
    for (ssize_t i = 0; i < n; i++)
        dim_feed(&t->dim, octets[i], &t->shown);
    vterm_input_write(t->vterm, buf_text(&t->shown), t->shown.len);
    buf_clear(&t->shown);
    vterm_screen_flush_damage(t->screen);
    return true;
}

static void add_cell(struct buf *out, const VTermScreenCell *cell)
{
    if (!cell->chars[0])
        buf_add_octet(out, ' ');
    for (unsigned i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++) {
        unsigned char octets[4];

        buf_add(out, span_make(octets, utf8_encode(cell->chars[i], octets)));
    }
}

const char *terminal_text(struct terminal *t)
{
    buf_clear(&t->text);
    for (unsigned row = 0; row < t->rows; row++) {
        for (unsigned col = 0; col < t->cols;) {
            VTermScreenCell cell;

            vterm_screen_get_cell(t->screen, (VTermPos){ (int)row, (int)col }, &cell);
            add_cell(&t->text, &cell);
            col += cell.width > 1 ? (unsigned)cell.width : 1;
        }
        while (t->text.len && t->text.at[t->text.len - 1] == ' ')
            buf_truncate(&t->text, t->text.len - 1);
        buf_add_octet(&t->text, '\n');
    }
    return buf_text(&t->text);
}

static bool holds(struct terminal *t, const char *text)
{
    return strstr(terminal_text(t), text) != NULL;
}

/* Takes what comes until the condition holds, or the limit has passed. */
#define UNTIL(t, condition)                                                                        \
    long long end = now_ms() + LIMIT_MS;                                                           \
    while (!(condition)) {                                                                         \
        long long left = end - now_ms();                                                           \
        if (left <= 0 || (!take(t, (int)(left < 100 ? left : 100)) && t->ended))                   \
            return (condition);                                                                    \
        reap(t);                                                                                   \
    }                                                                                              \
    return true

static void reap(struct terminal *t)
{
    if (!t->ended && waitpid(t->child, &t->status, WNOHANG) == t->child)
        t->ended = true;
}

bool terminal_shows(struct terminal *t, const char *text)
{
    UNTIL(t, holds(t, text));
}

bool terminal_hides(struct terminal *t, const char *text)
{
    UNTIL(t, !holds(t, text));
}

bool terminal_is(struct terminal *t, const char *screen)
{
    UNTIL(t, strcmp(terminal_text(t), screen) == 0);
}

bool terminal_sent(struct terminal *t, const char *octets)
{
    UNTIL(t, span_search(terminal_output(t), span_of(octets), 0, false) != SPAN_NOT_FOUND);
}

void terminal_cursor(struct terminal *t, unsigned *row, unsigned *col)
{
    VTermPos at;

    vterm_state_get_cursorpos(vterm_obtain_state(t->vterm), &at);
    *row = (unsigned)at.row;
    *col = (unsigned)at.col;
}

static bool cursor_is(struct terminal *t, unsigned row, unsigned col)
{
    unsigned at_row, at_col;

    terminal_cursor(t, &at_row, &at_col);
    return at_row == row && at_col == col;
}

bool terminal_cursor_at(struct terminal *t, unsigned row, unsigned col)
{
    UNTIL(t, cursor_is(t, row, col));
}

static bool has_ended(struct terminal *t)
{
    UNTIL(t, t->ended);
}

int terminal_ends(struct terminal *t)
{
    if (!has_ended(t))
        return -1;
    while (take(t, 0))
        ;
    return WIFEXITED(t->status) ? WEXITSTATUS(t->status) : 128 + WTERMSIG(t->status);
}

void terminal_cell(struct terminal *t, unsigned row, unsigned col, struct terminal_cell *out)
{
    VTermScreenCell cell;

    vterm_screen_get_cell(t->screen, (VTermPos){ (int)row, (int)col }, &cell);
    *out = (struct terminal_cell){ .code = cell.chars[0],
                                   .bold = cell.attrs.bold,
                                   .dim = cell.attrs.font == DIM_FONT,
                                   .reverse = cell.attrs.reverse,
                                   .coloured = !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) };
    if (out->coloured && VTERM_COLOR_IS_INDEXED(&cell.fg))
        out->colour = cell.fg.indexed.idx;
}

bool terminal_alternate(struct terminal *t)
{
    return t->alternate;
}

struct span terminal_output(struct terminal *t)
{
    return span_from(buf_span(&t->output), t->mark);
}

void terminal_mark(struct terminal *t)
{
    t->mark = t->output.len;
}

bool terminal_as_before(struct terminal *t)
{
    struct termios now;

    return tcgetattr(t->slave, &now) == 0 && now.c_iflag == t->before.c_iflag &&
           now.c_oflag == t->before.c_oflag && now.c_lflag == t->before.c_lflag &&
           (now.c_cflag & (tcflag_t)(CSIZE | PARENB)) ==
               (t->before.c_cflag & (tcflag_t)(CSIZE | PARENB));
}

const char *terminal_home(const struct terminal *t)
{
    return t->home;
}
