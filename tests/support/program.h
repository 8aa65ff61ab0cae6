/*
 * Programs of the world, run with input and heard to their end. A test that needs one which is not
 * here is skipped.
 */
#ifndef TESTS_PROGRAM_H
#define TESTS_PROGRAM_H
#include "support/run.h"

static inline bool program_in(const char *folders, const char *name)
{
    while (folders && *folders) {
        size_t len = strcspn(folders, ":");
        char path[512];

        snprintf(path, sizeof path, "%.*s/%s", (int)len, folders, name);
        if (access(path, X_OK) == 0)
            return true;
        folders += len + (folders[len] == ':');
    }
    return false;
}

/* Where mail servers' own programs live is not in everyone's PATH. */
static inline bool program_there(const char *name)
{
    return program_in(getenv("PATH"), name) || program_in("/usr/sbin:/sbin", name);
}

/* Before anything is started. */
#define PROGRAM_NEEDED(name)                                                                       \
    do                                                                                             \
        if (!program_there(name))                                                                  \
            cr_skip_test("%s is not installed", name);                                             \
    while (0)

static inline void program_exec(const char *const *args)
{
    char *argv[RUN_ARGS_MAX + 2];
    struct buf path = { 0 };
    size_t n = 0;

    buf_printf(&path, "%s:/usr/sbin:/sbin", getenv("PATH"));
    setenv("PATH", buf_text(&path), 1);
    for (; args[n] && n <= RUN_ARGS_MAX; n++)
        memcpy(&argv[n], &args[n], sizeof argv[0]);
    argv[n] = NULL;
    execvp(argv[0], argv);
    _exit(127);
}

#define PROGRAM(input, ...)                                                                        \
    run_child(input, NULL, program_exec, (const char *const[RUN_ARGS_MAX + 2]){ __VA_ARGS__, NULL })

/* Both outputs in one text, for a message. */
static inline const char *program_said(struct ran *r)
{
    buf_add(&r->out, buf_span(&r->err));
    return buf_text(&r->out);
}

/* A python3 that has that module, NULL: there is none. The one in PATH may be of its own kind. */
static inline const char *program_python(const char *module)
{
    static const char *const pythons[] = { "python3", "/usr/bin/python3" };
    char import[64];

    snprintf(import, sizeof import, "import %s", module);
    for (size_t i = 0; i < 2; i++) {
        struct ran r = PROGRAM(SPAN(""), pythons[i], "-c", import);

        ran_release(&r);
        if (r.status == 0)
            return pythons[i];
    }
    return NULL;
}

/* A script of tests/support. */
static inline const char *program_script(const char *name)
{
    static char path[512];

    snprintf(path, sizeof path, "%s/tests/support/%s", getenv("SOURCES"), name);
    return path;
}

#endif
