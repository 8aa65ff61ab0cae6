#include "stored/script.h"

#include <criterion/criterion.h>
#include <locale.h>

#include "support/table.h"

/* One letter for each kind of item, to write expectations short. */
static const char kinds[] = "CS/#@";

static const struct {
    const char *name, *text;
    const char
        *want; /* kind, dialogue and line, then flags (+ more, = exact, \ escaped) and octets */
} right[] = {
    { "a command", "C: HELO crepes.fr\n", "C1:1 HELO crepes.fr\r\n;" },
    { "no space after the colon", "C:NOOP", "C1:1 NOOP\r\n;" },
    { "two spaces: one is sent", "C:  NOOP", "C1:1  NOOP\r\n;" },
    { "an empty line", "C:\nC: \n", "C1:1 \r\n;C1:2 \r\n;" },
    { "backslashes are themselves", "C: a\\r\"b\"", "C1:1 a\\r\"b\"\r\n;" },
    { "lines that end in CRLF", "C: NOOP\r\nS: 250 Ok\r\n", "C1:1 NOOP\r\n;S1:2 250 Ok;" },
    { "only one CR is the line's end", "C: NOOP\r\r\n", "C1:1 NOOP\r\r\n;" },
    { "escaped, with nothing added", "C\\: \"NO\\x4fP\\n\"", "C1:1\\NOOP\n;" },
    { "escaped, without quotes", "C\\: a\\tb  ", "C1:1\\a\tb;" },
    { "escaped, empty", "C\\: \"\"", "C1:1\\;" },
    { "a reply", "S: 250 Ok", "S1:1 250 Ok;" },
    { "a reply of its code alone", "S: 354\nS:354", "S1:1 354;S1:2 354;" },
    { "a reply that goes on", "S: 250-one\nS: 250 two", "S1:1+250-one;S1:2 250 two;" },
    { "a reply with its text", "S= 250 Ok", "S1:1=250 Ok;" },
    { "a line that is no reply", "S\\: \"rubbish\\r\\n\"", "S1:1\\rubbish\r\n;" },
    { "an escaped reply line", "S\\: \"250-\\0\\r\\n\"", "S1:1\\+250-\x01\r\n;" },
    { "a console command", "/wait 2 \n/ wait", "/1:1 wait 2;/1:2 wait;" },
    { "remarks", "# one\n#two\n#\n#2 people\n#!/bin/x\n#3",
      "#1:1 one;#1:2 two;#1:3 ;#1:4 2 people;"
      "#1:5 !/bin/x;#1:6 3;" },
    { "a pause", "@+1.250\n@+0\n@+3.000001", "@1:1 1250000;@1:2 0;@1:3 3000001;" },
    { "the longest pause", "@+604800", "@1:1 604800000000;" },
    { "several dialogues", "#2 C: a\n#10 S: 220\n#2\t/close\n#2 S= 250 x\n#3 C\\: \"\"\n#2 @+1",
      "C2:1 a\r\n;S10:2 220;/2:3 close;S2:4=250 x;C3:5\\;@2:6 1000000;" },
    { "empty lines and indents", "\n  \n\tC: a\n    S: 250 b\n", "C1:3 a\r\n;S1:4 250 b;" },
    { "a byte order mark",
      "\xef\xbb\xbf"
      "C: a",
      "C1:1 a\r\n;" },
    { "nothing", "", "" },
    { "a last line without end", "C: a\nC: b", "C1:1 a\r\n;C1:2 b\r\n;" },
};

/* In the octets of an expectation NUL is written as \x01. */
static void add_octets(struct buf *out, struct span octets)
{
    for (size_t i = 0; i < octets.len; i++)
        buf_add_octet(out, octets.at[i] ? octets.at[i] : 1);
}

static void add_item(struct buf *out, const struct script_item *item)
{
    buf_printf(out, "%c%u:%u", kinds[item->kind], item->dialogue, item->line);
    if (item->escaped)
        buf_add_octet(out, '\\');
    if (item->exact)
        buf_add_octet(out, '=');
    if (item->more)
        buf_add_octet(out, '+');
    if (!item->escaped && !item->exact && !item->more)
        buf_add_octet(out, ' ');
    if (item->kind == SCRIPT_PAUSE)
        buf_printf(out, "%lld", (long long)item->pause);
    else
        add_octets(out, item->octets);
    buf_add_octet(out, ';');
}

Test(script, is_read_item_by_item)
{
    for (size_t i = 0; i < ROWS(right); i++) {
        struct script_reader *r = script_reader_new(span_of(right[i].text));
        struct buf got = { 0 };
        struct script_item item;
        struct error err = { "" };
        enum script_read read;

        while ((read = script_reader_next(r, &item, &err)) == SCRIPT_ITEM)
            add_item(&got, &item);
        cr_expect_eq(read, SCRIPT_END, "%s: %s", right[i].name, err.text);
        cr_expect_str_eq(buf_text(&got), right[i].want, "%s: %s", right[i].name, buf_text(&got));
        buf_release(&got);
        script_reader_free(r);
    }
}

Test(script, codes_are_read_from_replies)
{
    struct script_reader *r = script_reader_new(SPAN(
        "S: 250-a\nS= 599\nS\\: \"999 x\\r\\n\"\nS\\: \"x\\r\\n\"\nS\\: \"25\"\nS\\: \"000\""));
    static const unsigned want[] = { 250, 599, 999, 0, 0, 0 };
    struct script_item item;

    for (size_t i = 0; i < ROWS(want); i++) {
        cr_assert_eq(script_reader_next(r, &item, NULL), SCRIPT_ITEM);
        cr_expect_eq(item.code, want[i], "%u", item.code);
    }
    script_reader_free(r);
}

static const struct {
    const char *name, *text, *want;
} wrong[] = {
    { "no start", "HELO crepes.fr",
      "1:1: a line starts with C: (to send), S: (to await), / (a command) or # (a remark)" },
    { "a small c", "\n  c: NOOP", "2:3: the C is a capital letter: C: NOOP" },
    { "a small c, escaped", "c\\: \"\"", "1:1: the C is a capital letter: C: NOOP" },
    { "a small s", "s: 250 Ok", "1:1: the S is a capital letter: S: 250 Ok" },
    { "a small s with =", "s= 250 Ok", "1:1: the S is a capital letter: S: 250 Ok" },
    { "a small c with a number", "#2 c: NOOP", "1:4: the C is a capital letter: C: NOOP" },
    { "no colon", "C NOOP", "1:2: a colon follows the letter: C: NOOP, S: 250 Ok" },
    { "no colon", "S 250", "1:2: a colon follows the letter: C: NOOP, S: 250 Ok" },
    { "a server's line alone", "250-Ok", "1:1: S: is missing before the server's line: S: 250 Ok" },
    { "no code", "S:", "1:3: a reply starts with a code of three digits: S: 250 Ok" },
    { "no code but text", "S: Hello",
      "1:4: a reply starts with a code of three digits: S: 250 Ok" },
    { "two digits", "S= 25", "1:4: a reply starts with a code of three digits: S: 250 Ok" },
    { "a digit too large", "S: 650 x", "1:4: a reply code starts with 2, 3, 4 or 5: S: 250 Ok" },
    { "a digit too small", "S: 150 x", "1:4: a reply code starts with 2, 3, 4 or 5: S: 250 Ok" },
    { "no separator", "S: 250Ok",
      "1:7: a space follows the code, or a hyphen when more lines follow: S: 250 Ok" },
    { "an unknown escape", "C\\: \"ab\\q\"",
      "1:8: no such escape; there are \\r \\n \\t \\0 \\e \\a \\\\ \\\" \\xHH \\u{HEX}" },
    { "an open quote", "#2 S\\: \"ab", "1:11: the closing \" is missing" },
    { "escaped, but empty", "C\\:", "1:4: the text in quotes is missing: C\\: \"NOOP\\r\\n\"" },
    { "a slash alone", "/", "1:2: the command's name is missing after the slash: /wait 2" },
    { "two slashes", "//x",
      "1:2: a command's name starts with a letter: /wait 2. To send a line that starts with a "
      "slash, write C: before it" },
    { "a pause without plus", "@1", "1:2: a pause is a plus and seconds, at most a week: @+1.250" },
    { "a pause without number", "@+",
      "1:3: a pause is a plus and seconds, at most a week: @+1.250" },
    { "a pause without seconds", "@+.5",
      "1:3: a pause is a plus and seconds, at most a week: @+1.250" },
    { "a pause without fraction", "@+1.",
      "1:3: a pause is a plus and seconds, at most a week: @+1.250" },
    { "a pause with too many digits", "@+1.1234567",
      "1:3: a pause is a plus and seconds, at most a week: @+1.250" },
    { "a pause too long", "@+604801",
      "1:3: a pause is a plus and seconds, at most a week: @+1.250" },
    { "a pause a little too long", "@+604800.000001",
      "1:3: a pause is a plus and seconds, at most a week: @+1.250" },
    { "dialogue 0", "#0 C: a", "1:2: dialogues are numbered from 1 to 1000: #2 C: NOOP" },
    { "dialogue 1001", " #1001 S: 250", "1:3: dialogues are numbered from 1 to 1000: #2 C: NOOP" },
    { "a dialogue out of all range", "#99999999999999999999999 C: a",
      "1:2: dialogues are numbered from 1 to 1000: #2 C: NOOP" },
};

Test(script, errors_name_line_and_column_and_the_right_form)
{
    for (size_t i = 0; i < ROWS(wrong); i++) {
        struct script_reader *r = script_reader_new(span_of(wrong[i].text));
        struct script_item item;
        struct error err = { "" };

        cr_expect_eq(script_reader_next(r, &item, &err), SCRIPT_ERROR, "%s", wrong[i].name);
        cr_expect_str_eq(err.text, wrong[i].want, "%s: %s", wrong[i].name, err.text);
        cr_expect_eq(script_reader_next(r, &item, &err), SCRIPT_END, "%s", wrong[i].name);
        script_reader_free(r);
    }
}

Test(script, reading_goes_on_after_an_error)
{
    struct script_reader *r = script_reader_new(SPAN("x\nC: a\ny"));
    struct script_item item;

    cr_expect_eq(script_reader_next(r, &item, NULL), SCRIPT_ERROR);
    cr_expect_eq(script_reader_next(r, &item, NULL), SCRIPT_ITEM);
    cr_expect_eq(item.line, 2);
    cr_expect_eq(script_reader_next(r, &item, NULL), SCRIPT_ERROR);
    cr_expect_eq(script_reader_next(r, &item, NULL), SCRIPT_END);
    cr_expect_eq(script_reader_next(r, &item, NULL), SCRIPT_END);
    script_reader_free(r);
    script_reader_free(NULL);
}

Test(script, a_file_too_large_is_refused_unread)
{
    /* One octet is there: reading any other would be seen by the sanitiser. */
    char one = 'C';
    struct script_reader *r = script_reader_new(span_make(&one, SCRIPT_OCTETS_MAX + 1));
    struct script_item item;
    struct error err;

    cr_expect_eq(script_reader_next(r, &item, &err), SCRIPT_ERROR);
    cr_expect_str_eq(err.text, "1:1: the script is larger than 1 GiB: cut it into several");
    cr_expect_eq(script_reader_next(r, &item, &err), SCRIPT_END);
    script_reader_free(r);
}

Test(script, check_tells_all_errors)
{
    struct buf out = { 0 };

    cr_expect_eq(script_check(SPAN("C: a\nS: 250\n"), "good.smtp", &out), 0);
    cr_expect_eq(out.len, 0);
    cr_expect_eq(script_check(SPAN("S: x\nC: a\nc: b\n"), "bad.smtp", &out), 2);
    cr_expect_str_eq(buf_text(&out),
                     "bad.smtp:1:4: a reply starts with a code of three digits: S: 250 Ok\n"
                     "bad.smtp:3:1: the C is a capital letter: C: NOOP\n");
    buf_release(&out);
}

Test(script, check_of_something_else_does_not_tell_a_million_errors)
{
    struct buf text = { 0 }, out = { 0 };

    for (int i = 0; i < 1000; i++)
        buf_add_text(&text, "<br>\n");
    cr_expect_eq(script_check(buf_span(&text), "page.html", &out), 1000);
    cr_expect(span_search(buf_span(&out), SPAN("page.html:50:1:"), 0, false) != SPAN_NOT_FOUND);
    cr_expect(span_search(buf_span(&out), SPAN("page.html:51:1:"), 0, false) == SPAN_NOT_FOUND);
    cr_expect(span_search(buf_span(&out), SPAN("and 950 more; is this a script?\n"), 0, false) !=
              SPAN_NOT_FOUND);
    buf_release(&text);
    buf_release(&out);
}

static const struct {
    const char *name;
    bool client;
    struct span octets;
    const char *want;
} written[] = {
    { "a command", true, SPAN_INIT("HELO crepes.fr\r\n"), "C: HELO crepes.fr\n" },
    { "an empty line", true, SPAN_INIT("\r\n"), "C:\n" },
    { "a leading space", true, SPAN_INIT(" a\r\n"), "C:  a\n" },
    { "a tab inside", true, SPAN_INIT("\ta\tb\r\n"), "C: \ta\tb\n" },
    { "letters of the world", true, SPAN_INIT("gr\xc3\xbc\xc3\x9f\r\n"),
      "C: gr\xc3\xbc\xc3\x9f\n" },
    { "a trailing space", true, SPAN_INIT("a \r\n"), "C\\: \"a \\r\\n\"\n" },
    { "a trailing tab", true, SPAN_INIT("a\t\r\n"), "C\\: \"a\\t\\r\\n\"\n" },
    { "a bare LF", true, SPAN_INIT("a\n"), "C\\: \"a\\n\"\n" },
    { "no end", true, SPAN_INIT("a"), "C\\: \"a\"\n" },
    { "nothing", true, SPAN_INIT(""), "C\\: \"\"\n" },
    { "a NUL", true, SPAN_INIT("a\0b\r\n"), "C\\: \"a\\0b\\r\\n\"\n" },
    { "an escape", true, SPAN_INIT("\x1b[2J\r\n"), "C\\: \"\\e[2J\\r\\n\"\n" },
    { "invalid UTF-8", true, SPAN_INIT("\xff\r\n"), "C\\: \"\\xff\\r\\n\"\n" },
    { "a CR inside", true, SPAN_INIT("a\rb\r\n"), "C\\: \"a\\rb\\r\\n\"\n" },
    { "a quote and a backslash", true, SPAN_INIT("\"\\\r\n"), "C: \"\\\n" },
    { "a reply", false, SPAN_INIT("250 Ok\r\n"), "S: 250 Ok\n" },
    { "a reply that goes on", false, SPAN_INIT("250-Ok\r\n"), "S: 250-Ok\n" },
    { "a code alone", false, SPAN_INIT("250\r\n"), "S: 250\n" },
    { "no reply", false, SPAN_INIT("Hello\r\n"), "S\\: \"Hello\\r\\n\"\n" },
    { "a strange code", false, SPAN_INIT("999 Ok\r\n"), "S\\: \"999 Ok\\r\\n\"\n" },
    { "a strange separator", false, SPAN_INIT("250_Ok\r\n"), "S\\: \"250_Ok\\r\\n\"\n" },
    { "a reply with a bare LF", false, SPAN_INIT("250 Ok\n"), "S\\: \"250 Ok\\n\"\n" },
};

Test(script, lines_are_written_plain_where_they_can_be)
{
    for (size_t i = 0; i < ROWS(written); i++) {
        struct buf out = { 0 };

        setlocale(LC_ALL, "C.UTF-8"); /* what can be shown depends on it */
        script_write_line(&out, written[i].client, written[i].octets);
        cr_expect_str_eq(buf_text(&out), written[i].want, "%s: %s", written[i].name,
                         buf_text(&out));
        buf_release(&out);
    }
}

Test(script, pauses_remarks_and_numbers_are_written)
{
    struct buf out = { 0 };

    script_write_pause(&out, 1250400);
    script_write_pause(&out, 999);
    script_write_pause(&out, -5);
    script_write_pause(&out, INT64_MAX);
    script_write_remark(&out, SPAN("2 C: one\n\nthree\x1b"));
    script_write_remark(&out, SPAN(""));
    script_write_numbered(&out, 1, true, SPAN("a\r\n"));
    script_write_numbered(&out, 2, true, SPAN("a\r\n"));
    script_write_numbered(&out, 3, false, SPAN("\r\n"));
    cr_expect_str_eq(buf_text(&out), "@+1.250\n@+604800.000\n# 2 C: one\n#\n# three<ESC>\n#\n"
                                     "C: a\n#2 C: a\n#3 S\\: \"\\r\\n\"\n");
    cr_expect_eq(script_check(buf_span(&out), "own", &out), 0);
    buf_release(&out);
}

static bool comes_back(bool client, struct span octets)
{
    struct buf text = { 0 }, back = { 0 };
    struct script_reader *r;
    struct script_item item;
    bool same;

    script_write_line(&text, client, octets);
    r = script_reader_new(buf_span(&text));
    same = script_reader_next(r, &item, NULL) == SCRIPT_ITEM &&
           item.kind == (client ? SCRIPT_SEND : SCRIPT_EXPECT);
    if (same) {
        buf_add(&back, item.octets);
        if (!client && !item.escaped)
            buf_add(&back, SPAN("\r\n"));
        same = span_eq(buf_span(&back), octets) && script_reader_next(r, &item, NULL) == SCRIPT_END;
    }
    script_reader_free(r);
    buf_release(&text);
    buf_release(&back);
    return same;
}

Test(script, any_octets_come_back_exactly)
{
    static const char likely[] = "250- \r\n\t\\\"C:S=#/@\xc3\xa9\xe2\x80\xae";
    unsigned seed = 1;

    for (int i = 0; i < 20000; i++) {
        unsigned char octets[12];
        size_t len;

        seed = seed * 1103515245 + 12345;
        len = (seed >> 16) % (sizeof octets - 1);
        for (size_t j = 0; j < len; j++) {
            seed = seed * 1103515245 + 12345;
            octets[j] = seed & 0x10000 ? (unsigned char)(seed >> 17)
                                       : (unsigned char)likely[(seed >> 17) % (sizeof likely - 1)];
        }
        if (i % 2 && len >= 2)
            memcpy(octets + len - 2, "\r\n", 2);
        cr_assert(comes_back(true, span_make(octets, len)), "client, round %d", i);
        cr_assert(comes_back(false, span_make(octets, len)), "server, round %d", i);
    }
}
