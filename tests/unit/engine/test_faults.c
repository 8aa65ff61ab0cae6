/* Sets of faults: which rules play when, what they do together, and what is counted. */
#include "engine/faults.h"

#include <stdio.h>

#include "base/clock.h"
#include "engine/magic.h"
#include "support/table.h"

/* What happens, one word each: a moment's letter (r RCPT, c connect, e end), a client's digit; "s"
 * is a new session, "+N;" N seconds go by. What plays: one sign each, "x" or ".". */
static void run(struct faults *set, const char *story, struct buf *out)
{
    struct fault_session session = { 0 };
    char address[] = "10.0.0.0";
    int64_t now = 0;

    for (const char *s = story; *s; s++) {
        struct fault_event ev = { .at = *s == 'r'   ? FAULT_RCPT
                                        : *s == 'c' ? FAULT_CONNECT
                                                    : FAULT_END,
                                  .command = *s == 'r',
                                  .from = SPAN("a@b.fr"),
                                  .to = SPAN("bob@x.org"),
                                  .address = address,
                                  .now = now };
        struct fault_play play;

        if (*s == 's') {
            fault_session_release(&session);
        } else if (*s == '+') {
            for (s++; *s != ';'; s++)
                now += (*s - '0') * CLOCK_SECOND;
        } else if (ascii_is_digit((unsigned char)*s)) {
            address[7] = *s;
        } else {
            buf_add_octet(out, faults_ask(set, &session, &ev, &play) ? 'x' : '.');
        }
    }
    fault_session_release(&session);
}

static const struct {
    const char *line, *story, *want;
} stories[] = {
    { "RCPT drop", "rrr", "xxx" },
    { "RCPT drop off", "rrr", "..." },
    { "RCPT drop times=3", "rrrr", "..x." },
    { "RCPT drop times=1-2", "rrsrr", "xx.." },
    { "RCPT drop times=2-", "rrrr", ".xxx" },
    { "RCPT drop times=\"every 2\"", "rrrrr", ".x.x." },
    { "RCPT drop times=2 per=session", "rrsrr", ".x.x" },
    { "RCPT drop times=2 per=client", "r1r0r1r", "..xx" },
    { "RCPT rate=2 in=1min", "rrrr", "..xx" },
    { "RCPT rate=2 in=3s", "rrr+3;rrr", "..x..x" },
    { "connect rate=1 in=9s per=client", "c1c0c1c+9;c", "..xx." },
    { "RCPT greylist=5s", "rr+4;r+1;rr", "xxx.." },
    { "RCPT greylist=5s", "r1+5;r0r", "xx." },
    { "command drop", "crer", ".x.x" },
};

Test(faults, play_when_their_number_comes)
{
    for (size_t i = 0; i < ROWS(stories); i++) {
        struct faults *set = faults_new(1);
        struct buf got = { 0 }, why = { 0 };

        cr_assert_eq(faults_parse(set, span_of(stories[i].line), &why), 1, "%s", buf_text(&why));
        run(set, stories[i].story, &got);
        cr_expect_str_eq(buf_text(&got), stories[i].want, "%s: %s", stories[i].line,
                         stories[i].story);
        faults_free(set);
        buf_release(&got);
        buf_release(&why);
    }
}

Test(faults, follow_the_seed_where_chance_is_asked_for)
{
    struct buf got[3] = { 0 }, why = { 0 };
    unsigned played = 0;

    for (int i = 0; i < 3; i++) {
        struct faults *set = faults_new(i < 2 ? 7 : 8);

        faults_parse(set, SPAN("RCPT chance=25 drop"), &why);
        for (int k = 0; k < 100; k++)
            run(set, "rrrrrrrrrr", &got[i]);
        faults_free(set);
    }
    cr_expect_str_eq(buf_text(&got[0]), buf_text(&got[1]), "the same seed, the same faults");
    cr_expect_str_neq(buf_text(&got[0]), buf_text(&got[2]));
    for (size_t k = 0; k < got[0].len; k++)
        played += got[0].at[k] == 'x';
    cr_expect(played > 200 && played < 300, "%u of 1000", played);
    for (int i = 0; i < 3; i++)
        buf_release(&got[i]);
}

static const struct fault_event at_rcpt = { .at = FAULT_RCPT,
                                            .command = true,
                                            .from = SPAN_INIT("a@b.fr"),
                                            .to = SPAN_INIT("bob@x.org"),
                                            .address = "" };

/* What several rules do together. */
static const struct {
    const char *lines[3];
    const char *reply, *raw;
    unsigned code, count;
    int64_t delay;
    unsigned slow;
    enum fault_end end;
    bool refuses;
} plays[] = {
    { { "RCPT reply=\"450 one\"", "RCPT reply=\"550 two\" delay=1s", "RCPT delay=2s" },
      "450 one",
      NULL,
      450,
      3,
      3 * CLOCK_SECOND,
      0,
      FAULT_GOES_ON,
      true },
    { { "RCPT drop", "RCPT reset", "RCPT slow=3" }, NULL, NULL, 0, 3, 0, 3, FAULT_DROPS, false },
    { { "RCPT silent", "MAIL drop" }, NULL, NULL, 0, 1, 0, 0, FAULT_FALLS_SILENT, false },
    { { "RCPT reset slow=1", "RCPT pieces=1" }, NULL, NULL, 0, 2, 0, 1, FAULT_RESETS, false },
    { { "RCPT raw=\"nonsense\"" }, NULL, "nonsense", 0, 1, 0, 0, FAULT_GOES_ON, true },
    { { "RCPT raw=\"250ok\"", "RCPT reply=450" },
      NULL,
      "250ok",
      250,
      2,
      0,
      0,
      FAULT_GOES_ON,
      false },
    { { "RCPT full=452" },
      "452 4.2.2 The mailbox is full, try again later",
      NULL,
      452,
      1,
      0,
      0,
      FAULT_GOES_ON,
      true },
    { { "RCPT full=552" },
      "552 5.2.2 The mailbox is full",
      NULL,
      552,
      1,
      0,
      0,
      FAULT_GOES_ON,
      true },
    { { "RCPT greylist=1s" },
      "451 4.7.1 Greylisted, try again later",
      NULL,
      451,
      1,
      0,
      0,
      FAULT_GOES_ON,
      true },
    { { "RCPT greylist=1s drop" }, NULL, NULL, 0, 1, 0, 0, FAULT_DROPS, false },
    { { "RCPT greylist=1s reply=\"450 later\"" },
      "450 later",
      NULL,
      450,
      1,
      0,
      0,
      FAULT_GOES_ON,
      true },
    { { "RCPT reply=\"252 well\"" }, "252 well", NULL, 252, 1, 0, 0, FAULT_GOES_ON, false },
};

Test(faults, join_what_they_do)
{
    for (size_t i = 0; i < ROWS(plays); i++) {
        struct faults *set = faults_new(1);
        struct fault_session session = { 0 };
        struct fault_play p;
        struct buf why = { 0 };

        for (int k = 0; k < 3 && plays[i].lines[k]; k++)
            cr_assert_neq(faults_parse(set, span_of(plays[i].lines[k]), &why), 0, "%s",
                          buf_text(&why));
        cr_expect(faults_ask(set, &session, &at_rcpt, &p), "row %zu", i);
        cr_expect_eq(p.count, plays[i].count, "row %zu", i);
        cr_expect(plays[i].reply ? p.reply && strcmp(p.reply, plays[i].reply) == 0 : !p.reply,
                  "row %zu", i);
        cr_expect(plays[i].raw ? p.raw && strcmp(p.raw, plays[i].raw) == 0 : !p.raw, "row %zu", i);
        cr_expect_eq(p.code, plays[i].code, "row %zu", i);
        cr_expect_eq(p.delay, plays[i].delay, "row %zu", i);
        cr_expect_eq(p.slow, plays[i].slow, "row %zu", i);
        cr_expect_eq(p.end, plays[i].end, "row %zu", i);
        cr_expect_eq(fault_refuses(&p), plays[i].refuses, "row %zu", i);
        fault_session_release(&session);
        faults_free(set);
    }
}

Test(faults, are_listed_switched_and_removed)
{
    struct faults *set = faults_new(1);
    struct buf why = { 0 }, got = { 0 };
    struct fault_info info;
    struct fault f;

    cr_expect_eq(faults_parse(set, SPAN("RCPT drop times=2"), &why), 1);
    cr_expect_eq(faults_parse(set, SPAN("MAIL drop"), &why), 2);
    cr_expect_eq(faults_parse(set, SPAN("MAIL"), &why), 0);
    cr_expect_str_eq(buf_text(&why), "nothing would happen: name a reply, delay, drop, reset, "
                                     "silent or the like");
    run(set, "rrr", &got);
    cr_assert(faults_get(set, 0, &info));
    cr_expect_eq(info.id, 1);
    cr_expect_eq(info.matched, 3);
    cr_expect_eq(info.played, 1);
    cr_expect(!info.fault->off);
    cr_expect(faults_switch(set, 1, false));
    cr_expect(!faults_switch(set, 9, false));
    cr_expect(faults_get(set, 0, &info) && info.fault->off);
    cr_expect(faults_remove(set, 1));
    cr_expect(!faults_remove(set, 1));
    cr_expect_eq(faults_count(set), 1);
    cr_expect(faults_get(set, 0, &info) && info.id == 2);
    cr_expect(!faults_get(set, 1, &info));
    while (faults_count(set) < FAULTS_MAX)
        faults_parse(set, SPAN("NOOP drop"), &why);
    buf_clear(&why);
    cr_expect_eq(faults_parse(set, SPAN("NOOP drop"), &why), 0);
    cr_expect_str_eq(buf_text(&why), "there are 256 faults already");
    cr_expect(fault_parse(&f, SPAN("NOOP drop to=x"), &why));
    cr_expect_eq(faults_add(set, &f), 0);
    faults_free(set);
    faults_free(NULL);
    buf_release(&why);
    buf_release(&got);
}

Test(faults, remember_no_more_than_they_may)
{
    struct faults *set = faults_new(1);
    struct fault_session session = { 0 };
    struct buf why = { 0 };
    char address[16];
    struct fault_play p;
    struct fault_event ev = at_rcpt;

    faults_parse(set, SPAN("RCPT greylist=1s"), &why);
    ev.address = address;
    for (int i = 0; i <= FAULTS_REMEMBERED_MAX; i++) {
        snprintf(address, sizeof address, "%d", i);
        cr_expect(faults_ask(set, &session, &ev, &p));
    }
    ev.now = CLOCK_SECOND;
    cr_expect(!faults_ask(set, &session, &ev, &p), "the last one is known");
    address[0] = 49;
    address[1] = 0;
    cr_expect(!faults_ask(set, &session, &ev, &p), "the second is known");
    address[0] = 48;
    cr_expect(faults_ask(set, &session, &ev, &p), "the first made room");
    faults_free(set);
    fault_session_release(&session);
}

Test(faults, tell_when_they_wait_for_silence_or_an_octet)
{
    struct faults *set = faults_new(1);
    struct buf why = { 0 };

    cr_expect_eq(faults_idle_at(NULL, 0, 0), CLOCK_NEVER);
    cr_expect_eq(faults_idle_at(set, 0, 0), CLOCK_NEVER);
    cr_expect_eq(faults_octet(set, 0), UINT64_MAX);
    faults_parse(set, SPAN("idle after=30s drop"), &why);
    faults_parse(set, SPAN("idle after=10s reply=250"), &why);
    faults_parse(set, SPAN("idle after=1s drop off"), &why);
    faults_parse(set, SPAN("body octet=50 drop"), &why);
    faults_parse(set, SPAN("body octet=20 delay=1s"), &why);
    cr_expect_eq(faults_idle_at(set, 5, 0), 10 * CLOCK_SECOND + 5);
    cr_expect_eq(faults_idle_at(set, 5, 10 * CLOCK_SECOND), 30 * CLOCK_SECOND + 5);
    cr_expect_eq(faults_idle_at(set, 5, 30 * CLOCK_SECOND), CLOCK_NEVER);
    cr_expect_eq(faults_octet(set, 0), 20);
    cr_expect_eq(faults_octet(set, 20), 50);
    cr_expect_eq(faults_octet(set, 50), UINT64_MAX);
    faults_free(set);
}

static const struct {
    const char *to;
    unsigned code; /* at RCPT; 0: none */
    unsigned later;
    const char *line; /* of the rule; NULL: none */
} spells[] = {
    { "ok@x.org", 0, 0, NULL },
    { "bob@x.org", 0, 0, NULL },
    { "busy@x.org", 450, 0, "RCPT reply=\"450 4.2.1 This mailbox answers 450\"" },
    { "Busy+552@x.org", 552, 0, "RCPT reply=\"552 5.2.1 This mailbox answers 552\"" },
    { "busy+250@x.org", 0, 0, NULL },
    { "busy+x@x.org", 0, 0, NULL },
    { "tempfail@x.org", 451, 0, NULL },
    { "tempfail+1@x.org", 0, 0, NULL },
    { "unknown@x.org", 550, 0, NULL },
    { "nobody@x.org", 550, 0, NULL },
    { "full@x.org", 452, 0, "RCPT full=452" },
    { "greylist@x.org", 451, 0, "RCPT greylist=1min" },
    { "greylist+5@x.org", 451, 0, "RCPT greylist=5s" },
    { "slow+7@x.org", 0, 0, "RCPT delay=7s" },
    { "slow+3601@x.org", 0, 0, NULL },
    { "drop@x.org", 0, 0, "RCPT drop" },
    { "reset@x.org", 0, 0, "RCPT reset" },
    { "silent@x.org", 0, 0, "RCPT silent" },
    { "closing@x.org", 421, 0, NULL },
    { "after@x.org", 0, 451, NULL },
    { "after+554@x.org", 0, 554, NULL },
    { "multi@x.org", 250, 0, NULL },
    { "badreply@x.org", 0, 0, "RCPT raw=\"25O ok, the third digit is a letter\\r\\n\"" },
    { "dribble@x.org", 0, 0, "RCPT slow=1" },
};

Test(faults, come_from_magic_addresses_where_that_is_on)
{
    struct faults *set = faults_new(1);
    struct fault_session session = { 0 };
    struct fault_play p;

    for (size_t i = 0; i < ROWS(spells); i++) {
        struct fault_event ev = at_rcpt;
        struct buf line = { 0 };
        unsigned code;

        ev.to = span_of(spells[i].to);
        faults_set_magic(set, false);
        cr_expect(!faults_ask(set, &session, &ev, &p), "%s", spells[i].to);
        faults_set_magic(set, true);
        code = faults_ask(set, &session, &ev, &p) ? p.code : 0;
        cr_expect_eq(code, spells[i].code, "%s: %u", spells[i].to, code);
        if (p.count)
            fault_print(p.rules[0], &line);
        if (spells[i].line)
            cr_expect_str_eq(buf_text(&line), spells[i].line, "%s", spells[i].to);
        cr_expect_eq(p.count, spells[i].line || spells[i].code, "%s", spells[i].to);
        ev.at = FAULT_END;
        cr_expect_eq(faults_ask(set, &session, &ev, &p) ? p.code : 0, spells[i].later, "%s",
                     spells[i].to);
        buf_release(&line);
    }
    faults_free(set);
}

/* Each row's fault must be one, with every number; so the table cannot be wrong unseen. */
Test(faults, of_magic_addresses_are_well_formed)
{
    for (size_t i = 0; i < magic_count; i++) {
        const char *texts[] = { magic_rows[i].line, magic_rows[i].later };

        for (int k = 0; k < 2; k++) {
            struct buf line = { 0 }, why = { 0 };
            struct fault f;

            if (!texts[k])
                continue;
            magic_fill(texts[k], magic_rows[i].number == MAGIC_CODE ? 599 : 3600, &line);
            cr_expect(fault_parse(&f, buf_span(&line), &why), "%s: %s", magic_rows[i].local,
                      buf_text(&why));
            fault_release(&f);
            buf_release(&line);
            buf_release(&why);
        }
        cr_expect(magic_rows[i].help[0]);
    }
}
