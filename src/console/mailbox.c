/* /server and /mailbox: a look into the lab's server. A real server shows nobody its inside. */
#include "view/mailbox.h"
#include "base/mem.h"
#include "console/inner.h"
#include "console/parts.h"
#include "server/server.h"
#include "view/inside.h"

/* Letters of one mailbox in one list; /server letter shows any of them. */
#define LETTERS_SHOWN 1000

static bool have_server(struct console *c)
{
    if (c->config.server)
        return true;
    console_complain(c, "Only the lab's own server can be looked into, and there is none here. A "
                        "real server shows nobody its mailboxes.");
    console_worsen(c, STATUS_USAGE);
    return false;
}

/* The full name of a mailbox named in full or by its local part; NULL: there is none. */
static const char *find(const struct console *c, struct span name)
{
    for (size_t i = 0; i < server_mailboxes(c->config.server); i++) {
        struct span full = span_of(server_mailbox(c->config.server, i)), rest;

        if (span_eq_nocase(full, name) || span_eq_nocase(span_cut(full, '@', &rest), name))
            return server_mailbox(c->config.server, i);
    }
    return NULL;
}

static const char *find_or_say(struct console *c, struct span name)
{
    const char *mailbox = name.len ? find(c, name) : NULL;

    if (mailbox)
        return mailbox;
    if (name.len)
        console_complain(c, "There is no mailbox of that name here. /server mailboxes shows all.");
    else
        console_complain(c, "Which mailbox? As in /server letters bob");
    console_worsen(c, STATUS_USAGE);
    return NULL;
}

static void add_place(const struct console *c, struct styled *out)
{
    styled_printf(out, STYLE_PLAIN, "%s listens on %s, for programs of this machine.\n",
                  server_name(c->config.server), console_lab(c));
    if (c->config.lab_user)
        styled_printf(out, STYLE_PLAIN, "Who can log in there: %s, with the password %s.\n",
                      c->config.lab_user, c->config.lab_password);
}

static void show_mailboxes(struct console *c)
{
    struct styled out = { 0 };

    add_place(c, &out);
    styled_printf(&out, STYLE_BOLD, "Mailboxes of %s\n", server_name(c->config.server));
    for (size_t i = 0; i < server_mailboxes(c->config.server); i++) {
        const char *name = server_mailbox(c->config.server, i);
        size_t count = server_letters(c->config.server, name);

        styled_printf(&out, STYLE_PLAIN, " %-32s ", name);
        if (count)
            styled_printf(&out, STYLE_PLAIN, "%zu %s\n", count, count == 1 ? "letter" : "letters");
        else
            styled_add_text(&out, STYLE_DIM, "empty\n");
    }
    styled_add_text(&out, STYLE_NOTE, "/server letters NAME lists one of them.\n");
    console_open(c, PANE_SERVER, &out);
    styled_release(&out);
}

static void show_letters(struct console *c, const char *mailbox)
{
    size_t count = server_letters(c->config.server, mailbox);
    size_t first = count > LETTERS_SHOWN ? count - LETTERS_SHOWN : 0;
    struct mailbox_letter *letters = mem_zero(count - first + 1, sizeof(*letters));
    struct styled out = { 0 };

    for (size_t i = first; i < count; i++) {
        struct server_letter letter;

        if (server_letter(c->config.server, mailbox, i + 1, &letter))
            letters[i - first] = (struct mailbox_letter){ span_of(letter.from), letter.octets };
    }
    if (first)
        styled_printf(&out, STYLE_NOTE, "%zu older letters are not shown.\n", first);
    mailbox_list(span_of(mailbox), letters, (unsigned)(count - first), false, &out);
    if (count)
        styled_printf(&out, STYLE_NOTE, "/server letter %.*s 1 shows the first one.\n",
                      (int)strcspn(mailbox, "@"), mailbox);
    console_open(c, PANE_MAILBOX, &out);
    styled_release(&out);
    mem_free(letters);
}

/* Letter n, or the last one where no number is named. False: it was said why not. */
static bool find_letter(struct console *c, const char *mailbox, struct span number, uint64_t *n,
                        struct server_letter *letter)
{
    size_t count = server_letters(c->config.server, mailbox);

    *n = count;
    if (number.len && (!span_number(number, n) || *n == 0)) {
        console_complain(c, "Which letter? A number from 1, as in /server letter bob 1");
        console_worsen(c, STATUS_USAGE);
        return false;
    }
    if (server_letter(c->config.server, mailbox, (size_t)*n, letter))
        return true;
    console_say(c, "%s holds %zu %s.\n", mailbox, count, count == 1 ? "letter" : "letters");
    return false;
}

/* `args`: "1", or with words for its parts: "1 save 2 photo.png". */
static void show_letter(struct console *c, const char *mailbox, struct span args)
{
    struct span words, number = span_cut(args, ' ', &words);
    struct server_letter letter;
    struct styled out = { 0 };
    struct buf command = { 0 };
    uint64_t n;

    if (!find_letter(c, mailbox, number, &n, &letter))
        return;
    words = span_trim(words);
    buf_printf(&command, "/mailbox %.*s %llu", (int)strcspn(mailbox, "@"), mailbox,
               (unsigned long long)n);
    if (words.len) {
        console_parts(c, letter.octets, buf_text(&command), words, PANE_MAILBOX);
    } else {
        struct mailbox_letter shown = { span_of(letter.from), letter.octets };

        mailbox_letter(&shown, (unsigned)n, false, &out);
        styled_printf(&out, STYLE_NOTE, "%s parts takes it apart: texts, pictures, files.\n",
                      buf_text(&command));
        console_open(c, PANE_MAILBOX, &out);
    }
    buf_release(&command);
    styled_release(&out);
}

static void show_inside(struct console *c)
{
    struct inside_pane pane = { 0 };
    struct styled out = { 0 };

    if (!console_shown(c)) {
        console_say(c, "There was no talk yet. %s\n", console_how_to_connect(c));
        return;
    }
    inside_pane_fill(&pane, c->config.record, console_shown(c), UINT32_MAX, false);
    if (c->config.server && record_inside(c->config.record, console_shown(c), UINT32_MAX))
        add_place(c, &out);
    inside_pane_text(&pane, &out);
    console_open(c, PANE_SERVER, &out);
    styled_release(&out);
    inside_pane_release(&pane);
}

void command_server(struct console *c, struct span args)
{
    struct span rest, more, what = span_cut(args, ' ', &rest), name;
    const char *mailbox;

    name = span_cut(span_trim(rest), ' ', &more);
    more = span_trim(more);
    if (span_eq(what, SPAN("show"))) {
        show_inside(c);
    } else if (span_eq(what, SPAN("fault"))) {
        if (have_server(c))
            console_fault(c, span_trim(rest));
    } else if (what.len && !span_eq(what, SPAN("mailboxes")) && !span_eq(what, SPAN("letters")) &&
               !span_eq(what, SPAN("letter"))) {
        console_complain(c,
                         "/server knows: mailboxes, letters NAME, letter NAME NUMBER, show, fault");
        console_worsen(c, STATUS_USAGE);
    } else if (!have_server(c)) {
        return;
    } else if (!what.len || span_eq(what, SPAN("mailboxes"))) {
        show_mailboxes(c);
    } else {
        mailbox = find_or_say(c, name);
        if (mailbox && span_eq(what, SPAN("letters")))
            show_letters(c, mailbox);
        else if (mailbox)
            show_letter(c, mailbox, more);
    }
}

/* The short form: /mailbox, /mailbox bob, /mailbox bob 1, /mailbox bob 1 parts. */
void command_mailbox(struct console *c, struct span args)
{
    struct span number, name = span_cut(args, ' ', &number);
    const char *mailbox;

    number = span_trim(number);
    if (!have_server(c))
        return;
    if (!name.len) {
        show_mailboxes(c);
        return;
    }
    mailbox = find_or_say(c, name);
    if (mailbox && number.len)
        show_letter(c, mailbox, number);
    else if (mailbox)
        show_letters(c, mailbox);
}

/* Behind "bob 1 ": what can be asked of its parts. */
void complete_letter_of_mailbox(const struct console *c, const char *arg, complete_fn *fn,
                                void *ctx)
{
    struct span rest, words, name = span_cut(span_of(arg), ' ', &rest);
    struct span number = span_cut(rest, ' ', &words);
    const char *mailbox = name.len && c->config.server ? find(c, name) : NULL;
    struct server_letter letter;
    struct buf before = { 0 };
    uint64_t n;

    if (!mailbox || !span_number(number, &n) || number.len == rest.len ||
        !server_letter(c->config.server, mailbox, (size_t)n, &letter))
        return;
    buf_add(&before, span_first(span_of(arg), strlen(arg) - words.len));
    parts_complete(letter.octets, buf_text(&before), arg + before.len, fn, ctx);
    buf_release(&before);
}
