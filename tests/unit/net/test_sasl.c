#include "net/sasl.h"

#include "support/scram.h"
#include "support/table.h"

static const struct sasl_user users_at[] = {
    { "alice", "secret" },
    { "bob@hamburger.edu", "p\xc3\xa4ss w\xc3\xb6rd" },
    { "z\xc3\xb6"
      "e",
      "Zo\xc3\xab" },
    { "a,b=c", "comma" },
    { "tim", "tanstaaftanstaaf" },
    { "user", "pencil" },
    { "empty", "" },
};
static const struct sasl_users users = { users_at, ROWS(users_at) };

#define BINDING SPAN("0123456789abcdef0123456789abcdef")

/* Lets client and server talk. What the server says in the end; *who: who it says is there. */
static enum sasl_result meet(struct sasl *client, struct sasl *server, struct buf *who,
                             unsigned *messages)
{
    struct buf from_client = { 0 }, from_server = { 0 };
    enum sasl_result c = SASL_MORE, s;

    *messages = 0;
    if (sasl_client_first(client)) {
        c = sasl_step(client, (struct span){ 0 }, &from_client);
        cr_assert(c == SASL_MORE || c == SASL_DONE, "%s", sasl_why(client));
        s = sasl_step(
            server, span_make(from_client.at ? (const char *)from_client.at : "", from_client.len),
            &from_server);
    } else {
        s = sasl_step(server, (struct span){ 0 }, &from_server);
    }
    while (s == SASL_MORE && ++*messages < 10) {
        c = sasl_step(client, buf_span(&from_server), &from_client);
        if (c == SASL_BROKEN) {
            s = SASL_BROKEN;
            break;
        }
        s = sasl_step(server, buf_span(&from_client), &from_server);
    }
    if (s == SASL_DONE) {
        cr_expect_eq(c, SASL_DONE);
        cr_expect(sasl_complete(client));
        buf_add_text(who, sasl_who(server));
    }
    buf_release(&from_client);
    buf_release(&from_server);
    return s;
}

static const struct {
    const char *name, *mechanism, *user, *secret;
    const char *identity;
    enum sasl_result result;
    unsigned messages; /* of the server */
    const char *who;
} talks[] = {
#define PASSWORDS(mechanism, n)                                                                     \
    { "right, " mechanism, mechanism, "alice", "secret", NULL, SASL_DONE, n, "alice" },             \
        { "wrong password, " mechanism, mechanism, "alice", "Secret", NULL, SASL_DENIED, 0, "" },   \
        { "longer password, " mechanism, mechanism, "alice", "secrets", NULL, SASL_DENIED, 0, "" }, \
        { "unknown user, " mechanism, mechanism, "mallory", "secret", NULL, SASL_DENIED, 0, "" },   \
        { "someone else's password, " mechanism,                                                    \
          mechanism,                                                                                \
          "alice",                                                                                  \
          "pencil",                                                                                 \
          NULL,                                                                                     \
          SASL_DENIED,                                                                              \
          0,                                                                                        \
          "" },                                                                                     \
        { "UTF-8 and a space, " mechanism,                                                          \
          mechanism,                                                                                \
          "bob@hamburger.edu",                                                                      \
          "p\xc3\xa4ss w\xc3\xb6rd",                                                                \
          NULL,                                                                                     \
          SASL_DONE,                                                                                \
          n,                                                                                        \
          "bob@hamburger.edu" },                                                                    \
        { "UTF-8 name, " mechanism,                                                                 \
          mechanism,                                                                                \
          "z\xc3\xb6"                                                                               \
          "e",                                                                                      \
          "Zo\xc3\xab",                                                                             \
          NULL,                                                                                     \
          SASL_DONE,                                                                                \
          n,                                                                                        \
          "z\xc3\xb6"                                                                               \
          "e" },                                                                                    \
        { "decomposed letters, " mechanism,                                                         \
          mechanism,                                                                                \
          "zo\xcc\x88"                                                                              \
          "e",                                                                                      \
          "Zoe\xcc\x88",                                                                            \
          NULL,                                                                                     \
          SCRAMBLED(mechanism),                                                                     \
          n,                                                                                        \
          "z\xc3\xb6"                                                                               \
          "e" },                                                                                    \
    {                                                                                               \
        "a comma in the name, " mechanism, mechanism, "a,b=c", "comma", NULL, SASL_DONE, n,         \
            "a,b=c"                                                                                 \
    }
#define SCRAMBLED(mechanism) (mechanism[0] == 'L' ? SASL_DENIED : SASL_DONE)
    PASSWORDS("PLAIN", 0),
    PASSWORDS("LOGIN", 2),
    PASSWORDS("CRAM-MD5", 1),
    PASSWORDS("SCRAM-SHA-1", 2),
    PASSWORDS("SCRAM-SHA-256", 2),
    PASSWORDS("SCRAM-SHA-1-PLUS", 2),
    PASSWORDS("SCRAM-SHA-256-PLUS", 2),
    { "a token", "OAUTHBEARER", "alice", "secret", NULL, SASL_DONE, 0, "alice" },
    { "a token, name with a comma", "OAUTHBEARER", "a,b=c", "comma", NULL, SASL_DONE, 0, "a,b=c" },
    { "a token alone", "OAUTHBEARER", "", "pencil", NULL, SASL_DONE, 0, "user" },
    { "no such token", "OAUTHBEARER", "", "nobody's", NULL, SASL_DENIED, 1, "" },
    { "another's token", "OAUTHBEARER", "alice", "pencil", NULL, SASL_DENIED, 1, "" },
    { "unknown user", "OAUTHBEARER", "mallory", "secret", NULL, SASL_DENIED, 1, "" },
    { "a token, XOAUTH2", "XOAUTH2", "alice", "secret", NULL, SASL_DONE, 0, "alice" },
    { "another's token, XOAUTH2", "XOAUTH2", "alice", "pencil", NULL, SASL_DENIED, 1, "" },
    { "a token alone, XOAUTH2", "XOAUTH2", "", "pencil", NULL, SASL_DENIED, 1, "" },
    { "a certificate", "EXTERNAL", "", "", "alice", SASL_DONE, 0, "alice" },
    { "a certificate and its name", "EXTERNAL", "alice", "", "alice", SASL_DONE, 0, "alice" },
    { "a certificate and another name", "EXTERNAL", "bob", "", "alice", SASL_DENIED, 0, "" },
    { "no certificate", "EXTERNAL", "", "", NULL, SASL_DENIED, 0, "" },
    { "no certificate, a name", "EXTERNAL", "alice", "", NULL, SASL_DENIED, 0, "" },
};

Test(sasl, lets_the_right_ones_in)
{
    for (size_t i = 0; i < ROWS(talks); i++) {
        struct span mechanism = span_of(talks[i].mechanism);
        struct sasl *client = sasl_client(mechanism, talks[i].user, talks[i].secret, BINDING);
        struct sasl *server = sasl_server(mechanism, &users, BINDING, talks[i].identity);
        struct buf who = { 0 };
        unsigned messages;
        enum sasl_result got;

        cr_assert(client && server, "%s", talks[i].name);
        got = meet(client, server, &who, &messages);
        cr_expect_eq(got, talks[i].result, "%s: %d (%s; %s)", talks[i].name, (int)got,
                     sasl_why(server), sasl_why(client));
        cr_expect_str_eq(buf_text(&who), got == SASL_DONE ? talks[i].who : "", "%s", talks[i].name);
        cr_expect((got == SASL_DONE) == !*sasl_why(server), "%s", talks[i].name);
        if (talks[i].messages)
            cr_expect_eq(messages, talks[i].messages, "%s: %u", talks[i].name, messages);
        buf_release(&who);
        sasl_free(client);
        sasl_free(server);
    }
}

/* What a client sends to the server, one message after the other; { 0 }: nothing came with AUTH. */
static const struct {
    const char *name, *mechanism;
    struct span in[4];
    unsigned count;
    const char *out; /* of the last */
    enum sasl_result result;
} servers[] = {
    { "PLAIN with its own name as identity",
      "PLAIN",
      { SPAN_INIT("alice\0alice\0secret") },
      1,
      "",
      SASL_DONE },
    { "PLAIN for somebody else", "PLAIN", { SPAN_INIT("bob\0alice\0secret") }, 1, "", SASL_DENIED },
    { "PLAIN without initial response",
      "PLAIN",
      { { 0 }, SPAN_INIT("\0alice\0secret") },
      2,
      "",
      SASL_DONE },
    { "PLAIN asks with an empty message", "PLAIN", { { 0 } }, 1, "", SASL_MORE },
    { "PLAIN with nothing", "PLAIN", { SPAN_INIT("") }, 1, "", SASL_BROKEN },
    { "PLAIN with nothing after the question", "PLAIN", { { 0 }, { 0 } }, 2, "", SASL_BROKEN },
    { "PLAIN with one NUL", "PLAIN", { SPAN_INIT("alice\0secret") }, 1, "", SASL_BROKEN },
    { "PLAIN with three NULs", "PLAIN", { SPAN_INIT("\0alice\0sec\0ret") }, 1, "", SASL_BROKEN },
    { "PLAIN with no name", "PLAIN", { SPAN_INIT("\0\0secret") }, 1, "", SASL_DENIED },
    { "PLAIN with an empty password", "PLAIN", { SPAN_INIT("\0alice\0") }, 1, "", SASL_DENIED },
    { "PLAIN garbage", "PLAIN", { SPAN_INIT("\xff\xfe\xfd") }, 1, "", SASL_BROKEN },
    { "PLAIN over twice",
      "PLAIN",
      { SPAN_INIT("\0alice\0secret"), SPAN_INIT("\0alice\0secret") },
      2,
      "",
      SASL_BROKEN },
    { "LOGIN asks for the name", "LOGIN", { { 0 } }, 1, "Username:", SASL_MORE },
    { "LOGIN asks for the password",
      "LOGIN",
      { { 0 }, SPAN_INIT("alice") },
      2,
      "Password:",
      SASL_MORE },
    { "LOGIN with the name at once", "LOGIN", { SPAN_INIT("alice") }, 1, "Password:", SASL_MORE },
    { "LOGIN with the name at once, to its end",
      "LOGIN",
      { SPAN_INIT("alice"), SPAN_INIT("secret") },
      2,
      "",
      SASL_DONE },
    { "LOGIN with nothing", "LOGIN", { { 0 }, { 0 }, { 0 } }, 3, "", SASL_DENIED },
    { "LOGIN asks an unknown user too",
      "LOGIN",
      { { 0 }, SPAN_INIT("mallory") },
      2,
      "Password:",
      SASL_MORE },
    { "LOGIN with an empty password that is right",
      "LOGIN",
      { { 0 }, SPAN_INIT("empty"), { 0 } },
      3,
      "",
      SASL_DONE },
    { "LOGIN with a NUL", "LOGIN", { { 0 }, SPAN_INIT("ali\0ce") }, 2, "", SASL_BROKEN },
    { "LOGIN over",
      "LOGIN",
      { { 0 }, SPAN_INIT("alice"), SPAN_INIT("secret"), SPAN_INIT("x") },
      4,
      "",
      SASL_BROKEN },
    { "CRAM-MD5 with an initial response", "CRAM-MD5", { SPAN_INIT("alice") }, 1, "", SASL_BROKEN },
    { "CRAM-MD5 with an empty initial response",
      "CRAM-MD5",
      { SPAN_INIT("") },
      1,
      "",
      SASL_BROKEN },
    { "CRAM-MD5 with no digest", "CRAM-MD5", { { 0 }, SPAN_INIT("alice") }, 2, "", SASL_BROKEN },
    { "CRAM-MD5 with nothing", "CRAM-MD5", { { 0 }, { 0 } }, 2, "", SASL_BROKEN },
    { "CRAM-MD5 with a wrong digest",
      "CRAM-MD5",
      { { 0 }, SPAN_INIT("alice 0123456789abcdef0123456789abcdef") },
      2,
      "",
      SASL_DENIED },
    { "CRAM-MD5 with a digest cut short",
      "CRAM-MD5",
      { { 0 }, SPAN_INIT("alice 0123456789abcdef0123456789abcde") },
      2,
      "",
      SASL_BROKEN },
    { "SCRAM with nothing", "SCRAM-SHA-256", { { 0 }, { 0 } }, 2, "", SASL_BROKEN },
    { "SCRAM without a header",
      "SCRAM-SHA-256",
      { SPAN_INIT("n=alice,r=abc") },
      1,
      "",
      SASL_BROKEN },
    { "SCRAM without a nonce", "SCRAM-SHA-256", { SPAN_INIT("n,,n=alice") }, 1, "", SASL_BROKEN },
    { "SCRAM with the last message first",
      "SCRAM-SHA-256",
      { SPAN_INIT("c=biws,r=abc,p=AAAA") },
      1,
      "",
      SASL_BROKEN },
    { "SCRAM with the first message twice",
      "SCRAM-SHA-256",
      { SPAN_INIT("n,,n=alice,r=abc"), SPAN_INIT("n,,n=alice,r=abc") },
      2,
      "",
      SASL_BROKEN },
    { "SCRAM with another nonce",
      "SCRAM-SHA-256",
      { SPAN_INIT("n,,n=alice,r=abc"),
        SPAN_INIT("c=biws,r=abcdef,p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=") },
      2,
      "",
      SASL_DENIED },
    { "SCRAM that thinks we cannot bind, where we can",
      "SCRAM-SHA-256",
      { SPAN_INIT("y,,n=alice,r=abc") },
      1,
      "",
      SASL_DENIED },
    { "SCRAM that binds with the plain form",
      "SCRAM-SHA-256",
      { SPAN_INIT("p=tls-exporter,,n=alice,r=abc") },
      1,
      "",
      SASL_BROKEN },
    { "SCRAM-PLUS that does not bind",
      "SCRAM-SHA-256-PLUS",
      { SPAN_INIT("n,,n=alice,r=abc") },
      1,
      "",
      SASL_DENIED },
    { "SCRAM with a NUL", "SCRAM-SHA-1", { SPAN_INIT("n,,n=ali\0ce,r=abc") }, 1, "", SASL_BROKEN },
    { "OAUTHBEARER of RFC 7628 4.1, another user",
      "OAUTHBEARER",
      { SPAN_INIT("n,a=user@example.com,\1host=server.example.com\1port=143\1auth=Bearer "
                  "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\1\1") },
      1,
      "{\"status\":\"invalid_token\"}",
      SASL_MORE },
    { "OAUTHBEARER with host and port",
      "OAUTHBEARER",
      { SPAN_INIT("n,a=alice,\1host=h\1port=25\1auth=Bearer secret\1\1") },
      1,
      "",
      SASL_DONE },
    { "OAUTHBEARER, bearer in small letters",
      "OAUTHBEARER",
      { SPAN_INIT("n,a=alice,\1auth=bearer secret\1\1") },
      1,
      "",
      SASL_DONE },
    { "OAUTHBEARER refused in the end",
      "OAUTHBEARER",
      { SPAN_INIT("n,a=alice,\1auth=Bearer no\1\1"), SPAN_INIT("\1") },
      2,
      "",
      SASL_DENIED },
    { "OAUTHBEARER refused, with a new try",
      "OAUTHBEARER",
      { SPAN_INIT("n,a=alice,\1auth=Bearer no\1\1"),
        SPAN_INIT("n,a=alice,\1auth=Bearer secret\1\1") },
      2,
      "",
      SASL_DENIED },
    { "OAUTHBEARER with nothing", "OAUTHBEARER", { SPAN_INIT("") }, 1, "", SASL_BROKEN },
    { "OAUTHBEARER that wants to bind",
      "OAUTHBEARER",
      { SPAN_INIT("p=tls-exporter,,\1auth=Bearer secret\1\1") },
      1,
      "",
      SASL_BROKEN },
    { "OAUTHBEARER without a token",
      "OAUTHBEARER",
      { SPAN_INIT("n,a=alice,\1host=h\1\1") },
      1,
      "",
      SASL_BROKEN },
    { "OAUTHBEARER with an empty token",
      "OAUTHBEARER",
      { SPAN_INIT("n,a=empty,\1auth=Bearer \1\1") },
      1,
      "",
      SASL_BROKEN },
    { "OAUTHBEARER with another scheme",
      "OAUTHBEARER",
      { SPAN_INIT("n,a=alice,\1auth=Basic secret\1\1") },
      1,
      "",
      SASL_BROKEN },
    { "OAUTHBEARER without its end",
      "OAUTHBEARER",
      { SPAN_INIT("n,a=alice,\1auth=Bearer secret\1") },
      1,
      "",
      SASL_BROKEN },
    { "OAUTHBEARER with more after its end",
      "OAUTHBEARER",
      { SPAN_INIT("n,a=alice,\1auth=Bearer secret\1\1x") },
      1,
      "",
      SASL_BROKEN },
    { "OAUTHBEARER with a wrong escape",
      "OAUTHBEARER",
      { SPAN_INIT("n,a=ali=2de,\1auth=Bearer secret\1\1") },
      1,
      "",
      SASL_BROKEN },
    { "OAUTHBEARER with an escape cut off",
      "OAUTHBEARER",
      { SPAN_INIT("n,a=alice=2,\1auth=Bearer secret\1\1") },
      1,
      "",
      SASL_BROKEN },
    { "OAUTHBEARER with an empty name",
      "OAUTHBEARER",
      { SPAN_INIT("n,a=,\1auth=Bearer secret\1\1") },
      1,
      "",
      SASL_BROKEN },
    { "OAUTHBEARER with a header cut off",
      "OAUTHBEARER",
      { SPAN_INIT("n,a=alice\1auth=Bearer secret\1\1") },
      1,
      "",
      SASL_BROKEN },
    { "OAUTHBEARER with a part without a value",
      "OAUTHBEARER",
      { SPAN_INIT("n,,\1auth\1\1") },
      1,
      "",
      SASL_BROKEN },
    { "XOAUTH2", "XOAUTH2", { SPAN_INIT("user=alice\1auth=Bearer secret\1\1") }, 1, "", SASL_DONE },
    { "XOAUTH2 with a wrong token",
      "XOAUTH2",
      { SPAN_INIT("user=alice\1auth=Bearer no\1\1") },
      1,
      "{\"status\":\"401\",\"schemes\":\"bearer\"}",
      SASL_MORE },
    { "XOAUTH2 without a user",
      "XOAUTH2",
      { SPAN_INIT("auth=Bearer secret\1\1"), { 0 } },
      2,
      "",
      SASL_DENIED },
    { "XOAUTH2 garbage", "XOAUTH2", { SPAN_INIT("user=alice") }, 1, "", SASL_BROKEN },
};

Test(sasl, takes_what_clients_send)
{
    for (size_t i = 0; i < ROWS(servers); i++) {
        struct sasl *s = sasl_server(span_of(servers[i].mechanism), &users, BINDING, NULL);
        struct buf out = { 0 };
        enum sasl_result got = SASL_MORE;

        cr_assert(s, "%s", servers[i].name);
        for (unsigned k = 0; k < servers[i].count; k++)
            got = sasl_step(s, servers[i].in[k], &out);
        cr_expect_eq(got, servers[i].result, "%s: %d (%s)", servers[i].name, (int)got, sasl_why(s));
        cr_expect_str_eq(buf_text(&out), servers[i].out, "%s", servers[i].name);
        if (got == SASL_BROKEN || got == SASL_DENIED) {
            cr_expect(*sasl_why(s), "%s", servers[i].name);
            cr_expect_eq(sasl_step(s, SPAN("\0alice\0secret"), &out), got, "%s: no second try",
                         servers[i].name);
        }
        buf_release(&out);
        sasl_free(s);
    }
}

static const struct {
    const char *name, *mechanism, *user, *secret;
    struct span in[3];
    unsigned count;
    const char *out;
    enum sasl_result result;
} clients[] = {
    { "CRAM-MD5 of RFC 2195 2",
      "CRAM-MD5",
      "tim",
      "tanstaaftanstaaf",
      { SPAN_INIT("<1896.697170952@postoffice.reston.mci.net>") },
      1,
      "tim b913a602c7eda7a495b4e6e7334d3890",
      SASL_DONE },
    { "CRAM-MD5 and more",
      "CRAM-MD5",
      "tim",
      "tanstaaftanstaaf",
      { SPAN_INIT("<1@h>"), SPAN_INIT("<2@h>") },
      2,
      "",
      SASL_BROKEN },
    { "LOGIN first",
      "LOGIN",
      "alice",
      "secret",
      { SPAN_INIT("User Name") },
      1,
      "alice",
      SASL_MORE },
    { "LOGIN first, with a NUL in the question",
      "LOGIN",
      "alice",
      "secret",
      { SPAN_INIT("User Name\0") },
      1,
      "alice",
      SASL_MORE },
    { "LOGIN second",
      "LOGIN",
      "alice",
      "secret",
      { SPAN_INIT("Username:"), SPAN_INIT("Password:") },
      2,
      "secret",
      SASL_DONE },
    { "LOGIN and more",
      "LOGIN",
      "alice",
      "secret",
      { SPAN_INIT("Username:"), SPAN_INIT("Password:"), SPAN_INIT("PIN:") },
      3,
      "",
      SASL_BROKEN },
    { "PLAIN and more",
      "PLAIN",
      "alice",
      "secret",
      { { 0 }, SPAN_INIT("what?") },
      2,
      "",
      SASL_BROKEN },
    { "OAUTHBEARER",
      "OAUTHBEARER",
      "a,b=c",
      "tok",
      { { 0 } },
      1,
      "n,a=a=2Cb=3Dc,\1auth=Bearer tok\1\1",
      SASL_DONE },
    { "OAUTHBEARER without a name",
      "OAUTHBEARER",
      "",
      "tok",
      { { 0 } },
      1,
      "n,,\1auth=Bearer tok\1\1",
      SASL_DONE },
    { "OAUTHBEARER after the error",
      "OAUTHBEARER",
      "alice",
      "tok",
      { { 0 }, SPAN_INIT("{\"status\":\"invalid_token\"}") },
      2,
      "\1",
      SASL_DONE },
    { "OAUTHBEARER after two errors",
      "OAUTHBEARER",
      "alice",
      "tok",
      { { 0 }, SPAN_INIT("{}"), SPAN_INIT("{}") },
      3,
      "",
      SASL_BROKEN },
    { "OAUTHBEARER with octet 1 in the token",
      "OAUTHBEARER",
      "alice",
      "t\1",
      { { 0 } },
      1,
      "",
      SASL_BROKEN },
    { "XOAUTH2",
      "XOAUTH2",
      "alice@crepes.fr",
      "tok",
      { { 0 } },
      1,
      "user=alice@crepes.fr\1auth=Bearer tok\1\1",
      SASL_DONE },
    { "XOAUTH2 after the error",
      "XOAUTH2",
      "alice",
      "tok",
      { { 0 }, SPAN_INIT("{\"status\":\"401\"}") },
      2,
      "",
      SASL_DONE },
    { "EXTERNAL", "EXTERNAL", "", "", { { 0 } }, 1, "", SASL_DONE },
    { "EXTERNAL with a name", "EXTERNAL", "alice", "", { { 0 } }, 1, "alice", SASL_DONE },
    { "SCRAM: another nonce than ours",
      "SCRAM-SHA-256",
      "alice",
      "secret",
      { { 0 }, SPAN_INIT("r=abc,s=c2FsdA==,i=4096") },
      2,
      "",
      SASL_BROKEN },
    { "SCRAM: garbage",
      "SCRAM-SHA-256",
      "alice",
      "secret",
      { { 0 }, SPAN_INIT("hello") },
      2,
      "",
      SASL_BROKEN },
    { "hours: SCRAM, one too many",
      "SCRAM-SHA-256",
      "alice",
      "secret",
      { { 0 }, SPAN_INIT("r=abc,s=c2FsdA==,i=600001") },
      2,
      "",
      SASL_BROKEN },
    { "hours: SCRAM",
      "SCRAM-SHA-256",
      "alice",
      "secret",
      { { 0 }, SPAN_INIT("r=abc,s=c2FsdA==,i=4294967295") },
      2,
      "",
      SASL_BROKEN },
    { "hours: SCRAM, more than any number",
      "SCRAM-SHA-256",
      "alice",
      "secret",
      { { 0 }, SPAN_INIT("r=abc,s=c2FsdA==,i=99999999999999999999999") },
      2,
      "",
      SASL_BROKEN },
    { "SCRAM: a control octet in the password",
      "SCRAM-SHA-256",
      "alice",
      "s\x7f",
      { { 0 }, SPAN_INIT("r=abc,s=c2FsdA==,i=4096") },
      2,
      "",
      SASL_BROKEN },
};

Test(sasl, answers_what_servers_ask)
{
    for (size_t i = 0; i < ROWS(clients); i++) {
        struct sasl *s = sasl_client(span_of(clients[i].mechanism), clients[i].user,
                                     clients[i].secret, (struct span){ 0 });
        struct buf out = { 0 };
        enum sasl_result got = SASL_MORE;

        for (unsigned k = 0; k < clients[i].count; k++)
            got = sasl_step(s, clients[i].in[k], &out);
        cr_expect_eq(got, clients[i].result, "%s: %d", clients[i].name, (int)got);
        cr_expect_str_eq(buf_text(&out), clients[i].out, "%s", clients[i].name);
        cr_expect((got == SASL_BROKEN) <= (*sasl_why(s) != 0), "%s", clients[i].name);
        if (span_starts(span_of(clients[i].name), SPAN("hours: ")))
            cr_expect(strstr(sasl_why(s), "rounds of hashing"), "%s: %s", clients[i].name,
                      sasl_why(s));
        buf_release(&out);
        sasl_free(s);
    }
}

Test(sasl, sends_plain_in_its_form)
{
    struct sasl *s = sasl_client(SPAN("plain"), "alice", "secret", (struct span){ 0 });
    struct buf out = { 0 };

    cr_expect_eq(sasl_step(s, SPAN("anything"), &out), SASL_DONE);
    cr_expect(span_eq(buf_span(&out), SPAN("\0alice\0secret")));
    cr_expect(sasl_complete(s));
    buf_release(&out);
    sasl_free(s);
}

Test(sasl, knows_its_mechanisms)
{
    struct span rest = span_of(sasl_mechanisms);
    unsigned count = 0;

    while (rest.len) {
        struct span name = span_cut(rest, ' ', &rest);
        struct sasl *s = sasl_server(name, &users, BINDING, "alice"),
                    *c = sasl_client(name, "a", "b", BINDING);

        cr_expect(s && c && sasl_knows(name), "%.*s", SPAN_ARG(name));
        sasl_free(s);
        sasl_free(c);
        count++;
    }
    cr_expect_eq(count, 10);
    cr_expect(!sasl_knows(SPAN("DIGEST-MD5")) && !sasl_knows(SPAN("")));
    cr_expect_null(sasl_server(SPAN("NTLM"), &users, BINDING, NULL));
    cr_expect_null(sasl_client(SPAN("GSSAPI"), "a", "b", BINDING));
    cr_expect_null(sasl_client(SPAN("SCRAM-SHA-256-PLUS"), "a", "b", (struct span){ 0 }),
                   "nothing to bind to");
    sasl_free(NULL);
}

static const struct {
    const char *offered;
    bool encrypted, token, binding;
    const char *best;
} choices[] = {
    { "PLAIN LOGIN SCRAM-SHA-256", false, false, false, "SCRAM-SHA-256" },
    { "PLAIN LOGIN CRAM-MD5", false, false, false, "CRAM-MD5" },
    { "PLAIN LOGIN CRAM-MD5", true, false, false, "PLAIN" },
    { "LOGIN PLAIN", false, false, false, "PLAIN" },
    { "login", false, false, false, "LOGIN" },
    { "SCRAM-SHA-1 SCRAM-SHA-256", true, false, true, "SCRAM-SHA-256" },
    { "SCRAM-SHA-256 SCRAM-SHA-256-PLUS", true, false, true, "SCRAM-SHA-256-PLUS" },
    { "SCRAM-SHA-256 SCRAM-SHA-256-PLUS", true, false, false, "SCRAM-SHA-256" },
    { "SCRAM-SHA-256-PLUS", true, false, false, "" },
    { "PLAIN XOAUTH2 OAUTHBEARER", true, true, false, "OAUTHBEARER" },
    { "PLAIN XOAUTH2", true, true, false, "XOAUTH2" },
    { "PLAIN", true, true, false, "" },
    { "XOAUTH2 EXTERNAL NTLM GSSAPI", true, false, false, "" },
    { "PLAINER XPLAIN", true, false, false, "" },
    { "", true, false, false, "" },
};

Test(sasl, chooses_the_best_that_is_offered)
{
    for (size_t i = 0; i < ROWS(choices); i++) {
        struct span best = sasl_best(span_of(choices[i].offered), choices[i].encrypted,
                                     choices[i].token, choices[i].binding);

        cr_expect(span_eq(best, span_of(choices[i].best)), "%zu: %.*s", i, SPAN_ARG(best));
    }
}

Test(sasl, takes_no_message_that_is_too_long)
{
    struct span rest = span_of(sasl_mechanisms);
    struct buf big = { 0 }, out = { 0 };

    buf_add_repeat(&big, 'a', SASL_MESSAGE_MAX + 1);
    while (rest.len) {
        struct span name = span_cut(rest, ' ', &rest);
        struct sasl *s = sasl_server(name, &users, BINDING, "alice");

        sasl_step(s, (struct span){ 0 }, &out);
        cr_expect_eq(sasl_step(s, buf_span(&big), &out), SASL_BROKEN, "%.*s", SPAN_ARG(name));
        sasl_free(s);
    }
    buf_release(&big);
    buf_release(&out);
}

/* RFC 5802 5, RFC 7677 3: the helper of the next tests is right. */
Test(sasl, is_measured_by_the_examples_of_the_standards)
{
    static const struct {
        struct span first, last;
        const char *bare, *proof, *signature;
    } rows[] = {
        { SPAN_INIT("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096"),
          SPAN_INIT("c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j"),
          "n=user,r=fyko+d2lbbFgONRv9qkxdawL",
          "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", "rmF9pqV8S7suAoZWja4dJRkFsKQ=" },
        { SPAN_INIT("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                    "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"),
          SPAN_INIT("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"),
          "n=user,r=rOprNGfwEbeRWgbNEkqO", "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
          "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=" },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        struct scram by_hand = { i ? EVP_sha256() : EVP_sha1(), "pencil", rows[i].bare,
                                 rows[i].first, rows[i].last };
        struct buf proof = { 0 }, signature = { 0 };

        scram_answers(&by_hand, &proof, &signature);
        cr_expect_str_eq(buf_text(&proof), rows[i].proof);
        cr_expect_str_eq(buf_text(&signature), rows[i].signature);
        buf_release(&proof);
        buf_release(&signature);
    }
}

static void server_agrees(const char *mechanism, const EVP_MD *hash)
{
    struct sasl *s = sasl_server(span_of(mechanism), &users, (struct span){ 0 }, NULL);
    struct buf first = { 0 }, last = { 0 }, out = { 0 }, proof = { 0 }, signature = { 0 };
    struct scram by_hand = { hash, "pencil", "n=user,r=fyko+d2lbbFgONRv9qkxdawL", { 0 }, { 0 } };

    cr_expect_eq(sasl_step(s, SPAN("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL"), &first), SASL_MORE);
    cr_expect(span_starts(buf_span(&first), SPAN("r=fyko+d2lbbFgONRv9qkxdawL")));
    buf_add_text(&last, "c=biws,r=");
    buf_add(&last, scram_part(buf_span(&first), "r="));
    by_hand.server_first = buf_span(&first);
    by_hand.final_bare = buf_span(&last);
    scram_answers(&by_hand, &proof, &signature);
    buf_printf(&last, ",p=%s", buf_text(&proof));
    cr_expect_eq(sasl_step(s, buf_span(&last), &out), SASL_MORE);
    cr_expect(span_starts(buf_span(&out), SPAN("v=")));
    cr_expect(span_eq(span_from(buf_span(&out), 2), buf_span(&signature)), "%s: %s", mechanism,
              buf_text(&out));
    cr_expect_eq(sasl_step(s, (struct span){ 0 }, &out), SASL_DONE);
    cr_expect_str_eq(sasl_who(s), "user");
    sasl_free(s);
    buf_release(&first);
    buf_release(&last);
    buf_release(&out);
    buf_release(&proof);
    buf_release(&signature);
}

Test(sasl, proves_itself_to_a_client_made_by_hand)
{
    server_agrees("SCRAM-SHA-1", EVP_sha1());
    server_agrees("SCRAM-SHA-256", EVP_sha256());
}

/* A server that has seen the salt, and does not know the password. */
static enum sasl_result client_meets(const char *password, const char *ending, bool *complete)
{
    struct sasl *c = sasl_client(SPAN("SCRAM-SHA-256"), "user", "pencil", (struct span){ 0 });
    struct buf first = { 0 }, challenge = { 0 }, last = { 0 }, proof = { 0 }, signature = { 0 };
    struct buf out = { 0 };
    struct scram by_hand = { EVP_sha256(), password, NULL, { 0 }, { 0 } };
    enum sasl_result got;

    cr_assert_eq(sasl_step(c, (struct span){ 0 }, &first), SASL_MORE);
    cr_expect(!sasl_complete(c));
    buf_add_text(&challenge, "r=");
    buf_add(&challenge, scram_part(buf_span(&first), "r="));
    buf_add_text(&challenge, "more,s=QSXCR+Q6sek8bf92,i=4096");
    cr_assert_eq(sasl_step(c, buf_span(&challenge), &last), SASL_MORE);
    cr_expect(!sasl_complete(c), "nothing is proved yet");
    by_hand.first_bare = buf_text(&first) + 3;
    by_hand.server_first = buf_span(&challenge);
    by_hand.final_bare =
        span_first(buf_span(&last), span_search(buf_span(&last), SPAN(",p="), 0, false));
    scram_answers(&by_hand, &proof, &signature);
    buf_clear(&challenge);
    if (ending)
        buf_add_text(&challenge, ending);
    else
        buf_printf(&challenge, "v=%s", buf_text(&signature));
    got = sasl_step(c, buf_span(&challenge), &out);
    cr_expect_eq(out.len, 0);
    *complete = sasl_complete(c);
    sasl_free(c);
    buf_release(&first);
    buf_release(&challenge);
    buf_release(&last);
    buf_release(&proof);
    buf_release(&signature);
    buf_release(&out);
    return got;
}

Test(sasl, finds_out_a_server_that_does_not_know_the_password)
{
    bool complete;

    cr_expect_eq(client_meets("pencil", NULL, &complete), SASL_DONE);
    cr_expect(complete);
    cr_expect_eq(client_meets("pencils", NULL, &complete), SASL_BROKEN);
    cr_expect(!complete);
    cr_expect_eq(client_meets("pencil", "v=AAAA", &complete), SASL_BROKEN);
    cr_expect_eq(client_meets("pencil", "e=other-error", &complete), SASL_BROKEN);
    cr_expect_eq(client_meets("pencil", "", &complete), SASL_BROKEN);
    cr_expect(!complete);
}

Test(sasl, binds_a_login_to_one_channel)
{
    struct sasl *c = sasl_client(SPAN("SCRAM-SHA-256-PLUS"), "alice", "secret", SPAN("one"));
    struct sasl *s = sasl_server(SPAN("SCRAM-SHA-256-PLUS"), &users, SPAN("another"), NULL);
    struct buf who = { 0 };
    unsigned messages;

    cr_expect_eq(meet(c, s, &who, &messages), SASL_DENIED, "somebody stands between");
    buf_release(&who);
    sasl_free(c);
    sasl_free(s);
}

Test(sasl, wants_nothing_more_than_silence_after_its_last_word)
{
    struct sasl *c = sasl_client(SPAN("SCRAM-SHA-1"), "alice", "secret", (struct span){ 0 });
    struct sasl *s = sasl_server(SPAN("SCRAM-SHA-1"), &users, (struct span){ 0 }, NULL);
    struct buf a = { 0 }, b = { 0 };

    sasl_step(c, (struct span){ 0 }, &a);
    sasl_step(s, buf_span(&a), &b);
    sasl_step(c, buf_span(&b), &a);
    cr_expect_eq(sasl_step(s, buf_span(&a), &b), SASL_MORE);
    cr_expect_eq(sasl_step(s, SPAN("more"), &b), SASL_BROKEN);
    sasl_free(c);
    sasl_free(s);
    buf_release(&a);
    buf_release(&b);
}
