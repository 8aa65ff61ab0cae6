#include "dialogue/mask.h"
#include "dialogue/notes.h"
#include "support/said.h"
#include "support/table.h"

static const struct notes_style learner = { NOTES_LEARNER, false, true };
static const struct notes_style admin = { NOTES_ADMIN, true, false };

#define OFFERED                                                                                    \
    "S: 220 hamburger.edu\nC: EHLO crepes.fr\nS: 250-hamburger.edu\nS: 250 AUTH PLAIN LOGIN "      \
    "CRAM-MD5 SCRAM-SHA-256 OAUTHBEARER XOAUTH2 EXTERNAL\n"
/* base64 of: alice, hunter2, "\0alice\0hunter2", of the messages of RFC 7677 3 */
#define ALICE  "YWxpY2U="
#define SECRET "aHVudGVyMg=="
#define PLAIN  "AGFsaWNlAGh1bnRlcjI="
#define SCRAM  OFFERED "C: AUTH SCRAM-SHA-256 "
#define FIRST  "biwsbj11c2VyLHI9ck9wck5HZndFYmVSV2diTkVrcU8="
#define SERVER                                                                                     \
    "cj1yT3ByTkdmd0ViZVJXZ2JORWtxTyVodllEcFdVYTJSYVRDQWZ1eEZJbGopaE5sRiRrMCxzPVcyMlphSjBTTlk3c29F" \
    "c1VFamI2Z1E9PSxpPTQwOTY="
#define FINAL                                                                                      \
    "Yz1iaXdzLHI9ck9wck5HZndFYmVSV2diTkVrcU8laHZZRHBXVWEyUmFUQ0FmdXhGSWxqKWhObEYkazAscD1kSHpiWmFw" \
    "V0lrNGpVaE4rVXRlOXl0YWc5empmTUhnc3FtbWl6N0FuZFZRPQ=="
#define PROOF "dj02cnJpVFJCaTIzV3BSUi93dHVwK21NaFVaVW4vZEI1bkxUSlJzamw5NUc0PQ=="

static const struct {
    const char *talk, *note; /* the whole last note under the last line; "" none */
    enum note_kind kind;
} rows[] = {
    { OFFERED "C: AUTH PLAIN " PLAIN, "Decoded: user alice, password ********.", NOTE_PLAIN },
    { OFFERED "C: AUTH PLAIN\nS: 334 ", "Decoded: the server is ready for the client's message.",
      NOTE_PLAIN },
    { OFFERED "C: AUTH PLAIN\nS: 334 \nC: " PLAIN, "Decoded: user alice, password ********.",
      NOTE_PLAIN },
    { OFFERED "C: AUTH PLAIN\nS: 334 \nC: " SECRET,
      "Decoded it has not the form that PLAIN gives this message. It may hold a secret, so it is "
      "not shown.",
      NOTE_PLAIN },
    { OFFERED "C: AUTH PLAIN\nS: 334 \nC: hunter!",
      "This is not base64: it holds a character that base64 does not have, character 7. The server "
      "answers 501.",
      NOTE_WRONG },
    { OFFERED "C: AUTH PLAIN\nS: 334 \nC: AGFsaWNlAGh1bnRlcjI",
      "This is not base64: it is too short: its length must be a multiple of four, character 20. "
      "The server answers 501.",
      NOTE_WRONG },
    { OFFERED "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6", "Decoded: question Username:.", NOTE_PLAIN },
    { OFFERED "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: " ALICE, "Decoded: user alice.", NOTE_PLAIN },
    { OFFERED "C: AUTH LOGIN\nS: 334 dXNlcjo=\nC: " ALICE, "Decoded: user alice.", NOTE_PLAIN },
    { OFFERED "C: AUTH LOGIN " ALICE, "Decoded: user alice.", NOTE_PLAIN },
    { OFFERED "C: AUTH LOGIN " ALICE "\nS: 334 UGFzc3dvcmQ6\nC: " SECRET,
      "Decoded: password ********.", NOTE_PLAIN },
    { OFFERED "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: " ALICE "\nS: 334 UGFzc3dvcmQ6",
      "Decoded: question Password:.", NOTE_PLAIN },
    { OFFERED "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: " ALICE "\nS: 334 UGFzc3dvcmQ6\nC: " SECRET,
      "Decoded: password ********.", NOTE_PLAIN },
    /* a server that asks for the password first, or twice for the name */
    { OFFERED "C: AUTH LOGIN\nS: 334 UGFzc3dvcmQ6\nC: " SECRET, "", NOTE_PLAIN },
    { OFFERED "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: " ALICE "\nS: 334 VXNlcm5hbWU6\nC: " SECRET,
      "Decoded: password ********.", NOTE_PLAIN },
    /* sent ahead: what is what is not certain */
    { OFFERED "C: AUTH LOGIN\nC: " SECRET, "", NOTE_PLAIN },
    { OFFERED "C: AUTH LOGIN\nC: " ALICE "\nS: 334 VXNlcm5hbWU6\nS: 334 UGFzc3dvcmQ6\nC: " SECRET,
      "", NOTE_PLAIN },
    { OFFERED "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: " ALICE "\nC: " SECRET, "", NOTE_PLAIN },
    { OFFERED "C: AUTH LOGIN\nC: AUTH PLAIN\nS: 334 VXNlcm5hbWU6\nC: " SECRET, "", NOTE_PLAIN },
    /* a password typed as it is, where the name was due: it decodes to no text */
    { OFFERED "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: hunter22", "Decoded: user ********.",
      NOTE_PLAIN },
    { OFFERED "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: " PLAIN,
      "Decoded it has not the form that LOGIN gives this message. It may hold a secret, so it is "
      "not shown.",
      NOTE_PLAIN },
    { OFFERED "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: *", "", NOTE_PLAIN },
    { OFFERED "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: ", "Decoded: user (empty).", NOTE_PLAIN },
    { OFFERED "C: AUTH LOGIN\nS: 334 what?",
      "This is not base64: it holds a character that base64 does not have, character 5.",
      NOTE_HARMLESS },
    { OFFERED "C: AUTH CRAM-MD5\nS: 334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+",
      "Decoded: challenge <1896.697170952@postoffice.reston.mci.net>.", NOTE_PLAIN },
    { OFFERED
      "C: AUTH CRAM-MD5\nS: 334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+\nC: "
      "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw",
      "Decoded: user tim, digest ********.", NOTE_PLAIN },
    { SCRAM FIRST, "Decoded: user user, nonce rOprNGfwEbeRWgbNEkqO.", NOTE_PLAIN },
    { SCRAM FIRST "\nS: 334 " SERVER,
      "Decoded: nonce rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0, salt "
      "W22ZaJ0SNY7soEsUEjb6gQ==, rounds 4096.",
      NOTE_PLAIN },
    { SCRAM FIRST "\nS: 334 " SERVER "\nC: " FINAL,
      "Decoded: binding biws, nonce rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0, proof "
      "********.",
      NOTE_PLAIN },
    { SCRAM FIRST "\nS: 334 " SERVER "\nC: " FINAL "\nS: 334 " PROOF,
      "Decoded: signature ********.", NOTE_PLAIN },
    { SCRAM FIRST "\nS: 334 " SERVER "\nC: " FINAL "\nS: 334 " PROOF "\nC: ",
      "Decoded: an empty answer to the server's proof.", NOTE_PLAIN },
    { OFFERED "C: AUTH EXTERNAL =", "Decoded: an empty message: the certificate says it all.",
      NOTE_PLAIN },
    { OFFERED "C: AUTH XOAUTH2 dXNlcj1hbGljZQFhdXRoPUJlYXJlciBodW50ZXIyAQE=",
      "Decoded: user alice, token ********.", NOTE_PLAIN },
    { OFFERED "C: AUTH XOAUTH2 dXNlcj1hbGljZQFhdXRoPUJlYXJlciBodW50ZXIyAQE=\nS: 334 "
              "eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIn0=",
      "Decoded: status 401, schemes bearer.", NOTE_PLAIN },
    { OFFERED "C: AUTH OAUTHBEARER bixhPWFsaWNlLAFhdXRoPUJlYXJlciBodW50ZXIyAQE=",
      "Decoded: user alice, token ********.", NOTE_PLAIN },
    { OFFERED "C: AUTH NTLM " SECRET, "", NOTE_PLAIN },
    { OFFERED "C: AUTH NTLM\nS: 334 aGkbW0o=", "Decoded: hi<ESC>[J.", NOTE_PLAIN },
    { OFFERED "C: AUTH NTLM\nS: 334 aGkbW0o=\nC: " SECRET, "", NOTE_PLAIN },
    { OFFERED "C: AUTHENTICATE LOGIN " SECRET, "", NOTE_PLAIN },
    { OFFERED "C: AUTH PLAIN " PLAIN "\nS: 535 no\nC: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: " ALICE,
      "Decoded: user alice.", NOTE_PLAIN },
};

static struct span last_login_note(const struct notes *notes)
{
    for (unsigned i = notes->count; i-- > 0;)
        if (span_starts(notes->at[i].text, SPAN("Decoded")) ||
            span_starts(notes->at[i].text, SPAN("This is not base64")))
            return notes->at[i].text;
    return SPAN("");
}

Test(notes_login, says_under_each_line_what_it_carries)
{
    struct notes notes = { 0 };

    for (size_t i = 0; i < ROWS(rows); i++) {
        struct said s;
        struct span got;

        said(&s, rows[i].talk);
        notes_gutter(&s.seen, &s.observer, &learner, &notes);
        got = last_login_note(&notes);
        cr_expect(span_eq(got, span_of(rows[i].note)), "%s: %.*s", rows[i].talk, SPAN_ARG(got));
        if (*rows[i].note)
            cr_expect_eq(notes.at[notes.count - 1].kind, rows[i].kind, "%s", rows[i].talk);
    }
    notes_release(&notes);
}

/* Whatever line of whatever login: neither the secret nor what it is computed from, in no form. */
Test(notes_login, never_gives_a_secret_away)
{
    static const char *const secrets[] = { SECRET,      "hunter",        "aHVudGVy",
                                           PLAIN,       "AGh1bnRlcj",    "b913a602c7",
                                           "dHzbZapWI", "6rriTRBi23WpR", "Y3A9ZEh6Yl" };
    const struct notes_style *const styles[] = { &learner, &admin };
    struct notes notes = { 0 };

    for (size_t i = 0; i < ROWS(rows); i++)
        for (size_t k = 0; k < ROWS(styles); k++) {
            struct buf all = { 0 };
            struct said s;

            said(&s, rows[i].talk);
            notes_gutter(&s.seen, &s.observer, styles[k], &notes);
            buf_add(&all, buf_span(&notes.words));
            notes_meaning(&s.seen, &s.observer, &s.asked, styles[k], &all);
            notes_explain(&s.seen, &s.observer, &s.asked, styles[k], &all);
            for (size_t n = 0; n < ROWS(secrets); n++) {
                const char *at = strstr(buf_text(&all), secrets[n]);

                cr_expect_null(at, "%s shows %s: %s", rows[i].talk, secrets[n], buf_text(&all));
            }
            buf_release(&all);
        }
    notes_release(&notes);
}

static const struct {
    const char *talk, *meaning;
} meanings[] = {
    { OFFERED "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6",
      "334 = the login goes on. Decoded: question Username:. The answer is secret, and goes in "
      "base64." },
    { OFFERED "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: " ALICE,
      "Decoded: user alice. The line itself is neither shown nor saved." },
    { OFFERED "C: AUTH NTLM\nS: 334 aGk=\nC: " SECRET,
      "An answer in the login, written in base64. It is secret, so it is neither shown nor "
      "saved." },
};

Test(notes_login, says_what_the_last_line_means)
{
    for (size_t i = 0; i < ROWS(meanings); i++) {
        struct buf out = { 0 };
        struct said s;

        said(&s, meanings[i].talk);
        notes_meaning(&s.seen, &s.observer, &s.asked, &learner, &out);
        cr_expect_str_eq(buf_text(&out), meanings[i].meaning, "%s", meanings[i].talk);
        buf_release(&out);
    }
}

Test(notes_login, keeps_to_two_rows_of_the_pane)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct buf out = { 0 };
        struct said s;

        said(&s, rows[i].talk);
        notes_meaning(&s.seen, &s.observer, &s.asked, &learner, &out);
        cr_expect(out.len && out.len <= NOTES_MEANING_MAX, "%s: %s", rows[i].talk, buf_text(&out));
        buf_release(&out);
    }
}

Test(notes_login, explains_part_by_part)
{
    static const struct {
        const char *talk, *says[4];
    } explained[] = {
        { OFFERED "C: AUTH PLAIN " PLAIN,
          { "Decoded from base64: three parts with a NUL octet between them.",
            "user alice - The user who logs in.", "password ******** - The password as it is.",
            "PLAIN: User and password in one message, as they are: base64 hides nothing. (RFC 4616 "
            "2)" } },
        { SCRAM FIRST "\nS: 334 " SERVER,
          { "the server's first message.", "rounds 4096 - How often",
            "salt W22ZaJ0SNY7soEsUEjb6gQ== - ", "(RFC 7677 3)" } },
        { OFFERED "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: a b",
          { "This is not base64", "character 2" } },
    };

    for (size_t i = 0; i < ROWS(explained); i++) {
        struct buf out = { 0 };
        struct said s;

        said(&s, explained[i].talk);
        notes_explain(&s.seen, &s.observer, &s.asked, &learner, &out);
        for (size_t k = 0; k < 4 && explained[i].says[k]; k++)
            cr_expect(strstr(buf_text(&out), explained[i].says[k]), "%s: %s", explained[i].says[k],
                      buf_text(&out));
        buf_release(&out);
    }
}

Test(notes_login, names_its_source_to_admins)
{
    struct notes notes = { 0 };
    struct said s;

    said(&s, OFFERED "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: " ALICE);
    notes_gutter(&s.seen, &s.observer, &admin, &notes);
    cr_assert_eq(notes.count, 1);
    cr_expect(span_eq(notes.at[0].text, SPAN("Decoded: user alice. (draft-murchison-sasl-login)")));
    notes_release(&notes);
}

/* Of a line longer than is kept only the beginning is at hand. */
Test(notes_login, says_nothing_of_half_a_line)
{
    struct notes notes = { 0 };
    struct said s;
    struct line line = { SPAN_INIT("YWxp"), 5000, LINE_CRLF, 0 };

    said(&s, OFFERED "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6");
    observer_line(&s.observer, SIDE_CLIENT, &line, &s.seen);
    notes_gutter(&s.seen, &s.observer, &learner, &notes);
    cr_expect_eq(notes.count, 0);
    notes_release(&notes);
}
