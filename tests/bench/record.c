/*
 * What a record of many lines costs: opened (octets in, index and states built), drawn, scrolled,
 * searched. Not a test: it prints milliseconds and octets, for tests/bench/run to compare.
 *
 *     record FILE NEEDLE    FILE: lines that start with "S: " or "C: "
 */
#define _GNU_SOURCE
#include <locale.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "view/screen.h"

#define ROWS 40
#define COLS 120

static double started;

static double milliseconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void lap(const char *what)
{
    double now = milliseconds();

    printf("%s %.3f\n", what, now - started);
    started = milliseconds();
}

static struct buf whole_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    unsigned char block[65536];
    struct buf all = { 0 };
    size_t got;

    if (!f) {
        perror(path);
        exit(2);
    }
    while ((got = fread(block, 1, sizeof block, f)) > 0)
        buf_add(&all, span_make(block, got));
    fclose(f);
    return all;
}

/* Hands over what one side sends in a row as one read. */
static void feed(struct record *r, unsigned d, struct span text, uint32_t lines)
{
    struct buf turn = { 0 };
    enum side side = SIDE_SERVER;

    while (text.len && record_lines(r, d) < lines) {
        struct span line = span_cut(text, '\n', &text);
        enum side now = line.len && line.at[0] == 'C' ? SIDE_CLIENT : SIDE_SERVER;

        if (now != side) {
            record_octets(r, d, side, buf_span(&turn), 0);
            buf_clear(&turn);
            side = now;
        }
        buf_add(&turn, span_from(line, 3));
        buf_add(&turn, SPAN("\r\n"));
    }
    record_octets(r, d, side, buf_span(&turn), 0);
    buf_release(&turn);
}

static void draw(struct screen *s, struct grid *g, struct screen_spots *spots)
{
    screen_draw(s, g, spots);
}

int main(int argc, char **argv)
{
    struct record *r = record_new(NULL);
    unsigned d = record_open(r, "crepes.fr", "hamburger.edu", 0);
    struct screen s = { .rows = ROWS,
                        .cols = COLS,
                        .record = r,
                        .dialogue = d,
                        .client = "crepes.fr",
                        .follow = true,
                        .prompt = "C: ",
                        .hint = "",
                        .footer = "" };
    struct screen_spots spots;
    struct record_cost cost;
    struct grid g;
    struct buf text;
    struct dialogue_look look;
    uint32_t found;

    if (argc != 3) {
        fputs("record FILE NEEDLE\n", stderr);
        return 2;
    }
    setlocale(LC_ALL, "C.UTF-8");
    grid_init(&g, ROWS, COLS);
    text = whole_file(argv[1]);
    started = milliseconds();
    feed(r, d, span_first(buf_span(&text), 65536), ROWS);
    draw(&s, &g, &spots);
    lap("first_screen_ms");
    record_free(r);
    s.record = r = record_new(NULL);
    d = record_open(r, "crepes.fr", "hamburger.edu", 0);
    started = milliseconds();
    feed(r, d, buf_span(&text), UINT32_MAX);
    draw(&s, &g, &spots);
    lap("opened_at_the_end_ms");
    s.follow = false;
    s.top = spots.top;
    for (int i = 0; i < 1000; i++) {
        screen_look(&s, &spots, &look);
        s.top = dialogue_scroll(&look, s.top, -1, spots.dialogue.rows);
        draw(&s, &g, &spots);
    }
    lap("thousand_rows_scrolled_ms");
    found = record_find(r, d, 0, false, span_of(argv[2]));
    screen_look(&s, &spots, &look);
    s.top = dialogue_show(&look, s.top, spots.dialogue.rows, found ? found : 1);
    draw(&s, &g, &spots);
    lap("searched_ms");
    record_cost(r, &cost);
    printf("found_line %u\nlines %llu\nreads %llu\noctets %llu\n", found,
           (unsigned long long)cost.lines, (unsigned long long)cost.reads,
           (unsigned long long)cost.octets);
    printf("octet_bytes %llu\nindex_bytes %llu\nread_bytes %llu\nsnapshot_bytes %llu\n",
           (unsigned long long)cost.octet_bytes, (unsigned long long)cost.index_bytes,
           (unsigned long long)cost.read_bytes, (unsigned long long)cost.snapshot_bytes);
    buf_release(&text);
    grid_release(&g);
    record_free(r);
    return 0;
}
