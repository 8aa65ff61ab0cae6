/* The command line: what it takes, and what it says to what it does not take. */
#include "app/options.h"
#include "support/run.h"
#include "support/table.h"

Test(cli, help_names_every_option_in_80_columns)
{
    struct ran r = RUN("", "--help");
    struct span rest = buf_span(&r.out);

    cr_expect_eq(r.status, 0);
    cr_expect_eq(r.err.len, 0);
    for (size_t i = 0; i < option_count; i++) {
        struct buf name = { 0 };

        if (option_rows[i].name[0])
            buf_printf(&name, "--%s", option_rows[i].name);
        else
            buf_printf(&name, "-%c", option_rows[i].letter);
        cr_expect(has(&r.out, buf_text(&name)), "%s", buf_text(&name));
        buf_release(&name);
    }
    for (size_t i = 0; modes[i]; i++)
        cr_expect(has(&r.out, modes[i]->usage), "%s", modes[i]->usage);
    while (rest.len)
        cr_expect_leq(span_cut(rest, '\n', &rest).len, 80);
    ran_release(&r);
}

Test(cli, version_is_one_line)
{
    struct ran r = RUN("", "--version");

    cr_expect_eq(r.status, 0);
    cr_expect(has(&r.out, "smtpscope "));
    cr_expect_eq(span_find(buf_span(&r.out), '\n'), r.out.len - 1);
    ran_release(&r);
}

Test(cli, help_and_version_win_over_what_follows_them)
{
    struct ran r = RUN("", "-h", "--nonsense");

    cr_expect_eq(r.status, 0);
    ran_release(&r);
}

static const struct {
    const char *args[4]; /* ends with NULL */
    const char *want;
} wrong[] = {
    { { "--plian" }, "no option --plian; --plain?" },
    { { "--nothing-like-it" }, "no option --nothing-like-it; --help shows them all" },
    { { "-x" }, "no option -x" },
    { { "-4x", "a.example" }, "no option -4x" },
    { { "--record" }, "--record needs FILE after it" },
    { { "--record=" }, "--record needs FILE, which is empty here" },
    { { "--timeout", "soon" }, "--timeout needs a whole number from 1 to 86400" },
    { { "--timeout=0" }, "--timeout needs a whole number from 1 to 86400" },
    { { "--timeout=86401" }, "--timeout needs a whole number from 1 to 86400" },
    { { "--timeout=-1" }, "--timeout needs a whole number from 1 to 86400" },
    { { "--level", "expert" }, "--level is one of learner|admin" },
    { { "--plain=yes" }, "--plain takes no value" },
    { { "--pace", "real" }, "--pace has no meaning for lab" },
    { { "explain", "--record=x", "250" }, "--record has no meaning for explain" },
    { { "-46", "a.example" }, "-4 and -6 exclude each other" },
    { { "replay" }, "something is missing: smtpscope replay SCRIPT" },
    { { "replay", "--" }, "something is missing" },
    { { "lab", "x" }, "one word too many: 'x'" },
    { { "a.example", "25", "26" }, "one word too many: '26'" },
    { { "explian" }, "no mode 'explian'; explain?" },
    { { "replya", "x.smtp" }, "no mode 'replya'; replay?" },
    { { "help" }, "no mode 'help'; --help?" },
    { { "lerne" }, "no mode 'lerne'; lessons are in the lab" },
    { { "probe" }, "no mode 'probe'; the modes are lab serve send replay explain" },
    { { "serve", "--listen", ":25" }, "':25' names no address" },
    { { "serve", "--listen", "a.example:25" }, "'a.example' is a name" },
    { { "serve", "--listen=127.0.0.1:99999" }, "a port is a number from 1 to 65535" },
    { { "serve", "--store=attic" }, "--store is " },
    { { "serve", "--hostname=a b" }, "--hostname: 'a b' is no name of a host" },
    { { "serve", "--domain=a b" }, "--domain: 'a b' is no name of a host" },
    { { "a.example:99999" }, "99999" },
    { { "a.example", "smpt" }, "smpt" },
    { { "a.example:25", "25" }, "the port is named twice" },
    { { "[::1" }, "[::1" },
    { { "\x1b[31mred" }, "<ESC>" },
};

Test(cli, a_wrong_command_line_is_answered_with_one_clear_line)
{
    for (size_t i = 0; i < ROWS(wrong); i++) {
        struct ran r = run_with(SPAN(""), NULL, wrong[i].args);

        cr_expect_eq(r.status, 2, "%s: %d", wrong[i].want, r.status);
        cr_expect_eq(r.out.len, 0, "%s: %s", wrong[i].want, buf_text(&r.out));
        cr_expect(has(&r.err, wrong[i].want), "%s: %s", wrong[i].want, buf_text(&r.err));
        cr_expect(span_starts(buf_span(&r.err), SPAN("smtpscope: ")), "%s", wrong[i].want);
        cr_expect_eq(span_find(buf_span(&r.err), '\n'), r.err.len - 1, "%s: %s", wrong[i].want,
                     buf_text(&r.err));
        cr_expect_eq(span_find(buf_span(&r.err), 0x1b), r.err.len, "%s", wrong[i].want);
        ran_release(&r);
    }
}

Test(cli, words_and_options_may_be_mixed_and_two_dashes_end_options)
{
    struct ran r = RUN("", "explain", "--level=admin", "550", "--no-color", "--", "--sources");

    cr_expect(has(&r.out, "550"), "%s%s", buf_text(&r.out), buf_text(&r.err));
    cr_expect_eq(r.status, 0);
    ran_release(&r);
}
