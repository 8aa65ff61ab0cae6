#include "mime/reader.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

#include "mime/module.h"

/* Where it may be, beside where it was installed: a folder of the environment (tests), the folder
 * of the program's build, and the one that belongs to the program where both were moved. The build
 * names the last two; other tools that read the code do not. */
#ifndef SMTPSCOPE_MODULES
#define SMTPSCOPE_MODULES        "/usr/lib/smtpscope"
#define SMTPSCOPE_MODULES_BESIDE "../lib/smtpscope"
#endif
#define MODULES_VARIABLE "SMTPSCOPE_MODULES"
#define PATH_TRIED_MAX   4096

/* The folder that the program is in, ended by "/"; empty: nobody knows. */
static void add_own_folder(struct buf *out)
{
    char path[PATH_TRIED_MAX];
    ssize_t len = readlink("/proc/self/exe", path, sizeof(path));

    while (len > 0 && path[len - 1] != '/')
        len--;
    if (len > 0)
        buf_add(out, span_make(path, (size_t)len));
}

static const struct mime_module *load(const struct buf *path)
{
    void *library = dlopen(buf_text(path), RTLD_NOW | RTLD_LOCAL);

    return library ? dlsym(library, MIME_MODULE_SYMBOL) : NULL;
}

/* It is never unloaded: GLib cannot be. */
static const struct mime_module *find(void)
{
    const char *named = getenv(MODULES_VARIABLE);
    const struct mime_module *module = NULL;
    struct buf own = { 0 }, path = { 0 };
    const char *const beside[] = { "mime/", SMTPSCOPE_MODULES_BESIDE "/" };

    if (named && *named) {
        buf_printf(&path, "%s/%s", named, MIME_MODULE_NAME);
        module = load(&path);
    }
    add_own_folder(&own);
    for (size_t i = 0; !module && own.len && i < sizeof(beside) / sizeof(beside[0]); i++) {
        buf_clear(&path);
        buf_printf(&path, "%s%s%s", buf_text(&own), beside[i], MIME_MODULE_NAME);
        module = load(&path);
    }
    if (!module) {
        buf_clear(&path);
        buf_printf(&path, "%s/%s", SMTPSCOPE_MODULES, MIME_MODULE_NAME);
        module = load(&path);
    }
    buf_release(&own);
    buf_release(&path);
    return module;
}

static const struct mime_module *loaded(struct error *err)
{
    static const struct mime_module *module;

    if (!module)
        module = find();
    if (!module)
        error_set(err,
                  "the parts of a letter cannot be told: this program was built or installed "
                  "without its MIME module, %s, which needs the library GMime 3",
                  MIME_MODULE_NAME);
    return module;
}

bool mime_read(struct span letter, struct mime *out, struct error *err)
{
    const struct mime_module *module = loaded(err);

    if (!module)
        return false;
    module->read(span_first(letter, mime_bounded(letter)), out);
    out->octets = letter.len;
    return true;
}

bool mime_decode(struct span letter, const struct mime_part *part, struct buf *out,
                 struct error *err)
{
    const struct mime_module *module = loaded(err);
    struct span body = span_from(letter, (size_t)part->body_at);

    if (!module)
        return false;
    body = span_first(body, (size_t)part->body_len);
    if (part->kind == MIME_LEAF)
        module->decode(part->encoding, body, MIME_DECODED_MAX, out);
    else
        buf_add(out, span_first(body, MIME_DECODED_MAX));
    return true;
}
