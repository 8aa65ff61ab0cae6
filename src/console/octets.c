/*
 * /octets: what travelled, write by write and read by read. On the screen it is a page; without
 * one it is printed, or with /octets on goes along with the talk.
 */
#include "view/octets.h"

#include "console/inner.h"

/* Who points with a mouse has a screen, and so a page that shows what comes. */
static bool has_screen(const struct console *c)
{
    return c->hooks.mouse != NULL;
}

static void show(struct console *c, uint32_t blocks)
{
    struct styled out = { 0 };

    if (!console_shown(c)) {
        console_say(c, "There was no talk yet. %s\n", console_how_to_connect(c));
        return;
    }
    octets_text(c->config.record, console_shown(c), blocks, CONSOLE_PAGE_COLS, false, &out);
    console_open(c, PANE_OCTETS, &out);
    styled_release(&out);
}

/* Blocks from here on. */
static void follow(struct console *c)
{
    c->octets_of = console_dialogue(c);
    c->octets_seen = c->octets_of ? record_reads(c->config.record, c->octets_of) : 0;
}

static void switch_on(struct console *c)
{
    if (has_screen(c)) {
        show(c, UINT32_MAX);
        return;
    }
    c->octets_on = true;
    follow(c);
    console_say(c, "From here on each write and each read is shown in hexadecimal, too. /octets "
                   "off ends that.\n");
}

void octets_turn(struct console *c)
{
    struct styled out = { 0 };
    uint32_t count;

    if (!c->octets_on || !console_dialogue(c))
        return;
    if (c->octets_of != console_dialogue(c)) {
        c->octets_of = console_dialogue(c);
        c->octets_seen = 0;
    }
    count = record_reads(c->config.record, c->octets_of);
    for (; c->octets_seen < count; c->octets_seen++)
        octets_block(c->config.record, c->octets_of, c->octets_seen, CONSOLE_PAGE_COLS, false,
                     &out);
    if (out.text.len && c->hooks.say && !c->left)
        c->hooks.say(c->hooks.ctx, &out);
    styled_release(&out);
}

void command_octets(struct console *c, struct span args)
{
    uint64_t blocks;

    if (!args.len) {
        show(c, UINT32_MAX);
    } else if (span_eq_nocase(args, SPAN("on"))) {
        switch_on(c);
    } else if (span_eq_nocase(args, SPAN("off"))) {
        c->octets_on = false;
    } else if (span_number(args, &blocks) && blocks > 0 && blocks <= UINT32_MAX) {
        show(c, (uint32_t)blocks);
    } else {
        console_complain(c, "/octets needs nothing, on, off, or how many of the last writes and "
                            "reads to show, as in /octets 4");
        console_worsen(c, STATUS_USAGE);
    }
}
