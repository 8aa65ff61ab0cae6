/*
 * Invariant: any line comes apart the same way twice; its parts lie inside it, its mistakes stand
 * on it, and there are never more of either than there is room for; a line with no mistake that is
 * WRONG is a known verb; what the parts say of a mailbox agrees with itself.
 *
 * Input: octet 0 is the longest line allowed, in steps of 16; the rest is lines.
 */
#include <assert.h>
#include <stdint.h>

#include "support/parsed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_mailbox(const struct path *path)
{
    assert(mailbox_same(path->mailbox, path->mailbox));
    assert(path->kind != PATH_POSTMASTER || path->domain.len == 0);
    assert(!path->literal || path->domain.at[0] == '[');
    assert(!path->quoted || path->local.at[0] == '"');
}

static void check_params(const struct command *c)
{
    for (unsigned i = 0; i < c->param_count; i++) {
        struct buf plain = { 0 }, again = { 0 }, back = { 0 };

        if (xtext_decode(&plain, c->params[i].value)) {
            xtext_encode(&again, buf_span(&plain));
            assert(xtext_decode(&back, buf_span(&again)));
            assert(span_eq(buf_span(&plain), buf_span(&back)));
        }
        buf_release(&plain);
        buf_release(&again);
        buf_release(&back);
    }
}

static void check_line(struct span octets, uint64_t longest)
{
    struct buf first = { 0 }, second = { 0 };
    struct parsed p;
    struct command again;

    parsed_line(&p, octets, longest);
    assert(!command_fault(&p.line, &p.command));
    command_parse(&p.line, longest, &again);
    found_text(&p.command.mistakes, &first);
    found_text(&again.mistakes, &second);
    assert(span_eq(buf_span(&first), buf_span(&second)));
    assert(p.command.verb == again.verb && p.command.meant == again.meant);
    assert(p.command.param_count == again.param_count);
    assert(p.command.path.kind == again.path.kind);
    assert(p.command.path.whole.at == again.path.whole.at &&
           p.command.path.whole.len == again.path.whole.len);
    if (p.command.path.kind != PATH_NONE)
        check_mailbox(&p.command.path);
    check_params(&p.command);
    parsed_release(&p);
    buf_release(&first);
    buf_release(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span rest = span_make(data, size);
    uint64_t longest = size ? data[0] * 16u : COMMAND_LINE_MAX;

    rest = span_from(rest, 1);
    while (rest.len) {
        size_t len = span_find(rest, '\n');

        check_line(span_first(rest, len + 1), longest);
        rest = span_from(rest, len + 1);
    }
    return 0;
}
