/* The command line: every option in every mode, and every way to get it wrong. */
#include "app/options.h"

#include <stdio.h>

#include "base/buf.h"
#include "support/table.h"

#define WORDS_MAX 8

/* Reads a command line, its words parted by blanks; "_" is an empty word. */
struct line {
    struct options o;
    struct error err;
    bool good;
    char text[256];
    char *argv[WORDS_MAX + 2];
};

static struct line *read_line(struct line *l, const char *text)
{
    int argc = 1;

    *l = (struct line){ 0 };
    snprintf(l->text, sizeof l->text, "smtpscope %s", text);
    l->argv[0] = l->text;
    for (char *at = l->text; (at = strchr(at, ' ')) && at[1] && argc <= WORDS_MAX;) {
        *at++ = '\0';
        l->argv[argc++] = at;
    }
    for (int i = 1; i < argc; i++)
        if (strcmp(l->argv[i], "_") == 0)
            l->argv[i] += 1;
    l->good = options_parse(&l->o, argc, l->argv, &l->err);
    return l;
}

static const struct {
    const char *text;
    const struct mode *mode;
    const char *words; /* what remains, parted by blanks */
} good[] = {
    { "", &mode_lab, "" },
    { "mx.example.org", &mode_connect, "mx.example.org" },
    { "mx.example.org 587", &mode_connect, "mx.example.org 587" },
    { "localhost", &mode_connect, "localhost" },
    { "serve:25", &mode_connect, "serve:25" },
    { "replay talk.smtp", &mode_replay, "talk.smtp" },
    { "replay talk.smtp host:25", &mode_replay, "talk.smtp host:25" },
    { "serve", &mode_serve, "" },
    { "explain", &mode_explain, "" },
    { "explain 550 no", &mode_explain, "550 no" },
    { "explain -", &mode_explain, "-" },
    { "--plain replay.example.org", &mode_connect, "replay.example.org" },
    { "mx.example.org --plain 587", &mode_connect, "mx.example.org 587" },
    { "--ascii explain 550 --sources no", &mode_explain, "550 no" },
    { "explain -- --plain", &mode_explain, "--plain" },
    { "explain -- -- x", &mode_explain, "-- x" },
    { "-- mx.example.org", &mode_connect, "mx.example.org" },
};

Test(options, leave_words_in_their_order)
{
    for (size_t i = 0; i < ROWS(good); i++) {
        struct buf words = { 0 };
        struct line l;

        read_line(&l, good[i].text);
        cr_assert(l.good, "'%s': %s", good[i].text, l.err.text);
        cr_expect_eq(l.o.mode, good[i].mode, "'%s'", good[i].text);
        for (int w = 0; w < l.o.word_count; w++)
            buf_printf(&words, "%s%s", w ? " " : "", l.o.words[w]);
        cr_expect_str_eq(buf_text(&words), good[i].words, "'%s'", good[i].text);
        buf_release(&words);
    }
}

/* How a row is written with a value that it takes. */
static void write_option(const struct option_row *row, char between, char out[80])
{
    const char *value = row->kind == OPTION_NUMBER || row->kind == OPTION_COUNT ? "7"
                        : row->kind == OPTION_SIZE                              ? "7K"
                        : row->kind == OPTION_CHOICE                            ? row->argument
                                                                                : "some-text";
    size_t len = strcspn(value, "|");

    if (!row->name[0])
        snprintf(out, 80, "-%c", row->letter);
    else if (row->kind == OPTION_FLAG)
        snprintf(out, 80, "--%s", row->name);
    else
        snprintf(out, 80, "--%s%c%.*s", row->name, between, (int)len, value);
}

static bool is_set(const struct options *o, const struct option_row *row)
{
    const void *field = (const char *)o + row->at;

    switch (row->kind) {
    case OPTION_FLAG:
        return *(const bool *)field;
    case OPTION_TEXT:
        return strcmp(*(const char *const *)field, "some-text") == 0;
    case OPTION_NUMBER:
    case OPTION_COUNT:
        return *(const unsigned *)field == 7;
    case OPTION_SIZE:
        return *(const uint64_t *)field == 7168;
    case OPTION_LIST:
        return ((const struct option_list *)field)->count == 1 &&
               strcmp(((const struct option_list *)field)->at[0], "some-text") == 0;
    case OPTION_CHOICE:
        return *(const int *)field == 1;
    }
    return false;
}

Test(options, hold_in_their_modes_and_in_no_other)
{
    static const struct {
        const struct mode *mode;
        const char *words;
    } each[] = { { &mode_lab, "" },
                 { &mode_connect, "mx.example.org" },
                 { &mode_replay, "replay talk.smtp" },
                 { &mode_explain, "explain" },
                 { &mode_serve, "serve" } };

    for (size_t i = 0; i < option_count * ROWS(each) * 2; i++) {
        const struct option_row *row = &option_rows[i / (ROWS(each) * 2)];
        size_t m = i / 2 % ROWS(each);
        bool holds = (option_modes(row) & (unsigned)each[m].mode->bit) != 0;
        char option[80], text[200];
        struct line l;

        write_option(row, i % 2 ? '=' : ' ', option);
        snprintf(text, sizeof text, "%s%s%s", option, *each[m].words ? " " : "", each[m].words);
        read_line(&l, text);
        cr_expect_eq(l.good, holds, "'%s': %s", text, l.err.text);
        if (l.good)
            cr_expect(is_set(&l.o, row), "'%s'", text);
        else
            cr_expect(strstr(l.err.text, "has no meaning for"), "'%s': %s", text, l.err.text);
    }
}

static const struct {
    const char *text, *why;
} bad[] = {
    { "--plian", "no option --plian; --plain?" },
    { "--plian=3", "--plain?" },
    { "--nothing-like-it", "--help shows them all" },
    { "--=x", "no option" },
    { "-x", "no option -x" },
    { "-4x mx.example.org", "no option -4x" },
    { "-46 mx.example.org", "-4 and -6 exclude each other" },
    { "--plain=yes", "--plain takes no value" },
    { "--name", "--name needs NAME after it" },
    { "--name=", "--name needs NAME, which is empty" },
    { "--name _", "--name needs NAME, which is empty" },
    { "--record", "--record needs FILE after it" },
    { "--timeout", "--timeout needs SECONDS after it" },
    { "--timeout 0", "from 1 to 86400" },
    { "--timeout 86401", "from 1 to 86400" },
    { "--timeout -1", "from 1 to 86400" },
    { "--timeout 1.5", "from 1 to 86400" },
    { "--timeout 10s", "from 1 to 86400" },
    { "--timeout _", "from 1 to 86400" },
    { "--timeout 99999999999999999999999", "from 1 to 86400" },
    { "--level expert", "--level is one of learner|admin" },
    { "--level lear", "--level is one of learner|admin" },
    { "--level _", "--level is one of learner|admin" },
    { "--level learner|admin", "--level is one of learner|admin" },
    { "repaly talk.smtp", "no mode 'repaly'; replay?" },
    { "explian", "no mode 'explian'; explain?" },
    { "probe",
      "no mode 'probe'; the modes are lab serve send replay explain; a host of that name" },
    { "serve x", "one word too many: 'x'" },
    { "serve --exit-after 0", "--exit-after needs a whole number from 1 to 1000000000" },
    { "serve --size-limit 0", "--size-limit needs a number of octets, such as" },
    { "serve --size-limit K", "--size-limit needs a number of octets, such as" },
    { "serve --size-limit _", "--size-limit needs a number of octets, such as" },
    { "serve --size-limit 10T", "--size-limit needs a number of octets, such as" },
    { "serve --size-limit 1025G", "--size-limit needs a number of octets, such as" },
    { "serve --domain _", "--domain needs NAME, which is empty here" },
    { "serve --log xml", "--log is one of text|json|none" },
    { "--exit-after 3", "--exit-after has no meaning for lab" },
    { "--domain a --domain b", "--domain has no meaning for lab" },
    { "learn", "no mode 'learn'; lessons are in the lab: start smtpscope and type /learn" },
    { "lerne", "no mode 'lerne'; lessons are in the lab" },
    { "help", "no mode 'help'; --help?" },
    { "version", "no mode 'version'; --version?" },
    { "replay", "something is missing: smtpscope replay" },
    { "replay a b c d", "one word too many: '" },
    { "mx.example.org 25 more", "one word too many: 'more'" },
};

Test(options, are_refused_in_one_clear_line)
{
    for (size_t i = 0; i < ROWS(bad); i++) {
        struct line l;

        read_line(&l, bad[i].text);
        cr_expect_not(l.good, "'%s'", bad[i].text);
        cr_expect(strstr(l.err.text, bad[i].why), "'%s': %s", bad[i].text, l.err.text);
        cr_expect(!strchr(l.err.text, '\n'), "'%s'", bad[i].text);
    }
}

Test(options, bounds_of_a_number_are_numbers_too)
{
    struct line l;

    cr_expect_eq(read_line(&l, "--timeout 1")->o.timeout, 1);
    cr_expect_eq(read_line(&l, "--timeout=86400")->o.timeout, OPTION_NUMBER_MAX);
    cr_expect_eq(read_line(&l, "--timeout 5 --timeout 6")->o.timeout, 6, "the last one holds");
}

static const struct {
    const char *text;
    uint64_t octets;
} sizes[] = { { "1", 1 },        { "1000", 1000 },     { "2K", 2048 },
              { "3m", 3145728 }, { "1G", 1073741824 }, { "1024G", OPTION_SIZE_MAX } };

Test(options, sizes_have_units)
{
    for (size_t i = 0; i < ROWS(sizes); i++) {
        char text[80];
        struct line l;

        snprintf(text, sizeof text, "serve --size-limit %s", sizes[i].text);
        cr_expect_eq(read_line(&l, text)->o.serve.size_limit, sizes[i].octets, "%s", text);
    }
}

Test(options, may_be_given_several_times_where_they_make_a_list)
{
    char text[] = "--domain", word[] = "serve";
    char *argv[2 * OPTION_LIST_MAX + 4];
    struct options o;
    struct error err;
    int argc = 0;

    argv[argc++] = word;
    for (int i = 0; i < OPTION_LIST_MAX; i++) {
        argv[argc++] = text;
        argv[argc++] = text + 2;
    }
    argv[argc++] = word;
    cr_assert(options_parse(&o, argc, argv, &err), "%s", err.text);
    cr_expect_eq(o.serve.domains.count, OPTION_LIST_MAX);
    cr_expect_str_eq(o.serve.domains.at[0], "domain");
}

Test(options, help_and_version_need_nothing_else_to_be_right)
{
    static const char *const texts[] = { "--help",        "-h",
                                         "replay --help", "--help --nonsense",
                                         "--version",     "--version a b c d" };

    for (size_t i = 0; i < ROWS(texts); i++) {
        struct line l;

        read_line(&l, texts[i]);
        cr_expect(l.good && (l.o.help || l.o.version), "'%s': %s", texts[i], l.err.text);
    }
}

Test(options, modes_have_words_usage_and_bits_of_their_own)
{
    unsigned bits = 0;

    for (size_t i = 0; modes[i]; i++) {
        cr_expect_eq(bits & (unsigned)modes[i]->bit, 0);
        bits |= (unsigned)modes[i]->bit;
        cr_expect(modes[i]->usage && modes[i]->help && modes[i]->more && modes[i]->run);
    }
    cr_expect_eq(bits, (unsigned)IN_ALL_MODES);
}
