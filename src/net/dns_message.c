/* Reading a DNS message. Whatever lies about its lengths is an answer of no use. */
#include <string.h>

#include "net/dns.h"

#define HEADER_LEN 12 /* RFC 1035 4.1.1 */
#define TYPE_MX    15
#define CLASS_IN   1
/* Compression pointers followed for one name: a loop of them would have no end. */
#define POINTERS_MAX 64

struct message {
    const unsigned char *at;
    size_t len, pos;
};

static bool read_16(struct message *m, unsigned *out)
{
    if (m->len - m->pos < 2)
        return false;
    *out = (unsigned)m->at[m->pos] << 8 | m->at[m->pos + 1];
    m->pos += 2;
    return true;
}

static bool skip(struct message *m, size_t octets)
{
    if (m->len - m->pos < octets)
        return false;
    m->pos += octets;
    return true;
}

/* What the name of a host may hold; "_" is in the names of some. */
static bool is_host_octet(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

static bool add_label(const unsigned char *label, size_t len, char out[DNS_NAME_MAX], size_t *used)
{
    if (*used + len + 2 > DNS_NAME_MAX)
        return false;
    if (*used)
        out[(*used)++] = '.';
    for (size_t i = 0; i < len; i++) {
        if (!is_host_octet(label[i]))
            return false;
        out[(*used)++] = (char)label[i];
    }
    out[*used] = '\0';
    return true;
}

/* Reads a name, compressed or not (RFC 1035 4.1.4); `out` may be NULL. */
static bool read_name(struct message *m, char out[DNS_NAME_MAX])
{
    size_t pos = m->pos, used = 0, end = 0;

    if (out)
        out[0] = '\0';
    for (unsigned pointers = 0; pos < m->len;) {
        unsigned char len = m->at[pos];

        if (len == 0) {
            m->pos = end ? end : pos + 1;
            return true;
        }
        if (len >= 0xc0) {
            if (m->len - pos < 2 || ++pointers > POINTERS_MAX)
                return false;
            if (!end)
                end = pos + 2;
            pos = (size_t)(len & 0x3f) << 8 | m->at[pos + 1];
            continue;
        }
        if (len >= 0x40 || m->len - pos - 1 < len)
            return false;
        if (out && !add_label(m->at + pos + 1, len, out, &used))
            return false;
        pos += 1 + (size_t)len;
    }
    return false;
}

static bool read_record(struct message *m, struct dns_answer *out)
{
    unsigned type, class, data_len;
    size_t end;

    if (!read_name(m, NULL) || !read_16(m, &type) || !read_16(m, &class) || !skip(m, 4) ||
        !read_16(m, &data_len) || m->len - m->pos < data_len)
        return false;
    end = m->pos + data_len;
    if (type == TYPE_MX && class == CLASS_IN && out->count < DNS_MX_MAX) {
        struct dns_mx_record *record = &out->at[out->count];

        if (!read_16(m, &record->preference))
            return false;
        /* One whose name no host can have is passed over. */
        if (read_name(m, record->host))
            out->count++;
    }
    m->pos = end;
    return true;
}

static void failed(struct dns_answer *out, const char *why)
{
    out->result = DNS_FAILED;
    out->why = why;
    out->count = 0;
}

void dns_read_mx(const unsigned char *packet, size_t len, struct dns_answer *out)
{
    struct message m = { packet, len, 4 };
    unsigned questions, answers, code;

    *out = (struct dns_answer){ .result = DNS_NONE };
    if (len < HEADER_LEN || !read_16(&m, &questions) || !read_16(&m, &answers)) {
        failed(out, "the answer was no DNS message");
        return;
    }
    code = packet[3] & 0x0fu;
    m.pos = HEADER_LEN;
    if (code == 3) {
        out->result = DNS_NO_NAME;
        return;
    }
    if (code != 0) {
        failed(out, code == 2   ? "the name servers failed to answer"
                    : code == 5 ? "the name servers refused to answer"
                                : "the name servers gave an error");
        return;
    }
    for (unsigned i = 0; i < questions; i++)
        if (!read_name(&m, NULL) || !skip(&m, 4)) {
            failed(out, "the answer was no DNS message");
            return;
        }
    for (unsigned i = 0; i < answers; i++)
        if (!read_record(&m, out)) {
            failed(out, "the answer was cut short");
            return;
        }
    if (out->count)
        out->result = DNS_FOUND;
}
