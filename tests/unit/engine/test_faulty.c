/* Faults as a client meets them: what comes instead of the usual replies, and what is kept. */
#include "engine/faults.h"
#include "support/drive.h"
#include "support/feed.h"
#include "support/table.h"

/* All that the engine does, as text: octets, and [wait 200ms] [slow 1] [close] [reset]. */
static void pull(struct drive *d)
{
    struct action a;

    while (engine_next(d->engine, &a)) {
        switch (a.kind) {
        case ACTION_WRITE:
            buf_add(&d->replies, a.octets);
            break;
        case ACTION_WAIT:
            buf_printf(&d->replies, "[wait %lldms]", (long long)(a.until - d->now) / 1000);
            d->now = a.until;
            engine_waited(d->engine, d->now);
            break;
        case ACTION_SLOW:
            buf_printf(&d->replies, "[slow %u]", (unsigned)a.number);
            break;
        case ACTION_CLOSE:
            buf_add_text(&d->replies, "[close]");
            break;
        case ACTION_RESET:
            buf_add_text(&d->replies, "[reset]");
            break;
        case ACTION_FACT:
            drive_fact(d, &a.fact);
            break;
        case ACTION_STORE:
            drive_letter(d, a.letter);
            engine_stored(d->engine, true, NULL, d->now);
            break;
        case ACTION_START_TLS:
            buf_add_text(&d->replies, "[tls]");
            break;
        case ACTION_AUTH:
            break;
        }
    }
}

static void push(void *ctx, struct span piece)
{
    struct drive *d = ctx;
    size_t took;

    do {
        took = engine_push(d->engine, piece, d->now);
        pull(d);
        piece = span_from(piece, took);
    } while (took && piece.len);
}

static void start(struct drive *d, struct faults *set, const struct policy *policy)
{
    *d = (struct drive){ .engine = engine_new(policy) };
    engine_set_faults(d->engine, set, "127.0.0.1");
    d->now = CLOCK_SECOND;
    engine_open(d->engine, d->now);
    pull(d);
}

#define HELLO  "HELO c\r\n"
#define MAIL   "MAIL FROM:<a@b.fr>\r\n"
#define RCPT   "RCPT TO:<bob@hamburger.edu>\r\n"
#define LETTER "DATA\r\nlunch?\r\n.\r\n"
#define S220   "220 hamburger.edu\r\n"
#define SHELO  "250 Hello c, pleased to meet you\r\n"
#define SMAIL  "250 a@b.fr ... Sender ok\r\n"
#define SRCPT  "250 bob@hamburger.edu ... Recipient ok\r\n"
#define SDATA  "354 Enter mail, end with \".\" on a line by itself\r\n"
#define SEND   "250 Message accepted for delivery\r\n"
#define SQUIT  "221 hamburger.edu closing connection\r\n"
#define KEPT   "a@b.fr bob@hamburger.edu: lunch?\r\n\n"

static const struct {
    const char *name, *lines[3], *sent, *replies, *letters;
    bool cut; /* however it is cut, it is the same */
} stories[] = {
    { "none",
      { "NOOP drop" },
      HELLO MAIL RCPT LETTER "QUIT\r\n",
      S220 SHELO SMAIL SRCPT SDATA SEND SQUIT "[close]",
      KEPT,
      true },
    { "a recipient that is busy twice",
      { "RCPT times=1-2 reply=\"450 4.2.1 busy\"" },
      HELLO MAIL RCPT RCPT RCPT LETTER,
      S220 SHELO SMAIL "450 4.2.1 busy\r\n450 4.2.1 busy\r\n" SRCPT SDATA SEND,
      KEPT,
      true },
    { "no recipient is left",
      { "RCPT reply=\"450 4.2.1 busy\"" },
      HELLO MAIL RCPT "DATA\r\n",
      S220 SHELO SMAIL "450 4.2.1 busy\r\n503 No valid recipient yet; send RCPT first\r\n",
      "",
      true },
    { "a reply of several lines",
      { "RCPT reply=\"450-one\\n450-two\\nthree\"" },
      HELLO MAIL RCPT,
      S220 SHELO SMAIL "450-one\r\n450-two\r\n450 three\r\n",
      "",
      true },
    { "another text where all is well",
      { "RCPT reply=\"252 perhaps\"" },
      HELLO MAIL RCPT LETTER,
      S220 SHELO SMAIL "252 perhaps\r\n" SDATA SEND,
      KEPT,
      true },
    { "no reply at all, as octets",
      { "RCPT raw=\"\\0\\xff\"" },
      HELLO MAIL RCPT,
      S220 SHELO SMAIL,
      "",
      false },
    { "421 closes",
      { "MAIL reply=\"421 4.3.2 bye\"" },
      HELLO MAIL RCPT,
      S220 SHELO "421 4.3.2 bye\r\n[close]",
      "",
      true },
    { "a delay",
      { "MAIL delay=2s" },
      HELLO MAIL RCPT,
      S220 SHELO "[wait 2000ms]" SMAIL SRCPT,
      "",
      true },
    { "delays that add up",
      { "MAIL delay=2s", "MAIL delay=1s reply=\"450 x\"" },
      HELLO MAIL,
      S220 SHELO "[wait 3000ms]450 x\r\n",
      "",
      true },
    { "slow octets",
      { "MAIL slow=3 pause=5ms" },
      HELLO MAIL RCPT,
      S220 SHELO "[slow 3]" SMAIL "[slow 0]" SRCPT,
      "",
      true },
    { "pieces",
      { "HELO pieces=1,4,99 pause=7ms" },
      HELLO MAIL,
      S220 "2[wait 7ms]50 [wait 7ms]Hello c, pleased to meet you\r\n" SMAIL,
      "",
      true },
    { "pieces after a delay",
      { "HELO pieces=3 delay=1s" },
      HELLO,
      S220 "[wait 1000ms]250[wait 100ms] Hello c, pleased to meet you\r\n",
      "",
      true },
    { "drop", { "MAIL drop" }, HELLO MAIL RCPT, S220 SHELO "[close]", "", true },
    { "drop after a reply",
      { "MAIL drop reply=\"450 x\"" },
      HELLO MAIL RCPT,
      S220 SHELO "450 x\r\n[close]",
      "",
      true },
    { "drop after a time",
      { "MAIL drop delay=1s" },
      HELLO MAIL RCPT,
      S220 SHELO "[wait 1000ms][close]",
      "",
      true },
    { "reset", { "MAIL reset" }, HELLO MAIL RCPT, S220 SHELO "[reset]", "", true },
    { "reset at QUIT",
      { "QUIT reset reply=\"221 bye\"" },
      HELLO "QUIT\r\n",
      S220 SHELO "221 bye\r\n[reset]",
      "",
      true },
    { "silence", { "MAIL silent" }, HELLO MAIL RCPT "NOOP\r\nQUIT\r\n", S220 SHELO, "", true },
    { "silence after a reply",
      { "MAIL silent reply=\"250 fine\"" },
      HELLO MAIL RCPT,
      S220 SHELO "250 fine\r\n",
      "",
      true },
    { "no service",
      { "connect reply=\"554 5.3.2 closed\"" },
      "QUIT\r\n",
      "554 5.3.2 closed\r\n" SQUIT "[close]",
      "",
      true },
    { "drop at once", { "connect drop" }, HELLO, "[close]", "", true },
    { "a greeting that takes its time",
      { "connect delay=5s" },
      HELLO,
      "[wait 5000ms]" S220 SHELO,
      "",
      true },
    { "the letter is refused",
      { "end reply=\"554 5.6.0 no\"" },
      HELLO MAIL RCPT LETTER MAIL,
      S220 SHELO SMAIL SRCPT SDATA "554 5.6.0 no\r\n" SMAIL,
      "",
      true },
    { "the letter is stored, and the reply lost",
      { "end drop" },
      HELLO MAIL RCPT LETTER "NOOP\r\n",
      S220 SHELO SMAIL SRCPT SDATA "[close]",
      KEPT,
      true },
    { "the letter is stored, and the reply is slow",
      { "end delay=1s times=1" },
      HELLO MAIL RCPT LETTER MAIL,
      S220 SHELO SMAIL SRCPT SDATA "[wait 1000ms]" SEND SMAIL,
      KEPT,
      true },
    { "nonsense at the end of the letter",
      { "end raw=\"what?\\r\\n\"" },
      HELLO MAIL RCPT LETTER MAIL,
      S220 SHELO SMAIL SRCPT SDATA "what?\r\n" SMAIL,
      "",
      true },
    { "drop inside the letter",
      { "body octet=3 drop" },
      HELLO MAIL RCPT LETTER,
      S220 SHELO SMAIL SRCPT SDATA "[close]",
      "",
      true },
    { "reset inside the letter",
      { "body octet=3 reset" },
      HELLO MAIL RCPT LETTER,
      S220 SHELO SMAIL SRCPT SDATA "[reset]",
      "",
      true },
    { "silence inside the letter",
      { "body octet=3 silent" },
      HELLO MAIL RCPT LETTER "NOOP\r\n",
      S220 SHELO SMAIL SRCPT SDATA,
      "",
      true },
    { "a pause inside the letter",
      { "body octet=3 delay=1s" },
      HELLO MAIL RCPT LETTER,
      S220 SHELO SMAIL SRCPT SDATA "[wait 1000ms]" SEND,
      KEPT,
      true },
    { "421 inside the letter",
      { "body octet=3 reply=\"421 4.3.2 bye\"" },
      HELLO MAIL RCPT LETTER,
      S220 SHELO SMAIL SRCPT SDATA "421 4.3.2 bye\r\n[close]",
      "",
      true },
    { "STARTTLS refused",
      { "STARTTLS tls=refuse" },
      "EHLO c\r\nSTARTTLS\r\nNOOP\r\n",
      NULL,
      "",
      true },
    { "an unknown command",
      { "command reply=\"500 what\"" },
      "HLEO\r\nETRN x\r\n",
      S220 "500 what\r\n500 what\r\n",
      "",
      true },
    { "a full mailbox",
      { "RCPT to=bob@* full=452" },
      HELLO MAIL RCPT,
      S220 SHELO SMAIL "452 4.2.2 The mailbox is full, try again later\r\n",
      "",
      true },
};

Test(faulty, replies_and_letters_are_what_the_faults_leave_of_them)
{
    for (size_t i = 0; i < ROWS(stories); i++) {
        struct span sent = span_of(stories[i].sent);
        size_t ways = stories[i].cut ? feed_ways(sent.len) : 1;

        for (size_t way = 0; way < ways; way++) {
            struct faults *set = faults_new(1);
            struct buf why = { 0 };
            struct drive d;

            for (int k = 0; k < 3 && stories[i].lines[k]; k++)
                cr_assert(faults_parse(set, span_of(stories[i].lines[k]), &why), "%s: %s",
                          stories[i].name, buf_text(&why));
            start(&d, set, &policy_lab);
            feed(push, &d, sent, way);
            if (stories[i].replies)
                cr_expect_str_eq(buf_text(&d.replies), stories[i].replies, "%s, way %zu",
                                 stories[i].name, way);
            else
                cr_expect_not_null(strstr(buf_text(&d.replies),
                                          "\r\n454 4.7.0 TLS is not available "
                                          "now\r\n250 2.0.0 Ok\r\n"),
                                   "%s: %s", stories[i].name, buf_text(&d.replies));
            cr_expect_str_eq(buf_text(&d.letters), stories[i].letters, "%s, way %zu",
                             stories[i].name, way);
            drive_end(&d);
            faults_free(set);
            buf_release(&why);
        }
    }
}

Test(faulty, facts_say_which_rule_played)
{
    struct faults *set = faults_new(1);
    struct buf why = { 0 };
    struct drive d;

    faults_parse(set, SPAN("RCPT to=bob@* reply=\"450 4.2.1 busy\""), &why);
    start(&d, set, &policy_lab);
    push(&d, SPAN(HELLO MAIL RCPT));
    cr_expect_not_null(strstr(buf_text(&d.facts), "FAULT 0 RCPT to=bob@* reply=\"450 4.2.1 busy\"\n"
                                                  "DECIDED 450 a fault answers"),
                       "%s", buf_text(&d.facts));
    drive_end(&d);
    faults_free(set);
}

Test(faulty, offers_are_left_out_and_added)
{
    struct faults *set = faults_new(1);
    struct buf why = { 0 };
    struct drive d;

    faults_parse(set, SPAN("EHLO strip=size,HELP,8BITMIME,SMTPUTF8"), &why);
    faults_parse(set, SPAN("EHLO add=\"X-LUNCH 12\""), &why);
    start(&d, set, &policy_lab);
    push(&d, SPAN("EHLO c\r\n"));
    cr_expect_null(strstr(buf_text(&d.replies), "SIZE"));
    cr_expect_null(strstr(buf_text(&d.replies), "HELP"));
    cr_expect_not_null(strstr(buf_text(&d.replies), "250-PIPELINING\r\n"));
    cr_expect_not_null(strstr(buf_text(&d.replies), "\r\n250 X-LUNCH 12\r\n"));
    cr_expect_null(strstr(buf_text(&d.replies), "\r\n250-X-LUNCH"));
    drive_end(&d);
    faults_free(set);
}

static const struct {
    const char *line, *replies;
} handshakes[] = {
    { "STARTTLS tls=close", "[close]" },
    { "STARTTLS tls=plaintext", "500 5.5.1 Command not recognized\r\n[close]" },
    { "STARTTLS tls=garbage", "\x15\xff" },
};

Test(faulty, handshakes_are_broken_after_220)
{
    for (size_t i = 0; i < ROWS(handshakes); i++) {
        struct faults *set = faults_new(1);
        struct buf why = { 0 };
        struct drive d;

        faults_parse(set, span_of(handshakes[i].line), &why);
        start(&d, set, &policy_lab);
        push(&d, SPAN("EHLO c\r\nSTARTTLS\r\n"));
        cr_expect_not_null(strstr(buf_text(&d.replies), "\r\n220 "), "%s", handshakes[i].line);
        cr_expect_null(strstr(buf_text(&d.replies), "[tls]"), "%s", handshakes[i].line);
        buf_clear(&d.replies);
        push(&d, SPAN("\x16\x03\x01\x02"));
        cr_expect(span_starts(buf_span(&d.replies), span_of(handshakes[i].replies)), "%s: %s",
                  handshakes[i].line, buf_text(&d.replies));
        drive_end(&d);
        faults_free(set);
    }
}

Test(faulty, silence_of_the_client_has_its_faults)
{
    struct faults *set = faults_new(1);
    struct buf why = { 0 };
    struct drive d;

    faults_parse(set, SPAN("idle after=10s reply=\"250 still there?\""), &why);
    faults_parse(set, SPAN("idle after=20s drop"), &why);
    start(&d, set, &policy_lab);
    engine_set_timeouts(d.engine, false);
    cr_expect_eq(engine_deadline(d.engine), 11 * CLOCK_SECOND, "from the start on");
    d.now = 5 * CLOCK_SECOND;
    push(&d, SPAN(HELLO));
    cr_expect_eq(engine_deadline(d.engine), 15 * CLOCK_SECOND);
    buf_clear(&d.replies);
    engine_tick(d.engine, 15 * CLOCK_SECOND);
    pull(&d);
    cr_expect_str_eq(buf_text(&d.replies), "250 still there?\r\n");
    cr_expect_eq(engine_deadline(d.engine), 25 * CLOCK_SECOND);
    d.now = 18 * CLOCK_SECOND;
    push(&d, SPAN("NO"));
    cr_expect_eq(engine_deadline(d.engine), 28 * CLOCK_SECOND, "octets end the silence");
    engine_tick(d.engine, 28 * CLOCK_SECOND);
    engine_tick(d.engine, 38 * CLOCK_SECOND);
    pull(&d);
    cr_expect_not_null(strstr(buf_text(&d.replies), "[close]"));
    cr_expect_eq(engine_deadline(d.engine), CLOCK_NEVER);
    drive_end(&d);
    faults_free(set);
}

Test(faulty, magic_addresses_work_on_any_server_that_allows_them)
{
    struct policy open = policy_lab;
    struct faults *set = faults_new(1);
    struct drive d;

    open.any_recipient = true;
    faults_set_magic(set, true);
    start(&d, set, &open);
    push(&d, SPAN(HELLO MAIL "RCPT TO:<busy+452@hamburger.edu>\r\nRCPT TO:<multi@hamburger.edu>\r\n"
                             "RCPT TO:<after+552@hamburger.edu>\r\n" LETTER));
    cr_expect_str_eq(buf_text(&d.replies),
                     S220 SHELO SMAIL "452 4.2.1 This mailbox answers 452\r\n"
                                      "250-2.1.5 This reply\r\n250-2.1.5 has three\r\n"
                                      "250 2.1.5 lines\r\n"
                                      "250 after+552@hamburger.edu ... Recipient ok\r\n" SDATA
                                      "552 5.3.0 Not this letter\r\n");
    cr_expect_str_eq(buf_text(&d.letters), "");
    drive_end(&d);
    faults_free(set);
}

Test(faulty, lmtp_has_a_reply_for_each_recipient)
{
    struct policy lmtp = policy_lab;
    struct faults *set = faults_new(1);
    struct buf why = { 0 };
    struct drive d;

    lmtp.lmtp = lmtp.any_recipient = true;
    faults_parse(set, SPAN("end reply=\"450 4.2.1 later\""), &why);
    start(&d, set, &lmtp);
    push(&d, SPAN("LHLO c\r\n" MAIL RCPT "RCPT TO:<carol@hamburger.edu>\r\n" LETTER));
    cr_expect_not_null(strstr(buf_text(&d.replies), "\r\n354 "));
    cr_expect_not_null(strstr(buf_text(&d.replies), "450 4.2.1 later\r\n450 4.2.1 later\r\n"));
    drive_end(&d);
    faults_free(set);
}

#define RCPT_OF(name) "RCPT TO:<" name "@hamburger.edu>\r\n"

/* Each with its reply; what is stored, and for whom; and the faults' other effects. */
static const struct {
    const char *name, *lines[2], *recipients, *ends, *letters;
} shares[] = {
    { "a magic address among others",
      { NULL },
      RCPT_OF("bob") RCPT_OF("after+552") RCPT_OF("carol"),
      "250 2.1.5 bob@hamburger.edu ... Delivered\r\n"
      "552 5.3.0 Not this letter\r\n"
      "250 2.1.5 carol@hamburger.edu ... Delivered\r\n",
      "a@b.fr bob@hamburger.edu,carol@hamburger.edu: lunch?\r\n\n" },
    { "a rule for one recipient",
      { "end to=bob@* reply=\"452 4.2.2 full\"" },
      RCPT_OF("bob") RCPT_OF("carol"),
      "452 4.2.2 full\r\n250 2.1.5 carol@hamburger.edu ... Delivered\r\n",
      "a@b.fr carol@hamburger.edu: lunch?\r\n\n" },
    { "other words for one, which is stored all the same",
      { "end to=bob@* reply=\"250 fine\"" },
      RCPT_OF("bob") RCPT_OF("carol"),
      "250 fine\r\n250 2.1.5 carol@hamburger.edu ... Delivered\r\n",
      "a@b.fr bob@hamburger.edu,carol@hamburger.edu: lunch?\r\n\n" },
    { "two rules that wait and refuse",
      { "end to=bob@* delay=1s reply=\"452 4.2.2 full\"", "end to=carol@* delay=3s" },
      RCPT_OF("bob") RCPT_OF("carol"),
      "[wait 3000ms]452 4.2.2 full\r\n250 2.1.5 carol@hamburger.edu ... Delivered\r\n",
      "a@b.fr carol@hamburger.edu: lunch?\r\n\n" },
    { "421 for one closes behind all replies",
      { "end to=bob@* reply=\"421 4.3.2 bye\"" },
      RCPT_OF("bob") RCPT_OF("carol"),
      "421 4.3.2 bye\r\n250 2.1.5 carol@hamburger.edu ... Delivered\r\n[close]",
      "a@b.fr carol@hamburger.edu: lunch?\r\n\n" },
    { "counted by recipient",
      { "end times=2 reply=\"450 4.2.1 later\"" },
      RCPT_OF("bob") RCPT_OF("carol"),
      "250 2.1.5 bob@hamburger.edu ... Delivered\r\n450 4.2.1 later\r\n",
      "a@b.fr bob@hamburger.edu: lunch?\r\n\n" },
    { "nobody is left",
      { "end to=bob@* reply=\"450 4.2.1 later\"", "end to=carol@* reply=\"550 5.7.1 never\"" },
      RCPT_OF("bob") RCPT_OF("carol"),
      "450 4.2.1 later\r\n550 5.7.1 never\r\n",
      "" },
    { "dropped",
      { "end to=carol@* drop" },
      RCPT_OF("bob") RCPT_OF("carol"),
      "[close]",
      "a@b.fr bob@hamburger.edu,carol@hamburger.edu: lunch?\r\n\n" },
};

Test(faulty, lmtp_refuses_the_letter_for_those_recipients_alone)
{
    struct policy lmtp = policy_lab;

    lmtp.lmtp = lmtp.any_recipient = true;
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        struct faults *set = faults_new(1);
        struct buf why = { 0 };
        const char *ends;
        struct drive d;

        faults_set_magic(set, true);
        for (size_t k = 0; k < 2 && shares[i].lines[k]; k++)
            cr_assert(faults_parse(set, span_of(shares[i].lines[k]), &why), "%s", buf_text(&why));
        start(&d, set, &lmtp);
        push(&d, SPAN("LHLO c\r\n" MAIL));
        push(&d, span_of(shares[i].recipients));
        push(&d, SPAN(LETTER));
        ends = strstr(buf_text(&d.replies), "354 ");
        cr_assert_not_null(ends, "%s", shares[i].name);
        cr_expect_str_eq(strchr(ends, '\n') + 1, shares[i].ends, "%s: %s", shares[i].name, ends);
        cr_expect_str_eq(buf_text(&d.letters), shares[i].letters, "%s", shares[i].name);
        drive_end(&d);
        faults_free(set);
        buf_release(&why);
    }
}

Test(faulty, silence_ends_without_a_word)
{
    struct policy slow = policy_lab;
    struct faults *set = faults_new(1);
    struct buf why = { 0 };
    struct drive d;

    slow.command_timeout = 10 * CLOCK_SECOND;
    faults_parse(set, SPAN("MAIL silent"), &why);
    start(&d, set, &slow);
    engine_set_timeouts(d.engine, true);
    push(&d, SPAN(HELLO MAIL));
    cr_expect_str_eq(buf_text(&d.replies), S220 SHELO);
    d.now += 11 * CLOCK_SECOND;
    cr_expect_leq(engine_deadline(d.engine), d.now);
    engine_tick(d.engine, d.now);
    pull(&d);
    cr_expect_str_eq(buf_text(&d.replies), S220 SHELO "[close]");
    drive_end(&d);
    faults_free(set);
}

Test(faulty, greylisting_at_data_waits_for_each_recipient_it_is_for)
{
    struct policy open = policy_lab;
    struct faults *set = faults_new(1);
    struct buf why = { 0 };
    struct drive d;

    open.any_recipient = true;
    faults_parse(set, SPAN("DATA to=carol@* greylist=1min"), &why);
    start(&d, set, &open);
    push(&d, SPAN(HELLO MAIL RCPT "RCPT TO:<carol@hamburger.edu>\r\nDATA\r\n"));
    cr_expect_not_null(strstr(buf_text(&d.replies), "451 4.7.1 Greylisted"), "%s",
                       buf_text(&d.replies));
    d.now += 61 * CLOCK_SECOND;
    push(&d, SPAN("RSET\r\n" MAIL RCPT "RCPT TO:<carol@hamburger.edu>\r\n" LETTER));
    cr_expect_not_null(strstr(buf_text(&d.replies), SDATA SEND), "%s", buf_text(&d.replies));
    drive_end(&d);
    faults_free(set);
}
