/*
 * A stapled OCSP response in words. It counts when the certificate's issuer, or whom that named,
 * signed it, and its time is now.
 *
 * Sources: RFC 6960 (OCSP), RFC 6066 8 (stapling).
 */
#include "net/tls_staple.h"

#include <openssl/ocsp.h>

#include "base/mem.h"

/* How far clocks may be apart. */
#define STAPLE_SLACK_SECONDS 300

/* The certificate's issuer, among those the peer sent and those that were found to verify it. */
static X509 *issuer_of(SSL *ssl, X509 *own)
{
    const STACK_OF(X509) *
        places[2] = { SSL_get0_verified_chain(ssl), SSL_get_peer_cert_chain(ssl) };

    for (int p = 0; p < 2; p++)
        for (int i = 0; i < sk_X509_num(places[p]); i++)
            if (X509_check_issued(sk_X509_value(places[p], i), own) == X509_V_OK)
                return sk_X509_value(places[p], i);
    return NULL;
}

/* Signed by the issuer itself or by one whom it named for this; the issuer needs no trust of its
 * own here. */
static bool signed_by(OCSP_BASICRESP *basic, X509 *issuer)
{
    X509_STORE *store = X509_STORE_new();
    STACK_OF(X509) *certs = sk_X509_new_null();
    bool good;

    sk_X509_push(certs, issuer);
    X509_STORE_add_cert(store, issuer);
    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    good = OCSP_basic_verify(basic, certs, store, 0) == 1;
    sk_X509_free(certs);
    X509_STORE_free(store);
    return good;
}

static char *say_status(OCSP_BASICRESP *basic, X509 *own, X509 *issuer, struct buf *out)
{
    OCSP_CERTID *id = OCSP_cert_to_id(NULL, own, issuer);
    ASN1_GENERALIZEDTIME *revoked = NULL, *from = NULL, *until = NULL;
    struct buf flaw = { 0 };
    int status, reason;

    if (!OCSP_resp_find_status(basic, id, &status, &reason, &revoked, &from, &until)) {
        buf_add_text(out, "for another certificate, so it says nothing of this one");
    } else if (!OCSP_check_validity(from, until, STAPLE_SLACK_SECONDS, -1)) {
        buf_add_text(out, "not of this time: worth nothing");
    } else if (status == V_OCSP_CERTSTATUS_GOOD) {
        buf_add_text(out, "good");
        if (until) {
            buf_add_text(out, ", until ");
            tls_add_date(out, tls_seconds(until));
        }
    } else if (status == V_OCSP_CERTSTATUS_REVOKED) {
        buf_add_text(out, "revoked on ");
        tls_add_date(out, tls_seconds(revoked));
        if (reason >= 0)
            buf_printf(out, " (%s)", OCSP_crl_reason_str(reason));
        buf_printf(&flaw,
                   "its issuer has taken the certificate back: the stapled OCSP response "
                   "says %s",
                   buf_text(out));
    } else {
        buf_add_text(out, "unknown: the issuer does not know the certificate");
    }
    OCSP_CERTID_free(id);
    return flaw.len ? buf_detach(&flaw) : NULL;
}

char *tls_staple(SSL *ssl, struct buf *out)
{
    const unsigned char *at = NULL;
    long len = SSL_get_tlsext_status_ocsp_resp(ssl, &at);
    X509 *own = SSL_get0_peer_certificate(ssl), *issuer;
    OCSP_RESPONSE *response;
    OCSP_BASICRESP *basic;
    char *flaw = NULL;

    if (len <= 0 || !at || !own)
        return NULL;
    response = d2i_OCSP_RESPONSE(NULL, &at, len);
    basic = response ? OCSP_response_get1_basic(response) : NULL;
    issuer = issuer_of(ssl, own);
    if (!response)
        buf_add_text(out, "not readable");
    else if (!basic)
        buf_printf(out, "no answer: %s", OCSP_response_status_str(OCSP_response_status(response)));
    else if (!issuer)
        buf_add_text(out, "cannot be checked: the certificate's issuer is not known");
    else if (!signed_by(basic, issuer))
        buf_add_text(out, "not signed by the certificate's issuer: worth nothing");
    else
        flaw = say_status(basic, own, issuer, out);
    OCSP_BASICRESP_free(basic);
    OCSP_RESPONSE_free(response);
    return flaw;
}
