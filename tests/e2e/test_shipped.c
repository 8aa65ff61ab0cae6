/* What is installed beside the program: the lessons play, and the manual page of the script format
 * shows scripts. */
#include <dirent.h>

#include "stored/script.h"
#include "support/run.h"

static void read_source(const char *name, struct buf *out)
{
    char path[4096];
    FILE *file;
    char block[4096];
    size_t got;

    snprintf(path, sizeof path, "%s/%s", getenv("SOURCES"), name);
    file = fopen(path, "r");
    cr_assert(file, "%s cannot be opened", path);
    while ((got = fread(block, 1, sizeof block, file)) > 0)
        buf_add(out, span_make(block, got));
    fclose(file);
}

static void expect_played(const char *name, const char *script)
{
    struct ran r = RUN(script, "replay", "-");

    cr_expect_eq(r.status, 0, "%s: status %d\n%s%s", name, r.status, buf_text(&r.out),
                 buf_text(&r.err));
    cr_expect_eq(r.err.len, 0, "%s: %s", name, buf_text(&r.err));
    ran_release(&r);
}

Test(shipped, every_lesson_can_be_played_in_the_lab)
{
    char path[4096];
    DIR *folder;
    int played = 0;

    snprintf(path, sizeof path, "%s/lessons", getenv("SOURCES"));
    folder = opendir(path);
    cr_assert(folder);
    for (struct dirent *d = readdir(folder); d; d = readdir(folder)) {
        struct buf script = { 0 };
        char name[512];

        if (!strstr(d->d_name, ".smtp"))
            continue;
        snprintf(name, sizeof name, "lessons/%s", d->d_name);
        read_source(name, &script);
        expect_played(name, buf_text(&script));
        buf_release(&script);
        played++;
    }
    closedir(folder);
    cr_expect(played > 0);
}

/* The textbook's words, too: every S: line is compared as S= compares it. */
Test(shipped, the_first_letter_is_answered_word_for_word)
{
    struct buf script = { 0 };

    read_source("lessons/first-letter.smtp", &script);
    for (size_t i = 0; i + 2 < script.len; i++)
        if ((!i || script.at[i - 1] == '\n') && script.at[i] == 'S' && script.at[i + 1] == ':')
            script.at[i + 1] = '=';
    expect_played("first-letter.smtp", buf_text(&script));
    buf_release(&script);
}

/* The text between one .EX and its .EE, without roff's own marks. False: there are no more. */
static bool next_example(struct span page, size_t *at, struct buf *out)
{
    size_t begin = span_search(page, SPAN("\n.EX\n"), *at, false);
    size_t end;

    if (begin == SPAN_NOT_FOUND)
        return false;
    begin += SPAN("\n.EX\n").len;
    end = span_search(page, SPAN("\n.EE\n"), begin, false);
    cr_assert_neq(end, SPAN_NOT_FOUND);
    buf_clear(out);
    for (struct span rest = span_first(span_from(page, begin), end + 1 - begin); rest.len;) {
        static const char *const marks[][2] = { { "\\(dq", "\"" },
                                                { "\\e", "\\" },
                                                { "\\-", "-" } };
        size_t taken = 0;

        for (size_t i = 0; i < sizeof marks / sizeof *marks && !taken; i++)
            if (span_starts(rest, span_of(marks[i][0]))) {
                buf_add(out, span_of(marks[i][1]));
                taken = strlen(marks[i][0]);
            }
        if (!taken) {
            cr_assert_neq(*rest.at, '\\', "a mark of roff that this test does not know");
            buf_add(out, span_first(rest, 1));
            taken = 1;
        }
        rest = span_from(rest, taken);
    }
    *at = end;
    return true;
}

Test(shipped, the_manual_page_shows_scripts_that_are_well_formed_and_play)
{
    struct buf page = { 0 }, example = { 0 }, wrong = { 0 };
    size_t at = 0;
    int shown = 0;

    read_source("src/stored/smtpscope-script.5", &page);
    while (next_example(buf_span(&page), &at, &example)) {
        cr_expect_eq(script_check(buf_span(&example), "example", &wrong), 0, "%s",
                     buf_text(&wrong));
        if (shown < 2)
            expect_played("an example of the manual page", buf_text(&example));
        shown++;
    }
    cr_expect_eq(shown, 3);
    buf_release(&page);
    buf_release(&example);
    buf_release(&wrong);
}
