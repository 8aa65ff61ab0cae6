#include "view/status.h"

#include "base/marks.h"
#include "base/utf8.h"
#include "view/cut.h"
#include "view/secured.h"
#include "view/signs.h"

enum part {
    PART_PROGRAM,
    PART_CLIENT,
    PART_SERVER,
    PART_PLACE,
    PART_LINK,
    PART_LETTER,
    PART_TALK,
    PART_COUNT
};
#define GAP       4
#define GAP_TIGHT 2 /* rather than to cut a name */

/* What goes first when not all fits; then the server's name is cut. Whether others can read the
 * talk, or that there is none, goes last. (That a letter is written the prompt says, too.) */
static const enum part least_needed[] = { PART_PLACE, PART_CLIENT, PART_TALK, PART_PROGRAM,
                                          PART_LETTER };
/* Cells below which a name that is cut says nothing. */
#define SERVER_MIN 16

struct parts {
    struct buf at[PART_COUNT]; /* empty: left out */
    unsigned gap;
};

/* In a talk that another client has with the lab's server, that client. */
static void add_client(struct buf *out, const struct status_look *look)
{
    const char *client = look->dialogue ? record_client(look->record, look->dialogue) : "";
    bool other = look->lab && *client && strcmp(client, look->client) != 0;

    if (!*look->client)
        return;
    buf_add_text(out, other ? "client = " : "you = ");
    marks_add(out, span_of(other ? client : look->client), 0);
}

static void name_parts(struct parts *parts, const struct status_look *look)
{
    const char *server = look->dialogue ? record_server(look->record, look->dialogue) : "";

    buf_add_text(&parts->at[PART_PROGRAM], look->lab ? "smtpscope lab" : "smtpscope");
    add_client(&parts->at[PART_CLIENT], look);
    if (look->place && *look->place && *server)
        buf_printf(&parts->at[PART_PLACE], "at %s", look->place);
    if (*server) {
        buf_add_text(&parts->at[PART_SERVER], "server = ");
        marks_add(&parts->at[PART_SERVER], span_of(server), 0);
    } else {
        buf_add_text(&parts->at[PART_SERVER], "no server");
    }
}

static void session_parts(struct parts *parts, const struct status_look *look)
{
    const struct observer *now;
    unsigned talks = look->talks;

    if (!look->dialogue)
        return;
    now = record_now(look->record, look->dialogue);
    if (now->over)
        buf_add_text(&parts->at[PART_LINK], "NO CONNECTION");
    else
        secured_words(look->record, look->dialogue, now, &parts->at[PART_LINK]);
    if (!now->over && now->letter == LETTER_GRANTED)
        buf_add_text(&parts->at[PART_LETTER], "WRITING THE LETTER");
    if (!talks)
        talks = record_count(look->record);
    if (look->counted || talks > 1)
        buf_printf(&parts->at[PART_TALK], "talk %u of %u", look->talk ? look->talk : look->dialogue,
                   talks);
}

/* Cells from the left edge to the end of the last part; the talk stands at the right. */
static unsigned cells(const struct parts *parts)
{
    unsigned used = 1;

    for (unsigned i = 0; i < PART_COUNT; i++)
        if (parts->at[i].len)
            used += (used > 1 ? parts->gap : 0) + (unsigned)utf8_cells(buf_span(&parts->at[i]));
    return used;
}

/* False: the server's name must be cut. */
static bool drop(struct parts *parts, unsigned cols)
{
    const struct buf *server = &parts->at[PART_SERVER];

    for (size_t i = 0; i < sizeof least_needed / sizeof least_needed[0]; i++)
        if (cells(parts) >= cols)
            buf_clear(&parts->at[least_needed[i]]);
    if (cells(parts) >= cols)
        parts->gap = GAP_TIGHT;
    if (cells(parts) < cols)
        return true;
    if (parts->at[PART_LINK].len && cells(parts) - utf8_cells(buf_span(server)) + SERVER_MIN > cols)
        buf_clear(&parts->at[PART_SERVER]);
    return cells(parts) < cols;
}

/* Cells of the server's name when it is cut. */
static unsigned server_room(const struct parts *parts, unsigned cols)
{
    unsigned others = cells(parts) - (unsigned)utf8_cells(buf_span(&parts->at[PART_SERVER]));

    return cols > others + 1 ? cols - others - 1 : cols;
}

void status_draw(const struct status_look *look, struct grid *g, unsigned row)
{
    struct parts parts = { .gap = GAP };
    unsigned col = 1, server;

    name_parts(&parts, look);
    session_parts(&parts, look);
    server = drop(&parts, g->cols) ? g->cols : server_room(&parts, g->cols);
    grid_fill(g, row, 0, g->cols, STYLE_INVERSE, ' ');
    for (unsigned i = 0; i < PART_COUNT; i++) {
        struct span text = buf_span(&parts.at[i]);

        if (text.len && i == PART_TALK)
            grid_text(g, row, g->cols - 1 - (unsigned)text.len, (unsigned)text.len, STYLE_INVERSE,
                      text);
        else if (text.len && i == PART_SERVER && col < g->cols)
            col += cut_text(g, row, col, server, STYLE_INVERSE, text) + parts.gap;
        else if (text.len && col < g->cols)
            col += grid_text(g, row, col, g->cols - col, STYLE_INVERSE, text) + parts.gap;
        buf_release(&parts.at[i]);
    }
}

void rule_draw(struct grid *g, unsigned row, unsigned col, unsigned cols, struct span heading,
               struct span right, enum rule_look look)
{
    bool focus = look & RULE_FOCUS;
    enum style style = focus ? STYLE_BOLD : STYLE_DIM;
    unsigned right_cells = right.len ? (unsigned)utf8_cells(right) + 3 : 0, room;

    if (col >= g->cols)
        return;
    if (cols > g->cols - col)
        cols = g->cols - col;
    grid_fill(g, row, col, cols, style, focus ? SIGN_RULE_FOCUS_CODE : SIGN_RULE_CODE);
    if (cols < 5)
        return;
    room = cols - 4; /* "── " before the heading, " " behind it */
    if (right_cells + utf8_cells(cut_groups(heading, 1)) > room)
        right_cells = 0; /* what the pane is matters more than what is out of sight */
    if (right_cells + utf8_cells(heading) > room)
        heading = cut_groups(heading, 1); /* without its remark */
    if (heading.len) {
        unsigned used = 3;

        grid_text(g, row, col + 2, 1, style, SPAN(" "));
        used += grid_text(g, row, col + 3, room - right_cells, focus ? STYLE_BOLD : STYLE_PLAIN,
                          heading);
        grid_text(g, row, col + used, 1, style, SPAN(" "));
    }
    if (right_cells) {
        unsigned at = col + cols - right_cells;

        grid_text(g, row, at, 1, style, SPAN(" "));
        grid_text(g, row, at + 1, right_cells - 3, look & RULE_LOUD ? STYLE_BOLD : STYLE_DIM,
                  right);
        grid_text(g, row, at + right_cells - 2, 1, style, SPAN(" "));
    }
}
