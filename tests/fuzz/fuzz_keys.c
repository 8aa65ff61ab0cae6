/* Invariant: whatever a terminal sends, keys are well formed, no control octet becomes text, what
 * is held stays bounded, and time always ends the waiting. */
#include <assert.h>

#include "base/utf8.h"
#include "tui/keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct keys *keys, const struct key *key)
{
    unsigned char octets[8];
    struct buf name = { 0 };

    assert(key->code > K_NONE && key->code < K_COUNT);
    assert(key_for_editor(key, octets) <= sizeof octets);
    key_name(key, &name);
    assert(name.len > 0);
    buf_release(&name);
    if (key->code == K_CHAR && !(key->mods & KEY_CTRL)) {
        assert(utf8_valid(span_make(key->text, key->len)));
        assert(!ascii_is_control(key->text[0]));
    }
    assert(keys->paste.len <= KEYS_PASTE_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct keys keys = { 0 };
    struct key key;

    for (size_t i = 0; i < size; i++) {
        if (data[i] == 0xfe) { /* no octet of UTF-8: here, time passes */
            if (keys_late(&keys, &key))
                check(&keys, &key);
            assert(keys_waiting(&keys) == KEYS_WAIT_NONE);
        } else if (keys_take(&keys, data[i], &key)) {
            check(&keys, &key);
        }
    }
    if (keys_late(&keys, &key))
        check(&keys, &key);
    assert(keys_waiting(&keys) == KEYS_WAIT_NONE);
    keys_release(&keys);
    return 0;
}
