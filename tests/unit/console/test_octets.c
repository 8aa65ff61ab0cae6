/* /octets: printed, and printed as it comes. */
#include "desk.h"

Test(octets, shows_the_last_writes_and_reads)
{
    struct desk d;

    desk_start(&d, 0);
    console_enter(d.console, SPAN("/octets"));
    cr_expect(desk_has(&d.said, "There was no talk yet"), "%s", buf_text(&d.said));
    desk_end(&d);
    desk_lab(&d);
    desk_type(&d, "HELO crepes.fr");
    console_enter(d.console, SPAN("/octets"));
    cr_expect_eq(d.pane, PANE_OCTETS);
    cr_expect(desk_has(&d.opened, "1 S: "), "%s", buf_text(&d.opened));
    cr_expect(desk_has(&d.opened, "2 C: 16 octets at "), "%s", buf_text(&d.opened));
    console_enter(d.console, SPAN("/octets 1"));
    cr_expect(desk_has(&d.opened, "... 2 earlier blocks\n"), "%s", buf_text(&d.opened));
    cr_expect(desk_has(&d.opened, "3 S: "), "%s", buf_text(&d.opened));
    cr_expect_not(desk_has(&d.opened, "2 C: "), "%s", buf_text(&d.opened));
    console_enter(d.console, SPAN("/octets 0"));
    cr_expect(desk_has(&d.complained, "as in /octets 4"), "%s", buf_text(&d.complained));
    desk_end(&d);
}

Test(octets, on_goes_along_with_the_talk_and_with_the_next)
{
    struct desk d;

    desk_lab(&d);
    console_enter(d.console, SPAN("/octets on"));
    buf_clear(&d.said);
    desk_type(&d, "NOOP");
    cr_expect(desk_has(&d.said, "2 C: 6 octets at "), "%s", buf_text(&d.said));
    cr_expect(desk_has(&d.said, "4e 4f 4f 50 0d 0a"), "%s", buf_text(&d.said));
    cr_expect(desk_has(&d.said, "3 S: "), "%s", buf_text(&d.said));
    cr_expect_not(desk_has(&d.said, "1 S: "), "what came before is not told again");
    buf_clear(&d.said);
    console_connect_lab(d.console);
    desk_settle(&d);
    cr_expect(desk_has(&d.said, "1 S: "), "%s", buf_text(&d.said));
    console_enter(d.console, SPAN("/octets off"));
    buf_clear(&d.said);
    desk_type(&d, "NOOP");
    cr_expect_str_eq(buf_text(&d.said), "");
    desk_end(&d);
}
