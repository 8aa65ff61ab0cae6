#include "view/screen.h"

#include <criterion/criterion.h>
#include <locale.h>

#include "support/screens.h"

static void utf8(void)
{
    setlocale(LC_ALL, "C.UTF-8");
}

static void expect_screen(const struct screen *s, const char *name)
{
    struct grid g = { 0 };
    struct screen_spots spots;

    screens_draw(s, &g, &spots);
    screens_expect(&g, name);
    grid_release(&g);
}

Test(screen, greets_a_newcomer, .init = utf8)
{
    struct record *r = screens_lab();
    struct screen s = screens_first(r, 24, 80);

    expect_screen(&s, "first.txt");
    record_free(r);
}

Test(screen, shows_a_letter_being_written, .init = utf8)
{
    struct record *r = screens_letter();
    struct screen s = screens_data(r, 24, 80);

    expect_screen(&s, "data.txt");
    record_free(r);
}
