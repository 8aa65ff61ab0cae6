/* Faults as lines: read, refused in words, printed so that they read back the same. */
#include "engine/fault.h"

#include "support/table.h"

static const struct {
    const char *line, *printed; /* NULL: refused */
    const char *why;
} lines[] = {
    { "RCPT to=*@x.org times=1-2 reply=\"450 4.2.1 busy\" delay=2s",
      "RCPT to=*@x.org times=1-2 reply=\"450 4.2.1 busy\" delay=2s", "" },
    { "  rcpt   drop ", "RCPT drop", "" },
    { "at=connect reply=554", "connect reply=554", "" },
    { "EHLO strip=STARTTLS,AUTH add=\"SIZE 100\"", "EHLO strip=STARTTLS,AUTH add=\"SIZE 100\"",
      "" },
    { "MAIL parameter=BODY=8BITMIME from=\"<>\" silent",
      "MAIL from=<> parameter=BODY=8BITMIME silent", "" },
    { "command rate=10 in=\"2 min\" per=client", "command per=client rate=10 in=2min", "" },
    { "NOOP reply=\"250-one\\n250 two\" slow=1 pause=5ms",
      "NOOP reply=\"250-one\\n250 two\" slow=1 pause=5ms", "" },
    { "QUIT raw=\"\\x00no\\r\\n\" chance=25", "QUIT chance=25 raw=\"\\0no\\r\\n\"", "" },
    { "QUIT raw=bye", "QUIT raw=bye", "" },
    { "DATA pieces=1,5 times=\"every 5\"", "DATA times=\"every 5\" pieces=1,5", "" },
    { "STARTTLS tls=garbage", "STARTTLS tls=garbage", "" },
    { "body octet=1k reset", "body octet=1k reset", "" },
    { "idle after=30s reply=\"421 4.4.2 bye\"", "idle after=30s reply=\"421 4.4.2 bye\"", "" },
    { "RCPT greylist=5min off", "RCPT greylist=5min off", "" },
    { "end full=552 client=*.fr client-address=127.* times=3-",
      "end client=*.fr client-address=127.* times=3- full=552", "" },
    { "RCPT drop=no reply=\"450 x\"", "RCPT reply=\"450 x\"", "" },
    { "", NULL,
      "'at' must be one of connect, HELO, EHLO, LHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, BDAT, "
      "RSET, "
      "NOOP, VRFY, EXPN, HELP, QUIT, command, end, body, idle, not ''" },
    { "RCTP drop", NULL,
      "'at' must be one of connect, HELO, EHLO, LHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, BDAT, "
      "RSET, "
      "NOOP, VRFY, EXPN, HELP, QUIT, command, end, body, idle, not 'RCTP' (did you mean RCPT?)" },
    { "RCPT dealy=2s", NULL, "unknown key 'dealy'; did you mean 'delay'?" },
    { "RCPT client-address=*@x.org drop", NULL,
      "'client-address' must be an IP address or a pattern such as 192.0.2.*, not '*@x.org'; for "
      "example: client-address=127.0.0.1" },
    { "RCPT delay=2", NULL,
      "'delay' must be a time, such as 300ms, 5s or 2min, from 0s to 1d, not '2'; for example: "
      "delay=2s" },
    { "RCPT delay", NULL,
      "'delay' must be a time, such as 300ms, 5s or 2min, from 0s to 1d, not ''; for example: "
      "delay=2s" },
    { "RCPT reply=busy", NULL,
      "'reply' must be a code from 200 to 599 and a text, not 'busy'; for example: reply=450 4.2.1 "
      "busy" },
    { "RCPT reply=\"99 x\"", NULL,
      "'reply' must be a code from 200 to 599 and a text, not '99 x'; for example: reply=450 4.2.1 "
      "busy" },
    { "RCPT reply=\"450 x", NULL, "the text of 'reply' has no \" at its end" },
    { "RCPT drop drop", NULL, "'drop' stands there twice" },
    { "RCPT drop at=MAIL", NULL, "'at' stands there twice" },
    { "RCPT", NULL, "nothing would happen: name a reply, delay, drop, reset, silent or the like" },
    { "RCPT drop reset", NULL, "one end is enough: 'drop', 'reset' or 'silent'" },
    { "RCPT reply=450 full=452", NULL, "one reply is enough: 'reply', 'raw', 'full' or 'tls'" },
    { "RCPT slow=1 pieces=1", NULL, "either 'slow' or 'pieces'" },
    { "RCPT rate=1 greylist=1s", NULL, "either 'rate' or 'greylist'" },
    { "MAIL strip=SIZE", NULL, "'strip' goes with at EHLO or LHLO" },
    { "RCPT tls=refuse", NULL, "'tls' goes with at STARTTLS" },
    { "RCPT octet=5 drop", NULL, "'octet' goes with at body" },
    { "body drop", NULL, "at body needs 'octet': behind which octet of the letter" },
    { "body octet=5 slow=1", NULL, "'slow' goes with the moments that have a reply" },
    { "idle drop", NULL, "at idle needs 'after': how long the client was silent" },
    { "RCPT times=0 drop", NULL,
      "'times' must be a number, or two such as 1-2 or 3-, or every 5, not '0'; for example: "
      "times=1-2" },
    { "RCPT times=3-2 drop", NULL,
      "'times' must be a number, or two such as 1-2 or 3-, or every 5, not '3-2'; for example: "
      "times=1-2" },
    { "RCPT times=\"every 0\" drop", NULL,
      "'times' must be a number, or two such as 1-2 or 3-, or every 5, not 'every 0'; for example: "
      "times=1-2" },
    { "RCPT raw=\"\\q\"", NULL,
      "'raw' must be octets with escapes such as \\r \\n \\x00, not '\\q'; for example: raw='250 "
      "ok\\n'" },
    { "RCPT to=\"a b\" drop", NULL,
      "'to' must be an address or a pattern such as *@x.org, not 'a b'; for example: "
      "to=\"*@x.org\"" },
    { "DATA pieces=0", NULL,
      "'pieces' must be numbers from 1, not '0'; for example: pieces=[1, 5]" },
    { "EHLO add=\"\\e\"", NULL,
      "'add' must be keywords of EHLO, not '<ESC>'; for example: add=[X-LUNCH]" },
};

Test(fault, is_read_from_a_line_and_printed_as_one)
{
    for (size_t i = 0; i < ROWS(lines); i++) {
        struct buf why = { 0 }, printed = { 0 }, again = { 0 };
        struct fault f;
        bool right = fault_parse(&f, span_of(lines[i].line), &why);

        cr_expect_eq(right, lines[i].printed != NULL, "%s", lines[i].line);
        cr_expect_str_eq(buf_text(&why), lines[i].why, "%s", lines[i].line);
        if (right) {
            fault_print(&f, &printed);
            cr_expect_str_eq(buf_text(&printed), lines[i].printed, "%s", lines[i].line);
            fault_release(&f);
            cr_expect(fault_parse(&f, buf_span(&printed), &why), "%s", lines[i].line);
            fault_print(&f, &again);
            cr_expect_str_eq(buf_text(&again), lines[i].printed, "%s", lines[i].line);
        }
        fault_release(&f);
        buf_release(&why);
        buf_release(&printed);
        buf_release(&again);
    }
}

static const struct {
    const char *pattern, *text;
    bool fits;
} globs[] = {
    { "", "", true },
    { "", "a", false },
    { "*", "", true },
    { "*", "abc", true },
    { "a*c", "abbbc", true },
    { "a*c", "ac", true },
    { "a*c", "acd", false },
    { "*@X.org", "bob@x.ORG", true },
    { "?", "", false },
    { "b?b", "bob", true },
    { "*a*b*", "xxaxxbxx", true },
    { "*ab", "aab", true },
    { "a**b", "ab", true },
    { "abc", "ab", false },
    { "*.fr", "crepes.fr.", false },
};

Test(fault, patterns_have_stars_and_question_marks)
{
    struct buf stars = { 0 }, as = { 0 };

    for (size_t i = 0; i < ROWS(globs); i++)
        cr_expect_eq(fault_glob(span_of(globs[i].pattern), span_of(globs[i].text)), globs[i].fits,
                     "%s %s", globs[i].pattern, globs[i].text);
    for (int i = 0; i < 100; i++)
        buf_add_text(&stars, "a*");
    buf_add_text(&stars, "b");
    buf_add_repeat(&as, 'a', 4000);
    cr_expect(!fault_glob(buf_span(&stars), buf_span(&as)), "and come to an end soon");
    buf_release(&stars);
    buf_release(&as);
}

/* What a rule waits for, and what happens. */
#define PARAMS "SIZE=100 BODY=8BITMIME"
static const struct {
    const char *line, *at, *from; /* from "-": there is none */
    struct span to;
    const char *client, *address;
    bool matches;
} matches[] = {
    { "RCPT drop", "RCPT", "a@b.fr", SPAN_INIT("bob@x.org"), "c", "127.0.0.1", true },
    { "RCPT drop", "MAIL", "a@b.fr", SPAN_INIT(""), "c", "127.0.0.1", false },
    { "command drop", "MAIL", "a@b.fr", SPAN_INIT(""), "c", "127.0.0.1", true },
    { "command drop", "end", "a@b.fr", SPAN_INIT(""), "c", "127.0.0.1", false },
    { "RCPT to=*@X.org drop", "RCPT", "a@b.fr", SPAN_INIT("bob@x.org"), "", "", true },
    { "RCPT to=*@y.org drop", "RCPT", "a@b.fr", SPAN_INIT("bob@x.org"), "", "", false },
    { "RCPT to=* drop", "RCPT", "a@b.fr", SPAN_INIT(""), "", "", false },
    { "end to=bob@* drop", "end", "", SPAN_INIT("al@x\0bob@y\0cy@z"), "", "", true },
    { "end to=dan@* drop", "end", "", SPAN_INIT("al@x\0bob@y\0cy@z"), "", "", false },
    { "MAIL from=<> drop", "MAIL", "", SPAN_INIT(""), "", "", true },
    { "MAIL from=<> drop", "MAIL", "a@b", SPAN_INIT(""), "", "", false },
    { "NOOP from=<> drop", "NOOP", "-", SPAN_INIT(""), "", "", false },
    { "NOOP from=* drop", "NOOP", "-", SPAN_INIT(""), "", "", false },
    { "EHLO client=*.fr drop", "EHLO", "-", SPAN_INIT(""), "crepes.fr", "", true },
    { "EHLO client=*.fr drop", "EHLO", "-", SPAN_INIT(""), "hamburger.edu", "", false },
    { "connect client-address=10.* drop", "connect", "-", SPAN_INIT(""), "", "10.1.2.3", true },
    { "connect client-address=10.* drop", "connect", "-", SPAN_INIT(""), "", "110.1.2.3", false },
    { "MAIL parameter=size drop", "MAIL", "", SPAN_INIT(""), "", "", true },
    { "MAIL parameter=SIZE=1* drop", "MAIL", "", SPAN_INIT(""), "", "", true },
    { "MAIL parameter=SIZE= drop", "MAIL", "", SPAN_INIT(""), "", "", false },
    { "MAIL parameter=BODY=7BIT drop", "MAIL", "", SPAN_INIT(""), "", "", false },
    { "MAIL parameter=RET drop", "MAIL", "", SPAN_INIT(""), "", "", false },
};

static enum fault_moment moment_named(const char *word)
{
    for (int m = 0; m < FAULT_MOMENT_COUNT; m++)
        if (strcmp(fault_moment_word((enum fault_moment)m), word) == 0)
            return (enum fault_moment)m;
    cr_assert_fail("%s", word);
    return FAULT_MOMENT_COUNT;
}

Test(fault, matches_what_all_its_conditions_fit)
{
    static const struct param params[] = { { SPAN_INIT("SIZE"), SPAN_INIT("100"), 0 },
                                           { SPAN_INIT("BODY"), SPAN_INIT("8BITMIME"), 0 } };

    for (size_t i = 0; i < ROWS(matches); i++) {
        enum fault_moment at = moment_named(matches[i].at);
        struct fault_event ev = { .at = at,
                                  .command = at >= FAULT_HELO && at <= FAULT_COMMAND,
                                  .to = matches[i].to,
                                  .client = span_of(matches[i].client),
                                  .address = matches[i].address,
                                  .params = params,
                                  .param_count = 2 };
        struct buf why = { 0 };
        struct fault f;

        if (matches[i].from[0] != '-')
            ev.from = span_of(matches[i].from);
        cr_assert(fault_parse(&f, span_of(matches[i].line), &why), "%s: %s", matches[i].line,
                  buf_text(&why));
        cr_expect_eq(fault_matches(&f, &ev), matches[i].matches, "row %zu: %s", i, matches[i].line);
        fault_release(&f);
        buf_release(&why);
    }
}

Test(fault, has_a_moment_for_each_verb)
{
    cr_expect_eq(fault_moment_of(VERB_RCPT), FAULT_RCPT);
    cr_expect_eq(fault_moment_of(VERB_QUIT), FAULT_QUIT);
    cr_expect_eq(fault_moment_of(VERB_HELO), FAULT_HELO);
    cr_expect_eq(fault_moment_of(VERB_ETRN), FAULT_COMMAND);
    cr_expect_eq(fault_moment_of(VERB_UNKNOWN), FAULT_COMMAND);
}
