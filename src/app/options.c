#include "app/options.h"

#include <limits.h>

#include "base/buf.h"
#include "base/near.h"
#include "engine/persona.h"
#include "net/address.h"

#define AT(field) offsetof(struct options, field)

const struct option_row option_rows[] = {
    { "plain", 0, "", "lines, no full screen; the default without a terminal",
      IN_LAB | IN_CONNECT | IN_SERVE, OPTION_FLAG, AT(plain) },
    { "no-color", 0, "", "no colors; NO_COLOR in the environment does the same", IN_ALL_MODES,
      OPTION_FLAG, AT(no_color) },
    { "ascii", 0, "", "nothing but ASCII on the screen", IN_ALL_MODES, OPTION_FLAG, AT(ascii) },
    { "level", 0, "learner|admin", "for whom it explains; the lab: learner, hosts: admin",
      IN_ALL_MODES, OPTION_CHOICE, AT(level) },
    { "sources", 0, "", "name the RFC and section behind explanations", IN_ALL_MODES, OPTION_FLAG,
      AT(sources) },
    { "show-secrets", 0, "", "show and save passwords, which are masked otherwise", IN_ALL_MODES,
      OPTION_FLAG, AT(show_secrets) },
    { "name", 0, "NAME", "the name you give in HELO and EHLO, as Tab writes it",
      IN_LAB | IN_CONNECT | IN_SEND | IN_REPLAY, OPTION_TEXT, AT(name) },
    { "timeout", 0, "SECONDS", "wait so long for a connection or a piped line's reply",
      IN_LAB | IN_CONNECT | IN_SEND | IN_REPLAY, OPTION_NUMBER, AT(timeout) },
    { "record", 0, "FILE", "write the dialogue to FILE as a script, as it happens",
      IN_LAB | IN_CONNECT | IN_REPLAY | IN_SERVE, OPTION_TEXT, AT(record) },
    { "pace", 0, "real|instant", "replay: wait as the person did, or not (the default)", IN_REPLAY,
      OPTION_CHOICE, AT(pace) },
    { "tls", 0, "", "TLS from the first octet on (port 465 unless named)",
      IN_CONNECT | IN_SEND | IN_REPLAY, OPTION_FLAG, AT(tls) },
    { "starttls", 0, "", "encrypt the talk with STARTTLS, or end it", IN_CONNECT | IN_SEND,
      OPTION_FLAG, AT(starttls) },
    { "ca", 0, "FILE", "trust the CAs in FILE (PEM), not the system's",
      IN_LAB | IN_CONNECT | IN_SEND | IN_REPLAY, OPTION_TEXT, AT(ca) },
    { "cert", 0, "FILE", "your certificate, PEM, for AUTH EXTERNAL",
      IN_CONNECT | IN_SEND | IN_REPLAY, OPTION_TEXT, AT(cert) },
    { "key", 0, "FILE", "its key, PEM; without it in the certificate's file",
      IN_CONNECT | IN_SEND | IN_REPLAY, OPTION_TEXT, AT(key) },
    { "insecure", 0, "", "go on where a server's certificate is not verified",
      IN_LAB | IN_CONNECT | IN_SEND | IN_REPLAY, OPTION_FLAG, AT(insecure) },
    { "auth", 0, "USER", "log in as USER, by the best method offered", IN_CONNECT | IN_SEND,
      OPTION_TEXT, AT(auth) },
    { "password-file", 0, "FILE", "the password (else: SMTPSCOPE_PASSWORD, or asked for)",
      IN_CONNECT | IN_SEND | IN_REPLAY, OPTION_TEXT, AT(password_file) },
    { "mx", 0, "", "HOST is a domain: try its mail servers (MX) in turn", IN_CONNECT | IN_SEND,
      OPTION_FLAG, AT(mx) },
    { "lmtp", 0, "", "it speaks LMTP: greet with LHLO (port 24 unless named)", IN_CONNECT | IN_SEND,
      OPTION_FLAG, AT(lmtp) },
    { "source", 0, "ADDR", "connect from this address of ours", IN_CONNECT | IN_SEND | IN_REPLAY,
      OPTION_TEXT, AT(source) },
    { "proxy-header", 0, "v1|v2", "say first for whom we connect, as a proxy does",
      IN_CONNECT | IN_SEND | IN_REPLAY, OPTION_CHOICE, AT(proxy_header) },
    { "", '4', "", "connect by IPv4 only", IN_CONNECT | IN_SEND | IN_REPLAY, OPTION_FLAG,
      AT(only_v4) },
    { "", '6', "", "connect by IPv6 only", IN_CONNECT | IN_SEND | IN_REPLAY, OPTION_FLAG,
      AT(only_v6) },
    { "help", 'h', "", "show this help", IN_ALL_MODES, OPTION_FLAG, AT(help) },
    { "version", 0, "", "show the version", IN_ALL_MODES, OPTION_FLAG, AT(version) },
    { "from", 0, "ADDR", "who sends it (MAIL FROM)", IN_SEND, OPTION_TEXT, AT(send.from) },
    { "to", 0, "ADDR,ADDR", "who gets it (RCPT TO); several times, or with commas", IN_SEND,
      OPTION_LIST, AT(send.to) },
    { "cc", 0, "ADDR,ADDR", "the same, named in the Cc field", IN_SEND, OPTION_LIST, AT(send.cc) },
    { "subject", 0, "TEXT", "the Subject field", IN_SEND, OPTION_TEXT, AT(send.subject) },
    { "header", 0, "FIELD", "one more: 'Reply-To: bob@example.org'; several times", IN_SEND,
      OPTION_LIST, AT(send.headers) },
    { "body", 0, "TEXT", "the text; it gets a header", IN_SEND, OPTION_TEXT, AT(send.body) },
    { "file", 0, "FILE", "a whole letter, sent as it is (-: standard input)", IN_SEND, OPTION_TEXT,
      AT(send.file) },
    { "json", 0, "", "say at the end what became of it, as JSON", IN_SEND, OPTION_FLAG,
      AT(send.json) },
    { "quiet", 0, "", "show nothing but complaints", IN_SEND, OPTION_FLAG, AT(send.quiet) },
    { "persona", 0, PERSONA_NAMES, "whose codes and words our own server speaks (strict)",
      IN_LAB | IN_SERVE, OPTION_CHOICE, AT(persona) },
    { "listen", 0, "ADDR:PORT", "where clients connect (127.0.0.1:2525); port 0: any", IN_SERVE,
      OPTION_LIST, AT(serve.listen) },
    { "tls-listen", 0, "ADDR:PORT", "the same, with TLS from the first octet on", IN_SERVE,
      OPTION_LIST, AT(serve.tls_listen) },
    { "config", 0, "FILE", "all this and faults, in YAML; the command line wins", IN_SERVE,
      OPTION_TEXT, AT(serve.config) },
    { "example-config", 0, "", "print such a file, with every key explained, and end", IN_SERVE,
      OPTION_FLAG, AT(serve.example_config) },
    { "hostname", 0, "NAME", "the server's name, as its greeting says it", IN_SERVE, OPTION_TEXT,
      AT(serve.hostname) },
    { "store", 0, "WHERE", "letters go to: none, memory (default) or maildir:DIR", IN_SERVE,
      OPTION_TEXT, AT(serve.store) },
    { "domain", 0, "NAME", "only these are local; without it all recipients are", IN_SERVE,
      OPTION_LIST, AT(serve.domains) },
    { "size-limit", 0, "SIZE", "refuse larger letters; octets, or with K, M, G behind", IN_SERVE,
      OPTION_SIZE, AT(serve.size_limit) },
    { "tls-cert", 0, "FILE", "certificate and chain, PEM; without it one is made", IN_SERVE,
      OPTION_TEXT, AT(serve.tls_cert) },
    { "tls-key", 0, "FILE", "its key, PEM; without it in the certificate's file", IN_SERVE,
      OPTION_TEXT, AT(serve.tls_key) },
    { "client-ca", 0, "FILE", "ask clients for certificates of these CAs (EXTERNAL)", IN_SERVE,
      OPTION_TEXT, AT(serve.client_ca) },
    { "export-ca", 0, "FILE", "write the CA of what is made (-: print it), and end", IN_SERVE,
      OPTION_TEXT, AT(serve.export_ca) },
    { "no-tls", 0, "", "offer no STARTTLS", IN_SERVE, OPTION_FLAG, AT(serve.no_tls) },
    { "require-tls", 0, "", "take no letter before STARTTLS", IN_SERVE, OPTION_FLAG,
      AT(serve.require_tls) },
    { "auth", 0, "USER:PASS", "who may log in; may be given several times", IN_SERVE, OPTION_LIST,
      AT(serve.users) },
    { "auth-without-tls", 0, "", "let them do it in plain text, too", IN_SERVE, OPTION_FLAG,
      AT(serve.auth_without_tls) },
    { "require-auth", 0, "", "take no letter before AUTH", IN_SERVE, OPTION_FLAG,
      AT(serve.require_auth) },
    { "lmtp", 0, "", "speak LMTP (RFC 2033): a reply for each recipient", IN_SERVE, OPTION_FLAG,
      AT(serve.lmtp) },
    { "without", 0, "EXTENSION", "do not offer it: --without PIPELINING", IN_SERVE, OPTION_LIST,
      AT(serve.without) },
    { "proxy-protocol", 0, "ADDR[/BITS]", "a proxy is there: expect its PROXY header, v1 or v2",
      IN_SERVE, OPTION_LIST, AT(serve.proxies) },
    { "max-clients", 0, "N", "at once; one more gets 421", IN_SERVE, OPTION_COUNT,
      AT(serve.clients_max) },
    { "max-clients-per-host", 0, "N", "at once from one address", IN_SERVE, OPTION_COUNT,
      AT(serve.clients_per_host_max) },
    { "exit-after", 0, "N", "end when N letters are stored", IN_SERVE, OPTION_COUNT,
      AT(serve.exit_after) },
    { "log", 0, "text|json|none", "how standard output tells what happens (text)", IN_SERVE,
      OPTION_CHOICE, AT(serve.log) },
};
const size_t option_count = sizeof option_rows / sizeof option_rows[0];

/* Sets err to a sentence about a word of the command line. */
static bool refuse(struct error *err, const char *before, const char *word, const char *after)
{
    struct buf shown = { 0 };

    buf_add(&shown, span_first(span_of(word), 80));
    error_set(err, "%s%s%s", before, buf_text(&shown), after);
    buf_release(&shown);
    return false;
}

static const struct option_row *by_name(struct span name)
{
    for (size_t i = 0; i < option_count; i++)
        if (name.len && span_eq(name, span_of(option_rows[i].name)))
            return &option_rows[i];
    return NULL;
}

static const struct option_row *by_letter(char letter)
{
    for (size_t i = 0; i < option_count; i++)
        if (letter && option_rows[i].letter == letter)
            return &option_rows[i];
    return NULL;
}

static bool refuse_unknown(struct error *err, const char *word, struct span name)
{
    const struct option_row *best = NULL;
    unsigned best_score = 0;
    struct buf after = { 0 };

    for (size_t i = 0; i < option_count; i++) {
        unsigned score;

        if (near_enough(name, span_of(option_rows[i].name), &score) &&
            (!best || score < best_score)) {
            best = &option_rows[i];
            best_score = score;
        }
    }
    if (best)
        buf_printf(&after, "; --%s?", best->name);
    else
        buf_add_text(&after, "; --help shows them all");
    refuse(err, "no option ", word, buf_text(&after));
    buf_release(&after);
    return false;
}

/* "--level" or "-4", as the person may have written it. */
static const char *row_name(const struct option_row *row, char out[40])
{
    struct buf b = { 0 };

    if (row->name[0])
        buf_printf(&b, "--%s", row->name);
    else
        buf_printf(&b, "-%c", row->letter);
    memcpy(out, buf_text(&b), b.len + 1);
    buf_release(&b);
    return out;
}

static bool set_choice(void *field, const struct option_row *row, const char *value)
{
    struct span rest = span_of(row->argument);

    for (int i = 1; rest.len; i++)
        if (span_eq(span_cut(rest, '|', &rest), span_of(value))) {
            *(int *)field = i;
            return true;
        }
    return false;
}

static bool set_number(unsigned *field, const struct option_row *row, const char *value,
                       unsigned max, struct error *err)
{
    uint64_t number;
    char name[40];

    if (span_number(span_of(value), &number) && number >= 1 && number <= max) {
        *field = (unsigned)number;
        return true;
    }
    error_set(err, "%s needs a whole number from 1 to %u", row_name(row, name), max);
    return false;
}

/* "100000", "25M". */
static bool set_size(uint64_t *field, const struct option_row *row, const char *value,
                     struct error *err)
{
    static const char units[] = "KMG";
    struct span digits = span_of(value);
    const char *unit = digits.len ? strchr(units, ascii_upper(digits.at[digits.len - 1])) : NULL;
    unsigned shift = 0;
    uint64_t number;
    char name[40];

    if (unit) {
        shift = 10 * (unsigned)(unit - units + 1);
        digits.len--;
    }
    if (span_number(digits, &number) && number >= 1 && number <= OPTION_SIZE_MAX >> shift) {
        *field = number << shift;
        return true;
    }
    error_set(err, "%s needs a number of octets, such as 100000, 500K or 25M", row_name(row, name));
    return false;
}

static bool add_to_list(struct option_list *list, const struct option_row *row, char *value,
                        struct error *err)
{
    char name[40];

    if (!*value)
        error_set(err, "%s needs %s, which is empty here", row_name(row, name), row->argument);
    else if (list->count == OPTION_LIST_MAX)
        error_set(err, "%s may be given %d times at most", row_name(row, name), OPTION_LIST_MAX);
    else
        list->at[list->count++] = value;
    return *value && list->at[list->count - 1] == value;
}

static bool set_value(struct options *o, const struct option_row *row, char *value,
                      struct error *err)
{
    void *field = (char *)o + row->at;
    char name[40];

    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)field = true;
        return true;
    case OPTION_TEXT:
        if (!*value)
            error_set(err, "%s needs %s, which is empty here", row_name(row, name), row->argument);
        *(const char **)field = value;
        return *value != '\0';
    case OPTION_NUMBER:
        return set_number(field, row, value, OPTION_NUMBER_MAX, err);
    case OPTION_COUNT:
        return set_number(field, row, value, OPTION_COUNT_MAX, err);
    case OPTION_SIZE:
        return set_size(field, row, value, err);
    case OPTION_LIST:
        return add_to_list(field, row, value, err);
    case OPTION_CHOICE:
        if (set_choice(field, row, value))
            return true;
        error_set(err, "%s is one of %s", row_name(row, name), row->argument);
        return false;
    }
    return false;
}

/* The command line being read. */
struct reader {
    int argc, at;
    char **argv;
    const struct option_row *narrow[sizeof option_rows / sizeof option_rows[0]]; /* those used */
    size_t narrow_count;
};

/* Once is enough, however often it was given. */
static void note_use(struct reader *r, const struct option_row *row)
{
    for (size_t i = 0; i < r->narrow_count; i++)
        if (r->narrow[i] == row)
            return;
    r->narrow[r->narrow_count++] = row;
}

static bool same_option(const struct option_row *a, const struct option_row *b)
{
    return a == b || (a->name[0] && strcmp(a->name, b->name) == 0);
}

unsigned option_modes(const struct option_row *row)
{
    unsigned all = 0;

    for (size_t i = 0; i < option_count; i++)
        if (same_option(&option_rows[i], row))
            all |= option_rows[i].modes;
    return all;
}

static bool take(struct reader *r, struct options *o, const struct option_row *row, char *value,
                 struct error *err)
{
    char name[40];

    if (row->kind == OPTION_FLAG && value) {
        error_set(err, "%s takes no value", row_name(row, name));
        return false;
    }
    if (row->kind != OPTION_FLAG && !value && r->at < r->argc)
        value = r->argv[r->at++];
    if (row->kind != OPTION_FLAG && !value) {
        error_set(err, "%s needs %s after it", row_name(row, name), row->argument);
        return false;
    }
    note_use(r, row);
    if (!set_value(o, row, value, err))
        return false;
    /* The mode is not known yet, and the name may mean another thing in another one. */
    for (size_t i = 0; i < option_count; i++)
        if (&option_rows[i] != row && same_option(&option_rows[i], row) &&
            !set_value(o, &option_rows[i], value, err))
            return false;
    return true;
}

static bool take_long(struct reader *r, struct options *o, char *word, struct error *err)
{
    struct span value, name = span_cut(span_of(word + 2), '=', &value);
    const struct option_row *row = by_name(name);
    bool given = name.len < strlen(word + 2);

    if (!row)
        return refuse_unknown(err, word, name);
    return take(r, o, row, given ? word + 2 + name.len + 1 : NULL, err);
}

/* "-4", "-h". Letters are flags, all of them. */
static bool take_letters(struct reader *r, struct options *o, const char *word, struct error *err)
{
    for (const char *letter = word + 1; *letter; letter++) {
        const struct option_row *row = by_letter(*letter);

        if (!row)
            return refuse_unknown(err, word, span_of(word + 1));
        if (!take(r, o, row, NULL, err))
            return false;
    }
    return true;
}

/* Is this word likely to be meant for that mode? A letter more than for options: a mistake costs a
 * look-up on the network here. */
static bool resembles(struct span word, struct span mode, unsigned *score)
{
    if (near_enough(word, mode, score))
        return true;
    if (word.len < 5 || mode.len < 5 || word.len > NEAR_WORD_MAX || mode.len > NEAR_WORD_MAX)
        return false;
    *score = 2 * near_distance(word, mode);
    return *score <= 4;
}

static const char *nearest_mode(struct span word, unsigned *best_score)
{
    const char *best = NULL;
    unsigned score;

    *best_score = UINT_MAX;
    for (size_t i = 0; modes[i]; i++)
        if (modes[i]->word && resembles(word, span_of(modes[i]->word), &score) &&
            score < *best_score) {
            best = modes[i]->word;
            *best_score = score;
        }
    return best;
}

/* Words that people expect of a mail tool, and that name no mode here. */
static const struct {
    const char *word, *instead;
} others[] = {
    { "learn", "lessons are in the lab: start smtpscope and type /learn" },
    { "lesson", "lessons are in the lab: start smtpscope and type /learn" },
    { "help", "--help?" },
    { "version", "--version?" },
    { "probe", "" },
    { "compare", "" },
    { "proxy", "" },
};

/* What to say to a first word without a dot that is probably no host: NULL, it may be one. Such a
 * word is asked back, never looked up. */
static const char *instead_of(struct span word, unsigned *best_score)
{
    const char *best = NULL;
    unsigned score;

    *best_score = UINT_MAX;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (resembles(word, span_of(others[i].word), &score) && score < *best_score) {
            best = others[i].instead;
            *best_score = score;
        }
    return best;
}

static void add_modes(struct buf *out)
{
    buf_add_text(out, "the modes are");
    for (size_t i = 0; modes[i]; i++)
        if (modes[i]->word)
            buf_printf(out, " %s", modes[i]->word);
}

static bool refuse_word(const char *word, struct error *err)
{
    unsigned mode_score, instead_score;
    const char *mode = nearest_mode(span_of(word), &mode_score);
    const char *instead = instead_of(span_of(word), &instead_score);
    struct buf after = { 0 };

    if (!mode && !instead)
        return false;
    buf_add_text(&after, "'; ");
    if (mode && mode_score < instead_score) {
        buf_printf(&after, "%s?", mode);
    } else if (*instead) {
        buf_add_text(&after, instead);
    } else {
        add_modes(&after);
        buf_add_text(&after, "; a host of that name needs its port, as in HOST:25");
    }
    refuse(err, "no mode '", word, buf_text(&after));
    buf_release(&after);
    return true;
}

/* The first word: a mode's, or a host. */
static bool choose_mode(struct options *o, struct error *err)
{
    const char *word = o->word_count ? o->words[0] : NULL;
    unsigned port;

    o->mode = word ? &mode_connect : &mode_lab;
    for (size_t i = 0; word && modes[i]; i++)
        if (modes[i]->word && strcmp(modes[i]->word, word) == 0) {
            o->mode = modes[i];
            o->words++;
            o->word_count--;
            return true;
        }
    if (!word || strpbrk(word, ".:"))
        return true;
    if (o->word_count > 1 && address_parse_port(o->words[1], &port, NULL))
        return true; /* HOST PORT: meant as one */
    return !refuse_word(word, err);
}

/* "smtpscope replay SCRIPT [HOST[:PORT]]", where the number of words is wrong. */
static bool count_words(const struct options *o, struct error *err)
{
    const struct mode *m = o->mode;

    if (o->word_count < m->words_min) {
        error_set(err, "something is missing: smtpscope %s", m->usage);
        return false;
    }
    if (m->words_max >= 0 && o->word_count > m->words_max)
        return refuse(err, "one word too many: '", o->words[m->words_max],
                      m == &mode_lab ? "'; the lab takes none" : "'");
    return true;
}

/* Options that exclude each other, or their words. */
static bool check_together(const struct options *o, struct error *err)
{
    if (o->only_v4 && o->only_v6)
        error_set(err, "-4 and -6 exclude each other");
    else if (o->tls && o->starttls)
        error_set(err, "--tls and --starttls exclude each other: TLS comes first, or is asked for");
    else
        return true;
    return false;
}

static bool check_modes(const struct options *o, const struct reader *r, struct error *err)
{
    char name[40];

    for (size_t i = 0; i < r->narrow_count; i++) {
        const struct option_row *row = r->narrow[i];
        const char *word = o->mode->word ? o->mode->word : "a connection";

        if (option_modes(row) & (unsigned)o->mode->bit)
            continue;
        error_set(err, "%s has no meaning for %s; --help says where it has", row_name(row, name),
                  word);
        return false;
    }
    return check_together(o, err);
}

bool options_parse(struct options *o, int argc, char **argv, struct error *err)
{
    struct reader r = { .argc = argc, .at = 1, .argv = argv };
    bool only_words = false;
    int words = 1;

    *o = (struct options){ 0 };
    while (r.at < r.argc) {
        char *word = argv[r.at++];
        bool good = true;

        if (only_words || word[0] != '-' || !word[1])
            argv[words++] = word;
        else if (strcmp(word, "--") == 0)
            only_words = true;
        else
            good = word[1] == '-' ? take_long(&r, o, word, err) : take_letters(&r, o, word, err);
        if (!good)
            return false;
        if (o->help || o->version)
            return true;
    }
    o->words = argv + 1;
    o->word_count = words - 1;
    return choose_mode(o, err) && count_words(o, err) && check_modes(o, &r, err);
}
