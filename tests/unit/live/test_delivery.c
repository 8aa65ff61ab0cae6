/* A letter handed over, to servers that refuse, are old, hasty, silent or gone at every stage. */
#include "live/delivery.h"

#include "base/mem.h"
#include "net/listener.h"
#include "support/table.h"
#include "support/turn.h"
#include "support/zone.h"

/* A server that answers each line by the first rule whose words the line begins with. An answer
 * that is empty ends the connection; "-" says nothing; one that ends in "!" ends it afterwards. */
struct rule {
    const char *when, *answer;
};
#define RULES_MAX 6

struct scene {
    struct loop *loop;
    struct record *record;
    struct listener *listener;
    struct stream *peer;
    const struct rule *rules;
    struct buf in, heard;
    bool in_letter, gone;
    struct delivery *delivery;
    struct delivery_plan plan;
};

static const struct rule usual[] = {
    { "greeting", "220 here" }, { "EHLO", "250 hello" },    { "LHLO", "250 hello" },
    { "HELO", "250 hello" },    { "MAIL", "250 2.1.0 ok" }, { "RCPT", "250 2.1.5 ok" },
    { "DATA", "354 go" },       { ".", "250 2.0.0 taken" }, { "QUIT", "221 bye" },
    { "AUTH PLAIN", "235 in" }, { "", "500 what" },
};

static void say(struct scene *s, const char *answer)
{
    struct span rest = span_of(answer);
    bool last = rest.len && rest.at[rest.len - 1] == '!';
    struct buf octets = { 0 };

    if (strcmp(answer, "-") == 0)
        return;
    if (last)
        rest.len--;
    while (rest.len) {
        buf_add(&octets, span_cut(rest, '\n', &rest));
        buf_add_text(&octets, "\r\n");
    }
    stream_write(s->peer, buf_span(&octets));
    if (last || !*answer) {
        s->gone = true;
        stream_finish(s->peer);
    }
    buf_release(&octets);
}

static const char *answer_to(const struct scene *s, struct span line)
{
    for (size_t i = 0; i < RULES_MAX && s->rules[i].when; i++)
        if (span_starts(line, span_of(s->rules[i].when)))
            return s->rules[i].answer;
    for (size_t i = 0; i < ROWS(usual); i++)
        if (span_starts(line, span_of(usual[i].when)))
            return usual[i].answer;
    return "500 what";
}

static void take(struct scene *s, struct span line)
{
    const char *answer = answer_to(s, line);

    if (s->in_letter && !span_eq(line, SPAN(".")))
        return;
    s->in_letter = false;
    if (span_starts(line, SPAN("DATA")))
        s->in_letter = strncmp(answer, "354", 3) == 0;
    say(s, answer);
}

static void peer_octets(void *ctx, struct span octets)
{
    struct scene *s = ctx;
    size_t end;

    buf_add(&s->heard, octets);
    buf_add(&s->in, octets);
    while (!s->gone &&
           (end = span_search(buf_span(&s->in), SPAN("\r\n"), 0, false)) != SPAN_NOT_FOUND) {
        take(s, span_first(buf_span(&s->in), end));
        buf_consume(&s->in, end + 2);
    }
}

/* The far end closes with its client: else each talk would wait for the client's grace time. */
static void peer_event(void *ctx, enum stream_event e, const char *detail)
{
    struct scene *s = ctx;

    (void)detail;
    if (e == STREAM_CLOSED)
        stream_finish(s->peer);
}

static void accepted(void *ctx, int fd)
{
    struct scene *s = ctx;
    struct stream_hooks hooks = { peer_octets, peer_event, s };

    s->peer = stream_accepted(s->loop, fd, &hooks);
    take(s, SPAN("greeting"));
}

static const char *const recipients[] = { "bob@hamburger.edu", "carol@hamburger.edu" };

static void open_scene(struct scene *s, const struct rule *rules)
{
    *s = (struct scene){ .loop = loop_new(NULL), .record = record_new(NULL), .rules = rules };
    s->listener = listener_new(s->loop, "127.0.0.1", 0, accepted, s, NULL);
    cr_assert_not_null(s->listener);
    s->plan = (struct delivery_plan){
        .client = { .target = { .host = "127.0.0.1",
                                .port = listener_port(s->listener),
                                .timeout = 5 * CLOCK_SECOND },
                    .name = "crepes.fr" },
        .from = "alice@crepes.fr",
        .to = recipients,
        .to_count = 2,
        .letter = SPAN("Subject: lunch\n\n.dots\nKetchup?\n"),
        .timeout = 5 * CLOCK_SECOND,
    };
}

static void deliver(struct scene *s)
{
    struct delivery_hooks hooks = { 0 };

    s->delivery = delivery_new(s->loop, s->record, &s->plan, &hooks);
    cr_assert(TURN_UNTIL(s->loop, delivery_ended(s->delivery)), "%s", buf_text(&s->heard));
}

static void close_scene(struct scene *s)
{
    delivery_free(s->delivery);
    stream_free(s->peer);
    listener_free(s->listener);
    record_free(s->record);
    loop_free(s->loop);
    buf_release(&s->in);
    buf_release(&s->heard);
}

#define GROUPS                                                                                     \
    {                                                                                              \
        "EHLO", "250-hello\n250-PIPELINING\n250-SIZE 1000\n250 8BITMIME"                           \
    }

static const struct {
    const char *name;
    struct rule rules[RULES_MAX];
    int status;
    enum delivery_stage stage;
    unsigned taken; /* bits by recipient */
    const char *why, *wire;
} rows[] = {
    { "all is well",
      { { 0 } },
      STATUS_OK,
      DELIVERY_QUIT,
      3,
      "",
      "EHLO crepes.fr\r\nMAIL FROM:<alice@crepes.fr>\r\nRCPT TO:<bob@hamburger.edu>\r\n"
      "RCPT TO:<carol@hamburger.edu>\r\nDATA\r\nSubject: lunch\r\n\r\n..dots\r\nKetchup?\r\n.\r\n"
      "QUIT\r\n" },
    { "in a group",
      { GROUPS },
      STATUS_OK,
      DELIVERY_QUIT,
      3,
      "",
      "MAIL FROM:<alice@crepes.fr> SIZE=35\r\nRCPT TO:<bob@hamburger.edu>\r\nRCPT "
      "TO:<carol@hamburger.edu>\r\nDATA\r\nSubject" },
    { "many lines",
      { { "greeting", "220-a\n220-b\n220 c" }, { "MAIL", "250-x\n250 y" } },
      STATUS_OK,
      DELIVERY_QUIT,
      3,
      "",
      "QUIT" },
    { "greeting 554",
      { { "greeting", "554 no" } },
      STATUS_DIFFERENT,
      DELIVERY_GREETING,
      0,
      "554 no",
      "QUIT\r\n" },
    { "greeting 421",
      { { "greeting", "421 busy!" } },
      STATUS_BROKEN,
      DELIVERY_GREETING,
      0,
      "421 busy",
      "" },
    { "no SMTP",
      { { "greeting", "SSH-2.0-x" } },
      STATUS_BROKEN,
      DELIVERY_GREETING,
      0,
      "no SMTP reply",
      "" },
    { "gone at once",
      { { "greeting", "" } },
      STATUS_BROKEN,
      DELIVERY_GREETING,
      0,
      "the server closed the connection",
      "" },
    { "an old server",
      { { "EHLO", "500 what" } },
      STATUS_OK,
      DELIVERY_QUIT,
      3,
      "",
      "EHLO crepes.fr\r\nHELO crepes.fr\r\nMAIL FROM:<alice@crepes.fr>\r\n" },
    { "HELO refused",
      { { "EHLO", "502 what" }, { "HELO", "550 who" } },
      STATUS_DIFFERENT,
      DELIVERY_HELLO,
      0,
      "550 who",
      "QUIT\r\n" },
    { "EHLO later",
      { { "EHLO", "450 later" } },
      STATUS_DIFFERENT,
      DELIVERY_HELLO,
      0,
      "450 later",
      "QUIT\r\n" },
    { "EHLO 421", { { "EHLO", "421 tired!" } }, STATUS_BROKEN, DELIVERY_HELLO, 0, "421", "" },
    { "gone after EHLO", { { "EHLO", "" } }, STATUS_BROKEN, DELIVERY_HELLO, 0, "closed", "" },
    { "MAIL refused",
      { { "MAIL", "550 5.7.1 not you" } },
      STATUS_DIFFERENT,
      DELIVERY_MAIL,
      0,
      "550 not you",
      "crepes.fr>\r\nQUIT\r\n" },
    { "MAIL refused in a group",
      { GROUPS, { "MAIL", "550 not you" }, { "RCPT", "503 no" }, { "DATA", "503 no" } },
      STATUS_DIFFERENT,
      DELIVERY_MAIL,
      0,
      "550 not you",
      "DATA\r\nQUIT\r\n" },
    { "one refused",
      { { "RCPT TO:<bob", "550 5.1.1 no bob" } },
      STATUS_DIFFERENT,
      DELIVERY_RCPT,
      2,
      "<bob@hamburger.edu> was refused: 550 no bob",
      "Ketchup?" },
    { "one refused in a group",
      { GROUPS, { "RCPT TO:<carol", "450 later" } },
      STATUS_DIFFERENT,
      DELIVERY_RCPT,
      1,
      "<carol@hamburger.edu> was refused: 450 later",
      "Ketchup?" },
    { "all refused",
      { { "RCPT", "550 no" } },
      STATUS_DIFFERENT,
      DELIVERY_RCPT,
      0,
      "bob",
      "carol@hamburger.edu>\r\nQUIT" },
    { "all refused in a group",
      { GROUPS, { "RCPT", "550 no" }, { "DATA", "554 nobody" } },
      STATUS_DIFFERENT,
      DELIVERY_RCPT,
      0,
      "bob",
      "DATA\r\nQUIT" },
    { "all refused in a group, but DATA",
      { GROUPS, { "RCPT", "550 no" }, { ".", "554 nobody" } },
      STATUS_DIFFERENT,
      DELIVERY_RCPT,
      0,
      "bob",
      "DATA\r\n.\r\nQUIT" },
    { "all refused in a group, but all taken",
      { GROUPS, { "RCPT", "550 no" } },
      STATUS_DIFFERENT,
      DELIVERY_RCPT,
      0,
      "bob",
      "DATA\r\n.\r\nQUIT" },
    { "RCPT 421",
      { { "RCPT TO:<carol", "421 tired!" } },
      STATUS_BROKEN,
      DELIVERY_RCPT,
      0,
      "421",
      "carol" },
    { "gone in a group",
      { GROUPS, { "RCPT", "" } },
      STATUS_BROKEN,
      DELIVERY_RCPT,
      0,
      "closed",
      "DATA" },
    { "DATA refused",
      { { "DATA", "451 full" } },
      STATUS_DIFFERENT,
      DELIVERY_DATA,
      0,
      "451 full",
      "DATA\r\nQUIT" },
    { "DATA 421", { { "DATA", "421 tired!" } }, STATUS_BROKEN, DELIVERY_DATA, 0, "421", "" },
    { "letter refused",
      { { ".", "554 5.7.1 spam" } },
      STATUS_DIFFERENT,
      DELIVERY_LETTER,
      0,
      "554 spam",
      ".\r\nQUIT" },
    { "letter 421", { { ".", "421 tired!" } }, STATUS_BROKEN, DELIVERY_LETTER, 0, "421", "" },
    { "gone after the letter", { { ".", "" } }, STATUS_BROKEN, DELIVERY_LETTER, 0, "closed", "" },
    { "gone instead of 221", { { "QUIT", "" } }, STATUS_OK, DELIVERY_QUIT, 3, "", "QUIT" },
    { "421 instead of 221", { { "QUIT", "421 bye!" } }, STATUS_OK, DELIVERY_QUIT, 3, "", "QUIT" },
    { "421 out of turn",
      { { "RCPT TO:<carol", "250 ok\n421 going down!" } },
      STATUS_BROKEN,
      DELIVERY_DATA,
      0,
      "421 going down",
      "" },
};

Test(delivery, comes_as_far_as_the_server_lets_it)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct scene s;

        open_scene(&s, rows[i].rules);
        deliver(&s);
        cr_expect_eq(delivery_status(s.delivery), rows[i].status, "%s: %d (%s)", rows[i].name,
                     delivery_status(s.delivery), delivery_why(s.delivery));
        cr_expect_eq(delivery_stage(s.delivery), rows[i].stage, "%s: %s", rows[i].name,
                     delivery_stage_word(delivery_stage(s.delivery)));
        for (size_t k = 0; k < 2; k++)
            cr_expect_eq(delivery_accepted(s.delivery, k), (rows[i].taken >> k & 1) != 0,
                         "%s: recipient %zu", rows[i].name, k);
        cr_expect(strstr(delivery_why(s.delivery), rows[i].why), "%s: %s", rows[i].name,
                  delivery_why(s.delivery));
        cr_expect(rows[i].why[0] || !delivery_why(s.delivery)[0], "%s", rows[i].name);
        cr_expect(strstr(buf_text(&s.heard), rows[i].wire), "%s: %s", rows[i].name,
                  buf_text(&s.heard));
        close_scene(&s);
    }
}

Test(delivery, pairs_each_reply_with_what_it_answers)
{
    static const struct rule rules[RULES_MAX] = { GROUPS,
                                                  { "RCPT TO:<bob", "550-5.1.1 no\n550 5.1.1 bob" },
                                                  { "RCPT TO:<carol", "251 2.1.5 goes on" } };
    static const struct {
        enum delivery_stage stage;
        size_t recipient;
        unsigned code;
        const char *text;
    } want[] = {
        { DELIVERY_GREETING, 2, 220, "here" },
        { DELIVERY_HELLO, 2, 250, "hello\nPIPELINING\nSIZE 1000\n8BITMIME" },
        { DELIVERY_MAIL, 2, 250, "ok" },
        { DELIVERY_RCPT, 0, 550, "no\nbob" },
        { DELIVERY_RCPT, 1, 251, "goes on" },
        { DELIVERY_DATA, 2, 354, "go" },
        { DELIVERY_LETTER, 2, 250, "taken" },
        { DELIVERY_QUIT, 2, 221, "bye" },
    };
    struct scene s;

    open_scene(&s, rules);
    deliver(&s);
    cr_assert_eq(delivery_replies(s.delivery), ROWS(want));
    for (size_t i = 0; i < ROWS(want); i++) {
        const struct delivery_reply *r = delivery_reply(s.delivery, i);

        cr_expect_eq(r->stage, want[i].stage, "%zu", i);
        cr_expect_eq(r->recipient, want[i].recipient, "%zu", i);
        cr_expect_eq(r->code, want[i].code, "%zu: %u", i, r->code);
        cr_expect_str_eq(r->text, want[i].text, "%zu", i);
        cr_expect_geq(r->at, r->sent, "%zu", i);
    }
    cr_expect_eq(delivery_reply(s.delivery, 3)->enhanced.class, 5);
    cr_expect_eq(delivery_reply(s.delivery, 4)->enhanced.detail, 5);
    close_scene(&s);
}

Test(delivery, asks_for_what_the_letter_needs_and_the_server_offers)
{
    static const struct rule all[RULES_MAX] = {
        { "EHLO", "250-hello\n250-SIZE\n250-8BITMIME\n250 SMTPUTF8" }
    };
    static const struct rule none[RULES_MAX] = { { 0 } };
    static const char *const utf8[] = { "b\xc3\xb6"
                                        "b@hamburger.edu" };
    struct scene s;

    open_scene(&s, all);
    s.plan.letter = SPAN("Subject: x\n\nd\xc3\xa9jeuner");
    deliver(&s);
    cr_expect(strstr(buf_text(&s.heard), "crepes.fr> SIZE=25 BODY=8BITMIME\r\n"), "%s",
              buf_text(&s.heard));
    close_scene(&s);

    open_scene(&s, all);
    s.plan.to = utf8;
    s.plan.to_count = 1;
    deliver(&s);
    cr_expect(strstr(buf_text(&s.heard), " SMTPUTF8\r\n"), "%s", buf_text(&s.heard));
    cr_expect_eq(delivery_status(s.delivery), STATUS_OK);
    close_scene(&s);

    open_scene(&s, none);
    s.plan.to = utf8;
    s.plan.to_count = 1;
    deliver(&s);
    cr_expect_eq(delivery_status(s.delivery), STATUS_DIFFERENT);
    cr_expect(strstr(delivery_why(s.delivery), "SMTPUTF8"), "%s", delivery_why(s.delivery));
    close_scene(&s);

    open_scene(&s, none);
    s.plan.letter = SPAN("Subject: x\n\nd\xc3\xa9jeuner");
    deliver(&s);
    cr_expect_eq(delivery_stage(s.delivery), DELIVERY_MAIL);
    cr_expect(strstr(delivery_why(s.delivery), "8BITMIME"), "%s", delivery_why(s.delivery));
    cr_expect_not(strstr(buf_text(&s.heard), "MAIL"));
    close_scene(&s);
}

Test(delivery, hears_each_recipients_reply_in_lmtp)
{
    static const struct rule mixed[RULES_MAX] = { { ".", "250 for bob\n452 carol is full" } };
    static const struct rule half[RULES_MAX] = { { ".", "250 for bob!" } };
    struct scene s;

    open_scene(&s, mixed);
    s.plan.lmtp = true;
    deliver(&s);
    cr_expect(strstr(buf_text(&s.heard), "LHLO crepes.fr\r\n"));
    cr_expect_eq(delivery_status(s.delivery), STATUS_DIFFERENT);
    cr_expect_eq(delivery_stage(s.delivery), DELIVERY_LETTER);
    cr_expect(delivery_accepted(s.delivery, 0));
    cr_expect_not(delivery_accepted(s.delivery, 1));
    close_scene(&s);

    open_scene(&s, half);
    s.plan.lmtp = true;
    deliver(&s);
    cr_expect_eq(delivery_status(s.delivery), STATUS_BROKEN);
    cr_expect(delivery_accepted(s.delivery, 0));
    cr_expect_not(delivery_accepted(s.delivery, 1), "nobody said so");
    close_scene(&s);
}

static const struct {
    const char *name, *hello, *auth;
    bool in_clear;
    int status;
    const char *why;
} logins[] = {
    { "granted", "250-hello\n250 AUTH PLAIN", "235 in", true, STATUS_OK, "" },
    { "echoed", "250-hello\n250 AUTH PLAIN", "535 no AGFsaWNlAHdvbmRlcmxhbmQ= nor wonderland", true,
      STATUS_DIFFERENT, "535 no ******** nor ********" },
    { "refused", "250-hello\n250 AUTH PLAIN", "535 no", true, STATUS_DIFFERENT, "535 no" },
    { "421", "250-hello\n250 AUTH PLAIN", "421 no!", true, STATUS_BROKEN, "421 no" },
    { "in plain text", "250-hello\n250 AUTH PLAIN", "235 in", false, STATUS_TLS, "not encrypted" },
    { "not offered", "250 hello", "235 in", true, STATUS_DIFFERENT, "offers no login" },
    { "of no known method", "250-hello\n250 AUTH NTLM", "235 in", true, STATUS_DIFFERENT,
      "no method of login" },
    { "that proves nothing", "250-hello\n250 AUTH SCRAM-SHA-256", "235 in", true, STATUS_DIFFERENT,
      "did not prove" },
    { "that asks nonsense", "250-hello\n250 AUTH CRAM-MD5", "334 ***", true, STATUS_DIFFERENT,
      "not base64" },
};

Test(delivery, logs_in_or_says_why_not)
{
    for (size_t i = 0; i < ROWS(logins); i++) {
        const struct rule rules[RULES_MAX] = { { "EHLO", logins[i].hello },
                                               { "AUTH", logins[i].auth },
                                               { "*", "501 cancelled" } };
        struct scene s;

        open_scene(&s, rules);
        s.plan.user = "alice";
        s.plan.secret = "wonderland";
        s.plan.in_clear = logins[i].in_clear;
        deliver(&s);
        cr_expect_eq(delivery_status(s.delivery), logins[i].status, "%s: %d", logins[i].name,
                     delivery_status(s.delivery));
        cr_expect(strstr(delivery_why(s.delivery), logins[i].why), "%s: %s", logins[i].name,
                  delivery_why(s.delivery));
        cr_expect(logins[i].status == STATUS_OK || !strstr(buf_text(&s.heard), "MAIL"), "%s",
                  logins[i].name);
        cr_expect(logins[i].in_clear || !strstr(buf_text(&s.heard), "AUTH"), "%s", logins[i].name);
        close_scene(&s);
    }
}

Test(delivery, gives_a_login_up_only_once)
{
    static const struct rule rules[RULES_MAX] = { { "EHLO", "250-hello\n250 AUTH CRAM-MD5" },
                                                  { "AUTH", "334 ***" },
                                                  { "*", "334 ***" } };
    struct scene s;

    open_scene(&s, rules);
    s.plan.user = "alice";
    s.plan.secret = "wonderland";
    deliver(&s);
    cr_expect_eq(delivery_status(s.delivery), STATUS_BROKEN);
    cr_expect(strstr(buf_text(&s.heard), "AUTH CRAM-MD5\r\n*\r\n"));
    cr_expect_eq(delivery_replies(s.delivery), 4, "%zu", delivery_replies(s.delivery));
    close_scene(&s);
}

Test(delivery, ends_without_the_encryption_that_was_asked_for)
{
    static const struct rule none[RULES_MAX] = { { 0 } };
    static const struct rule refused[RULES_MAX] = { { "EHLO", "250-hello\n250 STARTTLS" },
                                                    { "STARTTLS", "454 not now" } };
    static const struct rule broken[RULES_MAX] = { { "EHLO", "250-hello\n250 STARTTLS" },
                                                   { "STARTTLS", "220 go!" } };
    static const struct rule *const servers[] = { none, refused, broken };

    for (size_t i = 0; i < ROWS(servers); i++) {
        const struct tls_client_options o = { 0 };
        struct tls_context *tls = tls_client_context(&o, NULL);
        struct scene s;

        open_scene(&s, servers[i]);
        s.plan.starttls = true;
        s.plan.tls = tls;
        deliver(&s);
        cr_expect_eq(delivery_status(s.delivery), STATUS_TLS, "%zu: %d", i,
                     delivery_status(s.delivery));
        cr_expect_eq(delivery_stage(s.delivery), DELIVERY_TLS, "%zu", i);
        cr_expect_not(strstr(buf_text(&s.heard), "MAIL"), "%zu", i);
        close_scene(&s);
        tls_context_free(tls);
    }
}

Test(delivery, gives_up_on_silence_and_on_a_host_that_is_not_there)
{
    static const struct rule silent[RULES_MAX] = { { "MAIL", "-" } };
    static const struct rule curt[RULES_MAX] = { { "QUIT", "-" } };
    struct scene s;

    open_scene(&s, silent);
    s.plan.timeout = CLOCK_SECOND / 10;
    deliver(&s);
    cr_expect_eq(delivery_status(s.delivery), STATUS_BROKEN);
    cr_expect_eq(delivery_stage(s.delivery), DELIVERY_MAIL);
    cr_expect(strstr(delivery_why(s.delivery), "no reply came in time"));
    close_scene(&s);

    open_scene(&s, curt);
    s.plan.timeout = CLOCK_SECOND / 10;
    deliver(&s);
    cr_expect_eq(delivery_status(s.delivery), STATUS_OK, "the letter is taken");
    close_scene(&s);

    open_scene(&s, curt);
    listener_free(s.listener);
    s.listener = NULL;
    deliver(&s);
    cr_expect_eq(delivery_status(s.delivery), STATUS_CONNECT);
    cr_expect_eq(delivery_stage(s.delivery), DELIVERY_CONNECT);
    cr_expect(strstr(delivery_why(s.delivery), "refused"), "%s", delivery_why(s.delivery));
    close_scene(&s);
}

Test(delivery, can_be_given_up)
{
    static const struct rule silent[RULES_MAX] = { { "MAIL", "-" } };
    struct delivery_hooks hooks = { 0 };
    struct scene s;

    open_scene(&s, silent);
    s.delivery = delivery_new(s.loop, s.record, &s.plan, &hooks);
    cr_assert(TURN_UNTIL(s.loop, strstr(buf_text(&s.heard), "MAIL")));
    delivery_stop(s.delivery, "the user ended it");
    cr_assert(TURN_UNTIL(s.loop, delivery_ended(s.delivery)));
    cr_expect_eq(delivery_status(s.delivery), STATUS_BROKEN);
    cr_expect_str_eq(delivery_why(s.delivery), "the user ended it");
    cr_expect_not(delivery_accepted(s.delivery, 0));
    close_scene(&s);
}

Test(delivery, follows_the_way_to_the_servers_of_a_domain)
{
    static const struct zone_row zone_rows[] = { { "hamburger.edu",
                                                   "10 mx1.hamburger.edu, 20 mx2.hamburger.edu" } };
    static const struct rule none[RULES_MAX] = { { 0 } };
    const struct delivery *first;
    struct zone zone;
    struct scene s;

    open_scene(&s, none);
    zone_start(&zone, s.loop, zone_rows, ROWS(zone_rows),
               "127.0.0.2 mx1.hamburger.edu\n127.0.0.1 mx2.hamburger.edu\n");
    s.plan.client.route = route_new(s.loop, "hamburger.edu", 1);
    deliver(&s);
    first = s.delivery;
    cr_expect_eq(delivery_status(first), STATUS_CONNECT);
    cr_expect_eq(route_turn(s.record, delivery_dialogue(first)), ROUTE_NEXT);
    delivery_free(s.delivery);
    cr_expect(route_next(s.plan.client.route));
    deliver(&s);
    cr_expect_eq(delivery_status(s.delivery), STATUS_OK, "%s", delivery_why(s.delivery));
    cr_expect_str_eq(route_host(s.plan.client.route), "mx2.hamburger.edu");
    delivery_free(s.delivery);
    s.delivery = NULL;
    route_free(s.plan.client.route);
    zone_end(&zone);
    close_scene(&s);
}
