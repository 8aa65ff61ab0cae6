/*
 * Every action, one by one: the engine and the store are played here. Each line that a client sends
 * is one action for the server, "wait 20" or "store bob"; so nothing depends on what a policy or a
 * fault can bring about.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "engine/engine.h"
#include "net/pki.h"
#include "server/inner.h"
#include "support/certs.h"
#include "support/stranger.h"
#include "support/table.h"

#define MS (CLOCK_SECOND / 1000)

/* The played engine. */
#define ACTIONS_MAX 64
struct engine {
    struct action actions[ACTIONS_MAX];
    char texts[ACTIONS_MAX][64];
    size_t count, next;
    struct buf input;
    bool waits, pending, client_gone, over;
    int64_t now;
};
static const char *const one_recipient[] = { "bob@hamburger.edu" };
static const struct engine_letter played_letter = { .from = SPAN_INIT("a@b.fr"),
                                                    .to = one_recipient,
                                                    .to_count = 1,
                                                    .user = "",
                                                    .ret = "",
                                                    .envid = "",
                                                    .body = "",
                                                    .esmtp = true,
                                                    .octets = SPAN_INIT("hi\r\n"),
                                                    .client = "crepes.fr" };
static unsigned engines; /* that live */

static struct action *add(struct engine *e, enum action_kind kind, const char *text)
{
    struct action *a = &e->actions[e->count];

    cr_assert_lt(e->count, ACTIONS_MAX);
    snprintf(e->texts[e->count], sizeof e->texts[0], "%s", text);
    *a = (struct action){ .kind = kind, .octets = span_of(e->texts[e->count]) };
    e->count++;
    return a;
}

static void add_fact(struct engine *e, const char *text)
{
    struct action *a = add(e, ACTION_FACT, text);

    a->fact = (struct fact){ .kind = FACT_NOTED, .text = a->octets };
}

static void take(struct engine *e, const char *line)
{
    char word[16] = "", rest[48] = "";
    unsigned long number, gap;
    char *end;

    cr_assert_gt(sscanf(line, "%15s %47[^\n]", word, rest), 0, "'%s'", line);
    number = strtoul(rest, &end, 10);
    gap = strtoul(end, NULL, 10);
    if (strcmp(word, "say") == 0) {
        strcat(rest, "\r\n");
        add(e, ACTION_WRITE, rest);
    } else if (strcmp(word, "wait") == 0) {
        add(e, ACTION_WAIT, "")->until = e->now + (int64_t)number * MS;
    } else if (strcmp(word, "slow") == 0) {
        struct action *a = add(e, ACTION_SLOW, "");

        a->number = number;
        a->until = (int64_t)gap * MS;
    } else if (strcmp(word, "close") == 0) {
        add(e, ACTION_CLOSE, "");
    } else if (strcmp(word, "reset") == 0) {
        add(e, ACTION_RESET, "");
    } else if (strcmp(word, "tls") == 0) {
        add(e, ACTION_START_TLS, "");
    } else if (strcmp(word, "fact") == 0) {
        add_fact(e, rest);
    } else {
        cr_assert_str_eq(word, "store");
        add(e, ACTION_STORE, "")->letter = &played_letter;
    }
}

struct engine *engine_new(const struct policy *policy)
{
    (void)policy;
    engines++;
    return mem_zero(1, sizeof(struct engine));
}

void engine_free(struct engine *e)
{
    engines--;
    buf_release(&e->input);
    mem_free(e);
}

void engine_open(struct engine *e, int64_t now)
{
    e->now = now;
    add(e, ACTION_WRITE, "220 played\r\n");
}

size_t engine_push(struct engine *e, struct span octets, int64_t now)
{
    e->now = now;
    buf_add(&e->input, octets);
    for (size_t end; (end = span_find(buf_span(&e->input), '\n')) < e->input.len;) {
        e->input.at[end] = '\0';
        take(e, (const char *)e->input.at);
        buf_consume(&e->input, end + 1);
    }
    return octets.len;
}

bool engine_next(struct engine *e, struct action *out)
{
    if (e->waits || e->pending || e->over)
        return false;
    if (e->next == e->count && e->client_gone) {
        e->client_gone = false;
        add_fact(e, "the client left");
        add(e, ACTION_CLOSE, "");
    }
    if (e->next == e->count)
        return false;
    *out = e->actions[e->next++];
    e->waits = out->kind == ACTION_WAIT;
    e->pending = out->kind == ACTION_STORE || out->kind == ACTION_START_TLS;
    e->over = out->kind == ACTION_CLOSE || out->kind == ACTION_RESET;
    return true;
}

void engine_waited(struct engine *e, int64_t now)
{
    e->now = now;
    cr_expect(e->waits);
    e->waits = false;
}

void engine_stored(struct engine *e, bool ok, const char *why, int64_t now)
{
    char reply[64];

    e->now = now;
    cr_expect(e->pending);
    e->pending = false;
    snprintf(reply, sizeof reply, "%s%s\r\n", ok ? "250 kept" : "452 ", ok ? "" : why);
    memmove(&e->actions[e->next + 1], &e->actions[e->next],
            (e->count - e->next) * sizeof e->actions[0]);
    memmove(&e->texts[e->next + 1], &e->texts[e->next], (e->count - e->next) * sizeof e->texts[0]);
    e->count++;
    snprintf(e->texts[e->next], sizeof e->texts[0], "%s", reply);
    e->actions[e->next] = (struct action){ .kind = ACTION_WRITE };
    for (size_t i = e->next; i < e->count; i++)
        e->actions[i].octets = span_of(e->texts[i]);
}

void engine_client_closed(struct engine *e, int64_t now)
{
    e->now = now;
    e->client_gone = true;
}

size_t engine_waiting(const struct engine *e)
{
    (void)e;
    return 0;
}

size_t engine_letter_octets(const struct engine *e)
{
    (void)e;
    return 0;
}

void engine_no_room(struct engine *e)
{
    (void)e;
}

void engine_auth(struct engine *e, enum engine_verdict verdict, struct span octets, int64_t now)
{
    (void)e, (void)verdict, (void)octets, (void)now;
}

void engine_set_certified(struct engine *e, bool on)
{
    (void)e;
    cr_expect_not(on, "no client here shows a certificate");
}

void engine_encrypted(struct engine *e, int64_t now)
{
    e->now = now;
    e->pending = false;
    add_fact(e, "all is forgotten");
}

void engine_tick(struct engine *e, int64_t now)
{
    (void)e, (void)now;
}

int64_t engine_deadline(const struct engine *e)
{
    (void)e;
    return CLOCK_NEVER;
}

void engine_set_facts(struct engine *e, bool on)
{
    (void)e, (void)on;
}

void engine_set_keeping(struct engine *e, bool on)
{
    (void)e;
    cr_expect(on);
}

void engine_set_faults(struct engine *e, struct faults *faults, const char *address)
{
    (void)e, (void)faults;
    cr_expect_str_eq(address, "127.0.0.1");
}

bool engine_over(const struct engine *e)
{
    (void)e;
    return false;
}

void engine_set_timeouts(struct engine *e, bool on)
{
    (void)e, (void)on;
}

/* The played store: what it is given waits until the test says what becomes of it. */
struct store {
    bool at_once;    /* done from inside store_put() */
    const char *why; /* then: NULL it is stored */
};
struct store_job {
    store_done *done;
    void *ctx;
    bool forgotten;
};
static struct store_job job; /* the last one */
static char with[32], ids[2][64];
static unsigned puts_seen;

struct store_job *store_put(struct store *s, const struct store_letter *letter, store_done *done,
                            void *ctx)
{
    snprintf(with, sizeof with, "%s", letter->with);
    snprintf(ids[puts_seen++ % 2], sizeof ids[0], "%s", letter->id);
    cr_expect_str_eq(letter->by, "hamburger.edu");
    cr_expect_str_eq(letter->address, "127.0.0.1");
    cr_expect_str_eq(letter->tls, "");
    cr_expect(letter->letter == &played_letter);
    if (s->at_once) {
        done(ctx, !s->why, s->why, "new/1");
        return NULL;
    }
    job = (struct store_job){ done, ctx, false };
    return &job;
}

bool store_reads(const struct store *s)
{
    (void)s;
    return true;
}

void store_forget(struct store_job *j)
{
    j->forgotten = true;
}

/* What the server told about it. */
struct house {
    struct loop *loop;
    struct record *record;
    struct server *server;
    struct store store;
    struct buf told;
};

static void told(void *ctx, const struct server_event *e)
{
    struct house *h = ctx;

    if (e->kind == SERVER_FACT)
        buf_printf(&h->told, "fact %.*s\n", SPAN_ARG(e->fact->text));
    if (e->kind == SERVER_STORED)
        buf_printf(&h->told, "stored %s %s\n", e->path, e->letter->client);
    if (e->kind == SERVER_REPLIED)
        buf_printf(&h->told, "%u %.*s\n", e->code, SPAN_ARG(e->text));
    if (e->kind == SERVER_CLOSED)
        buf_printf(&h->told, "%.*s\n", SPAN_ARG(e->text));
}

static void house_open_with(struct house *h, struct server_options o)
{
    struct error err = { "" };
    struct server_hooks hooks = { .event = told, .ctx = h };

    *h = (struct house){ .loop = loop_new(&err), .record = record_new(NULL) };
    job = (struct store_job){ 0 };
    o.loop = h->loop;
    o.record = h->record;
    o.policy = &policy_lab;
    o.store = &h->store;
    h->server = server_new(&o, &hooks, &err);
    cr_assert_not_null(h->server, "%s", err.text);
}

static void house_open(struct house *h, struct stranger *p)
{
    house_open_with(h, (struct server_options){ 0 });
    stranger_dial(h->loop, server_port(h->server), p);
    cr_assert(STRANGER_HEARS(h->loop, p, "220 played\r\n"));
    buf_clear(&p->got);
    buf_clear(&h->told);
    p->reads = 0;
}

static void house_close(struct house *h, struct stranger *p)
{
    server_free(h->server);
    record_free(h->record);
    stranger_end(p);
    loop_free(h->loop);
    buf_release(&h->told);
    cr_expect_eq(engines, 0, "every visit is gone");
}

Test(act, waits_and_does_nothing_meanwhile)
{
    struct house h;
    struct stranger p;
    int64_t began;

    house_open(&h, &p);
    began = loop_now(h.loop);
    stranger_say(&p, "say before\nwait 30\nsay after\n");
    cr_expect(STRANGER_HEARS(h.loop, &p, "before\r\n"));
    stranger_say(&p, "say later\n");
    cr_expect(STRANGER_HEARS(h.loop, &p, "before\r\nafter\r\nlater\r\n"));
    cr_expect_geq(loop_now(h.loop) - began, 30 * MS);
    house_close(&h, &p);
}

Test(act, ends_a_wait_with_the_client)
{
    struct house h;
    struct stranger p;

    house_open(&h, &p);
    stranger_say(&p, "say before\nwait 600000\nfact after\nsay after\n");
    cr_expect(STRANGER_HEARS(h.loop, &p, "before\r\n"));
    stream_abort(p.stream);
    cr_expect(TURN_UNTIL(h.loop, server_clients(h.server) == 0), "it waits for nobody");
    cr_expect_str_eq(buf_text(&h.told), "0 before\nfact after\nfact the client left\n"
                                        "broken off (reset)\n");
    house_close(&h, &p);
}

Test(act, lets_octets_leave_slowly_and_in_order)
{
    struct house h;
    struct stranger p;
    int64_t began;

    house_open(&h, &p);
    began = loop_now(h.loop);
    stranger_say(&p, "slow 3 5\nsay 123456789\nsay ab\nslow 0 0\nsay usual\nclose\n");
    cr_expect(TURN_UNTIL(h.loop, p.closed));
    cr_expect_str_eq(buf_text(&p.got), "123456789\r\nab\r\nusual\r\n");
    cr_expect_geq(p.reads, 6);
    cr_expect_geq(loop_now(h.loop) - began, 5 * 5 * MS);
    cr_expect_str_eq(buf_text(&h.told), "0 123456789\n0 ab\n0 usual\n");
    stream_finish(p.stream);
    cr_expect(TURN_UNTIL(h.loop, server_clients(h.server) == 0));
    house_close(&h, &p);
}

Test(act, ends_slow_octets_with_the_client)
{
    struct house h;
    struct stranger p;

    house_open(&h, &p);
    stranger_say(&p, "slow 1 600000\nsay 123\n");
    cr_expect(STRANGER_HEARS(h.loop, &p, "1"));
    stream_abort(p.stream);
    cr_expect(TURN_UNTIL(h.loop, server_clients(h.server) == 0));
    house_close(&h, &p);
}

Test(act, resets_at_once)
{
    struct house h;
    struct stranger p;
    struct record_event last;

    house_open(&h, &p);
    stranger_say(&p, "reset\nsay never\n");
    cr_expect(TURN_UNTIL(h.loop, p.reset));
    cr_expect_eq(p.got.len, 0);
    cr_expect_eq(server_clients(h.server), 0);
    record_event_get(h.record, 1, record_events(h.record, 1) - 1, &last);
    cr_expect_eq(last.event, TALK_RESET);
    cr_expect_str_eq(buf_text(&h.told), "broken off (reset): by the server\n");
    house_close(&h, &p);
}

Test(act, answers_when_the_store_is_done)
{
    static const struct {
        const char *name;
        bool at_once;
        const char *why, *heard, *told;
    } rows[] = {
        { "at once", true, NULL, "250 kept\r\nnext\r\n",
          "stored new/1 crepes.fr\n250 250 kept\n0 next\n" },
        { "at once, refused", true, "full", "452 full\r\nnext\r\n", "452 452 full\n0 next\n" },
        { "late", false, NULL, "250 kept\r\nnext\r\n",
          "stored new/1 crepes.fr\n250 250 kept\n0 next\n" },
        { "late, refused", false, "full", "452 full\r\nnext\r\n", "452 452 full\n0 next\n" },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        struct house h;
        struct stranger p;

        house_open(&h, &p);
        h.store = (struct store){ rows[i].at_once, rows[i].why };
        stranger_say(&p, "store\nsay next\n");
        if (!rows[i].at_once) {
            cr_assert(TURN_UNTIL(h.loop, job.done), "%s", rows[i].name);
            for (int n = 0; n < 100; n++)
                loop_poll(h.loop);
            cr_expect_eq(p.got.len, 0, "%s: nothing before it is done", rows[i].name);
            job.done(job.ctx, !rows[i].why, rows[i].why, "new/1");
        }
        cr_expect(STRANGER_HEARS(h.loop, &p, rows[i].heard), "%s: %s", rows[i].name,
                  buf_text(&p.got));
        cr_expect_str_eq(buf_text(&h.told), rows[i].told, "%s", rows[i].name);
        cr_expect_str_eq(with, "ESMTP");
        cr_expect_not(job.forgotten, "%s", rows[i].name);
        house_close(&h, &p);
    }
}

Test(act, gives_every_letter_a_name_of_its_own)
{
    struct house h;
    struct stranger p;

    house_open(&h, &p);
    h.store.at_once = true;
    stranger_say(&p, "store\nstore\n");
    cr_expect(STRANGER_HEARS(h.loop, &p, "250 kept\r\n250 kept\r\n"));
    cr_expect_str_neq(ids[0], ids[1]);
    cr_expect_gt(strlen(ids[0]), 8);
    house_close(&h, &p);
}

Test(act, waits_for_the_store_when_the_client_has_said_all)
{
    struct house h;
    struct stranger p;

    house_open(&h, &p);
    stranger_say(&p, "store\n");
    stream_finish(p.stream);
    cr_assert(TURN_UNTIL(h.loop, job.done));
    for (int n = 0; n < 100; n++)
        loop_poll(h.loop);
    cr_expect_eq(server_clients(h.server), 1);
    job.done(job.ctx, true, NULL, "new/1");
    cr_expect(TURN_UNTIL(h.loop, p.closed));
    cr_expect_str_eq(buf_text(&p.got), "250 kept\r\n");
    cr_expect_eq(server_clients(h.server), 0);
    house_close(&h, &p);
}

Test(act, forgets_the_store_when_the_client_breaks_off)
{
    struct house h;
    struct stranger p;

    house_open(&h, &p);
    stranger_say(&p, "store\nsay next\n");
    cr_assert(TURN_UNTIL(h.loop, job.done));
    stream_abort(p.stream);
    cr_expect(TURN_UNTIL(h.loop, server_clients(h.server) == 0));
    cr_expect(job.forgotten);
    house_close(&h, &p);
}

Test(act, forgets_the_store_when_the_server_is_freed)
{
    struct house h;
    struct stranger p;

    house_open(&h, &p);
    stranger_say(&p, "store\n");
    cr_assert(TURN_UNTIL(h.loop, job.done));
    server_free(h.server);
    h.server = NULL;
    cr_expect(job.forgotten);
    house_close(&h, &p);
}

/* A house with a certificate, and a client that trusts it. */
struct keys {
    char folder[64];
    struct tls_context *server, *client;
};

static void keys_make(struct keys *k)
{
    struct error err = { "" };
    char ca[256];

    certs_folder(k->folder);
    k->server = pki_server_context(k->folder, "hamburger.edu", &err);
    cr_assert_not_null(k->server, "%s", err.text);
    certs_path(k->folder, "ca.pem", ca);
    k->client = tls_client_context(&(struct tls_client_options){ .ca_file = ca }, &err);
    cr_assert_not_null(k->client, "%s", err.text);
}

static void keys_drop(struct keys *k)
{
    tls_context_free(k->server);
    tls_context_free(k->client);
    certs_remove(k->folder);
}

static void expect_events(const struct house *h, const char *want)
{
    struct buf got = { 0 };

    for (uint32_t i = 0; i < record_events(h->record, 1); i++) {
        struct record_event e;

        record_event_get(h->record, 1, i, &e);
        buf_printf(&got, "%s: %.*s\n", talk_event_text(e.event), SPAN_ARG(e.detail));
    }
    cr_expect_str_eq(buf_text(&got), want);
    buf_release(&got);
}

Test(act, starts_tls_after_what_is_queued)
{
    struct house h;
    struct stranger p;
    struct keys k;

    keys_make(&k);
    house_open_with(&h, (struct server_options){ .tls = k.server });
    stranger_dial(h.loop, server_port(h.server), &p);
    cr_assert(STRANGER_HEARS(h.loop, &p, "220 played\r\n"));
    buf_clear(&h.told);
    stranger_say(&p, "say 220 go\ntls\nsay 250 held back\n");
    cr_assert(STRANGER_HEARS(h.loop, &p, "220 go\r\n"));
    stream_start_tls(p.stream, k.client, false, "hamburger.edu");
    cr_assert(TURN_UNTIL(h.loop, p.last == STREAM_TLS_OPEN));
    cr_expect_eq(stream_tls(p.stream)->verdict, TLS_VERIFIED);
    cr_expect(STRANGER_HEARS(h.loop, &p, "250 held back\r\n"));
    stranger_say(&p, "say 250 inside\nclose\n");
    cr_expect(STRANGER_HEARS(h.loop, &p, "250 inside\r\n"));
    cr_expect(TURN_UNTIL(h.loop, p.closed));
    stream_finish(p.stream);
    cr_expect(TURN_UNTIL(h.loop, server_clients(h.server) == 0));
    cr_expect_str_eq(buf_text(&h.told), "220 220 go\n"
                                        "fact TLSv1.3 with cipher TLS_AES_256_GCM_SHA384\n"
                                        "250 250 held back\n"
                                        "fact all is forgotten\n"
                                        "250 250 inside\n"
                                        "closed by the server\n");
    expect_events(&h, "the TLS handshake begins: \n"
                      "encrypted from here on: TLSv1.3, TLS_AES_256_GCM_SHA384, X25519\n"
                      "the server closed the connection: \n");
    house_close(&h, &p);
    keys_drop(&k);
}

Test(act, greets_inside_tls_where_that_comes_first)
{
    struct house h;
    struct stranger p;
    struct keys k;

    keys_make(&k);
    house_open_with(&h, (struct server_options){ .tls = k.server, .implicit_tls = true });
    stranger_dial(h.loop, server_port(h.server), &p);
    stream_start_tls(p.stream, k.client, false, "hamburger.edu");
    cr_expect(STRANGER_HEARS(h.loop, &p, "220 played\r\n"));
    cr_expect_not_null(stream_tls(p.stream));
    stranger_say(&p, "say 250 inside\n");
    cr_expect(STRANGER_HEARS(h.loop, &p, "250 inside\r\n"));
    house_close(&h, &p);
    keys_drop(&k);
}

Test(act, ends_with_a_handshake_that_fails)
{
    static const struct {
        const char *name, *sent;
        bool finish, abort, late;
        const char *told;
    } rows[] = {
        { "no TLS at all", "EHLO crepes.fr\r\n", false, false, false,
          "the TLS handshake failed: " },
        { "the client leaves", "", true, false, false, "the TLS handshake failed: " },
        { "the client breaks off", "", false, true, false, "broken off (reset)\n" },
        { "nothing comes", "", false, false, true, "the TLS handshake failed: it took too long\n" },
    };
    struct keys k;

    keys_make(&k);
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct house h;
        struct stranger p;

        house_open_with(&h, (struct server_options){ .tls = k.server, .implicit_tls = true });
        stranger_dial(h.loop, server_port(h.server), &p);
        cr_assert(TURN_UNTIL(h.loop, server_clients(h.server)), "%s", rows[i].name);
        cr_assert(TURN_UNTIL(h.loop, stream_peer_port(p.stream)), "%s", rows[i].name);
        stranger_say(&p, rows[i].sent);
        if (rows[i].finish)
            stream_finish(p.stream);
        if (rows[i].abort)
            stream_abort(p.stream);
        if (rows[i].late) {
            h.server->first->until = 0;
            visit_alarm(&h.server->first->alarm);
        }
        cr_expect(TURN_UNTIL(h.loop, server_clients(h.server) == 0), "%s", rows[i].name);
        cr_expect_not_null(strstr(buf_text(&h.told), rows[i].told), "%s: %s", rows[i].name,
                           buf_text(&h.told));
        house_close(&h, &p);
    }
    keys_drop(&k);
}

Test(act, breaks_off_with_a_client_that_does_not_end_its_side)
{
    struct house h;
    struct stranger p;

    house_open(&h, &p);
    stranger_say(&p, "close\n");
    cr_assert(TURN_UNTIL(h.loop, p.closed));
    cr_expect_eq(server_clients(h.server), 1);
    h.server->first->until = 0;
    visit_alarm(&h.server->first->alarm);
    cr_expect_eq(server_clients(h.server), 0);
    cr_expect_str_eq(buf_text(&h.told), "closed by the server\n");
    house_close(&h, &p);
}
