/* /b64 and /unb64: what AUTH exchanges are written in (RFC 4954 4), for those who type them. */
#include "base/escape.h"
#include "base/mem.h"
#include "console/inner.h"
#include "message/base64.h"

static void release_wiped(struct buf *b)
{
    if (b->at)
        mem_wipe(b->at, b->cap);
    buf_release(b);
}

void command_b64(struct console *c, struct span args)
{
    struct buf octets = { 0 }, text = { 0 };
    struct error err = { "" };
    size_t column = 0;

    if (!args.len) {
        console_complain(c, "/b64 needs a text, as in /b64 alice or /b64 \"\\0alice\\0secret\"");
        console_worsen(c, STATUS_USAGE);
    } else if (!escape_read(&octets, args, &column, &err)) {
        console_complain(c, "/b64, character %zu of its text: %s", column, err.text);
        console_worsen(c, STATUS_USAGE);
    } else {
        base64_encode(buf_span(&octets), &text);
        console_say(c, "%s\n", buf_text(&text));
    }
    release_wiped(&octets);
    release_wiped(&text);
}

void command_unb64(struct console *c, struct span args)
{
    struct buf octets = { 0 }, text = { 0 };
    size_t at = 0;
    enum base64_fault fault = base64_check(args, &at);

    if (!args.len) {
        console_complain(c, "/unb64 needs a text in base64, as in /unb64 VXNlcm5hbWU6");
        console_worsen(c, STATUS_USAGE);
    } else if (fault) {
        console_complain(c, "/unb64, character %zu: this is not base64: %s.", at + 1,
                         base64_fault_text(fault));
        console_worsen(c, STATUS_USAGE);
    } else {
        base64_decode(args, &octets);
        escape_write(&text, buf_span(&octets));
        console_say(c, "\"%s\"\n", buf_text(&text));
    }
    release_wiped(&octets);
    release_wiped(&text);
}
