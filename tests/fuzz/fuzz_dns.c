/* Invariant: whatever a name server sends, names are short, end, and hold only what hosts may. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "net/dns.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct dns_answer answer;

    dns_read_mx(data, size, &answer);
    assert(answer.count <= DNS_MX_MAX);
    assert((answer.result == DNS_FOUND) == (answer.count > 0));
    assert((answer.result == DNS_FAILED) == (answer.why != NULL));
    for (unsigned i = 0; i < answer.count; i++) {
        const char *host = answer.at[i].host;

        assert(memchr(host, '\0', DNS_NAME_MAX));
        for (const char *at = host; *at; at++)
            assert(
                strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", *at));
    }
    return 0;
}
