#include "app/secret.h"

#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "app/file.h"
#include "base/mem.h"

/* More is no password. */
#define PASSWORD_MAX ((size_t)8 * 1024)

static void first_line(struct buf *secret)
{
    buf_truncate(secret, span_find(buf_span(secret), '\n'));
    if (secret->len && secret->at[secret->len - 1] == '\r')
        buf_truncate(secret, secret->len - 1);
}

bool secret_read(const char *path, struct buf *out, struct error *err)
{
    const char *own = getenv("SMTPSCOPE_PASSWORD");

    if (!path) {
        if (own)
            buf_add_text(out, own);
        unsetenv("SMTPSCOPE_PASSWORD");
        return true;
    }
    if (!file_read_all(path, PASSWORD_MAX, out, err))
        return false;
    first_line(out);
    return true;
}

/* What a person types to give up, while the terminal sends no signal for it. */
#define CTRL_C 3
#define CTRL_D 4

/* True: a whole line. */
static bool read_hidden(int fd, struct buf *out)
{
    unsigned char c;

    while (out->len < PASSWORD_MAX && read(fd, &c, 1) == 1 && c != CTRL_C && c != CTRL_D) {
        if (c == '\n')
            return true;
        buf_add_octet(out, c);
    }
    return false;
}

bool secret_ask(const char *user, struct buf *out)
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    struct termios before, quiet;
    bool whole = false;

    if (fd < 0)
        return false;
    if (tcgetattr(fd, &before) == 0) {
        quiet = before;
        quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG); /* no signal may end us in between */
        quiet.c_cc[VEOL] = CTRL_C;
        tcsetattr(fd, TCSAFLUSH, &quiet);
        file_write_all(fd, SPAN("Password of "));
        file_write_all(fd, span_of(user));
        file_write_all(fd, SPAN(" (not shown): "));
        whole = read_hidden(fd, out);
        tcsetattr(fd, TCSAFLUSH, &before);
        file_write_all(fd, SPAN("\n"));
    }
    close(fd);
    return whole;
}

void secret_release(struct buf *secret)
{
    if (secret->at)
        mem_wipe(secret->at, secret->cap);
    buf_release(secret);
}
