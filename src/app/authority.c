#include "app/authority.h"

#include <errno.h>
#include <string.h>

#include "app/folder.h"

bool authority_folder(struct buf *path, struct error *err)
{
    if (folder_of_state(path)) {
        buf_add_text(path, "/ca");
        return true;
    }
    error_set(err, "no certificate can be made: %s cannot be used: %s", buf_text(path),
              strerror(errno));
    return false;
}

bool authority_possible(struct error *err)
{
    struct buf path = { 0 };
    bool possible = authority_folder(&path, err);

    buf_release(&path);
    return possible;
}

struct tls_context *authority_context(const char *hostname, struct error *err)
{
    struct tls_context *tls = NULL;
    struct buf path = { 0 };

    if (authority_folder(&path, err))
        tls = pki_server_context(buf_text(&path), hostname, err);
    buf_release(&path);
    return tls;
}

bool authority_file(struct buf *path, struct error *err)
{
    if (!authority_folder(path, err))
        return false;
    buf_add_text(path, "/ca.pem");
    return true;
}
