#include "console/parts.h"

#include <locale.h>
#include <sys/stat.h>

#include "desk.h"
#include "support/letters.h"

/* Sends LETTER_OF_PARTS, with a line that begins with a dot before its end. */
static void send_letter(struct desk *d)
{
    struct span rest = SPAN(LETTER_OF_PARTS);
    char text[200];

    desk_type(d, "EHLO crepes.fr");
    desk_type(d, "MAIL FROM:<alice@crepes.fr>");
    desk_type(d, "RCPT TO:<bob@hamburger.edu>");
    desk_type(d, "DATA");
    while (rest.len) {
        struct span line = span_cut(rest, '\r', &rest);

        snprintf(text, sizeof text, "%.*s", SPAN_ARG(line));
        rest = span_from(rest, 1);
        desk_type(d, text);
    }
    desk_type(d, "..dots");
    desk_type(d, ".");
    desk_settle(d);
}

static void desk_with_letter(struct desk *d)
{
    setlocale(LC_ALL, "C.UTF-8");
    desk_lab(d);
    send_letter(d);
    buf_clear(&d->said);
    buf_clear(&d->complained);
}

static const struct {
    const char *typed, *opened, *said, *complained; /* "": nothing */
} rows[] = {
    { "/mailbox bob 1 parts", "6 parts in a letter of", "", "" },
    { "/mailbox bob 1 parts", "      19         17    text/plain, iso-8859-1, quoted-printable\n",
      "", "" },
    { "/mailbox bob 1 parts", "image/png, base64, attachment \"../caf\xc3\xa9.png\"\n", "", "" },
    { "/mailbox bob 1 parts", "/mailbox bob 1 save 1 FILE writes", "", "" },
    { "/mailbox bob 1 part 2", "One caf\xc3\xa9, please.\n", "", "" },
    { "/mailbox bob 1 part 3", "shown as its source", "", "" },
    { "/server letter bob 1 part 4", "Inside it is part 5.\n", "", "" },
    { "/mailbox bob 1 part 6", "It is no text", "", "" },
    { "/mailbox bob 1 part 7", "", "", "which part? A number from 1 to 6, as in /mailbox bob 1" },
    { "/mailbox bob 1 part 0", "", "", "which part?" },
    { "/mailbox bob 1 part", "", "", "which part?" },
    { "/mailbox bob 1 pieces", "", "", "/mailbox bob 1 parts, or part NUMBER, or save" },
    { "/mailbox bob 1 parts 2", "", "", "parts, or part NUMBER" },
    { "/mailbox bob 2 parts", "", "holds 1 letter", "" },
    { "/mailbox bob 1 save 6", "", "", "which file? As in /mailbox bob 1 save 6 caf\xc3\xa9.png" },
    { "/mailbox bob 1 save 6 /tmp", "", "", "there is a file /tmp already" },
    { "/mailbox bob 1 save 6 /dev/null/x", "", "", "cannot be written" },
    { "/mailbox bob 1", "/mailbox bob 1 parts takes it apart", "", "" },
    { "/letter parts", "6 parts in a letter of", "", "" },
    { "/letter parts", "/letter part 1 shows the first one", "", "" },
    { "/letter part 2", "One caf\xc3\xa9, please.\n", "", "" },
    { "/letter save 9 x", "", "", "/letter: which part? A number from 1 to 6" },
    { "/letter pieces", "", "", "/letter parts, or part" },
};

static void expect(size_t i, const struct buf *got, const char *want)
{
    if (*want)
        cr_expect(desk_has(got, want), "%zu %s: %s", i, rows[i].typed, buf_text(got));
    else
        cr_expect_eq(got->len, 0, "%zu %s: %s", i, rows[i].typed, buf_text(got));
}

Test(parts, are_shown_wherever_the_letter_is)
{
    struct desk d;

    desk_with_letter(&d);
    for (size_t i = 0; i < ROWS(rows); i++) {
        buf_clear(&d.opened);
        buf_clear(&d.said);
        buf_clear(&d.complained);
        console_enter(d.console, span_of(rows[i].typed));
        expect(i, &d.opened, rows[i].opened);
        expect(i, &d.said, rows[i].said);
        expect(i, &d.complained, rows[i].complained);
        if (d.opened.len)
            cr_expect_eq(d.pane, rows[i].typed[1] == 'l' ? PANE_LETTER : PANE_MAILBOX, "%s",
                         rows[i].typed);
    }
    desk_end(&d);
}

/* What stands in the file, which is removed. */
static void take_file(const char *path, struct buf *out)
{
    FILE *f = fopen(path, "rb");
    struct stat about;
    int c;

    cr_assert(f, "%s", path);
    cr_assert_eq(fstat(fileno(f), &about), 0);
    cr_expect_eq(about.st_mode & 0777, 0600);
    buf_clear(out);
    while ((c = getc(f)) != EOF)
        buf_add_octet(out, (unsigned char)c);
    fclose(f);
    unlink(path);
}

Test(parts, are_saved_decoded_for_their_owner_alone)
{
    static const char *const letters[] = { "/mailbox bob 1", "/letter" };
    struct buf typed = { 0 }, got = { 0 };
    struct desk d;

    desk_with_letter(&d);
    for (size_t i = 0; i < ROWS(letters); i++) {
        char *path = desk_new_file();

        buf_clear(&typed);
        buf_printf(&typed, "%s save 6 %s", letters[i], path);
        buf_clear(&d.said);
        console_enter(d.console, buf_span(&typed));
        cr_expect(desk_has(&d.said, "Part 6 is saved: 13 octets in /tmp/"), "%s",
                  buf_text(&d.said));
        buf_clear(&d.complained);
        console_enter(d.console, buf_span(&typed));
        cr_expect(desk_has(&d.complained, "already"), "%s", buf_text(&d.complained));
        take_file(path, &got);
        cr_expect(span_eq(buf_span(&got), SPAN("\x89PNG\r\n\x1a\n\0\xff\xff\xff\xff")));
        mem_free(path);
    }
    buf_release(&typed);
    buf_release(&got);
    desk_end(&d);
}

Test(parts, come_from_the_record_as_the_reader_gets_them)
{
    struct error err = { "" };
    struct buf got = { 0 };
    struct desk d;

    desk_with_letter(&d);
    cr_expect(parts_of_record(d.record, 1, UINT32_MAX, 10000, &got, &err), "%s", err.text);
    cr_expect(span_eq(buf_span(&got), SPAN(LETTER_OF_PARTS ".dots\r\n")), "%s", buf_text(&got));
    buf_clear(&got);
    cr_expect_not(parts_of_record(d.record, 1, UINT32_MAX, 100, &got, &err));
    cr_expect_str_eq(err.text, "the letter has more than 100 octets");
    buf_release(&got);
    desk_end(&d);
}

Test(parts, need_a_letter_that_is_whole)
{
    struct record_limits limits = { .octets = 1024 * 1024 };
    struct record *r = record_new(&limits);
    unsigned d = record_open(r, "client", "server", 0);
    struct error err = { "" };
    struct buf got = { 0 };

    cr_expect_not(parts_of_record(r, d, UINT32_MAX, MIME_OCTETS_MAX, &got, &err));
    cr_expect(strstr(err.text, "there is no letter yet"), "%s", err.text);
    record_octets(r, d, SIDE_SERVER, SPAN("220 x\r\n"), 0);
    record_octets(r, d, SIDE_CLIENT, SPAN("HELO x\r\n"), 0);
    record_octets(r, d, SIDE_SERVER, SPAN("250 x\r\n"), 0);
    record_octets(r, d, SIDE_CLIENT, SPAN("MAIL FROM:<a@b>\r\n"), 0);
    record_octets(r, d, SIDE_SERVER, SPAN("250 x\r\n"), 0);
    record_octets(r, d, SIDE_CLIENT, SPAN("RCPT TO:<a@b>\r\n"), 0);
    record_octets(r, d, SIDE_SERVER, SPAN("250 x\r\n"), 0);
    record_octets(r, d, SIDE_CLIENT, SPAN("DATA\r\n"), 0);
    record_octets(r, d, SIDE_SERVER, SPAN("354 x\r\n"), 0);
    for (int i = 0; i < 100000; i++)
        record_octets(r, d, SIDE_CLIENT, SPAN("a line of the letter\r\n"), 0);
    cr_expect_not(parts_of_record(r, d, UINT32_MAX, MIME_OCTETS_MAX, &got, &err));
    cr_expect(strstr(err.text, "no longer whole"), "%s", err.text);
    buf_release(&got);
    record_free(r);
}

static void take(void *ctx, const char *line, const char *shown)
{
    (void)shown;
    buf_printf(ctx, "[%s]", line);
}

static const struct {
    const char *text, *want;
} offers[] = {
    { "/mailbox bob 1 ", "[/mailbox bob 1 parts][/mailbox bob 1 part ][/mailbox bob 1 save ]" },
    { "/mailbox bob 1 pa", "[/mailbox bob 1 parts][/mailbox bob 1 part ]" },
    { "/mailbox bob 1 save 6 ", "[/mailbox bob 1 save 6 caf\xc3\xa9.png]" },
    { "/mailbox bob 1 save 2 p", "[/mailbox bob 1 save 2 part-2.txt]" },
    { "/mailbox bob 1 save 7 ", "" },
    { "/mailbox bob 1 save x ", "" },
    { "/mailbox bob 7 ", "" },
    { "/mailbox eve 1 ", "" },
    { "/letter ", "[/letter parts][/letter part ][/letter save ]" },
    { "/letter save 6 c", "[/letter save 6 caf\xc3\xa9.png]" },
};

Test(parts, are_completed_with_a_name_that_harms_nobody)
{
    struct desk d;

    desk_with_letter(&d);
    for (size_t i = 0; i < ROWS(offers); i++) {
        struct buf got = { 0 };

        console_complete(d.console, offers[i].text, take, &got);
        cr_expect_str_eq(buf_text(&got), offers[i].want, "%s: %s", offers[i].text, buf_text(&got));
        buf_release(&got);
    }
    desk_end(&d);
}
