/*
 * readline's callback interface, fed from a buffer. What bites: the reader must never be asked when
 * it has nothing; the handler is no place to act in, since readline is in the middle of its work;
 * and its own terminal habits (signals, sizes, environment, redisplay) are all turned off.
 */
#include "tui/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
/* In this order. */
#include <readline/history.h>
#include <readline/readline.h>

#include "base/buf.h"
#include "base/mem.h"

/* Lines kept, in memory and in the file. */
#define HISTORY_LINES 1000

static struct {
    prompt_line_fn *line;
    void *ctx;
    struct buf feed; /* octets not yet read */
    char *ready;     /* the line just entered */
    FILE *nowhere;
    char *history;
} prompt;

static int next_octet(FILE *from)
{
    int c;

    (void)from;
    if (prompt.feed.len == 0)
        return EOF;
    c = prompt.feed.at[0];
    buf_consume(&prompt.feed, 1);
    return c;
}

static int octets_left(void)
{
    return prompt.feed.len > 0;
}

static void no_redisplay(void)
{
}

static char *no_completion(const char *text, int state)
{
    (void)text;
    (void)state;
    return NULL;
}

static void entered(char *line)
{
    free(prompt.ready);
    prompt.ready = line;
}

static void set_up(void)
{
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_change_environment = 0; /* LINES and COLUMNS would freeze ncurses' idea of the size */
    rl_prep_term_function = NULL;
    rl_deprep_term_function = NULL;
    rl_instream = prompt.nowhere;
    rl_outstream = prompt.nowhere;
    rl_getc_function = next_octet;
    rl_input_available_hook = octets_left;
    rl_redisplay_function = no_redisplay;
    rl_completion_entry_function = no_completion;
    rl_completion_query_items = -1;
    rl_readline_name = "smtpscope";
    rl_initialize();
    /* After it, so that no inputrc undoes them. */
    rl_variable_bind("bell-style", "none");
    rl_variable_bind("enable-bracketed-paste", "off");
    rl_variable_bind("echo-control-characters", "off");
    rl_variable_bind("show-mode-in-prompt", "off");
}

/* What one types is nobody else's to read, also when another program or an older umask left the
 * file open to all. False: it is no file at all. */
static bool make_private(const char *path)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    struct stat st;
    bool file;

    if (fd < 0)
        return errno == ENOENT;
    file = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    if (file && st.st_uid == geteuid() && (st.st_mode & 077))
        fchmod(fd, 0600);
    close(fd);
    return file;
}

void prompt_start(prompt_line_fn *line, void *ctx, const char *history)
{
    prompt.line = line;
    prompt.ctx = ctx;
    prompt.nowhere = fopen("/dev/null", "r+");
    set_up();
    stifle_history(HISTORY_LINES);
    if (history && make_private(history)) {
        prompt.history = mem_strdup(history);
        read_history(history);
    }
    rl_callback_handler_install("", entered);
}

void prompt_stop(void)
{
    rl_callback_handler_remove();
    if (prompt.history)
        history_truncate_file(prompt.history, HISTORY_LINES);
    clear_history();
    free(prompt.ready);
    prompt.ready = NULL;
    mem_free(prompt.history);
    prompt.history = NULL;
    buf_release(&prompt.feed);
    rl_instream = NULL;
    rl_outstream = NULL;
    if (prompt.nowhere)
        fclose(prompt.nowhere);
    prompt.nowhere = NULL;
}

void prompt_feed(struct span octets)
{
    buf_add(&prompt.feed, octets);
    while (prompt.feed.len) {
        rl_callback_read_char();
        if (prompt.ready) {
            char *line = prompt.ready;

            prompt.ready = NULL;
            prompt.line(prompt.ctx, span_of(line));
            free(line);
        }
    }
}

struct span prompt_text(void)
{
    return span_make(rl_line_buffer, rl_end > 0 ? (size_t)rl_end : 0);
}

size_t prompt_cursor(void)
{
    return rl_point > 0 ? (size_t)rl_point : 0;
}

const char *prompt_message(void)
{
    return rl_display_prompt ? rl_display_prompt : "";
}

bool prompt_busy(void)
{
    return RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG |
                      RL_STATE_MULTIKEY | RL_STATE_CHARSEARCH);
}

void prompt_abort(void)
{
    prompt_feed(SPAN("\x07")); /* readline's own abort */
}

bool prompt_wants_esc(void)
{
    return rl_editing_mode == 0;
}

void prompt_clear(void)
{
    if (prompt_busy())
        prompt_abort();
    rl_free_line_state();
    rl_callback_sigcleanup();
    rl_replace_line("", 1);
    rl_point = 0;
    using_history();
}

void prompt_insert(struct span text)
{
    struct buf clean = { 0 };

    for (size_t i = 0; i < text.len; i++)
        if (text.at[i])
            buf_add_octet(&clean, text.at[i]);
    rl_insert_text(buf_text(&clean));
    buf_release(&clean);
}

void prompt_replace_before(struct span text)
{
    rl_begin_undo_group();
    rl_delete_text(0, rl_point);
    rl_point = 0;
    prompt_insert(text);
    rl_end_undo_group();
}

void prompt_remember(struct span line)
{
    HIST_ENTRY *last = history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
    char *text;

    if (line.len == 0 || (last && span_eq(span_of(last->line), line)))
        return;
    text = mem_strndup(line.at, line.len);
    add_history(text);
    /* Enter has set readline's place behind the newest line of before. From there, a search that is
     * given up puts this line into the prompt, and Up lends it the undo list of the line being
     * typed, which is then freed twice. */
    using_history();
    mem_free(text);
    if (prompt.history && append_history(1, prompt.history) != 0 && errno == ENOENT) {
        mode_t others = umask(077); /* what one types is nobody else's */

        write_history(prompt.history);
        umask(others);
    }
}

void prompt_set_size(unsigned rows, unsigned cols)
{
    rl_set_screen_size((int)rows, (int)cols);
}
