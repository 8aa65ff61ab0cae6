#include "app/leave.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "app/file.h"
#include "app/folder.h"
#include "app/terminal.h"
#include "base/mem.h"
#include "net/loop.h"
#include "view/ansi.h"
#include "view/plain.h"

#define PREFIX "talk-"
#define SUFFIX ".smtp"

/* Did anybody say anything to a server? A greeting alone is not worth a file. */
static bool something_said(const struct record *r)
{
    for (unsigned d = 1; d <= record_count(r); d++)
        for (uint32_t n = 1; n <= record_lines(r, d); n++)
            if (record_line_side(r, d, n) == SIDE_CLIENT)
                return true;
    return false;
}

/* In the lab the greeting alone is not worth its lines either. What a real server said unasked, or
 * that it could not be reached, may be all that one came for. */
static bool something_to_print(const struct record *r, bool lab)
{
    for (unsigned d = 1; !lab && d <= record_count(r); d++)
        if (record_lines(r, d) || record_events(r, d))
            return true;
    return something_said(r);
}

/* Named as add_file_name() does it, and by nobody else: "talk-20240229-235959-4711.smtp". */
static bool is_ours(const char *name)
{
    static const char stamp[] = PREFIX "dddddddd-dddddd-";
    size_t digits;

    for (const char *want = stamp; *want; want++, name++)
        if (*want == 'd' ? *name < '0' || *name > '9' : *name != *want)
            return false;
    digits = strspn(name, "0123456789");
    return digits && strcmp(name + digits, SUFFIX) == 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names begin with the time, so that their order is that of their age. */
static void remove_oldest(const char *folder)
{
    DIR *d = opendir(folder);
    struct dirent *entry;
    char **names = NULL;
    size_t count = 0;

    while (d && (entry = readdir(d))) {
        if (!is_ours(entry->d_name))
            continue;
        names = mem_resize(names, count + 1, sizeof *names);
        names[count++] = mem_strdup(entry->d_name);
    }
    if (count)
        qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++) {
        if (i + LEAVE_KEPT < count)
            unlinkat(dirfd(d), names[i], 0);
        mem_free(names[i]);
    }
    mem_free(names);
    if (d)
        closedir(d);
}

static void add_file_name(struct buf *path)
{
    time_t now = (time_t)(loop_wall() / CLOCK_SECOND);
    char stamp[32] = "";
    struct tm parts;

    if (gmtime_r(&now, &parts))
        strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &parts);
    buf_printf(path, "/" PREFIX "%s-%ld" SUFFIX, stamp, (long)getpid());
}

void leave_save(struct console *c, const struct record *r, struct buf *told)
{
    struct buf folder = { 0 }, path = { 0 };
    struct error err;
    bool saved;

    if (!something_said(r))
        return;
    if (!folder_of_state(&folder)) {
        buf_printf(told, "The talk is not saved: %s: %s.\n", buf_text(&folder), strerror(errno));
    } else {
        buf_add(&path, buf_span(&folder));
        add_file_name(&path);
        saved = console_save(c, buf_text(&path), &err);
        if (!saved)
            buf_printf(told, "The talk is not saved: %s.\n", err.text);
        else if (*console_lab(c)) /* for whoever had other programs talk to it */
            buf_printf(told, "Saved: %s (the lab's server was at %s)\n", buf_text(&path),
                       console_lab(c));
        else
            buf_printf(told, "Saved: %s\n", buf_text(&path));
        if (saved)
            remove_oldest(buf_text(&folder));
    }
    buf_release(&folder);
    buf_release(&path);
}

/* Leaves out all but the last lines of a long talk. The events before them go with them. */
static void start_late(const struct record *r, unsigned d, struct plain_cursor *start,
                       struct styled *text)
{
    uint32_t lines = record_lines(r, d);

    if (lines <= LEAVE_PRINTED)
        return;
    start->line = lines - LEAVE_PRINTED;
    for (; start->event < record_events(r, d); start->event++) {
        struct record_event e;

        record_event_get(r, d, start->event, &e);
        if (e.after > start->line)
            break;
    }
    styled_printf(text, STYLE_DIM, "-- %lu earlier lines are not printed here\n",
                  (unsigned long)start->line);
}

void leave_print(const struct record *r, const struct notes_style *style, const struct options *o,
                 struct span told)
{
    struct styled text = { 0 };
    struct buf octets = { 0 };
    bool print = something_to_print(r, style->lab);

    for (unsigned d = 1; print && d <= record_count(r); d++) {
        struct plain_cursor start = { 0 };

        if (record_count(r) > 1)
            styled_printf(&text, STYLE_BOLD, "-- talk %u\n", d);
        start_late(r, d, &start, &text);
        plain_dialogue(r, d, &start, style, o->ascii ? PLAIN_ASCII : 0u, &text);
    }
    styled_add_marks(&text, STYLE_DIM, span_first(told, told.len ? told.len - 1 : 0), 0);
    if (told.len)
        styled_add_text(&text, STYLE_PLAIN, "\n");
    ansi_write(&text,
               (terminal_color(o, STDOUT_FILENO) ? ANSI_COLOUR : 0u) | (o->ascii ? ANSI_ASCII : 0u),
               &octets);
    file_write_all(STDOUT_FILENO, buf_span(&octets));
    buf_release(&octets);
    styled_release(&text);
}
