/* /server fault: what goes wrong at the lab's server, while it runs. */
#include "base/mem.h"
#include "console/inner.h"
#include "server/faults.h"
#include "view/faults.h"

/* Ready-made faults that the panel offers; a person reads no more of them. */
#define EXAMPLES_MAX 32

static void wrong(struct console *c, const char *text)
{
    console_complain(c, "%s", text);
    console_worsen(c, STATUS_USAGE);
}

/* Rows that borrow: each text of the server lasts until the next call only. */
struct model {
    struct faults_row *rows; /* owned */
    struct faults_offer offers[EXAMPLES_MAX];
    struct buf texts; /* owned */
    struct faults_panel panel;
};

static void model_release(struct model *m)
{
    mem_free(m->rows);
    buf_release(&m->texts);
}

static void add_text(struct model *m, struct span text)
{
    buf_add(&m->texts, text);
    buf_add_octet(&m->texts, '\0');
}

/* Its last word says that a fault is off, and so does its mark. */
static struct span line_of(const struct server_fault *f)
{
    struct span line = span_of(f->text);

    return f->on ? line : span_first(line, line.len - sizeof " off" + 1);
}

static void add_rows(struct model *m, struct server *s)
{
    size_t count = server_faults(s), at = 0;
    struct server_fault f;

    m->rows = mem_zero(count + 1, sizeof *m->rows);
    for (size_t i = 0; i < count && server_fault(s, i, &f); i++) {
        add_text(m, line_of(&f));
        add_text(m, span_of(f.words));
        m->rows[i] =
            (struct faults_row){ .id = f.id, .on = f.on, .matched = f.matched, .played = f.played };
    }
    for (size_t i = 0; i < count; i++) { /* the texts stay where they are now */
        m->rows[i].line = span_of((const char *)m->texts.at + at);
        at += m->rows[i].line.len + 1;
        m->rows[i].words = span_of((const char *)m->texts.at + at);
        at += m->rows[i].words.len + 1;
    }
    m->panel.rows = m->rows;
    m->panel.count = count;
}

static void add_offers(struct model *m)
{
    const char *line, *what;

    while (m->panel.offered < EXAMPLES_MAX &&
           (line = server_fault_example(m->panel.offered, &what)))
        m->offers[m->panel.offered++] = (struct faults_offer){ span_of(line), span_of(what) };
    m->panel.offers = m->offers;
}

static void fill(struct model *m, struct server *s, const char *command, bool offers)
{
    *m = (struct model){ .panel = { .server = span_of(server_name(s)), .command = command } };
    add_rows(m, s);
    if (offers)
        add_offers(m);
}

void console_fault_list(struct server *s, const char *command, bool offers, struct styled *out)
{
    struct model m;

    fill(&m, s, command, offers);
    faults_text(&m.panel, false, out);
    model_release(&m);
}

static void show(struct console *c, enum console_pane pane, bool offers)
{
    struct styled out = { 0 };

    console_fault_list(c->config.server, "/server fault", offers, &out);
    console_open(c, pane, &out);
    styled_release(&out);
}

unsigned console_fault_rows(const struct console *c)
{
    unsigned examples = 0;

    if (!c->config.server)
        return 0;
    while (examples < EXAMPLES_MAX && server_fault_example(examples, NULL))
        examples++;
    return (unsigned)server_faults(c->config.server) + examples;
}

unsigned console_fault_panel(const struct console *c, unsigned row, bool ascii, struct styled *out)
{
    struct model m;
    unsigned line;

    fill(&m, c->config.server, "/server fault", true);
    m.panel.keys = true;
    faults_text(&m.panel, ascii, out);
    line = faults_line(&m.panel, row);
    model_release(&m);
    return line;
}

/* The fault of that row of the panel. False: it is an offer. */
static bool at_row(const struct console *c, unsigned row, struct server_fault *f)
{
    return server_fault(c->config.server, row, f);
}

unsigned console_fault_choose(struct console *c, unsigned row)
{
    size_t count = server_faults(c->config.server);
    struct server_fault f;
    struct buf why = { 0 };
    const char *line;

    if (at_row(c, row, &f)) {
        server_fault_switch(c->config.server, f.id, !f.on);
        return row;
    }
    line = server_fault_example(row - count, NULL);
    if (line && server_fault_add(c->config.server, span_of(line), &why))
        row = (unsigned)count;
    else if (line)
        wrong(c, buf_text(&why));
    buf_release(&why);
    return row;
}

void console_fault_remove(struct console *c, unsigned row)
{
    struct server_fault f;

    if (at_row(c, row, &f))
        server_fault_remove(c->config.server, f.id);
}

static void help(struct console *c)
{
    struct styled out = { 0 };
    const char *words;

    styled_add_text(&out, STYLE_BOLD, "A fault is a moment, then key=value words\n");
    styled_add_text(&out, STYLE_PLAIN, "Moments:");
    for (size_t i = 0; server_fault_moment(i); i++)
        styled_printf(&out, STYLE_PLAIN, " %s", server_fault_moment(i));
    styled_add_text(&out, STYLE_PLAIN, "\n");
    for (size_t i = 0; server_fault_key(i, &words); i++) {
        styled_printf(&out, STYLE_PLAIN, " %-10s ", server_fault_key(i, NULL));
        styled_add_text(&out, STYLE_DIM, words);
        styled_add_text(&out, STYLE_DIM, "\n");
    }
    console_open(c, PANE_SERVER, &out);
    styled_release(&out);
}

static void add(struct console *c, struct span line)
{
    struct buf why = { 0 };
    unsigned id = server_fault_add(c->config.server, line, &why);

    if (!line.len)
        wrong(c, "Which fault? As in /server fault add RCPT reply=\"450 4.2.1 busy\"; "
                 "/server fault help lists the words");
    else if (!id)
        wrong(c, buf_text(&why));
    else
        console_say(c, "Fault %u is on.\n", id);
    buf_release(&why);
}

static void change(struct console *c, struct span what, struct span number)
{
    struct server *s = c->config.server;
    uint64_t n;
    bool done;

    if (!span_number(number, &n) || n > UINT32_MAX) {
        wrong(c, "Which fault? A number out of /server fault list");
        return;
    }
    if (span_eq(what, SPAN("remove")))
        done = server_fault_remove(s, (unsigned)n);
    else
        done = server_fault_switch(s, (unsigned)n, span_eq(what, SPAN("on")));
    if (!done)
        wrong(c, "There is no fault of that number. /server fault list shows all.");
    else if (span_eq(what, SPAN("remove")))
        console_say(c, "Fault %u is gone.\n", (unsigned)n);
    else
        console_say(c, "Fault %u is %.*s.\n", (unsigned)n, SPAN_ARG(what));
}

void console_fault(struct console *c, struct span args)
{
    struct span rest, what = span_cut(args, ' ', &rest);

    rest = span_trim(rest);
    if (!what.len || span_eq(what, SPAN("panel")))
        show(c, PANE_FAULTS, false);
    else if (span_eq(what, SPAN("list")))
        show(c, PANE_SERVER, false);
    else if (span_eq(what, SPAN("examples")))
        show(c, PANE_SERVER, true);
    else if (span_eq(what, SPAN("help")))
        help(c);
    else if (span_eq(what, SPAN("add")))
        add(c, rest);
    else if (span_eq(what, SPAN("on")) || span_eq(what, SPAN("off")) ||
             span_eq(what, SPAN("remove")))
        change(c, what, rest);
    else
        wrong(c, "/server fault knows: list, panel, examples, help, add FAULT, on NUMBER, off "
                 "NUMBER, remove NUMBER");
}

/* Offers `before` and one word more. */
static void offer(struct span before, const char *word, const char *after, complete_fn *fn,
                  void *ctx)
{
    struct buf line = { 0 };

    buf_add(&line, before);
    buf_printf(&line, "%s%s", word, after);
    fn(ctx, buf_text(&line), word);
    buf_release(&line);
}

static void complete_number(const struct console *c, struct span before, complete_fn *fn, void *ctx)
{
    struct server_fault f;
    struct buf number = { 0 };

    for (size_t i = 0; server_fault(c->config.server, i, &f); i++) {
        buf_clear(&number);
        buf_printf(&number, "%u", f.id);
        offer(before, buf_text(&number), "", fn, ctx);
    }
    buf_release(&number);
}

/* After `fault add MOMENT`: keys, and behind a key its values. */
static void complete_word(struct span before, struct span word, complete_fn *fn, void *ctx)
{
    const char *key;
    struct buf value = { 0 }, line = { 0 };

    for (size_t i = 0; (key = server_fault_key(i, NULL)); i++) {
        bool takes, begun = span_find(word, '=') == strlen(key) && span_starts(word, span_of(key));

        buf_clear(&value);
        takes = server_fault_value(key, 0, &value);
        if (!begun) {
            offer(before, key, takes ? "=" : "", fn, ctx);
            continue;
        }
        for (size_t n = 1; takes; takes = server_fault_value(key, n++, &value)) {
            buf_clear(&line);
            buf_printf(&line, "%s=%s", key, buf_text(&value));
            offer(before, buf_text(&line), "", fn, ctx);
            buf_clear(&value);
        }
    }
    buf_release(&value);
    buf_release(&line);
}

void console_complete_fault(const struct console *c, const char *arg, complete_fn *fn, void *ctx)
{
    static const char *const words[] = { "list", "panel", "examples", "help",
                                         "add",  "on",    "off",      "remove" };
    struct span typed = span_of(arg), before = typed;

    if (!c->config.server || !span_starts(typed, SPAN("fault")))
        return;
    while (before.len && before.at[before.len - 1] != ' ')
        before.len--;
    if (before.len <= 6) {
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            offer(SPAN("fault "), words[i], "", fn, ctx);
    } else if (span_eq(before, SPAN("fault add "))) {
        for (size_t i = 0; server_fault_moment(i); i++)
            offer(before, server_fault_moment(i), "", fn, ctx);
    } else if (span_starts(before, SPAN("fault add "))) {
        complete_word(before, span_from(typed, before.len), fn, ctx);
    } else {
        complete_number(c, before, fn, ctx);
    }
}
