#include "view/happened.h"

#include <locale.h>

#include "base/marks.h"
#include "support/talks.h"

static const struct {
    enum talk_event event;
    struct span detail;
    unsigned flags;
    const char *want;
} rows[] = {
    { TALK_RESOLVING, SPAN_INIT("mx.example.org"), 0, "looking up the name mx.example.org" },
    { TALK_CONNECTED, SPAN_INIT("127.0.0.1:25"), 0, "connected to 127.0.0.1:25" },
    { TALK_CLOSED_BY_SERVER, SPAN_INIT(""), 0, "the server closed the connection" },
    { TALK_TLS_DONE, SPAN_INIT("TLSv1.3"), 0, "encrypted from here on: TLSv1.3" },
    { TALK_TLS_DETAIL, SPAN_INIT("certificate 1: CN=x"), 0, "TLS certificate 1: CN=x" },
    { TALK_NOT_FOUND, SPAN_INIT("x\033[1m"), 0, "no such host: x<ESC>[1m" },
    { TALK_NOT_FOUND, SPAN_INIT("\xc3\xa9"), MARKS_ASCII, "no such host: <U+00E9>" },
};

Test(happened, is_told_in_one_line)
{
    setlocale(LC_ALL, "C.UTF-8");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct record_event e = { .event = rows[i].event, .detail = rows[i].detail };
        struct buf out = { 0 };

        happened_text(&e, rows[i].flags, &out);
        cr_expect_str_eq(buf_text(&out), rows[i].want, "%s", buf_text(&out));
        buf_release(&out);
    }
}

static const struct {
    const char *talk;
    unsigned port;
} ports[] = {
    { "- CONNECTING 127.0.0.1:2525\n- REFUSED 127.0.0.1:2525", 2525 },
    { "- CONNECTING [::1]:25\n- CONNECTING 127.0.0.1:587\n- CONNECT_TIMEOUT", 587 },
    { "- RESOLVING a\n- NOT_FOUND a", 0 },
    { "- CONNECTED somewhere\n- RESET", 0 },
    { "- CONNECTED 25\n- RESET", 0 },
    { "- CONNECTED a:\n- RESET", 0 },
    { "- CONNECTED a:65536\n- RESET", 0 },
    { "- CONNECTED a:99999999999999999999999\n- RESET", 0 },
    { "- CONNECTED\n- RESET", 0 },
};

Test(happened, at_the_port_of_the_last_attempt)
{
    for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        struct record *r = talk_of(ports[i].talk);

        cr_expect_eq(happened_port(r, 1, record_events(r, 1) - 1), ports[i].port, "%s",
                     ports[i].talk);
        record_free(r);
    }
}
