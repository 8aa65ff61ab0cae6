/* The program's entry: reads the command line and runs the mode that it names. */
#include "app/help.h"
#include "app/options.h"
#include "app/terminal.h"
#include "app/version.h"

static int show_help(void)
{
    struct buf text = { 0 };
    int status;

    help_text(&text);
    status = terminal_print(buf_span(&text));
    buf_release(&text);
    return status;
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
    if (o.version)
        return terminal_print(SPAN("smtpscope " SMTPSCOPE_VERSION "\n"));
    o.ascii = o.ascii || !unicode;
    return o.mode->run(&o);
}
