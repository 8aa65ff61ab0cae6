#include "app/edit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
/* readline's header needs stdio.h before it */
#include <readline/history.h>
#include <readline/readline.h>

#include "app/feed.h"
#include "base/mem.h"
#include "tui/rescue.h"

/* Lines kept for the arrow keys. */
#define HISTORY_MAX 1000

struct edit {
    const struct console *console;
    struct edit_hooks hooks;
    struct feed *feed;
    struct watch *resized, *stopped;
    char *prompt; /* as shown */
    bool hidden, ended;
    bool dumb;     /* the terminal cannot take anything away */
    unsigned turn; /* how often Tab was pressed on an empty line */
    char *wrote;   /* what the last of them wrote; NULL: nothing */
};

static struct edit *self; /* readline's callbacks carry no context */

static void redisplay(void)
{
    int point = rl_point, end = rl_end;

    if (self->hidden)
        return; /* readline draws more often than it is asked to */
    if (console_prompt(self->console) == PROMPT_SECRET)
        rl_point = rl_end = 0; /* a password is typed unseen */
    rl_redisplay();
    rl_point = point;
    rl_end = end;
}

static void forget_turns(struct edit *e)
{
    mem_free(e->wrote);
    e->wrote = NULL;
    e->turn = 0;
}

/* Pasted lines come as one, with line feeds in it. */
static void enter(struct edit *e, char *text)
{
    struct span rest = span_of(text);

    do {
        struct span line = span_cut(rest, '\n', &rest);
        char *copy = mem_strndup(line.at, line.len);

        if (line.len && console_may_remember(e->console, line))
            add_history(copy);
        mem_free(copy);
        e->hooks.line(e->hooks.ctx, line);
    } while (rest.len && !e->ended);
}

/* A password is not left in readline's own memory: the line, and what was taken out of it. */
static void wipe_line(void)
{
    for (UNDO_LIST *undo = rl_undo_list; undo; undo = undo->next)
        if (undo->text)
            mem_wipe(undo->text, strlen(undo->text));
    mem_wipe(rl_line_buffer, (size_t)rl_end);
}

/* Enter. The typed line leaves the screen; the dialogue will show it. The prompt comes back when
 * the turn is over. */
static int accept_line(int count, int key)
{
    char *text = mem_strdup(rl_line_buffer);

    (void)count;
    (void)key;
    forget_turns(self);
    edit_hide(self);
    wipe_line();
    rl_replace_line("", 1);
    using_history(); /* the arrow keys start from the newest again */
    enter(self, text);
    mem_wipe(text, strlen(text));
    mem_free(text);
    return 0;
}

struct candidates {
    char **at; /* allocated as readline frees it; [0] is left for the common start */
    size_t count, room;
};

static void add_candidate(void *ctx, const char *whole_line, const char *shown)
{
    struct candidates *c = ctx;
    char *copy = strdup(whole_line);

    (void)shown;
    if (c->count + 3 > c->room) {
        char **more = realloc(c->at, (c->room + 32) * sizeof *more);

        if (!more) {
            free(copy);
            return;
        }
        c->at = more;
        c->room += 32;
    }
    if (copy)
        c->at[++c->count] = copy;
}

/* What all candidates start with. */
static char *common_start(const struct candidates *c)
{
    size_t len = strlen(c->at[1]);

    for (size_t i = 2; i <= c->count; i++)
        for (size_t j = 0; j < len; j++)
            if (c->at[i][j] != c->at[1][j])
                len = j;
    return strndup(c->at[1], len);
}

static char **complete(const char *text, int start, int end)
{
    struct candidates found = { 0 };

    (void)start;
    (void)end;
    rl_attempted_completion_over = 1; /* never file names */
    rl_completion_append_character = '\0';
    rl_completion_suppress_quote = 1;
    console_complete(self->console, text, add_candidate, &found);
    if (!found.count)
        return NULL;
    if (found.count == 1) { /* readline wants a lone one in front */
        found.at[0] = found.at[1];
        found.at[1] = NULL;
        return found.at;
    }
    found.at[0] = common_start(&found);
    found.at[found.count + 1] = NULL;
    return found.at;
}

/* Tab on an empty line writes the first next step, Tab again the second. */
static int tab(int count, int key)
{
    struct next_step next[CONSOLE_NEXT_MAX];
    bool again = self->wrote && strcmp(self->wrote, rl_line_buffer) == 0;
    unsigned steps;

    if (rl_end > 0 && !again)
        return rl_complete(count, key);
    steps = console_next(self->console, next);
    if (!steps)
        return 0;
    self->turn = again ? (self->turn + 1) % steps : 0;
    mem_free(self->wrote);
    self->wrote = mem_strdup(next[self->turn].typed);
    rl_replace_line(self->wrote, 1);
    rl_point = rl_end;
    return 0;
}

static void end(void *ctx)
{
    struct edit *e = ctx;

    if (e->ended)
        return;
    edit_hide(e);
    e->ended = true;
    feed_end(e->feed);
    e->hooks.ended(e->hooks.ctx);
}

/* Only Ctrl-D comes here: Enter has its own way. */
static void line_handler(char *line)
{
    free(line);
    if (!line)
        end(self);
}

static void resized(void *ctx)
{
    struct edit *e = ctx;

    edit_hide(e);
    e->hidden = false;
    rl_resize_terminal(); /* draws the line, too */
}

/* Ctrl-Z: the terminal is given back while the program sleeps. */
static void stopped(void *ctx)
{
    struct sigaction default_action = { .sa_handler = SIG_DFL }, ours;

    (void)ctx;
    rl_deprep_terminal();
    sigaction(SIGTSTP, &default_action, &ours);
    kill(0, SIGTSTP);
    sigaction(SIGTSTP, &ours, NULL);
    rl_prep_terminal(1);
    rl_forced_update_display();
}

static void bind_keys(void)
{
    static const char enters[] = "\r\n";
    Keymap maps[] = { emacs_standard_keymap, vi_insertion_keymap, vi_movement_keymap };

    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
        for (const char *key = enters; *key; key++)
            rl_bind_key_in_map(*key, accept_line, maps[i]);
        if (i < 2)
            rl_bind_key_in_map('\t', tab, maps[i]);
    }
}

struct edit *edit_new(struct loop *l, const struct console *c, const struct edit_hooks *hooks)
{
    static char none[] = "";
    struct edit *e = mem_zero(1, sizeof *e);

    self = e;
    e->console = c;
    e->hooks = *hooks;
    e->prompt = mem_strdup(console_prompt_text(c));
    rl_readline_name = "smtpscope";
    rl_catch_signals = rl_catch_sigwinch = 0; /* the loop has them */
    rl_attempted_completion_function = complete;
    rl_completer_word_break_characters = none; /* a whole line is completed */
    rl_completer_quote_characters = NULL;
    rl_initialize();
    /* Not before: readline asks nothing about the terminal when others draw. */
    rl_redisplay_function = redisplay;
    rl_variable_bind("bell-style", "none"); /* after the person's own inputrc */
    rl_variable_bind("show-all-if-ambiguous", "on");
    rl_variable_bind("page-completions", "off"); /* nor does it ask whether to go on */
    rl_completion_query_items = -1;
    /* One row, however long the line: the cursor never goes up, where a screen reader would lose
     * its place. */
    rl_variable_bind("horizontal-scroll-mode", "on");
    e->dumb = !rl_get_termcap("ce");
    /* A paste of several lines waits for Enter. */
    rl_variable_bind("enable-bracketed-paste", e->dumb ? "off" : "on");
    bind_keys();
    stifle_history(HISTORY_MAX);
    if (rescue_settings())
        rescue_start(e->dumb ? SPAN("\n") : SPAN("\x1b[?2004l\n"));
    rl_callback_handler_install(e->prompt, line_handler);
    e->feed = feed_new(l, end, e);
    e->resized = loop_watch_signal(l, SIGWINCH, resized, e);
    e->stopped = loop_watch_signal(l, SIGTSTP, stopped, e);
    return e;
}

void edit_hide(struct edit *e)
{
    if (e->hidden || e->ended)
        return;
    if (e->dumb)
        fputc('\n', rl_outstream); /* the line stays, and what comes stands under it */
    else
        rl_clear_visible_line();
    fflush(rl_outstream);
    e->hidden = true;
}

void edit_show(struct edit *e)
{
    if (!e->hidden || e->ended)
        return;
    e->hidden = false;
    rl_on_new_line();
    redisplay();
    fflush(rl_outstream);
}

void edit_turn(struct edit *e)
{
    const char *now = console_prompt_text(e->console);

    if (e->ended || strcmp(now, e->prompt) == 0)
        return;
    mem_free(e->prompt);
    e->prompt = mem_strdup(now);
    edit_hide(e);
    rl_set_prompt(e->prompt);
    edit_show(e);
}

bool edit_clear(struct edit *e)
{
    bool begun = !e->ended && feed_clear(e->feed);

    if (e->ended || (rl_end == 0 && !begun && !RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH)))
        return false;
    edit_hide(e);
    rl_free_line_state();
    rl_callback_sigcleanup();
    rl_replace_line("", 1);
    forget_turns(e);
    edit_show(e);
    return true;
}

void edit_free(struct edit *e)
{
    if (!e)
        return;
    edit_hide(e);
    rl_callback_handler_remove();
    rescue_stop();
    feed_free(e->feed);
    watch_free(e->resized);
    watch_free(e->stopped);
    clear_history();
    mem_free(e->prompt);
    mem_free(e->wrote);
    mem_free(e);
    self = NULL;
}
