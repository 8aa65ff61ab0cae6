/* Invariant: any line is a fault or is refused with a reason; what is read is printed as a line
 * that reads back as the same fault. */
#include <assert.h>
#include <stdint.h>

#include "engine/fault.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf why = { 0 }, once = { 0 }, twice = { 0 };
    struct fault f, again;

    if (fault_parse(&f, span_make(data, size), &why)) {
        assert(why.len == 0);
        fault_print(&f, &once);
        assert(fault_parse(&again, buf_span(&once), &why));
        fault_print(&again, &twice);
        assert(span_eq(buf_span(&once), buf_span(&twice)));
        fault_release(&again);
    } else {
        assert(why.len > 0);
    }
    fault_release(&f);
    buf_release(&why);
    buf_release(&once);
    buf_release(&twice);
    return 0;
}
