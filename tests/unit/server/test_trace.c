/* The lines above a letter, against RFC 5321 4.4 and RFC 3848. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "server/store.h"
#include "support/table.h"

#define NOON ((int64_t)1700000000 * CLOCK_SECOND) /* Tue, 14 Nov 2023 22:13:20 UTC */

struct row {
    const char *name;
    const char *client, *address, *from;
    const char *to[3];
    const char *with, *tls;
    bool utf8;
    const char *zone;
    int64_t when;
    const char *want;
};

static const struct row rows[] = {
    { .name = "plain",
      .client = "crepes.fr",
      .from = "alice@crepes.fr",
      .to = { "bob@hamburger.edu" },
      .want = "Return-Path: <alice@crepes.fr>\r\n"
              "Received: from crepes.fr ([192.0.2.7])\r\n"
              "\tby hamburger.edu with ESMTP id 7-1\r\n"
              "\tfor <bob@hamburger.edu>;\r\n"
              "\tTue, 14 Nov 2023 22:13:20 +0000\r\n" },
    { .name = "two recipients do not learn of each other",
      .client = "crepes.fr",
      .from = "",
      .to = { "bob@hamburger.edu", "carol@hamburger.edu" },
      .want = "Return-Path: <>\r\n"
              "Received: from crepes.fr ([192.0.2.7])\r\n"
              "\tby hamburger.edu with ESMTP id 7-1;\r\n"
              "\tTue, 14 Nov 2023 22:13:20 +0000\r\n" },
    { .name = "TLS, IPv6, and a literal as name",
      .client = "[IPv6:2001:db8::1]",
      .address = "2001:db8::1",
      .from = "a@b.example",
      .to = { "postmaster" },
      .with = "ESMTPSA",
      .tls = "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384",
      .want = "Return-Path: <a@b.example>\r\n"
              "Received: from [IPv6:2001:db8::1] ([IPv6:2001:db8::1])\r\n"
              "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384)\r\n"
              "\tby hamburger.edu with ESMTPSA id 7-1;\r\n"
              "\tTue, 14 Nov 2023 22:13:20 +0000\r\n" },
    { .name = "a name that is none",
      .client = "my laptop (\\x) \r\nBcc: x\x01\xff",
      .from = "a@b.example",
      .to = { "bob@hamburger.edu" },
      .with = "SMTP",
      .want = "Return-Path: <a@b.example>\r\n"
              "Received: from [192.0.2.7] (it said: my laptop \\(\\\\x\\) \?\?Bcc: x\?\?)\r\n"
              "\tby hamburger.edu with SMTP id 7-1\r\n"
              "\tfor <bob@hamburger.edu>;\r\n"
              "\tTue, 14 Nov 2023 22:13:20 +0000\r\n" },
    { .name = "no name",
      .client = "",
      .from = "a\r\nb@b.example",
      .to = { "bob@hamburger.edu" },
      .want = "Return-Path: <a\?\?b@b.example>\r\n"
              "Received: from [192.0.2.7] (it said: )\r\n"
              "\tby hamburger.edu with ESMTP id 7-1\r\n"
              "\tfor <bob@hamburger.edu>;\r\n"
              "\tTue, 14 Nov 2023 22:13:20 +0000\r\n" },
    { .name = "UTF-8 where it was agreed on",
      .client = "b\xc3\xbc"
                "cher.example",
      .from = "j\xc3\xb6rg@b.example",
      .to = { "j\xc3\xb6rg@hamburger.edu" },
      .utf8 = true,
      .with = "UTF8SMTP",
      .want = "Return-Path: <j\xc3\xb6rg@b.example>\r\n"
              "Received: from b\xc3\xbc"
              "cher.example ([192.0.2.7])\r\n"
              "\tby hamburger.edu with UTF8SMTP id 7-1\r\n"
              "\tfor <j\xc3\xb6rg@hamburger.edu>;\r\n"
              "\tTue, 14 Nov 2023 22:13:20 +0000\r\n" },
    { .name = "UTF-8 where it was not",
      .client = "b\xc3\xbc"
                "cher.example",
      .from = "j\xc3\xb6@b.example",
      .to = { "j\xc3\xb6@hamburger.edu" },
      .want = "Return-Path: <j\?\?@b.example>\r\n"
              "Received: from [192.0.2.7] (it said: b\?\?cher.example)\r\n"
              "\tby hamburger.edu with ESMTP id 7-1\r\n"
              "\tfor <j\?\?@hamburger.edu>;\r\n"
              "\tTue, 14 Nov 2023 22:13:20 +0000\r\n" },
    { .name = "a zone east of Greenwich, a day of one digit",
      .client = "crepes.fr",
      .from = "a@b.example",
      .to = { "b@c.example" },
      .zone = "ABC-5:30",
      .when = (int64_t)1704000600 * CLOCK_SECOND + 999999, /* Sun, 31 Dec 2023 05:30:00 UTC */
      .want = "Return-Path: <a@b.example>\r\n"
              "Received: from crepes.fr ([192.0.2.7])\r\n"
              "\tby hamburger.edu with ESMTP id 7-1\r\n"
              "\tfor <b@c.example>;\r\n"
              "\tSun, 31 Dec 2023 11:00:00 +0530\r\n" },
    { .name = "and one west of it",
      .client = "crepes.fr",
      .from = "a@b.example",
      .to = { "b@c.example" },
      .zone = "ABC8",
      .when = (int64_t)1704096000 * CLOCK_SECOND, /* Mon, 1 Jan 2024 08:00:00 UTC */
      .want = "Return-Path: <a@b.example>\r\n"
              "Received: from crepes.fr ([192.0.2.7])\r\n"
              "\tby hamburger.edu with ESMTP id 7-1\r\n"
              "\tfor <b@c.example>;\r\n"
              "\tMon, 1 Jan 2024 00:00:00 -0800\r\n" },
};

TABLE_TEST(trace, tells_the_letters_way, rows)
{
    const struct row *row = &rows[*number];
    struct engine_letter letter = {
        .from = span_of(row->from), .to = row->to, .utf8 = row->utf8, .client = row->client
    };
    struct store_letter l = { .letter = &letter,
                              .by = "hamburger.edu",
                              .address = row->address ? row->address : "192.0.2.7",
                              .with = row->with ? row->with : "ESMTP",
                              .tls = row->tls ? row->tls : "",
                              .id = "7-1",
                              .when = row->when ? row->when : NOON };
    struct buf got = { 0 };

    while (row->to[letter.to_count])
        letter.to_count++;
    setenv("TZ", row->zone ? row->zone : "UTC", 1);
    tzset();
    store_trace(&l, &got);
    cr_expect_str_eq(buf_text(&got), row->want, "%s:\n%s", row->name, buf_text(&got));
    buf_release(&got);
}

/* RFC 3848 and RFC 6531 4.3, whole. */
Test(trace, names_the_protocol_as_it_is_registered)
{
    static const struct {
        struct engine_letter letter;
        const char *want;
    } all[] = {
        { { .esmtp = false }, "SMTP" },
        { { .tls = true }, "SMTP" }, /* no name for HELO inside TLS is registered */
        { { .esmtp = true }, "ESMTP" },
        { { .esmtp = true, .user = "" }, "ESMTP" },
        { { .esmtp = true, .user = "bob" }, "ESMTPA" },
        { { .esmtp = true, .tls = true }, "ESMTPS" },
        { { .esmtp = true, .tls = true, .user = "bob" }, "ESMTPSA" },
        { { .lmtp = true }, "LMTP" },
        { { .lmtp = true, .esmtp = true, .user = "bob" }, "LMTPA" },
        { { .lmtp = true, .tls = true }, "LMTPS" },
        { { .lmtp = true, .tls = true, .user = "bob" }, "LMTPSA" },
        { { .utf8 = true, .esmtp = true }, "UTF8SMTP" },
        { { .utf8 = true, .esmtp = true, .user = "bob" }, "UTF8SMTPA" },
        { { .utf8 = true, .esmtp = true, .tls = true }, "UTF8SMTPS" },
        { { .utf8 = true, .esmtp = true, .tls = true, .user = "bob" }, "UTF8SMTPSA" },
        { { .utf8 = true, .lmtp = true }, "UTF8LMTP" },
        { { .utf8 = true, .lmtp = true, .user = "bob" }, "UTF8LMTPA" },
        { { .utf8 = true, .lmtp = true, .tls = true }, "UTF8LMTPS" },
        { { .utf8 = true, .lmtp = true, .tls = true, .user = "bob" }, "UTF8LMTPSA" },
    };

    for (size_t i = 0; i < ROWS(all); i++)
        cr_expect_str_eq(store_protocol(&all[i].letter), all[i].want, "row %zu", i);
}
