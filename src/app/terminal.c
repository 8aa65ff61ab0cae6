#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* struct winsize, TIOCGWINSZ */
#endif
#include "app/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/file.h"
#include "app/options.h"
#include "base/marks.h"

/* Text is hard to read in longer lines, however wide the window is. */
#define COLUMNS_MAX 100

bool terminal_set_up(void)
{
    const char *own;
    bool unicode = true;

    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
            _exit(STATUS_USAGE);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    if (setlocale(LC_ALL, "")) {
        if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0)
            return true;
        own = setlocale(LC_CTYPE, NULL);
        unicode = strcmp(own, "C") == 0 || strcmp(own, "POSIX") == 0;
    }
    /* In the environment, too: readline sets the locale anew from there. */
    setenv("LC_ALL", "C.UTF-8", 1);
    setlocale(LC_ALL, "C.UTF-8");
    return unicode;
}

void terminal_complain(const char *text)
{
    struct buf line = { 0 };

    buf_add_text(&line, "smtpscope: ");
    marks_add(&line, span_of(text), 0);
    buf_add_octet(&line, '\n');
    file_write_all(STDERR_FILENO, buf_span(&line));
    buf_release(&line);
}

int terminal_unwritable(int error)
{
    struct error why;

    if (error == EPIPE)
        return 128 + SIGPIPE;
    error_set(&why, "standard output cannot be written: %s", strerror(error));
    terminal_complain(why.text);
    return STATUS_USAGE;
}

int terminal_print(struct span octets)
{
    return file_write_all(STDOUT_FILENO, octets) ? STATUS_OK : terminal_unwritable(errno);
}

bool terminal_color(const struct options *o, int fd)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

    return !o->no_color && !(no_color && *no_color) && isatty(fd) && term &&
           strcmp(term, "dumb") != 0;
}

unsigned terminal_columns(int fd)
{
    struct winsize size;

    if (!isatty(fd))
        return 0;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return 80;
    return size.ws_col < COLUMNS_MAX ? size.ws_col : COLUMNS_MAX;
}
