#include <criterion/criterion.h>

#include "dialogue/notes.h"
#include "registry/servers.h"
#include "support/prose.h"
#include "support/table.h"

static const struct {
    const char *typed, *said; /* NULL: nothing of servers */
} rows[] = {
    { "MAIL FROM:a@b.fr", "Servers differ: Postfix, Exim and the test server smtp-sink take it; a "
                          "strictly configured Postfix answers 501; OpenSMTPD answers 553." },
    { "GET / HTTP/1.1",
      "Servers differ: Postfix and a strictly configured Postfix answer 221; Exim, "
      "OpenSMTPD and the test server smtp-sink answer 500." },
    { "NOOP", NULL },
};

Test(notes_servers, tells_what_well_known_servers_do)
{
    const struct notes_style style = { .level = NOTES_LEARNER };

    for (size_t i = 0; i < ROWS(rows); i++) {
        struct buf text = { 0 };

        notes_explain_text(span_of(rows[i].typed), &style, &text);
        if (rows[i].said)
            cr_expect_not_null(strstr(buf_text(&text), rows[i].said), "%s", buf_text(&text));
        else
            cr_expect_null(strstr(buf_text(&text), "Servers differ"), "%s", buf_text(&text));
        buf_release(&text);
    }
}

Test(notes_servers, knows_each_mistake_once)
{
    for (size_t i = 0; i < server_answers_count; i++)
        cr_expect_eq(server_answers_to(server_answers[i].mistake), &server_answers[i], "%s",
                     mistake_rows[server_answers[i].mistake].name);
}
