/* Invariant: a header is decided once and for all by the octets it has, whatever follows them; what
 * it names, written again, is read the same. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "net/proxy_header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same_end(const struct address *a, const struct address *b)
{
    char at[ADDRESS_TEXT_MAX], bt[ADDRESS_TEXT_MAX];

    address_port_text(a, at);
    address_port_text(b, bt);
    assert(strcmp(at, bt) == 0);
}

static void write_again(const struct proxy_header *h, unsigned version)
{
    struct buf out = { 0 };
    struct proxy_header again;

    proxy_header_write(&out, version, &h->from, &h->to);
    assert(proxy_header_read(buf_span(&out), &again) == PROXY_READ);
    assert(again.version == version && again.named && again.octets == out.len);
    same_end(&again.from, &h->from);
    same_end(&again.to, &h->to);
    buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct proxy_header whole, part;
    enum proxy_result result = proxy_header_read(span_make(data, size), &whole);

    if (result == PROXY_MORE) {
        assert(size < PROXY_HEADER_MAX);
        return 0;
    }
    assert((result == PROXY_WRONG) == (whole.why != NULL));
    if (result == PROXY_WRONG)
        return 0;
    assert(whole.octets <= size && whole.octets <= PROXY_HEADER_MAX);
    assert(proxy_header_read(span_make(data, whole.octets), &part) == PROXY_READ);
    assert(part.octets == whole.octets && part.named == whole.named);
    assert(proxy_header_read(span_make(data, whole.octets - 1), &part) == PROXY_MORE);
    if (whole.named) {
        write_again(&whole, 1);
        write_again(&whole, 2);
    }
    return 0;
}
