/*
 * /send FILE: a letter from a file. Line ends are made CRLF and leading dots doubled (smtp/body.h;
 * RFC 5321 2.3.8, 4.5.2), and the dot follows. In slices, so that the screen stays alive
 * and a slow server holds the file back, not our memory.
 */
#include <errno.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "console/inner.h"

#define SEND_SLICE ((size_t)128 * 1024)
/* Between slices the loop waits a moment: a timer that is always due would starve the network. */
#define SEND_PAUSE (CLOCK_SECOND / 1000)
/* A second slice is prepared while the one before is under way. */
#define SEND_UNDER_WAY (2 * SEND_SLICE)
/* From here on quarters are reported: smaller files are sent before one can read of it. */
#define SEND_LARGE ((uint64_t)1000 * 1000)

static void done(struct console *c)
{
    if (c->sending.file)
        fclose(c->sending.file);
    mem_free(c->sending.path);
    c->sending = (struct sending){ 0 };
}

/* The line that was begun is ended, so that a dot typed next is a dot alone. */
void send_stop(struct console *c, bool told)
{
    struct sending *s = &c->sending;

    if (!s->file)
        return;
    if (s->stuffer.mid_line)
        console_send(c, SPAN("\r\n"));
    if (told && console_prompt(c) == PROMPT_LETTER)
        console_say(c,
                    "Sending is stopped after %llu of %llu octets. The letter is not ended: a dot "
                    "alone ends it as it is, /close from the menu hangs up.\n",
                    (unsigned long long)s->done, (unsigned long long)s->size);
    else if (told)
        console_say(c, "Sending is stopped; nothing of the file was sent.\n");
    done(c);
}

static bool open_file(struct console *c, const char *path)
{
    struct sending *s = &c->sending;
    struct error err = { "" };
    struct stat about;

    s->file = file_open(path, &err);
    if (s->file && fstat(fileno(s->file), &about) == 0) {
        s->size = (uint64_t)about.st_size;
        return true;
    }
    console_complain(c, "/send: %s", err.text);
    console_worsen(c, STATUS_USAGE);
    return false;
}

void command_send(struct console *c, struct span args)
{
    struct sending *s = &c->sending;
    char *path = file_path(args);

    if (!*path) {
        console_complain(c, "/send needs a file with a letter, as in /send letter.eml");
        console_worsen(c, STATUS_USAGE);
    } else if (!console_talking(c)) {
        console_complain(c, "Not sent, for there is no server. %s", console_how_to_connect(c));
        console_worsen(c, c->broken ? c->broken : STATUS_CONNECT);
    } else if (open_file(c, path)) {
        s->path = path;
        c->busy = BUSY_SEND;
        return;
    }
    mem_free(path);
    done(c);
}

static void fail(struct console *c, const char *why)
{
    console_complain(c, "/send: %s is not sent: %s", c->sending.path, why);
    console_worsen(c, STATUS_DIFFERENT);
    done(c);
    console_not_busy(c);
}

/* Quarters of a large letter, for those who do not see the prompt's count. */
static void report(struct console *c)
{
    struct sending *s = &c->sending;
    unsigned quarter = s->size ? (unsigned)(s->done * 4 / s->size) : 4;

    if (s->size < SEND_LARGE || quarter <= s->told || quarter > 3)
        return;
    s->told = quarter;
    console_say(c, "%u%% of %s is sent.\n", quarter * 25, s->path);
}

static void send_slice(struct console *c)
{
    struct sending *s = &c->sending;
    struct buf octets = { 0 };
    unsigned char *slice = mem_alloc(SEND_SLICE);
    size_t got = fread(slice, 1, SEND_SLICE, s->file);
    bool end = got < SEND_SLICE, failed = ferror(s->file) != 0;

    s->done += got;
    body_stuff(&s->stuffer, span_make(slice, got), &octets);
    mem_free(slice);
    if (end && !failed)
        body_stuff_end(&s->stuffer, &octets);
    console_send(c, buf_span(&octets));
    buf_release(&octets);
    report(c);
    if (failed) {
        console_complain(c, "/send: %s cannot be read to its end: %s. The letter is not ended.",
                         s->path, strerror(errno));
        console_worsen(c, STATUS_USAGE);
    }
    if (end || failed) {
        done(c);
        console_not_busy(c);
    } else {
        watch_set_timer(c->timer, SEND_PAUSE);
    }
}

/* DATA first, unless the letter has begun. True: the server takes the letter now. */
static bool granted(struct console *c)
{
    const struct observer *o = console_observer(c);

    if (o->letter == LETTER_GRANTED)
        return true;
    if (observer_outstanding(o))
        return false;
    if (c->sending.asked) {
        fail(c, "DATA was refused");
        return false;
    }
    c->sending.asked = true;
    console_send(c, SPAN("DATA\r\n"));
    return false;
}

bool send_turn(struct console *c)
{
    bool was_busy = c->busy == BUSY_SEND;

    if (!was_busy)
        return false;
    if (!console_talking(c)) {
        fail(c, c->sending.asked ? "the talk ended" : "there is no talk");
        return true;
    }
    if (!console_was_connected(c) || c->pipeline.on || !granted(c))
        return c->busy != BUSY_SEND;
    if (client_queued(c->current->client) >= SEND_UNDER_WAY || (c->sending.done && !c->timer_rang))
        return false;
    c->timer_rang = false;
    send_slice(c);
    return c->busy != BUSY_SEND;
}
