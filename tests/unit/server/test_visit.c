/* What a server for real clients does beyond the lab's: events, limits, and no record. */
#include "base/mem.h"
#include "engine/faults.h"
#include "server/server.h"
#include "support/stranger.h"
#include "support/table.h"

#define EVENTS_MAX 100000

/* A server, and what it told, one event a line. */
struct house {
    struct loop *loop;
    struct record *record;
    struct server *server;
    struct buf told;
    unsigned events;
};

static void told(void *ctx, const struct server_event *e)
{
    static const char *const kinds[] = {
        [SERVER_CONNECTED] = "connected", [SERVER_TURNED_AWAY] = "turned away",
        [SERVER_FACT] = "fact",           [SERVER_REPLIED] = "replied",
        [SERVER_STORED] = "stored",       [SERVER_CLOSED] = "closed"
    };
    struct house *h = ctx;

    cr_assert_lt(h->events++, EVENTS_MAX);
    cr_expect_str_eq(e->address, "127.0.0.1");
    cr_expect_gt(e->port, 0);
    if (e->kind == SERVER_FACT)
        return; /* the engine's own tests name them */
    buf_printf(&h->told, "%llu %s", (unsigned long long)e->session, kinds[e->kind]);
    if (e->kind == SERVER_REPLIED)
        buf_printf(&h->told, " %u", e->code);
    if (e->text.len)
        buf_printf(&h->told, ": %.*s", SPAN_ARG(e->text));
    if (e->kind == SERVER_STORED)
        buf_printf(&h->told, " '%s' to %zu, %zu of %llu octets kept", e->path, e->letter->to_count,
                   e->letter->octets.len, (unsigned long long)e->letter->counts.octets);
    buf_add_octet(&h->told, '\n');
}

static void house_open(struct house *h, struct server_options o)
{
    struct error err = { "" };
    struct server_hooks hooks = { .event = told, .ctx = h };

    *h = (struct house){ .loop = loop_new(&err), .record = o.record };
    o.loop = h->loop;
    if (!o.policy)
        o.policy = &policy_lab;
    h->server = server_new(&o, &hooks, &err);
    cr_assert_not_null(h->server, "%s", err.text);
}

static void house_close(struct house *h)
{
    server_free(h->server);
    record_free(h->record);
    loop_free(h->loop);
    buf_release(&h->told);
}

static void dial(struct house *h, struct stranger *p)
{
    stranger_dial(h->loop, server_port(h->server), p);
}

/* The server ends it, and `others` stay. */
static void expect_left(struct house *h, struct stranger *p, size_t others)
{
    cr_expect(TURN_UNTIL(h->loop, p->closed || p->reset));
    stream_finish(p->stream);
    cr_expect(TURN_UNTIL(h->loop, server_clients(h->server) == others));
}

static void expect_gone(struct house *h, struct stranger *p)
{
    expect_left(h, p, 0);
}

#define LETTER "MAIL FROM:<alice@crepes.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\nDATA\r\nhi\r\n.\r\n"

Test(visit, is_told_as_events_and_needs_no_record)
{
    struct house h;
    struct stranger p;

    house_open(&h, (struct server_options){ .timeouts = true });
    dial(&h, &p);
    stranger_say(&p, "HELO crepes.fr\r\n" LETTER "QUIT\r\n");
    expect_gone(&h, &p);
    cr_expect_str_eq(buf_text(&h.told),
                     "1 connected\n"
                     "1 replied 220: 220 hamburger.edu\n"
                     "1 replied 250: 250 Hello crepes.fr, pleased to meet you\n"
                     "1 replied 250: 250 alice@crepes.fr ... Sender ok\n"
                     "1 replied 250: 250 bob@hamburger.edu ... Recipient ok\n"
                     "1 replied 354: 354 Enter mail, end with \".\" on a line by itself\n"
                     "1 stored '' to 1, 4 of 4 octets kept\n"
                     "1 replied 250: 250 Message accepted for delivery\n"
                     "1 replied 221: 221 hamburger.edu closing connection\n"
                     "1 closed: closed by the server\n");
    cr_expect_eq(server_letters(h.server, "bob"), 1);
    stranger_end(&p);
    house_close(&h);
}

Test(visit, leaves_nothing_in_the_record_where_ended_talks_are_forgotten)
{
    struct house h;
    struct stranger p, other;
    struct record_cost before, after;

    house_open(&h, (struct server_options){ .record = record_new(NULL), .forget_ended = true });
    dial(&h, &other);
    cr_assert(TURN_UNTIL(h.loop, other.got.len));
    record_cost(h.record, &before);
    dial(&h, &p);
    stranger_say(&p, "HELO crepes.fr\r\n" LETTER "QUIT\r\n");
    expect_left(&h, &p, 1);
    record_cost(h.record, &after);
    cr_expect_eq(record_count(h.record), 2, "its number stays used");
    cr_expect_eq(after.octets, before.octets);
    cr_expect_eq(record_lines(h.record, 2), 0);
    cr_expect_eq(record_lines(h.record, 1), 1, "who is still here is seen");
    stranger_end(&p);
    stranger_end(&other);
    house_close(&h);
}

Test(visit, forgets_the_oldest_talk_that_ended_when_a_newer_one_needs_its_room)
{
    struct house h;
    struct stranger p, next;
    struct record_cost one;

    house_open(&h, (struct server_options){ .record = record_new(NULL), .forget_oldest = true });
    dial(&h, &p);
    stranger_say(&p, "HELO crepes.fr\r\n" LETTER "QUIT\r\n");
    expect_left(&h, &p, 0);
    record_cost(h.record, &one);
    cr_expect_gt(record_lines(h.record, 1), 1, "there is room for it");
    server_set_strangers_room(h.server, one.octets + 10);
    dial(&h, &next);
    stranger_say(&next, "HELO crepes.fr\r\n" LETTER "QUIT\r\n");
    expect_left(&h, &next, 0);
    cr_expect_eq(record_lines(h.record, 1), 0);
    cr_expect_gt(record_lines(h.record, 2), 1);
    cr_expect_not_null(strstr(buf_text(&next.got), "221 "), "it was not sent away");
    stranger_end(&p);
    stranger_end(&next);
    house_close(&h);
}

Test(visit, is_never_ended_by_being_recorded_and_new_ones_are_always_seen)
{
    struct house h;
    struct stranger p, next;

    house_open(&h, (struct server_options){ .record = record_new(NULL), .forget_oldest = true });
    server_set_strangers_room(h.server, 300);
    dial(&h, &p);
    stranger_say(&p, "HELO crepes.fr\r\n" LETTER LETTER LETTER);
    cr_assert(TURN_UNTIL(h.loop, server_letters(h.server, "bob") == 3));
    cr_expect_gt(record_lines(h.record, 1), 1, "its beginning is seen");
    dial(&h, &next);
    stranger_say(&next, "HELO crepes.fr\r\n");
    cr_assert(STRANGER_HEARS(h.loop, &next, "pleased to meet you\r\n"));
    cr_expect_eq(record_lines(h.record, 1), 0, "it made room");
    cr_expect_gt(record_lines(h.record, 2), 1);
    stranger_say(&p, LETTER "QUIT\r\n");
    expect_left(&h, &p, 1);
    cr_expect_eq(server_letters(h.server, "bob"), 4);
    cr_expect_not(p.reset);
    stranger_say(&next, "QUIT\r\n");
    expect_left(&h, &next, 0);
    cr_expect_gt(record_lines(h.record, 2), 3);
    stranger_end(&p);
    stranger_end(&next);
    house_close(&h);
}

Test(visit, goes_on_with_a_slow_reader_when_an_idle_fault_is_not_for_it)
{
    struct faults *faults = faults_new(1);
    struct house h;
    struct stranger p;
    struct buf flood = { 0 }, why = { 0 };
    struct watch *timer;
    bool late = false;

    cr_assert(faults_parse(faults, SPAN("idle client-address=10.0.0.1 after=50ms drop"), &why),
              "%s", buf_text(&why));
    house_open(&h, (struct server_options){ .faults = faults });
    dial(&h, &p);
    cr_assert(TURN_UNTIL(h.loop, p.got.len));
    stream_pause(p.stream, true);
    for (int i = 0; i < 120000; i++)
        buf_add(&flood, SPAN("HELP\r\n"));
    stream_write(p.stream, buf_span(&flood)); /* what is answered and not read backs up */
    timer = loop_timer(h.loop, turn_late, &late);
    watch_set_timer(timer, CLOCK_SECOND / 4);
    cr_assert(TURN_UNTIL(h.loop, late));
    watch_free(timer);
    cr_expect_eq(server_clients(h.server), 1);
    stranger_end(&p);
    cr_expect(TURN_UNTIL(h.loop, server_clients(h.server) == 0));
    house_close(&h);
    faults_free(faults);
    buf_release(&flood);
    buf_release(&why);
}

Test(visit, drops_letters_that_nobody_reads_and_still_counts_them)
{
    struct house h;
    struct stranger p;
    struct store *none = store_none();

    house_open(&h, (struct server_options){ .store = none });
    dial(&h, &p);
    stranger_say(&p, "HELO crepes.fr\r\n" LETTER "QUIT\r\n");
    expect_gone(&h, &p);
    cr_expect_not_null(strstr(buf_text(&h.told), "1 stored '' to 1, 0 of 4 octets kept\n"), "%s",
                       buf_text(&h.told));
    cr_expect_not_null(strstr(buf_text(&p.got), "250 Message accepted for delivery\r\n"));
    cr_expect_eq(server_letters(h.server, "bob"), 0);
    stranger_end(&p);
    house_close(&h);
    store_free(none);
}

Test(visit, names_the_last_line_of_a_reply_only)
{
    struct house h;
    struct stranger p;

    house_open(&h, (struct server_options){ .timeouts = true });
    dial(&h, &p);
    stranger_say(&p, "EHLO crepes.fr\r\nQUIT\r\n");
    expect_gone(&h, &p);
    cr_expect_null(strstr(buf_text(&h.told), "250-"), "%s", buf_text(&h.told));
    cr_expect_not_null(strstr(buf_text(&h.told), "1 replied 250: 250 "), "%s", buf_text(&h.told));
    stranger_end(&p);
    house_close(&h);
}

Test(visit, tells_who_broke_off_and_who_was_stopped)
{
    struct house h;
    struct stranger a, b;

    house_open(&h, (struct server_options){ .record = record_new(NULL) });
    dial(&h, &a);
    cr_assert(TURN_UNTIL(h.loop, a.got.len));
    stream_abort(a.stream);
    cr_assert(TURN_UNTIL(h.loop, server_clients(h.server) == 0));
    dial(&h, &b);
    cr_assert(TURN_UNTIL(h.loop, b.got.len));
    server_free(h.server);
    h.server = NULL;
    cr_expect_str_eq(buf_text(&h.told), "1 connected\n1 replied 220: 220 hamburger.edu\n"
                                        "1 closed: broken off (reset)\n"
                                        "2 connected\n2 replied 220: 220 hamburger.edu\n"
                                        "2 closed: stopped by this program\n");
    stranger_end(&a);
    stranger_end(&b);
    house_close(&h);
}

Test(visit, takes_a_reset_after_the_goodbye_for_the_end)
{
    struct house h;
    struct stranger p;

    house_open(&h, (struct server_options){ 0 });
    dial(&h, &p);
    cr_assert(TURN_UNTIL(h.loop, p.got.len));
    stranger_say(&p, "QUIT\r\n");
    cr_assert(STRANGER_HEARS(h.loop, &p, "closing connection\r\n"));
    stream_abort(p.stream);
    cr_assert(TURN_UNTIL(h.loop, server_clients(h.server) == 0));
    cr_expect_not_null(strstr(buf_text(&h.told), "1 closed: closed by the server\n"), "%s",
                       buf_text(&h.told));
    stranger_end(&p);
    house_close(&h);
}

Test(visit, is_refused_where_too_many_are_here)
{
    static const struct {
        const char *name;
        unsigned all, each;
        const char *reply, *event;
    } rows[] = {
        { "of all", 2, 0, "421 hamburger.edu Too many clients, try again later\r\n",
          "0 turned away: Too many clients\n" },
        { "of one address", 100, 2,
          "421 hamburger.edu Too many clients from your address, try again later\r\n",
          "0 turned away: Too many clients from your address\n" },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        struct house h;
        struct stranger in[2], out;

        house_open(&h, (struct server_options){ .clients_max = rows[i].all,
                                                .clients_per_address_max = rows[i].each });
        dial(&h, &in[0]);
        dial(&h, &in[1]);
        cr_assert(TURN_UNTIL(h.loop, in[0].got.len && in[1].got.len), "%s", rows[i].name);
        buf_clear(&h.told);
        dial(&h, &out);
        cr_assert(TURN_UNTIL(h.loop, out.closed || out.reset), "%s", rows[i].name);
        cr_expect_str_eq(buf_text(&out.got), rows[i].reply, "%s", rows[i].name);
        cr_expect_str_eq(buf_text(&h.told), rows[i].event, "%s", rows[i].name);
        stream_abort(in[0].stream);
        cr_assert(TURN_UNTIL(h.loop, server_clients(h.server) == 1));
        stranger_end(&out);
        dial(&h, &out);
        cr_expect(STRANGER_HEARS(h.loop, &out, "220 hamburger.edu\r\n"), "%s: there is room again",
                  rows[i].name);
        stranger_end(&in[0]);
        stranger_end(&in[1]);
        stranger_end(&out);
        house_close(&h);
    }
}

Test(visit, makes_room_for_new_letters_where_the_oldest_may_go)
{
    static const char *const domains[] = { "hamburger.edu" };
    static const struct policy_mailbox bob = { "bob", "hamburger.edu" };
    static const struct policy policy = { .hostname = "hamburger.edu",
                                          .mailboxes = &bob,
                                          .mailbox_count = 1,
                                          .domains = domains,
                                          .domain_count = 1,
                                          .any_recipient = true,
                                          .recipients_max = 20000 };
    struct house h;
    struct stranger p;
    struct buf mail = { 0 };
    struct server_letter letter;

    house_open(&h, (struct server_options){ .policy = &policy, .rolling = true });
    h.events = 0;
    dial(&h, &p);
    buf_add(&mail, SPAN("HELO a.fr\r\n"));
    for (int i = 1; i <= 3; i++)
        buf_printf(&mail,
                   "MAIL FROM:<>\r\nRCPT TO:<bob@hamburger.edu>\r\nRCPT TO:<u%d@hamburger.edu>\r\n"
                   "RCPT TO:<w%d@hamburger.edu>\r\nDATA\r\n%d\r\n.\r\n",
                   i, i, i);
    stream_write(p.stream, buf_span(&mail));
    cr_assert(TURN_UNTIL(h.loop, server_letters(h.server, "w3") == 1));
    cr_expect_eq(server_mailboxes(h.server), 7);
    buf_clear(&mail);
    buf_add(&mail, SPAN("MAIL FROM:<>\r\n"));
    for (int i = 4; i < SERVER_LETTERS_MAX; i++) /* room for all of them, if two letters go */
        buf_printf(&mail, "RCPT TO:<v%d@hamburger.edu>\r\n", i % 50);
    buf_add(&mail, SPAN("DATA\r\nlast\r\n.\r\nQUIT\r\n"));
    h.events = 0;
    stream_write(p.stream, buf_span(&mail));
    expect_gone(&h, &p);
    cr_expect_eq(server_letters(h.server, "bob"), 1, "the policy's mailboxes stay");
    cr_assert(server_letter(h.server, "bob", 1, &letter));
    cr_expect(span_eq(letter.octets, SPAN("3\r\n")));
    cr_expect_eq(server_letters(h.server, "u1"), 0);
    cr_expect_eq(server_letters(h.server, "u3"), 1);
    cr_assert(server_letter(h.server, "w3", 1, &letter));
    cr_expect(span_eq(letter.octets, SPAN("3\r\n")));
    cr_expect_eq(server_letters(h.server, "v49"), 1);
    cr_expect_eq(server_mailboxes(h.server), 3 + 50, "those without letters are gone");
    buf_release(&mail);
    stranger_end(&p);
    house_close(&h);
}
