/*
 * Two letters for one: what ends a letter for this server and not for that one (SMTP smuggling,
 * CVE-2023-51764 to 51766), chunks that are refused, and commands behind STARTTLS (CVE-2011-0411).
 * Only servers that are known to be taken in may be, and only by what is known.
 */
#include <openssl/ssl.h>

#include "support/attack.h"
#include "support/house.h"
#include "support/table.h"

static const struct ending {
    const char *name;
    const char *octets;
    size_t len;
} endings[] = {
    { "LF . LF", A("\n.\n") },
    { "LF . CRLF", A("\n.\r\n") },
    { "LF . CR", A("\n.\r") },
    { "CRLF . LF", A("\r\n.\n") },
    { "CRLF . CR", A("\r\n.\r") },
    { "CRLF . CR CRLF", A("\r\n.\r\r\n") },
    { "CR . CR", A("\r.\r") },
    { "CR . LF", A("\r.\n") },
    { "CR . CRLF", A("\r.\r\n") },
    { "CRLF . NUL CRLF", A("\r\n.\0\r\n") },
    { "CRLF NUL . CRLF", A("\r\n\0.\r\n") },
    { "CRLF . CR NUL LF", A("\r\n.\r\0\n") },
    { "CR NUL LF . CR NUL LF", A("\r\0\n.\r\0\n") },
    { "NUL . NUL", A("\0.\0") },
    { "CRLF . space CRLF", A("\r\n. \r\n") },
    { "CRLF space . CRLF", A("\r\n .\r\n") },
    { "CRLF .. CRLF", A("\r\n..\r\n") },
    { "VT . VT", A("\v.\v") },
    { "FF . FF", A("\f.\f") },
    { "NEL . NEL", A("\xc2\x85.\xc2\x85") },
    { "LS . LS", A("\xe2\x80\xa8.\xe2\x80\xa8") },
};

static const struct taker {
    const char *persona;
    const char *known; /* the endings that it takes, with a comma before and behind each */
    size_t letters;    /* that it has then; one: it hangs up on commands that come ahead */
} takers[] = {
    { "strict", "", 0 },
    { "postfix", "", 0 },
    { "postfix-default", ",LF . LF,LF . CRLF,CRLF . LF,", 2 },
    { "exim", "", 0 },
    { "opensmtpd", ",LF . CRLF,", 1 },
    { "sink", "", 0 },
};

#define ENVELOPE(who) "MAIL FROM:<" who "@crepes.example>\r\nRCPT TO:<bob@hamburger.example>\r\n"
#define SMUGGLED      ENVELOPE("evil") "DATA\r\nSubject: two\r\n\r\nSmuggled.\r\n.\r\nQUIT\r\n"

static bool is_known(const struct taker *t, const struct ending *e)
{
    char part[64];

    snprintf(part, sizeof part, ",%s,", e->name);
    return strstr(t->known, part) != NULL;
}

/* A letter, up to the 354. */
static int begin_letter(const char *place)
{
    static const char *const steps[][2] = { { "EHLO crepes.example\r\n", "\n250 " },
                                            { "MAIL FROM:<alice@crepes.example>\r\n", "250" },
                                            { "RCPT TO:<bob@hamburger.example>\r\n", "250" },
                                            { "DATA\r\n", "354" } };
    int fd = served_connect(place);
    struct buf said = served_talk(fd, "", "220");

    buf_release(&said);
    for (size_t i = 0; i < ROWS(steps); i++) {
        said = served_talk(fd, steps[i][0], steps[i][1]);
        cr_assert(has(&said, steps[i][1]), "%s: %s", steps[i][0], buf_text(&said));
        buf_release(&said);
    }
    return fd;
}

/* The letter with the ending in its middle, and what the attacker hides behind it. */
static struct buf smuggle(struct served *s, const struct ending *e)
{
    struct attack a = { SPAN("Subject: one\r\n\r\nHello."), span_make(e->octets, e->len), 1,
                        SPAN(SMUGGLED) };

    return attack_run(s, begin_letter(s->place), &a).said;
}

TABLE_TEST(smuggling, takes_in_only_whom_it_is_known_to, takers)
{
    const struct taker *t = &takers[*number];
    char config[64];
    struct served s;
    struct ran r;
    size_t stored = 0;
    const char *path;
    bool seen = false;

    snprintf(config, sizeof config, "persona: %s\n", t->persona);
    path = run_file(run_folder(), "config.yaml", span_of(config));
    s = SERVED("--config", path, "--log=text");
    for (size_t i = 0; i < ROWS(endings); i++) {
        struct buf said = smuggle(&s, &endings[i]);
        size_t now = attack_stored(&s, i + 1), letters = now - stored;
        bool known = is_known(t, &endings[i]);

        stored = now;
        cr_expect(known ? letters == t->letters : letters <= 1, "%s, %s: %zu letters: %s",
                  t->persona, endings[i].name, letters, buf_text(&said));
        cr_expect_eq(has(&s.log, " stored 2"), seen |= known, "%s, %s", t->persona,
                     endings[i].name);
        cr_expect(known || !has(&said, "354"), "%s, %s: %s", t->persona, endings[i].name,
                  buf_text(&said));
        buf_release(&said);
    }
    r = served_end(&s);
    cr_expect_eq(r.status, 0, "%s", buf_text(&r.err));
    ran_release(&r);
    unlink(path);
}

/* One connection, all at once: the replies that must come, and how many letters. */
static const struct chunk {
    const char *name, *octets, *said;
    size_t letters;
} chunks[] = {
    { "a dot in a chunk", ENVELOPE("a") "BDAT 5\r\n\r\n.\r\nBDAT 6 LAST\r\n.\r\nabc", "250", 1 },
    { "commands in a chunk", ENVELOPE("a") "BDAT 74 LAST\r\n" ENVELOPE("e") "DATA\r\n\r\n.\r\n",
      "250", 1 },
    { "a chunk without a sender", "BDAT 74 LAST\r\n" ENVELOPE("e") "DATA\r\n\r\n.\r\n", "503", 0 },
    { "a chunk after all were refused",
      "MAIL FROM:<a@x.example>\r\nRCPT TO:<@>\r\nBDAT 74 LAST\r\n" ENVELOPE(
          "e") "DATA\r\n\r\n.\r\n",
      "503", 0 },
    { "a size that is no number", ENVELOPE("a") "BDAT 1x LAST\r\n", "501", 0 },
    { "a size below nothing", ENVELOPE("a") "BDAT -5 LAST\r\n", "501", 0 },
    { "a size of another base", ENVELOPE("a") "BDAT 0x5 LAST\r\n", "501", 0 },
    { "a size beyond 64 bits", ENVELOPE("a") "BDAT 18446744073709551621 LAST\r\n", "", 0 },
    { "a size beyond the limit", ENVELOPE("a") "BDAT 18446744073709551615\r\n" ENVELOPE("e"), "",
      0 },
    { "DATA between chunks",
      ENVELOPE("a") "BDAT 3\r\nabcDATA\r\n.\r\n" ENVELOPE("e") "BDAT 0 LAST\r\n", "503", 1 },
};

Test(smuggling, chunks_are_never_commands)
{
    struct served s = SERVED("--log=text");
    size_t stored = 0;
    struct ran r;

    for (size_t i = 0; i < ROWS(chunks); i++) {
        struct attack a = { SPAN("EHLO crepes.example\r\n"), span_of(chunks[i].octets), 1,
                            SPAN("\r\nQUIT\r\n"), .hangs_up = true };
        int fd = served_connect(s.place);
        struct attack_heard heard;
        size_t now;

        heard = attack_run(&s, fd, &a);
        now = attack_stored(&s, i + 1);
        cr_expect_eq(now - stored, chunks[i].letters, "%s: %zu: %s", chunks[i].name, now - stored,
                     buf_text(&heard.said));
        cr_expect(has(&heard.said, chunks[i].said), "%s: %s", chunks[i].name,
                  buf_text(&heard.said));
        cr_expect_not(has(&s.log, "from <e@"), "%s: %s", chunks[i].name, buf_text(&s.log));
        cr_expect_not(has(&heard.said, "354"), "%s: %s", chunks[i].name, buf_text(&heard.said));
        stored = now;
        buf_release(&heard.said);
    }
    r = served_end(&s);
    ran_release(&r);
}

/* What stood behind STARTTLS in plain text must be gone once TLS holds: no sender, no recipient. */
Test(smuggling, commands_behind_starttls_are_thrown_away_and_told)
{
    static const char inside[] = "EHLO crepes.example\r\nDATA\r\nRCPT TO:<b@x.example>\r\nQUIT\r\n";
    struct served s = SERVED("--log=text");
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL *tls = SSL_new(context);
    int fd = served_connect(s.place), got;
    struct buf said = served_talk(
        fd, "EHLO crepes.example\r\nSTARTTLS\r\n" ENVELOPE("evil") "DATA\r\n", "\n220 2.0.0");
    char block[4096];
    struct ran r;

    cr_expect_not(has(&said, "354"), "%s", buf_text(&said));
    buf_release(&said);
    said = (struct buf){ 0 };
    SSL_set_fd(tls, fd);
    cr_assert_eq(SSL_connect(tls), 1);
    cr_assert_eq(SSL_write(tls, inside, sizeof inside - 1), (int)sizeof inside - 1);
    while ((got = SSL_read(tls, block, sizeof block)) > 0)
        buf_add(&said, span_make(block, (size_t)got));
    cr_expect_eq(attack_count(buf_span(&said), "\n503 5.5.1"), 2, "%s", buf_text(&said));
    cr_expect(has(&said, "\n221 2.0.0"), "%s", buf_text(&said));
    buf_release(&said);
    SSL_free(tls);
    SSL_CTX_free(context);
    close(fd);
    served_shows(&s, " octets behind STARTTLS, thrown away: MAIL FROM:<evil@");
    r = served_end(&s);
    cr_expect_not(has(&r.out, "mail from"), "%s", buf_text(&r.out));
    ran_release(&r);
}
