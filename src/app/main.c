/* The program's entry: reads the command line and runs the mode that it names. */
#include <stdio.h>

#include "app/help.h"
#include "app/options.h"
#include "app/terminal.h"
#include "app/version.h"

static int show_help(void)
{
    struct buf text = { 0 };

    help_text(&text);
    fputs(buf_text(&text), stdout);
    buf_release(&text);
    return STATUS_OK;
}

int main(int argc, char **argv)
{
    struct options o;
    struct error err;
    bool unicode = terminal_set_up();

    if (!options_parse(&o, argc, argv, &err)) {
        terminal_complain(err.text);
        return STATUS_USAGE;
    }
    if (o.help)
        return show_help();
    if (o.version) {
        puts("smtpscope " SMTPSCOPE_VERSION);
        return STATUS_OK;
    }
    o.ascii = o.ascii || !unicode;
    return o.mode->run(&o);
}
