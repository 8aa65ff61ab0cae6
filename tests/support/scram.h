/*
 * SCRAM by hand, over OpenSSL: what our own must agree with. Checked itself against the examples
 * of RFC 5802 5 and RFC 7677 3.
 */
#ifndef TESTS_SCRAM_H
#define TESTS_SCRAM_H
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/buf.h"
#include "message/base64.h"

struct scram {
    const EVP_MD *hash;
    const char *password;
    const char *first_bare; /* "n=user,r=..." */
    struct span server_first, final_bare;
};

/* The value of the part that begins with `name`, "r=" and the like. */
static inline struct span scram_part(struct span message, const char *name)
{
    while (message.len) {
        struct span part = span_cut(message, ',', &message);

        if (span_starts(part, span_of(name)))
            return span_from(part, strlen(name));
    }
    return (struct span){ 0 };
}

static inline void scram_hmac(const EVP_MD *hash, struct span key, struct span text,
                              unsigned char *out)
{
    HMAC(hash, key.at, (int)key.len, text.at, text.len, out, NULL);
}

/* The proof of the client and the signature of the server, in base64. */
static inline void scram_answers(const struct scram *s, struct buf *proof, struct buf *signature)
{
    unsigned char salted[64], key[64], stored[64], mac[64], client[64];
    size_t len = (size_t)EVP_MD_size(s->hash);
    struct buf salt = { 0 }, all = { 0 };
    uint64_t rounds = 0;

    base64_decode(scram_part(s->server_first, "s="), &salt);
    span_number(scram_part(s->server_first, "i="), &rounds);
    PKCS5_PBKDF2_HMAC(s->password, (int)strlen(s->password), salt.at, (int)salt.len, (int)rounds,
                      s->hash, (int)len, salted);
    buf_add_text(&all, s->first_bare);
    buf_add_octet(&all, ',');
    buf_add(&all, s->server_first);
    buf_add_octet(&all, ',');
    buf_add(&all, s->final_bare);
    scram_hmac(s->hash, span_make(salted, len), SPAN("Client Key"), key);
    EVP_Digest(key, len, stored, NULL, s->hash, NULL);
    scram_hmac(s->hash, span_make(stored, len), buf_span(&all), mac);
    for (size_t i = 0; i < len; i++)
        client[i] = key[i] ^ mac[i];
    base64_encode(span_make(client, len), proof);
    scram_hmac(s->hash, span_make(salted, len), SPAN("Server Key"), key);
    scram_hmac(s->hash, span_make(key, len), buf_span(&all), mac);
    base64_encode(span_make(mac, len), signature);
    buf_release(&salt);
    buf_release(&all);
}

#endif
