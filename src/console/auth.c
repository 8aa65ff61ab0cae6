/*
 * /auth: a whole login by one command. The best method that the server offers is taken where none
 * is named; the password is asked for at a prompt that hides it. One attempt for each request: a
 * second one is the person's to make, for servers count them.
 *
 * Sources: RFC 4954 3 to 5 and 9; net/sasl.h for the messages themselves.
 */
#include "base/mem.h"
#include "console/inner.h"
#include "live/login.h"
#include "net/sasl.h"

void auth_offered(const struct console *c, struct buf *out)
{
    if (c->current)
        login_offered(c->config.record, console_dialogue(c), out);
}

static bool is_offered(struct span offered, struct span method)
{
    while (offered.len)
        if (span_eq_nocase(span_cut(offered, ' ', &offered), method))
            return true;
    return false;
}

static void wipe(char *secret)
{
    if (secret)
        mem_wipe(secret, strlen(secret));
    mem_free(secret);
}

static void wipe_buf(struct buf *b)
{
    if (b->at)
        mem_wipe(b->at, b->cap);
    buf_release(b);
}

void auth_release(struct console *c)
{
    struct logging_in *l = &c->logging_in;

    login_free(l->talk);
    mem_free(l->mechanism);
    mem_free(l->user);
    wipe(l->secret);
    *l = (struct logging_in){ 0 };
}

static void done(struct console *c)
{
    play_seen_all(c);
    console_not_busy(c); /* which releases */
}

/* There will be no login. */
static void fail(struct console *c, int status, const char *why)
{
    bool leave = c->logging_in.unasked && c->config.alone;

    console_complain(c, "/auth: %s.", why);
    console_worsen(c, status);
    done(c);
    if (leave)
        console_leave(c, status);
}

bool auth_asks(const struct console *c)
{
    return c->logging_in.asking;
}

void auth_password(struct console *c, struct span password)
{
    c->logging_in.secret = mem_strndup(password.at, password.len);
    c->logging_in.asking = false;
}

void auth_begin(struct console *c)
{
    auth_release(c);
    c->logging_in.user = mem_strdup(c->config.auth);
    c->logging_in.unasked = true;
    c->busy = BUSY_AUTH;
}

/* "[METHOD] [USER [PASSWORD]]" */
static void read_words(struct console *c, struct span args)
{
    struct logging_in *l = &c->logging_in;
    struct span rest, word = span_cut(args, ' ', &rest);

    if (sasl_knows(word)) {
        l->mechanism = mem_strndup(word.at, word.len);
        for (char *at = l->mechanism; *at; at++)
            *at = (char)ascii_upper((unsigned char)*at);
        word = span_cut(span_trim(rest), ' ', &rest);
    }
    if (word.len)
        l->user = mem_strndup(word.at, word.len);
    else if (c->config.auth)
        l->user = mem_strdup(c->config.auth);
    if (rest.len)
        l->secret = mem_strndup(rest.at, rest.len);
}

static const char *user_wanted(const struct console *c, char words[160])
{
    if (!c->current->local || !c->config.lab_user)
        return "it needs the user's name, as in /auth alice";
    snprintf(words, 160, "it needs the user's name; this server knows %s, with the password %s",
             c->config.lab_user, c->config.lab_password);
    return words;
}

void command_auth(struct console *c, struct span args)
{
    char words[160];
    const struct observer *o = console_observer(c);
    const char *why = NULL;
    int status = STATUS_USAGE;

    auth_release(c);
    read_words(c, args);
    if (!console_talking(c)) {
        why = "it needs an open talk";
        status = c->broken ? c->broken : STATUS_CONNECT;
    } else if (o->authenticated) {
        why = "you are logged in already, and one talk has one login";
    } else if (console_prompt(c) != PROMPT_TALK) {
        why = "it has to wait: a letter, a login or a pipeline is under way";
    } else if (!c->logging_in.user) {
        why = user_wanted(c, words);
    }
    if (why)
        fail(c, status, why);
    else
        c->busy = BUSY_AUTH;
}

/* False: none can be chosen, which was said. */
static bool choose(struct console *c, bool binding)
{
    struct logging_in *l = &c->logging_in;
    struct buf offered = { 0 };
    struct span best;

    auth_offered(c, &offered);
    if (l->mechanism) {
        if (!is_offered(buf_span(&offered), span_of(l->mechanism)))
            console_say(c, "The server does not offer %s. It is asked all the same.\n",
                        l->mechanism);
    } else {
        best = sasl_best(buf_span(&offered), console_observer(c)->tls, false, binding);
        if (best.len) {
            l->mechanism = mem_strndup(best.at, best.len);
            console_say(c, "Of what the server offers (%s) the best is %s.\n", buf_text(&offered),
                        l->mechanism);
        }
    }
    if (!l->mechanism)
        fail(c, STATUS_DIFFERENT,
             offered.len ? "the server offers no method that this program knows"
             : console_observer(c)->tls
                 ? "the server offers no login here; submission servers listen on ports 587 and 465"
                 : "the server offers no login. Many offer it only after /starttls");
    buf_release(&offered);
    return c->busy == BUSY_AUTH;
}

/* In plain text a password can be read by all on the way: said first, and done when asked again. */
static bool may_show(struct console *c)
{
    struct logging_in *l = &c->logging_in;

    if (console_observer(c)->tls || c->config.insecure || c->current->local ||
        !login_shows_secret(l->mechanism))
        return true;
    if (c->config.alone) {
        fail(c, STATUS_TLS,
             "the talk is not encrypted, so all on the way could read the password. --starttls "
             "encrypts it; --insecure sends the password all the same");
        return false;
    }
    if (c->auth_warned == console_dialogue(c))
        return true;
    c->auth_warned = console_dialogue(c);
    fail(c, STATUS_TLS,
         "the talk is not encrypted, so all on the way could read the password. /starttls encrypts "
         "it. Nothing was sent; the same /auth once more sends it all the same");
    return false;
}

/* The password is at hand. False: it is asked for, or there is none. */
static bool have_secret(struct console *c)
{
    struct logging_in *l = &c->logging_in;

    if (l->secret || l->asking || strcmp(l->mechanism, "EXTERNAL") == 0)
        return !l->asking;
    if (c->config.secret) {
        l->secret = mem_strdup(c->config.secret);
        return true;
    }
    if (c->config.alone) {
        fail(
            c, STATUS_USAGE,
            "there is no password: SMTPSCOPE_PASSWORD in the environment, or --password-file FILE");
        return false;
    }
    l->asking = true;
    console_say(c, "Now type the password of %s, then Enter. It is neither shown nor kept.\n",
                l->user);
    return false;
}

static void send_secret(struct console *c, struct buf *line)
{
    buf_add_text(line, "\r\n");
    console_send(c, buf_span(line));
    wipe_buf(line);
}

/* AUTH, with the first message where the method begins with the client's. */
static void send_auth(struct console *c, struct span binding)
{
    struct logging_in *l = &c->logging_in;
    struct buf line = { 0 };

    l->talk = login_new(l->mechanism, l->user, l->secret ? l->secret : "", binding);
    wipe(l->secret);
    l->secret = NULL;
    if (!l->talk) {
        fail(c, STATUS_USAGE, "this method is not possible here");
    } else if (!login_command(l->talk, &line)) {
        fail(c, STATUS_USAGE, login_why(l->talk));
    } else {
        l->step = LOGIN_SENT;
        send_secret(c, &line);
    }
}

static void prepare(struct console *c)
{
    struct logging_in *l = &c->logging_in;
    struct buf binding = { 0 };

    if (client_doubtful(c->current->client)) {
        if (!l->told)
            console_say(c, "The login waits, for the server's certificate is not verified. /tls "
                           "shows it; /trust goes on all the same, Ctrl-C gives up.\n");
        l->told = true;
        return;
    }
    client_channel_binding(c->current->client, &binding);
    if ((l->chosen || (choose(c, binding.len > 0) && may_show(c)))) {
        l->chosen = true;
        if (have_secret(c))
            send_auth(c, buf_span(&binding));
    }
    wipe_buf(&binding);
}

static void answer(struct console *c, struct span text)
{
    struct logging_in *l = &c->logging_in;
    struct buf line = { 0 };

    if (!login_answer(l->talk, text, &line)) {
        console_complain(c, "/auth: %s. The login is given up.", login_why(l->talk));
        l->gave_up = true;
    }
    send_secret(c, &line);
}

static void result(struct console *c, unsigned code)
{
    struct logging_in *l = &c->logging_in;
    struct buf words = { 0 };

    if (code / 100 == 2) {
        console_say(c, "Logged in as %s, by %s.\n", l->user, l->mechanism);
        if (!login_proved(l->talk))
            console_say(c,
                        "But the server has not proved that it knows the password, as %s wants "
                        "it: it may be anyone.\n",
                        l->mechanism);
        done(c);
        return;
    }
    buf_printf(&words, "not logged in as %s: the server said %u%s", l->user, code,
               l->gave_up    ? ""
               : code == 535 ? ", which means a wrong user or password. It was tried once"
               : code == 504 ? ", for it does not know this method"
               : code == 538 ? ", for it wants encryption first"
                             : "");
    fail(c, STATUS_DIFFERENT, buf_text(&words));
    buf_release(&words);
}

/* The last whole reply is to what was sent. */
static void take_reply(struct console *c)
{
    unsigned d = console_dialogue(c);
    uint32_t n = console_last_reply(c, record_lines(c->config.record, d));
    struct record_line line;
    struct reply_line part;

    record_line(c->config.record, d, n, 0, &line);
    reply_line_parse(&line.line, &part);
    if (part.code == 334 && !c->logging_in.gave_up)
        answer(c, part.text);
    else
        result(c, part.code);
}

bool auth_turn(struct console *c)
{
    struct logging_in *l = &c->logging_in;
    const struct observer *o = console_observer(c);

    if (c->busy != BUSY_AUTH)
        return false;
    if (!console_talking(c)) {
        fail(c, c->broken ? c->broken : STATUS_BROKEN, "the talk ended before the login");
        return true;
    }
    if (!console_was_connected(c) || observer_outstanding(o))
        return false;
    if (l->step == LOGIN_BEGINS && !o->hello_line && o->state == AT_HELLO) {
        l->step = LOGIN_GREETED;
        console_greet(c);
    } else if (l->step == LOGIN_SENT) {
        take_reply(c);
    } else if (!o->hello_line) {
        fail(c, STATUS_DIFFERENT, "the server refused the greeting that has to come first");
    } else {
        prepare(c);
    }
    return c->busy != BUSY_AUTH;
}

void complete_auth(const struct console *c, const char *arg, complete_fn *fn, void *ctx)
{
    struct buf offered = { 0 };
    struct span rest, text = span_of(arg);

    auth_offered(c, &offered);
    rest = buf_span(&offered);
    while (rest.len) {
        struct span method = span_cut(rest, ' ', &rest);
        char *name;

        if (!sasl_knows(method) || !span_starts_nocase(method, text))
            continue;
        name = mem_strndup(method.at, method.len);
        fn(ctx, name, name);
        mem_free(name);
    }
    buf_release(&offered);
}
