/* The lab's server over loopback sockets: our own clients, strangers, and those that misbehave. */
#include "server/server.h"

#include "base/mem.h"
#include "live/client.h"
#include "support/stranger.h"
#include "support/table.h"
#include "support/turn.h"

#define OWN_MAX 4

struct lab {
    struct loop *loop;
    struct record *record;
    struct server *server;
    struct client *own[OWN_MAX];
    unsigned own_count;
    unsigned changes;
};

static unsigned dialogue_of(void *ctx, unsigned port)
{
    const struct lab *lab = ctx;

    for (unsigned i = 0; i < lab->own_count; i++)
        if (client_local_port(lab->own[i]) == port)
            return client_dialogue(lab->own[i]);
    return 0;
}

static void changed(void *ctx)
{
    struct lab *lab = ctx;

    lab->changes++;
}

static void lab_start_with(struct lab *lab, const struct policy *policy,
                           const struct record_limits *limits)
{
    struct error err = { "" };
    struct server_hooks hooks = { .dialogue_of = dialogue_of, .changed = changed, .ctx = lab };

    *lab = (struct lab){ .loop = loop_new(&err), .record = record_new(limits) };
    lab->server = server_new(
        &(struct server_options){ .loop = lab->loop, .record = lab->record, .policy = policy },
        &hooks, &err);
    cr_assert_not_null(lab->server, "%s", err.text);
}

static void lab_start(struct lab *lab, const struct policy *policy)
{
    lab_start_with(lab, policy, NULL);
}

static void lab_end(struct lab *lab)
{
    for (unsigned i = 0; i < lab->own_count; i++)
        client_free(lab->own[i]);
    server_free(lab->server);
    record_free(lab->record);
    loop_free(lab->loop);
}

static struct client *dial(struct lab *lab)
{
    struct client_options o = { .target = { .host = "127.0.0.1",
                                            .port = server_port(lab->server),
                                            .timeout = 5 * CLOCK_SECOND },
                                .name = "crepes.fr",
                                .local = true };
    struct client_hooks none = { 0 };

    cr_assert_lt(lab->own_count, OWN_MAX);
    return lab->own[lab->own_count++] = client_new(lab->loop, lab->record, &o, &none);
}

static void say(struct client *c, const char *text)
{
    cr_expect(client_send(c, span_of(text)));
}

/* All that a side sent in a dialogue. */
static void sent_by(const struct lab *lab, unsigned d, enum side side, struct buf *out)
{
    buf_clear(out);
    for (uint32_t n = 1; n <= record_lines(lab->record, d); n++)
        if (record_line_side(lab->record, d, n) == side)
            record_line_octets(lab->record, d, n, 0, out);
}

static void facts_of(const struct lab *lab, unsigned d, struct buf *out)
{
    static const char *const names[] = {
#define X(name, what) #name,
        FACTS(X)
#undef X
    };

    buf_clear(out);
    for (uint32_t i = 0; i < record_facts(lab->record, d); i++) {
        struct record_fact f;

        record_fact_get(lab->record, d, i, &f);
        buf_printf(out, "%s %llu ", names[f.fact.kind], (unsigned long long)f.fact.number);
        buf_add(out, f.fact.text);
        buf_add_octet(out, '\n');
    }
}

#define LETTER                                                                                     \
    "MAIL FROM: <alice@crepes.fr>\r\nRCPT TO: <bob@hamburger.edu>\r\nDATA\r\n"                     \
    "Do you like ketchup?\r\n..dot\r\nHow about pickles?\r\n.\r\n"
#define KEPT "Do you like ketchup?\r\n.dot\r\nHow about pickles?\r\n"

static void expect_letter(const struct lab *lab, const char *mailbox, size_t n, struct span octets)
{
    struct server_letter letter;

    cr_assert(server_letter(lab->server, mailbox, n, &letter), "letter %zu", n);
    cr_expect(span_eq(letter.octets, octets), "got '%.*s'", SPAN_ARG(letter.octets));
}

Test(server, plays_the_textbook_with_our_own_client_step_by_step)
{
    static const struct {
        const char *sent, *last_reply;
    } steps[] = {
        { "", "220 hamburger.edu\r\n" },
        { "HELO crepes.fr\r\n", "250 Hello crepes.fr, pleased to meet you\r\n" },
        { "MAIL FROM: <alice@crepes.fr>\r\n", "250 alice@crepes.fr ... Sender ok\r\n" },
        { "RCPT TO: <bob@hamburger.edu>\r\n", "250 bob@hamburger.edu ... Recipient ok\r\n" },
        { "DATA\r\n", "354 Enter mail, end with \".\" on a line by itself\r\n" },
        { "Do you like ketchup?\r\n..dot\r\nHow about pickles?\r\n.\r\n",
          "250 Message accepted for delivery\r\n" },
        { "QUIT\r\n", "221 hamburger.edu closing connection\r\n" },
    };
    struct lab lab;
    struct client *c;
    struct buf want = { 0 }, got = { 0 };
    struct server_letter letter;
    const struct inside *in;

    lab_start(&lab, &policy_lab);
    c = dial(&lab);
    for (size_t i = 0; i < ROWS(steps); i++) {
        say(c, steps[i].sent);
        buf_add_text(&want, steps[i].last_reply);
        cr_assert(TURN_UNTIL(lab.loop, (sent_by(&lab, 1, SIDE_SERVER, &got), got.len >= want.len)));
        cr_expect_str_eq(buf_text(&got), buf_text(&want));
    }
    cr_expect(TURN_UNTIL(lab.loop, client_ended(c)));
    cr_expect(TURN_UNTIL(lab.loop, server_clients(lab.server) == 0));
    cr_expect_eq(record_count(lab.record), 1, "our own client feeds its dialogue, once");
    cr_expect_gt(lab.changes, 0);
    cr_expect_eq(server_mailboxes(lab.server), 1);
    cr_expect_str_eq(server_mailbox(lab.server, 0), "bob@hamburger.edu");
    cr_expect_eq(server_letters(lab.server, "bob"), 1);
    cr_expect_eq(server_letters(lab.server, "bob@HAMBURGER.edu"), 1);
    cr_expect_eq(server_letters(lab.server, "carol"), 0);
    cr_assert(server_letter(lab.server, "bob", 1, &letter));
    cr_expect_str_eq(letter.from, "alice@crepes.fr");
    cr_expect_str_eq(letter.to, "bob@hamburger.edu");
    cr_expect_str_eq(letter.client, "crepes.fr");
    cr_expect_gt(letter.when, 0);
    expect_letter(&lab, "bob", 1, SPAN(KEPT));
    cr_expect_not(server_letter(lab.server, "bob", 0, &letter));
    cr_expect_not(server_letter(lab.server, "bob", 2, &letter));
    cr_expect_not(server_letter(lab.server, "carol", 1, &letter));
    in = record_inside(lab.record, 1, UINT32_MAX);
    cr_assert_not_null(in);
    cr_expect_str_eq(in->host, "hamburger.edu");
    cr_expect_eq(in->mailbox_count, 1);
    cr_expect_str_eq(in->mailboxes[0].name, "bob");
    cr_expect_eq(in->mailboxes[0].letters, 1);
    cr_expect_str_eq(in->closed, "the client said QUIT");
    buf_release(&want);
    buf_release(&got);
    lab_end(&lab);
}

Test(server, states_its_facts_into_the_dialogue_of_our_client)
{
    struct lab lab;
    struct client *c;
    struct buf facts = { 0 };

    lab_start(&lab, &policy_lab);
    c = dial(&lab);
    say(c, "HELO crepes.fr\r\n" LETTER "QUIT\r\n");
    cr_expect(TURN_UNTIL(lab.loop, client_ended(c)));
    facts_of(&lab, 1, &facts);
    cr_expect_str_eq(
        buf_text(&facts),
        "MAILBOX 0 bob\n"
        "OPENED 0 hamburger.edu\n"
        "WAITS 0 your greeting\n"
        "GREETED 0 crepes.fr\n"
        "DECIDED 250 the name is well formed: greeting accepted, without extensions\n"
        "WAITS 0 a new letter, or QUIT\n"
        "NOTED 0 the client sent commands ahead, and PIPELINING was not offered to it\n"
        "FROM 0 alice@crepes.fr\n"
        "DECIDED 250 the sender is not checked here: sender accepted\n"
        "WAITS 0 a recipient\n"
        "TO 0 bob@hamburger.edu\n"
        "DECIDED 250 mailbox bob exists here: recipient accepted\n"
        "WAITS 0 a recipient, or DATA\n"
        "DECIDED 354 sender and recipient are known: the letter may come\n"
        "WAITS 0 more letter, or the dot\n"
        "NOTED 0 the client sent octets behind a command whose reply it had to "
        "await\n"
        "BODY 48 \n"
        "STORED 1 bob\n"
        "DECIDED 250 the letter is stored: this server answers for it now\n"
        "CLEARED 0 the letter is stored\n"
        "WAITS 0 a new letter, or QUIT\n"
        "CLOSED 0 the client said QUIT\n");
    buf_release(&facts);
    lab_end(&lab);
}

Test(server, serves_three_clients_at_once)
{
    struct lab lab;
    struct client *c[3];
    struct buf facts = { 0 };

    lab_start(&lab, &policy_lab);
    for (size_t i = 0; i < 3; i++)
        c[i] = dial(&lab);
    cr_assert(TURN_UNTIL(lab.loop, server_clients(lab.server) == 3));
    for (size_t i = 0; i < 3; i++)
        say(c[i], "EHLO crepes.fr\r\nMAIL FROM:<alice@crepes.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\n"
                  "DATA\r\nhalf ");
    for (size_t i = 3; i-- > 0;) {
        say(c[i], "a letter\r\n.\r\n");
        cr_assert(TURN_UNTIL(lab.loop, server_letters(lab.server, "bob") == 3 - i));
        expect_letter(&lab, "bob", 3 - i, SPAN("half a letter\r\n"));
    }
    for (size_t i = 0; i < 3; i++) {
        say(c[i], "QUIT\r\n");
        cr_expect(TURN_UNTIL(lab.loop, client_ended(c[i])));
    }
    cr_expect(TURN_UNTIL(lab.loop, server_clients(lab.server) == 0));
    cr_expect_eq(record_count(lab.record), 3);
    facts_of(&lab, 1, &facts);
    cr_expect_not_null(strstr(buf_text(&facts), "MAILBOX 1 bob\n"),
                       "the letters of others are seen in every talk");
    buf_release(&facts);
    lab_end(&lab);
}

Test(server, opens_a_dialogue_for_a_stranger_and_records_its_octets)
{
    struct lab lab;
    struct stranger p;
    struct buf got = { 0 };
    struct record_event last;

    lab_start(&lab, &policy_lab);
    stranger_dial(lab.loop, server_port(lab.server), &p);
    stream_write(p.stream, SPAN("HELO crepes.fr\r\n" LETTER "QUIT\r\n"));
    cr_assert(TURN_UNTIL(lab.loop, p.closed));
    stream_finish(p.stream);
    cr_assert(TURN_UNTIL(lab.loop, server_clients(lab.server) == 0));
    cr_expect_eq(record_count(lab.record), 1);
    cr_expect_str_eq(record_client(lab.record, 1), "127.0.0.1");
    cr_expect_str_eq(record_server(lab.record, 1), "hamburger.edu");
    sent_by(&lab, 1, SIDE_CLIENT, &got);
    cr_expect_str_eq(buf_text(&got), "HELO crepes.fr\r\n" LETTER "QUIT\r\n");
    sent_by(&lab, 1, SIDE_SERVER, &got);
    cr_expect_str_eq(buf_text(&got), buf_text(&p.got));
    cr_expect_gt(record_facts(lab.record, 1), 10);
    cr_assert_eq(record_events(lab.record, 1), 1);
    record_event_get(lab.record, 1, 0, &last);
    cr_expect_eq(last.event, TALK_CLOSED_BY_SERVER);
    expect_letter(&lab, "bob", 1, SPAN(KEPT));
    buf_release(&got);
    stranger_end(&p);
    lab_end(&lab);
}

Test(server, answers_what_came_before_the_clients_end)
{
    struct lab lab;
    struct stranger p;
    struct record_event last;

    lab_start(&lab, &policy_lab);
    stranger_dial(lab.loop, server_port(lab.server), &p);
    stream_write(p.stream, SPAN("HELO crepes.fr\r\n" LETTER "NOOP\r\nMAIL FROM"));
    cr_assert(TURN_UNTIL(lab.loop, stream_peer_port(p.stream)));
    stream_finish(p.stream);
    cr_assert(TURN_UNTIL(lab.loop, p.closed));
    cr_expect_not_null(strstr(buf_text(&p.got), "250 Message accepted for delivery\r\n250 Ok\r\n"));
    cr_expect(TURN_UNTIL(lab.loop, server_clients(lab.server) == 0));
    record_event_get(lab.record, 1, record_events(lab.record, 1) - 1, &last);
    cr_expect_eq(last.event, TALK_CLOSED_BY_CLIENT);
    stranger_end(&p);
    lab_end(&lab);
}

Test(server, forgets_a_client_that_vanishes_in_the_middle)
{
    static const struct {
        const char *name, *sent;
        bool abort;
    } cases[] = {
        { "before a word", "", false },
        { "before a word, reset", "", true },
        { "half a command", "HELO cre", true },
        { "half a letter",
          "HELO a.fr\r\nMAIL FROM:<a@b.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\nDATA\r\nx", true },
        { "half a letter, closed",
          "HELO a.fr\r\nMAIL FROM:<a@b.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\nDATA\r\nx", false },
    };

    for (size_t i = 0; i < ROWS(cases); i++) {
        struct lab lab;
        struct stranger p;
        struct buf facts = { 0 };

        lab_start(&lab, &policy_lab);
        stranger_dial(lab.loop, server_port(lab.server), &p);
        stream_write(p.stream, span_of(cases[i].sent));
        cr_assert(TURN_UNTIL(lab.loop, server_clients(lab.server) == 1 && p.got.len));
        if (cases[i].sent[0])
            cr_assert(TURN_UNTIL(lab.loop, record_reads(lab.record, 1) > 1 ||
                                               record_open_line(lab.record, 1, SIDE_CLIENT).len));
        if (cases[i].abort)
            stream_abort(p.stream);
        else
            stream_finish(p.stream);
        cr_expect(TURN_UNTIL(lab.loop, server_clients(lab.server) == 0), "%s", cases[i].name);
        cr_expect_eq(server_letters(lab.server, "bob"), 0, "%s", cases[i].name);
        facts_of(&lab, 1, &facts);
        cr_expect_not_null(strstr(buf_text(&facts), "\nCLOSED 0 the client "), "%s: %s",
                           cases[i].name, buf_text(&facts));
        buf_release(&facts);
        stranger_end(&p);
        lab_end(&lab);
    }
}

/* Turns the loop until nothing moves any more: on loopback nothing is ever on its way. */
static void turn_until_still(const struct lab *lab)
{
    uint64_t seen = 0;

    for (int still = 0; still < 1000; still++) {
        loop_poll(lab->loop);
        if (record_version(lab->record) != seen)
            still = 0;
        seen = record_version(lab->record);
    }
}

Test(server, does_not_answer_on_while_the_client_does_not_read)
{
    const uint32_t commands = 120000;
    struct lab lab;
    struct stranger p;
    struct buf flood = { 0 };
    uint32_t lines;

    lab_start(&lab, &policy_lab);
    stranger_dial(lab.loop, server_port(lab.server), &p);
    cr_assert(TURN_UNTIL(lab.loop, p.got.len));
    stream_pause(p.stream, true);
    for (uint32_t i = 0; i < commands; i++)
        buf_add(&flood, SPAN("HELP\r\n"));
    stream_write(p.stream, buf_span(&flood));
    turn_until_still(&lab);
    lines = record_lines(lab.record, 1);
    cr_expect_gt(lines, 1000, "it answers as long as there is room on the way");
    cr_expect_lt(lines, commands * 8, "and not without end: %u lines", lines);
    stream_pause(p.stream, false);
    stream_write(p.stream, SPAN("QUIT\r\n"));
    cr_expect(TURN_UNTIL(lab.loop, p.closed));
    cr_expect_eq(record_lines(lab.record, 1), 1 + commands * 14 + 2, "every one is answered");
    cr_expect_not_null(strstr(buf_text(&p.got) + p.got.len - 60, "221 hamburger.edu closing"));
    buf_release(&flood);
    stranger_end(&p);
    lab_end(&lab);
}

Test(server, forgets_those_who_flood_it_do_not_read_and_break_off)
{
    struct lab lab;
    struct stranger all[5];
    struct buf flood = { 0 };

    for (int i = 0; i < 20000; i++)
        buf_add(&flood, SPAN("HELP\r\n"));
    lab_start(&lab, &policy_lab);
    for (size_t i = 0; i < ROWS(all); i++) {
        stranger_dial(lab.loop, server_port(lab.server), &all[i]);
        cr_assert(TURN_UNTIL(lab.loop, all[i].got.len));
        stream_pause(all[i].stream, true);
        stream_write(all[i].stream, buf_span(&flood));
    }
    turn_until_still(&lab);
    for (size_t i = 0; i < ROWS(all); i++)
        stream_abort(all[i].stream);
    cr_expect(TURN_UNTIL(lab.loop, server_clients(lab.server) == 0), "%zu are left",
              server_clients(lab.server));
    for (unsigned d = 1; d <= ROWS(all); d++) {
        struct record_event last;

        record_event_get(lab.record, d, record_events(lab.record, d) - 1, &last);
        cr_expect_eq(last.event, TALK_RESET);
        stranger_end(&all[d - 1]);
    }
    buf_release(&flood);
    lab_end(&lab);
}

Test(server, turns_away_clients_beyond_its_limit)
{
    static struct stranger all[SERVER_CLIENTS_MAX + 1];
    struct lab lab;
    struct stranger *last = &all[SERVER_CLIENTS_MAX];

    lab_start(&lab, &policy_lab);
    for (size_t i = 0; i < SERVER_CLIENTS_MAX; i++)
        stranger_dial(lab.loop, server_port(lab.server), &all[i]);
    cr_assert(TURN_UNTIL(lab.loop, server_clients(lab.server) == SERVER_CLIENTS_MAX));
    stranger_dial(lab.loop, server_port(lab.server), last);
    cr_assert(TURN_UNTIL(lab.loop, last->closed || last->reset));
    cr_expect_str_eq(buf_text(&last->got),
                     "421 hamburger.edu Too many clients, try again later\r\n");
    stream_write(all[0].stream, SPAN("QUIT\r\n"));
    cr_assert(TURN_UNTIL(lab.loop, all[0].closed));
    stream_finish(all[0].stream);
    cr_assert(TURN_UNTIL(lab.loop, server_clients(lab.server) < SERVER_CLIENTS_MAX));
    stranger_end(last);
    stranger_dial(lab.loop, server_port(lab.server), last);
    cr_expect(TURN_UNTIL(lab.loop, last->got.len), "there is room again");
    cr_expect_str_eq(buf_text(&last->got), "220 hamburger.edu\r\n");
    for (size_t i = 0; i < ROWS(all); i++)
        stranger_end(&all[i]);
    lab_end(&lab);
}

static const char *const one_domain[] = { "hamburger.edu" };

Test(server, keeps_no_more_letters_than_it_says)
{
    static const struct policy roomy = { .hostname = "hamburger.edu",
                                         .domains = one_domain,
                                         .domain_count = 1,
                                         .any_recipient = true,
                                         .recipients_max = 20000 };
    struct lab lab;
    struct stranger p;
    struct buf mail = { 0 };
    size_t replies = 0;

    lab_start(&lab, &roomy);
    stranger_dial(lab.loop, server_port(lab.server), &p);
    buf_add(&mail, SPAN("HELO a.fr\r\nMAIL FROM:<>\r\nRCPT TO:<postmaster>\r\n"));
    for (int i = 0; i < SERVER_LETTERS_MAX; i++)
        buf_printf(&mail, "RCPT TO:<u%d@hamburger.edu>\r\n", i % 100);
    buf_add(&mail, SPAN("DATA\r\nx\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<u1@hamburger.edu>\r\n"
                        "DATA\r\nx\r\n.\r\nQUIT\r\n"));
    stream_write(p.stream, buf_span(&mail));
    cr_assert(TURN_UNTIL(lab.loop, p.closed));
    for (size_t at = 0; at < p.got.len; at++)
        replies += p.got.at[at] == '\n';
    cr_expect_eq(replies, (size_t)SERVER_LETTERS_MAX + 11);
    cr_expect_not_null(strstr(buf_text(&p.got), "452 The letter could not be stored now\r\n"
                                                "250 <> ... Sender ok"));
    cr_expect_not_null(strstr(buf_text(&p.got), "250 Message accepted for delivery\r\n221 "));
    cr_expect_eq(server_letters(lab.server, "u1"), 1);
    cr_expect_eq(server_letters(lab.server, "u2"), 0);
    buf_release(&mail);
    stranger_end(&p);
    lab_end(&lab);
}

Test(server, keeps_no_more_octets_than_it_says)
{
    static const struct policy unlimited = { .hostname = "hamburger.edu",
                                             .domains = one_domain,
                                             .domain_count = 1,
                                             .any_recipient = true,
                                             .extensions = EXTENSION_BIT(ENHANCEDSTATUSCODES),
                                             .recipients_max = 100 };
    static const char letter[] =
        "MAIL FROM:<a@b.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\nRCPT TO:<carol@hamburger.edu>\r\n"
        "RCPT TO:<bob@hamburger.edu>\r\nDATA\r\n";
    struct lab lab;
    struct stranger p;
    struct buf text = { 0 };

    lab_start(&lab, &unlimited);
    stranger_dial(lab.loop, server_port(lab.server), &p);
    for (size_t i = 0; i < SERVER_STORE_OCTETS_MAX / 2 / 64; i++) {
        buf_add_repeat(&text, 'x', 62);
        buf_add(&text, SPAN("\r\n"));
    }
    stream_write(p.stream, SPAN("EHLO a.fr\r\n"));
    for (int i = 0; i < 3; i++) {
        stream_write(p.stream, span_of(letter));
        stream_write(p.stream, buf_span(&text));
        stream_write(p.stream, SPAN(".\r\n"));
    }
    stream_write(p.stream, SPAN("QUIT\r\n"));
    cr_assert(TURN_UNTIL(lab.loop, p.closed));
    cr_expect_eq(server_letters(lab.server, "bob"), 2, "the same recipient twice gets one copy");
    cr_expect_eq(server_letters(lab.server, "carol"), 2, "copies cost nothing");
    cr_expect_not_null(strstr(buf_text(&p.got), "452 4.3.1 Not enough room for this letter now\r\n"
                                                "221 2.0.0"));
    expect_letter(&lab, "carol", 2, buf_span(&text));
    buf_release(&text);
    stranger_end(&p);
    lab_end(&lab);
}

Test(server, sends_silent_clients_away_when_told_to)
{
    struct policy impatient = policy_lab;
    struct lab lab;
    struct stranger p;

    impatient.command_timeout = CLOCK_SECOND / 50;
    lab_start(&lab, &impatient);
    server_set_timeouts(lab.server, true);
    stranger_dial(lab.loop, server_port(lab.server), &p);
    cr_expect(TURN_UNTIL(lab.loop, p.closed));
    cr_expect_str_eq(buf_text(&p.got),
                     "220 hamburger.edu\r\n421 hamburger.edu Timeout, closing connection\r\n");
    stranger_end(&p);
    lab_end(&lab);
}

Test(server, gives_a_client_that_speaks_its_time_anew)
{
    struct policy impatient = policy_lab;
    struct lab lab;
    struct stranger p;
    int64_t spoke;

    impatient.command_timeout = CLOCK_SECOND / 10;
    lab_start(&lab, &impatient);
    server_set_timeouts(lab.server, true);
    stranger_dial(lab.loop, server_port(lab.server), &p);
    cr_assert(TURN_UNTIL(lab.loop, p.got.len));
    stream_write(p.stream, SPAN("NOOP\r\n"));
    spoke = loop_now(lab.loop);
    cr_expect(TURN_UNTIL(lab.loop, p.closed));
    cr_expect_geq(loop_now(lab.loop) - spoke, impatient.command_timeout);
    cr_expect_str_eq(buf_text(&p.got), "220 hamburger.edu\r\n250 Ok\r\n"
                                       "421 hamburger.edu Timeout, closing connection\r\n");
    stranger_end(&p);
    lab_end(&lab);
}

Test(server, breaks_off_with_a_silent_client_that_does_not_read)
{
    struct policy impatient = policy_lab;
    struct lab lab;
    struct stranger p;
    struct buf flood = { 0 };

    impatient.command_timeout = CLOCK_SECOND / 5;
    lab_start(&lab, &impatient);
    server_set_timeouts(lab.server, true);
    stranger_dial(lab.loop, server_port(lab.server), &p);
    cr_assert(TURN_UNTIL(lab.loop, p.got.len));
    stream_pause(p.stream, true);
    for (int i = 0; i < 120000; i++)
        buf_add(&flood, SPAN("HELP\r\n"));
    stream_write(p.stream, buf_span(&flood));
    cr_expect(TURN_UNTIL(lab.loop, server_clients(lab.server) == 0));
    stream_pause(p.stream, false);
    cr_expect(TURN_UNTIL(lab.loop, p.reset));
    cr_expect_null(strstr(buf_text(&p.got), "421 "), "it would not have read it");
    buf_release(&flood);
    stranger_end(&p);
    lab_end(&lab);
}

Test(server, keeps_a_letter_whose_dot_came_before_the_reset)
{
    struct lab lab;
    struct stranger p;
    struct record_event last;

    lab_start(&lab, &policy_lab);
    stranger_dial(lab.loop, server_port(lab.server), &p);
    cr_assert(TURN_UNTIL(lab.loop, p.got.len));
    stream_write(p.stream, SPAN("HELO crepes.fr\r\n" LETTER));
    cr_assert(TURN_UNTIL(lab.loop, server_letters(lab.server, "bob") == 1));
    stream_abort(p.stream);
    cr_assert(TURN_UNTIL(lab.loop, server_clients(lab.server) == 0));
    record_event_get(lab.record, 1, record_events(lab.record, 1) - 1, &last);
    cr_expect_eq(last.event, TALK_RESET);
    expect_letter(&lab, "bob", 1, SPAN(KEPT));
    stranger_end(&p);
    lab_end(&lab);
}

/* The event that says that a talk is not recorded any more; there is one. */
static struct record_event unrecorded(const struct lab *lab, unsigned d)
{
    struct record_event e, found = { 0 };
    unsigned count = 0;

    for (uint32_t i = 0; i < record_events(lab->record, d); i++) {
        record_event_get(lab->record, d, i, &e);
        if (e.event != TALK_UNRECORDED)
            continue;
        found = e;
        count++;
    }
    cr_assert_eq(count, 1);
    return found;
}

Test(server, serves_a_stranger_on_whose_dialogue_is_full)
{
    const struct record_limits few = { .lines = 50 };
    struct lab lab;
    struct stranger p;

    lab_start_with(&lab, &policy_lab, &few);
    stranger_dial(lab.loop, server_port(lab.server), &p);
    for (int i = 0; i < 50; i++)
        stream_write(p.stream, SPAN("NOOP\r\n"));
    stream_write(p.stream, SPAN("HELO crepes.fr\r\n" LETTER "QUIT\r\n"));
    cr_assert(TURN_UNTIL(lab.loop, p.closed || p.reset));
    cr_expect_not(p.reset);
    cr_expect_not_null(strstr(buf_text(&p.got), "221 "), "it was served until its end");
    cr_expect_eq(server_letters(lab.server, "bob"), 1);
    cr_expect_eq(record_lines(lab.record, 1), 50);
    stream_finish(p.stream);
    cr_expect(TURN_UNTIL(lab.loop, server_clients(lab.server) == 0));
    stranger_end(&p);
    lab_end(&lab);
}

Test(server, keeps_the_learners_room_in_the_record_from_strangers)
{
    struct lab lab;
    struct stranger first, second;
    struct client *own;
    uint32_t lines;

    lab_start(&lab, &policy_lab);
    server_set_strangers_room(lab.server, 500);
    stranger_dial(lab.loop, server_port(lab.server), &first);
    for (int i = 0; i < 50; i++)
        stream_write(first.stream, SPAN("NOOP\r\n"));
    cr_assert(TURN_UNTIL(lab.loop, first.got.len > 50 * strlen("250 Ok\r\n")));
    cr_expect(span_starts(unrecorded(&lab, 1).detail, SPAN("talks from outside")));
    lines = record_lines(lab.record, 1);
    stream_write(first.stream, SPAN("HELO crepes.fr\r\n" LETTER));
    cr_assert(TURN_UNTIL(lab.loop, server_letters(lab.server, "bob") == 1));
    cr_expect_eq(record_lines(lab.record, 1), lines, "it is served on, and no longer recorded");
    unrecorded(&lab, 1);
    stranger_dial(lab.loop, server_port(lab.server), &second);
    stream_write(second.stream, SPAN("QUIT\r\n"));
    cr_assert(TURN_UNTIL(lab.loop, second.closed));
    cr_expect_eq(record_count(lab.record), 1, "served unseen");
    own = dial(&lab);
    for (int i = 0; i < 50; i++)
        say(own, "NOOP\r\n");
    cr_assert(
        TURN_UNTIL(lab.loop, record_count(lab.record) == 2 && record_lines(lab.record, 2) == 101));
    cr_expect(client_connected(own));
    stranger_end(&first);
    stranger_end(&second);
    lab_end(&lab);
}

Test(server, stops_every_talk_when_it_is_freed)
{
    struct lab lab;
    struct stranger p;
    struct client *own;
    struct record_event last;

    lab_start(&lab, &policy_lab);
    stranger_dial(lab.loop, server_port(lab.server), &p);
    cr_assert(TURN_UNTIL(lab.loop, p.got.len));
    own = dial(&lab);
    cr_assert(
        TURN_UNTIL(lab.loop, record_count(lab.record) == 2 && record_lines(lab.record, 2) == 1));
    server_free(lab.server);
    lab.server = NULL;
    record_event_get(lab.record, 1, record_events(lab.record, 1) - 1, &last);
    cr_expect_eq(last.event, TALK_STOPPED);
    cr_expect(TURN_UNTIL(lab.loop, client_ended(own) && (p.closed || p.reset)));
    stranger_end(&p);
    lab_end(&lab);
}

Test(server, says_why_it_cannot_listen)
{
    struct loop *loop = loop_new(NULL);
    struct record *record = record_new(NULL);
    struct error err = { "" };
    struct server_options o = { .loop = loop, .record = record, .policy = &policy_lab };
    struct server *first = server_new(&o, NULL, &err);

    o.port = server_port(first);
    cr_assert_not_null(first);
    cr_expect_str_eq(server_name(first), "hamburger.edu");
    cr_expect_null(server_new(&o, NULL, &err));
    cr_expect_not_null(strstr(err.text, "another program"), "%s", err.text);
    server_free(first);
    server_free(NULL);
    record_free(record);
    loop_free(loop);
}
