#include "view/octets.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "view/dialogue.h"
#include "view/secured.h"
#include "view/signs.h"

#define ROW_OCTETS 16
#define HALF       8

struct octets {
    const struct record *record;
    unsigned dialogue, cols;
    bool ascii;
    int64_t secure_from; /* from this time on octets travel inside TLS; INT64_MAX: they do not */
};

/* What stands above the blocks. The last one only where there is encryption. */
static const char *const words[] = {
    " A block is what one write handed to the network, or what one read found there.",
    " TCP carries octets, not blocks: it may join writes on the way, or split them.",
    "",
    " Octets inside TLS are shown as they are before encryption, and after decryption.",
};
#define WORDS 3

static unsigned words_rows(const struct octets *o)
{
    return o->secure_from == INT64_MAX ? WORDS : WORDS + 1;
}

static struct octets look_at(const struct record *r, unsigned d, unsigned cols, bool ascii)
{
    struct octets o = { r, d, cols, ascii, INT64_MAX };
    struct record_event e;
    struct secured s;

    if (secured_find(r, d, UINT32_MAX, &s)) {
        record_event_get(r, d, s.last, &e);
        o.secure_from = e.time;
    }
    return o;
}

static const char *sign(const struct octets *o, const char *text, const char *twin)
{
    return o->ascii ? twin : text;
}

static void add_words(const struct octets *o, unsigned row, struct styled *out)
{
    if (*words[row])
        styled_add_text(out, STYLE_NOTE, words[row]);
    else
        styled_printf(out, STYLE_NOTE,
                      " %s carriage return, %s line feed, . no sign of its own, ** secret, .. no "
                      "longer kept",
                      sign(o, SIGN_BACK, "<"), sign(o, SIGN_DOWN, "v"));
}

static void add_head(const struct octets *o, uint32_t block, struct styled *out)
{
    size_t start = out->text.len;
    struct record_read read, before;
    struct buf gap = { 0 };
    int64_t since;
    unsigned used;

    record_read_get(o->record, o->dialogue, block, &read);
    since = read.time - record_opened_at(o->record, o->dialogue);
    styled_repeat(out, STYLE_DIM, sign(o, SIGN_RULE, "-"), 2);
    styled_printf(out, STYLE_PLAIN, " %lu ", (unsigned long)block + 1);
    styled_add_text(out, read.side == SIDE_SERVER ? STYLE_SERVER : STYLE_CLIENT,
                    read.side == SIDE_SERVER ? "S:" : "C:");
    styled_printf(out, STYLE_PLAIN, " %lu %s at %lld.%06d s", (unsigned long)read.len,
                  read.len == 1 ? "octet" : "octets", (long long)(since / CLOCK_SECOND),
                  (int)(since % CLOCK_SECOND));
    if (block > 0) {
        record_read_get(o->record, o->dialogue, block - 1, &before);
        dialogue_time(&gap, read.time - before.time);
        styled_printf(out, STYLE_PLAIN, ", %s later", buf_text(&gap));
        buf_release(&gap);
    }
    if (read.time >= o->secure_from)
        styled_add_text(out, STYLE_DIM, ", inside TLS");
    styled_add_text(out, STYLE_PLAIN, " ");
    used = (unsigned)utf8_cells(span_from(buf_span(&out->text), start));
    if (used < o->cols)
        styled_repeat(out, STYLE_DIM, sign(o, SIGN_RULE, "-"), o->cols - used);
}

/* A row's octets with the one before and the one behind, which tell a bare CR or LF. */
struct sixteen {
    unsigned char octets[ROW_OCTETS + 2], kinds[ROW_OCTETS + 2];
    size_t count; /* of the row itself */
    bool last;    /* nothing has come behind them */
};

static void fetch(const struct octets *o, const struct record_read *read, uint32_t at,
                  struct sixteen *row)
{
    uint64_t from = read->offset + at;
    size_t before = from > 0, got;

    *row = (struct sixteen){ .count = read->len - at < ROW_OCTETS ? read->len - at : ROW_OCTETS };
    got =
        record_octets_at(o->record, o->dialogue, read->side, from - before, before + row->count + 1,
                         0, row->octets + 1 - before, row->kinds + 1 - before);
    row->last = got < before + row->count + 1;
}

/* A line end that is not CRLF (RFC 5321 2.3.8). A CR that came last may yet be followed. */
static bool bare(const struct sixteen *row, size_t i)
{
    unsigned char c = row->octets[i];

    if (c == '\n')
        return row->octets[i - 1] != '\r';
    return c == '\r' && row->octets[i + 1] != '\n' && !(row->last && i == row->count);
}

static enum style octet_style(const struct sixteen *row, size_t i, enum side side)
{
    if (row->kinds[i] == OCTET_SECRET)
        return STYLE_SECRET;
    if (row->kinds[i] == OCTET_GONE)
        return STYLE_DIM;
    if (bare(row, i))
        return STYLE_FAULT;
    if (row->octets[i] < ' ' || row->octets[i] >= 0x7f)
        return STYLE_DIM;
    return side == SIDE_SERVER ? STYLE_SERVER : STYLE_CLIENT;
}

static const char *octet_sign(const struct octets *o, const struct sixteen *row, size_t i,
                              char own[2])
{
    unsigned char c = row->octets[i];

    if (row->kinds[i] == OCTET_SECRET)
        return "*";
    if (row->kinds[i] == OCTET_GONE)
        return " ";
    if (c == '\r')
        return sign(o, SIGN_BACK, "<");
    if (c == '\n')
        return sign(o, SIGN_DOWN, "v");
    own[0] = c >= ' ' && c < 0x7f ? (char)c : '.';
    own[1] = '\0';
    return own;
}

static void add_sixteen(const struct octets *o, uint32_t block, uint32_t at, struct styled *out)
{
    struct record_read read;
    struct sixteen row;
    char own[3];

    record_read_get(o->record, o->dialogue, block, &read);
    fetch(o, &read, at, &row);
    styled_printf(out, STYLE_DIM, "%9llu ", (unsigned long long)(read.offset + at));
    for (size_t i = 0; i < ROW_OCTETS; i++) {
        enum style style;

        styled_add_text(out, STYLE_PLAIN, i == HALF ? "  " : " ");
        if (i >= row.count) {
            styled_add_text(out, STYLE_PLAIN, "  ");
            continue;
        }
        style = octet_style(&row, i + 1, read.side);
        if (row.kinds[i + 1] == OCTET_KEPT)
            styled_printf(out, style, "%02x", row.octets[i + 1]);
        else
            styled_add_text(out, style, row.kinds[i + 1] == OCTET_SECRET ? "**" : "..");
    }
    styled_add_text(out, STYLE_PLAIN, "  ");
    for (size_t i = 1; i <= row.count; i++)
        styled_add_text(out, octet_style(&row, i, read.side), octet_sign(o, &row, i, own));
}

/* The first row of a block, counted without the words. */
static uint64_t block_row(const struct octets *o, uint32_t block)
{
    return block + record_read_sixteens(o->record, o->dialogue, block);
}

/* The block in which a row stands; there is one. */
static uint32_t block_of(const struct octets *o, uint64_t row)
{
    uint32_t low = 0, high = record_reads(o->record, o->dialogue);

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (block_row(o, middle) <= row)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static uint64_t all_rows(const struct octets *o)
{
    return words_rows(o) + block_row(o, record_reads(o->record, o->dialogue));
}

uint32_t octets_rows(const struct record *r, unsigned d)
{
    struct octets o = look_at(r, d, 0, false);
    uint64_t rows = all_rows(&o);

    return rows < UINT32_MAX ? (uint32_t)rows : UINT32_MAX;
}

/* Row `row` of those below the words. */
static void add_row(const struct octets *o, uint64_t row, struct styled *out)
{
    uint32_t block = block_of(o, row);
    uint64_t in_it = row - block_row(o, block);

    if (in_it == 0)
        add_head(o, block, out);
    else
        add_sixteen(o, block, (uint32_t)(in_it - 1) * ROW_OCTETS, out);
}

void octets_draw(const struct record *r, unsigned d, uint32_t first, bool ascii, struct grid *g,
                 struct rect where)
{
    struct octets o = look_at(r, d, where.cols, ascii);
    uint64_t all = all_rows(&o);
    struct styled line = { 0 };

    for (unsigned i = 0; i < where.rows && first + (uint64_t)i < all; i++) {
        uint64_t row = first + (uint64_t)i;

        styled_clear(&line);
        if (row >= words_rows(&o))
            add_row(&o, row - words_rows(&o), &line);
        else
            add_words(&o, (unsigned)row, &line);
        grid_styled(g, where.row + i, where.col, where.cols, &line);
    }
    styled_release(&line);
}

static void add_block(const struct octets *o, uint32_t block, struct styled *out)
{
    struct record_read read;

    record_read_get(o->record, o->dialogue, block, &read);
    add_head(o, block, out);
    styled_add_text(out, STYLE_PLAIN, "\n");
    for (uint32_t at = 0; at < read.len; at += ROW_OCTETS) {
        add_sixteen(o, block, at, out);
        styled_add_text(out, STYLE_PLAIN, "\n");
    }
}

void octets_block(const struct record *r, unsigned d, uint32_t block, unsigned cols, bool ascii,
                  struct styled *out)
{
    struct octets o = look_at(r, d, cols, ascii);

    add_block(&o, block, out);
}

void octets_text(const struct record *r, unsigned d, uint32_t blocks, unsigned cols, bool ascii,
                 struct styled *out)
{
    struct octets o = look_at(r, d, cols, ascii);
    uint32_t count = record_reads(r, d), first = blocks < count ? count - blocks : 0;
    uint64_t rows = block_row(&o, count);

    for (unsigned i = 0; i < words_rows(&o); i++) {
        add_words(&o, i, out);
        styled_add_text(out, STYLE_PLAIN, "\n");
    }
    if (rows > OCTETS_TEXT_ROWS) {
        uint32_t fits = block_of(&o, rows - OCTETS_TEXT_ROWS) + 1;

        fits = fits < count ? fits : count - 1;
        first = first > fits ? first : fits;
    }
    if (first > 0)
        styled_printf(out, STYLE_DIM, "... %lu earlier %s\n", (unsigned long)first,
                      first == 1 ? "block" : "blocks");
    for (uint32_t block = first; block < count; block++)
        add_block(&o, block, out);
}
