/* /server fault: what goes wrong at the lab's server, while it runs. */
#include "console/inner.h"
#include "server/faults.h"

static void wrong(struct console *c, const char *text)
{
    console_complain(c, "%s", text);
    console_worsen(c, STATUS_USAGE);
}

static void list(struct console *c)
{
    struct server *s = c->config.server;
    struct styled out = { 0 };
    struct server_fault f;

    styled_printf(&out, STYLE_BOLD, "Faults of %s\n", server_name(s));
    for (size_t i = 0; server_fault(s, i, &f); i++) {
        enum style style = f.on ? STYLE_PLAIN : STYLE_DIM;

        styled_printf(&out, style, " %3u  %-3s  played %llu of %llu  ", f.id, f.on ? "on" : "off",
                      (unsigned long long)f.played, (unsigned long long)f.matched);
        styled_add_text(&out, style, f.text);
        styled_add_text(&out, style, "\n");
    }
    if (!server_faults(s))
        styled_add_text(&out, STYLE_DIM, " none: the server does what the standard says\n");
    styled_add_text(&out, STYLE_NOTE,
                    "/server fault add RCPT to=bob@* times=1-2 reply=\"450 4.2.1 busy\"\n");
    if (server_faults(s))
        styled_add_text(
            &out, STYLE_NOTE,
            "/server fault off NUMBER, on NUMBER and remove NUMBER change one of them.\n");
    console_open(c, PANE_SERVER, &out);
    styled_release(&out);
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
    if (!what.len || span_eq(what, SPAN("list")))
        list(c);
    else if (span_eq(what, SPAN("help")))
        help(c);
    else if (span_eq(what, SPAN("add")))
        add(c, rest);
    else if (span_eq(what, SPAN("on")) || span_eq(what, SPAN("off")) ||
             span_eq(what, SPAN("remove")))
        change(c, what, rest);
    else
        wrong(c, "/server fault knows: list, help, add FAULT, on NUMBER, off NUMBER, remove "
                 "NUMBER");
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

void console_complete_fault(const struct console *c, const char *arg, complete_fn *fn, void *ctx)
{
    static const char *const words[] = { "list", "help", "add", "on", "off", "remove" };
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
        for (size_t i = 0; server_fault_key(i, NULL); i++)
            offer(before, server_fault_key(i, NULL), "", fn, ctx);
    } else {
        complete_number(c, before, fn, ctx);
    }
}
