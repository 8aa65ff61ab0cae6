/* TLS and logins through the whole server, with our own client's side of both. */
#include "base/mem.h"
#include "message/base64.h"
#include "net/pki.h"
#include "net/sasl.h"
#include "server/server.h"
#include "support/certs.h"
#include "support/stranger.h"
#include "support/table.h"

#define NAME "hamburger.edu"

static const struct sasl_user users_at[] = { { "alice", "ketchup" }, { "bob", "t0ken" } };
static const struct sasl_users users = { users_at, 2 };
static const struct policy_mailbox mailbox = { "bob", NAME };
static const struct policy policy = { .hostname = NAME,
                                      .mailboxes = &mailbox,
                                      .mailbox_count = 1,
                                      .any_recipient = true,
                                      .recipients_max = 100,
                                      .extensions = (1u << EXTENSION_COUNT) - 1,
                                      .mechanisms = "PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 "
                                                    "SCRAM-SHA-256 SCRAM-SHA-1-PLUS "
                                                    "SCRAM-SHA-256-PLUS OAUTHBEARER XOAUTH2" };

/* A server with a certificate, one client that trusts it, and what was told. */
struct house {
    struct loop *loop;
    struct record *record;
    struct server *server;
    struct stranger peer;
    char folder[64];
    struct tls_context *server_keys, *client_keys;
    struct buf facts;
};

static void told(void *ctx, const struct server_event *e)
{
    struct house *h = ctx;
    const enum fact_kind kind = e->kind == SERVER_FACT ? e->fact->kind : FACT_KIND_COUNT;

    if (kind == FACT_ENCRYPTED || kind == FACT_LOGIN)
        buf_printf(&h->facts, "%.*s\n", SPAN_ARG(e->fact->text));
    if (kind == FACT_INJECTED)
        buf_printf(&h->facts, "injected %llu: %.*s", (unsigned long long)e->fact->number,
                   SPAN_ARG(e->fact->text));
    if (e->kind == SERVER_STORED)
        buf_printf(&h->facts, "stored%s for '%s'\n", e->letter->tls ? " over TLS" : "",
                   e->letter->user);
}

static void house_open(struct house *h, const struct policy *p, bool implicit)
{
    struct error err = { "" };
    struct server_hooks hooks = { .event = told, .ctx = h };
    struct server_options o = { .policy = p, .users = &users, .implicit_tls = implicit };
    char ca[256];

    *h = (struct house){ .loop = loop_new(&err), .record = record_new(NULL) };
    certs_folder(h->folder);
    h->server_keys = pki_server_context(h->folder, NAME, &err);
    cr_assert_not_null(h->server_keys, "%s", err.text);
    certs_path(h->folder, "ca.pem", ca);
    h->client_keys = tls_client_context(&(struct tls_client_options){ .ca_file = ca }, &err);
    cr_assert_not_null(h->client_keys, "%s", err.text);
    o.loop = h->loop;
    o.record = h->record;
    o.tls = h->server_keys;
    h->server = server_new(&o, &hooks, &err);
    cr_assert_not_null(h->server, "%s", err.text);
    stranger_dial(h->loop, server_port(h->server), &h->peer);
}

static void house_close(struct house *h)
{
    server_free(h->server);
    record_free(h->record);
    stranger_end(&h->peer);
    tls_context_free(h->server_keys);
    tls_context_free(h->client_keys);
    certs_remove(h->folder);
    loop_free(h->loop);
    buf_release(&h->facts);
}

/* Sends a line and hears the whole reply; false: its code is another. */
static bool ask(struct house *h, const char *line, const char *code)
{
    struct stranger *p = &h->peer;
    const char *last = NULL;
    char end[8];

    buf_clear(&p->got);
    stranger_say(p, line);
    snprintf(end, sizeof end, "%s ", code);
    if (!TURN_UNTIL(h->loop,
                    p->closed || p->reset || (p->got.len > 2 && p->got.at[p->got.len - 1] == '\n')))
        return false;
    for (const char *at = buf_text(&p->got); at && *at;
         at = strchr(at, '\n'), at = at ? at + 1 : at)
        last = at;
    return last && strncmp(last, end, strlen(end)) == 0;
}

static void encrypt(struct house *h)
{
    stream_start_tls(h->peer.stream, h->client_keys, false, NAME);
    cr_assert(
        TURN_UNTIL(h->loop, h->peer.last == STREAM_TLS_OPEN || h->peer.last == STREAM_TLS_FAILED));
    cr_assert_eq(h->peer.last, STREAM_TLS_OPEN);
    cr_assert_eq(stream_tls(h->peer.stream)->verdict, TLS_VERIFIED);
}

static void expect_no(const struct house *h, const char *text)
{
    cr_expect_null(strstr(buf_text(&h->peer.got), text), "%s", buf_text(&h->peer.got));
}

static void expect_some(const struct house *h, const char *text)
{
    cr_expect_not_null(strstr(buf_text(&h->peer.got), text), "%s", buf_text(&h->peer.got));
}

Test(secure, starts_tls_and_forgets_all_that_was_said_before)
{
    struct house h;

    house_open(&h, &policy, false);
    cr_assert(ask(&h, "", "220"));
    cr_expect(ask(&h, "EHLO crepes.fr\r\n", "250"));
    expect_some(&h, "STARTTLS");
    expect_no(&h, "AUTH");
    cr_assert(ask(&h, "STARTTLS\r\n", "220"), "%s", buf_text(&h.peer.got));
    encrypt(&h);
    cr_expect(ask(&h, "MAIL FROM:<a@b.fr>\r\n", "503"), "the greeting is forgotten: %s",
              buf_text(&h.peer.got));
    cr_expect(ask(&h, "EHLO crepes.fr\r\n", "250"));
    expect_no(&h, "STARTTLS");
    expect_some(&h, "AUTH ");
    cr_expect(ask(&h, "MAIL FROM:<a@b.fr>\r\n", "250"));
    cr_expect(ask(&h, "RCPT TO:<bob@hamburger.edu>\r\n", "250"));
    cr_expect(ask(&h, "DATA\r\n", "354"));
    cr_expect(ask(&h, "Subject: hi\r\n\r\nhi\r\n.\r\n", "250"));
    cr_expect_str_eq(buf_text(&h.facts), "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384\n"
                                         "stored over TLS for ''\n");
    house_close(&h);
}

static void record_has(const struct house *h, enum talk_event kind, const char *detail)
{
    for (uint32_t i = 0; i < record_events(h->record, 1); i++) {
        struct record_event e;

        record_event_get(h->record, 1, i, &e);
        if (e.event == kind) {
            cr_expect(span_eq(e.detail, span_of(detail)), "'%.*s'", SPAN_ARG(e.detail));
            return;
        }
    }
    cr_expect_fail("no event: %s", talk_event_text(kind));
}

/* CVE-2011-0411: whoever sits between could put commands behind STARTTLS, in clear. */
Test(secure, never_carries_out_what_came_behind_starttls)
{
    static const char injected[] = "EHLO evil.example\r\nMAIL FROM:<evil@evil.example>\r\n";
    struct house h;
    char all[128];

    house_open(&h, &policy, false);
    cr_assert(ask(&h, "", "220"));
    cr_expect(ask(&h, "EHLO crepes.fr\r\n", "250"));
    snprintf(all, sizeof all, "STARTTLS\r\n%s", injected);
    cr_assert(ask(&h, all, "220"), "%s", buf_text(&h.peer.got));
    cr_expect_eq(strchr(buf_text(&h.peer.got), '\n')[1], '\0', "one reply and no more");
    encrypt(&h);
    cr_expect(ask(&h, "RCPT TO:<bob@hamburger.edu>\r\n", "503"), "%s", buf_text(&h.peer.got));
    cr_expect(span_starts(buf_span(&h.facts), SPAN("injected 50: EHLO evil.example\r\nMAIL ")),
              "%s", buf_text(&h.facts));
    record_has(&h, TALK_TLS_DISCARDED,
               "50 octets: EHLO evil.example<CR><LF>MAIL FROM:<evil@evil.example><CR><LF>");
    house_close(&h);
}

Test(secure, offers_neither_without_a_certificate_and_users)
{
    struct error err;
    struct house h = { .loop = loop_new(&err) };
    struct policy open = policy;
    struct server_options o = { .loop = h.loop, .policy = &open };

    open.auth_without_tls = true;
    h.server = server_new(&o, NULL, &err);
    stranger_dial(h.loop, server_port(h.server), &h.peer);
    cr_assert(ask(&h, "", "220"));
    cr_expect(ask(&h, "EHLO crepes.fr\r\n", "250"));
    expect_no(&h, "STARTTLS");
    expect_no(&h, "AUTH");
    cr_expect_not(ask(&h, "STARTTLS\r\n", "220"));
    cr_expect_not(ask(&h, "AUTH PLAIN\r\n", "334"));
    server_free(h.server);
    stranger_end(&h.peer);
    loop_free(h.loop);
}

/* One message of the exchange as a line. */
static void encode(struct span octets, const char *before, struct buf *out)
{
    buf_clear(out);
    buf_add_text(out, before);
    if (octets.len)
        base64_encode(octets, out);
    else if (*before)
        buf_add_octet(out, '=');
    buf_add(out, SPAN("\r\n"));
}

/* The whole exchange, as a client goes through it: the last reply's code. */
static unsigned log_in(struct house *h, const char *mechanism, const char *user, const char *secret)
{
    struct buf binding = { 0 }, out = { 0 }, line = { 0 }, said = { 0 };
    struct sasl *s;
    char begin[64];

    stream_channel_binding(h->peer.stream, &binding);
    s = sasl_client(span_of(mechanism), user, secret, buf_span(&binding));
    cr_assert_not_null(s, "%s", mechanism);
    snprintf(begin, sizeof begin, "AUTH %s%s", mechanism, sasl_client_first(s) ? " " : "");
    if (sasl_client_first(s)) {
        sasl_step(s, SPAN(""), &out);
        encode(buf_span(&out), begin, &line);
    } else {
        buf_printf(&line, "%s\r\n", begin);
    }
    while (ask(h, buf_text(&line), "334")) {
        buf_clear(&said);
        base64_decode(span_first(span_from(buf_span(&h->peer.got), 4), h->peer.got.len - 6), &said);
        sasl_step(s, buf_span(&said), &out);
        encode(buf_span(&out), "", &line);
    }
    sasl_free(s);
    buf_release(&binding);
    buf_release(&out);
    buf_release(&line);
    buf_release(&said);
    return (unsigned)strtoul(buf_text(&h->peer.got), NULL, 10);
}

static const struct {
    const char *mechanism, *user, *secret;
    unsigned code;
} logins[] = {
    { "PLAIN", "alice", "ketchup", 235 },
    { "PLAIN", "alice", "mustard", 535 },
    { "PLAIN", "carol", "ketchup", 535 },
    { "LOGIN", "alice", "ketchup", 235 },
    { "LOGIN", "alice", "mustard", 535 },
    { "CRAM-MD5", "alice", "ketchup", 235 },
    { "CRAM-MD5", "alice", "mustard", 535 },
    { "SCRAM-SHA-1", "alice", "ketchup", 235 },
    { "SCRAM-SHA-1", "alice", "mustard", 535 },
    { "SCRAM-SHA-256", "alice", "ketchup", 235 },
    { "SCRAM-SHA-256", "carol", "ketchup", 535 },
    { "SCRAM-SHA-1-PLUS", "alice", "ketchup", 235 },
    { "SCRAM-SHA-256-PLUS", "alice", "ketchup", 235 },
    { "SCRAM-SHA-256-PLUS", "alice", "mustard", 535 },
    { "OAUTHBEARER", "bob", "t0ken", 235 },
    { "OAUTHBEARER", "bob", "token", 535 },
    { "XOAUTH2", "bob", "t0ken", 235 },
    { "XOAUTH2", "bob", "token", 535 },
};

Test(secure, logs_in_with_every_mechanism_inside_tls)
{
    for (size_t i = 0; i < ROWS(logins); i++) {
        const char *name = logins[i].mechanism, *user = logins[i].user;
        struct house h;
        unsigned code;
        struct buf want = { 0 };

        house_open(&h, &policy, true);
        encrypt(&h);
        if (!h.peer.got.len)
            cr_assert(ask(&h, "", "220"));
        cr_assert(ask(&h, "EHLO crepes.fr\r\n", "250"), "%s", buf_text(&h.peer.got));
        code = log_in(&h, name, user, logins[i].secret);
        cr_expect_eq(code, logins[i].code, "%s as %s: got %u, %s", name, user, code,
                     buf_text(&h.peer.got));
        buf_printf(&want, "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384\n");
        if (logins[i].code == 235)
            buf_printf(&want, "%s\n", user);
        cr_expect_str_eq(buf_text(&h.facts), buf_text(&want), "%s as %s", name, user);
        buf_release(&want);
        house_close(&h);
    }
}

Test(secure, logs_in_again_after_a_wrong_password_and_says_who_sent_a_letter)
{
    struct policy open = policy;
    struct house h;

    open.auth_without_tls = true;
    house_open(&h, &open, false);
    cr_assert(ask(&h, "", "220"));
    cr_assert(ask(&h, "EHLO crepes.fr\r\n", "250"));
    expect_some(&h, "AUTH ");
    cr_expect_eq(log_in(&h, "PLAIN", "alice", "mustard"), 535);
    cr_expect(ask(&h, "AUTH CRAM-MD5\r\n", "334"));
    cr_expect(ask(&h, "*\r\n", "501"), "%s", buf_text(&h.peer.got));
    cr_expect_eq(log_in(&h, "SCRAM-SHA-256", "alice", "ketchup"), 235);
    cr_expect(ask(&h, "AUTH PLAIN\r\n", "503"), "%s", buf_text(&h.peer.got));
    cr_expect(ask(&h, "MAIL FROM:<a@b.fr>\r\n", "250"));
    cr_expect(ask(&h, "RCPT TO:<bob@hamburger.edu>\r\n", "250"));
    cr_expect(ask(&h, "DATA\r\n", "354"));
    cr_expect(ask(&h, "hi\r\n.\r\n", "250"));
    cr_expect_str_eq(buf_text(&h.facts), "alice\nstored for 'alice'\n");
    house_close(&h);
}
