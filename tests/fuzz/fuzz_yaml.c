/* Invariant: any text is read or complained about, one line with a place for each mistake up to a
 * maximum; what was read is released whole; a right text read again gives the same. */
#include <assert.h>
#include <stdint.h>

#include "base/yaml.h"
#include "support/shop.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print(const struct shop *shop, struct buf *out)
{
    for (size_t i = 0; i < shop_rows.count; i++) {
        row_print(&shop_row[i], shop, out);
        buf_add_octet(out, '\n');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct yaml_file file = { "f", 7 };
    struct buf complaints = { 0 }, once = { 0 }, twice = { 0 };
    struct shop shop;
    unsigned count, lines = 0;

    rows_init(&shop_top, &shop);
    count = yaml_read(span_make(data, size), &file, &shop_top, &shop, &complaints);
    for (size_t i = 0; i < complaints.len; i++)
        lines += complaints.at[i] == '\n';
    assert(lines == (count > YAML_MISTAKES_MAX ? YAML_MISTAKES_MAX + 1 : count));
    print(&shop, &once);
    assert(yaml_read(span_make(data, size), &file, &shop_top, &shop, &complaints) == count);
    print(&shop, &twice);
    assert(count || span_eq(buf_span(&once), buf_span(&twice)));
    rows_release(&shop_top, &shop);
    buf_release(&complaints);
    buf_release(&once);
    buf_release(&twice);
    return 0;
}
