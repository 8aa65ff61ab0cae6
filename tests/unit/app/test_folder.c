/* The folder of what is remembered: where, made with what leads to it, and closed to others. */
#include "app/folder.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/run.h"
#include "support/table.h"

static const struct {
    const char *name, *state, *home, *made; /* below the test's folder; NULL: not set */
} rows[] = {
    { "below home", NULL, "", "/.local/state/smtpscope" },
    { "below the variable", "/state", "", "/state/smtpscope" },
    { "with the variable's parents", "/a/b/c", "", "/a/b/c/smtpscope" },
};

static void set(const char *name, const char *folder, const char *below)
{
    char path[128];

    snprintf(path, sizeof path, "%s%s", folder, below ? below : "");
    if (below)
        setenv(name, path, 1);
    else
        unsetenv(name);
}

Test(folder, is_made_with_all_that_leads_to_it)
{
    for (size_t i = 0; i < ROWS(rows); i++) {
        char *top = run_folder();
        struct buf path = { 0 }, want = { 0 };
        struct stat st;

        set("XDG_STATE_HOME", top, rows[i].state);
        set("HOME", top, rows[i].home);
        buf_printf(&want, "%s%s", top, rows[i].made);
        cr_expect(folder_of_state(&path), "%s", rows[i].name);
        cr_expect_str_eq(buf_text(&path), buf_text(&want), "%s", rows[i].name);
        cr_expect(stat(buf_text(&path), &st) == 0 && (st.st_mode & 0777) == 0700, "%s",
                  rows[i].name);
        while (path.len > strlen(top)) {
            cr_expect_eq(rmdir(buf_text(&path)), 0, "%s", buf_text(&path));
            while (path.at[path.len - 1] != '/')
                buf_truncate(&path, path.len - 1);
            buf_truncate(&path, path.len - 1);
        }
        rmdir(top);
        buf_release(&path);
        buf_release(&want);
    }
}

Test(folder, is_closed_to_others_when_it_is_open)
{
    char *top = run_folder(), made[128];
    struct buf path = { 0 };
    struct stat st;

    setenv("XDG_STATE_HOME", top, 1);
    snprintf(made, sizeof made, "%s/smtpscope", top);
    cr_assert(mkdir(made, 0755) == 0 && chmod(made, 0755) == 0);
    cr_expect(folder_of_state(&path));
    cr_expect(stat(made, &st) == 0 && (st.st_mode & 0777) == 0700);
    rmdir(made);
    rmdir(top);
    buf_release(&path);
}

Test(folder, makes_no_home_for_who_has_none)
{
    char *top = run_folder(), home[128];
    struct buf path = { 0 }, want = { 0 };

    unsetenv("XDG_STATE_HOME");
    snprintf(home, sizeof home, "%s/nobody", top);
    setenv("HOME", home, 1);
    buf_printf(&want, "%s/.local", home);
    cr_expect_not(folder_of_state(&path));
    cr_expect_str_eq(buf_text(&path), buf_text(&want), "what could not be made is named");
    cr_expect_neq(access(home, F_OK), 0);
    rmdir(top);
    buf_release(&path);
    buf_release(&want);
}

Test(folder, cannot_be_where_nothing_is)
{
    struct buf path = { 0 };

    unsetenv("XDG_STATE_HOME");
    setenv("HOME", "relative", 1);
    cr_expect_not(folder_of_state(&path));
    buf_release(&path);
}
