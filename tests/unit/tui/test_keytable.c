/* The key table: nothing bound twice, nothing without words, every request reachable. */
#include "tui/keytable.h"

#include "support/table.h"

static bool bound(const struct key *key)
{
    return key->code != K_NONE;
}

static bool same(const struct key *a, const struct key *b)
{
    return a->code == b->code && a->mods == b->mods && a->len == b->len &&
           memcmp(a->text, b->text, a->len) == 0;
}

/* How often a key stands in the rows that ask for something. */
static unsigned times_bound(const struct key *key)
{
    unsigned times = 0;

    for (size_t i = 0; i < key_row_count; i++)
        for (unsigned b = 0; b < KEY_BINDINGS; b++)
            times += key_rows[i].request != REQ_NONE && bound(&key_rows[i].keys[b]) &&
                     same(&key_rows[i].keys[b], key);
    return times;
}

Test(keytable, binds_no_key_twice_and_explains_each)
{
    for (size_t i = 0; i < key_row_count; i++) {
        const struct key_row *row = &key_rows[i];

        cr_expect(row->help && *row->help, "row %zu", i);
        for (unsigned b = 0; b < KEY_BINDINGS; b++)
            if (bound(&row->keys[b]) && row->request != REQ_NONE)
                cr_expect_eq(times_bound(&row->keys[b]), 1, "row %zu key %u", i, b);
    }
}

Test(keytable, leaves_plain_letters_to_the_prompt)
{
    for (size_t i = 0; i < key_row_count; i++)
        for (unsigned b = 0; b < KEY_BINDINGS; b++) {
            const struct key *key = &key_rows[i].keys[b];

            cr_expect(key->code != K_CHAR || key->mods != 0, "row %zu", i);
        }
}

Test(keytable, reaches_every_request_by_a_key_or_the_menu)
{
    for (int r = REQ_NONE + 1; r < REQ_COUNT; r++) {
        const struct key_row *row = key_row_of((enum request)r);

        cr_assert(row, "request %d", r);
        cr_expect(bound(&row->keys[0]) || row->menu, "request %d", r);
    }
}

Test(keytable, gives_each_digit_one_choice)
{
    for (char digit = '0'; digit <= '9'; digit++) {
        unsigned rows = 0;

        for (size_t i = 0; i < key_row_count; i++)
            rows += key_rows[i].digit == digit;
        cr_expect_eq(rows, 1, "digit %c", digit);
    }
}

Test(keytable, offers_the_end_of_the_letter_only_in_one)
{
    cr_expect_null(key_row_of_digit('8', false, true));
    cr_expect_eq(key_row_of_digit('8', true, true)->request, REQ_END_LETTER);
    cr_expect_null(key_row_of_digit('9', false, false));
    cr_expect_eq(key_row_of_digit('9', false, true)->request, REQ_HANG_UP);
    cr_expect_eq(key_row_of_digit('0', false, false)->request, REQ_LEAVE);
}

Test(keytable, leaves_home_and_end_to_a_line_with_text)
{
    struct key home = { .code = K_HOME }, far = { .code = K_HOME, .mods = KEY_CTRL };

    cr_expect_eq(key_request(&home, true), REQ_START);
    cr_expect_eq(key_request(&home, false), REQ_NONE);
    cr_expect_eq(key_request(&far, false), REQ_START);
}

Test(keytable, names_keys_as_people_write_them)
{
    struct buf names = { 0 };

    key_row_names(key_row_of(REQ_MENU), &names);
    cr_expect_str_eq(buf_text(&names), "Esc, Ctrl-], F10");
    buf_clear(&names);
    key_row_names(key_row_of(REQ_SELECT_UP), &names);
    cr_expect_str_eq(buf_text(&names), "Shift-Up, Alt-Up");
    buf_clear(&names);
    key_name(&(struct key){ .code = K_CHAR, .text = " ", .len = 1 }, &names);
    cr_expect_str_eq(buf_text(&names), "Space");
    buf_release(&names);
}
