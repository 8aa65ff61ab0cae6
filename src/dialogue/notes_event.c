/*
 * What happened to a connection: what it means, and what to do. What servers and networks do is
 * said where a standard says it too: RFC 5321 (ends of a session), RFC 5068 (blocked ports), RFC
 * 1047 (letters that arrive twice).
 */
#include "dialogue/notes_inner.h"

#define PORT_SMTP        25
#define PORT_SUBMISSIONS 465 /* TLS from the first octet, RFC 8314 3.3 */
/* Names and addresses are shorter; reasons of the resolver, too. */
#define DETAIL_MAX 300

static const struct event_words {
    const char *what;  /* the detail follows in its own words */
    const char *means; /* and what to do */
    const char *source;
} rows[TALK_EVENT_COUNT] = {
    [TALK_RESOLVING] = { "The name is being looked up",
                         "The name system of the Internet, DNS, tells which addresses it has.",
                         "RFC 5321 2.3.5" },
    [TALK_RESOLVED] = { "The name was found", "The addresses are tried one after the other.",
                        "RFC 5321 5.1" },
    [TALK_CONNECTING] = { "A connection is being set up",
                          "This is TCP, the floor below SMTP; no mail has been spoken of yet.",
                          "RFC 5321 3.1" },
    [TALK_CONNECTED] = { "The connection stands",
                         "Now the server speaks first: its greeting begins with 220.",
                         "RFC 5321 3.1" },
    [TALK_PROXY_SENT] = { "A PROXY header was sent",
                          "It tells the server for whom a proxy connects. It comes before all "
                          "else and is no part of SMTP. A server that does not expect it takes it "
                          "for a wrong command.",
                          "haproxy, proxy-protocol.txt 2" },
    [TALK_NOT_FOUND] = { "The host was not found",
                         "Check how the name is spelt. DNS, the name system of the Internet, has "
                         "no "
                         "address for it. The domain of a mail address may have none: its MX "
                         "records name the servers that take its mail.",
                         "RFC 5321 5.1" },
    [TALK_REFUSED] = { "The connection was refused",
                       "No program there takes connections on this port: it is down, or uses "
                       "another one. Port 25 is for mail between servers, 587 and 465 are for "
                       "people who log in.",
                       "RFC 5321 4.5.4.2; RFC 8314 3.3" },
    [TALK_UNREACHABLE] = { "The host cannot be reached",
                           "No way leads from this computer to that address. Check the network of "
                           "this computer. If the address is an IPv6 one and this network has no "
                           "IPv6, try -4.",
                           "RFC 5321 5.2" },
    [TALK_CONNECT_TIMEOUT] = { "Nobody answered",
                               "The host is down, or something on the way drops the packets. Try "
                               "again later, or from another network.",
                               "RFC 5321 4.5.3.2" },
    [TALK_CLOSED_BY_SERVER] = { "The server closed the connection",
                                "/connect starts a new talk. After 221 or 421 this is the proper "
                                "end; otherwise the server broke off. Only a letter whose dot got "
                                "250 is in its care.",
                                "RFC 5321 3.8, 4.1.1.10" },
    [TALK_CLOSED_BY_CLIENT] = { "The connection was closed from this side",
                                "/connect starts a new talk. Only a letter whose dot got 250 is in "
                                "the server's care.",
                                "RFC 5321 3.8, 4.1.1.10" },
    [TALK_RESET] = { "The connection was broken off (reset)",
                     "/connect starts a new talk. Whether the last command was done is not known. "
                     "A "
                     "letter whose dot got no reply may have arrived: sent again, it can arrive "
                     "twice. The server's program ended at once, or something on the way cut the "
                     "line.",
                     "RFC 1047" },
    [TALK_LOOKUP] = { "The name service was asked",
                      "MX records name the servers that take a domain's mail, the lowest number "
                      "first.",
                      "RFC 5321 5.1" },
    [TALK_CHOSEN] = { "A mail server of the domain is tried",
                      "When it cannot be reached, or greets with 4yz or 5yz, the next one's turn "
                      "comes.",
                      "RFC 5321 5.1" },
    [TALK_NO_MX] = { "There is no mail server to connect to",
                     "The MX records of a domain name the servers that take its mail, and these "
                     "name none that can be tried. Check how the domain is spelt.",
                     "RFC 5321 5.1; RFC 7505" },
    [TALK_TLS_STARTING] = { "The TLS handshake begins",
                            "Both sides agree on a cipher, and the server shows its certificate.",
                            "RFC 3207 4" },
    [TALK_TLS_DONE] = { "From here on everything travels encrypted",
                        "Nobody on the way can read it. What the server offered in plain text "
                        "before no longer counts: after STARTTLS the client sends EHLO again.",
                        "RFC 3207 4.2" },
    [TALK_TLS_DETAIL] = { "About the encryption", "/tls shows all of it.", "RFC 8446" },
    [TALK_TLS_VERIFIED] = { "The certificate is the server's own",
                            "A CA that this computer trusts signed it, for this name, and it has "
                            "not expired.",
                            "RFC 9525" },
    [TALK_TLS_UNVERIFIED] = { "The certificate is not verified",
                              "The talk is encrypted, but with whom is not certain. Secrets wait "
                              "until /trust says that this server is the right one.",
                              "RFC 9525" },
    [TALK_TLS_TRUSTED] = { "You trust this certificate",
                           "The program could not verify it. From here on secrets are sent to this "
                           "server all the same.",
                           "RFC 9525" },
    [TALK_TLS_DISCARDED] = { "Octets that came before the encryption were thrown away",
                             "Whoever stands between two programs can slip them in: they would be "
                             "taken for something said inside TLS. This is an attack, or a serious "
                             "mistake of the other side.",
                             "RFC 3207 4.2" },
    [TALK_TLS_FAILED] = { "The TLS handshake failed",
                          "The connection is of no more use. /connect starts a new talk.",
                          "RFC 3207 4.1" },
    [TALK_UNRECORDED] = { "The talk goes on, but nothing more of it is kept",
                          "This program keeps only so much of what it sees. The client is served "
                          "as before.",
                          "" },
    [TALK_STOPPED] = { "This program ended the talk",
                       "What came before is kept. /connect starts a new talk.", "" },
};

/* What to try comes first: a small screen shows no more. */
static const char blocked[] =
    "Many networks block outgoing connections to port 25, to keep spam in. Try port 587, or "
    "another "
    "network, or ask your provider. Or the host is down: nothing at all came back. On port 587 "
    "people log in and hand in their letters.";

static const char encrypted_port[] =
    "On port 465 TLS comes first: the server waits for the handshake and says nothing in plain "
    "text.";

void notes_event(enum talk_event e, struct span detail, unsigned port,
                 const struct notes_style *style, struct buf *out)
{
    const struct event_words *row = &rows[e];
    const char *means = row->means, *source = row->source;

    buf_add_text(out, row->what);
    if (detail.len) {
        buf_add_text(out, ": ");
        notes_add_peer(out, detail, DETAIL_MAX);
    }
    if (e == TALK_CONNECT_TIMEOUT && port == PORT_SMTP) {
        means = blocked;
        source = "RFC 5068 4";
    } else if (e == TALK_CONNECTED && port == PORT_SUBMISSIONS) {
        means = encrypted_port;
        source = "RFC 8314 3.3";
    }
    buf_printf(out, ". %s", means);
    if (source[0])
        notes_add_source(out, style, source);
}
