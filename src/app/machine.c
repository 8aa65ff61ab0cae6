#include "app/machine.h"

#include <stdio.h>
#include <unistd.h>

#include "app/file.h"

#define HOSTS_MAX ((size_t)1024 * 1024)

/* The next word of a line; a remark is none. */
static struct span word(struct span *line)
{
    struct span rest = span_trim(*line), w;
    size_t len = 0;

    while (len < rest.len && rest.at[len] != ' ' && rest.at[len] != '\t' && rest.at[len] != '#')
        len++;
    w = span_first(rest, len);
    *line = span_from(rest, len);
    return w;
}

bool machine_full_name(struct span hosts, struct span host, struct span *out)
{
    while (hosts.len) {
        struct span line = span_cut(hosts, '\n', &hosts), full = { NULL, 0 }, w;
        bool named = false;

        word(&line); /* the address */
        while ((w = word(&line)).len) {
            if (!full.len && span_find(w, '.') < w.len)
                full = w;
            named |= span_eq_nocase(w, host);
        }
        if (named && full.len) {
            *out = full;
            return true;
        }
    }
    return false;
}

void machine_name(char out[256])
{
    struct buf hosts = { 0 };
    struct span full;

    if (gethostname(out, 255) != 0)
        snprintf(out, 256, "localhost");
    out[255] = '\0';
    if (!strchr(out, '.') && file_read_all("/etc/hosts", HOSTS_MAX, &hosts, NULL) &&
        machine_full_name(buf_span(&hosts), span_of(out), &full) && full.len < 256)
        snprintf(out, 256, "%.*s", SPAN_ARG(full));
    buf_release(&hosts);
}
