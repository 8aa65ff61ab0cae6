/* Saving what was said when the screen is left: where, how many, and what when it cannot be. */
#include "app/leave.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/file.h"
#include "net/loop.h"
#include "support/table.h"

struct talk {
    struct loop *loop;
    struct record *record;
    struct console *console;
    char folder[40];
    struct buf told;
};

static void nothing(void *ctx)
{
    (void)ctx;
}

static void no_text(void *ctx, const struct styled *text)
{
    (void)ctx;
    (void)text;
}

static void no_words(void *ctx, const char *text)
{
    (void)ctx;
    (void)text;
}

static void start(struct talk *t, const char *said)
{
    struct console_hooks hooks = { .changed = nothing, .say = no_text, .complain = no_words };
    struct console_config config = { .helo_name = "crepes.fr", .timeout = CLOCK_SECOND };

    *t = (struct talk){ .loop = loop_new(NULL), .record = record_new(NULL) };
    config.loop = t->loop;
    config.record = t->record;
    t->console = console_new(&config, &hooks);
    record_open(t->record, "crepes.fr", "hamburger.edu", 0);
    record_octets(t->record, 1, SIDE_SERVER, SPAN("220 hamburger.edu\r\n"), 0);
    record_octets(t->record, 1, SIDE_CLIENT, span_of(said), 0);
    memcpy(t->folder, "/tmp/smtpscope-leave-XXXXXX", sizeof "/tmp/smtpscope-leave-XXXXXX");
    cr_assert(mkdtemp(t->folder));
    unsetenv("XDG_STATE_HOME");
    setenv("HOME", t->folder, 1);
}

/* The path of a name below the folder. Valid until the next call. */
static const char *below(const struct talk *t, const char *name)
{
    static char path[256];

    snprintf(path, sizeof path, "%s/%s", t->folder, name);
    return path;
}

/* How many files stand there; one of them is named in `any`. */
static unsigned files_in(const struct talk *t, const char *name, char any[600])
{
    DIR *d = opendir(below(t, name));
    struct dirent *entry;
    unsigned found = 0;

    while (d && (entry = readdir(d)))
        if (entry->d_name[0] != '.') {
            found++;
            if (any)
                snprintf(any, 600, "%s/%s/%s", t->folder, name, entry->d_name);
        }
    if (d)
        closedir(d);
    return found;
}

static void clear_out(const struct talk *t, const char *name)
{
    char any[600];

    while (files_in(t, name, any))
        cr_assert_eq(unlink(any), 0, "%s", any);
    rmdir(below(t, name));
}

static void end(struct talk *t)
{
    static const char *const folders[] = { ".local/state/smtpscope", ".local/state", ".local",
                                           "state/smtpscope", "state" };

    for (size_t i = 0; i < ROWS(folders); i++)
        clear_out(t, folders[i]);
    cr_expect_eq(rmdir(t->folder), 0, "something else was left behind");
    console_free(t->console);
    record_free(t->record);
    loop_free(t->loop);
    buf_release(&t->told);
}

Test(leave, saves_below_the_home_folder)
{
    struct talk t;
    struct buf text = { 0 };
    char path[600];
    struct stat st;

    start(&t, "HELO crepes.fr\r\n");
    leave_save(t.console, t.record, &t.told);
    cr_assert_eq(files_in(&t, ".local/state/smtpscope", path), 1, "%s", buf_text(&t.told));
    cr_expect(strstr(buf_text(&t.told), path), "%s", buf_text(&t.told));
    cr_expect(file_read_all(path, 10000, &text, NULL));
    cr_expect(strstr(buf_text(&text), "C: HELO crepes.fr\n"), "%s", buf_text(&text));
    cr_expect(stat(below(&t, ".local/state/smtpscope"), &st) == 0 && (st.st_mode & 077) == 0,
              "others may not read it");
    buf_release(&text);
    end(&t);
}

Test(leave, saves_where_xdg_state_home_says)
{
    struct talk t;

    start(&t, "NOOP\r\n");
    setenv("XDG_STATE_HOME", below(&t, "state"), 1);
    leave_save(t.console, t.record, &t.told);
    cr_expect_eq(files_in(&t, "state/smtpscope", NULL), 1, "%s", buf_text(&t.told));
    cr_expect_eq(access(below(&t, ".local"), F_OK), -1);
    end(&t);
}

Test(leave, takes_a_relative_or_empty_xdg_state_home_for_none)
{
    static const char *const values[] = { "state", "" };

    for (size_t i = 0; i < ROWS(values); i++) {
        struct talk t;

        start(&t, "NOOP\r\n");
        setenv("XDG_STATE_HOME", values[i], 1);
        leave_save(t.console, t.record, &t.told);
        cr_expect_eq(files_in(&t, ".local/state/smtpscope", NULL), 1, "'%s': %s", values[i],
                     buf_text(&t.told));
        end(&t);
    }
}

Test(leave, does_not_save_a_greeting_alone)
{
    struct talk t;

    start(&t, "");
    leave_save(t.console, t.record, &t.told);
    cr_expect_eq(t.told.len, 0, "%s", buf_text(&t.told));
    cr_expect_eq(access(below(&t, ".local"), F_OK), -1);
    end(&t);
}

Test(leave, says_why_it_could_not_be_saved)
{
    struct talk t;
    int fd;

    start(&t, "NOOP\r\n");
    fd = open(below(&t, "file"), O_CREAT | O_WRONLY, 0600);
    cr_assert(fd >= 0);
    close(fd);
    setenv("XDG_STATE_HOME", below(&t, "file"), 1); /* a file is no folder, not even for root */
    leave_save(t.console, t.record, &t.told);
    cr_expect(strstr(buf_text(&t.told), "The talk is not saved: "), "%s", buf_text(&t.told));
    buf_clear(&t.told);
    unsetenv("XDG_STATE_HOME");
    unsetenv("HOME");
    leave_save(t.console, t.record, &t.told);
    cr_expect(strstr(buf_text(&t.told), "not saved: your home folder"), "%s", buf_text(&t.told));
    unlink(below(&t, "file"));
    end(&t);
}

Test(leave, keeps_the_newest_fifty_and_touches_no_other_file)
{
    static const char *const others[] = { "homework.smtp", "talk-alice.smtp",
                                          "talk-2000-01-01.smtp", "talk-20000101-000000-x.smtp",
                                          "talk-20000101-000000-1.smtp.old" };
    struct talk t;
    char path[600];

    start(&t, "NOOP\r\n");
    setenv("XDG_STATE_HOME", below(&t, "state"), 1);
    leave_save(t.console, t.record, &t.told);
    files_in(&t, "state/smtpscope", path);
    unlink(path); /* the second has its name, when it comes within the second */
    for (unsigned i = 0; i < LEAVE_KEPT + 9; i++) {
        char name[80];
        int fd;

        snprintf(name, sizeof name, "state/smtpscope/talk-20000101-0000%02u-1.smtp", i);
        fd = open(below(&t, name), O_CREAT | O_WRONLY, 0600);
        cr_assert(fd >= 0);
        close(fd);
    }
    for (size_t i = 0; i < ROWS(others); i++) {
        char name[80];

        snprintf(name, sizeof name, "state/smtpscope/%s", others[i]);
        close(open(below(&t, name), O_CREAT | O_WRONLY, 0600));
    }
    leave_save(t.console, t.record, &t.told);
    cr_expect_eq(files_in(&t, "state/smtpscope", NULL), LEAVE_KEPT + ROWS(others));
    for (size_t i = 0; i < ROWS(others); i++) {
        char name[80];

        snprintf(name, sizeof name, "state/smtpscope/%s", others[i]);
        cr_expect_eq(access(below(&t, name), F_OK), 0, "%s", others[i]);
    }
    cr_expect_eq(access(below(&t, "state/smtpscope/talk-20000101-000000-1.smtp"), F_OK), -1);
    cr_expect_eq(access(below(&t, "state/smtpscope/talk-20000101-000058-1.smtp"), F_OK), 0);
    end(&t);
}
