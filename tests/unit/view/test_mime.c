#include "view/mime.h"

#include <criterion/criterion.h>
#include <locale.h>

#include "base/mem.h"

static char kept[16384];

static void keep(struct styled *s)
{
    size_t len = s->text.len < sizeof kept - 1 ? s->text.len : sizeof kept - 1;

    memcpy(kept, buf_text(&s->text), len);
    kept[len] = '\0';
    styled_release(s);
}

static struct mime_part *add(struct mime *m, unsigned depth, const char *type, uint64_t at,
                             uint64_t len)
{
    struct mime_part *p = mime_add(m, depth);

    mime_set(&p->type, type);
    p->body_at = at;
    p->body_len = p->decoded_len = len;
    return p;
}

static void encode(struct mime_part *p, const char *word, uint64_t decoded)
{
    mime_set(&p->encoding_word, word);
    p->encoding = mime_encoding_by_word(span_of(word));
    p->decoded_len = decoded;
}

static void fill(struct mime *m)
{
    struct mime_part *p;

    setlocale(LC_ALL, "C.UTF-8");
    m->octets = m->read = 9000;
    add(m, 0, "multipart/mixed", 100, 8800)->kind = MIME_MULTIPART;
    p = add(m, 1, "text/plain", 200, 110);
    mime_set(&p->charset, "iso-8859-1");
    encode(p, "Quoted-Printable", 100);
    add(m, 1, "message/rfc822", 400, 300)->kind = MIME_LETTER;
    add(m, 2, "text/html", 500, 200);
    p = add(m, 1, "image/png", 800, 8000);
    mime_set(&p->name, "..\\caf\xc3\xa9\033[2J\xe2\x80\xae.png");
    mime_set(&p->disposition, "attachment");
    encode(p, "base64", 5900);
}

static const char *tree(struct mime *m, bool ascii)
{
    struct styled s = { 0 };

    mime_tree(m, 78, ascii, &s);
    keep(&s);
    mime_release(m);
    return kept;
}

Test(mime, shows_the_tree_with_its_sizes)
{
    struct mime m = { 0 };

    fill(&m);
    cr_expect_str_eq(
        tree(&m, false),
        "5 parts in a letter of 9000 octets\n"
        " part    as sent    decoded  type\n"
        "    1       8800             multipart/mixed\n"
        "    2        110        100    text/plain, iso-8859-1, Quoted-Printable\n"
        "    3        300               message/rfc822\n"
        "    4        200                 text/html\n"
        "    5       8000       5900    image/png, base64, attachment "
        "\"..\\caf\xc3\xa9<ESC>[2J<U+202E>.png\"\n"
        "Encoded parts take 8110 octets for a content of 6000: 35 % more. That is the\n"
        "price for passing servers that carry lines of ASCII only (RFC 2045 6). With\n"
        "8BITMIME or BINARYMIME less of it is needed.\n",
        "%s", kept);
}

Test(mime, speaks_ascii_where_asked)
{
    struct mime m = { 0 };

    fill(&m);
    tree(&m, true);
    cr_expect(strstr(kept, "caf<U+00E9><ESC>"), "%s", kept);
    for (const char *c = kept; *c; c++)
        cr_assert_geq(*c, 0);
}

Test(mime, names_no_cost_where_there_is_none)
{
    struct mime m = { 0 };

    m.octets = m.read = 20;
    add(&m, 0, "text/plain", 12, 8);
    cr_expect_str_eq(tree(&m, false),
                     "1 part in a letter of 20 octets\n"
                     " part    as sent    decoded  type\n"
                     "    1          8             text/plain\n",
                     "%s", kept);
}

Test(mime, says_what_the_parser_found_odd_and_which_limits_it_met)
{
    struct mime m = { 0 };
    struct buf name = { 0 };

    m.octets = 500;
    m.read = 300;
    m.more_parts = true;
    add(&m, 0, "multipart/mixed", 0, 0)->kind = MIME_MULTIPART;
    m.parts[0].deeper = true;
    buf_add_repeat(&name, 'n', 80);
    mime_set(&m.parts[0].charset, buf_text(&name));
    buf_release(&name);
    mime_warn(&m, MIME_FAULT_NO_BOUNDARY, 42);
    mime_warn(&m, MIME_FAULT_TYPE, -1);
    m.more_warnings = 7;
    cr_expect_str_eq(
        tree(&m, false),
        "1 part in a letter of 500 octets\n"
        " part    as sent    decoded  type\n"
        "    1          0             multipart/mixed, "
        "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn ...\n"
        "  ! the parts inside part 1 lie too deep to be shown\n"
        "  ! there are more than 1000 parts; the others are not shown\n"
        "  ! only the first 300 of 500 octets were taken apart: behind them the letter\n"
        "    is too large, or has more headers and boundaries than any honest letter\n"
        "  ! near octet 42: a multipart does not name its boundary, so nobody can find\n"
        "    its parts (RFC 2046 5.1.1)\n"
        "  ! a Content-Type cannot be read; the part counts as application/octet-stream\n"
        "    (RFC 2045 5.1)\n"
        "  ! and 7 more of this sort\n",
        "%s", kept);
}

/* Part `n` of `m`, whose header stands at `at` in the letter. */
static const char *part(struct mime *m, unsigned n, struct span letter, struct span text,
                        bool charset_known)
{
    struct mime_shown shown = { m, n, letter, text, charset_known };
    struct styled s = { 0 };

    mime_part(&shown, 78, true, &s);
    keep(&s);
    return kept;
}

Test(mime, shows_a_text_decoded_below_its_header)
{
    struct span letter = SPAN("....Content-Type: text/plain\r\nX: y\033\r\n\r\n");
    struct mime m = { 0 };

    fill(&m);
    m.parts[1].header_at = 4;
    m.parts[1].header_len = letter.len - 6;
    cr_expect_str_eq(part(&m, 2, letter, SPAN("One caf\xc3\xa9\r\n\033[2J\r\n"), true),
                     "part 2  text/plain, iso-8859-1, Quoted-Printable\n"
                     "header\n"
                     "| Content-Type: text/plain\n"
                     "| X: y<ESC>\n"
                     "text, decoded: 100 octets of 110\n"
                     "| One caf<U+00E9>\n"
                     "| <ESC>[2J\n",
                     "%s", kept);
    mime_release(&m);
}

Test(mime, shows_html_as_its_source)
{
    struct mime m = { 0 };

    fill(&m);
    mime_set(&m.parts[3].charset, "x-klingon");
    cr_expect_str_eq(
        part(&m, 4, SPAN(""), SPAN("<p>a\xe9"), false),
        "part 4  text/html, x-klingon\n"
        "header\n"
        "  ! it has none, so it counts as text in ASCII (RFC 2045 5.2)\n"
        "text\n"
        "  ! this is HTML, shown as its source: nothing in it is fetched or run\n"
        "  ! its character set is not known here; octets above 127 are shown as numbers\n"
        "| <p>a<0xE9>\n",
        "%s", kept);
    mime_release(&m);
}

static const struct {
    unsigned n;
    const char *want;
} others[] = {
    { 1, "Inside it are parts 2 to 5.\n" },
    { 3, "Inside it is part 4.\n" },
    { 5, "It is no text, so it is not shown here: 8000 octets, decoded 5900.\n" },
};

Test(mime, says_what_is_inside_what_is_no_text)
{
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        struct mime m = { 0 };

        fill(&m);
        part(&m, others[i].n, SPAN(""), SPAN(""), true);
        cr_expect(strstr(kept, others[i].want), "%u: %s", others[i].n, kept);
        mime_release(&m);
    }
}

Test(mime, says_when_a_part_is_empty)
{
    struct mime m = { 0 };

    add(&m, 0, "message/rfc822", 0, 0)->kind = MIME_LETTER;
    part(&m, 1, SPAN(""), SPAN(""), true);
    cr_expect(strstr(kept, "There is no part inside it that could be shown.\n"), "%s", kept);
    mime_release(&m);
}

Test(mime, shows_only_so_many_lines)
{
    struct mime m = { 0 };
    struct buf text = { 0 };
    struct styled s = { 0 };
    struct mime_shown shown = { &m, 1, SPAN(""), SPAN(""), true };

    add(&m, 0, "TEXT/plain", 0, 0);
    for (unsigned i = 0; i < MIME_SHOWN_LINES; i++)
        buf_add_text(&text, "x\n");
    shown.text = buf_span(&text);
    mime_part(&shown, 78, true, &s);
    cr_expect_not(strstr(buf_text(&s.text), "not shown"));
    buf_add_text(&text, "yz\n");
    shown.text = buf_span(&text);
    styled_clear(&s);
    mime_part(&shown, 78, true, &s);
    cr_expect(strstr(buf_text(&s.text), "  ! and 3 more octets, not shown here\n"));
    styled_release(&s);
    buf_release(&text);
    mime_release(&m);
}
