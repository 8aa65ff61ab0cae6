/* What status line and pane tell about the encryption, from the events of the talk. */
#include "view/secured.h"

#include "support/talks.h"
#include "view/inside.h"

#define DONE "- TLS_STARTING mx\n- TLS_DONE TLSv1.3, TLS_AES_128_GCM_SHA256, X25519\n"
#define OWN                                                                                        \
    "- TLS_DETAIL certificate 1: CN=mx; issued by CN=a, b; valid from x to y, 45 days left\n"
#define ISSUER   "- TLS_DETAIL certificate 2: CN=a; valid from x to y, 900 days left\n"
#define VERIFIED DONE OWN ISSUER "- TLS_VERIFIED by a CA\n"
#define DOUBTFUL DONE OWN "- TLS_UNVERIFIED self-signed\n"

static const struct {
    const char *talk, *words, *row;
} rows[] = {
    { "S: 220 x\n", "NOT encrypted", "no: open to all on the way" },
    { "- TLS_STARTING mx\n", "NOT encrypted", "no: open to all on the way" },
    { "- TLS_DONE\n", "encrypted", "yes" },
    { VERIFIED, "encrypted, TLSv1.3",
      "TLSv1.3, certificate: 45 days left; TLS_AES_128_GCM_SHA256, X25519" },
    { VERIFIED "S: 220 x\nC: EHLO a\n", "encrypted, TLSv1.3",
      "TLSv1.3, certificate: 45 days left; TLS_AES_128_GCM_SHA256, X25519" },
    { DOUBTFUL, "encrypted, NOT verified",
      "NOT verified: /tls tells why; TLSv1.3, certificate: 45 days left; TLS_AES_128_GCM_SHA256, "
      "X25519" },
    { DOUBTFUL "- TLS_TRUSTED\n", "encrypted, NOT verified",
      "NOT verified, trusted by you; TLSv1.3, certificate: 45 days left; TLS_AES_128_GCM_SHA256, "
      "X25519" },
    { "- TLS_DONE\n- TLS_UNVERIFIED\n", "encrypted, NOT verified", "NOT verified: /tls tells why" },
    { "- TLS_DONE x\033[1m\n", "encrypted, x<ESC>[1m", "x<ESC>[1m" },
};

static const char *tls_row(const struct inside_pane *pane)
{
    for (unsigned i = 0; i < pane->count; i++)
        if (strcmp(pane->at[i].label, "TLS") == 0)
            return buf_text(&pane->at[i].value);
    return "";
}

Test(secured, is_told_in_a_word_and_in_a_row)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct record *r = talk_of(rows[i].talk);
        struct inside_pane pane = { 0 };
        struct buf words = { 0 };

        secured_words(r, 1, record_now(r, 1), &words);
        cr_expect_str_eq(buf_text(&words), rows[i].words, "%s", rows[i].talk);
        inside_pane_fill(&pane, r, 1, UINT32_MAX, false);
        cr_expect_str_eq(tls_row(&pane), rows[i].row, "%s", rows[i].talk);
        inside_pane_release(&pane);
        buf_release(&words);
        record_free(r);
    }
}

Test(secured, finds_the_events_of_the_handshake)
{
    struct record *r = talk_of("- CONNECTED x:25\nS: 220 x\n" VERIFIED "C: EHLO a\n- RESET\n");
    struct secured s;

    cr_assert(secured_find(r, 1, UINT32_MAX, &s));
    cr_expect_eq(s.first, 1);
    cr_expect_eq(s.last, 5);
    cr_expect(secured_find(r, 1, 1, &s), "behind line 1");
    cr_expect_not(secured_find(r, 1, 0, &s), "before it there was none");
    record_free(r);
}
