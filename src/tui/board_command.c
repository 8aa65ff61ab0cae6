/* The commands of a server's screen: what they do, how they are completed, and the page that lists
 * them with the keys. */
#include "base/mem.h"
#include "tui/board_inner.h"
#include "tui/prompt.h"

static void explain(struct board *b, struct span args)
{
    uint64_t line = 0;

    if (b->page == BOARD_LIST || !b->screen.dialogue)
        board_say(b, "/explain is about a line: open a session first.");
    else if (args.len && (!span_number(args, &line) || !line || line > UINT32_MAX))
        board_say(b, "/explain N explains line N, /explain the selected one.");
    else
        board_explain(b, (uint32_t)line);
}

static void filter(struct board *b, struct span args)
{
    for (int i = 0; i < 2; i++)
        sessions_filter(&b->list[i], args);
    b->page = BOARD_LIST;
}

/* The next line after the selected one, or from the start again. */
static void find(struct board *b, struct span args)
{
    unsigned d = b->screen.dialogue;
    uint32_t line;

    if (b->page != BOARD_DIALOGUE) {
        board_say(b, "/find looks in a talk: open a session first. /filter looks in the list.");
        return;
    }
    if (args.len) {
        buf_clear(&b->needle);
        buf_add(&b->needle, args);
    }
    if (!b->needle.len) {
        board_say(b, "Find what? /find TEXT");
        return;
    }
    b->screen.found = buf_span(&b->needle);
    line = record_find(b->o.record, d, b->screen.selected, false, b->screen.found);
    if (!line)
        line = record_find(b->o.record, d, 0, false, b->screen.found);
    if (line)
        board_go(b, line);
    else
        board_say(b, "No line of this talk holds that text.");
}

static void help(struct board *b, struct span args)
{
    (void)args;
    board_help(b);
}

static void letter(struct board *b, struct span args)
{
    board_open_letter(b, args);
}

static void quit(struct board *b, struct span args)
{
    (void)args;
    board_leave(b, 0);
}

static void save(struct board *b, struct span args)
{
    if (!args.len)
        board_say(b, "/save needs a file, as in /save lunch.smtp");
    else
        b->o.save(b->o.ctx, b->page == BOARD_LIST ? 0 : b->screen.dialogue, args, &b->note);
}

static void talk(struct board *b, struct span args)
{
    uint64_t number;

    if (span_number(args, &number))
        board_open_session(b, number);
    else
        board_say(b, "/talk N opens session N of the list.");
}

static const struct {
    const char *name;
    void (*run)(struct board *b, struct span args);
} commands[] = {
    { "/explain", explain }, { "/filter", filter }, { "/find", find }, { "/help", help },
    { "/letter", letter },   { "/quit", quit },     { "/save", save }, { "/talk", talk },
};

void board_typed(void *ctx, struct span line)
{
    struct board *b = ctx;
    struct span rest, word;

    line = span_trim(line);
    word = span_cut(line, ' ', &rest);
    rest = span_trim(rest);
    prompt_remember(line);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (span_eq(word, span_of(commands[i].name))) {
            commands[i].run(b, rest);
            return;
        }
    if (!word.len || word.at[0] != '/') {
        board_say(b, "Commands start with /: /help shows them all.");
        return;
    }
    styled_clear(&b->text);
    b->o.command(b->o.ctx, line, &b->text);
    board_open_text(b, "server");
}

/* Tab. */

static const char *const lines[] = {
    "/explain",
    "/fault add ",
    "/fault off ",
    "/fault on ",
    "/fault remove ",
    "/filter ",
    "/filter TLS",
    "/filter broken off",
    "/filter delivered",
    "/filter fault",
    "/filter here",
    "/filter login",
    "/filter refused",
    "/find ",
    "/help",
    "/letter part ",
    "/letter parts",
    "/letter save ",
    "/quit",
    "/save ",
    "/talk ",
};

static size_t common(struct span a, struct span b)
{
    size_t same = 0;

    while (same < a.len && same < b.len && a.at[same] == b.at[same])
        same++;
    return same;
}

void board_complete(struct board *b)
{
    struct span before = span_first(prompt_text(), prompt_cursor()), line = { 0 };
    struct buf shown = { 0 }, typed = { 0 };
    unsigned count = 0;

    buf_add(&typed, before);
    before = buf_span(&typed);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (span_starts(span_of(lines[i]), before)) {
            line = count ? span_first(line, common(line, span_of(lines[i]))) : span_of(lines[i]);
            buf_printf(&shown, "%s%s", count++ ? "  " : "", lines[i]);
        }
    if (line.len > before.len)
        prompt_replace_before(line);
    else if (count)
        board_say(b, "%s", buf_text(&shown));
    else
        board_say(b, "Nothing known goes on from here.");
    buf_release(&shown);
    buf_release(&typed);
}

void board_help(struct board *b)
{
    styled_clear(&b->text);
    styled_add_text(
        &b->text, STYLE_PLAIN,
        "Each client that connects is a session; each letter it hands in stands in the second "
        "list. A session is marked by what came of it: \"delivered\", \"refused\" with the code "
        "of the last refusal, \"broken off\", \"fault\" (a fault of yours was played), \"no "
        "letter\", or \"here\" while it lasts.\n\n"
        "  Up, Down, PgUp, PgDn   move; at the end the list follows what comes\n"
        "  Home, End              to the first, to the newest\n"
        "  Enter                  open it; in a session explain the line, as F2\n"
        "  Esc                    go back, or empty the line that is typed\n"
        "  Tab                    the other list; in a command, complete it\n"
        "  Ctrl-P, Ctrl-N         the command before, after; Ctrl-R searches\n"
        "  Ctrl-A E U W ...       edit the command\n"
        "  Ctrl-L                 draw the screen anew\n"
        "  Ctrl-Z                 stop the program; fg goes on\n"
        "  ?, F1, /help           this page\n\n"
        "  /filter TEXT           only rows with TEXT in them: /filter refused\n"
        "  /filter                all of them again\n"
        "  /talk N                open session N\n"
        "  /find TEXT             the next line of the talk with it; /find goes on\n"
        "  /explain, /explain N   explain the selected line, or line N\n"
        "  /save FILE             the open session, or all, as a script\n"
        "  /letter                the letter opened last, or the session's\n"
        "  /letter parts          its parts\n"
        "  /letter part 2         one of them\n"
        "  /letter save 2 FILE    write it to a new file\n");
    b->o.command(b->o.ctx, SPAN("/help"), &b->text);
    styled_add_text(&b->text, STYLE_PLAIN, "  /quit, Ctrl-C twice    end the server\n");
    board_open_text(b, "help");
}
