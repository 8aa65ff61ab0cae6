/* The log of `serve`: every event, as people and as machines read it. */
#include "app/serve_log.h"

#include <stdlib.h>
#include <time.h>

#include "support/table.h"

/* 2026-11-24 23:33:01.123456 UTC */
#define WALL ((int64_t)1795563181123456)

#define FACT(which, words, n)                                                                      \
    {                                                                                              \
        .kind = FACT_##which, .text = SPAN_INIT(words), .number = (n)                              \
    }

static const char *const one[] = { "bob@hamburger.edu" };
static const char *const two[] = { "bob@hamburger.edu", "a\xff@b.example" };

static const struct {
    enum server_event_kind kind;
    struct fact fact;
    unsigned code;
    struct span text;
    const char *const *to;
    size_t to_count;
    const char *id, *path;
    const char *words, *json; /* NULL: not told */
} rows[] = {
    { SERVER_CONNECTED, .words = "connected", .json = "\"event\":\"connected\"" },
    { SERVER_FACT, FACT(GREETED, "crepes.fr", 1), .words = "greeted EHLO crepes.fr",
      .json = "\"event\":\"greeted\",*,\"name\":\"crepes.fr\",\"esmtp\":true" },
    { SERVER_FACT, FACT(GREETED, "\x1b[2J\xff", 0), .words = "greeted HELO <ESC>[2J<0xFF>",
      .json = "\"event\":\"greeted\",*,\"name\":\"\\u001b[2J\\ufffd\",\"name_base64\":"
              "\"G1sySv8=\",\"esmtp\":false" },
    { SERVER_FACT, FACT(FROM, "alice@crepes.fr", 0), .words = "mail from <alice@crepes.fr>",
      .json = "\"event\":\"mail\",*,\"from\":\"alice@crepes.fr\"" },
    { SERVER_FACT, FACT(FROM, "", 0), .words = "mail from <>",
      .json = "\"event\":\"mail\",*,\"from\":\"\"" },
    { SERVER_FACT, FACT(TO, "bob@x.example", 0), .words = "rcpt to <bob@x.example>",
      .json = "\"event\":\"rcpt\",*,\"to\":\"bob@x.example\"" },
    { SERVER_FACT, FACT(LOGIN, "alice", 0), .words = "auth as alice",
      .json = "\"event\":\"auth\",*,\"ok\":true,\"user\":\"alice\"" },
    { SERVER_FACT, FACT(ENCRYPTED, "TLSv1.3, X", 0), .words = "tls TLSv1.3, X",
      .json = "\"event\":\"tls\",*,\"text\":\"TLSv1.3, X\"" },
    { SERVER_FACT, FACT(INJECTED, "RSET\r\n", 6),
      .words = "noted 6 octets behind STARTTLS, thrown away: RSET<CR><LF>",
      .json = "\"event\":\"noted\",*,\"octets\":6,\"injected\":\"RSET\\r\\n\"" },
    { SERVER_FACT, FACT(NOTED, "lines end in LF alone", 0), .words = "noted lines end in LF alone",
      .json = "\"event\":\"noted\",*,\"text\":\"lines end in LF alone\"" },
    { SERVER_FACT, FACT(FAULT, "drop at DATA", 0), .words = "fault drop at DATA",
      .json = "\"event\":\"fault\",*,\"text\":\"drop at DATA\"" },
    { SERVER_FACT, FACT(WAITS, "a recipient", 0) },
    { SERVER_FACT, FACT(MAILBOX, "bob", 3) },
    { SERVER_REPLIED, .code = 250, .text = SPAN_INIT("250 ok") },
    { SERVER_REPLIED, .code = 354, .text = SPAN_INIT("354 go on") },
    { SERVER_REPLIED, .code = 550, .text = SPAN_INIT("550 5.1.1 no b\x07"),
      .words = "refused 550 5.1.1 no b<BEL>",
      .json = "\"event\":\"refused\",*,\"code\":550,\"text\":\"5.1.1 no b\\u0007\"" },
    { SERVER_REPLIED, .code = 421, .text = SPAN_INIT("421"), .words = "refused 421 ",
      .json = "\"event\":\"refused\",*,\"code\":421,\"text\":\"\"" },
    { SERVER_REPLIED, .code = 535, .text = SPAN_INIT("535 5.7.8 no"),
      .words = "auth denied 535 5.7.8 no",
      .json = "\"event\":\"auth\",*,\"ok\":false,\"code\":535,\"text\":\"5.7.8 no\"" },
    { SERVER_STORED, .to = one, .to_count = 1, .id = "1.2", .path = "/m/new/1",
      .words = "stored 3 octets from <a@b.example> to <bob@hamburger.edu> id 1.2 in /m/new/1",
      .json =
          "\"event\":\"stored\",*,\"id\":\"1.2\",\"path\":\"/m/new/1\",\"from\":\"a@b.example\","
          "\"to\":[\"bob@hamburger.edu\"],\"octets\":3" },
    { SERVER_STORED, .to = two, .to_count = 2, .id = "", .path = "",
      .words = "stored 3 octets from <a@b.example> to <bob@hamburger.edu>,<a<0xFF>@b.example>",
      .json = "\"event\":\"stored\",*,\"id\":\"\",\"path\":\"\",\"from\":\"a@b.example\","
              "\"to\":[\"bob@hamburger.edu\",\"a\\ufffd@b.example\"],\"octets\":3" },
    { SERVER_CLOSED, .text = SPAN_INIT("closed by the client"),
      .words = "closed by the client after 1.500 s, 1 letter",
      .json = "\"event\":\"closed\",*,\"text\":\"closed by the client\",\"milliseconds\":1500,"
              "\"letters\":1" },
};

/* `want` with "*" for who it is about. */
static void expect_json(size_t row, const struct buf *got)
{
    static const char who[] = "\"session\":7,\"address\":\"192.0.2.1\",\"port\":4000";
    const char *star = strchr(rows[row].json, '*');
    size_t before = star ? (size_t)(star - rows[row].json) : strlen(rows[row].json);
    struct buf want = { 0 };

    buf_add_text(&want, "{\"time\":\"2026-11-24T23:33:01.123456Z\",");
    buf_add(&want, span_first(span_of(rows[row].json), before));
    buf_printf(&want, "%s%s%s}\n", star ? "" : ",", who, star ? star + 1 : "");
    cr_expect_str_eq(buf_text(got), buf_text(&want), "row %zu", row);
    buf_release(&want);
}

Test(serve_log, tells_each_event_in_one_line)
{
    struct engine_letter letter = { .from = SPAN("a@b.example"),
                                    .octets = SPAN("abc"),
                                    .counts = { .octets = 3 } };

    setenv("TZ", "UTC", 1);
    tzset();
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct server_event e = { .kind = rows[i].kind,
                                  .session = 7,
                                  .address = "192.0.2.1",
                                  .port = 4000,
                                  .code = rows[i].code,
                                  .text = rows[i].text,
                                  .fact = &rows[i].fact,
                                  .letter = &letter,
                                  .lasted = 1500000,
                                  .letters = 1,
                                  .id = rows[i].id,
                                  .path = rows[i].path };
        struct buf text = { 0 }, json = { 0 }, want = { 0 };

        letter.to = rows[i].to;
        letter.to_count = rows[i].to_count;
        serve_log_event(&e, LOG_TEXT, WALL, &text);
        serve_log_event(&e, LOG_JSON, WALL, &json);
        if (rows[i].words)
            buf_printf(&want, "2026-11-24 23:33:01.123 #7 192.0.2.1:4000 %s\n", rows[i].words);
        cr_expect_str_eq(buf_text(&text), buf_text(&want), "row %zu", i);
        if (rows[i].json)
            expect_json(i, &json);
        else
            cr_expect_eq(json.len, 0, "row %zu: %s", i, buf_text(&json));
        buf_release(&text);
        buf_release(&json);
        buf_release(&want);
    }
}

Test(serve_log, who_is_turned_away_had_no_session)
{
    struct server_event e = {
        .kind = SERVER_TURNED_AWAY, .address = "::1", .port = 9, .text = SPAN("Too many clients")
    };
    struct buf out = { 0 };

    serve_log_event(&e, LOG_TEXT, WALL, &out);
    cr_expect(strstr(buf_text(&out), " [::1]:9 turned away: Too many clients\n"), "%s",
              buf_text(&out));
    buf_clear(&out);
    serve_log_event(&e, LOG_JSON, WALL, &out);
    cr_expect(strstr(buf_text(&out), "\"turned_away\",\"session\":0,\"address\":\"::1\""), "%s",
              buf_text(&out));
    buf_release(&out);
}

Test(serve_log, says_how_many_lines_are_lost)
{
    struct buf out = { 0 };

    serve_log_lost(12, LOG_TEXT, WALL, &out);
    cr_expect(strstr(buf_text(&out), " 12 lines of this log are lost"), "%s", buf_text(&out));
    buf_clear(&out);
    serve_log_lost(12, LOG_JSON, WALL, &out);
    cr_expect_str_eq(buf_text(&out), "{\"time\":\"2026-11-24T23:33:01.123456Z\",\"event\":\"lost\","
                                     "\"lines\":12}\n");
    buf_release(&out);
}
