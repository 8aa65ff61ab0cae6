/* The screens of a server, against files: its list of sessions, and one of them opened. */
#include "view/overview.h"

#include <locale.h>

#include "support/screens.h"

static void utf8(void)
{
    setlocale(LC_ALL, "C.UTF-8");
}

static struct session_row *add(struct sessions *s, const char *name)
{
    struct session_row *row = sessions_begin(s, s->begun + 1);

    snprintf(row->clock, sizeof row->clock, "23:00:%02u", (unsigned)(row->number % 60));
    sessions_set(&row->client, SPAN("192.0.2.1"));
    sessions_set(&row->name, span_of(name));
    return row;
}

static void fill(struct sessions *s)
{
    struct session_row *row = add(s, "crepes.fr");

    sessions_set(&row->from, SPAN("alice@crepes.fr"));
    sessions_set(&row->to, SPAN("bob@hamburger.edu"));
    row->letters = 1;
    row->ended = row->tls = row->login = true;
    row = add(s, "relay.example");
    row->refusals = 1;
    row->code = 550;
    row->ended = true;
    add(s, "gone.example")->broken = true;
    add(s, "unlucky.example")->fault = true;
    add(s, "curious.example")->ended = true;
    add(s, "busy.example");
}

static struct screen frame(const struct record *r, unsigned rows, unsigned cols)
{
    return (struct screen){ .rows = rows,
                            .cols = cols,
                            .record = r,
                            .notes = { .lab = true },
                            .client = "",
                            .alone = true,
                            .status = "serve  127.0.0.1:2525  STARTTLS  here 1  sessions 6",
                            .heading = "talk of 192.0.2.1  (C: the client   S: this server)",
                            .prompt = "> ",
                            .hint = "",
                            .footer = "Up Down choose   Enter opens   ? keys",
                            .page_mark = -1 };
}

static void expect_list(struct sessions_look *look, const struct screen *s, const char *name)
{
    struct grid g = { 0 };
    struct screen_spots spots;
    struct sessions_drawn drawn;

    overview_draw(look, s, &g, &spots, &drawn);
    screens_expect(&g, name);
    grid_release(&g);
}

Test(overview, lists_sessions, .init = utf8)
{
    struct sessions s = { 0 };
    struct sessions_look look = { .list = &s, .follow = true };
    struct record *r = screens_lab();
    struct screen small = frame(r, 24, 80), wide = frame(r, 50, 200);

    fill(&s);
    expect_list(&look, &small, "serve-list.txt");
    expect_list(&look, &wide, "serve-list-wide.txt");
    sessions_release(&s);
    record_free(r);
}

Test(overview, says_what_it_leaves_out, .init = utf8)
{
    struct sessions s = { 0 };
    struct sessions_look look = { .list = &s };
    struct record *r = screens_lab();
    struct screen small = frame(r, 9, 80);

    for (unsigned i = 0; i <= SESSIONS_MAX; i++)
        add(&s, "many.example");
    sessions_filter(&look, SPAN("MANY\x1b"));
    small.ascii = true;
    expect_list(&look, &small, "serve-nothing.txt");
    sessions_filter(&look, SPAN("many"));
    look.follow = false;
    look.selected = 20000;
    look.seen = SESSIONS_MAX - 1;
    expect_list(&look, &small, "serve-left-out.txt");
    look.messages = true;
    sessions_filter(&look, SPAN(""));
    expect_list(&look, &small, "serve-letters.txt");
    sessions_look_release(&look);
    sessions_release(&s);
    record_free(r);
}

Test(overview, opens_a_session_without_those_before_it, .init = utf8)
{
    struct record *r = screens_lab();
    struct grid g = { 0 };
    struct screen_spots spots;
    unsigned sizes[][2] = { { 24, 80 }, { 50, 200 } };

    record_open(r, "192.0.2.1", "hamburger.edu", talk_time(r, 1));
    talk_add(r, 2,
             "S: 220 hamburger.edu\nC: EHLO x.example\nS: 250 Hello\n"
             "C: RCPT TO:<y@z.example>\nS: 503 5.5.1 MAIL first\n");
    for (int i = 0; i < 2; i++) {
        struct screen s = frame(r, sizes[i][0], sizes[i][1]);
        struct dialogue_look look;

        s.dialogue = 2;
        s.selected = 4;
        s.top = (struct dialogue_pos){ .talk = 1 };
        screen_draw(&s, &g, &spots);
        cr_expect_eq(spots.top.talk, 2);
        screens_expect(&g, i ? "serve-talk-wide.txt" : "serve-talk.txt");
        screen_look(&s, &spots, &look);
        cr_expect_eq(dialogue_scroll(&look, spots.top, -9999, 3).talk, 2);
        cr_expect_eq(dialogue_end(&look, 40).talk, 2);
    }
    grid_release(&g);
    record_free(r);
}
