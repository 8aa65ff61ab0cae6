#include "app/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* All folders above the path's end, which are left as they are when they are there. The first
 * `from` octets are not ours to make. */
static bool make_parents(struct buf *path, size_t from)
{
    for (size_t i = from + 1; i < path->len; i++) {
        bool made;

        if (path->at[i] != '/')
            continue;
        path->at[i] = '\0';
        made = mkdir(buf_text(path), 0700) == 0 || errno == EEXIST;
        path->at[i] = '/';
        if (!made && errno != EROFS && errno != EACCES) { /* it may be there, behind these */
            buf_truncate(path, i);
            return false;
        }
    }
    return true;
}

/* Ours alone: what one types and is told is kept in it. */
static bool make_private(const char *path)
{
    struct stat st;
    int fd;

    if (mkdir(path, 0700) == 0)
        return true;
    if (errno != EEXIST)
        return false;
    fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    if (fstat(fd, &st) == 0 && st.st_uid == geteuid() && (st.st_mode & 077))
        fchmod(fd, 0700);
    close(fd);
    return true;
}

/* The XDG base directory specification: the variable must hold an absolute path, else it is as if
 * it were not set. */
bool folder_of_state(struct buf *path)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    size_t from = 0;

    if (state && *state == '/') {
        buf_add_text(path, state);
    } else if (home && *home == '/') {
        buf_printf(path, "%s/.local/state", home);
        from = strlen(home); /* who has no home gets none from us */
    } else {
        errno = ENOENT;
        buf_add_text(path, "your home folder");
        return false;
    }
    buf_add_text(path, "/smtpscope");
    return make_parents(path, from) && make_private(buf_text(path));
}
