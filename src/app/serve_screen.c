#include "app/serve_screen.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "app/folder.h"
#include "app/serve_record.h"
#include "app/serving.h"
#include "app/terminal.h"
#include "base/mem.h"
#include "console/console.h"
#include "server/faults.h"
#include "tui/board.h"
#include "tui/tui.h"

struct on_screen {
    struct serving serving;
    struct sessions sessions;
    struct serve_record *talks; /* NULL: not recorded */
    struct board *board;        /* NULL: not yet, or no more */
    struct buf places;          /* where clients connect */
};

bool serve_wants_screen(const struct options *o)
{
    const char *why = "";
    struct error said;

    if (o->plain || o->serve.log || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return false;
    if (tui_possible(&why))
        return true;
    error_set(&said, "%s; using --plain", why);
    terminal_complain(said.text);
    return false;
}

static void set_clock(char out[9])
{
    time_t now = (time_t)(loop_wall() / CLOCK_SECOND);
    struct tm t;

    localtime_r(&now, &t);
    strftime(out, 9, "%H:%M:%S", &t);
}

static void begin(struct on_screen *s, const struct server_event *e)
{
    struct session_row *row = sessions_begin(&s->sessions, e->session);

    set_clock(row->clock);
    row->dialogue = e->dialogue;
    sessions_set(&row->client, span_of(e->address));
}

static void note_fact(struct session_row *row, const struct fact *f)
{
    switch (f->kind) {
    case FACT_GREETED:
        sessions_set(&row->name, f->text);
        return;
    case FACT_FROM:
        sessions_set(&row->from, f->text);
        mem_free(row->to);
        row->to = NULL;
        return;
    case FACT_TO:
        sessions_set(&row->to, f->text);
        return;
    case FACT_ENCRYPTED:
        row->tls = true;
        return;
    case FACT_LOGIN:
        row->login = true;
        return;
    case FACT_FAULT:
        row->fault = true;
        return;
    default:
        return;
    }
}

static void note_stored(struct on_screen *s, const struct server_event *e)
{
    struct message_row *row = sessions_store(&s->sessions);
    struct buf to = { 0 };

    set_clock(row->clock);
    row->session = e->session;
    row->dialogue = e->dialogue;
    row->line = e->dialogue ? record_lines(s->serving.record, e->dialogue) : 0;
    row->octets = e->letter->octets.len;
    sessions_set(&row->from, e->letter->from);
    for (size_t i = 0; i < e->letter->to_count && i < 3; i++)
        buf_printf(&to, "%s%s", i ? ", " : "", e->letter->to[i]);
    if (e->letter->to_count > 3)
        buf_printf(&to, " and %zu more", e->letter->to_count - 3);
    sessions_set(&row->to, buf_span(&to));
    buf_release(&to);
}

static void note(struct on_screen *s, struct session_row *row, const struct server_event *e)
{
    switch (e->kind) {
    case SERVER_FACT:
        note_fact(row, e->fact);
        return;
    case SERVER_REPLIED:
        row->refusals += e->code >= 400;
        if (e->code >= 400)
            row->code = e->code;
        return;
    case SERVER_STORED:
        row->letters++;
        note_stored(s, e);
        return;
    case SERVER_CLOSED:
        row->ended = true;
        row->broken = !span_starts(e->text, SPAN("closed by the "));
        return;
    case SERVER_CONNECTED:
    case SERVER_TURNED_AWAY:
        return;
    }
}

static void happened(void *ctx, const struct server_event *e)
{
    struct on_screen *s = ctx;
    struct session_row *row;

    if (e->kind == SERVER_CONNECTED)
        begin(s, e);
    row = sessions_find(&s->sessions, e->session);
    if (row)
        note(s, row, e);
    if (s->talks)
        serve_record_event(s->talks, e);
    if (s->board)
        board_changed(s->board);
}

static void changed(void *ctx)
{
    struct on_screen *s = ctx;

    if (s->talks)
        serve_record_write(s->talks);
    if (s->board)
        board_changed(s->board);
}

static void status(void *ctx, struct buf *out)
{
    static const char *const stores[] = { [SERVE_NONE] = "nothing kept",
                                          [SERVE_MEMORY] = "in memory",
                                          [SERVE_MAILDIR] = "in a maildir" };
    const struct on_screen *s = ctx;

    buf_printf(out, "serve  %s  %s  here %zu  sessions %llu  letters %llu, %s",
               buf_text(&s->places), s->serving.tls || s->serving.make_tls ? "STARTTLS" : "no TLS",
               server_clients(s->serving.server), (unsigned long long)s->sessions.begun,
               (unsigned long long)s->sessions.stored, stores[s->serving.setup.store]);
}

/* Commands of the prompt. */

static void add_fault(struct server *server, struct span line, struct styled *out)
{
    struct buf why = { 0 };

    if (!server_fault_add(server, line, &why)) {
        styled_add_marks(out, STYLE_FAULT, buf_span(&why), 0);
        styled_add_text(out, STYLE_PLAIN, "\n\n");
    }
    buf_release(&why);
}

static void fault_command(struct server *server, struct span args, struct styled *out)
{
    struct span rest, word = span_cut(args, ' ', &rest);
    bool known = true;
    uint64_t id = 0;

    rest = span_trim(rest);
    if (span_eq(word, SPAN("add"))) {
        add_fault(server, rest, out);
    } else if (word.len) {
        known = span_number(rest, &id) && id <= UINT32_MAX;
        if (span_eq(word, SPAN("remove")))
            known = known && server_fault_remove(server, (unsigned)id);
        else if (span_eq(word, SPAN("on")) || span_eq(word, SPAN("off")))
            known = known && server_fault_switch(server, (unsigned)id, word.len == 2);
        else
            known = false;
    }
    if (!known)
        styled_add_text(out, STYLE_NOTE,
                        "/fault add LINE, /fault remove N, /fault on N or /fault off N; the "
                        "numbers are these:\n\n");
    console_fault_list(server, "/fault", true, out);
}

static void command(void *ctx, struct span line, struct styled *out)
{
    struct on_screen *s = ctx;
    struct span rest, word = span_cut(line, ' ', &rest);

    if (span_eq(word, SPAN("/fault"))) {
        fault_command(s->serving.server, span_trim(rest), out);
    } else if (span_eq(word, SPAN("/help"))) {
        styled_add_text(out, STYLE_PLAIN,
                        "  /fault                            what goes wrong on purpose, and how "
                        "often it did\n"
                        "  /fault add LINE                   one more, as in --config\n"
                        "  /fault on N, off N, remove N      switch number N\n");
    } else {
        styled_add_marks(out, STYLE_NOTE, word, 0);
        styled_add_text(out, STYLE_NOTE, " is no command here; /help shows them all.\n");
    }
}

static void save(void *ctx, unsigned dialogue, struct span file, struct styled *note)
{
    const struct on_screen *s = ctx;
    char *path = mem_strndup(file.at, file.len);
    struct error err = { "" };
    struct buf said = { 0 };

    if (serve_record_save(path, s->serving.record, dialogue, &err))
        buf_printf(&said, "Saved: %s. smtpscope replay plays it again.", path);
    else
        buf_printf(&said, "/save: %s.", err.text);
    styled_add_marks(note, STYLE_NOTE, buf_span(&said), 0);
    buf_release(&said);
    mem_free(path);
}

static int show(struct on_screen *s, const struct options *o)
{
    struct board_options options = { .loop = s->serving.loop,
                                     .record = s->serving.record,
                                     .sessions = &s->sessions,
                                     .notes = { .level = o->level == LEVEL_LEARNER ? NOTES_LEARNER
                                                                                   : NOTES_ADMIN,
                                                .sources = o->sources,
                                                .lab = true },
                                     .no_color = o->no_color,
                                     .ascii = o->ascii,
                                     .status = status,
                                     .command = command,
                                     .save = save,
                                     .ctx = s };
    struct buf history = { 0 };
    struct error err;
    int result;

    if (folder_of_state(&history)) {
        buf_add_text(&history, "/history");
        options.history = buf_text(&history);
    }
    s->board = board_new(&options, &err);
    buf_release(&history);
    if (!s->board) {
        terminal_complain(err.text);
        return STATUS_USAGE;
    }
    result = board_run(s->board);
    board_free(s->board);
    s->board = NULL;
    return result;
}

int serve_on_screen(const struct options *o)
{
    struct on_screen s = { 0 };
    struct server_hooks hooks = { .event = happened, .changed = changed, .ctx = &s };
    int result = STATUS_USAGE;
    struct error err;
    bool ready = serving_open(&s.serving, o, &hooks, true);

    if (ready && o->record) {
        s.talks = serve_record_new(o->record, s.serving.record, &err);
        ready = s.talks != NULL;
        if (!ready)
            terminal_complain(err.text);
    }
    if (ready) {
        serving_places(&s.serving, &s.places);
        result = show(&s, o);
    }
    serving_stop(&s.serving);
    if (!serve_record_free(s.talks) && result == STATUS_OK)
        result = STATUS_USAGE;
    serving_close(&s.serving);
    sessions_release(&s.sessions);
    buf_release(&s.places);
    return result;
}
