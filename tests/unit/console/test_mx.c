/* /mx and --mx: the lookup, the order of the servers, and the way from one to the next. */
#include "desk.h"
#include "live/route.h"
#include "support/zone.h"

static const struct zone_row rows[] = {
    { "crepes.fr", "20 mx2.crepes.fr, 10 mx1.crepes.fr" },
    { "even.fr", "5 mx1.crepes.fr, 5 mx2.crepes.fr" },
    { "null.fr", "0 ." },
    { "two.fr", "0 ., 10 mx2.crepes.fr" },
    { "roots.fr", "0 ., 10 ." },
    { "plain.fr", "" },
    { "lost.fr", "10 nowhere.crepes.fr, 20 mx2.crepes.fr" },
};
/* Nobody listens at the first server's address, unless a test does. */
static const char hosts[] = "127.0.0.2 mx1.crepes.fr\n"
                            "127.0.0.1 mx2.crepes.fr\n"
                            "127.0.0.1 plain.fr\n";

struct town {
    struct desk desk;
    struct zone zone;
    struct listener *first; /* of mx1 */
    struct stream *first_peer;
    struct buf first_heard;
};

static void first_octets(void *ctx, struct span octets)
{
    buf_add(&((struct town *)ctx)->first_heard, octets);
}

static void first_event(void *ctx, enum stream_event e, const char *detail)
{
    (void)ctx;
    (void)e;
    (void)detail;
}

static void first_accepted(void *ctx, int fd)
{
    struct town *t = ctx;
    struct stream_hooks hooks = { first_octets, first_event, t };

    t->first_peer = stream_accepted(t->desk.loop, fd, &hooks);
}

static void town_start(struct town *t, unsigned options, bool first)
{
    struct error err;

    *t = (struct town){ 0 };
    desk_start(&t->desk, options | DESK_LISTENER);
    zone_start(&t->zone, t->desk.loop, rows, ROWS(rows), hosts);
    if (!first)
        return;
    t->first = listener_new(t->desk.loop, "127.0.0.2", listener_port(t->desk.listener),
                            first_accepted, t, &err);
    cr_assert_not_null(t->first, "%s", err.text);
}

static void town_end(struct town *t)
{
    stream_free(t->first_peer);
    listener_free(t->first);
    buf_release(&t->first_heard);
    zone_end(&t->zone);
    desk_end(&t->desk);
}

static void go(struct town *t, const char *domain)
{
    struct buf line = { 0 };

    buf_printf(&line, "/mx %s:%u", domain, listener_port(t->desk.listener));
    console_enter(t->desk.console, buf_span(&line));
    buf_release(&line);
}

/* The detail of the dialogue's event; "" and a failure when it has none. */
static const char *told(const struct desk *d, unsigned dialogue, enum talk_event event)
{
    static struct buf text;
    struct record_event e;

    buf_clear(&text);
    for (uint32_t i = 0; i < record_events(d->record, dialogue); i++) {
        record_event_get(d->record, dialogue, i, &e);
        if (e.event != event)
            continue;
        buf_add(&text, e.detail);
        return buf_text(&text);
    }
    cr_expect_fail("talk %u has no event: %s", dialogue, talk_event_text(event));
    return "";
}

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

Test(mx, goes_to_the_next_server_when_one_cannot_be_reached)
{
    struct town t;
    struct desk *d = &t.desk;

    town_start(&t, 0, false);
    go(&t, "crepes.fr");
    cr_assert(TURN_UNTIL(d->loop, d->peer));
    cr_expect(starts(told(d, 1, TALK_LOOKUP), "MX crepes.fr: 10 mx1.crepes.fr, 20 mx2.crepes.fr ("),
              "%s", told(d, 1, TALK_LOOKUP));
    cr_expect_str_eq(told(d, 1, TALK_CHOSEN), "mx1.crepes.fr (preference 10, 1 of 2)");
    told(d, 1, TALK_REFUSED);
    cr_expect_eq(console_dialogue(d->console), 2, "each server is a talk of its own");
    cr_expect_str_eq(told(d, 2, TALK_CHOSEN), "mx2.crepes.fr (preference 20, 2 of 2)");
    cr_expect(desk_has(&d->said, "gives no connection. RFC 5321 5.1: "), "%s", buf_text(&d->said));
    cr_expect(starts(record_server(d->record, 1), "mx1.crepes.fr:"));
    cr_expect(starts(record_server(d->record, 2), "mx2.crepes.fr:"));
    stream_write(d->peer, SPAN("220 here\r\n"));
    desk_settle(d);
    stream_abort(d->peer);
    cr_assert(TURN_UNTIL(d->loop, !console_talking(d->console)));
    cr_expect_eq(record_count(d->record), 2, "a server that greeted is the one");
    cr_expect_not(desk_has(&d->said, "the last server"), "%s", buf_text(&d->said));
    town_end(&t);
}

static const char *const refusals[] = { "554 no mail here\r\n", "421-busy\r\n421 later\r\n",
                                        "450 not now\r\n" };

Test(mx, goes_to_the_next_server_when_one_greets_with_a_refusal)
{
    for (size_t i = 0; i < ROWS(refusals); i++) {
        struct town t;
        struct desk *d = &t.desk;

        town_start(&t, 0, true);
        go(&t, "crepes.fr");
        cr_assert(TURN_UNTIL(d->loop, t.first_peer));
        stream_write(t.first_peer, span_of(refusals[i]));
        cr_assert(TURN_UNTIL(d->loop, d->peer && desk_has(&t.first_heard, "QUIT\r\n")));
        cr_expect(desk_has(&d->said, "turns mail away. RFC 5321 5.1: "), "%s", buf_text(&d->said));
        cr_expect_eq(console_dialogue(d->console), 2);
        stream_write(t.first_peer, SPAN("221 bye\r\n"));
        stream_finish(t.first_peer);
        stream_write(d->peer, SPAN("554 nor here\r\n"));
        cr_assert(TURN_UNTIL(d->loop, desk_has(&d->said, "the last server of crepes.fr")));
        cr_expect_eq(record_count(d->record), 2);
        cr_expect(console_talking(d->console), "the last one stays open, for QUIT");
        town_end(&t);
    }
}

Test(mx, goes_on_when_the_connection_ends_before_the_greeting_or_the_host_has_no_address)
{
    struct town t;
    struct desk *d = &t.desk;

    town_start(&t, 0, true);
    go(&t, "crepes.fr");
    cr_assert(TURN_UNTIL(d->loop, t.first_peer));
    stream_finish(t.first_peer);
    cr_assert(TURN_UNTIL(d->loop, d->peer));
    cr_expect_eq(console_dialogue(d->console), 2);
    town_end(&t);

    town_start(&t, 0, false);
    go(&t, "lost.fr");
    cr_assert(TURN_UNTIL(d->loop, d->peer));
    told(d, 1, TALK_NOT_FOUND);
    cr_expect_eq(console_dialogue(d->console), 2);
    town_end(&t);
}

Test(mx, stays_with_the_first_server_that_takes_mail)
{
    struct town t;
    struct desk *d = &t.desk;

    town_start(&t, 0, true);
    go(&t, "crepes.fr");
    cr_assert(TURN_UNTIL(d->loop, t.first_peer));
    stream_write(t.first_peer, SPAN("220 here\r\n"));
    desk_settle(d);
    console_enter(d->console, SPAN("NOOP"));
    cr_assert(TURN_UNTIL(d->loop, desk_has(&t.first_heard, "NOOP\r\n")));
    stream_write(t.first_peer, SPAN("421 tired\r\n"));
    stream_finish(t.first_peer);
    cr_assert(TURN_UNTIL(d->loop, !console_talking(d->console)));
    cr_expect_eq(record_count(d->record), 1);
    town_end(&t);
}

/* Where there is no server: what is told. */
static const struct {
    const char *domain, *lookup, *why;
} nobody[] = {
    { "null.fr", "MX null.fr: 0 . (", "null.fr takes no mail at all" },
    { "roots.fr", "MX roots.fr: ", "none of the MX records" },
    { "absent.fr", "MX absent.fr: no such name (", "there is no domain absent.fr" },
    { "a..b", "MX a..b: no answer of use (", "this is no name that can be looked up" },
};

Test(mx, says_why_there_is_no_server)
{
    for (size_t i = 0; i < ROWS(nobody); i++) {
        struct town t;
        struct desk *d = &t.desk;

        town_start(&t, DESK_PIPE, false);
        console_connect_mx(d->console, nobody[i].domain, listener_port(d->listener));
        console_queue(d->console, SPAN("QUIT"));
        console_input_ended(d->console);
        cr_assert(TURN_UNTIL(d->loop, d->quit));
        cr_expect_eq(d->status, STATUS_CONNECT, "%s: %d", nobody[i].domain, d->status);
        cr_expect(starts(told(d, 1, TALK_LOOKUP), nobody[i].lookup), "%s", told(d, 1, TALK_LOOKUP));
        cr_expect(strstr(told(d, 1, TALK_NO_MX), nobody[i].why), "%s", told(d, 1, TALK_NO_MX));
        cr_expect_eq(record_count(d->record), 1);
        town_end(&t);
    }
}

Test(mx, takes_the_domain_itself_where_it_has_no_record_and_passes_roots_over)
{
    struct town t;
    struct desk *d = &t.desk;

    town_start(&t, 0, false);
    go(&t, "plain.fr");
    cr_assert(TURN_UNTIL(d->loop, d->peer));
    cr_expect(strstr(told(d, 1, TALK_LOOKUP), "plain.fr itself is meant (implicit MX)"), "%s",
              told(d, 1, TALK_LOOKUP));
    cr_expect_str_eq(told(d, 1, TALK_CHOSEN), "plain.fr (preference 0, 1 of 1)");
    town_end(&t);

    town_start(&t, 0, false);
    go(&t, "two.fr");
    cr_assert(TURN_UNTIL(d->loop, d->peer));
    cr_expect_str_eq(told(d, 1, TALK_CHOSEN), "mx2.crepes.fr (preference 10, 1 of 1)");
    town_end(&t);
}

Test(mx, lets_piped_lines_wait_for_the_server_that_takes_them)
{
    struct town t;
    struct desk *d = &t.desk;

    town_start(&t, DESK_PIPE, false);
    console_connect_mx(d->console, "crepes.fr", listener_port(d->listener));
    console_queue(d->console, SPAN("NOOP"));
    cr_assert(TURN_UNTIL(d->loop, d->peer));
    cr_expect_str_eq(buf_text(&d->heard), "");
    stream_write(d->peer, SPAN("220 here\r\n"));
    cr_assert(TURN_UNTIL(d->loop, desk_has(&d->heard, "NOOP\r\n")));
    cr_expect_not(d->quit);
    town_end(&t);
}

Test(mx, can_be_given_up_while_the_name_servers_are_silent)
{
    for (int i = 0; i < 3; i++) {
        struct town t;
        struct desk *d = &t.desk;

        town_start(&t, 0, false);
        t.zone.silent = true;
        go(&t, "crepes.fr");
        cr_assert(TURN_UNTIL(d->loop, t.zone.asked));
        cr_expect(console_talking(d->console));
        if (i == 0)
            console_enter(d->console, SPAN("/close"));
        else if (i == 1)
            cr_expect(console_interrupt(d->console));
        if (i < 2)
            cr_assert(TURN_UNTIL(d->loop, !console_talking(d->console)));
        cr_expect_eq(record_count(d->record), 1);
        town_end(&t); /* the third: freed in the middle of it */
    }
}

Test(mx, is_asked_anew_by_connect_alone)
{
    struct town t;
    struct desk *d = &t.desk;

    town_start(&t, 0, false);
    go(&t, "plain.fr");
    cr_assert(TURN_UNTIL(d->loop, d->peer));
    console_enter(d->console, SPAN("/connect"));
    cr_assert(TURN_UNTIL(d->loop, record_events(d->record, 2) > 1));
    told(d, 2, TALK_LOOKUP);
    town_end(&t);
}

static const char *const wrong[] = { "/mx", "/mx 192.0.2.1", "/mx [192.0.2.1]", "/mx crepes.fr:0",
                                     "/connect --mx" };

Test(mx, needs_a_domain)
{
    struct town t;

    town_start(&t, 0, false);
    for (size_t i = 0; i < ROWS(wrong); i++) {
        buf_clear(&t.desk.complained);
        console_enter(t.desk.console, span_of(wrong[i]));
        cr_expect(starts(buf_text(&t.desk.complained), "/mx"), "%s: %s", wrong[i],
                  buf_text(&t.desk.complained));
    }
    cr_expect_eq(record_count(t.desk.record), 0);
    console_enter(t.desk.console, SPAN("/connect --mx null.fr"));
    cr_assert(TURN_UNTIL(t.desk.loop, !console_talking(t.desk.console)));
    told(&t.desk, 1, TALK_NO_MX);
    town_end(&t);
}

Test(mx, shuffles_servers_of_one_preference)
{
    unsigned seen[2] = { 0, 0 };

    for (uint64_t seed = 0; seed < 32; seed++) {
        struct loop *l = loop_new(NULL);
        struct zone z;
        struct route *w = route_new(l, "even.fr", seed);
        bool done = false;

        zone_start(&z, l, rows, ROWS(rows), hosts);
        route_ask(w, turn_late, &done);
        cr_assert(TURN_UNTIL(l, done));
        cr_expect(route_known(w));
        seen[strcmp(route_host(w), "mx1.crepes.fr") == 0]++;
        cr_expect(route_next(w));
        cr_expect_not(route_next(w));
        cr_expect_null(route_host(w));
        route_free(w);
        zone_end(&z);
        loop_free(l);
    }
    cr_expect(seen[0] > 4 && seen[1] > 4, "%u and %u", seen[0], seen[1]);
}
