/*
 * /send FILE: a letter from a file. Line ends are made CRLF and leading dots doubled (smtp/body.h;
 * RFC 5321 2.3.8, 4.5.2), and the dot follows, unless words behind the file ask for something else
 * (console/shape.h). In slices, so that the screen stays alive and a slow server holds the file
 * back, not our memory.
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
/* Octet by octet without a pause: so many writes in one turn of the loop. */
#define SEND_PIECES 64
/* From here on quarters are reported: smaller files are sent before one can read of it. */
#define SEND_LARGE ((uint64_t)1000 * 1000)

static void done(struct console *c)
{
    if (c->sending.file)
        fclose(c->sending.file);
    mem_free(c->sending.path);
    buf_release(&c->sending.out);
    c->sending = (struct sending){ 0 };
}

/* The line that was begun is ended, so that a dot typed next is a dot alone. */
void send_stop(struct console *c, bool told)
{
    struct sending *s = &c->sending;

    if (!s->file)
        return;
    if (s->done && console_prompt(c) == PROMPT_LETTER &&
        record_open_octets(c->config.record, console_dialogue(c), SIDE_CLIENT))
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

/* Who asks for faults is told what they are. */
static void tell_shapes(struct console *c, unsigned shapes)
{
    for (int bit = 0; bit < SHAPE_COUNT; bit++)
        if (shapes >> bit & 1)
            console_say(c, "%s: %s (%s).\n", shape_word((enum shape_bit)bit),
                        shape_what((enum shape_bit)bit), shape_source((enum shape_bit)bit));
}

/* The words behind the file; a file may be called like one, too. False: said. */
static bool read_words(struct console *c, struct span *args)
{
    struct sending *s = &c->sending;
    struct error err = { "" };
    char *whole = file_path(*args);
    struct stat about;
    bool is_file = stat(whole, &about) == 0;

    mem_free(whole);
    s->octets = c->slow.octets;
    s->gap = c->slow.octets ? c->slow.gap : 0;
    if (is_file || shape_read(args, &s->shaper.shapes, &s->gap, &err)) {
        if (s->shaper.shapes & SHAPE_BYTES)
            s->octets = 1;
        return true;
    }
    console_complain(c, "/send: %s", err.text);
    console_worsen(c, STATUS_USAGE);
    return false;
}

static void begin(struct console *c, struct span args)
{
    char *path;

    if (!read_words(c, &args))
        return;
    path = file_path(args);
    if (open_file(c, path)) {
        c->sending.path = path;
        c->busy = BUSY_SEND;
        tell_shapes(c, c->sending.shaper.shapes);
        return;
    }
    mem_free(path);
    done(c);
}

void command_send(struct console *c, struct span args)
{
    if (!args.len) {
        console_complain(c, "/send needs a file with a letter, as in /send letter.eml");
        console_worsen(c, STATUS_USAGE);
    } else if (!console_talking(c)) {
        console_complain(c, "Not sent, for there is no server. %s", console_how_to_connect(c));
        console_worsen(c, c->broken ? c->broken : STATUS_CONNECT);
    } else {
        begin(c, args);
    }
}

void complete_send(const struct console *c, const char *arg, complete_fn *fn, void *ctx)
{
    const char *last = strrchr(arg, ' ');
    struct buf line = { 0 };

    complete_files(c, arg, fn, ctx);
    for (int bit = 0; last && last > arg && bit < SHAPE_COUNT; bit++) {
        const char *word = shape_word((enum shape_bit)bit);

        if (!span_starts_nocase(span_of(word), span_of(last + 1)))
            continue;
        buf_clear(&line);
        buf_add(&line, span_make(arg, (size_t)(last + 1 - arg)));
        buf_add_text(&line, word);
        fn(ctx, buf_text(&line), word);
    }
    buf_release(&line);
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

static void ended(struct console *c, bool alone)
{
    bool dot = !(c->sending.shaper.shapes & SHAPE_NODOT);

    if (dot && !alone)
        console_say(c, "The file does not end with CRLF, so its dot is not alone on its line and "
                       "does not end the letter. /raw \"\\r\\n.\\r\\n\" does.\n");
    else if (!dot)
        console_say(c, "The letter is not ended: a dot alone ends it, or /raw in another form.\n");
}

/* The next slice of the file, as it is to be sent. */
static void read_slice(struct console *c)
{
    struct sending *s = &c->sending;
    unsigned char *slice = mem_alloc(SEND_SLICE);
    size_t got = fread(slice, 1, SEND_SLICE, s->file);

    s->failed = ferror(s->file) != 0;
    s->end = got < SEND_SLICE;
    s->done += got;
    shape_add(&s->shaper, span_make(slice, got), &s->out);
    mem_free(slice);
    if (s->failed) {
        console_complain(c, "/send: %s cannot be read to its end: %s. The letter is not ended.",
                         s->path, strerror(errno));
        console_worsen(c, STATUS_USAGE);
    } else if (s->end) {
        ended(c, shape_end(&s->shaper, &s->out));
    }
    report(c);
}

/* What was read goes out, in one piece or in many. */
static void pour(struct console *c)
{
    struct sending *s = &c->sending;

    for (int i = 0; i < (s->gap ? 1 : SEND_PIECES) && s->out_at < s->out.len; i++) {
        struct span piece = span_from(buf_span(&s->out), s->out_at);

        /* What is queued would be joined with what comes behind it. */
        if (s->octets && client_queued(c->current->client))
            break;
        if (s->octets)
            piece = span_first(piece, s->octets);
        s->out_at += piece.len;
        console_send(c, piece);
    }
    if (s->out_at < s->out.len)
        return;
    buf_clear(&s->out);
    s->out_at = 0;
}

static void send_some(struct console *c)
{
    struct sending *s = &c->sending;

    if (!s->out.len && !s->end)
        read_slice(c);
    pour(c);
    if (s->end && !s->out.len) {
        done(c);
        console_not_busy(c);
    } else {
        watch_set_timer(c->timer, s->octets && s->gap ? s->gap : SEND_PAUSE);
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
    if (client_queued(c->current->client) >= SEND_UNDER_WAY || (c->sending.begun && !c->timer_rang))
        return false;
    c->timer_rang = false;
    c->sending.begun = true;
    send_some(c);
    return c->busy != BUSY_SEND;
}
