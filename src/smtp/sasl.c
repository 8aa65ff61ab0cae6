#include "smtp/sasl.h"

#include <assert.h>

static const struct {
    struct span name;
    const char *about, *source;
} mechanisms[AUTH_MECHANISM_COUNT] = { [AUTH_UNKNOWN] = { SPAN_INIT(""), "", "" },
#define X(id, name, about, source) [AUTH_##id] = { SPAN_INIT(name), about, source },
                                       AUTH_MECHANISMS(X)
#undef X
};

enum auth_mechanism auth_mechanism_of(struct span name)
{
    for (int m = AUTH_UNKNOWN + 1; m < AUTH_MECHANISM_COUNT; m++)
        if (span_eq_nocase(name, mechanisms[m].name))
            return (enum auth_mechanism)m;
    return AUTH_UNKNOWN;
}

const char *auth_mechanism_name(enum auth_mechanism m)
{
    return (const char *)mechanisms[m].name.at;
}

const char *auth_mechanism_about(enum auth_mechanism m)
{
    return mechanisms[m].about;
}

const char *auth_mechanism_source(enum auth_mechanism m)
{
    return mechanisms[m].source;
}

static void add(struct sasl_parts *out, const char *name, const char *means, struct span text)
{
    assert(out->count < SASL_PARTS_MAX);
    out->at[out->count++] = (struct sasl_part){ name, means, text, false };
}

static void add_secret(struct sasl_parts *out, const char *name, const char *means,
                       struct span text)
{
    add(out, name, means, text);
    out->at[out->count - 1].secret = true;
}

static void add_user(struct sasl_parts *out, struct span text)
{
    add(out, "user", "The user who logs in.", text);
}

static void add_acts_for(struct sasl_parts *out, struct span text)
{
    if (text.len)
        add(out, "acts for",
            "The authorisation identity: in whose name the user wants to act; mostly it is left "
            "out.",
            text);
}

/* The server of a mechanism that begins with the client, where nothing came with AUTH. */
static bool ready(unsigned step, struct span s, struct sasl_parts *out)
{
    out->what = "the server is ready for the client's message";
    return step == 0 && !s.len;
}

static bool plain(bool client, unsigned step, struct span s, struct sasl_parts *out)
{
    struct span acts_for, user, password;

    if (!client)
        return ready(step, s, out);
    if (step || span_find(s, '\0') == s.len)
        return false;
    acts_for = span_cut(s, '\0', &user);
    if (span_find(user, '\0') == user.len)
        return false;
    user = span_cut(user, '\0', &password);
    if (span_find(password, '\0') < password.len)
        return false;
    out->what = "three parts with a NUL octet between them";
    add_acts_for(out, acts_for);
    add_user(out, user);
    add_secret(out, "password", "The password as it is.", password);
    return true;
}

static bool login(bool client, unsigned step, struct span s, struct sasl_parts *out)
{
    if (step > 1 || span_find(s, '\0') + 1 < s.len) /* "User Name\0", as the draft has it */
        return false;
    if (!client) {
        out->what = "the server's question";
        add(out, "question", "What the server wants to know; the words may differ.",
            span_first(s, span_find(s, '\0')));
        return true;
    }
    if (span_find(s, '\0') < s.len)
        return false;
    out->what = step ? "the password" : "the user";
    if (step)
        add_secret(out, "password", "The password as it is.", s);
    else
        add_user(out, s);
    return true;
}

static bool is_hex(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!ascii_is_digit(s.at[i]) &&
            !(ascii_lower(s.at[i]) >= 'a' && ascii_lower(s.at[i]) <= 'f'))
            return false;
    return true;
}

#define MD5_HEX 32

static bool cram(bool client, unsigned step, struct span s, struct sasl_parts *out)
{
    if (step)
        return false;
    if (!client) {
        out->what = "the server's challenge";
        add(out, "challenge", "A text that the server makes up anew for each login.", s);
        return s.len != 0;
    }
    if (s.len < MD5_HEX + 2 || s.at[s.len - MD5_HEX - 1] != ' ' ||
        !is_hex(span_from(s, s.len - MD5_HEX)))
        return false;
    out->what = "the user and a digest";
    add_user(out, span_first(s, s.len - MD5_HEX - 1));
    add_secret(out, "digest",
               "A digest (HMAC-MD5) of the challenge, made with the password. Whoever sees both "
               "can try out passwords.",
               span_from(s, s.len - MD5_HEX));
    return true;
}

/* SCRAM's parts, one letter each, by the message they stand in (RFC 5802 5.1). */
static const struct scram_row {
    char letter;
    bool secret;
    const char *name, *means;
} scram_rows[] = {
    { 'n', false, "user", "The user who logs in; a comma in it is written =2C, \"=\" is =3D." },
    { 'r', false, "nonce",
      "Octets made up for this login only, so that nothing heard before can be used again. The "
      "server adds its own to the client's." },
    { 's', false, "salt", "The server's: it is mixed with the password before hashing." },
    { 'i', false, "rounds", "How often the password is hashed: it makes guessing slow." },
    { 'c', false, "binding",
      "The header of the first message again, and with -PLUS what ties the login to this TLS "
      "connection; in base64." },
    { 'p', true, "proof",
      "The client's proof that it knows the password. With the messages before it passwords can "
      "be tried out." },
    { 'v', true, "signature",
      "The server's proof that it knows the password, too. The client checks it." },
    { 'e', false, "error", "Why the server does not take the login." },
};

static const struct scram_row *scram_row(char letter)
{
    for (size_t i = 0; i < sizeof scram_rows / sizeof scram_rows[0]; i++)
        if (scram_rows[i].letter == letter)
            return &scram_rows[i];
    return NULL;
}

/* Parts in this order, each once; others are extensions and are passed over. The first letter
 * must be there, and the last. */
static bool scram_parts(struct span s, const char *letters, struct sasl_parts *out)
{
    const char *due = letters;

    while (s.len) {
        struct span part = span_cut(s, ',', &s);
        const struct scram_row *row;

        if (part.len < 2 || part.at[1] != '=' || !ascii_is_alpha(part.at[0]))
            return false;
        if (!*due || part.at[0] != (unsigned char)*due)
            continue;
        row = scram_row(*due++);
        add(out, row->name, row->means, span_from(part, 2));
        out->at[out->count - 1].secret = row->secret;
    }
    return !*due;
}

/* "n,," "y,," "p=tls-exporter,a=bob," (RFC 5801 4). */
static bool gs2_header(struct span *s, struct sasl_parts *out)
{
    struct span flag = span_cut(*s, ',', s), acts_for;

    if (span_find(*s, ',') == s->len)
        return false;
    acts_for = span_cut(*s, ',', s);
    if (acts_for.len && !span_starts(acts_for, SPAN("a=")))
        return false;
    if (span_starts(flag, SPAN("p=")))
        add(out, "binds to TLS by", "The login is tied to this TLS connection, in this way.",
            span_from(flag, 2));
    else if (span_eq(flag, SPAN("y")))
        add(out, "binding", "The client could bind to TLS, and thinks that the server cannot.",
            flag);
    else if (!span_eq(flag, SPAN("n")))
        return false;
    add_acts_for(out, span_from(acts_for, 2));
    return true;
}

static bool scram_server(unsigned step, struct span s, struct sasl_parts *out)
{
    switch (step) {
    case 0:
        return ready(step, s, out);
    case 1:
        out->what = "the server's first message";
        return scram_parts(s, "rsi", out);
    case 2:
        out->what = "the server's proof";
        return scram_parts(s, span_starts(s, SPAN("e=")) ? "e" : "v", out);
    default:
        return false;
    }
}

static bool scram_client(unsigned step, struct span s, struct sasl_parts *out)
{
    switch (step) {
    case 0:
        out->what = "the client's first message";
        return gs2_header(&s, out) && scram_parts(s, "nr", out);
    case 1:
        out->what = "the client's proof";
        return scram_parts(s, "crp", out);
    case 2:
        out->what = "an empty answer to the server's proof";
        return !s.len;
    default:
        return false;
    }
}

/* A member of a JSON object whose value is a string without escapes; empty: there is none. */
static struct span json_text(struct span s, struct span quoted_key)
{
    size_t at = span_search(s, quoted_key, 0, false);
    struct span rest;

    if (at == SPAN_NOT_FOUND)
        return (struct span){ 0 };
    rest = span_trim(span_from(s, at + quoted_key.len));
    if (!span_starts(rest, SPAN(":")))
        return (struct span){ 0 };
    rest = span_trim(span_from(rest, 1));
    if (!span_starts(rest, SPAN("\"")))
        return (struct span){ 0 };
    return span_first(span_from(rest, 1), span_find(span_from(rest, 1), '"'));
}

static bool bearer_error(struct span s, struct sasl_parts *out)
{
    static const struct {
        struct span key;
        const char *name, *means;
    } rows[] = {
        { SPAN_INIT("\"status\""), "status", "Why the server does not take the token." },
        { SPAN_INIT("\"schemes\""), "schemes", "Which kinds of token it takes." },
        { SPAN_INIT("\"scope\""), "scope", "What a token must be allowed to do." },
        { SPAN_INIT("\"openid-configuration\""), "configuration",
          "Where the service that gives out tokens describes itself." },
    };

    out->what = "the server's error, in JSON";
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct span text = json_text(s, rows[i].key);

        if (text.len)
            add(out, rows[i].name, rows[i].means, text);
    }
    return out->count && span_starts(span_trim(s), SPAN("{"));
}

#define SEPARATOR 0x01

/* key=value, each ended by octet 1; another one ends the message. */
static bool bearer_pairs(struct span s, struct sasl_parts *out)
{
    bool token = false;

    while (s.len && s.at[0] != SEPARATOR) {
        struct span value = span_cut(s, SEPARATOR, &s), key = span_cut(value, '=', &value);

        if (span_eq(key, SPAN("auth")) && !token) {
            token = true;
            add_secret(out, "token", "What stands for the password; whoever has it is let in.",
                       value);
        } else if (span_eq(key, SPAN("user")) && out->count < 3) {
            add_user(out, value);
        } else if (span_eq(key, SPAN("host")) && out->count < 4) {
            add(out, "host", "The server that the client means.", value);
        } else if (span_eq(key, SPAN("port")) && out->count < 5) {
            add(out, "port", "And its port.", value);
        }
    }
    return token && s.len == 1;
}

static bool oauthbearer_first(struct span s, struct sasl_parts *out)
{
    struct span rest;

    if (!gs2_header(&s, out) || !s.len || s.at[0] != SEPARATOR)
        return false;
    for (unsigned i = 0; i < out->count; i++) /* here it names the user */
        if (span_eq(span_of(out->at[i].name), SPAN("acts for"))) {
            rest = out->at[i].text;
            out->count = i;
            add_user(out, rest);
        }
    return bearer_pairs(span_from(s, 1), out);
}

static bool bearer(enum auth_mechanism m, bool client, unsigned step, struct span s,
                   struct sasl_parts *out)
{
    if (!client)
        return step == 1 ? bearer_error(s, out) : ready(step, s, out);
    out->what = step ? "an empty answer to the server's error" : "the user and a token";
    if (step)
        return step == 1 && (!s.len || span_eq(s, SPAN("\1")));
    return m == AUTH_OAUTHBEARER ? oauthbearer_first(s, out) : bearer_pairs(s, out);
}

static bool external(bool client, unsigned step, struct span s, struct sasl_parts *out)
{
    if (!client)
        return ready(step, s, out);
    if (step || span_find(s, '\0') < s.len)
        return false;
    out->what =
        s.len ? "who the client wants to be" : "an empty message: the certificate says it all";
    add_acts_for(out, s);
    return true;
}

static bool read_message(enum auth_mechanism m, bool client, unsigned step, struct span s,
                         struct sasl_parts *out)
{
    switch (m) {
    case AUTH_PLAIN:
        return plain(client, step, s, out);
    case AUTH_LOGIN:
        return login(client, step, s, out);
    case AUTH_CRAM_MD5:
        return cram(client, step, s, out);
    case AUTH_SCRAM_SHA_1:
    case AUTH_SCRAM_SHA_1_PLUS:
    case AUTH_SCRAM_SHA_256:
    case AUTH_SCRAM_SHA_256_PLUS:
        return client ? scram_client(step, s, out) : scram_server(step, s, out);
    case AUTH_EXTERNAL:
        return external(client, step, s, out);
    case AUTH_OAUTHBEARER:
    case AUTH_XOAUTH2:
        return bearer(m, client, step, s, out);
    default:
        return false;
    }
}

bool sasl_read(enum auth_mechanism m, bool client, unsigned step, struct span octets,
               struct sasl_parts *out)
{
    *out = (struct sasl_parts){ .what = "" };
    if (read_message(m, client, step, octets, out))
        return true;
    *out = (struct sasl_parts){ .what = "" };
    return false;
}
