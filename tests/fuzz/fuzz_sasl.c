/*
 * Invariant: whatever the mechanism, the side, the step and the octets, the parts lie inside the
 * message, each has a name and a meaning, and a message that does not fit has none.
 *
 * Input: octet 0 is the mechanism, octet 1 the side (bit 0) and the step (the rest); then the
 * message.
 */
#include <assert.h>
#include <stdint.h>

#include "smtp/sasl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sasl_parts parts;
    struct span s;
    bool fits;

    if (size < 2)
        return 0;
    s = span_make(data + 2, size - 2);
    fits = sasl_read((enum auth_mechanism)(data[0] % AUTH_MECHANISM_COUNT), data[1] & 1,
                     data[1] >> 1, s, &parts);
    assert(fits || parts.count == 0);
    assert(parts.count <= SASL_PARTS_MAX && (*parts.what != 0) == fits);
    for (unsigned i = 0; i < parts.count; i++) {
        const struct sasl_part *part = &parts.at[i];

        assert(*part->name && *part->means);
        assert(!part->text.len || (part->text.at >= s.at && part->text.len <= s.len &&
                                   part->text.at + part->text.len <= s.at + s.len));
    }
    return 0;
}
