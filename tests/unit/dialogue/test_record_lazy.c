/*
 * Lazy and forgotten dialogues. The property: whoever reads a lazy dialogue, whenever, sees what he
 * would see had it been read from the start.
 */
#include "dialogue/record.h"
#include "support/table.h"

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 16 & 0x7fff;
}

#define PIECES 40
static const char *const client_says[PIECES] = {
    "EHLO crepes.fr\r\n",
    "HELO crepes.fr\r\n",
    "MAIL FROM:<a@crepes.fr> SIZE=12\r\n",
    "MAIL FROM:<>\r\nRCPT TO:<b@c.example>\r\nDATA\r\n",
    "RCPT TO:<b@c.example>\r\n",
    "DATA\r\n",
    "DATA\r\n",
    "Subject: x\r\n\r\nhello\r\n",
    "a line of a letter, somewhat longer than the others are, and then again longer\r\n",
    ".\r\n",
    ".\n",
    "\n\n\r\n\r\r\n",
    "BDAT 20\r\nabcdefgh\r\nabcdefgh\r\n",
    "BDAT 3 LAST\r\nabcQUIT\r\n",
    "AUTH PLAIN AGJvYgBzZWNyZXQ=\r\n",
    "AUTH LOGIN\r\n",
    "c2VjcmV0\r\n",
    "RSET\r\n",
    "NOOP\r\nNOOP\r\nNOOP\r\n",
    "QUIT\r\n",
    "AUTH PLA",
    "half a line",
    "\r",
    "RSET",
};
static const char *const server_says[PIECES] = {
    "220 hamburger.edu\r\n",
    "250-hamburger.edu\r\n250-SIZE 1000\r\n250-PIPELINING\r\n250 AUTH PLAIN LOGIN\r\n",
    "250 ok\r\n",
    "250 ok\r\n",
    "250 ok\r\n",
    "354 go\r\n",
    "354 go\r\n",
    "334 VXNlcm5hbWU6\r\n",
    "235 in\r\n",
    "550 5.1.1 no\r\n",
    "503 not now\r\n",
    "421 bye\r\n",
    "25",
    "0 ok\r\n",
    "221 bye\r\n",
};

static struct span said_by(enum side side, unsigned *seed)
{
    const char *const *all = side == SIDE_CLIENT ? client_says : server_says;

    for (;;) {
        const char *text = all[next_random(seed) % PIECES];

        if (text)
            return span_of(text);
    }
}

static void state_something(struct record *r, unsigned d, unsigned *seed, int64_t now)
{
    static const char *const texts[] = { "", "one", "a recipient, or DATA", "one more" };
    struct fact f = { .kind = (enum fact_kind)(next_random(seed) % FACT_KIND_COUNT),
                      .text = span_of(texts[next_random(seed) % 4]),
                      .number = next_random(seed) };

    if (next_random(seed) % 2) {
        f.kind = FACT_BODY;
        f.header_lines = next_random(seed);
        f.body_lines = next_random(seed);
        if (next_random(seed) % 8)
            f.text = SPAN("");
    }
    record_fact(r, d, &f, now);
}

/* One step of a made-up world: the same seed, the same step. */
static void step(struct record *r, unsigned seed, int64_t *now)
{
    unsigned d = next_random(&seed) % record_count(r) + 1, what = next_random(&seed) % 32;
    enum side side = next_random(&seed) % 2 ? SIDE_SERVER : SIDE_CLIENT;
    struct span text = said_by(side, &seed);

    *now += next_random(&seed) % 100 == 0 ? (int64_t)UINT32_MAX * 2 : next_random(&seed);
    if (next_random(&seed) % 50 == 0)
        *now -= 5000; /* a clock that goes back */
    if (what == 0)
        record_event(r, d, (enum talk_event)(next_random(&seed) % TALK_EVENT_COUNT), text, *now);
    else if (what < 8)
        state_something(r, d, &seed, *now);
    else if (what < 12) /* octet by octet */
        for (size_t i = 0; i < text.len; i++)
            record_octets(r, d, side, span_make(text.at + i, 1), *now);
    else if (what == 12) { /* a long letter line, and more of them */
        struct buf many = { 0 };

        for (unsigned i = next_random(&seed) % 200; i > 0; i--)
            buf_printf(&many, "%u lines of a letter are still to come in this read\r\n", i);
        record_octets(r, d, side, buf_span(&many), *now);
        buf_release(&many);
    } else {
        record_octets(r, d, side, text, *now);
    }
}

static bool same_line(const struct record_line *a, const struct record_line *b)
{
    return a->side == b->side && a->role == b->role && a->reply_start == b->reply_start &&
           a->reply_end == b->reply_end && a->has_mistake == b->has_mistake && a->code == b->code &&
           a->time == b->time && a->masked == b->masked && a->gap == b->gap &&
           span_eq(a->line.head, b->line.head) && a->line.len == b->line.len &&
           a->line.end == b->line.end && a->line.faults == b->line.faults;
}

static void compare_lines(const struct record *a, const struct record *b, unsigned d, unsigned seed)
{
    cr_assert_eq(record_lines(a, d), record_lines(b, d), "seed %u", seed);
    for (uint32_t n = 1; n <= record_lines(a, d); n++) {
        struct record_line one, two;
        uint32_t first[2] = { 0 }, last[2] = { 0 };

        record_line(a, d, n, 0, &one);
        record_line(b, d, n, 0, &two);
        cr_assert(same_line(&one, &two), "seed %u, line %u", seed, n);
        cr_assert_eq(record_letter(a, d, n, &first[0], &last[0]),
                     record_letter(b, d, n, &first[1], &last[1]));
        cr_assert(first[0] == first[1] && last[0] == last[1], "seed %u, line %u", seed, n);
        if (n % 37 == 0) {
            struct observer before, after;

            record_state(a, d, n, &before);
            record_state(b, d, n, &after);
            cr_assert(observer_same(&before, &after), "seed %u, line %u", seed, n);
        }
    }
    cr_assert(observer_same(record_now(a, d), record_now(b, d)), "seed %u", seed);
    for (int side = 0; side < 2; side++)
        cr_assert(span_eq(record_open_line(a, d, (enum side)side),
                          record_open_line(b, d, (enum side)side)),
                  "seed %u", seed);
}

static void compare_happenings(const struct record *a, const struct record *b, unsigned d,
                               unsigned seed)
{
    cr_assert_eq(record_events(a, d), record_events(b, d), "seed %u", seed);
    for (uint32_t i = 0; i < record_events(a, d); i++) {
        struct record_event one, two;

        record_event_get(a, d, i, &one);
        record_event_get(b, d, i, &two);
        cr_assert(one.event == two.event && one.after == two.after && one.time == two.time &&
                      span_eq(one.detail, two.detail),
                  "seed %u, event %u", seed, i);
    }
    cr_assert_eq(record_facts(a, d), record_facts(b, d), "seed %u", seed);
    for (uint32_t i = 0; i < record_facts(a, d); i++) {
        struct record_fact one, two;

        record_fact_get(a, d, i, &one);
        record_fact_get(b, d, i, &two);
        cr_assert(one.fact.kind == two.fact.kind && one.after == two.after &&
                      one.time == two.time && span_eq(one.fact.text, two.fact.text) &&
                      one.fact.number == two.fact.number &&
                      one.fact.header_lines == two.fact.header_lines &&
                      one.fact.body_lines == two.fact.body_lines,
                  "seed %u, fact %u", seed, i);
    }
    cr_assert_eq(record_reads(a, d), record_reads(b, d), "seed %u", seed);
    for (uint32_t i = 0; i < record_reads(a, d); i++) {
        struct record_read one, two;

        record_read_get(a, d, i, &one);
        record_read_get(b, d, i, &two);
        cr_assert(one.side == two.side && one.len == two.len && one.time == two.time,
                  "seed %u, read %u", seed, i);
    }
}

static void compare(const struct record *a, const struct record *b, unsigned d, unsigned seed)
{
    static const char *const needles[] = { "ok\r", "letter", "********", "mail from", "hello" };
    const struct inside *one, *two;

    compare_lines(a, b, d, seed);
    compare_happenings(a, b, d, seed);
    for (size_t i = 0; i < sizeof needles / sizeof needles[0]; i++)
        for (int back = 0; back < 2; back++)
            cr_assert_eq(record_find(a, d, 0, back, span_of(needles[i])),
                         record_find(b, d, 0, back, span_of(needles[i])), "seed %u, '%s'", seed,
                         needles[i]);
    one = record_inside(a, d, record_lines(a, d) / 2);
    two = record_inside(b, d, record_lines(b, d) / 2);
    cr_assert_eq(!one, !two);
    cr_assert(!one || (one->octets == two->octets && one->decided_code == two->decided_code &&
                       one->to_count == two->to_count),
              "seed %u", seed);
}

/* A reader of some kind looks at a dialogue; what he sees is compared at the end. */
static void look(const struct record *r, unsigned d, unsigned how)
{
    struct observer state;

    switch (how % 8) {
    case 0:
        record_lines(r, d);
        break;
    case 1:
        record_now(r, d);
        break;
    case 2:
        record_find(r, d, 0, true, SPAN("250"));
        break;
    case 3:
        record_inside(r, d, 3);
        break;
    case 4:
        record_open_line(r, d, SIDE_CLIENT);
        break;
    case 5:
        record_state(r, d, 0, &state);
        break;
    case 6:
        record_facts(r, d);
        break;
    default:
        record_event_after(r, d, 2);
    }
}

struct world {
    const char *name;
    struct record_limits limits;
    unsigned steps;
};

static void live_through(const struct world *w, unsigned seed)
{
    struct record *eager = record_new(&w->limits), *unread = record_new(&w->limits),
                  *read = record_new(&w->limits);
    struct record *all[] = { eager, unread, read };
    int64_t times[3] = { 5, 5, 5 };
    unsigned dice = seed;

    for (size_t i = 0; i < 3; i++)
        for (unsigned d = 1; d <= 3; d++) {
            record_open(all[i], "crepes.fr", "hamburger.edu", 5);
            if (i > 0)
                record_set_lazy(all[i], d);
        }
    for (unsigned n = 0; n < w->steps; n++) {
        unsigned step_seed = next_random(&dice) << 15 | next_random(&dice);

        for (size_t i = 0; i < 3; i++)
            step(all[i], step_seed, &times[i]);
        if (next_random(&dice) % 9 == 0)
            look(read, next_random(&dice) % 3 + 1, next_random(&dice));
        for (unsigned d = 1; d <= 3; d++)
            for (size_t i = 1; i < 3; i++) {
                cr_assert_eq(record_full(all[i], d), record_full(eager, d), "%s, seed %u, step %u",
                             w->name, seed, n);
                cr_assert_eq(record_dropped(all[i], d), record_dropped(eager, d),
                             "%s, seed %u, step %u", w->name, seed, n);
            }
        cr_assert_eq(record_version(unread), record_version(eager));
    }
    for (unsigned d = 1; d <= 3; d++) {
        struct record_cost one, two;

        record_cost(eager, &one);
        record_cost(unread, &two);
        cr_assert_eq(one.octet_bytes, two.octet_bytes, "%s, seed %u", w->name, seed);
        cr_assert(one.octets == two.octets && one.reads == two.reads, "%s, seed %u", w->name, seed);
        compare(eager, unread, d, seed);
        compare(eager, read, d, seed);
    }
    for (size_t i = 0; i < 3; i++)
        record_free(all[i]);
}

Test(record_lazy, a_lazy_dialogue_reads_as_an_eager_one, .timeout = 60)
{
    static const struct world worlds[] = {
        { "short", { 0 }, 60 },
        { "long", { 0 }, 900 },
        { "few lines", { .lines = 50 }, 100 },
        { "few octets", { .octets = 300 * 1024 }, 1500 },
        { "fewer octets", { .octets = 20 * 1024 }, 300 },
    };
    static const unsigned rounds[] = { 60, 6, 60, 4, 10 };

    for (size_t i = 0; i < sizeof worlds / sizeof worlds[0]; i++)
        for (unsigned seed = 1; seed <= rounds[i]; seed++)
            live_through(&worlds[i], seed);
}

static void feed_letter(struct record *r, unsigned d, size_t octets)
{
    struct buf line = { 0 };

    record_octets(r, d, SIDE_SERVER, SPAN("220 a\r\n"), 1);
    record_octets(r, d, SIDE_CLIENT, SPAN("HELO b\r\nMAIL FROM:<a@b.example>\r\nDATA\r\n"), 1);
    record_octets(r, d, SIDE_SERVER, SPAN("250 ok\r\n250 ok\r\n354 go\r\n"), 1);
    for (size_t at = 0; at < octets; at += line.len) {
        buf_clear(&line);
        buf_printf(&line, "%06zu a line of a letter, long enough to fill the store\r\n", at);
        record_octets(r, d, SIDE_CLIENT, buf_span(&line), 1);
    }
    buf_release(&line);
}

Test(record_lazy, letters_that_nobody_read_become_gaps_like_others)
{
    struct record_limits limits = { .octets = 1024 * 1024 };
    struct record *both[2];
    struct record_cost cost;

    for (int i = 0; i < 2; i++) {
        both[i] = record_new(&limits);
        for (unsigned d = 1; d <= 2; d++) {
            record_open(both[i], "", "", 0);
            if (i)
                record_set_lazy(both[i], d);
            feed_letter(both[i], d, d == 1 ? 900 * 1024 : 2000 * 1024);
        }
    }
    record_cost(both[1], &cost);
    cr_expect(cost.octet_bytes <= limits.octets);
    compare(both[0], both[1], 1, 0);
    compare(both[0], both[1], 2, 0);
    record_free(both[0]);
    record_free(both[1]);
}

Test(record_lazy, lines_beyond_the_limit_that_were_not_read_are_given_up_with_the_rest)
{
    struct record_limits limits = { .octets = 1024 * 1024, .lines = 10000 };
    struct record *r = record_new(&limits);
    struct buf flood = { 0 };

    record_open(r, "", "", 0);
    record_open(r, "", "", 0);
    feed_letter(r, 1, 300 * 1024);
    buf_add_repeat(&flood, '\n', 500 * 1024);
    record_octets(r, 1, SIDE_CLIENT, buf_span(&flood), 1);
    cr_expect(record_full(r, 1));
    record_event(r, 1, TALK_STOPPED, SPAN(""), 1);
    feed_letter(r, 2, 520 * 1024); /* thins the first one, whole */
    cr_expect_eq(record_lines(r, 1), 10000u);
    cr_expect_not(record_full(r, 2));
    buf_release(&flood);
    record_free(r);
}

Test(record_lazy, facts_beyond_the_limit_fill_it_at_once)
{
    struct record *both[2];
    struct fact waits = { .kind = FACT_WAITS, .text = SPAN_INIT("x") };
    struct fact body = { .kind = FACT_BODY };
    unsigned count[2] = { 0 };

    for (int i = 0; i < 2; i++) {
        both[i] = record_new(NULL);
        record_open(both[i], "", "", 0);
        if (i)
            record_set_lazy(both[i], 1);
        while (!record_full(both[i], 1) && count[i] < 1000000) {
            body.number = ++count[i];
            record_octets(both[i], 1, SIDE_CLIENT, SPAN("x\n"), 1);
            record_fact(both[i], 1, &body, 1);
            if (count[i] % 2)
                record_fact(both[i], 1, &waits, 1);
        }
    }
    cr_expect(count[0] < 1000000);
    cr_expect_eq(count[0], count[1], "%u, %u", count[0], count[1]);
    cr_expect_eq(record_facts(both[0], 1), record_facts(both[1], 1));
    record_free(both[0]);
    record_free(both[1]);
}

/* What a server of ours records of a client that says EHLO and waits. */
static void meet_a_stranger(struct record *r)
{
    unsigned d = record_open(r, "198.51.100.7:50412", "hamburger.edu", 0);
    struct fact facts[] = {
        { .kind = FACT_OPENED, .text = SPAN_INIT("hamburger.edu") },
        { .kind = FACT_MAILBOX, .text = SPAN_INIT("bob") },
        { .kind = FACT_WAITS, .text = SPAN_INIT("HELO or EHLO") },
        { .kind = FACT_GREETED, .text = SPAN_INIT("crepes.fr"), .number = 1 },
        { .kind = FACT_DECIDED, .text = SPAN_INIT("the client is greeted"), .number = 250 },
        { .kind = FACT_WAITS, .text = SPAN_INIT("a letter: MAIL") },
    };

    record_set_lazy(r, d);
    record_octets(r, d, SIDE_SERVER, SPAN("220 hamburger.edu ESMTP\r\n"), 0);
    record_octets(r, d, SIDE_CLIENT, SPAN("EHLO crepes.fr\r\n"), 90);
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        record_fact(r, d, &facts[i], 100);
    record_octets(r, d, SIDE_SERVER,
                  SPAN("250-hamburger.edu\r\n250-PIPELINING\r\n250-SIZE 26214400\r\n"
                       "250-8BITMIME\r\n250-SMTPUTF8\r\n250-DSN\r\n250 HELP\r\n"),
                  100);
}

#define STRANGERS 10000
Test(record_lazy, a_client_that_says_EHLO_and_waits_costs_less_than_a_kilobyte)
{
    struct record *r = record_new(NULL);
    struct record_cost cost;
    uint64_t all;

    for (int i = 0; i < STRANGERS; i++)
        meet_a_stranger(r);
    record_cost(r, &cost);
    all = cost.octet_bytes + cost.index_bytes + cost.read_bytes + cost.snapshot_bytes +
          cost.fact_bytes + cost.talk_bytes - cost.octets;
    cr_expect(all < (uint64_t)STRANGERS * 1000, "%lu each", (unsigned long)(all / STRANGERS));
    cr_expect_eq(cost.lines, STRANGERS * 9u); /* counted, and still not read */
    record_cost(r, &cost);
    cr_expect_eq(cost.index_bytes + cost.snapshot_bytes, 0u);
    cr_expect_eq(record_lines(r, 5), 9u);
    record_free(r);
}

Test(record_lazy, a_forgotten_dialogue_is_empty_and_keeps_its_names)
{
    struct record *r = record_new(NULL);
    struct fact f = { .kind = FACT_WAITS, .text = SPAN_INIT("x") };
    struct record_cost before, after;
    struct observer state;
    uint64_t version;
    uint32_t first, last;

    record_open(r, "198.51.100.7", "hamburger.edu", 77);
    record_cost(r, &before);
    for (unsigned d = 2; d <= 3; d++) {
        record_open(r, "192.0.2.5", "crepes.fr", 78);
        feed_letter(r, d, 5000);
        record_fact(r, d, &f, 1);
    }
    record_lines(r, 2);
    version = record_version(r);
    record_forget(r, 2);
    cr_expect(record_version(r) > version);
    cr_expect_eq(record_count(r), 3u);
    cr_expect_str_eq(record_client(r, 2), "192.0.2.5");
    cr_expect_str_eq(record_server(r, 2), "crepes.fr");
    cr_expect_eq(record_opened_at(r, 2), 78);
    record_set_server(r, 2, "mx.crepes.fr");
    cr_expect_str_eq(record_server(r, 2), "mx.crepes.fr");
    cr_expect_eq(record_lines(r, 2), 0u);
    cr_expect_eq(record_events(r, 2) + record_facts(r, 2) + record_reads(r, 2), 0u);
    cr_expect_null(record_inside(r, 2, UINT32_MAX));
    cr_expect_not(record_letter(r, 2, UINT32_MAX, &first, &last));
    cr_expect_eq(record_find(r, 2, 0, false, SPAN("a")), 0u);
    cr_expect_eq(record_open_line(r, 2, SIDE_SERVER).len, 0u);
    record_state(r, 2, 0, &state);
    cr_expect(observer_same(&state, record_now(r, 2)));
    /* what still comes is not kept */
    cr_expect(record_full(r, 2));
    record_octets(r, 2, SIDE_CLIENT, SPAN("NOOP\r\n"), 80);
    record_event(r, 2, TALK_RESET, SPAN(""), 80);
    record_fact(r, 2, &f, 80);
    record_set_lazy(r, 2);
    record_forget(r, 2);
    cr_expect_eq(record_lines(r, 2) + record_events(r, 2), 0u);
    cr_expect_eq(record_dropped(r, 2), 0u);
    cr_expect(record_lines(r, 3) > 5); /* the others are as they were */
    record_forget(r, 3);
    record_cost(r, &after);
    cr_expect_eq(after.octet_bytes, 0u);
    cr_expect_eq(after.index_bytes + after.fact_bytes + after.read_bytes, 0u);
    cr_expect(after.talk_bytes < before.talk_bytes + 200);
    record_free(r);
}

Test(record_lazy, forgotten_octets_make_room)
{
    struct record_limits limits = { .octets = 1024 * 1024 };
    struct record *r = record_new(&limits);

    for (unsigned d = 1; d <= 50; d++) {
        struct record_line line;

        record_open(r, "", "", 0);
        feed_letter(r, d, 400 * 1024);
        cr_assert_not(record_full(r, d));
        record_line(r, d, 20, 0, &line);
        cr_assert_not(line.gap, "dialogue %u", d);
        record_forget(r, d);
    }
    record_free(r);
}

/* A server that runs for ever. */
Test(record_lazy, a_million_forgotten_dialogues_cost_next_to_nothing)
{
    struct record *r = record_new(NULL);
    const unsigned many = 1000000, kept = 5;
    struct record_cost cost;

    for (unsigned d = 1; d <= many; d++) {
        record_open(r, "198.51.100.7:50412", "hamburger.edu", d);
        if (d != kept)
            record_forget(r, d);
    }
    record_cost(r, &cost);
    cr_expect(cost.talk_bytes < (uint64_t)RECORD_NAMES_MAX * 96 + many / 8, "%lu",
              (unsigned long)cost.talk_bytes);
    cr_expect_str_eq(record_client(r, 1), "");
    cr_expect_str_eq(record_server(r, many / 2), "");
    cr_expect_eq(record_opened_at(r, many / 2), 0);
    record_set_server(r, many / 2, "who");
    cr_expect_eq(record_lines(r, many / 2), 0u);
    cr_expect_str_eq(record_client(r, many), "198.51.100.7:50412");
    cr_expect_str_eq(record_client(r, kept), "198.51.100.7:50412"); /* it is not forgotten */
    cr_expect_not(record_full(r, kept));
    record_octets(r, kept, SIDE_SERVER, SPAN("220 a\r\n"), many);
    cr_expect_eq(record_lines(r, kept), 1u);
    record_forget(r, kept);
    cr_expect_str_eq(record_client(r, kept), "");
    record_forget(r, kept);
    record_free(r);
}
