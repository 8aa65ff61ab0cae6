#include "smtp/sasl.h"

#include "base/buf.h"
#include "support/table.h"

enum { SERVER = 0, CLIENT = 1 };

static const struct {
    const char *name, *mechanism;
    bool client;
    unsigned step;
    struct span octets;
    const char
        *parts; /* "name=text" joined by " | "; ! before what is secret; NULL: it does not fit */
} rows[] = {
#define A(text) SPAN_INIT(text)
    { "PLAIN", "PLAIN", CLIENT, 0, A("\0alice\0secret"), "user=alice | !password=secret" },
    { "PLAIN for another", "PLAIN", CLIENT, 0, A("bob\0alice\0secret"),
      "acts for=bob | user=alice | !password=secret" },
    { "PLAIN, empty", "PLAIN", CLIENT, 0, A("\0\0"), "user= | !password=" },
    { "PLAIN, one NUL", "PLAIN", CLIENT, 0, A("alice\0secret"), NULL },
    { "PLAIN, three NULs", "PLAIN", CLIENT, 0, A("\0alice\0sec\0ret"), NULL },
    { "PLAIN, no NUL", "PLAIN", CLIENT, 0, A("secret"), NULL },
    { "PLAIN, nothing", "PLAIN", CLIENT, 0, A(""), NULL },
    { "PLAIN, a second message", "PLAIN", CLIENT, 1, A("\0alice\0secret"), NULL },
    { "PLAIN asks", "PLAIN", SERVER, 0, A(""), "" },
    { "PLAIN asks in words", "PLAIN", SERVER, 0, A("yes?"), NULL },
    { "PLAIN asks again", "PLAIN", SERVER, 1, A(""), NULL },
    { "LOGIN asks", "LOGIN", SERVER, 0, A("Username:"), "question=Username:" },
    { "LOGIN asks as the draft has it", "LOGIN", SERVER, 0, A("User Name\0"),
      "question=User Name" },
    { "LOGIN asks second", "LOGIN", SERVER, 1, A("Password:"), "question=Password:" },
    { "LOGIN asks third", "LOGIN", SERVER, 2, A("PIN:"), NULL },
    { "LOGIN asks with NULs", "LOGIN", SERVER, 0, A("a\0b"), NULL },
    { "LOGIN user", "LOGIN", CLIENT, 0, A("alice"), "user=alice" },
    { "LOGIN, PLAIN's message by mistake", "LOGIN", CLIENT, 0, A("\0alice\0secret"), NULL },
    { "LOGIN password", "LOGIN", CLIENT, 1, A("secret"), "!password=secret" },
    { "LOGIN, a NUL at the end", "LOGIN", CLIENT, 0, A("secret\0"), NULL },
    { "LOGIN, a third answer", "LOGIN", CLIENT, 2, A("1234"), NULL },
    { "CRAM-MD5 challenge", "CRAM-MD5", SERVER, 0, A("<1896.697170952@postoffice.reston.mci.net>"),
      "challenge=<1896.697170952@postoffice.reston.mci.net>" },
    { "CRAM-MD5 without a challenge", "CRAM-MD5", SERVER, 0, A(""), NULL },
    { "CRAM-MD5 answer", "CRAM-MD5", CLIENT, 0, A("tim b913a602c7eda7a495b4e6e7334d3890"),
      "user=tim | !digest=b913a602c7eda7a495b4e6e7334d3890" },
    { "CRAM-MD5, a user with a space", "CRAM-MD5", CLIENT, 0,
      A("tim x B913A602C7EDA7A495B4E6E7334D3890"),
      "user=tim x | !digest=B913A602C7EDA7A495B4E6E7334D3890" },
    { "CRAM-MD5, no user", "CRAM-MD5", CLIENT, 0, A(" b913a602c7eda7a495b4e6e7334d3890"), NULL },
    { "CRAM-MD5, no digest", "CRAM-MD5", CLIENT, 0, A("tim secret secret secret secret secret"),
      NULL },
    { "CRAM-MD5, a second answer", "CRAM-MD5", CLIENT, 1, A("tim b913a602c7eda7a495b4e6e7334d3890"),
      NULL },
    { "SCRAM asks", "SCRAM-SHA-1", SERVER, 0, A(""), "" },
    { "SCRAM, RFC 7677 3, first", "SCRAM-SHA-256", CLIENT, 0, A("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"),
      "user=user | nonce=rOprNGfwEbeRWgbNEkqO" },
    { "SCRAM, RFC 7677 3, second", "SCRAM-SHA-256", SERVER, 1,
      A("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"),
      "nonce=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0 | salt=W22ZaJ0SNY7soEsUEjb6gQ== | "
      "rounds=4096" },
    { "SCRAM, RFC 7677 3, third", "SCRAM-SHA-256", CLIENT, 1,
      A("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+"
        "Ute9ytag9zjfMHgsqmmiz7AndVQ="),
      "binding=biws | nonce=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0 | "
      "!proof=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=" },
    { "SCRAM, RFC 7677 3, last", "SCRAM-SHA-256", SERVER, 2,
      A("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="),
      "!signature=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=" },
    { "SCRAM error", "SCRAM-SHA-256", SERVER, 2, A("e=invalid-proof"), "error=invalid-proof" },
    { "SCRAM, the empty answer", "SCRAM-SHA-256", CLIENT, 2, A(""), "" },
    { "SCRAM, an answer to the end", "SCRAM-SHA-256", CLIENT, 2, A("x"), NULL },
    { "SCRAM, one more", "SCRAM-SHA-256", CLIENT, 3, A(""), NULL },
    { "SCRAM, the server once more", "SCRAM-SHA-256", SERVER, 3, A("v=AAAA"), NULL },
    { "SCRAM that binds", "SCRAM-SHA-256-PLUS", CLIENT, 0, A("p=tls-exporter,,n=user,r=abc"),
      "binds to TLS by=tls-exporter | user=user | nonce=abc" },
    { "SCRAM that could bind", "SCRAM-SHA-1", CLIENT, 0, A("y,,n=user,r=abc"),
      "binding=y | user=user | nonce=abc" },
    { "SCRAM for another", "SCRAM-SHA-1-PLUS", CLIENT, 0, A("n,a=bob,n=user,r=abc"),
      "acts for=bob | user=user | nonce=abc" },
    { "SCRAM with extensions", "SCRAM-SHA-1", CLIENT, 0, A("n,,n=user,r=abc,x=1,y=2"),
      "user=user | nonce=abc" },
    { "SCRAM with a mandatory one", "SCRAM-SHA-1", CLIENT, 0, A("n,,m=1,n=user,r=abc"),
      "user=user | nonce=abc" },
    { "SCRAM without a header", "SCRAM-SHA-1", CLIENT, 0, A("n=user,r=abc"), NULL },
    { "SCRAM with half a header", "SCRAM-SHA-1", CLIENT, 0, A("n,"), NULL },
    { "SCRAM with another header", "SCRAM-SHA-1", CLIENT, 0, A("q,,n=user,r=abc"), NULL },
    { "SCRAM with a wrong identity", "SCRAM-SHA-1", CLIENT, 0, A("n,b=x,n=user,r=abc"), NULL },
    { "SCRAM without a nonce", "SCRAM-SHA-1", CLIENT, 0, A("n,,n=user"), NULL },
    { "SCRAM, a password instead", "SCRAM-SHA-1", CLIENT, 1, A("secret"), NULL },
    { "SCRAM, a password behind", "SCRAM-SHA-1", CLIENT, 1, A("c=biws,r=abc,p=AAAA,secret"), NULL },
    { "SCRAM, no proof", "SCRAM-SHA-1", CLIENT, 1, A("c=biws,r=abc"), NULL },
    { "EXTERNAL asks", "EXTERNAL", SERVER, 0, A(""), "" },
    { "EXTERNAL, nothing", "EXTERNAL", CLIENT, 0, A(""), "" },
    { "EXTERNAL, a name", "EXTERNAL", CLIENT, 0, A("alice"), "acts for=alice" },
    { "EXTERNAL, twice", "EXTERNAL", CLIENT, 1, A("alice"), NULL },
    { "EXTERNAL, PLAIN's message", "EXTERNAL", CLIENT, 0, A("\0alice\0secret"), NULL },
    { "OAUTHBEARER asks", "OAUTHBEARER", SERVER, 0, A(""), "" },
    { "OAUTHBEARER, RFC 7628 4.1", "OAUTHBEARER", CLIENT, 0,
      A("n,a=user@example.com,\1host=server.example.com\1port=143\1auth=Bearer "
        "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\1\1"),
      "user=user@example.com | host=server.example.com | port=143 | !token=Bearer "
      "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==" },
    { "OAUTHBEARER without a user", "OAUTHBEARER", CLIENT, 0, A("n,,\1auth=Bearer x\1\1"),
      "!token=Bearer x" },
    { "OAUTHBEARER, RFC 7628 4.3", "OAUTHBEARER", SERVER, 1,
      A("{\"status\":\"invalid_token\",\"scope\":\"example_scope\",\"openid-configuration\":"
        "\"https://example.com/.well-known/openid-configuration\"}"),
      "status=invalid_token | scope=example_scope | "
      "configuration=https://example.com/.well-known/openid-configuration" },
    { "OAUTHBEARER error with blanks", "OAUTHBEARER", SERVER, 1,
      A("{ \"status\" : \"401\" , \"schemes\":\"bearer mac\" }"),
      "status=401 | schemes=bearer mac" },
    { "OAUTHBEARER error without text", "OAUTHBEARER", SERVER, 1, A("{\"status\":401}"), NULL },
    { "OAUTHBEARER error without a value", "OAUTHBEARER", SERVER, 1, A("{\"status\"}"), NULL },
    { "OAUTHBEARER error that is none", "OAUTHBEARER", SERVER, 1, A("no"), NULL },
    { "OAUTHBEARER's answer to it", "OAUTHBEARER", CLIENT, 1, A("\1"), "" },
    { "OAUTHBEARER's answer to it, XOAUTH2's way", "XOAUTH2", CLIENT, 1, A(""), "" },
    { "OAUTHBEARER, the token again", "OAUTHBEARER", CLIENT, 1, A("token"), NULL },
    { "OAUTHBEARER without its end", "OAUTHBEARER", CLIENT, 0, A("n,,\1auth=Bearer x"), NULL },
    { "OAUTHBEARER without a token", "OAUTHBEARER", CLIENT, 0, A("n,,\1host=h\1\1"), NULL },
    { "OAUTHBEARER, a token alone", "OAUTHBEARER", CLIENT, 0, A("vF9dft4qmTc2Nvb3R"), NULL },
    { "OAUTHBEARER, header alone", "OAUTHBEARER", CLIENT, 0, A("n,a=alice,"), NULL },
    { "OAUTHBEARER, two tokens", "OAUTHBEARER", CLIENT, 0, A("n,,\1auth=a\1auth=b\1\1"),
      "!token=a" },
    { "OAUTHBEARER, hosts without end", "OAUTHBEARER", CLIENT, 0,
      A("n,a=u,\1host=1\1host=2\1host=3\1host=4\1host=5\1port=1\1auth=tok\1\1"),
      "user=u | host=1 | host=2 | host=3 | port=1 | !token=tok" },
    { "XOAUTH2", "XOAUTH2", CLIENT, 0, A("user=alice@crepes.fr\1auth=Bearer tok\1\1"),
      "user=alice@crepes.fr | !token=Bearer tok" },
    { "unknown", "GSSAPI", CLIENT, 0, A("secret"), NULL },
    { "unknown, the server", "NTLM", SERVER, 0, A("text"), NULL },
};

static void write_parts(const struct sasl_parts *parts, struct buf *out)
{
    for (unsigned i = 0; i < parts->count; i++) {
        buf_printf(out, "%s%s%s=", i ? " | " : "", parts->at[i].secret ? "!" : "",
                   parts->at[i].name);
        buf_add(out, parts->at[i].text);
    }
}

Test(sasl, names_the_parts_of_each_message)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct sasl_parts parts;
        struct buf got = { 0 };
        bool fits = sasl_read(auth_mechanism_of(span_of(rows[i].mechanism)), rows[i].client,
                              rows[i].step, rows[i].octets, &parts);

        write_parts(&parts, &got);
        cr_expect_eq(fits, rows[i].parts != NULL, "%s", rows[i].name);
        cr_expect_str_eq(buf_text(&got), rows[i].parts ? rows[i].parts : "", "%s", rows[i].name);
        cr_expect_eq(*parts.what != 0, fits, "%s", rows[i].name);
        buf_release(&got);
    }
}

/* However a client's message is cut or lengthened, what follows its user is never shown. */
Test(sasl, shows_no_secret_of_a_message_that_is_cut)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        if (!rows[i].client || !rows[i].parts || !strchr(rows[i].parts, '!'))
            continue;
        for (size_t len = 0; len <= rows[i].octets.len; len++) {
            struct sasl_parts parts;
            struct span secret = span_of(strchr(strchr(rows[i].parts, '!'), '=') + 1);
            size_t start = span_search(rows[i].octets, secret, 0, false);

            sasl_read(auth_mechanism_of(span_of(rows[i].mechanism)), true, rows[i].step,
                      span_first(rows[i].octets, len), &parts);
            for (unsigned k = 0; k < parts.count; k++)
                cr_expect(parts.at[k].secret || !parts.at[k].text.len ||
                              parts.at[k].text.at + parts.at[k].text.len <=
                                  rows[i].octets.at + start,
                          "%s, %zu octets: %s", rows[i].name, len, parts.at[k].name);
        }
    }
}

Test(sasl, knows_each_mechanism)
{
    for (int m = AUTH_UNKNOWN + 1; m < AUTH_MECHANISM_COUNT; m++) {
        const char *name = auth_mechanism_name((enum auth_mechanism)m);

        cr_expect_eq(auth_mechanism_of(span_of(name)), (enum auth_mechanism)m, "%s", name);
        cr_expect(*auth_mechanism_about((enum auth_mechanism)m), "%s", name);
        cr_expect(*auth_mechanism_source((enum auth_mechanism)m), "%s", name);
    }
    cr_expect_eq(auth_mechanism_of(SPAN("scram-sha-256")), AUTH_SCRAM_SHA_256);
    cr_expect_eq(auth_mechanism_of(SPAN("")), AUTH_UNKNOWN);
    cr_expect_eq(auth_mechanism_of(SPAN("GSSAPI")), AUTH_UNKNOWN);
    cr_expect_str_empty(auth_mechanism_name(AUTH_UNKNOWN));
}
